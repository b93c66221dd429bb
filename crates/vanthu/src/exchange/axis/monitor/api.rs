//! How the exchange is, for programs.

use axum::{Json, extract::State};

use super::{
    condition::{Condition, condition_for},
    scope,
};
use crate::{
    context::{App, Who},
    error::AppResult,
};

/// How the exchange over the axis is: connections, queues, what is stuck. For administrators and clerks, each for what they follow.
#[utoipa::path(get, path = "/api/v1/exchange", tag = "exchange",
    responses((status = 200, body = Condition), (status = 409, description = "Không phải văn thư, quản trị")))]
pub async fn status(State(app): State<App>, who: Who) -> AppResult<Json<Condition>> {
    scope::must_follow(&who)?;
    Ok(Json(condition_for(&app, &who).await?))
}
