//! The part of the drafting form that belongs to the template of the chosen kind (NĐ 30 Phụ lục III).

use std::collections::BTreeMap;

use rules::{
    document_types,
    templates::{self, Field, Filled, Shape, Text},
};

use crate::{documents::Upload, error::AppResult};

/// One field as the form shows it.
pub struct OwnField {
    pub(super) key: &'static str,
    pub(super) label: String,
    pub(super) hint: &'static str,
    pub(super) value: String,
    pub(super) rows: u8,
    pub(super) is_day: bool,
    pub(super) is_check: bool,
}

/// The fields of one template.
pub struct TemplatePart {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    /// The class by which the style sheet shows it.
    pub(super) class: String,
    pub(super) note: &'static str,
    pub(super) fields: Vec<OwnField>,
}

/// Every template that has fields of its own.
pub fn parts(filled: &Filled) -> Vec<TemplatePart> {
    let with_fields = templates::ALL
        .iter()
        .filter(|template| !template.fields.is_empty());
    with_fields
        .map(|template| TemplatePart {
            id: template.id,
            name: template.name,
            class: format!("own-{}", template.id.replace('.', "-")),
            note: match template.text {
                Text::Required => "Điền các ô này để hệ thống trình bày theo mẫu; phần nội dung viết ở ô bên dưới.",
                Text::Optional => {
                    "Điền các ô này để hệ thống trình bày theo mẫu; nội dung cần lưu ý (nếu có) viết ở ô bên dưới."
                }
                Text::None => "Điền các ô này để hệ thống trình bày theo mẫu, ô nội dung bên dưới để trống.",
            },
            fields: template.fields.iter().map(|field| shown(field, filled)).collect(),
        })
        .collect()
}

/// The fields of every document.
pub fn common(filled: &Filled) -> Vec<OwnField> {
    templates::COMMON
        .iter()
        .map(|field| shown(field, filled))
        .collect()
}

fn shown(field: &Field, filled: &Filled) -> OwnField {
    OwnField {
        key: field.key,
        // Not “required” in the page: the fields of all kinds stand in it.
        label: if field.required {
            format!("{} (bắt buộc)", field.label)
        } else {
            field.label.to_owned()
        },
        hint: field.hint,
        value: filled.get(field.key).cloned().unwrap_or_default(),
        rows: match field.shape {
            Shape::Line | Shape::Day | Shape::Check => 1,
            Shape::Lines => 4,
            Shape::Text => 8,
        },
        is_day: field.shape == Shape::Day,
        is_check: field.shape == Shape::Check,
    }
}

/// What was typed into the fields, of every template: a form that is shown again loses nothing.
pub fn typed(sent: &Upload) -> AppResult<Filled> {
    let mut all: BTreeMap<String, Vec<String>> = sent.form()?;
    let templates = templates::ALL.iter().flat_map(|template| template.fields);
    let known = templates.chain(templates::COMMON).filter_map(|field| {
        let value = all.remove(field.key)?.pop()?;
        (!value.trim().is_empty()).then(|| (field.key.to_owned(), value))
    });
    Ok(known.collect())
}

/// What of it belongs to the chosen kind.
pub fn of_kind(type_key: &str, typed: &Filled) -> Filled {
    let Some(kind) = document_types::by_key(type_key) else {
        return Filled::new();
    };
    let template = templates::of(kind);
    let own = typed.iter().filter(|(key, _)| template.field(key).is_some());
    own.map(|(key, value)| (key.clone(), value.clone())).collect()
}
