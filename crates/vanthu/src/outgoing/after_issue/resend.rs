//! Gửi lại cho một nơi nhận (CN-217): what was returned, what did not leave, the recall that was not agreed to.

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    exchange::{self as rule, Business, DeliveryState, PacketState, RecallState},
    ids::{CommandId, DeliveryId, OutgoingId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    issued,
    offers::{self, Typed},
    recall,
};
use crate::{
    act_names, api,
    context::{App, Who},
    error::{AppError, AppResult},
    exchange,
    web::{Reply, Submitted, clean},
};

/// Gửi lại.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Resend {
    /// What changed since, or why it is sent again; told to the recipient. May be empty after a failure.
    pub reason: String,
}

/// What was sent again.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Resent {
    /// The document.
    pub id: Uuid,
    /// The line.
    pub delivery: Uuid,
    /// `update`: the same document once more, with the same identifier; `new` or `replace`; `recall`: the request.
    #[schema(value_type = String)]
    pub business: Business,
}

/// Sends once more to one recipient.
///
/// # Errors
/// The refusals of [`rules::exchange::resend`].
pub async fn resend(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    delivery: DeliveryId,
    data: &Resend,
) -> AppResult<Resent> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let document = issued::for_order(&mut act, who, id).await?;
    let reason = clean(&data.reason);
    let now = act.now();
    let line = act
        .opt(
            sql!(
                "UPDATE delivery SET updated_at = $3 WHERE id = $1 AND outgoing_id = $2 \
                 RETURNING state, recall_state, recipient_name"
            ),
            args![delivery, id, now],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let recipient: String = line.get("recipient_name")?;
    let (state, recalled): (DeliveryState, RecallState) = (line.parse("state")?, line.parse("recall_state")?);
    let business = match rule::resend(&who.actor, &document.facts, state, recalled, &reason)? {
        Business::New if replaces(&mut act, id).await? => Business::Replace,
        other => other,
    };
    let order = exchange::Order {
        business,
        reason: reason.clone(),
        lines: Some(vec![delivery]),
        ..exchange::Order::new_document(id)
    };
    if business == Business::Recall {
        let (carrier, file_set) = first_recall(&mut act, id).await?;
        let order = exchange::Order {
            carrier,
            file_set,
            ..order
        };
        recall::ask(&mut act, order, &[delivery]).await?;
    } else {
        act.run(
            sql!("UPDATE delivery SET state = $2 WHERE id = $1"),
            args![delivery, DeliveryState::Pending.as_str()],
        )
        .await?;
        // What was given up goes a new way now, and only that one.
        act.run(
            sql!("UPDATE dispatch_line SET state = $2, changed_at = $3 WHERE delivery_id = $1 AND state = 'failed'"),
            args![delivery, PacketState::Dropped.as_str(), now],
        )
        .await?;
        exchange::dispatch(&mut act, order).await?;
    }
    let what = if business == Business::Recall {
        "Gửi lại yêu cầu thu hồi"
    } else {
        "Gửi lại văn bản"
    };
    act.journal(Entry {
        act: act_names::RESEND,
        object_kind: "outgoing",
        object: id.as_uuid(),
        agency: None,
        summary: format!("{what} đến {recipient}."),
        details: json!({ "note": reason, "delivery": delivery, "business": business, "from": state }),
    })
    .await?;
    let answer = Resent {
        id: id.as_uuid(),
        delivery: delivery.as_uuid(),
        business,
    };
    app.commit(act, &answer).await?;
    Ok(answer)
}

async fn replaces(act: &mut Act, id: OutgoingId) -> AppResult<bool> {
    let row = act
        .opt(
            sql!("SELECT 1 AS one FROM outgoing WHERE replaced_by = $1 LIMIT 1"),
            args![id],
        )
        .await?;
    Ok(row.is_some())
}

/// The notice of the recall and its files.
async fn first_recall(act: &mut Act, id: OutgoingId) -> AppResult<(Option<OutgoingId>, Option<Uuid>)> {
    let row = act
        .opt(
            sql!(
                "SELECT carrier_id, file_set FROM dispatch WHERE outgoing_id = $1 AND business = 'recall' ORDER BY at, id LIMIT 1"
            ),
            args![id],
        )
        .await?;
    Ok(match row {
        Some(row) => (row.get("carrier_id")?, row.get("file_set")?),
        None => (None, None),
    })
}

/// `POST /outgoing/{id}/deliveries/{delivery}/resend`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path((id, delivery)): Path<(OutgoingId, DeliveryId)>,
    form: Submitted<Resend>,
) -> Reply {
    let typed = Typed {
        act: "resend",
        line: delivery.to_string(),
        reason: form.data.reason.clone(),
        ..Typed::default()
    };
    let done = resend(&app, &form.who, form.command, id, delivery, &form.data).await;
    let sentence = match &done {
        Ok(Resent {
            business: Business::Recall,
            ..
        }) => "Đã gửi lại yêu cầu thu hồi.",
        _ => "Đã gửi lại văn bản cho nơi nhận.",
    };
    offers::after(&app, &form.who, &jar, id, done, typed, sentence).await
}

/// Sends once more to one recipient: what it returned, what failed, or the recall that it did not agree to.
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/deliveries/{delivery}/resend", tag = "outgoing",
    params(("id" = Uuid, Path), ("delivery" = Uuid, Path)), request_body = Resend,
    responses((status = 200, body = Resent), (status = 404), (status = 409)))]
pub async fn api_resend(
    State(app): State<App>,
    Path((id, delivery)): Path<(OutgoingId, DeliveryId)>,
    sent: api::Command<Resend>,
) -> AppResult<Json<Resent>> {
    Ok(Json(
        resend(&app, &sent.who, sent.command, id, delivery, &sent.data).await?,
    ))
}
