//! Settings of one connection.

use std::path::PathBuf;
use std::time::Duration;

use outbound::Secret;
use serde::Deserialize;
use url::{Host, Url};

use super::AxisError;
use crate::wire::HashForm;

/// One connection to an axis in its own protocol. As TOML:
///
/// ```toml
/// base_url = "http://10.0.0.5:8080/XrdAdapter/RestService/forward/mapper"
/// system_id = "…"                # issued by the operator of the axis
/// secret = "…"                   # or leave it out and set it from a SecretSource
/// plain_http_hosts = ["10.0.0.5:8080"]
/// ```
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VxpConfig {
    /// Where the adapter of the axis listens; operations are paths below it.
    pub base_url: String,
    /// The system's id, issued by the operator.
    pub system_id: String,
    /// The system's secret.
    #[serde(default = "no_secret")]
    pub secret: Secret,
    /// Hosts (`host` or `host:port`) that may be called without TLS because the line to them is protected otherwise.
    #[serde(default)]
    pub plain_http_hosts: Vec<String>,
    /// PEM file of a private CA for https; then no other is trusted.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// How long to wait.
    #[serde(default)]
    pub timeouts: Timeouts,
    /// How much to take.
    #[serde(default)]
    pub limits: Limits,
    /// How keys are spelled, as installations differ.
    #[serde(default)]
    pub spelling: Spelling,
    /// How `hash-file` is printed.
    #[serde(default)]
    pub hash_form: HashForm,
    /// Whether a sent file is followed by a line break, as by the axis' own client.
    #[serde(default)]
    pub trailing_line_break: bool,
    /// Whether the recipients are named in the request; otherwise the axis takes them from the file.
    #[serde(default = "yes")]
    pub send_to: bool,
    /// Whether header names are sent as `Xroadvnpt-Systemid` instead of `xroadvnpt-systemid`, for servers that do not
    /// know that letter case means nothing in them.
    #[serde(default)]
    pub title_case_headers: bool,
}

/// Times in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Timeouts {
    /// Until a connection stands.
    pub connect_seconds: u64,
    /// Of a whole small call: lists of packets, statuses, counts.
    pub call_seconds: u64,
    /// Of a whole large call: sending and fetching packets, the directory.
    pub transfer_seconds: u64,
    /// Between two pieces of an answer.
    pub idle_seconds: u64,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect_seconds: 10,
            call_seconds: 60,
            transfer_seconds: 30 * 60,
            idle_seconds: 60,
        }
    }
}

impl Timeouts {
    pub(crate) fn connect(self) -> Duration {
        Duration::from_secs(self.connect_seconds)
    }

    pub(crate) fn idle(self) -> Duration {
        Duration::from_secs(self.idle_seconds)
    }
}

/// Sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of an answer that is a list of packets, a status, a count.
    pub answer_bytes: u64,
    /// Bytes of the directory.
    pub directory_bytes: u64,
    /// Bytes of one row of any list.
    pub row_bytes: u64,
    /// Rows of a list of packets that is kept in memory.
    pub list_rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            answer_bytes: 64 << 20,
            directory_bytes: 512 << 20,
            row_bytes: 256 << 10,
            list_rows: 200_000,
        }
    }
}

/// Names of keys that installations spell differently.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Spelling {
    /// In `getEdoc`, `downloadEdoc`, `getSentEdocList`.
    pub doc_id: String,
    /// In `updateStatus`.
    pub doc_id_of_status: String,
}

impl Default for Spelling {
    fn default() -> Self {
        Self {
            doc_id: "docId".to_owned(),
            doc_id_of_status: "docid".to_owned(),
        }
    }
}

fn yes() -> bool {
    true
}

fn no_secret() -> Secret {
    Secret::new("")
}

impl VxpConfig {
    /// Settings with everything else as it usually is.
    pub fn new(base_url: impl Into<String>, system_id: impl Into<String>, secret: Secret) -> Self {
        Self {
            base_url: base_url.into(),
            system_id: system_id.into(),
            secret,
            plain_http_hosts: Vec::new(),
            ca_file: None,
            timeouts: Timeouts::default(),
            limits: Limits::default(),
            spelling: Spelling::default(),
            hash_form: HashForm::default(),
            trailing_line_break: false,
            send_to: true,
            title_case_headers: false,
        }
    }

    /// Checks what can be checked without calling.
    ///
    /// # Errors
    /// [`AxisError::Config`] with what to correct.
    pub fn check(&self) -> Result<Url, AxisError> {
        let url = check_address(&self.base_url, &self.plain_http_hosts)?;
        let wrong = |what: &str| Err(AxisError::Config(what.to_owned()));
        if !header_safe(&self.system_id) {
            return wrong("mã hệ thống trống hoặc có ký tự không hợp lệ");
        }
        if self.secret.is_empty() {
            return wrong("chưa có khóa bí mật của hệ thống");
        }
        let keys = [&self.spelling.doc_id, &self.spelling.doc_id_of_status];
        let is_key = |k: &str| !k.is_empty() && k.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !keys.iter().all(|k| is_key(k)) {
            return wrong("tên khóa của mã gói tin không hợp lệ");
        }
        Ok(url)
    }
}

/// An address that may be called: https anywhere, http only to hosts that the operator listed; nothing secret in it.
pub(crate) fn check_address(text: &str, plain_http_hosts: &[String]) -> Result<Url, AxisError> {
    let wrong = |what: String| Err(AxisError::Config(what));
    let Ok(url) = Url::parse(text) else {
        return wrong(format!("địa chỉ “{text}” không hợp lệ"));
    };
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
        return wrong("địa chỉ không được chứa mật khẩu hay tham số".to_owned());
    }
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => Ok(url),
        ("http", Some(host)) if is_listed(plain_http_hosts, &host, url.port_or_known_default()) => Ok(url),
        ("http", Some(host)) => wrong(format!(
            "địa chỉ http không mã hóa; dùng https, hoặc thêm “{host}” vào plain_http_hosts nếu đường truyền đã được bảo vệ"
        )),
        _ => wrong(format!("địa chỉ “{text}” không phải http hay https")),
    }
}

fn is_listed(hosts: &[String], host: &Host<&str>, port: Option<u16>) -> bool {
    let host = host.to_string();
    hosts.iter().any(|allowed| {
        allowed.eq_ignore_ascii_case(&host)
            || port.is_some_and(|port| allowed.eq_ignore_ascii_case(&format!("{host}:{port}")))
    })
}

/// Whether a header may have this value: visible ASCII, spaces only inside.
pub(crate) fn header_safe(value: &str) -> bool {
    !value.is_empty() && value.trim() == value && value.bytes().all(|b| (b' '..=b'~').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(url: &str, hosts: &[&str]) -> VxpConfig {
        let mut made = VxpConfig::new(url, "SYS", Secret::new("s"));
        made.plain_http_hosts = hosts.iter().map(|h| (*h).to_owned()).collect();
        made
    }

    #[test]
    fn edxml_15_plain_http_only_to_hosts_that_the_operator_allowed() {
        assert!(config("https://truc.example/vxp", &[]).check().is_ok());
        assert!(config("http://10.0.0.5:8080/vxp", &[]).check().is_err());
        assert!(config("http://127.0.0.1:1/", &[]).check().is_err());
        assert!(config("http://10.0.0.5:8080/vxp", &["10.0.0.5"]).check().is_ok());
        assert!(
            config("http://10.0.0.5:8080/vxp", &["10.0.0.5:8080"])
                .check()
                .is_ok()
        );
        assert!(
            config("http://10.0.0.5:8080/vxp", &["10.0.0.5:80"])
                .check()
                .is_err()
        );
        assert!(config("http://10.0.0.5/vxp", &["10.0.0.5:80"]).check().is_ok());
        assert!(config("ftp://10.0.0.5/", &["10.0.0.5"]).check().is_err());
        assert!(config("https://u:p@truc.example/", &[]).check().is_err());
    }

    #[test]
    fn settings_without_a_system_or_a_secret_are_refused() {
        let mut made = config("https://truc.example/", &[]);
        made.system_id = "Hệ thống".to_owned();
        assert!(made.check().is_err());
        let mut made = config("https://truc.example/", &[]);
        made.secret = Secret::new("");
        let said = made.check().unwrap_err().to_string();
        assert!(said.contains("khóa bí mật"), "{said}");
        let mut made = config("https://truc.example/", &[]);
        made.spelling.doc_id = "doc id".to_owned();
        assert!(made.check().is_err());
    }

    #[test]
    fn settings_do_not_show_the_secret() {
        let made = VxpConfig::new("https://truc.example/", "SYS", Secret::new("rất bí mật"));
        assert!(!format!("{made:?}").contains("bí mật"));
    }
}
