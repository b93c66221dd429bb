//! Loads an incoming document for a change, locked; and the person to whom it is to go.

use jiff::{Timestamp, civil::Date};
use rules::{
    access::Action,
    ids::{AgencyId, IncomingId, PostId, UnitId},
    incoming::{Assignee, AssignmentFacts, AssignmentRole, AssignmentState, IncomingFacts},
};
use store::{Act, Row, args, sql};
use uuid::Uuid;

use crate::{
    access,
    context::Who,
    error::{AppError, AppResult},
    processes,
};

/// An incoming document within an act; its row is locked until the act ends.
#[derive(Debug)]
pub(super) struct Doc {
    pub id: IncomingId,
    /// What the rules decide on.
    pub facts: IncomingFacts,
    /// Every assignment, oldest first.
    pub assignments: Vec<AssignmentFacts>,
    pub sender_id: Option<Uuid>,
    pub sender_name: String,
    pub number: String,
    pub symbol: String,
    pub issued_on: Option<Date>,
    pub subject: String,
    pub document_code: Option<String>,
    pub due_on: Option<Date>,
}

/// Loads and locks a document for `action` of `who`.
///
/// # Errors
/// [`AppError::NotFound`] for a document that is not there or not visible; the refusal of the access engine.
pub(super) async fn for_change(act: &mut Act, who: &Who, id: IncomingId, action: Action) -> AppResult<Doc> {
    let row = act
        .opt(
            sql!(
                "UPDATE incoming SET revision = revision + 1 WHERE id = $1 AND agency_id = $2 \
                 RETURNING agency_id, source, sender_id, sender_name, number, symbol, issued_on, subject, document_code, \
                 state, presented_to, due_on, reply_required"
            ),
            args![id, who.agency()],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let participants = act.all(access::PARTICIPANTS, args![id]).await?;
    access::may(who, action, &access::incoming(&row, &participants)?)?;
    let doc = whole(act, id, &row).await?;
    let with_unit = leads_with_unit(doc.assignments.iter());
    processes::allows(act, id, doc.facts.agency, doc.facts.state, with_unit, action).await?;
    Ok(doc)
}

/// The same for the program itself, which carries out what a sender asks.
///
/// # Errors
/// [`AppError::NotFound`] for a document that is not there.
pub(super) async fn locked(act: &mut Act, id: IncomingId) -> AppResult<Doc> {
    let row = act
        .opt(
            sql!(
                "UPDATE incoming SET revision = revision + 1 WHERE id = $1 \
                 RETURNING agency_id, source, sender_id, sender_name, number, symbol, issued_on, subject, document_code, \
                 state, presented_to, due_on, reply_required"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    whole(act, id, &row).await
}

async fn whole(act: &mut Act, id: IncomingId, row: &Row) -> AppResult<Doc> {
    let assignments = act
        .all(
            sql!(
                "SELECT id, parent_id, given_by, post_id, unit_id, role, state, due_on, seen_at FROM assignment WHERE incoming_id = $1 ORDER BY id"
            ),
            args![id],
        )
        .await?
        .iter()
        .map(assignment_facts)
        .collect::<store::Result<_>>()?;
    Ok(Doc {
        id,
        facts: incoming_facts(row)?,
        assignments,
        sender_id: row.get("sender_id")?,
        sender_name: row.get("sender_name")?,
        number: row.get("number")?,
        symbol: row.get("symbol")?,
        issued_on: row.get("issued_on")?,
        subject: row.get("subject")?,
        document_code: row.get("document_code")?,
        due_on: row.get("due_on")?,
    })
}

/// What the rules decide on, of a row with these columns.
///
/// # Errors
/// When a column is missing.
pub(super) fn incoming_facts(row: &Row) -> store::Result<IncomingFacts> {
    Ok(IncomingFacts {
        state: row.parse("state")?,
        agency: row.get("agency_id")?,
        presented_to: row.get("presented_to")?,
        from_exchange: super::arrive::is_from_exchange(&row.get::<String>("source")?),
        reply_required: row.get("reply_required")?,
    })
}

/// A unit is assigned through its head: then the row names the unit, and whoever heads it holds the assignment.
///
/// # Errors
/// When a column is missing.
pub(super) fn assignment_facts(row: &Row) -> store::Result<AssignmentFacts> {
    let assignee = match row.get::<Option<UnitId>>("unit_id")? {
        Some(unit) => Assignee::Unit(unit),
        None => Assignee::Person(row.get("post_id")?),
    };
    Ok(AssignmentFacts {
        id: row.get("id")?,
        parent: row.get("parent_id")?,
        given_by: row.get("given_by")?,
        assignee,
        role: row.parse("role")?,
        opened: row.get::<Option<Timestamp>>("seen_at")?.is_some(),
        state: row.parse("state")?,
        deadline: row.get("due_on")?,
    })
}

/// Whether the lead part lies with a unit, whose head passes it on.
pub(super) fn leads_with_unit<'a>(mut assignments: impl Iterator<Item = &'a AssignmentFacts>) -> bool {
    assignments.any(|part| {
        part.role == AssignmentRole::Lead
            && part.state == AssignmentState::Open
            && matches!(part.assignee, Assignee::Unit(_))
    })
}

/// A person to assign to, as the rules see them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Holder {
    pub post: PostId,
    pub agency: AgencyId,
    pub unit: Option<UnitId>,
    pub role: rules::people::Role,
}

/// The post of this id, in force on the day of the act.
///
/// # Errors
/// [`AppError::BadInput`] when there is none: the form offers only posts in force.
pub(super) async fn holder(act: &mut Act, post: PostId) -> AppResult<Holder> {
    let today = act.today();
    let row = act
        .opt(
            sql!(
                "SELECT p.agency_id, p.unit_id, p.role FROM post p JOIN account a ON a.id = p.account_id \
                 WHERE p.id = $1 AND (p.valid_to IS NULL OR p.valid_to >= $2) AND a.closed_at IS NULL"
            ),
            args![post, today],
        )
        .await?
        .ok_or_else(|| {
            AppError::BadInput("Người được chọn không còn giữ chức vụ này. Vui lòng chọn lại.".to_owned())
        })?;
    Ok(Holder {
        post,
        agency: row.get("agency_id")?,
        unit: row.get("unit_id")?,
        role: row.parse("role")?,
    })
}
