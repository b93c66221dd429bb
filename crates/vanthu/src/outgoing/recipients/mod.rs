//! Nơi nhận: looked for, chosen, saved as groups, made one line for each with the way that reaches it
//! (ND30-8.2i, ND30-18.1; QD28-5.3, 10.2).

mod addresses;
pub(super) mod groups;
pub(super) mod search;
pub(super) mod texts;

use axum::{
    Router,
    routing::{get, post},
};

pub(super) use addresses::{Address, Recipients, addresses, no_paper_beside_electronic, settle};

use crate::context::App;

/// The search of recipients, and the pages of their groups.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/outgoing/recipients", get(search::rows))
        .route(
            "/outgoing/groups",
            get(groups::page::list).post(groups::page::create),
        )
        .route("/outgoing/groups/new", get(groups::page::new_page))
        .route(
            "/outgoing/groups/{id}",
            get(groups::page::open_page).post(groups::page::change),
        )
        .route("/outgoing/groups/{id}/remove", post(groups::page::remove))
}

/// The groups for programs.
pub(super) fn api_routes() -> Router<App> {
    Router::new()
        .route(
            "/api/v1/outgoing/groups",
            get(groups::api::api_groups).post(groups::api::api_save_group),
        )
        .route(
            "/api/v1/outgoing/groups/{id}",
            get(groups::api::api_group).post(groups::api::api_change_group),
        )
        .route(
            "/api/v1/outgoing/groups/{id}/remove",
            post(groups::api::api_remove_group),
        )
}

/// This room's part of the OpenAPI document.
pub(super) fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(
        groups::api::api_groups,
        groups::api::api_group,
        groups::api::api_save_group,
        groups::api::api_change_group,
        groups::api::api_remove_group
    ))]
    struct Document;
    Document::openapi()
}
