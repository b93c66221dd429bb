//! A request arrives: kept once, decided by rule.

use rules::{
    exchange::{self as rule, Business, Receipt, RequestState},
    incoming::IncomingState,
};
use serde_json::json;
use store::{Act, Entry, args, sql};
use uuid::Uuid;

use super::{
    policy,
    row::{self, Stored},
    update, withdraw,
};
use crate::{
    act_names, desk,
    documents::{
        self,
        state_secret::{self, Attempt},
    },
    error::AppResult,
    exchange::{self, SenderRequest},
    incoming::{
        arrive,
        load::{self, Doc},
    },
};

/// Takes in what the sender of a document asks: a recall or an update. A request that came before changes nothing. By rule
/// it is carried out at once or waits for the clerk; the sender is told (15, 16). The caller commits.
///
/// # Errors
/// [`crate::error::AppError::NotFound`] when there is no such document; when the database fails.
pub async fn request(act: &mut Act, request: SenderRequest) -> AppResult<()> {
    let doc = load::locked(act, request.incoming).await?;
    let now = act.now();
    let fresh = act
        .run(
            sql!(
                "INSERT INTO sender_request (id, incoming_id, agency_id, dispatch_id, business, reason, staff, changes, \
                 file_set, carrier_id, asked_at, received_at, state) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING"
            ),
            args![
                request.id,
                request.incoming,
                doc.facts.agency,
                request.dispatch,
                request.business.as_str(),
                request.reason.as_str(),
                request.staff.as_str(),
                serde_json::to_string(&request.changes)?,
                request.file_set,
                request.carrier,
                request.at,
                now,
                RequestState::Open.as_str(),
            ],
        )
        .await?;
    if fresh == 0 {
        return Ok(());
    }
    let stored = Stored {
        id: request.id,
        dispatch: request.dispatch,
        business: request.business,
        reason: request.reason,
        staff: request.staff,
        changes: request.changes,
        file_set: request.file_set,
        state: RequestState::Open,
    };
    note(act, &doc, &stored).await?;
    if refused_for_secrecy(act, &doc, &stored).await? {
        return Ok(());
    }
    let policy = policy(act, doc.facts.agency).await?;
    match rule::receive(stored.business, doc.facts.state, policy) {
        Receipt::Withdraw => withdraw::carry_out(act, &doc, &stored).await,
        Receipt::WithdrawnBefore => {
            row::close(act, stored.id, RequestState::Agreed, withdraw::DONE).await?;
            exchange::answer(act, doc.id, stored.answer(true, withdraw::DONE)).await
        }
        Receipt::Apply => update::carry_out(act, &doc, &stored).await,
        Receipt::Redeliver => update::redeliver(act, &doc, &stored).await,
        Receipt::Ask => desk::refresh_incoming(act, doc.id).await,
        Receipt::TooLate => {
            // What it would have changed is the content of a document that was recalled.
            forget_content(act, &stored).await?;
            row::close(act, stored.id, RequestState::Refused, withdraw::OVERTAKEN).await
        }
    }
}

async fn forget_content(act: &mut Act, request: &Stored) -> AppResult<()> {
    act.run(
        sql!("UPDATE sender_request SET changes = '{}', file_set = NULL WHERE id = $1"),
        args![request.id],
    )
    .await?;
    let sets: Vec<Uuid> = request.file_set.into_iter().collect();
    documents::let_go_of_sets(act, &sets).await
}

/// Answers with 16.
pub(super) async fn decline(act: &mut Act, doc: &Doc, request: &Stored, reason: &str) -> AppResult<()> {
    row::close(act, request.id, RequestState::Refused, reason).await?;
    exchange::answer(act, doc.id, request.answer(false, reason)).await
}

/// What the sender wants, for the history.
async fn note(act: &mut Act, doc: &Doc, request: &Stored) -> AppResult<()> {
    let summary = match (request.business, doc.facts.state) {
        (Business::Recall, _) => "Bên gửi yêu cầu thu hồi văn bản.",
        (_, IncomingState::Refused) => "Bên gửi gửi lại văn bản đã bị trả lại.",
        _ => "Bên gửi yêu cầu cập nhật thông tin văn bản.",
    };
    act.journal(Entry {
        act: act_names::REQUESTED,
        object_kind: "incoming",
        object: doc.id.as_uuid(),
        agency: Some(doc.facts.agency),
        summary: summary.to_owned(),
        details: json!({
            "request": request.id, "business": request.business, "note": request.reason, "staff": request.staff,
        }),
    })
    .await?;
    Ok(())
}

/// An update that would bring a mark of state secrets in is not kept: 16 by rule (QC01-1.2).
async fn refused_for_secrecy(act: &mut Act, doc: &Doc, request: &Stored) -> AppResult<bool> {
    let text = request.changes.subject.as_deref().unwrap_or_default();
    let Err(refusal) = arrive::refuse_secret_text(text) else {
        return Ok(false);
    };
    let attempt = Attempt {
        act: act_names::TAKE_UPDATE,
        doing: "nhận nội dung cập nhật từ hệ thống khác",
        object_kind: "incoming",
        object: Some(doc.id.as_uuid()),
        file: None,
    };
    state_secret::journal_refused_packet(act, Some(doc.facts.agency), attempt, &refusal).await?;
    forget_content(act, request).await?;
    decline(act, doc, request, &refusal.message).await?;
    Ok(true)
}
