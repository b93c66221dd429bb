//! Hủy số: a number that was given and will not be issued, a fact of the register with its reason (ND30-15.3).

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
use store::{Begun, args, sql};
use utoipa::ToSchema;

use super::{
    detail, load,
    step::{self, Moved},
};
use crate::{
    api,
    context::{App, Who},
    error::AppResult,
    web::{Reply, Submitted, clean},
};

/// Hủy số.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct VoidNumber {
    /// Lý do. Never empty; it stands in the register (Ghi chú).
    pub reason: String,
}

/// `POST /outgoing/{id}/void-number`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<OutgoingId>,
    form: Submitted<VoidNumber>,
) -> Reply {
    let typed = form.data.reason.clone();
    let done = void_number(&app, &form.who, form.command, id, &form.data).await;
    let sentence = "Đã hủy số. Số này vẫn ở trong sổ đăng ký kèm lý do và không cấp lại.";
    detail::after(&app, &form.who, &jar, id, done, typed, sentence).await
}

/// Makes the number of a document void that was numbered and not issued.
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/void-number", tag = "outgoing", params(("id" = Uuid, Path)),
    request_body = VoidNumber, responses((status = 200, body = Moved), (status = 404), (status = 409)))]
pub async fn api_void_number(
    State(app): State<App>,
    Path(id): Path<OutgoingId>,
    sent: api::Command<VoidNumber>,
) -> AppResult<Json<Moved>> {
    Ok(Json(
        void_number(&app, &sent.who, sent.command, id, &sent.data).await?,
    ))
}

/// Makes the number void.
///
/// # Errors
/// Refusals of [`rules::outgoing::void_number`]; `KS-10` while a request for the agency's signature is open.
pub async fn void_number(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    data: &VoidNumber,
) -> AppResult<Moved> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let reason = clean(&data.reason);
    let document = load::for_change(&mut act, who, id, Action::Issue).await?;
    let plan = rules::outgoing::void_number(&who.actor, &document.facts, &reason)?;
    act.run(
        sql!("UPDATE outgoing SET void_reason = $2 WHERE id = $1"),
        args![id, reason.as_str()],
    )
    .await?;
    let details = json!({ "number_and_symbol": document.number_and_symbol(), "reason": reason });
    let moved = step::apply(&mut act, who, &document, &plan, Some(&reason), details).await?;
    app.commit(act, &moved).await?;
    Ok(moved)
}
