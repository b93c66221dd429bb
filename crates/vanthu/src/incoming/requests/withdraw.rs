//! Hủy văn bản bị thu hồi (ND30-18.4b, PL6-III.8b, c): content and facts go, down to the bytes that nobody else has; the number stays taken,
//! the trail of the recall stays.

use rules::{
    exchange::{Business, RequestState},
    incoming::{AssignmentState, IncomingState},
};
use serde_json::json;
use store::{Act, Entry, args, sql};
use uuid::Uuid;

use super::row::{self, Stored};
use crate::{
    act_names, desk, documents,
    error::AppResult,
    exchange,
    incoming::{load::Doc, part},
    registers,
    signing::verdicts,
};

/// What the sender is told.
pub(super) const DONE: &str = "Đã hủy văn bản trên hệ thống của bên nhận.";

/// Why an update comes too late. Its sender is not told: a 16 might be read as the answer to the recall.
pub(super) const OVERTAKEN: &str = "Văn bản đã được hủy do bên gửi thu hồi.";

/// What stands in the place of the subject.
const SUBJECT: &str = "(Văn bản đã bị bên gửi thu hồi, nội dung đã hủy)";

/// Cancels the document with the content of its copies, stops the work on it, ends every request about it and tells the sender that it
/// was recalled.
pub(super) async fn carry_out(act: &mut Act, doc: &Doc, request: &Stored) -> AppResult<()> {
    let now = act.now();
    let sets = sets_of(act, doc).await?;
    act.run(
        sql!(
            "UPDATE incoming SET state = $2, subject = $3, folded_subject = $4, signer_name = '', signer_title = '', \
             respond_by = NULL, file_set = NULL, pages = NULL, note = NULL, despite = NULL, due_on = NULL, updated_at = $5 \
             WHERE id = $1"
        ),
        args![
            doc.id,
            IncomingState::Recalled.as_str(),
            SUBJECT,
            viet_text::fold(SUBJECT),
            now
        ],
    )
    .await?;
    act.run(
        sql!("UPDATE incoming_version SET fields = '{}', file_set = NULL WHERE incoming_id = $1"),
        args![doc.id],
    )
    .await?;
    let mut stopped = Vec::new();
    for assigned in &doc.assignments {
        if assigned.state.is_active() {
            part::set_state(act, assigned.id, AssignmentState::Closed, None).await?;
            stopped.push(assigned.id);
        }
        if assigned.state == AssignmentState::Open {
            // Whoever was at work has not seen yet that there is nothing left to do.
            act.run(
                sql!("UPDATE assignment SET seen_at = NULL WHERE id = $1"),
                args![assigned.id],
            )
            .await?;
        }
    }
    for open in row::open(act, doc.id).await? {
        if open.business == Business::Recall {
            row::close(act, open.id, RequestState::Agreed, DONE).await?;
            exchange::answer(act, doc.id, open.answer(true, DONE)).await?;
        } else {
            row::close(act, open.id, RequestState::Refused, OVERTAKEN).await?;
        }
    }
    act.run(
        sql!("UPDATE sender_request SET changes = '{}', file_set = NULL WHERE incoming_id = $1 AND business = 'update'"),
        args![doc.id],
    )
    .await?;
    // Before the journal says that the content is gone.
    registers::source_recalled(act, doc.facts.agency, doc.id.as_uuid()).await?;
    verdicts::forget(act, doc.id.as_uuid()).await?;
    documents::let_go_of_sets(act, &sets).await?;
    exchange::forget_withdrawn(act, doc.id).await?;
    desk::refresh_incoming(act, doc.id).await?;
    act.journal(Entry {
        act: act_names::WITHDRAW,
        object_kind: "incoming",
        object: doc.id.as_uuid(),
        agency: Some(doc.facts.agency),
        summary: "Hủy văn bản do bên gửi thu hồi; số đến (nếu có) được giữ, không cấp lại.".to_owned(),
        details: json!({
            "request": request.id, "note": request.reason, "from": doc.facts.state, "stopped": stopped,
        }),
    })
    .await?;
    Ok(())
}

/// Every set of files that the document has or had, or would get by an update.
async fn sets_of(act: &mut Act, doc: &Doc) -> AppResult<Vec<Uuid>> {
    let rows = act
        .all(
            sql!(
                "SELECT file_set FROM incoming WHERE id = $1 AND file_set IS NOT NULL UNION \
                 SELECT file_set FROM incoming_version WHERE incoming_id = $1 AND file_set IS NOT NULL UNION \
                 SELECT file_set FROM sender_request WHERE incoming_id = $1 AND business = 'update' AND file_set IS NOT NULL"
            ),
            args![doc.id],
        )
        .await?;
    Ok(rows
        .iter()
        .map(|row| row.get("file_set"))
        .collect::<store::Result<_>>()?)
}
