//! Giữ số (ND30-15.1): numbers that the clerk keeps for documents to come. Each is a line of the register of outgoing documents with its
//! reason until a document bears it, or stays there as void.

mod acts;
mod lines;
mod page;
#[cfg(test)]
mod tests;

use axum::{
    Router,
    routing::{get, post},
};

pub(super) use lines::of_book;
pub(crate) use lines::{Offered, offered};

use crate::context::App;

/// `/registers/reserved`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/registers/reserved", get(page::show).post(page::reserve))
        .route("/registers/reserved/assign", post(page::assign))
        .route("/registers/reserved/{id}/void", post(page::void))
}

/// `/api/v1/registers/reserved`.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route(
            "/api/v1/registers/reserved",
            get(lines::api).post(acts::api_reserve),
        )
        .route("/api/v1/registers/reserved/assign", post(acts::api_assign))
        .route("/api/v1/registers/reserved/{id}/void", post(acts::api_void))
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(lines::api, acts::api_reserve, acts::api_assign, acts::api_void))]
    struct Document;
    Document::openapi()
}
