//! Vietnamese alphabetical order as plain ASCII keys that any database sorts rightly.

use crate::fold::{nfc, strip_accents};

/// The alphabet in order; f, j, w, z stand where foreign names expect them.
const ALPHABET: &str = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";

/// Tone marks in dictionary order after the level tone: huyền, hỏi, ngã, sắc, nặng.
const TONES: [char; 5] = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];

/// A key whose byte order is the Vietnamese alphabetical order: a ă â b c d đ …, then the tone, syllable by syllable.
///
/// The key is ASCII, so it sorts the same in SQLite, PostgreSQL and Rust. Letter case and punctuation do not count.
#[must_use]
pub fn sort_key(text: &str) -> String {
    let lower = nfc(text).to_lowercase();
    lower
        .split(|c: char| !c.is_alphanumeric() && !is_mark(c))
        .filter(|s| !s.is_empty())
        .map(syllable_key)
        .collect()
}

/// The key of a person's name: the given name first, then surname and middle names, as Vietnamese lists are kept.
#[must_use]
pub fn person_sort_key(full_name: &str) -> String {
    match full_name.trim().rsplit_once(char::is_whitespace) {
        Some((rest, given)) => sort_key(given) + &sort_key(rest),
        None => sort_key(full_name),
    }
}

/// Letters first, then `!` (below every letter, so that a shorter syllable comes first), then the tone.
fn syllable_key(syllable: &str) -> String {
    let mut letters = String::new();
    let mut tone = 0_usize;
    for letter in syllable.chars() {
        let (base, found) = split_tone(letter);
        tone = tone.max(found);
        letters.push_str(&letter_key(base));
    }
    format!("{letters}!{tone}")
}

/// The letter without its tone mark, and the tone (0 = level).
fn split_tone(letter: char) -> (char, usize) {
    use unicode_normalization::UnicodeNormalization;
    let mut tone = 0;
    let rest: String = std::iter::once(letter)
        .nfd()
        .filter(|part| match TONES.iter().position(|mark| mark == part) {
            Some(index) => {
                tone = index + 1;
                false
            }
            None => true,
        })
        .nfc()
        .collect();
    (rest.chars().next().unwrap_or(letter), tone)
}

fn letter_key(letter: char) -> String {
    if letter.is_ascii_digit() {
        return letter.to_string();
    }
    let plain = || {
        strip_accents(&letter.to_string())
            .chars()
            .next()
            .and_then(position)
    };
    match position(letter).or_else(plain) {
        Some(place) => place.to_string(),
        // Letters of other scripts come after z, in code point order.
        None => format!("~{:06x}", u32::from(letter)),
    }
}

/// Places run from `A` upwards: above all digits, below `~`.
fn position(letter: char) -> Option<char> {
    let index = ALPHABET.chars().position(|known| known == letter)?;
    u8::try_from(index).ok().map(|index| char::from(b'A' + index))
}

fn is_mark(letter: char) -> bool {
    unicode_normalization::char::is_combining_mark(letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::fold::nfd;

    #[rstest]
    #[case(&["a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "g", "o", "ô", "ơ", "u", "ư", "v"])]
    #[case(&["ba", "bà", "bả", "bã", "bá", "bạ", "bác", "băng"])]
    #[case(&["ba ba", "ba chân", "bà cô"])]
    #[case(&["Đắk Glong", "Đắk Mil", "Đắk R'lấp", "Đắk Song", "Gia Nghĩa", "Krông Nô", "Tuy Đức"])]
    #[case(&["Phòng 2a", "Phòng A", "Phòng Ă"])]
    fn words_stand_in_alphabetical_order(#[case] ordered: &[&str]) {
        let mut shuffled: Vec<&str> = ordered.iter().rev().copied().collect();
        shuffled.sort_by_key(|word| sort_key(word));
        assert_eq!(shuffled, ordered);
    }

    #[test]
    fn persons_are_listed_by_given_name() {
        let mut people = ["Trần Văn Bình", "Nguyễn Thị An", "Lê Văn Ân", "Đỗ An"];
        people.sort_by_key(|name| person_sort_key(name));
        assert_eq!(people, ["Đỗ An", "Nguyễn Thị An", "Lê Văn Ân", "Trần Văn Bình"]);
    }

    proptest! {
        #[test]
        fn keys_are_ascii_and_do_not_depend_on_the_normal_form(text in "[a-zA-Zàáảãạăằắẳẵặâầấẩẫậđêềếểễệôồốổỗộơờớởỡợưừứửữựýỹ 0-9'-]*") {
            prop_assert!(sort_key(&text).is_ascii());
            prop_assert_eq!(sort_key(&text), sort_key(&nfd(&text)));
            prop_assert_eq!(sort_key(&text), sort_key(&text.to_uppercase()));
        }
    }
}
