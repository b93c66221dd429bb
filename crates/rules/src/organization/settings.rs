//! Cài đặt của đơn vị: what law leaves to each agency, as data with a day from which it holds. The table says what there is, what it
//! means, which clause leaves it open and what holds when nothing was decided.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::setting_rows::{self, RowKind, SettingRow};
use crate::ids::{AgencyId, PostId, UnitId};
use crate::numbering::IdentifierTemplate;
use crate::people::{Actor, Role};
use crate::{Decision, Refusal};

/// The longest template of document identifiers.
const MAX_TEMPLATE_CHARS: usize = 100;

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgencySetting {
    /// Its key, as it is stored.
    pub key: &'static str,
    /// Its name.
    pub label: &'static str,
    /// What it means, one or two sentences.
    pub meaning: &'static str,
    /// The clause that leaves it to the agency.
    pub clause: &'static str,
    /// What can be chosen.
    pub kind: SettingKind,
}

/// What can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// Yes or no.
    Flag {
        /// When nothing was decided.
        usual: bool,
    },
    /// Whole numbers, each with a name.
    Numbers(&'static [SettingNumber]),
    /// How document identifiers are put together, see [`IdentifierTemplate`].
    IdentifierTemplate,
    /// A table; empty when nothing was decided.
    Rows(RowKind),
}

/// A number of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettingNumber {
    /// Its name, as it is stored.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// At least.
    pub least: u32,
    /// At most.
    pub most: u32,
    /// When nothing was decided.
    pub usual: u32,
}

/// A chosen value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingValue {
    /// Yes or no.
    Flag(bool),
    /// Numbers by their names.
    Numbers(Vec<(&'static str, u32)>),
    /// Words.
    Text(String),
    /// The rows of a table.
    Rows(Vec<SettingRow>),
}

/// What was sent for a setting, and whom a table may name; only what the setting asks for is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SettingGiven {
    /// Yes or no.
    pub flag: Option<bool>,
    /// Numbers by their names.
    pub numbers: BTreeMap<String, u32>,
    /// Words.
    pub text: String,
    /// Rows of a table.
    pub rows: Vec<SettingRow>,
    /// The units of the agency that are open.
    pub units: Vec<UnitId>,
    /// The people of the agency who may sign.
    pub people: Vec<PostId>,
}

/// Every setting that an agency chooses on one page.
pub const AGENCY_SETTINGS: &[AgencySetting] = &[
    AgencySetting {
        key: "handling.extension",
        label: "Gia hạn xử lý văn bản đến",
        meaning: "Một phần việc được gia hạn mấy lần, mỗi lần không quá mấy ngày. Đặt 0 lần thì không được xin gia hạn.",
        clause: "ND30-24.2",
        kind: SettingKind::Numbers(&[
            SettingNumber {
                name: "times",
                label: "Số lần",
                least: 0,
                most: 20,
                usual: 2,
            },
            SettingNumber {
                name: "days",
                label: "Số ngày mỗi lần",
                least: 1,
                most: 365,
                usual: 30,
            },
        ]),
    },
    AgencySetting {
        key: "exchange.recall_automatic_until_assigned",
        label: "Tự thực hiện yêu cầu thu hồi khi văn bản chưa giao xử lý",
        meaning: "Có: văn bản chưa giao ai xử lý được hủy ngay khi nơi gửi thu hồi. Không: văn thư xác nhận từng yêu cầu.",
        clause: "ND30-18.4b",
        kind: SettingKind::Flag { usual: true },
    },
    AgencySetting {
        key: "exchange.recall_may_be_refused",
        label: "Văn thư được từ chối yêu cầu thu hồi",
        meaning: "Có: văn thư được trả lời không đồng ý, có ghi lý do, khi văn bản đã giao xử lý.",
        clause: "QD28-9.2",
        kind: SettingKind::Flag { usual: false },
    },
    AgencySetting {
        key: "exchange.recall_notice_required",
        label: "Thu hồi phải kèm văn bản thông báo",
        meaning: "Có: thu hồi văn bản đã phát hành phải chọn văn bản thông báo thu hồi đã phát hành của cơ quan.",
        clause: "ND30-18.4b",
        kind: SettingKind::Flag { usual: true },
    },
    AgencySetting {
        key: "outgoing.keeps_paper",
        label: "Lưu bản chính giấy của văn bản điện tử",
        meaning: "Có: hệ thống nhắc văn thư in, đóng dấu và lưu bản chính giấy khi hệ thống của cơ quan chưa đáp ứng Phụ lục VI.",
        clause: "ND30-19.2c",
        kind: SettingKind::Flag { usual: false },
    },
    AgencySetting {
        key: "signing.required",
        label: "Chỉ phát hành văn bản đã ký số",
        meaning: "Có: văn bản chưa đủ chữ ký số của người ký và của cơ quan thì không phát hành được.",
        clause: "QC01-5",
        kind: SettingKind::Flag { usual: false },
    },
    AgencySetting {
        key: "numbering.void_again",
        label: "Dùng lại số bị hủy trong ngày",
        meaning: "Có: số bị hủy trước khi gửi được cấp cho văn bản tiếp theo, nếu là số cuối của dãy, cấp trong ngày và chưa có chữ ký số của cơ quan. Không: số bị hủy ở lại trong sổ kèm lý do.",
        clause: "ND30-15.3",
        kind: SettingKind::Flag { usual: false },
    },
    AgencySetting {
        key: "numbering.document_code",
        label: "Mẫu mã định danh văn bản",
        meaning: "Các phần {agency} (mã định danh cơ quan), {date} (ngày ban hành) hoặc {year} (năm), {number} (số), {symbol} (ký hiệu) được thay khi phát hành. Mã của văn bản đã phát hành không thay đổi.",
        clause: "QC01-9.3",
        kind: SettingKind::IdentifierTemplate,
    },
    AgencySetting {
        key: "exchange.paper_list",
        label: "Danh mục văn bản gửi kèm bản giấy",
        meaning: "Loại văn bản, nơi nhận được gửi thêm bản giấy dù đã nhận bản điện tử, do người đứng đầu cơ quan quyết định. Ô để trống thì áp dụng cho tất cả.",
        clause: "QD28-7.2",
        kind: SettingKind::Rows(RowKind::PaperList),
    },
    AgencySetting {
        key: "signing.by_order",
        label: "Ký thừa lệnh",
        meaning: "Đơn vị nào được ký thừa lệnh (TL.) loại văn bản nào, theo quy chế làm việc hoặc quy chế công tác văn thư của cơ quan.",
        clause: "ND30-13.4",
        kind: SettingKind::Rows(RowKind::ByOrder),
    },
    AgencySetting {
        key: "signing.delegations",
        label: "Ký thừa ủy quyền",
        meaning: "Ai được người đứng đầu cơ quan ủy quyền ký (TUQ.) loại văn bản nào, theo văn bản nào, trong thời hạn nào.",
        clause: "ND30-13.3",
        kind: SettingKind::Rows(RowKind::Delegations),
    },
    AgencySetting {
        key: "incoming.work_rules",
        label: "Chuyển trực tiếp theo quy chế làm việc",
        meaning: "Văn bản đến loại nào, của nơi gửi nào được văn thư chuyển thẳng đến đơn vị nào, không phải trình. Ô để trống thì áp dụng cho tất cả; phần việc đứng tên người đứng đầu cơ quan giao.",
        clause: "ND30-23.1",
        kind: SettingKind::Rows(RowKind::WorkRules),
    },
];

/// The setting of a key.
///
/// # Errors
/// `QC01-23.4` when there is none.
pub fn agency_setting(key: &str) -> Decision<&'static AgencySetting> {
    AGENCY_SETTINGS
        .iter()
        .find(|setting| setting.key == key)
        .ok_or_else(|| {
            Refusal::new(
                "QC01-23.4",
                "setting.unknown",
                "Không có cài đặt này. Vui lòng tải lại trang rồi chọn lại.",
            )
            .on("key")
        })
}

/// A person chooses a value from a day on.
///
/// # Errors
/// `QC01-23.4` for anybody but the administrators of the agency and of the province, without a basis, or for a day that has passed: what
/// held stays. The setting's own clause for a value out of its bounds.
pub fn choose_setting(
    actor: &Actor,
    agency: AgencyId,
    setting: &AgencySetting,
    given: &SettingGiven,
    when: Chosen<'_>,
) -> Decision<SettingValue> {
    if !(actor.role == Role::Administrator && (actor.agency == agency || actor.is_province_administrator)) {
        return Err(Refusal::new(
            "QC01-23.4",
            "setting.not_administrator",
            "Chỉ quản trị của cơ quan ghi nhận cài đặt theo quyết định của người đứng đầu cơ quan.",
        ));
    }
    if when.basis.trim().is_empty() {
        return Err(Refusal::new(
            "QC01-23.4",
            "setting.no_basis",
            "Vui lòng ghi căn cứ: quy chế hoặc quyết định của người đứng đầu cơ quan.",
        )
        .on("basis"));
    }
    if when.from < when.today {
        return Err(Refusal::new(
            "QC01-23.4",
            "setting.past",
            "Cài đặt áp dụng từ hôm nay hoặc một ngày sau; những gì đã áp dụng không thay đổi được.",
        )
        .on("valid_from"));
    }
    match setting.kind {
        SettingKind::Flag { .. } => given.flag.map(SettingValue::Flag).ok_or_else(|| {
            Refusal::new(
                setting.clause,
                "setting.no_choice",
                "Vui lòng chọn Có hoặc Không.",
            )
            .on("value")
        }),
        SettingKind::Numbers(wanted) => {
            let mut chosen = Vec::new();
            for number in wanted {
                let value = given
                    .numbers
                    .get(number.name)
                    .copied()
                    .filter(|value| (number.least..=number.most).contains(value))
                    .ok_or_else(|| {
                        Refusal::new(
                            setting.clause,
                            "setting.out_of_bounds",
                            format!(
                                "{}: vui lòng nhập số từ {} đến {}.",
                                number.label, number.least, number.most
                            ),
                        )
                        .on(number.name)
                    })?;
                chosen.push((number.name, value));
            }
            Ok(SettingValue::Numbers(chosen))
        }
        SettingKind::IdentifierTemplate => {
            let text = given.text.trim();
            if text.chars().count() > MAX_TEMPLATE_CHARS || text.contains(char::is_control) {
                return Err(Refusal::new(
                    setting.clause,
                    "setting.template_too_long",
                    format!(
                        "Mẫu mã định danh văn bản viết trên một dòng, không quá {MAX_TEMPLATE_CHARS} ký tự."
                    ),
                )
                .on("text"));
            }
            let template = IdentifierTemplate::parse(text).map_err(|refusal| refusal.on("text"))?;
            Ok(SettingValue::Text(template.as_str().to_owned()))
        }
        SettingKind::Rows(kind) => {
            setting_rows::check(
                kind,
                setting.clause,
                &given.rows,
                &given.units,
                &given.people,
                when.today,
            )?;
            Ok(SettingValue::Rows(given.rows.clone()))
        }
    }
}

/// From when a choice holds, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen<'a> {
    /// The first day.
    pub from: Date,
    /// The civil date of the act.
    pub today: Date,
    /// Căn cứ.
    pub basis: &'a str,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;
    use crate::ids::{AccountId, PostId};

    const AGENCY: AgencyId = AgencyId::from_uuid(Uuid::from_u128(1));

    fn actor(role: Role, agency: AgencyId) -> Actor {
        let id = Uuid::from_u128(9);
        Actor::new(
            AccountId::from_uuid(id),
            PostId::from_uuid(id),
            agency,
            None,
            role,
        )
    }

    const WHEN: Chosen<'static> = Chosen {
        from: date(2026, 6, 1),
        today: date(2026, 6, 1),
        basis: "Quy chế làm việc",
    };

    #[test]
    fn qc01_23_4_only_the_administrator_chooses_with_a_basis_and_not_for_days_gone() {
        let setting = agency_setting("signing.required").expect("known");
        let given = SettingGiven {
            flag: Some(true),
            ..SettingGiven::default()
        };
        let choose = |actor: &Actor, when| choose_setting(actor, AGENCY, setting, &given, when);
        let own = actor(Role::Administrator, AGENCY);
        assert_eq!(choose(&own, WHEN), Ok(SettingValue::Flag(true)));
        let other = AgencyId::from_uuid(Uuid::from_u128(2));
        let mut of_province = actor(Role::Administrator, other);
        assert!(choose(&of_province, WHEN).is_err());
        of_province.is_province_administrator = true;
        assert!(choose(&of_province, WHEN).is_ok());
        for role in [Role::Clerk, Role::Leader, Role::Officer] {
            let refused = choose(&actor(role, AGENCY), WHEN).expect_err("refused");
            assert_eq!(refused.code, "setting.not_administrator");
        }
        let bare = Chosen { basis: " ", ..WHEN };
        assert_eq!(choose(&own, bare).expect_err("refused").code, "setting.no_basis");
        let late = Chosen {
            from: date(2026, 5, 31),
            ..WHEN
        };
        assert_eq!(choose(&own, late).expect_err("refused").code, "setting.past");
        assert_eq!(
            agency_setting("khac").expect_err("unknown").code,
            "setting.unknown"
        );
    }

    #[test]
    fn cn_126_cn_504_the_limits_of_extensions_are_numbers_within_bounds() {
        let setting = agency_setting("handling.extension").expect("known");
        let own = actor(Role::Administrator, AGENCY);
        let choose = |times, days| {
            let sent = [("times", times), ("days", days)];
            let numbers = sent
                .into_iter()
                .filter_map(|(name, value): (&str, Option<u32>)| Some((name.to_owned(), value?)));
            let given = SettingGiven {
                numbers: numbers.collect(),
                ..SettingGiven::default()
            };
            choose_setting(&own, AGENCY, setting, &given, WHEN)
        };
        assert_eq!(
            choose(Some(3), Some(15)),
            Ok(SettingValue::Numbers(vec![("times", 3), ("days", 15)]))
        );
        assert_eq!(
            choose(Some(21), Some(15)).expect_err("refused").field,
            Some("times")
        );
        assert_eq!(choose(Some(1), Some(0)).expect_err("refused").field, Some("days"));
        assert_eq!(
            choose(None, Some(1)).expect_err("refused").code,
            "setting.out_of_bounds"
        );
    }

    #[test]
    fn qc01_9_3_a_template_of_identifiers_keeps_them_unique() {
        let setting = agency_setting("numbering.document_code").expect("known");
        let own = actor(Role::Administrator, AGENCY);
        let choose = |text: &str| {
            let given = SettingGiven {
                text: text.to_owned(),
                ..SettingGiven::default()
            };
            choose_setting(&own, AGENCY, setting, &given, WHEN)
        };
        let form = "{agency}.{year}.{number}/{symbol}";
        assert_eq!(
            choose(&format!(" {form} ")),
            Ok(SettingValue::Text(form.to_owned()))
        );
        for wrong in [
            "",
            "{agency},{number}/{symbol}",
            "{agency},{date},{number}/{symbol}{x}",
        ] {
            let refused = choose(wrong).expect_err("refused");
            assert_eq!(
                (refused.code, refused.field),
                ("numbering.bad_identifier_template", Some("text"))
            );
        }
        let long = format!("{form}{}", "x".repeat(100));
        assert_eq!(
            choose(&long).expect_err("refused").code,
            "setting.template_too_long"
        );
    }

    #[test]
    fn every_setting_says_what_it_means_and_which_clause_leaves_it_open() {
        for (at, setting) in AGENCY_SETTINGS.iter().enumerate() {
            assert!(
                !setting.meaning.is_empty() && setting.clause.contains('-'),
                "{}",
                setting.key
            );
            assert!(AGENCY_SETTINGS[..at].iter().all(|other| other.key != setting.key));
        }
    }
}
