//! Which packets wait for us: each is noted once, in the order in which the axis took them.

use std::collections::HashSet;

use axis::client::{AxisError, MessageKind, Operation, ReceivedRow, Window};
use jiff::SignedDuration;
use store::{Tx, args, sql};

use crate::{
    context::App,
    error::AppResult,
    exchange::axis::{
        calls::{Call, noted},
        connections::{self, Connection},
        matching::plain_code,
        pause,
        states::InboxState,
        system_act,
    },
};

/// So many rows of a list are noted in one transaction.
const AT_ONCE: usize = 200;

/// Asks for both lists and notes what is new. That the axis could not be asked is noted at the connection.
///
/// # Errors
/// When the database fails.
pub async fn poll(app: &App, connection: &Connection) -> AppResult<()> {
    for kind in [MessageKind::Document, MessageKind::Status] {
        if let Err(error) = one(app, connection, kind).await? {
            return unreachable(app, connection, &error).await;
        }
    }
    let now = app.clock.now();
    let next = now + SignedDuration::from_secs(i64::from(connection.options.poll_seconds));
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!("UPDATE axis_connection SET polled_at = $2, poll_next_at = $3, poll_error = NULL, failures = 0, send_next_at = 0 WHERE id = $1"),
        args![connection.id, now, next],
    )
    .await?;
    Ok(tx.commit().await?)
}

async fn unreachable(app: &App, connection: &Connection, error: &AxisError) -> AppResult<()> {
    let said = format!("{error}. {}", error.what_to_do());
    if error.advice() == axis::client::Advice::FixSettings {
        let mut act = system_act(app).await?;
        connections::stop(&mut act, connection, &said).await?;
        return app.commit(act, &()).await;
    }
    let least = SignedDuration::from_secs(i64::from(connection.options.poll_seconds));
    let next = app.clock.now() + least.max(pause(connection.failures.saturating_add(1)));
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!(
            "UPDATE axis_connection SET poll_error = $2, poll_next_at = $3, failures = failures + 1 WHERE id = $1"
        ),
        args![connection.id, said, next],
    )
    .await?;
    Ok(tx.commit().await?)
}

async fn one(app: &App, connection: &Connection, kind: MessageKind) -> AppResult<Result<(), AxisError>> {
    let client = match connections::open(app, connection).await? {
        Ok(client) => client,
        Err(error) => return Ok(Err(error)),
    };
    let call = Call::of(connection.id, Operation::ListReceived);
    let listed = noted(app, call, client.list_received(kind, Window::default()), |rows| {
        (!rows.is_empty()).then(|| format!("{}: {} gói tin chờ nhận", kind.as_str(), rows.len()))
    })
    .await;
    let mut rows = match listed {
        Ok(rows) => rows,
        Err(error) => return Ok(Err(error)),
    };
    // The axis may list in any order; what it took in the same second stays as listed.
    rows.sort_by_key(|row| row.created_at);
    let waiting = waiting(app, connection).await?;
    rows.retain(|row| !waiting.contains(row.doc_id.as_str()));
    for rows in rows.chunks(AT_ONCE) {
        let mut tx = app.db.begin().await?;
        for row in rows {
            note(app, &mut tx, connection, kind, row).await?;
        }
        tx.commit().await?;
    }
    Ok(Ok(()))
}

/// The axis' ids of packets that still wait here, to be taken in or to be told about: that they are on the list says nothing
/// new. After a long silence that is most of a long list.
async fn waiting(app: &App, connection: &Connection) -> AppResult<HashSet<String>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT axis_doc_id FROM axis_inbox WHERE connection_id = $1 AND acked = '' AND copy_for = ''"
            ),
            args![connection.id],
        )
        .await?;
    Ok(rows
        .iter()
        .map(|row| row.get("axis_doc_id"))
        .collect::<store::Result<_>>()?)
}

async fn note(
    app: &App,
    tx: &mut Tx,
    connection: &Connection,
    asked: MessageKind,
    row: &ReceivedRow,
) -> AppResult<()> {
    let fresh = tx
        .run(
            sql!(
                "INSERT INTO axis_inbox (id, connection_id, axis_doc_id, kind, business, from_code, to_code, sender_code, \
                 sender_name, summary, state, acked, attempts, next_at, warnings, signature, listed_at) \
                 VALUES ($1, $2, $3, $4, '', $5, $6, '', '', '', $7, '', 0, $8, '[]', 'absent', $8) ON CONFLICT DO NOTHING"
            ),
            args![
                app.ids.next(),
                connection.id,
                row.doc_id.as_str(),
                row.kind.unwrap_or(asked).as_str(),
                plain_code(&row.from),
                plain_code(&row.to),
                InboxState::Listed.as_str(),
                app.clock.now()
            ],
        )
        .await?;
    if fresh == 0 {
        // Settled here, and the axis still has it: it did not hear the answer, or forgot it. It is told the same again.
        tx.run(
            sql!(
                "UPDATE axis_inbox SET acked = '' WHERE connection_id = $1 AND axis_doc_id = $2 AND copy_for = '' \
                 AND state <> 'listed' AND acked <> ''"
            ),
            args![connection.id, row.doc_id.as_str()],
        )
        .await?;
    }
    Ok(())
}
