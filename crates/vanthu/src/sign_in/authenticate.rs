//! Name and password: checked, failures counted, locked after five (design of sign-in: accounts are confidential,
//! Điều 4.2; the number of failures is a rule of `rules::organization`).

use jiff::{SignedDuration, Timestamp};
use rules::{
    ids::{AccountId, AgencyId, CommandId, PostId},
    organization::{self, LockPolicy, LockState},
    people::Role,
};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};

use super::{limit::Origin, password};
use crate::{
    act_names,
    context::App,
    error::{AppError, AppResult},
};

/// The one sentence for everybody who is not let in: it tells neither whether there is such an account nor whether it
/// is locked.
pub const REFUSED: &str = "Tên tài khoản hoặc mật khẩu không đúng, hoặc tài khoản đang tạm khóa vì nhập sai nhiều lần. Kiểm tra bộ gõ tiếng Việt và phím Caps Lock rồi thử lại; nếu vẫn không vào được, vui lòng liên hệ quản trị của cơ quan.";

/// Why nobody was let in. Only somebody who is signed in already may be told which.
#[derive(Debug, PartialEq, Eq)]
pub enum Denied {
    /// There is no such account, or the password is wrong.
    Wrong,
    /// The account is locked, or it was tried too often from this network; the sentence says until when.
    Locked(String),
}

/// A person whose password was right.
pub struct Known {
    /// The account.
    pub account: AccountId,
    /// The first post in force; others can be chosen afterwards.
    pub post: PostId,
    agency: AgencyId,
    full_name: String,
    password: String,
    closed: bool,
    administers: bool,
    /// Whether an administrator made the password.
    pub must_change_password: bool,
}

impl Known {
    /// Writes what happened to the account into the journal.
    pub async fn note(&self, act: &mut Act, what: &'static str, summary: &str) -> AppResult<()> {
        let entry = Entry {
            act: what,
            object_kind: "account",
            object: self.account.as_uuid(),
            agency: None,
            summary: summary.to_owned(),
            details: json!({}),
        };
        Ok(act.journal(entry).await?)
    }
}

/// Checks name and password. Right: the act begun for this person, with the failures reset; the caller opens a
/// session or makes a token in it and commits. Wrong: the sentence to show, the failure already counted.
///
/// # Errors
/// [`AppError::TooMany`] when this network failed too often in this minute.
pub async fn authenticate(
    app: &App,
    origin: Origin,
    username: &str,
    password: String,
) -> AppResult<Result<(Act, Known), Denied>> {
    let known = find(app, username).await?;
    let policy = lock_policy(app, known.as_ref().is_some_and(|known| known.administers));
    let per_minute = app.settings.sign_in.failures_per_minute;
    let now = app.clock.now();
    if let Err(denied) = app.attempts.begin(origin, username, &policy, per_minute, now)? {
        return Ok(Err(denied));
    }
    // The hash is checked outside the transaction: it takes tens of milliseconds.
    let right = password::verify(app, password, known.as_ref().map(|known| known.password.clone())).await?;
    let Some(known) = known else {
        return Ok(Err(Denied::Wrong));
    };

    let actor = store::Actor {
        account: Some(known.account),
        post: Some(known.post),
        agency: Some(known.agency),
        on_behalf_of: None,
        label: known.full_name.clone(),
    };
    let command = CommandId::from_uuid(app.ids.next());
    let Begun::Now(mut act) = Act::begin::<()>(&app.db, &app.clock, &app.ids, actor, command).await? else {
        return Err(AppError::SignedOut);
    };
    // The update locks the row, so parallel guesses are counted one by one.
    let row = act
        .one(
            sql!("UPDATE account SET failures = failures WHERE id = $1 RETURNING failures, locked_until"),
            args![known.account],
        )
        .await?;
    let state = LockState {
        failures: row.get("failures")?,
        locked_until: row.get::<Option<Timestamp>>("locked_until")?,
    };
    let now = act.now();
    if let Err(refusal) = organization::may_try_sign_in(&state, now) {
        known
            .note(
                &mut act,
                act_names::SIGN_IN_REFUSED,
                "Đăng nhập khi tài khoản đang tạm khóa.",
            )
            .await?;
        app.commit(act, &()).await?;
        return Ok(Err(Denied::Locked(refusal.message)));
    }
    let is_right = right && !known.closed;
    let state = if is_right {
        organization::after_success()
    } else {
        organization::after_failure(&state, &policy, now)
    };
    act.run(
        sql!("UPDATE account SET failures = $2, locked_until = $3 WHERE id = $1"),
        args![known.account, state.failures, state.locked_until],
    )
    .await?;
    if is_right {
        app.attempts.succeeded(origin, username);
        return Ok(Ok((act, known)));
    }
    let locks = state.locked_until.is_some();
    let summary = if locks {
        "Tài khoản bị tạm khóa sau nhiều lần sai mật khẩu."
    } else {
        "Đăng nhập không thành công."
    };
    known.note(&mut act, act_names::SIGN_IN_FAILED, summary).await?;
    app.commit(act, &()).await?;
    Ok(Err(Denied::Wrong))
}

fn lock_policy(app: &App, administers: bool) -> LockPolicy {
    let settings = &app.settings.sign_in;
    let minutes = if administers {
        settings.administrator_lock_minutes
    } else {
        settings.lock_minutes
    };
    LockPolicy {
        lock_for: SignedDuration::from_mins(i64::from(minutes)),
        ..LockPolicy::default()
    }
}

async fn find(app: &App, username: &str) -> AppResult<Option<Known>> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT a.id, a.full_name, a.password, a.closed_at, a.must_change_password, p.id AS post_id, p.role, p.agency_id FROM account a \
                 JOIN post p ON p.account_id = a.id AND (p.valid_to IS NULL OR p.valid_to >= $2) \
                 WHERE a.username = $1 ORDER BY p.id LIMIT 1"
            ),
            args![username, app.clock.today()],
        )
        .await?;
    row.map(|row| {
        Ok(Known {
            account: row.get("id")?,
            post: row.get("post_id")?,
            agency: row.get("agency_id")?,
            full_name: row.get("full_name")?,
            password: row.get("password")?,
            must_change_password: row.get("must_change_password")?,
            administers: row.parse::<Role>("role")? == Role::Administrator,
            closed: row.get::<Option<i64>>("closed_at")?.is_some(),
        })
    })
    .transpose()
}
