//! Loading a slip for a reader or for an act; what may not be seen is not there.

use jiff::Timestamp;
use rules::{
    access::{Action, ObjectFacts},
    ids::{IncomingId, OutgoingId, PostId, SlipId},
    slip::{Decider, SlipFacts, rounds_seen},
    urgency::Urgency,
};
use store::{Act, Row, Sql, args, sql};
use uuid::Uuid;

use super::people::Chosen;
use crate::{
    access,
    context::{App, Who},
    desk,
    error::{AppError, AppResult},
};

/// A slip with what rules decide on.
#[derive(Debug, Clone)]
pub struct Slip {
    /// Its id.
    pub id: SlipId,
    /// Nội dung trình.
    pub subject: String,
    /// Thuyết minh.
    pub body: String,
    /// Mức độ khẩn.
    pub urgency: Urgency,
    /// The draft that it carries.
    pub outgoing: Option<OutgoingId>,
    /// The incoming document that it is about.
    pub incoming: Option<IncomingId>,
    /// Its files.
    pub file_set: Option<Uuid>,
    /// The people chosen for the next submission.
    pub people: Chosen,
    /// Why the draft did not go on by itself.
    pub hindrance: Option<String>,
    /// The last change.
    pub updated_at: Timestamp,
    /// The last round that the reader sees; for an act all.
    pub seen: u32,
    /// The facts for [`rules::slip`].
    pub facts: SlipFacts,
    /// The facts for [`rules::access`].
    pub object: ObjectFacts,
}

impl Slip {
    /// Whether the reader took part in earlier rounds only: of what came later they learn the outcome.
    pub const fn is_past(&self) -> bool {
        self.seen < self.facts.round
    }
}

const SLIP: Sql = sql!(
    "SELECT s.id, s.agency_id, s.maker_post, p.account_id AS maker_account, s.subject, s.body, s.urgency, s.outgoing_id, \
     s.incoming_id, s.file_set, s.people, s.state, s.round, s.hindrance, s.updated_at FROM slip s \
     JOIN post p ON p.id = s.maker_post WHERE s.id = $1 AND s.agency_id = $2"
);
const DECIDERS: Sql = sql!(
    "SELECT post_id, step, asked, answer FROM slip_decider WHERE slip_id = $1 AND round = $2 ORDER BY step, sort, post_id"
);
const ADVISERS: Sql =
    sql!("SELECT post_id FROM slip_adviser WHERE slip_id = $1 AND round = $2 ORDER BY asked_at, post_id");

/// In which rounds the post was a leader or an adviser.
const OWN_ROUNDS: Sql = sql!(
    "SELECT round FROM slip_decider WHERE slip_id = $1 AND post_id = $2 \
     UNION SELECT round FROM slip_adviser WHERE slip_id = $1 AND post_id = $2"
);
/// What was laid before the people of a round.
const ROUND: Sql = sql!(
    "SELECT subject, body, outgoing_id, incoming_id, file_set FROM slip_round WHERE slip_id = $1 AND round = $2"
);

/// For a reader: its maker sees it as it is, everybody else as it was laid before them last.
///
/// # Errors
/// [`AppError::NotFound`] when there is none or it may not be seen.
pub async fn for_view(app: &App, who: &Who, id: SlipId) -> AppResult<Slip> {
    let row = app
        .db
        .opt(SLIP, args![id, who.agency()])
        .await?
        .ok_or(AppError::NotFound)?;
    let round: u32 = row.get("round")?;
    let deciders = app.db.all(DECIDERS, args![id, round]).await?;
    let advisers = app.db.all(ADVISERS, args![id, round]).await?;
    let participants = app.db.all(access::PARTICIPANTS, args![id]).await?;
    let mut slip = assemble(&row, &deciders, &advisers, &participants)?;
    access::may(who, Action::View, &slip.object)?;
    if who.post() != slip.facts.maker {
        as_laid_before(app, who, &mut slip).await?;
    }
    Ok(slip)
}

/// Takes out what the maker has changed since, and what belongs to rounds in which the reader took no part.
async fn as_laid_before(app: &App, who: &Who, slip: &mut Slip) -> AppResult<()> {
    let rows = app.db.all(OWN_ROUNDS, args![slip.id, who.post()]).await?;
    let own: Vec<u32> = rows
        .iter()
        .map(|row| row.get("round"))
        .collect::<store::Result<_>>()?;
    slip.seen = rounds_seen(&who.actor, &slip.facts, &own);
    slip.people = Chosen::default();
    if slip.is_past() {
        slip.hindrance = None;
    }
    let Some(row) = app.db.opt(ROUND, args![slip.id, slip.seen]).await? else {
        return Ok(());
    };
    slip.subject = row.get("subject")?;
    slip.body = row.get("body")?;
    slip.outgoing = row.get("outgoing_id")?;
    slip.incoming = row.get("incoming_id")?;
    slip.file_set = row.get("file_set")?;
    Ok(())
}

/// Whether somebody sees what belongs to a round of a slip; 0 is what the maker has not submitted yet.
///
/// # Errors
/// When the database fails.
pub async fn sees_round(app: &App, who: &Who, id: SlipId, round: u32) -> AppResult<bool> {
    match for_view(app, who, id).await {
        Ok(slip) => Ok(who.post() == slip.facts.maker || (round > 0 && round <= slip.seen)),
        Err(AppError::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether somebody sees every round of a slip.
///
/// # Errors
/// When the database fails.
pub async fn sees_whole(app: &App, who: &Who, id: SlipId) -> AppResult<bool> {
    match for_view(app, who, id).await {
        Ok(slip) => Ok(!slip.is_past()),
        Err(AppError::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// For an act of somebody who sees it; the row is locked until the act ends.
///
/// # Errors
/// As [`for_view`].
pub async fn for_change(act: &mut Act, who: &Who, id: SlipId) -> AppResult<Slip> {
    let locked = act
        .run(
            sql!("UPDATE slip SET revision = revision + 1 WHERE id = $1 AND agency_id = $2"),
            args![id, who.agency()],
        )
        .await?;
    if locked == 0 {
        return Err(AppError::NotFound);
    }
    let row = act.one(SLIP, args![id, who.agency()]).await?;
    let round: u32 = row.get("round")?;
    let deciders = act.all(DECIDERS, args![id, round]).await?;
    let advisers = act.all(ADVISERS, args![id, round]).await?;
    let participants = act.all(access::PARTICIPANTS, args![id]).await?;
    let slip = assemble(&row, &deciders, &advisers, &participants)?;
    access::may(who, Action::View, &slip.object)?;
    Ok(slip)
}

fn deciders_of(rows: &[Row]) -> store::Result<Vec<Decider>> {
    let decider = |row: &Row| {
        Ok(Decider {
            post: row.get("post_id")?,
            step: row.get("step")?,
            asked: row.parse("asked")?,
            answer: row.parse_opt("answer")?,
        })
    };
    rows.iter().map(decider).collect()
}

fn posts_of(rows: &[Row]) -> store::Result<Vec<PostId>> {
    rows.iter().map(|row| row.get("post_id")).collect()
}

fn facts_of(row: &Row, deciders: &[Row], advisers: &[Row]) -> store::Result<SlipFacts> {
    Ok(SlipFacts {
        agency: row.get("agency_id")?,
        maker: row.get("maker_post")?,
        maker_account: row.get("maker_account")?,
        state: row.parse("state")?,
        round: row.get("round")?,
        deciders: deciders_of(deciders)?,
        advisers: posts_of(advisers)?,
    })
}

fn assemble(row: &Row, deciders: &[Row], advisers: &[Row], participants: &[Row]) -> AppResult<Slip> {
    Ok(Slip {
        id: row.get("id")?,
        subject: row.get("subject")?,
        body: row.get("body")?,
        urgency: row.parse("urgency")?,
        outgoing: row.get("outgoing_id")?,
        incoming: row.get("incoming_id")?,
        file_set: row.get("file_set")?,
        people: row.json("people")?,
        hindrance: row.get("hindrance")?,
        updated_at: row.get("updated_at")?,
        seen: row.get("round")?,
        facts: facts_of(row, deciders, advisers)?,
        object: access::slip(row, participants)?,
    })
}

/// What says on whose desk the slip lies.
///
/// # Errors
/// When the database fails.
pub async fn standing(act: &mut Act, id: SlipId) -> AppResult<desk::SlipPlaces> {
    let row = act
        .one(
            sql!(
                "SELECT s.agency_id, s.maker_post, p.account_id AS maker_account, s.state, s.round, s.urgency, s.updated_at, \
                 r.submitted_at FROM slip s JOIN post p ON p.id = s.maker_post LEFT JOIN slip_round r ON r.slip_id = s.id AND r.round = s.round WHERE s.id = $1"
            ),
            args![id],
        )
        .await?;
    let round: u32 = row.get("round")?;
    let deciders = act.all(DECIDERS, args![id, round]).await?;
    let advisers = act.all(ADVISERS, args![id, round]).await?;
    let facts = facts_of(&row, &deciders, &advisers)?;
    let advised = act
        .all(
            sql!("SELECT DISTINCT post_id FROM slip_advice WHERE slip_id = $1 AND round = $2"),
            args![id, round],
        )
        .await?;
    let spoke = act
        .all(
            sql!(
                "SELECT post_id FROM slip_decider WHERE slip_id = $1 AND answer IS NOT NULL \
                 UNION SELECT post_id FROM slip_advice WHERE slip_id = $1"
            ),
            args![id],
        )
        .await?;
    Ok(desk::SlipPlaces {
        maker: facts.maker,
        state: facts.state,
        urgency: row.parse("urgency")?,
        updated_at: row.get("updated_at")?,
        submitted_at: row.get("submitted_at")?,
        awaited: facts.awaited(),
        advisers: facts.advisers.clone(),
        advised: posts_of(&advised)?,
        spoke: posts_of(&spoke)?,
    })
}
