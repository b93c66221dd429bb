//! Xác nhận nội dung: the head of the drafting unit answers for it (ND30-12.1).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    access::Action,
    ids::{CommandId, OutgoingId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Begun;
use utoipa::ToSchema;

use super::{
    detail, load,
    step::{self, Moved},
};
use crate::{
    api,
    context::{App, Who},
    error::AppResult,
    web::{Reply, Submitted},
};

/// Xác nhận nội dung.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct SignOffContent {
    /// Ý kiến kèm theo, may be empty.
    pub comment: String,
}

/// `POST /outgoing/{id}/sign-off-content`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<OutgoingId>,
    form: Submitted<SignOffContent>,
) -> Reply {
    let typed = form.data.comment.clone();
    let done = sign_off_content(&app, &form.who, form.command, id, form.data).await;
    detail::after(
        &app,
        &form.who,
        &jar,
        id,
        done,
        typed,
        "Đã xác nhận nội dung, chuyển kiểm tra thể thức.",
    )
    .await
}

/// Signs off the content of the current version.
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/sign-off-content", tag = "outgoing", params(("id" = Uuid, Path)),
    request_body = SignOffContent, responses((status = 200, body = Moved), (status = 404), (status = 409)))]
pub async fn api_sign_off_content(
    State(app): State<App>,
    Path(id): Path<OutgoingId>,
    sent: api::Command<SignOffContent>,
) -> AppResult<Json<Moved>> {
    Ok(Json(
        sign_off_content(&app, &sent.who, sent.command, id, sent.data).await?,
    ))
}

/// Signs off the content of the current version.
///
/// # Errors
/// Refusals of [`rules::outgoing::sign_off_content`].
pub async fn sign_off_content(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    data: SignOffContent,
) -> AppResult<Moved> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let document = load::for_change(&mut act, who, id, Action::SignOffContent).await?;
    if let Some(seat) = &who.in_place {
        rules::delegation::checks_anothers_draft(seat.own_post, document.facts.drafter)?;
    }
    let plan = rules::outgoing::sign_off_content(&who.actor, &document.facts)?;
    let moved = step::apply(
        &mut act,
        who,
        &document,
        &plan,
        Some(data.comment.as_str()),
        json!({}),
    )
    .await?;
    app.commit(act, &moved).await?;
    Ok(moved)
}
