//! The messages of the hub contract.

use jiff::Timestamp;
use rules::{exchange::StatusCode, ids::DeliveryId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An order to carry an issued document to one recipient. The line's id is the packet's id, on every attempt.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct DeliveryOrder {
    /// The delivery line of the sender.
    pub delivery: DeliveryId,
}

/// A status message to the sender (QĐ 28 Điều 10.2h).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StatusMessage {
    /// The message; the same on every attempt.
    pub id: Uuid,
    /// The delivery line it is about.
    pub delivery: DeliveryId,
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
