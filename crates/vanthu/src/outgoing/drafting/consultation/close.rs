//! Kết thúc lấy ý kiến: by who asked or the drafter, before everybody has replied or after (CN-207).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    access::Action,
    ids::{CommandId, OutgoingId},
    outgoing as rule,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    ask::OpinionAsked,
    page::{self, Typed},
};
use crate::{
    act_names, api,
    context::{App, Who},
    desk,
    error::AppResult,
    outgoing::load,
    web::{Reply, Submitted},
};

/// Kết thúc lấy ý kiến; needs nothing besides the round.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CloseConsultation {}

/// `POST /outgoing/{id}/consultations/{consultation}/close`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path((id, consultation)): Path<(OutgoingId, Uuid)>,
    form: Submitted<CloseConsultation>,
) -> Reply {
    let done = close(&app, &form.who, form.command, id, consultation).await;
    let typed = Typed::default();
    page::after(&app, &form.who, &jar, id, done, typed, "Đã kết thúc lấy ý kiến.").await
}

/// Closes a round of questions about a draft.
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/consultations/{consultation}/close", tag = "outgoing",
    params(("id" = Uuid, Path), ("consultation" = Uuid, Path)), request_body = CloseConsultation,
    responses((status = 200, body = OpinionAsked), (status = 404), (status = 409)))]
pub async fn api_close(
    State(app): State<App>,
    Path((id, consultation)): Path<(OutgoingId, Uuid)>,
    sent: api::Command<CloseConsultation>,
) -> AppResult<Json<OpinionAsked>> {
    Ok(Json(
        close(&app, &sent.who, sent.command, id, consultation).await?,
    ))
}

/// Closes a round.
///
/// # Errors
/// Refusals of [`rule::close_round`].
pub async fn close(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    consultation: Uuid,
) -> AppResult<OpinionAsked> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let document = load::for_change(&mut act, who, id, Action::GiveOpinion).await?;
    let round = super::round_in(&mut act, id, consultation).await?;
    rule::close_round(&who.actor, &document.facts, &round.facts)?;
    let now = act.now();
    act.run(
        sql!("UPDATE consultation SET closed_at = $2, closed_by = $3 WHERE id = $1"),
        args![consultation, now, who.post()],
    )
    .await?;
    desk::refresh_outgoing(&mut act, id).await?;
    act.journal(Entry {
        act: act_names::CLOSE_CONSULTATION,
        object_kind: "outgoing",
        object: id.as_uuid(),
        agency: None,
        summary: format!(
            "Kết thúc lấy ý kiến về dự thảo: {}/{} người đã trả lời.",
            round.replied(),
            round.members.len()
        ),
        details: json!({ "consultation": consultation, "replied": round.replied(), "asked": round.members.len() }),
    })
    .await?;
    let closed = OpinionAsked {
        id: id.as_uuid(),
        consultation,
    };
    app.commit(act, &closed).await?;
    Ok(closed)
}
