//! Duyệt: the named signer approves the current version (ND30-11.1).

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
use utoipa::ToSchema;

use super::{authority, sign};
use crate::{
    access, api,
    context::{App, Who},
    error::AppResult,
    outgoing::{
        detail, load,
        step::{self, Moved},
    },
    web::{Reply, Submitted, see_other},
};

/// Duyệt văn bản.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Approve {
    /// Ý kiến kèm theo, may be empty.
    pub comment: String,
}

/// `POST /outgoing/{id}/approve`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<OutgoingId>,
    form: Submitted<Approve>,
) -> Reply {
    let typed = form.data.comment.clone();
    let done = approve(&app, &form.who, form.command, id, form.data).await;
    if let Ok(Moved {
        request: Some(request),
        ..
    }) = &done
    {
        return Ok(see_other(&app, &format!("/signing/requests/{request}"), ""));
    }
    let sentence = if sign::required(&app, form.who.agency()).await? {
        "Đã duyệt và ký số, chuyển văn thư cấp số, phát hành."
    } else {
        "Đã duyệt, chuyển văn thư cấp số, phát hành."
    };
    detail::after(&app, &form.who, &jar, id, done, typed, sentence).await
}

/// Approves the current version as its signer.
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/approve", tag = "outgoing", params(("id" = Uuid, Path)),
    request_body = Approve, responses((status = 200, body = Moved), (status = 404), (status = 409)))]
pub async fn api_approve(
    State(app): State<App>,
    Path(id): Path<OutgoingId>,
    sent: api::Command<Approve>,
) -> AppResult<Json<Moved>> {
    Ok(Json(approve(&app, &sent.who, sent.command, id, sent.data).await?))
}

/// Approves the current version. The signer must have the authority on this very day (ND30 Điều 13).
///
/// # Errors
/// Refusals of [`rules::outgoing::approve`] and of [`authority::check`].
pub async fn approve(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    data: Approve,
) -> AppResult<Moved> {
    if sign::required(app, who.agency()).await? {
        return sign::sign(app, who, command, id, &data.comment).await;
    }
    let seen = load::for_view(app, who, id).await?;
    access::may(who, Action::Approve, &seen.object)?;
    authority::check(app, who.agency(), &seen).await?;
    let decide = rules::outgoing::approve;
    step::decided(app, who, command, (id, Action::Approve), &data.comment, decide).await
}
