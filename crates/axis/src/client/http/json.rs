//! JSON of foreign servers, read as it comes. Names of members are compared without letter case, as systems differ.

use std::io::Read;

use struson::reader::{JsonReader, JsonStreamReader, ReaderError, ReaderSettings, ValueType};

use super::broken;
use crate::client::{AxisError, Operation};
use crate::wire::parse_moment;

pub(in crate::client) type JsonBody<R> = JsonStreamReader<R>;

/// A reader with little patience.
pub(in crate::client) fn reader<R: Read>(body: R) -> JsonBody<R> {
    let settings = ReaderSettings {
        max_nesting_depth: Some(16),
        track_path: false,
        ..ReaderSettings::default()
    };
    JsonStreamReader::new_custom(body, settings)
}

/// Why an answer was not read to its end.
#[derive(Debug)]
pub(in crate::client) enum Unread {
    /// It is not what the protocol says.
    Bad(String),
    /// Nobody wants the rest.
    Unwanted,
}

impl From<ReaderError> for Unread {
    fn from(error: ReaderError) -> Self {
        // Positions and kinds of mistakes; never the content.
        Self::Bad(match error {
            ReaderError::IoError { error, .. } => error.to_string(),
            other => other.to_string(),
        })
    }
}

/// A text, a number or a truth value as text; `None` for null and for anything with parts.
pub(in crate::client) fn scalar<R: Read>(json: &mut JsonBody<R>) -> Result<Option<String>, ReaderError> {
    Ok(match json.peek()? {
        ValueType::String => Some(json.next_string()?.trim().to_owned()),
        ValueType::Number => Some(json.next_number_as_string()?),
        ValueType::Boolean => Some(json.next_bool()?.to_string()),
        _ => {
            json.skip_value()?;
            None
        }
    })
}

pub(in crate::client) fn unreadable(operation: Operation, unread: Unread) -> AxisError {
    broken(
        operation,
        match unread {
            Unread::Bad(what) => format!("không đọc được JSON: {what}"),
            Unread::Unwanted => "không cần đọc tiếp".to_owned(),
        },
    )
}

/// The members of one row that are plain values.
pub(in crate::client) struct Row(Vec<(String, String)>);

impl Row {
    pub(in crate::client) fn read<R: Read>(json: &mut JsonBody<R>) -> Result<Self, Unread> {
        let mut members = Vec::new();
        json.begin_object()?;
        while json.has_next()? {
            let name = json.next_name_owned()?;
            if let Some(value) = scalar(json)? {
                members.push((name, value));
            }
        }
        json.end_object()?;
        Ok(Self(members))
    }

    /// The same of a value in memory.
    pub(in crate::client) fn of(value: &serde_json::Value) -> Self {
        let members = value.as_object().into_iter().flatten();
        let plain = members.filter_map(|(name, value)| {
            let text = match value {
                serde_json::Value::String(text) => text.trim().to_owned(),
                serde_json::Value::Number(number) => number.to_string(),
                serde_json::Value::Bool(yes) => yes.to_string(),
                _ => return None,
            };
            Some((name.clone(), text))
        });
        Self(plain.collect())
    }

    /// A value; nothing, blanks and the word `null` are the same.
    pub(in crate::client) fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(n, _)| n.eq_ignore_ascii_case(name))?;
        let value = self.0.swap_remove(at).1;
        (!value.is_empty() && !value.eq_ignore_ascii_case("null")).then_some(value)
    }

    pub(in crate::client) fn text(&mut self, name: &str) -> String {
        self.take(name).unwrap_or_default()
    }

    pub(in crate::client) fn moment(&mut self, name: &str) -> Option<jiff::Timestamp> {
        parse_moment(&self.take(name)?)
    }

    pub(in crate::client) fn yes(&mut self, name: &str) -> bool {
        self.take(name)
            .is_some_and(|v| v == "1" || v.eq_ignore_ascii_case("true"))
    }
}
