//! Lập, sửa phiếu trình (CN-302, CN-303): content, leaders by steps, advisers, what goes along.

use axum::{
    Json,
    extract::{Path, State},
};
use rules::{
    ids::{CommandId, FileId, IncomingId, OutgoingId, PostId, SlipId},
    slip::{self as rule, SlipContent, SlipState},
    urgency::Urgency,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    carried,
    load::{self, Slip},
    people::{self, Chosen},
    step::{SlipMoved, guarded},
};
use crate::{
    act_names, api,
    context::{App, Who},
    desk, documents,
    error::AppResult,
    organization,
    web::clean,
};

/// A slip as its maker writes it; it may be incomplete until it is submitted.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct SaveSlip {
    /// Nội dung trình, in one sentence. Never empty.
    pub subject: String,
    /// Thuyết minh.
    pub body: String,
    /// Mức độ khẩn: `normal` when left out.
    #[schema(value_type = Option<String>)]
    pub urgency: Option<Urgency>,
    /// The leaders (posts) by steps, in order; who stands in one step is asked side by side, the last step has one.
    #[schema(value_type = Vec<Vec<Uuid>>)]
    pub steps: Vec<Vec<PostId>>,
    /// Those of the leaders (posts) who are asked for “Ký duyệt”, with their digital signature; the others for “Phê duyệt”.
    #[schema(value_type = Vec<Uuid>)]
    pub signers: Vec<PostId>,
    /// Posts whose advice is asked for.
    #[schema(value_type = Vec<Uuid>)]
    pub advisers: Vec<PostId>,
    /// The own draft that goes along.
    #[schema(value_type = Option<Uuid>)]
    pub outgoing: Option<OutgoingId>,
    /// The incoming document that it is about.
    #[schema(value_type = Option<Uuid>)]
    pub incoming: Option<IncomingId>,
    /// Files, uploaded before.
    #[schema(value_type = Vec<Uuid>)]
    pub files: Vec<FileId>,
}

/// Writes a new slip.
#[utoipa::path(post, path = "/api/v1/slips", tag = "slips", request_body = SaveSlip,
    responses((status = 200, body = SlipMoved), (status = 409)))]
pub async fn api_create(State(app): State<App>, sent: api::Command<SaveSlip>) -> AppResult<Json<SlipMoved>> {
    Ok(Json(save(&app, &sent.who, sent.command, None, sent.data).await?))
}

/// Changes a slip that is not submitted, or that was returned.
#[utoipa::path(post, path = "/api/v1/slips/{id}/edit", tag = "slips", params(("id" = Uuid, Path)), request_body = SaveSlip,
    responses((status = 200, body = SlipMoved), (status = 404), (status = 409)))]
pub async fn api_edit(
    State(app): State<App>,
    Path(id): Path<SlipId>,
    sent: api::Command<SaveSlip>,
) -> AppResult<Json<SlipMoved>> {
    Ok(Json(
        save(&app, &sent.who, sent.command, Some(id), sent.data).await?,
    ))
}

/// Saves a slip.
///
/// # Errors
/// Refusals of [`rule::save`] and of [`carried::check`]; one for a mark of state secrets is journalled.
pub async fn save(
    app: &App,
    who: &Who,
    command: CommandId,
    id: Option<SlipId>,
    data: SaveSlip,
) -> AppResult<SlipMoved> {
    let saved = written(app, who, command, id, data).await;
    guarded(app, who, act_names::SAVE_SLIP, id, saved).await
}

/// The text of a slip, clean, with the people chosen.
struct Written {
    subject: String,
    body: String,
    urgency: Urgency,
    chosen: Chosen,
    outgoing: Option<OutgoingId>,
    incoming: Option<IncomingId>,
    files: Vec<FileId>,
}

async fn written(
    app: &App,
    who: &Who,
    command: CommandId,
    id: Option<SlipId>,
    data: SaveSlip,
) -> AppResult<SlipMoved> {
    let before = match id {
        Some(id) => Some(load::for_view(app, who, id).await?),
        None => None,
    };
    let known_files: Vec<FileId> = match &before {
        Some(slip) => files_of(app, slip).await?,
        None => Vec::new(),
    };
    let mut files = Vec::new();
    for file in data.files {
        if !files.contains(&file) {
            files.push(file);
        }
    }
    let known = organization::posts_of(app, who.agency()).await?;
    let new = Written {
        subject: clean(&data.subject),
        body: clean(&data.body),
        urgency: data.urgency.unwrap_or(Urgency::Normal),
        chosen: Chosen {
            steps: data.steps.into_iter().filter(|step| !step.is_empty()).collect(),
            signers: data.signers,
            advisers: data.advisers,
        },
        outgoing: data.outgoing,
        incoming: data.incoming,
        files,
    };
    let members = people::members(&new.chosen, &known);
    let content = SlipContent {
        subject: &new.subject,
        body: &new.body,
        steps: &members.steps,
        signers: &new.chosen.signers,
        advisers: &members.advisers,
    };
    // What is wrong with the text is told before what is wrong with its files.
    if !app.was_carried_out(who, command).await? {
        rule::save(&who.actor, before.as_ref().map(|slip| &slip.facts), &content)?;
        let (outgoing, incoming) = (new.outgoing, new.incoming);
        carried::check(app, who, outgoing, incoming, &new.files, &known_files).await?;
    }
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let moved = match id {
        None => create(&mut act, who, &new).await?,
        Some(id) => {
            let slip = load::for_change(&mut act, who, id).await?;
            rule::save(&who.actor, Some(&slip.facts), &content)?;
            change(&mut act, &slip, &new, new.files == known_files).await?
        }
    };
    desk::refresh_slip(&mut act, SlipId::from_uuid(moved.id)).await?;
    act.journal(Entry {
        act: act_names::SAVE_SLIP,
        object_kind: "slip",
        object: moved.id,
        agency: None,
        summary: if id.is_some() {
            "Sửa phiếu trình.".to_owned()
        } else {
            "Lập phiếu trình.".to_owned()
        },
        details: json!({
            "subject": new.subject, "steps": new.chosen.steps, "signers": new.chosen.signers, "advisers": new.chosen.advisers,
            "outgoing": new.outgoing, "incoming": new.incoming, "files": new.files,
        }),
    })
    .await?;
    app.commit(act, &moved).await?;
    Ok(moved)
}

async fn create(act: &mut Act, who: &Who, new: &Written) -> AppResult<SlipMoved> {
    let (id, now) = (SlipId::from_uuid(act.new_id()), act.now());
    let set = file_set(act, &new.files).await?;
    act.run(
        sql!(
            "INSERT INTO slip (id, agency_id, maker_post, subject, folded_subject, body, urgency, outgoing_id, incoming_id, \
             file_set, people, state, round, revision, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, 0, $13, $13)"
        ),
        args![
            id,
            who.agency(),
            who.post(),
            new.subject.as_str(),
            viet_text::fold(&new.subject),
            new.body.as_str(),
            new.urgency.as_str(),
            new.outgoing,
            new.incoming,
            set,
            serde_json::to_string(&new.chosen)?,
            SlipState::Draft.as_str(),
            now
        ],
    )
    .await?;
    Ok(SlipMoved::new(id, SlipState::Draft, 0))
}

async fn change(act: &mut Act, slip: &Slip, new: &Written, same_files: bool) -> AppResult<SlipMoved> {
    let now = act.now();
    let set = if same_files {
        slip.file_set
    } else {
        file_set(act, &new.files).await?
    };
    act.run(
        sql!(
            "UPDATE slip SET subject = $2, folded_subject = $3, body = $4, urgency = $5, outgoing_id = $6, incoming_id = $7, \
             file_set = $8, people = $9, updated_at = $10 WHERE id = $1"
        ),
        args![
            slip.id,
            new.subject.as_str(),
            viet_text::fold(&new.subject),
            new.body.as_str(),
            new.urgency.as_str(),
            new.outgoing,
            new.incoming,
            set,
            serde_json::to_string(&new.chosen)?,
            now
        ],
    )
    .await?;
    Ok(SlipMoved::stays(slip.id, &slip.facts))
}

async fn file_set(act: &mut Act, files: &[FileId]) -> AppResult<Option<Uuid>> {
    if files.is_empty() {
        return Ok(None);
    }
    Ok(Some(documents::new_set(act, None, files).await?))
}

/// The files that a slip has now.
///
/// # Errors
/// When the database fails.
pub async fn files_of(app: &App, slip: &Slip) -> AppResult<Vec<FileId>> {
    let files = documents::files_of(app, slip.file_set).await?;
    Ok(files.iter().map(|item| item.file.id).collect())
}
