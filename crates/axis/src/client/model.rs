//! What goes to and comes from an axis.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a packet is: a document (new, revoking, updating or replacing) or a status message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MessageKind {
    /// A document.
    #[serde(rename = "edoc")]
    Document,
    /// A status message.
    #[serde(rename = "status")]
    Status,
}

impl MessageKind {
    /// `edoc` or `status`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Document => "edoc",
            Self::Status => "status",
        }
    }

    /// The kind named so.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "edoc" => Some(Self::Document),
            "status" => Some(Self::Status),
            _ => None,
        }
    }
}

impl fmt::Display for MessageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The state of a packet on the axis: acknowledgement of transport, not of the document's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PacketStatus {
    /// Lies there; nobody has fetched it.
    Initial,
    /// Fetched.
    Processing,
    /// Stored by the recipient; leaves the list.
    Done,
    /// Unreadable for the recipient; leaves the list.
    Fail,
}

impl PacketStatus {
    /// As the axis spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Processing => "processing",
            Self::Done => "done",
            Self::Fail => "fail",
        }
    }

    /// The status spelled so, whatever the letter case.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Initial, Self::Processing, Self::Done, Self::Fail]
            .into_iter()
            .find(|s| text.trim().eq_ignore_ascii_case(s.as_str()))
    }
}

/// A window of time of a list; `None` is open. The axis bounds lists by nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// From when.
    pub from: Option<Timestamp>,
    /// Until when.
    pub to: Option<Timestamp>,
}

/// Which sent packets are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SentQuery {
    /// Only the packets of this id, as [`Sent::doc_id`] named it.
    pub doc_id: Option<String>,
    /// When they were sent. That the axis heeds it in this list is not confirmed: check `sent_at` of what comes.
    pub window: Window,
}

/// One agency of the old directory (`getAgenciesList`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Agency {
    /// The axis' id of the entry.
    pub id: String,
    /// Id of the entry above it.
    pub parent_id: Option<String>,
    /// Code of the agency (mã định danh).
    pub code: String,
    /// Name.
    pub name: String,
    /// E-mail.
    pub mail: Option<String>,
    /// The code of 13 characters it had before QĐ 20/2020.
    pub old_code: Option<String>,
}

/// One agency with its code of QĐ 20/2020 (`getAgenciesListQD20`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AgencyQd20 {
    /// The axis' id of the entry.
    pub id: String,
    /// The new code.
    pub code: String,
    /// Name.
    pub name: String,
    /// E-mail.
    pub mail: Option<String>,
    /// The old code (QCVN 102:2016).
    pub old_code: Option<String>,
}

/// One unit of `getSynchronizeUnit`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Unit {
    /// The axis' id of the entry.
    pub id: String,
    /// Id of the entry above it.
    pub parent_id: Option<String>,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// E-mail.
    pub mail: Option<String>,
    /// Version of the entry, as the axis counts.
    pub version: Option<String>,
    /// Code of the centre that keeps the entry.
    pub center_code: Option<String>,
    /// Whether the unit exists no more.
    pub deleted: bool,
    /// When the entry changed, as the axis writes it.
    pub modified: Option<String>,
    /// Whether it is an agency, not a part of one.
    pub is_agency: bool,
}

/// An agency that is registered on the axis.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NewAgency {
    /// Id.
    pub id: String,
    /// Code of the agency above it.
    #[serde(rename = "pcode")]
    pub parent_code: String,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// E-mail.
    pub mail: String,
    /// Telephone.
    pub mobile: String,
    /// Fax.
    pub fax: String,
}

/// A packet that waits for us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedRow {
    /// The axis' id of the packet; opaque.
    pub doc_id: String,
    /// What it is; `None` when the axis says something unknown.
    pub kind: Option<MessageKind>,
    /// Code of the sender, as the channel knows it.
    pub from: String,
    /// Code to which it is addressed.
    pub to: String,
    /// When it was taken; `None` when the axis writes something unreadable.
    pub created_at: Option<Timestamp>,
    /// When its status changed.
    pub updated_at: Option<Timestamp>,
    /// Its status, as the axis spells it; see [`PacketStatus::parse`].
    pub status: String,
    /// Why.
    pub status_desc: Option<String>,
}

/// One packet of ours on its way to one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentRow {
    /// What it is.
    pub kind: Option<MessageKind>,
    /// Code of the sender.
    pub from: String,
    /// Code of the recipient.
    pub to: String,
    /// The id that sending returned.
    pub sender_doc_id: String,
    /// The id under which the recipient sees it.
    pub receiver_doc_id: Option<String>,
    /// Subject of the document (trích yếu).
    pub title: Option<String>,
    /// Number and notation of the document (số, ký hiệu).
    pub notation: Option<String>,
    /// When it was taken.
    pub sent_at: Option<Timestamp>,
    /// How sending went, as the axis spells it.
    pub send_status: Option<String>,
    /// More of it.
    pub send_status_desc: Option<String>,
    /// When the recipient fetched it.
    pub received_at: Option<Timestamp>,
    /// Its [`PacketStatus`] at the recipient, as the axis spells it.
    pub receive_status: Option<String>,
    /// More of it.
    pub receive_status_desc: Option<String>,
}

/// A packet that the axis has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The axis' id of it: `sender_doc_id` of [`SentRow`].
    pub doc_id: String,
    /// SHA-256 of what was sent (without the line break that settings may add).
    pub sha256: [u8; 32],
    /// Its bytes.
    pub bytes: u64,
}

/// A packet that was fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fetched {
    /// SHA-256 of it.
    pub sha256: [u8; 32],
    /// Its bytes.
    pub bytes: u64,
}
