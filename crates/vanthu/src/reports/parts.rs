//! The parts behind a number, read in stretches: however many there are, few are in memory at a time.

use jiff::{Timestamp, civil::Date};
use rules::{
    ids::{IncomingId, PostId, UnitId},
    workload::{self, Column, PartFacts, Period},
};
use store::{Row, args, sql, vietnam};
use uuid::Uuid;

use super::days::Days;
use crate::{
    context::{App, Who},
    error::AppResult,
};

/// Parts that are read at a time; few in tests, so that they read more than once.
const STRETCH: i64 = if cfg!(test) { 7 } else { 5_000 };

/// A part of a list.
pub(super) struct Counted {
    pub document: IncomingId,
    pub arrival_number: Option<i64>,
    pub printed: String,
    pub subject: String,
    pub name: String,
    pub title: String,
    pub due_on: Option<Date>,
    pub given_on: Date,
    pub ended_on: Option<Date>,
}

/// Which number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number {
    pub column: Column,
    pub from: Date,
    pub to: Date,
    pub unit: Option<UnitId>,
    pub post: Option<PostId>,
}

/// The first `most` parts of a number, the soonest deadline first, and how many there are.
///
/// # Errors
/// The refusals of [`workload::view_of`] and [`workload::days`]; when the database fails.
pub(super) async fn behind(
    app: &App,
    who: &Who,
    number: Number,
    most: usize,
) -> AppResult<(Vec<Counted>, usize)> {
    let days = Days::new(app, who, number.from, number.to)?;
    let period = days.period();
    let (mut found, mut count) = (Vec::new(), 0);
    let mut last = Uuid::nil();
    loop {
        let rows = app
            .db
            .all(
                sql!(
                    "SELECT s.id, s.role, s.state, s.given_at, s.due_on, s.done_at, s.incoming_id, d.arrival_number, d.number, d.symbol, \
                     d.subject, p.unit_id, p.title, a.full_name, \
                     CAST(CASE WHEN EXISTS (SELECT 1 FROM assignment c WHERE c.incoming_id = s.incoming_id AND c.parent_id = s.id \
                     AND c.state NOT IN ('given_back', 'taken_back')) THEN 1 ELSE 0 END AS BIGINT) AS passed_on \
                     FROM assignment s JOIN incoming d ON d.id = s.incoming_id JOIN post p ON p.id = s.post_id \
                     JOIN account a ON a.id = p.account_id \
                     WHERE s.agency_id = $1 AND s.role <> 'inform' AND s.given_at < $3 AND (s.done_at IS NULL OR s.done_at >= $2) \
                     AND ($4 = 1 OR s.post_id = $5) AND ($6 = 1 OR p.unit_id = $7) AND s.id > $8 \
                     ORDER BY s.id LIMIT $9"
                ),
                args![
                    who.agency(),
                    days.begin,
                    days.end,
                    i64::from(number.post.is_none()),
                    number.post,
                    i64::from(number.unit.is_none()),
                    number.unit,
                    last,
                    STRETCH
                ],
            )
            .await?;
        for row in &rows {
            let (columns, part) = counted(row, &period)?;
            if days.shows(row.get("unit_id")?) && columns.contains(&number.column) {
                count += 1;
                found.push(part);
            }
        }
        first_of(&mut found, most);
        match rows.last() {
            Some(row) if i64::try_from(rows.len()).is_ok_and(|read| read >= STRETCH) => {
                last = row.get("id")?;
            }
            _ => return Ok((found, count)),
        }
    }
}

/// Keeps the soonest deadlines; without one at the end.
fn first_of(found: &mut Vec<Counted>, most: usize) {
    found.sort_by_key(|part| (part.due_on.is_none(), part.due_on, part.given_on));
    found.truncate(most);
}

fn counted(row: &Row, period: &Period<'_>) -> store::Result<(Vec<Column>, Counted)> {
    let day = |at: Timestamp| vietnam(at).date();
    let facts = PartFacts {
        role: row.parse("role")?,
        state: row.parse("state")?,
        given_on: day(row.get("given_at")?),
        due_on: row.get("due_on")?,
        ended_on: row.get::<Option<Timestamp>>("done_at")?.map(day),
        passed_on: row.get("passed_on")?,
    };
    let part = Counted {
        document: row.get("incoming_id")?,
        arrival_number: row.get("arrival_number")?,
        printed: crate::incoming::printed(&row.get::<String>("number")?, &row.get::<String>("symbol")?),
        subject: row.get("subject")?,
        name: row.get("full_name")?,
        title: row.get("title")?,
        due_on: facts.due_on,
        given_on: facts.given_on,
        ended_on: facts.ended_on,
    };
    Ok((workload::columns(&facts, period), part))
}
