//! Abbreviations of names of agencies and units.

use crate::fold::nfc;
use crate::fold::strip_accents;

/// Words that do not count in an abbreviation: Sở Thông tin **và** Truyền thông is `STTTT`.
const SMALL_WORDS: [&str; 4] = ["và", "của", "về", "các"];

/// The abbreviation that is usual for an agency's name: first letters in capitals, `Đ` kept, small words left out.
///
/// A proposal only: abbreviations are set by the head of the agency (NĐ 30/2020, Phụ lục I, khoản 3b).
#[must_use]
pub fn abbreviation(name: &str) -> String {
    nfc(name)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !SMALL_WORDS.contains(&word.to_lowercase().as_str()))
        .filter_map(|word| word.chars().next())
        .flat_map(capital)
        .collect()
}

/// The initials of a person in capitals, `Đ` kept: `Nguyễn Văn An` is `NVA`.
#[must_use]
pub fn initials(full_name: &str) -> String {
    nfc(full_name)
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .flat_map(capital)
        .collect()
}

fn capital(letter: char) -> Vec<char> {
    match letter {
        'đ' | 'Đ' => vec!['Đ'],
        other => strip_accents(&other.to_string())
            .chars()
            .flat_map(char::to_uppercase)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::fold::nfd;

    #[rstest]
    #[case("Sở Thông tin và Truyền thông", "STTTT")]
    #[case("Ủy ban nhân dân", "UBND")]
    #[case("Ban Quản lý dự án đầu tư", "BQLDAĐT")]
    #[case("Khoa giáo - Văn xã", "KGVX")]
    fn names_are_abbreviated_by_first_letters(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(abbreviation(name), expected);
        assert_eq!(abbreviation(&nfd(name)), expected);
    }

    #[test]
    fn a_person_has_initials() {
        assert_eq!(initials("Đặng Thị Ánh"), "ĐTA");
    }
}
