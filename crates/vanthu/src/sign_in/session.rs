//! Sessions: rows of their own, so that they can be listed, ended and locked with the account.

use axum::{Router, extract::State, response::Response, routing::post};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use jiff::{SignedDuration, Timestamp};
use rules::ids::{AccountId, PostId};
use serde::Deserialize;
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};

use super::who::{new_token, token_hash};
use crate::{
    act_names,
    context::{App, Who},
    error::{AppError, AppResult},
    web::{Reply, Submitted, see_other},
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/sign-out", post(sign_out))
        .route("/session/post", post(switch_post))
}

/// Name of the cookie. With HTTPS the `__Host-` prefix forbids every other host and path to set it.
pub fn cookie_name(app: &App) -> &'static str {
    if app.settings.server.secure_cookies {
        "__Host-vanthu"
    } else {
        "vanthu"
    }
}

fn lifetime(app: &App) -> SignedDuration {
    SignedDuration::from_hours(i64::from(app.settings.sign_in.session_hours))
}

/// Opens a session within the act of signing in, and gives its cookie.
pub async fn open(
    app: &App,
    act: &mut Act,
    account: AccountId,
    post: PostId,
    device: &str,
) -> AppResult<Cookie<'static>> {
    let token = new_token();
    let now = act.now();
    let device: String = device.chars().take(200).collect();
    act.run(
        sql!(
            "INSERT INTO session (token_hash, account_id, post_id, csrf, device, created_at, seen_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $6, $7)"
        ),
        args![token_hash(&token), account, post, new_token(), device, now, now + lifetime(app)],
    )
    .await?;
    act.run(
        sql!("DELETE FROM session WHERE account_id = $1 AND expires_at < $2"),
        args![account, now],
    )
    .await?;
    Ok(Cookie::build((cookie_name(app), token))
        .path("/")
        .http_only(true)
        .secure(app.settings.server.secure_cookies)
        .same_site(SameSite::Lax)
        .build())
}

/// Opens a session without a password, and gives its cookie and csrf token: for tests in process only.
///
/// # Errors
/// When the database fails.
pub async fn open_for_test(
    app: &App,
    account: AccountId,
    post: PostId,
) -> AppResult<(Cookie<'static>, String)> {
    let command = rules::ids::CommandId::from_uuid(app.ids.next());
    let actor = store::Actor {
        account: Some(account),
        post: Some(post),
        ..store::Actor::system()
    };
    let Begun::Now(mut act) = Act::begin::<()>(&app.db, &app.clock, &app.ids, actor, command).await? else {
        return Err(AppError::SignedOut);
    };
    let cookie = open(app, &mut act, account, post, "test").await?;
    let row = act
        .one(
            sql!("SELECT csrf FROM session WHERE token_hash = $1"),
            args![token_hash(cookie.value())],
        )
        .await?;
    let entry = Entry {
        act: act_names::SIGN_IN,
        object_kind: "account",
        object: account.as_uuid(),
        agency: None,
        summary: "Đăng nhập.".to_owned(),
        details: json!({}),
    };
    act.journal(entry).await?;
    app.commit(act, &()).await?;
    Ok((cookie, row.get("csrf")?))
}

/// Notes that the session is in use, at most every five minutes.
pub async fn keep_alive(app: &App, hash: Vec<u8>, seen: Timestamp, now: Timestamp) -> AppResult<()> {
    if now.duration_since(seen) < SignedDuration::from_mins(5) {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!("UPDATE session SET seen_at = $2, expires_at = $3 WHERE token_hash = $1"),
        args![hash, now, now + lifetime(app)],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Ends every session and token of an account, within the act that locks it (Điều 23.1c).
///
/// # Errors
/// When the database fails.
pub async fn end_all(act: &mut Act, account: AccountId) -> AppResult<()> {
    let now = act.now();
    act.run(sql!("DELETE FROM session WHERE account_id = $1"), args![account])
        .await?;
    act.run(
        sql!("UPDATE api_token SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL"),
        args![account, now],
    )
    .await?;
    Ok(())
}

/// The other posts of the person, as (id, label).
///
/// # Errors
/// When the database fails.
pub async fn other_posts(app: &App, who: &Who) -> AppResult<Vec<(String, String)>> {
    if who.in_place.is_some() {
        return Ok(Vec::new());
    }
    let rows = app
        .db
        .all(
            sql!(
                "SELECT p.id, p.title, g.name FROM post p JOIN agency g ON g.id = p.agency_id \
                 WHERE p.account_id = $1 AND p.id <> $2 AND (p.valid_to IS NULL OR p.valid_to >= $3) ORDER BY p.id"
            ),
            args![who.account(), who.post(), app.clock.today()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let (title, agency): (String, String) = (row.get("title")?, row.get("name")?);
            Ok((
                row.get::<PostId>("id")?.to_string(),
                format!("{title} – {agency}"),
            ))
        })
        .collect()
}

#[derive(Deserialize)]
struct Nothing {}

async fn sign_out(State(app): State<App>, jar: CookieJar, form: Submitted<Nothing>) -> Reply {
    let token = jar
        .get(cookie_name(&app))
        .ok_or(AppError::SignedOut)?
        .value()
        .to_owned();
    if let Begun::Now(mut act) = app.begin::<()>(&form.who, form.command).await? {
        act.run(
            sql!("DELETE FROM session WHERE token_hash = $1"),
            args![token_hash(&token)],
        )
        .await?;
        act.journal(Entry {
            act: act_names::SIGN_OUT,
            object_kind: "account",
            object: form.who.account().as_uuid(),
            agency: None,
            summary: "Đăng xuất.".to_owned(),
            details: json!({}),
        })
        .await?;
        app.commit(act, &()).await?;
    }
    Ok(see_other(&app, "/sign-in", "Ông/Bà đã đăng xuất."))
}

#[derive(Deserialize)]
struct SwitchPost {
    post: PostId,
}

async fn switch_post(
    State(app): State<App>,
    jar: CookieJar,
    form: Submitted<SwitchPost>,
) -> Result<Response, AppError> {
    let token = jar
        .get(cookie_name(&app))
        .ok_or(AppError::SignedOut)?
        .value()
        .to_owned();
    if let Begun::Now(mut act) = app.begin::<()>(&form.who, form.command).await? {
        let today = act.today();
        let own = act
            .run(
                sql!(
                    "UPDATE session SET post_id = $2, delegation_id = NULL WHERE token_hash = $1 AND EXISTS (SELECT 1 FROM post p \
                     WHERE p.id = $2 AND p.account_id = $3 AND (p.valid_to IS NULL OR p.valid_to >= $4))"
                ),
                args![token_hash(&token), form.data.post, form.who.account(), today],
            )
            .await?;
        if own == 0 {
            return Err(AppError::NotFound);
        }
        act.journal(Entry {
            act: act_names::SWITCH_POST,
            object_kind: "account",
            object: form.who.account().as_uuid(),
            agency: None,
            summary: "Chuyển sang chức vụ khác.".to_owned(),
            details: json!({ "post": form.data.post }),
        })
        .await?;
        app.commit(act, &()).await?;
    }
    Ok(see_other(&app, "/", "Đã chuyển sang chức vụ khác."))
}
