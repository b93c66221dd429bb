//! Đổi vai trò, thời hạn of a part, by whoever gave it (CN-121).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    access::Action,
    ids::{AssignmentId, CommandId, IncomingId},
    incoming::{self, AssignmentRole, Change, IncomingEvent},
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
    web::{Reply, Submitted, blank_as_none, format, see_other},
};

/// What shall be different about a part.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ChangePart {
    /// The part.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub assignment: Option<AssignmentId>,
    /// `lead`, `cooperate` or `inform`; left out: as it is.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<String>)]
    pub role: Option<AssignmentRole>,
    /// Thời hạn; left out: as it is.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
}

/// Changes a part.
///
/// # Errors
/// The refusals of [`incoming::change_part`].
pub async fn change_part(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: ChangePart,
) -> AppResult<Done> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, Action::Amend).await?;
    let chosen = part::chosen(&doc, data.assignment)?;
    part::is_anothers(who, &chosen)?;
    let change = Change {
        role: data.role.unwrap_or(chosen.role),
        deadline: data.due_on,
        today: act.today(),
    };
    let plan = incoming::change_part(&who.actor, &doc.facts, &chosen, &doc.assignments, change)?;
    let mut sentences = Vec::with_capacity(plan.changed.len());
    let mut details = Vec::with_capacity(plan.changed.len());
    for changed in &plan.changed {
        part::change(&mut act, changed.id, changed.role, changed.deadline).await?;
        let holder = part::holder(&mut act, changed.id).await?;
        let day = changed.deadline.map_or_else(
            || "không đặt hạn".to_owned(),
            |day| format!("hạn {}", format::date(day)),
        );
        sentences.push(format!("{}: {}, {day}", holder.name, changed.role.label()));
        details.push(serde_json::json!({
            "assignment": changed.id, "role": changed.role, "due_on": changed.deadline,
        }));
    }
    part::note_lead(&mut act, id).await?;
    let done = step::take(
        &mut act,
        &doc,
        plan.step,
        Told {
            act: act_names::CHANGE_PART,
            summary: format!("{}: {}", IncomingEvent::Changed.label(), sentences.join("; ")),
            note: "",
            for_sender: "",
            details: serde_json::json!({
                "changed": details, "role": chosen.role, "old_due_on": chosen.deadline,
            }),
        },
    )
    .await?;
    for changed in &plan.changed {
        let holder = part::holder(&mut act, changed.id).await?;
        part::call(&mut act, id, holder.post).await?;
    }
    app.commit(act, &done).await?;
    Ok(done)
}

/// `POST /incoming/{id}/change`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<ChangePart>,
) -> Reply {
    let typed = Typed {
        act: "change",
        part: form
            .data
            .assignment
            .map(|part| part.to_string())
            .unwrap_or_default(),
        ..Typed::default()
    };
    match change_part(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(&app, &detail::href(id), "Đã thay đổi phân công.")),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// Change the role or the deadline of a part that the caller gave.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/change", tag = "incoming", params(("id" = uuid::Uuid, Path)), request_body = ChangePart,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<ChangePart>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        change_part(&app, &command.who, command.command, id, command.data).await?,
    ))
}
