//! Gửi, nhận văn bản giữa các cơ quan: one hub contract, and the workers that carry the outbox.
//!
//! A packet goes out per delivery line, status messages come back (QĐ 28 Điều 8, 9, 10.2h). Inside the installation
//! the hub is this room; to other systems [`axis`] carries the very same messages. Both ways a message keeps its id on
//! every attempt, and its effect is one act, so it happens once.

pub mod axis;
mod deliver;
pub mod evidence;
mod message;
mod status;
#[cfg(test)]
mod tests;
mod worker;

use std::collections::HashSet;

use rules::{
    exchange::{Business, DeliveryState, PacketState, StatusCode, answer_phrase},
    ids::{DeliveryId, DispatchId, IncomingId, PostId},
};
use store::{Act, Job, args, sql};
use uuid::Uuid;

pub use message::{Changes, DeliveryOrder, Order, SenderRequest, StatusMessage};
pub use status::apply as apply_status;
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
    let known = act
        .all(
            sql!(
                "SELECT id, channel, state, recipient_code FROM delivery WHERE outgoing_id = $1 AND channel <> 'paper' ORDER BY id"
            ),
            args![order.outgoing],
        )
        .await?;
    let wanted: Option<HashSet<DeliveryId>> =
        order.lines.as_ref().map(|lines| lines.iter().copied().collect());
    let (mut rows, mut internal, mut over_axis) = (Vec::new(), Vec::new(), Vec::new());
    for row in &known {
        let delivery: DeliveryId = row.get("id")?;
        let goes = match &wanted {
            Some(wanted) => wanted.contains(&delivery),
            None => row.get::<String>("state")? == DeliveryState::Pending.as_str(),
        };
        if !goes {
            continue;
        }
        rows.push(args![id, delivery, PacketState::Pending.as_str(), now]);
        if row.get::<String>("channel")? == "internal" {
            internal.push(DeliveryOrder {
                dispatch: id,
                delivery,
            });
        } else {
            let code: Option<String> = row.get("recipient_code")?;
            over_axis.extend(code.map(|code| axis::Recipient { delivery, code }));
        }
    }
    act.bulk(
        sql!(
            "INSERT INTO dispatch_line (dispatch_id, delivery_id, state, changed_at) VALUES ($1, $2, $3, $4)"
        ),
        rows,
    )
    .await?;
    act.enqueue_all(deliver::KIND, &internal).await?;
    axis::dispatch(act, id, &order, &over_axis).await?;
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
    let row = source(act, document).await?;
    if row.is_axis {
        return axis::report(act, document, code, description).await;
    }
    row.tell(act, None, code, description).await
}

/// An answer to a recall or an update of the sender.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The order of the sender, where the sender told one.
    pub dispatch: Option<DispatchId>,
    /// What was asked: recall or update.
    pub business: Business,
    /// Carried out (15), or not (16).
    pub agreed: bool,
    /// What was done, or why not.
    pub description: &'a str,
}

/// Answers what the sender of an incoming document asked (15, 16).
///
/// # Errors
/// When the database fails.
pub async fn answer(act: &mut Act, document: IncomingId, answer: Answer<'_>) -> AppResult<()> {
    let code = if answer.agreed {
        StatusCode::RecallAgreed
    } else {
        StatusCode::RecallRefused
    };
    let row = source(act, document).await?;
    if row.is_axis {
        // On the wire an answer cannot name the order: its text does.
        let phrase = answer_phrase(answer.business, answer.agreed);
        let description = format!("{phrase}. {}", answer.description);
        return axis::report(act, document, code, &description).await;
    }
    row.tell(act, answer.dispatch, code, answer.description).await
}

/// How a document came.
struct Source {
    is_axis: bool,
    delivery: Option<DeliveryId>,
    arrival_number: Option<i64>,
}

impl Source {
    /// Tells the sender inside the installation; what came on paper has nobody to tell.
    async fn tell(
        self,
        act: &mut Act,
        dispatch: Option<DispatchId>,
        code: StatusCode,
        description: &str,
    ) -> AppResult<()> {
        let Some(delivery) = self.delivery else {
            return Ok(());
        };
        tell(act, delivery, dispatch, code, description, self.arrival_number).await
    }
}

async fn source(act: &mut Act, document: IncomingId) -> AppResult<Source> {
    let row = act
        .one(
            sql!("SELECT source, delivery_id, arrival_number FROM incoming WHERE id = $1"),
            args![document],
        )
        .await?;
    Ok(Source {
        is_axis: row.get::<String>("source")? == "axis",
        delivery: row.get("delivery_id")?,
        arrival_number: row.get("arrival_number")?,
    })
}

/// Lets go of the messages by which a document came that its sender recalled, and of those about it. What came from inside is the sender's.
///
/// # Errors
/// When the database fails.
pub async fn forget_withdrawn(act: &mut Act, document: IncomingId) -> AppResult<()> {
    axis::forget_withdrawn(act, document).await
}

/// A status message that came over the axis goes the same way as one from inside.
///
/// # Errors
/// When the database fails.
async fn receive_status(act: &mut Act, message: &StatusMessage) -> AppResult<()> {
    Ok(act.enqueue(status::KIND, message).await?)
}

/// Puts a status message about a delivery line on its way to the sender.
async fn tell(
    act: &mut Act,
    delivery: DeliveryId,
    dispatch: Option<DispatchId>,
    code: StatusCode,
    description: &str,
    arrival_number: Option<i64>,
) -> AppResult<()> {
    let message = StatusMessage {
        id: act.new_id(),
        delivery,
        dispatch,
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
