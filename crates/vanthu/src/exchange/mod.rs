//! Gửi, nhận văn bản giữa các cơ quan: one hub contract, and the workers that carry the outbox.
//!
//! A packet goes out per delivery line, status messages come back (QĐ 28 Điều 8, 9, 10.2h). Inside the installation
//! the hub is this room; the axis adapter will carry the very same messages. Both ways a message keeps its id on
//! every attempt, and its effect is one act, so it happens once.

mod deliver;
pub mod evidence;
mod message;
mod status;
mod worker;

use rules::{
    exchange::{PacketState, StatusCode},
    ids::{DeliveryId, DispatchId, IncomingId, PostId},
};
use store::{Act, Job, args, sql};
use uuid::Uuid;

pub use message::{Changes, DeliveryOrder, Order, SenderRequest, StatusMessage};
pub use worker::{Workers, drain, start_workers};

use crate::{context::App, directory, error::AppResult};

/// Sends something about an issued document on its way: one order per recipient. The acting person waits for none of
/// them.
///
/// # Errors
/// When the database fails.
pub async fn dispatch(act: &mut Act, order: Order) -> AppResult<DispatchId> {
    let id = DispatchId::from_uuid(act.new_id());
    let now = act.now();
    let by = act.actor().post.map_or(Uuid::nil(), PostId::as_uuid);
    act.run(
        sql!(
            "INSERT INTO dispatch (id, outgoing_id, business, reason, carrier_id, changes, file_set, post_id, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        args![
            id,
            order.outgoing,
            order.business.as_str(),
            order.reason.as_str(),
            order.carrier,
            serde_json::to_string(&order.changes)?,
            order.file_set,
            by,
            now,
        ],
    )
    .await?;
    let waiting = act
        .all(
            sql!("SELECT id FROM delivery WHERE outgoing_id = $1 AND channel = 'internal' AND state = 'pending' ORDER BY id"),
            args![order.outgoing],
        )
        .await?
        .iter()
        .map(|row| row.get("id"))
        .collect::<store::Result<Vec<DeliveryId>>>()?;
    for delivery in order.lines.unwrap_or(waiting) {
        act.run(
            sql!("INSERT INTO dispatch_line (dispatch_id, delivery_id, state, changed_at) VALUES ($1, $2, $3, $4)"),
            args![id, delivery, PacketState::Pending.as_str(), now],
        )
        .await?;
        act.enqueue(
            deliver::KIND,
            &DeliveryOrder {
                dispatch: id,
                delivery,
            },
        )
        .await?;
    }
    Ok(id)
}

/// Tells the sender of an incoming document how far it is. Documents that came on paper have nobody to tell.
///
/// # Errors
/// When the database fails.
pub async fn report(
    act: &mut Act,
    document: IncomingId,
    code: StatusCode,
    description: &str,
) -> AppResult<()> {
    let row = act
        .one(
            sql!("SELECT delivery_id, arrival_number FROM incoming WHERE id = $1"),
            args![document],
        )
        .await?;
    let Some(delivery) = row.get("delivery_id")? else {
        return Ok(());
    };
    tell(act, delivery, code, description, row.get("arrival_number")?).await
}

/// Puts a status message about a delivery line on its way to the sender.
async fn tell(
    act: &mut Act,
    delivery: DeliveryId,
    code: StatusCode,
    description: &str,
    arrival_number: Option<i64>,
) -> AppResult<()> {
    let message = StatusMessage {
        id: act.new_id(),
        delivery,
        code,
        description: description.to_owned(),
        arrival_number,
        staff: act.actor().label.clone(),
        at: act.now(),
    };
    act.enqueue(status::KIND, &message).await?;
    Ok(())
}

/// Carries out one job of the outbox within `act`.
///
/// # Errors
/// When the job's kind is not known or its effect fails; it is then tried again.
async fn perform(app: &App, act: Act, job: &Job) -> AppResult<()> {
    match job.kind.as_str() {
        deliver::KIND => deliver::perform(app, act, job.payload()?).await,
        status::KIND => status::perform(app, act, job.payload()?).await,
        directory::APPLY => directory::perform(app, act, job.payload()?).await,
        other => Err(anyhow::anyhow!("no handler for a job of kind {other}").into()),
    }
}
