//! Around every request: the address it was sent to, and how long it may take.

use std::{net::IpAddr, time::Duration};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tower_http::timeout::TimeoutBody;

use crate::{context::App, error::AppError};

/// For a request without files.
const REQUEST: Duration = Duration::from_secs(120);
/// For a form with files: 50 MB from a commune on a slow line.
const UPLOAD: Duration = Duration::from_secs(30 * 60);
/// Between two pieces of what a client sends.
const SILENCE: Duration = Duration::from_secs(60);

/// Ends requests that take too long; forms with files have longer, as long as something arrives.
pub async fn time_limit(request: Request, next: Next) -> Response {
    let has_files = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));
    let limit = if has_files { UPLOAD } else { REQUEST };
    let request = request.map(|body| Body::new(TimeoutBody::new(SILENCE, body)));
    tokio::time::timeout(limit, next.run(request))
        .await
        .unwrap_or_else(|_| AppError::TooSlow.into_response())
}

/// Without `public_url` the program answers only under the names of this machine: a page of the net whose name was
/// turned to 127.0.0.1 (DNS rebinding) gets nothing.
pub async fn known_host(State(app): State<App>, request: Request, next: Next) -> Response {
    if app.settings.server.public_url.is_empty() && !is_of_this_machine(request.headers()) {
        let sentence = "Máy chủ chưa thiết lập địa chỉ dùng chung (server.public_url) nên chỉ trả lời ở 127.0.0.1 và localhost.\n";
        return (StatusCode::MISDIRECTED_REQUEST, sentence).into_response();
    }
    next.run(request).await
}

fn is_of_this_machine(headers: &HeaderMap) -> bool {
    // Every browser sends the host; calls in process do not.
    headers
        .get(header::HOST)
        .is_none_or(|host| host.to_str().is_ok_and(is_loopback))
}

/// Whether `host`, with or without a port, is a name that only this machine has for itself.
pub fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or(rest, |(name, _)| name),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Office;

    #[test]
    fn only_this_machines_own_names_are_loopback() {
        for ours in [
            "127.0.0.1:8080",
            "127.0.0.1",
            "localhost:80",
            "LOCALHOST",
            "[::1]:8080",
            "[::1]",
        ] {
            assert!(is_loopback(ours), "{ours}");
        }
        for other in [
            "evil.test",
            "127.0.0.1.evil.test:8080",
            "localhost.evil.test",
            "10.0.0.1:80",
            "[2001:db8::1]",
            "",
        ] {
            assert!(!is_loopback(other), "{other}");
        }
    }

    #[tokio::test]
    async fn qc01_7_1_without_a_public_address_only_this_machine_is_answered() {
        let office = Office::new().await;
        let person = office.person("annv.stttt").await;
        for path in ["/", "/sign-in", "/api/v1/boxes"] {
            let rebound = person.get_at("evil.test:8080", path).await;
            assert_eq!(rebound.status, StatusCode::MISDIRECTED_REQUEST, "{path}");
            assert!(rebound.text.contains("server.public_url"));
        }
        person.get_at("127.0.0.1:8080", "/").await.ok();
        // A load balancer asks by address.
        person.get_at("10.0.0.1:8080", "/health/live").await.ok();
    }
}
