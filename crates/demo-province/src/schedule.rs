//! When documents are issued: working days of the period, busier and quieter ones, within office hours.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday};

/// Office hours in minutes of the day: morning and afternoon, and how dense documents are in each stretch.
const STRETCHES: [(u32, u32, u64); 4] = [
    (7 * 60 + 30, 9 * 60, 2),
    (9 * 60, 11 * 60 + 30, 4),
    (13 * 60 + 30, 15 * 60, 3),
    (15 * 60, 17 * 60, 4),
];

/// How many working days are known after the end of the period, for deadlines.
const DAYS_AFTER: usize = 90;

/// When the office opens in the morning and after noon, in minutes of the day.
const OPENS: usize = 7 * 60 + 30;
const REOPENS: usize = 13 * 60 + 30;
/// Minutes of office time in a morning and in a day.
const MORNING: usize = 4 * 60;
const OFFICE_DAY: usize = MORNING + 3 * 60 + 30;

/// The working days of a period and how the `n` documents spread over them, in order of time.
#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    /// Working days of the period and [`DAYS_AFTER`] more.
    days: Vec<Date>,
    /// `ends[d]`: how much of the period's weight is used up at the end of working day `d`.
    ends: Vec<u64>,
    /// How many documents there are.
    n: u64,
    /// The last minute that is already past when the history is looked at.
    now: DateTime,
}

impl Schedule {
    /// The schedule of `n` documents over the working days of `period`, both days included.
    ///
    /// A period without any working day counts its first day as one, so that there is always a day to issue on.
    pub(crate) fn new(n: usize, period: (Date, Date), is_working_day: impl Fn(Date) -> bool) -> Self {
        let (first, last) = period;
        let mut days: Vec<Date> = first
            .series(1.day())
            .take_while(|day| *day <= last)
            .filter(|day| is_working_day(*day))
            .collect();
        if days.is_empty() {
            days.push(first);
        }
        let mut used = 0;
        let ends = days
            .iter()
            .map(|day| {
                used += weight(*day);
                used
            })
            .collect();
        let after = last.max(first).series(1.day()).skip(1);
        // The bound on calendar days keeps a calendar without working days from running to the end of time.
        days.extend(
            after
                .take(DAYS_AFTER * 4)
                .filter(|day| is_working_day(*day))
                .take(DAYS_AFTER),
        );
        Self {
            days,
            ends,
            n: n as u64,
            now: last.max(first).at(17, 0, 0, 0),
        }
    }

    /// How many documents there are.
    pub(crate) fn len(&self) -> usize {
        self.n as usize
    }

    /// The end of the last day: what is later has not happened yet.
    pub(crate) fn now(&self) -> DateTime {
        self.now
    }

    /// About how many documents are issued in `days` working days.
    pub(crate) fn issued_in(&self, days: usize) -> usize {
        self.len() * days / self.ends.len()
    }

    /// The minute at which the document at `index` is issued; never earlier than that of `index - 1`.
    pub(crate) fn issued_at(&self, index: usize) -> DateTime {
        const PARTS: u128 = 1 << 20;
        let total = self.ends.last().copied().unwrap_or(1);
        // Where the document stands in the whole weight of the period, in 2^20ths of a unit.
        let place = u128::from(total) * PARTS * index as u128 / u128::from(self.n.max(1));
        let day = self
            .ends
            .partition_point(|end| u128::from(*end) * PARTS <= place)
            .min(self.ends.len() - 1);
        let start = if day == 0 { 0 } else { self.ends[day - 1] };
        let width = u128::from(self.ends[day] - start) * PARTS;
        let within = (place - u128::from(start) * PARTS) * PARTS / width;
        minute_of_day(self.days[day], within as u64, PARTS as u64)
    }

    /// The working day `count` working days after `day` (the same day for 0), or the last known one.
    pub(crate) fn working_days_after(&self, day: Date, count: usize) -> Date {
        let next = self.days.partition_point(|known| *known <= day);
        match count {
            0 => day,
            _ => self
                .days
                .get(next + count - 1)
                .or(self.days.last())
                .copied()
                .unwrap_or(day),
        }
    }

    /// How many working days lie after `from` up to and with `to`.
    pub(crate) fn working_days_between(&self, from: Date, to: Date) -> usize {
        let upto = |day: Date| self.days.partition_point(|known| *known <= day);
        upto(to).saturating_sub(upto(from))
    }

    /// How much office time lies between two moments, in minutes.
    pub(crate) fn working_minutes_between(&self, from: DateTime, to: DateTime) -> usize {
        let days = self.working_days_between(from.date(), to.date());
        (days * OFFICE_DAY + office_minute(to)).saturating_sub(office_minute(from))
    }

    /// `minutes` of office time after `start`: noon is free, and what is not done at the end of the day goes on the
    /// next morning.
    pub(crate) fn after_working_minutes(&self, start: DateTime, minutes: usize) -> DateTime {
        let total = office_minute(start) + minutes;
        let day = self.working_days_after(start.date(), total / OFFICE_DAY);
        let rest = total % OFFICE_DAY;
        let minute = if rest < MORNING {
            OPENS + rest
        } else {
            REOPENS + rest - MORNING
        };
        day.at(0, 0, 0, 0)
            .saturating_add((minute as i64).minutes())
            .max(start)
    }
}

/// How many minutes of office time of its day have passed at `moment`.
fn office_minute(moment: DateTime) -> usize {
    let minute = moment.hour() as usize * 60 + moment.minute() as usize;
    if minute < REOPENS {
        minute.saturating_sub(OPENS).min(MORNING)
    } else {
        (MORNING + minute - REOPENS).min(OFFICE_DAY)
    }
}

fn minute_of_day(day: Date, within: u64, parts: u64) -> DateTime {
    let total: u64 = STRETCHES
        .iter()
        .map(|(start, end, density)| u64::from(end - start) * density)
        .sum();
    let mut place = within * total / parts;
    for (start, end, density) in STRETCHES {
        let size = u64::from(end - start) * density;
        if place < size {
            let minute = i64::from(start) + (place / density) as i64;
            return day.at(0, 0, 0, 0).saturating_add(minute.minutes());
        }
        place -= size;
    }
    day.at(17, 0, 0, 0)
}

/// How busy a working day is: more on Mondays and Fridays, at the end of a quarter and of the year, less around Tết.
fn weight(day: Date) -> u64 {
    let by_weekday = match day.weekday() {
        Weekday::Monday => 11,
        Weekday::Friday => 12,
        _ => 10,
    };
    let by_season = match (day.month(), day.day()) {
        (12, 10..) => 15,
        (3 | 6 | 9, 20..) => 13,
        (2, ..) => 8,
        _ => 10,
    };
    by_weekday * by_season
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn weekdays(day: Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    fn year(n: usize) -> Schedule {
        Schedule::new(n, (date(2022, 1, 1), date(2022, 12, 31)), weekdays)
    }

    #[test]
    fn documents_follow_each_other_on_working_days_and_in_office_hours() {
        let schedule = year(5_000);
        let times: Vec<DateTime> = (0..5_000).map(|index| schedule.issued_at(index)).collect();
        assert!(times.is_sorted());
        assert_eq!(times[0].date(), date(2022, 1, 3));
        assert!(times[4_999].date() >= date(2022, 12, 29));
        for time in &times {
            assert!(weekdays(time.date()));
            let minute = i32::from(time.hour()) * 60 + i32::from(time.minute());
            assert!(
                (450..690).contains(&minute) || (810..1020).contains(&minute),
                "{time}"
            );
        }
    }

    #[test]
    fn december_is_busier_than_february() {
        let schedule = year(10_000);
        let in_month = |month| {
            (0..10_000)
                .filter(|&index| schedule.issued_at(index).month() == month)
                .count()
        };
        assert!(in_month(12) > in_month(2) * 3 / 2);
    }

    #[test]
    fn working_days_are_counted_over_the_weekend_and_past_the_end() {
        let schedule = year(1);
        assert_eq!(schedule.working_days_after(date(2022, 6, 3), 0), date(2022, 6, 3));
        assert_eq!(schedule.working_days_after(date(2022, 6, 3), 1), date(2022, 6, 6));
        assert_eq!(
            schedule.working_days_after(date(2022, 12, 30), 1),
            date(2023, 1, 2)
        );
    }

    #[test]
    fn office_time_stops_at_five_and_at_noon() {
        let schedule = year(1);
        let friday = date(2022, 6, 3);
        assert_eq!(
            schedule.after_working_minutes(friday.at(9, 0, 0, 0), 30),
            friday.at(9, 30, 0, 0)
        );
        assert_eq!(
            schedule.after_working_minutes(friday.at(11, 0, 0, 0), 60),
            friday.at(14, 0, 0, 0)
        );
        assert_eq!(
            schedule.after_working_minutes(friday.at(16, 50, 0, 0), 30),
            date(2022, 6, 6).at(7, 50, 0, 0)
        );
    }

    #[test]
    fn more_office_time_never_ends_earlier() {
        let schedule = year(1);
        let start = date(2022, 6, 3).at(8, 17, 0, 0);
        let ends: Vec<DateTime> = (0..2_000)
            .map(|minutes| schedule.after_working_minutes(start, minutes))
            .collect();
        assert!(ends.is_sorted());
        for (minutes, end) in ends.iter().enumerate() {
            assert_eq!(schedule.working_minutes_between(start, *end), minutes);
        }
    }

    #[test]
    fn a_period_without_working_days_still_has_a_day() {
        let schedule = Schedule::new(10, (date(2022, 1, 1), date(2022, 1, 2)), |_| false);
        assert_eq!(schedule.issued_at(9).date(), date(2022, 1, 1));
        assert_eq!(schedule.working_days_after(date(2022, 1, 1), 5), date(2022, 1, 1));
    }
}
