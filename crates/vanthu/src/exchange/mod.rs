//! Gửi, nhận văn bản giữa các cơ quan: the hub contract, and the workers that carry the outbox.

mod worker;

use axum::Router;

pub use worker::{Workers, drain, start_workers};

use crate::context::App;

/// Pages of this room.
pub fn routes() -> Router<App> {
    Router::new()
}

/// Carries out one job of the outbox within `act`.
///
/// # Errors
/// When the job's kind is not known or its effect fails; it is then tried again.
async fn perform(_app: &App, act: store::Act, job: &store::Job) -> crate::error::AppResult<()> {
    drop(act);
    Err(anyhow::anyhow!("no handler for a job of kind {}", job.kind).into())
}
