//! Trình dự thảo lên người đứng đầu đơn vị soạn thảo (ND30-12.1).

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

use super::authority;
use crate::{
    access, api,
    context::{App, Who},
    error::AppResult,
    outgoing::{
        detail, load,
        step::{self, Moved},
    },
    web::{Reply, Submitted},
};

/// Trình dự thảo.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Submit {
    /// Ý kiến kèm theo, may be empty.
    pub comment: String,
}

/// `POST /outgoing/{id}/submit`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<OutgoingId>,
    form: Submitted<Submit>,
) -> Reply {
    let typed = form.data.comment.clone();
    let done = submit(&app, &form.who, form.command, id, form.data).await;
    detail::after(&app, &form.who, &jar, id, done, typed, "Đã trình dự thảo.").await
}

/// Submits a draft to the head of the drafting unit.
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/submit", tag = "outgoing", params(("id" = Uuid, Path)),
    request_body = Submit, responses((status = 200, body = Moved), (status = 404), (status = 409)))]
pub async fn api_submit(
    State(app): State<App>,
    Path(id): Path<OutgoingId>,
    sent: api::Command<Submit>,
) -> AppResult<Json<Moved>> {
    Ok(Json(submit(&app, &sent.who, sent.command, id, sent.data).await?))
}

/// Submits the current version. The signer must be able to sign in the chosen authority already now (ND30 Điều 13).
///
/// # Errors
/// Refusals of [`rules::outgoing::submit`] and of [`authority::check`].
pub async fn submit(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    data: Submit,
) -> AppResult<Moved> {
    let seen = load::for_view(app, who, id).await?;
    access::may(who, Action::Submit, &seen.object)?;
    authority::check(app, who.agency(), &seen).await?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let document = load::for_change(&mut act, who, id, Action::Submit).await?;
    let content = load::content_for_change(&mut act, id, document.facts.version).await?;
    let plan = rules::outgoing::submit(&who.actor, &document.facts, &content.fields(act.today()))?;
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
