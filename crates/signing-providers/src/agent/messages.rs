//! What server, page and agent say to each other. Bytes are base64 (standard, padded), digests are lower-case hex.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::{CertificateChain, ProviderError, certificate};

/// Release of these messages.
pub const VERSION: u32 = 1;
/// Hashes of one message.
pub const MAX_HASHES: usize = 200;
/// Certificates of one answer, and of one chain.
const MAX_CHAINS: usize = 64;

/// From the server to the agent: [`crate::UserStep::Agent`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignMessage {
    /// [`VERSION`]
    pub version: u32,
    /// Which request this is; comes back with the answer.
    pub request: String,
    /// Where the agent listens; for the page.
    pub port: u16,
    /// SHA-256 of the certificate whose key shall sign.
    pub certificate_sha256: String,
    /// What shall be signed, in order.
    pub items: Vec<SignItem>,
    /// Until when the server takes the answer. For the page; the PC's clock may be wrong.
    pub expires_at: jiff::Timestamp,
    /// The same as a time from now on; for the agent.
    pub valid_seconds: u64,
}

/// One hash of a [`SignMessage`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignItem {
    /// 32 bytes, base64.
    pub hash: String,
    /// Shown to the person.
    pub description: String,
}

/// From the agent to the server: the answer to `/sign`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignAnswer {
    /// [`SignMessage::request`]
    pub request: String,
    /// The certificate whose key did sign.
    pub certificate_sha256: String,
    /// Raw signatures, base64, in the order of the items.
    pub signatures: Vec<String>,
}

/// The answer to `/certificates`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificatesAnswer {
    /// What the agent's token holds.
    pub certificates: Vec<OneCertificate>,
}

/// One key with its certificates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneCertificate {
    /// [`CertificateChain::key`]
    pub key: String,
    /// [`CertificateChain::label`]
    pub label: String,
    /// DER in base64, the signer's first.
    pub chain: Vec<String>,
}

/// Bytes as text.
pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Text as bytes.
///
/// # Errors
/// `Protocol` when it is not base64.
pub fn decode(text: &str) -> Result<Vec<u8>, ProviderError> {
    // Some services break lines.
    let text: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD
        .decode(text)
        .map_err(|_| ProviderError::Protocol("base64".to_owned()))
}

/// Reads what the page brought from the agent's `/certificates`. It came through a browser: every certificate is read,
/// and kept only if its key could sign; whether it is the person's own is for the administrator and the trust store.
///
/// # Errors
/// `Protocol` for anything but a [`CertificatesAnswer`].
pub fn certificates_of(answer: serde_json::Value) -> Result<Vec<CertificateChain>, ProviderError> {
    let answer: CertificatesAnswer = serde_json::from_value(answer)
        .map_err(|_| ProviderError::Protocol("danh sách chứng thư số".to_owned()))?;
    let mut found = Vec::new();
    for one in answer.certificates.into_iter().take(MAX_CHAINS) {
        let certificates = one
            .chain
            .iter()
            .take(MAX_CHAINS)
            .map(|c| decode(c))
            .collect::<Result<Vec<_>, _>>()?;
        let Some(leaf) = certificates.first().and_then(|c| certificate::leaf(c).ok()) else {
            continue;
        };
        found.push(CertificateChain {
            key: one.key,
            label: leaf.name,
            certificates,
        });
    }
    Ok(found)
}
