//! What a line of the heading says: số và ký hiệu, the place and the day, the words after “V/v”.

use jiff::civil::Date;
use viet_text::fold;

/// Số và ký hiệu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::reading) struct NumberAndSymbol {
    pub number: Option<String>,
    pub symbol: String,
}

/// "Số:" with what follows; not "Sở".
pub(super) fn starts_number(line: &str) -> bool {
    let line = line.to_lowercase();
    line.strip_prefix("số").is_some_and(|rest| {
        let rest = rest.trim_start();
        rest.starts_with([':', '.', '/']) || rest.starts_with(|sign: char| sign.is_ascii_digit())
    })
}

pub(super) fn starts_letter_subject(line: &str) -> bool {
    without_about(line).len() < line.len()
}

/// A later line of ô 5b may begin with "về việc" too, in small letters: "V/v cử người tập huấn / về việc quản lý văn bản".
pub(super) fn goes_on(line: &str) -> bool {
    line.starts_with(char::is_lowercase)
}

/// The words after "V/v" or "Về việc".
pub(super) fn without_about(line: &str) -> &str {
    let mut ends = line.char_indices().map(|(at, sign)| at + sign.len_utf8());
    let found = ends.by_ref().take(12).filter(|end| {
        let head = line
            .get(..*end)
            .unwrap_or_default()
            .to_lowercase()
            .replace(' ', "");
        matches!(head.as_str(), "v/v" | "v/v:" | "vềviệc" | "vềviệc:")
    });
    let Some(end) = found.last() else { return line };
    line.get(end..).unwrap_or_default().trim_start_matches([':', ' '])
}

/// Số và ký hiệu of a line such as "Số: 72 /QĐ - UBND".
pub(super) fn number_and_symbol(line: &str) -> Option<NumberAndSymbol> {
    let lower = line.to_lowercase();
    let at = lower.find("số")?;
    let rest = lower.get(at + "số".len()..).map(str::len)?;
    // the tail is as long in capitals as in small letters of this alphabet, else the line is no number
    let rest = line.len().checked_sub(rest).and_then(|from| line.get(from..))?;
    let rest: String = rest
        .trim_start_matches([':', '.', ' ', '\u{a0}'])
        .split_whitespace()
        .collect();
    let rest = rest.trim_matches(['.', '…', ':', ';', ',', '_']);
    let digits = rest
        .find(|sign: char| !sign.is_ascii_digit())
        .unwrap_or(rest.len());
    let (number, tail) = rest.split_at(digits);
    // "12a/QĐ-…" was numbered between two others
    let letter = tail
        .chars()
        .next()
        .filter(|sign| sign.is_lowercase() && tail.chars().nth(1).is_some_and(|next| next == '/'));
    let (number, tail) = match letter {
        Some(letter) => (
            format!("{number}{letter}"),
            tail.get(letter.len_utf8()..).unwrap_or_default(),
        ),
        None => (number.to_owned(), tail),
    };
    let tail = tail.trim_start_matches(['…', '.', '_']);
    let symbol = tail
        .strip_prefix(['/', '-', '–'])
        .unwrap_or(tail)
        .replace('–', "-");
    let valid = symbol
        .chars()
        .all(|sign| sign.is_alphanumeric() || matches!(sign, '/' | '-' | '&' | '.' | ',' | '_'));
    let number = Some(number).filter(|number| !number.is_empty());
    (valid && (number.is_some() || !symbol.is_empty())).then_some(NumberAndSymbol { number, symbol })
}

/// The date in "…, ngày 05 tháng 3 năm 2026".
pub(super) fn date_in(line: &str) -> Option<Date> {
    let folded = fold(line);
    let after = |word: &str, rest: &str| -> Option<usize> { rest.find(word).map(|at| at + word.len()) };
    let figure = |rest: &str| -> Option<(i16, usize)> {
        let start = rest.find(|sign: char| sign.is_ascii_digit())?;
        // a blank that was left open has words after it
        rest.get(..start)?
            .chars()
            .all(|sign| !sign.is_alphabetic())
            .then_some(())?;
        let digits: String = rest
            .get(start..)?
            .chars()
            .take_while(char::is_ascii_digit)
            .take(4)
            .collect();
        Some((digits.parse().ok()?, start + digits.len()))
    };
    let mut rest = folded.as_str();
    let mut parts = [0_i16; 3];
    for (part, word) in parts.iter_mut().zip(["ngay", "thang", "nam"]) {
        rest = rest.get(after(word, rest)?..)?;
        let (value, end) = figure(rest)?;
        *part = value;
        rest = rest.get(end..)?;
    }
    let [day, month, year] = parts;
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    (1945..=2200).contains(&year).then_some(date)
}

/// The place before ", ngày".
pub(super) fn place_in(line: &str) -> Option<String> {
    let lower = line.to_lowercase();
    let at = lower
        .rfind(", ngày")
        .or_else(|| lower.rfind(",ngày"))
        .or_else(|| lower.rfind("ngày"))?;
    let place = line.get(..at)?.trim().trim_end_matches(',').trim();
    (!place.is_empty() && place.chars().count() <= 100).then(|| place.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pl1_3b_number_and_symbol_are_read_with_and_without_blanks() {
        for (line, number, symbol) in [
            ("Số: 15/QĐ-BNV", Some("15"), "QĐ-BNV"),
            ("Số:    72 /QĐ - UBND", Some("72"), "QĐ-UBND"),
            ("Số: 05/UBND-VX", Some("05"), "UBND-VX"),
            ("Số: 01/2022/QĐ-UBND", Some("01"), "2022/QĐ-UBND"),
            ("Số:      /TTr-STTTT", None, "TTr-STTTT"),
            ("Số: ……/TTr-STTTT", None, "TTr-STTTT"),
            ("Số 12-QĐ/TU", Some("12"), "QĐ/TU"),
            ("Số: 12a/QĐ-UBND", Some("12a"), "QĐ-UBND"),
            ("SỐ: 9/NQ–HĐND", Some("9"), "NQ-HĐND"),
        ] {
            let read = number_and_symbol(line).expect(line);
            assert_eq!(
                (read.number.as_deref(), read.symbol.as_str()),
                (number, symbol),
                "{line}"
            );
        }
        assert!(starts_number("Số: 15/QĐ-BNV") && starts_number("Số 15/QĐ"));
        assert!(!starts_number("SỞ NỘI VỤ") && !starts_number("Số liệu"));
    }

    #[test]
    fn pl1_4b_days_are_read_with_and_without_leading_zeros() {
        let date = |line: &str| date_in(line).map(|date| date.to_string());
        assert_eq!(
            date("Hà Nội, ngày 05 tháng 01 năm 2020").as_deref(),
            Some("2020-01-05")
        );
        assert_eq!(
            date("Đắk Nông, ngày  5  tháng 3 năm 2026").as_deref(),
            Some("2026-03-05")
        );
        assert_eq!(date("Hà Nội, ngày      tháng 3 năm 2026"), None);
        assert_eq!(date("Hà Nội, ngày 31 tháng 02 năm 2026"), None);
        assert_eq!(
            place_in("Buôn Ma Thuột, ngày 05 tháng 01 năm 2020").as_deref(),
            Some("Buôn Ma Thuột")
        );
    }

    #[test]
    fn pl1_5b_the_words_of_a_letter_begin_after_v_v() {
        assert_eq!(without_about("V/v triển khai"), "triển khai");
        assert_eq!(without_about("V/v: triển khai"), "triển khai");
        assert_eq!(without_about("Về việc nghỉ lễ"), "nghỉ lễ");
        assert_eq!(without_about("Việc cần làm"), "Việc cần làm");
        assert!(starts_letter_subject("V/v"));
        assert!(goes_on("về việc quản lý văn bản") && !goes_on("Về việc nghỉ lễ") && !goes_on("V/v"));
    }
}
