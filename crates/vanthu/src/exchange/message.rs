//! The messages of the hub contract.

use jiff::{Timestamp, civil::Date};
use rules::{
    exchange::{Business, StatusCode},
    ids::{DeliveryId, DispatchId, IncomingId, OutgoingId},
    urgency::Urgency,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is to be carried about an issued document, and to whom.
#[derive(Debug, Clone)]
pub struct Order {
    /// The document.
    pub outgoing: OutgoingId,
    /// New, recall, update, replace.
    pub business: Business,
    /// Lý do; empty for a new document.
    pub reason: String,
    /// Văn bản thông báo thu hồi, when a document carries the order (ND30-18.4).
    pub carrier: Option<OutgoingId>,
    /// What an update changes.
    pub changes: Changes,
    /// The files that go along.
    pub file_set: Option<Uuid>,
    /// The delivery lines; `None`: all that wait.
    pub lines: Option<Vec<DeliveryId>>,
}

impl Order {
    /// A document that its recipients do not have yet, to all lines that wait.
    pub fn new_document(outgoing: OutgoingId) -> Self {
        Self {
            outgoing,
            business: Business::New,
            reason: String::new(),
            carrier: None,
            changes: Changes::default(),
            file_set: None,
            lines: None,
        }
    }
}

/// What an update changes (CN-221): only what is `Some`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Changes {
    /// Trích yếu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Mức độ khẩn.
    #[schema(value_type = Option<String>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Option<Urgency>,
    /// Hạn trả lời.
    #[schema(value_type = Option<String>, format = Date)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub respond_by: Option<Date>,
    /// Người ký.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer_name: Option<String>,
    /// Chức vụ người ký.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer_title: Option<String>,
}

impl Changes {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// An order to carry one packet to one recipient; both together are the packet's identity on every attempt.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct DeliveryOrder {
    /// What is carried.
    pub dispatch: DispatchId,
    /// The delivery line of the sender.
    pub delivery: DeliveryId,
}

/// What a sender asks about a document that it sent before: a recall or an update (QD28-8.2, CN-221).
#[derive(Debug, Clone)]
pub struct SenderRequest {
    /// The message; the same on every attempt.
    pub id: Uuid,
    /// The document that arrived before.
    pub incoming: IncomingId,
    /// The sender's order, when it came through the hub: the answer names it.
    pub dispatch: Option<DispatchId>,
    /// [`Business::Recall`] or [`Business::Update`].
    pub business: Business,
    /// Lý do.
    pub reason: String,
    /// Who asks at the sender.
    pub staff: String,
    /// What an update changes.
    pub changes: Changes,
    /// The files of an update.
    pub file_set: Option<Uuid>,
    /// The notice, when it arrived as a document of its own.
    pub carrier: Option<IncomingId>,
    /// When it was asked.
    pub at: Timestamp,
}

/// A status message to the sender (QĐ 28 Điều 10.2h).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StatusMessage {
    /// The message; the same on every attempt.
    pub id: Uuid,
    /// The delivery line it is about.
    pub delivery: DeliveryId,
    /// The order that 15 and 16 answer, when the recipient names it; else the newest open one is meant.
    #[serde(default)]
    pub dispatch: Option<DispatchId>,
    /// 01 … 16.
    pub code: StatusCode,
    /// What happened, or the reason of a refusal.
    pub description: String,
    /// Số đến, once registered.
    pub arrival_number: Option<i64>,
    /// Who acted at the recipient.
    pub staff: String,
    /// When it happened there.
    pub at: Timestamp,
}

impl StatusMessage {
    /// What is said, without who says it: over the axis a description begins with the person and the agency (spec edxml 6),
    /// which stand in the message by themselves.
    pub fn said(&self) -> &str {
        let whole = self.description.trim();
        whole
            .strip_prefix(self.staff.as_str())
            .filter(|_| !self.staff.is_empty())
            .and_then(|rest| rest.strip_prefix(" - "))
            .and_then(|rest| rest.split_once(": "))
            .map_or(whole, |(_, said)| said.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_says_it_is_not_part_of_what_is_said() {
        let said = |staff: &str, description: &str| {
            let message = StatusMessage {
                id: Uuid::nil(),
                delivery: DeliveryId::from_uuid(Uuid::nil()),
                dispatch: None,
                code: StatusCode::Refused,
                description: description.to_owned(),
                arrival_number: None,
                staff: staff.to_owned(),
                at: Timestamp::UNIX_EPOCH,
            };
            message.said().to_owned()
        };
        let staff = "Mai Thị Thư, Văn thư";
        let wire = "Mai Thị Thư, Văn thư - Bộ Mẫu: Không nhận: sai thẩm quyền";
        assert_eq!(said(staff, wire), "Không nhận: sai thẩm quyền");
        assert_eq!(said("Hệ thống", "Hệ thống - Bộ Mẫu: Đã đến"), "Đã đến");
        assert_eq!(said("", "Sai thẩm quyền: trả lại"), "Sai thẩm quyền: trả lại");
        assert_eq!(said("Hệ thống", " Đã đến "), "Đã đến");
        let other = "Mai Thị Thư, Văn thư - trả lại";
        assert_eq!(said(staff, other), other);
    }
}
