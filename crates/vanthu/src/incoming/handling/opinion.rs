//! Ý kiến trao đổi trong quá trình xử lý.

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    access::Action,
    ids::{CommandId, IncomingId},
    incoming::{self, IncomingEvent},
};
use serde::{Deserialize, Serialize};
use store::{Begun, args, sql};
use utoipa::ToSchema;

use crate::{
    access, act_names, api,
    context::{App, Who},
    error::AppResult,
    incoming::{
        detail::{self, Typed},
        load,
        step::{self, Done, Told},
    },
    web::{Reply, Submitted, clean, see_other},
};

/// An opinion on a document.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Opinion {
    /// Nội dung ý kiến.
    pub opinion: String,
}

/// Writes an opinion.
///
/// # Errors
/// The refusals of [`incoming::opinion`].
pub async fn give(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: Opinion,
) -> AppResult<Done> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, Action::GiveOpinion).await?;
    let text = clean(&data.opinion);
    let plan = incoming::opinion(&who.actor, &doc.facts, &text)?;
    let (opinion, now) = (act.new_id(), act.now());
    act.run(
        sql!("INSERT INTO opinion (id, object_id, post_id, text, at) VALUES ($1, $2, $3, $4, $5)"),
        args![opinion, id, who.post(), text.as_str(), now],
    )
    .await?;
    access::took_part(&mut act, id.as_uuid(), who.post()).await?;
    let done = step::take(
        &mut act,
        &doc,
        plan,
        Told {
            act: act_names::OPINION,
            summary: IncomingEvent::OpinionGiven.label().to_owned(),
            note: &text,
            for_sender: "",
            details: serde_json::json!({ "opinion": opinion }),
        },
    )
    .await?;
    app.commit(act, &done).await?;
    Ok(done)
}

/// `POST /incoming/{id}/opinions`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<Opinion>,
) -> Reply {
    let typed = Typed {
        act: "opinions",
        opinion: form.data.opinion.clone(),
        ..Typed::default()
    };
    match give(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(&app, &detail::href(id), "Đã ghi ý kiến.")),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// Write an opinion.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/opinions", tag = "incoming", params(("id" = uuid::Uuid, Path)), request_body = Opinion,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<Opinion>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        give(&app, &command.who, command.command, id, command.data).await?,
    ))
}
