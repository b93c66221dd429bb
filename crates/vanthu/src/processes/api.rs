//! The process for programs: what holds, deciding another, and the way of a document.

use axum::{
    Json,
    extract::{Path, Query, State},
};
use jiff::civil::Date;
use rules::{
    ids::IncomingId,
    process::{Step, standard},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    kept,
    save::{self, NewProcess, ProcessSaved},
    view::{StepOfDocument, steps_of},
};
use crate::{
    api,
    context::{App, Who},
    error::AppResult,
    incoming,
};

/// For which day.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct OnDay {
    /// The day; today without it.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<String>)]
    pub day: Option<Date>,
}

/// The process that holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProcessInForce {
    /// The paper by which the agency decided it; absent for the standard process.
    pub basis: Option<String>,
    /// Its steps.
    #[schema(value_type = Vec<Object>)]
    pub steps: Vec<Step>,
}

/// The process of the caller's agency that holds on a day.
#[utoipa::path(get, path = "/api/v1/process", tag = "process", params(OnDay),
    responses((status = 200, body = ProcessInForce)))]
pub async fn show(
    State(app): State<App>,
    who: Who,
    Query(on): Query<OnDay>,
) -> AppResult<Json<ProcessInForce>> {
    let day = on.day.unwrap_or_else(|| app.clock.today());
    Ok(Json(match kept::of_agency(&app, who.agency(), day).await? {
        Some(kept) => ProcessInForce {
            basis: Some(kept.basis),
            steps: kept.process.steps,
        },
        None => ProcessInForce {
            basis: None,
            steps: standard().steps,
        },
    }))
}

/// Decides the process of an agency from a day on. A process that is not closed is refused with the path that does not end.
#[utoipa::path(post, path = "/api/v1/process", tag = "process", request_body = NewProcess,
    responses((status = 200, body = ProcessSaved), (status = 409, description = "Quy trình chưa khép kín")))]
pub async fn save(
    State(app): State<App>,
    command: api::Command<NewProcess>,
) -> AppResult<Json<ProcessSaved>> {
    Ok(Json(
        save::save(&app, &command.who, command.command, command.data).await?,
    ))
}

/// The way of a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct WayOfDocument {
    /// The steps in their order; empty for a document that left the agency or was cancelled.
    pub steps: Vec<StepOfDocument>,
}

/// At which step of the process an incoming document stands.
#[utoipa::path(get, path = "/api/v1/incoming/{id}/process", tag = "process", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = WayOfDocument), (status = 404)))]
pub async fn of_document(
    State(app): State<App>,
    who: Who,
    Path(id): Path<IncomingId>,
) -> AppResult<Json<WayOfDocument>> {
    let stand = incoming::stand(&app, &who, id).await?;
    let (steps, _) = steps_of(&app, stand).await?;
    Ok(Json(WayOfDocument { steps }))
}
