//! What is to be sent: everything that a gateway or a receiver is known to reject (spec edxml 13.2).

use std::collections::HashSet;

use jiff::civil::Date;
use rules::file_rules::MAX_FILE_BYTES;

use super::{Finding, Severity};
use crate::{
    Message,
    codes::{StatusCode, priority_label},
    document_types::{ADMINISTRATIVE, NORMATIVE},
    identifier::DocumentIdentifier,
    model::{Attachment, BusinessKind, DocumentMessage, Organ, StatusMessage},
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

    fn recipients(&mut self, message: &DocumentMessage) {
        if message.to.is_empty() {
            self.missing(TO);
        }
        let sender = (self.sending.canonical)(&message.from.organ_id);
        let mut known = HashSet::new();
        for to in &message.to {
            self.organ(TO, to);
            if to.organ_id.is_empty() {
                continue;
            }
            let canonical = (self.sending.canonical)(&to.organ_id);
            if canonical == sender {
                self.error(
                    "recipient_self",
                    TO,
                    format!(
                        "Cơ quan nhận {} là chính cơ quan gửi. Đề nghị bỏ khỏi danh sách.",
                        quoted(&to.organ_id)
                    ),
                );
            }
            if !known.insert(canonical) {
                self.error(
                    "recipient_duplicate",
                    TO,
                    format!(
                        "Cơ quan nhận {} có nhiều lần trong danh sách. Đề nghị bỏ bớt.",
                        quoted(&to.organ_id)
                    ),
                );
            }
        }
    }

    fn numbers(&mut self, message: &DocumentMessage) {
        let number = "MessageHeader/Code/CodeNumber";
        self.text(number, message.code_number.as_deref());
        self.text(
            "MessageHeader/Code/CodeNotation",
            message.code_notation.as_deref(),
        );
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if message.code_number.as_deref().is_some_and(|text| !digits(text)) {
            self.error(
                "number_digits",
                number,
                "Số văn bản phải gồm các chữ số. Đề nghị ghi ký hiệu vào trường ký hiệu.",
            );
        }
        let kind = &message.document_type;
        let group = "MessageHeader/DocumentType/Type";
        self.require(group, kind.type_group.is_some());
        if kind
            .type_group
            .is_some_and(|group| group != NORMATIVE && group != ADMINISTRATIVE)
        {
            self.error(
                "type_group",
                group,
                "Nhóm loại văn bản phải là 1 (quy phạm pháp luật) hoặc 2 (hành chính).",
            );
        }
        let other = &message.other;
        if other
            .priority
            .is_some_and(|priority| priority_label(priority).is_none())
        {
            self.error(
                "priority",
                "MessageHeader/OtherInfo/Priority",
                "Mức độ khẩn phải từ 0 đến 4.",
            );
        }
        for (name, amount) in [
            ("PromulgationAmount", other.promulgation_amount),
            ("PageAmount", other.page_amount),
        ] {
            let text = amount.map(|amount| amount.to_string());
            self.text(&format!("MessageHeader/OtherInfo/{name}"), text.as_deref());
        }
    }

    fn dates(&mut self, message: &DocumentMessage) {
        let issued = "MessageHeader/PromulgationInfo/PromulgationDate";
        self.require(issued, message.promulgation_date.is_some());
        if message
            .promulgation_date
            .is_some_and(|date| date > self.sending.today)
        {
            self.error(
                "date_future",
                issued,
                "Ngày ban hành ở tương lai. Đề nghị kiểm tra lại ngày ban hành.",
            );
        }
        if let (Some(issued), Some(due)) = (message.promulgation_date, message.due_date)
            && due < issued
        {
            self.error(
                "due_date",
                "MessageHeader/DueDate",
                "Hạn trả lời trước ngày ban hành. Đề nghị kiểm tra lại hạn trả lời.",
            );
        }
        let trace = "TraceHeaderList/TraceHeader/Timestamp";
        self.require(
            trace,
            message.trace_headers.iter().any(|node| node.timestamp.is_some()),
        );
    }

    fn texts(&mut self, message: &DocumentMessage) {
        for (path, text) in [
            ("PromulgationInfo/Place", message.place.as_deref()),
            (
                "DocumentType/TypeName",
                message.document_type.type_name.as_deref(),
            ),
            ("Subject", message.subject.as_deref()),
            ("Content", message.content.as_deref()),
            ("SignerInfo/Competence", message.signer.competence.as_deref()),
            ("SignerInfo/Position", message.signer.position.as_deref()),
            ("SignerInfo/FullName", message.signer.full_name.as_deref()),
            ("OtherInfo/SphereOfPromulgation", message.other.sphere.as_deref()),
            ("OtherInfo/TyperNotation", message.other.typer_notation.as_deref()),
        ] {
            self.text(&format!("MessageHeader/{path}"), text);
        }
        for place in &message.to_places {
            self.text("MessageHeader/ToPlaces/Place", Some(place));
        }
        for appendix in &message.other.appendixes {
            self.text("MessageHeader/OtherInfo/Appendixes/Appendix", Some(appendix));
        }
        for response in &message.response_for {
            self.text("MessageHeader/ResponseFor/OrganId", response.organ_id.as_deref());
            self.text("MessageHeader/ResponseFor/Code", response.code.as_deref());
            self.text(
                "MessageHeader/ResponseFor/DocumentId",
                response.document_id.as_deref(),
            );
        }
    }

    fn identifier(&mut self, message: &DocumentMessage) {
        let path = "MessageHeader/DocumentId";
        self.text(path, message.document_id.as_deref());
        let Some(text) = message.document_id.as_deref() else {
            return;
        };
        match DocumentIdentifier::parse(text) {
            DocumentIdentifier::Opaque { .. } => self.error(
                "document_id",
                path,
                format!(
                    "Mã định danh văn bản {} không đúng dạng “mã cơ quan,ngày,số/ký hiệu”.",
                    quoted(text)
                ),
            ),
            DocumentIdentifier::Structured { code, .. } => {
                // The agency's code may have changed since; number and symbol may not.
                if message.code().is_some_and(|own| own != code) {
                    self.warn(
                        "document_id_code",
                        path,
                        "Mã định danh văn bản không khớp số, ký hiệu của văn bản. Đề nghị kiểm tra lại.",
                    );
                }
            }
        }
    }

    fn business(&mut self, message: &DocumentMessage) {
        const PATH: &str = "TraceHeaderList/Bussiness";
        let business = &message.business;
        self.text(&format!("{PATH}/DocumentId"), business.document_id.as_deref());
        self.text(&format!("{PATH}/BussinessDocReason"), business.reason.as_deref());
        for (name, text) in [
            ("Department", &business.staff.department),
            ("Staff", &business.staff.staff),
            ("Mobile", &business.staff.mobile),
            ("Email", &business.staff.email),
        ] {
            self.text(&format!("{PATH}/StaffInfo/{name}"), text.as_deref());
        }
        let changes_another = matches!(business.kind, BusinessKind::Revoke | BusinessKind::Update);
        if changes_another && business.document_id.is_none() {
            self.error(
                "target",
                &format!("{PATH}/DocumentId"),
                "Thiếu mã định danh của văn bản bị thu hồi hoặc cập nhật. Đề nghị bổ sung.",
            );
        }
        if business.kind == BusinessKind::Revoke && business.reason.is_none() {
            self.error(
                "reason",
                &format!("{PATH}/BussinessDocReason"),
                "Thiếu lý do thu hồi văn bản. Đề nghị bổ sung.",
            );
        }
        let replaces = business
            .replacements
            .iter()
            .any(|entry| !entry.document_id.is_empty());
        if business.kind == BusinessKind::Replace && !replaces {
            self.error(
                "replacement",
                &format!("{PATH}/ReplacementInfoList"),
                "Thiếu mã định danh của văn bản bị thay thế. Đề nghị bổ sung.",
            );
        }
        if business.document_receiver == Some(true) && business.receivers.is_empty() {
            self.error(
                "receivers",
                &format!("{PATH}/BussinessDocumentInfo/ReceiverList"),
                "Nơi nhận thay đổi nhưng không có danh sách thay đổi. Đề nghị bổ sung.",
            );
        }
        for receiver in &business.receivers {
            let path = format!("{PATH}/BussinessDocumentInfo/ReceiverList/Receiver/OrganId");
            self.text(&path, Some(&receiver.organ_id));
            self.code(&path, &receiver.organ_id);
            if receiver.change.is_none() {
                self.error(
                    "receivers",
                    &path,
                    format!(
                        "Không rõ {} được thêm hay bớt. Đề nghị bổ sung.",
                        quoted(&receiver.organ_id)
                    ),
                );
            }
        }
    }

    fn attachments(&mut self, attachments: &[Attachment]) {
        const PATH: &str = "AttachmentEncoded/Attachment";
        let Some(first) = attachments.first() else {
            self.error(
                "attachment_missing",
                PATH,
                "Thông điệp không có tệp văn bản. Đề nghị đính kèm tệp PDF đã ký số.",
            );
            return;
        };
        let mut total = 0_u64;
        let mut names = HashSet::new();
        for file in attachments {
            let name = file.name.as_deref().unwrap_or_default();
            self.text(&format!("{PATH}/AttachmentName"), file.name.as_deref());
            if !name.is_empty() && !viet_text::is_valid_file_name(name) {
                self.error("file_name", name, format!("Tên tệp {} phải không dấu, không ký tự đặc biệt, không quá 50 ký tự. Đề nghị đổi thành “{}”.", quoted(name), viet_text::corrected_file_name(name)));
            }
            if !names.insert(name.to_lowercase()) {
                self.error(
                    "file_name_duplicate",
                    name,
                    format!("Có nhiều tệp cùng tên {}. Đề nghị đổi tên.", quoted(name)),
                );
            }
            let Some(content) = &file.content else {
                self.error(
                    "attachment_content",
                    name,
                    format!("Tệp {} không có nội dung. Đề nghị đính kèm lại.", quoted(name)),
                );
                continue;
            };
            total = total.saturating_add(content.size);
            if content.size > self.sending.max_file {
                self.error(
                    "attachment_size",
                    name,
                    format!(
                        "Tệp {} lớn hơn {} MB. Đề nghị giảm kích thước.",
                        quoted(name),
                        self.sending.max_file / 1024 / 1024
                    ),
                );
            }
        }
        if total > self.sending.max_total {
            self.error(
                "attachments_total",
                PATH,
                format!(
                    "Tổng các tệp lớn hơn {} MB. Đề nghị chia thành nhiều thông điệp.",
                    self.sending.max_total / 1024 / 1024
                ),
            );
        }
        let name = first.name.as_deref().unwrap_or_default();
        let is_pdf = first
            .content
            .as_ref()
            .is_none_or(|content| content.media_type == "application/pdf");
        if !is_pdf {
            self.error(
                "first_pdf",
                name,
                "Tệp đầu tiên phải là tệp PDF của văn bản đã ký số. Đề nghị sắp xếp lại.",
            );
            return;
        }
        match self.sending.first_pdf_signed {
            Some(true) => {}
            Some(false) => self.error(
                "first_pdf_signature",
                name,
                "Chữ ký số trên tệp văn bản không hợp lệ. Đề nghị ký lại.",
            ),
            None => self.warn(
                "first_pdf_signature",
                name,
                "Chữ ký số trên tệp văn bản chưa được kiểm tra.",
            ),
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
