//! The agent that signs whole files (VGCA Sign Service): there is a place of keys, but no hash ever goes there.

use async_trait::async_trait;
use signing_providers::{CertificateChain, HashRequest, Progress, Provider, ProviderError, SignerRef};

/// What people read.
pub const LABEL: &str = "VGCA Sign Service (ký cả tệp trên máy người ký)";

/// See the module. Every call is refused; the intake gate of whole files is its way in.
#[derive(Debug)]
pub struct WholeFile;

const UNSUPPORTED: ProviderError = ProviderError::Unsupported("ký theo giá trị băm");

#[async_trait]
impl Provider for WholeFile {
    fn label(&self) -> String {
        LABEL.to_owned()
    }

    async fn certificates(&self, _signer: &SignerRef) -> Result<Vec<CertificateChain>, ProviderError> {
        Err(ProviderError::Unsupported("đọc chứng thư từ máy chủ"))
    }

    async fn start(&self, _request: &HashRequest) -> Result<Progress, ProviderError> {
        Err(UNSUPPORTED)
    }

    async fn poll(&self, _transaction: &str, _request: &HashRequest) -> Result<Progress, ProviderError> {
        Err(UNSUPPORTED)
    }

    async fn answer(
        &self,
        _transaction: &str,
        _request: &HashRequest,
        _answer: serde_json::Value,
    ) -> Result<Progress, ProviderError> {
        Err(UNSUPPORTED)
    }

    async fn cancel(&self, _transaction: &str) {}
}
