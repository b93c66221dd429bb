//! A status message reaches the sender's delivery line.

use rules::{
    exchange::{self, DeliveryState, StatusCode},
    ids::AgencyId,
};
use serde_json::json;
use store::{Act, Entry, args, sql};
use uuid::Uuid;

use super::StatusMessage;
use crate::{act_names, context::App, error::AppResult};

/// Kind of the job.
pub const KIND: &str = "exchange.status";

/// Applies one message: noted once by its id; a late one never moves the line backwards.
pub async fn perform(app: &App, mut act: Act, message: StatusMessage) -> AppResult<()> {
    let now = act.now();
    let line = act
        .opt(
            sql!(
                "UPDATE delivery SET updated_at = $2 WHERE id = $1 RETURNING outgoing_id, agency_id, recipient_name, state"
            ),
            args![message.delivery, now],
        )
        .await?;
    let Some(line) = line else {
        return Ok(act.nothing_to_do().await?);
    };
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
                message.description.as_str(),
                message.staff.as_str(),
                message.at,
                now,
            ],
        )
        .await?;
    if fresh == 0 {
        return Ok(act.nothing_to_do().await?);
    }
    let state: DeliveryState = line.parse("state")?;
    let next = exchange::advance(state, message.code);
    let reason = Some(message.description.as_str()).filter(|_| message.code == StatusCode::Refused);
    act.run(
        sql!(
            "UPDATE delivery SET state = $2, incoming_number = coalesce($3, incoming_number), \
             reason = coalesce($4, reason) WHERE id = $1"
        ),
        args![message.delivery, next.as_str(), message.arrival_number, reason],
    )
    .await?;
    let (document, sender): (Uuid, AgencyId) = (line.get("outgoing_id")?, line.get("agency_id")?);
    let recipient: String = line.get("recipient_name")?;
    act.journal(Entry {
        act: if message.code == StatusCode::Refused {
            act_names::STATUS_REFUSED
        } else {
            act_names::STATUS
        },
        object_kind: "outgoing",
        object: document,
        agency: Some(sender),
        summary: format!("{recipient}: {}.", message.code.label()),
        details: json!({
            "delivery": message.delivery, "code": message.code.wire(), "note": message.description,
            "at": message.at.as_microsecond(), "staff": message.staff,
        }),
    })
    .await?;
    act.touch(sender.as_uuid());
    app.commit(act, &()).await
}
