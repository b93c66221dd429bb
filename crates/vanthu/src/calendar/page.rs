//! The page: a year at a glance, its special days, and the form of the administrator of the province.

use askama::Template;
use axum::extract::{Query, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::{Date, Weekday};
use rules::deadlines::DayKind;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    api::OfYear,
    change::{self, ClearDay, DecideDays},
    months::{self, Month},
};
use crate::{
    administration,
    context::{App, Who},
    error::{AppError, AppResult},
    web::{
        Reply, Stay, Submitted, format, frame,
        page::{Badge, Choice, FieldErrors, Page, RefusalBox, Tone},
        render, see_other,
    },
};

const HERE: &str = "/administration/calendar";

struct Line {
    /// ISO, for the form.
    day: String,
    shown: String,
    weekday: &'static str,
    kind: Badge,
    name: String,
    /// Who decided it, or that the program knows it.
    source: String,
    is_decided: bool,
    is_provisional: bool,
}

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    from: String,
    to: String,
    kind: String,
    name: String,
}

#[derive(Template)]
#[template(path = "calendar/page.html")]
struct CalendarPage {
    page: Page,
    year: String,
    years: Vec<Choice>,
    lines: Vec<Line>,
    months: Vec<Month>,
    kinds: Vec<Choice>,
    may_change: bool,
    typed: Typed,
    errors: FieldErrors,
    refusal: Option<RefusalBox>,
    command_id: Uuid,
}

/// `GET /administration/calendar`.
pub async fn show(State(app): State<App>, who: Who, jar: CookieJar, Query(of): Query<OfYear>) -> Reply {
    let year = of.year(&app);
    render(&calendar_page(&app, &who, &jar, year, Typed::default(), None).await?)
}

/// `POST /administration/calendar`.
pub async fn set(State(app): State<App>, jar: CookieJar, form: Submitted<Typed>) -> Reply {
    let typed = form.data;
    let done = async {
        let data = typed.decision()?;
        let year = data.from.year();
        change::set(&app, &form.who, form.command, data).await?;
        Ok::<_, AppError>(year)
    };
    match done.await {
        Ok(year) => Ok(see_other(
            &app,
            &format!("{HERE}?year={year}"),
            "Đã cập nhật lịch làm việc. Thời hạn của các văn bản tính theo lịch mới.",
        )),
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => {
            let year = typed
                .from
                .parse::<Date>()
                .map_or_else(|_| app.clock.today().year(), Date::year);
            Stay::on(&calendar_page(&app, &form.who, &jar, year, typed, Some(error)).await?)
        }
        Err(error) => Err(error),
    }
}

impl Typed {
    fn decision(&self) -> AppResult<DecideDays> {
        let day = |text: &str, what: &str| {
            text.parse::<Date>()
                .map_err(|_| AppError::BadInput(format!("Vui lòng chọn {what}.")))
        };
        Ok(DecideDays {
            from: day(&self.from, "ngày đầu tiên")?,
            to: Some(self.to.trim())
                .filter(|to| !to.is_empty())
                .map(|to| day(to, "ngày cuối cùng"))
                .transpose()?,
            kind: self
                .kind
                .parse::<DayKind>()
                .map_err(|_| AppError::BadInput("Vui lòng chọn loại ngày.".to_owned()))?,
            name: self.name.clone(),
        })
    }
}

/// Which day is cleared.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Day {
    day: Date,
}

/// `POST /administration/calendar/clear`.
pub async fn clear(State(app): State<App>, form: Submitted<Day>) -> Reply {
    let day = form.data.day;
    change::clear(&app, &form.who, form.command, ClearDay { day }).await?;
    Ok(see_other(
        &app,
        &format!("{HERE}?year={}", day.year()),
        &format!("Ngày {} lại theo lịch mặc định.", format::date(day)),
    ))
}

async fn calendar_page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    year: i16,
    typed: Typed,
    refused: Option<AppError>,
) -> AppResult<CalendarPage> {
    administration::must_administer(who)?;
    let year = if (2000..=2100).contains(&year) {
        year
    } else {
        app.clock.today().year()
    };
    let lines = months::special_days(app, year)
        .await?
        .into_iter()
        .map(|day| Line {
            day: day.day.to_string(),
            shown: format::date(day.day),
            weekday: weekday(day.day),
            kind: badge(day.kind),
            name: day.name,
            is_decided: day.decided_by.is_some(),
            source: day
                .decided_by
                .unwrap_or_else(|| "Lịch mặc định của chương trình".to_owned()),
            is_provisional: day.is_provisional,
        })
        .collect();
    let mut errors = FieldErrors::none();
    let refusal = refused.map(|error| errors.tell(error));
    Ok(CalendarPage {
        page: frame(app, who, jar, "Lịch làm việc", "calendar").await?,
        year: year.to_string(),
        years: months::years(app)
            .await?
            .into_iter()
            .rev()
            .map(|year| Choice::new(year.to_string(), format!("Năm {year}")))
            .collect(),
        lines,
        months: months::of_year(&app.calendar, year, app.clock.today()),
        kinds: DayKind::ALL
            .iter()
            .map(|kind| Choice::new(kind.as_str(), kind.label()))
            .collect(),
        may_change: who.actor.is_province_administrator,
        typed,
        errors,
        refusal,
        command_id: app.ids.next(),
    })
}

fn badge(kind: DayKind) -> Badge {
    let tone = match kind {
        DayKind::Off => Tone::Bad,
        DayKind::MakeUp => Tone::Good,
        DayKind::Morning | DayKind::Afternoon => Tone::Warn,
        DayKind::Ordinary => Tone::Neutral,
    };
    Badge::new(kind.label(), tone)
}

fn weekday(day: Date) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "Thứ Hai",
        Weekday::Tuesday => "Thứ Ba",
        Weekday::Wednesday => "Thứ Tư",
        Weekday::Thursday => "Thứ Năm",
        Weekday::Friday => "Thứ Sáu",
        Weekday::Saturday => "Thứ Bảy",
        Weekday::Sunday => "Chủ nhật",
    }
}
