//! Counting: the parts of the days, tallied by unit and person.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Query, State},
};
use jiff::{Timestamp, civil::Date};
use rules::{
    Refusal,
    deadlines::DeadlineSettings,
    ids::{IncomingId, PostId, UnitId},
    office_time::VIETNAM,
    workload::{self, Column, PartFacts, Period, Tally, View},
};
use serde::{Deserialize, Serialize};
use store::{Row, args, sql, vietnam};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    context::{App, Who},
    error::AppResult,
};

/// More parts than this are not read for one report.
pub(super) const MOST: i64 = 200_000;

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

/// A part with the columns in which it stands.
pub(super) struct Counted {
    pub columns: Vec<Column>,
    pub post: PostId,
    pub unit: Option<UnitId>,
    pub unit_name: Option<String>,
    pub unit_sort: i64,
    pub name: String,
    pub title: String,
    pub sort_name: String,
    pub document: IncomingId,
    pub arrival_number: Option<i64>,
    pub printed: String,
    pub subject: String,
    pub due_on: Option<Date>,
    pub given_on: Date,
    pub ended_on: Option<Date>,
}

/// The parts that count within these days, of what the reader answers for.
///
/// # Errors
/// The refusals of [`workload::view_of`] and [`workload::days`]; when the database fails.
pub(super) async fn parts(app: &App, who: &Who, from: Date, to: Date) -> AppResult<Vec<Counted>> {
    let view = workload::view_of(&who.actor)?;
    workload::days(from, to)?;
    let midnight = |day: Date| {
        VIETNAM
            .to_timestamp(day.at(0, 0, 0, 0))
            .map_err(anyhow::Error::from)
    };
    let begin = midnight(from)?;
    let end = midnight(to.tomorrow().unwrap_or(to))?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT s.role, s.state, s.given_at, s.due_on, s.done_at, s.post_id, s.incoming_id, d.arrival_number, d.number, d.symbol, \
                 d.subject, p.unit_id, p.title, u.name AS unit_name, u.sort AS unit_sort, a.full_name, a.sort_name, \
                 CAST(CASE WHEN EXISTS (SELECT 1 FROM assignment c WHERE c.incoming_id = s.incoming_id AND c.parent_id = s.id \
                 AND c.state NOT IN ('given_back', 'taken_back')) THEN 1 ELSE 0 END AS BIGINT) AS passed_on \
                 FROM assignment s JOIN incoming d ON d.id = s.incoming_id JOIN post p ON p.id = s.post_id \
                 JOIN account a ON a.id = p.account_id LEFT JOIN unit u ON u.id = p.unit_id \
                 WHERE s.agency_id = $1 AND s.role <> 'inform' AND s.given_at < $3 AND (s.done_at IS NULL OR s.done_at >= $2) \
                 ORDER BY s.id LIMIT $4"
            ),
            args![who.agency(), begin, end, MOST],
        )
        .await?;
    if i64::try_from(rows.len()).is_ok_and(|read| read >= MOST) {
        return Err(Refusal::new(
            "QC01-12",
            "report.too_many",
            "Khoảng thời gian có quá nhiều phần việc để thống kê một lần. Vui lòng chọn khoảng ngắn hơn.",
        )
        .on("from")
        .into());
    }
    let settings = DeadlineSettings {
        due_soon_working_days: app.settings.documents.due_soon_days,
        ..DeadlineSettings::default()
    };
    let period = Period {
        from,
        to,
        today: app.clock.today(),
        calendar: &app.calendar,
        settings: &settings,
    };
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let part = counted(row, &period)?;
        let is_shown = match view {
            View::Agency => true,
            View::Unit(unit) => part.unit == Some(unit),
        };
        if is_shown && !part.columns.is_empty() {
            all.push(part);
        }
    }
    Ok(all)
}

fn counted(row: &Row, period: &Period<'_>) -> store::Result<Counted> {
    let day = |at: Timestamp| vietnam(at).date();
    let facts = PartFacts {
        role: row.parse("role")?,
        state: row.parse("state")?,
        given_on: day(row.get("given_at")?),
        due_on: row.get("due_on")?,
        ended_on: row.get::<Option<Timestamp>>("done_at")?.map(day),
        passed_on: row.get("passed_on")?,
    };
    Ok(Counted {
        columns: workload::columns(&facts, period),
        post: row.get("post_id")?,
        unit: row.get("unit_id")?,
        unit_name: row.get("unit_name")?,
        unit_sort: row.get::<Option<i64>>("unit_sort")?.unwrap_or(-1),
        name: row.get("full_name")?,
        title: row.get("title")?,
        sort_name: row.get("sort_name")?,
        document: row.get("incoming_id")?,
        arrival_number: row.get("arrival_number")?,
        printed: crate::incoming::printed(&row.get::<String>("number")?, &row.get::<String>("symbol")?),
        subject: row.get("subject")?,
        due_on: facts.due_on,
        given_on: facts.given_on,
        ended_on: facts.ended_on,
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
pub(super) fn tally(parts: &[Counted]) -> (Vec<UnitLines>, Tally) {
    let mut units: BTreeMap<(i64, Option<UnitId>), People> = BTreeMap::new();
    let mut names: BTreeMap<Option<UnitId>, String> = BTreeMap::new();
    for part in parts {
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
            .add(&part.columns);
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
    let (units, _) = tally(&parts(&app, &who, from, to).await?);
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
