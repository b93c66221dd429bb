//! Đổi mật khẩu (Điều 4.2, 23.2c): by choice on the account's page, and before anything else when the password was
//! made by an administrator, who has seen it.

use askama::Template;
use axum::{Router, extract::State, routing::get};
use axum_extra::extract::cookie::CookieJar;
use rules::organization::{PasswordPolicy, check_password};
use serde::Deserialize;
use store::{args, sql};

use super::{
    account,
    authenticate::{Denied, authenticate},
    limit::Origin,
    password,
};
use crate::{
    act_names,
    context::{App, Who},
    error::AppResult,
    web::{
        Reply, Stay, Submitted, bare,
        page::{FieldErrors, Page},
        render, see_other,
    },
};

/// The one page open to an account whose password must be changed first.
pub const PATH: &str = "/account/password";

pub fn routes() -> Router<App> {
    Router::new().route("/account/password", get(page).post(change))
}

#[derive(Template)]
#[template(path = "sign_in/change_password.html")]
struct ChangePage {
    page: Page,
    name: String,
    must: bool,
    errors: FieldErrors,
    command_id: String,
}

fn change_page(app: &App, who: &Who, jar: &CookieJar, errors: FieldErrors) -> ChangePage {
    let mut page = bare("Đổi mật khẩu", Some(jar));
    page.csrf.clone_from(&who.csrf);
    ChangePage {
        page,
        name: who.name.clone(),
        must: who.must_change_password,
        errors,
        command_id: app.ids.next().to_string(),
    }
}

async fn page(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    render(&change_page(&app, &who, &jar, FieldErrors::none()))
}

#[derive(Deserialize)]
struct ChangePassword {
    old_password: String,
    password: String,
    again: String,
}

/// Changes the own password; every other session and all tokens end. A wrong old password counts as a failed sign-in.
async fn change(
    State(app): State<App>,
    jar: CookieJar,
    origin: Origin,
    form: Submitted<ChangePassword>,
) -> Reply {
    let who = form.who;
    let errors = try_change(&app, &who, &jar, origin, form.data).await?;
    if errors.is_empty() {
        let (next, sentence) = if who.must_change_password {
            ("/", "Đã đổi mật khẩu. Ông/Bà có thể bắt đầu làm việc.")
        } else {
            (
                "/account",
                "Đã đổi mật khẩu. Các phiên làm việc khác và mã truy cập API đã kết thúc.",
            )
        };
        return Ok(see_other(&app, next, sentence));
    }
    if who.must_change_password {
        Stay::on(&change_page(&app, &who, &jar, errors))
    } else {
        Stay::on(&account::read(&app, &who, &jar).await?.with_errors(errors))
    }
}

/// What is wrong with the fields; nothing when the password is changed.
async fn try_change(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    origin: Origin,
    data: ChangePassword,
) -> AppResult<FieldErrors> {
    let this = account::own_hash(app, jar)?;
    let row = app
        .db
        .one(
            sql!("SELECT username FROM account WHERE id = $1"),
            args![who.account()],
        )
        .await?;
    let username: String = row.get("username")?;
    let mut errors = FieldErrors::none();
    if let Err(refusal) = check_password(&data.password, &username, &PasswordPolicy::PASSWORD_ONLY) {
        errors.add("password", refusal.message);
    } else if data.password == data.old_password {
        errors.add("password", "Mật khẩu mới phải khác mật khẩu hiện tại.");
    }
    if data.password != data.again {
        errors.add("again", "Hai lần nhập mật khẩu mới chưa giống nhau.");
    }
    if !errors.is_empty() {
        return Ok(errors);
    }
    let hash = password::hash(app, data.password).await?;
    match authenticate(app, origin, &username, data.old_password).await? {
        Ok((mut act, known)) => {
            act.run(
                sql!("UPDATE account SET password = $2, must_change_password = 0 WHERE id = $1"),
                args![known.account, hash],
            )
            .await?;
            act.run(
                sql!("DELETE FROM session WHERE account_id = $1 AND token_hash <> $2"),
                args![known.account, this],
            )
            .await?;
            let now = act.now();
            act.run(
                sql!("UPDATE api_token SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL"),
                args![known.account, now],
            )
            .await?;
            known
                .note(&mut act, act_names::CHANGE_PASSWORD, "Đổi mật khẩu.")
                .await?;
            app.commit(act, &()).await?;
        }
        Err(Denied::Wrong) => errors.add("old_password", "Mật khẩu hiện tại chưa đúng."),
        Err(Denied::Locked(sentence)) => errors.add("old_password", sentence),
    }
    Ok(errors)
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use serde_json::json;

    use super::*;
    use crate::{commands::demo, sign_in::who_of_token, testing::Office};

    const NEW: &str = "Ho-Tay.2026-xanh";

    #[tokio::test]
    async fn qc01_4_2_a_new_password_ends_the_other_sessions_and_obeys_the_rules() {
        let office = Office::new().await;
        let here = office.person("annv.stttt").await;
        let elsewhere = office.person("annv.stttt").await;
        let change = |old: &'static str, new: &'static str, again: &'static str| {
            let here = here.clone();
            async move {
                let fields = [("old_password", old), ("password", new), ("again", again)];
                here.post("/account/password", &fields).await
            }
        };
        let weak = change(demo::PASSWORD, "ngan", "ngan").await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(weak.text.contains("Mật khẩu chưa đạt yêu cầu"));
        let wrong = change("khong-phai", NEW, NEW).await;
        assert!(wrong.text.contains("Mật khẩu hiện tại chưa đúng"));
        let unlike = change(demo::PASSWORD, NEW, "khac").await;
        assert!(unlike.text.contains("chưa giống nhau"));
        elsewhere.get("/account").await.ok();
        assert_eq!(change(demo::PASSWORD, NEW, NEW).await.location, "/account");
        assert_eq!(here.get("/account").await.status, StatusCode::OK);
        assert!(elsewhere.get("/account").await.location.starts_with("/sign-in"));
        for tokens_of in [&here, &elsewhere] {
            assert!(
                who_of_token(&office.app, &tokens_of.token).await.is_err(),
                "tokens end too"
            );
        }
        let origin = Origin::of("203.0.113.9".parse().unwrap());
        let known = authenticate(&office.app, origin, "annv.stttt", NEW.to_owned())
            .await
            .unwrap();
        assert!(known.is_ok());
    }

    #[tokio::test]
    async fn qc01_23_2c_a_password_made_by_an_administrator_is_changed_before_anything_else() {
        let office = Office::new().await;
        let administrator = office.person("tupa.stttt").await;
        let officer = office.person("annv.stttt").await;
        let reset = administrator
            .api(
                &format!("/api/v1/accounts/{}/reset-password", officer.account),
                &json!({}),
            )
            .await
            .ok()
            .json();
        let given = reset["password"].as_str().unwrap();
        // Tokens ended with the reset; one that is made now, by whatever way, opens nothing.
        let officer = office.person("annv.stttt").await;
        assert!(who_of_token(&office.app, &officer.token).await.is_err());
        let asked = officer.api_get("/api/v1/boxes").await;
        assert_eq!(
            (asked.status, asked.json()["code"].as_str()),
            (StatusCode::FORBIDDEN, Some("account.must_change_password"))
        );
        let body = json!({ "username": "annv.stttt", "password": given, "label": "x" });
        let token = officer.api("/api/v1/tokens", &body).await;
        assert_eq!(token.status, StatusCode::FORBIDDEN, "{}", token.text);

        for path in ["/", "/account", "/boxes/drafts", "/search?q=a"] {
            assert_eq!(officer.get(path).await.location, PATH, "{path}");
        }
        let page = officer.get(PATH).await.ok().text;
        assert!(page.contains("do quản trị cấp") && page.contains("/sign-out"));
        let change = |new: &'static str| [("old_password", given), ("password", new), ("again", new)];
        let weak = officer.post(PATH, &change("ngan")).await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(weak.text.contains("do quản trị cấp") && weak.text.contains("chưa đạt yêu cầu"));
        assert_eq!(officer.get("/").await.location, PATH);
        let same = [("old_password", given), ("password", given), ("again", given)];
        assert!(officer.post(PATH, &same).await.text.contains("phải khác"));
        assert_eq!(officer.post(PATH, &change(NEW)).await.location, "/");
        officer.get("/").await.ok();
        let fresh = office.person("annv.stttt").await;
        assert!(who_of_token(&office.app, &fresh.token).await.is_ok());
    }

    #[tokio::test]
    async fn qc01_23_2c_a_new_account_begins_by_changing_its_password() {
        let office = Office::new().await;
        let administrator = office.person("tupa.stttt").await;
        let body = json!({ "full_name": "Lê Thị Bình Minh", "title": "Chuyên viên", "role": "officer" });
        let made = administrator.api("/api/v1/accounts", &body).await.ok().json();
        let person = office.person(made["username"].as_str().unwrap()).await;
        assert_eq!(person.get("/").await.location, PATH);
        assert!(
            person
                .post("/sign-out", &[])
                .await
                .location
                .starts_with("/sign-in")
        );
    }
}
