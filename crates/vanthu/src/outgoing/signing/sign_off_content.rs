//! Xác nhận nội dung: the head of the drafting unit answers for it (ND30-12.1).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    access::Action,
    ids::{CommandId, OutgoingId},
    outgoing::OutgoingFacts,
    people::Actor,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    api,
    context::{App, Who},
    error::AppResult,
    outgoing::{
        detail,
        step::{self, Moved},
    },
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
    let own_post = who.in_place.as_ref().map(|seat| seat.own_post);
    let decide = |actor: &Actor, facts: &OutgoingFacts| {
        if let Some(own_post) = own_post {
            rules::delegation::checks_anothers_draft(own_post, facts.drafter)?;
        }
        rules::outgoing::sign_off_content(actor, facts)
    };
    step::decided(
        app,
        who,
        command,
        (id, Action::SignOffContent),
        &data.comment,
        decide,
    )
    .await
}
