//! How a packet ends on our side: one row changed, within the act of its effect.

use rules::ids::{AgencyId, IncomingId, OutgoingId};
use serde_json::json;
use store::{Act, Digest, Entry, args, sql};

use super::{note::Note, read::Read, row::Incoming};
use crate::{
    act_names,
    context::App,
    error::AppResult,
    exchange::axis::{
        connections::{Connection, own_code},
        matching::plain_text,
        states::InboxState,
        system_act,
    },
};

/// What is noted of a packet when it is settled.
pub struct Settled<'a> {
    /// Its end.
    pub state: InboxState,
    /// The agency of ours.
    pub agency: Option<AgencyId>,
    /// The document of ours that it became, or is about.
    pub incoming: Option<IncomingId>,
    /// The document of ours that a status is about.
    pub outgoing: Option<OutgoingId>,
    /// Identifier of the document that it is about.
    pub document_id: Option<&'a str>,
    /// `edoc` or `status`, by content.
    pub kind: &'static str,
    /// `new`, `recall`, `update`, `replace`; empty for a status.
    pub business: &'static str,
    /// One line for lists.
    pub summary: String,
    /// For the clerk.
    pub notes: &'a [Note],
    /// Why it is in that state; shown.
    pub why: Option<&'a str>,
}

/// Takes the packet for this act. `false` when it is settled already: then nothing may happen.
///
/// # Errors
/// When the database fails.
pub async fn is_mine(act: &mut Act, packet: &Incoming) -> AppResult<bool> {
    let mine = act
        .run(
            sql!("UPDATE axis_inbox SET attempts = attempts + 1 WHERE id = $1 AND state = 'listed'"),
            args![packet.id],
        )
        .await?;
    Ok(mine > 0)
}

/// Writes the end of a packet.
///
/// # Errors
/// When the database fails.
pub async fn settle(act: &mut Act, packet: &Incoming, read: &Read, settled: &Settled<'_>) -> AppResult<()> {
    let now = act.now();
    let from = read.message.from();
    let name = from.organ_name.clone().unwrap_or_default();
    act.run(
        sql!(
            "UPDATE axis_inbox SET state = $2, agency_id = $3, incoming_id = $4, outgoing_id = $5, document_id = $6, kind = $7, \
             business = $8, sender_code = $9, sender_name = $10, summary = $11, warnings = $12, signature = $13, \
             fingerprint = $14, last_error = $15, settled_at = $16, next_at = $16 WHERE id = $1"
        ),
        args![
            packet.id,
            settled.state.as_str(),
            settled.agency,
            settled.incoming,
            settled.outgoing,
            settled.document_id.map(plain_text),
            settled.kind,
            settled.business,
            from.organ_id.as_str(),
            name,
            settled.summary.as_str(),
            serde_json::to_string(settled.notes)?,
            read.signature,
            read.fingerprint.as_slice(),
            settled.why,
            now
        ],
    )
    .await?;
    match settled.incoming {
        Some(document) => forget_withdrawn(act, document).await,
        None => Ok(()),
    }
}

/// What was recalled is cancelled here (ND30-18.4b); its packets, and those about it, say it all over again. They name their bytes no more,
/// which the daily sweep then removes; but one that brought another document too, the notice of the recall, keeps them for that.
///
/// # Errors
/// When the database fails.
pub async fn forget_withdrawn(act: &mut Act, document: IncomingId) -> AppResult<()> {
    act.run(
        sql!(
            "UPDATE axis_inbox SET sha256 = NULL, size = NULL WHERE incoming_id = $1 AND sha256 IS NOT NULL \
             AND EXISTS (SELECT 1 FROM incoming d WHERE d.id = $1 AND d.state = 'recalled') \
             AND NOT EXISTS (SELECT 1 FROM incoming n WHERE n.packet_id = axis_inbox.id AND n.state <> 'recalled')"
        ),
        args![document],
    )
    .await?;
    Ok(())
}

/// Puts a packet aside that cannot be read: the axis is told, the administrator sees it, the bytes are kept.
///
/// # Errors
/// When the database fails.
pub async fn quarantine(app: &App, connection: &Connection, packet: &Incoming, why: &str) -> AppResult<()> {
    // Its code says whose it is, even if nothing else can be read.
    let agency = match packet.agency {
        Some(agency) => Some(agency),
        None => own_code(app, connection.id, &packet.to)
            .await?
            .map(|(agency, _)| agency),
    };
    let mut act = system_act(app).await?;
    if !is_mine(&mut act, packet).await? {
        return Ok(());
    }
    let now = act.now();
    act.run(
        sql!(
            "UPDATE axis_inbox SET state = $2, last_error = $3, settled_at = $4, next_at = $4, agency_id = $5 WHERE id = $1"
        ),
        args![packet.id, InboxState::Quarantined.as_str(), why, now, agency],
    )
    .await?;
    act.journal(Entry {
        act: act_names::PACKET_UNREADABLE,
        object_kind: "axis_packet",
        object: packet.id,
        agency,
        summary: format!(
            "Gói tin {} từ {} qua kết nối “{}” không đọc được: {why}",
            packet.doc_id, packet.from, connection.name
        ),
        details: json!({ "axis_doc_id": packet.doc_id }),
    })
    .await?;
    tracing::warn!(packet = %packet.id, connection = %connection.name, why, "a packet could not be read");
    app.commit(act, &()).await
}

/// Removes the bytes of a packet with a mark of state secrecy, once nothing names them.
///
/// # Errors
/// When the store fails.
pub async fn forget_bytes(app: &App, packet: &Incoming, digest: Digest) -> AppResult<()> {
    let named = app
        .db
        .opt(
            sql!(
                "SELECT id FROM axis_inbox WHERE sha256 = $1 AND id <> $2 UNION ALL SELECT id FROM file WHERE sha256 = $1 LIMIT 1"
            ),
            args![digest.as_bytes(), packet.id],
        )
        .await?;
    if named.is_none()
        && let Some(aside) = app.blobs.set_aside(digest, std::time::Duration::ZERO).await?
    {
        aside.remove().await?;
    }
    Ok(())
}
