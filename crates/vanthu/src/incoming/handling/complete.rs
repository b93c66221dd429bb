//! Hoàn thành phần việc: who co-operates or is informed completes only the own part (ND30-24.2).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    access::Action,
    ids::{CommandId, IncomingId},
    incoming::{self, AssignmentState, IncomingEvent},
};
use serde::{Deserialize, Serialize};
use store::Begun;
use utoipa::ToSchema;

use super::{assign, part};
use crate::{
    act_names, api,
    context::{App, Who},
    error::AppResult,
    incoming::{
        detail::{self, Typed},
        load,
        step::{self, Done, Told},
    },
    web::{Reply, Submitted, clean, see_other},
};

/// The own part is done.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Complete {
    /// Kết quả phần việc; may be empty.
    pub result: String,
}

/// Completes the own co-operating or informed part.
///
/// # Errors
/// The refusals of [`incoming::complete_assignment`].
pub async fn complete(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: Complete,
) -> AppResult<Done> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, Action::Handle).await?;
    let own = assign::held(who, &doc);
    let plan = incoming::complete_assignment(&who.actor, &doc.facts, &own, &doc.assignments)?;
    let result = clean(&data.result);
    for (position, done) in plan.done.iter().enumerate() {
        // The first is the own part; those above it only passed it on.
        let told = Some(result.as_str()).filter(|text| position == 0 && !text.is_empty());
        part::set_state(&mut act, *done, AssignmentState::Done, told).await?;
    }
    let done = step::take(
        &mut act,
        &doc,
        plan.step,
        Told {
            act: act_names::COMPLETE,
            summary: format!("{} ({})", IncomingEvent::PartCompleted.label(), own.role.label()),
            note: &result,
            for_sender: "",
            details: serde_json::json!({ "assignment": own.id, "done": plan.done }),
        },
    )
    .await?;
    app.commit(act, &done).await?;
    Ok(done)
}

/// `POST /incoming/{id}/complete`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<Complete>,
) -> Reply {
    let typed = Typed {
        act: "complete",
        result: form.data.result.clone(),
        ..Typed::default()
    };
    match complete(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(&app, &detail::href(id), "Đã hoàn thành phần việc.")),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// Complete the own part: co-operating or informed.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/complete", tag = "incoming", params(("id" = uuid::Uuid, Path)), request_body = Complete,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<Complete>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        complete(&app, &command.who, command.command, id, command.data).await?,
    ))
}
