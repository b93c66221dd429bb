//! The tree of agencies: the five of the small province first, then departments, districts, communes, the rest.
//!
//! Names and abbreviations are public knowledge of the province as it was before 2025. The numbers in identifiers are
//! made up (the real annexes of Quyết định 365/QĐ-UBND must be imported), and so are head counts.

use jiff::civil::{Date, date};

use crate::departments::{DEPARTMENTS, Department};
use crate::districts::{COMMUNE_VALID_FROM, DISTRICTS, District};
use crate::fields::FieldKey;
use crate::model::{Agency, Level};
use crate::subordinates::{DEPARTMENT_BODIES, DISTRICT_BODIES, DISTRICT_OFFICES, HIGH_SCHOOLS};

/// Level-1 code of Đắk Nông on the national axis.
const PROVINCE_CODE: &str = "H16";
const PROVINCE_PARENT_LINE: &str = "ỦY BAN NHÂN DÂN TỈNH ĐẮK NÔNG";
/// The province was re-established on the first day of 2004.
const SINCE_2004: Date = date(2004, 1, 1);

/// What kind of body it is: decides its titles, units and head count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    ProvinceCommittee,
    DistrictCommittee,
    CommuneCommittee,
    /// Văn phòng Ủy ban nhân dân tỉnh.
    CommitteeOffice,
    Department,
    /// Thanh tra tỉnh, thanh tra huyện.
    Inspectorate,
    /// Ban: Ban Dân tộc, ban quản lý.
    Board,
    /// Chi cục.
    Branch,
    /// Trung tâm, quỹ, đài, bảo tàng, thư viện, vườn quốc gia: led by a giám đốc.
    Centre,
    /// Bệnh viện, trung tâm y tế.
    Hospital,
    School,
    /// Phòng chuyên môn thuộc Ủy ban nhân dân cấp huyện.
    DistrictOffice,
}

impl Kind {
    /// Titles of the head and of a deputy.
    pub(crate) fn titles(self) -> (&'static str, &'static str) {
        match self {
            Self::ProvinceCommittee | Self::DistrictCommittee | Self::CommuneCommittee => {
                ("Chủ tịch", "Phó Chủ tịch")
            }
            Self::CommitteeOffice => ("Chánh Văn phòng", "Phó Chánh Văn phòng"),
            Self::Department | Self::Centre | Self::Hospital => ("Giám đốc", "Phó Giám đốc"),
            Self::Inspectorate => ("Chánh Thanh tra", "Phó Chánh Thanh tra"),
            Self::Board => ("Trưởng ban", "Phó Trưởng ban"),
            Self::Branch => ("Chi cục trưởng", "Phó Chi cục trưởng"),
            Self::School => ("Hiệu trưởng", "Phó Hiệu trưởng"),
            Self::DistrictOffice => ("Trưởng phòng", "Phó Trưởng phòng"),
        }
    }
}

/// An agency and what the generator needs to staff it.
#[derive(Debug, Clone)]
pub(crate) struct Blueprint {
    pub(crate) agency: Agency,
    pub(crate) kind: Kind,
    /// The field of government it works in; `None` for a committee, which works in all of them.
    pub(crate) field: Option<FieldKey>,
    /// Specialist units of a department, name and abbreviation; other kinds have theirs by kind.
    pub(crate) divisions: &'static [(&'static str, &'static str)],
    /// About how many posts it has.
    pub(crate) head_count: usize,
}

/// Every agency of the installation in its fixed order; a parent comes before its children.
pub(crate) fn blueprints() -> Vec<Blueprint> {
    let mut list = vec![province_committee()];
    let (first, rest) = DEPARTMENTS.split_at(2);
    list.extend(first.iter().map(department));
    // Đắk Mil and its Đắk Lao come next: with the province and two departments they are the small province.
    let mut districts: Vec<&District> = DISTRICTS.iter().collect();
    districts.sort_by_key(|district| district.suffix != "dakmil");
    let mut pending_communes = Vec::new();
    for (place, district) in districts.iter().enumerate() {
        list.push(district_committee(district));
        for (number, commune) in district.communes.iter().enumerate() {
            let blueprint = commune_committee(district, number, commune);
            if commune.1 == "Đắk Lao" {
                list.push(blueprint);
            } else {
                pending_communes.push(blueprint);
            }
        }
        if place == 0 {
            list.extend(rest.iter().map(department));
        }
    }
    list.append(&mut pending_communes);
    for district in &districts {
        list.extend(
            DISTRICT_OFFICES
                .iter()
                .enumerate()
                .map(|(n, office)| district_office(district, n, office)),
        );
    }
    list.extend(DEPARTMENT_BODIES.iter().map(department_body));
    for district in &districts {
        list.extend(
            DISTRICT_BODIES
                .iter()
                .enumerate()
                .map(|(n, body)| district_body(district, n, body)),
        );
    }
    list.extend(
        HIGH_SCHOOLS
            .iter()
            .enumerate()
            .map(|(n, school)| high_school(n, school)),
    );
    settle_keys(&mut list);
    list
}

/// Parents are written as codes while the list is made; keys are places in it.
fn settle_keys(list: &mut [Blueprint]) {
    for place in 0..list.len() {
        let code = list[place].agency.code.clone();
        let parent = code
            .rsplit_once('.')
            .and_then(|(above, _)| list[..place].iter().position(|other| other.agency.code == above));
        let blueprint = &mut list[place];
        blueprint.agency.key = place;
        blueprint.agency.parent = parent;
        blueprint.agency.old_code = old_code(&code);
    }
}

/// `H16.09.02` is `000.02.09.H16` in the older form.
pub(crate) fn old_code(code: &str) -> String {
    let mut groups = code.split('.');
    let first = groups.next().unwrap_or(PROVINCE_CODE);
    let second = groups.next().unwrap_or("00");
    let third = groups.next().unwrap_or("00");
    format!("000.{third}.{second}.{first}")
}

pub(crate) fn agency(
    level: Level,
    kind: Kind,
    name: String,
    abbr: &str,
    suffix: String,
    code: String,
) -> Agency {
    let (head_title, deputy_title) = kind.titles();
    Agency {
        key: 0,
        parent: None,
        level,
        name,
        printed_parent: None,
        abbr: abbr.to_owned(),
        account_suffix: suffix,
        code,
        old_code: String::new(),
        place_name: "Đắk Nông".to_owned(),
        collective: false,
        head_title: head_title.to_owned(),
        deputy_title: deputy_title.to_owned(),
        valid_from: SINCE_2004,
    }
}

fn province_committee() -> Blueprint {
    let kind = Kind::ProvinceCommittee;
    let name = "Ủy ban nhân dân tỉnh Đắk Nông".to_owned();
    let mut agency = agency(
        Level::Province,
        kind,
        name,
        "UBND",
        "ubnd".to_owned(),
        PROVINCE_CODE.to_owned(),
    );
    agency.collective = true;
    Blueprint {
        agency,
        kind,
        field: None,
        divisions: &[],
        head_count: 46,
    }
}

fn department(data: &Department) -> Blueprint {
    let code = format!("{PROVINCE_CODE}.{:02}", data.code);
    let mut agency = agency(
        Level::Department,
        data.kind,
        data.name.to_owned(),
        data.abbr,
        data.suffix.to_owned(),
        code,
    );
    agency.printed_parent = Some(PROVINCE_PARENT_LINE.to_owned());
    Blueprint {
        agency,
        kind: data.kind,
        field: Some(data.field),
        divisions: data.divisions,
        head_count: data.head_count,
    }
}

fn district_code(district: &District) -> String {
    format!("{PROVINCE_CODE}.{:02}", district.code)
}

/// `Ủy ban nhân dân huyện Đắk Mil` in capitals, as the line above the name of a body of the district.
fn district_line(district: &District) -> String {
    format!("Ủy ban nhân dân {} {}", district.form, district.name).to_uppercase()
}

fn district_committee(district: &District) -> Blueprint {
    let kind = Kind::DistrictCommittee;
    let name = format!("Ủy ban nhân dân {} {}", district.form, district.name);
    let mut agency = agency(
        Level::District,
        kind,
        name,
        "UBND",
        district.suffix.to_owned(),
        district_code(district),
    );
    agency.collective = true;
    agency.place_name = district.name.to_owned();
    agency.valid_from = district.valid_from;
    Blueprint {
        agency,
        kind,
        field: None,
        divisions: &[],
        head_count: 36,
    }
}

fn commune_committee(district: &District, number: usize, (form, commune): &(&str, &str)) -> Blueprint {
    let kind = Kind::CommuneCommittee;
    // Communes count from 31, so that offices (01…) and bodies (21…) of the district keep numbers of their own.
    let code = format!("{}.{:02}", district_code(district), 31 + number);
    let letters: String = viet_text::fold(commune)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let prefix = match *form {
        "phường" => "p",
        "thị trấn" => "tt",
        _ => "x",
    };
    let name = format!("Ủy ban nhân dân {form} {commune}");
    let mut agency = agency(
        Level::Commune,
        kind,
        name,
        "UBND",
        format!("{prefix}{letters}"),
        code,
    );
    agency.collective = true;
    agency.place_name = (*commune).to_owned();
    agency.valid_from = COMMUNE_VALID_FROM.max(district.valid_from);
    Blueprint {
        agency,
        kind,
        field: None,
        divisions: &[],
        head_count: 30,
    }
}

/// A body of one district: what it is called there.
pub(crate) struct DistrictBody {
    /// Name without the district: `Phòng Nội vụ`.
    pub(crate) name: &'static str,
    /// Name in the city, when it differs.
    pub(crate) city_name: Option<&'static str>,
    pub(crate) abbr: &'static str,
    pub(crate) suffix: &'static str,
    pub(crate) kind: Kind,
    pub(crate) field: FieldKey,
    pub(crate) head_count: usize,
}

fn district_body_at(district: &District, number: usize, body: &DistrictBody) -> Blueprint {
    let name = if district.form == "thành phố" {
        body.city_name.unwrap_or(body.name)
    } else {
        body.name
    };
    let full_name = format!("{name} {} {}", district.form, district.name);
    let code = format!("{}.{number:02}", district_code(district));
    let suffix = format!("{}{}", body.suffix, district.suffix);
    let mut agency = agency(Level::Subordinate, body.kind, full_name, body.abbr, suffix, code);
    agency.printed_parent = Some(district_line(district));
    agency.place_name = district.name.to_owned();
    agency.valid_from = district.valid_from;
    Blueprint {
        agency,
        kind: body.kind,
        field: Some(body.field),
        divisions: &[],
        head_count: body.head_count,
    }
}

fn district_office(district: &District, number: usize, body: &DistrictBody) -> Blueprint {
    district_body_at(district, 1 + number, body)
}

fn district_body(district: &District, number: usize, body: &DistrictBody) -> Blueprint {
    district_body_at(district, 21 + number, body)
}

/// A body of a department.
pub(crate) struct DepartmentBody {
    /// Account suffix of the department.
    pub(crate) department: &'static str,
    pub(crate) name: &'static str,
    pub(crate) abbr: &'static str,
    pub(crate) suffix: &'static str,
    /// Number within the department, from 1.
    pub(crate) number: usize,
    pub(crate) kind: Kind,
    pub(crate) head_count: usize,
}

fn department_of(suffix: &str) -> &'static Department {
    DEPARTMENTS
        .iter()
        .find(|department| department.suffix == suffix)
        .unwrap_or(&DEPARTMENTS[0])
}

fn department_body(body: &DepartmentBody) -> Blueprint {
    let department = department_of(body.department);
    let code = format!("{PROVINCE_CODE}.{:02}.{:02}", department.code, body.number);
    let name = body.name.to_owned();
    let mut agency = agency(
        Level::Subordinate,
        body.kind,
        name,
        body.abbr,
        body.suffix.to_owned(),
        code,
    );
    agency.printed_parent = Some(department.name.to_uppercase());
    Blueprint {
        agency,
        kind: body.kind,
        field: Some(department.field),
        divisions: &[],
        head_count: body.head_count,
    }
}

fn high_school(number: usize, (name, seat, suffix): &(&str, &str, &str)) -> Blueprint {
    let department = department_of("sgddt");
    let code = format!("{PROVINCE_CODE}.{:02}.{:02}", department.code, 21 + number);
    let kind = Kind::School;
    let full_name = format!("Trường {name}");
    let abbr = viet_text::abbreviation(name);
    let mut agency = agency(
        Level::Subordinate,
        kind,
        full_name,
        &abbr,
        (*suffix).to_owned(),
        code,
    );
    agency.printed_parent = Some(department.name.to_uppercase());
    agency.place_name = (*seat).to_owned();
    Blueprint {
        agency,
        kind,
        field: Some(department.field),
        divisions: &[],
        head_count: 72,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_agency_but_the_province_has_its_parent_before_it() {
        let list = blueprints();
        assert_eq!(list[0].agency.parent, None);
        for blueprint in &list[1..] {
            let agency = &blueprint.agency;
            let parent = agency
                .parent
                .unwrap_or_else(|| panic!("{} stands alone", agency.name));
            assert!(parent < agency.key);
            assert!(agency.code.starts_with(&list[parent].agency.code));
        }
    }

    #[test]
    fn the_older_identifier_is_the_newer_one_turned_round() {
        assert_eq!(old_code("H16"), "000.00.00.H16");
        assert_eq!(old_code("H16.09"), "000.00.09.H16");
        assert_eq!(old_code("H16.09.02"), "000.02.09.H16");
    }
}
