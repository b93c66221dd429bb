//! Phê duyệt, ký duyệt, trả lại phiếu trình (CN-302). “Ký duyệt” goes the way of [`super::sign`] and comes back here once the signature is there. When the last leader approves, the draft that it carries is submitted by itself (CN-303).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    Refusal,
    ids::{CommandId, SlipId},
    slip::{self as rule, SlipAnswer, SlipPlan, SlipState},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    carried,
    detail::Typed,
    load::{self, Slip},
    print, sign,
    step::{self, SlipMoved, guarded},
};
use crate::{
    act_names, api,
    context::{App, Who},
    desk,
    error::{AppError, AppResult},
    outgoing,
    signing::requests::{self, Subject},
    web::{Reply, Submitted, clean, see_other},
};

/// Phê duyệt, ký duyệt, trả lại.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct DecideSlip {
    /// `approve`, `sign` or `return`. `sign` may have to wait for the person: then the answer names the request for the signature.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[schema(value_type = String)]
    pub answer: Option<SlipAnswer>,
    /// Ý kiến; never empty when it is returned.
    pub comment: String,
}

/// `POST /slips/{id}/decide`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<SlipId>,
    form: Submitted<DecideSlip>,
) -> Reply {
    let sentence = match form.data.answer {
        Some(SlipAnswer::Return) => "Đã trả lại phiếu trình.",
        Some(SlipAnswer::Sign) => "Đã ký duyệt phiếu trình.",
        _ => "Đã phê duyệt phiếu trình.",
    };
    let typed = Typed {
        act: "decide",
        text: form.data.comment.clone(),
        ..Typed::default()
    };
    let done = decide(&app, &form.who, form.command, id, form.data).await;
    if let Ok(SlipMoved {
        request: Some(request),
        ..
    }) = &done
    {
        return Ok(see_other(&app, &format!("/signing/requests/{request}"), ""));
    }
    step::after(&app, &form.who, &jar, id, done, typed, sentence).await
}

/// A leader approves a slip, without or with a signature as they are asked, or returns it.
#[utoipa::path(post, path = "/api/v1/slips/{id}/decide", tag = "slips", params(("id" = Uuid, Path)), request_body = DecideSlip,
    responses((status = 200, body = SlipMoved), (status = 404), (status = 409)))]
pub async fn api_decide(
    State(app): State<App>,
    Path(id): Path<SlipId>,
    sent: api::Command<DecideSlip>,
) -> AppResult<Json<SlipMoved>> {
    Ok(Json(decide(&app, &sent.who, sent.command, id, sent.data).await?))
}

/// Answers a slip.
///
/// # Errors
/// Refusals of [`rule::decide`]; those of [`sign::sign`]; `KS-10` while the own signature is waited for; `PL1-G4` for a sign that cannot be
/// printed.
pub async fn decide(
    app: &App,
    who: &Who,
    command: CommandId,
    id: SlipId,
    data: DecideSlip,
) -> AppResult<SlipMoved> {
    let answered = answer(app, who, command, id, data).await;
    let act = act_names::APPROVE_SLIP;
    guarded(app, who, act, Some(id), answered).await
}

async fn answer(
    app: &App,
    who: &Who,
    command: CommandId,
    id: SlipId,
    data: DecideSlip,
) -> AppResult<SlipMoved> {
    let seen = load::for_view(app, who, id).await?;
    let given = data.answer.ok_or_else(|| {
        AppError::Refused(
            Refusal::new(
                "CN-302",
                "slip.no_answer",
                "Vui lòng chọn phê duyệt, ký duyệt hoặc trả lại.",
            )
            .on("answer"),
        )
    })?;
    let comment = clean(&data.comment);
    print::printable(app, &comment, "comment").await?;
    if given == SlipAnswer::Sign {
        return sign::sign(app, who, command, id, &comment).await;
    }
    let refused = draft_refusal(app, who, &seen).await?;
    let others = sign::still_asked(app, &seen).await?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let slip = load::for_change(&mut act, who, id).await?;
    requests::not_locked(&mut act, Subject::Slip { id, by: who.post() }).await?;
    let plan = rule::decide(&who.actor, &slip.facts, given, &comment)?;
    let answer = Answer {
        given,
        comment: &comment,
        signed_set: None,
        details: json!({}),
    };
    let moved = settle(&mut act, who, &slip, &plan, answer, refused).await?;
    app.commit(act, &moved).await?;
    sign::let_go(app, &others).await;
    Ok(moved)
}

/// Why the draft that goes along could not go on. It is looked at before the act; what it finds is only told when the slip is approved.
///
/// # Errors
/// When the database fails.
pub async fn draft_refusal(app: &App, who: &Who, slip: &Slip) -> AppResult<Option<Refusal>> {
    match slip.outgoing {
        Some(draft) => outgoing::carried::signer_refusal(app, who.agency(), draft).await,
        None => Ok(None),
    }
}

/// What a leader answers, as it is kept.
#[derive(Debug)]
pub struct Answer<'a> {
    /// The answer.
    pub given: SlipAnswer,
    /// Ý kiến.
    pub comment: &'a str,
    /// The slip as they signed it.
    pub signed_set: Option<Uuid>,
    /// What the journal keeps beside the usual.
    pub details: serde_json::Value,
}

/// Carries out the plan of an answer: what was said is kept, the draft goes on, the next leaders get it, the journal tells.
///
/// # Errors
/// When the database fails.
pub async fn settle(
    act: &mut Act,
    who: &Who,
    slip: &Slip,
    plan: &SlipPlan,
    answer: Answer<'_>,
    refused: Option<Refusal>,
) -> AppResult<SlipMoved> {
    let id = slip.id;
    keep(act, who, slip, plan, &answer).await?;
    if plan.ends_round {
        sign::end_waiting(act, slip).await?;
    }
    let hindrance = match slip.outgoing {
        Some(draft) if plan.next == SlipState::Approved => go_on(act, who, id, draft, refused).await?,
        _ => None,
    };
    if let Some(step) = plan.begins_step {
        let next: Vec<_> = slip
            .facts
            .deciders
            .iter()
            .filter(|one| one.step == step)
            .map(|one| one.post)
            .collect();
        carried::share(act, slip, &next).await?;
    }
    if !rule::goes_on_seeing_draft(plan.next) {
        carried::withhold(act, id).await?;
    }
    desk::refresh_slip(act, id).await?;
    let mut details = json!({
        "round": slip.facts.round, "answer": answer.given, "note": answer.comment, "to": plan.next.as_str(),
        "outgoing": slip.outgoing, "hindrance": hindrance,
    });
    if let (Some(all), serde_json::Value::Object(more)) = (details.as_object_mut(), answer.details) {
        all.extend(more);
    }
    act.journal(Entry {
        act: match answer.given {
            SlipAnswer::Approve => act_names::APPROVE_SLIP,
            SlipAnswer::Sign => act_names::SIGN_SLIP,
            SlipAnswer::Return => act_names::RETURN_SLIP,
        },
        object_kind: "slip",
        object: id.as_uuid(),
        agency: None,
        summary: summary(plan, answer.given, hindrance.as_deref()),
        details,
    })
    .await?;
    Ok(SlipMoved {
        hindrance,
        ..SlipMoved::new(id, plan.next, slip.facts.round)
    })
}

fn summary(plan: &SlipPlan, given: SlipAnswer, hindrance: Option<&str>) -> String {
    let said = match (given, plan.next) {
        (SlipAnswer::Return, _) => "Trả lại phiếu trình.",
        (SlipAnswer::Approve, SlipState::Approved) => "Phê duyệt phiếu trình; phiếu kết thúc.",
        (SlipAnswer::Approve, _) => "Phê duyệt phiếu trình.",
        (SlipAnswer::Sign, SlipState::Approved) => "Ký duyệt phiếu trình; phiếu kết thúc.",
        (SlipAnswer::Sign, _) => "Ký duyệt phiếu trình.",
    };
    hindrance.map_or_else(|| said.to_owned(), |why| format!("{said} {why}"))
}

async fn keep(act: &mut Act, who: &Who, slip: &Slip, plan: &SlipPlan, answer: &Answer<'_>) -> AppResult<()> {
    let (now, round) = (act.now(), slip.facts.round);
    act.run(
        sql!(
            "UPDATE slip_decider SET answer = $4, comment = $5, at = $6, signed_set = $7 WHERE slip_id = $1 AND round = $2 \
             AND post_id = $3"
        ),
        args![
            slip.id,
            round,
            who.post(),
            answer.given.as_str(),
            answer.comment,
            now,
            answer.signed_set
        ],
    )
    .await?;
    act.run(
        sql!("UPDATE slip SET state = $2, updated_at = $3 WHERE id = $1"),
        args![slip.id, plan.next.as_str(), now],
    )
    .await?;
    if plan.ends_round {
        act.run(
            sql!("UPDATE slip_round SET ended_at = $3, outcome = $4 WHERE slip_id = $1 AND round = $2"),
            args![slip.id, round, now, plan.next.as_str()],
        )
        .await?;
    }
    Ok(())
}

/// The draft goes on; when it cannot, the slip keeps why.
async fn go_on(
    act: &mut Act,
    who: &Who,
    id: SlipId,
    draft: rules::ids::OutgoingId,
    refused: Option<Refusal>,
) -> AppResult<Option<String>> {
    let Some(refusal) = outgoing::carried::submit(act, who, draft, id, refused).await? else {
        return Ok(None);
    };
    let why = format!("Dự thảo kèm theo chưa trình được: {}", refusal.message);
    act.run(
        sql!("UPDATE slip SET hindrance = $2 WHERE id = $1"),
        args![id, why.as_str()],
    )
    .await?;
    Ok(Some(why))
}
