//! Báo cáo: khối lượng, tiến độ của từng đơn vị, cá nhân (QC01-12). Every number opens the list behind it.

mod count;
mod days;
mod list;
mod page;
mod parts;
mod sheet;
#[cfg(test)]
mod tests;

use axum::{Router, routing::get};

use crate::{
    context::{App, Who},
    web::page::BoxLink,
};

/// Where the page is.
const HREF: &str = "/reports/workload";

/// `/reports/…`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/reports/workload", get(page::show))
        .route("/reports/workload.xlsx", get(sheet::file))
        .route("/reports/workload/list", get(list::show))
}

/// `/api/v1/reports/…`.
pub fn api_routes() -> Router<App> {
    Router::new().route("/api/v1/reports/workload", get(count::api))
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(count::api))]
    struct Document;
    Document::openapi()
}

/// The link of the left column, for those who answer for the work of others.
pub fn link(who: &Who) -> Option<BoxLink> {
    rules::workload::view_of(&who.actor)
        .is_ok()
        .then(|| BoxLink::new("workload", "Khối lượng, tiến độ", HREF, "chart-bar"))
}
