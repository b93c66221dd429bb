//! Phối hợp soạn thảo: the drafter says who writes with them (ND30-10.1, 10.4).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    access::Action,
    ids::{CommandId, OutgoingId, PostId},
    outgoing::Consulted,
    people::Role,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;

use crate::{
    act_names, api,
    context::{App, Who},
    desk,
    error::AppResult,
    organization::{self, PostOption},
    outgoing::{detail, load, step::Moved},
    web::{Reply, Submitted, page::Choice},
};

/// Người phối hợp soạn thảo: the whole list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CoDrafters {
    /// Posts of the agency.
    #[schema(value_type = Vec<Uuid>)]
    pub co_drafters: Vec<PostId>,
}

/// `POST /outgoing/{id}/co-drafters`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<OutgoingId>,
    form: Submitted<CoDrafters>,
) -> Reply {
    let done = set(&app, &form.who, form.command, id, &form.data).await;
    let sentence = "Đã cập nhật người phối hợp soạn thảo.";
    detail::after(&app, &form.who, &jar, id, done, String::new(), sentence).await
}

/// Says who helps to write a draft: the whole list.
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/co-drafters", tag = "outgoing", params(("id" = Uuid, Path)),
    request_body = CoDrafters, responses((status = 200, body = Moved), (status = 404), (status = 409)))]
pub async fn api_co_drafters(
    State(app): State<App>,
    Path(id): Path<OutgoingId>,
    sent: api::Command<CoDrafters>,
) -> AppResult<Json<Moved>> {
    Ok(Json(set(&app, &sent.who, sent.command, id, &sent.data).await?))
}

/// Says who helps to write a draft.
///
/// # Errors
/// Refusals of [`rules::outgoing::set_co_drafters`].
pub async fn set(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    data: &CoDrafters,
) -> AppResult<Moved> {
    let known = organization::posts_of(app, who.agency()).await?;
    let mut chosen: Vec<Consulted> = Vec::new();
    for post in &data.co_drafters {
        if !chosen.iter().any(|one| one.post == *post) {
            let may_be_asked = known.iter().any(|option| option.post == *post && helps(option));
            chosen.push(Consulted {
                post: *post,
                may_be_asked,
            });
        }
    }
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let document = load::for_change(&mut act, who, id, Action::EditDraft).await?;
    rules::outgoing::set_co_drafters(&who.actor, &document.facts, &chosen)?;
    act.run(
        sql!("UPDATE participant SET co_drafts = 0 WHERE object_id = $1"),
        args![id],
    )
    .await?;
    for one in &chosen {
        act.run(
            sql!(
                "INSERT INTO participant (object_id, post_id, unit_id, co_drafts) \
                 VALUES ($1, $2, (SELECT unit_id FROM post WHERE id = $2), 1) \
                 ON CONFLICT (object_id, post_id) DO UPDATE SET co_drafts = 1, \
                 unit_id = coalesce(participant.unit_id, excluded.unit_id), slip_id = NULL"
            ),
            args![id, one.post],
        )
        .await?;
    }
    desk::refresh_outgoing(&mut act, id).await?;
    let names: Vec<&str> = known
        .iter()
        .filter(|option| chosen.iter().any(|one| one.post == option.post))
        .map(|option| option.name.as_str())
        .collect();
    act.journal(Entry {
        act: act_names::CO_DRAFTERS,
        object_kind: "outgoing",
        object: id.as_uuid(),
        agency: None,
        summary: if names.is_empty() {
            "Bỏ người phối hợp soạn thảo.".to_owned()
        } else {
            format!("Mời phối hợp soạn thảo: {}.", names.join(", "))
        },
        details: json!({ "co_drafters": data.co_drafters }),
    })
    .await?;
    let moved = Moved::new(id, document.state(), document.facts.version);
    app.commit(act, &moved).await?;
    Ok(moved)
}

fn helps(option: &PostOption) -> bool {
    option.role != Role::Administrator
}

/// Who may be chosen by this person.
///
/// # Errors
/// When the database fails.
pub async fn choices(app: &App, who: &Who) -> AppResult<Vec<Choice>> {
    let known = organization::posts_of(app, who.agency()).await?;
    Ok(known
        .iter()
        .filter(|option| helps(option) && option.post != who.post())
        .map(PostOption::choice)
        .collect())
}

/// Who helps to write a document, for the desk.
///
/// # Errors
/// When the database fails.
pub async fn of(act: &mut Act, id: OutgoingId) -> AppResult<Vec<PostId>> {
    let rows = act
        .all(
            sql!("SELECT post_id FROM participant WHERE object_id = $1 AND co_drafts = 1 ORDER BY post_id"),
            args![id],
        )
        .await?;
    Ok(rows
        .iter()
        .map(|row| row.get("post_id"))
        .collect::<store::Result<_>>()?)
}
