//! Packets of theirs: read again, put away, taken for an agency, sent back.

use axum::{
    Json,
    extract::{Path, State},
};
use edxml::model::ResponseFor;
use rules::{
    exchange::StatusCode,
    ids::{AgencyId, CommandId},
};
use serde::Deserialize;
use serde_json::json;
use store::{Act, Begun, Entry, Row, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{super::scope, Nothing, PacketMoved, Reason, not_now};
use crate::{
    act_names, api,
    context::{App, Who},
    error::{AppError, AppResult},
    exchange::axis::{queue, receive::MAY_BE_READ_AGAIN, states::InboxState},
    web::{Reply, Submitted, see_other},
};

/// A packet that came, locked.
async fn packet(app: &App, act: &mut Act, who: &Who, id: Uuid) -> AppResult<(Row, InboxState)> {
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

fn moved(id: Uuid, state: InboxState) -> PacketMoved {
    PacketMoved {
        id,
        state: state.as_str().to_owned(),
        state_label: state.label().to_owned(),
    }
}

fn entry(act: &'static str, id: Uuid, row: &Row, summary: String) -> AppResult<Entry> {
    Ok(Entry {
        act,
        object_kind: "axis_packet",
        object: id,
        agency: row.get("agency_id")?,
        summary,
        details: json!({ "axis_doc_id": row.get::<String>("axis_doc_id")? }),
    })
}

/// A packet is read once more, from the kept bytes.
async fn read_again(app: &App, who: &Who, command: CommandId, id: Uuid) -> AppResult<PacketMoved> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let (row, state) = packet(app, &mut act, who, id).await?;
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
    act.journal(entry(act_names::PACKET_READ_AGAIN, id, &row, summary)?)
        .await?;
    let answer = moved(id, InboxState::Listed);
    app.commit(act, &answer).await?;
    app.axis.wake.notify_one();
    Ok(answer)
}

/// A packet is put away.
async fn skip(app: &App, who: &Who, command: CommandId, id: Uuid, data: &Reason) -> AppResult<PacketMoved> {
    let reason = data.given()?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let (row, state) = packet(app, &mut act, who, id).await?;
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
    act.journal(entry(act_names::PACKET_SKIP, id, &row, summary)?)
        .await?;
    let answer = moved(id, InboxState::Skipped);
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// For which agency a packet is taken.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Assign {
    /// Cơ quan nhận.
    #[schema(value_type = uuid::Uuid)]
    pub agency: String,
}

/// A clerk takes a packet sent by mistake for the own agency, the administrator of the province for any.
async fn assign(app: &App, who: &Who, command: CommandId, id: Uuid, data: &Assign) -> AppResult<PacketMoved> {
    let agency: AgencyId = data
        .agency
        .parse()
        .map_err(|_| AppError::BadInput("Vui lòng chọn cơ quan nhận.".to_owned()))?;
    if !scope::sees_all(who) && agency != who.agency() {
        return Err(AppError::NotFound);
    }
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let (row, state) = packet(app, &mut act, who, id).await?;
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
        ..entry(act_names::PACKET_ASSIGN, id, &row, summary)?
    })
    .await?;
    let answer = moved(id, InboxState::Listed);
    app.commit(act, &answer).await?;
    app.axis.wake.notify_one();
    Ok(answer)
}

/// A packet sent by mistake goes back with state 02.
async fn send_back(
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
    let (row, state) = packet(app, &mut act, who, id).await?;
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
        agency: who.agency(),
        agency_name: who.agency_name.clone(),
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
    act.journal(entry(act_names::PACKET_RETURN, id, &row, said)?)
        .await?;
    let answer = moved(id, InboxState::Returned);
    app.commit(act, &answer).await?;
    app.axis.wake.notify_one();
    Ok(answer)
}

/// `POST /exchange/received/{id}/again`.
pub async fn read_again_page(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    form: Submitted<Nothing>,
) -> Reply {
    read_again(&app, &form.who, form.command, id).await?;
    Ok(see_other(
        &app,
        &format!("/exchange/received/{id}"),
        "Gói tin đã vào hàng chờ đọc lại.",
    ))
}

/// `POST /exchange/received/{id}/skip`.
pub async fn skip_page(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Reason>) -> Reply {
    skip(&app, &form.who, form.command, id, &form.data).await?;
    Ok(see_other(&app, "/exchange", "Đã bỏ qua gói tin."))
}

/// `POST /exchange/received/{id}/assign`.
pub async fn assign_page(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Assign>) -> Reply {
    assign(&app, &form.who, form.command, id, &form.data).await?;
    Ok(see_other(
        &app,
        "/exchange",
        "Văn bản sẽ có trong hộp chờ tiếp nhận của cơ quan.",
    ))
}

/// `POST /exchange/received/{id}/return`.
pub async fn send_back_page(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Reason>) -> Reply {
    send_back(&app, &form.who, form.command, id, &form.data).await?;
    Ok(see_other(
        &app,
        "/exchange",
        "Đã trả lại văn bản; bên gửi sẽ nhận được lý do.",
    ))
}

/// Reads a packet once more, from the kept bytes.
#[utoipa::path(post, path = "/api/v1/exchange/received/{id}/again", tag = "exchange", params(("id" = Uuid, Path)), request_body = Nothing,
    responses((status = 200, body = PacketMoved), (status = 404), (status = 409, description = "Gói tin không còn ở trạng thái này")))]
pub async fn api_read_again(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    sent: api::Command<Nothing>,
) -> AppResult<Json<PacketMoved>> {
    Ok(Json(read_again(&app, &sent.who, sent.command, id).await?))
}

/// Puts a packet away.
#[utoipa::path(post, path = "/api/v1/exchange/received/{id}/skip", tag = "exchange", params(("id" = Uuid, Path)), request_body = Reason,
    responses((status = 200, body = PacketMoved), (status = 404), (status = 409, description = "Gói tin không còn ở trạng thái này")))]
pub async fn api_skip(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    sent: api::Command<Reason>,
) -> AppResult<Json<PacketMoved>> {
    Ok(Json(skip(&app, &sent.who, sent.command, id, &sent.data).await?))
}

/// Takes a packet that was sent by mistake for an agency.
#[utoipa::path(post, path = "/api/v1/exchange/received/{id}/assign", tag = "exchange", params(("id" = Uuid, Path)), request_body = Assign,
    responses((status = 200, body = PacketMoved), (status = 404), (status = 409, description = "Gói tin không còn ở trạng thái này")))]
pub async fn api_assign(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    sent: api::Command<Assign>,
) -> AppResult<Json<PacketMoved>> {
    Ok(Json(assign(&app, &sent.who, sent.command, id, &sent.data).await?))
}

/// Sends a packet back that was sent by mistake; its sender gets the reason with state 02.
#[utoipa::path(post, path = "/api/v1/exchange/received/{id}/return", tag = "exchange", params(("id" = Uuid, Path)), request_body = Reason,
    responses((status = 200, body = PacketMoved), (status = 404), (status = 409, description = "Gói tin không còn ở trạng thái này")))]
pub async fn api_send_back(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    sent: api::Command<Reason>,
) -> AppResult<Json<PacketMoved>> {
    Ok(Json(
        send_back(&app, &sent.who, sent.command, id, &sent.data).await?,
    ))
}
