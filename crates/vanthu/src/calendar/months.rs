//! A year of the calendar, as it is shown: its special days, and its months week by week.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use rules::deadlines::{DayKind, SEED_DAYS_OFF, SEED_MAKE_UP_DAYS, WorkingCalendar};
use store::{args, sql};

use super::live;
use crate::{context::App, error::AppResult};

/// A day that is not like others of its weekday, or was decided to be like them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialDay {
    pub day: Date,
    pub kind: DayKind,
    pub name: String,
    /// Name and title of who decided it; `None` for the calendar of the program.
    pub decided_by: Option<String>,
    pub is_provisional: bool,
}

/// The special days of a year, in order.
pub async fn special_days(app: &App, year: i16) -> AppResult<Vec<SpecialDay>> {
    let rows = app
        .db
        .all(
            sql!("SELECT day, kind, name, decided_by FROM calendar_day WHERE day >= $1 AND day < $2 ORDER BY day"),
            args![format!("{year:04}-01-01"), format!("{:04}-01-01", year + 1)],
        )
        .await?;
    let mut days: BTreeMap<Date, SpecialDay> = seeded(year).map(|day| (day.day, day)).collect();
    for row in &rows {
        let decided = live::decided(row)?;
        days.insert(
            decided.day,
            SpecialDay {
                day: decided.day,
                kind: decided.kind,
                name: decided.name,
                decided_by: Some(row.get("decided_by")?),
                is_provisional: false,
            },
        );
    }
    Ok(days.into_values().collect())
}

fn seeded(year: i16) -> impl Iterator<Item = SpecialDay> {
    let off = SEED_DAYS_OFF.iter().map(|day| SpecialDay {
        day: day.date,
        kind: DayKind::Off,
        name: day.name.to_owned(),
        decided_by: None,
        is_provisional: day.provisional,
    });
    let make_up = SEED_MAKE_UP_DAYS.iter().map(|day| SpecialDay {
        day: day.date,
        kind: DayKind::MakeUp,
        name: day.name.to_owned(),
        decided_by: None,
        is_provisional: false,
    });
    off.chain(make_up).filter(move |day| day.day.year() == year)
}

/// Years that can be shown: those of the program, this one and the next, those with decisions.
pub async fn years(app: &App) -> AppResult<BTreeSet<i16>> {
    let today = app.clock.today().year();
    let mut years: BTreeSet<i16> = SEED_DAYS_OFF.iter().map(|day| day.date.year()).collect();
    years.extend([today, today + 1]);
    let rows = app
        .db
        .all(
            sql!("SELECT DISTINCT substr(day, 1, 4) AS year FROM calendar_day"),
            args![],
        )
        .await?;
    for row in &rows {
        years.extend(row.get::<String>("year")?.parse::<i16>().ok());
    }
    Ok(years)
}

/// A month, week by week from Monday; a place of another month is empty.
#[derive(Debug)]
pub struct Month {
    pub number: i8,
    pub weeks: Vec<Vec<Option<Square>>>,
}

/// A day of a month.
#[derive(Debug)]
pub struct Square {
    pub number: i8,
    /// What it is, in words; empty for an ordinary working day.
    pub word: &'static str,
    pub class: &'static str,
}

/// The twelve months of a year.
pub fn of_year(calendar: &WorkingCalendar, year: i16, today: Date) -> Vec<Month> {
    (1..=12)
        .filter_map(|number| {
            let first = Date::new(year, number, 1).ok()?;
            let mut weeks = Vec::new();
            let mut week: Vec<Option<Square>> = Vec::new();
            week.resize_with(usize::from(offset(first).unsigned_abs()), || None);
            let mut day = first;
            while day.month() == number {
                week.push(Some(square(calendar, day, today)));
                if week.len() == 7 {
                    weeks.push(std::mem::take(&mut week));
                }
                day = day.tomorrow().ok()?;
            }
            if !week.is_empty() {
                week.resize_with(7, || None);
                weeks.push(week);
            }
            Some(Month { number, weeks })
        })
        .collect()
}

fn offset(day: Date) -> i8 {
    day.weekday().to_monday_zero_offset()
}

fn square(calendar: &WorkingCalendar, day: Date, today: Date) -> Square {
    let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let (word, class) = match calendar.kind_of(day) {
        Some(DayKind::Off) => ("nghỉ lễ", "is-off"),
        Some(DayKind::MakeUp) => ("làm bù", "is-make-up"),
        Some(DayKind::Morning) => ("làm buổi sáng", "is-half"),
        Some(DayKind::Afternoon) => ("làm buổi chiều", "is-half"),
        Some(DayKind::Ordinary) | None if weekend => ("", "is-weekend"),
        Some(DayKind::Ordinary) | None if day == today => ("hôm nay", "is-today"),
        Some(DayKind::Ordinary) | None => ("", ""),
    };
    Square {
        number: day.day(),
        word,
        class,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_year_is_shown_week_by_week_from_monday() {
        let months = of_year(&WorkingCalendar::seeded(), 2026, date(2026, 1, 8));
        assert_eq!(months.len(), 12);
        let january = &months[0];
        // 1 January 2026 was a Thursday.
        assert!(january.weeks[0][..3].iter().all(Option::is_none));
        let first = january.weeks[0][3].as_ref().unwrap();
        assert_eq!((first.number, first.class), (1, "is-off"));
        assert!(january.weeks.iter().all(|week| week.len() == 7));
        let squares: Vec<&Square> = january.weeks.iter().flatten().flatten().collect();
        assert_eq!(squares.len(), 31);
        assert_eq!(squares[9].class, "is-make-up");
        assert_eq!(squares[7].word, "hôm nay");
        assert_eq!(squares[10].class, "is-weekend");
    }
}
