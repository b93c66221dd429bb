//! Asking the directory: whose code is this, and who answers for it today.

use rules::{identifiers::OrganCode, ids::AgencyId};
use store::{Row, args, sql};
use uuid::Uuid;

use crate::{context::App, error::AppResult};

/// After so many mergers in a row a chain is taken for a circle.
const MOST_MERGERS: usize = 16;

/// An entry of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: Uuid,
    /// The code in use, as it is sent.
    pub code: String,
    /// Name.
    pub name: String,
    /// Whether it is closed.
    pub closed: bool,
    /// Who answers for it since a merger.
    pub successor: Option<Uuid>,
}

/// Who answers for a code today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// An entry in use: the one with the code, or its successor.
    InUse(Entry),
    /// An entry that is closed and has no successor in use.
    Closed(Entry),
    /// No entry has or had this code.
    Unknown,
}

/// Who answers for `code` today. The code may be any that an entry has or had; what only the axis says of older codes does not
/// count.
///
/// # Errors
/// When the database fails.
pub async fn standing(app: &App, code: &str) -> AppResult<Standing> {
    let Some(found) = bearer(app, code).await? else {
        return Ok(Standing::Unknown);
    };
    let mut at = found.clone();
    for _ in 0..MOST_MERGERS {
        match at.successor.filter(|_| at.closed) {
            _ if !at.closed => return Ok(Standing::InUse(at)),
            None => break,
            Some(next) => match by_id(app, next).await? {
                Some(next) => at = next,
                None => break,
            },
        }
    }
    Ok(Standing::Closed(found))
}

/// The entry that has or had this code, whoever answers for it today.
async fn bearer(app: &App, code: &str) -> AppResult<Option<Entry>> {
    let Ok(code) = OrganCode::read(code) else {
        return Ok(None);
    };
    // A code in use by one entry may be a former one of another: the one in use comes first.
    let row = app
        .db
        .opt(
            sql!(
                "SELECT e.id, e.code, e.name, e.valid_to, e.successor_id FROM directory_code c \
                 JOIN directory_entry e ON e.id = c.entry_id WHERE c.code = $1 AND c.confirmed = 1 \
                 ORDER BY CASE WHEN e.valid_to IS NULL THEN 0 ELSE 1 END, CASE WHEN upper(e.code) = $1 THEN 0 ELSE 1 END, \
                 CASE WHEN c.valid_to IS NULL THEN 0 ELSE 1 END, e.id LIMIT 1"
            ),
            args![code.key()],
        )
        .await?;
    Ok(row.as_ref().map(entry).transpose()?)
}

/// An entry by its id.
///
/// # Errors
/// When the database fails.
pub async fn by_id(app: &App, id: Uuid) -> AppResult<Option<Entry>> {
    let row = app
        .db
        .opt(
            sql!("SELECT id, code, name, valid_to, successor_id FROM directory_entry WHERE id = $1"),
            args![id],
        )
        .await?;
    Ok(row.as_ref().map(entry).transpose()?)
}

/// Every code for which the organisation with `code` speaks: its own, and those of the organisations that it took over. It
/// speaks neither for who uses one of its former codes now, nor for who took it over nor for others that the same one took over.
///
/// # Errors
/// When the database fails.
pub async fn codes_of(app: &App, code: &str) -> AppResult<Vec<String>> {
    let Ok(read) = OrganCode::read(code) else {
        return Ok(Vec::new());
    };
    let Some(entry) = bearer(app, read.as_str()).await? else {
        return Ok(vec![read.key().to_owned()]);
    };
    let rows = app
        .db
        .all(
            sql!(
                "WITH RECURSIVE same (id) AS (SELECT id FROM directory_entry WHERE id = $1 \
                 UNION SELECT e.id FROM directory_entry e JOIN same ON e.successor_id = same.id) \
                 SELECT DISTINCT c.code FROM same JOIN directory_code c ON c.entry_id = same.id AND c.confirmed = 1 \
                 WHERE NOT EXISTS (SELECT 1 FROM directory_code k JOIN directory_entry o ON o.id = k.entry_id \
                 WHERE k.code = c.code AND k.entry_id <> c.entry_id AND k.confirmed = 1 AND o.valid_to IS NULL \
                 AND upper(o.code) = c.code) ORDER BY c.code"
            ),
            args![entry.id],
        )
        .await?;
    Ok(rows
        .iter()
        .map(|row| row.get("code"))
        .collect::<store::Result<_>>()?)
}

/// The agency in our tables that an entry stands for, by any of its codes: with whether it works in this installation.
///
/// # Errors
/// When the database fails.
pub async fn agency_of_entry(app: &App, entry: Uuid) -> AppResult<Option<(AgencyId, bool)>> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT a.id, a.level FROM directory_code c JOIN agency a ON a.code = c.code OR a.old_code = c.code \
                 WHERE c.entry_id = $1 AND c.valid_to IS NULL AND c.confirmed = 1 UNION ALL \
                 SELECT a.id, a.level FROM directory_code c JOIN agency_former_code f ON f.code = c.code \
                 JOIN agency a ON a.id = f.agency_id WHERE c.entry_id = $1 AND c.valid_to IS NULL AND c.confirmed = 1 LIMIT 1"
            ),
            args![entry],
        )
        .await?;
    row.map(|row| Ok((row.get("id")?, row.get::<String>("level")? != "partner")))
        .transpose()
}

/// Whether an agency of ours sends over an axis.
///
/// # Errors
/// When the database fails.
pub async fn is_connected(app: &App, agency: AgencyId) -> AppResult<bool> {
    let own = app
        .db
        .opt(
            sql!("SELECT code FROM axis_own_code WHERE agency_id = $1 LIMIT 1"),
            args![agency],
        )
        .await?;
    Ok(own.is_some())
}

fn entry(row: &Row) -> store::Result<Entry> {
    Ok(Entry {
        id: row.get("id")?,
        code: row.get("code")?,
        name: row.get("name")?,
        closed: row.get::<Option<String>>("valid_to")?.is_some(),
        successor: row.get("successor_id")?,
    })
}
