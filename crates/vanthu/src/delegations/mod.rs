//! Ủy quyền xử lý công việc (CN-805, CN-806): work that a person hands over to a colleague for a time.
//!
//! The substitute enters the other's place (`sign_in::in_place`) and finds the other's boxes; the access engine lets them do what was
//! handed over, the journal says “A thay B”. Signing and keys never go this way (ND30-13.3).

mod enter;
mod hand_over;
mod load;
mod page;
mod revoke;
#[cfg(test)]
mod tests;

use axum::{
    Router,
    routing::{get, post},
};

pub use load::{Standing, standing};

use crate::context::App;

/// Where the page is.
pub const HREF: &str = "/delegations";

/// `/delegations…`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/delegations", get(page::show).post(hand_over::submit))
        .route("/delegations/leave", post(enter::leave))
        .route("/delegations/{id}", get(page::place))
        .route("/delegations/{id}/enter", post(enter::enter))
        .route("/delegations/{id}/revoke", post(revoke::submit))
}

/// `/api/v1/delegations…`.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/delegations", get(load::api).post(hand_over::api))
        .route("/api/v1/delegations/{id}/revoke", post(revoke::api))
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(load::api, hand_over::api, revoke::api))]
    struct Document;
    Document::openapi()
}
