//! Thu hồi, cập nhật: what the sender asks reaches the recipient's copy, whatever became of it meanwhile.

use jiff::Timestamp;
use rules::{
    exchange::{Business, DeliveryState, StatusCode},
    ids::{IncomingId, OutgoingId},
};
use store::{Act, args, sql};
use uuid::Uuid;

use super::{Line, new, sent, tell};
use crate::{
    error::AppResult,
    exchange::{Changes, SenderRequest, evidence::Noted},
    incoming,
};

/// A recall. A recipient that has no copy (it returned the packet unread) has nothing to cancel and agrees by itself.
pub async fn carry_recall(act: &mut Act, line: &Line) -> AppResult<()> {
    if line.state == DeliveryState::Pending {
        // The recall overtook its document, which therefore never leaves.
        act.run(
            sql!("UPDATE delivery SET state = $2 WHERE id = $1"),
            args![line.id, DeliveryState::Dropped.as_str()],
        )
        .await?;
    }
    match copy_of(act, line).await? {
        Some(copy) => ask(act, line, copy, Business::Recall).await,
        None => agreed(act, line, "Văn bản không có trên hệ thống của bên nhận.").await,
    }
}

/// An update, or the same document once more to a recipient that returned it. Gives what evidence is made from when the
/// document itself was carried.
pub async fn carry_update(act: &mut Act, line: &Line) -> AppResult<Option<Noted>> {
    if line.state == DeliveryState::Pending {
        sent(act, line).await?;
    }
    match copy_of(act, line).await? {
        Some(copy) => {
            ask(act, line, copy, Business::Update).await?;
            Ok(None)
        }
        None => {
            let noted = new::arrive(act, line).await?;
            agreed(act, line, "Nhận như văn bản mới.").await?;
            Ok(Some(noted))
        }
    }
}

/// The document as the recipient has it.
async fn copy_of(act: &mut Act, line: &Line) -> AppResult<Option<IncomingId>> {
    let row = act
        .opt(
            sql!("SELECT id FROM incoming WHERE delivery_id = $1"),
            args![line.id],
        )
        .await?;
    Ok(row.map(|row| row.get("id")).transpose()?)
}

async fn agreed(act: &mut Act, line: &Line, description: &str) -> AppResult<()> {
    let code = StatusCode::RecallAgreed;
    tell(act, line.id, Some(line.dispatch), code, description, None).await
}

/// Puts the request before the recipient.
async fn ask(act: &mut Act, line: &Line, copy: IncomingId, business: Business) -> AppResult<()> {
    let order = act
        .one(
            sql!(
                "SELECT d.reason, d.carrier_id, d.changes, d.file_set, d.at, a.full_name, p.title FROM dispatch d \
                 LEFT JOIN post p ON p.id = d.post_id LEFT JOIN account a ON a.id = p.account_id WHERE d.id = $1"
            ),
            args![line.dispatch],
        )
        .await?;
    let who: [Option<String>; 2] = [order.get("full_name")?, order.get("title")?];
    let at: Timestamp = order.get("at")?;
    let changes: Changes = if line.state == DeliveryState::Pending && business == Business::Update {
        as_it_is(act, line).await?
    } else {
        order.json("changes")?
    };
    let carrier = match order.get::<Option<OutgoingId>>("carrier_id")? {
        Some(notice) => notice_at(act, line, notice).await?,
        None => None,
    };
    let request = SenderRequest {
        id: Uuid::new_v5(&line.dispatch.as_uuid(), line.id.as_uuid().as_bytes()),
        incoming: copy,
        dispatch: Some(line.dispatch),
        business,
        reason: order.get("reason")?,
        staff: who.into_iter().flatten().collect::<Vec<_>>().join(", "),
        changes,
        file_set: order.get("file_set")?,
        carrier,
        at,
    };
    incoming::request(act, request).await
}

/// The facts as they are now: what a recipient returned comes again as the document is, whatever was updated since.
async fn as_it_is(act: &mut Act, line: &Line) -> AppResult<Changes> {
    let row = act
        .one(
            sql!("SELECT subject, urgency, respond_by FROM outgoing WHERE id = $1"),
            args![line.document],
        )
        .await?;
    Ok(Changes {
        subject: Some(row.get("subject")?),
        urgency: Some(row.parse("urgency")?),
        respond_by: row.get("respond_by")?,
        ..Changes::default()
    })
}

/// The notice, when the same recipient got it as a document of its own.
async fn notice_at(act: &mut Act, line: &Line, notice: OutgoingId) -> AppResult<Option<IncomingId>> {
    let row = act
        .opt(
            sql!(
                "SELECT i.id FROM delivery d JOIN incoming i ON i.delivery_id = d.id \
                 WHERE d.outgoing_id = $1 AND d.recipient_id = $2"
            ),
            args![notice, line.recipient],
        )
        .await?;
    Ok(row.map(|row| row.get("id")).transpose()?)
}
