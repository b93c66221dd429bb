//! Who asks: read from the session cookie on pages, from the bearer token on the API; never the other way round.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::Timestamp;
use rules::{
    organization::administers_province,
    people::{Actor, Role},
};
use sha2::{Digest, Sha256};
use store::{Row, args, sql};

use super::{change_password, in_place, session};
use crate::{
    context::{App, Who},
    error::AppError,
};

impl FromRequestParts<App> for Who {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let path = parts.uri.path();
        let who = if path.starts_with("/api/") {
            by_token(app, &parts.headers).await?
        } else {
            by_session(app, &CookieJar::from_headers(&parts.headers)).await?
        };
        if who.must_change_password && !matches!(path, change_password::PATH | "/sign-out") {
            return Err(AppError::MustChangePassword);
        }
        in_place::permits(&who, path)?;
        parts.extensions.insert(who.clone());
        Ok(who)
    }
}

async fn by_session(app: &App, jar: &CookieJar) -> Result<Who, AppError> {
    let (who, hash, seen) = find_session(app, jar).await?;
    session::keep_alive(app, hash, seen, app.clock.now()).await?;
    Ok(who)
}

/// Who is signed in with this browser; looking does not keep the session alive.
///
/// # Errors
/// [`AppError::SignedOut`] when the session ended or its account or post was closed.
pub async fn who_of_session(app: &App, jar: &CookieJar) -> Result<Who, AppError> {
    Ok(find_session(app, jar).await?.0)
}

async fn find_session(app: &App, jar: &CookieJar) -> Result<(Who, Vec<u8>, Timestamp), AppError> {
    let token = jar
        .get(session::cookie_name(app))
        .ok_or(AppError::SignedOut)?
        .value();
    let now = app.clock.now();
    let hash = token_hash(token);
    let row = app
        .db
        .opt(
            sql!(
                "SELECT s.csrf, s.seen_at, s.delegation_id, a.id AS account_id, a.full_name, p.id AS post_id, p.title, p.role, \
                 p.is_agency_head, p.checks_form, p.unit_id, u.name AS unit_name, g.id AS agency_id, \
                 g.name AS agency_name, g.parent_id, g.level, a.must_change_password \
                 FROM session s JOIN account a ON a.id = s.account_id JOIN post p ON p.id = s.post_id \
                 JOIN agency g ON g.id = p.agency_id LEFT JOIN unit u ON u.id = p.unit_id \
                 WHERE s.token_hash = $1 AND s.expires_at > $2 AND a.closed_at IS NULL \
                 AND (p.valid_to IS NULL OR p.valid_to >= $3)"
            ),
            args![hash.clone(), now, app.clock.today()],
        )
        .await?
        .ok_or(AppError::SignedOut)?;
    let mut who = who_of(&row, Some(row.get("csrf")?))?;
    if let Some(delegation) = row.get("delegation_id")? {
        // Once the delegation is over, the person is in the own post again.
        who = in_place::take(app, &who, delegation).await?.unwrap_or(who);
    }
    Ok((who, hash, row.get("seen_at")?))
}

async fn by_token(app: &App, headers: &HeaderMap) -> Result<Who, AppError> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or(AppError::SignedOut)?;
    let who = who_of_token(app, token.trim()).await?;
    match headers.get(in_place::HEADER) {
        Some(delegation) => in_place::named(app, &who, delegation).await,
        None => Ok(who),
    }
}

/// Who holds an API token.
///
/// # Errors
/// [`AppError::SignedOut`] when it is not known, ended or revoked; [`AppError::MustChangePassword`] until the password
/// that an administrator made is changed.
pub async fn who_of_token(app: &App, token: &str) -> Result<Who, AppError> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT a.id AS account_id, a.full_name, p.id AS post_id, p.title, p.role, p.is_agency_head, \
                 p.checks_form, p.unit_id, u.name AS unit_name, g.id AS agency_id, g.name AS agency_name, g.parent_id, g.level, \
                 a.must_change_password FROM api_token t JOIN account a ON a.id = t.account_id JOIN post p ON p.id = t.post_id \
                 JOIN agency g ON g.id = p.agency_id LEFT JOIN unit u ON u.id = p.unit_id \
                 WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND t.expires_at > $2 AND a.closed_at IS NULL \
                 AND (p.valid_to IS NULL OR p.valid_to >= $3)"
            ),
            args![token_hash(token), app.clock.now(), app.clock.today()],
        )
        .await?
        .ok_or(AppError::SignedOut)?;
    let who = who_of(&row, None)?;
    if who.must_change_password {
        return Err(AppError::MustChangePassword);
    }
    Ok(who)
}

/// A person in one of their posts, named by a ticket that the person took in their own session.
///
/// # Errors
/// [`AppError::SignedOut`] when account or post is no longer in force.
pub async fn who_of_post(
    app: &App,
    account: rules::ids::AccountId,
    post: rules::ids::PostId,
) -> Result<Who, AppError> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT a.id AS account_id, a.full_name, p.id AS post_id, p.title, p.role, p.is_agency_head, \
                 p.checks_form, p.unit_id, u.name AS unit_name, g.id AS agency_id, g.name AS agency_name, g.parent_id, g.level, \
                 a.must_change_password FROM account a JOIN post p ON p.account_id = a.id \
                 JOIN agency g ON g.id = p.agency_id LEFT JOIN unit u ON u.id = p.unit_id \
                 WHERE a.id = $1 AND p.id = $2 AND a.closed_at IS NULL AND (p.valid_to IS NULL OR p.valid_to >= $3)"
            ),
            args![account, post, app.clock.today()],
        )
        .await?
        .ok_or(AppError::SignedOut)?;
    who_of(&row, None)
}

pub(super) fn who_of(row: &Row, csrf: Option<String>) -> Result<Who, AppError> {
    let in_person = csrf.is_some();
    let csrf = csrf.unwrap_or_default();
    let role: Role = row.parse("role")?;
    let under_another = row.get::<Option<rules::ids::AgencyId>>("parent_id")?.is_some();
    let mut actor = Actor::new(
        row.get("account_id")?,
        row.get("post_id")?,
        row.get("agency_id")?,
        row.get("unit_id")?,
        role,
    );
    actor.is_agency_head = row.get("is_agency_head")?;
    actor.checks_form = row.get("checks_form")?;
    actor.is_province_administrator = administers_province(role, row.parse("level")?, under_another);
    Ok(Who {
        actor,
        name: row.get("full_name")?,
        title: row.get("title")?,
        agency_name: row.get("agency_name")?,
        unit_name: row.get("unit_name")?,
        csrf,
        in_person,
        must_change_password: row.get("must_change_password")?,
        in_place: None,
    })
}

/// What is stored of a session's or an API token: never the token itself.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// A new random token, 256 bits in hex.
pub fn new_token() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}
