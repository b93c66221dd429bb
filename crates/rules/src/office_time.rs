//! Giờ Việt Nam: instants are kept in UTC, the law counts civil days and hours in Asia/Ho_Chi_Minh (QD28-14.4).

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, offset};

/// Vietnam time is UTC+7 without daylight saving (since 1975).
pub const VIETNAM: Offset = offset(7);

/// The civil date and hour in Vietnam at an instant.
#[must_use]
pub fn civil(instant: Timestamp) -> DateTime {
    VIETNAM.to_datetime(instant)
}

/// The civil date in Vietnam at an instant: the date of registers and numbers.
#[must_use]
pub fn date(instant: Timestamp) -> Date {
    civil(instant).date()
}

/// A date as documents print it: `ngày 05 tháng 01 năm 2020`. Days below 10 and the months 1 and 2 are padded,
/// months 3 to 9 are not (PL1-4b).
#[must_use]
pub fn long_date(date: Date) -> String {
    let (day, month, year) = (date.day(), date.month(), date.year());
    if month <= 2 {
        format!("ngày {day:02} tháng {month:02} năm {year}")
    } else {
        format!("ngày {day:02} tháng {month} năm {year}")
    }
}

/// A date as screens and registers print it: `05/01/2020`.
#[must_use]
pub fn short_date(date: Date) -> String {
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}

/// A moment as screens print it: `08:05 05/01/2020`, in Vietnam.
#[must_use]
pub fn clock_and_date(instant: Timestamp) -> String {
    let at = civil(instant);
    format!("{:02}:{:02} {}", at.hour(), at.minute(), short_date(at.date()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;
    use rstest::rstest;

    use super::*;

    #[test]
    fn qd28_14_4_the_day_changes_at_midnight_in_vietnam() {
        let before: Timestamp = "2026-12-31T16:59:59Z".parse().unwrap();
        let after: Timestamp = "2026-12-31T17:00:00Z".parse().unwrap();
        assert_eq!(date(before), day(2026, 12, 31));
        assert_eq!(date(after), day(2027, 1, 1));
    }

    #[rstest]
    #[case(day(2020, 1, 5), "ngày 05 tháng 01 năm 2020")]
    #[case(day(2019, 6, 29), "ngày 29 tháng 6 năm 2019")]
    #[case(day(2026, 2, 9), "ngày 09 tháng 02 năm 2026")]
    #[case(day(2026, 11, 22), "ngày 22 tháng 11 năm 2026")]
    fn pl1_4b_only_january_and_february_are_padded(#[case] date: Date, #[case] printed: &str) {
        assert_eq!(long_date(date), printed);
    }
}
