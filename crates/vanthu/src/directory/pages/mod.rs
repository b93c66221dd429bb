//! The pages of the directory, for administrators, and its API.

mod entry;
mod export;
mod import;
mod list;
mod proposals;

pub use export::export;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use rules::Refusal;

use super::table;
use crate::{
    context::App,
    error::{AppError, AppResult},
    web::{
        format,
        page::{FieldErrors, RefusalBox},
    },
};

/// `/administration/directory…`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/administration/directory", get(list::page).post(entry::create))
        .route("/administration/directory/new", get(entry::new_page))
        .route(
            "/administration/directory/import",
            get(import::page)
                .post(import::upload)
                .layer(DefaultBodyLimit::max(table::MAX_FILE)),
        )
        .route("/administration/directory/loads/{id}", get(import::load_page))
        .route(
            "/administration/directory/loads/{id}/apply",
            post(import::confirm),
        )
        .route("/administration/directory/export", get(export::whole))
        .route("/administration/directory/own-codes", get(export::own_codes))
        .route(
            "/administration/directory/proposals",
            get(proposals::page).post(proposals::confirm_all),
        )
        .route(
            "/administration/directory/{id}",
            get(entry::page).post(entry::correct),
        )
        .route("/administration/directory/{id}/close", post(entry::close))
        .route("/administration/directory/{id}/reopen", post(entry::reopen))
        .route("/administration/directory/{id}/codes", post(entry::join))
}

/// `/api/v1/directory`.
pub fn api_routes() -> Router<App> {
    Router::new().route("/api/v1/directory", get(list::api))
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(list::api))]
    struct Document;
    Document::openapi()
}

/// A refusal as a page shows it: over the form, and beside its field.
fn told(refusal: Option<Refusal>) -> (Option<RefusalBox>, FieldErrors) {
    let mut errors = FieldErrors::none();
    let shown = refusal.map(|refusal| {
        if let Some(field) = refusal.field {
            errors.add(field, refusal.message.clone());
        }
        RefusalBox {
            sentence: refusal.message,
            clause: format::clause(refusal.clause),
            what_to_do: String::new(),
        }
    });
    (shown, errors)
}

/// The refusal of an act, to show its form again; any other error goes on.
fn refused<T>(done: AppResult<T>) -> AppResult<Result<T, Refusal>> {
    match done {
        Ok(value) => Ok(Ok(value)),
        Err(AppError::Refused(refusal)) => Ok(Err(refusal)),
        Err(error) => Err(error),
    }
}
