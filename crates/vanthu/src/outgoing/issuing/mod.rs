//! Phát hành: checks, number and day, the seal of the agency, the lines of delivery and the term for all of it
//! (ND30 Điều 14–18; QD28-6.2).

pub(super) mod before_issue;
mod deliveries;
mod envelope;
pub(super) mod issue;
pub(super) mod seal;
pub(super) mod sealed;
pub(crate) mod series;
pub(crate) mod term;
mod void_number;

use axum::{
    Router,
    routing::{get, post},
};

use crate::context::App;

/// The acts of the clerk up to the issue, from the page of the document.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/outgoing/{id}/issue", post(issue::page))
        .route("/outgoing/{id}/void-number", post(void_number::page))
        .route("/outgoing/{id}/envelope.pdf", get(envelope::page))
}

/// The same for programs.
pub(super) fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/outgoing/{id}/issue", post(issue::api_issue))
        .route(
            "/api/v1/outgoing/{id}/void-number",
            post(void_number::api_void_number),
        )
        .route("/api/v1/outgoing/{id}/envelope", get(envelope::api_envelope))
}

/// This room's part of the OpenAPI document.
pub(super) fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(issue::api_issue, void_number::api_void_number, envelope::api_envelope))]
    struct Document;
    Document::openapi()
}
