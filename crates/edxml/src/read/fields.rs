//! Taking values out of the tree, with the tolerance of R2 to R9.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp, civil::Date};

use super::{dates, node::Node};
use crate::{
    table,
    text::{Lines, quoted, value},
    warning::{WarningCode, Warnings},
};

/// Reads fields of one group after another and notes what was odd.
pub(crate) struct Fields<'w> {
    pub(crate) warnings: &'w mut Warnings,
    now: Option<Timestamp>,
}

impl<'w> Fields<'w> {
    pub(crate) const fn new(warnings: &'w mut Warnings, now: Option<Timestamp>) -> Self {
        Self { warnings, now }
    }

    /// The one child of this name: the first that is not empty (R3). Identical repeats are one.
    pub(crate) fn group<'n>(&mut self, node: &'n Node, path: &str, name: &str) -> Option<&'n Node> {
        let mut filled = node
            .children
            .iter()
            .filter(|child| child.name == name && !child.is_empty());
        let first = filled.next()?;
        // Cleaned once: a file may repeat an element a hundred thousand times after a huge first one.
        let mut wanted = None;
        if filled.any(|other| {
            other.children != first.children
                || (other.text != first.text
                    && other.cleaned() != *wanted.get_or_insert_with(|| first.cleaned()))
        }) {
            self.warnings.add(
                WarningCode::Repeated,
                join(path, name),
                format!("Phần tử {name} lặp lại với nội dung khác nhau; hệ thống dùng phần tử đầu tiên."),
            );
        }
        Some(first)
    }

    /// Children that may repeat; empty ones are none, identical ones are one.
    pub(crate) fn groups<'n>(&self, node: &'n Node, name: &str) -> Vec<&'n Node> {
        let mut known = HashSet::new();
        node.children
            .iter()
            .filter(|child| child.name == name && !child.is_empty() && known.insert(*child))
            .collect()
    }

    /// A field of one line.
    pub(crate) fn text(&mut self, node: &Node, path: &str, name: &str) -> Option<String> {
        self.value(node, path, name, Lines::One)
    }

    /// A field that keeps its lines.
    pub(crate) fn lines(&mut self, node: &Node, path: &str, name: &str) -> Option<String> {
        self.value(node, path, name, Lines::Many)
    }

    fn value(&mut self, node: &Node, path: &str, name: &str, lines: Lines) -> Option<String> {
        let text = &self.group(node, path, name)?.text;
        let value = value(text, lines)?;
        self.check_length(&join(path, name), &value);
        Some(value)
    }

    /// The texts of children that may repeat.
    pub(crate) fn texts(&mut self, node: &Node, path: &str, name: &str) -> Vec<String> {
        let mut known = HashSet::new();
        let mut found = Vec::new();
        for child in node.children.iter().filter(|child| child.name == name) {
            if let Some(text) = value(&child.text, Lines::One)
                && known.insert(text.clone())
            {
                self.check_length(&join(path, name), &text);
                found.push(text);
            }
        }
        found
    }

    fn check_length(&mut self, at: &str, value: &str) {
        let Some(max) = table::field_at(at).and_then(|field| field.max) else {
            return;
        };
        let length = value.chars().count();
        if length > max {
            let label = table::label(at);
            self.warnings.add(
                WarningCode::TooLong,
                at,
                format!("{label} dài {length} ký tự, quá {max} ký tự theo quy định; hệ thống giữ nguyên."),
            );
        }
    }

    pub(crate) fn date(&mut self, node: &Node, path: &str, name: &str) -> Option<Date> {
        let text = self.text(node, path, name)?;
        match dates::date(&text) {
            Ok(date) => Some(date),
            Err(_) => {
                let at = join(path, name);
                let message = format!(
                    "{}: {} không phải là ngày hợp lệ.",
                    table::label(&at),
                    quoted(&text)
                );
                self.warnings.add(WarningCode::BadDate, at, message);
                None
            }
        }
    }

    pub(crate) fn timestamp(&mut self, node: &Node, path: &str, name: &str) -> Option<Timestamp> {
        let text = self.text(node, path, name)?;
        let at = join(path, name);
        let Ok(timestamp) = dates::timestamp(&text) else {
            let message = format!(
                "{}: {} không phải là thời điểm hợp lệ.",
                table::label(&at),
                quoted(&text)
            );
            self.warnings.add(WarningCode::BadTimestamp, at, message);
            return None;
        };
        let tomorrow = self
            .now
            .and_then(|now| now.checked_add(SignedDuration::from_hours(24)).ok());
        if tomorrow.is_some_and(|tomorrow| timestamp > tomorrow) {
            let message = format!("{}: {} ở tương lai.", table::label(&at), quoted(&text));
            self.warnings.add(WarningCode::FutureTimestamp, at, message);
        }
        Some(timestamp)
    }

    /// A field of digits.
    pub(crate) fn number(&mut self, node: &Node, path: &str, name: &str) -> Option<u32> {
        let text = value(&self.group(node, path, name)?.text, Lines::One)?;
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let number = if digits { text.parse().ok() } else { None };
        if number.is_none() {
            let at = join(path, name);
            let message = format!(
                "{}: {} không phải là số; hệ thống bỏ qua.",
                table::label(&at),
                quoted(&text)
            );
            self.warnings.add(WarningCode::BadNumber, at, message);
        } else {
            self.check_length(&join(path, name), &text);
        }
        number
    }

    /// A field of digits where 0 means that nobody counted (R7).
    pub(crate) fn amount(&mut self, node: &Node, path: &str, name: &str) -> Option<u32> {
        self.number(node, path, name).filter(|number| *number > 0)
    }

    /// A field with a value of the list `0..=max`.
    pub(crate) fn coded(&mut self, node: &Node, path: &str, name: &str, max: u32) -> Option<u32> {
        let number = self.number(node, path, name)?;
        if number > max {
            let at = join(path, name);
            let message = format!("{}: giá trị {number} không có trong danh mục.", table::label(&at));
            self.warnings.add(WarningCode::BadValue, at, message);
            return None;
        }
        Some(number)
    }

    /// A field with 0 or 1.
    pub(crate) fn flag(&mut self, node: &Node, path: &str, name: &str) -> Option<bool> {
        self.coded(node, path, name, 1).map(|number| number == 1)
    }

    /// Notes that a required field is empty.
    pub(crate) fn require(&mut self, is_there: bool, at: &str) {
        if !is_there {
            let message = format!("Thông điệp không có {} ({at}).", table::label(at).to_lowercase());
            self.warnings.add(WarningCode::Missing, at, message);
        }
    }
}

pub(crate) fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}/{name}")
    }
}
