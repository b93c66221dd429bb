//! Whether the program lives and can work.

use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use serde::Serialize;
use store::{Job, args, sql};
use utoipa::ToSchema;

use crate::{context::App, error::AppResult, exchange};

/// `/health/live`, `/health/ready`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
}

async fn live() -> &'static str {
    "ok"
}

/// State of the parts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// The database answers and has an organization.
    pub database: bool,
    /// The folder of the files is there.
    pub files: bool,
    /// Consequences waiting in the outbox.
    pub waiting: i64,
    /// Consequences that failed too often and wait for a person.
    pub dead: i64,
    /// The exchange over the axis: 0 good, 1 something is late, 2 a person has to act.
    pub exchange: u8,
}

async fn ready(State(app): State<App>) -> AppResult<(StatusCode, Json<Health>)> {
    let database = app
        .db
        .opt(sql!("SELECT id FROM agency LIMIT 1"), args![])
        .await?
        .is_some();
    let files = tokio::fs::try_exists(app.settings.data.folder.join("files"))
        .await
        .unwrap_or_default();
    let (waiting, dead) = Job::backlog(&app.db).await?;
    let status = if database && files {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    Ok((
        status,
        Json(Health {
            database,
            files,
            waiting,
            dead,
            exchange: exchange::axis::condition(&app).await?.level,
        }),
    ))
}
