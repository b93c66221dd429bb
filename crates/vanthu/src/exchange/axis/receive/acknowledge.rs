//! The axis is told what became of a packet, after it did. Told twice does no harm; not told, the packet comes again.

use std::pin::pin;

use axis::client::{Advice, AxisError, AxisTransport, Operation, PacketStatus};
use futures_util::StreamExt as _;
use store::{Row, args, sql};
use uuid::Uuid;

use crate::{
    context::App,
    error::AppResult,
    exchange::axis::{
        ahead::ahead,
        calls::{Call, noted},
        connections::{self, Connection},
        faults::{Point, point},
        pause,
        states::InboxState,
    },
};

/// At most so many in one round.
const ROUND: u32 = 500;
/// After so many failures one after the other the rest waits for the next round.
const IN_VAIN: u32 = 3;

/// Tells the axis about all settled packets that it was not told of.
///
/// # Errors
/// When the database fails.
pub async fn all(app: &App, connection: &Connection) -> AppResult<usize> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, axis_doc_id, state, attempts, last_error FROM axis_inbox \
                 WHERE connection_id = $1 AND copy_for = '' AND state <> 'listed' AND acked = '' AND next_at <= $2 \
                 ORDER BY id LIMIT $3"
            ),
            args![connection.id, app.clock.now(), ROUND],
        )
        .await?;
    if rows.is_empty() {
        return Ok(0);
    }
    // Settings that cannot work are told by whoever asks for the list.
    let Ok(client) = connections::open(app, connection).await? else {
        return Ok(0);
    };
    let mut works = Vec::with_capacity(rows.len());
    for row in &rows {
        let Some(settled) = Settled::of(row)? else {
            continue;
        };
        let (app, client, connection) = (app.clone(), client.clone(), connection.id);
        works.push(async move { tell(&app, connection, client.as_ref(), &settled).await });
    }
    let mut told = pin!(ahead(works));
    let (mut done, mut in_vain) = (0, 0);
    while let Some(next) = told.next().await {
        in_vain = if next? { 0 } else { in_vain + 1 };
        if in_vain == IN_VAIN {
            // The others would most likely fail as well.
            break;
        }
        done += 1;
    }
    Ok(done)
}

/// A settled packet of which the axis was not told.
struct Settled {
    id: Uuid,
    doc_id: String,
    status: PacketStatus,
    why: Option<String>,
    attempts: u32,
}

impl Settled {
    /// Reads a row; `None` when its state is none that the axis hears of.
    fn of(row: &Row) -> AppResult<Option<Self>> {
        let state: InboxState = row.parse("state")?;
        let Some(status) = state.acknowledgement() else {
            return Ok(None);
        };
        let why: Option<String> = row.get("last_error")?;
        Ok(Some(Self {
            id: row.get("id")?,
            doc_id: row.get("axis_doc_id")?,
            status,
            why: why.filter(|_| status == PacketStatus::Fail),
            attempts: row.get("attempts")?,
        }))
    }
}

/// Tells the axis of one packet. `false` when the axis could not be told of any.
async fn tell(app: &App, connection: Uuid, client: &dyn AxisTransport, settled: &Settled) -> AppResult<bool> {
    let Settled {
        id, doc_id, status, ..
    } = settled;
    let call = Call::of(connection, Operation::UpdateStatus).packet(*id, Some(doc_id));
    let told = noted(
        app,
        call,
        client.update_status(doc_id, *status, settled.why.as_deref()),
        |()| Some(status.as_str().to_owned()),
    )
    .await;
    point(app, Point::Acknowledged).await;
    let mut tx = app.db.begin().await?;
    let is_reached = match told {
        Ok(()) => {
            tx.run(
                sql!("UPDATE axis_inbox SET acked = $2 WHERE id = $1"),
                args![*id, status.as_str()],
            )
            .await?;
            true
        }
        Err(error) => {
            let attempts = settled.attempts.saturating_add(1);
            tx.run(
                sql!("UPDATE axis_inbox SET attempts = $2, next_at = $3 WHERE id = $1"),
                args![*id, attempts, app.clock.now() + pause(attempts)],
            )
            .await?;
            matches!(error, AxisError::Refused { .. }) && error.advice() != Advice::FixSettings
        }
    };
    tx.commit().await?;
    Ok(is_reached)
}
