//! Trình lãnh đạo (ND30-23.1).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    Refusal,
    access::Action,
    ids::{CommandId, IncomingId, PostId},
    incoming::{self, IncomingEvent},
};
use serde::{Deserialize, Serialize};
use store::{Begun, args, sql};
use utoipa::ToSchema;

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

/// To whom a registered document is presented.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Present {
    /// The leader's post.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub leader: Option<PostId>,
    /// The clerk's proposal to the leader.
    pub note: String,
}

/// Presents a registered document to a leader.
///
/// # Errors
/// The refusals of [`incoming::present`].
pub async fn present(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: Present,
) -> AppResult<Done> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, Action::Present).await?;
    let post = data.leader.ok_or_else(nobody)?;
    let leader = load::holder(&mut act, post).await?;
    let plan = incoming::present(&who.actor, &doc.facts, leader.post, leader.agency, leader.role)?;
    act.run(
        sql!("UPDATE incoming SET presented_to = $2 WHERE id = $1"),
        args![id, leader.post],
    )
    .await?;
    let name = super::assign::label_of(&mut act, post).await?;
    let note = clean(&data.note);
    let done = step::take(
        &mut act,
        &doc,
        plan,
        Told {
            act: act_names::PRESENT,
            summary: format!("{}: {name}", IncomingEvent::Presented.label()),
            note: &note,
            for_sender: "",
            details: serde_json::json!({ "leader": post }),
        },
    )
    .await?;
    app.commit(act, &done).await?;
    Ok(done)
}

fn nobody() -> Refusal {
    Refusal::new(
        "ND30-23.1",
        "incoming.no_leader",
        "Vui lòng chọn lãnh đạo để trình.",
    )
    .on("leader")
}

/// `POST /incoming/{id}/present`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<Present>,
) -> Reply {
    let typed = Typed {
        act: "present",
        leader: form.data.leader.map(|post| post.to_string()).unwrap_or_default(),
        note: form.data.note.clone(),
        ..Typed::default()
    };
    match present(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(&app, &detail::href(id), "Đã trình lãnh đạo.")),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// Present to a leader.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/present", tag = "incoming", params(("id" = uuid::Uuid, Path)), request_body = Present,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<Present>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        present(&app, &command.who, command.command, id, command.data).await?,
    ))
}
