//! The people of the five agencies of the small province whom the documentation names. All are made up; `Nguyễn Văn
//! An` is the regulation's own example (Điều 7 khoản 2). They are the same under every seed and size.

use rules::people::Role;

/// A made-up person with a fixed place.
pub(crate) struct CastMember {
    /// Account suffix of the agency.
    pub(crate) agency: &'static str,
    /// Abbreviation of the unit; empty for leaders, and for clerks and administrators, whose unit is settled.
    pub(crate) unit: &'static str,
    pub(crate) role: Role,
    /// 0 for the head or the first of its sort.
    pub(crate) rank: usize,
    pub(crate) full_name: &'static str,
}

const fn person(
    agency: &'static str,
    unit: &'static str,
    role: Role,
    rank: usize,
    full_name: &'static str,
) -> CastMember {
    CastMember {
        agency,
        unit,
        role,
        rank,
        full_name,
    }
}

use Role::{Administrator, Clerk, Leader, Officer, UnitHead};

pub(crate) const CAST: &[CastMember] = &[
    person("ubnd", "", Leader, 0, "Trần Quốc Khải"),
    person("ubnd", "", Leader, 1, "Lê Thị Minh Tâm"),
    person("ubnd", "", Clerk, 0, "Phạm Thị Hồng Nhung"),
    person("ubnd", "", Administrator, 0, "Đỗ Tiến Đạt"),
    person("ubnd", "VP", UnitHead, 0, "Võ Hữu Thịnh"),
    person("ubnd", "KGVX", UnitHead, 0, "Bùi Thị Phương Thảo"),
    person("ubnd", "KGVX", Officer, 0, "Nguyễn Đức Quang"),
    person("stttt", "", Leader, 0, "Đặng Minh Hưng"),
    person("stttt", "", Leader, 1, "Nguyễn Thị Thu Hằng"),
    person("stttt", "", Clerk, 0, "Lê Thị Ngọc Ánh"),
    person("stttt", "", Administrator, 0, "Phan Anh Tú"),
    person("stttt", "BCVT", UnitHead, 0, "Hoàng Đình Long"),
    person("stttt", "BCVT", Officer, 0, "Nguyễn Văn An"),
    person("stttt", "CNTT", UnitHead, 0, "Trịnh Xuân Bách"),
    person("stttt", "CNTT", Officer, 0, "Vũ Thị Lan Chi"),
    person("snv", "", Leader, 0, "Huỳnh Công Nghĩa"),
    person("snv", "", Leader, 1, "Trương Thị Bích Liên"),
    person("snv", "", Clerk, 0, "Ngô Thị Kim Oanh"),
    person("snv", "", Administrator, 0, "Lâm Quốc Bảo"),
    person("snv", "CCHC", UnitHead, 0, "Dương Hữu Phước"),
    person("snv", "CCHC", Officer, 0, "H'Liên Byă"),
    person("dakmil", "", Leader, 0, "Phan Trọng Hiếu"),
    person("dakmil", "", Leader, 1, "Mai Thị Tuyết Nga"),
    person("dakmil", "", Clerk, 0, "Đoàn Thị Quỳnh Trang"),
    person("dakmil", "", Administrator, 0, "Y Khuin Niê"),
    person("dakmil", "VP", UnitHead, 0, "Lương Văn Thuận"),
    person("dakmil", "VXNC", UnitHead, 0, "Hồ Thị Mỹ Duyên"),
    person("dakmil", "VXNC", Officer, 0, "Trần Duy Khánh"),
    person("xdaklao", "", Leader, 0, "Nông Viết Sơn"),
    person("xdaklao", "", Leader, 1, "Cao Thị Hoài Thương"),
    person("xdaklao", "", Clerk, 0, "Bùi Thị Thanh Thúy"),
    person("xdaklao", "", Administrator, 0, "Tạ Minh Đông"),
    person("xdaklao", "VPTK", UnitHead, 0, "Đinh Công Lực"),
    person("xdaklao", "VHXH", Officer, 0, "Lý Thị Mai"),
];

/// The cast member who holds this place, if any.
pub(crate) fn member(agency: &str, unit: &str, role: Role, rank: usize) -> Option<&'static CastMember> {
    CAST.iter().find(|person| {
        person.agency == agency
            && person.role == role
            && person.rank == rank
            && (person.unit == unit || matches!(role, Leader | Clerk | Administrator))
    })
}

/// A login that documentation and start-up messages may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoLogin {
    /// Account name, present in every province of this crate.
    pub account_name: &'static str,
    /// What the person does.
    pub role: Role,
    /// A line for people: who and where.
    pub description: &'static str,
}

/// The logins worth showing to somebody who tries the system, in the order in which a document meets them.
#[must_use]
pub fn demo_logins() -> &'static [DemoLogin] {
    #[rustfmt::skip]
    const LOGINS: &[DemoLogin] = &[
        DemoLogin { account_name: "quangnd.ubnd", role: Officer, description: "Chuyên viên Phòng Khoa giáo - Văn xã, UBND tỉnh" },
        DemoLogin { account_name: "thaobtp.ubnd", role: UnitHead, description: "Trưởng phòng Khoa giáo - Văn xã, UBND tỉnh" },
        DemoLogin { account_name: "khaitq.ubnd", role: Leader, description: "Chủ tịch UBND tỉnh" },
        DemoLogin { account_name: "tamltm.ubnd", role: Leader, description: "Phó Chủ tịch UBND tỉnh" },
        DemoLogin { account_name: "nhungpth.ubnd", role: Clerk, description: "Văn thư UBND tỉnh" },
        DemoLogin { account_name: "anhltn.stttt", role: Clerk, description: "Văn thư Sở Thông tin và Truyền thông" },
        DemoLogin { account_name: "hungdm.stttt", role: Leader, description: "Giám đốc Sở Thông tin và Truyền thông" },
        DemoLogin { account_name: "longhd.stttt", role: UnitHead, description: "Trưởng phòng Bưu chính - Viễn thông, Sở Thông tin và Truyền thông" },
        DemoLogin { account_name: "annv.stttt", role: Officer, description: "Chuyên viên Phòng Bưu chính - Viễn thông, Sở Thông tin và Truyền thông" },
        DemoLogin { account_name: "tupa.stttt", role: Administrator, description: "Quản trị phần mềm, Sở Thông tin và Truyền thông" },
        DemoLogin { account_name: "oanhntk.snv", role: Clerk, description: "Văn thư Sở Nội vụ" },
        DemoLogin { account_name: "trangdtq.dakmil", role: Clerk, description: "Văn thư UBND huyện Đắk Mil" },
        DemoLogin { account_name: "hieupt.dakmil", role: Leader, description: "Chủ tịch UBND huyện Đắk Mil" },
        DemoLogin { account_name: "thuybtt.xdaklao", role: Clerk, description: "Văn thư UBND xã Đắk Lao" },
        DemoLogin { account_name: "sonnv.xdaklao", role: Leader, description: "Chủ tịch UBND xã Đắk Lao" },
    ];
    LOGINS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Size;
    use crate::names::is_reserved;
    use crate::{DEFAULT_SEED, province};

    #[test]
    fn every_cast_member_has_the_place_the_cast_says() {
        let province = province(DEFAULT_SEED, Size::Small);
        for person in CAST {
            let post = province
                .posts
                .iter()
                .find(|post| post.full_name == person.full_name);
            let post = post.unwrap_or_else(|| panic!("{} is missing", person.full_name));
            assert_eq!(post.role, person.role);
            assert_eq!(province.agencies[post.agency].account_suffix, person.agency);
            if !person.unit.is_empty() {
                assert_eq!(province.units[post.unit.unwrap()].abbr, person.unit);
            }
            assert!(!is_reserved(person.full_name));
        }
    }

    #[test]
    fn demo_logins_exist_under_every_seed_and_size() {
        for province in [province(1, Size::Small), province(77, Size::agencies(40))] {
            for login in demo_logins() {
                let post = province.post_of_account(login.account_name);
                let post = post.unwrap_or_else(|| panic!("{} is missing", login.account_name));
                assert_eq!(post.role, login.role);
            }
        }
    }
}
