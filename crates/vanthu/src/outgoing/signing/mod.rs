//! Trình, kiểm tra, duyệt, ký: from the finished draft to the signature of the person in whose name it goes out, or back
//! (ND30 Điều 11–13; ND30-32.2 for the log of keys).

mod approve;
pub(super) mod authority;
pub(super) mod ink;
pub(super) mod key_log;
mod place;
pub(super) mod places;
mod return_draft;
pub(super) mod sign;
mod sign_off_content;
mod sign_off_form;
pub(super) mod submit;

use axum::{
    Router,
    routing::{get, post},
};

use crate::context::App;

/// The steps up to the signature, from the page of the document.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/outgoing/{id}/submit", post(submit::page))
        .route("/outgoing/{id}/sign-off-content", post(sign_off_content::page))
        .route("/outgoing/{id}/sign-off-form", post(sign_off_form::page))
        .route("/outgoing/{id}/approve", post(approve::page))
        .route("/outgoing/{id}/return", post(return_draft::page))
        .route("/outgoing/{id}/place", get(place::page).post(place::submit))
}

/// The same for programs.
pub(super) fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/outgoing/{id}/submit", post(submit::api_submit))
        .route(
            "/api/v1/outgoing/{id}/sign-off-content",
            post(sign_off_content::api_sign_off_content),
        )
        .route(
            "/api/v1/outgoing/{id}/sign-off-form",
            post(sign_off_form::api_sign_off_form),
        )
        .route("/api/v1/outgoing/{id}/approve", post(approve::api_approve))
        .route(
            "/api/v1/outgoing/{id}/return",
            post(return_draft::api_return_draft),
        )
        .route("/api/v1/outgoing/{id}/place", post(place::api_place))
}

/// This room's part of the OpenAPI document.
pub(super) fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(
        submit::api_submit,
        sign_off_content::api_sign_off_content,
        sign_off_form::api_sign_off_form,
        approve::api_approve,
        return_draft::api_return_draft,
        place::api_place
    ))]
    struct Document;
    Document::openapi()
}
