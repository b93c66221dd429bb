//! A status message reaches the sender's delivery line.

use jiff::Timestamp;
use rules::{
    exchange::{self, Business, DeliveryState, OpenOrder, PacketState, RecallState, SaidBefore, StatusCode},
    ids::{AgencyId, DispatchId},
};
use serde_json::json;
use store::{Act, Entry, args, sql};
use uuid::Uuid;

use super::StatusMessage;
use crate::{act_names, context::App, error::AppResult};

/// Kind of the job.
pub const KIND: &str = "exchange.status";

/// Applies one message as a job.
pub async fn perform(app: &App, mut act: Act, message: StatusMessage) -> AppResult<()> {
    if apply(&mut act, &message).await? {
        app.commit(act, &()).await
    } else {
        Ok(act.nothing_to_do().await?)
    }
}

/// Applies one message within `act`: noted once by its id; a late one never moves the line backwards. Gives whether it was
/// new and its line is known; otherwise nothing was changed.
///
/// # Errors
/// When the database fails.
pub async fn apply(act: &mut Act, message: &StatusMessage) -> AppResult<bool> {
    let now = act.now();
    let line = act
        .opt(
            sql!(
                "UPDATE delivery SET updated_at = $2 WHERE id = $1 \
                 RETURNING outgoing_id, agency_id, recipient_name, state, recall_state"
            ),
            args![message.delivery, now],
        )
        .await?;
    let Some(line) = line else { return Ok(false) };
    let fresh = act
        .run(
            sql!(
                "INSERT INTO delivery_event (delivery_id, message_id, code, description, staff, at, received_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING"
            ),
            args![
                message.delivery,
                message.id,
                message.code.wire(),
                message.said(),
                message.staff.as_str(),
                message.at,
                now,
            ],
        )
        .await?;
    if fresh == 0 {
        return Ok(false);
    }
    let state: DeliveryState = line.parse("state")?;
    let (next, is_news) = advance(act, message, state).await?;
    let refused = next == DeliveryState::Refused && message.code == StatusCode::Refused && is_news;
    let reason = Some(message.said()).filter(|_| refused);
    act.run(
        sql!(
            "UPDATE delivery SET state = $2, incoming_number = coalesce($3, incoming_number), \
             reason = coalesce($4, reason) WHERE id = $1"
        ),
        args![message.delivery, next.as_str(), message.arrival_number, reason],
    )
    .await?;
    let answered = answer(act, message, state, line.parse("recall_state")?).await?;
    let (document, sender): (Uuid, AgencyId) = (line.get("outgoing_id")?, line.get("agency_id")?);
    let recipient: String = line.get("recipient_name")?;
    let name = match (answered, message.code) {
        (Some(_), _) => act_names::ANSWERED,
        (None, StatusCode::Refused) => act_names::STATUS_REFUSED,
        (None, _) => act_names::STATUS,
    };
    act.journal(Entry {
        act: name,
        object_kind: "outgoing",
        object: document,
        agency: Some(sender),
        summary: format!("{recipient}: {}.", label(message.code, answered)),
        details: json!({
            "delivery": message.delivery, "code": message.code.wire(), "note": message.said(),
            "at": message.at.as_microsecond(), "staff": message.staff,
        }),
    })
    .await?;
    act.touch(sender.as_uuid());
    Ok(true)
}

/// Where the line stands after the message, and whether the message is the last word on it so far.
async fn advance(
    act: &mut Act,
    message: &StatusMessage,
    state: DeliveryState,
) -> AppResult<(DeliveryState, bool)> {
    let again = act
        .opt(
            sql!(
                "SELECT 1 AS one FROM dispatch_line l JOIN dispatch d ON d.id = l.dispatch_id \
                 WHERE l.delivery_id = $1 AND d.business = 'update' LIMIT 1"
            ),
            args![message.delivery],
        )
        .await?;
    if again.is_none() {
        let next = exchange::advance(state, message.code);
        return Ok((next, next != state));
    }
    let said = act
        .one(
            sql!(
                "SELECT max(CASE WHEN code = '02' THEN at END) AS returned, max(CASE WHEN code = '01' THEN at END) AS arrived \
                 FROM delivery_event WHERE delivery_id = $1 AND message_id <> $2"
            ),
            args![message.delivery, message.id],
        )
        .await?;
    let before = SaidBefore {
        returned: said.get::<Option<Timestamp>>("returned")?,
        arrived: said.get::<Option<Timestamp>>("arrived")?,
    };
    let next = exchange::advance_sent_again(state, message.code, message.at, before);
    let is_news = before.returned.is_none_or(|returned| message.at > returned);
    Ok((next, is_news))
}

/// What the history calls the message.
const fn label(code: StatusCode, answered: Option<Business>) -> &'static str {
    match (answered, code) {
        (Some(business), StatusCode::RecallAgreed | StatusCode::Received) => {
            exchange::answer_phrase(business, true)
        }
        (Some(business), StatusCode::RecallRefused | StatusCode::Refused) => {
            exchange::answer_phrase(business, false)
        }
        (_, code) => code.label(),
    }
}

/// Applies an answer to the order that it is about, by rule. Gives what was answered; a late answer to an order that is not
/// open any more changes nothing.
async fn answer(
    act: &mut Act,
    message: &StatusMessage,
    state: DeliveryState,
    recall: RecallState,
) -> AppResult<Option<Business>> {
    let rows = act
        .all(
            sql!(
                "SELECT d.id, d.business, d.at, l.state FROM dispatch_line l JOIN dispatch d ON d.id = l.dispatch_id \
                 WHERE l.delivery_id = $1 AND d.business IN ('recall', 'update') AND (l.dispatch_id = $2 OR $2 IS NULL) \
                 ORDER BY d.at DESC, d.id DESC"
            ),
            args![message.delivery, message.dispatch],
        )
        .await?;
    let (mut ids, mut open) = (Vec::<DispatchId>::new(), Vec::new());
    for row in &rows {
        if row.parse::<PacketState>("state")?.is_open() {
            ids.push(row.get("id")?);
            open.push(OpenOrder {
                business: row.parse("business")?,
                at: row.get("at")?,
            });
        }
    }
    let found = exchange::answered(&open, message.code, state, message.at, message.said());
    let Some((index, code)) = found else {
        return Ok(None);
    };
    let now = act.now();
    let (dispatch, business) = (ids[index], open[index].business);
    let packet = if code == StatusCode::RecallAgreed {
        PacketState::Agreed
    } else {
        PacketState::Refused
    };
    act.run(
        sql!(
            "UPDATE dispatch_line SET state = $3, answer = $4, changed_at = $5 WHERE dispatch_id = $1 AND delivery_id = $2"
        ),
        args![
            dispatch,
            message.delivery,
            packet.as_str(),
            Some(message.said()).filter(|text| !text.is_empty()),
            now
        ],
    )
    .await?;
    if business == Business::Recall {
        let next = exchange::advance_recall(recall, code);
        act.run(
            sql!("UPDATE delivery SET recall_state = $2 WHERE id = $1"),
            args![message.delivery, next.as_str()],
        )
        .await?;
    }
    Ok(Some(business))
}
