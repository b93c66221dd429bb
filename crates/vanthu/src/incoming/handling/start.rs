//! Bắt đầu xử lý: the lead begins (state 05), by the button or by drafting a reply.

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    access::Action,
    ids::{CommandId, IncomingId},
    incoming::{self, AssignmentRole, AssignmentState, IncomingEvent, IncomingState},
};
use serde::{Deserialize, Serialize};
use store::{Act, Begun};
use utoipa::ToSchema;

use super::assign;
use crate::{
    act_names, api,
    context::{App, Who},
    error::AppResult,
    incoming::{
        detail::{self, Typed},
        load::{self, Doc},
        step::{self, Done, Told},
    },
    web::{Reply, Submitted, see_other},
};

/// Nothing to say.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Start {}

/// The lead begins.
///
/// # Errors
/// The refusals of [`incoming::start`].
pub async fn start(app: &App, who: &Who, command: CommandId, id: IncomingId) -> AppResult<Done> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, Action::Handle).await?;
    let done = begin(&mut act, who, &doc, "").await?;
    app.commit(act, &done).await?;
    Ok(done)
}

async fn begin(act: &mut Act, who: &Who, doc: &Doc, note: &str) -> AppResult<Done> {
    let own = assign::held(who, doc);
    let plan = incoming::start(&who.actor, &doc.facts, &own)?;
    step::take(
        act,
        doc,
        plan,
        Told {
            act: act_names::START,
            summary: IncomingEvent::Started.label().to_owned(),
            note,
            for_sender: "",
            details: serde_json::json!({ "assignment": own.id }),
        },
    )
    .await
}

/// A reply to the document was drafted by `who`, in the same act: allowed to those who handle it; when the lead
/// drafts it, handling has begun. Called by the outgoing room.
///
/// # Errors
/// [`crate::error::AppError::NotFound`] for a document that is not visible, a refusal for those who do not handle it.
pub async fn reply_drafted(act: &mut Act, who: &Who, id: IncomingId) -> AppResult<()> {
    let doc = load::for_change(act, who, id, Action::Reply).await?;
    let own = assign::held(who, &doc);
    let leads = own.role == AssignmentRole::Lead && own.state == AssignmentState::Open;
    if leads && doc.facts.state == IncomingState::Assigned {
        begin(act, who, &doc, "Soạn văn bản trả lời").await?;
    }
    Ok(())
}

/// `POST /incoming/{id}/start`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<Start>,
) -> Reply {
    let typed = Typed {
        act: "start",
        ..Typed::default()
    };
    match start(&app, &form.who, form.command, id).await {
        Ok(_) => Ok(see_other(&app, &detail::href(id), "Đã bắt đầu xử lý.")),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// The lead begins to handle (state 05).
#[utoipa::path(post, path = "/api/v1/incoming/{id}/start", tag = "incoming", params(("id" = uuid::Uuid, Path)), request_body = Start,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<Start>,
) -> AppResult<Json<Done>> {
    Ok(Json(start(&app, &command.who, command.command, id).await?))
}
