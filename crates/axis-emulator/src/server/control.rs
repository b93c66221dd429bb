//! The control API: troubles, state, partners. It listens apart from the axis, so that it answers while the axis is down.

use std::sync::Arc;

use ::axum::extract::State as Shared;
use ::axum::http::StatusCode;
use ::axum::response::{IntoResponse, Response};
use ::axum::routing::{get, post};
use ::axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use crate::emulator::Hub;
use crate::faults::FaultSet;
use crate::partner::{self, Command, Script};

pub(crate) fn router(hub: &Arc<Hub>) -> Router {
    Router::new()
        .route("/control/faults", get(faults).post(set_faults))
        .route("/control/state", get(state))
        .route("/control/reset", post(reset))
        .route("/control/partner/send", post(send))
        .route("/control/partner/script", post(script))
        .with_state(hub.clone())
}

async fn faults(Shared(hub): Shared<Arc<Hub>>) -> Response {
    let (set, hits) = hub.faults.shown();
    Json(json!({ "faults": set, "hits": hits })).into_response()
}

async fn set_faults(Shared(hub): Shared<Arc<Hub>>, Json(set): Json<FaultSet>) -> Response {
    hub.faults.set(set);
    faults(Shared(hub)).await
}

async fn state(Shared(hub): Shared<Arc<Hub>>) -> Response {
    Json(hub.state()).into_response()
}

async fn reset(Shared(hub): Shared<Arc<Hub>>) -> StatusCode {
    hub.reset();
    StatusCode::NO_CONTENT
}

async fn send(Shared(hub): Shared<Arc<Hub>>, Json(command): Json<Command>) -> Response {
    match partner::send(&hub, &command) {
        Ok(sent) => Json(sent).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "error": error }))).into_response(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewScript {
    code: String,
    script: Option<Script>,
}

async fn script(Shared(hub): Shared<Arc<Hub>>, Json(new): Json<NewScript>) -> StatusCode {
    partner::set_script(&hub, &new.code, new.script);
    StatusCode::NO_CONTENT
}
