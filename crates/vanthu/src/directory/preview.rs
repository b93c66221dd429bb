//! What a load would do, before anybody confirms it.

use rules::directory::{Change, Source};
use store::{args, sql};
use uuid::Uuid;

use super::compare::{self, Compared, Reader};
use crate::{context::App, error::AppResult};

/// Changes that are named one by one.
const CHANGES: usize = 100;
/// Problems that are named.
const PROBLEMS: i64 = 200;
/// Entries that are gone that are named.
const GONE: i64 = 20;

/// A line that is left out.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Number of the line in the file.
    pub line: u32,
    /// Its code, as it came.
    pub code: String,
    /// Its name, as it came.
    pub name: String,
    /// What is wrong, and what to do.
    pub sentence: String,
}

/// What a load would do.
#[derive(Debug, Default)]
pub struct Preview {
    times: [u32; Change::ALL.len()],
    /// The first changes.
    pub changes: Vec<Compared>,
    /// Whether there are more.
    pub more_changes: bool,
    /// The first lines with problems.
    pub problems: Vec<Problem>,
    /// How many there are.
    pub problem_count: u32,
    /// The first entries that the load does not name any more, as (code, name).
    pub gone: Vec<(String, String)>,
    /// How many there are.
    pub gone_count: u32,
}

impl Preview {
    /// How many lines do this.
    pub fn times(&self, change: Change) -> u32 {
        Change::ALL
            .iter()
            .position(|known| *known == change)
            .and_then(|at| self.times.get(at))
            .copied()
            .unwrap_or_default()
    }
}

/// Compares a whole load with the directory, part by part.
///
/// # Errors
/// When the database fails.
pub async fn preview(app: &App, load: Uuid, source: Source) -> AppResult<Preview> {
    let mut preview = Preview::default();
    let mut after = 0;
    loop {
        let part = compare::part(&mut Reader::Db(&app.db), load, source, after).await?;
        let Some(last) = part.last else { break };
        after = last;
        for line in part.lines {
            if let Some(times) = Change::ALL
                .iter()
                .position(|change| *change == line.change)
                .and_then(|at| preview.times.get_mut(at))
            {
                *times += 1;
            }
            if line.change == Change::Unchanged {
                continue;
            }
            if preview.changes.len() < CHANGES {
                preview.changes.push(line);
            } else {
                preview.more_changes = true;
            }
        }
    }
    let problems = app
        .db
        .all(
            sql!(
                "SELECT line, code, name, problem FROM directory_load_line WHERE load_id = $1 AND problem IS NOT NULL \
                 ORDER BY line LIMIT $2"
            ),
            args![load, PROBLEMS],
        )
        .await?;
    for row in &problems {
        preview.problems.push(Problem {
            line: row.get("line")?,
            code: row.get("code")?,
            name: row.get("name")?,
            sentence: row.get("problem")?,
        });
    }
    let row = app
        .db
        .one(
            sql!("SELECT count(*) AS n FROM directory_load_line WHERE load_id = $1 AND problem IS NOT NULL"),
            args![load],
        )
        .await?;
    preview.problem_count = row.get("n")?;
    preview.gone_count = compare::count_gone(app, load, source).await?;
    preview.gone = compare::gone(&mut Reader::Db(&app.db), load, source, GONE)
        .await?
        .into_iter()
        .map(|(_, code, name)| (code, name))
        .collect();
    Ok(preview)
}
