//! HTTP clients: TLS of rustls with aws-lc-rs, no redirects, no proxy from the environment, answers with a limit.

use std::path::Path;
use std::time::Duration;

use reqwest::{Client, ClientBuilder, Response};
use url::Url;

use crate::ProviderError;

/// A client with our settings; the caller may add to them.
pub(crate) fn builder(ca_file: Option<&Path>, timeout: Duration) -> Result<ClientBuilder, ProviderError> {
    let tls = outbound::client_config(ca_file).map_err(|e| ProviderError::Config(format!("TLS: {e}")))?;
    Ok(Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .timeout(timeout)
        .connect_timeout(timeout.min(Duration::from_secs(10)))
        .user_agent(concat!("vanthu/", env!("CARGO_PKG_VERSION"))))
}

pub(crate) fn build(builder: ClientBuilder) -> Result<Client, ProviderError> {
    builder
        .build()
        .map_err(|e| ProviderError::Config(format!("HTTP: {}", without_url(e))))
}

/// https anywhere, http only to this very machine and only when `allow_loopback_http`. No user and password inside.
pub(crate) fn secure_url(text: &str, allow_loopback_http: bool) -> Result<Url, ProviderError> {
    let url = Url::parse(text).map_err(|e| ProviderError::Config(format!("địa chỉ “{text}”: {e}")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ProviderError::Config(
            "địa chỉ không được chứa mật khẩu".to_owned(),
        ));
    }
    let loopback = match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        _ => false,
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if loopback && allow_loopback_http => Ok(url),
        _ => Err(ProviderError::InsecureTransport(format!(
            "{}://{}",
            url.scheme(),
            url.host_str().unwrap_or_default()
        ))),
    }
}

/// What a failed call means. Addresses are left out: they may carry tokens.
pub(crate) fn failed(error: reqwest::Error) -> ProviderError {
    if error.is_timeout() {
        return ProviderError::Timeout("HTTP".to_owned());
    }
    let error = without_url(error);
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(inner) = source {
        if let Some(tls) = tls_error(inner) {
            return ProviderError::InsecureTransport(tls);
        }
        source = inner.source();
    }
    ProviderError::Unavailable(if error.is_connect() {
        "không kết nối được".to_owned()
    } else {
        error.to_string()
    })
}

fn tls_error(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    if let Some(tls) = error.downcast_ref::<rustls::Error>() {
        return Some(tls.to_string());
    }
    // rustls reports through std::io::Error, sometimes in another; `source` would skip what they hold.
    tls_error(error.downcast_ref::<std::io::Error>()?.get_ref()?)
}

fn without_url(error: reqwest::Error) -> reqwest::Error {
    error.without_url()
}

/// The body, but never more than `limit` bytes of it.
pub(crate) async fn body(mut response: Response, limit: usize) -> Result<Vec<u8>, ProviderError> {
    if response
        .content_length()
        .is_some_and(|length| length > limit as u64)
    {
        return Err(ProviderError::TooLarge(limit));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if bytes.len() + chunk.len() > limit {
            return Err(ProviderError::TooLarge(limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
