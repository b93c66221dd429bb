//! Đăng nhập: passwords, sessions, tokens, and who asks.
//!
//! The regulation: an account per officer (Điều 3.3, 7), confidential (Điều 4.2), locked on every channel when its
//! owner leaves (Điều 23.1c): sessions and tokens are rows of their own, ended in the transaction that locks.

mod account;
mod authenticate;
mod change_password;
mod form;
mod in_place;
mod limit;
mod password;
mod session;
#[cfg(test)]
mod tests;
mod tokens;
mod who;

use axum::Router;

#[cfg(test)]
pub(crate) use authenticate::authenticate;
pub use change_password::PATH as CHANGE_PASSWORD;
pub use in_place::choose as work_in_place;
pub use limit::{Attempts, Origin};
pub use password::{hash, hash_blocking};
pub use session::{end_all, open_for_test, other_posts};
pub use tokens::{NewToken, create_token};
pub use who::{new_token, token_hash, who_of_post, who_of_session, who_of_token};

use crate::context::App;

/// `/sign-in`, `/sign-out`, `/session/post`, and the API's tokens.
pub fn routes() -> Router<App> {
    Router::new()
        .merge(form::routes())
        .merge(session::routes())
        .merge(account::routes())
        .merge(change_password::routes())
}

/// The routes of the API.
pub fn api_routes() -> Router<App> {
    tokens::routes()
}

/// This room's part of the OpenAPI document.
pub fn api_document() -> utoipa::openapi::OpenApi {
    use utoipa::OpenApi;
    #[derive(OpenApi)]
    #[openapi(paths(tokens::create))]
    struct Document;
    Document::openapi()
}
