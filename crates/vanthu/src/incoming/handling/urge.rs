//! Đôn đốc: those who handle a document are urged, one document or many parts at once (ND30-24.1, CN-129).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    access::Action,
    ids::{AssignmentId, CommandId, IncomingId},
    incoming::{self, IncomingEvent},
};
use serde::{Deserialize, Serialize};
use store::{Begun, args, sql};
use utoipa::ToSchema;

use super::{following, part};
use crate::{
    act_names, api,
    context::{App, Who},
    error::{AppError, AppResult},
    incoming::{
        detail::{self, Typed},
        load,
        several::MANY,
        step::{self, Done, Told},
    },
    web::{Reply, Submitted, blank_as_none, clean, see_other},
};

/// Whom to urge, and with which words.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Urge {
    /// One part; left out: everybody who handles the document.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<uuid::Uuid>)]
    pub assignment: Option<AssignmentId>,
    /// Nội dung đôn đốc; may be empty.
    pub urging: String,
}

/// Urges.
///
/// # Errors
/// The refusals of [`incoming::urge`].
pub async fn urge(app: &App, who: &Who, command: CommandId, id: IncomingId, data: Urge) -> AppResult<Done> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, Action::Urge).await?;
    let plan = incoming::urge(&who.actor, &doc.facts, &doc.assignments, data.assignment)?;
    let words = clean(&data.urging);
    let now = act.now();
    let mut holders = Vec::with_capacity(plan.urged.len());
    for urged in &plan.urged {
        let holder = part::holder(&mut act, *urged).await?;
        let urging = act.new_id();
        act.run(
            sql!(
                "INSERT INTO urging (id, incoming_id, assignment_id, post_id, urged_by, text, at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)"
            ),
            args![urging, id, *urged, holder.post, who.post(), words.as_str(), now],
        )
        .await?;
        holders.push(holder);
    }
    let names: Vec<&str> = holders.iter().map(|holder| holder.name.as_str()).collect();
    let done = step::take(
        &mut act,
        &doc,
        plan.step,
        Told {
            act: act_names::URGE,
            summary: format!("{}: {}", IncomingEvent::Urged.label(), names.join("; ")),
            note: &words,
            for_sender: "",
            details: serde_json::json!({ "urged": plan.urged }),
        },
    )
    .await?;
    for holder in &holders {
        part::call(&mut act, id, holder.post).await?;
    }
    app.commit(act, &done).await?;
    Ok(done)
}

/// `POST /incoming/{id}/urge`.
pub async fn page(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    jar: CookieJar,
    form: Submitted<Urge>,
) -> Reply {
    let typed = Typed {
        act: "urge",
        urging: form.data.urging.clone(),
        ..Typed::default()
    };
    match urge(&app, &form.who, form.command, id, form.data).await {
        Ok(_) => Ok(see_other(&app, &detail::href(id), "Đã đôn đốc.")),
        Err(error) => detail::stay(&app, &form.who, &jar, id, typed, error).await,
    }
}

/// Urge those who handle a document, or one of them.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/urge", tag = "incoming", params(("id" = uuid::Uuid, Path)), request_body = Urge,
    responses((status = 200, body = Done), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn one_api(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<Urge>,
) -> AppResult<Json<Done>> {
    Ok(Json(
        urge(&app, &command.who, command.command, id, command.data).await?,
    ))
}

/// Several parts to be urged at once.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct UrgeMany {
    /// The parts, as the list of what is followed up gives them.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub id: Vec<AssignmentId>,
    /// Nội dung đôn đốc; may be empty.
    pub urging: String,
}

/// What became of one of them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UrgeLine {
    /// The part.
    #[schema(value_type = uuid::Uuid)]
    pub id: AssignmentId,
    /// Why its holder was not urged; absent when they were.
    pub problem: Option<String>,
}

/// Urges each in an act of its own: one that is refused holds up no other.
///
/// # Errors
/// [`AppError::BadInput`] for an empty or too long list; internal errors.
pub async fn urge_many(app: &App, who: &Who, command: CommandId, data: UrgeMany) -> AppResult<Vec<UrgeLine>> {
    if data.id.is_empty() || data.id.len() > MANY {
        return Err(AppError::BadInput(format!(
            "Chọn từ 1 đến {MANY} phần việc để đôn đốc cùng lúc."
        )));
    }
    let mut lines = Vec::with_capacity(data.id.len());
    for id in data.id {
        let row = app
            .db
            .opt(
                sql!("SELECT incoming_id FROM assignment WHERE id = $1 AND agency_id = $2"),
                args![id, who.agency()],
            )
            .await?;
        let result = match row {
            Some(row) => {
                let one = Urge {
                    assignment: Some(id),
                    urging: data.urging.clone(),
                };
                urge(app, who, command.part(id.as_uuid()), row.get("incoming_id")?, one).await
            }
            None => Err(AppError::NotFound),
        };
        lines.push(match result {
            Ok(_) => UrgeLine { id, problem: None },
            Err(AppError::Internal(error)) => return Err(AppError::Internal(error)),
            Err(error) => UrgeLine {
                id,
                problem: Some(error.problem().message),
            },
        });
    }
    Ok(lines)
}

/// `POST /incoming/urge`.
pub async fn many_page(State(app): State<App>, form: Submitted<UrgeMany>) -> Reply {
    let lines = urge_many(&app, &form.who, form.command, form.data).await?;
    let urged = lines.iter().filter(|line| line.problem.is_none()).count();
    let mut sentence = format!("Đã đôn đốc {urged}/{} phần việc.", lines.len());
    if let Some(problem) = lines.iter().find_map(|line| line.problem.as_deref()) {
        sentence.push(' ');
        sentence.push_str(problem);
    }
    Ok(see_other(&app, following::HREF, &sentence))
}

/// Urge the holders of several parts: one result line each.
#[utoipa::path(post, path = "/api/v1/incoming/urge", tag = "incoming", request_body = UrgeMany,
    responses((status = 200, body = Vec<UrgeLine>)))]
pub async fn many_api(
    State(app): State<App>,
    command: api::Command<UrgeMany>,
) -> AppResult<Json<Vec<UrgeLine>>> {
    Ok(Json(
        urge_many(&app, &command.who, command.command, command.data).await?,
    ))
}
