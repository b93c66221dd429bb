//! Bearer tokens for programs: made by their owner with the password, shown once, revocable.

use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use jiff::SignedDuration;
use rules::{
    Refusal,
    ids::{AccountId, CommandId, PostId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    authenticate::{REFUSED, authenticate},
    limit::Origin,
    who::{new_token, token_hash},
};
use crate::{
    act_names,
    context::App,
    error::{AppError, AppResult},
};

pub fn routes() -> Router<App> {
    Router::new().route("/api/v1/tokens", post(create))
}

/// Name and password, for a new token.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TokenRequest {
    /// Tên tài khoản, `annv.stttt`.
    pub username: String,
    /// Mật khẩu.
    pub password: String,
    /// What the token is for; shown in the list of tokens.
    pub label: String,
    /// Days until it ends, 1–365.
    #[serde(default = "thirty")]
    pub days: u32,
}

fn thirty() -> u32 {
    30
}

/// A new token. The text is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewToken {
    /// Its id, for revoking.
    pub id: Uuid,
    /// The token: `Authorization: Bearer <token>`.
    pub token: String,
}

/// Makes a token for the first post of the account.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "tokens", request_body = TokenRequest,
    responses((status = 201, body = NewToken), (status = 403, description = "Phải đổi mật khẩu do quản trị cấp trước"),
        (status = 429, description = "Quá nhiều lần không thành công từ mạng này"), (status = 422, description = "Tên hoặc mật khẩu không đúng, hoặc tài khoản đang tạm khóa")))]
pub async fn create(
    State(app): State<App>,
    origin: Origin,
    Json(request): Json<TokenRequest>,
) -> AppResult<(StatusCode, Json<NewToken>)> {
    let username = request.username.trim().to_lowercase();
    match authenticate(&app, origin, &username, request.password).await? {
        Ok((_, known)) if known.must_change_password => Err(AppError::MustChangePassword),
        Ok((act, known)) => {
            let token = issue(&app, act, known.account, known.post, &request.label, request.days).await?;
            Ok((StatusCode::CREATED, Json(token)))
        }
        Err(_) => Err(AppError::BadInput(REFUSED.to_owned())),
    }
}

/// Makes a token for a post without a password; for `vanthu admin token`, run by the operator on the machine.
///
/// # Errors
/// When `days` is out of range or the database fails.
pub async fn create_token(
    app: &App,
    account: AccountId,
    post: PostId,
    label: &str,
    days: u32,
) -> AppResult<NewToken> {
    let actor = store::Actor {
        account: Some(account),
        post: Some(post),
        ..store::Actor::system()
    };
    let command = CommandId::from_uuid(app.ids.next());
    let Begun::Now(act) = Act::begin::<()>(&app.db, &app.clock, &app.ids, actor, command).await? else {
        return Err(AppError::SignedOut);
    };
    issue(app, act, account, post, label, days).await
}

/// Makes a token within an act, journals it and commits.
pub(super) async fn issue(
    app: &App,
    mut act: Act,
    account: AccountId,
    post: PostId,
    label: &str,
    days: u32,
) -> AppResult<NewToken> {
    if !(1..=365).contains(&days) {
        let refusal = Refusal::new(
            "QC01-23.2",
            "token.days",
            "Mã truy cập có thời hạn từ 1 đến 365 ngày.",
        );
        return Err(refusal.on("days").into());
    }
    let (id, token, now) = (act.new_id(), new_token(), act.now());
    act.run(
        sql!(
            "INSERT INTO api_token (id, token_hash, account_id, post_id, label, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        args![
            id,
            token_hash(&token),
            account,
            post,
            label,
            now,
            now + SignedDuration::from_hours(24 * i64::from(days))
        ],
    )
    .await?;
    act.journal(Entry {
        act: act_names::CREATE_TOKEN,
        object_kind: "account",
        object: account.as_uuid(),
        agency: None,
        summary: "Tạo mã truy cập cho chương trình.".to_owned(),
        details: json!({ "token": id, "label": label, "days": days }),
    })
    .await?;
    app.commit(act, &()).await?;
    Ok(NewToken { id, token })
}
