//! What all protocols over HTTP share: connections, and what their failures mean.

pub(super) mod body;
pub(super) mod json;
pub(super) mod packet;

use std::path::Path;
use std::time::Duration;

use reqwest::{ClientBuilder, Response};

use super::{AxisError, Operation};

/// Every answer that is not a list or a packet.
pub(super) const SMALL_ANSWER: u64 = 1 << 20;

/// HTTP/1.1 with TLS of the one crypto provider; no redirects, no proxy of the environment.
pub(super) fn builder(ca_file: Option<&Path>, connect: Duration) -> Result<ClientBuilder, AxisError> {
    let tls = outbound::client_config(ca_file).map_err(|e| AxisError::Config(format!("TLS: {e}")))?;
    Ok(reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .connect_timeout(connect))
}

pub(super) fn build(builder: ClientBuilder) -> Result<reqwest::Client, AxisError> {
    builder
        .build()
        .map_err(|e| AxisError::Config(format!("HTTP: {}", e.without_url())))
}

/// The whole body, `limit` bytes at most.
pub(super) async fn whole(
    operation: Operation,
    mut response: Response,
    idle: Duration,
    limit: u64,
) -> Result<Vec<u8>, AxisError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = next_chunk(operation, &mut response, idle).await? {
        if (bytes.len() + chunk.len()) as u64 > limit {
            return Err(AxisError::TooLarge { operation, limit });
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The next piece of a body, within the time for a piece.
pub(super) async fn next_chunk(
    operation: Operation,
    response: &mut Response,
    idle: Duration,
) -> Result<Option<bytes::Bytes>, AxisError> {
    match tokio::time::timeout(idle, response.chunk()).await {
        Ok(chunk) => chunk.map_err(|error| failed(operation, error)),
        Err(_) => Err(broken(operation, "máy chủ ngừng trả lời giữa chừng".to_owned())),
    }
}

/// An answer that broke off or cannot be used: nothing was learned by a question, and nobody knows about a change.
pub(super) fn broken(operation: Operation, cause: String) -> AxisError {
    if operation.only_reads() {
        AxisError::BadAnswer { operation, cause }
    } else {
        AxisError::Unknown { operation, cause }
    }
}

/// What a failed call means. Addresses are left out: they are settings, not news.
pub(super) fn failed(operation: Operation, error: reqwest::Error) -> AxisError {
    let error = error.without_url();
    let mut causes = vec![error.to_string()];
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        causes.push(inner.to_string());
        source = inner.source();
    }
    let cause = causes.join(": ");
    if error.is_builder() {
        AxisError::Invalid {
            operation,
            what: cause,
        }
    } else if error.is_connect() {
        AxisError::NotSent { operation, cause }
    } else if error.is_timeout() {
        broken(operation, "hết thời gian chờ trả lời".to_owned())
    } else {
        broken(operation, cause)
    }
}
