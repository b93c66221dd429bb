//! What the pages of documents show of their packets.

use rules::{
    ids::{IncomingId, OutgoingId},
    incoming::IncomingState,
    people::Role,
};
use store::{args, sql};
use uuid::Uuid;

use super::business_label;
use crate::{
    context::{App, Who},
    error::AppResult,
    exchange::axis::{
        receive::Note,
        states::{InboxState, OutboxState},
    },
    web::{
        format,
        page::{Badge, BoxLink},
    },
};

/// A packet of a document.
#[derive(Debug, Clone)]
pub struct PacketNote {
    /// Its page.
    pub href: String,
    /// What it is.
    pub label: String,
    /// Where it stands.
    pub state: Badge,
    /// What the clerk should know.
    pub notes: Vec<String>,
}

/// The link of the left column, for those who follow the exchange.
pub fn link(who: &Who) -> Option<BoxLink> {
    matches!(who.role(), Role::Clerk | Role::Administrator)
        .then(|| BoxLink::new("exchange", "Trục liên thông", "/exchange", "share-3"))
}

/// The packet that an incoming document came in, with its warnings; nothing for one that came otherwise.
///
/// # Errors
/// When the database fails.
pub async fn notes_of_incoming(app: &App, id: IncomingId) -> AppResult<Vec<PacketNote>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT x.id, x.business, x.state, x.warnings, x.listed_at, d.state AS document_state FROM axis_inbox x \
                 JOIN incoming d ON d.id = x.incoming_id WHERE x.incoming_id = $1 ORDER BY x.id LIMIT 20"
            ),
            args![id],
        )
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let packet: Uuid = row.get("id")?;
        let state: InboxState = row.parse("state")?;
        // A recall may come as a status, which is about no business.
        let what = match business_label(&row.get::<String>("business")?) {
            "" => "Trạng thái",
            label => label,
        };
        let is_recalled = row.parse::<IncomingState>("document_state")? == IncomingState::Recalled;
        // They name files, and repeat what the message says.
        let notes: Vec<Note> = if is_recalled {
            Vec::new()
        } else {
            row.json("warnings")?
        };
        found.push(PacketNote {
            href: format!("/exchange/received/{packet}"),
            label: format!("{what}, nhận {}", format::moment(row.get("listed_at")?)),
            state: state.badge(),
            notes: notes.into_iter().map(|note| note.message).collect(),
        });
    }
    Ok(found)
}

/// The packets in which an outgoing document, and what was said about it later, was sent.
///
/// # Errors
/// When the database fails.
pub async fn packets_of_outgoing(app: &App, id: OutgoingId) -> AppResult<Vec<PacketNote>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, business, kind, to_codes, state, last_error, created_at FROM axis_outbox WHERE outgoing_id = $1 \
                 ORDER BY id LIMIT 200"
            ),
            args![id],
        )
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let packet: Uuid = row.get("id")?;
        let state: OutboxState = row.parse("state")?;
        let to: Vec<String> = row.json("to_codes")?;
        let what = business_label(&row.get::<String>("business")?);
        found.push(PacketNote {
            href: format!("/exchange/sent/{packet}"),
            label: format!(
                "{what} đến {}, {}",
                to.join(", "),
                format::moment(row.get("created_at")?)
            ),
            state: state.badge(),
            notes: row.get::<Option<String>>("last_error")?.into_iter().collect(),
        });
    }
    Ok(found)
}
