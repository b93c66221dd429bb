//! File names by Điều 8 khoản 4 of the provincial regulation: letters and digits, at most 50 characters.

use crate::fold::strip_accents;

/// The longest file name, extension included, in characters.
pub const MAX_FILE_NAME_CHARS: usize = 50;

/// What a file is called when nothing usable is left of its name.
const FALLBACK_STEM: &str = "tep-tin";

/// A suffix longer than this is taken for a part of the name.
const MAX_EXTENSION_CHARS: usize = 8;

/// Whether a name can be used as it is: ASCII letters, digits, `.`, `-`, `_`; 1 to 50 characters; begins with a
/// letter or digit, does not end with a dot.
#[must_use]
pub fn is_valid_file_name(name: &str) -> bool {
    name.len() <= MAX_FILE_NAME_CHARS
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !name.ends_with('.')
        && name.chars().all(is_allowed)
}

/// The extension in lower case without its dot; empty when there is none.
#[must_use]
pub fn extension(name: &str) -> String {
    split_extension(name).1.to_ascii_lowercase()
}

/// The name to offer instead of `name`: accents dropped, other characters replaced by `-`, shortened to 50
/// characters with the extension kept. A valid name comes back unchanged.
#[must_use]
pub fn corrected_file_name(name: &str) -> String {
    if is_valid_file_name(name) {
        return name.to_owned();
    }
    let plain = strip_accents(name);
    let (stem, extension) = split_extension(plain.trim());
    let room = MAX_FILE_NAME_CHARS
        - if extension.is_empty() {
            0
        } else {
            extension.len() + 1
        };
    let mut stem = dashed(stem);
    stem.truncate(room);
    let mut stem = stem.trim_end_matches(['.', '-', '_']);
    if stem.is_empty() {
        stem = FALLBACK_STEM;
    }
    if extension.is_empty() {
        stem.to_owned()
    } else {
        format!("{stem}.{}", extension.to_ascii_lowercase())
    }
}

fn is_allowed(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_')
}

/// Stem and extension; the extension is short, plain, and never the whole name.
fn split_extension(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, extension))
            if !stem.is_empty()
                && (1..=MAX_EXTENSION_CHARS).contains(&extension.len())
                && extension.chars().all(|c| c.is_ascii_alphanumeric()) =>
        {
            (stem, extension)
        }
        _ => (name, ""),
    }
}

/// The allowed characters of a stem, every run of others as one `-`, nothing but letters and digits in front.
fn dashed(stem: &str) -> String {
    let mut result = String::with_capacity(stem.len());
    for letter in stem.chars() {
        if is_allowed(letter) {
            result.push(letter);
        } else if !result.ends_with('-') {
            result.push('-');
        }
    }
    result.trim_start_matches(['.', '-', '_']).to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::fold::{nfc, nfd};

    #[rstest]
    #[case("Quyết định số 01 (bản ký).pdf", "Quyet-dinh-so-01-ban-ky.pdf")]
    #[case("bao_cao-2026.v1.docx", "bao_cao-2026.v1.docx")]
    #[case("Kế hoạch!@#.PDF", "Ke-hoach.pdf")]
    #[case(".htaccess", "htaccess")]
    #[case("文件.pdf", "tep-tin.pdf")]
    #[case("../../etc/passwd", "etc-passwd")]
    #[case("", "tep-tin")]
    fn qc01_8_4_the_corrected_name_is_offered(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(corrected_file_name(name), expected);
    }

    #[test]
    fn qc01_8_4_a_long_name_is_shortened_with_its_extension() {
        let name = format!("{}.pdf", "Báo cáo tình hình kinh tế xã hội ".repeat(4));
        let corrected = corrected_file_name(&name);
        // The cut falls behind a dash here, which is dropped.
        assert_eq!(corrected, "Bao-cao-tinh-hinh-kinh-te-xa-hoi-Bao-cao-tinh.pdf");
    }

    #[rstest]
    #[case("a.pdf", true)]
    #[case("báo cáo.pdf", false)]
    #[case("a b.pdf", false)]
    #[case("-a.pdf", false)]
    #[case("a.", false)]
    #[case("", false)]
    fn qc01_8_4_only_letters_and_digits_are_valid(#[case] name: &str, #[case] valid: bool) {
        assert_eq!(is_valid_file_name(name), valid);
    }

    #[test]
    fn qc01_8_4_fifty_characters_pass_and_fifty_one_do_not() {
        assert!(is_valid_file_name(&format!("{}.pdf", "a".repeat(46))));
        assert!(!is_valid_file_name(&format!("{}.pdf", "a".repeat(47))));
    }

    #[test]
    fn the_extension_is_lower_case_and_short() {
        assert_eq!(extension("A.PDF"), "pdf");
        assert_eq!(extension("Tờ trình. Về việc"), "");
        assert_eq!(extension(".pdf"), "");
    }

    proptest! {
        #[test]
        fn qc01_8_4_every_name_is_corrected_to_a_valid_one(name in "\\PC{0,90}(\\.[a-zA-Z]{0,10})?") {
            let corrected = corrected_file_name(&name);
            prop_assert!(is_valid_file_name(&corrected), "{:?} -> {:?}", name, corrected);
            prop_assert_eq!(corrected_file_name(&corrected), corrected.clone());
            prop_assert_eq!(corrected_file_name(&nfc(&name)), corrected_file_name(&nfd(&name)));
        }
    }
}
