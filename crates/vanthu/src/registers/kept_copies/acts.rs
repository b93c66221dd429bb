//! The acts: a kept copy is handed over to be used, and comes back.

use axum::{
    Json,
    extract::{Path, State},
};
use jiff::civil::Date;
use rules::{
    Refusal,
    ids::{CommandId, OutgoingId},
    outgoing::{KeptCopyUse, OutgoingState, return_kept_copy, use_kept_copy},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::may_read;
use crate::{
    act_names, api,
    context::{App, Who},
    error::{AppError, AppResult},
    web::{clean, format},
};

/// A use of a kept copy.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LendKeptCopy {
    /// Số, ký hiệu văn bản, as printed: `05/STTTT-BCVT`.
    pub document: String,
    /// The year of the number.
    #[schema(value_type = i32)]
    pub year: i16,
    /// Họ tên người sử dụng.
    pub user: String,
    /// Người cho phép sử dụng.
    pub permitted_by: String,
    /// Ngày tháng.
    #[schema(value_type = String, format = Date)]
    pub used_on: Date,
    /// Số và ký hiệu hồ sơ, when it is in one.
    #[serde(default)]
    pub file_code: String,
    /// Ghi chú.
    #[serde(default)]
    pub note: String,
}

/// The line that was written.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct KeptCopyLent {
    /// The line of the book.
    pub id: Uuid,
}

/// When a kept copy came back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnKeptCopy {
    /// Ngày trả.
    #[schema(value_type = String, format = Date)]
    pub returned_on: Date,
}

/// Records that a kept copy was handed over.
///
/// # Errors
/// The refusals of [`use_kept_copy`]; `ND30-19.1` when there is no document of this number.
pub async fn lend(app: &App, who: &Who, command: CommandId, data: LendKeptCopy) -> AppResult<KeptCopyLent> {
    may_read(who)?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let printed = clean(&data.document);
    let unknown = || {
        Refusal::new(
            "ND30-19.1",
            "kept_copy.unknown",
            "Không tìm thấy văn bản đi có số, ký hiệu này trong năm đã chọn. Vui lòng ghi đủ như trên văn bản, ví dụ 05/STTTT-BCVT.",
        )
        .on("document")
    };
    let (number, symbol) = printed.split_once('/').ok_or_else(unknown)?;
    let number: u32 = number.trim().parse().map_err(|_| unknown())?;
    let row = act
        .opt(
            sql!(
                "SELECT id, state, issued_on FROM outgoing WHERE agency_id = $1 AND year = $2 AND number = $3 AND symbol = $4"
            ),
            args![who.agency(), data.year, number, symbol.trim()],
        )
        .await?
        .ok_or_else(unknown)?;
    let outgoing: OutgoingId = row.get("id")?;
    let (user, permitted_by) = (clean(&data.user), clean(&data.permitted_by));
    use_kept_copy(
        &who.actor,
        &KeptCopyUse {
            agency: who.agency(),
            is_issued: row.parse::<OutgoingState>("state")? == OutgoingState::Issued,
            user: &user,
            permitted_by: &permitted_by,
            used_on: data.used_on,
            issued_on: row.get("issued_on")?,
            today: act.today(),
        },
    )?;
    let (id, now) = (act.new_id(), act.now());
    act.run(
        sql!(
            "INSERT INTO kept_copy_use (id, agency_id, outgoing_id, used_on, used_by, file_code, permitted_by, returned_on, \
             note, recorded_by, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8, $9, $10)"
        ),
        args![
            id,
            who.agency(),
            outgoing,
            data.used_on,
            user.as_str(),
            clean(&data.file_code),
            permitted_by.as_str(),
            clean(&data.note),
            who.post(),
            now
        ],
    )
    .await?;
    act.journal(Entry {
        act: act_names::KEPT_COPY_LEND,
        object_kind: "outgoing",
        object: outgoing.as_uuid(),
        agency: None,
        summary: format!("Giao bản lưu cho {user} sử dụng, {permitted_by} cho phép"),
        details: json!({ "use": id, "used_on": data.used_on, "note": clean(&data.note) }),
    })
    .await?;
    let answer = KeptCopyLent { id };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// Records that a kept copy came back.
///
/// # Errors
/// [`AppError::NotFound`] for a line of another agency; the refusals of [`return_kept_copy`].
pub async fn give_back(
    app: &App,
    who: &Who,
    command: CommandId,
    id: Uuid,
    data: ReturnKeptCopy,
) -> AppResult<KeptCopyLent> {
    may_read(who)?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let row = act
        .opt(
            sql!(
                "UPDATE kept_copy_use SET used_on = used_on WHERE id = $1 AND agency_id = $2 \
                 RETURNING outgoing_id, used_on, used_by, returned_on"
            ),
            args![id, who.agency()],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    if !who.is_clerk() {
        return Err(Refusal::new(
            "ND30-4.2b",
            "kept_copy.not_clerk",
            "Chỉ văn thư của cơ quan nhận lại bản lưu và ghi sổ.",
        )
        .into());
    }
    let today = act.today();
    return_kept_copy(
        row.get("used_on")?,
        row.get("returned_on")?,
        data.returned_on,
        today,
    )?;
    act.run(
        sql!("UPDATE kept_copy_use SET returned_on = $2 WHERE id = $1"),
        args![id, data.returned_on],
    )
    .await?;
    act.journal(Entry {
        act: act_names::KEPT_COPY_RETURN,
        object_kind: "outgoing",
        object: row.get("outgoing_id")?,
        agency: None,
        summary: format!(
            "{} trả bản lưu ngày {}",
            row.get::<String>("used_by")?,
            format::date(data.returned_on)
        ),
        details: json!({ "use": id, "returned_on": data.returned_on }),
    })
    .await?;
    let answer = KeptCopyLent { id };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// Records that a kept copy was handed over to be used.
#[utoipa::path(post, path = "/api/v1/registers/kept-copies", tag = "registers", request_body = LendKeptCopy,
    responses((status = 200, body = KeptCopyLent), (status = 409, description = "Quy tắc không cho phép")))]
pub async fn api_lend(
    State(app): State<App>,
    command: api::Command<LendKeptCopy>,
) -> AppResult<Json<KeptCopyLent>> {
    Ok(Json(
        lend(&app, &command.who, command.command, command.data).await?,
    ))
}

/// Records that a kept copy came back.
#[utoipa::path(post, path = "/api/v1/registers/kept-copies/{id}/return", tag = "registers", params(("id" = Uuid, Path)),
    request_body = ReturnKeptCopy,
    responses((status = 200, body = KeptCopyLent), (status = 404), (status = 409, description = "Đã ghi trả trước đó")))]
pub async fn api_return(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    command: api::Command<ReturnKeptCopy>,
) -> AppResult<Json<KeptCopyLent>> {
    Ok(Json(
        give_back(&app, &command.who, command.command, id, command.data).await?,
    ))
}
