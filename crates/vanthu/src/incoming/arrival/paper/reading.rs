//! Tự điền từ tệp: what was read of the clerk's file is put into the form, each value marked so that it is looked at.

use std::{collections::BTreeMap, str::FromStr};

use rules::{
    document_types,
    ids::FileId,
    incoming::{
        Agreement, FormValues, PaperChannel, ReadValue, ReadValues, RegistrationField, agreement, prefill,
    },
    urgency::Urgency,
};
use the_thuc::reading::Certainty;

use super::form::Typed;
use crate::{
    context::{App, Who},
    documents::fields,
    error::AppResult,
    web::page::Tone,
};

/// What the form says after a file was read.
#[derive(Debug, Clone)]
pub struct Note {
    /// Good when fields were filled, Warn when nothing could be read.
    pub tone: Tone,
    /// One or two sentences.
    pub text: String,
}

impl Note {
    /// Whether the form is now worth a glance and Enter.
    pub fn is_filled(&self) -> bool {
        self.tone == Tone::Good
    }
}

/// Reads the clerk's main file and proposes its fields in the form. What was typed stays.
pub async fn fill(app: &App, who: &Who, file: FileId, typed: &mut Typed) -> AppResult<Note> {
    let read = match fields::fields_of(app, who, file).await? {
        Ok(read) => fields::as_form(&read),
        Err(reason) => {
            propose(typed, &ReadValues::new());
            return Ok(Note {
                tone: Tone::Warn,
                text: reason.to_string(),
            });
        }
    };
    let usable: ReadValues = read
        .into_iter()
        .filter(|found| found.field != RegistrationField::DocumentType || is_in_force(app, &found.value))
        .map(|found| {
            let is_doubtful = found.certainty == Certainty::Guess;
            (found.field, ReadValue::new(found.value, is_doubtful))
        })
        .collect();
    propose(typed, &usable);
    let form = values(typed);
    let filled = form
        .iter()
        .filter(|(field, value)| matches!(agreement(**field, value, &usable), Agreement::Proposed { .. }))
        .count();
    if filled == 0 {
        return Ok(Note {
            tone: Tone::Warn,
            text: "Tệp không trình bày theo thể thức quen thuộc nên không tự điền được. Đề nghị nhập thông tin theo văn bản."
                .to_owned(),
        });
    }
    Ok(Note {
        tone: Tone::Good,
        text: format!(
            "Đã điền {filled} ô từ tệp. Vui lòng đối chiếu với văn bản, sửa ô chưa đúng rồi vào sổ."
        ),
    })
}

fn is_in_force(app: &App, kind: &str) -> bool {
    document_types::usable(kind, app.clock.today()).is_ok()
}

/// What an untouched form holds.
pub fn untouched() -> Typed {
    Typed {
        channel: PaperChannel::Paper.as_str().to_owned(),
        type_key: document_types::OFFICIAL_LETTER.to_owned(),
        urgency: Urgency::Normal.as_str().to_owned(),
        ..Typed::default()
    }
}

fn propose(typed: &mut Typed, read: &ReadValues) {
    let before = kept(typed);
    let values = prefill(&values(typed), &values(&untouched()), &before, read);
    for (field, value) in values {
        *slot(typed, field) = value;
    }
    typed.read = read.iter().map(|(field, read)| line(*field, read)).collect();
}

fn values(typed: &Typed) -> FormValues {
    let mut typed = typed.clone();
    RegistrationField::ALL
        .iter()
        .map(|field| (*field, std::mem::take(slot(&mut typed, *field))))
        .collect()
}

fn slot(typed: &mut Typed, field: RegistrationField) -> &mut String {
    match field {
        RegistrationField::Sender => &mut typed.sender_name,
        RegistrationField::Number => &mut typed.number,
        RegistrationField::Symbol => &mut typed.symbol,
        RegistrationField::IssuedOn => &mut typed.issued_on,
        RegistrationField::DocumentType => &mut typed.type_key,
        RegistrationField::Subject => &mut typed.subject,
        RegistrationField::Urgency => &mut typed.urgency,
        RegistrationField::SignerName => &mut typed.signer_name,
        RegistrationField::SignerTitle => &mut typed.signer_title,
    }
}

/// What was read before, as the form carried it along: `number|sure|15`.
fn kept(typed: &Typed) -> ReadValues {
    let value = |line: &String| {
        let mut parts = line.splitn(3, '|');
        let field = RegistrationField::from_str(parts.next()?).ok()?;
        let is_doubtful = parts.next()? == "guess";
        Some((field, ReadValue::new(parts.next()?, is_doubtful)))
    };
    typed.read.iter().filter_map(value).collect()
}

fn line(field: RegistrationField, read: &ReadValue) -> String {
    let certainty = if read.is_doubtful { "guess" } else { "sure" };
    format!("{field}|{certainty}|{}", read.value)
}

/// How the fields of the form are marked.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    of: BTreeMap<RegistrationField, (&'static str, String)>,
}

impl Marks {
    /// The marks of the form as it stands. `shown` says how a value of a list reads.
    pub fn of(typed: &Typed, shown: impl Fn(RegistrationField, &str) -> String) -> Self {
        let read = kept(typed);
        let mut of = BTreeMap::new();
        for (field, value) in values(typed) {
            let mark = match agreement(field, &value, &read) {
                Agreement::NotRead => continue,
                Agreement::Proposed { is_doubtful: false } => {
                    ("from-file", "Đọc từ tệp, vui lòng kiểm tra.".to_owned())
                }
                Agreement::Proposed { is_doubtful: true } => (
                    "from-file is-doubtful",
                    "Đọc từ tệp nhưng chưa chắc chắn, vui lòng kiểm tra kỹ.".to_owned(),
                ),
                Agreement::Differs(value) => (
                    "from-file is-other",
                    format!("Trong tệp ghi: {}", shown(field, value)),
                ),
            };
            of.insert(field, mark);
        }
        Self { of }
    }

    /// The CSS class of a field.
    pub fn class(&self, field: &str) -> &str {
        self.get(field).map_or("", |(class, _)| *class)
    }

    /// The hint below a field: what was read, or what the form says otherwise.
    pub fn help<'a>(&'a self, field: &str, otherwise: &'a str) -> &'a str {
        self.get(field).map_or(otherwise, |(_, help)| help.as_str())
    }

    fn get(&self, field: &str) -> Option<&(&'static str, String)> {
        self.of.get(&RegistrationField::from_str(field).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(of: &[(RegistrationField, &str, bool)]) -> ReadValues {
        of.iter()
            .map(|(field, value, is_doubtful)| (*field, ReadValue::new(*value, *is_doubtful)))
            .collect()
    }

    #[test]
    fn cn_106_every_field_read_is_marked_and_the_form_carries_the_reading_along() {
        let mut typed = Typed {
            number: "16".to_owned(),
            ..untouched()
        };
        let found = read(&[
            (RegistrationField::Number, "15", false),
            (RegistrationField::Subject, "Về việc a|b", false),
            (RegistrationField::SignerName, "Trần Bình", true),
        ]);
        propose(&mut typed, &found);
        assert_eq!(
            (
                typed.number.as_str(),
                typed.subject.as_str(),
                typed.type_key.as_str()
            ),
            ("16", "Về việc a|b", "cong_van")
        );
        assert_eq!(kept(&typed), found);
        let marks = Marks::of(&typed, |_, value| value.to_owned());
        assert_eq!(marks.help("number", ""), "Trong tệp ghi: 15");
        assert_eq!(marks.help("subject", ""), "Đọc từ tệp, vui lòng kiểm tra.");
        assert!(marks.class("signer_name").contains("is-doubtful"));
        assert_eq!((marks.class("symbol"), marks.help("symbol", "x")), ("", "x"));
    }

    #[test]
    fn a_line_that_a_browser_made_up_is_no_reading() {
        let typed = Typed {
            read: vec![
                "number".into(),
                "khac|sure|1".into(),
                "symbol|sure".into(),
                String::new(),
            ],
            ..untouched()
        };
        assert!(kept(&typed).is_empty());
    }
}
