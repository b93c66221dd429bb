//! Trợ lý chuẩn bị ý kiến chỉ đạo (CN-806): what an assistant writes stands in the leader's form; the leader decides.

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use rules::{
    access::Action,
    delegation,
    ids::{CommandId, IncomingId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Begun, Entry, args, sql};
use utoipa::ToSchema;

use crate::{
    act_names, api,
    context::{App, Who},
    error::AppResult,
    incoming::{
        acts::ActKind,
        detail::{self, Typed},
        load,
        seen::Seen,
        step::Done,
    },
    web::{Reply, Submitted, clean, format, see_other},
};

/// Dự thảo ý kiến chỉ đạo.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct PrepareDirective {
    /// Nội dung.
    pub text: String,
}

/// What was prepared for the leader in whose post one looks.
pub(in crate::incoming) struct Prepared {
    pub text: String,
    by_whom: String,
    at: Timestamp,
}

impl Prepared {
    /// Who prepared it, and when.
    pub fn note(&self) -> String {
        format!("{} chuẩn bị lúc {}.", self.by_whom, format::moment(self.at))
    }
}

/// What was prepared, for the forms that show it.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn prepared(
    app: &App,
    who: &Who,
    seen: &Seen,
    acts: &[ActKind],
) -> AppResult<Option<Prepared>> {
    if !acts.contains(&ActKind::Direct) && !acts.contains(&ActKind::Prepare) {
        return Ok(None);
    }
    let row = app
        .db
        .opt(
            sql!("SELECT text, by_whom, at FROM prepared_directive WHERE incoming_id = $1 AND for_post = $2"),
            args![seen.id, who.post()],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Prepared {
        text: row.get("text")?,
        by_whom: row.get("by_whom")?,
        at: row.get("at")?,
    }))
}

/// Prepares the directive of the leader in whose place the assistant works.
///
/// # Errors
/// The refusals of the access engine and of [`delegation::prepare`].
pub async fn prepare(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: PrepareDirective,
) -> AppResult<Done> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, Action::Prepare).await?;
    let text = clean(&data.text);
    delegation::prepare(doc.facts.state, &text)?;
    let now = act.now();
    let by_whom = who
        .in_place
        .as_ref()
        .map_or_else(|| who.label(), |seat| seat.own_label.clone());
    act.run(
        sql!(
            "INSERT INTO prepared_directive (incoming_id, for_post, by_post, by_whom, text, at) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (incoming_id, for_post) DO UPDATE SET by_post = $3, by_whom = $4, text = $5, at = $6"
        ),
        args![id, who.post(), who.own_post(), by_whom, text.as_str(), now],
    )
    .await?;
    act.journal(Entry {
        act: act_names::PREPARE_DIRECTIVE,
        object_kind: "incoming",
        object: id.as_uuid(),
        agency: None,
        summary: "Chuẩn bị ý kiến chỉ đạo để lãnh đạo xem.".to_owned(),
        details: json!({ "note": text, "for": who.post() }),
    })
    .await?;
    let done = Done {
        id,
        state: doc.facts.state.as_str().to_owned(),
        state_label: doc.facts.state.label().to_owned(),
    };
    app.commit(act, &done).await?;
    Ok(done)
}

/// `POST /incoming/{id}/prepare-directive`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<PrepareDirective>,
) -> Reply {
    let typed = Typed {
        act: "prepare-directive",
        text: form.data.text.clone(),
        ..Typed::default()
    };
    match prepare(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(
            &app,
            &detail::href(id),
            "Đã lưu dự thảo ý kiến; lãnh đạo thấy khi mở văn bản.",
        )),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// An assistant prepares the directive of a leader.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/prepare-directive", tag = "incoming", params(("id" = uuid::Uuid, Path)),
    request_body = PrepareDirective,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<PrepareDirective>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        prepare(&app, &command.who, command.command, id, command.data).await?,
    ))
}
