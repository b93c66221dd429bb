//! USB tokens at a person's own PC.
use crate::config::BrowserAgentConfig;
use crate::*;
/// The server's side.
#[derive(Debug)]
pub struct BrowserAgent;
impl BrowserAgent {
    /// For this configuration.
    pub fn new(_config: &BrowserAgentConfig, _clock: Clock) -> Self {
        Self
    }
}
#[async_trait]
impl Provider for BrowserAgent {
    fn label(&self) -> String {
        String::new()
    }
    async fn certificates(&self, _signer: &SignerRef) -> Result<Vec<CertificateChain>, ProviderError> {
        Err(ProviderError::Unsupported("certificates"))
    }
    async fn start(&self, _request: &HashRequest) -> Result<Progress, ProviderError> {
        Err(ProviderError::Unsupported("start"))
    }
    async fn poll(&self, _transaction: &str, _request: &HashRequest) -> Result<Progress, ProviderError> {
        Err(ProviderError::Unsupported("poll"))
    }
    async fn answer(
        &self,
        _transaction: &str,
        _request: &HashRequest,
        _answer: serde_json::Value,
    ) -> Result<Progress, ProviderError> {
        Err(ProviderError::Unsupported("answer"))
    }
    async fn cancel(&self, _transaction: &str) {}
}
