//! How an agency numbers its documents, as it is read.

use axum::{
    Json,
    extract::{Query, State},
};
use jiff::civil::Date;
use rules::{
    ids::AgencyId,
    numbering::{self, ARRIVAL_SERIES, ReservedState},
    outgoing::OfficeHours,
};
use serde::{Deserialize, Serialize};
use store::{Row, args, sql, vietnam};
use utoipa::{IntoParams, ToSchema};

use super::{StoredRule, other_series, rule_label, seen};
use crate::{
    agency_settings,
    context::{App, Who},
    error::AppResult,
    outgoing::{
        series::{self, InForce, RULE, Series},
        term::HOURS,
    },
};

/// `?agency=…`.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct NumberingQuery {
    /// The agency; the own one when left out.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<Uuid>)]
    pub agency: Option<AgencyId>,
}

/// How an agency numbers its documents this year.
#[derive(Debug, Serialize, ToSchema)]
pub struct Numbering {
    /// The rule that is in force.
    pub rule: RuleLine,
    /// Rules that hold from a day to come, nearest first.
    pub planned: Vec<RuleLine>,
    /// The series, those of administrative documents first.
    pub series: Vec<SeriesLine>,
    /// Numbers of this year that no document here bears, newest first.
    pub unused: Vec<UnusedLine>,
    /// Giờ kết thúc buổi sáng: `12:00`.
    pub morning_ends: String,
    /// Giờ kết thúc ngày làm việc: `17:00`.
    pub day_ends: String,
}

/// A rule of series.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RuleLine {
    /// Its first day; absent for the rule that holds as long as nothing was chosen.
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_from: Option<Date>,
    /// The rule, as `POST /api/v1/registers/numbering/rule` takes it.
    #[schema(value_type = Object)]
    pub rule: numbering::SeriesRule,
    /// The rule in one sentence.
    pub label: String,
    /// Căn cứ.
    pub basis: String,
}

/// A series.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SeriesLine {
    /// Its key.
    pub key: String,
    /// Its name.
    pub label: String,
    /// The last number of the year, if one was given.
    pub last_number: Option<u32>,
    /// Its day.
    #[schema(value_type = Option<String>, format = Date)]
    pub last_date: Option<Date>,
    /// The number that comes next today.
    pub next_number: Option<u32>,
    /// Whether documents are numbered in it under the rule in force.
    pub is_in_use: bool,
}

/// Numbers that no document here bears.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnusedLine {
    /// `05/QĐ-UBND`; of numbers given elsewhere `01–123`.
    pub numbers: String,
    /// Name of the series.
    pub series: String,
    /// Why.
    pub reason: String,
    /// The day of the number.
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
}

/// Void numbers that are told; the register has them all.
const MOST: i64 = 200;

/// How the agency numbers its documents, with how far each series is.
#[utoipa::path(get, path = "/api/v1/registers/numbering", tag = "registers", params(NumberingQuery),
    responses((status = 200, body = Numbering), (status = 404)))]
pub async fn api_numbering(
    State(app): State<App>,
    who: Who,
    Query(query): Query<NumberingQuery>,
) -> AppResult<Json<Numbering>> {
    let agency = seen(&who, query.agency)?;
    Ok(Json(read(&app, agency).await?))
}

/// Reads it.
///
/// # Errors
/// When the database fails.
pub async fn read(app: &App, agency: AgencyId) -> AppResult<Numbering> {
    let today = app.clock.today();
    let rule = series::rule(app, agency, today).await?;
    let chosen: Vec<(Date, StoredRule)> = agency_settings::all(app, agency, RULE).await?;
    let line = |from: Option<Date>, stored: StoredRule| RuleLine {
        valid_from: from,
        label: rule_label(&stored.rule),
        rule: stored.rule,
        basis: stored.basis,
    };
    let mut planned = Vec::new();
    let mut current = line(None, StoredRule::default());
    for (from, stored) in chosen.into_iter().rev() {
        if from > today {
            planned.push(line(Some(from), stored));
        } else {
            current = line(Some(from), stored);
        }
    }
    let hours: Option<OfficeHours> = agency_settings::read(app, agency, HOURS, today).await?;
    let hours = hours.unwrap_or_default();
    Ok(Numbering {
        rule: current,
        planned,
        unused: unused(app, agency, &rule).await?,
        series: lines(app, agency, &rule).await?,
        morning_ends: hours.morning_ends.strftime("%H:%M").to_string(),
        day_ends: hours.day_ends.strftime("%H:%M").to_string(),
    })
}

/// The series by key and name: those of administrative documents under the rule, then the others.
fn names(rule: &InForce) -> Vec<(String, String)> {
    let administrative = numbering::administrative_series(&rule.rule, rule.day);
    let mut all: Vec<(String, String)> = administrative
        .into_iter()
        .map(|series| (series.key, series.label))
        .collect();
    all.extend(other_series());
    all
}

async fn lines(app: &App, agency: AgencyId, rule: &InForce) -> AppResult<Vec<SeriesLine>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT series, last_number, last_date FROM number_counter WHERE agency_id = $1 AND year = $2 \
                 AND last_number > 0 ORDER BY series"
            ),
            args![agency, rule.day.year()],
        )
        .await?;
    let known = names(rule);
    let administrative = numbering::administrative_series(&rule.rule, rule.day).len();
    let mut all = Vec::new();
    for (nth, (key, label)) in known.iter().enumerate() {
        let used = rows
            .iter()
            .find(|row| row.get::<String>("series").is_ok_and(|series| series == *key));
        let own = nth < administrative;
        // What the agency never numbered and what is not its own to number is not told.
        if used.is_some() || own || key == ARRIVAL_SERIES {
            all.push(line(app, agency, rule, (key.as_str(), label.as_str()), used, true).await?);
        }
    }
    for row in &rows {
        let key: String = row.get("series")?;
        if !known.iter().any(|(known, _)| *known == key) {
            let label = former_label(&key);
            all.push(
                line(
                    app,
                    agency,
                    rule,
                    (key.as_str(), label.as_str()),
                    Some(row),
                    false,
                )
                .await?,
            );
        }
    }
    Ok(all)
}

async fn line(
    app: &App,
    agency: AgencyId,
    rule: &InForce,
    (key, label): (&str, &str),
    used: Option<&Row>,
    is_in_use: bool,
) -> AppResult<SeriesLine> {
    let next = if is_in_use {
        let series = Series::named(agency, rule.clone(), key.to_owned());
        // A series whose last day lies ahead of today has no next number today.
        series.foresee(app).await.ok().map(|taken| taken.number)
    } else {
        None
    };
    Ok(SeriesLine {
        key: key.to_owned(),
        label: label.to_owned(),
        last_number: used.map(|row| row.get("last_number")).transpose()?,
        last_date: used.map(|row| row.get("last_date")).transpose()?,
        next_number: next,
        is_in_use,
    })
}

/// A series of an earlier rule of this year.
fn former_label(key: &str) -> String {
    match key.split_once('.') {
        Some(("type", kind)) => {
            let name = rules::document_types::by_key(kind).map_or(kind, |kind| kind.name);
            format!("Dãy số {}", name.to_lowercase())
        }
        Some(("group", group)) => format!("Dãy số nhóm {group}"),
        _ => "Dãy số chung".to_owned(),
    }
}

fn label_of(known: &[(String, String)], key: &str) -> String {
    known
        .iter()
        .find(|(known, _)| known == key)
        .map_or_else(|| former_label(key), |(_, label)| label.clone())
}

/// Void numbers, and numbers that were given elsewhere.
async fn unused(app: &App, agency: AgencyId, rule: &InForce) -> AppResult<Vec<UnusedLine>> {
    let (known, year) = (names(rule), rule.day.year());
    let mut all = Vec::new();
    let rows = app
        .db
        .all(
            sql!(
                "SELECT series, after_number, last_number, last_day, basis FROM number_continuation \
                 WHERE agency_id = $1 AND year = $2 ORDER BY at DESC, id DESC"
            ),
            args![agency, year],
        )
        .await?;
    for row in &rows {
        let (after, last): (u32, u32) = (row.get("after_number")?, row.get("last_number")?);
        all.push(UnusedLine {
            numbers: format!(
                "{}–{}",
                numbering::printed_number(after + 1),
                numbering::printed_number(last)
            ),
            series: label_of(&known, &row.get::<String>("series")?),
            reason: format!("Đã cấp ở hệ thống trước: {}", row.get::<String>("basis")?),
            on: row.get("last_day")?,
        });
    }
    let rows = app
        .db
        .all(
            sql!(
                "SELECT number, symbol, series, void_reason, issued_at FROM outgoing WHERE agency_id = $1 AND year = $2 \
                 AND state = 'voided' ORDER BY issued_at DESC, id DESC LIMIT $3"
            ),
            args![agency, year, MOST],
        )
        .await?;
    for row in &rows {
        let symbol: Option<String> = row.get("symbol")?;
        let series: Option<String> = row.get("series")?;
        let reason: Option<String> = row.get("void_reason")?;
        all.push(UnusedLine {
            numbers: numbering::number_and_symbol(row.get("number")?, &symbol.unwrap_or_default()),
            series: label_of(&known, &series.unwrap_or_default()),
            reason: format!("Hủy số: {}", reason.unwrap_or_default()),
            on: Some(vietnam(row.get("issued_at")?).date()),
        });
    }
    let rows = app
        .db
        .all(
            sql!(
                "SELECT number, symbol, series, reason, close_reason, state, reserved_on FROM reserved_number \
                 WHERE agency_id = $1 AND year = $2 AND state <> 'used' ORDER BY at DESC, id DESC LIMIT $3"
            ),
            args![agency, year, MOST],
        )
        .await?;
    for row in &rows {
        let reason: String = row.get("reason")?;
        all.push(UnusedLine {
            numbers: numbering::number_and_symbol(row.get("number")?, &row.get::<String>("symbol")?),
            series: label_of(&known, &row.get::<String>("series")?),
            reason: match row.parse::<ReservedState>("state")? {
                ReservedState::Void => format!(
                    "Hủy số đã giữ: {}",
                    row.get::<Option<String>>("close_reason")?.unwrap_or_default()
                ),
                _ => format!("Giữ số: {reason}"),
            },
            on: row.get("reserved_on")?,
        });
    }
    Ok(all)
}
