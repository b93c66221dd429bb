//! Nhận về: list → fetch → read → one act → tell the axis (spec edxml 12.6). Whatever stops the program between two steps,
//! the next round goes on from what was committed; a packet leaves the axis' list only after its act.

mod acknowledge;
mod document;
mod fetch;
mod files;
mod known;
mod lengths;
mod list;
mod note;
mod read;
mod refused;
mod request;
mod row;
mod settle;
mod status;
mod taken;

pub use note::Note;
pub use row::Incoming;
pub use settle::forget_withdrawn;

use std::pin::pin;

use edxml::{Message, ReadError};
use futures_util::StreamExt as _;
use store::{Digest, args, sql};

use super::{
    ahead::ahead,
    connections::Connection,
    faults::{Point, point},
    pause,
    states::InboxState,
};
use crate::{context::App, error::AppResult};

/// At most so many packets in one round: the others get their turn.
const ROUND: u32 = 200;

/// One round of receiving over one connection; gives how many packets were worked on. The caller holds the lease.
///
/// # Errors
/// When the database fails; what the axis says, and what is in a packet, is no error here.
pub async fn round(app: &App, connection: &Connection) -> AppResult<usize> {
    if connection.receives() && connection.poll_next_at <= app.clock.now() {
        list::poll(app, connection).await?;
        point(app, Point::Listed).await;
    }
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, axis_doc_id, kind, from_code, to_code, agency_id, sha256, unreadable, attempts, state, acked FROM axis_inbox \
                 WHERE connection_id = $1 AND state = 'listed' AND next_at <= $2 ORDER BY id LIMIT $3"
            ),
            args![connection.id, app.clock.now(), ROUND],
        )
        .await?;
    let mut works = Vec::with_capacity(rows.len());
    for row in &rows {
        let (app, connection, packet) = (app.clone(), connection.clone(), Incoming::of(row)?);
        works.push(async move {
            let bytes = fetch::bytes(&app, &connection, &packet).await;
            Ok((packet, bytes))
        });
    }
    // Fetched some at a time, taken in one after the other.
    let mut fetched = pin!(ahead(works));
    while let Some(next) = fetched.next().await {
        let (packet, bytes) = next?;
        let taken = match bytes {
            Ok(Some(digest)) => take_in(app, connection, &packet, digest).await,
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = taken {
            tracing::warn!(packet = %packet.id, %error, "a packet could not be taken in; tried again");
            come_back(app, &packet, &error.to_string()).await?;
        }
    }
    Ok(rows.len() + acknowledge::all(app, connection).await?)
}

/// Takes one packet in whose bytes are here.
async fn take_in(app: &App, connection: &Connection, packet: &Incoming, digest: Digest) -> AppResult<()> {
    point(app, Point::Fetched).await;
    if fetch::is_known_unreadable(app, packet, digest).await? {
        let why = "Nội dung giống hệt một gói tin không đọc được trước đó.";
        return settle::quarantine(app, connection, packet, why).await;
    }
    let read = match read::read(app, connection, digest).await? {
        Ok(read) => read,
        Err(ReadError::Io(reason)) => return come_back(app, packet, &reason).await,
        Err(error) if packet.is_unreadable_again(digest) => {
            return settle::quarantine(app, connection, packet, &error.to_string()).await;
        }
        // Damaged on the way? It is fetched once more; the same bytes twice are the sender's.
        Err(error) => return fetch_again(app, packet, digest, &error.to_string()).await,
    };
    if !packet.is_unreadable_again(digest)
        && let Some(odd) = read.oddity()
    {
        return fetch_again(app, packet, digest, odd).await;
    }
    let addressees = known::addressees(app, connection, packet, read.message.to()).await?;
    match &read.message {
        Message::Document(message) => {
            let message = message.clone();
            known::spread(app, packet, &addressees).await?;
            document::take(app, connection, packet, addressees, read, &message).await
        }
        Message::Status(message) => {
            let message = message.clone();
            if status::is_for_each(&message) {
                known::spread(app, packet, &addressees).await?;
            }
            let first = addressees.first().map(|(agency, _)| *agency);
            status::take(app, packet, first, &read, &message).await
        }
    }
}

/// Tries again after a growing pause.
async fn come_back(app: &App, packet: &Incoming, why: &str) -> AppResult<()> {
    let attempts = packet.attempts.saturating_add(1);
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!("UPDATE axis_inbox SET attempts = $2, next_at = $3, last_error = $4 WHERE id = $1 AND state = 'listed'"),
        args![packet.id, attempts, app.clock.now() + pause(attempts), why],
    )
    .await?;
    Ok(tx.commit().await?)
}

async fn fetch_again(app: &App, packet: &Incoming, digest: Digest, why: &str) -> AppResult<()> {
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!(
            "UPDATE axis_inbox SET sha256 = NULL, unreadable = $2, last_error = $3 WHERE id = $1 AND state = 'listed'"
        ),
        args![packet.id, digest.as_bytes(), why],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// The states whose packets a person may put back to be read again.
pub const MAY_BE_READ_AGAIN: [InboxState; 2] = [InboxState::Quarantined, InboxState::Orphan];
