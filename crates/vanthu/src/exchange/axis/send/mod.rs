//! Gửi đi: each document's packets in order, never blindly twice (spec edxml 12.6).
//!
//! What is about to happen is committed before the call, so that after a stop at any place it is known what may have
//! happened. A packet whose outcome is unknown is looked for in the axis' list before it is sent again.

mod round;

use std::{io, pin::Pin};

pub use round::round;

use async_trait::async_trait;
use axis::client::{Advice, AxisError, MessageKind, Operation, PacketSource, SendRequest};
use jiff::Timestamp;
use rules::{exchange::DeliveryState, ids::DeliveryId};
use store::{Blobs, Digest, Tx, args, sql};
use tokio::io::AsyncRead;

use super::{
    calls::{Call, noted},
    connections::{self, Connection},
    faults::{Point, point},
    lookup,
    matching::plain_code,
    pack::{self, Packet},
    pause, sent,
    states::OutboxState,
    system_act,
};
use crate::{context::App, error::AppResult};

/// How long a packet waits whose own bytes, or row, made trouble here.
const TROUBLE_HERE: u32 = 4;

/// Why a packet whose bytes are lost is not written anew.
const BYTES_LOST: &str = "Tệp gói tin lưu tại hệ thống bị mất hoặc hỏng, và trục có thể đã nhận gói tin ở lần gửi trước. Vui lòng hỏi cơ \
    quan nhận; nếu chưa nhận được thì bỏ qua gói tin này và gửi lại văn bản.";

/// What an attempt means for those behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The next packet may go.
    GoOn,
    /// The axis cannot be reached: everything keeps its place.
    Pause,
}

/// Keeps a packet waiting by itself, whatever state it is in.
async fn put_off(app: &App, packet: &Packet, why: &str) -> AppResult<()> {
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!(
            "UPDATE axis_outbox SET next_at = $2, last_error = $3 WHERE id = $1 \
             AND state IN ('packing', 'waiting', 'sending', 'unknown')"
        ),
        args![packet.id, app.clock.now() + pause(TROUBLE_HERE), why],
    )
    .await?;
    Ok(tx.commit().await?)
}

async fn step(app: &App, connection: &Connection, packet: &Packet) -> AppResult<Next> {
    match packet.state {
        OutboxState::Packing => {
            if packet.dispatch.is_some() && !keep_to_waiting_lines(app, packet).await? {
                return Ok(Next::GoOn);
            }
            let packet = pack::one(app, packet.id).await?;
            if let Err(error) = pack::pack(app, connection, &packet).await {
                tracing::warn!(packet = %packet.id, %error, "a packet could not be packed");
                pack::failed(app, &packet).await?;
            }
            Ok(Next::GoOn)
        }
        // Nobody else works on this connection, so this attempt broke off.
        OutboxState::Sending => {
            become_unknown(app, packet, "Chương trình dừng khi đang gửi.").await?;
            Ok(Next::GoOn)
        }
        OutboxState::Unknown => lookup::look_up(app, connection, packet).await,
        _ => attempt(app, connection, packet).await,
    }
}

/// The recipients that still wait, with their lines: some may have been taken back.
async fn waiting_lines(app: &App, packet: &Packet) -> AppResult<Vec<(String, DeliveryId)>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT d.id, d.recipient_code FROM dispatch_line l JOIN delivery d ON d.id = l.delivery_id \
                 WHERE l.dispatch_id = $1 AND l.state = 'pending' AND d.channel = 'axis' ORDER BY d.id"
            ),
            args![packet.dispatch],
        )
        .await?;
    let mut lines = Vec::new();
    for row in &rows {
        let code: Option<String> = row.get("recipient_code")?;
        if let Some(code) = code.filter(|code| packet.to.contains(code)) {
            lines.push((code, row.get("id")?));
        }
    }
    Ok(lines)
}

/// Leaves recipients out that were taken back since. `false` when nobody is left: then it is not sent at all.
async fn keep_to_waiting_lines(app: &App, packet: &Packet) -> AppResult<bool> {
    let lines = waiting_lines(app, packet).await?;
    let left: Vec<&str> = lines.iter().map(|(code, _)| code.as_str()).collect();
    if left.len() == packet.to.len() {
        return Ok(true);
    }
    let mut tx = app.db.begin().await?;
    if left.is_empty() {
        tx.run(
            sql!(
                "UPDATE axis_outbox SET state = 'dropped', last_error = 'Nơi nhận đã được rút lại trước khi gửi.' WHERE id = $1"
            ),
            args![packet.id],
        )
        .await?;
    } else {
        // Nothing was sent yet, so other bytes do no harm.
        tx.run(
            sql!("UPDATE axis_outbox SET to_codes = $2, sha256 = NULL, state = 'packing' WHERE id = $1"),
            args![packet.id, serde_json::to_string(&left)?],
        )
        .await?;
    }
    tx.commit().await?;
    Ok(!left.is_empty())
}

/// The bytes of a packet, from the store.
struct Stored {
    blobs: Blobs,
    digest: Digest,
}

#[async_trait]
impl PacketSource for Stored {
    async fn open(&self) -> io::Result<Pin<Box<dyn AsyncRead + Send + Sync>>> {
        let file = self
            .blobs
            .open_verified(self.digest)
            .await
            .map_err(io::Error::other)?;
        Ok(Box::pin(file))
    }
}

/// What the axis calls it.
pub const fn kind_of(packet: &Packet) -> MessageKind {
    if packet.is_status {
        MessageKind::Status
    } else {
        MessageKind::Document
    }
}

async fn attempt(app: &App, connection: &Connection, packet: &Packet) -> AppResult<Next> {
    if packet.dispatch.is_some() && packet.attempts == 0 {
        let before = packet.to.len();
        if !keep_to_waiting_lines(app, packet).await? || pack::one(app, packet.id).await?.to.len() != before {
            return Ok(Next::GoOn);
        }
    }
    let Some(sha256) = &packet.sha256 else {
        let why = "Gói tin chưa có nội dung.";
        come_back(app, packet, OutboxState::Packing, why).await?;
        return Ok(Next::GoOn);
    };
    let client = match connections::open(app, connection).await? {
        Ok(client) => client,
        Err(error) => {
            stop(app, connection, &format!("{error}. {}", error.what_to_do())).await?;
            return Ok(Next::Pause);
        }
    };
    if !begin(app, packet).await? {
        return Ok(Next::GoOn);
    }
    point(app, Point::SendingNoted).await;
    let source = Stored {
        blobs: app.blobs.clone(),
        digest: Digest::from_slice(sha256)?,
    };
    let call = Call {
        sha256: Some(sha256),
        ..Call::of(connection.id, Operation::Send).packet(packet.id, None)
    };
    let request = SendRequest {
        source: &source,
        from: &packet.from,
        to: &packet.to,
        kind: kind_of(packet),
    };
    let sent = noted(app, call, client.send(request), |sent| {
        Some(format!("mã gói tin {}", sent.doc_id))
    })
    .await;
    point(app, Point::SendAnswered).await;
    match sent {
        Ok(sent) => {
            sent::settle(app, packet, Some(&sent.doc_id)).await?;
            connections::note_reached(app, connection.id).await?;
            Ok(Next::GoOn)
        }
        Err(error) => failed(app, connection, packet, &error).await,
    }
}

/// Notes that sending begins, before it does. `false` when the packet was changed meanwhile.
async fn begin(app: &App, packet: &Packet) -> AppResult<bool> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let mine = tx
        .run(
            sql!(
                "UPDATE axis_outbox SET state = 'sending', attempted_at = $2, attempts = attempts + 1, lookups = 0 \
                 WHERE id = $1 AND state = 'waiting'"
            ),
            args![packet.id, now],
        )
        .await?;
    if mine == 0 {
        tx.rollback().await?;
        return Ok(false);
    }
    show_at_lines(&mut tx, packet, DeliveryState::Sending, now).await?;
    if packet.brings_the_document() && packet.attempts == 0 {
        // A recall may have been faster; from here on it asks for the document instead.
        let dropped = tx
            .all(
                sql!(
                    "SELECT d.recipient_code FROM dispatch_line l JOIN delivery d ON d.id = l.delivery_id \
                     WHERE l.dispatch_id = $1 AND d.channel = 'axis' AND d.state = 'dropped'"
                ),
                args![packet.dispatch],
            )
            .await?;
        for row in &dropped {
            let code: Option<String> = row.get("recipient_code")?;
            if code.is_some_and(|code| packet.to.contains(&code)) {
                tx.rollback().await?;
                return Ok(false);
            }
        }
    }
    tx.commit().await?;
    Ok(true)
}

async fn failed(app: &App, connection: &Connection, packet: &Packet, error: &AxisError) -> AppResult<Next> {
    let said = error.to_string();
    if matches!(error, AxisError::Local { .. }) {
        // Our own disk, and this packet's bytes: the axis and the others have no part in it.
        return unreadable(app, packet, &said).await.map(|()| Next::GoOn);
    }
    match error.advice() {
        Advice::Retry => {
            come_back(app, packet, OutboxState::Waiting, &said).await?;
            connections::note_unreachable(app, connection).await?;
            Ok(Next::Pause)
        }
        Advice::LookUp => {
            become_unknown(app, packet, &said).await?;
            if matches!(error, AxisError::Refused { .. }) {
                // The axis lives; only this packet is in doubt.
                return Ok(Next::GoOn);
            }
            connections::note_unreachable(app, connection).await?;
            Ok(Next::Pause)
        }
        Advice::FixSettings => {
            come_back(app, packet, OutboxState::Waiting, &said).await?;
            stop(app, connection, &format!("{said}. {}", error.what_to_do())).await?;
            Ok(Next::Pause)
        }
        Advice::GiveUpRecipient if packet.to.len() > 1 => {
            let taken = lookup::taken_for(app, connection, packet).await?;
            split(app, packet, &said, taken.as_deref()).await?;
            Ok(Next::GoOn)
        }
        Advice::GiveUpRecipient | Advice::GiveUp => {
            let mut act = system_act(app).await?;
            let why = format!("{said}. {}", error.what_to_do());
            pack::give_up(&mut act, packet, OutboxState::Dead, &why).await?;
            app.commit(act, &()).await?;
            Ok(Next::GoOn)
        }
    }
}

/// The bytes of a packet could not be read when it was to be sent, so nothing was taken. Damaged or missing ones are written
/// anew, unless the axis may have those of an earlier attempt: then a person decides. A passing trouble of the disk keeps this
/// packet waiting.
async fn unreadable(app: &App, packet: &Packet, said: &str) -> AppResult<()> {
    let digest = packet.sha256.as_deref().map(Digest::from_slice).transpose()?;
    let is_intact = match digest {
        Some(digest) => app.blobs.is_intact(digest).await?,
        None => false,
    };
    if is_intact {
        come_back(app, packet, OutboxState::Waiting, said).await?;
        return put_off(app, packet, said).await;
    }
    if packet.attempts > 0 {
        let mut act = system_act(app).await?;
        pack::give_up(&mut act, packet, OutboxState::Dead, BYTES_LOST).await?;
        return app.commit(act, &()).await;
    }
    come_back(app, packet, OutboxState::Packing, said).await
}

/// Stops the connection: nothing of it can go through.
///
/// # Errors
/// When the database fails.
pub async fn stop(app: &App, connection: &Connection, reason: &str) -> AppResult<()> {
    let mut act = system_act(app).await?;
    connections::stop(&mut act, connection, reason).await?;
    app.commit(act, &()).await
}

/// Puts a packet back that was surely not taken. Nothing is counted for or against it.
async fn come_back(app: &App, packet: &Packet, state: OutboxState, why: &str) -> AppResult<()> {
    let now = app.clock.now();
    // Trouble with the connection pauses the connection; trouble with packing this packet pauses it alone.
    let next = if state == OutboxState::Packing {
        now + pause(4)
    } else {
        now
    };
    let mut tx = app.db.begin().await?;
    tx.run(
        // An attempt that was surely not taken does not count: a line that is taken back before the next one must not leave.
        // An earlier attempt whose outcome was never known still counts.
        sql!(
            "UPDATE axis_outbox SET attempts = CASE WHEN state = 'sending' THEN attempts - 1 ELSE attempts END, state = $2, \
             last_error = $3, next_at = $4 WHERE id = $1"
        ),
        args![packet.id, state.as_str(), why, next],
    )
    .await?;
    if packet.attempts == 0 {
        show_at_lines(&mut tx, packet, DeliveryState::Pending, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Shows at the lines of this very packet that it is being sent, or waits again.
async fn show_at_lines(tx: &mut Tx, packet: &Packet, state: DeliveryState, now: Timestamp) -> AppResult<()> {
    if !packet.brings_the_document() {
        return Ok(());
    }
    for code in &packet.to {
        tx.run(
            sql!(
                "UPDATE delivery SET state = $3, updated_at = $4 WHERE recipient_code = $2 AND channel = 'axis' \
                 AND state IN ('pending', 'sending', 'failed') AND id IN \
                 (SELECT delivery_id FROM dispatch_line WHERE dispatch_id = $1 AND state = 'pending')"
            ),
            args![packet.dispatch, code, state.as_str(), now],
        )
        .await?;
    }
    Ok(())
}

async fn become_unknown(app: &App, packet: &Packet, why: &str) -> AppResult<()> {
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!(
            "UPDATE axis_outbox SET state = 'unknown', last_error = $2, lookups = 0, next_at = $3 WHERE id = $1 AND state = 'sending'"
        ),
        args![packet.id, why, app.clock.now()],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Each recipient by itself, with the same bytes: the axis knows one of them not and does not say which. Who may have it
/// already, by `taken`, is looked for before anything is sent.
async fn split(app: &App, packet: &Packet, why: &str, taken: Option<&[String]>) -> AppResult<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    for code in &packet.to {
        let id = app.ids.next();
        let may_have_it = taken.is_none_or(|taken| taken.contains(&plain_code(code)));
        let (state, attempts) = if may_have_it {
            (OutboxState::Unknown, packet.attempts + 1)
        } else {
            (OutboxState::Waiting, 1)
        };
        tx.run(
            sql!(
                "INSERT INTO axis_outbox (id, connection_id, agency_id, kind, business, object_id, dispatch_id, incoming_id, \
                 outgoing_id, split_from, status_code, message_key, content, document_id, notation, title, from_code, to_codes, \
                 sha256, size, fingerprint, state, attempts, lookups, next_at, attempted_at, created_at) \
                 SELECT $2, connection_id, agency_id, kind, business, object_id, dispatch_id, incoming_id, outgoing_id, id, \
                 status_code, message_key || $3, content, document_id, notation, title, from_code, $4, sha256, size, fingerprint, \
                 $6, $7, 0, $5, attempted_at, $5 FROM axis_outbox WHERE id = $1 ON CONFLICT DO NOTHING"
            ),
            args![
                packet.id,
                id,
                format!(":{code}"),
                serde_json::to_string(&[code])?,
                now,
                state.as_str(),
                attempts
            ],
        )
        .await?;
    }
    tx.run(
        sql!("UPDATE axis_outbox SET state = 'split', last_error = $2 WHERE id = $1"),
        args![packet.id, why],
    )
    .await?;
    Ok(tx.commit().await?)
}
