//! Texts of fields: the form in which they are kept and compared (R2, R4).

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Whether XML 1.0 allows the character.
pub(crate) const fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}

/// How a field is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lines {
    /// Line breaks and tabs become one space.
    One,
    /// Line breaks stay, as LF.
    Many,
}

/// The text as it is kept: only characters of XML, NFC, trimmed, line breaks as the field has them. Idempotent.
pub(crate) fn cleaned(text: &str, lines: Lines) -> String {
    let allowed = text.chars().filter(|c| is_xml_char(*c));
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let mut after_cr = false;
    for c in allowed {
        match (lines, c) {
            (Lines::One, '\r' | '\n' | '\t' | '\u{85}' | '\u{2028}') => gap = true,
            (Lines::Many, '\n') if after_cr => {}
            (Lines::Many, '\r') => out.push('\n'),
            (Lines::One, ' ') if gap => {}
            _ => {
                if gap && !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
                gap = false;
                out.push(c);
            }
        }
        after_cr = c == '\r';
    }
    let normal = if is_nfc(&out) { out } else { out.nfc().collect() };
    normal.trim_matches(is_margin).to_owned()
}

fn is_margin(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

/// The value of a field, or nothing when it is empty, white space or the literal `null` (R2).
pub(crate) fn value(text: &str, lines: Lines) -> Option<String> {
    let text = cleaned(text, lines);
    (!text.is_empty() && text != "null").then_some(text)
}

/// The start of a foreign text, to be quoted in a message.
pub(crate) fn quoted(text: &str) -> String {
    format!("“{}”", shown(text))
}

/// A foreign text as a sentence may carry it: short and plain.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut plain = text.chars().filter(|c| is_plain(*c));
    let mut shown: String = plain.by_ref().take(LONGEST).collect();
    if plain.next().is_some() {
        shown.push('…');
    }
    shown
}

/// A value of one line without the characters that are not plain; nothing when there is no other.
pub(crate) fn plain(text: &str) -> Option<String> {
    // What stood apart may compose now.
    value(
        &text.chars().filter(|c| is_plain(*c)).collect::<String>(),
        Lines::One,
    )
}

/// Neither a control character (a terminal obeys them, databases refuse NUL) nor one that nobody sees or that turns the
/// direction of writing around: with those “gnp.exe” is shown as “exe.png”.
fn is_plain(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("  Sở\r\n  Ví Dụ \t", "Sở Ví Dụ")]
    #[case("Ta\u{302}\u{301}n", "Tấn")]
    #[case("a\u{0}\u{b}b", "ab")]
    #[case("a  b", "a  b")]
    fn edxml_13_1_r4_one_line(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(cleaned(text, Lines::One), expected);
    }

    #[test]
    fn edxml_13_1_r4_many_lines_end_in_lf() {
        assert_eq!(cleaned(" a\r\nb\rc\n\nd ", Lines::Many), "a\nb\nc\n\nd");
    }

    #[rstest]
    #[case("")]
    #[case(" \n ")]
    #[case("null")]
    #[case(" null ")]
    fn edxml_13_1_r2_empty_is_missing(#[case] text: &str) {
        assert_eq!(value(text, Lines::One), None);
    }

    proptest! {
        #[test]
        fn edxml_13_1_r4_cleaning_twice_changes_nothing(text in any::<String>()) {
            for lines in [Lines::One, Lines::Many] {
                let once = cleaned(&text, lines);
                prop_assert_eq!(cleaned(&once, lines), once.clone());
            }
        }
    }
}
