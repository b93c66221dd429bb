//! What `vanthu edxml show` prints, as JSON and for people. Absent values are null; keys are never left out.

use std::fmt::Write as _;

use edxml::{
    Message, Received, codes,
    codes::StatusCode,
    document_types, fingerprint,
    model::{
        Attachment, DocumentMessage, Organ, OtherInfo, Receiver, Replacement, ResponseFor, SignaturePresence,
        Signer, Staff, StatusMessage, TraceHeader,
    },
    warning::Warning,
};
use jiff::{Timestamp, civil::Date, tz::Offset};
use serde::Serialize;

/// One message, documents and states alike.
#[derive(Debug, Default, Serialize)]
pub struct Shown {
    /// `document` or `status`.
    kind: &'static str,
    business: Option<&'static str>,
    document_id: Option<String>,
    code_number: Option<String>,
    code_notation: Option<String>,
    place: Option<String>,
    promulgation_date: Option<Date>,
    type_name: Option<String>,
    /// The key of the type of ours that is meant.
    document_type: Option<&'static str>,
    subject: Option<String>,
    content: Option<String>,
    signer: Option<Signer>,
    due_date: Option<Date>,
    to_places: Vec<String>,
    other: Option<OtherInfo>,
    from: Organ,
    to: Vec<Organ>,
    response_for: Vec<ResponseFor>,
    trace_headers: Vec<TraceHeader>,
    /// The document that is revoked or updated.
    target_document_id: Option<String>,
    reason: Option<String>,
    paper: Option<bool>,
    status_code: Option<String>,
    status_label: Option<&'static str>,
    description: Option<String>,
    timestamp: Option<Timestamp>,
    staff: Option<Staff>,
    replacements: Vec<Replacement>,
    receivers: Vec<Receiver>,
    attachments: Vec<File>,
    message_signature: Option<SignaturePresence>,
    /// Equal for two receipts of the same sending.
    fingerprint: String,
    warnings: Vec<Warning>,
}

/// A file after unpacking; without size and digest when it is missing.
#[derive(Debug, Serialize)]
struct File {
    name: Option<String>,
    description: Option<String>,
    media_type: Option<String>,
    size: Option<u64>,
    sha256: Option<String>,
}

impl File {
    fn of(attachment: &Attachment) -> Self {
        let content = attachment.content.as_ref();
        Self {
            name: attachment.name.clone(),
            description: attachment.description.clone(),
            media_type: content.map(|content| content.media_type.clone()),
            size: content.map(|content| content.size),
            sha256: content.map(|content| hex::encode(content.sha256)),
        }
    }
}

impl Shown {
    /// Everything that there is to show.
    pub fn of(received: &Received) -> Self {
        let shown = match &received.message {
            Message::Document(message) => Self::document(message),
            Message::Status(message) => Self::status(message),
        };
        Self {
            fingerprint: hex::encode(fingerprint(&received.message)),
            warnings: received.warnings.clone(),
            ..shown
        }
    }

    fn document(message: &DocumentMessage) -> Self {
        let message = message.clone();
        let kind = document_types::classified(
            message.document_type.type_name.as_deref(),
            message.code_notation.as_deref(),
        );
        Self {
            kind: "document",
            business: Some(message.business.kind.as_str()),
            target_document_id: message.target_document_id().map(str::to_owned),
            document_type: kind.map(|(kind, _)| kind.key),
            attachments: message.attachments.iter().map(File::of).collect(),
            document_id: message.document_id,
            code_number: message.code_number,
            code_notation: message.code_notation,
            place: message.place,
            promulgation_date: message.promulgation_date,
            type_name: message.document_type.type_name,
            subject: message.subject,
            content: message.content,
            signer: Some(message.signer),
            due_date: message.due_date,
            to_places: message.to_places,
            other: Some(message.other),
            from: message.from,
            to: message.to,
            response_for: message.response_for,
            trace_headers: message.trace_headers,
            reason: message.business.reason,
            paper: message.business.paper,
            staff: Some(message.business.staff),
            replacements: message.business.replacements,
            receivers: message.business.receivers,
            message_signature: Some(message.message_signature),
            ..Self::default()
        }
    }

    fn status(message: &StatusMessage) -> Self {
        let message = message.clone();
        Self {
            kind: "status",
            from: message.from,
            to: message.to,
            response_for: vec![message.response_for],
            status_label: StatusCode::from_text(&message.status_code).map(StatusCode::label),
            status_code: Some(message.status_code),
            description: message.description,
            timestamp: message.timestamp,
            staff: Some(message.staff),
            ..Self::default()
        }
    }

    /// For people: one line for each thing that is there.
    pub fn listing(&self) -> String {
        let mut lines = Listing::default();
        lines.put("Thông điệp", Some(self.title()));
        lines.put("Mã định danh văn bản", self.document_id.clone());
        lines.put("Số, ký hiệu", self.code());
        lines.put("Loại văn bản", self.type_name.clone());
        lines.put(
            "Nơi, ngày ban hành",
            joined(&[self.place.clone(), self.promulgation_date.map(day)]),
        );
        lines.put("Trích yếu", self.subject.clone());
        if let Some(signer) = &self.signer {
            lines.put(
                "Người ký",
                joined(&[
                    signer.competence.clone(),
                    signer.position.clone(),
                    signer.full_name.clone(),
                ]),
            );
        }
        lines.put("Hạn trả lời", self.due_date.map(day));
        let urgency = self.other.as_ref().and_then(|other| other.priority);
        lines.put(
            "Mức độ khẩn",
            urgency.and_then(codes::priority_label).map(str::to_owned),
        );
        lines.put("Cơ quan gửi", organ(&self.from));
        for to in &self.to {
            lines.put("Cơ quan nhận", organ(to));
        }
        lines.put("Văn bản bị thu hồi, cập nhật", self.target_document_id.clone());
        for replacement in &self.replacements {
            lines.put("Thay thế văn bản", Some(replacement.document_id.clone()));
        }
        for response in &self.response_for {
            let about = response.document_id.clone().or_else(|| response.code.clone());
            lines.put("Văn bản liên quan", about);
        }
        lines.put("Lý do", self.reason.clone());
        lines.put(
            "Trạng thái",
            self.status_code.clone().map(|code| match self.status_label {
                Some(label) => format!("{code} – {label}"),
                None => code,
            }),
        );
        lines.put("Diễn giải", self.description.clone());
        lines.put("Thời điểm", self.timestamp.map(moment));
        if let Some(staff) = &self.staff {
            lines.put(
                "Cán bộ phụ trách",
                joined(&[
                    staff.staff.clone(),
                    staff.department.clone(),
                    staff.mobile.clone(),
                    staff.email.clone(),
                ]),
            );
        }
        for file in &self.attachments {
            lines.put("Tệp", Some(file_line(file)));
        }
        for warning in &self.warnings {
            lines.put("Cảnh báo", Some(warning.message.clone()));
        }
        lines.text
    }

    fn title(&self) -> String {
        let kind = match self.business {
            None => "Trạng thái xử lý văn bản",
            Some("revoke") => "Thu hồi văn bản",
            Some("update") => "Cập nhật văn bản",
            Some("replace") => "Văn bản thay thế",
            Some(_) => "Văn bản điện tử mới",
        };
        kind.to_owned()
    }

    fn code(&self) -> Option<String> {
        let parts: Vec<&str> = [&self.code_number, &self.code_notation]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        (!parts.is_empty()).then(|| parts.join("/"))
    }
}

#[derive(Default)]
struct Listing {
    text: String,
}

impl Listing {
    /// Foreign text must not move the cursor of a terminal or look like another line.
    fn put(&mut self, label: &str, value: Option<String>) {
        if let Some(value) = value {
            let value: String = value
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect();
            // Writing to a string cannot fail.
            let _ = writeln!(self.text, "{label}: {value}");
        }
    }
}

fn joined(parts: &[Option<String>]) -> Option<String> {
    let there: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
    (!there.is_empty()).then(|| there.join(", "))
}

fn organ(organ: &Organ) -> Option<String> {
    let id = Some(organ.organ_id.clone()).filter(|id| !id.is_empty());
    match (&organ.organ_name, id) {
        (Some(name), Some(id)) => Some(format!("{name} ({id})")),
        (Some(one), None) => Some(one.clone()),
        (None, id) => id,
    }
}

fn file_line(file: &File) -> String {
    let name = file.name.as_deref().unwrap_or("(không tên)");
    match (&file.media_type, file.size) {
        (Some(media_type), Some(size)) => format!("{name} ({media_type}, {size} byte)"),
        _ => format!("{name} (thiếu nội dung)"),
    }
}

fn day(date: Date) -> String {
    date.strftime("%d/%m/%Y").to_string()
}

fn moment(timestamp: Timestamp) -> String {
    Offset::constant(7)
        .to_datetime(timestamp)
        .strftime("%d/%m/%Y %H:%M:%S")
        .to_string()
}
