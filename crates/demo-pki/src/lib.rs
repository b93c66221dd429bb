//! A made-up certification authority for the demo province and for tests.
//!
//! [`DemoPki`] is a root, an issuing authority, an OCSP responder and a time-stamping authority, all made fresh by
//! [`DemoPki::create`] and kept in a folder that only its owner may read. It issues certificates to persons and agencies,
//! publishes CRLs, answers OCSP and RFC 3161 requests, and issues deliberately bad certificates for tests. **Nothing it
//! signs has legal value**, and its names say so.
//!
//! [`images`] draws what the demo province needs to show: handwritten signatures and round red seals.

mod authority;
mod certificate;
mod error;
mod folder;
pub mod images;
mod keys;
mod names;
mod revocation;
mod timestamp;

pub use authority::{DemoPki, Issued, Options, Urls};
pub use certificate::{CertificateOrder, ExtendedUsage, Subject};
pub use error::Error;
pub use keys::{Key, SignatureAlgorithm, public_key, sign, sign_digest, sign_with};
pub use names::{Agency, Person};
