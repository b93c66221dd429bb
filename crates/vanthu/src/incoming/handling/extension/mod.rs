//! Xin gia hạn: a holder asks for a later deadline, the giver answers (CN-126). The deadline before stays on record.

mod answer;
mod ask;

use jiff::{Timestamp, civil::Date};
use rules::{
    ids::{AgencyId, AssignmentId, IncomingId},
    incoming::{ExtensionFacts, ExtensionPolicy, ExtensionState},
};
use store::{Act, Row, args, sql};
use uuid::Uuid;

pub(in crate::incoming) use answer::page as answer_page;
pub(in crate::incoming) use ask::page as ask_page;

/// The handlers of the API with what describes them.
pub(in crate::incoming) mod api {
    pub use super::{
        answer::{__path_answer_api, answer_api},
        ask::{__path_ask_api, ask_api},
    };
}

use crate::{agency_settings, context::App, error::AppResult};

/// How often and how far the agency lets deadlines be extended: `{"times": 2, "days": 30}`.
const POLICY: &str = "handling.extension";

/// What the agency chose.
async fn policy(act: &mut Act, agency: AgencyId) -> AppResult<ExtensionPolicy> {
    Ok(agency_settings::read_in(act, agency, POLICY)
        .await?
        .unwrap_or_default())
}

/// The same, to tell it on the page.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn policy_today(app: &App, agency: AgencyId) -> AppResult<ExtensionPolicy> {
    Ok(agency_settings::read(app, agency, POLICY, app.clock.today())
        .await?
        .unwrap_or_default())
}

/// A request with names.
#[derive(Debug, Clone)]
pub(in crate::incoming) struct Extension {
    pub id: Uuid,
    pub assignment: AssignmentId,
    pub facts: ExtensionFacts,
    /// Who asked, name and title.
    pub asked_by: String,
    pub asked_at: Timestamp,
    pub reason: String,
    pub granted_on: Option<Date>,
    pub answer: Option<String>,
}

/// Requests about a document, oldest first.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn of(app: &App, id: IncomingId) -> AppResult<Vec<Extension>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT e.id, e.assignment_id, e.asked_at, e.reason, e.old_due_on, e.wanted_on, e.state, e.granted_on, \
                 e.answer, a.full_name, p.title, (SELECT min(j.actor) FROM journal j WHERE j.object_id = e.incoming_id \
                 AND j.on_behalf_of = e.asked_by AND j.at = e.asked_at) AS in_place FROM extension e JOIN post p ON p.id = e.asked_by \
                 JOIN account a ON a.id = p.account_id WHERE e.incoming_id = $1 ORDER BY e.id"
            ),
            args![id],
        )
        .await?;
    let extension = |row: &Row| {
        Ok(Extension {
            id: row.get("id")?,
            assignment: row.get("assignment_id")?,
            facts: facts(row)?,
            asked_by: match row.get("in_place")? {
                Some(label) => label,
                None => format!(
                    "{}, {}",
                    row.get::<String>("full_name")?,
                    row.get::<String>("title")?
                ),
            },
            asked_at: row.get("asked_at")?,
            reason: row.get("reason")?,
            granted_on: row.get("granted_on")?,
            answer: row.get("answer")?,
        })
    };
    Ok(rows.iter().map(extension).collect::<store::Result<_>>()?)
}

/// Requests for one part, within an act.
async fn of_part(act: &mut Act, part: AssignmentId) -> AppResult<Vec<ExtensionFacts>> {
    let rows = act
        .all(
            sql!("SELECT state, old_due_on, wanted_on FROM extension WHERE assignment_id = $1 ORDER BY id"),
            args![part],
        )
        .await?;
    Ok(rows.iter().map(facts).collect::<store::Result<_>>()?)
}

fn facts(row: &Row) -> store::Result<ExtensionFacts> {
    Ok(ExtensionFacts {
        state: row.parse("state")?,
        old: row.get("old_due_on")?,
        wanted: row.get("wanted_on")?,
    })
}

/// A part ended: nobody waits for an answer about its deadline any more.
///
/// # Errors
/// When the database fails.
pub(in crate::incoming) async fn lapse(act: &mut Act, part: AssignmentId) -> AppResult<()> {
    act.run(
        sql!("UPDATE extension SET state = $2 WHERE assignment_id = $1 AND state = 'asked'"),
        args![part, ExtensionState::Lapsed.as_str()],
    )
    .await?;
    Ok(())
}
