//! Cryptographic message syntax: signed attributes, assembly, tolerant reading.

mod error;
pub mod tlv;

pub use error::CmsError;
