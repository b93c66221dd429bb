//! The clerk answers a request of the sender: carries it out (15), or refuses it with a reason (16).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    access::Action,
    exchange::{self as rule, Business},
    ids::{CommandId, IncomingId},
    incoming::IncomingState,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    policy,
    receive::decline,
    row::{self, Stored},
    update, withdraw,
};
use crate::{
    act_names, api,
    context::{App, Who},
    desk,
    error::{AppError, AppResult},
    incoming::{
        detail::{self, Typed},
        load::{self, Doc},
        step::Done,
    },
    web::{Reply, Submitted, clean, see_other},
};

/// Carries out what the sender asks; needs nothing more.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Agree {}

/// Why it is not carried out.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Decline {
    /// Lý do, told to the sender.
    pub reason: String,
}

/// Carries out what the sender asks.
///
/// # Errors
/// [`AppError::NotFound`] for a document that is not visible or a request that is not about it; the refusals of
/// [`rules::exchange::agree`].
pub async fn agree(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    request: Uuid,
) -> AppResult<Done> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let (doc, stored) = loaded(&mut act, who, id, request).await?;
    rule::agree(&who.actor, doc.facts.agency, stored.state)?;
    if stored.business == Business::Recall {
        withdraw::carry_out(&mut act, &doc, &stored).await?;
    } else {
        update::carry_out(&mut act, &doc, &stored).await?;
    }
    let done = standing(&mut act, id).await?;
    app.commit(act, &done).await?;
    Ok(done)
}

/// Refuses what the sender asks.
///
/// # Errors
/// [`AppError::NotFound`] as for [`agree`]; the refusals of [`rules::exchange::refuse`].
pub async fn refuse(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    request: Uuid,
    data: &Decline,
) -> AppResult<Done> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let (doc, stored) = loaded(&mut act, who, id, request).await?;
    let reason = clean(&data.reason);
    let policy = policy(&mut act, doc.facts.agency).await?;
    rule::refuse(
        &who.actor,
        doc.facts.agency,
        stored.business,
        stored.state,
        policy,
        &reason,
    )?;
    // A recall that came in two messages is one question to the clerk.
    for open in row::open(&mut act, id).await? {
        if open.business == stored.business {
            decline(&mut act, &doc, &open, &reason).await?;
        }
    }
    desk::refresh_incoming(&mut act, id).await?;
    act.journal(Entry {
        act: act_names::REFUSE_REQUEST,
        object_kind: "incoming",
        object: id.as_uuid(),
        agency: None,
        summary: format!(
            "Từ chối yêu cầu {} của bên gửi.",
            stored.business.label().to_lowercase()
        ),
        details: json!({ "request": stored.id, "note": reason, "business": stored.business }),
    })
    .await?;
    let done = standing(&mut act, id).await?;
    app.commit(act, &done).await?;
    Ok(done)
}

async fn loaded(act: &mut Act, who: &Who, id: IncomingId, request: Uuid) -> AppResult<(Doc, Stored)> {
    let doc = load::for_change(act, who, id, Action::Register).await?;
    let stored = row::one(act, id, request).await?.ok_or(AppError::NotFound)?;
    Ok((doc, stored))
}

/// Where the document now stands.
async fn standing(act: &mut Act, id: IncomingId) -> AppResult<Done> {
    let row = act
        .one(sql!("SELECT state FROM incoming WHERE id = $1"), args![id])
        .await?;
    let state: IncomingState = row.parse("state")?;
    Ok(Done {
        id,
        state: state.as_str().to_owned(),
        state_label: state.label().to_owned(),
    })
}

/// `POST /incoming/{id}/requests/{request}/agree`.
pub async fn agree_page(
    State(app): State<App>,
    Path((id, request)): Path<(IncomingId, Uuid)>,
    jar: CookieJar,
    form: Submitted<Agree>,
) -> Reply {
    let typed = Typed {
        act: "request",
        ..Typed::default()
    };
    match agree(&app, &form.who, form.command, id, request).await {
        Ok(done) => {
            let sentence = if done.state == IncomingState::Recalled.as_str() {
                "Đã hủy văn bản theo yêu cầu thu hồi và báo lại cho bên gửi."
            } else {
                "Đã nhận nội dung cập nhật và báo lại cho bên gửi."
            };
            Ok(see_other(&app, &detail::href(id), sentence))
        }
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// `POST /incoming/{id}/requests/{request}/refuse`.
pub async fn refuse_page(
    State(app): State<App>,
    Path((id, request)): Path<(IncomingId, Uuid)>,
    jar: CookieJar,
    form: Submitted<Decline>,
) -> Reply {
    let typed = Typed {
        act: "request",
        reason: form.data.reason.clone(),
        ..Typed::default()
    };
    match refuse(&app, &form.who, form.command, id, request, &form.data).await {
        Ok(_) => Ok(see_other(
            &app,
            &detail::href(id),
            "Đã từ chối yêu cầu của bên gửi kèm lý do.",
        )),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// Carry out a recall or an update that the sender asks for (state 15).
#[utoipa::path(post, path = "/api/v1/incoming/{id}/requests/{request}/agree", tag = "incoming",
    params(("id" = Uuid, Path), ("request" = Uuid, Path)), request_body = Agree,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn agree_api(
    State(app): State<App>,
    Path((id, request)): Path<(IncomingId, Uuid)>,
    command: api::Command<Agree>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        agree(&app, &command.who, command.command, id, request).await?,
    ))
}

/// Refuse what the sender asks, with a reason (state 16). A recall can be refused only where the agency allows it.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/requests/{request}/refuse", tag = "incoming",
    params(("id" = Uuid, Path), ("request" = Uuid, Path)), request_body = Decline,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn refuse_api(
    State(app): State<App>,
    Path((id, request)): Path<(IncomingId, Uuid)>,
    command: api::Command<Decline>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        refuse(&app, &command.who, command.command, id, request, &command.data).await?,
    ))
}
