//! Hủy dự thảo with a reason, before issue.

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

/// Hủy dự thảo.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Cancel {
    /// Lý do. Never empty.
    pub reason: String,
}

/// `POST /outgoing/{id}/cancel`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<OutgoingId>,
    form: Submitted<Cancel>,
) -> Reply {
    let typed = form.data.reason.clone();
    let done = cancel(&app, &form.who, form.command, id, form.data).await;
    detail::after(&app, &form.who, &jar, id, done, typed, "Đã hủy dự thảo.").await
}

/// Gives up a document before issue.
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/cancel", tag = "outgoing", params(("id" = Uuid, Path)),
    request_body = Cancel, responses((status = 200, body = Moved), (status = 404), (status = 409)))]
pub async fn api_cancel(
    State(app): State<App>,
    Path(id): Path<OutgoingId>,
    sent: api::Command<Cancel>,
) -> AppResult<Json<Moved>> {
    Ok(Json(cancel(&app, &sent.who, sent.command, id, sent.data).await?))
}

/// Gives up a document before issue.
///
/// # Errors
/// Refusals of [`rules::outgoing::cancel`].
pub async fn cancel(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    data: Cancel,
) -> AppResult<Moved> {
    step::decided(
        app,
        who,
        command,
        (id, Action::Cancel),
        &data.reason,
        |actor, facts| rules::outgoing::cancel(actor, facts, &data.reason),
    )
    .await
}
