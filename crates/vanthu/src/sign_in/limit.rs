//! Guessing passwords is slow: attempts from one network address are limited before a password is even hashed.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request},
    response::{IntoResponse, Response},
};
use tower_governor::{
    GovernorError, GovernorLayer, governor::GovernorConfigBuilder, key_extractor::KeyExtractor,
};

use crate::{context::App, error::AppError};

/// The address a request comes from.
#[derive(Debug, Clone, Copy)]
pub struct ByAddress {
    /// Whether a proxy of ours stands before the program and names the address.
    behind_proxy: bool,
}

impl KeyExtractor for ByAddress {
    type Key = IpAddr;

    fn extract<T>(&self, request: &Request<T>) -> Result<IpAddr, GovernorError> {
        let named = || {
            // The last entry is the one our own proxy added; earlier ones anybody can write.
            let header = request.headers().get("x-forwarded-for")?.to_str().ok()?;
            header.rsplit(',').next()?.trim().parse().ok()
        };
        let peer = || {
            request
                .extensions()
                .get::<ConnectInfo<SocketAddr>>()
                .map(|info| info.0.ip())
        };
        let address = if self.behind_proxy {
            named().or_else(peer)
        } else {
            peer()
        };
        // Without a socket (calls in process) everybody is the same neighbour.
        Ok(address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)))
    }
}

/// The layer around the doors that take passwords.
pub fn layer(
    app: &App,
) -> GovernorLayer<ByAddress, governor::middleware::NoOpMiddleware<governor::clock::QuantaInstant>, Body> {
    let attempts = app.settings.sign_in.attempts_per_minute.max(1);
    let mut builder = GovernorConfigBuilder::default();
    let mut builder = builder
        .period(Duration::from_secs(60) / attempts)
        .burst_size(attempts)
        .methods(vec![Method::POST])
        .key_extractor(ByAddress {
            behind_proxy: app.settings.server.behind_proxy,
        });
    #[expect(clippy::expect_used, reason = "period and burst are never zero, see above")]
    let config = builder.finish().expect("a limit above zero");
    GovernorLayer::new(config).error_handler(|_| refused())
}

fn refused() -> Response {
    AppError::BadInput(
        "Có quá nhiều lần đăng nhập từ mạng này. Vui lòng chờ một phút rồi thử lại.".to_owned(),
    )
    .into_response()
}
