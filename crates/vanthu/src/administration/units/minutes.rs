//! Biên bản bàn giao: what was handed over when a unit was closed, line by line.

use rules::{ids::UnitId, organization::Moved};
use store::{Act, Row, args, sql};
use uuid::Uuid;

use crate::{context::App, error::AppResult};

/// One line.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub kind: Moved,
    /// The document; `None` for what is none.
    pub object: Option<Uuid>,
    pub name: String,
    pub from: String,
    pub to: String,
}

/// Keeps the minutes.
///
/// # Errors
/// When the database fails.
pub(super) async fn keep(act: &mut Act, closing: Uuid, lines: &[Line]) -> AppResult<()> {
    for (sort, line) in (1_i64..).zip(lines) {
        act.run(
            sql!(
                "INSERT INTO unit_closing_line (closing_id, sort, kind, object_id, name, from_whom, to_whom) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)"
            ),
            args![
                closing,
                sort,
                line.kind.as_str(),
                line.object,
                line.name.as_str(),
                line.from.as_str(),
                line.to.as_str()
            ],
        )
        .await?;
    }
    Ok(())
}

/// The minutes of a unit that was closed; empty for one that was not.
///
/// # Errors
/// When the database fails.
pub(super) async fn of(app: &App, unit: UnitId) -> AppResult<Vec<Line>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT l.kind, l.object_id, l.name, l.from_whom, l.to_whom FROM unit_closing c \
                 JOIN unit_closing_line l ON l.closing_id = c.id WHERE c.unit_id = $1 ORDER BY l.sort LIMIT 5000"
            ),
            args![unit],
        )
        .await?;
    let line = |row: &Row| {
        Ok(Line {
            kind: row.parse("kind")?,
            object: row.get("object_id")?,
            name: row.get("name")?,
            from: row.get("from_whom")?,
            to: row.get("to_whom")?,
        })
    };
    Ok(rows.iter().map(line).collect::<store::Result<_>>()?)
}
