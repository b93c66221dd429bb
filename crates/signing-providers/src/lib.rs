//! Where keys live and what certificates are asked of: tokens, HSM, remote signing, local agents, time stamps, status
//! services.
//!
//! Everything behind one interface of two steps. The caller prepares a document, this crate gets the raw signature over
//! **hashes**, the caller finishes the document. Nothing else leaves the server: no document, no text but a short
//! description for the person who confirms. What comes back is not believed: every raw signature is checked against the
//! certificate that was announced before it is handed on ([`raw::checked`]).
//!
//! | Module | Where the key is | For |
//! |---|---|---|
//! | [`software`] | in a file | demonstration and tests only; says so in its name |
//! | [`pkcs11`] | in a token or an HSM of the server | seals of agencies |
//! | [`csc`] | at a remote signing service (Cloud Signature Consortium 1.0.4 and 2) | leaders, also on a phone |
//! | [`agent`] | in a USB token at a person's own PC | leaders and clerks |
//! | [`tsa`] | – | time stamps, RFC 3161 |
//! | [`online`] | – | CRL, OCSP and issuers' certificates, behind a guard |
//!
//! This crate stores nothing but what is needed while a call runs; a transaction that has to survive a restart is
//! described completely by its `transaction` text and the [`HashRequest`], which the caller keeps.
//!
//! How an operator writes a provider down: [`config`].

pub mod agent;
mod certificate;
pub mod config;
pub mod csc;
mod error;
pub mod online;
pub mod pkcs11;
pub mod raw;
pub mod software;
mod transport;
pub mod tsa;

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use config::{ProviderConfig, open};
pub use error::ProviderError;
pub use outbound::{FolderOfSecrets, Secret, SecretSource};

/// Tells the time. Waiting for answers needs it; tests set it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Whose certificates are asked for.
#[derive(Clone, Debug, Default)]
pub struct SignerRef {
    /// The person's or agency's name at the provider: `userID` of CSC. Tokens ignore it.
    pub user: Option<String>,
    /// That person's access token, when the provider serves each person by their own.
    pub authorization: Option<Secret>,
}

/// A key that can sign, and its certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateChain {
    /// The provider's own id of the key: CKA_ID in hex, `credentialID`, …
    pub key: String,
    /// For people who choose: name in the certificate or label of the key.
    pub label: String,
    /// DER, the signer's first, then its issuers as far as the provider knows them.
    pub certificates: Vec<Vec<u8>>,
}

/// What shall be signed, by which key, until when. The same request goes with every later call of its transaction.
#[derive(Clone, Debug)]
pub struct HashRequest {
    /// [`CertificateChain::key`].
    pub key: String,
    /// The certificate (DER) that the prepared documents already name. An answer by another one is refused.
    pub certificate: Vec<u8>,
    /// One or more hashes; order is kept.
    pub items: Vec<HashItem>,
    /// After this time every answer is refused.
    pub expires_at: Timestamp,
    /// PIN of a token, or access token of this person's own session; see [`config`] which provider takes what.
    pub authorization: Option<Secret>,
}

/// One hash of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HashItem {
    /// SHA-256 of the signed attributes.
    pub hash: [u8; 32],
    /// What it is, in words; shown to the person who confirms.
    pub description: String,
    /// The signed attributes (DER) whose SHA-256 is `hash`, if the caller has them. Never leaves the server: some HSM
    /// refuse to sign a hash that they have not made themselves (CKM_SHA256_RSA_PKCS), only they are given it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Vec<u8>>,
}

impl HashItem {
    /// A hash alone, which is enough for nearly every key.
    pub fn new(hash: [u8; 32], description: impl Into<String>) -> Self {
        Self {
            hash,
            description: description.into(),
            message: None,
        }
    }
}

/// How far a request has come.
#[derive(Clone, Debug)]
pub enum Progress {
    /// Raw signatures, one for each item in its order: RSA PKCS#1 v1.5, or ECDSA in DER. Checked.
    Done(Vec<Vec<u8>>),
    /// Wait and call [`Provider::poll`].
    Pending {
        /// For the later calls; holds no secret.
        transaction: String,
        /// Not earlier than after this.
        poll_after: Duration,
        /// Afterwards it is too late.
        expires_at: Timestamp,
    },
    /// A person has to do something; then [`Provider::answer`].
    NeedsUser {
        /// For the later calls; holds no secret.
        transaction: String,
        /// What the person does.
        step: UserStep,
        /// Afterwards it is too late.
        expires_at: Timestamp,
    },
}

/// What a person has to do before the signature can be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserStep {
    /// Hand this message to the agent of the own PC and its answer to [`Provider::answer`] ([`agent::messages`]).
    Agent(serde_json::Value),
    /// Go to this address, come back with the `code`; answer `{"code": "…", "redirect_uri": "…"}`.
    Redirect(String),
    /// Type the PIN; answer `{"pin": "…"}`.
    Pin,
    /// Type the one-time code that the service has sent; answer `{"otp": "…"}`.
    Otp,
}

/// A place where keys live. Implementations never retry a wrong PIN and never write a secret to a log.
#[async_trait]
pub trait Provider: Send + Sync + Debug {
    /// What people read about this place of keys.
    fn label(&self) -> String;

    /// Whether [`Provider::start`] will ask for a PIN each time, which then is the person's consent.
    fn asks_for_pin(&self) -> bool {
        false
    }

    /// The keys of this signer that have a certificate.
    async fn certificates(&self, signer: &SignerRef) -> Result<Vec<CertificateChain>, ProviderError>;

    /// Asks for signatures.
    async fn start(&self, request: &HashRequest) -> Result<Progress, ProviderError>;

    /// Asks whether they are there. With [`Progress::Pending`] only.
    async fn poll(&self, transaction: &str, request: &HashRequest) -> Result<Progress, ProviderError>;

    /// Brings what the person did. With [`Progress::NeedsUser`] only.
    async fn answer(
        &self,
        transaction: &str,
        request: &HashRequest,
        answer: serde_json::Value,
    ) -> Result<Progress, ProviderError>;

    /// Nobody waits any longer. Never fails: what cannot be cancelled expires.
    async fn cancel(&self, transaction: &str);
}

/// A service of time stamps.
#[async_trait]
pub trait TimeStamper: Send + Sync + Debug {
    /// The time-stamp token (DER of the CMS `ContentInfo`) over a SHA-256 imprint.
    async fn stamp(&self, imprint: &[u8; 32]) -> Result<Vec<u8>, ProviderError>;
}

/// What was fetched, for the evidence of a verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// A CRL, DER.
    Crl(Vec<u8>),
    /// An OCSP response, DER.
    Ocsp(Vec<u8>),
    /// Certificates of issuers, DER.
    Certificates(Vec<Vec<u8>>),
}

/// Where evidence comes from.
#[async_trait]
pub trait EvidenceSource: Send + Sync + Debug {
    /// Fetches one piece. The content has the right form; whether it is true is for the verifier to say.
    async fn fetch(&self, wanted: &pdf_signature::pki::Wanted) -> Result<Fetched, ProviderError>;
}
