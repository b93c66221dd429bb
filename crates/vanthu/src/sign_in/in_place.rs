//! Working in the place of somebody who handed work over (xử lý thay, CN-805): the person stays signed in as themselves, the post is
//! the other's. A page that was opened in one of the two places is refused in the other, because its csrf token differs.

use axum::http::HeaderValue;
use axum_extra::extract::cookie::CookieJar;
use rules::{Refusal, delegation::Scope};
use store::{Act, args, sql};
use uuid::Uuid;

use super::{
    session,
    who::{token_hash, who_of},
};
use crate::{
    context::{App, InPlace, Who},
    error::{AppError, AppResult},
};

/// With a token: the delegation under which the program acts.
pub const HEADER: &str = "acting-for";

/// Addresses below which everything is asked of the access engine, which knows what was handed over.
const OPEN: &[&str] = &[
    "/boxes/",
    "/files/",
    "/api/v1/boxes/",
    "/api/v1/files/",
    "/assets/",
];
/// What is open as it is.
const EXACT: &[&str] = &[
    "/",
    "/boxes.json",
    "/live",
    "/sign-out",
    "/delegations/leave",
    "/api/v1/boxes",
];
/// What may be done with a document of these rooms; nothing else of the program is there for a substitute.
const INCOMING: &[&str] = &[
    "",
    "prepare-directive",
    "direct",
    "pass-down",
    "opinions",
    "start",
    "complete",
    "finish",
    "give-back",
    "take-back",
    "assign",
    "change",
    "extend",
    "answer-extension",
    "urge",
    "slip.pdf",
    "slip",
];
const OUTGOING: &[&str] = &["", "sign-off-content", "return", "compare"];

/// Who acts under this delegation; `None` when it is not theirs or not in force today.
///
/// # Errors
/// When the database fails.
pub async fn take(app: &App, own: &Who, delegation: Uuid) -> AppResult<Option<Who>> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT e.functions, e.to_on, a.id AS account_id, a.full_name, p.id AS post_id, p.title, p.role, p.is_agency_head, \
                 p.checks_form, p.unit_id, u.name AS unit_name, g.id AS agency_id, g.name AS agency_name, g.parent_id, g.level, \
                 a.must_change_password FROM delegation e JOIN post p ON p.id = e.giver_post JOIN account a ON a.id = p.account_id \
                 JOIN agency g ON g.id = p.agency_id LEFT JOIN unit u ON u.id = p.unit_id \
                 WHERE e.id = $1 AND e.substitute_post = $2 AND e.revoked_at IS NULL AND e.from_on <= $3 AND e.to_on >= $3 \
                 AND a.closed_at IS NULL AND (p.valid_to IS NULL OR p.valid_to >= $3)"
            ),
            args![delegation, own.post(), app.clock.today()],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut who = who_of(&row, None)?;
    let scope = Scope::read(&row.get::<String>("functions")?);
    let giver = who.label();
    who.actor.account = own.account();
    who.actor.in_place = Some(scope);
    // The one sentence that tells both wherever the act is shown: “A thay B, chức vụ của B”.
    who.name = format!("{} thay {}", own.name, who.name);
    who.csrf = if own.csrf.is_empty() {
        String::new()
    } else {
        hex::encode(token_hash(&format!("{}{delegation}", own.csrf)))
    };
    who.in_person = own.in_person;
    who.must_change_password = own.must_change_password;
    who.in_place = Some(InPlace {
        delegation,
        own_post: own.post(),
        own_label: own.label(),
        giver,
        scope,
        until: row.get("to_on")?,
    });
    Ok(Some(who))
}

/// The same for a program, which names the delegation with every request.
///
/// # Errors
/// `ND30-13.3` when there is none of this id in force for this person.
pub async fn named(app: &App, own: &Who, header: &HeaderValue) -> AppResult<Who> {
    let delegation = header
        .to_str()
        .ok()
        .and_then(|text| text.parse::<Uuid>().ok())
        .ok_or_else(|| AppError::BadInput("Acting-For phải là mã (UUID) của việc ủy quyền.".to_owned()))?;
    take(app, own, delegation).await?.ok_or_else(|| ended().into())
}

/// The refusal for a delegation that is not there for this person today.
fn ended() -> Refusal {
    Refusal::new(
        "ND30-13.3",
        "delegation.ended",
        "Việc ủy quyền này không còn hiệu lực hoặc không phải ủy quyền cho Ông/Bà.",
    )
}

/// Sets or ends the place in which the session of this browser works, within the act that tells it.
///
/// # Errors
/// `ND30-13.3` when the delegation is not in force for this person; [`AppError::SignedOut`] without a session.
pub async fn choose(
    app: &App,
    act: &mut Act,
    who: &Who,
    jar: &CookieJar,
    delegation: Option<Uuid>,
) -> AppResult<()> {
    let token = jar
        .get(session::cookie_name(app))
        .ok_or(AppError::SignedOut)?
        .value();
    if let Some(delegation) = delegation
        && take(app, who, delegation).await?.is_none()
    {
        return Err(ended().into());
    }
    act.run(
        sql!("UPDATE session SET delegation_id = $2 WHERE token_hash = $1"),
        args![token_hash(token), delegation],
    )
    .await?;
    Ok(())
}

/// Whoever works in somebody's place reaches the work that was handed over and nothing else: not the registers, not the keys,
/// not the accounts, not what the other is writing.
///
/// # Errors
/// `ND30-13.3`, saying how to get back.
pub fn permits(who: &Who, path: &str) -> Result<(), Refusal> {
    if who.in_place.is_none() || is_open(path) {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-13.3",
        "delegation.elsewhere",
        "Trang này không thuộc phạm vi được ủy quyền. Vui lòng về trang chủ, bấm “Trở về việc của mình” rồi mở lại.",
    ))
}

fn known(acts: &[&str], act: &str) -> bool {
    acts.contains(&act)
}

fn is_open(path: &str) -> bool {
    if EXACT.contains(&path) || OPEN.iter().any(|prefix| path.starts_with(prefix)) {
        return true;
    }
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match parts.as_slice() {
        [room, id, rest @ ..] if id.parse::<Uuid>().is_ok() => match (*room, rest) {
            ("incoming" | "outgoing", []) => true,
            ("incoming", [act]) => known(INCOMING, act),
            ("outgoing", [act]) => known(OUTGOING, act),
            ("outgoing", ["consultations", _, "reply"]) => true,
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_open;

    #[test]
    fn nd30_13_3_keys_registers_and_accounts_are_closed_to_a_substitute() {
        let id = "018f0000-0000-7000-8000-000000000001";
        for open in [
            "/".to_owned(),
            "/boxes/handling".to_owned(),
            format!("/incoming/{id}"),
            format!("/incoming/{id}/direct"),
            format!("/api/v1/outgoing/{id}/sign-off-content"),
            format!("/outgoing/{id}/consultations/{id}/reply"),
        ] {
            assert!(is_open(&open), "{open}");
        }
        for closed in [
            "/account".to_owned(),
            "/delegations".to_owned(),
            "/outgoing/new".to_owned(),
            "/outgoing/sign".to_owned(),
            "/incoming/paper".to_owned(),
            "/incoming/register".to_owned(),
            "/search".to_owned(),
            "/session/post".to_owned(),
            "/signing/check".to_owned(),
            format!("/outgoing/{id}/approve"),
            format!("/outgoing/{id}/consultations"),
            format!("/api/v1/outgoing/{id}/issue"),
            format!("/api/v1/outgoing/{id}/edit"),
            "/api/v1/accounts".to_owned(),
            "/api/v1/delegations".to_owned(),
        ] {
            assert!(!is_open(&closed), "{closed}");
        }
    }
}
