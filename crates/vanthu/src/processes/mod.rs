//! Quy trình nội bộ (Điều 12): each agency decides how its incoming documents go, as data with a day from which it holds; the
//! program accepts only what is closed, holds people to it, and shows at which step a document stands.

mod api;
mod form;
mod kept;
mod page;
mod save;
#[cfg(test)]
mod tests;
mod view;

use axum::{Router, routing::get};

pub use kept::allows;
pub use view::{Stand, StepView, Way, way_of};

use crate::context::App;

/// `/administration/process`.
pub fn routes() -> Router<App> {
    Router::new().route("/administration/process", get(page::show).post(page::save))
}

/// `/api/v1/process`, `/api/v1/incoming/{id}/process`.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/process", get(api::show).post(api::save))
        .route("/api/v1/incoming/{id}/process", get(api::of_document))
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(api::show, api::save, api::of_document))]
    struct Document;
    Document::openapi()
}
