//! Loading a slip for a reader or for an act; what may not be seen is not there.

use jiff::Timestamp;
use rules::{
    access::{Action, ObjectFacts},
    ids::{IncomingId, OutgoingId, PostId, SlipId},
    slip::{Decider, SlipFacts},
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
    /// The facts for [`rules::slip`].
    pub facts: SlipFacts,
    /// The facts for [`rules::access`].
    pub object: ObjectFacts,
}

const SLIP: Sql = sql!(
    "SELECT id, agency_id, maker_post, subject, body, urgency, outgoing_id, incoming_id, file_set, people, state, round, \
     hindrance, updated_at FROM slip WHERE id = $1 AND agency_id = $2"
);
const DECIDERS: Sql = sql!(
    "SELECT post_id, step, answer FROM slip_decider WHERE slip_id = $1 AND round = $2 ORDER BY step, sort, post_id"
);
const ADVISERS: Sql =
    sql!("SELECT post_id FROM slip_adviser WHERE slip_id = $1 AND round = $2 ORDER BY asked_at, post_id");

/// For a reader.
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
    let slip = assemble(&row, &deciders, &advisers, &participants)?;
    access::may(who, Action::View, &slip.object)?;
    Ok(slip)
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
                "SELECT s.agency_id, s.maker_post, s.state, s.round, s.urgency, s.updated_at, r.submitted_at FROM slip s \
                 LEFT JOIN slip_round r ON r.slip_id = s.id AND r.round = s.round WHERE s.id = $1"
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
