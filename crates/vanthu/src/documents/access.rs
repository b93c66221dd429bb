//! Whether a person may see a document, from its rows: the facts for the one access engine.

use rules::{
    access::{self, Action, ObjectFacts, ObjectKind},
    ids::{PostId, UnitId},
};
use store::{Row, args, sql};
use uuid::Uuid;

use crate::{
    context::{App, Who},
    error::AppResult,
};

/// Whether `who` may see the document `id` of kind `incoming` or `outgoing`.
///
/// # Errors
/// When the database fails.
pub async fn may_view(app: &App, who: &Who, kind: &str, id: Uuid) -> AppResult<bool> {
    let facts = if kind == "outgoing" {
        let row = app
            .db
            .opt(
                sql!(
                    "SELECT agency_id, state, drafter_post, unit_id, signer_post FROM outgoing WHERE id = $1"
                ),
                args![id],
            )
            .await?;
        let Some(row) = row else { return Ok(false) };
        let mut facts = ObjectFacts::new(ObjectKind::Outgoing(row.parse("state")?), row.get("agency_id")?);
        facts.drafter_post = Some(row.get("drafter_post")?);
        facts.drafting_unit = row.get("unit_id")?;
        facts.signer_post = Some(row.get("signer_post")?);
        facts
    } else {
        let row = app
            .db
            .opt(
                sql!("SELECT agency_id, state FROM incoming WHERE id = $1"),
                args![id],
            )
            .await?;
        let Some(row) = row else { return Ok(false) };
        ObjectFacts::new(ObjectKind::Incoming(row.parse("state")?), row.get("agency_id")?)
    };
    let facts = with_participants(app, facts, id).await?;
    Ok(access::decide(&who.actor, Action::View, &facts).is_ok())
}

/// Adds everybody who took part.
async fn with_participants(app: &App, mut facts: ObjectFacts, id: Uuid) -> AppResult<ObjectFacts> {
    let rows = app
        .db
        .all(
            sql!("SELECT post_id, unit_id FROM participant WHERE object_id = $1"),
            args![id],
        )
        .await?;
    facts.participant_posts = rows
        .iter()
        .map(|row: &Row| row.get::<PostId>("post_id"))
        .collect::<store::Result<_>>()?;
    let units = rows
        .iter()
        .map(|row: &Row| row.get::<Option<UnitId>>("unit_id"))
        .collect::<store::Result<Vec<_>>>()?;
    facts.participant_units = units.into_iter().flatten().collect();
    Ok(facts)
}
