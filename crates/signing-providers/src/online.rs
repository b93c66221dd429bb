//! CRL, OCSP and issuers' certificates from the network, behind a guard.
use serde::{Deserialize, Serialize};

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
