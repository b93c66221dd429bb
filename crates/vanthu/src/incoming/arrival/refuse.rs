//! Từ chối nhận: a delivered document goes back to its sender with a reason (QD28-5.4); the same act tells the head of the own
//! agency (ND30-21.1a).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    access::Action,
    ids::{CommandId, IncomingId},
    incoming::{self, IncomingEvent},
};
use serde::{Deserialize, Serialize};
use store::{Begun, args, sql};
use utoipa::ToSchema;

use crate::{
    act_names, api,
    context::{App, Who},
    error::AppResult,
    incoming::{
        detail::{self, Typed},
        load,
        step::{self, Done, Told},
    },
    notices,
    web::{Reply, Submitted, clean, see_other},
};

/// Why a delivered document is returned.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Refuse {
    /// Lý do, told to the sender.
    pub reason: String,
}

/// Returns a delivered document to its sender.
///
/// # Errors
/// The refusals of [`incoming::refuse`].
pub async fn refuse(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: Refuse,
) -> AppResult<Done> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, Action::RefuseDelivery).await?;
    let reason = clean(&data.reason);
    let plan = incoming::refuse(&who.actor, &doc.facts, &reason)?;
    act.run(
        sql!("UPDATE incoming SET reason = $2 WHERE id = $1"),
        args![id, reason.as_str()],
    )
    .await?;
    let done = step::take(
        &mut act,
        &doc,
        plan,
        Told {
            act: act_names::REFUSE,
            summary: IncomingEvent::Refused.label().to_owned(),
            note: &reason,
            for_sender: &reason,
            details: serde_json::json!({}),
        },
    )
    .await?;
    notices::returned(&mut act, doc.facts.agency, id).await?;
    app.commit(act, &done).await?;
    Ok(done)
}

/// `POST /incoming/{id}/refuse`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<Refuse>,
) -> Reply {
    let typed = Typed {
        act: "refuse",
        reason: form.data.reason.clone(),
        ..Typed::default()
    };
    match refuse(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(
            &app,
            "/boxes/reception",
            "Đã trả lại văn bản cho bên gửi kèm lý do.",
        )),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// Return to the sender with a reason (state 02).
#[utoipa::path(post, path = "/api/v1/incoming/{id}/refuse", tag = "incoming", params(("id" = uuid::Uuid, Path)), request_body = Refuse,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<Refuse>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        refuse(&app, &command.who, command.command, id, command.data).await?,
    ))
}
