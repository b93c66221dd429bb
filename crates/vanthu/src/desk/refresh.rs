//! Brings the stored desk to where the document now lies, within the act that moved it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rules::ids::{IncomingId, OutgoingId, PostId, SlipId};
use store::{Act, args, sql};
use uuid::Uuid;

use super::{
    DeskBox,
    place::{Assigned, Incoming, Outgoing, Place},
};
use crate::{access, error::AppResult, notices, slips};

/// Puts an incoming document where its facts say.
///
/// # Errors
/// When the database fails.
pub async fn refresh_incoming(act: &mut Act, id: IncomingId) -> AppResult<()> {
    let row = act
        .one(
            sql!(
                "SELECT agency_id, state, urgency, delivered_at, updated_at, presented_to FROM incoming WHERE id = $1"
            ),
            args![id],
        )
        .await?;
    let assignments = act
        .all(
            sql!("SELECT post_id, parent_id, role, state, due_on, given_at, given_by, seen_at, told_at FROM assignment WHERE incoming_id = $1 ORDER BY id"),
            args![id],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(Assigned {
                post: row.get("post_id")?,
                is_first_level: row.get::<Option<Uuid>>("parent_id")?.is_none(),
                role: row.parse("role")?,
                state: row.parse("state")?,
                due_on: row.get("due_on")?,
                given_at: row.get("given_at")?,
                given_by: row.get("given_by")?,
                seen: row.get::<Option<Timestamp>>("seen_at")?.is_some(),
                told: row.get::<Option<Timestamp>>("told_at")?.is_some(),
            })
        })
        .collect::<store::Result<_>>()?;
    let asked = act
        .one(
            sql!("SELECT min(received_at) AS asked_at FROM sender_request WHERE incoming_id = $1 AND state = 'open'"),
            args![id],
        )
        .await?;
    let extensions = act
        .all(
            sql!(
                "SELECT s.given_by FROM extension e JOIN assignment s ON s.id = e.assignment_id \
                 WHERE e.incoming_id = $1 AND e.state = 'asked' ORDER BY e.id"
            ),
            args![id],
        )
        .await?
        .iter()
        .map(|row| row.get("given_by"))
        .collect::<store::Result<_>>()?;
    let facts = Incoming {
        agency: row.get("agency_id")?,
        state: row.parse("state")?,
        urgency: row.parse("urgency")?,
        delivered_at: row.get("delivered_at")?,
        updated_at: row.get("updated_at")?,
        presented_to: row.get("presented_to")?,
        assignments,
        asked_at: asked.get("asked_at")?,
        extensions,
    };
    apply(act, id.as_uuid(), "incoming", facts.places()).await
}

/// Puts an outgoing document where its facts say.
///
/// # Errors
/// When the database fails.
pub async fn refresh_outgoing(act: &mut Act, id: OutgoingId) -> AppResult<()> {
    let row = act
        .one(
            sql!(
                "SELECT agency_id, state, urgency, updated_at, drafter_post, signer_post, unit_id FROM outgoing WHERE id = $1"
            ),
            args![id],
        )
        .await?;
    let content_reviewers =
        crate::outgoing::content_reviewers(act, row.get("agency_id")?, row.get("unit_id")?).await?;
    let facts = Outgoing {
        agency: row.get("agency_id")?,
        state: row.parse("state")?,
        urgency: row.parse("urgency")?,
        updated_at: row.get("updated_at")?,
        drafter: row.get("drafter_post")?,
        signer: row.get("signer_post")?,
        content_reviewers,
        co_drafters: crate::outgoing::co_drafters::of(act, id).await?,
        consulted: crate::outgoing::consultation::awaited(act, id).await?,
    };
    apply(act, id.as_uuid(), "outgoing", facts.places()).await
}

/// Puts a submission slip where its facts say.
///
/// # Errors
/// When the database fails.
pub async fn refresh_slip(act: &mut Act, id: SlipId) -> AppResult<()> {
    let facts = slips::standing(act, id).await?;
    apply(act, id.as_uuid(), "slip", facts.places()).await
}

/// The same for an object of any kind, by the name that the desk keeps of it.
///
/// # Errors
/// When the object or one of its facts is missing, or the database fails.
pub async fn refresh(act: &mut Act, kind: &str, id: Uuid) -> AppResult<()> {
    match kind {
        "incoming" => refresh_incoming(act, IncomingId::from_uuid(id)).await,
        "slip" => refresh_slip(act, SlipId::from_uuid(id)).await,
        _ => refresh_outgoing(act, OutgoingId::from_uuid(id)).await,
    }
}

async fn apply(act: &mut Act, object: Uuid, kind: &'static str, wanted: Vec<Place>) -> AppResult<()> {
    let stored = act
        .all(
            sql!("SELECT owner_id, box, rank, due_on FROM desk WHERE object_id = $1"),
            args![object],
        )
        .await?
        .iter()
        .map(|row| {
            let key: String = row.get("box")?;
            let place = DeskBox::by_key(&key).map(|desk_box| {
                Ok::<_, store::Error>(Place {
                    owner: row.get("owner_id")?,
                    desk_box,
                    rank: row.get("rank")?,
                    due_on: row.get("due_on")?,
                })
            });
            place.transpose()
        })
        .collect::<store::Result<Vec<_>>>()?;
    let stored: Vec<Place> = stored.into_iter().flatten().collect();

    // Counters are shared by many acts. They are changed last and always in the same order, so that two acts on
    // PostgreSQL never wait for each other in a ring.
    let mut changes: BTreeMap<(Uuid, &'static str), i64> = BTreeMap::new();
    for gone in stored.iter().filter(|place| !wanted.contains(place)) {
        act.run(
            sql!("DELETE FROM desk WHERE owner_id = $1 AND box = $2 AND rank = $3 AND object_id = $4"),
            args![gone.owner, gone.desk_box.key(), gone.rank, object],
        )
        .await?;
        let stays = |place: &Place| notices::is_told_alike(place, gone);
        if !wanted.iter().any(stays) {
            notices::left(act, gone.owner, gone.desk_box, object).await?;
        }
        *changes.entry((gone.owner, gone.desk_box.key())).or_default() -= 1;
    }
    for new in wanted.iter().filter(|place| !stored.contains(place)) {
        act.run(
            sql!(
                "INSERT INTO desk (owner_id, box, rank, object_id, kind, due_on, seen) VALUES ($1, $2, $3, $4, $5, $6, 0)"
            ),
            args![new.owner, new.desk_box.key(), new.rank, object, kind, new.due_on],
        )
        .await?;
        let stays = |place: &Place| notices::is_told_alike(place, new);
        if !stored.iter().any(stays) {
            notices::came(act, new, object, kind).await?;
        }
        *changes.entry((new.owner, new.desk_box.key())).or_default() += 1;
        if new.desk_box.owner() == super::Owner::Post {
            access::took_part(act, object, PostId::from_uuid(new.owner)).await?;
        }
    }
    for ((owner, key), change) in changes {
        act.touch(owner);
        if change != 0 {
            count(act, owner, key, change).await?;
        }
    }
    Ok(())
}

async fn count(act: &mut Act, owner: Uuid, key: &'static str, change: i64) -> AppResult<()> {
    act.run(
        sql!(
            "INSERT INTO desk_count (owner_id, box, count) VALUES ($1, $2, $3) \
             ON CONFLICT (owner_id, box) DO UPDATE SET count = desk_count.count + $3"
        ),
        args![owner, key, change],
    )
    .await?;
    Ok(())
}
