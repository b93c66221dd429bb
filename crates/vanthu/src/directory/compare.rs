//! What the lines of a load would do to the directory, a part at a time.

use std::collections::HashMap;

use rules::{
    directory::{self, Change, FoundBy, Known, Line, Source},
    identifiers::OrganCode,
};
use store::{Act, Arg, Db, Row, Sql, args, sql};
use uuid::Uuid;

use crate::{context::App, error::AppResult};

/// Lines compared at once.
const PART: i64 = 500;

/// Where is read: before an act, or within it.
pub enum Reader<'a> {
    /// Outside.
    Db(&'a Db),
    /// Within.
    Act(&'a mut Act),
}

impl Reader<'_> {
    /// All rows of a statement.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn all(&mut self, sql: Sql, args: Vec<Arg>) -> store::Result<Vec<Row>> {
        match self {
            Self::Db(db) => db.all(sql, args).await,
            Self::Act(act) => act.all(sql, args).await,
        }
    }
}

/// A line with what it does.
#[derive(Debug, Clone)]
pub struct Compared {
    /// Number of the line.
    pub line: u32,
    /// What it says.
    pub says: Line,
    /// Version and time of change there.
    pub version: Option<String>,
    /// Time of change there.
    pub modified: Option<String>,
    /// The entry it is about.
    pub entry: Option<(Uuid, Known)>,
    /// What it does.
    pub change: Change,
}

/// A part of a load.
#[derive(Debug)]
pub struct Part {
    /// Its lines without problems.
    pub lines: Vec<Compared>,
    /// The last line of it; `None`: the load has ended.
    pub last: Option<u32>,
}

/// Compares the lines after `after`. From a source that nobody confirms no entry takes another code.
///
/// # Errors
/// When the database fails.
pub async fn part(reader: &mut Reader<'_>, load: Uuid, source: Source, after: u32) -> AppResult<Part> {
    let rows = reader
        .all(
            sql!(
                "SELECT line, code, old_code, name, parent_code, email, level, version, modified, deleted FROM directory_load_line \
                 WHERE load_id = $1 AND line > $2 AND problem IS NULL ORDER BY line LIMIT $3"
            ),
            args![load, after, PART],
        )
        .await?;
    let Some(last) = rows.last().map(|row| row.get::<u32>("line")).transpose()? else {
        return Ok(Part {
            lines: Vec::new(),
            last: None,
        });
    };
    let within = args![load, after, last];
    let by_code = reader
        .all(
            sql!(
                "SELECT l.line, l.code_key, e.id, e.code, e.name, e.parent_code, e.email, e.level, e.valid_to, e.successor_id \
                 FROM directory_load_line l JOIN directory_code c ON c.code = l.code_key AND c.confirmed = 1 \
                 JOIN directory_entry e ON e.id = c.entry_id WHERE l.load_id = $1 AND l.line > $2 AND l.line <= $3 ORDER BY l.line, e.id"
            ),
            within.clone(),
        )
        .await?;
    let by_older = reader
        .all(
            sql!(
                "SELECT l.line, l.old_key AS code_key, e.id, e.code, e.name, e.parent_code, e.email, e.level, e.valid_to, \
                 e.successor_id FROM directory_load_line l JOIN directory_code c ON c.code = l.old_key AND c.confirmed = 1 \
                 JOIN directory_entry e ON e.id = c.entry_id WHERE l.load_id = $1 AND l.line > $2 AND l.line <= $3 ORDER BY l.line, e.id"
            ),
            within.clone(),
        )
        .await?;
    let codes = reader
        .all(
            sql!(
                "SELECT c.entry_id, c.code FROM directory_code c WHERE c.entry_id IN (\
                 SELECT k.entry_id FROM directory_load_line l JOIN directory_code k ON k.code = l.code_key \
                 WHERE l.load_id = $1 AND l.line > $2 AND l.line <= $3 UNION \
                 SELECT k.entry_id FROM directory_load_line l JOIN directory_code k ON k.code = l.old_key \
                 WHERE l.load_id = $1 AND l.line > $2 AND l.line <= $3)"
            ),
            within,
        )
        .await?;
    let mut of_entry: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in &codes {
        of_entry
            .entry(row.get("entry_id")?)
            .or_default()
            .push(row.get("code")?);
    }
    let mut found: HashMap<u32, (u8, Uuid, Known)> = HashMap::new();
    for (rows, how) in [(&by_code, FoundBy::Code), (&by_older, FoundBy::OlderCode)] {
        for row in rows {
            let (id, known) = known(row, &of_entry)?;
            if !directory::is_same(&known, how) {
                continue;
            }
            let in_use = known.code.key() == row.get::<String>("code_key")?;
            // An entry in use before a closed one, one with the very code before one that had it.
            let rank =
                u8::from(how == FoundBy::OlderCode) * 4 + u8::from(known.closed) * 2 + u8::from(!in_use);
            let line: u32 = row.get("line")?;
            if found.get(&line).is_none_or(|(best, ..)| rank < *best) {
                found.insert(line, (rank, id, known));
            }
        }
    }
    let mut taken: HashMap<Uuid, u32> = HashMap::new();
    let mut lines = Vec::with_capacity(rows.len());
    for row in &rows {
        let line: u32 = row.get("line")?;
        let says = says(row)?;
        let mut entry = found.remove(&line).map(|(_, id, known)| (id, known));
        let is_deleted: bool = row.get("deleted")?;
        let mut change = directory::plan(entry.as_ref().map(|(_, known)| known), &says, is_deleted);
        if change == Change::TakeCode && !source.is_confirmed() {
            // Whoever is known by the older code keeps it until an administrator says that both are one.
            entry = None;
            change = directory::plan(None, &says, is_deleted);
        }
        if let Some((id, _)) = &entry
            && change != Change::Unchanged
            && taken.insert(*id, line).is_some()
        {
            // Two lines about one entry at once: the first decides, the next load sees the rest.
            change = Change::Unchanged;
        }
        lines.push(Compared {
            line,
            says,
            version: row.get("version")?,
            modified: row.get("modified")?,
            entry,
            change,
        });
    }
    Ok(Part {
        lines,
        last: Some(last),
    })
}

fn says(row: &Row) -> AppResult<Line> {
    let code = |name: &str| -> AppResult<Option<OrganCode>> {
        Ok(row
            .get::<Option<String>>(name)?
            .map(|text| OrganCode::read(&text))
            .transpose()?)
    };
    Ok(Line {
        code: OrganCode::read(&row.get::<String>("code")?)?,
        old_code: code("old_code")?,
        name: row.get("name")?,
        parent_code: code("parent_code")?,
        email: row.get("email")?,
        level: level(row)?,
    })
}

fn known(row: &Row, codes: &HashMap<Uuid, Vec<String>>) -> AppResult<(Uuid, Known)> {
    let id: Uuid = row.get("id")?;
    let known = Known {
        code: OrganCode::read(&row.get::<String>("code")?)?,
        name: row.get("name")?,
        parent_code: row.get("parent_code")?,
        email: row.get("email")?,
        level: level(row)?,
        closed: row.get::<Option<String>>("valid_to")?.is_some(),
        has_successor: row.get::<Option<Uuid>>("successor_id")?.is_some(),
        codes: codes.get(&id).cloned().unwrap_or_default(),
    };
    Ok((id, known))
}

fn level(row: &Row) -> store::Result<Option<u16>> {
    Ok(row
        .get::<Option<i64>>("level")?
        .and_then(|level| u16::try_from(level).ok()))
}

/// Entries in use of this source that the load does not name, as (id, code, name).
///
/// # Errors
/// When the database fails.
pub async fn gone(
    reader: &mut Reader<'_>,
    load: Uuid,
    source: Source,
    most: i64,
) -> AppResult<Vec<(Uuid, String, String)>> {
    let rows = reader
        .all(
            sql!(
                "SELECT e.id, e.code, e.name FROM directory_entry e WHERE e.valid_to IS NULL AND e.source = $2 AND NOT EXISTS (\
                 SELECT 1 FROM directory_code c WHERE c.entry_id = e.id AND EXISTS (\
                 SELECT 1 FROM directory_load_line l WHERE l.load_id = $1 AND l.code_key = c.code)) ORDER BY e.code LIMIT $3"
            ),
            args![load, source.as_str(), most],
        )
        .await?;
    let gone = |row: &Row| Ok((row.get("id")?, row.get("code")?, row.get("name")?));
    Ok(rows.iter().map(gone).collect::<store::Result<_>>()?)
}

/// How many those are.
///
/// # Errors
/// When the database fails.
pub async fn count_gone(app: &App, load: Uuid, source: Source) -> AppResult<u32> {
    let row = app
        .db
        .one(
            sql!(
                "SELECT count(*) AS n FROM directory_entry e WHERE e.valid_to IS NULL AND e.source = $2 AND NOT EXISTS (\
                 SELECT 1 FROM directory_code c WHERE c.entry_id = e.id AND EXISTS (\
                 SELECT 1 FROM directory_load_line l WHERE l.load_id = $1 AND l.code_key = c.code))"
            ),
            args![load, source.as_str()],
        )
        .await?;
    Ok(row.get("n")?)
}
