//! Trust store, certification paths, revocation, time stamps, algorithm policy.

mod algorithms;
mod certificate;
mod trust;

pub use algorithms::{AlgorithmPolicy, AlgorithmRow};
pub(crate) use certificate::key;
pub use certificate::{CertificateFacts, KeyAlgorithm, KeyUsageBit, certificate_facts};
pub use trust::{Anchor, Context, Evidence, PkiError, Purpose, TrustStore, Wanted};

use jiff::Timestamp;

use crate::verify::{CertAtSigning, Note, RevocationReport, Verdict};

/// What [`check_certificate`] found.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CertificateVerdict {
    /// Passed, failed, or not enough known.
    pub verdict: Verdict,
    /// The word of ETSI EN 319 102-1; none when passed.
    pub sub_reason: Option<String>,
    /// A Vietnamese sentence.
    pub reason: String,
    /// Facts of the certificate, if it could be read.
    pub facts: Option<CertificateFacts>,
    /// Names from the certificate up to the trust anchor.
    pub chain: Vec<String>,
    /// The label of the trust anchor.
    pub anchor: Option<String>,
    /// Within its period at that time?
    pub validity: CertAtSigning,
    /// Revoked?
    pub revocation: RevocationReport,
    /// Remarks that do not change the verdict.
    pub notes: Vec<Note>,
}

/// Is this certificate good for signing at that time? Asked before a signature is made (NĐ 68/2024 Điều 29; KS-01, KS-30…34).
///
/// `chain` is DER, the leaf first; what is missing is looked for in the evidence and the trust store.
#[must_use]
pub fn check_certificate(_chain: &[Vec<u8>], _at: Timestamp, _ctx: &Context<'_>) -> CertificateVerdict {
    CertificateVerdict {
        verdict: Verdict::Indeterminate,
        sub_reason: Some("NO_CERTIFICATE_CHAIN_FOUND".into()),
        reason: String::new(),
        facts: None,
        chain: Vec::new(),
        anchor: None,
        validity: CertAtSigning::Unknown,
        revocation: RevocationReport::default(),
        notes: Vec::new(),
    }
}

/// What should be fetched so that the signatures of this document can be judged: only addresses from chains that already
/// end in the trust store.
#[must_use]
pub fn wanted_evidence(_pdf: &[u8], _ctx: &Context<'_>) -> Vec<Wanted> {
    Vec::new()
}

/// SHA-256, hexadecimal.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes))
}
