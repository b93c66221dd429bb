//! Facts of documents for the one access engine, each loaded in one way, and its answer as callers need it: what may
//! not be seen is not there.

use rules::{
    Decision,
    access::{self, Action, ObjectFacts, ObjectKind},
    ids::{IncomingId, PostId, SlipId, UnitId},
};
use store::{Act, Row, Sql, args, sql};
use uuid::Uuid;

use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
};

/// Everybody who took part in the object `$1`.
pub const PARTICIPANTS: Sql =
    sql!("SELECT post_id, unit_id, co_drafts FROM participant WHERE object_id = $1");

/// Notes that the post took part in the object, and so may see it from now on, and the head of its unit with it.
///
/// # Errors
/// When the database fails.
pub async fn took_part(act: &mut Act, object: Uuid, post: PostId) -> AppResult<()> {
    // Whoever only saw it in a submission slip stands there without a unit; now they do not depend on the slip any more.
    act.run(
        sql!(
            "INSERT INTO participant (object_id, post_id, unit_id) VALUES ($1, $2, (SELECT unit_id FROM post WHERE id = $2)) \
             ON CONFLICT (object_id, post_id) DO UPDATE SET unit_id = coalesce(participant.unit_id, excluded.unit_id), slip_id = NULL"
        ),
        args![object, post],
    )
    .await?;
    Ok(())
}

/// The facts of an incoming document: `row` has its `agency_id` and `state`, `participants` is [`PARTICIPANTS`].
///
/// # Errors
/// When a column is missing.
pub fn incoming(row: &Row, participants: &[Row]) -> store::Result<ObjectFacts> {
    let facts = ObjectFacts::new(ObjectKind::Incoming(row.parse("state")?), row.get("agency_id")?);
    with_participants(facts, participants)
}

/// The facts of an outgoing document: `row` has its `agency_id`, `state`, `drafter_post`, `unit_id`, `signer_post`.
///
/// # Errors
/// When a column is missing.
pub fn outgoing(row: &Row, participants: &[Row]) -> store::Result<ObjectFacts> {
    let mut facts = ObjectFacts::new(ObjectKind::Outgoing(row.parse("state")?), row.get("agency_id")?);
    facts.drafter_post = Some(row.get("drafter_post")?);
    facts.drafting_unit = row.get("unit_id")?;
    facts.signer_post = Some(row.get("signer_post")?);
    with_participants(facts, participants)
}

/// The facts of a submission slip: `row` has its `agency_id` and `maker_post`.
///
/// # Errors
/// When a column is missing.
pub fn slip(row: &Row, participants: &[Row]) -> store::Result<ObjectFacts> {
    let mut facts = ObjectFacts::new(ObjectKind::Slip, row.get("agency_id")?);
    facts.drafter_post = Some(row.get("maker_post")?);
    with_participants(facts, participants)
}

fn with_participants(mut facts: ObjectFacts, participants: &[Row]) -> store::Result<ObjectFacts> {
    for participant in participants {
        facts.participant_posts.push(participant.get("post_id")?);
        if participant.get::<bool>("co_drafts")? {
            facts.co_drafter_posts.push(participant.get("post_id")?);
        }
        facts
            .participant_units
            .extend(participant.get::<Option<UnitId>>("unit_id")?);
    }
    Ok(facts)
}

/// The facts of an incoming document, outside an act.
///
/// # Errors
/// [`AppError::NotFound`] when there is none; when the database fails.
pub async fn of_incoming(app: &App, id: IncomingId) -> AppResult<ObjectFacts> {
    let row = app
        .db
        .opt(
            sql!("SELECT agency_id, state FROM incoming WHERE id = $1"),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    Ok(incoming(&row, &app.db.all(PARTICIPANTS, args![id]).await?)?)
}

/// The facts of an outgoing document, outside an act.
///
/// # Errors
/// [`AppError::NotFound`] when there is none; when the database fails.
pub async fn of_outgoing(app: &App, id: Uuid) -> AppResult<ObjectFacts> {
    let row = app
        .db
        .opt(
            sql!("SELECT agency_id, state, drafter_post, unit_id, signer_post FROM outgoing WHERE id = $1"),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    Ok(outgoing(&row, &app.db.all(PARTICIPANTS, args![id]).await?)?)
}

/// The facts of a submission slip, outside an act.
///
/// # Errors
/// [`AppError::NotFound`] when there is none; when the database fails.
pub async fn of_slip(app: &App, id: SlipId) -> AppResult<ObjectFacts> {
    let row = app
        .db
        .opt(
            sql!("SELECT agency_id, maker_post FROM slip WHERE id = $1"),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    Ok(slip(&row, &app.db.all(PARTICIPANTS, args![id]).await?)?)
}

/// What is hidden looks as if it were not there; every other refusal is told.
///
/// # Errors
/// [`AppError::NotFound`] or the refusal.
pub fn visible<T>(decision: Decision<T>) -> AppResult<T> {
    decision.map_err(|refusal| {
        if refusal.code == access::hidden().code {
            AppError::NotFound
        } else {
            AppError::Refused(refusal)
        }
    })
}

/// Refuses what is not for this person.
///
/// # Errors
/// As [`visible`].
pub fn may(who: &Who, action: Action, object: &ObjectFacts) -> AppResult<()> {
    visible(access::decide(&who.actor, action, object)).map(drop)
}

/// Whether this person may do it, for lists that leave out what they may not.
pub fn is_allowed(who: &Who, action: Action, object: &ObjectFacts) -> bool {
    access::decide(&who.actor, action, object).is_ok()
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    fn count(folder: &Path, marks: &mut [(&str, Vec<String>)]) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                count(&path, marks);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                for (mark, found) in &mut *marks {
                    let times = text.matches(*mark).count();
                    found.extend((0..times).map(|_| path.display().to_string()));
                }
            }
        }
    }

    #[test]
    fn the_facts_of_documents_are_loaded_here_alone() {
        // Written in parts, so that this test does not find itself.
        let participants = format!("co_drafts FROM {} WHERE object_id", "participant");
        let facts = format!("ObjectFacts::{}(ObjectKind::", "new");
        let hidden = format!("access::{}()", "hidden");
        let mut marks = [
            (participants.as_str(), Vec::new()),
            (facts.as_str(), Vec::new()),
            (hidden.as_str(), Vec::new()),
        ];
        count(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut marks);
        for (mark, found) in marks {
            assert!(!found.is_empty(), "“{mark}” is nowhere");
            assert!(
                found.iter().all(|path| path.ends_with("src/access.rs")),
                "“{mark}” is also in {found:?}"
            );
        }
    }
}
