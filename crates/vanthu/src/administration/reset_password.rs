//! Đặt lại mật khẩu: a random one, shown this once and stored nowhere but as a hash (Điều 4.2, 23.2c).

use askama::Template;
use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    ids::{AccountId, CommandId},
    organization::{self, PasswordPolicy, check_password},
};
use serde::Serialize;
use serde_json::json;
use store::{Begun, Entry, args, sql};
use utoipa::ToSchema;

use super::managed::{self, AccountChanged, NoFields};
use crate::{
    act_names, api,
    context::{App, Who},
    error::AppResult,
    sign_in,
    web::{Reply, Submitted, frame, page::Page, render},
};

/// An account with its new password.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewPassword {
    /// The account.
    #[serde(flatten)]
    pub account: AccountChanged,
    /// The password, shown this once; absent when the same command comes again.
    pub password: Option<String>,
}

/// A random password that obeys the rules of passwords: four groups of letters and digits that cannot be confused,
/// about 90 bits.
pub fn random_password(username: &str) -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    loop {
        let bytes = rand::random::<[u8; 64]>();
        // Bytes of the last, unfinished round would favour the first letters.
        let even = bytes
            .iter()
            .filter(|byte| usize::from(**byte) < 256 / LETTERS.len() * LETTERS.len());
        let letters: Vec<char> = even
            .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
            .take(16)
            .collect();
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        let password = groups.join("-");
        if check_password(&password, username, &PasswordPolicy::PASSWORD_ONLY).is_ok() {
            return password;
        }
    }
}

/// Gives an account a new random password; it opens if it was locked, every session and token
/// ends, and its owner changes the password before anything else.
///
/// # Errors
/// `QC01-23.1c` for an account that is closed for good; see [`managed::for_change`].
pub async fn reset_password(
    app: &App,
    who: &Who,
    command: CommandId,
    id: AccountId,
) -> AppResult<NewPassword> {
    // Hashed before the transaction: it takes tens of milliseconds. The name is not known yet, but a random password
    // holds it with no chance worth counting.
    let password = random_password("");
    let hash = sign_in::hash(app, password.clone()).await?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(account) => {
            return Ok(NewPassword {
                account,
                password: None,
            });
        }
        Begun::Now(act) => act,
    };
    let account = managed::for_change(&mut act, who, id).await?;
    account.must_be_open()?;
    let state = organization::after_success();
    act.run(
        sql!("UPDATE account SET password = $2, must_change_password = 1, failures = $3, locked_until = $4 WHERE id = $1"),
        args![id, hash, state.failures, state.locked_until],
    )
    .await?;
    sign_in::end_all(&mut act, id).await?;
    act.journal(Entry {
        act: act_names::RESET_PASSWORD,
        object_kind: "account",
        object: id.as_uuid(),
        agency: Some(account.agency),
        summary: format!("Đặt lại mật khẩu tài khoản {}.", account.username),
        details: json!({}),
    })
    .await?;
    // The answer that is kept for a repeated command never holds the password.
    let answer = account.changed();
    app.commit(act, &answer).await?;
    app.attempts.forgive(&answer.username);
    Ok(NewPassword {
        account: answer,
        password: Some(password),
    })
}

#[derive(Template)]
#[template(path = "administration/new_password.html")]
struct NewPasswordPage {
    page: Page,
    account: AccountChanged,
    password: Option<String>,
}

/// The page that shows the password once.
pub async fn show(app: &App, who: &Who, jar: &CookieJar, title: &str, new: NewPassword) -> Reply {
    render(&NewPasswordPage {
        page: frame(app, who, jar, title, "accounts").await?,
        account: new.account,
        password: new.password,
    })
}

/// `POST /administration/accounts/{id}/reset-password`.
pub async fn submit(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<AccountId>,
    form: Submitted<NoFields>,
) -> Reply {
    let new = reset_password(&app, &form.who, form.command, id).await?;
    show(&app, &form.who, &jar, "Đã đặt lại mật khẩu", new).await
}

/// Gives an account a new random password, shown this once; its sessions and tokens end at once.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/reset-password", tag = "accounts", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = NewPassword), (status = 404, description = "Không có, hoặc thuộc cơ quan khác")))]
pub async fn api(
    State(app): State<App>,
    Path(id): Path<AccountId>,
    command: api::Command<NoFields>,
) -> AppResult<Json<NewPassword>> {
    Ok(Json(
        reset_password(&app, &command.who, command.command, id).await?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qc01_23_2c_random_passwords_obey_the_rules_and_differ() {
        let made: std::collections::BTreeSet<String> =
            (0..200).map(|_| random_password("annv.stttt")).collect();
        assert_eq!(made.len(), 200);
        for password in made {
            assert_eq!(
                check_password(&password, "annv.stttt", &PasswordPolicy::PASSWORD_ONLY),
                Ok(())
            );
        }
    }
}
