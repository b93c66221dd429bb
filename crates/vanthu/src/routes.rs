//! The one list of all rooms' routes, and what surrounds them.

use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request},
    middleware,
};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, trace::TraceLayer};

use crate::{
    administration, api, calendar, context::App, delegations, desk, directory, documents, exchange, finding,
    health, incoming, links, notices, outgoing, processes, registers, reports, sign_in, signing, slips, web,
};

/// A form without files is never larger than this.
const FORM_LIMIT: usize = 4 * 1024 * 1024;

/// All pages.
fn pages() -> Router<App> {
    Router::new()
        .merge(sign_in::routes())
        .merge(desk::routes())
        .merge(documents::routes())
        .merge(incoming::routes())
        .merge(outgoing::routes())
        .merge(slips::routes())
        .merge(signing::routes())
        .merge(exchange::evidence::routes())
        .merge(exchange::axis::routes())
        .merge(registers::routes())
        .merge(administration::routes())
        .merge(directory::routes())
        .merge(finding::routes())
        .merge(links::routes())
        .merge(calendar::routes())
        .merge(processes::routes())
        .merge(notices::routes())
        .merge(delegations::routes())
        .merge(reports::routes())
}

/// All of the API.
fn api_routes() -> Router<App> {
    Router::new()
        .merge(sign_in::api_routes())
        .merge(desk::api_routes())
        .merge(api::routes())
        .merge(documents::api_routes())
        .merge(incoming::api_routes())
        .merge(outgoing::api_routes())
        .merge(slips::api_routes())
        .merge(signing::api_routes())
        .merge(exchange::axis::api_routes())
        .merge(registers::api_routes())
        .merge(administration::api_routes())
        .merge(directory::api_routes())
        .merge(finding::api_routes())
        .merge(links::api_routes())
        .merge(calendar::api_routes())
        .merge(processes::api_routes())
        .merge(notices::api_routes())
        .merge(delegations::api_routes())
        .merge(reports::api_routes())
}

/// What a line of the log says about its request: method and route. The address itself may carry what opens a file or
/// answers for a person: tickets, codes of a remote signing service.
fn span(request: &Request) -> tracing::Span {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("", MatchedPath::as_str);
    tracing::debug_span!("request", method = %request.method(), route)
}

/// The whole service.
pub fn service(app: &App) -> Router {
    let pages = pages()
        .fallback(|| async { crate::error::AppError::NotFound })
        .layer(middleware::from_fn(web::time_limit))
        .layer(middleware::from_fn_with_state(app.clone(), web::page_errors));
    let api = api_routes()
        .layer(middleware::from_fn(web::time_limit))
        .layer(middleware::from_fn(api::problems));
    Router::new()
        .merge(pages)
        .merge(api)
        .layer(middleware::from_fn_with_state(app.clone(), web::known_host))
        .merge(health::routes().layer(middleware::from_fn(web::time_limit)))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .merge(web::asset_routes())
        .layer(middleware::from_fn(web::headers))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::new())
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .with_state(app.clone())
}
