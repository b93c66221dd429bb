//! Xin ý kiến về dự thảo: who holds it asks colleagues, by a day (ND30-10.2, CN-207).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    access::Action,
    ids::{CommandId, OutgoingId, PostId},
    outgoing::{self as rule, Consulted, Manner},
    people::Role,
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
    error::{AppError, AppResult},
    organization,
    outgoing::load,
    web::{Reply, Submitted, clean, format},
};

/// Xin ý kiến.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct AskOpinion {
    /// Posts of the agency, in the order in which they are asked.
    #[schema(value_type = Vec<Uuid>)]
    pub members: Vec<PostId>,
    /// `parallel` (all at once, when left out) or `sequential` (one after another).
    #[schema(value_type = Option<String>)]
    pub manner: Option<Manner>,
    /// Nội dung xin ý kiến. Never empty.
    pub question: String,
    /// Hạn trả lời, ISO date.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
}

/// A round of questions that was opened.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OpinionAsked {
    /// The document.
    pub id: Uuid,
    /// The round.
    pub consultation: Uuid,
}

/// `POST /outgoing/{id}/consultations`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<OutgoingId>,
    form: Submitted<AskOpinion>,
) -> Reply {
    let typed = Typed {
        act: "ask",
        members: form.data.members.iter().map(ToString::to_string).collect(),
        manner: form.data.manner.unwrap_or(Manner::Parallel).as_str().to_owned(),
        question: form.data.question.clone(),
        due_on: form.data.due_on.map(|day| day.to_string()).unwrap_or_default(),
        ..Typed::default()
    };
    let done = ask(&app, &form.who, form.command, id, form.data).await;
    page::after(&app, &form.who, &jar, id, done, typed, "Đã gửi xin ý kiến.").await
}

/// Asks colleagues for their opinion on a draft.
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/consultations", tag = "outgoing", params(("id" = Uuid, Path)),
    request_body = AskOpinion, responses((status = 200, body = OpinionAsked), (status = 404), (status = 409)))]
pub async fn api_ask(
    State(app): State<App>,
    Path(id): Path<OutgoingId>,
    sent: api::Command<AskOpinion>,
) -> AppResult<Json<OpinionAsked>> {
    Ok(Json(ask(&app, &sent.who, sent.command, id, sent.data).await?))
}

/// Opens a round of questions about the current version.
///
/// # Errors
/// Refusals of [`rule::consult`]; a refusal for a mark of state secrets is journalled.
pub async fn ask(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    data: AskOpinion,
) -> AppResult<OpinionAsked> {
    let attempt = Attempt {
        act: act_names::CONSULT,
        doing: "xin ý kiến về dự thảo",
        object_kind: "outgoing",
        object: Some(id.as_uuid()),
        file: None,
    };
    let asked = open(app, who, command, id, data).await;
    state_secret::journal_refusal(app, who, attempt, asked).await
}

async fn open(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    data: AskOpinion,
) -> AppResult<OpinionAsked> {
    let question = clean(&data.question);
    let due_on = data.due_on.ok_or_else(|| {
        AppError::Refused(
            rules::Refusal::new(
                "ND30-10.2",
                "outgoing.consultation_due",
                "Vui lòng chọn hạn trả lời ý kiến.",
            )
            .on("due_on"),
        )
    });
    let known = organization::posts_of(app, who.agency()).await?;
    let may_be_asked = |post: PostId| {
        known
            .iter()
            .any(|option| option.post == post && option.role != Role::Administrator)
    };
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let document = load::for_change(&mut act, who, id, Action::GiveOpinion).await?;
    rule::may_consult(&who.actor, &document.facts)?;
    let due_on = due_on?;
    let members: Vec<Consulted> = data
        .members
        .iter()
        .map(|post| Consulted {
            post: *post,
            may_be_asked: may_be_asked(*post),
        })
        .collect();
    let round = rule::Round {
        members: &members,
        question: &question,
        due_on,
    };
    rule::consult(&who.actor, &document.facts, &round, act.today())?;
    let (consultation, now) = (act.new_id(), act.now());
    let manner = data.manner.unwrap_or(Manner::Parallel);
    act.run(
        sql!(
            "INSERT INTO consultation (id, outgoing_id, version, asked_by, manner, question, due_on, asked_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        args![
            consultation,
            id,
            document.facts.version,
            who.post(),
            manner.as_str(),
            question.as_str(),
            due_on,
            now
        ],
    )
    .await?;
    for (sort, member) in (0_i64..).zip(&members) {
        act.run(
            sql!("INSERT INTO consultation_member (consultation_id, post_id, sort) VALUES ($1, $2, $3)"),
            args![consultation, member.post, sort],
        )
        .await?;
    }
    access::took_part(&mut act, id.as_uuid(), who.post()).await?;
    desk::refresh_outgoing(&mut act, id).await?;
    let names: Vec<&str> = members
        .iter()
        .filter_map(|member| known.iter().find(|option| option.post == member.post))
        .map(|option| option.name.as_str())
        .collect();
    act.journal(Entry {
        act: act_names::CONSULT,
        object_kind: "outgoing",
        object: id.as_uuid(),
        agency: None,
        summary: format!(
            "{} về dự thảo: {}; hạn trả lời {}.",
            manner.label(),
            names.join(", "),
            format::date(due_on)
        ),
        details: json!({
            "consultation": consultation, "version": document.facts.version, "members": data.members,
            "manner": manner, "due_on": due_on, "note": question,
        }),
    })
    .await?;
    let asked = OpinionAsked {
        id: id.as_uuid(),
        consultation,
    };
    app.commit(act, &asked).await?;
    Ok(asked)
}
