//! What people decide about packets: each with a reason in the journal, by page and by API.

mod received;
mod sent;

use axum::{
    Router,
    routing::{get, post},
};
use rules::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use sent::may_have_been_taken;

use super::{file, lists, received as received_page, sent as sent_page};
use crate::{
    context::App,
    error::{AppError, AppResult},
    web::clean,
};

/// A form without fields.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
pub struct Nothing {}

/// A form with a reason.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Reason {
    /// Lý do. Never empty.
    pub reason: String,
}

impl Reason {
    fn given(&self) -> AppResult<String> {
        let reason = clean(&self.reason);
        if reason.is_empty() {
            return Err(Refusal::new(
                "QC01-14.3a",
                "exchange.no_reason",
                "Vui lòng ghi lý do để người khác hiểu vì sao gói tin được xử lý như vậy.",
            )
            .on("reason")
            .into());
        }
        Ok(reason)
    }
}

/// Where a packet stands after an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PacketMoved {
    /// The packet.
    pub id: Uuid,
    /// Its state, as the lists name it: `waiting`, `dropped`, `listed` …
    pub state: String,
    /// The state in Vietnamese.
    pub state_label: String,
}

fn not_now() -> AppError {
    Refusal::new(
        "QC01-14.3a",
        "exchange.not_now",
        "Gói tin không còn ở trạng thái này. Vui lòng tải lại trang.",
    )
    .into()
}

/// `/exchange/sent…` and `/exchange/received…`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/exchange/sent", get(lists::sent))
        .route("/exchange/sent/{id}", get(sent_page::page))
        .route("/exchange/sent/{id}/file", get(file::sent))
        .route("/exchange/sent/{id}/again", post(sent::again_page))
        .route("/exchange/sent/{id}/confirm", post(sent::confirm_page))
        .route("/exchange/sent/{id}/skip", post(sent::skip_page))
        .route("/exchange/received", get(lists::received))
        .route("/exchange/received/{id}", get(received_page::page))
        .route("/exchange/received/{id}/file", get(file::received))
        .route("/exchange/received/{id}/again", post(received::read_again_page))
        .route("/exchange/received/{id}/skip", post(received::skip_page))
        .route("/exchange/received/{id}/assign", post(received::assign_page))
        .route("/exchange/received/{id}/return", post(received::send_back_page))
}

/// The same acts for programs.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/exchange/sent/{id}/again", post(sent::api_again))
        .route("/api/v1/exchange/sent/{id}/confirm", post(sent::api_confirm))
        .route("/api/v1/exchange/sent/{id}/skip", post(sent::api_skip))
        .route(
            "/api/v1/exchange/received/{id}/again",
            post(received::api_read_again),
        )
        .route("/api/v1/exchange/received/{id}/skip", post(received::api_skip))
        .route(
            "/api/v1/exchange/received/{id}/assign",
            post(received::api_assign),
        )
        .route(
            "/api/v1/exchange/received/{id}/return",
            post(received::api_send_back),
        )
}

/// Their part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(
        sent::api_again,
        sent::api_confirm,
        sent::api_skip,
        received::api_read_again,
        received::api_skip,
        received::api_assign,
        received::api_send_back,
    ))]
    struct Document;
    Document::openapi()
}
