//! Writing notices, and forgetting them.

use jiff::SignedDuration;
use rules::ids::{AgencyId, IncomingId, PostId};
use store::{Act, args, sql};
use uuid::Uuid;

use super::source::{ENVELOPE, Source};
use crate::{
    access,
    context::App,
    desk::{DeskBox, Owner, place::Place},
    error::AppResult,
};

/// Nobody looks for what came longer ago: the boxes have what still waits.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 60);

/// Notes that a document came to this place, within the act that laid it there.
///
/// # Errors
/// When the database fails.
pub async fn came(act: &mut Act, place: &Place, object: Uuid, kind: &'static str) -> AppResult<()> {
    if !place.desk_box.is_counted() {
        return Ok(());
    }
    tell(act, place.owner, Source::of(place), object, kind).await
}

/// Notes that an envelope waits for `owner`: its addressee, or the clerks to whom it came back. Nothing of it lies on a desk.
///
/// # Errors
/// When the database fails.
pub async fn envelope_came(act: &mut Act, owner: Uuid, envelope: Uuid) -> AppResult<()> {
    tell(act, owner, Source::Envelopes, envelope, ENVELOPE).await?;
    act.touch(owner);
    Ok(())
}

/// Notes that an envelope was registered: the clerks need not be told of it any more.
///
/// # Errors
/// When the database fails.
pub async fn envelope_registered(act: &mut Act, clerks: Uuid, envelope: Uuid) -> AppResult<()> {
    act.run(
        sql!("DELETE FROM notice WHERE object_id = $1 AND owner_id = $2"),
        args![envelope, clerks],
    )
    .await?;
    act.touch(clerks);
    Ok(())
}

/// Notes that a document was returned to its sender, for whoever answers for it in the own agency: its head (ND30-21.1a). It
/// lies on no desk of theirs, but they may see it from now on.
///
/// # Errors
/// When the database fails.
pub async fn returned(act: &mut Act, agency: AgencyId, document: IncomingId) -> AppResult<()> {
    let today = act.today();
    let heads = act
        .all(
            sql!(
                "SELECT p.id FROM post p JOIN account a ON a.id = p.account_id WHERE p.agency_id = $1 AND p.is_agency_head = 1 \
                 AND (p.valid_to IS NULL OR p.valid_to >= $2) AND a.closed_at IS NULL ORDER BY p.id"
            ),
            args![agency, today],
        )
        .await?;
    for row in &heads {
        let head: PostId = row.get("id")?;
        access::took_part(act, document.as_uuid(), head).await?;
        tell(
            act,
            head.as_uuid(),
            Source::Returned,
            document.as_uuid(),
            "incoming",
        )
        .await?;
        act.touch(head.as_uuid());
    }
    Ok(())
}

async fn tell(act: &mut Act, owner: Uuid, source: Source, object: Uuid, kind: &'static str) -> AppResult<()> {
    let now = act.now();
    let (by_post, by_whom) = (act.actor().post, act.actor().label.clone());
    act.run(
        sql!(
            "INSERT INTO notice (owner_id, at, object_id, box, kind, by_post, by_whom) VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT DO NOTHING"
        ),
        args![owner, now, object, source.key(), kind, by_post, by_whom],
    )
    .await?;
    Ok(())
}

/// Notes that a document left a box. What all clerks of an agency share is done by one of them: the others need not be told
/// any more.
///
/// # Errors
/// When the database fails.
pub async fn left(act: &mut Act, owner: Uuid, desk_box: DeskBox, object: Uuid) -> AppResult<()> {
    if desk_box.is_counted() && desk_box.owner() == Owner::Clerks {
        let loud = Source::loud(desk_box);
        act.run(
            sql!("DELETE FROM notice WHERE object_id = $1 AND owner_id = $2 AND box IN ($3, $4)"),
            args![object, owner, desk_box.key(), loud.key()],
        )
        .await?;
    }
    Ok(())
}

/// Forgets notices after two months.
///
/// # Errors
/// When the database fails.
pub async fn forget_old(app: &App) -> AppResult<u64> {
    let mut tx = app.db.begin().await?;
    let gone = tx
        .run(
            sql!("DELETE FROM notice WHERE at < $1"),
            args![app.clock.now() - KEPT],
        )
        .await?;
    tx.commit().await?;
    Ok(gone)
}
