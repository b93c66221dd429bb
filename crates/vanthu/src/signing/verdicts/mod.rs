//! Kết quả kiểm tra chữ ký số: each PDF of an incoming or issued document is checked in a process of its own, the report is
//! kept with the document, shown, printed, and checked again on demand (KS-20 to KS-25, QC01-13.1b).

mod job;
mod kept;
mod object;
mod page;
mod recheck;
mod section;
mod verify;
mod view;
mod words;
pub mod worker;

use axum::{
    Router,
    routing::{get, post},
};

pub use job::{Finding, Fresh, KIND, check, details, keep, perform, schedule, sentence};
pub use kept::{Line, Stored, forget, history, of_file, of_object, store};
pub use object::{Object, Pdf};
pub use section::{Section, section};
pub use verify::{
    Checked, Material, PAINTED_OVER, add, deciding, is_painted_over, lacks_evidence, legal, verify, word,
};
pub use view::{ReportView, SignatureView, view};
pub use words::{in_words, second};

use crate::context::App;

/// Pages of this sub-room.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/signing/verdicts/{kind}/{id}", get(page::page))
        .route("/signing/verdicts/{kind}/{id}/recheck", post(recheck::page))
}

/// Its part of the API.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/signing/verdicts/{kind}/{id}", get(page::api))
        .route("/api/v1/signing/verdicts/{kind}/{id}/recheck", post(recheck::api))
}

/// Its part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(page::api, recheck::api))]
    struct Document;
    Document::openapi()
}
