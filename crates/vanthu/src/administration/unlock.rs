//! Mở tài khoản tạm khóa do nhập sai mật khẩu nhiều lần (Điều 4.2).

use axum::{
    Json,
    extract::{Path, State},
};
use rules::{
    ids::{AccountId, CommandId},
    organization,
};
use serde_json::json;
use store::{Begun, Entry, args, sql};

use super::managed::{self, AccountChanged, NoFields};
use crate::{
    act_names, api,
    context::{App, Who},
    error::AppResult,
    web::{Reply, Submitted, see_other},
};

/// Opens an account that locked itself.
///
/// # Errors
/// `QC01-23.1c` for an account that is closed for good; see [`managed::for_change`].
pub async fn unlock(app: &App, who: &Who, command: CommandId, id: AccountId) -> AppResult<AccountChanged> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let account = managed::for_change(&mut act, who, id).await?;
    account.must_be_open()?;
    let state = organization::after_success();
    act.run(
        sql!("UPDATE account SET failures = $2, locked_until = $3 WHERE id = $1"),
        args![id, state.failures, state.locked_until],
    )
    .await?;
    act.journal(Entry {
        act: act_names::UNLOCK_ACCOUNT,
        object_kind: "account",
        object: id.as_uuid(),
        agency: Some(account.agency),
        summary: format!("Mở khóa tài khoản {}.", account.username),
        details: json!({}),
    })
    .await?;
    let answer = account.changed();
    app.commit(act, &answer).await?;
    app.attempts.forgive(&answer.username);
    Ok(answer)
}

/// `POST /administration/accounts/{id}/unlock`.
pub async fn submit(State(app): State<App>, Path(id): Path<AccountId>, form: Submitted<NoFields>) -> Reply {
    let done = unlock(&app, &form.who, form.command, id).await?;
    let sentence = format!("Đã mở khóa tài khoản {}.", done.username);
    Ok(see_other(
        &app,
        &format!("/administration/accounts/{id}"),
        &sentence,
    ))
}

/// Opens an account that is locked after wrong passwords.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/unlock", tag = "accounts", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = AccountChanged), (status = 404, description = "Không có, hoặc thuộc cơ quan khác")))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<AccountId>,
    command: api::Command<NoFields>,
) -> AppResult<Json<AccountChanged>> {
    Ok(Json(unlock(&app, &command.who, command.command, id).await?))
}
