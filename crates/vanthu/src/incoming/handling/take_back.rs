//! Thu hồi phân công: the giver takes a part back, with everything below it (CN-120).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    access::Action,
    ids::{AssignmentId, CommandId, IncomingId},
    incoming::{self, AssignmentState, IncomingEvent},
};
use serde::{Deserialize, Serialize};
use store::Begun;
use utoipa::ToSchema;

use super::part;
use crate::{
    act_names, api,
    context::{App, Who},
    error::AppResult,
    incoming::{
        detail::{self, Typed},
        load,
        step::{self, Done, Told},
    },
    web::{Reply, Submitted, blank_as_none, clean, see_other},
};

/// Which part is taken back.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct TakeBack {
    /// The part.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub assignment: Option<AssignmentId>,
    /// Lý do; needed as soon as its holder has opened the document.
    pub reason: String,
}

/// Takes a part back.
///
/// # Errors
/// The refusals of [`incoming::take_back`].
pub async fn take_back(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: TakeBack,
) -> AppResult<Done> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, Action::Amend).await?;
    let chosen = part::chosen(&doc, data.assignment)?;
    part::is_anothers(who, &chosen)?;
    let reason = clean(&data.reason);
    let plan = incoming::take_back(&who.actor, &doc.facts, &chosen, &doc.assignments, &reason)?;
    let mut names = Vec::with_capacity(plan.taken.len());
    for taken in &plan.taken {
        part::end(&mut act, *taken, AssignmentState::TakenBack, &reason).await?;
        names.push(part::holder(&mut act, *taken).await?);
    }
    if let Some(above) = plan.reopened {
        part::reopen(&mut act, above).await?;
    }
    part::note_lead(&mut act, id).await?;
    let told: Vec<&str> = names.iter().map(|holder| holder.name.as_str()).collect();
    let done = step::take(
        &mut act,
        &doc,
        plan.step,
        Told {
            act: act_names::TAKE_BACK,
            summary: format!(
                "{} ({}): {}",
                IncomingEvent::TakenBack.label(),
                chosen.role.label(),
                told.join("; ")
            ),
            note: &reason,
            for_sender: "",
            details: serde_json::json!({
                "assignment": chosen.id, "taken": plan.taken, "reopened": plan.reopened, "opened": chosen.opened,
            }),
        },
    )
    .await?;
    for holder in &names {
        part::never_had_it(&mut act, id, holder.post).await?;
    }
    app.commit(act, &done).await?;
    Ok(done)
}

/// `POST /incoming/{id}/take-back`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<TakeBack>,
) -> Reply {
    let typed = Typed {
        act: "take-back",
        part: form
            .data
            .assignment
            .map(|part| part.to_string())
            .unwrap_or_default(),
        reason: form.data.reason.clone(),
        ..Typed::default()
    };
    match take_back(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(&app, &detail::href(id), "Đã thu hồi phân công.")),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// Take back what the caller gave: freely before it was opened, then with a reason.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/take-back", tag = "incoming", params(("id" = uuid::Uuid, Path)), request_body = TakeBack,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<TakeBack>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        take_back(&app, &command.who, command.command, id, command.data).await?,
    ))
}
