//! Ký số: keys and their owners, what waits for a signature, trust, and what a check of signatures found.
//!
//! Each sub-room is one folder and stands for itself; the path of a document lies in [`crate::outgoing`].

pub mod check_page;
pub mod custody;
pub mod demo;
pub mod evidence;
pub mod images;
pub mod keys;
mod memory;
pub mod requests;
pub(crate) mod scope;
pub mod trust;
pub mod verdicts;

use axum::Router;

pub use demo::demo_pki_of;
pub use memory::SigningMemory;

use crate::context::App;

/// `/signing/…`.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(requests::routes())
        .merge(keys::routes())
        .merge(images::routes())
        .merge(trust::routes())
        .merge(custody::routes())
        .merge(evidence::routes())
        .merge(verdicts::routes())
        .merge(check_page::routes())
}

/// `/api/v1/signing/…`.
pub fn api_routes() -> Router<App> {
    Router::new()
        .merge(requests::api_routes())
        .merge(keys::api_routes())
        .merge(images::api_routes())
        .merge(trust::api_routes())
        .merge(custody::api_routes())
        .merge(evidence::api_routes())
        .merge(verdicts::api_routes())
        .merge(check_page::api_routes())
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    let mut whole = requests::api_document();
    for part in [
        keys::api_document(),
        images::api_document(),
        trust::api_document(),
        custody::api_document(),
        evidence::api_document(),
        verdicts::api_document(),
        check_page::api_document(),
    ] {
        whole.merge(part);
    }
    whole
}
