//! Hủy phiếu trình: its maker gives it up; the draft that it carries is free again (CN-303).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    ids::{CommandId, SlipId},
    slip::{self as rule, SlipState},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Begun, Entry, args, sql};
use utoipa::ToSchema;

use super::{
    carried,
    detail::Typed,
    load, sign,
    step::{self, SlipMoved},
};
use crate::{
    act_names, api,
    context::{App, Who},
    desk,
    error::AppResult,
    web::{Reply, Submitted, clean},
};

/// Hủy phiếu trình.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CancelSlip {
    /// Lý do. Never empty.
    pub reason: String,
}

/// `POST /slips/{id}/cancel`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<SlipId>,
    form: Submitted<CancelSlip>,
) -> Reply {
    let typed = Typed {
        act: "cancel",
        text: form.data.reason.clone(),
        ..Typed::default()
    };
    let done = cancel(&app, &form.who, form.command, id, form.data).await;
    step::after(&app, &form.who, &jar, id, done, typed, "Đã hủy phiếu trình.").await
}

/// Gives a slip up.
#[utoipa::path(post, path = "/api/v1/slips/{id}/cancel", tag = "slips", params(("id" = Uuid, Path)), request_body = CancelSlip,
    responses((status = 200, body = SlipMoved), (status = 404), (status = 409)))]
pub async fn api_cancel(
    State(app): State<App>,
    Path(id): Path<SlipId>,
    sent: api::Command<CancelSlip>,
) -> AppResult<Json<SlipMoved>> {
    Ok(Json(cancel(&app, &sent.who, sent.command, id, sent.data).await?))
}

/// Gives a slip up.
///
/// # Errors
/// Refusals of [`rule::cancel`].
pub async fn cancel(
    app: &App,
    who: &Who,
    command: CommandId,
    id: SlipId,
    data: CancelSlip,
) -> AppResult<SlipMoved> {
    let reason = clean(&data.reason);
    let asked = sign::still_asked(app, &load::for_view(app, who, id).await?).await?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let slip = load::for_change(&mut act, who, id).await?;
    rule::cancel(&who.actor, &slip.facts, &reason)?;
    let (now, next) = (act.now(), SlipState::Cancelled);
    act.run(
        sql!("UPDATE slip SET state = $2, updated_at = $3 WHERE id = $1"),
        args![id, next.as_str(), now],
    )
    .await?;
    act.run(
        sql!(
            "UPDATE slip_round SET ended_at = $3, outcome = $4 WHERE slip_id = $1 AND round = $2 AND ended_at IS NULL"
        ),
        args![id, slip.facts.round, now, next.as_str()],
    )
    .await?;
    sign::end_waiting(&mut act, &slip).await?;
    if !rule::goes_on_seeing_draft(next) {
        carried::withhold(&mut act, id).await?;
    }
    desk::refresh_slip(&mut act, id).await?;
    act.journal(Entry {
        act: act_names::CANCEL_SLIP,
        object_kind: "slip",
        object: id.as_uuid(),
        agency: None,
        summary: "Hủy phiếu trình.".to_owned(),
        details: json!({ "round": slip.facts.round, "note": reason, "outgoing": slip.outgoing }),
    })
    .await?;
    let moved = SlipMoved::new(id, next, slip.facts.round);
    app.commit(act, &moved).await?;
    sign::let_go(app, &asked).await;
    Ok(moved)
}
