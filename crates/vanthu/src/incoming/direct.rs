//! Cho ý kiến chỉ đạo, phân công (ND30-23.2).

use std::ops::ControlFlow;

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    access::Action,
    ids::{CommandId, IncomingId},
    incoming::{self, DirectionPolicy, IncomingEvent},
};
use store::{args, sql};

use super::{
    assign::{self, Directive, Order},
    detail,
    step::{self, Done, Told},
};
use crate::{
    access, act_names, api,
    context::{App, Who},
    error::AppResult,
    web::{Reply, Submitted, see_other},
};

/// Directs a registered document.
///
/// # Errors
/// The refusals of [`incoming::direct`].
pub async fn direct(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: Directive,
) -> AppResult<Done> {
    let begun = assign::begin(app, who, command, (id, Action::Direct), &data, true).await?;
    let Order {
        mut act,
        doc,
        words,
        lines,
    } = match begun {
        ControlFlow::Break(answer) => return Ok(answer),
        ControlFlow::Continue(order) => order,
    };
    let direction = lines.direction(&words, act.today());
    let plan = incoming::direct(&who.actor, &doc.facts, &direction, DirectionPolicy::default())?;
    let saved = assign::save(&mut act, who, id, &lines, &plan.assignments, &words).await?;
    let lead = saved.lead.as_ref();
    act.run(
        sql!("UPDATE incoming SET lead_post = $2, due_on = $3, reply_required = $4 WHERE id = $1"),
        args![
            id,
            lead.map(|(post, _, _)| *post),
            lead.and_then(|(_, due, _)| *due).or(doc.due_on),
            data.reply_required
        ],
    )
    .await?;
    access::took_part(&mut act, id.as_uuid(), who.post()).await?;
    let done = step::take(
        &mut act,
        &doc,
        plan.step,
        Told {
            act: act_names::DIRECT,
            summary: format!(
                "{}, chủ trì: {}",
                IncomingEvent::Directed.label(),
                lead.map(|(_, _, name)| name.as_str()).unwrap_or_default()
            ),
            note: &words,
            for_sender: "",
            details: serde_json::json!({
                "assignments": saved.details, "reply_required": data.reply_required,
            }),
        },
    )
    .await?;
    app.commit(act, &done).await?;
    Ok(done)
}

/// `POST /incoming/{id}/direct`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<Directive>,
) -> Reply {
    let typed = form.data.typed("direct");
    match direct(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(
            &app,
            &detail::href(id),
            "Đã cho ý kiến chỉ đạo và chuyển xử lý.",
        )),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// A leader's directive: exactly one chủ trì (state 04).
#[utoipa::path(post, path = "/api/v1/incoming/{id}/direct", tag = "incoming", params(("id" = uuid::Uuid, Path)), request_body = Directive,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<Directive>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        direct(&app, &command.who, command.command, id, command.data).await?,
    ))
}
