//! Văn bản thay thế (ND30-18.3): at issue the replaced documents are marked, and recipients get the link (business type 3).

use rules::{
    exchange::{self as rule, Business, IssuedFacts},
    ids::OutgoingId,
    outgoing::OutgoingState,
};
use serde_json::json;
use store::{Act, Entry, args, sql};

use super::issued;
use crate::{
    act_names,
    context::{App, Who},
    error::AppResult,
};

/// Whether a draft of the person's agency may name these documents as replaced.
///
/// # Errors
/// The refusals of [`rules::exchange::replace`].
pub(in crate::outgoing) async fn check(
    app: &App,
    who: &Who,
    draft: Option<OutgoingId>,
    replaces: &[OutgoingId],
) -> AppResult<()> {
    for id in replaces {
        let named = issued::named_in_draft(app, who.agency(), *id).await?;
        let facts = named.map_or_else(|| nothing(who), |named| named.facts);
        rule::replace(who.agency(), &facts, draft == Some(*id))?;
    }
    Ok(())
}

/// Marks the replaced documents when the one that replaces them is issued. Gives what the packets are about.
///
/// # Errors
/// The refusals of [`rules::exchange::replace`]: much may have happened since the draft was saved.
pub(in crate::outgoing) async fn link(
    act: &mut Act,
    who: &Who,
    id: OutgoingId,
    number_and_symbol: &str,
    replaces: &[OutgoingId],
) -> AppResult<Business> {
    for replaced in replaces {
        let named = issued::named(act, who.agency(), *replaced).await?;
        let facts = named.map_or_else(|| nothing(who), |named| named.facts);
        rule::replace(who.agency(), &facts, id == *replaced)?;
        act.run(
            sql!("UPDATE outgoing SET replaced_by = $2 WHERE id = $1"),
            args![*replaced, id],
        )
        .await?;
        act.journal(Entry {
            act: act_names::REPLACED_OUTGOING,
            object_kind: "outgoing",
            object: replaced.as_uuid(),
            agency: None,
            summary: format!("Bị thay thế bởi văn bản số {number_and_symbol}."),
            details: json!({ "replaced_by": id }),
        })
        .await?;
    }
    Ok(if replaces.is_empty() {
        Business::New
    } else {
        Business::Replace
    })
}

/// What is not there, or is another agency's, looks like a draft.
pub(super) const fn nothing(who: &Who) -> IssuedFacts {
    IssuedFacts {
        agency: who.actor.agency,
        state: OutgoingState::Draft,
        is_recalled: false,
        is_replaced: false,
        awaits_update: false,
    }
}
