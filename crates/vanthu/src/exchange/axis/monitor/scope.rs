//! Who sees which packets: the clerks of an agency and its administrators theirs, the administrator of the province all. What a
//! document says is for clerks alone (no administrator sees the content of documents).

use rules::{Refusal, ids::AgencyId, people::Role};
use store::{args, sql};
use uuid::Uuid;

use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
};

/// Everybody but clerks and administrators is told whose work this is.
///
/// # Errors
/// `QC01-14.3a` for any other role.
pub fn must_follow(who: &Who) -> AppResult<()> {
    if matches!(who.role(), Role::Clerk | Role::Administrator) {
        return Ok(());
    }
    Err(Refusal::new(
        "QC01-14.3a",
        "access.role",
        "Việc theo dõi gửi, nhận qua trục liên thông thuộc trách nhiệm của văn thư. Vui lòng liên hệ văn thư cơ quan.",
    )
    .into())
}

/// Whose packets this person sees; `None`: everybody's.
pub fn agency(who: &Who) -> Option<AgencyId> {
    (!sees_all(who)).then(|| who.agency())
}

/// Whether this person sees the packets of all agencies.
pub fn sees_all(who: &Who) -> bool {
    who.role() == Role::Administrator && who.actor.is_province_administrator
}

/// Whether this person may read what documents are about.
pub fn reads_content(who: &Who) -> bool {
    who.is_clerk()
}

/// Whether a packet of nobody may be seen: by clerks of agencies that the same connection serves.
///
/// # Errors
/// When the database fails.
pub async fn shares_connection(app: &App, who: &Who, connection: Uuid) -> AppResult<bool> {
    let row = app
        .db
        .opt(
            sql!("SELECT code FROM axis_own_code WHERE agency_id = $1 AND connection_id = $2 LIMIT 1"),
            args![who.agency(), connection],
        )
        .await?;
    Ok(row.is_some())
}

/// Lets only those through who follow the packets of this agency, or of nobody over this connection.
///
/// # Errors
/// [`AppError::NotFound`] for everybody else.
pub async fn must_see(app: &App, who: &Who, owner: Option<AgencyId>, connection: Uuid) -> AppResult<()> {
    must_follow(who)?;
    let sees = match owner {
        _ if sees_all(who) => true,
        Some(owner) => owner == who.agency(),
        None => shares_connection(app, who, connection).await?,
    };
    if sees { Ok(()) } else { Err(AppError::NotFound) }
}
