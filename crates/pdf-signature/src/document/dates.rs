//! Dates of PDF (ISO 32000-1, 7.9.4).

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned, civil};

/// `D:20260115083000+07'00'` of a moment, as Vietnamese clocks show it.
pub fn pdf_date(at: Timestamp) -> String {
    let local: Zoned = at.to_zoned(TimeZone::fixed(Offset::constant(7)));
    format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}+07'00'",
        local.year(),
        local.month(),
        local.day(),
        local.hour(),
        local.minute(),
        local.second()
    )
}

/// The moment of a date; missing parts are the first possible ones, a missing zone is UTC. `None` when it is no date.
pub fn parse_pdf_date(text: &str) -> Option<Timestamp> {
    let text = text.strip_prefix("D:").unwrap_or(text).trim();
    let digits_end = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, zone) = text.split_at_checked(digits_end)?;
    let part = |range: std::ops::Range<usize>, default: i16| match digits.get(range) {
        Some(part) => part.parse::<i16>().ok(),
        None => Some(default),
    };
    let small = |range: std::ops::Range<usize>, default: i16| i8::try_from(part(range, default)?).ok();
    let year = part(0..4, -1).filter(|year| *year > 0)?;
    let date = civil::Date::new(year, small(4..6, 1)?, small(6..8, 1)?).ok()?;
    let time = civil::Time::new(small(8..10, 0)?, small(10..12, 0)?, small(12..14, 0)?, 0).ok()?;
    let seconds = zone_seconds(zone)?;
    let offset = Offset::from_seconds(seconds).ok()?;
    offset.to_timestamp(date.to_datetime(time)).ok()
}

fn zone_seconds(zone: &str) -> Option<i32> {
    let sign = match zone.chars().next() {
        None | Some('Z') => return Some(0),
        Some('+') => 1,
        Some('-') => -1,
        Some(_) => return None,
    };
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let hours: i32 = digits.get(0..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4).map_or(Some(0), |minutes| minutes.parse().ok())?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}
