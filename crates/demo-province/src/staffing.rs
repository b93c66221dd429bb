//! Which units a body of each kind has, what its people are called, and how posts are spread.

use rules::people::Role;

use crate::agencies::{Blueprint, Kind};
use crate::model::UnitKind;

/// A unit to be made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UnitPlan {
    pub(crate) name: &'static str,
    pub(crate) abbr: &'static str,
    pub(crate) kind: UnitKind,
}

const fn office(name: &'static str, abbr: &'static str) -> UnitPlan {
    UnitPlan {
        name,
        abbr,
        kind: UnitKind::Office,
    }
}

const fn division(name: &'static str, abbr: &'static str) -> UnitPlan {
    UnitPlan {
        name,
        abbr,
        kind: UnitKind::Division,
    }
}

/// Every agency has one; its abbreviation is the `VT` of `Lưu: VT`.
const CLERICAL: UnitPlan = UnitPlan {
    name: "Văn thư",
    abbr: "VT",
    kind: UnitKind::Clerical,
};

const PROVINCE_COMMITTEE: &[UnitPlan] = &[
    office("Văn phòng", "VP"),
    division("Phòng Tổng hợp", "TH"),
    division("Phòng Khoa giáo - Văn xã", "KGVX"),
    division("Phòng Kinh tế - Khoa học", "KTKH"),
    division("Phòng Nông nghiệp - Tài nguyên và Môi trường", "NNTNMT"),
    division("Phòng Nội chính - Kiểm soát thủ tục hành chính", "NCKSTT"),
    division("Trung tâm Thông tin điện tử", "TTĐT"),
];
const DISTRICT_COMMITTEE: &[UnitPlan] = &[
    office("Văn phòng Hội đồng nhân dân và Ủy ban nhân dân", "VP"),
    division("Tổ Tổng hợp", "TH"),
    division("Tổ Kinh tế", "KT"),
    division("Tổ Văn xã - Nội chính", "VXNC"),
    division("Bộ phận Tiếp nhận và Trả kết quả", "MC"),
];
const COMMUNE_COMMITTEE: &[UnitPlan] = &[
    office("Bộ phận Văn phòng - Thống kê", "VPTK"),
    division("Bộ phận Địa chính - Xây dựng", "ĐCXD"),
    division("Bộ phận Tài chính - Kế toán", "TCKT"),
    division("Bộ phận Tư pháp - Hộ tịch", "TPHT"),
    division("Bộ phận Văn hóa - Xã hội", "VHXH"),
];
const DEPARTMENT_OFFICES: &[UnitPlan] = &[
    office("Văn phòng", "VP"),
    division("Thanh tra", "TTra"),
    division("Phòng Kế hoạch - Tài chính", "KHTC"),
];
const PLAIN_OFFICE: &[UnitPlan] = &[office("Văn phòng", "VP")];
const BRANCH: &[UnitPlan] = &[
    office("Phòng Hành chính - Tổng hợp", "HCTH"),
    division("Phòng Nghiệp vụ", "NV"),
    division("Phòng Thanh tra - Pháp chế", "TTPC"),
];
const CENTRE: &[UnitPlan] = &[
    office("Phòng Hành chính - Tổng hợp", "HCTH"),
    division("Phòng Kế hoạch - Nghiệp vụ", "KHNV"),
    division("Phòng Kỹ thuật", "KT"),
];
const HOSPITAL: &[UnitPlan] = &[
    office("Phòng Tổ chức - Hành chính", "TCHC"),
    division("Phòng Kế hoạch - Nghiệp vụ", "KHNV"),
    division("Phòng Tài chính - Kế toán", "TCKT"),
    division("Phòng Điều dưỡng", "ĐD"),
    division("Khoa Khám bệnh", "KKB"),
    division("Khoa Nội tổng hợp", "KNTH"),
    division("Khoa Kiểm soát bệnh tật", "KKSBT"),
    division("Khoa Dược - Vật tư y tế", "KD"),
];
const SCHOOL: &[UnitPlan] = &[
    office("Tổ Văn phòng", "VP"),
    division("Tổ Toán - Tin", "TT"),
    division("Tổ Ngữ văn", "NV"),
    division("Tổ Khoa học tự nhiên", "KHTN"),
    division("Tổ Khoa học xã hội", "KHXH"),
    division("Tổ Ngoại ngữ", "NN"),
];
const DISTRICT_OFFICE: &[UnitPlan] = &[
    office("Bộ phận Tổng hợp", "TH"),
    division("Bộ phận Chuyên môn", "CM"),
];

/// The units of an agency in order, the clerical one last.
pub(crate) fn units(blueprint: &Blueprint) -> Vec<UnitPlan> {
    let common = match blueprint.kind {
        Kind::ProvinceCommittee => PROVINCE_COMMITTEE,
        Kind::DistrictCommittee => DISTRICT_COMMITTEE,
        Kind::CommuneCommittee => COMMUNE_COMMITTEE,
        Kind::Department => DEPARTMENT_OFFICES,
        Kind::Branch => BRANCH,
        Kind::Hospital => HOSPITAL,
        Kind::School => SCHOOL,
        Kind::DistrictOffice => DISTRICT_OFFICE,
        Kind::CommitteeOffice => &[],
        Kind::Inspectorate if blueprint.head_count < 15 => DISTRICT_OFFICE,
        Kind::Inspectorate => PLAIN_OFFICE,
        Kind::Board | Kind::Centre if blueprint.divisions.is_empty() => CENTRE,
        Kind::Board | Kind::Centre => PLAIN_OFFICE,
    };
    let mut units = common.to_vec();
    units.extend(
        blueprint
            .divisions
            .iter()
            .enumerate()
            .map(|(place, (name, abbr))| UnitPlan {
                name,
                abbr,
                kind: if common.is_empty() && place == 0 {
                    UnitKind::Office
                } else {
                    UnitKind::Division
                },
            }),
    );
    units.push(CLERICAL);
    units
}

/// What the head and a deputy of a unit are called.
pub(crate) fn unit_titles(unit_name: &str) -> (&'static str, &'static str) {
    const BY_FIRST_WORDS: &[(&str, &str, &str)] = &[
        ("Văn phòng", "Chánh Văn phòng", "Phó Chánh Văn phòng"),
        ("Phòng", "Trưởng phòng", "Phó Trưởng phòng"),
        ("Thanh tra", "Chánh Thanh tra", "Phó Chánh Thanh tra"),
        ("Trung tâm", "Giám đốc Trung tâm", "Phó Giám đốc Trung tâm"),
        ("Tổ", "Tổ trưởng", "Tổ phó"),
        ("Khoa", "Trưởng khoa", "Phó Trưởng khoa"),
        ("Ban", "Trưởng ban", "Phó Trưởng ban"),
        ("Hạt", "Hạt trưởng", "Hạt phó"),
    ];
    BY_FIRST_WORDS
        .iter()
        .find(|(words, ..)| unit_name.starts_with(words))
        .map_or(
            ("Phụ trách bộ phận", "Phó phụ trách bộ phận"),
            |(_, head, deputy)| (head, deputy),
        )
}

/// Titles of officers, the common one first.
pub(crate) fn officer_titles(kind: Kind, unit: UnitPlan) -> &'static [(&'static str, usize)] {
    match (kind, unit.kind) {
        (Kind::School, UnitKind::Division) => &[("Giáo viên", 1)],
        (Kind::School, _) => &[("Nhân viên", 3), ("Kế toán", 1), ("Nhân viên thư viện", 1)],
        (Kind::Hospital, UnitKind::Division) => &[
            ("Bác sĩ", 3),
            ("Điều dưỡng", 5),
            ("Kỹ thuật y", 1),
            ("Hộ sinh", 1),
            ("Dược sĩ", 1),
        ],
        (Kind::CommuneCommittee, _) => &[("Công chức", 4), ("Người hoạt động không chuyên trách", 2)],
        (Kind::Centre | Kind::Board | Kind::Hospital, _) => &[
            ("Viên chức", 3),
            ("Chuyên viên", 3),
            ("Kế toán viên", 1),
            ("Kỹ sư", 1),
        ],
        (Kind::Inspectorate, _) => &[("Thanh tra viên", 4), ("Chuyên viên", 1)],
        (Kind::Branch, _) => &[("Chuyên viên", 4), ("Kiểm soát viên", 1), ("Kế toán viên", 1)],
        _ => &[("Chuyên viên", 9), ("Chuyên viên chính", 2), ("Cán sự", 1)],
    }
}

/// One post to be filled.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    /// Place in the list of units; `None` for the leaders.
    pub(crate) unit: Option<usize>,
    pub(crate) role: Role,
    /// 0 for the head or the first of its sort, 1 for the next…
    pub(crate) rank: usize,
}

/// The posts of an agency with about `head_count` people: leaders, clerks, administrator, then unit by unit.
pub(crate) fn slots(units: &[UnitPlan], head_count: usize) -> Vec<Slot> {
    let leaders = match head_count {
        0..=10 => 2,
        11..=39 => 3,
        _ => 4,
    };
    let clerks = match head_count {
        0..=34 => 1,
        35..=99 => 2,
        _ => 3,
    };
    let clerical = units.iter().position(|unit| unit.kind == UnitKind::Clerical);
    let mut slots: Vec<Slot> = (0..leaders)
        .map(|rank| Slot {
            unit: None,
            role: Role::Leader,
            rank,
        })
        .collect();
    slots.extend((0..clerks).map(|rank| Slot {
        unit: clerical,
        role: Role::Clerk,
        rank,
    }));
    slots.push(Slot {
        unit: Some(0),
        role: Role::Administrator,
        rank: 0,
    });
    let working: Vec<usize> = (0..units.len())
        .filter(|&place| Some(place) != clerical)
        .collect();
    let rest = head_count.saturating_sub(slots.len()).max(working.len() * 2);
    for (place, &unit) in working.iter().enumerate() {
        let people = rest / working.len() + usize::from(place < rest % working.len());
        let heads = if people >= 6 { 2 } else { 1 };
        slots.extend((0..heads).map(|rank| Slot {
            unit: Some(unit),
            role: Role::UnitHead,
            rank,
        }));
        slots.extend((0..people - heads).map(|rank| Slot {
            unit: Some(unit),
            role: Role::Officer,
            rank,
        }));
    }
    slots
}
