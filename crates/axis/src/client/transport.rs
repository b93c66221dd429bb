//! What any axis can do.

use std::fmt::Debug;

use async_trait::async_trait;
use tokio::io::AsyncWrite;

use super::{
    Agency, AgencyQd20, AxisError, Fetched, Listing, MessageKind, NewAgency, PacketSource, PacketStatus,
    ReceivedRow, Sent, SentQuery, SentRow, Unit, Window,
};

/// A packet to send.
#[derive(Clone, Copy)]
pub struct SendRequest<'a> {
    /// Its bytes.
    pub source: &'a dyn PacketSource,
    /// Code of the sending agency.
    pub from: &'a str,
    /// Codes of the recipients; one packet for all of them.
    pub to: &'a [String],
    /// What it is.
    pub kind: MessageKind,
}

impl Debug for SendRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SendRequest")
            .field("from", &self.from)
            .field("to", &self.to)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// One connection to an axis. Every error says what to do next: [`AxisError::advice`].
#[async_trait]
pub trait AxisTransport: Debug + Send + Sync {
    /// The old directory: more than 111 000 entries, read as they come. A listing that ended with an error is not the
    /// whole directory: nothing may be deleted because it was missing in it.
    ///
    /// # Errors
    /// When the call fails before the first entry; later failures come out of the listing.
    async fn list_agencies(&self) -> Result<Listing<Agency>, AxisError>;

    /// The directory with codes of QĐ 20/2020; all levels, or one.
    ///
    /// # Errors
    /// As [`Self::list_agencies`].
    async fn list_agencies_qd20(&self, level: Option<u8>) -> Result<Listing<AgencyQd20>, AxisError>;

    /// Units with versions and marks of deletion.
    ///
    /// # Errors
    /// As [`Self::list_agencies`].
    async fn synchronise_units(&self) -> Result<Listing<Unit>, AxisError>;

    /// Registers an agency.
    ///
    /// # Errors
    /// When the axis refuses or cannot be asked.
    async fn register_agency(&self, agency: &NewAgency) -> Result<(), AxisError>;

    /// Deletes an agency.
    ///
    /// # Errors
    /// When the axis refuses or cannot be asked.
    async fn delete_agency(&self, code: &str) -> Result<(), AxisError>;

    /// Sends a packet. After an error with [`super::Advice::LookUp`] the caller asks [`Self::list_sent`] before it tries
    /// again ([`super::find_sent`] helps).
    ///
    /// # Errors
    /// When the axis refuses, cannot be asked, or its answer is lost.
    async fn send(&self, request: SendRequest<'_>) -> Result<Sent, AxisError>;

    /// Packets that wait for us: neither `done` nor `fail`. A row without an id is left out, as nobody could fetch it.
    ///
    /// # Errors
    /// When the list does not come whole; an empty answer is an error, an empty list is not.
    async fn list_received(&self, kind: MessageKind, window: Window) -> Result<Vec<ReceivedRow>, AxisError>;

    /// Our packets, one row for each recipient. What is not in it was not taken, as far as the axis knows: so it is whole or
    /// an error.
    ///
    /// # Errors
    /// When the list does not come whole; always ([`AxisError::Invalid`]) where there is no such list, as on a province's
    /// platform.
    async fn list_sent(&self, kind: MessageKind, query: &SentQuery) -> Result<Vec<SentRow>, AxisError>;

    /// Fetches a packet (base64 inside JSON) and writes its bytes as they come, `limit` at most. After an error the
    /// writer may hold a part of the packet.
    ///
    /// # Errors
    /// When it does not come whole, is empty, or is larger than `limit`.
    async fn get_packet(
        &self,
        doc_id: &str,
        to: &mut (dyn AsyncWrite + Send + Unpin),
        limit: u64,
    ) -> Result<Fetched, AxisError>;

    /// The same, as raw bytes: better for large packets.
    ///
    /// # Errors
    /// As [`Self::get_packet`].
    async fn download_packet(
        &self,
        doc_id: &str,
        to: &mut (dyn AsyncWrite + Send + Unpin),
        limit: u64,
    ) -> Result<Fetched, AxisError>;

    /// Sets the status of a packet that we received. The description loses its accents on the way
    /// ([`crate::wire::ascii`]).
    ///
    /// # Errors
    /// When the axis refuses or cannot be asked; setting it again does no harm.
    async fn update_status(
        &self,
        doc_id: &str,
        status: PacketStatus,
        description: Option<&str>,
    ) -> Result<(), AxisError>;

    /// How many packets of this kind wait for us.
    ///
    /// # Errors
    /// When the axis does not say.
    async fn count_received(&self, kind: MessageKind) -> Result<u64, AxisError>;
}
