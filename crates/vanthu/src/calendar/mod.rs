//! Lịch làm việc: the calendar of the program with what the administrator of the province decided for single days. Deadlines,
//! “sắp đến hạn” and the terms of sending run on it.

mod api;
mod change;
mod live;
mod months;
mod page;
#[cfg(test)]
mod tests;

use axum::{
    Router,
    routing::{get, post},
};

pub use live::{LiveCalendar, load, refresh_regularly};

use crate::context::App;

/// `/administration/calendar`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/administration/calendar", get(page::show).post(page::set))
        .route("/administration/calendar/clear", post(page::clear))
}

/// `/api/v1/calendar`.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/calendar", get(api::show).post(api::set))
        .route("/api/v1/calendar/clear", post(api::clear))
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(api::show, api::set, api::clear))]
    struct Document;
    Document::openapi()
}
