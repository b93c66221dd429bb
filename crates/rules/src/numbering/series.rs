//! Dãy số as the agency sets it (ND30-15.1c; CN-211): which series there are, from when a change holds, and how a series
//! goes on so that no number with its symbol is given twice in a year.

use jiff::civil::Date;

use super::{LastTaken, SeriesGroup, SeriesRule, Taken, next, series_key};
use crate::document_types::{self, DocumentClass, DocumentType};
use crate::ids::AgencyId;
use crate::people::{Actor, Role};
use crate::{Decision, Refusal};

/// A series of an agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesOfAgency {
    /// Its key, see [`series_key`].
    pub key: String,
    /// What it is called on screens.
    pub label: String,
}

/// The series of administrative documents under a rule, in reading order; those that the law itself sets apart (legal normative
/// documents, copies) are the same under every rule and left out.
#[must_use]
pub fn administrative_series(rule: &SeriesRule, day: Date) -> Vec<SeriesOfAgency> {
    let mut all: Vec<SeriesOfAgency> = Vec::new();
    for kind in document_types::in_force(day).filter(|kind| is_administrative(kind)) {
        let key = series_key(rule, kind);
        if all.iter().any(|known| known.key == key) {
            continue;
        }
        let label = match rule {
            SeriesRule::Common => "Dãy số chung".to_owned(),
            SeriesRule::PerType => format!("Dãy số {}", kind.name.to_lowercase()),
            SeriesRule::Groups { groups } => groups
                .iter()
                .find(|group| format!("group.{}", group.key) == key)
                .map_or_else(
                    || "Dãy số chung (các loại còn lại)".to_owned(),
                    |group| format!("Dãy số nhóm {}", group.key),
                ),
        };
        all.push(SeriesOfAgency { key, label });
    }
    all
}

fn is_administrative(kind: &DocumentType) -> bool {
    !kind.is_copy && kind.class != DocumentClass::QuyPhamPhapLuat
}

/// Whether documents of `kind` take their numbers from the series `key` under `rule`.
#[must_use]
pub fn is_in_series(rule: &SeriesRule, key: &str, kind: &str) -> bool {
    document_types::by_key(kind).is_some_and(|kind| series_key(rule, kind) == key)
}

/// The next number of a series whose make-up has changed within the year. `given` is the largest number that a document of one of
/// its kinds got this year, from whatever series: the series goes on after it, so that number and symbol stay unique (ND30-15.1).
///
/// # Errors
/// Those of [`next`].
pub fn next_after(last: Option<LastTaken>, given: u32, today: Date) -> Decision<Taken> {
    let taken = next(last, today)?;
    if taken.number > given {
        return Ok(taken);
    }
    let number = given.checked_add(1).ok_or_else(|| {
        Refusal::new(
            "ND30-15.1",
            "numbering.exhausted",
            "Dãy số văn bản của năm đã hết. Vui lòng liên hệ quản trị.",
        )
    })?;
    Ok(Taken { number, ..taken })
}

/// Numbers that were given elsewhere and that a series went on after (nối tiếp).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continued {
    /// The rule that was in force.
    pub rule: SeriesRule,
    /// The series under that rule.
    pub series: String,
    /// The last number given there.
    pub last_number: u32,
}

/// The largest number of the year that counts as given for documents of the series `key` under `rule`, whatever series they were
/// numbered in: of their kinds here (`by_kind`), and elsewhere (`continued`). What [`next_after`] asks for.
#[must_use]
pub fn given_in_year(
    rule: &SeriesRule,
    key: &str,
    by_kind: &[(String, u32)],
    continued: &[Continued],
    day: Date,
) -> u32 {
    let here = by_kind
        .iter()
        .filter(|(kind, _)| is_in_series(rule, key, kind))
        .map(|(_, number)| *number);
    let elsewhere = continued.iter().filter(|before| {
        document_types::in_force(day)
            .any(|kind| series_key(rule, kind) == key && series_key(&before.rule, kind) == before.series)
    });
    here.chain(elsewhere.map(|before| before.last_number))
        .max()
        .unwrap_or(0)
}

/// Whether somebody keeps the series of an agency: its clerks carry out what its head decided (ND30-15.1c, ND30-6.3), its
/// administrators set it up.
///
/// # Errors
/// `ND30-15.1c` for anybody else.
pub fn may_keep_series(actor: &Actor, agency: AgencyId) -> Decision<()> {
    let administers =
        actor.role == Role::Administrator && (actor.agency == agency || actor.is_province_administrator);
    if actor.is_clerk_of(agency) || administers {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-15.1c",
        "numbering.not_clerk",
        "Chỉ văn thư cơ quan hoặc quản trị được ghi nhận quy định về dãy số theo quyết định của người đứng đầu cơ quan.",
    ))
}

/// Takes a change back that does not hold yet.
///
/// # Errors
/// `ND30-15.1c` when it holds already: numbers may have been given by it.
pub fn withdraw_change(from: Date, today: Date) -> Decision<()> {
    if from > today {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-15.1c",
        "numbering.rule_holds",
        "Quy định này đã áp dụng nên không hủy được. Vui lòng ghi nhận quy định mới từ một ngày sau hôm nay.",
    )
    .on("valid_from"))
}

/// A change of the rule of series, from a day to come: what was numbered until then stays, and no two documents of one day are
/// numbered by two rules.
///
/// # Errors
/// `ND30-15.1c` for a day that is not to come, a group without name or kinds, a name or a kind that stands twice, or a kind that has
/// a series by law.
pub fn change_rule(rule: &SeriesRule, from: Date, today: Date) -> Decision<()> {
    let refuse =
        |field, message: String| Err(Refusal::new("ND30-15.1c", "numbering.series_rule", message).on(field));
    if from <= today {
        return refuse(
            "valid_from",
            "Quy định về dãy số áp dụng sớm nhất từ ngày mai; văn bản của hôm nay vẫn theo quy định đang dùng.".into(),
        );
    }
    let SeriesRule::Groups { groups } = rule else {
        return Ok(());
    };
    if groups.is_empty() {
        return refuse("groups", "Vui lòng lập ít nhất một nhóm.".into());
    }
    let mut seen: Vec<&str> = Vec::new();
    for (at, SeriesGroup { key, document_types }) in groups.iter().enumerate() {
        let named = !key.is_empty()
            && key.len() <= 20
            && key
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        if !named || groups[..at].iter().any(|other| other.key == *key) {
            return refuse(
                "groups",
                format!(
                    "Tên nhóm “{key}” phải khác nhau và chỉ gồm chữ cái không dấu, chữ số (tối đa 20 ký tự)."
                ),
            );
        }
        if document_types.is_empty() {
            return refuse("groups", format!("Nhóm “{key}” chưa có loại văn bản nào."));
        }
        for kind in document_types {
            let Some(known) = document_types::by_key(kind).filter(|kind| is_administrative(kind)) else {
                return refuse(
                    "groups",
                    format!("“{kind}” không phải loại văn bản hành chính xếp được vào nhóm."),
                );
            };
            if seen.contains(&known.key) {
                return refuse("groups", format!("{} đang ở hai nhóm.", known.name));
            }
            seen.push(known.key);
        }
    }
    Ok(())
}

/// Goes on with the numbers of the system before: the first number that is given here. Gives the last number that counts as given
/// there, which the register says (Ghi chú).
///
/// # Errors
/// `ND30-15.1` when numbers from there on were given here already, for a day to come or of another year, or without a basis.
pub fn go_on_from(
    last: Option<LastTaken>,
    first_number: u32,
    last_day: Date,
    basis: &str,
    today: Date,
) -> Decision<LastTaken> {
    let refuse = |code, field, message: String| Err(Refusal::new("ND30-15.1", code, message).on(field));
    let last = last.filter(|last| last.date.year() == today.year());
    let least = last.map_or(2, |last| last.number.saturating_add(2));
    if first_number < least {
        return refuse(
            "numbering.given_already",
            "first_number",
            format!(
                "Số bắt đầu phải từ {} trở lên; số nhỏ hơn đã cấp tại hệ thống này hoặc không cần nối tiếp.",
                super::printed_number(least)
            ),
        );
    }
    if first_number > 1_000_000 {
        return refuse(
            "numbering.too_large",
            "first_number",
            "Số bắt đầu quá lớn. Vui lòng kiểm tra lại.".into(),
        );
    }
    if last_day > today || last_day.year() != today.year() || last.is_some_and(|last| last_day < last.date) {
        return refuse(
            "numbering.last_day",
            "last_day",
            "Ngày của số cuối cùng ở hệ thống cũ phải trong năm nay, không sau hôm nay và không trước số gần nhất tại đây.".into(),
        );
    }
    if basis.trim().is_empty() {
        return refuse(
            "numbering.no_basis",
            "basis",
            "Vui lòng ghi căn cứ (sổ, hệ thống cũ hoặc biên bản bàn giao); căn cứ được ghi vào nhật ký."
                .into(),
        );
    }
    Ok(LastTaken {
        number: first_number - 1,
        date: last_day,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::document_types::by_key;

    fn groups() -> SeriesRule {
        SeriesRule::Groups {
            groups: vec![SeriesGroup {
                key: "qd".into(),
                document_types: vec!["quyet_dinh".into(), "chi_thi".into()],
            }],
        }
    }

    #[test]
    fn cn_211_the_series_of_an_agency_follow_its_rule() {
        let labels = |rule: &SeriesRule| -> Vec<String> {
            administrative_series(rule, date(2026, 1, 1))
                .into_iter()
                .map(|series| series.label)
                .collect()
        };
        assert_eq!(labels(&SeriesRule::Common), ["Dãy số chung"]);
        assert!(labels(&SeriesRule::PerType).len() > 20);
        let mut grouped = labels(&groups());
        grouped.sort();
        assert_eq!(grouped, ["Dãy số chung (các loại còn lại)", "Dãy số nhóm qd"]);
        assert!(is_in_series(&groups(), "group.qd", "chi_thi"));
        assert!(!is_in_series(&groups(), "common", "chi_thi"));
    }

    #[rstest]
    #[case(SeriesRule::PerType, date(2026, 11, 27), true)]
    #[case(SeriesRule::PerType, date(2026, 11, 26), false)]
    #[case(groups(), date(2027, 1, 1), true)]
    #[case(SeriesRule::Groups { groups: vec![] }, date(2027, 1, 1), false)]
    #[case(SeriesRule::Groups { groups: vec![SeriesGroup { key: "a b".into(), document_types: vec!["bao_cao".into()] }] }, date(2027, 1, 1), false)]
    #[case(SeriesRule::Groups { groups: vec![SeriesGroup { key: "a".into(), document_types: vec![] }] }, date(2027, 1, 1), false)]
    #[case(SeriesRule::Groups { groups: vec![SeriesGroup { key: "a".into(), document_types: vec!["sao_y".into()] }] }, date(2027, 1, 1), false)]
    #[case(SeriesRule::Groups { groups: vec![SeriesGroup { key: "a".into(), document_types: vec!["bao_cao".into(), "bao_cao".into()] }] }, date(2027, 1, 1), false)]
    fn nd30_15_1c_the_rule_changes_from_a_day_to_come(
        #[case] rule: SeriesRule,
        #[case] from: Date,
        #[case] allowed: bool,
    ) {
        assert_eq!(change_rule(&rule, from, date(2026, 11, 26)).is_ok(), allowed);
    }

    #[rstest]
    // From one series to one per kind: decisions go on after the last decision.
    #[case(None, 45, 46)]
    // Back to one series that had stopped at 12.
    #[case(Some(12), 57, 58)]
    #[case(Some(60), 57, 61)]
    #[case(None, 0, 1)]
    fn cn_211_a_number_is_never_given_twice_when_the_series_change_within_the_year(
        #[case] last: Option<u32>,
        #[case] given: u32,
        #[case] number: u32,
    ) {
        let last = last.map(|number| LastTaken {
            number,
            date: date(2026, 3, 2),
        });
        assert_eq!(next_after(last, given, date(2026, 6, 1)).unwrap().number, number);
    }

    #[test]
    fn cn_211_what_was_given_elsewhere_counts_for_every_series_that_its_kinds_come_to() {
        let continued = [Continued {
            rule: SeriesRule::Common,
            series: "common".into(),
            last_number: 123,
        }];
        let by_kind = [("quyet_dinh".to_owned(), 130), ("bao_cao".to_owned(), 140)];
        let given =
            |rule: &SeriesRule, key: &str| given_in_year(rule, key, &by_kind, &continued, date(2026, 6, 1));
        assert_eq!(given(&SeriesRule::PerType, "type.quyet_dinh"), 130);
        assert_eq!(given(&SeriesRule::PerType, "type.chi_thi"), 123);
        assert_eq!(given(&groups(), "group.qd"), 130);
        assert_eq!(given(&groups(), "common"), 140);
        assert_eq!(given(&SeriesRule::PerType, "legal.quyet_dinh_qppl"), 0);
    }

    #[rstest]
    #[case(Role::Clerk, 1, false, true)]
    #[case(Role::Clerk, 2, false, false)]
    #[case(Role::Administrator, 1, false, true)]
    #[case(Role::Administrator, 2, false, false)]
    #[case(Role::Administrator, 2, true, true)]
    #[case(Role::Leader, 1, false, false)]
    #[case(Role::Officer, 1, false, false)]
    fn nd30_15_1c_clerks_and_administrators_keep_the_series(
        #[case] role: Role,
        #[case] agency: u128,
        #[case] of_province: bool,
        #[case] allowed: bool,
    ) {
        use crate::ids::{AccountId, PostId};
        use uuid::Uuid;
        let id = Uuid::from_u128;
        let mut actor = Actor::new(
            AccountId::from_uuid(id(7)),
            PostId::from_uuid(id(8)),
            AgencyId::from_uuid(id(agency)),
            None,
            role,
        );
        actor.is_province_administrator = of_province;
        assert_eq!(
            may_keep_series(&actor, AgencyId::from_uuid(id(1))).is_ok(),
            allowed
        );
    }

    #[test]
    fn nd30_15_1c_a_change_that_holds_is_not_taken_back() {
        let today = date(2026, 6, 1);
        assert!(withdraw_change(date(2026, 6, 2), today).is_ok());
        assert_eq!(withdraw_change(today, today).unwrap_err().clause, "ND30-15.1c");
    }

    #[rstest]
    #[case(None, 124, date(2026, 6, 1), "Sổ văn bản đi năm 2026", Ok(123))]
    #[case(None, 1, date(2026, 6, 1), "Sổ", Err("first_number"))]
    #[case(Some(50), 51, date(2026, 6, 1), "Sổ", Err("first_number"))]
    #[case(Some(50), 60, date(2026, 6, 1), "Sổ", Ok(59))]
    #[case(Some(50), 60, date(2026, 3, 1), "Sổ", Err("last_day"))]
    #[case(None, 60, date(2026, 6, 3), "Sổ", Err("last_day"))]
    #[case(None, 60, date(2025, 12, 31), "Sổ", Err("last_day"))]
    #[case(None, 60, date(2026, 6, 1), " ", Err("basis"))]
    fn cn_211_numbers_go_on_from_the_system_before(
        #[case] last: Option<u32>,
        #[case] first: u32,
        #[case] day: Date,
        #[case] basis: &str,
        #[case] expected: Result<u32, &str>,
    ) {
        let last = last.map(|number| LastTaken {
            number,
            date: date(2026, 3, 2),
        });
        let answer = go_on_from(last, first, day, basis, date(2026, 6, 2));
        assert_eq!(
            answer
                .map(|last| last.number)
                .map_err(|refusal| refusal.field.unwrap_or_default()),
            expected
        );
    }

    #[test]
    fn nd30_15_1_the_numbers_of_last_year_do_not_matter_for_going_on() {
        let last = Some(LastTaken {
            number: 900,
            date: date(2025, 12, 31),
        });
        assert!(go_on_from(last, 5, date(2026, 1, 5), "Sổ", date(2026, 1, 6)).is_ok());
    }

    proptest! {
        /// Documents of three kinds are numbered under rules that change at random within one year: no kind gets a number twice.
        #[test]
        fn cn_211_no_kind_gets_a_number_twice_however_often_the_rule_changes(
            steps in proptest::collection::vec((0_usize..3, 0_usize..3, proptest::bool::weighted(0.1)), 1..120)
        ) {
            let kinds = ["quyet_dinh", "chi_thi", "bao_cao"];
            let rules = [SeriesRule::Common, SeriesRule::PerType, groups()];
            let mut rule = 0;
            let mut counters: std::collections::HashMap<String, LastTaken> = std::collections::HashMap::new();
            let mut made: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
            let mut given: Vec<(&str, u32)> = Vec::new();
            let mut epoch = 0;
            let today = date(2026, 6, 1);
            for (kind, other, changes) in steps {
                if changes {
                    rule = other;
                    epoch += 1;
                }
                let key = series_key(&rules[rule], by_key(kinds[kind]).unwrap());
                let last = counters.get(&key).copied();
                // The largest number is asked for only when the series was last used under another rule.
                let floor = if made.get(&key) == Some(&epoch) {
                    0
                } else {
                    given.iter().filter(|(kind, _)| is_in_series(&rules[rule], &key, kind)).map(|(_, n)| *n).max().unwrap_or(0)
                };
                let taken = next_after(last, floor, today).unwrap();
                prop_assert!(!given.contains(&(kinds[kind], taken.number)));
                given.push((kinds[kind], taken.number));
                counters.insert(key.clone(), LastTaken { number: taken.number, date: today });
                made.insert(key, epoch);
            }
        }
    }
}
