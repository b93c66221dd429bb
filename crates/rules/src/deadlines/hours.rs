//! Giờ làm việc: eight hours of a working day (Bộ luật Lao động 2019 Điều 105), in two halves.

use jiff::civil::{DateTime, Time, time};

use super::{HalfDay, WorkingCalendar};

/// The halves of a working day. Offices differ by half an hour; the sum is the same.
const HALVES: [(Time, Time); 2] = [
    (time(7, 30, 0, 0), time(11, 30, 0, 0)),
    (time(13, 30, 0, 0), time(17, 30, 0, 0)),
];

/// The moment before `now` since which `hours` working hours have passed. What happened before it has waited longer.
#[must_use]
pub fn working_hours_before(now: DateTime, hours: u32, calendar: &WorkingCalendar) -> DateTime {
    let mut left = i64::from(hours) * 3600;
    let mut day = now.date();
    // Three weeks without a working day do not happen; a wrong calendar must not hang the program.
    for _ in 0..(21 + hours) {
        if calendar.is_working_day(day) {
            let half = calendar.half_days.get(&day);
            let worked = HALVES.iter().zip([HalfDay::Morning, HalfDay::Afternoon]);
            let worked = worked.filter(|(_, own)| half.is_none_or(|half| half == own));
            for ((from, to), _) in worked.rev() {
                let (from, to) = (day.to_datetime(*from), day.to_datetime(*to).min(now));
                if to <= from {
                    continue;
                }
                let seconds = to.duration_since(from).as_secs();
                if seconds >= left {
                    return to.saturating_sub(jiff::Span::new().seconds(left));
                }
                left -= seconds;
            }
        }
        match day.yesterday() {
            Ok(before) => day = before,
            Err(_) => break,
        }
    }
    day.to_datetime(Time::midnight())
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;
    use rstest::rstest;

    use super::*;

    #[rstest]
    // Thursday 8 January 2026, 10:00: one hour before is the same morning.
    #[case(datetime(2026, 1, 8, 10, 0, 0, 0), 1, datetime(2026, 1, 8, 9, 0, 0, 0))]
    // Over lunch.
    #[case(datetime(2026, 1, 8, 14, 30, 0, 0), 2, datetime(2026, 1, 8, 10, 30, 0, 0))]
    // Over the night.
    #[case(datetime(2026, 1, 8, 8, 30, 0, 0), 2, datetime(2026, 1, 7, 16, 30, 0, 0))]
    // Monday morning, over a weekend.
    #[case(datetime(2026, 1, 19, 8, 30, 0, 0), 2, datetime(2026, 1, 16, 16, 30, 0, 0))]
    // Saturday 10 January 2026 was worked to make up for 2 January.
    #[case(datetime(2026, 1, 12, 8, 30, 0, 0), 2, datetime(2026, 1, 10, 16, 30, 0, 0))]
    // Sunday counts from Friday's end.
    #[case(datetime(2026, 1, 18, 12, 0, 0, 0), 8, datetime(2026, 1, 16, 7, 30, 0, 0))]
    #[case(datetime(2026, 1, 8, 20, 0, 0, 0), 0, datetime(2026, 1, 8, 17, 30, 0, 0))]
    fn qc01_14_3a_only_working_hours_count(
        #[case] now: DateTime,
        #[case] hours: u32,
        #[case] since: DateTime,
    ) {
        assert_eq!(
            working_hours_before(now, hours, &WorkingCalendar::seeded()),
            since
        );
    }

    #[test]
    fn qc01_14_3a_of_half_a_day_only_its_half_counts() {
        let mut calendar = WorkingCalendar::seeded();
        calendar
            .half_days
            .insert(jiff::civil::date(2026, 1, 8), HalfDay::Morning);
        // Friday, 8:30: one hour of Friday, then Thursday's morning from its end at 11:30.
        let now = datetime(2026, 1, 9, 8, 30, 0, 0);
        assert_eq!(
            working_hours_before(now, 2, &calendar),
            datetime(2026, 1, 8, 10, 30, 0, 0)
        );
    }
}
