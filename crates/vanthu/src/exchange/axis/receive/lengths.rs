//! Texts of other systems at sane lengths: whatever comes fits into rows, indexes and pages, and no packet is lost for it. The bytes
//! of the packet keep everything.

use edxml::{
    Message,
    model::{DocumentMessage, Organ, ResponseFor, Staff, StatusMessage},
};
use store::Digest;

/// Identifiers and codes: what does not fit keeps its beginning and a digest of the whole, so that it stays one and the same.
const IDENTIFIER: usize = 200;
/// Names of agencies, people, posts.
const NAME: usize = 500;
/// Subjects, reasons, descriptions.
const TEXT: usize = 2000;
/// Names of files.
const FILE_NAME: usize = 250;

/// Shortens what is too long; whether anything was.
pub fn shorten(message: &mut Message) -> bool {
    let mut texts = Texts::default();
    match message {
        Message::Document(message) => texts.document(message),
        Message::Status(message) => texts.status(message),
    }
    texts.were_long
}

#[derive(Default)]
struct Texts {
    were_long: bool,
}

impl Texts {
    fn text(&mut self, text: &mut String, most: usize) {
        if text.chars().count() > most {
            *text = text.chars().take(most - 1).chain(['…']).collect();
            self.were_long = true;
        }
    }

    fn identifier(&mut self, text: &mut String) {
        if text.chars().count() > IDENTIFIER {
            let digest = Digest::of(text.as_bytes()).to_string();
            let kept = text.chars().take(IDENTIFIER - 17).chain(['~']);
            *text = kept.chain(digest.chars().take(16)).collect();
            self.were_long = true;
        }
    }

    /// The end of a file's name says what it is.
    fn file_name(&mut self, name: &mut String) {
        let length = name.chars().count();
        if length > FILE_NAME {
            let end: String = name.chars().skip(length - 20).collect();
            *name = name
                .chars()
                .take(FILE_NAME - 21)
                .chain(['…'])
                .chain(end.chars())
                .collect();
            self.were_long = true;
        }
    }

    fn texts<'a>(&mut self, texts: impl IntoIterator<Item = &'a mut Option<String>>, most: usize) {
        for text in texts.into_iter().flatten() {
            self.text(text, most);
        }
    }

    fn identifiers<'a>(&mut self, texts: impl IntoIterator<Item = &'a mut Option<String>>) {
        for text in texts.into_iter().flatten() {
            self.identifier(text);
        }
    }

    fn organ(&mut self, organ: &mut Organ) {
        self.identifier(&mut organ.organ_id);
        let names = [
            &mut organ.organization_in_charge,
            &mut organ.organ_name,
            &mut organ.organ_add,
        ];
        self.texts(names, NAME);
    }

    fn staff(&mut self, staff: &mut Staff) {
        self.texts([&mut staff.department, &mut staff.staff], NAME);
    }

    fn response(&mut self, about: &mut ResponseFor) {
        self.identifiers([&mut about.organ_id, &mut about.code, &mut about.document_id]);
    }

    fn document(&mut self, message: &mut DocumentMessage) {
        self.organ(&mut message.from);
        for organ in &mut message.to {
            self.organ(organ);
        }
        self.identifiers([
            &mut message.document_id,
            &mut message.code_number,
            &mut message.code_notation,
            &mut message.business.document_id,
        ]);
        for about in &mut message.response_for {
            self.response(about);
        }
        for replacement in &mut message.business.replacements {
            self.identifier(&mut replacement.document_id);
        }
        let signer = &mut message.signer;
        let names = [
            &mut signer.competence,
            &mut signer.position,
            &mut signer.full_name,
            &mut message.document_type.type_name,
        ];
        self.texts(names, NAME);
        self.staff(&mut message.business.staff);
        let texts = [
            &mut message.subject,
            &mut message.content,
            &mut message.business.reason,
        ];
        self.texts(texts, TEXT);
        for name in message
            .attachments
            .iter_mut()
            .filter_map(|attachment| attachment.name.as_mut())
        {
            self.file_name(name);
        }
    }

    fn status(&mut self, message: &mut StatusMessage) {
        self.organ(&mut message.from);
        self.response(&mut message.response_for);
        self.identifier(&mut message.status_code);
        self.texts([&mut message.description], TEXT);
        self.staff(&mut message.staff);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edxml_13_1_r9_long_texts_are_shortened_and_identifiers_stay_apart() {
        let long = |end: &str| format!("{}{end}", "Đ".repeat(5000));
        let message = |end: &str| {
            Message::Document(Box::new(DocumentMessage {
                from: Organ {
                    organ_id: "G99".to_owned(),
                    organ_name: Some(long("")),
                    ..Organ::default()
                },
                document_id: Some(long(end)),
                subject: Some(long(end)),
                ..DocumentMessage::default()
            }))
        };
        let short = |end: &str| {
            let mut message = message(end);
            assert!(shorten(&mut message));
            assert!(!shorten(&mut message));
            message.as_document().cloned().unwrap()
        };
        let (one, same, other) = (short("1"), short("1"), short("2"));
        let length = |text: &Option<String>| text.as_deref().unwrap().chars().count();
        assert_eq!(length(&one.from.organ_name), NAME);
        assert_eq!(length(&one.subject), TEXT);
        assert_eq!(length(&one.document_id), IDENTIFIER);
        assert_eq!(one.document_id, same.document_id);
        assert_ne!(one.document_id, other.document_id);
    }

    #[test]
    fn a_long_name_of_a_file_keeps_its_ending() {
        let mut texts = Texts::default();
        let mut name = format!("{}.pdf", "a".repeat(4000));
        texts.file_name(&mut name);
        assert_eq!(name.chars().count(), FILE_NAME);
        assert!(name.ends_with(".pdf") && texts.were_long);
    }
}
