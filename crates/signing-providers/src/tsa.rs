//! Time stamps by RFC 3161 over HTTP.
//!
//! ```toml
//! [time_stamp]
//! url = "http://tsa.example.vn/"      # http or https: the token is signed, only its hash goes out
//! user = "vanthu"                     # only when the service asks for a name and a password
//! password_secret = "tsa-password"    # name of the secret
//! ca_file = "/etc/vanthu/tsa-ca.pem"  # only for https with a certificate of a private CA
//! timeout_seconds = 20                # of one attempt (default 20)
//! attempts = 2                        # default 2; only for calls that had no answer
//! ```
//! Whether the authority is trusted is judged by the check of the document, not here.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use pdf_signature::cms;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, Url};
use serde::{Deserialize, Serialize};

use crate::software::random;
use crate::{ProviderError, Secret, SecretSource, TimeStamper, transport};

/// Tokens with the authority's chain are some kilobytes.
const MAX_ANSWER: usize = 256 * 1024;

/// Where time stamps come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TsaConfig {
    /// The service.
    pub url: String,
    /// Name for HTTP basic authentication.
    #[serde(default)]
    pub user: Option<String>,
    /// Name of the secret with the password.
    #[serde(default)]
    pub password_secret: Option<String>,
    /// PEM of a private CA of the service's TLS certificate.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Of one attempt, 1 to 120.
    #[serde(default = "default_timeout")]
    pub timeout_seconds: u64,
    /// 1 to 5.
    #[serde(default = "default_attempts")]
    pub attempts: u32,
}

fn default_timeout() -> u64 {
    20
}

fn default_attempts() -> u32 {
    2
}

/// A service of time stamps.
pub struct HttpTsa {
    client: Client,
    url: Url,
    login: Option<(String, Secret)>,
    attempts: u32,
}

impl fmt::Debug for HttpTsa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTsa")
            .field("url", &self.url.as_str())
            .finish_non_exhaustive()
    }
}

impl HttpTsa {
    /// For this configuration; nothing is called yet.
    ///
    /// # Errors
    /// `Config` for an address that is not http or https, and for a secret that is not there.
    pub fn open(config: &TsaConfig, secrets: &dyn SecretSource) -> Result<Self, ProviderError> {
        let wrong = |what: String| ProviderError::Config(format!("dấu thời gian: {what}"));
        let url = Url::parse(&config.url).map_err(|e| wrong(format!("{}: {e}", config.url)))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong(config.url.clone()));
        }
        let login = match (&config.user, &config.password_secret) {
            (None, None) => None,
            (Some(user), Some(name)) => {
                // A password must not travel in the clear.
                let loopback = url.host_str().is_some_and(|h| h == "127.0.0.1" || h == "[::1]");
                if url.scheme() != "https" && !loopback {
                    return Err(ProviderError::InsecureTransport("mật khẩu qua http".to_owned()));
                }
                Some((
                    user.clone(),
                    secrets
                        .secret(name)
                        .ok_or_else(|| wrong(format!("không có bí mật “{name}”")))?,
                ))
            }
            _ => return Err(wrong("user và password_secret phải đi cùng nhau".to_owned())),
        };
        let timeout = Duration::from_secs(config.timeout_seconds.clamp(1, 120));
        let client = transport::build(transport::builder(config.ca_file.as_deref(), timeout)?)?;
        Ok(Self {
            client,
            url,
            login,
            attempts: config.attempts.clamp(1, 5),
        })
    }

    async fn attempt(&self, request: &[u8]) -> Result<Vec<u8>, ProviderError> {
        let mut call = self
            .client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/timestamp-query")
            .header(ACCEPT, "application/timestamp-reply")
            .body(request.to_vec());
        if let Some((user, password)) = &self.login {
            call = call.basic_auth(user, Some(password.reveal()));
        }
        let response = call.send().await.map_err(transport::failed)?;
        let status = response.status();
        if !status.is_success() {
            return Err(match status.as_u16() {
                401 | 403 => ProviderError::Unauthorized(status.to_string()),
                429 | 500.. => ProviderError::Unavailable(status.to_string()),
                _ => ProviderError::Protocol(status.to_string()),
            });
        }
        let kind = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        if kind.split(';').next().map(str::trim) != Some("application/timestamp-reply") {
            return Err(ProviderError::Protocol(format!("kiểu nội dung “{kind}”")));
        }
        transport::body(response, MAX_ANSWER).await
    }
}

#[async_trait]
impl TimeStamper for HttpTsa {
    async fn stamp(&self, imprint: &[u8; 32]) -> Result<Vec<u8>, ProviderError> {
        let mut last = ProviderError::Timeout("dấu thời gian".to_owned());
        for _ in 0..self.attempts {
            // A new nonce for each attempt: the answer to an earlier one is not an answer to this one.
            let nonce = u64::from_be_bytes(random()?);
            match self.attempt(&cms::timestamp_request(imprint, nonce)).await {
                Ok(answer) => {
                    return cms::timestamp_token(&answer, imprint, nonce).map_err(|error| match error {
                        cms::CmsError::TimestampRefused(code) => {
                            ProviderError::Rejected(format!("dịch vụ dấu thời gian, mã {code}"))
                        }
                        other => ProviderError::Protocol(format!("dấu thời gian: {}", other.code())),
                    });
                }
                Err(error) if error.is_temporary() => last = error,
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }
}
