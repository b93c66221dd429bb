//! Mẫu trình bày văn bản (NĐ 30 Phụ lục III Mục II): the fields that each template asks for besides those of every document.
//!
//! What every document has (cơ quan, số, ngày, trích yếu, nơi nhận, người ký) is not told here. Fields are kept as text under
//! stable names, so that a draft of an older program is still read.

mod fields;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::document_types::DocumentType;
use crate::{Decision, Refusal};

pub use fields::{ALL, COMMON};

/// The fields of a draft by their names, without the empty ones.
pub type Filled = BTreeMap<String, String>;

/// One template of Phụ lục III Mục II.
#[derive(Debug, PartialEq, Eq)]
pub struct Template {
    /// Its number: `1.7`.
    pub id: &'static str,
    /// The same as a clause: `PL3-1.7`.
    pub clause: &'static str,
    /// What it is for, as screens show it.
    pub name: &'static str,
    /// The fields that are its own, in the order of the template.
    pub fields: &'static [Field],
    /// Whether it has running text besides its fields.
    pub text: Text,
}

/// Whether a template filled in by its fields has running text too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// It says nothing without.
    Required,
    /// It may.
    Optional,
    /// It has no place for any.
    None,
}

/// One field of a template.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Stable name, the same in forms, in the API and in what is stored.
    pub key: &'static str,
    /// Label, as the form shows it.
    pub label: &'static str,
    /// What to write, for the drafter.
    pub hint: &'static str,
    /// How it is written.
    pub shape: Shape,
    /// Whether the template says nothing without it.
    pub required: bool,
}

/// How a field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One line.
    Line,
    /// One entry per line.
    Lines,
    /// Running text in the light format of contents.
    Text,
    /// A day, ISO 8601.
    Day,
    /// Yes or no; yes is `on`.
    Check,
}

/// A line longer than this is no entry of a template.
const LONGEST_LINE: usize = 500;
/// All entries of a list together.
const LONGEST_LIST: usize = 20_000;

impl Template {
    /// The field of this name, those of every document included.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().chain(COMMON).find(|field| field.key == key)
    }

    /// Whether anything of the template's own is filled in. If not, the drafter writes the whole content as text, as before.
    #[must_use]
    pub fn is_used(&self, filled: &Filled) -> bool {
        self.fields.iter().any(|field| filled.contains_key(field.key))
    }
}

/// The template of a kind of document. Kinds for which the decree gives none are laid out as văn bản có tên loại (mẫu 1.4).
#[must_use]
pub fn of(kind: &DocumentType) -> &'static Template {
    let id = match kind.key {
        "nghi_quyet_qppl" => "1.1",
        "quyet_dinh_qppl" => "1.2",
        _ => kind.template.unwrap_or("1.4"),
    };
    ALL.iter()
        .find(|template| template.id == id)
        .unwrap_or(&fields::NAMED)
}

/// Takes the fields of this kind out of what was written, trimmed, without empty ones.
///
/// # Errors
/// The template's clause for a field that the kind does not have, and for text that is longer than any entry.
pub fn settle(kind: &DocumentType, given: &Filled) -> Decision<Filled> {
    let template = of(kind);
    let mut filled = Filled::new();
    for (key, value) in given {
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        let Some(field) = template.field(key) else {
            return Err(Refusal::new(
                template.clause,
                "outgoing.unknown_field",
                format!("Mẫu {} không có ô “{key}”. Vui lòng bỏ ô này.", template.id),
            ));
        };
        let value = match field.shape {
            Shape::Line | Shape::Day | Shape::Check => one_line(value),
            Shape::Lines | Shape::Text => value.to_owned(),
        };
        let length = value.chars().count();
        let longest = match field.shape {
            Shape::Line | Shape::Day | Shape::Check => LONGEST_LINE,
            Shape::Lines => LONGEST_LIST,
            // Weighed together with the text of the document.
            Shape::Text => usize::MAX,
        };
        if length > longest {
            return Err(refusal(
                template,
                field,
                "outgoing.field_too_long",
                format!(
                    "Ô “{}” dài quá {longest} ký tự. Vui lòng viết gọn lại.",
                    field.label
                ),
            ));
        }
        if field.shape == Shape::Day && value.parse::<Date>().is_err() {
            return Err(refusal(
                template,
                field,
                "outgoing.field_no_day",
                format!("Ô “{}” không phải là ngày. Vui lòng chọn lại ngày.", field.label),
            ));
        }
        filled.insert(field.key.to_owned(), value);
    }
    Ok(filled)
}

/// Whether a document can be composed from these fields: a template that is used is filled in whole. `has_text` says whether
/// there is running text besides.
///
/// # Errors
/// The template's clause, beside the first field that is missing or contradicts another.
pub fn check(kind: &DocumentType, filled: &Filled, has_text: bool) -> Decision<()> {
    let template = of(kind);
    if !template.is_used(filled) {
        return Ok(());
    }
    let missing = template
        .fields
        .iter()
        .find(|field| field.required && !filled.contains_key(field.key));
    if let Some(field) = missing {
        return Err(refusal(
            template,
            field,
            "outgoing.field_missing",
            format!(
                "Mẫu {} ({}) cần ô “{}”. Vui lòng điền ô này.",
                template.id, template.name, field.label
            ),
        ));
    }
    match (template.text, has_text) {
        (Text::Required, false) => {
            return Err(Refusal::new(
                template.clause,
                "outgoing.field_missing",
                format!(
                    "Mẫu {} ({}) cần phần nội dung. Vui lòng viết vào ô “Nội dung soạn trực tiếp”.",
                    template.id, template.name
                ),
            )
            .on("main_text"));
        }
        (Text::None, true) => {
            return Err(Refusal::new(
                template.clause,
                "outgoing.no_place_for_text",
                format!(
                    "Mẫu {} ({}) chỉ gồm các ô riêng. Vui lòng để trống ô “Nội dung soạn trực tiếp”, hoặc xóa các ô riêng để soạn tự do.",
                    template.id, template.name
                ),
            )
            .on("main_text"));
        }
        _ => {}
    }
    attached(template, filled)?;
    in_order(template, filled, "leave_from", "leave_until")
}

/// A decision that issues something names what it issues, and has its text (mẫu 1.3).
fn attached(template: &Template, filled: &Filled) -> Decision<()> {
    let parts = ["attached_type", "attached_subject", "attached_text"];
    if !parts.iter().any(|key| filled.contains_key(*key)) {
        return Ok(());
    }
    let missing = parts.iter().find(|key| !filled.contains_key(**key));
    match missing.and_then(|key| template.field(key)) {
        Some(field) => Err(Refusal::new(
            "PL3-1.3",
            "outgoing.attached_incomplete",
            format!(
                "Văn bản ban hành kèm theo cần đủ tên loại, trích yếu và nội dung. Vui lòng điền ô “{}”.",
                field.label
            ),
        )
        .on(field.key)),
        None => Ok(()),
    }
}

fn in_order(template: &Template, filled: &Filled, from: &str, until: &str) -> Decision<()> {
    let day = |key| filled.get(key).and_then(|text| text.parse::<Date>().ok());
    let (Some(first), Some(last), Some(field)) = (day(from), day(until), template.field(until)) else {
        return Ok(());
    };
    if first <= last {
        return Ok(());
    }
    Err(refusal(
        template,
        field,
        "outgoing.days_out_of_order",
        "Ngày kết thúc đứng trước ngày bắt đầu. Vui lòng chọn lại ngày.".to_owned(),
    ))
}

fn refusal(template: &Template, field: &'static Field, code: &'static str, message: String) -> Refusal {
    Refusal::new(template.clause, code, message).on(field.key)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
