//! What goes along with a slip, as far as the reader may see it.

use rules::{access::Action, ids::OutgoingId, outgoing::OutgoingState};
use store::{args, sql};

use super::load::Slip;
use crate::{
    access,
    context::{App, Who},
    error::AppResult,
    incoming, outgoing,
};

/// Something that goes along, as far as the reader may see it.
#[derive(Debug, Clone)]
pub struct Attached {
    pub label: String,
    /// Empty for whom may not open it.
    pub href: String,
}

/// The draft that goes along.
///
/// # Errors
/// When the database fails.
pub async fn draft(app: &App, who: &Who, slip: &Slip) -> AppResult<Option<Attached>> {
    let Some(id) = slip.outgoing else { return Ok(None) };
    let object = access::of_outgoing(app, id.as_uuid()).await?;
    if !access::is_allowed(who, Action::View, &object) {
        return as_laid_before(app, slip, id).await;
    }
    let row = app
        .db
        .one(
            sql!("SELECT subject, state, number, symbol FROM outgoing WHERE id = $1"),
            args![id],
        )
        .await?;
    let state: OutgoingState = row.parse("state")?;
    let printed = row
        .get::<Option<u32>>("number")?
        .zip(row.get::<Option<String>>("symbol")?)
        .map(|(number, symbol)| format!("{}, ", rules::numbering::number_and_symbol(number, &symbol)))
        .unwrap_or_default();
    Ok(Some(Attached {
        label: format!(
            "{printed}{} ({})",
            row.get::<String>("subject")?,
            state.label().to_lowercase()
        ),
        href: format!("/outgoing/{id}"),
    }))
}

/// The draft for somebody who does not see it any more: called what it was called in the last round that they see.
async fn as_laid_before(app: &App, slip: &Slip, id: OutgoingId) -> AppResult<Option<Attached>> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT outgoing_version FROM slip_round WHERE slip_id = $1 AND round = $2 AND outgoing_version IS NOT NULL"
            ),
            args![slip.id, slip.seen],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let version: u32 = row.get("outgoing_version")?;
    let subject = outgoing::carried::subject_of(app, id, version).await?;
    Ok(Some(Attached {
        label: format!("{subject} (dự thảo, phiên bản {version})"),
        href: String::new(),
    }))
}

/// The incoming document that the slip is about.
///
/// # Errors
/// When the database fails.
pub async fn about(app: &App, who: &Who, slip: &Slip) -> AppResult<Option<Attached>> {
    let Some(id) = slip.incoming else { return Ok(None) };
    let row = app
        .db
        .one(
            sql!("SELECT subject, number, symbol FROM incoming WHERE id = $1"),
            args![id],
        )
        .await?;
    let is_seen = access::is_allowed(who, Action::View, &access::of_incoming(app, id).await?);
    let printed = incoming::printed(&row.get::<String>("number")?, &row.get::<String>("symbol")?);
    let subject: String = row.get("subject")?;
    Ok(Some(Attached {
        label: if printed.is_empty() {
            subject
        } else {
            format!("{printed}: {subject}")
        },
        href: if is_seen {
            format!("/incoming/{id}")
        } else {
            String::new()
        },
    }))
}
