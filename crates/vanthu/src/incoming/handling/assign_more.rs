//! Phân công bổ sung, phân công lại: the giver adds people, or names another lead after a part came back (CN-119, CN-121).

use std::ops::ControlFlow;

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    access::Action,
    ids::{CommandId, IncomingId},
    incoming::{self, AssignmentFacts, AssignmentState, IncomingEvent},
    people::Role,
};

use super::{
    assign::{self, Directive, Order},
    part,
};
use crate::{
    access, act_names, api,
    context::{App, Who},
    error::AppResult,
    incoming::{
        detail,
        load::Doc,
        step::{self, Done, Told},
    },
    web::{Reply, Submitted, see_other},
};

/// Assigns more people below what the person gave before.
///
/// # Errors
/// The refusals of [`incoming::assign_more`].
pub async fn assign_more(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: Directive,
) -> AppResult<Done> {
    let by_unit = who.role() == Role::Leader;
    let begun = assign::begin(app, who, command, (id, Action::Amend), &data, by_unit).await?;
    let Order {
        mut act,
        doc,
        words,
        lines,
    } = match begun {
        ControlFlow::Break(answer) => return Ok(answer),
        ControlFlow::Continue(order) => order,
    };
    let parent = passed_on(who, &doc);
    let direction = lines.direction(&words, act.today());
    let plan = incoming::assign_more(
        &who.actor,
        &doc.facts,
        parent.as_ref(),
        &doc.assignments,
        &direction,
    )?;
    let saved = assign::save(&mut act, who, id, &lines, &plan.assignments, &words).await?;
    part::settle(&mut act, who, id).await?;
    part::note_lead(&mut act, id).await?;
    access::took_part(&mut act, id.as_uuid(), who.post()).await?;
    let done = step::take(
        &mut act,
        &doc,
        plan.step,
        Told {
            act: act_names::ASSIGN_MORE,
            summary: format!("{}: {}", IncomingEvent::AssignedMore.label(), saved.names()),
            note: &words,
            for_sender: "",
            details: serde_json::json!({
                "assignments": saved.details, "from": parent.map(|parent| parent.id),
            }),
        },
    )
    .await?;
    app.commit(act, &done).await?;
    Ok(done)
}

/// The part that the person passed on, below which the new ones stand; a leader who directs stands above all parts.
fn passed_on(who: &Who, doc: &Doc) -> Option<AssignmentFacts> {
    doc.assignments
        .iter()
        .filter(|part| part.state == AssignmentState::PassedDown && part.is_held_by(&who.actor))
        .min_by_key(|part| part.role)
        .copied()
}

/// `POST /incoming/{id}/assign`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<Directive>,
) -> Reply {
    let typed = form.data.typed("assign");
    match assign_more(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(&app, &detail::href(id), "Đã phân công.")),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// Assign more people; a new lead exactly when there is none.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/assign", tag = "incoming", params(("id" = uuid::Uuid, Path)), request_body = Directive,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<Directive>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        assign_more(&app, &command.who, command.command, id, command.data).await?,
    ))
}
