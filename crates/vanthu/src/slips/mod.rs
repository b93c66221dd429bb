//! Phiếu trình: an officer lays a matter before leaders of the agency, who approve it in their order (CN-302 to CN-305).
//!
//! The slip is internal: it has no number and stands in no book. What it carries (a draft, an incoming document, files) is seen by whom it
//! is laid before. A draft is frozen while the slip runs and goes on by itself once it is approved.

mod advice;
mod attached;
mod cancel;
mod carried;
mod decide;
mod detail;
mod form;
mod load;
mod people;
mod print;
mod save;
mod sign;
mod step;
mod submit;
#[cfg(test)]
mod tests;
mod view;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

pub use carried::{Carrier, carrier, leave_alone};
pub use load::{sees_round, sees_whole, standing};
pub use sign::{named_in_log, signed_by_leader, signing_ended};

use crate::context::App;

/// A slip with its files, each at most 50 MB.
const UPLOAD_LIMIT: usize = 320 * 1024 * 1024;

/// `/slips/…`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/slips/new", get(form::new_page))
        .route(
            "/slips",
            post(form::create).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)),
        )
        .route("/slips/{id}", get(detail::page))
        .route(
            "/slips/{id}/edit",
            get(form::edit_page)
                .post(form::edit)
                .layer(DefaultBodyLimit::max(UPLOAD_LIMIT)),
        )
        .route("/slips/{id}/submit", post(submit::page))
        .route("/slips/{id}/decide", post(decide::page))
        .route("/slips/{id}/ask", post(advice::ask_page))
        .route("/slips/{id}/advise", post(advice::advise_page))
        .route("/slips/{id}/cancel", post(cancel::page))
        .route("/slips/{id}/slip.pdf", get(print::page))
}

/// `/api/v1/slips/…`.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/slips", post(save::api_create))
        .route("/api/v1/slips/{id}", get(view::api_view))
        .route("/api/v1/slips/{id}/edit", post(save::api_edit))
        .route("/api/v1/slips/{id}/submit", post(submit::api_submit))
        .route("/api/v1/slips/{id}/decide", post(decide::api_decide))
        .route("/api/v1/slips/{id}/ask", post(advice::api_ask))
        .route("/api/v1/slips/{id}/advise", post(advice::api_advise))
        .route("/api/v1/slips/{id}/cancel", post(cancel::api_cancel))
        .route("/api/v1/slips/{id}/pdf", get(print::api_pdf))
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(
        save::api_create,
        save::api_edit,
        view::api_view,
        submit::api_submit,
        decide::api_decide,
        advice::api_ask,
        advice::api_advise,
        cancel::api_cancel,
        print::api_pdf
    ))]
    struct Document;
    Document::openapi()
}
