//! A packet on our side.

use rules::ids::{AgencyId, PacketId};
use store::{Digest, Row};
use uuid::Uuid;

/// A row of the inbox, as the work on it needs it.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Its id.
    pub id: Uuid,
    /// The axis' id.
    pub doc_id: String,
    /// Code of the sender, as the channel knows it.
    pub from: String,
    /// Code that it was addressed to, as the axis says.
    pub to: String,
    /// The agency that a clerk took it for.
    pub agency: Option<AgencyId>,
    /// SHA-256 of the bytes, once fetched.
    pub sha256: Option<Vec<u8>>,
    /// SHA-256 of bytes that could not be read.
    pub unreadable: Option<Vec<u8>>,
    /// Attempts so far.
    pub attempts: u32,
}

impl Incoming {
    /// Reads a row.
    ///
    /// # Errors
    /// When a column does not fit.
    pub fn of(row: &Row) -> store::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            doc_id: row.get("axis_doc_id")?,
            from: row.get("from_code")?,
            to: row.get("to_code")?,
            agency: row.get("agency_id")?,
            sha256: row.get("sha256")?,
            unreadable: row.get("unreadable")?,
            attempts: row.get("attempts")?,
        })
    }

    /// The packet's id in the hub contract.
    pub fn packet(&self) -> PacketId {
        PacketId::from_uuid(self.id)
    }

    /// Whether the same bytes could not be read before.
    pub fn is_unreadable_again(&self, digest: Digest) -> bool {
        self.unreadable.as_deref() == Some(digest.as_bytes())
    }
}
