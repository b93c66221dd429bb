//! Packets of ours: sent again, given up, or confirmed by their recipients.

use axum::{
    Json,
    extract::{Path, State},
};
use rules::ids::{CommandId, OutgoingId};
use serde_json::json;
use store::{Act, Begun, Entry, Row, args, sql};
use uuid::Uuid;

use super::{super::scope, Nothing, PacketMoved, Reason, not_now};
use crate::{
    act_names, api,
    context::{App, Who},
    error::{AppError, AppResult},
    exchange::axis::{pack::Packet, sent, states::OutboxState},
    web::{Reply, Submitted, see_other},
};

/// A packet of ours, locked.
async fn packet(app: &App, act: &mut Act, who: &Who, id: Uuid) -> AppResult<(Row, Packet)> {
    let row = act
        .opt(
            sql!(
                "UPDATE axis_outbox SET attempts = attempts WHERE id = $1 \
                 RETURNING id, agency_id, kind, business, connection_id, dispatch_id, outgoing_id, split_from, state, from_code, \
                 to_codes, notation, title, content, sha256, attempts, lookups, attempted_at, next_at, pack_failures"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    scope::must_see(app, who, row.get("agency_id")?, row.get("connection_id")?).await?;
    let packet = Packet::of(&row)?;
    Ok((row, packet))
}

/// Whether the axis may have a packet that was given up: an attempt of it ended without an answer. The only attempt of any other
/// was refused; a part of a packet inherits that of the whole.
///
/// # Errors
/// When a column is missing: `attempts`, `lookups`, `split_from`.
pub fn may_have_been_taken(row: &Row) -> store::Result<bool> {
    let is_part = row.get::<Option<Uuid>>("split_from")?.is_some();
    Ok(row.get::<u32>("lookups")? > 0 || row.get::<u32>("attempts")? > 1 + u32::from(is_part))
}

fn moved(id: Uuid, state: OutboxState) -> PacketMoved {
    PacketMoved {
        id,
        state: state.as_str().to_owned(),
        state_label: state.label().to_owned(),
    }
}

fn entry(act: &'static str, packet: &Packet, summary: String) -> Entry {
    Entry {
        act,
        object_kind: if packet.outgoing.is_some() {
            "outgoing"
        } else {
            "axis_packet"
        },
        object: packet.outgoing.map_or(packet.id, OutgoingId::as_uuid),
        agency: Some(packet.agency),
        summary,
        details: json!({ "axis_packet": packet.id }),
    }
}

/// The lines of a packet that was given up wait again.
async fn lines_wait(act: &mut Act, packet: &Packet) -> AppResult<()> {
    let now = act.now();
    for code in &packet.to {
        act.run(
            sql!(
                "UPDATE dispatch_line SET state = 'pending', answer = NULL, changed_at = $3 WHERE dispatch_id = $1 \
                 AND state = 'failed' AND delivery_id IN (SELECT id FROM delivery WHERE recipient_code = $2)"
            ),
            args![packet.dispatch, code, now],
        )
        .await?;
        act.run(
            sql!(
                "UPDATE delivery SET state = 'pending', reason = NULL, updated_at = $3 WHERE recipient_code = $2 AND state = 'failed' \
                 AND id IN (SELECT delivery_id FROM dispatch_line WHERE dispatch_id = $1 AND state = 'pending')"
            ),
            args![packet.dispatch, code, now],
        )
        .await?;
    }
    Ok(())
}

/// Sends a packet again that was given up. One that the axis surely never took is packed anew, so that what was mended
/// counts; otherwise the same bytes go.
async fn again(app: &App, who: &Who, command: CommandId, id: Uuid) -> AppResult<PacketMoved> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let (row, packet) = packet(app, &mut act, who, id).await?;
    if !matches!(packet.state, OutboxState::Dead | OutboxState::Invalid) {
        return Err(not_now());
    }
    let now = act.now();
    let is_fresh = !may_have_been_taken(&row)?;
    let next = if is_fresh {
        OutboxState::Packing
    } else {
        OutboxState::Waiting
    };
    act.run(
        sql!(
            "UPDATE axis_outbox SET state = $2, attempts = $4, lookups = 0, pack_failures = 0, \
             next_at = $3, last_error = NULL WHERE id = $1"
        ),
        // An earlier attempt whose outcome is not known goes on counting: its bytes are never written anew.
        args![id, next.as_str(), now, i64::from(!is_fresh)],
    )
    .await?;
    if is_fresh {
        act.run(
            sql!("UPDATE axis_outbox SET sha256 = NULL, size = NULL, fingerprint = NULL WHERE id = $1"),
            args![id],
        )
        .await?;
    }
    lines_wait(&mut act, &packet).await?;
    let summary = format!(
        "Gửi lại gói tin của văn bản {} đến {} qua trục liên thông.",
        packet.notation,
        packet.to.join(", ")
    );
    act.journal(entry(act_names::SEND_AGAIN, &packet, summary))
        .await?;
    let answer = moved(id, next);
    app.commit(act, &answer).await?;
    app.axis.wake.notify_one();
    Ok(answer)
}

/// A person asked the recipients of a packet whose outcome is not known, and they have it: it counts as sent.
async fn confirm(
    app: &App,
    who: &Who,
    command: CommandId,
    id: Uuid,
    data: &Reason,
) -> AppResult<PacketMoved> {
    let reason = data.given()?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let (row, packet) = packet(app, &mut act, who, id).await?;
    let is_in_doubt = match packet.state {
        OutboxState::Unknown => true,
        OutboxState::Dead => may_have_been_taken(&row)?,
        _ => false,
    };
    if !is_in_doubt {
        return Err(not_now());
    }
    lines_wait(&mut act, &packet).await?;
    sent::note(&mut act, &packet, None).await?;
    let summary = format!(
        "Xác nhận nơi nhận {} đã có gói tin của văn bản {}. Căn cứ: {reason}",
        packet.to.join(", "),
        packet.notation
    );
    act.journal(entry(act_names::SEND_CONFIRM, &packet, summary))
        .await?;
    let answer = moved(id, OutboxState::Sent);
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// A packet is not sent any more.
async fn skip(app: &App, who: &Who, command: CommandId, id: Uuid, data: &Reason) -> AppResult<PacketMoved> {
    let reason = data.given()?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let (_, packet) = packet(app, &mut act, who, id).await?;
    if !matches!(
        packet.state,
        OutboxState::Dead | OutboxState::Invalid | OutboxState::Waiting | OutboxState::Packing
    ) {
        return Err(not_now());
    }
    let now = act.now();
    act.run(
        sql!("UPDATE axis_outbox SET state = 'dropped', last_error = $2 WHERE id = $1"),
        args![id, reason.as_str()],
    )
    .await?;
    for code in &packet.to {
        act.run(
            sql!(
                "UPDATE delivery SET state = 'failed', reason = $3, updated_at = $4 WHERE recipient_code = $2 \
                 AND state IN ('pending', 'failed') \
                 AND id IN (SELECT delivery_id FROM dispatch_line WHERE dispatch_id = $1 AND state IN ('pending', 'failed'))"
            ),
            args![packet.dispatch, code, reason.as_str(), now],
        )
        .await?;
        act.run(
            sql!(
                "UPDATE dispatch_line SET state = 'dropped', answer = $3, changed_at = $4 WHERE dispatch_id = $1 \
                 AND state IN ('pending', 'failed') \
                 AND delivery_id IN (SELECT id FROM delivery WHERE recipient_code = $2)"
            ),
            args![packet.dispatch, code, reason.as_str(), now],
        )
        .await?;
    }
    let summary = format!(
        "Không gửi nữa gói tin của văn bản {} đến {}. Lý do: {reason}",
        packet.notation,
        packet.to.join(", ")
    );
    act.journal(entry(act_names::SEND_SKIP, &packet, summary)).await?;
    let answer = moved(id, OutboxState::Dropped);
    app.commit(act, &answer).await?;
    Ok(answer)
}

fn back(app: &App, id: Uuid, sentence: &str) -> axum::response::Response {
    see_other(app, &format!("/exchange/sent/{id}"), sentence)
}

/// `POST /exchange/sent/{id}/again`.
pub async fn again_page(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Nothing>) -> Reply {
    again(&app, &form.who, form.command, id).await?;
    Ok(back(&app, id, "Gói tin đã vào hàng chờ gửi."))
}

/// `POST /exchange/sent/{id}/confirm`.
pub async fn confirm_page(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Reason>) -> Reply {
    confirm(&app, &form.who, form.command, id, &form.data).await?;
    Ok(back(&app, id, "Đã ghi nhận: nơi nhận đã có văn bản."))
}

/// `POST /exchange/sent/{id}/skip`.
pub async fn skip_page(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Reason>) -> Reply {
    skip(&app, &form.who, form.command, id, &form.data).await?;
    Ok(back(&app, id, "Đã ghi nhận: gói tin không được gửi nữa."))
}

/// Sends a packet again that was given up.
#[utoipa::path(post, path = "/api/v1/exchange/sent/{id}/again", tag = "exchange", params(("id" = Uuid, Path)), request_body = Nothing,
    responses((status = 200, body = PacketMoved), (status = 404), (status = 409, description = "Gói tin không còn ở trạng thái này")))]
pub async fn api_again(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    sent: api::Command<Nothing>,
) -> AppResult<Json<PacketMoved>> {
    Ok(Json(again(&app, &sent.who, sent.command, id).await?))
}

/// Notes that the recipients have a packet whose outcome is not known, as a person learned from them.
#[utoipa::path(post, path = "/api/v1/exchange/sent/{id}/confirm", tag = "exchange", params(("id" = Uuid, Path)), request_body = Reason,
    responses((status = 200, body = PacketMoved), (status = 404), (status = 409, description = "Gói tin không còn ở trạng thái này")))]
pub async fn api_confirm(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    sent: api::Command<Reason>,
) -> AppResult<Json<PacketMoved>> {
    Ok(Json(
        confirm(&app, &sent.who, sent.command, id, &sent.data).await?,
    ))
}

/// Gives a packet up: it is not sent any more.
#[utoipa::path(post, path = "/api/v1/exchange/sent/{id}/skip", tag = "exchange", params(("id" = Uuid, Path)), request_body = Reason,
    responses((status = 200, body = PacketMoved), (status = 404), (status = 409, description = "Gói tin không còn ở trạng thái này")))]
pub async fn api_skip(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    sent: api::Command<Reason>,
) -> AppResult<Json<PacketMoved>> {
    Ok(Json(skip(&app, &sent.who, sent.command, id, &sent.data).await?))
}
