//! Đánh dấu đã xem: whoever only has to know says so without opening the document (CN-130).

use rules::{
    access::Action,
    ids::{CommandId, IncomingId},
    incoming,
};
use store::{Begun, Entry};

use super::assign;
use crate::{
    act_names,
    context::{App, Who},
    desk,
    error::AppResult,
    incoming::{load, step::Done},
};

/// Marks the own part that is for information as seen; it stays where it is until it is completed.
///
/// # Errors
/// The refusals of [`incoming::mark_seen`].
pub(in crate::incoming) async fn mark_seen(
    app: &App,
    who: &Who,
    command: CommandId,
    id: IncomingId,
) -> AppResult<Done> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let doc = load::for_change(&mut act, who, id, Action::View).await?;
    let own = assign::held(who, &doc);
    incoming::mark_seen(&who.actor, &doc.facts, &own)?;
    let now = act.now();
    desk::note_seen(&mut act, who, id.as_uuid(), now).await?;
    act.journal(Entry {
        act: act_names::MARK_SEEN,
        object_kind: "incoming",
        object: id.as_uuid(),
        agency: None,
        summary: "Đánh dấu đã xem".to_owned(),
        details: serde_json::json!({ "assignment": own.id }),
    })
    .await?;
    let done = Done {
        id,
        state: doc.facts.state.as_str().to_owned(),
        state_label: doc.facts.state.label().to_owned(),
    };
    app.commit(act, &done).await?;
    Ok(done)
}
