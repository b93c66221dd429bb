//! Bản giấy kèm văn bản điện tử (ND30-23.3, 23.4; CN-118): that there is paper, who has it and signed for it, when it came back. The clerk
//! can take it back from anybody at any time, so paper never hangs on a post that has ended.

mod page;

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::Timestamp;
use rules::{
    access::Action,
    ids::{CommandId, IncomingId, PostId},
    incoming::{PaperGiven, PaperPlace, hand_over_paper, receive_paper, take_paper_back},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, Row, Sql, args, sql};
use utoipa::ToSchema;

use crate::{
    act_names, api,
    context::{App, Who},
    error::AppResult,
    incoming::{load, seen},
    web::{clean, format},
};

pub(in crate::incoming) use page::{PaperPart, hand_over_page, part, receive_page, take_back_page};

const NOTED: Sql = sql!("SELECT description FROM paper_beside WHERE incoming_id = $1");
const HANDOVERS: Sql = sql!(
    "SELECT h.holder_post, a.full_name, p.title, h.given_at, h.received_at, h.back_at FROM paper_handover h \
     JOIN post p ON p.id = h.holder_post JOIN account a ON a.id = p.account_id WHERE h.incoming_id = $1 ORDER BY h.id"
);
/// Those to whom the document was presented or assigned.
const ENTITLED: Sql = sql!(
    "SELECT p.id, a.full_name, p.title FROM post p JOIN account a ON a.id = p.account_id \
     WHERE p.id IN (SELECT s.post_id FROM assignment s WHERE s.incoming_id = $1 AND s.state IN ('open', 'passed_down', 'done') \
     UNION SELECT d.presented_to FROM incoming d WHERE d.id = $1 AND d.presented_to IS NOT NULL) \
     AND (p.valid_to IS NULL OR p.valid_to >= $2) AND a.closed_at IS NULL ORDER BY a.sort_name, p.id"
);

/// Paper that is noted, or handed on.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct HandOverPaper {
    /// Bản giấy gồm: what the paper is made of; read when it is noted first.
    pub paper_description: String,
    /// To whom it goes; without one the clerks keep it.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[schema(value_type = Option<Uuid>)]
    pub paper_holder: Option<PostId>,
}

/// Nothing to say.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct PaperSigned {}

/// The document whose paper moved.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct PaperMoved {
    /// Its id.
    #[schema(value_type = Uuid)]
    pub incoming: IncomingId,
}

/// Paper beside a document.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PaperBeside {
    /// What it is made of; absent when nothing is known of paper.
    pub description: Option<String>,
    /// To whom it was handed, oldest first; the last one without `back_at` has it, else the clerks do.
    pub handovers: Vec<PaperHandover>,
}

/// A holder of paper.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PaperHandover {
    /// The post.
    #[schema(value_type = Uuid)]
    pub post: PostId,
    /// Name and title.
    pub holder: String,
    /// When it was handed over.
    #[schema(value_type = String, format = DateTime)]
    pub given_at: Timestamp,
    /// Ký nhận.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub received_at: Option<Timestamp>,
    /// When it was back.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub back_at: Option<Timestamp>,
}

impl PaperHandover {
    fn of(row: &Row) -> store::Result<Self> {
        Ok(Self {
            post: row.get("holder_post")?,
            holder: label(row)?,
            given_at: row.get("given_at")?,
            received_at: row.get("received_at")?,
            back_at: row.get("back_at")?,
        })
    }

    /// How it went, in one sentence.
    pub fn course(&self) -> String {
        let received = match self.received_at {
            Some(at) => format!("ký nhận lúc {}", format::moment(at)),
            None => "chưa ký nhận".to_owned(),
        };
        let back = match self.back_at {
            Some(at) => format!("; trả lại văn thư lúc {}", format::moment(at)),
            None => String::new(),
        };
        format!("Chuyển lúc {}, {received}{back}.", format::moment(self.given_at))
    }
}

impl PaperBeside {
    fn of(noted: Option<&Row>, handovers: &[Row]) -> store::Result<Self> {
        Ok(Self {
            description: noted.map(|row| row.get("description")).transpose()?,
            handovers: handovers
                .iter()
                .map(PaperHandover::of)
                .collect::<store::Result<_>>()?,
        })
    }

    /// The same within an act.
    async fn within(act: &mut Act, id: IncomingId) -> AppResult<Self> {
        let noted = act.opt(NOTED, args![id]).await?;
        Ok(Self::of(noted.as_ref(), &act.all(HANDOVERS, args![id]).await?)?)
    }

    /// The paper of a document that the reader may see.
    async fn read(app: &App, id: IncomingId) -> AppResult<Self> {
        let noted = app.db.opt(NOTED, args![id]).await?;
        Ok(Self::of(
            noted.as_ref(),
            &app.db.all(HANDOVERS, args![id]).await?,
        )?)
    }

    /// Where it is.
    fn place(&self) -> PaperPlace {
        match self.handovers.iter().find(|one| one.back_at.is_none()) {
            Some(out) => PaperPlace::Holder {
                post: out.post,
                is_received: out.received_at.is_some(),
            },
            None if self.description.is_some() => PaperPlace::Clerks,
            None => PaperPlace::Unknown,
        }
    }
}

fn label(row: &Row) -> store::Result<String> {
    Ok(format!(
        "{}, {}",
        row.get::<String>("full_name")?,
        row.get::<String>("title")?
    ))
}

/// The clerk notes that there is paper, or hands it on.
///
/// # Errors
/// The refusals of [`hand_over_paper`]; [`crate::error::AppError::NotFound`] for a document that is not visible.
pub async fn hand_over(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
    data: &HandOverPaper,
) -> AppResult<PaperMoved> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, Action::View).await?;
    let place = PaperBeside::within(&mut act, id).await?.place();
    let description = clean(&data.paper_description);
    let (today, now) = (act.today(), act.now());
    let mut holder = None;
    for row in act.all(ENTITLED, args![id, today]).await? {
        if data.paper_holder == Some(row.get::<PostId>("id")?) {
            holder = Some(label(&row)?);
        }
    }
    hand_over_paper(
        &who.actor,
        &doc.facts,
        place,
        &PaperGiven {
            description: &description,
            to: data.paper_holder,
            is_entitled: holder.is_some(),
        },
    )?;
    if place == PaperPlace::Unknown {
        act.run(
            sql!(
                "INSERT INTO paper_beside (incoming_id, description, noted_by, noted_at) VALUES ($1, $2, $3, $4)"
            ),
            args![id, description.as_str(), who.post(), now],
        )
        .await?;
    }
    let mut summary = "Có bản giấy kèm theo, văn thư giữ".to_owned();
    if let Some(name) = holder {
        let handover = act.new_id();
        act.run(
            sql!(
                "INSERT INTO paper_handover (id, incoming_id, holder_post, given_by, given_at) VALUES ($1, $2, $3, $4, $5)"
            ),
            args![handover, id, data.paper_holder, who.post(), now],
        )
        .await?;
        summary = format!("Chuyển bản giấy kèm theo cho {name}");
    }
    moved(app, act, id, (act_names::HAND_OVER_PAPER, summary), &description).await
}

/// The holder signs for the paper.
///
/// # Errors
/// The refusals of [`receive_paper`]; [`crate::error::AppError::NotFound`] for a document that is not visible.
pub async fn receive(app: &App, who: &Who, command: CommandId, id: IncomingId) -> AppResult<PaperMoved> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    load::for_change(&mut act, who, id, Action::View).await?;
    receive_paper(&who.actor, PaperBeside::within(&mut act, id).await?.place())?;
    let now = act.now();
    act.run(
        sql!("UPDATE paper_handover SET received_at = $2 WHERE incoming_id = $1 AND back_at IS NULL"),
        args![id, now],
    )
    .await?;
    let told = (act_names::RECEIVE_PAPER, "Ký nhận bản giấy kèm theo".to_owned());
    moved(app, act, id, told, "").await
}

/// The clerk has the paper back.
///
/// # Errors
/// The refusals of [`take_paper_back`]; [`crate::error::AppError::NotFound`] for a document that is not visible.
pub async fn take_back(app: &App, who: &Who, command: CommandId, id: IncomingId) -> AppResult<PaperMoved> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, Action::View).await?;
    let place = PaperBeside::within(&mut act, id).await?.place();
    take_paper_back(&who.actor, &doc.facts, place)?;
    let now = act.now();
    act.run(
        sql!(
            "UPDATE paper_handover SET back_by = $2, back_at = $3 WHERE incoming_id = $1 AND back_at IS NULL"
        ),
        args![id, who.post(), now],
    )
    .await?;
    let told = (
        act_names::PAPER_BACK,
        "Văn thư nhận lại bản giấy kèm theo".to_owned(),
    );
    moved(app, act, id, told, "").await
}

/// Writes the journal and ends the act.
async fn moved(
    app: &App,
    mut act: Act,
    id: IncomingId,
    (name, summary): (&'static str, String),
    note: &str,
) -> AppResult<PaperMoved> {
    act.journal(Entry {
        act: name,
        object_kind: "incoming",
        object: id.as_uuid(),
        agency: None,
        summary,
        details: json!({ "note": note }),
    })
    .await?;
    let answer = PaperMoved { incoming: id };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// Paper beside a document, with everybody who had it.
#[utoipa::path(get, path = "/api/v1/incoming/{id}/paper-beside", tag = "incoming", params(("id" = Uuid, Path)),
    responses((status = 200, body = PaperBeside), (status = 404)))]
pub async fn api_read(
    State(app): State<App>,
    who: Who,
    Path(id): Path<IncomingId>,
) -> AppResult<Json<PaperBeside>> {
    seen::may_view(&app, &who, id).await?;
    Ok(Json(PaperBeside::read(&app, id).await?))
}

/// Notes that there is paper beside the document, or hands it on.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/paper-beside", tag = "incoming", params(("id" = Uuid, Path)), request_body = HandOverPaper,
    responses((status = 200, body = PaperMoved), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api_hand_over(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<HandOverPaper>,
) -> AppResult<Json<PaperMoved>> {
    Ok(Json(
        hand_over(&app, &command.who, command.command, id, &command.data).await?,
    ))
}

/// Signs for the paper that was handed to the caller.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/paper-beside/receive", tag = "incoming", params(("id" = Uuid, Path)),
    request_body = PaperSigned,
    responses((status = 200, body = PaperMoved), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api_receive(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<PaperSigned>,
) -> AppResult<Json<PaperMoved>> {
    Ok(Json(receive(&app, &command.who, command.command, id).await?))
}

/// Notes that the paper is back with the clerks.
#[utoipa::path(post, path = "/api/v1/incoming/{id}/paper-beside/back", tag = "incoming", params(("id" = Uuid, Path)),
    request_body = PaperSigned,
    responses((status = 200, body = PaperMoved), (status = 409, description = "Quy tắc không cho phép"), (status = 404)))]
pub async fn api_take_back(
    State(app): State<App>,
    Path(id): Path<IncomingId>,
    command: api::Command<PaperSigned>,
) -> AppResult<Json<PaperMoved>> {
    Ok(Json(take_back(&app, &command.who, command.command, id).await?))
}
