//! Quản trị: accounts, agencies, units, the journal.
//!
//! An administrator of an agency manages its accounts (Điều 23.1); the administrator of the province manages all.
//! What is not theirs looks as if it did not exist. No administrator sees the content of documents.

mod accounts;
mod agencies;
mod close;
mod create;
mod history;
mod journal;
mod managed;
mod reset_password;
mod settings;
#[cfg(test)]
mod tests;
mod unlock;

use axum::{Router, routing::get, routing::post};
use rules::{
    access::{self, Action, ObjectFacts},
    people::Role,
};

pub use history::history;
pub use managed::{manages, must_administer, must_administer_province};
pub use reset_password::random_password;

use crate::{
    context::{App, Who},
    web::page::BoxLink,
};

/// `/administration/…`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/administration/agencies", get(agencies::tree))
        .route("/administration/agencies/{id}", get(agencies::detail))
        .route(
            "/administration/agencies/{id}/codes",
            post(agencies::change_codes),
        )
        .route(
            "/administration/accounts",
            get(accounts::list).post(create::submit),
        )
        .route("/administration/accounts/new", get(create::form))
        .route("/administration/accounts/{id}", get(accounts::detail))
        .route("/administration/accounts/{id}/close", post(close::submit))
        .route("/administration/accounts/{id}/unlock", post(unlock::submit))
        .route(
            "/administration/accounts/{id}/reset-password",
            post(reset_password::submit),
        )
        .route("/administration/journal", get(journal::page))
        .route(
            "/administration/settings",
            get(settings::show).post(settings::submit),
        )
}

/// `/api/v1/accounts…`.
pub fn api_routes() -> Router<App> {
    Router::new()
        .route("/api/v1/accounts", get(accounts::api).post(create::api))
        .route(
            "/api/v1/agency-settings",
            get(settings::api_list).post(settings::api_choose),
        )
        .route("/api/v1/accounts/{id}/close", post(close::api))
        .route("/api/v1/accounts/{id}/unlock", post(unlock::api))
        .route("/api/v1/accounts/{id}/reset-password", post(reset_password::api))
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(
        accounts::api,
        create::api,
        close::api,
        unlock::api,
        reset_password::api,
        settings::api_list,
        settings::api_choose
    ))]
    struct Document;
    Document::openapi()
}

/// Links of the left column: for administrators, and the journal for the head of the agency.
pub fn links(who: &Who) -> Vec<BoxLink> {
    let journal = BoxLink::new("journal", "Nhật ký", "/administration/journal", "history");
    if who.role() == Role::Administrator {
        return vec![
            BoxLink::new(
                "agencies",
                "Cơ quan, đơn vị",
                "/administration/agencies",
                "building",
            ),
            BoxLink::new(
                "directory",
                "Danh mục trục liên thông",
                "/administration/directory",
                "sitemap",
            ),
            crate::registers::numbering_link(),
            BoxLink::new("accounts", "Tài khoản", "/administration/accounts", "users"),
            BoxLink::new(
                "process",
                "Quy trình nội bộ",
                "/administration/process",
                "git-branch",
            ),
            BoxLink::new(
                "calendar",
                "Lịch làm việc",
                "/administration/calendar",
                "calendar",
            ),
            BoxLink::new("signing", "Chữ ký số", "/administration/signing", "signature"),
            settings::link(),
            journal,
        ];
    }
    let custody = BoxLink::new(
        "signing",
        "Thiết bị, khóa ký số",
        "/administration/signing/custody",
        "key",
    );
    let agency = ObjectFacts::agency(who.agency());
    if access::decide(&who.actor, Action::ViewJournal, &agency).is_ok() {
        return vec![custody, journal];
    }
    if who.is_clerk() {
        return vec![custody];
    }
    Vec::new()
}
