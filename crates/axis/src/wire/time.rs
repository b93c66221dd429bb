//! Times as the axis writes them. None carries a zone: all are Vietnamese local time.

use jiff::{Timestamp, Zoned, civil::DateTime, fmt::strtime, tz::TimeZone};

/// The time as a clock in Viet Nam shows it. The country has had UTC+7 without summer time since 1975.
pub fn vietnam(at: Timestamp) -> Zoned {
    at.to_zoned(zone())
}

fn zone() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(7))
}

/// `ddMMyyyy'T'HHmmss+SSSS` in local time; the four digits after the plus sign are milliseconds, not a zone.
pub fn format_stamp(at: Timestamp) -> String {
    let local = vietnam(at);
    format!("{}+{:04}", local.strftime("%d%m%YT%H%M%S"), local.millisecond())
}

/// Reads what [`format_stamp`] writes.
pub fn parse_stamp(text: &str) -> Option<Timestamp> {
    let (seconds, millis) = text.split_once('+')?;
    let millis: i64 = (millis.len() == 4).then(|| millis.parse().ok()).flatten()?;
    let at = civil("%d%m%YT%H%M%S", seconds)?;
    at.checked_add(jiff::SignedDuration::from_millis(millis)).ok()
}

/// `dd/MM/yyyy HH:mm:ss` in local time: bounds of the lists.
pub fn format_window(at: Timestamp) -> String {
    vietnam(at).strftime("%d/%m/%Y %H:%M:%S").to_string()
}

/// A time in a list of the axis, in any of the forms that systems were seen to use. `None` when it is none of them.
pub fn parse_moment(text: &str) -> Option<Timestamp> {
    const LOCAL: [&str; 6] = [
        "%d/%m/%Y %H:%M:%S",
        "%Y/%m/%d %H:%M:%S",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M:%S%.f",
        "%d-%m-%Y %H:%M:%S",
        "%Y%m%d%H%M%S",
    ];
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    if let Some(at) = LOCAL.iter().find_map(|form| civil(form, text)) {
        return Some(at);
    }
    // Milliseconds since 1970, as Java prints a time.
    let millis = text.parse::<i64>().ok().filter(|_| text.len() == 13)?;
    Timestamp::from_millisecond(millis).ok()
}

fn civil(form: &str, text: &str) -> Option<Timestamp> {
    let parsed: DateTime = strtime::parse(form, text).ok()?.to_datetime().ok()?;
    Some(parsed.to_zoned(zone()).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn edxml_12_1_the_stamp_is_local_time_with_four_digits_of_milliseconds() {
        let time = at("2022-10-03T01:15:30.123Z");
        assert_eq!(format_stamp(time), "03102022T081530+0123");
        assert_eq!(parse_stamp("03102022T081530+0123"), Some(time));
        assert_eq!(format_stamp(at("2025-12-31T17:00:00Z")), "01012026T000000+0000");
        for wrong in [
            "",
            "03102022T081530",
            "03102022T081530+07",
            "31022022T081530+0123",
            "x+0001",
        ] {
            assert_eq!(parse_stamp(wrong), None, "{wrong}");
        }
    }

    #[rstest]
    #[case("03/10/2022 08:15:30")]
    #[case("2022/10/03 08:15:30")]
    #[case("2022-10-03 08:15:30.0")]
    #[case("2022-10-03 08:15:30")]
    #[case("2022-10-03T08:15:30")]
    #[case("2022-10-03T01:15:30Z")]
    #[case("2022-10-03T08:15:30+07:00")]
    #[case(" 1664759730000 ")]
    fn edxml_12_4_times_of_lists(#[case] text: &str) {
        assert_eq!(parse_moment(text), Some(at("2022-10-03T01:15:30Z")), "{text}");
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "null",
            "hôm qua",
            "10/2022",
            "2022-13-01 00:00:00",
            "1664759730",
        ] {
            assert_eq!(parse_moment(text), None, "{text}");
        }
        assert_eq!(format_window(at("2022-10-03T01:15:30.9Z")), "03/10/2022 08:15:30");
    }
}
