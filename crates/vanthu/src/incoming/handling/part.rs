//! One part of what was assigned: moved on, ended, opened again, changed. What all acts on parts share.

use jiff::civil::Date;
use rules::{
    ids::{AssignmentId, IncomingId, PostId},
    incoming::{Assignee, AssignmentFacts, AssignmentRole, AssignmentState},
};
use store::{Act, args, sql};

use super::extension;
use crate::{
    context::Who,
    error::{AppError, AppResult},
    incoming::load::Doc,
};

/// The part that a form or a program names.
///
/// # Errors
/// [`AppError::BadInput`] when it is none of this document.
pub(in crate::incoming) fn chosen(doc: &Doc, id: Option<AssignmentId>) -> AppResult<AssignmentFacts> {
    doc.assignments
        .iter()
        .find(|part| Some(part.id) == id)
        .copied()
        .ok_or_else(|| {
            AppError::BadInput(
                "Không tìm thấy phần việc này. Vui lòng tải lại trang rồi chọn lại.".to_owned(),
            )
        })
}

/// Whoever acts in the place of another does not decide on a part of their own.
///
/// # Errors
/// The refusal of [`rules::delegation::decides_on_anothers_part`].
pub(in crate::incoming) fn is_anothers(who: &Who, part: &AssignmentFacts) -> AppResult<()> {
    let Some(seat) = &who.in_place else {
        return Ok(());
    };
    let holder = match part.assignee {
        Assignee::Person(post) => Some(post),
        Assignee::Unit(_) => None,
    };
    Ok(rules::delegation::decides_on_anothers_part(
        seat.own_post,
        holder,
    )?)
}

/// Moves a part on.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn set_state(
    act: &mut Act,
    id: AssignmentId,
    state: AssignmentState,
    result: Option<&str>,
) -> AppResult<()> {
    let now = act.now();
    let done = (state != AssignmentState::PassedDown).then_some(now);
    act.run(
        sql!("UPDATE assignment SET state = $2, result = coalesce($3, result), done_at = $4 WHERE id = $1"),
        args![id, state.as_str(), result.map(str::to_owned), done],
    )
    .await?;
    if !state.is_active() {
        extension::lapse(act, id).await?;
    }
    Ok(())
}

/// A part comes back, by its holder or by its giver.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn end(
    act: &mut Act,
    id: AssignmentId,
    state: AssignmentState,
    reason: &str,
) -> AppResult<()> {
    set_state(act, id, state, None).await?;
    act.run(
        sql!("UPDATE assignment SET reason = $2, told_at = NULL WHERE id = $1"),
        args![
            id,
            Some(reason).filter(|text| !text.is_empty()).map(str::to_owned)
        ],
    )
    .await?;
    Ok(())
}

/// A part that was passed down is its holder's again.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn reopen(act: &mut Act, id: AssignmentId) -> AppResult<()> {
    act.run(
        sql!("UPDATE assignment SET state = $2, done_at = NULL WHERE id = $1"),
        args![id, AssignmentState::Open.as_str()],
    )
    .await?;
    Ok(())
}

/// Gives a part another role or deadline.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn change(
    act: &mut Act,
    id: AssignmentId,
    role: AssignmentRole,
    due_on: Option<Date>,
) -> AppResult<()> {
    act.run(
        sql!("UPDATE assignment SET role = $2, due_on = $3 WHERE id = $1"),
        args![id, role.as_str(), due_on],
    )
    .await?;
    Ok(())
}

/// Who leads the document now and until when, as the register and the head of its page tell it.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn note_lead(act: &mut Act, id: IncomingId) -> AppResult<()> {
    act.run(
        sql!(
            "UPDATE incoming SET \
             lead_post = (SELECT s.post_id FROM assignment s WHERE s.incoming_id = $1 AND s.role = 'lead' \
             AND s.state = 'open' ORDER BY s.id DESC LIMIT 1), \
             due_on = coalesce((SELECT s.due_on FROM assignment s WHERE s.incoming_id = $1 AND s.role = 'lead' \
             AND s.state IN ('open', 'passed_down') AND s.parent_id IS NULL ORDER BY s.id DESC LIMIT 1), due_on) \
             WHERE id = $1"
        ),
        args![id],
    )
    .await?;
    Ok(())
}

/// The giver dealt with what had come back: it no longer calls.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn settle(act: &mut Act, who: &Who, id: IncomingId) -> AppResult<()> {
    let now = act.now();
    act.run(
        sql!(
            "UPDATE assignment SET told_at = $3 WHERE incoming_id = $1 AND given_by = $2 AND state = 'given_back' \
             AND told_at IS NULL"
        ),
        args![id, who.post(), now],
    )
    .await?;
    Ok(())
}

/// Who holds a part.
pub(in crate::incoming) struct PartHolder {
    /// The post.
    pub post: PostId,
    /// Name and title.
    pub name: String,
}

/// The person behind a part.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn holder(act: &mut Act, id: AssignmentId) -> AppResult<PartHolder> {
    let row = act
        .one(sql!("SELECT post_id FROM assignment WHERE id = $1"), args![id])
        .await?;
    let post = row.get("post_id")?;
    Ok(PartHolder {
        post,
        name: super::assign::label_of(act, post).await?,
    })
}

/// Shows the document as new on the desk of somebody: there is something to read on its page.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn call(act: &mut Act, id: IncomingId, post: PostId) -> AppResult<()> {
    act.run(
        sql!("UPDATE desk SET seen = 0 WHERE object_id = $1 AND owner_id = $2 AND box <> 'handled'"),
        args![id, post],
    )
    .await?;
    act.touch(post.as_uuid());
    Ok(())
}

/// Somebody to whom the document came by mistake, and who never opened it, does not see it any more.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn never_had_it(act: &mut Act, id: IncomingId, post: PostId) -> AppResult<()> {
    act.run(
        sql!(
            "DELETE FROM participant WHERE object_id = $1 AND post_id = $2 \
             AND NOT EXISTS (SELECT 1 FROM assignment s WHERE s.incoming_id = $1 AND (s.given_by = $2 \
             OR s.post_id = $2 AND (s.seen_at IS NOT NULL OR s.state <> 'taken_back'))) \
             AND NOT EXISTS (SELECT 1 FROM opinion o WHERE o.object_id = $1 AND o.post_id = $2) \
             AND NOT EXISTS (SELECT 1 FROM incoming d WHERE d.id = $1 AND d.presented_to = $2)"
        ),
        args![id, post],
    )
    .await?;
    Ok(())
}
