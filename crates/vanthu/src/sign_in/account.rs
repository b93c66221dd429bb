//! Tài khoản của tôi: own posts, sessions, tokens (Điều 3.3, 4.2).

use askama::Template;
use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use store::{Begun, Entry, args, sql};
use uuid::Uuid;

use super::{
    authenticate::{Denied, authenticate},
    limit::Origin,
    session, tokens,
    who::token_hash,
};
use crate::{
    act_names,
    context::{App, Who},
    error::{AppError, AppResult},
    web::{
        Reply, Stay, Submitted, clean, format, frame,
        page::{Fact, FieldErrors, Page},
        render, see_other,
    },
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/account", get(page))
        .route("/account/sessions/end", post(end_session))
        .route("/account/tokens", post(create_token))
        .route("/account/tokens/revoke", post(revoke_token))
}

struct SessionLine {
    /// The stored hash in hex: it opens nothing.
    key: String,
    device: String,
    opened: String,
    seen: String,
    is_this: bool,
}

struct TokenLine {
    id: String,
    label: String,
    created: String,
    expires: String,
}

#[derive(Template)]
#[template(path = "sign_in/account.html")]
pub(super) struct AccountPage {
    page: Page,
    facts: Vec<Fact>,
    sessions: Vec<SessionLine>,
    tokens: Vec<TokenLine>,
    errors: FieldErrors,
    token_errors: FieldErrors,
    token_label: String,
    new_token: Option<String>,
    command_id: String,
}

impl AccountPage {
    /// The page again after a refused change of the password.
    pub(super) fn with_errors(self, errors: FieldErrors) -> Self {
        Self { errors, ..self }
    }
}

/// Sessions and tokens that the page shows at most.
const MOST: i64 = 100;

pub(super) fn own_hash(app: &App, jar: &CookieJar) -> AppResult<Vec<u8>> {
    let cookie = jar.get(session::cookie_name(app)).ok_or(AppError::SignedOut)?;
    Ok(token_hash(cookie.value()))
}

pub(super) async fn read(app: &App, who: &Who, jar: &CookieJar) -> AppResult<AccountPage> {
    let (now, this) = (app.clock.now(), own_hash(app, jar)?);
    let account = app
        .db
        .one(
            sql!("SELECT username, full_name FROM account WHERE id = $1"),
            args![who.account()],
        )
        .await?;
    let mut facts = vec![
        Fact::new("Họ và tên", account.get::<String>("full_name")?),
        Fact::new("Tên tài khoản", account.get::<String>("username")?),
        Fact::new(
            "Chức vụ đang dùng",
            [
                Some(who.title.clone()),
                who.unit_name.clone(),
                Some(who.agency_name.clone()),
            ]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", "),
        ),
        Fact::new("Vai trò", who.role().label()),
    ];
    for (_, label) in session::other_posts(app, who).await? {
        facts.push(Fact::new("Chức vụ khác", label));
    }
    let sessions = app
        .db
        .all(
            sql!(
                "SELECT token_hash, device, created_at, seen_at FROM session WHERE account_id = $1 AND expires_at > $2 \
                 ORDER BY seen_at DESC LIMIT $3"
            ),
            args![who.account(), now, MOST],
        )
        .await?
        .iter()
        .map(|row| {
            let hash: Vec<u8> = row.get("token_hash")?;
            Ok(SessionLine {
                is_this: hash == this,
                key: hex::encode(hash),
                device: device_name(&row.get::<String>("device")?),
                opened: format::moment(row.get("created_at")?),
                seen: format::moment(row.get("seen_at")?),
            })
        })
        .collect::<store::Result<_>>()?;
    let tokens = app
        .db
        .all(
            sql!(
                "SELECT id, label, created_at, expires_at FROM api_token WHERE account_id = $1 AND revoked_at IS NULL \
                 AND expires_at > $2 ORDER BY id DESC LIMIT $3"
            ),
            args![who.account(), now, MOST],
        )
        .await?
        .iter()
        .map(|row| {
            Ok(TokenLine {
                id: row.get::<Uuid>("id")?.to_string(),
                label: row.get("label")?,
                created: format::moment(row.get("created_at")?),
                expires: format::date(store::vietnam(row.get::<Timestamp>("expires_at")?).date()),
            })
        })
        .collect::<store::Result<_>>()?;
    Ok(AccountPage {
        page: frame(app, who, jar, "Tài khoản của tôi", "account").await?,
        facts,
        sessions,
        tokens,
        errors: FieldErrors::none(),
        token_errors: FieldErrors::none(),
        token_label: String::new(),
        new_token: None,
        command_id: app.ids.next().to_string(),
    })
}

/// What people recognise of a browser's name for itself: the browser and the system.
fn device_name(agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg/", "Edge"),
        ("coc_coc", "Cốc Cốc"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} trên {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => agent.to_owned(),
    }
}

async fn page(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    render(&read(&app, &who, &jar).await?)
}

#[derive(Deserialize)]
struct EndSession {
    session: String,
}

async fn end_session(State(app): State<App>, form: Submitted<EndSession>) -> Reply {
    let hash = hex::decode(&form.data.session).map_err(|_| AppError::NotFound)?;
    if let Begun::Now(mut act) = app.begin::<()>(&form.who, form.command).await? {
        let ended = act
            .run(
                sql!("DELETE FROM session WHERE token_hash = $1 AND account_id = $2"),
                args![hash, form.who.account()],
            )
            .await?;
        if ended == 0 {
            return Err(AppError::NotFound);
        }
        act.journal(own_entry(
            &form.who,
            act_names::END_SESSION,
            "Đăng xuất một phiên khác.",
            None,
        ))
        .await?;
        app.commit(act, &()).await?;
    }
    Ok(see_other(&app, "/account", "Đã đăng xuất phiên đó."))
}

fn own_entry(who: &Who, act: &'static str, summary: &str, token: Option<Uuid>) -> Entry {
    Entry {
        act,
        object_kind: "account",
        object: who.account().as_uuid(),
        agency: None,
        summary: summary.to_owned(),
        details: token.map_or_else(|| json!({}), |token| json!({ "token": token })),
    }
}

#[derive(Deserialize)]
struct CreateToken {
    label: String,
    days: u32,
    /// Asked again: whoever finds an unlocked screen must not take away a key.
    #[serde(default)]
    token_password: String,
}

/// Makes a token for the post in use and shows it once.
async fn create_token(
    State(app): State<App>,
    jar: CookieJar,
    origin: Origin,
    form: Submitted<CreateToken>,
) -> Reply {
    let label = clean(&form.data.label);
    let mut again = read(&app, &form.who, &jar).await?;
    if label.is_empty() || label.chars().count() > 100 {
        again.token_errors.add(
            "label",
            "Hãy ghi mã dùng cho chương trình nào, không quá 100 ký tự.",
        );
        return Stay::on(&again);
    }
    let row = app
        .db
        .one(
            sql!("SELECT username FROM account WHERE id = $1"),
            args![form.who.account()],
        )
        .await?;
    let username: String = row.get("username")?;
    match authenticate(&app, origin, &username, form.data.token_password).await? {
        // Only the password was to be checked; the act of this form follows.
        Ok((act, _)) => drop(act),
        Err(denied) => {
            let sentence = match denied {
                Denied::Wrong => "Mật khẩu hiện tại chưa đúng.".to_owned(),
                Denied::Locked(sentence) => sentence,
            };
            again.token_errors.add("token_password", sentence);
            again.token_label = label;
            return Stay::on(&again);
        }
    }
    let Begun::Now(act) = app.begin::<()>(&form.who, form.command).await? else {
        return Ok(see_other(
            &app,
            "/account",
            "Mã truy cập đã được tạo và chỉ hiện một lần. Nếu chưa kịp chép, hãy hủy mã đó và tạo mã khác.",
        ));
    };
    match tokens::issue(
        &app,
        act,
        form.who.account(),
        form.who.post(),
        &label,
        form.data.days,
    )
    .await
    {
        Ok(token) => render(&AccountPage {
            new_token: Some(token.token),
            ..read(&app, &form.who, &jar).await?
        }),
        Err(AppError::Refused(refusal)) => {
            again.token_errors.add("days", refusal.message);
            again.token_label = label;
            Stay::on(&again)
        }
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
struct RevokeToken {
    token: Uuid,
}

async fn revoke_token(State(app): State<App>, form: Submitted<RevokeToken>) -> Reply {
    if let Begun::Now(mut act) = app.begin::<()>(&form.who, form.command).await? {
        let now = act.now();
        let revoked = act
            .run(
                sql!(
                    "UPDATE api_token SET revoked_at = $3 WHERE id = $1 AND account_id = $2 AND revoked_at IS NULL"
                ),
                args![form.data.token, form.who.account(), now],
            )
            .await?;
        if revoked == 0 {
            return Err(AppError::NotFound);
        }
        act.journal(own_entry(
            &form.who,
            act_names::REVOKE_TOKEN,
            "Hủy mã truy cập.",
            Some(form.data.token),
        ))
        .await?;
        app.commit(act, &()).await?;
    }
    Ok(see_other(&app, "/account", "Đã hủy mã truy cập."))
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use crate::{commands::demo, testing::Office};

    #[tokio::test]
    async fn own_sessions_and_tokens_end_when_their_owner_says_and_nobody_elses() {
        let office = Office::new().await;
        let here = office.person("annv.stttt").await;
        let elsewhere = office.person("annv.stttt").await;
        let other = office.person("longhd.stttt").await;
        let page = here.get("/account").await.ok().text;
        let keys: Vec<&str> = page
            .split("name=\"session\" value=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert_eq!(keys.len(), 1, "the session in use has no button");
        let end = [("session", keys[0])];
        assert_eq!(
            other.post("/account/sessions/end", &end).await.status,
            StatusCode::NOT_FOUND
        );
        here.post("/account/sessions/end", &end).await.ok();
        assert!(elsewhere.get("/account").await.location.starts_with("/sign-in"));

        let made = here
            .post(
                "/account/tokens",
                &[
                    ("label", "Phần mềm một cửa"),
                    ("days", "30"),
                    ("token_password", demo::PASSWORD),
                ],
            )
            .await
            .ok();
        let token = made
            .text
            .split("class=\"once\">")
            .nth(1)
            .unwrap()
            .split('<')
            .next()
            .unwrap()
            .to_owned();
        assert!(super::super::who_of_token(&office.app, &token).await.is_ok());
        assert!(!here.get("/account").await.ok().text.contains(&token));
        let id = made
            .text
            .split("name=\"token\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        assert_eq!(
            other
                .post("/account/tokens/revoke", &[("token", id)])
                .await
                .status,
            StatusCode::NOT_FOUND
        );
        here.post("/account/tokens/revoke", &[("token", id)]).await.ok();
        assert!(super::super::who_of_token(&office.app, &token).await.is_err());
        let too_long = here
            .post(
                "/account/tokens",
                &[
                    ("label", "x"),
                    ("days", "900"),
                    ("token_password", demo::PASSWORD),
                ],
            )
            .await;
        assert_eq!(too_long.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(too_long.text.contains("từ 1 đến 365 ngày"));
        for wrong in ["", "khong-phai"] {
            let fields = [("label", "x"), ("days", "30"), ("token_password", wrong)];
            let refused = here.post("/account/tokens", &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.text.contains("Mật khẩu hiện tại chưa đúng"));
            assert!(!refused.text.contains("class=\"once\">"));
        }
    }
}
