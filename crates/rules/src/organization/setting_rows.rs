//! Settings that are tables: what goes on paper as well (QD28-7.2b), who signs by order (ND30-13.4), who signs by a paper of the
//! head (ND30-13.3).

use jiff::civil::Date;

use crate::ids::{PostId, UnitId};
use crate::{Decision, Refusal, document_types};

/// A table has no more rows.
const MOST_ROWS: usize = 200;
/// The longest text of a row.
const MAX_CHARS: usize = 500;

/// What a table lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// Kinds of documents and recipients that get paper beside the electronic document.
    PaperList,
    /// Kinds of documents that a unit signs by order.
    ByOrder,
    /// Kinds of documents that a person signs by a paper of the head.
    Delegations,
    /// Kinds of incoming documents and senders whose unit is fixed.
    WorkRules,
}

/// A row as it was sent; only what its table asks for is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SettingRow {
    /// Keys of kinds of documents.
    pub document_types: Vec<String>,
    /// Name or code of a recipient; of the work rules: of a sender.
    pub recipient: String,
    /// The unit that signs by order, or handles.
    pub unit: Option<UnitId>,
    /// Who signs by the paper.
    pub person: Option<PostId>,
    /// Whether the deputy of the unit may sign too.
    pub deputy_may_sign: bool,
    /// From when it holds.
    pub valid_from: Option<Date>,
    /// Until when; empty: as long as the table holds.
    pub valid_to: Option<Date>,
    /// Căn cứ; of a delegation the paper.
    pub basis: String,
}

/// The rows of a table, each with what its law asks for. An empty table is a decision too: nothing is listed any more.
///
/// # Errors
/// The clause of the setting, with the number of the row, for what is missing, unknown or turned round.
pub(super) fn check(
    kind: RowKind,
    clause: &'static str,
    rows: &[SettingRow],
    units: &[UnitId],
    people: &[PostId],
    today: Date,
) -> Decision<()> {
    if rows.len() > MOST_ROWS {
        return Err(Refusal::new(
            clause,
            "setting.too_many_rows",
            format!("Bảng có quá {MOST_ROWS} dòng. Vui lòng gộp các dòng giống nhau."),
        )
        .on("rows"));
    }
    for (at, row) in rows.iter().enumerate() {
        usual(row, today)
            .and_then(|()| match kind {
                RowKind::PaperList => on_paper(row),
                RowKind::ByOrder => by_order(row, units),
                RowKind::Delegations => delegation(row, people),
                RowKind::WorkRules => work_rule(row, units),
            })
            .map_err(|(code, message)| {
                Refusal::new(clause, code, format!("Dòng {}: {message}", at + 1)).on("rows")
            })?;
    }
    Ok(())
}

/// What is wrong with a row: code and sentence.
type Wrong = (&'static str, &'static str);

/// What every row must keep.
fn usual(row: &SettingRow, today: Date) -> Result<(), Wrong> {
    let is_usable = |key: &String| document_types::usable(key, today).is_ok();
    if !row.document_types.iter().all(is_usable) {
        return Err((
            "setting.unknown_document_type",
            "có loại văn bản không thuộc danh mục đang áp dụng. Vui lòng chọn lại loại văn bản.",
        ));
    }
    let is_long = |text: &str| text.chars().count() > MAX_CHARS;
    if is_long(&row.basis) || is_long(&row.recipient) {
        return Err((
            "setting.row_too_long",
            "nội dung dài quá 500 ký tự. Vui lòng viết gọn lại.",
        ));
    }
    match (row.valid_from, row.valid_to) {
        (Some(from), Some(to)) if to < from => Err((
            "setting.days_turned_round",
            "ngày kết thúc trước ngày bắt đầu. Vui lòng chọn lại ngày.",
        )),
        _ => Ok(()),
    }
}

fn on_paper(row: &SettingRow) -> Result<(), Wrong> {
    if row.document_types.is_empty() && row.recipient.trim().is_empty() {
        return Err((
            "setting.row_for_everything",
            "vui lòng chọn loại văn bản hoặc ghi nơi nhận; không gửi kèm bản giấy mọi văn bản cho mọi nơi.",
        ));
    }
    with_basis(row)
}

fn by_order(row: &SettingRow, units: &[UnitId]) -> Result<(), Wrong> {
    of_unit(row, units)?;
    signs(row)
}

fn of_unit(row: &SettingRow, units: &[UnitId]) -> Result<(), Wrong> {
    if row.unit.is_none_or(|unit| !units.contains(&unit)) {
        return Err((
            "setting.unknown_unit",
            "vui lòng chọn đơn vị đang hoạt động của cơ quan.",
        ));
    }
    Ok(())
}

fn work_rule(row: &SettingRow, units: &[UnitId]) -> Result<(), Wrong> {
    of_unit(row, units)?;
    if row.document_types.is_empty() && row.recipient.trim().is_empty() {
        return Err((
            "setting.row_for_everything",
            "vui lòng chọn loại văn bản hoặc ghi nơi gửi; văn bản khác vẫn trình lãnh đạo cho ý kiến.",
        ));
    }
    with_basis(row)
}

fn delegation(row: &SettingRow, people: &[PostId]) -> Result<(), Wrong> {
    if row.person.is_none_or(|person| !people.contains(&person)) {
        return Err((
            "setting.unknown_person",
            "vui lòng chọn người được ký thừa ủy quyền trong cơ quan.",
        ));
    }
    signs(row)?;
    with_basis(row)?;
    if row.valid_to.is_none() {
        return Err((
            "setting.row_without_end",
            "ủy quyền ký có thời hạn; vui lòng chọn ngày hết hạn.",
        ));
    }
    Ok(())
}

/// Whoever signs does it for named kinds, from a day on.
fn signs(row: &SettingRow) -> Result<(), Wrong> {
    if row.document_types.is_empty() {
        return Err(("setting.no_document_type", "vui lòng chọn loại văn bản được ký."));
    }
    if row.valid_from.is_none() {
        return Err(("setting.row_without_day", "vui lòng chọn ngày bắt đầu được ký."));
    }
    Ok(())
}

fn with_basis(row: &SettingRow) -> Result<(), Wrong> {
    if row.basis.trim().is_empty() {
        return Err((
            "setting.row_without_basis",
            "vui lòng ghi căn cứ: số, ký hiệu của văn bản do người đứng đầu cơ quan ký.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;

    const TODAY: Date = date(2026, 6, 1);

    fn unit() -> UnitId {
        UnitId::from_uuid(Uuid::from_u128(1))
    }

    fn post() -> PostId {
        PostId::from_uuid(Uuid::from_u128(2))
    }

    /// A row that every table takes.
    fn row() -> SettingRow {
        SettingRow {
            document_types: vec!["bao_cao".to_owned()],
            recipient: "Sở Nội vụ".to_owned(),
            unit: Some(unit()),
            person: Some(post()),
            deputy_may_sign: false,
            valid_from: Some(date(2026, 6, 1)),
            valid_to: Some(date(2026, 6, 30)),
            basis: "Quyết định số 12/QĐ-STTTT".to_owned(),
        }
    }

    fn asked(kind: RowKind, row: SettingRow) -> Result<(), &'static str> {
        check(kind, "X-1", &[row], &[unit()], &[post()], TODAY).map_err(|refusal| refusal.code)
    }

    #[rstest]
    #[case(RowKind::PaperList)]
    #[case(RowKind::ByOrder)]
    #[case(RowKind::Delegations)]
    #[case(RowKind::WorkRules)]
    fn cn_504_a_whole_row_is_taken_and_an_empty_table_too(#[case] kind: RowKind) {
        assert_eq!(asked(kind, row()), Ok(()));
        assert!(check(kind, "X-1", &[], &[], &[], TODAY).is_ok());
        let unknown = SettingRow {
            document_types: vec!["khong_co".to_owned()],
            ..row()
        };
        assert_eq!(asked(kind, unknown), Err("setting.unknown_document_type"));
        let turned = SettingRow {
            valid_to: Some(date(2026, 5, 1)),
            ..row()
        };
        assert_eq!(asked(kind, turned), Err("setting.days_turned_round"));
        let many = vec![row(); 201];
        let refused = check(kind, "X-1", &many, &[unit()], &[post()], TODAY).unwrap_err();
        assert_eq!(refused.code, "setting.too_many_rows");
    }

    #[test]
    fn qd28_7_2_a_line_of_the_paper_list_names_its_basis_and_does_not_hold_for_everything() {
        let kind = RowKind::PaperList;
        let all = SettingRow {
            document_types: Vec::new(),
            recipient: " ".to_owned(),
            ..row()
        };
        assert_eq!(asked(kind, all), Err("setting.row_for_everything"));
        let bare = SettingRow {
            basis: " ".to_owned(),
            ..row()
        };
        assert_eq!(asked(kind, bare), Err("setting.row_without_basis"));
        let refused = check(kind, "X-1", &[row(), SettingRow::default()], &[], &[], TODAY).unwrap_err();
        assert!(refused.message.starts_with("Dòng 2: "), "{}", refused.message);
    }

    #[test]
    fn cn_113_nd30_23_1_a_line_of_the_work_rules_names_unit_and_basis_and_does_not_hold_for_everything() {
        let kind = RowKind::WorkRules;
        let nobody = SettingRow { unit: None, ..row() };
        assert_eq!(asked(kind, nobody), Err("setting.unknown_unit"));
        let all = SettingRow {
            document_types: Vec::new(),
            recipient: " ".to_owned(),
            ..row()
        };
        assert_eq!(asked(kind, all), Err("setting.row_for_everything"));
        let bare = SettingRow {
            basis: String::new(),
            ..row()
        };
        assert_eq!(asked(kind, bare), Err("setting.row_without_basis"));
    }

    #[test]
    fn nd30_13_4_signing_by_order_is_of_a_unit_of_the_agency_for_named_kinds_from_a_day_on() {
        let kind = RowKind::ByOrder;
        let foreign = SettingRow {
            unit: Some(UnitId::from_uuid(Uuid::from_u128(9))),
            ..row()
        };
        assert_eq!(asked(kind, foreign), Err("setting.unknown_unit"));
        let kinds = SettingRow {
            document_types: Vec::new(),
            ..row()
        };
        assert_eq!(asked(kind, kinds), Err("setting.no_document_type"));
        let day = SettingRow {
            valid_from: None,
            ..row()
        };
        assert_eq!(asked(kind, day), Err("setting.row_without_day"));
        let open = SettingRow {
            valid_to: None,
            basis: String::new(),
            ..row()
        };
        assert_eq!(asked(kind, open), Ok(()));
    }

    #[test]
    fn nd30_13_3_a_delegation_to_sign_names_person_paper_and_days() {
        let kind = RowKind::Delegations;
        let nobody = SettingRow {
            person: None,
            ..row()
        };
        assert_eq!(asked(kind, nobody), Err("setting.unknown_person"));
        let bare = SettingRow {
            basis: String::new(),
            ..row()
        };
        assert_eq!(asked(kind, bare), Err("setting.row_without_basis"));
        let endless = SettingRow {
            valid_to: None,
            ..row()
        };
        assert_eq!(asked(kind, endless), Err("setting.row_without_end"));
    }
}
