//! Delivery inside the installation: one packet of an order to one recipient, once in effect.
//!
//! The job's row goes in the act of its effect, and the line of the order is taken from `pending` in the same act: an
//! order that was dropped, or carried before, carries nothing.

mod new;
mod request;

use rules::{
    exchange::{Business, DeliveryState, PacketState, Purpose},
    ids::{AgencyId, DeliveryId, DispatchId, OutgoingId},
};
use serde_json::json;
use store::{Act, Entry, args, sql};

use super::{DeliveryOrder, tell};
use crate::{act_names, context::App, error::AppResult};

/// Kind of the job.
pub const KIND: &str = "exchange.deliver";

/// A line of a delivery, locked for this act.
struct Line {
    id: DeliveryId,
    dispatch: DispatchId,
    document: OutgoingId,
    sender: AgencyId,
    recipient: AgencyId,
    recipient_name: String,
    purpose: Purpose,
    state: DeliveryState,
    business: Business,
}

/// Delivers one packet. A line that is no longer waiting (carried by an earlier attempt, dropped) is left alone.
pub async fn perform(app: &App, mut act: Act, order: DeliveryOrder) -> AppResult<()> {
    let Some(line) = taken(&mut act, order).await? else {
        return Ok(act.nothing_to_do().await?);
    };
    let noted = match line.business {
        Business::New | Business::Replace => Some(new::carry(&mut act, &line).await?),
        Business::Recall => {
            request::carry_recall(&mut act, &line).await?;
            None
        }
        Business::Update => request::carry_update(&mut act, &line).await?,
    };
    let (name, summary) = match (line.business, &noted) {
        (Business::Recall, _) => (
            act_names::SEND_REQUEST,
            format!("Gửi yêu cầu thu hồi đến {}.", line.recipient_name),
        ),
        (Business::Update, None) => (
            act_names::SEND_REQUEST,
            format!("Gửi nội dung cập nhật đến {}.", line.recipient_name),
        ),
        _ => (act_names::SEND, format!("Gửi đến {}.", line.recipient_name)),
    };
    let mut details = match &noted {
        Some(noted) => serde_json::to_value(noted)?,
        None => json!({}),
    };
    details["delivery"] = json!(line.id);
    details["dispatch"] = json!(line.dispatch);
    details["business"] = json!(line.business);
    if noted.is_some() {
        details["state"] = json!(DeliveryState::Sent);
    }
    act.journal(Entry {
        act: name,
        object_kind: "outgoing",
        object: line.document.as_uuid(),
        agency: Some(line.sender),
        summary,
        details,
    })
    .await?;
    app.commit(act, &()).await
}

/// Locks the line and takes the order from `pending`; `None` when there is nothing to carry.
async fn taken(act: &mut Act, order: DeliveryOrder) -> AppResult<Option<Line>> {
    let now = act.now();
    // The update locks the delivery, always before the line of the order: two workers and the acts of people come one
    // after the other.
    let delivery = act
        .opt(
            sql!(
                "UPDATE delivery SET updated_at = $2 WHERE id = $1 \
                 RETURNING outgoing_id, agency_id, recipient_id, recipient_name, purpose, state"
            ),
            args![order.delivery, now],
        )
        .await?;
    let Some(delivery) = delivery else { return Ok(None) };
    let Some(recipient) = delivery.get("recipient_id")? else {
        return Ok(None);
    };
    let state: DeliveryState = delivery.parse("state")?;
    let dispatch = act
        .one(
            sql!("SELECT business FROM dispatch WHERE id = $1"),
            args![order.dispatch],
        )
        .await?;
    let business: Business = dispatch.parse("business")?;
    let carries_document = matches!(business, Business::New | Business::Replace);
    if carries_document && !matches!(state, DeliveryState::Pending | DeliveryState::Failed) {
        return Ok(None);
    }
    let mine = act
        .run(
            sql!(
                "UPDATE dispatch_line SET state = $3, changed_at = $4 \
                 WHERE dispatch_id = $1 AND delivery_id = $2 AND state = 'pending'"
            ),
            args![order.dispatch, order.delivery, PacketState::Sent.as_str(), now],
        )
        .await?;
    if mine == 0 {
        return Ok(None);
    }
    Ok(Some(Line {
        id: order.delivery,
        dispatch: order.dispatch,
        document: delivery.get("outgoing_id")?,
        sender: delivery.get("agency_id")?,
        recipient,
        recipient_name: delivery.get("recipient_name")?,
        purpose: delivery.parse("purpose")?,
        state,
        business,
    }))
}

/// The hub has taken the document itself.
async fn sent(act: &mut Act, line: &Line) -> AppResult<()> {
    let now = act.now();
    act.run(
        sql!("UPDATE delivery SET state = $2, sent_at = $3, reason = NULL WHERE id = $1"),
        args![line.id, DeliveryState::Sent.as_str(), now],
    )
    .await?;
    Ok(())
}
