//! Tìm kiếm: documents by number, symbol and subject, with or without accents.
//!
//! A reader finds only what they may see, because the search starts from what is theirs: the registers of the agency
//! for clerks and leaders, the documents in which they (or their unit) took part for everybody. It looks at the newest
//! 20,000 of each; an index of full texts is to take this over.

mod search;
#[cfg(test)]
mod tests;

use axum::{Router, routing::get};

pub use search::{Found, SearchPage, SearchQuery, find};

use crate::context::App;

/// `/search`.
pub fn routes() -> Router<App> {
    Router::new().route("/search", get(search::page))
}

/// `/api/v1/search`.
pub fn api_routes() -> Router<App> {
    Router::new().route("/api/v1/search", get(search::api))
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(search::api))]
    struct Document;
    Document::openapi()
}
