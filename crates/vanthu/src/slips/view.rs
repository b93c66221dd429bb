//! A slip as it is read: by people on the page, by programs through the API.

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::Timestamp;
use pdf_signature::verify::Verdict;
use rules::{
    ids::{FileId, PostId, SlipId},
    slip::{self as rule, SlipAnswer, SlipAsked, SlipState},
};
use serde::Serialize;
use store::{Digest, Row, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    attached::{self, Attached},
    load::{self, Slip},
};
use crate::{
    context::{App, Who},
    documents::{self, FileOfSet},
    error::AppResult,
    organization,
    signing::{
        requests::{self, Subject},
        verdicts,
    },
    web::format,
};

/// The slip as a leader signed it: it states exactly what they approved.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignedLine {
    /// The PDF, for `GET /api/v1/files/{id}`.
    pub file: Uuid,
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// What the newest check found: `TOTAL-PASSED`, `TOTAL-FAILED` or `INDETERMINATE`.
    pub verdict: Option<String>,
    /// The same in Vietnamese.
    pub verdict_label: Option<String>,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) found: Option<Verdict>,
}

/// The caller's own request for a signature that is waited for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpenAnswer {
    /// `GET /api/v1/signing/requests/{id}`.
    pub request: Uuid,
    /// After this time it has ended, RFC 3339.
    pub expires_at: String,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) moment: Timestamp,
}

/// A leader of a round.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeciderLine {
    /// The post.
    #[schema(value_type = Uuid)]
    pub post: PostId,
    /// Name and title.
    pub who: String,
    /// The step, from 1; who shares a step is asked side by side.
    pub step: u32,
    /// What is asked of them: `approve` (Phê duyệt) or `sign` (Ký duyệt).
    #[schema(value_type = String)]
    pub asked: SlipAsked,
    /// What they signed.
    pub signed: Option<SignedLine>,
    /// `approve`, `sign`, `return`; absent while nothing was said.
    #[schema(value_type = Option<String>)]
    pub answer: Option<SlipAnswer>,
    /// Ý kiến.
    pub comment: String,
    /// When, RFC 3339.
    pub at: Option<String>,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) moment: Option<Timestamp>,
}

/// What an adviser said.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AdviceLine {
    /// Ý kiến.
    pub text: String,
    /// When, RFC 3339.
    pub at: String,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) moment: Timestamp,
}

/// Somebody whose advice was asked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AdviserLine {
    /// The post.
    #[schema(value_type = Uuid)]
    pub post: PostId,
    /// Name and title.
    pub who: String,
    /// What they said, oldest first.
    pub said: Vec<AdviceLine>,
}

/// A submission, as it was laid before the leaders.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RoundLine {
    /// Its number, from 1.
    pub round: u32,
    /// Nội dung trình.
    pub subject: String,
    /// Thuyết minh.
    pub body: String,
    /// The version of the draft that went along.
    pub outgoing_version: Option<u32>,
    /// When it was submitted, RFC 3339.
    pub submitted_at: String,
    /// When it ended, RFC 3339.
    pub ended_at: Option<String>,
    /// How it ended: `approved`, `returned`, `cancelled`.
    #[schema(value_type = Option<String>)]
    pub outcome: Option<SlipState>,
    /// The leaders in order.
    pub deciders: Vec<DeciderLine>,
    /// The advisers.
    pub advisers: Vec<AdviserLine>,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) submitted: Timestamp,
}

/// A file of a slip.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SlipFile {
    /// Its id, for `GET /api/v1/files/{id}`.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// A submission slip whole.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SlipView {
    /// The slip.
    pub id: Uuid,
    /// Its state: `draft`, `running`, `returned`, `approved`, `cancelled`.
    pub state: String,
    /// The state in Vietnamese.
    pub state_label: String,
    /// Nội dung trình.
    pub subject: String,
    /// Thuyết minh.
    pub body: String,
    /// Mức độ khẩn.
    pub urgency: String,
    /// Who made it.
    pub maker: String,
    /// How often it was submitted.
    pub round: u32,
    /// The leaders (posts) by steps as chosen for the next submission.
    #[schema(value_type = Vec<Vec<Uuid>>)]
    pub steps: Vec<Vec<PostId>>,
    /// Those of them who are asked for “Ký duyệt”.
    #[schema(value_type = Vec<Uuid>)]
    pub signers: Vec<PostId>,
    /// The advisers (posts) as chosen for the next submission.
    #[schema(value_type = Vec<Uuid>)]
    pub advisers: Vec<PostId>,
    /// The draft that goes along.
    pub outgoing: Option<Uuid>,
    /// The incoming document that it is about.
    pub incoming: Option<Uuid>,
    /// Its files.
    pub files: Vec<SlipFile>,
    /// The submissions that the caller sees, oldest first: all for the maker, for others those up to the last in which they took part.
    pub rounds: Vec<RoundLine>,
    /// Why the draft of an approved slip did not go on by itself.
    pub hindrance: Option<String>,
    /// The caller's own signature that is waited for.
    pub signing: Option<OpenAnswer>,
    /// What the caller may do now: `edit`, `submit`, `decide`, `sign` (with `decide`: the approval is a “Ký duyệt”), `advise`, `ask`,
    /// `cancel`.
    pub may: Vec<&'static str>,
}

/// Everything that the page shows.
pub struct Whole {
    pub slip: Slip,
    pub files: Vec<FileOfSet>,
    pub draft: Option<Attached>,
    pub incoming: Option<Attached>,
    pub view: SlipView,
}

/// A slip whole.
#[utoipa::path(get, path = "/api/v1/slips/{id}", tag = "slips", params(("id" = Uuid, Path)),
    responses((status = 200, body = SlipView), (status = 404)))]
pub async fn api_view(State(app): State<App>, who: Who, Path(id): Path<SlipId>) -> AppResult<Json<SlipView>> {
    Ok(Json(read(&app, &who, id).await?.view))
}

/// Reads a slip whole for somebody who may see it.
///
/// # Errors
/// [`crate::error::AppError::NotFound`] when there is none or it may not be seen.
pub async fn read(app: &App, who: &Who, id: SlipId) -> AppResult<Whole> {
    let slip = load::for_view(app, who, id).await?;
    let files = documents::files_of(app, slip.file_set).await?;
    let by = who.post();
    let lock = requests::lock(app, Subject::Slip { id, by }).await?;
    let signing = lock
        .filter(|lock| lock.account == who.account())
        .map(|lock| OpenAnswer {
            request: lock.batch,
            expires_at: format::machine(lock.open.expires_at),
            moment: lock.open.expires_at,
        });
    let may = allowed(who, &slip, signing.is_some());
    let view = SlipView {
        id: id.as_uuid(),
        state: slip.facts.state.as_str().to_owned(),
        state_label: slip.facts.state.label().to_owned(),
        subject: slip.subject.clone(),
        body: slip.body.clone(),
        urgency: slip.urgency.as_str().to_owned(),
        maker: person(app, slip.facts.maker).await?,
        round: slip.facts.round,
        steps: slip.people.steps.clone(),
        signers: slip.people.signers.clone(),
        advisers: slip.people.advisers.clone(),
        outgoing: slip.outgoing.map(rules::ids::OutgoingId::as_uuid),
        incoming: slip.incoming.map(rules::ids::IncomingId::as_uuid),
        files: files
            .iter()
            .map(|item| SlipFile {
                id: item.file.id.as_uuid(),
                name: item.file.name.clone(),
            })
            .collect(),
        rounds: rounds(app, id, slip.seen).await?,
        hindrance: slip.hindrance.clone(),
        signing,
        may,
    };
    Ok(Whole {
        draft: attached::draft(app, who, &slip).await?,
        incoming: attached::about(app, who, &slip).await?,
        slip,
        files,
        view,
    })
}

/// Name and title of a post.
///
/// # Errors
/// When the database fails.
pub async fn person(app: &App, post: PostId) -> AppResult<String> {
    let post = organization::post(app, post).await?;
    Ok(format!("{}, {}", post.name, post.title))
}

/// What this person may do now, by the very rules that the acts ask.
fn allowed(who: &Who, slip: &Slip, is_signing: bool) -> Vec<&'static str> {
    let (actor, facts) = (&who.actor, &slip.facts);
    let writes = actor.post == facts.maker && facts.is_written();
    let all = [
        ("submit", writes),
        ("edit", writes),
        (
            "decide",
            !is_signing && rule::decide(actor, facts, SlipAnswer::Return, "x").is_ok(),
        ),
        (
            "sign",
            !is_signing && rule::decide(actor, facts, SlipAnswer::Sign, "").is_ok(),
        ),
        ("advise", rule::advise(actor, facts, "x").is_ok()),
        (
            "ask",
            facts.state == SlipState::Running
                && (actor.post == facts.maker || facts.deciders.iter().any(|one| one.post == actor.post)),
        ),
        ("cancel", rule::cancel(actor, facts, "x").is_ok()),
    ];
    all.into_iter()
        .filter(|(_, may)| *may)
        .map(|(act, _)| act)
        .collect()
}

async fn rounds(app: &App, id: SlipId, seen: u32) -> AppResult<Vec<RoundLine>> {
    let rounds = app
        .db
        .all(
            sql!(
                "SELECT round, subject, body, outgoing_version, submitted_at, ended_at, outcome FROM slip_round \
                 WHERE slip_id = $1 AND round <= $2 ORDER BY round"
            ),
            args![id, seen],
        )
        .await?;
    if rounds.is_empty() {
        return Ok(Vec::new());
    }
    let deciders = app
        .db
        .all(
            sql!(
                "SELECT d.round, d.post_id, d.step, d.asked, d.answer, d.comment, d.at, a.full_name, p.title, f.id AS file_id, \
                 f.name AS file_name, f.sha256 FROM slip_decider d \
                 JOIN post p ON p.id = d.post_id JOIN account a ON a.id = p.account_id \
                 LEFT JOIN file_set_item i ON i.set_id = d.signed_set LEFT JOIN file f ON f.id = i.file_id WHERE d.slip_id = $1 \
                 ORDER BY d.round, d.step, d.sort, d.post_id"
            ),
            args![id],
        )
        .await?;
    let advisers = app
        .db
        .all(
            sql!(
                "SELECT d.round, d.post_id, a.full_name, p.title FROM slip_adviser d JOIN post p ON p.id = d.post_id \
                 JOIN account a ON a.id = p.account_id WHERE d.slip_id = $1 ORDER BY d.round, d.asked_at, a.sort_name, d.post_id"
            ),
            args![id],
        )
        .await?;
    let advice = app
        .db
        .all(
            sql!("SELECT round, post_id, text, at FROM slip_advice WHERE slip_id = $1 ORDER BY at, id"),
            args![id],
        )
        .await?;
    let checked = verdicts::of_object(app, id.as_uuid()).await?;
    let all = rounds.iter().map(|row| {
        let round: u32 = row.get("round")?;
        let submitted: Timestamp = row.get("submitted_at")?;
        Ok(RoundLine {
            round,
            subject: row.get("subject")?,
            body: row.get("body")?,
            outgoing_version: row.get("outgoing_version")?,
            submitted_at: format::machine(submitted),
            ended_at: row.get::<Option<Timestamp>>("ended_at")?.map(format::machine),
            outcome: row.parse_opt("outcome")?,
            deciders: of_round(&deciders, round, |row| decider(row, &checked))?,
            advisers: of_round(&advisers, round, |row| adviser(row, round, &advice))?,
            submitted,
        })
    });
    Ok(all.collect::<store::Result<_>>()?)
}

fn of_round<T>(rows: &[Row], round: u32, line: impl Fn(&Row) -> store::Result<T>) -> store::Result<Vec<T>> {
    let mut lines = Vec::new();
    for row in rows {
        if row.get::<u32>("round")? == round {
            lines.push(line(row)?);
        }
    }
    Ok(lines)
}

fn named(row: &Row) -> store::Result<String> {
    let (name, title): (String, String) = (row.get("full_name")?, row.get("title")?);
    Ok(format!("{name}, {title}"))
}

fn signed(row: &Row, checked: &[verdicts::Stored]) -> store::Result<Option<SignedLine>> {
    let Some(file) = row.get::<Option<FileId>>("file_id")? else {
        return Ok(None);
    };
    let found = checked
        .iter()
        .find(|stored| stored.file == file)
        .map(|stored| stored.report.verdict);
    Ok(Some(SignedLine {
        file: file.as_uuid(),
        name: row.get("file_name")?,
        sha256: Digest::from_slice(&row.get::<Vec<u8>>("sha256")?)?.to_string(),
        verdict: found.map(|verdict| verdict.code().to_owned()),
        verdict_label: found.map(|verdict| verdicts::in_words(verdict).to_owned()),
        found,
    }))
}

fn decider(row: &Row, checked: &[verdicts::Stored]) -> store::Result<DeciderLine> {
    let moment: Option<Timestamp> = row.get("at")?;
    Ok(DeciderLine {
        post: row.get("post_id")?,
        who: named(row)?,
        step: row.get("step")?,
        asked: row.parse("asked")?,
        signed: signed(row, checked)?,
        answer: row.parse_opt("answer")?,
        comment: row.get::<Option<String>>("comment")?.unwrap_or_default(),
        at: moment.map(format::machine),
        moment,
    })
}

fn adviser(row: &Row, round: u32, advice: &[Row]) -> store::Result<AdviserLine> {
    let post: PostId = row.get("post_id")?;
    let mut said = Vec::new();
    for line in advice {
        if line.get::<u32>("round")? == round && line.get::<PostId>("post_id")? == post {
            let moment: Timestamp = line.get("at")?;
            said.push(AdviceLine {
                text: line.get("text")?,
                at: format::machine(moment),
                moment,
            });
        }
    }
    Ok(AdviserLine {
        post,
        who: named(row)?,
        said,
    })
}
