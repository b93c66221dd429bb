//! What a slip carries: a draft, which is frozen while the slip runs (CN-303), an incoming document, files; seen by whom it is laid before.

use rules::{
    Refusal,
    access::{Action, ObjectKind},
    ids::{FileId, IncomingId, OutgoingId, PostId, SlipId},
    slip::{CarriedDraft, carry_draft, leave_draft_alone},
};
use store::{Act, Sql, args, sql};
use uuid::Uuid;

use super::load::Slip;
use crate::{
    access,
    context::{App, Who},
    error::{AppError, AppResult},
    outgoing::{carried, own_file},
};

/// The running slip that holds a draft.
#[derive(Debug, Clone)]
pub struct Carrier {
    /// The slip.
    pub id: SlipId,
    /// Where it is, for whom may see it; empty for others.
    pub href: String,
}

const RUNNING: Sql = sql!("SELECT id FROM slip WHERE outgoing_id = $1 AND state = 'running'");

/// The running slip that holds this draft, for a reader of the draft.
///
/// # Errors
/// When the database fails.
pub async fn carrier(app: &App, who: &Who, draft: OutgoingId) -> AppResult<Option<Carrier>> {
    let Some(row) = app.db.opt(RUNNING, args![draft]).await? else {
        return Ok(None);
    };
    let id: SlipId = row.get("id")?;
    let is_seen = access::is_allowed(who, Action::View, &access::of_slip(app, id).await?);
    Ok(Some(Carrier {
        id,
        href: if is_seen {
            format!("/slips/{id}")
        } else {
            String::new()
        },
    }))
}

/// Refuses to change, submit or give up a draft that a running slip carries.
///
/// # Errors
/// `CN-303`; when the database fails.
pub async fn leave_alone(act: &mut Act, draft: OutgoingId) -> AppResult<()> {
    let is_carried = act.opt(RUNNING, args![draft]).await?.is_some();
    Ok(leave_draft_alone(is_carried)?)
}

/// What the maker wants to put with a slip, as they see it now.
///
/// # Errors
/// `CN-303` for a draft that is not the own one or an incoming document that is not registered;
/// [`AppError::NotFound`] for what they may not see.
pub async fn check(
    app: &App,
    who: &Who,
    outgoing: Option<OutgoingId>,
    incoming: Option<IncomingId>,
    files: &[FileId],
    known: &[FileId],
) -> AppResult<()> {
    if let Some(draft) = outgoing {
        let facts = carried::seen(app, who, draft).await?;
        let is_carried = app.db.opt(RUNNING, args![draft]).await?.is_some();
        let facts = &facts;
        carry_draft(&who.actor, &CarriedDraft { facts, is_carried })?;
    }
    if let Some(id) = incoming {
        let object = access::of_incoming(app, id).await?;
        access::may(who, Action::View, &object)?;
        let is_registered = matches!(object.kind, ObjectKind::Incoming(state) if state.is_registered());
        if !is_registered {
            return Err(AppError::Refused(
                Refusal::new(
                    "CN-303",
                    "slip.not_registered",
                    "Văn bản đến này chưa vào sổ nên chưa kèm phiếu trình được. Vui lòng chọn văn bản khác.",
                )
                .on("incoming"),
            ));
        }
    }
    for file in files {
        own_file(app, who, known, *file).await?;
    }
    Ok(())
}

/// The version of the draft that goes along with a submission; from here on it is frozen.
///
/// # Errors
/// As [`check`].
pub async fn take_along(act: &mut Act, who: &Who, draft: OutgoingId) -> AppResult<u32> {
    let facts = carried::locked(act, who, draft).await?;
    let is_carried = act.opt(RUNNING, args![draft]).await?.is_some();
    let version = facts.version;
    let facts = &facts;
    carry_draft(&who.actor, &CarriedDraft { facts, is_carried })?;
    Ok(version)
}

/// Lets these people see what the slip carries: they took part in how it came about. Who sees it for another reason already does not depend
/// on the slip.
///
/// # Errors
/// When the database fails.
pub async fn share(act: &mut Act, slip: &Slip, posts: &[PostId]) -> AppResult<()> {
    let objects: Vec<Uuid> = slip
        .outgoing
        .map(OutgoingId::as_uuid)
        .into_iter()
        .chain(slip.incoming.map(IncomingId::as_uuid))
        .collect();
    for object in objects {
        for post in posts {
            act.run(
                sql!(
                    "INSERT INTO participant (object_id, post_id, slip_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
                ),
                args![object, *post, slip.id],
            )
            .await?;
        }
    }
    Ok(())
}

/// A round ended, and the draft is its drafter's again: those who saw it only because the slip was laid before them do not see what becomes
/// of it (QC01-4.2). Whoever is on the next round sees it anew.
///
/// # Errors
/// When the database fails.
pub async fn withhold(act: &mut Act, id: SlipId) -> AppResult<()> {
    act.run(
        sql!(
            "DELETE FROM participant WHERE slip_id = $1 AND object_id IN (SELECT outgoing_id FROM slip_round \
             WHERE slip_id = $1 AND outgoing_id IS NOT NULL)"
        ),
        args![id],
    )
    .await?;
    Ok(())
}
