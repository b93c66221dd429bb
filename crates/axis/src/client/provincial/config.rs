//! Settings of a connection through a province's platform.

use std::path::PathBuf;

use outbound::Secret;
use serde::Deserialize;
use url::Url;

use crate::client::config::{check_address, header_safe};
use crate::client::{AxisError, Limits, Timeouts};

/// One connection. As TOML:
///
/// ```toml
/// base_url = "https://lgsp.tinh.example"
/// system_id = "…"
/// system_secret = "…"
/// username = "…"
/// password = "…"
/// application_code = "…"
/// ```
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvincialConfig {
    /// Where the platform listens; operations are paths below it.
    pub base_url: String,
    /// `X-SystemId`.
    pub system_id: String,
    /// `X-SecretKey`.
    #[serde(default = "no_secret")]
    pub system_secret: Secret,
    /// Account.
    pub username: String,
    /// Password of the account.
    #[serde(default = "no_secret")]
    pub password: Secret,
    /// `applicationCode`.
    #[serde(default)]
    pub application_code: String,
    /// Hosts that may be called without TLS, as for [`crate::client::VxpConfig`].
    #[serde(default)]
    pub plain_http_hosts: Vec<String>,
    /// PEM file of a private CA for https.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// How long to wait.
    #[serde(default)]
    pub timeouts: Timeouts,
    /// How much to take.
    #[serde(default)]
    pub limits: Limits,
    /// How long a token is used, in seconds: less than it lives.
    #[serde(default = "token_seconds")]
    pub token_seconds: u64,
    /// Name of the page's number in the directory; not confirmed.
    #[serde(default = "page_parameter")]
    pub page_parameter: String,
    /// Name of the page's size.
    #[serde(default = "page_size_parameter")]
    pub page_size_parameter: String,
    /// Number of the first page.
    #[serde(default = "first_page")]
    pub first_page: u64,
    /// Entries of a page.
    #[serde(default = "page_size")]
    pub page_size: u32,
}

fn no_secret() -> Secret {
    Secret::new("")
}

fn token_seconds() -> u64 {
    25 * 60
}

fn page_parameter() -> String {
    "currentPage".to_owned()
}

fn page_size_parameter() -> String {
    "pageSize".to_owned()
}

fn first_page() -> u64 {
    1
}

fn page_size() -> u32 {
    500
}

impl ProvincialConfig {
    /// Settings with everything else as it usually is.
    pub fn new(base_url: impl Into<String>, system_id: impl Into<String>, system_secret: Secret) -> Self {
        Self {
            base_url: base_url.into(),
            system_id: system_id.into(),
            system_secret,
            username: String::new(),
            password: no_secret(),
            application_code: String::new(),
            plain_http_hosts: Vec::new(),
            ca_file: None,
            timeouts: Timeouts::default(),
            limits: Limits::default(),
            token_seconds: token_seconds(),
            page_parameter: page_parameter(),
            page_size_parameter: page_size_parameter(),
            first_page: first_page(),
            page_size: page_size(),
        }
    }

    /// Checks what can be checked without calling.
    ///
    /// # Errors
    /// [`AxisError::Config`] with what to correct.
    pub fn check(&self) -> Result<Url, AxisError> {
        let url = check_address(&self.base_url, &self.plain_http_hosts)?;
        let wrong = |what: &str| Err(AxisError::Config(what.to_owned()));
        if !header_safe(&self.system_id) || !header_safe(self.system_secret.reveal()) {
            return wrong("mã hệ thống, khóa bí mật trống hoặc có ký tự không hợp lệ");
        }
        if self.username.is_empty() || self.password.is_empty() {
            return wrong("chưa có tài khoản, mật khẩu của nền tảng tích hợp");
        }
        Ok(url)
    }
}
