//! CRL, OCSP and certificates that were fetched, kept as long as they are fresh.

use axum::Router;

use crate::context::App;

/// Pages of this sub-room.
pub fn routes() -> Router<App> {
    Router::new()
}

/// Its part of the API.
pub fn api_routes() -> Router<App> {
    Router::new()
}

/// Its part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths())]
    struct Document;
    Document::openapi()
}
