//! Normal forms and folding.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The composed form (NFC): the one form in which text is stored and compared.
#[must_use]
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// The decomposed form (NFD), as macOS file names and some PDF files carry it.
#[must_use]
pub fn nfd(text: &str) -> String {
    text.nfd().collect()
}

/// Whether two texts are the same apart from their normal form.
#[must_use]
pub fn same_text(left: &str, right: &str) -> bool {
    left.nfc().eq(right.nfc())
}

/// The text without tone and vowel marks, `đ` as `d` and `Đ` as `D`; letter case is kept.
///
/// `strip_accents("Đắk Nông")` is `"Dak Nong"`.
#[must_use]
pub fn strip_accents(text: &str) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .map(without_stroke)
        .collect()
}

/// The folded form for search and comparison: lower case, no accents, `đ` as `d`.
///
/// `fold("QUYẾT ĐỊNH")` is `"quyet dinh"`, whether the input is NFC or NFD.
#[must_use]
pub fn fold(text: &str) -> String {
    // Decomposing comes first so that NFC and NFD inputs are the same before anything else looks at them.
    // Lower-casing may bring new marks (`İ`), so they are dropped once more.
    let lower: String = strip_accents(text).chars().flat_map(char::to_lowercase).collect();
    strip_accents(&lower)
}

fn without_stroke(letter: char) -> char {
    match letter {
        'đ' => 'd',
        'Đ' => 'D',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Đắk Nông", "dak nong")]
    #[case("ỦY BAN NHÂN DÂN", "uy ban nhan dan")]
    #[case("Quyết định số 01/2022/QĐ-UBND", "quyet dinh so 01/2022/qd-ubnd")]
    #[case("hoà = hòa", "hoa = hoa")]
    #[case("", "")]
    fn folding_drops_case_and_accents(#[case] text: &str, #[case] folded: &str) {
        assert_eq!(fold(text), folded);
        assert_eq!(fold(&nfd(text)), folded);
    }

    #[test]
    fn stripping_keeps_letter_case() {
        assert_eq!(
            strip_accents("Ủy ban nhân dân tỉnh Đắk Nông"),
            "Uy ban nhan dan tinh Dak Nong"
        );
    }

    #[test]
    fn same_text_ignores_the_normal_form_only() {
        assert!(same_text("Mật", &nfd("Mật")));
        assert!(!same_text("Mật", "mật"));
    }

    proptest! {
        #[test]
        fn folding_does_not_depend_on_the_normal_form(text in "\\PC*") {
            prop_assert_eq!(fold(&nfc(&text)), fold(&nfd(&text)));
            prop_assert_eq!(fold(&nfc(&text)), fold(&text));
        }

        #[test]
        fn vietnamese_folds_to_ascii(text in "[a-zA-ZàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđĐ 0-9]*") {
            let folded = fold(&text);
            prop_assert!(folded.is_ascii());
            prop_assert_eq!(fold(&folded), folded.clone());
            prop_assert_eq!(folded.chars().count(), nfc(&text).chars().count());
        }
    }
}
