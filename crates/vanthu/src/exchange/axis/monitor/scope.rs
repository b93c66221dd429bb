//! Who sees which packets: the clerks of an agency and its administrators theirs, the administrator of the province all. Packets
//! for which no agency could be found belong to the administrator of the province and to the clerks of the one agency that looks
//! after them at their connection. What a document says is for clerks alone (no administrator sees the content of documents).

use rules::{Refusal, ids::AgencyId, people::Role};
use store::{Filter, args, sql};
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

/// Whether this person looks after packets that are nobody's at a connection: a clerk of the agency that was chosen for it, or of
/// the only agency with a code on it.
async fn looks_after(app: &App, who: &Who, connection: Uuid) -> AppResult<bool> {
    if !reads_content(who) {
        return Ok(false);
    }
    let row = app
        .db
        .opt(
            sql!(
                "SELECT n.id FROM axis_connection n WHERE n.id = $1 AND (n.unclaimed_agency_id = $2 \
                 OR (n.unclaimed_agency_id IS NULL \
                 AND EXISTS (SELECT 1 FROM axis_own_code c WHERE c.connection_id = n.id AND c.agency_id = $2) \
                 AND NOT EXISTS (SELECT 1 FROM axis_own_code c WHERE c.connection_id = n.id AND c.agency_id <> $2)))"
            ),
            args![connection, who.agency()],
        )
        .await?;
    Ok(row.is_some())
}

/// Leaves in a list of received packets those that this person sees.
pub fn received(filter: Filter, who: &Who) -> Filter {
    if sees_all(who) {
        return filter;
    }
    let agency = who.agency();
    if !reads_content(who) {
        return filter.and("agency_id = ?", args![agency]);
    }
    filter.and(
        "(agency_id = ? OR (agency_id IS NULL AND connection_id IN (SELECT n.id FROM axis_connection n \
         WHERE n.unclaimed_agency_id = ? OR (n.unclaimed_agency_id IS NULL \
         AND EXISTS (SELECT 1 FROM axis_own_code c WHERE c.connection_id = n.id AND c.agency_id = ?) \
         AND NOT EXISTS (SELECT 1 FROM axis_own_code c WHERE c.connection_id = n.id AND c.agency_id <> ?)))))",
        args![agency, agency, agency, agency],
    )
}

/// Whether a packet speaks of a document that its sender recalled: what it says is cancelled here (ND30-18.4b). A packet that
/// became no document of its own is held against the identifier that it names.
///
/// # Errors
/// When the database fails.
pub async fn is_withdrawn(app: &App, packet: Uuid) -> AppResult<bool> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT d.id FROM axis_inbox x JOIN incoming d ON d.id = x.incoming_id \
                 WHERE x.id = $1 AND d.state = 'recalled' UNION ALL \
                 SELECT d.id FROM axis_inbox x JOIN incoming d ON d.agency_id = x.agency_id AND d.document_code = x.document_id \
                 WHERE x.id = $1 AND x.incoming_id IS NULL AND x.kind = 'edoc' AND d.state = 'recalled' LIMIT 1"
            ),
            args![packet],
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
        None => looks_after(app, who, connection).await?,
    };
    if sees { Ok(()) } else { Err(AppError::NotFound) }
}
