//! A request as it is kept.

use rules::{
    exchange::{Business, RequestState},
    ids::{DispatchId, IncomingId},
};
use store::{Act, Row, Sql, args, sql};
use uuid::Uuid;

use crate::{
    error::AppResult,
    exchange::{Answer, Changes},
};

/// A request of a sender.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub id: Uuid,
    pub dispatch: Option<DispatchId>,
    pub business: Business,
    pub reason: String,
    pub staff: String,
    pub changes: Changes,
    pub file_set: Option<Uuid>,
    pub state: RequestState,
}

impl Stored {
    /// The answer to it, for its sender.
    pub(super) const fn answer<'a>(&self, agreed: bool, description: &'a str) -> Answer<'a> {
        Answer {
            dispatch: self.dispatch,
            business: self.business,
            agreed,
            description,
        }
    }
}

pub(super) fn stored(row: &Row) -> store::Result<Stored> {
    Ok(Stored {
        id: row.get("id")?,
        dispatch: row.get("dispatch_id")?,
        business: row.parse("business")?,
        reason: row.get("reason")?,
        staff: row.get("staff")?,
        changes: row.json("changes")?,
        file_set: row.get("file_set")?,
        state: row.parse("state")?,
    })
}

const OPEN: Sql = sql!(
    "SELECT id, dispatch_id, business, reason, staff, changes, file_set, state FROM sender_request \
     WHERE incoming_id = $1 AND state = 'open' ORDER BY id"
);
const ONE: Sql = sql!(
    "SELECT id, dispatch_id, business, reason, staff, changes, file_set, state FROM sender_request \
     WHERE incoming_id = $1 AND id = $2"
);

/// The requests about a document that nobody answered yet, oldest first.
pub(super) async fn open(act: &mut Act, document: IncomingId) -> AppResult<Vec<Stored>> {
    let rows = act.all(OPEN, args![document]).await?;
    Ok(rows.iter().map(stored).collect::<store::Result<_>>()?)
}

/// One request about this document.
pub(super) async fn one(act: &mut Act, document: IncomingId, id: Uuid) -> AppResult<Option<Stored>> {
    let row = act.opt(ONE, args![document, id]).await?;
    Ok(row.as_ref().map(stored).transpose()?)
}

/// Closes a request; whoever acts answered it, the program itself by rule.
pub(super) async fn close(act: &mut Act, id: Uuid, state: RequestState, answer: &str) -> AppResult<()> {
    let (now, by) = (act.now(), act.actor().post);
    act.run(
        sql!(
            "UPDATE sender_request SET state = $2, answer = $3, post_id = $4, answered_at = $5 WHERE id = $1"
        ),
        args![id, state.as_str(), answer, by, now],
    )
    .await?;
    Ok(())
}
