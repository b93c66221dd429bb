//! XML signatures (XMLDSig) of exchanged messages (QCVN 102): written in two steps, judged strictly.
//!
//! Canonical XML, digests and signature values are the work of `bergshamra`. What may be signed how, whose key counts, and
//! which part of a message is really covered is decided here, because a library for every use accepts too much: a signature
//! with SHA-1, any certificate that the message brings along, references to anything.
//!
//! | Module | What is there |
//! |---|---|
//! | [`sign`] | `prepare` → SHA-256 of what is signed → `finish`, for keys in tokens and remote services |
//! | [`verify`] | the report on a message, and the bytes that the signature really covers |
//!
//! Pure: no clock, no network, no file. Trust, path and revocation are those of [`pdf_signature::pki`], with anchors of the
//! purpose [`Xml`](pdf_signature::pki::Purpose::Xml).

mod error;
mod shape;
pub mod sign;
pub mod verify;

pub use error::XmlError;
pub use sign::{Covers, Place, Prepared, prepare};
pub use verify::{Report, verify};

/// Namespace of XMLDSig.
pub(crate) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

/// Largest message, in bytes: a few documents of 50 MB in base64 (QC01-8.4).
pub const MAX_MESSAGE: usize = 256 * 1024 * 1024;
/// Deepest nesting of elements.
pub(crate) const MAX_DEPTH: u32 = 100;
