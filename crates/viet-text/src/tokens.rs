//! Search tokens.

use crate::fold::{fold, nfc};

/// The folded syllables of a text, in order: `"Sở Nội vụ"` gives `so`, `noi`, `vu`.
///
/// Symbols come in their parts: `12/2026/QĐ-UBND` gives `12`, `2026`, `qd`, `ubnd`.
#[must_use]
pub fn tokens(text: &str) -> Vec<String> {
    split(&fold(text))
}

/// The syllables in lower case with their accents (NFC), to rank exact accents first.
#[must_use]
pub fn accented_tokens(text: &str) -> Vec<String> {
    split(&nfc(&nfc(text).to_lowercase()))
}

/// Each two neighbouring tokens joined by `_`: most Vietnamese words are two syllables long.
#[must_use]
pub fn pairs(tokens: &[String]) -> Vec<String> {
    tokens.windows(2).map(|pair| pair.join("_")).collect()
}

/// The document symbols that stand whole in a text, folded: `12/2026/QĐ-UBND` gives `12/2026/qd-ubnd`.
///
/// A symbol is a run without spaces that holds a `/` or `-` between letters or digits, and a letter.
#[must_use]
pub fn whole_symbols(text: &str) -> Vec<String> {
    fold(text)
        .split_whitespace()
        .map(|run| run.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|run| run.contains(['/', '-']) && run.chars().any(char::is_alphabetic))
        .map(str::to_owned)
        .collect()
}

fn split(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fold::nfd;

    #[test]
    fn a_symbol_is_found_whole_and_in_parts() {
        let text = "Quyết định số 12/2026/QĐ-UBND, ngày 05/01/2026";
        assert_eq!(whole_symbols(text), ["12/2026/qd-ubnd"]);
        assert_eq!(
            tokens(text),
            [
                "quyet", "dinh", "so", "12", "2026", "qd", "ubnd", "ngay", "05", "01", "2026"
            ]
        );
    }

    #[test]
    fn pairs_join_neighbours() {
        assert_eq!(pairs(&tokens("Sở Nội vụ")), ["so_noi", "noi_vu"]);
        assert!(pairs(&tokens("Sở")).is_empty());
    }

    #[test]
    fn accented_tokens_keep_accents_and_drop_case() {
        assert_eq!(accented_tokens(&nfd("Đắk NÔNG")), ["đắk", "nông"]);
    }

    proptest! {
        #[test]
        fn tokens_do_not_depend_on_the_normal_form(text in "\\PC*") {
            prop_assert_eq!(tokens(&nfc(&text)), tokens(&nfd(&text)));
        }

        #[test]
        fn tokens_are_never_empty_and_hold_no_space(text in "\\PC*") {
            for token in tokens(&text) {
                prop_assert!(!token.is_empty());
                prop_assert!(token.chars().all(char::is_alphanumeric));
            }
        }
    }
}
