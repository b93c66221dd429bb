//! Xác nhận thể thức, kỹ thuật trình bày (ND30-12.2).

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

/// Xác nhận thể thức.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct SignOffForm {
    /// Ý kiến kèm theo, may be empty.
    pub comment: String,
}

/// `POST /outgoing/{id}/sign-off-form`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<OutgoingId>,
    form: Submitted<SignOffForm>,
) -> Reply {
    let typed = form.data.comment.clone();
    let done = sign_off_form(&app, &form.who, form.command, id, form.data).await;
    detail::after(
        &app,
        &form.who,
        &jar,
        id,
        done,
        typed,
        "Đã xác nhận thể thức, chuyển người ký duyệt.",
    )
    .await
}

/// Signs off form and layout of the current version.
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/sign-off-form", tag = "outgoing", params(("id" = Uuid, Path)),
    request_body = SignOffForm, responses((status = 200, body = Moved), (status = 404), (status = 409)))]
pub async fn api_sign_off_form(
    State(app): State<App>,
    Path(id): Path<OutgoingId>,
    sent: api::Command<SignOffForm>,
) -> AppResult<Json<Moved>> {
    Ok(Json(
        sign_off_form(&app, &sent.who, sent.command, id, sent.data).await?,
    ))
}

/// Signs off form and layout of the current version.
///
/// # Errors
/// Refusals of [`rules::outgoing::sign_off_form`].
pub async fn sign_off_form(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    data: SignOffForm,
) -> AppResult<Moved> {
    let decide = rules::outgoing::sign_off_form;
    step::decided(
        app,
        who,
        command,
        (id, Action::SignOffForm),
        &data.comment,
        decide,
    )
    .await
}
