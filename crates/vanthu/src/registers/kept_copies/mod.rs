//! Sổ sử dụng bản lưu (Phụ lục IV mẫu IV, MD-42b): who used the original that văn thư keeps, by whose leave, and when it came
//! back (ND30-19.1).

mod acts;
mod lines;
mod page;
#[cfg(test)]
mod tests;

use axum::{
    Router,
    routing::{get, post},
};

pub(super) use lines::{KeptCopyLine, read};

use crate::context::App;

/// `/registers/kept-copies`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/registers/kept-copies", get(page::show).post(page::lend))
        .route("/registers/kept-copies/{id}/return", post(page::give_back))
}

/// `/api/v1/registers/kept-copies`.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route(
            "/api/v1/registers/kept-copies",
            get(lines::api).post(acts::api_lend),
        )
        .route(
            "/api/v1/registers/kept-copies/{id}/return",
            post(acts::api_return),
        )
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(lines::api, acts::api_lend, acts::api_return))]
    struct Document;
    Document::openapi()
}
