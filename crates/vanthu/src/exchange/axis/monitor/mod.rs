//! Theo dõi trục liên thông: what waits, what is stuck, what a person has to decide.

mod acts;
mod api;
mod condition;
mod file;
mod lines;
mod links;
mod lists;
mod overview;
mod received;
mod scope;
mod sent;

use axum::{Router, routing::get};
use rules::{exchange::Business, people::Role};

pub use condition::{Condition, condition};
pub use links::{PacketNote, link, notes_of_incoming, packets_of_outgoing};

use crate::{
    context::{App, Who},
    web::page::Tab,
};

/// `/exchange…` but for the connections.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/exchange", get(overview::page))
        .merge(acts::routes())
}

/// `/api/v1/exchange/…`.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/exchange", get(api::status))
        .merge(acts::api_routes())
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(api::status))]
    struct Document;
    Document::openapi().merge_from(acts::api_document())
}

/// The pages that belong together.
pub fn tabs(who: &Who, current: &str) -> Vec<Tab> {
    let tab = |key: &str, label: &'static str, href: &str| Tab {
        label,
        href: href.to_owned(),
        is_current: key == current,
    };
    let mut tabs = vec![
        tab("overview", "Tổng quan", "/exchange"),
        tab("sent", "Gói tin gửi đi", "/exchange/sent"),
        tab("received", "Gói tin nhận về", "/exchange/received"),
    ];
    if who.role() == Role::Administrator && who.actor.is_province_administrator {
        tabs.push(tab("connections", "Kết nối", "/exchange/connections"));
    }
    tabs
}

/// What a packet of a document is about, for people; empty for a status.
fn business_label(business: &str) -> &'static str {
    business.parse().map(Business::label).unwrap_or_default()
}
