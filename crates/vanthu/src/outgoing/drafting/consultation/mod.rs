//! Xin ý kiến về dự thảo (CN-207): rounds of questions to colleagues, their replies, who is asked now.
//!
//! Whoever sees the draft sees every reply: they are part of how the document came about (PL6-III.5).

pub mod ask;
pub mod close;
mod page;
pub mod reply;

use jiff::{Timestamp, civil::Date};
use rules::{
    ids::{OutgoingId, PostId},
    outgoing::{self as rule, Manner, OpinionView, OutgoingFacts, RoundFacts},
    people::Actor,
};
use serde::Serialize;
use store::{Act, Row, Sql, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

pub(in crate::outgoing) use page::{Part, Typed, part};

use crate::{
    context::App,
    desk::place::Consulted,
    error::{AppError, AppResult},
    web::format,
};

const ROUNDS: Sql = sql!(
    "SELECT c.id, c.version, c.asked_by, c.manner, c.question, c.due_on, c.asked_at, c.closed_at, a.full_name, p.title \
     FROM consultation c JOIN post p ON p.id = c.asked_by JOIN account a ON a.id = p.account_id \
     WHERE c.outgoing_id = $1 ORDER BY c.asked_at, c.id"
);
const MEMBERS: Sql = sql!(
    "SELECT m.consultation_id, m.post_id, a.full_name, p.title FROM consultation c \
     JOIN consultation_member m ON m.consultation_id = c.id JOIN post p ON p.id = m.post_id \
     JOIN account a ON a.id = p.account_id WHERE c.outgoing_id = $1 ORDER BY m.sort"
);
const REPLIES: Sql = sql!(
    "SELECT r.consultation_id, r.post_id, r.version, r.stance, r.opinion, r.is_late, r.at, (SELECT min(j.actor) FROM journal j \
     WHERE j.object_id = c.outgoing_id AND j.on_behalf_of = r.post_id AND j.at = r.at) AS in_place FROM consultation c \
     JOIN consultation_reply r ON r.consultation_id = c.id WHERE c.outgoing_id = $1 ORDER BY r.at, r.id"
);

/// One round of questions.
#[derive(Debug, Clone)]
pub struct Round {
    /// The round.
    pub id: Uuid,
    /// The version that was asked about.
    pub version: u32,
    /// Who asks, as people read it.
    pub asker: String,
    /// About what.
    pub question: String,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Whom, in order.
    pub members: Vec<Member>,
    /// What the rules look at.
    pub facts: RoundFacts,
}

/// A colleague who is asked.
#[derive(Debug, Clone)]
pub struct Member {
    /// The post.
    pub post: PostId,
    /// Name and title.
    pub label: String,
    /// What they said, oldest first.
    pub replies: Vec<Reply>,
}

/// One reply.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The version that they saw.
    pub version: u32,
    /// What it says as a whole.
    pub view: OpinionView,
    /// Ý kiến.
    pub text: String,
    /// Whether it came after the day.
    pub is_late: bool,
    /// When.
    pub at: Timestamp,
    /// Who said it in the member's place: “A thay B”.
    pub in_place: Option<String>,
}

impl Round {
    /// Whether a reply of this post is awaited now.
    pub fn awaits(&self, post: PostId) -> bool {
        self.facts.awaited().contains(&post)
    }

    /// Whether the actor may reply, or add to their reply.
    pub fn may_reply(&self, actor: &Actor, doc: &OutgoingFacts, today: Date) -> bool {
        rule::reply(actor, doc, &self.facts, OpinionView::Agree, "", today).is_ok()
    }

    /// How many have replied.
    pub fn replied(&self) -> usize {
        self.members
            .iter()
            .filter(|member| !member.replies.is_empty())
            .count()
    }
}

/// The rounds of a document, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn rounds(app: &App, id: OutgoingId) -> AppResult<Vec<Round>> {
    let rounds = app.db.all(ROUNDS, args![id]).await?;
    if rounds.is_empty() {
        return Ok(Vec::new());
    }
    let members = app.db.all(MEMBERS, args![id]).await?;
    assemble(&rounds, &members, &app.db.all(REPLIES, args![id]).await?)
}

/// The same within an act.
///
/// # Errors
/// When the database fails.
async fn rounds_in(act: &mut Act, id: OutgoingId) -> AppResult<Vec<Round>> {
    let rounds = act.all(ROUNDS, args![id]).await?;
    if rounds.is_empty() {
        return Ok(Vec::new());
    }
    let members = act.all(MEMBERS, args![id]).await?;
    let replies = act.all(REPLIES, args![id]).await?;
    assemble(&rounds, &members, &replies)
}

/// One round of a document, within an act.
async fn round_in(act: &mut Act, id: OutgoingId, round: Uuid) -> AppResult<Round> {
    let rounds = rounds_in(act, id).await?;
    let found = rounds.into_iter().find(|known| known.id == round);
    found.ok_or(AppError::NotFound)
}

/// Whose replies about a document are awaited now, for the desk.
///
/// # Errors
/// When the database fails.
pub async fn awaited(act: &mut Act, id: OutgoingId) -> AppResult<Vec<Consulted>> {
    let mut all: Vec<Consulted> = Vec::new();
    for round in rounds_in(act, id).await? {
        for post in round.facts.awaited() {
            // Asked twice, the nearer day counts.
            match all.iter_mut().find(|known| known.post == post) {
                Some(known) => known.due_on = known.due_on.min(round.facts.due_on),
                None => all.push(Consulted {
                    post,
                    due_on: round.facts.due_on,
                    asked_at: round.asked_at,
                }),
            }
        }
    }
    Ok(all)
}

fn assemble(rounds: &[Row], members: &[Row], replies: &[Row]) -> AppResult<Vec<Round>> {
    let mut all = Vec::with_capacity(rounds.len());
    for row in rounds {
        let id: Uuid = row.get("id")?;
        let mut asked = Vec::new();
        for member in members {
            if member.get::<Uuid>("consultation_id")? == id {
                let post: PostId = member.get("post_id")?;
                asked.push(Member {
                    post,
                    label: label(member)?,
                    replies: replies_of(replies, id, post)?,
                });
            }
        }
        let closed_at: Option<Timestamp> = row.get("closed_at")?;
        let facts = RoundFacts {
            asked_by: row.get("asked_by")?,
            manner: row.parse("manner")?,
            due_on: row.get("due_on")?,
            is_closed: closed_at.is_some(),
            members: asked
                .iter()
                .map(|member| (member.post, !member.replies.is_empty()))
                .collect(),
        };
        all.push(Round {
            id,
            version: row.get("version")?,
            asker: label(row)?,
            question: row.get("question")?,
            asked_at: row.get("asked_at")?,
            closed_at,
            members: asked,
            facts,
        });
    }
    Ok(all)
}

fn label(row: &Row) -> store::Result<String> {
    let (name, title): (String, String) = (row.get("full_name")?, row.get("title")?);
    Ok(format!("{name}, {title}"))
}

fn replies_of(replies: &[Row], round: Uuid, post: PostId) -> store::Result<Vec<Reply>> {
    let mut own = Vec::new();
    for row in replies {
        if row.get::<Uuid>("consultation_id")? == round && row.get::<PostId>("post_id")? == post {
            own.push(Reply {
                version: row.get("version")?,
                view: row.parse("stance")?,
                text: row.get("opinion")?,
                is_late: row.get("is_late")?,
                at: row.get("at")?,
                in_place: row.get("in_place")?,
            });
        }
    }
    Ok(own)
}

/// A round of questions, as the API tells it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConsultationLine {
    /// The round.
    pub id: Uuid,
    /// The version that was asked about.
    pub version: u32,
    /// Who asks.
    pub asked_by: String,
    /// `parallel` or `sequential`.
    pub manner: String,
    /// About what.
    pub question: String,
    /// Hạn trả lời.
    #[schema(value_type = String, format = Date)]
    pub due_on: Date,
    /// When it was asked, RFC 3339.
    pub asked_at: String,
    /// When it was closed, RFC 3339.
    pub closed_at: Option<String>,
    /// Whom, in order.
    pub members: Vec<ConsultedLine>,
}

/// A colleague who is asked, as the API tells it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConsultedLine {
    /// Who.
    pub who: String,
    /// Whether their reply is awaited now.
    pub is_awaited: bool,
    /// What they said, oldest first.
    pub replies: Vec<DraftOpinionLine>,
}

/// One reply, as the API tells it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DraftOpinionLine {
    /// `agree`, `agree_with_changes`, `disagree`.
    pub view: String,
    /// The same in Vietnamese.
    pub view_label: String,
    /// Ý kiến.
    pub text: String,
    /// Whether it came after the day.
    pub is_late: bool,
    /// The version that they saw.
    pub version: u32,
    /// When, RFC 3339.
    pub at: String,
}

/// A round as the API tells it.
pub fn line(round: &Round) -> ConsultationLine {
    let manner: Manner = round.facts.manner;
    ConsultationLine {
        id: round.id,
        version: round.version,
        asked_by: round.asker.clone(),
        manner: manner.as_str().to_owned(),
        question: round.question.clone(),
        due_on: round.facts.due_on,
        asked_at: format::machine(round.asked_at),
        closed_at: round.closed_at.map(format::machine),
        members: round
            .members
            .iter()
            .map(|member| ConsultedLine {
                who: member.label.clone(),
                is_awaited: round.awaits(member.post),
                replies: member.replies.iter().map(opinion_line).collect(),
            })
            .collect(),
    }
}

fn opinion_line(reply: &Reply) -> DraftOpinionLine {
    DraftOpinionLine {
        view: reply.view.as_str().to_owned(),
        view_label: reply.view.label().to_owned(),
        text: reply.text.clone(),
        is_late: reply.is_late,
        version: reply.version,
        at: format::machine(reply.at),
    }
}
