//! The axis is told what became of a packet, after it did. Told twice does no harm; not told, the packet comes again.

use axis::client::{Advice, AxisError, AxisTransport, Operation, PacketStatus};
use futures_util::{StreamExt, stream};
use store::{Row, args, sql};
use uuid::Uuid;

use crate::{
    context::App,
    error::AppResult,
    exchange::axis::{
        AT_ONCE,
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

/// A packet that the axis is to be told of.
struct Settled {
    id: Uuid,
    doc_id: String,
    status: PacketStatus,
    why: Option<String>,
    attempts: u32,
}

impl Settled {
    /// Reads a row; `None` for a state that the axis is not told of.
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

async fn tell(
    app: &App,
    connection: &Connection,
    client: &dyn AxisTransport,
    packet: &Settled,
) -> Result<(), AxisError> {
    let status = packet.status;
    let call = Call::of(connection.id, Operation::UpdateStatus).packet(packet.id, Some(&packet.doc_id));
    let told = client.update_status(&packet.doc_id, status, packet.why.as_deref());
    noted(app, call, told, |()| Some(status.as_str().to_owned())).await
}

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
    let settled: Vec<Settled> = rows
        .iter()
        .filter_map(|row| Settled::of(row).transpose())
        .collect::<AppResult<_>>()?;
    let client = &client;
    let mut answers = stream::iter(settled)
        .map(|packet| async move {
            let told = tell(app, connection, client.as_ref(), &packet).await;
            (packet, told)
        })
        .buffered(AT_ONCE)
        .enumerate();
    let mut in_vain = 0;
    while let Some((done, (packet, told))) = answers.next().await {
        point(app, Point::Acknowledged).await;
        let mut tx = app.db.begin().await?;
        if let Err(error) = told {
            let attempts = packet.attempts.saturating_add(1);
            tx.run(
                sql!("UPDATE axis_inbox SET attempts = $2, next_at = $3 WHERE id = $1"),
                args![packet.id, attempts, app.clock.now() + pause(attempts)],
            )
            .await?;
            tx.commit().await?;
            let is_about_this_packet =
                matches!(error, AxisError::Refused { .. }) && error.advice() != Advice::FixSettings;
            if !is_about_this_packet {
                in_vain += 1;
                if in_vain == IN_VAIN {
                    // The others would most likely fail as well.
                    return Ok(done);
                }
            }
        } else {
            in_vain = 0;
            tx.run(
                sql!("UPDATE axis_inbox SET acked = $2 WHERE id = $1"),
                args![packet.id, packet.status.as_str()],
            )
            .await?;
            tx.commit().await?;
        }
    }
    Ok(rows.len())
}
