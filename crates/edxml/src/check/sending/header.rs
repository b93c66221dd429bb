//! The header of a document and what is to be done with it.

use std::collections::HashSet;

use super::{Check, TO};
use crate::{
    codes::priority_label,
    document_types::{ADMINISTRATIVE, NORMATIVE},
    identifier::DocumentIdentifier,
    model::{BusinessKind, DocumentMessage},
    text::quoted,
};

impl Check<'_> {
    pub(super) fn recipients(&mut self, message: &DocumentMessage) {
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

    pub(super) fn numbers(&mut self, message: &DocumentMessage) {
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

    pub(super) fn dates(&mut self, message: &DocumentMessage) {
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

    pub(super) fn texts(&mut self, message: &DocumentMessage) {
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

    pub(super) fn identifier(&mut self, message: &DocumentMessage) {
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

    pub(super) fn business(&mut self, message: &DocumentMessage) {
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
}
