//! Tokens and HSM.
use crate::config::Pkcs11Config;
use crate::*;
/// A token.
#[derive(Debug)]
pub struct Token;
impl Token {
    /// Remembers how to reach the token.
    ///
    /// # Errors
    /// `Config`.
    pub fn open(
        _config: &Pkcs11Config,
        _secrets: &dyn SecretSource,
        _clock: Clock,
    ) -> Result<Self, ProviderError> {
        Err(ProviderError::Unsupported("pkcs11"))
    }
}
#[async_trait]
impl Provider for Token {
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
