//! Trình phiếu, also anew after it was returned: a round begins and is kept (CN-302).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    ids::{CommandId, PostId, SlipId},
    slip::{self as rule, SlipContent, SlipState},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;

use super::{
    carried,
    detail::Typed,
    load::{self, Slip},
    people, print,
    step::{self, SlipMoved, guarded},
};
use crate::{
    act_names, api,
    context::{App, Who},
    desk,
    error::AppResult,
    organization,
    web::{Reply, Submitted},
};

/// Trình phiếu; needs nothing besides the slip.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct SubmitSlip {}

/// `POST /slips/{id}/submit`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<SlipId>,
    form: Submitted<SubmitSlip>,
) -> Reply {
    let done = submit(&app, &form.who, form.command, id).await;
    let typed = Typed::default();
    step::after(&app, &form.who, &jar, id, done, typed, "Đã trình phiếu.").await
}

/// Submits a slip, or submits it anew after it was returned.
#[utoipa::path(post, path = "/api/v1/slips/{id}/submit", tag = "slips", params(("id" = Uuid, Path)), request_body = SubmitSlip,
    responses((status = 200, body = SlipMoved), (status = 404), (status = 409)))]
pub async fn api_submit(
    State(app): State<App>,
    Path(id): Path<SlipId>,
    sent: api::Command<SubmitSlip>,
) -> AppResult<Json<SlipMoved>> {
    Ok(Json(submit(&app, &sent.who, sent.command, id).await?))
}

/// Submits a slip.
///
/// # Errors
/// Refusals of [`rule::submit`] and of [`rule::carry_draft`]; `PL1-G4` for a sign that cannot be printed.
pub async fn submit(app: &App, who: &Who, command: CommandId, id: SlipId) -> AppResult<SlipMoved> {
    let submitted = begin_round(app, who, command, id).await;
    guarded(app, who, act_names::SUBMIT_SLIP, Some(id), submitted).await
}

async fn begin_round(app: &App, who: &Who, command: CommandId, id: SlipId) -> AppResult<SlipMoved> {
    let known = organization::posts_of(app, who.agency()).await?;
    let seen = load::for_view(app, who, id).await?;
    print::printable(app, &seen.subject, "subject").await?;
    print::printable(app, &seen.body, "body").await?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let slip = load::for_change(&mut act, who, id).await?;
    let members = people::members(&slip.people, &known);
    rule::submit(
        &who.actor,
        &slip.facts,
        &SlipContent {
            subject: &slip.subject,
            body: &slip.body,
            steps: &members.steps,
            signers: &slip.people.signers,
            advisers: &members.advisers,
        },
    )?;
    let version = match slip.outgoing {
        Some(draft) => Some(carried::take_along(&mut act, who, draft).await?),
        None => None,
    };
    let round = slip.facts.round + 1;
    keep_round(&mut act, who, &slip, round, version).await?;
    let first = slip.people.steps.first().into_iter().flatten();
    let laid_before: Vec<PostId> = first.chain(&slip.people.advisers).copied().collect();
    carried::share(&mut act, &slip, &laid_before).await?;
    desk::refresh_slip(&mut act, id).await?;
    let leaders = people::names(slip.people.steps.iter().flatten(), &known);
    act.journal(Entry {
        act: act_names::SUBMIT_SLIP,
        object_kind: "slip",
        object: id.as_uuid(),
        agency: None,
        summary: if round == 1 {
            format!("Trình phiếu: {leaders}.")
        } else {
            format!("Trình lại phiếu (lần {round}): {leaders}.")
        },
        details: json!({
            "round": round, "steps": slip.people.steps, "signers": slip.people.signers, "advisers": slip.people.advisers,
            "outgoing": slip.outgoing, "version": version, "incoming": slip.incoming,
        }),
    })
    .await?;
    let moved = SlipMoved::new(id, SlipState::Running, round);
    app.commit(act, &moved).await?;
    Ok(moved)
}

/// Writes what is laid before whom; none of it changes any more.
async fn keep_round(
    act: &mut Act,
    who: &Who,
    slip: &Slip,
    round: u32,
    version: Option<u32>,
) -> AppResult<()> {
    let now = act.now();
    act.run(
        sql!("UPDATE slip SET state = $2, round = $3, hindrance = NULL, updated_at = $4 WHERE id = $1"),
        args![slip.id, SlipState::Running.as_str(), round, now],
    )
    .await?;
    act.run(
        sql!(
            "INSERT INTO slip_round (slip_id, round, subject, folded_subject, body, outgoing_id, outgoing_version, incoming_id, \
             file_set, submitted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        args![
            slip.id,
            round,
            slip.subject.as_str(),
            viet_text::fold(&slip.subject),
            slip.body.as_str(),
            slip.outgoing,
            version,
            slip.incoming,
            slip.file_set,
            now
        ],
    )
    .await?;
    let mut sort = 0_i64;
    for (step, posts) in (1_u32..).zip(&slip.people.steps) {
        for post in posts {
            act.run(
                sql!(
                    "INSERT INTO slip_decider (slip_id, round, post_id, step, sort, asked) VALUES ($1, $2, $3, $4, $5, $6)"
                ),
                args![slip.id, round, *post, step, sort, slip.people.asked(*post).as_str()],
            )
            .await?;
            sort += 1;
        }
    }
    for post in &slip.people.advisers {
        act.run(
            sql!(
                "INSERT INTO slip_adviser (slip_id, round, post_id, asked_by, asked_at) VALUES ($1, $2, $3, $4, $5)"
            ),
            args![slip.id, round, *post, who.post(), now],
        )
        .await?;
    }
    Ok(())
}
