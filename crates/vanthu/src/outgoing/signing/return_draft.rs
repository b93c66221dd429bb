//! Trả lại kèm ý kiến, one level at a time (ND30-10.3).

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

/// Trả lại.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct ReturnDraft {
    /// Ý kiến: what to mend. Never empty.
    pub comment: String,
}

/// `POST /outgoing/{id}/return`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<OutgoingId>,
    form: Submitted<ReturnDraft>,
) -> Reply {
    let typed = form.data.comment.clone();
    let done = return_draft(&app, &form.who, form.command, id, form.data).await;
    detail::after(&app, &form.who, &jar, id, done, typed, "Đã trả lại kèm ý kiến.").await
}

/// Sends the document back one level with a comment.
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/return", tag = "outgoing", params(("id" = Uuid, Path)),
    request_body = ReturnDraft, responses((status = 200, body = Moved), (status = 404), (status = 409)))]
pub async fn api_return_draft(
    State(app): State<App>,
    Path(id): Path<OutgoingId>,
    sent: api::Command<ReturnDraft>,
) -> AppResult<Json<Moved>> {
    Ok(Json(
        return_draft(&app, &sent.who, sent.command, id, sent.data).await?,
    ))
}

/// Sends the document back one level.
///
/// # Errors
/// Refusals of [`rules::outgoing::return_with_comment`].
pub async fn return_draft(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    data: ReturnDraft,
) -> AppResult<Moved> {
    step::decided(
        app,
        who,
        command,
        (id, Action::Return),
        &data.comment,
        |actor, facts| rules::outgoing::return_with_comment(actor, facts, &data.comment),
    )
    .await
}
