//! Chuyển tiếp một cấp: the head of a unit to its people, a leader one more level (ND30-23.2).

use std::ops::ControlFlow;

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    access::Action,
    ids::{CommandId, IncomingId},
    incoming::{self, AssignmentState, IncomingEvent},
    people::Role,
};
use store::{args, sql};

use super::{
    assign::{self, Directive, Order},
    part,
};
use crate::{
    act_names, api,
    context::{App, Who},
    error::AppResult,
    incoming::{
        detail,
        step::{self, Done, Told},
    },
    web::{Reply, Submitted, see_other},
};

/// Passes the own open assignment down.
///
/// # Errors
/// The refusals of [`incoming::pass_down`].
pub async fn pass_down(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: Directive,
) -> AppResult<Done> {
    let by_unit = who.role() == Role::Leader;
    let begun = assign::begin(app, who, command, (id, Action::PassDown), &data, by_unit).await?;
    let Order {
        mut act,
        doc,
        words,
        lines,
    } = match begun {
        ControlFlow::Break(answer) => return Ok(answer),
        ControlFlow::Continue(order) => order,
    };
    let own = assign::held(who, &doc);
    let direction = lines.direction(&words, act.today());
    let plan = incoming::pass_down(&who.actor, &doc.facts, &own, &doc.assignments, &direction)?;
    if let Some(passed) = plan.passed_down {
        part::set_state(&mut act, passed.id, AssignmentState::PassedDown, None).await?;
    }
    let saved = assign::save(&mut act, who, id, &lines, &plan.assignments, &words).await?;
    if let Some((post, _, _)) = &saved.lead {
        act.run(
            sql!("UPDATE incoming SET lead_post = $2 WHERE id = $1"),
            args![id, *post],
        )
        .await?;
    }
    let done = step::take(
        &mut act,
        &doc,
        plan.step,
        Told {
            act: act_names::PASS_DOWN,
            summary: format!("{}: {}", IncomingEvent::PassedDown.label(), saved.names()),
            note: &words,
            for_sender: "",
            details: serde_json::json!({ "assignments": saved.details, "from": own.id }),
        },
    )
    .await?;
    app.commit(act, &done).await?;
    Ok(done)
}

/// `POST /incoming/{id}/pass-down`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<Directive>,
) -> Reply {
    let typed = form.data.typed("pass-down");
    match pass_down(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(&app, &detail::href(id), "Đã chuyển tiếp xử lý.")),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// Pass the own assignment down one level.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/pass-down", tag = "incoming", params(("id" = uuid::Uuid, Path)), request_body = Directive,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<Directive>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        pass_down(&app, &command.who, command.command, id, command.data).await?,
    ))
}
