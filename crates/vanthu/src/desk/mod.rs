//! Bàn làm việc: which document lies in which box on whose desk, with counters that are kept, never counted.
//!
//! The desk is derived: [`place`] says from the facts of a document where it lies, [`refresh`] brings the stored
//! desk to that after every act, and `vanthu rebuild` does the same for all documents. Who had a document on
//! the desk took part in it, and may see it from then on.

mod boxes;
mod count;
mod home;
mod list;
mod live;
pub mod place;
mod refresh;
mod seen;
mod slip_place;
mod statement;

use axum::Router;

pub use boxes::{DeskBox, Owner};
pub use count::{boxes, deadline_badge, deadline_state, deadline_tone, soon, urgent_arrivals};
pub(crate) use home::tile_tone;
pub use list::{BoxItem, doc_row};
pub use refresh::{refresh, refresh_incoming, refresh_outgoing, refresh_slip};
pub use seen::{mark_seen, note_seen};
pub use slip_place::SlipPlaces;

use crate::context::App;

/// Where the page of an object of this kind is.
pub fn href(kind: &str, id: uuid::Uuid) -> String {
    let room = if kind == "slip" { "slips" } else { kind };
    format!("/{room}/{id}")
}

/// `/`, `/boxes/{key}`, `/boxes.json`, `/live`.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(home::routes())
        .merge(list::routes())
        .merge(live::routes())
}

/// `/api/v1/boxes…`.
pub fn api_routes() -> Router<App> {
    list::api_routes()
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(list::api_boxes, list::api_box))]
    struct Document;
    Document::openapi()
}
