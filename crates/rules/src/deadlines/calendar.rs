//! The working calendar of an agency.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use super::{SEED_DAYS_OFF, SEED_MAKE_UP_DAYS};
use crate::names::named_enum;

named_enum! {
    /// The half of a day on which people work.
    HalfDay {
        /// Buổi sáng.
        Morning = "morning", "Buổi sáng";
        /// Buổi chiều.
        Afternoon = "afternoon", "Buổi chiều";
    }
}

/// Which days are worked: Monday to Friday, less the days off, plus the make-up days.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WorkingCalendar {
    /// Days off with their names.
    pub days_off: BTreeMap<Date, String>,
    /// Weekend days that are worked.
    pub make_up_days: BTreeSet<Date>,
    /// Days of which only one half is worked; they count as working days.
    pub half_days: BTreeMap<Date, HalfDay>,
}

impl WorkingCalendar {
    /// The calendar with the seeded public holidays.
    #[must_use]
    pub fn seeded() -> Self {
        Self {
            days_off: SEED_DAYS_OFF
                .iter()
                .map(|day| (day.date, day.name.to_owned()))
                .collect(),
            make_up_days: SEED_MAKE_UP_DAYS.iter().map(|day| day.date).collect(),
            half_days: BTreeMap::new(),
        }
    }

    /// Whether people work on `day`, the whole day or half of it.
    #[must_use]
    pub fn is_working_day(&self, day: Date) -> bool {
        if self.make_up_days.contains(&day) || self.half_days.contains_key(&day) {
            return true;
        }
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        !weekend && !self.days_off.contains_key(&day)
    }

    /// The `count`-th working day after `day`; `day` itself does not count. Zero gives `day` when it is a working day,
    /// else the next one.
    ///
    /// The day before the end of the calendar (year 9999) is the last answer.
    #[must_use]
    pub fn add_working_days(&self, day: Date, count: u32) -> Date {
        let mut current = day;
        let mut left = count;
        if left == 0 && !self.is_working_day(current) {
            left = 1;
        }
        while left > 0 {
            let Ok(tomorrow) = current.tomorrow() else {
                return current;
            };
            current = tomorrow;
            if self.is_working_day(current) {
                left -= 1;
            }
        }
        current
    }

    /// The next working day after `day`.
    #[must_use]
    pub fn next_working_day(&self, day: Date) -> Date {
        self.add_working_days(day, 1)
    }

    /// How many working days lie after `from` up to and including `to`; 0 when `to` is not later.
    #[must_use]
    pub fn working_days_between(&self, from: Date, to: Date) -> u32 {
        let mut count = 0;
        let mut current = from;
        while current < to {
            let Ok(tomorrow) = current.tomorrow() else { break };
            current = tomorrow;
            count += u32::from(self.is_working_day(current));
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(date(2026, 11, 23), true)] // Monday
    #[case(date(2026, 11, 22), false)] // Sunday
    #[case(date(2026, 2, 17), false)] // first day of Tết
    #[case(date(2026, 8, 22), true)] // Saturday, made up
    #[case(date(2026, 8, 31), false)] // Monday, swapped
    #[case(date(2027, 4, 16), false)] // Giỗ Tổ
    fn nd30_14_5_holidays_and_make_up_days_count(#[case] day: Date, #[case] worked: bool) {
        assert_eq!(WorkingCalendar::seeded().is_working_day(day), worked);
    }

    #[rstest]
    #[case(date(2026, 11, 20), 1, date(2026, 11, 23))] // Friday to Monday
    #[case(date(2026, 2, 13), 1, date(2026, 2, 23))] // across Tết
    #[case(date(2026, 2, 12), 3, date(2026, 2, 24))]
    #[case(date(2026, 8, 21), 1, date(2026, 8, 22))] // the made-up Saturday
    #[case(date(2026, 11, 22), 0, date(2026, 11, 23))]
    #[case(date(2026, 11, 23), 0, date(2026, 11, 23))]
    fn nd30_14_5_working_days_are_counted_across_tet(
        #[case] from: Date,
        #[case] count: u32,
        #[case] expected: Date,
    ) {
        assert_eq!(WorkingCalendar::seeded().add_working_days(from, count), expected);
    }

    #[test]
    fn half_days_are_working_days() {
        let mut calendar = WorkingCalendar::seeded();
        let saturday = date(2026, 11, 28);
        assert!(!calendar.is_working_day(saturday));
        calendar.half_days.insert(saturday, HalfDay::Morning);
        assert!(calendar.is_working_day(saturday));
    }

    #[test]
    fn seeded_days_off_and_make_up_days_exclude_each_other() {
        let calendar = WorkingCalendar::seeded();
        assert!(
            calendar
                .make_up_days
                .iter()
                .all(|day| !calendar.days_off.contains_key(day))
        );
        assert_eq!(calendar.days_off.len(), SEED_DAYS_OFF.len());
    }

    proptest! {
        #[test]
        fn nd30_14_5_adding_and_counting_working_days_agree(offset in 0_i32..900, count in 1_u32..60) {
            let calendar = WorkingCalendar::seeded();
            let from = date(2025, 1, 1).checked_add(jiff::Span::new().days(offset)).unwrap();
            let to = calendar.add_working_days(from, count);
            prop_assert!(calendar.is_working_day(to));
            prop_assert_eq!(calendar.working_days_between(from, to), count);
            prop_assert_eq!(calendar.add_working_days(calendar.add_working_days(from, count), 1), calendar.add_working_days(from, count + 1));
        }
    }
}
