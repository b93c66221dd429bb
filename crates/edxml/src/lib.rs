//! edXML messages between agencies (QCVN 102:2016/BTTTT and its amendment 1:2022): documents and states.
//!
//! Real messages deviate from the regulation in many ways, and some receivers accept only the habits of one library. So
//! reading is liberal and tells what it tolerated, writing is strict and copies the habits byte for byte.
//!
//! | Module | What is there |
//! |---|---|
//! | [`model`] | a [`Message`] as plain data |
//! | [`mod@read`] | bytes → message and [`Warning`]s; attachments stream into an [`AttachmentSink`] |
//! | [`mod@write`] | message → bytes, as the axis expects them |
//! | [`check`] | strictly before sending, leniently on receipt |
//! | [`document_types`] | loại văn bản by name, symbol and table |
//! | `signature` | the message signature, with the feature of that name |
//! | [`fingerprint()`] | which message this is, whatever was done to its form |
//! | [`identifier`], [`organ_code`] | mã định danh văn bản, mã định danh cơ quan: their shapes |
//! | [`codes`], [`table`] | coded values; labels and lengths of fields, as data |
//!
//! Pure: no network, no clock; files only through [`std::io::Read`], [`std::io::Write`] and the sink that the caller chose.

pub mod check;
pub mod codes;
pub mod document_types;
pub mod error;
mod fingerprint;
pub mod identifier;
pub mod limits;
pub mod model;
pub mod organ_code;
pub mod read;
#[cfg(feature = "signature")]
pub mod signature;
pub mod sink;
pub mod table;
mod text;
pub mod warning;
pub mod write;

pub use error::ReadError;
pub use fingerprint::fingerprint;
pub use identifier::DocumentIdentifier;
pub use limits::Limits;
pub use model::{DocumentMessage, Message, StatusMessage};
pub use read::{ReadOptions, Received, read, read_bytes};
pub use sink::{AttachmentSink, Discard, InMemory, TempFolder};
pub use warning::{Warning, WarningCode};
pub use write::{WriteError, write, write_bytes};

/// Namespace of every element but the signature; unchanged by the amendment of 2022.
pub const NAMESPACE: &str = "http://www.mic.gov.vn/TBT/QCVN_102_2016";
/// Namespace of XMLDSig.
pub(crate) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
