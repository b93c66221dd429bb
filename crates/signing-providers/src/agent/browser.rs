//! The server's side of the agent.

use std::fmt;

use async_trait::async_trait;
use sha2::{Digest, Sha256};

use super::messages::{MAX_HASHES, SignAnswer, SignItem, SignMessage, VERSION, decode, encode};
use crate::config::BrowserAgentConfig;
use crate::software::random;
use crate::{
    CertificateChain, Clock, HashRequest, Progress, Provider, ProviderError, SignerRef, UserStep, raw,
};

/// Keys in tokens at the persons' own PCs, reached through their browsers.
pub struct BrowserAgent {
    label: String,
    port: u16,
    clock: Clock,
}

impl fmt::Debug for BrowserAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BrowserAgent")
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl BrowserAgent {
    /// For this configuration.
    pub fn new(config: &BrowserAgentConfig, clock: Clock) -> Self {
        Self {
            label: config.label.clone(),
            port: config.port,
            clock,
        }
    }
}

#[async_trait]
impl Provider for BrowserAgent {
    fn label(&self) -> String {
        self.label.clone()
    }

    /// The server cannot reach a person's PC: the page asks the agent and [`super::messages::certificates_of`] reads the
    /// answer.
    async fn certificates(&self, _signer: &SignerRef) -> Result<Vec<CertificateChain>, ProviderError> {
        Err(ProviderError::Unsupported(
            "chứng thư số trên máy người ký được đọc qua trình duyệt",
        ))
    }

    async fn start(&self, request: &HashRequest) -> Result<Progress, ProviderError> {
        if request.items.is_empty() || request.items.len() > MAX_HASHES {
            return Err(ProviderError::TooMany(MAX_HASHES));
        }
        let left = request.expires_at.duration_since((self.clock)()).as_secs();
        let valid_seconds = u64::try_from(left)
            .ok()
            .filter(|s| *s > 0)
            .ok_or(ProviderError::Expired)?;
        let transaction = hex::encode(random::<16>()?);
        let items = request.items.iter();
        let message = SignMessage {
            version: VERSION,
            request: transaction.clone(),
            port: self.port,
            certificate_sha256: hex::encode(Sha256::digest(&request.certificate)),
            items: items
                .map(|i| SignItem {
                    hash: encode(&i.hash),
                    description: i.description.clone(),
                })
                .collect(),
            expires_at: request.expires_at,
            valid_seconds,
        };
        let message = serde_json::to_value(&message).map_err(|e| ProviderError::Protocol(e.to_string()))?;
        Ok(Progress::NeedsUser {
            transaction,
            step: UserStep::Agent(message),
            expires_at: request.expires_at,
        })
    }

    async fn poll(&self, _transaction: &str, _request: &HashRequest) -> Result<Progress, ProviderError> {
        Err(ProviderError::Unsupported("chờ trình duyệt chuyển kết quả"))
    }

    async fn answer(
        &self,
        transaction: &str,
        request: &HashRequest,
        answer: serde_json::Value,
    ) -> Result<Progress, ProviderError> {
        if (self.clock)() > request.expires_at {
            return Err(ProviderError::Expired);
        }
        let answer: SignAnswer = serde_json::from_value(answer)
            .map_err(|_| ProviderError::Protocol("kết quả của phần mềm ký".to_owned()))?;
        if answer.request != transaction {
            return Err(ProviderError::UnknownTransaction);
        }
        if answer.certificate_sha256 != hex::encode(Sha256::digest(&request.certificate)) {
            return Err(ProviderError::ForeignCertificate);
        }
        let raws = answer
            .signatures
            .iter()
            .take(MAX_HASHES + 1)
            .map(|s| decode(s))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Progress::Done(raw::all_checked(
            &request.certificate,
            &request.items,
            &raws,
        )?))
    }

    async fn cancel(&self, _transaction: &str) {}
}
