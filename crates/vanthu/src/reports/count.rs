//! Counting: the parts of the days, grouped by the database, tallied by unit and person.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Query, State},
};
use jiff::{
    Span,
    civil::{Date, date},
};
use rules::{
    ids::{PostId, UnitId},
    workload::{self, Column, PartFacts, Period, Tally},
};
use serde::{Deserialize, Serialize};
use store::{Row, args, sql};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::days::Days;
use crate::{
    context::{App, Who},
    error::AppResult,
};

/// The days of a report.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct WorkloadQuery {
    /// The first day; the first of this month when left out.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// The last day; today when left out.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<String>, format = Date)]
    pub to: Option<Date>,
}

impl WorkloadQuery {
    /// The two days.
    pub fn days(&self, app: &App) -> (Date, Date) {
        let today = app.clock.today();
        let to = self.to.unwrap_or(today);
        (self.from.unwrap_or_else(|| to.first_of_month()), to)
    }
}

/// Parts of one person about which the rule knows the same, so that it is asked once for all of them.
pub(super) struct Group {
    columns: Vec<Column>,
    many: u64,
    post: PostId,
    unit: Option<UnitId>,
    unit_name: Option<String>,
    unit_sort: i64,
    name: String,
    title: String,
    sort_name: String,
}

/// Counts the parts within these days, of what the reader answers for. The database counts; what a part counts as is decided by
/// [`workload::columns`], which looks at the deadline, the day of the end, and whether it was given within the days: parts that agree in
/// these are one row, however many there are.
///
/// # Errors
/// The refusals of [`workload::view_of`] and [`workload::days`]; when the database fails.
pub(super) async fn groups(app: &App, who: &Who, from: Date, to: Date) -> AppResult<Vec<Group>> {
    let days = Days::new(app, who, from, to)?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT g.post_id, g.role, g.state, g.due_on, g.is_within, g.ended_day, g.passed_on, g.many, p.unit_id, p.title, \
                 u.name AS unit_name, u.sort AS unit_sort, a.full_name, a.sort_name FROM \
                 (SELECT f.post_id, f.role, f.state, f.due_on, f.is_within, f.ended_day, f.passed_on, count(*) AS many FROM \
                 (SELECT s.post_id, s.role, s.state, s.due_on, \
                 CAST(CASE WHEN s.given_at >= $2 THEN 1 ELSE 0 END AS BIGINT) AS is_within, \
                 (s.done_at + 25200000000) / 86400000000 AS ended_day, \
                 CAST(CASE WHEN EXISTS (SELECT 1 FROM assignment c WHERE c.incoming_id = s.incoming_id AND c.parent_id = s.id \
                 AND c.state NOT IN ('given_back', 'taken_back')) THEN 1 ELSE 0 END AS BIGINT) AS passed_on \
                 FROM assignment s WHERE s.agency_id = $1 AND s.role <> 'inform' AND s.given_at < $3 \
                 AND (s.done_at IS NULL OR s.done_at >= $2)) f \
                 GROUP BY f.post_id, f.role, f.state, f.due_on, f.is_within, f.ended_day, f.passed_on) g \
                 JOIN post p ON p.id = g.post_id JOIN account a ON a.id = p.account_id LEFT JOIN unit u ON u.id = p.unit_id \
                 ORDER BY g.post_id"
            ),
            args![who.agency(), days.begin, days.end],
        )
        .await?;
    let period = days.period();
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let group = group(row, &period)?;
        if days.shows(group.unit) && !group.columns.is_empty() {
            all.push(group);
        }
    }
    Ok(all)
}

fn group(row: &Row, period: &Period<'_>) -> AppResult<Group> {
    let given_on = if row.get::<bool>("is_within")? {
        period.from
    } else {
        period.from.yesterday().unwrap_or(period.from)
    };
    let ended_on = match row.get::<Option<i64>>("ended_day")? {
        Some(days) => {
            let since = Span::new().try_days(days).map_err(anyhow::Error::from)?;
            Some(date(1970, 1, 1).checked_add(since).map_err(anyhow::Error::from)?)
        }
        None => None,
    };
    let facts = PartFacts {
        role: row.parse("role")?,
        state: row.parse("state")?,
        given_on,
        due_on: row.get("due_on")?,
        ended_on,
        passed_on: row.get("passed_on")?,
    };
    let many: i64 = row.get("many")?;
    Ok(Group {
        columns: workload::columns(&facts, period),
        many: u64::try_from(many).unwrap_or_default(),
        post: row.get("post_id")?,
        unit: row.get("unit_id")?,
        unit_name: row.get("unit_name")?,
        unit_sort: row.get::<Option<i64>>("unit_sort")?.unwrap_or(-1),
        name: row.get("full_name")?,
        title: row.get("title")?,
        sort_name: row.get("sort_name")?,
    })
}

/// A person's line.
pub(super) struct PersonLine {
    pub post: PostId,
    pub name: String,
    pub title: String,
    pub tally: Tally,
}

/// A unit with its people; without a unit: the leaders.
pub(super) struct UnitLines {
    pub unit: Option<UnitId>,
    pub name: String,
    pub tally: Tally,
    pub people: Vec<PersonLine>,
}

/// The people of a unit in Vietnamese order.
type People = BTreeMap<(String, PostId), PersonLine>;

/// The report: units in their order, people in Vietnamese order, and the sum of all.
pub(super) fn tally(groups: &[Group]) -> (Vec<UnitLines>, Tally) {
    let mut units: BTreeMap<(i64, Option<UnitId>), People> = BTreeMap::new();
    let mut names: BTreeMap<Option<UnitId>, String> = BTreeMap::new();
    for part in groups {
        let label = part.unit_name.clone().unwrap_or_else(|| "Lãnh đạo".to_owned());
        names.insert(part.unit, label);
        units
            .entry((part.unit_sort, part.unit))
            .or_default()
            .entry((part.sort_name.clone(), part.post))
            .or_insert_with(|| PersonLine {
                post: part.post,
                name: part.name.clone(),
                title: part.title.clone(),
                tally: Tally::default(),
            })
            .tally
            .add(&part.columns, part.many);
    }
    let mut whole = Tally::default();
    let mut lines = Vec::with_capacity(units.len());
    for ((_, unit), people) in units {
        let people: Vec<PersonLine> = people.into_values().collect();
        let mut sum = Tally::default();
        for person in &people {
            sum += person.tally;
        }
        whole += sum;
        lines.push(UnitLines {
            unit,
            name: names.get(&unit).cloned().unwrap_or_default(),
            tally: sum,
            people,
        });
    }
    (lines, whole)
}

/// The numbers of a unit or a person, as the API tells them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorkloadLine {
    /// The unit; absent for leaders.
    pub unit: Option<Uuid>,
    /// The post; absent in the line of the whole unit.
    pub post: Option<Uuid>,
    /// Name of the unit, or name and title of the person.
    pub name: String,
    /// Given within the days.
    pub received: u64,
    /// Passed on to others, with whom they are counted.
    pub passed_on: u64,
    /// Open at the end of the days.
    pub open: u64,
    /// Of the open ones: soon due.
    pub due_soon: u64,
    /// Of the open ones: late.
    pub overdue: u64,
    /// Done in time.
    pub done_in_time: u64,
    /// Done late.
    pub done_late: u64,
    /// Ended with the document.
    pub ended: u64,
}

/// A report.
#[derive(Debug, Serialize, ToSchema)]
pub struct Workload {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub to: Date,
    /// Units, each followed by its people.
    pub lines: Vec<WorkloadLine>,
}

fn line(unit: Option<UnitId>, post: Option<PostId>, name: String, tally: &Tally) -> WorkloadLine {
    WorkloadLine {
        unit: unit.map(UnitId::as_uuid),
        post: post.map(PostId::as_uuid),
        name,
        received: tally.of(Column::Received),
        passed_on: tally.of(Column::PassedOn),
        open: tally.of(Column::Open),
        due_soon: tally.of(Column::DueSoon),
        overdue: tally.of(Column::Overdue),
        done_in_time: tally.of(Column::DoneInTime),
        done_late: tally.of(Column::DoneLate),
        ended: tally.of(Column::Ended),
    }
}

/// Volume and progress per unit and person.
#[utoipa::path(get, path = "/api/v1/reports/workload", tag = "reports", params(WorkloadQuery),
    responses((status = 200, body = Workload), (status = 409, description = "Chỉ lãnh đạo, văn thư và người đứng đầu đơn vị được xem")))]
pub async fn api(
    State(app): State<App>,
    who: Who,
    Query(query): Query<WorkloadQuery>,
) -> AppResult<Json<Workload>> {
    let (from, to) = query.days(&app);
    let (units, _) = tally(&groups(&app, &who, from, to).await?);
    let mut lines = Vec::new();
    for unit in units {
        lines.push(line(unit.unit, None, unit.name.clone(), &unit.tally));
        for person in unit.people {
            let name = format!("{}, {}", person.name, person.title);
            lines.push(line(unit.unit, Some(person.post), name, &person.tally));
        }
    }
    Ok(Json(Workload { from, to, lines }))
}
