//! The axis has a packet: what that means for the packet, for its lines, and for the journal of the document.

use rules::{exchange::PacketState, ids::DeliveryId, numbering};
use serde_json::json;
use store::{Act, Digest, Entry, args, sql};
use uuid::Uuid;

use super::{pack::Packet, system_act};
use crate::{
    act_names,
    context::App,
    error::AppResult,
    exchange::evidence::{Noted, NotedFile, Party},
    incoming,
};

/// A line that was sent.
struct Line {
    delivery: DeliveryId,
    name: String,
    code: String,
}

/// Writes down that the axis has it; under which id, unless only its recipients have told.
///
/// # Errors
/// When the database fails; the packet is then found on the axis' list.
pub async fn settle(app: &App, packet: &Packet, doc_id: Option<&str>) -> AppResult<()> {
    let mut act = system_act(app).await?;
    note(&mut act, packet, doc_id).await?;
    app.commit(act, &()).await
}

/// The same within the act of a person who asked the recipients.
///
/// # Errors
/// When the database fails.
pub async fn note(act: &mut Act, packet: &Packet, doc_id: Option<&str>) -> AppResult<()> {
    let now = act.now();
    act.run(
        sql!("UPDATE axis_outbox SET state = 'sent', axis_doc_id = $2, sent_at = $3, last_error = NULL WHERE id = $1"),
        args![packet.id, doc_id.map(str::to_owned), now],
    )
    .await?;
    let lines = note_lines(act, packet).await?;
    for line in &lines {
        journal_line(act, packet, doc_id, line).await?;
    }
    if lines.is_empty() {
        let (object_kind, object) = match packet.outgoing {
            Some(outgoing) => ("outgoing", outgoing.as_uuid()),
            None => ("axis_packet", packet.id),
        };
        let what = if packet.is_status {
            "trạng thái"
        } else {
            "gói tin"
        };
        act.journal(Entry {
            act: act_names::SEND,
            object_kind,
            object,
            agency: Some(packet.agency),
            summary: format!(
                "Gửi {what} của văn bản {} đến {} qua trục liên thông.",
                packet.notation,
                packet.to.join(", ")
            ),
            details: json!({ "axis_packet": packet.id, "axis_doc_id": doc_id, "to": packet.to }),
        })
        .await?;
    }
    act.touch(packet.agency.as_uuid());
    Ok(())
}

/// Notes at the lines of the packet that they were sent.
async fn note_lines(act: &mut Act, packet: &Packet) -> AppResult<Vec<Line>> {
    let Some(dispatch) = packet.dispatch else {
        return Ok(Vec::new());
    };
    let now = act.now();
    let mut lines = Vec::new();
    for code in &packet.to {
        for row in act
            .all(
                sql!(
                    "UPDATE dispatch_line SET state = $3, changed_at = $4, answer = NULL WHERE dispatch_id = $1 AND state = 'pending' \
                     AND delivery_id IN (SELECT id FROM delivery WHERE recipient_code = $2) RETURNING delivery_id"
                ),
                args![dispatch, code, PacketState::Sent.as_str(), now],
            )
            .await?
        {
            let delivery: DeliveryId = row.get("delivery_id")?;
            // A state that overtook the answer of the axis stays.
            let line = act
                .one(
                    sql!(
                        "UPDATE delivery SET sent_at = coalesce(sent_at, $2), updated_at = $2, \
                         reason = CASE WHEN state IN ('pending', 'sending', 'failed') THEN NULL ELSE reason END, \
                         state = CASE WHEN state IN ('pending', 'sending', 'failed') THEN 'sent' ELSE state END \
                         WHERE id = $1 RETURNING recipient_name"
                    ),
                    args![delivery, now],
                )
                .await?;
            lines.push(Line {
                delivery,
                name: line.get("recipient_name")?,
                code: code.clone(),
            });
        }
    }
    Ok(lines)
}

/// One entry for each line: a bundle of evidence about it is made from there.
async fn journal_line(act: &mut Act, packet: &Packet, doc_id: Option<&str>, line: &Line) -> AppResult<()> {
    let Some(outgoing) = packet.outgoing else {
        return Ok(());
    };
    let (name, what) = match (packet.is_status, packet.business.as_str()) {
        (false, "new" | "replace") => (act_names::SEND, "Gửi"),
        (false, "update") => (act_names::SEND_REQUEST, "Gửi nội dung cập nhật"),
        _ => (act_names::SEND_REQUEST, "Gửi yêu cầu thu hồi"),
    };
    let mut details = if name == act_names::SEND {
        serde_json::to_value(noted(act, packet, line).await?)?
    } else {
        json!({})
    };
    details["delivery"] = json!(line.delivery);
    details["dispatch"] = json!(packet.dispatch);
    details["business"] = json!(packet.business);
    details["axis_packet"] = json!(packet.id);
    details["axis_doc_id"] = json!(doc_id);
    act.journal(Entry {
        act: name,
        object_kind: "outgoing",
        object: outgoing.as_uuid(),
        agency: Some(packet.agency),
        summary: format!("{what} đến {} qua trục liên thông.", line.name),
        details,
    })
    .await?;
    Ok(())
}

async fn noted(act: &mut Act, packet: &Packet, line: &Line) -> AppResult<Noted> {
    let row = act
        .one(
            sql!(
                "SELECT o.number, o.symbol, o.subject, o.document_code, o.file_set, d.file_set AS sent_set, a.name FROM outgoing o \
                 JOIN agency a ON a.id = o.agency_id JOIN dispatch d ON d.id = $2 WHERE o.id = $1"
            ),
            args![packet.outgoing, packet.dispatch],
        )
        .await?;
    let number = row
        .get::<Option<u32>>("number")?
        .map(numbering::printed_number)
        .unwrap_or_default();
    let symbol: String = row.get::<Option<String>>("symbol")?.unwrap_or_default();
    let set: Option<Uuid> = match row.get::<Option<Uuid>>("sent_set")? {
        Some(set) => Some(set),
        None => row.get("file_set")?,
    };
    let sha256 = match &packet.sha256 {
        Some(bytes) => Some(Digest::from_slice(bytes)?.to_string()),
        None => None,
    };
    Ok(Noted {
        document_code: row.get("document_code")?,
        number_and_symbol: incoming::printed(&number, &symbol),
        subject: row.get("subject")?,
        sender: Party {
            name: row.get("name")?,
            code: Some(packet.from.clone()),
        },
        recipient: Party {
            name: line.name.clone(),
            code: Some(line.code.clone()),
        },
        channel: "axis".to_owned(),
        files: NotedFile::of_set(act, set).await?,
        packet: sha256.map(|sha256| NotedFile {
            name: "goi-tin.edxml".to_owned(),
            sha256,
        }),
    })
}
