//! A document of the agency after issue, as orders about it see it.

use jiff::{Timestamp, civil::Date};
use rules::{
    access::Action,
    exchange::IssuedFacts,
    ids::{AgencyId, OutgoingId},
    outgoing::OutgoingState,
    urgency::Urgency,
};
use store::{Act, Row, Sql, args, sql};

use crate::{
    context::{App, Who},
    error::AppResult,
    outgoing::load,
    web::page::Choice,
};

/// A document of the agency, locked until the act ends.
#[derive(Debug, Clone)]
pub(super) struct IssuedDocument {
    pub id: OutgoingId,
    pub facts: IssuedFacts,
    pub subject: String,
    pub urgency: Urgency,
    pub respond_by: Option<Date>,
}

/// Whether recipients still owe an answer to an update; what is sent once more after a return asks nothing of the kind.
const AWAITS_UPDATE: Sql = sql!(
    "SELECT 1 AS one FROM dispatch d JOIN dispatch_line l ON l.dispatch_id = d.id WHERE d.outgoing_id = $1 \
     AND d.business = 'update' AND d.changes <> '{}' AND l.state IN ('pending', 'sent') LIMIT 1"
);

/// Loads and locks a document for an order about it.
///
/// # Errors
/// [`crate::error::AppError::NotFound`] for what may not be seen; a refusal for everybody but the clerks.
pub(super) async fn for_order(act: &mut Act, who: &Who, id: OutgoingId) -> AppResult<IssuedDocument> {
    let document = load::for_change(act, who, id, Action::Issue).await?;
    let awaits_update = act.opt(AWAITS_UPDATE, args![id]).await?.is_some();
    Ok(IssuedDocument {
        id,
        facts: facts(&document, awaits_update),
        subject: document.subject,
        urgency: document.urgency,
        respond_by: document.respond_by,
    })
}

/// The same facts for a reader.
///
/// # Errors
/// When the database fails.
pub(super) async fn for_view(app: &App, document: &load::Document) -> AppResult<IssuedFacts> {
    let awaits_update = app.db.opt(AWAITS_UPDATE, args![document.id]).await?.is_some();
    Ok(facts(document, awaits_update))
}

const fn facts(document: &load::Document, awaits_update: bool) -> IssuedFacts {
    IssuedFacts {
        agency: document.facts.agency,
        state: document.facts.state,
        is_recalled: document.recalled_at.is_some(),
        is_replaced: document.replaced_by.is_some(),
        awaits_update,
    }
}

/// The facts of a document that another one names (to replace it, as its notice), locked; `None` outside the agency.
///
/// # Errors
/// When the database fails.
pub(super) async fn named(act: &mut Act, agency: AgencyId, id: OutgoingId) -> AppResult<Option<Named>> {
    let row = act
        .opt(
            sql!(
                "UPDATE outgoing SET revision = revision + 1 WHERE id = $1 AND agency_id = $2 \
                 RETURNING agency_id, state, recalled_at, replaced_by, number, symbol, file_set"
            ),
            args![id, agency],
        )
        .await?;
    Ok(row.as_ref().map(of_row).transpose()?)
}

/// The same without a lock, for a draft.
///
/// # Errors
/// When the database fails.
pub(in crate::outgoing) async fn named_in_draft(
    app: &App,
    agency: AgencyId,
    id: OutgoingId,
) -> AppResult<Option<Named>> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT agency_id, state, recalled_at, replaced_by, number, symbol, file_set FROM outgoing \
                 WHERE id = $1 AND agency_id = $2"
            ),
            args![id, agency],
        )
        .await?;
    Ok(row.as_ref().map(of_row).transpose()?)
}

/// A document that another one names.
#[derive(Debug, Clone)]
pub(in crate::outgoing) struct Named {
    pub facts: IssuedFacts,
    pub number_and_symbol: String,
    pub file_set: Option<uuid::Uuid>,
}

fn of_row(row: &Row) -> store::Result<Named> {
    let facts = IssuedFacts {
        agency: row.get("agency_id")?,
        state: row.parse::<OutgoingState>("state")?,
        is_recalled: row.get::<Option<Timestamp>>("recalled_at")?.is_some(),
        is_replaced: row.get::<Option<OutgoingId>>("replaced_by")?.is_some(),
        awaits_update: false,
    };
    Ok(Named {
        facts,
        number_and_symbol: printed(row)?,
        file_set: row.get("file_set")?,
    })
}

fn printed(row: &Row) -> store::Result<String> {
    let number: Option<u32> = row.get("number")?;
    let symbol: Option<String> = row.get("symbol")?;
    Ok(number
        .zip(symbol)
        .map(|(number, symbol)| rules::numbering::number_and_symbol(number, &symbol))
        .unwrap_or_default())
}

/// How many documents a form offers to choose from, newest first.
const OFFERED: i64 = 60;

/// Issued documents of the agency that are in force, newest first, to be chosen in a form: all of them for a clerk, else those
/// in which the person took part. What is chosen already stays in the list.
///
/// # Errors
/// When the database fails.
pub(in crate::outgoing) async fn choices(
    app: &App,
    who: &Who,
    but: Option<OutgoingId>,
) -> AppResult<Vec<Choice>> {
    let rows = if who.is_clerk() {
        app.db
            .all(
                sql!(
                    "SELECT id, number, symbol, subject FROM outgoing WHERE agency_id = $1 AND state = 'issued' \
                     AND recalled_at IS NULL AND replaced_by IS NULL ORDER BY issued_at DESC, id DESC LIMIT $2"
                ),
                args![who.agency(), OFFERED],
            )
            .await?
    } else {
        app.db
            .all(
                sql!(
                    "SELECT o.id, o.number, o.symbol, o.subject FROM participant t JOIN outgoing o ON o.id = t.object_id \
                     WHERE t.post_id = $1 AND o.agency_id = $2 AND o.state = 'issued' AND o.recalled_at IS NULL \
                     AND o.replaced_by IS NULL ORDER BY o.issued_at DESC, o.id DESC LIMIT $3"
                ),
                args![who.post(), who.agency(), OFFERED],
            )
            .await?
    };
    let mut choices = Vec::with_capacity(rows.len());
    for row in &rows {
        let id: OutgoingId = row.get("id")?;
        if Some(id) != but {
            choices.push(Choice::new(id.to_string(), printed(row)?).hint(row.get::<String>("subject")?));
        }
    }
    Ok(choices)
}
