//! What people decide about packets: each with a reason in the journal.

use axum::extract::{Path, State};
use edxml::model::ResponseFor;
use rules::{
    Refusal,
    exchange::StatusCode,
    ids::{AgencyId, CommandId},
};
use serde::Deserialize;
use serde_json::json;
use store::{Act, Begun, Entry, Row, args, sql};
use uuid::Uuid;

use super::scope;
use crate::{
    act_names,
    context::{App, Who},
    error::{AppError, AppResult},
    exchange::axis::{
        queue,
        receive::MAY_BE_READ_AGAIN,
        states::{InboxState, OutboxState},
    },
    web::{Reply, Submitted, clean, see_other},
};

/// A form without fields.
#[derive(Debug, Default, Deserialize)]
pub struct Nothing {}

/// A form with a reason.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Reason {
    reason: String,
}

fn reason_of(text: &str) -> AppResult<String> {
    let reason = clean(text);
    if reason.is_empty() {
        return Err(Refusal::new(
            "QC01-14.3a",
            "exchange.no_reason",
            "Vui lòng ghi lý do để người khác hiểu vì sao gói tin được xử lý như vậy.",
        )
        .on("reason")
        .into());
    }
    Ok(reason)
}

fn not_now() -> AppError {
    Refusal::new(
        "QC01-14.3a",
        "exchange.not_now",
        "Gói tin không còn ở trạng thái này. Vui lòng tải lại trang.",
    )
    .into()
}

/// A packet of ours, locked.
async fn sent_packet(app: &App, act: &mut Act, who: &Who, id: Uuid) -> AppResult<(Row, OutboxState)> {
    let row = act
        .opt(
            sql!(
                "UPDATE axis_outbox SET attempts = attempts WHERE id = $1 \
                 RETURNING agency_id, connection_id, dispatch_id, outgoing_id, split_from, state, attempts, lookups, notation, \
                 to_codes"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    scope::must_see(app, who, row.get("agency_id")?, row.get("connection_id")?).await?;
    let state = row.parse("state")?;
    Ok((row, state))
}

fn sent_entry(act: &'static str, id: Uuid, row: &Row, summary: String) -> AppResult<Entry> {
    let outgoing: Option<Uuid> = row.get("outgoing_id")?;
    Ok(Entry {
        act,
        object_kind: if outgoing.is_some() {
            "outgoing"
        } else {
            "axis_packet"
        },
        object: outgoing.unwrap_or(id),
        agency: row.get("agency_id")?,
        summary,
        details: json!({ "axis_packet": id }),
    })
}

/// Sends a packet again that was given up. One that the axis surely never took is packed anew, so that what was mended
/// counts; otherwise the same bytes go.
async fn again(app: &App, who: &Who, command: CommandId, id: Uuid) -> AppResult<()> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(()) => return Ok(()),
        Begun::Now(act) => act,
    };
    let (row, state) = sent_packet(app, &mut act, who, id).await?;
    if !matches!(state, OutboxState::Dead | OutboxState::Invalid) {
        return Err(not_now());
    }
    let now = act.now();
    let is_part = row.get::<Option<Uuid>>("split_from")?.is_some();
    // The only attempt was refused; a part of a packet inherits that of the whole.
    let is_fresh = row.get::<u32>("lookups")? == 0 && row.get::<u32>("attempts")? <= 1 + u32::from(is_part);
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
    let codes: Vec<String> = row.json("to_codes")?;
    for code in &codes {
        act.run(
            sql!(
                "UPDATE dispatch_line SET state = 'pending', answer = NULL, changed_at = $3 WHERE dispatch_id = $1 \
                 AND state = 'failed' AND delivery_id IN (SELECT id FROM delivery WHERE recipient_code = $2)"
            ),
            args![row.get::<Option<Uuid>>("dispatch_id")?, code, now],
        )
        .await?;
        act.run(
            sql!(
                "UPDATE delivery SET state = 'pending', reason = NULL, updated_at = $3 WHERE recipient_code = $2 AND state = 'failed' \
                 AND id IN (SELECT delivery_id FROM dispatch_line WHERE dispatch_id = $1 AND state = 'pending')"
            ),
            args![row.get::<Option<Uuid>>("dispatch_id")?, code, now],
        )
        .await?;
    }
    let summary = format!(
        "Gửi lại gói tin của văn bản {} đến {} qua trục liên thông.",
        row.get::<String>("notation")?,
        codes.join(", ")
    );
    act.journal(sent_entry(act_names::SEND_AGAIN, id, &row, summary)?)
        .await?;
    app.commit(act, &()).await?;
    app.axis.wake.notify_one();
    Ok(())
}

/// `POST /exchange/sent/{id}/again`.
pub async fn send_again(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Nothing>) -> Reply {
    again(&app, &form.who, form.command, id).await?;
    Ok(see_other(
        &app,
        &format!("/exchange/sent/{id}"),
        "Gói tin đã vào hàng chờ gửi.",
    ))
}

/// `POST /exchange/sent/{id}/skip`: it is not sent any more.
pub async fn skip_sent(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Reason>) -> Reply {
    let reason = reason_of(&form.data.reason)?;
    if let Begun::Now(mut act) = app.begin::<()>(&form.who, form.command).await? {
        let (row, state) = sent_packet(&app, &mut act, &form.who, id).await?;
        if !matches!(
            state,
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
        let codes: Vec<String> = row.json("to_codes")?;
        for code in &codes {
            act.run(
                sql!(
                    "UPDATE delivery SET state = 'failed', reason = $3, updated_at = $4 WHERE recipient_code = $2 \
                     AND state IN ('pending', 'failed') \
                     AND id IN (SELECT delivery_id FROM dispatch_line WHERE dispatch_id = $1 AND state IN ('pending', 'failed'))"
                ),
                args![row.get::<Option<Uuid>>("dispatch_id")?, code, reason.as_str(), now],
            )
            .await?;
            act.run(
                sql!(
                    "UPDATE dispatch_line SET state = 'dropped', answer = $3, changed_at = $4 WHERE dispatch_id = $1 \
                     AND state IN ('pending', 'failed') \
                     AND delivery_id IN (SELECT id FROM delivery WHERE recipient_code = $2)"
                ),
                args![row.get::<Option<Uuid>>("dispatch_id")?, code, reason.as_str(), now],
            )
            .await?;
        }
        let summary = format!(
            "Không gửi nữa gói tin của văn bản {} đến {}. Lý do: {reason}",
            row.get::<String>("notation")?,
            codes.join(", ")
        );
        act.journal(sent_entry(act_names::SEND_SKIP, id, &row, summary)?)
            .await?;
        app.commit(act, &()).await?;
    }
    Ok(see_other(
        &app,
        &format!("/exchange/sent/{id}"),
        "Đã ghi nhận: gói tin không được gửi nữa.",
    ))
}

/// A packet that came, locked.
async fn received_packet(app: &App, act: &mut Act, who: &Who, id: Uuid) -> AppResult<(Row, InboxState)> {
    let row = act
        .opt(
            sql!(
                "UPDATE axis_inbox SET attempts = attempts WHERE id = $1 \
                 RETURNING agency_id, connection_id, axis_doc_id, kind, from_code, to_code, sender_code, sender_name, summary, \
                 document_id, state, sha256"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    scope::must_see(app, who, row.get("agency_id")?, row.get("connection_id")?).await?;
    let state = row.parse("state")?;
    Ok((row, state))
}

fn received_entry(act: &'static str, id: Uuid, row: &Row, summary: String) -> AppResult<Entry> {
    Ok(Entry {
        act,
        object_kind: "axis_packet",
        object: id,
        agency: row.get("agency_id")?,
        summary,
        details: json!({ "axis_doc_id": row.get::<String>("axis_doc_id")? }),
    })
}

/// `POST /exchange/received/{id}/again`: it is read once more, from the kept bytes.
pub async fn read_again(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Nothing>) -> Reply {
    if let Begun::Now(mut act) = app.begin::<()>(&form.who, form.command).await? {
        let (row, state) = received_packet(&app, &mut act, &form.who, id).await?;
        if !MAY_BE_READ_AGAIN.contains(&state) {
            return Err(not_now());
        }
        let now = act.now();
        act.run(
            sql!(
                "UPDATE axis_inbox SET state = 'listed', unreadable = sha256, attempts = 0, next_at = $2, settled_at = NULL, \
                 acked = CASE WHEN copy_for = '' THEN '' ELSE acked END WHERE id = $1"
            ),
            args![id, now],
        )
        .await?;
        let summary = format!(
            "Đọc lại gói tin {} từ {}.",
            row.get::<String>("axis_doc_id")?,
            row.get::<String>("from_code")?
        );
        act.journal(received_entry(act_names::PACKET_READ_AGAIN, id, &row, summary)?)
            .await?;
        app.commit(act, &()).await?;
        app.axis.wake.notify_one();
    }
    Ok(see_other(
        &app,
        &format!("/exchange/received/{id}"),
        "Gói tin đã vào hàng chờ đọc lại.",
    ))
}

/// `POST /exchange/received/{id}/skip`: it is put away.
pub async fn skip_received(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Reason>) -> Reply {
    let reason = reason_of(&form.data.reason)?;
    if let Begun::Now(mut act) = app.begin::<()>(&form.who, form.command).await? {
        let (row, state) = received_packet(&app, &mut act, &form.who, id).await?;
        if !MAY_BE_READ_AGAIN.contains(&state) {
            return Err(not_now());
        }
        // What the axis was told stays true.
        act.run(
            sql!("UPDATE axis_inbox SET state = 'skipped', last_error = $2 WHERE id = $1"),
            args![id, reason.as_str()],
        )
        .await?;
        let summary = format!(
            "Bỏ qua gói tin {} từ {}. Lý do: {reason}",
            row.get::<String>("axis_doc_id")?,
            row.get::<String>("from_code")?
        );
        act.journal(received_entry(act_names::PACKET_SKIP, id, &row, summary)?)
            .await?;
        app.commit(act, &()).await?;
    }
    Ok(see_other(&app, "/exchange", "Đã bỏ qua gói tin."))
}

/// For which agency a packet is taken.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Assign {
    agency: String,
}

/// `POST /exchange/received/{id}/assign`: a clerk takes a packet sent by mistake for the own agency, the administrator of the
/// province for any.
pub async fn assign(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Assign>) -> Reply {
    let agency: AgencyId = form
        .data
        .agency
        .parse()
        .map_err(|_| AppError::BadInput("Vui lòng chọn cơ quan nhận.".to_owned()))?;
    if !scope::sees_all(&form.who) && agency != form.who.agency() {
        return Err(AppError::NotFound);
    }
    if let Begun::Now(mut act) = app.begin::<()>(&form.who, form.command).await? {
        let (row, state) = received_packet(&app, &mut act, &form.who, id).await?;
        if state != InboxState::Misdirected {
            return Err(not_now());
        }
        let name: String = act
            .opt(
                sql!("SELECT name FROM agency WHERE id = $1 AND level <> 'partner'"),
                args![agency],
            )
            .await?
            .ok_or(AppError::NotFound)?
            .get("name")?;
        let now = act.now();
        act.run(
            sql!("UPDATE axis_inbox SET state = 'listed', agency_id = $2, next_at = $3, settled_at = NULL WHERE id = $1"),
            args![id, agency, now],
        )
        .await?;
        let summary = format!(
            "Nhận văn bản gửi nhầm đến mã {} cho {name}.",
            row.get::<String>("to_code")?
        );
        act.journal(Entry {
            agency: Some(agency),
            ..received_entry(act_names::PACKET_ASSIGN, id, &row, summary)?
        })
        .await?;
        app.commit(act, &()).await?;
        app.axis.wake.notify_one();
    }
    Ok(see_other(
        &app,
        "/exchange",
        "Văn bản sẽ có trong hộp chờ tiếp nhận của cơ quan.",
    ))
}

/// `POST /exchange/received/{id}/return`: a packet sent by mistake goes back with state 02.
pub async fn send_back(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Reason>) -> Reply {
    let reason = reason_of(&form.data.reason)?;
    if let Begun::Now(mut act) = app.begin::<()>(&form.who, form.command).await? {
        let (row, state) = received_packet(&app, &mut act, &form.who, id).await?;
        if state != InboxState::Misdirected {
            return Err(not_now());
        }
        act.run(
            sql!("UPDATE axis_inbox SET state = 'returned', last_error = $2 WHERE id = $1"),
            args![id, reason.as_str()],
        )
        .await?;
        let summary: String = row.get("summary")?;
        let code = summary.split(':').next().unwrap_or_default().to_owned();
        let about = ResponseFor {
            organ_id: Some(row.get("sender_code")?),
            code: Some(code),
            promulgation_date: None,
            document_id: row.get("document_id")?,
        };
        queue::Status {
            connection: row.get("connection_id")?,
            agency: form.who.agency(),
            agency_name: form.who.agency_name.clone(),
            object: id,
            incoming: None,
            message_key: format!("status:{id}:{}", StatusCode::Refused.wire()),
            from: row.get("to_code")?,
            to: row.get("from_code")?,
            code: StatusCode::Refused,
            about,
            // Whoever returns it for nobody is not always who may read it.
            title: String::new(),
            description: reason.clone(),
        }
        .queue(&mut act)
        .await?;
        let said = format!(
            "Trả lại văn bản gửi nhầm của {}. Lý do: {reason}",
            row.get::<String>("sender_name")?
        );
        act.journal(received_entry(act_names::PACKET_RETURN, id, &row, said)?)
            .await?;
        app.commit(act, &()).await?;
        app.axis.wake.notify_one();
    }
    Ok(see_other(
        &app,
        "/exchange",
        "Đã trả lại văn bản; bên gửi sẽ nhận được lý do.",
    ))
}
