//! Settings that are tables: as they are sent, kept for their readers, and said in words.

use jiff::civil::Date;
use rules::{
    document_types,
    ids::{AgencyId, PostId, UnitId},
    organization::{RowKind, SettingRow},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{args, sql};
use utoipa::ToSchema;

use crate::{
    context::App,
    error::AppResult,
    web::{clean, format},
};

/// So many rows are said in full.
const SAID: usize = 10;

/// A row of a setting that is a table; only what the table asks for is read.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SentRow {
    /// Keys of kinds of documents; in the paper list and the work rules none means all.
    pub document_types: Vec<String>,
    /// Of the paper list: name or code of a recipient; of the work rules: of a sender; empty means all.
    pub recipient: String,
    /// Of signing by order and of the work rules: the unit.
    #[schema(value_type = Option<Uuid>)]
    pub unit: Option<UnitId>,
    /// Of delegations to sign: the post of the person.
    #[schema(value_type = Option<Uuid>)]
    pub person: Option<PostId>,
    /// Of signing by order: whether the deputy of the unit may sign too.
    pub deputy_may_sign: bool,
    /// From when.
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_from: Option<Date>,
    /// Until when.
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_to: Option<Date>,
    /// Căn cứ; of a delegation its paper.
    pub basis: String,
}

impl SentRow {
    /// As the rules read it.
    pub(super) fn row(&self) -> SettingRow {
        SettingRow {
            document_types: self.document_types.clone(),
            recipient: line(&self.recipient),
            unit: self.unit,
            person: self.person,
            deputy_may_sign: self.deputy_may_sign,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            basis: line(&self.basis),
        }
    }
}

fn line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whom a table may name: the open units of an agency, and its people who may sign.
#[derive(Debug, Clone, Default)]
pub(super) struct Nameable {
    /// Id and name of each unit.
    pub units: Vec<(UnitId, String)>,
    /// Post, name and title of each person.
    pub people: Vec<(PostId, String)>,
}

impl Nameable {
    /// Those of an agency, today.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(app: &App, agency: AgencyId) -> AppResult<Self> {
        let today = app.clock.today();
        let units = app
            .db
            .all(
                sql!(
                    "SELECT id, name FROM unit WHERE agency_id = $1 AND (valid_to IS NULL OR valid_to >= $2) ORDER BY sort, id"
                ),
                args![agency, today],
            )
            .await?;
        let people = app
            .db
            .all(
                sql!(
                    "SELECT p.id, p.title, a.full_name FROM post p JOIN account a ON a.id = p.account_id WHERE p.agency_id = $1 \
                     AND p.role IN ('leader', 'unit_head') AND (p.valid_to IS NULL OR p.valid_to >= $2) AND a.closed_at IS NULL \
                     ORDER BY p.id"
                ),
                args![agency, today],
            )
            .await?;
        let mut known = Self::default();
        for row in &units {
            known.units.push((row.get("id")?, row.get("name")?));
        }
        for row in &people {
            let (name, title): (String, String) = (row.get("full_name")?, row.get("title")?);
            known.people.push((row.get("id")?, format!("{name}, {title}")));
        }
        Ok(known)
    }

    fn unit(&self, wanted: Option<UnitId>) -> &str {
        named(&self.units, wanted.as_ref())
    }

    fn person(&self, wanted: Option<PostId>) -> &str {
        named(&self.people, wanted.as_ref())
    }
}

fn named<'a, T: PartialEq>(known: &'a [(T, String)], wanted: Option<&T>) -> &'a str {
    let found = known.iter().find(|(id, _)| Some(id) == wanted);
    found.map_or("", |(_, name)| name.as_str())
}

/// As the readers of the setting expect it; names are kept beside ids, as people will read them later.
pub(super) fn stored(kind: RowKind, rows: &[SettingRow], known: &Nameable) -> Value {
    let each = rows.iter();
    match kind {
        RowKind::PaperList => each.flat_map(on_paper).collect(),
        RowKind::ByOrder => each
            .map(|row| {
                json!({
                    "unit": row.unit, "unit_name": known.unit(row.unit), "document_types": row.document_types,
                    "deputy_may_sign": row.deputy_may_sign, "valid_from": row.valid_from, "valid_to": row.valid_to,
                })
            })
            .collect(),
        RowKind::Delegations => each
            .map(|row| {
                json!({
                    "delegate": row.person, "delegate_name": known.person(row.person), "paper": row.basis,
                    "document_types": row.document_types, "valid_from": row.valid_from, "valid_to": row.valid_to,
                })
            })
            .collect(),
        RowKind::WorkRules => each
            .map(|row| {
                json!({
                    "unit": row.unit, "unit_name": known.unit(row.unit), "document_types": row.document_types,
                    "sender": Some(row.recipient.as_str()).filter(|text| !text.is_empty()), "basis": row.basis,
                })
            })
            .collect(),
    }
}

/// The paper list has a line for each kind of document.
fn on_paper(row: &SettingRow) -> Vec<Value> {
    let recipient = Some(row.recipient.as_str()).filter(|text| !text.is_empty());
    let line =
        |kind: Option<&str>| json!({ "document_type": kind, "recipient": recipient, "basis": row.basis });
    if row.document_types.is_empty() {
        return vec![line(None)];
    }
    row.document_types
        .iter()
        .map(|kind| line(Some(kind.as_str())))
        .collect()
}

/// A table in words.
pub(super) fn said(kind: RowKind, value: &Value) -> String {
    let rows = Kept::all(kind, value);
    if rows.is_empty() {
        return "Không có dòng nào".to_owned();
    }
    let mut said: Vec<String> = rows.iter().take(SAID).map(|row| said_row(kind, row)).collect();
    if rows.len() > SAID {
        said.push(format!("và {} dòng khác", rows.len() - SAID));
    }
    said.join("; ")
}

fn said_row(kind: RowKind, row: &Kept) -> String {
    let kinds: Vec<&str> = row
        .document_types
        .iter()
        .map(|key| document_types::by_key(key).map_or(key.as_str(), |kind| kind.name))
        .collect();
    let kinds = kinds.join(", ");
    let until = match row.valid_to.parse::<Date>() {
        Ok(day) => format!(" đến {}", format::date(day)),
        Err(_) => String::new(),
    };
    let days = match row.valid_from.parse::<Date>() {
        Ok(day) => format!(" từ {}{until}", format::date(day)),
        Err(_) => until,
    };
    match kind {
        RowKind::PaperList => format!(
            "{} gửi {} (theo {})",
            or(&kinds, "Mọi loại văn bản"),
            or(&row.recipient, "mọi nơi nhận"),
            row.basis
        ),
        RowKind::ByOrder => format!(
            "{}{}: {kinds}{days}",
            or(&row.name, "Đơn vị"),
            if row.deputy_may_sign {
                ", kể cả cấp phó"
            } else {
                ""
            }
        ),
        RowKind::Delegations => {
            format!(
                "{}: {kinds}{days} (theo {})",
                or(&row.name, "Người được ủy quyền"),
                row.basis
            )
        }
        RowKind::WorkRules => format!(
            "{} của {}: {} (theo {})",
            or(&kinds, "Mọi loại văn bản"),
            or(&row.recipient, "mọi nơi gửi"),
            or(&row.name, "Đơn vị"),
            row.basis
        ),
    }
}

fn or<'a>(text: &'a str, otherwise: &'a str) -> &'a str {
    if text.is_empty() { otherwise } else { text }
}

/// A row as it is kept or typed, every part as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Kept {
    pub document_types: Vec<String>,
    pub recipient: String,
    pub unit: String,
    pub person: String,
    /// Name of the unit or the person when it was decided.
    pub name: String,
    pub deputy_may_sign: bool,
    pub valid_from: String,
    pub valid_to: String,
    pub basis: String,
}

impl Kept {
    /// A row of a value that is kept.
    pub fn of(kind: RowKind, row: &Value) -> Self {
        let text = |name: &str| {
            row.get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let several = row.get("document_types").and_then(Value::as_array);
        let document_types: Vec<String> = match several {
            Some(keys) => keys.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            None => Some(text("document_type"))
                .filter(|key| !key.is_empty())
                .into_iter()
                .collect(),
        };
        let (name, party, basis) = match kind {
            RowKind::PaperList => ("", "recipient", "basis"),
            RowKind::ByOrder => ("unit_name", "", "basis"),
            RowKind::Delegations => ("delegate_name", "", "paper"),
            RowKind::WorkRules => ("unit_name", "sender", "basis"),
        };
        Self {
            document_types,
            recipient: text(party),
            unit: text("unit"),
            person: text("delegate"),
            name: text(name),
            deputy_may_sign: row
                .get("deputy_may_sign")
                .and_then(Value::as_bool)
                .unwrap_or_default(),
            valid_from: text("valid_from"),
            valid_to: text("valid_to"),
            basis: text(basis),
        }
    }

    /// The rows of a value that is kept. Lines of the paper list that differ in the kind of document alone were decided as one row.
    pub fn all(kind: RowKind, value: &Value) -> Vec<Self> {
        let mut rows: Vec<Self> = Vec::new();
        for line in value.as_array().map(Vec::as_slice).unwrap_or_default() {
            let row = Self::of(kind, line);
            match rows.last_mut() {
                Some(last) if kind == RowKind::PaperList && last.goes_with(&row) => {
                    last.document_types.extend(row.document_types);
                }
                _ => rows.push(row),
            }
        }
        rows
    }

    /// Whether both name kinds of documents and agree in everything else.
    fn goes_with(&self, other: &Self) -> bool {
        let bare = |row: &Self| Self {
            document_types: Vec::new(),
            ..row.clone()
        };
        !self.document_types.is_empty() && !other.document_types.is_empty() && bare(self) == bare(other)
    }

    /// Whether nothing was typed: such a row of the form is none.
    pub fn is_blank(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qd28_7_2_a_table_is_read_again_as_it_was_decided() {
        let row = SettingRow {
            document_types: vec!["bao_cao".to_owned(), "cong_van".to_owned()],
            recipient: "Sở Nội vụ".to_owned(),
            basis: "Quyết định số 12".to_owned(),
            ..SettingRow::default()
        };
        let other = SettingRow {
            recipient: "Sở Tài chính".to_owned(),
            ..row.clone()
        };
        let value = stored(RowKind::PaperList, &[row, other], &Nameable::default());
        let list: Vec<rules::recipients::PaperRule> = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(list.len(), 4);
        assert_eq!(list[1].document_type.as_deref(), Some("cong_van"));
        // However many kinds a row names, it is one row of the form: else a table of few rows could not be decided again.
        let kept = Kept::all(RowKind::PaperList, &value);
        assert_eq!(kept.len(), 2);
        assert_eq!(kept[0].document_types, ["bao_cao", "cong_van"]);
        assert_eq!(kept[1].recipient, "Sở Tài chính");
        assert_eq!(
            said(RowKind::PaperList, &value),
            "Báo cáo, Công văn gửi Sở Nội vụ (theo Quyết định số 12); Báo cáo, Công văn gửi Sở Tài chính (theo Quyết định số 12)"
        );
        let whole = json!([{ "basis": "Quyết định" }]);
        assert_eq!(
            said(RowKind::PaperList, &whole),
            "Mọi loại văn bản gửi mọi nơi nhận (theo Quyết định)"
        );
        assert_eq!(said(RowKind::ByOrder, &json!([])), "Không có dòng nào");
    }

    #[test]
    fn cn_113_the_work_rules_are_kept_as_the_rule_reads_them_and_read_again_for_the_form() {
        let unit = UnitId::from_uuid(uuid::Uuid::from_u128(7));
        let known = Nameable {
            units: vec![(unit, "Phòng Bưu chính, Viễn thông".to_owned())],
            people: Vec::new(),
        };
        let row = SettingRow {
            recipient: "H16".to_owned(),
            unit: Some(unit),
            basis: "Điều 5 Quy chế".to_owned(),
            ..SettingRow::default()
        };
        let value = stored(RowKind::WorkRules, &[row], &known);
        let rules: Vec<rules::incoming::WorkRule> = serde_json::from_value(value.clone()).unwrap();
        assert_eq!((rules[0].unit, rules[0].sender.as_deref()), (unit, Some("H16")));
        let kept = Kept::all(RowKind::WorkRules, &value);
        assert_eq!(
            (kept[0].recipient.as_str(), kept[0].unit.as_str()),
            ("H16", unit.to_string().as_str())
        );
        assert_eq!(
            said(RowKind::WorkRules, &value),
            "Mọi loại văn bản của H16: Phòng Bưu chính, Viễn thông (theo Điều 5 Quy chế)"
        );
    }
}
