//! Conventions of the JSON API: bearer tokens, `Command-Id`, problems, the OpenAPI document.

mod command;
mod openapi;
mod problems;

use axum::{Router, routing::get};

pub use command::Command;
pub use openapi::document;
pub use problems::problems;

use crate::context::App;

/// `/api/v1/openapi.json`.
pub fn routes() -> Router<App> {
    Router::new().route("/api/v1/openapi.json", get(openapi::serve))
}
