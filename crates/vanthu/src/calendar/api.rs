//! `/api/v1/calendar`: which days are worked, for programs that count them.

use axum::{
    Json,
    extract::{Query, State},
};
use jiff::civil::Date;
use rules::deadlines::DayKind;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    change::{self, ClearDay, DaysDecided, DecideDays},
    months::{self, SpecialDay},
};
use crate::{
    api,
    context::{App, Who},
    error::AppResult,
};

/// Which year.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct OfYear {
    /// Năm; the current one without it.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<i32>)]
    pub year: Option<i16>,
}

impl OfYear {
    /// The year that is meant.
    pub fn year(&self, app: &App) -> i16 {
        self.year
            .filter(|year| (2000..=2100).contains(year))
            .unwrap_or_else(|| app.clock.today().year())
    }
}

/// A day that is not like others of its weekday.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarDay {
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub day: Date,
    /// `off`, `make_up`, `morning`, `afternoon`, `ordinary`.
    #[schema(value_type = String)]
    pub kind: DayKind,
    /// What it is called.
    pub name: String,
    /// DaysDecided by the administrator; otherwise of the program's own calendar.
    pub decided: bool,
    /// The official schedule was not known when the program was made.
    pub provisional: bool,
}

impl From<SpecialDay> for CalendarDay {
    fn from(day: SpecialDay) -> Self {
        Self {
            day: day.day,
            kind: day.kind,
            name: day.name,
            decided: day.decided_by.is_some(),
            provisional: day.is_provisional,
        }
    }
}

/// A year of the calendar.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarYear {
    /// Năm.
    pub year: i16,
    /// Days off, make-up days and half days, in order; all others are worked from Monday to Friday.
    pub days: Vec<CalendarDay>,
}

/// The working calendar of a year.
#[utoipa::path(get, path = "/api/v1/calendar", tag = "calendar", params(OfYear),
    responses((status = 200, body = CalendarYear)))]
pub async fn show(
    State(app): State<App>,
    _who: Who,
    Query(of): Query<OfYear>,
) -> AppResult<Json<CalendarYear>> {
    let year = of.year(&app);
    let days = months::special_days(&app, year).await?;
    Ok(Json(CalendarYear {
        year,
        days: days.into_iter().map(CalendarDay::from).collect(),
    }))
}

/// Decides days for the whole province.
#[utoipa::path(post, path = "/api/v1/calendar", tag = "calendar", request_body = DecideDays,
    responses((status = 200, body = DaysDecided), (status = 409, description = "Quy tắc không cho phép")))]
pub async fn set(State(app): State<App>, command: api::Command<DecideDays>) -> AppResult<Json<DaysDecided>> {
    Ok(Json(
        change::set(&app, &command.who, command.command, command.data).await?,
    ))
}

/// Takes back what was decided for a day.
#[utoipa::path(post, path = "/api/v1/calendar/clear", tag = "calendar", request_body = ClearDay,
    responses((status = 200, body = DaysDecided), (status = 409, description = "Ngày này đang theo lịch mặc định")))]
pub async fn clear(State(app): State<App>, command: api::Command<ClearDay>) -> AppResult<Json<DaysDecided>> {
    Ok(Json(
        change::clear(&app, &command.who, command.command, command.data).await?,
    ))
}
