//! Thông báo: what came to a person, newest first, told live by the bell over every page (PL6-III.1i).
//!
//! An urgent document that arrives has a notice of its own kind, and a line over every page of the clerks until it is accepted.
//! A notice is written in the act that lays a document into a box that waits for its owner, that hands an envelope on, or that
//! returns a document to its sender, which the head of the agency is told. Who did
//! the act is not told of it, each person chooses which boxes tell, and nothing is shown that the person may not see (any more).

mod api;
mod list;
mod note;
mod page;
mod settings;
mod source;
#[cfg(test)]
mod tests;

use axum::{
    Router,
    routing::{get, post},
};

pub use list::unread;
pub use note::{came, envelope_came, envelope_registered, forget_old, left, returned};
pub use source::is_told_alike;

use crate::context::App;

/// `/notices`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/notices", get(page::show))
        .route("/notices/settings", post(page::settings))
}

/// `/api/v1/notices`.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/notices", get(api::list))
        .route("/api/v1/notices/settings", post(api::settings))
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(api::list, api::settings))]
    struct Document;
    Document::openapi()
}
