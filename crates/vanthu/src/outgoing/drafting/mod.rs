//! Soạn thảo: the draft, its versions and files, who writes it and who is asked, until it is handed on or given up
//! (ND30 Điều 8–10: thể thức, kỹ thuật trình bày, soạn thảo văn bản).

mod cancel;
pub(crate) mod carried;
pub(crate) mod co_drafters;
mod comparison;
pub(super) mod composing;
pub(crate) mod consultation;
pub(super) mod content;
mod docx;
pub(super) mod form;
mod form_fields;
pub(super) mod layout;
pub(super) mod save_draft;
mod template;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

use crate::context::App;

/// A draft with its files, each at most 50 MB.
const UPLOAD_LIMIT: usize = 320 * 1024 * 1024;

/// The pages of drafts.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/outgoing/new", get(form::new_page))
        .route(
            "/outgoing",
            post(form::create).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)),
        )
        .route(
            "/outgoing/{id}/edit",
            get(form::edit_page)
                .post(form::edit)
                .layer(DefaultBodyLimit::max(UPLOAD_LIMIT)),
        )
        .route("/outgoing/{id}/cancel", post(cancel::page))
        .route("/outgoing/{id}/compare", get(comparison::page))
        .route("/outgoing/{id}/draft.docx", get(docx::page))
        .route("/outgoing/{id}/co-drafters", post(co_drafters::page))
        .route("/outgoing/{id}/consultations", post(consultation::ask::page))
        .route(
            "/outgoing/{id}/consultations/{consultation}/reply",
            post(consultation::reply::page),
        )
        .route(
            "/outgoing/{id}/consultations/{consultation}/close",
            post(consultation::close::page),
        )
}

/// The same for programs.
pub(super) fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/outgoing", post(save_draft::api_create))
        .route("/api/v1/outgoing/{id}/edit", post(save_draft::api_edit))
        .route("/api/v1/outgoing/{id}/cancel", post(cancel::api_cancel))
        .route("/api/v1/outgoing/{id}/compare", get(comparison::api_compare))
        .route(
            "/api/v1/outgoing/{id}/co-drafters",
            post(co_drafters::api_co_drafters),
        )
        .route(
            "/api/v1/outgoing/{id}/consultations",
            post(consultation::ask::api_ask),
        )
        .route(
            "/api/v1/outgoing/{id}/consultations/{consultation}/reply",
            post(consultation::reply::api_reply),
        )
        .route(
            "/api/v1/outgoing/{id}/consultations/{consultation}/close",
            post(consultation::close::api_close),
        )
}

/// This room's part of the OpenAPI document.
pub(super) fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(
        save_draft::api_create,
        save_draft::api_edit,
        cancel::api_cancel,
        comparison::api_compare,
        co_drafters::api_co_drafters,
        consultation::ask::api_ask,
        consultation::reply::api_reply,
        consultation::close::api_close
    ))]
    struct Document;
    Document::openapi()
}
