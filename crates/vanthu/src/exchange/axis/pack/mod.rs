//! Đóng gói: from what waits to the bytes that are sent. They are written once; every attempt sends the same.

mod document;
mod status;
mod write;

use edxml::{Message, check};
use rules::{
    exchange::PacketState,
    ids::{AgencyId, DispatchId, OutgoingId},
};
use serde_json::json;
use store::{Act, Entry, Row, args, sql};
use uuid::Uuid;

use super::{
    connections::Connection,
    faults::{Point, point},
    pause,
    states::OutboxState,
    system_act,
};
use crate::{act_names, context::App, error::AppResult};

/// So often it is tried to pack a packet: about six hours.
const MAX_PACKINGS: u32 = 14;

/// Why a packet was not packed.
const NOT_PACKED: &str = "Không đóng gói được văn bản: tệp của văn bản bị thiếu, hỏng, hoặc máy chủ hết chỗ lưu. Vui lòng báo quản trị \
    hệ thống; sau khi khắc phục thì gửi lại.";

/// A row of the outbox.
#[derive(Debug, Clone)]
pub struct Packet {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub agency: AgencyId,
    /// A status message; a document otherwise.
    pub is_status: bool,
    /// `new`, `recall`, `update`, `replace`; empty for a status.
    pub business: String,
    /// The order of dispatch, unless it is a status that answers.
    pub dispatch: Option<DispatchId>,
    /// The document of ours.
    pub outgoing: Option<OutgoingId>,
    /// Where it stands.
    pub state: OutboxState,
    /// Code of the sender.
    pub from: String,
    /// Codes of the recipients.
    pub to: Vec<String>,
    /// Số, ký hiệu.
    pub notation: String,
    /// Trích yếu.
    pub title: String,
    /// The facts of a status.
    pub content: String,
    /// SHA-256 of the bytes, once packed.
    pub sha256: Option<Vec<u8>>,
    /// Attempts so far.
    pub attempts: u32,
    /// How often it was looked for in vain since its outcome became unknown.
    pub lookups: u32,
    /// When the last attempt began.
    pub attempted_at: Option<jiff::Timestamp>,
    /// Since when the next step is due; of a packet in doubt, not before it came to be.
    pub due: jiff::Timestamp,
    /// How often it could not be packed, in a row.
    pub pack_failures: u32,
}

impl Packet {
    /// Reads a row.
    ///
    /// # Errors
    /// When a column does not fit.
    pub fn of(row: &Row) -> store::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            agency: row.get("agency_id")?,
            is_status: row.get::<String>("kind")? == "status",
            business: row.get("business")?,
            dispatch: row.get("dispatch_id")?,
            outgoing: row.get("outgoing_id")?,
            state: row.parse("state")?,
            from: row.get("from_code")?,
            to: row.json("to_codes")?,
            notation: row.get("notation")?,
            title: row.get("title")?,
            content: row.get("content")?,
            sha256: row.get("sha256")?,
            attempts: row.get("attempts")?,
            lookups: row.get("lookups")?,
            attempted_at: row.get("attempted_at")?,
            due: row.get("next_at")?,
            pack_failures: row.get("pack_failures")?,
        })
    }

    /// Whether a first receipt of the document hangs on it, so that the lines show how sending goes.
    pub fn brings_the_document(&self) -> bool {
        matches!(self.business.as_str(), "new" | "replace" | "update")
    }
}

/// The packet as it is now.
///
/// # Errors
/// When it is not there, or the database fails.
pub async fn one(app: &App, id: Uuid) -> AppResult<Packet> {
    let row = app
        .db
        .one(
            sql!(
                "SELECT id, agency_id, kind, business, dispatch_id, outgoing_id, state, from_code, to_codes, notation, title, \
                 content, sha256, attempts, lookups, attempted_at, next_at, pack_failures FROM axis_outbox WHERE id = $1"
            ),
            args![id],
        )
        .await?;
    Ok(Packet::of(&row)?)
}

/// A message ready to be written: itself, its files, what it looks like in the axis' list.
struct Ready {
    message: Message,
    /// Digests of the files, in the order of the attachments.
    files: Vec<store::Digest>,
    notation: String,
    title: String,
}

/// Packs one packet. A message that breaks the rules of the format is not written: its lines show what is to be mended.
///
/// # Errors
/// When the database or the store fails; it stays to be packed.
pub async fn pack(app: &App, connection: &Connection, packet: &Packet) -> AppResult<()> {
    let ready = if packet.is_status {
        status::build(app, packet).await?
    } else {
        document::build(app, packet).await?
    };
    let findings = if packet.is_status {
        // Foreign identifiers are given back as they came, whatever their form.
        Vec::new()
    } else {
        document::findings(app, &ready.message).await?
    };
    if !check::acceptable(&findings) {
        let sentences: Vec<&str> = findings
            .iter()
            .filter(|finding| finding.severity == check::Severity::Error)
            .map(|finding| finding.message.as_str())
            .collect();
        return refuse(app, packet, &sentences.join(" ")).await;
    }
    let fingerprint = edxml::fingerprint(&ready.message);
    let blob = write::to_store(app, ready.message, &ready.files).await?;
    point(app, Point::Packed).await;
    let size = i64::try_from(blob.size).map_err(anyhow::Error::from)?;
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!(
            "UPDATE axis_outbox SET sha256 = $2, size = $3, fingerprint = $4, notation = $5, title = $6, state = $7, \
             pack_failures = 0 \
             WHERE id = $1 AND state = 'packing' AND connection_id = $8"
        ),
        args![
            packet.id,
            blob.digest.as_bytes(),
            size,
            fingerprint.as_slice(),
            ready.notation,
            ready.title,
            OutboxState::Waiting.as_str(),
            connection.id
        ],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Notes that a packet could not be packed: a file of it is missing or damaged, the disk is full. It waits by itself, longer
/// each time; in the end a person has to look.
///
/// # Errors
/// When the database fails.
pub async fn failed(app: &App, packet: &Packet) -> AppResult<()> {
    let failures = packet.pack_failures.saturating_add(1);
    if failures >= MAX_PACKINGS {
        let mut act = system_act(app).await?;
        give_up(&mut act, packet, OutboxState::Dead, NOT_PACKED).await?;
        return app.commit(act, &()).await;
    }
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!(
            "UPDATE axis_outbox SET pack_failures = $2, next_at = $3, last_error = $4 WHERE id = $1 AND state = 'packing'"
        ),
        args![packet.id, failures, app.clock.now() + pause(failures), NOT_PACKED],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Notes that a packet cannot be sent as it is, and shows why at its lines.
async fn refuse(app: &App, packet: &Packet, why: &str) -> AppResult<()> {
    let mut act = system_act(app).await?;
    give_up(&mut act, packet, OutboxState::Invalid, why).await?;
    app.commit(act, &()).await
}

/// Ends a packet that will not be sent: state, lines, journal.
///
/// # Errors
/// When the database fails.
pub async fn give_up(act: &mut Act, packet: &Packet, state: OutboxState, why: &str) -> AppResult<()> {
    let now = act.now();
    act.run(
        sql!("UPDATE axis_outbox SET state = $2, last_error = $3 WHERE id = $1"),
        args![packet.id, state.as_str(), why],
    )
    .await?;
    if let Some(dispatch) = packet.dispatch {
        for code in &packet.to {
            act.run(
                sql!(
                    "UPDATE dispatch_line SET state = $5, answer = $3, changed_at = $4 WHERE dispatch_id = $1 AND state = 'pending' \
                     AND delivery_id IN (SELECT id FROM delivery WHERE recipient_code = $2)"
                ),
                args![dispatch, code, why, now, PacketState::Failed.as_str()],
            )
            .await?;
            if packet.brings_the_document() {
                act.run(
                    sql!(
                        "UPDATE delivery SET state = 'failed', reason = $3, updated_at = $4 WHERE recipient_code = $2 \
                         AND state IN ('pending', 'sending') \
                         AND id IN (SELECT delivery_id FROM dispatch_line WHERE dispatch_id = $1)"
                    ),
                    args![dispatch, code, why, now],
                )
                .await?;
            }
        }
    }
    let what = if packet.is_status {
        "Trạng thái"
    } else {
        "Gói tin"
    };
    let (object_kind, object) = match packet.outgoing {
        Some(outgoing) => ("outgoing", outgoing.as_uuid()),
        None => ("axis_packet", packet.id),
    };
    act.journal(Entry {
        act: act_names::SEND_FAILED,
        object_kind,
        object,
        agency: Some(packet.agency),
        summary: format!(
            "{what} của văn bản {} không gửi được đến {}: {why}",
            packet.notation,
            packet.to.join(", ")
        ),
        details: json!({ "packet": packet.id, "state": state.as_str() }),
    })
    .await?;
    act.touch(packet.agency.as_uuid());
    Ok(())
}
