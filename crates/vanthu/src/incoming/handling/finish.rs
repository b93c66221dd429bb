//! Kết thúc xử lý: with a reply, with a result, or as needing nothing more (ND30-24).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    Refusal,
    access::Action,
    ids::{CommandId, IncomingId, OutgoingId},
    incoming::{self, AssignmentState, FinishResult, IncomingEvent},
    numbering::number_and_symbol,
    outgoing::OutgoingState,
};
use serde::{Deserialize, Serialize};
use store::{Act, Begun, args, sql};
use utoipa::ToSchema;

use super::part;
use crate::{
    act_names, api,
    context::{App, Who},
    error::AppResult,
    incoming::{
        detail::{self, Typed},
        load,
        step::{self, Done, Told},
    },
    web::{Reply, Submitted, blank_as_none, clean, see_other},
};

/// How handling ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Answered by an issued document.
    Reply,
    /// Handled, with a result in words.
    #[default]
    Result,
    /// Không cần xử lý tiếp.
    NoAction,
}

impl Outcome {
    /// Stable name, as forms send it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Result => "result",
            Self::NoAction => "no_action",
        }
    }
}

/// The end of handling.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Finish {
    /// `reply`, `result` or `no_action`.
    pub outcome: Outcome,
    /// The issued outgoing document that answers this one, for `reply`.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub reply: Option<OutgoingId>,
    /// Kết quả giải quyết, for `result`; lý do, for `no_action`.
    pub result: String,
}

/// Finishes a document.
///
/// # Errors
/// The refusals of [`incoming::finish`]; `ND30-24.2` for a reply that does not answer this document.
pub async fn finish(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: Finish,
) -> AppResult<Done> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, Action::Finish).await?;
    let text = clean(&data.result);
    let (how, told) = match data.outcome {
        Outcome::Reply => {
            let (issued, name) = reply_of(&mut act, who, id, data.reply).await?;
            (FinishResult::Reply { issued }, format!("Văn bản trả lời: {name}"))
        }
        Outcome::Result => (FinishResult::Handled { result: &text }, text.clone()),
        Outcome::NoAction => (
            FinishResult::NoActionNeeded { reason: &text },
            format!("Không cần xử lý tiếp: {text}"),
        ),
    };
    let plan = incoming::finish(&who.actor, &doc.facts, &doc.assignments, how)?;
    for (position, done) in plan.done.iter().enumerate() {
        // The first is the lead's own; those above it only passed it down.
        let result = (position == 0).then_some(told.as_str());
        part::set_state(&mut act, *done, AssignmentState::Done, result).await?;
    }
    for closed in &plan.closed {
        part::set_state(&mut act, *closed, AssignmentState::Closed, None).await?;
    }
    let now = act.now();
    act.run(
        sql!("UPDATE incoming SET result = $2, finished_at = $3 WHERE id = $1"),
        args![id, told.as_str(), now],
    )
    .await?;
    let done = step::take(
        &mut act,
        &doc,
        plan.step,
        Told {
            act: act_names::FINISH,
            summary: IncomingEvent::Finished.label().to_owned(),
            note: &told,
            for_sender: "",
            details: serde_json::json!({
                "outcome": data.outcome, "reply": data.reply, "done": plan.done, "closed": plan.closed,
            }),
        },
    )
    .await?;
    app.commit(act, &done).await?;
    Ok(done)
}

/// Whether the reply is issued, and its number and symbol.
async fn reply_of(
    act: &mut Act,
    who: &Who,
    id: IncomingId,
    reply: Option<OutgoingId>,
) -> AppResult<(bool, String)> {
    let refuse = |code, message: &str| Refusal::new("ND30-24.2", code, message).on("reply");
    let reply =
        reply.ok_or_else(|| refuse("incoming.no_reply", "Vui lòng chọn văn bản trả lời đã phát hành."))?;
    let row = act
        .opt(
            sql!("SELECT state, number, symbol, recalled_at FROM outgoing WHERE id = $1 AND reply_to = $2 AND agency_id = $3"),
            args![reply, id, who.agency()],
        )
        .await?
        .ok_or_else(|| {
            refuse(
                "incoming.not_its_reply",
                "Văn bản được chọn không phải văn bản trả lời của văn bản đến này.",
            )
        })?;
    let recalled: Option<jiff::Timestamp> = row.get("recalled_at")?;
    let issued = row.parse::<OutgoingState>("state")? == OutgoingState::Issued && recalled.is_none();
    let number: Option<u32> = row.get("number")?;
    let symbol: Option<String> = row.get("symbol")?;
    let name = number
        .zip(symbol)
        .map(|(number, symbol)| number_and_symbol(number, &symbol))
        .unwrap_or_default();
    Ok((issued, name))
}

/// `POST /incoming/{id}/finish`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<Finish>,
) -> Reply {
    let typed = Typed {
        act: "finish",
        outcome: form.data.outcome.as_str().to_owned(),
        reply: form.data.reply.map(|id| id.to_string()).unwrap_or_default(),
        result: form.data.result.clone(),
        ..Typed::default()
    };
    match finish(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(&app, &detail::href(id), "Đã kết thúc xử lý văn bản.")),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// Finish (state 06); the other open parts close by themselves.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/finish", tag = "incoming", params(("id" = uuid::Uuid, Path)), request_body = Finish,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<Finish>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        finish(&app, &command.who, command.command, id, command.data).await?,
    ))
}
