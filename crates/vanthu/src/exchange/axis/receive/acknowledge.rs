//! The axis is told what became of a packet, after it did. Told twice does no harm; not told, the packet comes again.

use axis::client::{Advice, AxisError, Operation, PacketStatus};
use store::{args, sql};
use uuid::Uuid;

use crate::{
    context::App,
    error::AppResult,
    exchange::axis::{
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
    let mut in_vain = 0;
    for (done, row) in rows.iter().enumerate() {
        let (id, doc_id): (Uuid, String) = (row.get("id")?, row.get("axis_doc_id")?);
        let state: InboxState = row.parse("state")?;
        let Some(status) = state.acknowledgement() else {
            continue;
        };
        let why: Option<String> = row.get("last_error")?;
        let description = why.as_deref().filter(|_| status == PacketStatus::Fail);
        let call = Call::of(connection.id, Operation::UpdateStatus).packet(id, Some(&doc_id));
        let told = noted(
            app,
            call,
            client.update_status(&doc_id, status, description),
            |()| Some(status.as_str().to_owned()),
        )
        .await;
        point(app, Point::Acknowledged).await;
        let mut tx = app.db.begin().await?;
        if let Err(error) = told {
            let attempts = row.get::<u32>("attempts")?.saturating_add(1);
            tx.run(
                sql!("UPDATE axis_inbox SET attempts = $2, next_at = $3 WHERE id = $1"),
                args![id, attempts, app.clock.now() + pause(attempts)],
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
                args![id, status.as_str()],
            )
            .await?;
            tx.commit().await?;
        }
    }
    Ok(rows.len())
}
