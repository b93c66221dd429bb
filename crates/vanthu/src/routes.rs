//! The one list of all rooms' routes, and what surrounds them.

use std::time::Duration;

use axum::{Router, extract::DefaultBodyLimit, http::StatusCode, middleware};
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, timeout::TimeoutLayer, trace::TraceLayer,
};

use crate::{
    administration, api, context::App, desk, documents, finding, health, incoming, outgoing, registers,
    sign_in, web,
};

/// A form without files is never larger than this.
const FORM_LIMIT: usize = 4 * 1024 * 1024;

/// All pages.
fn pages(app: &App) -> Router<App> {
    Router::new()
        .merge(sign_in::routes(app))
        .merge(desk::routes())
        .merge(documents::routes())
        .merge(incoming::routes())
        .merge(outgoing::routes())
        .merge(registers::routes())
        .merge(administration::routes())
        .merge(finding::routes())
}

/// All of the API.
fn api_routes(app: &App) -> Router<App> {
    Router::new()
        .merge(sign_in::api_routes(app))
        .merge(desk::api_routes())
        .merge(api::routes())
        .merge(documents::api_routes())
        .merge(incoming::api_routes())
        .merge(outgoing::api_routes())
        .merge(registers::api_routes())
        .merge(administration::api_routes())
        .merge(finding::api_routes())
}

/// The whole service.
pub fn service(app: &App) -> Router {
    let pages = pages(app)
        .fallback(|| async { crate::error::AppError::NotFound })
        .layer(middleware::from_fn_with_state(app.clone(), web::page_errors));
    let api = api_routes(app).layer(middleware::from_fn(api::problems));
    Router::new()
        .merge(pages)
        .merge(api)
        .merge(health::routes())
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            Duration::from_secs(120),
        ))
        .merge(web::asset_routes())
        .layer(middleware::from_fn(web::headers))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::new())
        .layer(TraceLayer::new_for_http())
        .with_state(app.clone())
}
