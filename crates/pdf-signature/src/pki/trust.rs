//! Whom we trust, for what and when; the evidence at hand; what should be fetched.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::AlgorithmPolicy;

/// What an anchor is trusted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Signatures of persons and agencies on documents.
    Signing,
    /// Time stamps.
    TimeStamping,
    /// Signatures of exchanged messages (XML).
    Xml,
}

/// A certificate that is trusted by decision of the administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// DER.
    pub certificate: Vec<u8>,
    /// The name that people read in the report.
    pub label: String,
    /// What for.
    pub purposes: Vec<Purpose>,
    /// Trusted from this time on; without it from the certificate's own first day.
    pub valid_from: Option<Timestamp>,
    /// Trusted until this time; without it until the certificate's own last day.
    pub valid_to: Option<Timestamp>,
}

/// The trust list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustStore {
    /// Named in every report.
    pub version: String,
    /// In any order.
    pub anchors: Vec<Anchor>,
}

/// Certificates, revocation lists and status answers at hand, each DER. They are not trusted: every one is checked before use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Certificates of issuers.
    pub certificates: Vec<Vec<u8>>,
    /// Certificate revocation lists.
    pub crls: Vec<Vec<u8>>,
    /// Answers of status services (OCSPResponse or BasicOCSPResponse).
    pub ocsps: Vec<Vec<u8>>,
}

/// What a check knows beside the document.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Whom we trust.
    pub trust: &'a TrustStore,
    /// What is at hand.
    pub evidence: &'a Evidence,
    /// The time of the check.
    pub now: Timestamp,
    /// Which algorithms hold until when.
    pub policy: &'a AlgorithmPolicy,
}

/// Something that would help to judge, and where a certificate of a trusted chain says it can be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Wanted {
    /// A certificate revocation list: GET.
    Crl {
        /// http or https.
        url: String,
    },
    /// The status of one certificate: POST of `request_der`.
    Ocsp {
        /// http or https.
        url: String,
        /// OCSPRequest.
        request_der: Vec<u8>,
        /// DER of the issuer.
        issuer: Vec<u8>,
        /// DER of the certificate that is asked about.
        certificate: Vec<u8>,
    },
    /// The certificate of an issuer: GET.
    Issuer {
        /// http or https.
        url: String,
    },
}

impl Wanted {
    /// Where it can be had.
    #[must_use]
    pub fn url(&self) -> &str {
        match self {
            Self::Crl { url } | Self::Ocsp { url, .. } | Self::Issuer { url } => url,
        }
    }
}

/// Why a certificate could not be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PkiError {
    /// Not a certificate in DER.
    #[error("Chứng thư số không đọc được. Đề nghị kiểm tra lại tệp chứng thư và tải lên lại.")]
    Certificate,
}

impl PkiError {
    /// Stable, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Certificate => "certificate_unreadable",
        }
    }
}
