//! Yêu cầu ký số: what waits for a key, and how it ends.
//!
//! A document is prepared ([`prepare_next`]), a request holds it ([`add`]), the provider is asked ([`carry`]); with the raw
//! signature the file is finished, checked and handed back to the room of its [`Subject`]. Everything in between is in the
//! database, so a restart loses nothing; what does not end in time is ended ([`reap_regularly`]).

mod end;
mod finish;
mod made;
mod page;
mod prepare;
mod row;
mod run;
mod subject;
mod view;
mod whole_file;
mod work;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use uuid::Uuid;

pub use end::{LET_GO, cancel, end_open, let_go, let_go_later, perform_let_go, reap, reap_regularly};
pub use finish::{SignedFile, check_certificate, passed, seen};
pub use prepare::{
    Ink, next as prepare_next, no_certificate, no_handwriting, no_seal, page_size, within_page,
};
pub use row::{Batch, Lock, Request, add, end, lock, not_locked};
pub use run::{Event, carry, new_batch};
pub use subject::Subject;
pub use view::{RequestView, of as view_of};
pub use whole_file::persons_only;
pub use work::{Mark, Numbered, Open, Work, WorkFile};

use crate::{context::App, error::AppResult};

/// The kind of provider that signs whole files.
pub const WHOLE_FILE: &str = "whole_file";

/// A batch.
///
/// # Errors
/// [`crate::error::AppError::NotFound`] when there is none.
pub async fn batch(app: &App, id: Uuid) -> AppResult<Batch> {
    row::batch(app, id).await
}

/// The documents of a batch.
///
/// # Errors
/// When the database fails.
pub async fn of_batch(app: &App, id: Uuid) -> AppResult<Vec<Request>> {
    row::requests(app, id).await
}

/// Pages of this sub-room.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/signing/return", get(page::back))
        .route("/signing/requests/{id}", get(page::page))
        .route("/signing/requests/{id}/state", get(page::state))
        .route("/signing/requests/{id}/answer", post(page::answer))
        .route("/signing/requests/{id}/cancel", post(page::cancel))
        .route("/signing/requests/{id}/ticket", post(whole_file::page))
        .route(
            "/signing/tickets/{token}",
            get(whole_file::fetch)
                .post(whole_file::take)
                .layer(DefaultBodyLimit::max(whole_file::MOST)),
        )
}

/// Its part of the API.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/signing/requests/{id}", get(page::api_view))
        .route("/api/v1/signing/requests/{id}/answer", post(page::api_answer))
        .route("/api/v1/signing/requests/{id}/cancel", post(page::api_cancel))
        .route(
            "/api/v1/signing/requests/{id}/ticket",
            post(whole_file::api_ticket),
        )
}

/// Its part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(page::api_view, page::api_answer, page::api_cancel, whole_file::api_ticket))]
    struct Document;
    Document::openapi()
}
