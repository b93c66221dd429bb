//! Chứng cứ gửi, nhận: a bundle about one delivery that a third party checks with no server and no network.

mod export;
mod format;
mod verify;

use axum::{Router, routing::get};

pub use export::{Noted, NotedFile};
pub use format::Party;
pub use verify::{Report, verify};

use crate::context::App;

/// The downloads of bundles.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/outgoing/{id}/evidence/{delivery}", get(export::of_delivery))
        .route("/incoming/{id}/evidence", get(export::of_incoming))
}
