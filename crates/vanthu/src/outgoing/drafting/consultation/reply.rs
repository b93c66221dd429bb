//! Trả lời ý kiến về dự thảo: kept with the version that was seen; after the day it is marked as late (CN-207).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    Refusal,
    access::Action,
    ids::{CommandId, OutgoingId},
    outgoing::{self as rule, OpinionView},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::page::{self, Typed};
use crate::{
    access, act_names, api,
    context::{App, Who},
    desk,
    documents::state_secret::{self, Attempt},
    error::AppResult,
    outgoing::load,
    web::{Reply, Submitted, clean},
};

/// Trả lời ý kiến.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct DraftOpinion {
    /// `agree`, `agree_with_changes`, `disagree`. Never left out.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[schema(value_type = Option<String>)]
    pub view: Option<OpinionView>,
    /// Ý kiến; may be empty for a plain agreement.
    pub text: String,
}

/// A reply that was taken in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OpinionGiven {
    /// The document.
    pub id: Uuid,
    /// The round.
    pub consultation: Uuid,
    /// Whether it came after the day.
    pub is_late: bool,
}

/// `POST /outgoing/{id}/consultations/{consultation}/reply`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path((id, consultation)): Path<(OutgoingId, Uuid)>,
    form: Submitted<DraftOpinion>,
) -> Reply {
    let typed = Typed {
        act: "reply",
        round: consultation.to_string(),
        view: form
            .data
            .view
            .map(|view| view.as_str().to_owned())
            .unwrap_or_default(),
        text: form.data.text.clone(),
        ..Typed::default()
    };
    let done = reply(&app, &form.who, form.command, id, consultation, form.data).await;
    let sentence = match &done {
        Ok(replied) if replied.is_late => "Đã gửi ý kiến. Ý kiến được ghi là gửi sau hạn.",
        _ => "Đã gửi ý kiến.",
    };
    page::after(&app, &form.who, &jar, id, done, typed, sentence).await
}

/// Replies to a round of questions about a draft, or adds to the reply.
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/consultations/{consultation}/reply", tag = "outgoing",
    params(("id" = Uuid, Path), ("consultation" = Uuid, Path)), request_body = DraftOpinion,
    responses((status = 200, body = OpinionGiven), (status = 404), (status = 409)))]
pub async fn api_reply(
    State(app): State<App>,
    Path((id, consultation)): Path<(OutgoingId, Uuid)>,
    sent: api::Command<DraftOpinion>,
) -> AppResult<Json<OpinionGiven>> {
    Ok(Json(
        reply(&app, &sent.who, sent.command, id, consultation, sent.data).await?,
    ))
}

/// Keeps a reply.
///
/// # Errors
/// Refusals of [`rule::reply`]; a refusal for a mark of state secrets is journalled.
pub async fn reply(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    consultation: Uuid,
    data: DraftOpinion,
) -> AppResult<OpinionGiven> {
    let attempt = Attempt {
        act: act_names::OPINE,
        doing: "trả lời ý kiến về dự thảo",
        object_kind: "outgoing",
        object: Some(id.as_uuid()),
        file: None,
    };
    let replied = keep(app, who, command, id, consultation, data).await;
    state_secret::journal_refusal(app, who, attempt, replied).await
}

async fn keep(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    consultation: Uuid,
    data: DraftOpinion,
) -> AppResult<OpinionGiven> {
    let text = clean(&data.text);
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let document = load::for_change(&mut act, who, id, Action::GiveOpinion).await?;
    let round = super::round_in(&mut act, id, consultation).await?;
    let view = data.view.ok_or_else(|| {
        Refusal::new(
            "ND30-10.2",
            "outgoing.no_view",
            "Vui lòng chọn nhất trí, nhất trí có góp ý hoặc không nhất trí.",
        )
        .on("view")
    })?;
    let is_late = rule::reply(
        &who.actor,
        &document.facts,
        &round.facts,
        view,
        &text,
        act.today(),
    )?;
    let (reply, now) = (act.new_id(), act.now());
    act.run(
        sql!(
            "INSERT INTO consultation_reply (id, consultation_id, post_id, version, stance, opinion, is_late, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        args![
            reply,
            consultation,
            who.post(),
            document.facts.version,
            view.as_str(),
            text.as_str(),
            is_late,
            now
        ],
    )
    .await?;
    access::took_part(&mut act, id.as_uuid(), who.post()).await?;
    desk::refresh_outgoing(&mut act, id).await?;
    act.journal(Entry {
        act: act_names::OPINE,
        object_kind: "outgoing",
        object: id.as_uuid(),
        agency: None,
        summary: format!(
            "Trả lời ý kiến về dự thảo{}: {}.",
            if is_late { " (sau hạn)" } else { "" },
            view.label().to_lowercase()
        ),
        details: json!({
            "consultation": consultation, "version": document.facts.version, "view": view, "is_late": is_late, "note": text,
        }),
    })
    .await?;
    let replied = OpinionGiven {
        id: id.as_uuid(),
        consultation,
        is_late,
    };
    app.commit(act, &replied).await?;
    Ok(replied)
}
