//! What stands in a bundle of evidence (gói chứng cứ): a ZIP that anybody can open, and a check that needs no server.
//!
//! | Part | Content |
//! |---|---|
//! | `chung-cu.json` | [`Manifest`]: what the bundle is about, every part with its SHA-256, every state with its time |
//! | `nhat-ky.json` | `store::journal::Proof`: the journal's entries about it and their way into the chain of seals |
//! | `goi-tin/` | packets, byte for byte as they were sent or received |
//! | `tep/` | the files of the document |

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Version of this format.
pub const FORMAT: &str = "vanthu-evidence-1";
/// Name of the manifest.
pub const MANIFEST: &str = "chung-cu.json";
/// Name of the journal's proof.
pub const JOURNAL: &str = "nhat-ky.json";

/// What a bundle is about and what lies in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Who had it made, name and title.
    pub made_by: String,
    /// From which side.
    pub side: Side,
    /// The journal object: the outgoing document of the sender, or the incoming one of the recipient.
    pub object: Uuid,
    /// The sender's delivery line.
    pub delivery: Option<Uuid>,
    /// `internal` or `axis`.
    pub channel: String,
    /// Mã định danh văn bản.
    pub document_code: Option<String>,
    /// Số, ký hiệu: `12/QĐ-UBND`.
    pub number_and_symbol: String,
    /// Trích yếu.
    pub subject: String,
    /// Who sent it.
    pub sender: Party,
    /// To whom.
    pub recipient: Party,
    /// Where it stands: `rules::exchange::DeliveryState` of the sender, `rules::incoming::IncomingState` of the recipient.
    pub state: String,
    /// Every state message, oldest first.
    pub events: Vec<Event>,
    /// Every other file in the bundle.
    pub parts: Vec<Part>,
}

/// From which side a bundle tells the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The issuing agency: sent, and what came back.
    Sender,
    /// The receiving agency: arrived, and what was answered.
    Recipient,
}

/// An agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Its name.
    pub name: String,
    /// Mã định danh.
    pub code: Option<String>,
}

/// A state message (QĐ 28 Điều 10.2h).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// 01 … 16.
    pub code: String,
    /// What was said.
    pub description: String,
    /// Who said it.
    pub staff: String,
    /// When it happened there.
    pub at: Timestamp,
    /// When it was taken down here.
    pub received_at: Timestamp,
}

/// A file in the bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its name in the ZIP.
    pub path: String,
    /// What it is.
    pub role: Role,
    /// Its name as people know it.
    pub name: String,
    /// SHA-256, hex.
    pub sha256: String,
    /// Size in bytes.
    pub size: u64,
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The packet that carried the document, a recall, an update.
    Packet,
    /// A state message as a packet.
    Receipt,
    /// A file of the document.
    File,
}
