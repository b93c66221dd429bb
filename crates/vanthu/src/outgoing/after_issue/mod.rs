//! Sau phát hành: how far every recipient is, what is sent once more, corrected, replaced, recalled, taken on paper
//! (ND30-18.3 to 18.5; QD28-8.2, 9.2).

pub(super) mod correct;
pub(super) mod delivery_lines;
mod following;
pub(super) mod issued;
pub(super) mod offers;
mod paper_copy;
pub(super) mod recall;
pub(super) mod replace;
mod resend;
pub(super) mod sent_lines;
pub(super) mod tasks;
mod update;

use axum::{
    Router,
    routing::{get, post},
};

use crate::context::App;

/// What is followed, and the orders about an issued document.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/outgoing/following", get(following::page))
        .route("/outgoing/tasks", get(tasks::page))
        .route("/outgoing/{id}/recall", post(recall::page))
        .route("/outgoing/{id}/update", post(update::page))
        .route("/outgoing/{id}/deliveries/{delivery}/resend", post(resend::page))
        .route("/outgoing/{id}/paper-copies", post(paper_copy::page))
}

/// The same for programs.
pub(super) fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/outgoing/following", get(following::api_following))
        .route("/api/v1/outgoing/tasks", get(tasks::api_tasks))
        .route("/api/v1/outgoing/{id}/recall", post(recall::api_recall))
        .route("/api/v1/outgoing/{id}/update", post(update::api_update))
        .route(
            "/api/v1/outgoing/{id}/deliveries/{delivery}/resend",
            post(resend::api_resend),
        )
        .route(
            "/api/v1/outgoing/{id}/paper-copies",
            post(paper_copy::api_paper_copy),
        )
}

/// This room's part of the OpenAPI document.
pub(super) fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(
        following::api_following,
        tasks::api_tasks,
        recall::api_recall,
        update::api_update,
        resend::api_resend,
        paper_copy::api_paper_copy
    ))]
    struct Document;
    Document::openapi()
}
