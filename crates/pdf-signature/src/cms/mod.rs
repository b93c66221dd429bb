//! Cryptographic message syntax: signed attributes, assembly, tolerant reading.

pub(crate) mod algorithm;
mod assemble;
pub(crate) mod attributes;
mod ber_to_der;
mod error;
pub(crate) mod read;
pub(crate) mod timestamp;
pub mod tlv;
pub(crate) mod write;

pub use algorithm::{Checked, Hash, Scheme};
pub use assemble::{SignatureAlgorithm, assemble, check_raw, signature_value, with_timestamp};
pub use attributes::{signed_attributes, to_sign};
pub use ber_to_der::ber_to_der;
pub use error::CmsError;
pub use read::{SignedData, SignerIdentifier};
pub use timestamp::{TstInfo, timestamp_request, timestamp_token};
