//! Exactly once, for ever: what was taken in is known by its content.

use edxml::model::{BusinessKind, DocumentMessage};
use rules::{exchange::Business, ids::IncomingId};
use serde_json::json;
use store::{Act, Entry, Row, args, sql};
use uuid::Uuid;

use super::{document::settled, known::Known, read::Read, row::Incoming, settle};
use crate::{
    act_names,
    error::AppResult,
    exchange::axis::{
        matching::{plain_code, plain_text},
        states::InboxState,
    },
};

/// What makes a document one and the same: its identifier, else number, symbol and date.
fn identity(message: &DocumentMessage) -> String {
    match &message.document_id {
        Some(id) => plain_text(id),
        None => plain_text(&format!(
            "{}@{}",
            message.code().unwrap_or_default(),
            message
                .promulgation_date
                .map(|day| day.to_string())
                .unwrap_or_default()
        )),
    }
}

/// Notes that this content was taken in. The packet that brought it before, when it was. The content says who sent what, so
/// nothing that the directory says today counts.
///
/// # Errors
/// When the database fails.
pub async fn taken_before(
    act: &mut Act,
    packet: &Incoming,
    read: &Read,
    message: &DocumentMessage,
    known: &Known,
) -> AppResult<Option<Uuid>> {
    let now = act.now();
    let fresh = act
        .run(
            sql!(
                "INSERT INTO axis_taken (agency_id, fingerprint, sender, document_id, inbox_id, at) VALUES ($1, $2, $3, $4, $5, $6) \
                 ON CONFLICT DO NOTHING"
            ),
            args![
                known.agency,
                read.fingerprint.as_slice(),
                plain_code(&message.from.organ_id),
                identity(message),
                packet.id,
                now
            ],
        )
        .await?;
    if fresh > 0 {
        return Ok(None);
    }
    let row = act
        .one(
            sql!("SELECT inbox_id FROM axis_taken WHERE agency_id = $1 AND fingerprint = $2"),
            args![known.agency, read.fingerprint.as_slice()],
        )
        .await?;
    Ok(Some(row.get("inbox_id")?))
}

/// What was taken in of the same document from the same sender, by whichever of its codes, oldest first.
async fn of_document(act: &mut Act, message: &DocumentMessage, known: &Known) -> AppResult<Vec<Row>> {
    let rows = act
        .all(
            sql!(
                "SELECT t.inbox_id, t.sender, t.fingerprint, x.business, d.id FROM axis_taken t \
                 JOIN axis_inbox x ON x.id = t.inbox_id LEFT JOIN incoming d ON d.packet_id = x.id \
                 WHERE t.agency_id = $1 AND t.document_id = $2 ORDER BY t.at, t.inbox_id"
            ),
            args![known.agency, identity(message)],
        )
        .await?;
    let mut theirs = Vec::with_capacity(rows.len());
    for row in rows {
        if known.sender.contains(&row.get::<String>("sender")?) {
            theirs.push(row);
        }
    }
    Ok(theirs)
}

/// Whether the same document came before with another content (CN-108).
///
/// # Errors
/// When the database fails.
pub async fn came_otherwise(
    act: &mut Act,
    read: &Read,
    message: &DocumentMessage,
    known: &Known,
) -> AppResult<bool> {
    for row in of_document(act, message, known).await? {
        if row.get::<Vec<u8>>("fingerprint")? != read.fingerprint {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The update that overtook this document and was taken in its place: it brought the same files and newer facts.
///
/// # Errors
/// When the database fails.
pub async fn overtaken_by(
    act: &mut Act,
    read: &Read,
    message: &DocumentMessage,
    known: &Known,
) -> AppResult<Option<(Uuid, IncomingId)>> {
    if !matches!(message.business.kind, BusinessKind::New | BusinessKind::Replace) || !known.is_from_channel {
        return Ok(None);
    }
    let mut update = None;
    for row in &of_document(act, message, known).await? {
        if row.get::<Vec<u8>>("fingerprint")? == read.fingerprint {
            // This packet itself.
            continue;
        }
        let business: String = row.get("business")?;
        if business == Business::New.as_str() || business == Business::Replace.as_str() {
            // It came itself before: this one says something else.
            return Ok(None);
        }
        if business == Business::Update.as_str()
            && update.is_none()
            && let Some(document) = row.get::<Option<IncomingId>>("id")?
        {
            update = Some((row.get("inbox_id")?, document));
        }
    }
    Ok(update)
}

/// A packet of the same content came before: it is noted, and nothing else happens.
///
/// # Errors
/// When the database fails.
pub async fn note_duplicate(
    act: &mut Act,
    packet: &Incoming,
    read: &Read,
    message: &DocumentMessage,
    known: &Known,
    first: Uuid,
) -> AppResult<()> {
    let row = act
        .one(
            sql!("SELECT incoming_id, axis_doc_id FROM axis_inbox WHERE id = $1"),
            args![first],
        )
        .await?;
    let incoming: Option<IncomingId> = row.get("incoming_id")?;
    let end = settled(InboxState::Duplicate, message, Some(known), incoming);
    settle::settle(act, packet, read, &end).await?;
    let (object_kind, object) = match incoming {
        Some(id) => ("incoming", id.as_uuid()),
        None => ("axis_packet", packet.id),
    };
    act.journal(Entry {
        act: act_names::PACKET_DUPLICATE,
        object_kind,
        object,
        agency: Some(known.agency),
        summary: format!(
            "Nhận lại gói tin trùng của văn bản {}; không tạo văn bản mới.",
            message.code().unwrap_or_default()
        ),
        details: json!({ "packet": packet.id, "first": first, "axis_doc_id": packet.doc_id }),
    })
    .await?;
    Ok(())
}
