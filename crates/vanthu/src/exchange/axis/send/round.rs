//! A round of sending: documents leave one after the other in the order in which they were queued (QĐ 28, spec qd28 16);
//! statuses of several documents go beside them, each document's own in their order.

use store::{Filter, args};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{Next, put_off, step};
use crate::{
    context::App,
    error::AppResult,
    exchange::axis::{
        ahead::AT_ONCE,
        connections::{self, Connection},
        pack::Packet,
    },
};

/// At most so many packets in one round: the others of the connection get their turn.
const ROUND: usize = 200;
/// Among so many of the first that are due, one is chosen that may go beside those under way.
const CHOICE: u32 = 16;

/// What would look the same in the axis' list as a packet in doubt waits until that one is settled: recalls by one notice bear the number and
/// the title of the notice, and the one that was not taken would pass for sent by the row of the other.
const NONE_IN_DOUBT_IS_ALIKE: &str = "NOT EXISTS (SELECT 1 FROM axis_outbox u WHERE u.connection_id = o.connection_id \
     AND u.notation = o.notation AND u.state IN ('sending', 'unknown') AND o.state = 'waiting' AND u.id <> o.id \
     AND u.kind = o.kind AND u.from_code = o.from_code \
     AND (u.to_codes = o.to_codes OR u.to_codes LIKE '%,%' OR o.to_codes LIKE '%,%'))";

/// A packet under way.
struct UnderWay {
    id: Uuid,
    is_status: bool,
    notation: String,
}

impl UnderWay {
    fn of(packet: &Packet) -> Self {
        Self {
            id: packet.id,
            is_status: packet.is_status,
            notation: packet.notation.clone(),
        }
    }

    /// Packets that bear the same number never go together: the axis' list of sent packets, by which a lost answer is made
    /// good, might not tell them apart.
    fn lets_pass(&self, packet: &Packet) -> bool {
        self.id != packet.id && (self.is_status || packet.is_status) && self.notation != packet.notation
    }
}

/// Sends what is due over one connection; gives how many packets were worked on. The caller holds the lease.
///
/// # Errors
/// When the database fails; what the axis says is no error here.
pub async fn round(app: &App, connection: &Connection) -> AppResult<usize> {
    let mut tasks = JoinSet::new();
    let mut under_way: Vec<UnderWay> = Vec::new();
    let (mut begun, mut trouble, mut may_begin) = (0, None, true);
    loop {
        while may_begin && begun < ROUND && tasks.len() < AT_ONCE {
            let begins = async {
                // Switched off, stopped or paused meanwhile?
                let connection = connections::one(app, connection.id).await?;
                if !connection.is_working() || connection.send_next_at > app.clock.now() {
                    return Ok(None);
                }
                let packet = next(app, &connection, &under_way).await?;
                AppResult::Ok(packet.map(|packet| (connection, packet)))
            };
            match begins.await {
                Ok(Some((connection, packet))) => {
                    begun += 1;
                    under_way.push(UnderWay::of(&packet));
                    let app = app.clone();
                    tasks.spawn(async move { (packet.id, work_on(&app, &connection, &packet).await) });
                }
                // The end of one under way may let another begin.
                Ok(None) => break,
                Err(error) => {
                    trouble = Some(error);
                    may_begin = false;
                }
            }
        }
        let Some(ended) = tasks.join_next().await else {
            return trouble.map_or(Ok(begun), Err);
        };
        let outcome = match ended {
            Ok((id, outcome)) => {
                under_way.retain(|one| one.id != id);
                outcome
            }
            // Which one is not told: what it left is found by the next round.
            Err(error) => Err(anyhow::Error::from(error).into()),
        };
        match outcome {
            Ok(Next::GoOn) => {}
            Ok(Next::Pause) => may_begin = false,
            Err(error) => {
                trouble = Some(error);
                may_begin = false;
            }
        }
    }
}

/// One step with a packet. An error means that not even the trouble could be written down.
async fn work_on(app: &App, connection: &Connection, packet: &Packet) -> AppResult<Next> {
    match step(app, connection, packet).await {
        Ok(next) => Ok(next),
        Err(error) => {
            tracing::warn!(packet = %packet.id, %error, "a packet could not be worked on; the others go on");
            put_off(app, packet, &error.to_string()).await?;
            Ok(Next::GoOn)
        }
    }
}

/// The first packet that is due, does not overtake an earlier one of its document, and may go beside those under way.
async fn next(app: &App, connection: &Connection, under_way: &[UnderWay]) -> AppResult<Option<Packet>> {
    let mut due = Filter::select(
        "SELECT o.id, o.agency_id, o.kind, o.business, o.dispatch_id, o.outgoing_id, o.state, o.from_code, o.to_codes, \
         o.notation, o.title, o.content, o.sha256, o.attempts, o.lookups, o.attempted_at, o.next_at, o.pack_failures FROM axis_outbox o",
    )
    .and(
        "o.connection_id = ? AND o.state IN ('packing', 'waiting', 'sending', 'unknown') AND o.next_at <= ?",
        args![connection.id, app.clock.now()],
    )
    .and(
        "NOT EXISTS (SELECT 1 FROM axis_outbox e WHERE e.object_id = o.object_id \
         AND coalesce(e.split_from, e.id) < coalesce(o.split_from, o.id) \
         AND e.state IN ('packing', 'waiting', 'sending', 'unknown'))",
        args![],
    )
    .and(NONE_IN_DOUBT_IS_ALIKE, args![]);
    if under_way.iter().any(|one| !one.is_status) {
        // Statuses have an index of their own: behind thousands of documents they are found without passing these.
        due = due.and("o.kind = 'status'", args![]);
    }
    let rows = app
        .db
        .filtered(due.end("ORDER BY o.id LIMIT ?", args![CHOICE]))
        .await?;
    for row in &rows {
        let packet = Packet::of(row)?;
        if under_way.iter().all(|one| one.lets_pass(&packet)) {
            return Ok(Some(packet));
        }
    }
    Ok(None)
}
