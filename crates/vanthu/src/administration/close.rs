//! Khóa hẳn tài khoản của người nghỉ việc, chuyển công tác (Điều 23.1c): every session and every token ends with it.

use axum::{
    Json,
    extract::{Path, State},
};
use rules::{
    Refusal,
    ids::{AccountId, CommandId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Begun, Entry, args, sql};
use utoipa::ToSchema;

use super::managed::{self, AccountChanged};
use crate::{
    act_names, api,
    context::{App, Who},
    error::AppResult,
    sign_in,
    web::{Reply, Submitted, clean, see_other},
};

/// Why an account is locked for good.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct CloseAccount {
    /// Lý do: nghỉ hưu, chuyển công tác…
    #[serde(default)]
    pub reason: String,
}

/// Locks an account for good.
///
/// # Errors
/// `QC01-23.1c` without a reason, for the own account and for one that is closed already; see [`managed::for_change`].
pub async fn close(
    app: &App,
    who: &Who,
    command: CommandId,
    id: AccountId,
    data: CloseAccount,
) -> AppResult<AccountChanged> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let account = managed::for_change(&mut act, who, id).await?;
    account.must_be_open()?;
    if account.id == who.account() {
        return Err(Refusal::new(
            "QC01-23.1c",
            "account.own",
            "Không tự khóa tài khoản của mình. Vui lòng đề nghị quản trị khác thực hiện.",
        )
        .into());
    }
    let reason = clean(&data.reason);
    if reason.is_empty() {
        return Err(Refusal::new(
            "QC01-23.1c",
            "account.no_reason",
            "Vui lòng ghi lý do khóa tài khoản (nghỉ hưu, chuyển công tác…).",
        )
        .on("reason")
        .into());
    }
    let now = act.now();
    act.run(
        sql!("UPDATE account SET closed_at = $2 WHERE id = $1"),
        args![id, now],
    )
    .await?;
    sign_in::end_all(&mut act, id).await?;
    act.journal(Entry {
        act: act_names::CLOSE_ACCOUNT,
        object_kind: "account",
        object: id.as_uuid(),
        agency: Some(account.agency),
        summary: format!("Khóa hẳn tài khoản {}.", account.username),
        details: json!({ "note": reason }),
    })
    .await?;
    let answer = account.changed();
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// `POST /administration/accounts/{id}/close`.
pub async fn submit(
    State(app): State<App>,
    Path(id): Path<AccountId>,
    form: Submitted<CloseAccount>,
) -> Reply {
    let done = close(&app, &form.who, form.command, id, form.data).await?;
    let sentence = format!(
        "Đã khóa hẳn tài khoản {}; mọi phiên làm việc và mã truy cập đã kết thúc.",
        done.username
    );
    Ok(see_other(
        &app,
        &format!("/administration/accounts/{id}"),
        &sentence,
    ))
}

/// Locks an account for good; its sessions and tokens end at once.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/close", tag = "accounts", params(("id" = uuid::Uuid, Path)),
    request_body = CloseAccount, responses((status = 200, body = AccountChanged), (status = 404, description = "Không có, hoặc thuộc cơ quan khác")))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<AccountId>,
    command: api::Command<CloseAccount>,
) -> AppResult<Json<AccountChanged>> {
    let done = close(&app, &command.who, command.command, id, command.data).await?;
    Ok(Json(done))
}
