//! What is to be sent: everything that a gateway or a receiver is known to reject (spec edxml 13.2).

mod files;
mod header;

use jiff::civil::Date;
use rules::file_rules::MAX_FILE_BYTES;

use super::{Finding, Severity};
use crate::{
    Message,
    codes::StatusCode,
    model::{DocumentMessage, Organ, StatusMessage},
    organ_code::OrganCodeForm,
    table,
    text::{Lines, quoted, value},
};

/// Which text of the regulation the receiver follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Generation {
    /// QCVN 102:2016/BTTTT: agency codes of 13 characters.
    First2016,
    /// With the amendment of 2022: up to 35.
    #[default]
    Amended2022,
}

/// What the check needs to know beside the message.
pub struct Sending<'a> {
    /// The day of sending, in Vietnam.
    pub today: Date,
    /// Which text of the regulation holds.
    pub generation: Generation,
    /// Whether the directory knows this code; a code in an unknown form is sent only if it does.
    pub is_listed: &'a dyn Fn(&str) -> bool,
    /// The one code of an agency that stands for all of its codes; the code itself when it has no others.
    pub canonical: &'a dyn Fn(&str) -> String,
    /// Whether the document is marked as a state secret.
    pub is_secret: bool,
    /// Whether the signatures in the first PDF are right; nothing when they were not checked.
    pub first_pdf_signed: Option<bool>,
    /// Largest file, in bytes (QC01-8.4: 50 MB).
    pub max_file: u64,
    /// Largest sum of files, in bytes.
    pub max_total: u64,
}

impl Sending<'_> {
    /// The strict rules without a directory: every well-formed code passes, no other does.
    #[must_use]
    pub fn on(today: Date) -> Self {
        Self {
            today,
            generation: Generation::default(),
            is_listed: &|_| false,
            canonical: &|code| code.trim().to_uppercase(),
            is_secret: false,
            first_pdf_signed: None,
            max_file: MAX_FILE_BYTES,
            max_total: 4 * MAX_FILE_BYTES,
        }
    }
}

/// Checks a message before it is sent. Every finding with [`Severity::Error`] forbids sending.
#[must_use]
pub fn before_sending(message: &Message, sending: &Sending<'_>) -> Vec<Finding> {
    let mut check = Check {
        sending,
        findings: Vec::new(),
    };
    match message {
        Message::Document(message) => check.document(message),
        Message::Status(message) => check.status(message),
    }
    check.findings
}

struct Check<'a> {
    sending: &'a Sending<'a>,
    findings: Vec<Finding>,
}

const TO: &str = "MessageHeader/To";

impl Check<'_> {
    fn add(&mut self, severity: Severity, rule: &str, element: &str, message: impl Into<String>) {
        self.findings.push(Finding {
            element: element.to_owned(),
            rule: rule.to_owned(),
            severity,
            message: message.into(),
        });
    }

    fn error(&mut self, rule: &str, element: &str, message: impl Into<String>) {
        self.add(Severity::Error, rule, element, message);
    }

    fn warn(&mut self, rule: &str, element: &str, message: impl Into<String>) {
        self.add(Severity::Warning, rule, element, message);
    }

    /// Presence and length by the table.
    fn text(&mut self, path: &str, text: Option<&str>) {
        let Some(field) = table::field_at(path) else {
            return;
        };
        match text.and_then(|text| value(text, Lines::Many)) {
            None if field.required => self.missing(path),
            None => {}
            Some(text) => {
                let length = text.chars().count();
                if let Some(max) = self.max(path, field).filter(|max| length > *max) {
                    self.error(
                        "length",
                        path,
                        format!(
                            "{} dài {length} ký tự, quá {max} ký tự. Đề nghị rút gọn.",
                            field.label
                        ),
                    );
                }
            }
        }
    }

    fn max(&self, path: &str, field: &table::Field) -> Option<usize> {
        match self.sending.generation {
            Generation::First2016 if path.ends_with("/OrganId") => Some(table::OLDER_ORGAN_ID),
            _ => field.max,
        }
    }

    fn missing(&mut self, path: &str) {
        let message = format!("Thiếu {}. Đề nghị bổ sung.", table::label(path).to_lowercase());
        self.error("required", path, message);
    }

    fn require(&mut self, path: &str, is_there: bool) {
        let is_required = table::field_at(path).is_some_and(|field| field.required);
        if is_required && !is_there {
            self.missing(path);
        }
    }

    fn document(&mut self, message: &DocumentMessage) {
        if self.sending.is_secret {
            self.error(
                "secret",
                "",
                "Văn bản có độ mật không được gửi qua trục liên thông. Đề nghị gửi theo quy định về bảo vệ bí mật nhà nước.",
            );
        }
        self.organ("MessageHeader/From", &message.from);
        self.recipients(message);
        self.numbers(message);
        self.dates(message);
        self.texts(message);
        self.identifier(message);
        self.business(message);
        self.attachments(&message.attachments);
    }

    fn organ(&mut self, path: &str, organ: &Organ) {
        let texts = [
            ("OrganId", Some(organ.organ_id.as_str())),
            ("OrganizationInCharge", organ.organization_in_charge.as_deref()),
            ("OrganName", organ.organ_name.as_deref()),
            ("OrganAdd", organ.organ_add.as_deref()),
            ("Email", organ.email.as_deref()),
            ("Telephone", organ.telephone.as_deref()),
            ("Fax", organ.fax.as_deref()),
            ("Website", organ.website.as_deref()),
        ];
        for (name, text) in texts {
            self.text(&format!("{path}/{name}"), text);
        }
        self.code(&format!("{path}/OrganId"), &organ.organ_id);
    }

    fn code(&mut self, path: &str, code: &str) {
        let form = OrganCodeForm::of(code);
        let fits = match self.sending.generation {
            Generation::First2016 => form == Some(OrganCodeForm::Older),
            Generation::Amended2022 => matches!(form, Some(form) if form != OrganCodeForm::Older),
        };
        if !code.is_empty() && !fits && !(self.sending.is_listed)(code) {
            let message = match form {
                Some(_) => format!(
                    "Mã định danh {} không theo dạng đang áp dụng và không có trong danh bạ. Đề nghị kiểm tra danh bạ cơ quan.",
                    quoted(code)
                ),
                None => format!(
                    "Mã định danh {} không đúng định dạng. Đề nghị kiểm tra danh bạ cơ quan.",
                    quoted(code)
                ),
            };
            self.error("organ_code", path, message);
        }
    }

    fn status(&mut self, message: &StatusMessage) {
        self.organ("MessageHeader/From", &message.from);
        let about = &message.response_for;
        for (name, text) in [
            ("OrganId", &about.organ_id),
            ("Code", &about.code),
            ("DocumentId", &about.document_id),
        ] {
            let path = format!("MessageHeader/ResponseFor/{name}");
            if text.as_deref().and_then(|text| value(text, Lines::One)).is_none() {
                self.missing(&path);
            } else {
                self.text(&path, text.as_deref());
            }
        }
        self.text("MessageHeader/Description", message.description.as_deref());
        match StatusCode::from_text(&message.status_code).filter(|code| code.text() == message.status_code) {
            None => self.error(
                "status_code",
                "MessageHeader/StatusCode",
                format!(
                    "Mã trạng thái {} không có trong danh mục.",
                    quoted(&message.status_code)
                ),
            ),
            Some(code) if code.needs_reason() && message.description.is_none() => self.error(
                "reason",
                "MessageHeader/Description",
                format!("Trạng thái “{}” phải kèm lý do. Đề nghị bổ sung.", code.label()),
            ),
            Some(_) => {}
        }
        if message.timestamp.is_none() {
            self.missing("MessageHeader/Timestamp");
        }
    }
}
