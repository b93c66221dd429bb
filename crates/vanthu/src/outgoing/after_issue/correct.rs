//! Công văn đính chính (ND30-18.3, CN-219): an official letter names the issued documents whose form it corrects. Their files never change;
//! when the letter is issued it stands in their journal, and both sides show each other.

use rules::{exchange as rule, ids::OutgoingId};
use serde_json::json;
use store::{Act, Entry, args, sql};

use super::{issued, replace};
use crate::{
    act_names,
    context::{App, Who},
    error::AppResult,
    outgoing::drafting::content::Content,
};

/// Whether a draft of the person's agency, of this kind, may name these documents as corrected.
///
/// # Errors
/// The refusals of [`rules::exchange::correct`].
pub(in crate::outgoing) async fn check(
    app: &App,
    who: &Who,
    draft: Option<OutgoingId>,
    type_key: &str,
    corrects: &[OutgoingId],
) -> AppResult<()> {
    for id in corrects {
        let named = issued::named_in_draft(app, who.agency(), *id).await?;
        let facts = named.map_or_else(|| replace::nothing(who), |named| named.facts);
        rule::correct(who.agency(), type_key, &facts, draft == Some(*id))?;
    }
    Ok(())
}

/// Tells the corrected documents when the letter is issued.
///
/// # Errors
/// The refusals of [`rules::exchange::correct`]: much may have happened since the draft was saved.
pub(in crate::outgoing) async fn link(
    act: &mut Act,
    who: &Who,
    id: OutgoingId,
    number_and_symbol: &str,
    content: &Content,
) -> AppResult<()> {
    for corrected in &content.corrects {
        let named = issued::named(act, who.agency(), *corrected).await?;
        let facts = named.map_or_else(|| replace::nothing(who), |named| named.facts);
        rule::correct(who.agency(), &content.type_key, &facts, id == *corrected)?;
        act.journal(Entry {
            act: act_names::CORRECTED,
            object_kind: "outgoing",
            object: corrected.as_uuid(),
            agency: None,
            summary: format!("Được đính chính bằng công văn số {number_and_symbol}."),
            details: json!({ "corrected_by": id }),
        })
        .await?;
    }
    Ok(())
}

/// The issued letters that correct a document, oldest first.
///
/// # Errors
/// When the database fails.
pub(in crate::outgoing) async fn corrected_by(app: &App, id: OutgoingId) -> AppResult<Vec<OutgoingId>> {
    let rows = app
        .db
        .all(
            sql!("SELECT details FROM journal WHERE object_id = $1 AND act = $2 ORDER BY seq"),
            args![id, act_names::CORRECTED],
        )
        .await?;
    let mut letters = Vec::with_capacity(rows.len());
    for row in &rows {
        let details: serde_json::Value = row.json("details")?;
        letters.extend(
            details["corrected_by"]
                .as_str()
                .and_then(|letter| letter.parse::<OutgoingId>().ok()),
        );
    }
    Ok(letters)
}
