//! Dates and times as foreign systems write them (R5, R6). Month before day is never guessed.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::Offset,
};

/// Vietnam has one time, without change.
pub(crate) const VIETNAM: Offset = Offset::constant(7);

/// Earlier years are how some systems write that there is no date (`0001-01-01`).
const FIRST_YEAR: u32 = 1900;

/// The text is no date or time in any accepted form, or an impossible one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDate;

/// A date: `yyyy/MM/dd`, `dd/MM/yyyy`, `yyyy-MM-dd`, `dd-MM-yyyy`, `yyyyMMdd`, each with or without a time behind it. A time
/// with a zone is taken to Vietnam first.
///
/// # Errors
/// [`NoDate`].
pub fn date(text: &str) -> Result<Date, NoDate> {
    let (day, time) = split(text.trim());
    let day = day_of(day)?;
    match time {
        None => Ok(day),
        Some(time) => {
            let (time, zone) = time_of(time)?;
            match zone {
                None => Ok(day),
                Some(zone) => Ok(VIETNAM.to_datetime(at(day, time, zone)?).date()),
            }
        }
    }
}

/// A time: a date as above, then `HH:mm` or `HH:mm:ss` with a zone if given; Vietnam time otherwise. Fractions of a second
/// are dropped: the wire has none.
///
/// # Errors
/// [`NoDate`].
pub fn timestamp(text: &str) -> Result<Timestamp, NoDate> {
    let (day, time) = split(text.trim());
    let (time, zone) = time_of(time.ok_or(NoDate)?)?;
    at(day_of(day)?, time, zone.unwrap_or(VIETNAM))
}

/// `yyyy/MM/dd`, as it is written.
pub(crate) fn date_text(date: Date) -> String {
    date.strftime("%Y/%m/%d").to_string()
}

/// `yyyy/MM/dd HH:mm:ss` in Vietnam time, as it is written.
pub(crate) fn timestamp_text(timestamp: Timestamp) -> String {
    VIETNAM
        .to_datetime(timestamp)
        .strftime("%Y/%m/%d %H:%M:%S")
        .to_string()
}

fn at(day: Date, time: Time, zone: Offset) -> Result<Timestamp, NoDate> {
    zone.to_timestamp(DateTime::from_parts(day, time))
        .map_err(|_| NoDate)
}

/// The day and what follows it.
fn split(text: &str) -> (&str, Option<&str>) {
    match text.find(|c: char| c.is_whitespace() || c == 'T') {
        Some(at) => {
            let rest = text[at..].trim_start_matches(|c: char| c.is_whitespace() || c == 'T');
            (&text[..at], (!rest.is_empty()).then_some(rest))
        }
        None => (text, None),
    }
}

fn day_of(text: &str) -> Result<Date, NoDate> {
    let separator = if text.contains('/') { '/' } else { '-' };
    let parts: Vec<&str> = text.split(separator).collect();
    let (year, month, day) = match parts[..] {
        [whole] if whole.len() == 8 && whole.is_ascii() => (&whole[..4], &whole[4..6], &whole[6..]),
        [year, month, day] if year.len() == 4 => (year, month, day),
        [day, month, year] if year.len() == 4 => (year, month, day),
        _ => return Err(NoDate),
    };
    let number = |text: &str| digits(text).ok_or(NoDate);
    if number(year)? < FIRST_YEAR {
        return Err(NoDate);
    }
    Date::new(
        i16::try_from(number(year)?).map_err(|_| NoDate)?,
        i8::try_from(number(month)?).map_err(|_| NoDate)?,
        i8::try_from(number(day)?).map_err(|_| NoDate)?,
    )
    .map_err(|_| NoDate)
}

fn time_of(text: &str) -> Result<(Time, Option<Offset>), NoDate> {
    let text = text.trim();
    let (clock, zone) = match text.find(['Z', 'z', '+', '-']) {
        Some(at) => (text[..at].trim_end(), Some(zone_of(&text[at..])?)),
        None => (text, None),
    };
    let (clock, fraction) = match clock.split_once(['.', ',']) {
        Some((clock, fraction)) => (clock, fraction),
        None => (clock, ""),
    };
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NoDate);
    }
    let parts: Vec<&str> = clock.split(':').collect();
    let (hour, minute, second) = match parts[..] {
        [hour, minute] => (hour, minute, "0"),
        [hour, minute, second] => (hour, minute, second),
        _ => return Err(NoDate),
    };
    let number = |text: &str| digits(text).and_then(|n| i8::try_from(n).ok()).ok_or(NoDate);
    let time = Time::new(number(hour)?, number(minute)?, number(second)?, 0).map_err(|_| NoDate)?;
    Ok((time, zone))
}

/// `Z`, `+07:00`, `+0700`, `+07`.
fn zone_of(text: &str) -> Result<Offset, NoDate> {
    if text.eq_ignore_ascii_case("z") {
        return Ok(Offset::UTC);
    }
    let (sign, rest) = match text.split_at_checked(1) {
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        _ => return Err(NoDate),
    };
    let plain: String = rest.chars().filter(|c| *c != ':').collect();
    let number = |text: &str| digits(text).and_then(|n| i32::try_from(n).ok()).ok_or(NoDate);
    let (hours, minutes) = match plain.len() {
        2 if plain.is_ascii() => (number(&plain)?, 0),
        4 if plain.is_ascii() => (number(&plain[..2])?, number(&plain[2..])?),
        _ => return Err(NoDate),
    };
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).map_err(|_| NoDate)
}

fn digits(text: &str) -> Option<u32> {
    let is_number = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2022/10/03")]
    #[case("03/10/2022")]
    #[case("3/10/2022")]
    #[case("2022-10-03")]
    #[case("20221003")]
    #[case("03-10-2022")]
    #[case("2022-10-03T08:15:30")]
    #[case("2022/10/03 08:15:30")]
    #[case("03/10/2022 08:15")]
    #[case("2022-10-02T17:00:00Z")]
    #[case("2022-10-02T17:00:00.000+00:00")]
    fn edxml_13_1_r5_dates_in_many_forms(#[case] text: &str) {
        assert_eq!(date(text), Ok(day(2022, 10, 3)), "{text}");
    }

    #[rstest]
    #[case("2014/02/30")]
    #[case("0001-01-01T00:00:00")]
    #[case("10/13/2022")]
    #[case("2022/10")]
    #[case("22/10/03")]
    #[case("hôm qua")]
    #[case("2022/10/03 xx")]
    #[case("")]
    #[case("Tết")]
    fn edxml_13_1_r5_impossible_dates_are_none(#[case] text: &str) {
        assert_eq!(date(text), Err(NoDate), "{text}");
    }

    #[rstest]
    #[case("2022/10/03 08:15:30")]
    #[case("03/10/2022 08:15:30")]
    #[case("2022-10-03T08:15:30")]
    #[case("2022-10-03T01:15:30Z")]
    #[case("2022-10-03T01:15:30.999Z")]
    #[case("2022-10-03T08:15:30+07:00")]
    #[case("2022-10-03T10:15:30+0900")]
    fn edxml_13_1_r6_times_are_vietnamese_unless_they_say_otherwise(#[case] text: &str) {
        assert_eq!(
            timestamp(text).unwrap(),
            "2022-10-03T01:15:30Z".parse().unwrap(),
            "{text}"
        );
    }

    #[rstest]
    #[case("2022/10/03")]
    #[case("2022/10/03 24:00:00")]
    #[case("2022/10/03 08:15:30 +99")]
    #[case("")]
    fn edxml_13_1_r6_other_texts_are_no_time(#[case] text: &str) {
        assert_eq!(timestamp(text), Err(NoDate), "{text}");
    }

    proptest! {
        #[test]
        fn edxml_13_1_r5_written_dates_are_read_back(year in 1900_i16..2200, month in 1_i8..=12, day_ in 1_i8..=28) {
            let expected = day(year, month, day_);
            prop_assert_eq!(date(&date_text(expected)), Ok(expected));
        }

        #[test]
        fn edxml_13_1_r6_written_times_are_read_back(second in 0_i64..4_000_000_000) {
            let expected = Timestamp::from_second(second).unwrap();
            prop_assert_eq!(timestamp(&timestamp_text(expected)), Ok(expected));
        }

        #[test]
        fn edxml_13_1_r5_any_text_is_answered(text in any::<String>(), near in "[0-9TZ:/ +.-]{0,30}") {
            let _ = (date(&text), timestamp(&text), date(&near), timestamp(&near));
        }
    }
}
