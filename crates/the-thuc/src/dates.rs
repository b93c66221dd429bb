//! Writing number and date lines (khoản 3 and 4 Mục II Phần I Phụ lục I).

use jiff::civil::Date;

/// The room left for a number or a day that is not yet known: no-break spaces, so that it is neither collapsed nor broken.
pub(crate) const BLANK: &str = "\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}";

/// `ngày dd tháng mm năm yyyy`: the day always has two digits, the month only when it is 1 or 2 (PL1-4b).
#[must_use]
pub fn day_in_words(date: Date) -> String {
    let month = if date.month() <= 2 {
        format!("{:02}", date.month())
    } else {
        date.month().to_string()
    };
    format!("ngày {:02} tháng {month} năm {}", date.day(), date.year())
}

/// The same with room for day and month, and for the year when it is not known either.
#[must_use]
pub fn blank_day(year: Option<i16>) -> String {
    let year = year.map_or_else(|| BLANK.to_owned(), |year| year.to_string());
    format!("ngày{BLANK}tháng{BLANK}năm {year}")
}

/// `<number>/<symbol>`, or room for the number before the slash; two digits when below ten (khoản 3a).
#[must_use]
pub fn number_and_symbol(number: Option<&str>, symbol: &str) -> String {
    let number = match number.map(str::trim) {
        None | Some("") => BLANK.to_owned(),
        Some(digit) if digit.len() == 1 && digit.as_bytes()[0].is_ascii_digit() => format!("0{digit}"),
        Some(number) => number.to_owned(),
    };
    format!("{number}/{}", symbol.trim())
}

/// Roman numeral of an appendix, "" for zero.
pub(crate) fn roman(mut number: u32) -> String {
    const STEPS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut text = String::new();
    for (value, letters) in STEPS {
        while number >= value {
            text.push_str(letters);
            number -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn pl1_4b_month_is_padded_only_for_january_and_february() {
        for month in 1..=12_i8 {
            let printed = day_in_words(date(2026, month, 5));
            let expected = match month {
                1 => "ngày 05 tháng 01 năm 2026".to_owned(),
                2 => "ngày 05 tháng 02 năm 2026".to_owned(),
                other => format!("ngày 05 tháng {other} năm 2026"),
            };
            assert_eq!(printed, expected);
        }
        assert_eq!(day_in_words(date(2019, 6, 29)), "ngày 29 tháng 6 năm 2019");
    }

    #[test]
    fn pl1_3a_number_has_two_digits_and_unknown_number_leaves_room() {
        assert_eq!(number_and_symbol(Some("5"), "BNV-VP"), "05/BNV-VP");
        assert_eq!(number_and_symbol(Some("05"), "BNV-VP"), "05/BNV-VP");
        assert_eq!(number_and_symbol(Some("123"), "QĐ-UBND"), "123/QĐ-UBND");
        assert_eq!(number_and_symbol(None, "QĐ-UBND"), format!("{BLANK}/QĐ-UBND"));
        assert_eq!(
            number_and_symbol(Some(" "), "QĐ-UBND"),
            format!("{BLANK}/QĐ-UBND")
        );
    }

    #[test]
    fn unknown_day_leaves_room_and_may_keep_the_year() {
        assert_eq!(blank_day(Some(2026)), format!("ngày{BLANK}tháng{BLANK}năm 2026"));
        assert!(blank_day(None).ends_with(BLANK));
    }

    #[test]
    fn appendix_numbers_are_roman() {
        let all: Vec<_> = [1, 4, 9, 14, 40].into_iter().map(roman).collect();
        assert_eq!(all, ["I", "IV", "IX", "XIV", "XL"]);
    }
}
