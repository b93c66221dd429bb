//! Trả lại phần việc: the holder gives a part back to whoever gave it, with a reason (CN-119).

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

/// Why the own part goes back.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct GiveBack {
    /// Lý do trả lại.
    pub reason: String,
}

/// Gives the own open part back.
///
/// # Errors
/// The refusals of [`incoming::give_back`].
pub async fn give_back(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: GiveBack,
) -> AppResult<Done> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, Action::Handle).await?;
    let own = assign::held(who, &doc);
    let reason = clean(&data.reason);
    let plan = incoming::give_back(&who.actor, &doc.facts, &own, &doc.assignments, &reason)?;
    part::end(&mut act, own.id, AssignmentState::GivenBack, &reason).await?;
    if let Some(above) = plan.reopened {
        part::reopen(&mut act, above).await?;
    }
    part::note_lead(&mut act, id).await?;
    let giver = assign::label_of(&mut act, own.given_by).await?;
    let done = step::take(
        &mut act,
        &doc,
        plan.step,
        Told {
            act: act_names::GIVE_BACK,
            summary: format!(
                "{} ({}) cho {giver}",
                IncomingEvent::GivenBack.label(),
                own.role.label()
            ),
            note: &reason,
            for_sender: "",
            details: serde_json::json!({ "assignment": own.id, "reopened": plan.reopened }),
        },
    )
    .await?;
    app.commit(act, &done).await?;
    Ok(done)
}

/// `POST /incoming/{id}/give-back`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<GiveBack>,
) -> Reply {
    let typed = Typed {
        act: "give-back",
        reason: form.data.reason.clone(),
        ..Typed::default()
    };
    match give_back(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(
            &app,
            &detail::href(id),
            "Đã trả lại phần việc cho người giao.",
        )),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// Give the own part back to whoever gave it.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/give-back", tag = "incoming", params(("id" = uuid::Uuid, Path)), request_body = GiveBack,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<GiveBack>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        give_back(&app, &command.who, command.command, id, command.data).await?,
    ))
}
