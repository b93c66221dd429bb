//! A document was opened: it is no longer new, and what only tells something has told it.

use jiff::Timestamp;
use store::{Tx, args, sql};
use uuid::Uuid;

use crate::{
    context::{App, Who},
    error::AppResult,
};

/// Marks a document as seen by its owners' desks of this person; called when its page is opened.
///
/// # Errors
/// When the database fails.
pub async fn mark_seen(app: &App, who: &Who, object: Uuid) -> AppResult<()> {
    // What somebody looked at in another's place is still new to the other.
    if who.in_place.is_some() {
        return Ok(());
    }
    let unseen = app
        .db
        .opt(
            sql!(
                "SELECT 1 AS one FROM desk WHERE object_id = $1 AND owner_id IN ($2, $3) AND seen = 0 LIMIT 1"
            ),
            args![object, who.post(), who.agency()],
        )
        .await?;
    if unseen.is_none() {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    note_seen(&mut tx, who, object, app.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// The same within an act of the person, who says so without opening the document.
///
/// # Errors
/// When the database fails.
pub async fn note_seen(tx: &mut Tx, who: &Who, object: Uuid, now: Timestamp) -> AppResult<()> {
    for owner in who.desks() {
        tx.run(
            sql!("UPDATE desk SET seen = 1 WHERE object_id = $1 AND owner_id = $2"),
            args![object, owner],
        )
        .await?;
    }
    told(tx, who, object, now).await?;
    tx.run(
        sql!(
            "UPDATE assignment SET seen_at = $3 WHERE incoming_id = $1 AND post_id = $2 AND seen_at IS NULL AND state <> 'taken_back'"
        ),
        args![object, who.post(), now],
    )
    .await?;
    Ok(())
}

/// Two boxes are notices: that work was stopped or taken back, that a part came back. They have done their work when the
/// document was opened; a document that nobody leads any more stays until somebody does.
async fn told(tx: &mut Tx, who: &Who, object: Uuid, now: Timestamp) -> AppResult<()> {
    tx.run(
        sql!(
            "UPDATE assignment SET told_at = $3 WHERE incoming_id = $1 AND told_at IS NULL \
             AND (post_id = $2 AND state = 'taken_back' OR given_by = $2 AND state = 'given_back')"
        ),
        args![object, who.post(), now],
    )
    .await?;
    let rows = tx
        .all(
            sql!(
                "SELECT k.box FROM desk k WHERE k.object_id = $1 AND k.owner_id = $2 AND (k.box = 'recalled' \
                 OR k.box = 'given-back' AND EXISTS (SELECT 1 FROM assignment s WHERE s.incoming_id = $1 AND s.role = 'lead' \
                 AND s.state IN ('open', 'passed_down')))"
            ),
            args![object, who.post()],
        )
        .await?;
    for row in rows {
        let key: String = row.get("box")?;
        let elsewhere = tx
            .one(
                sql!(
                    "SELECT count(*) AS places FROM desk WHERE object_id = $1 AND owner_id = $2 AND box <> $3"
                ),
                args![object, who.post(), key.as_str()],
            )
            .await?
            .get::<i64>("places")?;
        tx.run(
            sql!("UPDATE desk_count SET count = count - 1 WHERE owner_id = $1 AND box = $2"),
            args![who.post(), key.as_str()],
        )
        .await?;
        if elsewhere > 0 {
            tx.run(
                sql!("DELETE FROM desk WHERE object_id = $1 AND owner_id = $2 AND box = $3"),
                args![object, who.post(), key.as_str()],
            )
            .await?;
            continue;
        }
        tx.run(
            sql!(
                "UPDATE desk SET box = 'handled', rank = (SELECT delivered_at FROM incoming WHERE id = $1) \
                 WHERE object_id = $1 AND owner_id = $2 AND box = $3"
            ),
            args![object, who.post(), key.as_str()],
        )
        .await?;
        tx.run(
            sql!(
                "INSERT INTO desk_count (owner_id, box, count) VALUES ($1, 'handled', 1) \
                 ON CONFLICT (owner_id, box) DO UPDATE SET count = desk_count.count + 1"
            ),
            args![who.post()],
        )
        .await?;
    }
    Ok(())
}
