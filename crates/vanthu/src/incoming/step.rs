//! What every act on an incoming document does after its rule agreed: state, desk, journal, status to the sender.

use rules::{ids::IncomingId, incoming::IncomingPlan};
use serde::{Deserialize, Serialize};
use store::{Act, Entry, args, sql};
use utoipa::ToSchema;

use super::load::Doc;
use crate::{desk, error::AppResult, exchange};

/// The answer of an act: where the document now stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Done {
    /// The document.
    #[schema(value_type = uuid::Uuid)]
    pub id: IncomingId,
    /// Its state, `registered`, `assigned`…
    pub state: String,
    /// The state in Vietnamese.
    pub state_label: String,
}

/// What the journal and the sender are told.
pub(super) struct Told<'a> {
    /// The act's name: `incoming.present`.
    pub act: &'static str,
    /// The sentence of the history.
    pub summary: String,
    /// What was said: directive, opinion, reason, result.
    pub note: &'a str,
    /// The status message's description for the sender; the state's label when empty.
    pub for_sender: &'a str,
    /// Everything else worth proving later.
    pub details: serde_json::Value,
}

/// Saves the step of `plan`, moves the document on the desks, writes the journal, and sends the status back.
///
/// # Errors
/// When the database fails.
pub(super) async fn take(act: &mut Act, doc: &Doc, plan: IncomingPlan, told: Told<'_>) -> AppResult<Done> {
    let now = act.now();
    act.run(
        sql!("UPDATE incoming SET state = $2, updated_at = $3 WHERE id = $1"),
        args![doc.id, plan.next.as_str(), now],
    )
    .await?;
    desk::refresh_incoming(act, doc.id).await?;
    let mut details = told.details;
    if let (Some(fields), false) = (details.as_object_mut(), told.note.is_empty()) {
        fields.insert("note".to_owned(), told.note.into());
    }
    act.journal(Entry {
        act: told.act,
        object_kind: "incoming",
        object: doc.id.as_uuid(),
        agency: None,
        summary: told.summary,
        details,
    })
    .await?;
    if let Some(code) = plan.status {
        let description = if told.for_sender.is_empty() {
            code.label()
        } else {
            told.for_sender
        };
        exchange::report(act, doc.id, code, description).await?;
    }
    Ok(Done {
        id: doc.id,
        state: plan.next.as_str().to_owned(),
        state_label: plan.next.label().to_owned(),
    })
}
