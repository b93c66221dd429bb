//! Xin ý kiến, cho ý kiến trong phiếu trình (CN-304): advice never holds the slip up and ends with it.

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    ids::{CommandId, PostId, SlipId},
    slip as rule,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    carried,
    detail::Typed,
    load, people, print,
    step::{self, SlipMoved, guarded},
};
use crate::{
    act_names, api,
    context::{App, Who},
    desk,
    error::AppResult,
    organization,
    web::{Reply, Submitted, clean},
};

/// Xin thêm ý kiến.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct AskAdvice {
    /// Posts of the agency that are not on the slip yet.
    #[schema(value_type = Vec<Uuid>)]
    pub members: Vec<PostId>,
}

/// Cho ý kiến.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct GiveAdvice {
    /// Ý kiến. Never empty.
    pub text: String,
}

/// `POST /slips/{id}/ask`.
pub async fn ask_page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<SlipId>,
    form: Submitted<AskAdvice>,
) -> Reply {
    let typed = Typed {
        act: "ask",
        members: form.data.members.iter().map(ToString::to_string).collect(),
        ..Typed::default()
    };
    let done = ask(&app, &form.who, form.command, id, form.data).await;
    step::after(&app, &form.who, &jar, id, done, typed, "Đã gửi xin ý kiến.").await
}

/// `POST /slips/{id}/advise`.
pub async fn advise_page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<SlipId>,
    form: Submitted<GiveAdvice>,
) -> Reply {
    let typed = Typed {
        act: "advise",
        text: form.data.text.clone(),
        ..Typed::default()
    };
    let done = advise(&app, &form.who, form.command, id, form.data).await;
    step::after(&app, &form.who, &jar, id, done, typed, "Đã gửi ý kiến.").await
}

/// Asks more people for their advice on a slip that runs.
#[utoipa::path(post, path = "/api/v1/slips/{id}/ask", tag = "slips", params(("id" = Uuid, Path)), request_body = AskAdvice,
    responses((status = 200, body = SlipMoved), (status = 404), (status = 409)))]
pub async fn api_ask(
    State(app): State<App>,
    Path(id): Path<SlipId>,
    sent: api::Command<AskAdvice>,
) -> AppResult<Json<SlipMoved>> {
    Ok(Json(ask(&app, &sent.who, sent.command, id, sent.data).await?))
}

/// Gives the advice that was asked for.
#[utoipa::path(post, path = "/api/v1/slips/{id}/advise", tag = "slips", params(("id" = Uuid, Path)), request_body = GiveAdvice,
    responses((status = 200, body = SlipMoved), (status = 404), (status = 409)))]
pub async fn api_advise(
    State(app): State<App>,
    Path(id): Path<SlipId>,
    sent: api::Command<GiveAdvice>,
) -> AppResult<Json<SlipMoved>> {
    Ok(Json(advise(&app, &sent.who, sent.command, id, sent.data).await?))
}

/// Asks more people.
///
/// # Errors
/// Refusals of [`rule::ask_advice`].
pub async fn ask(
    app: &App,
    who: &Who,
    command: CommandId,
    id: SlipId,
    data: AskAdvice,
) -> AppResult<SlipMoved> {
    let known = organization::posts_of(app, who.agency()).await?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let slip = load::for_change(&mut act, who, id).await?;
    rule::ask_advice(&who.actor, &slip.facts, &people::some(&data.members, &known))?;
    let now = act.now();
    for post in &data.members {
        act.run(
            sql!(
                "INSERT INTO slip_adviser (slip_id, round, post_id, asked_by, asked_at) VALUES ($1, $2, $3, $4, $5)"
            ),
            args![id, slip.facts.round, *post, who.post(), now],
        )
        .await?;
    }
    carried::share(&mut act, &slip, &data.members).await?;
    desk::refresh_slip(&mut act, id).await?;
    act.journal(Entry {
        act: act_names::CONSULT_SLIP,
        object_kind: "slip",
        object: id.as_uuid(),
        agency: None,
        summary: format!(
            "Xin thêm ý kiến về phiếu trình: {}.",
            people::names(&data.members, &known)
        ),
        details: json!({ "round": slip.facts.round, "members": data.members }),
    })
    .await?;
    let moved = SlipMoved::stays(id, &slip.facts);
    app.commit(act, &moved).await?;
    Ok(moved)
}

/// Gives advice.
///
/// # Errors
/// Refusals of [`rule::advise`]; `PL1-G4` for a sign that cannot be printed.
pub async fn advise(
    app: &App,
    who: &Who,
    command: CommandId,
    id: SlipId,
    data: GiveAdvice,
) -> AppResult<SlipMoved> {
    let given = write(app, who, command, id, data).await;
    guarded(app, who, act_names::OPINE_SLIP, Some(id), given).await
}

async fn write(
    app: &App,
    who: &Who,
    command: CommandId,
    id: SlipId,
    data: GiveAdvice,
) -> AppResult<SlipMoved> {
    let text = clean(&data.text);
    print::printable(app, &text, "text").await?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let slip = load::for_change(&mut act, who, id).await?;
    rule::advise(&who.actor, &slip.facts, &text)?;
    let (advice, now): (Uuid, _) = (act.new_id(), act.now());
    act.run(
        sql!(
            "INSERT INTO slip_advice (id, slip_id, round, post_id, text, at) VALUES ($1, $2, $3, $4, $5, $6)"
        ),
        args![advice, id, slip.facts.round, who.post(), text.as_str(), now],
    )
    .await?;
    desk::refresh_slip(&mut act, id).await?;
    act.journal(Entry {
        act: act_names::OPINE_SLIP,
        object_kind: "slip",
        object: id.as_uuid(),
        agency: None,
        summary: "Cho ý kiến về phiếu trình.".to_owned(),
        details: json!({ "round": slip.facts.round, "note": text }),
    })
    .await?;
    let moved = SlipMoved::stays(id, &slip.facts);
    app.commit(act, &moved).await?;
    Ok(moved)
}
