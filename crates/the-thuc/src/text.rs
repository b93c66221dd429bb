//! Text of users made ready for the layout.

use unicode_normalization::UnicodeNormalization;

/// A word longer than this gets places where it may be broken.
const LONGEST_WORD: usize = 40;
const LONGEST_METADATA: usize = 1000;
/// The sign for such a place; control characters of the user never get this far.
const MAY_BREAK: char = '\u{1}';
/// Encloses what is not broken: numbers with symbols such as 98/TTr-STTTT.
const UNBROKEN: char = '\u{2}';

/// One line for the properties of the file, where PDF/A allows no long strings.
pub(crate) fn metadata(text: &str) -> String {
    let line = clean(text).replace('\n', " ").replace([MAY_BREAK, UNBROKEN], "");
    line.chars().take(LONGEST_METADATA).collect()
}

/// In capitals.
pub(crate) fn capitals(text: &str) -> String {
    clean(&text.to_uppercase())
}

/// Text as it goes to the layout: NFC, one space between words, no control or direction characters, overlong words breakable.
pub(crate) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut word = 0;
    for sign in text.nfc() {
        let sign = if sign == '\t' { ' ' } else { sign };
        let invisible = matches!(sign,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        if invisible || (sign.is_control() && sign != '\n') {
            continue;
        }
        if sign == ' ' && cleaned.ends_with([' ', '\n']) {
            continue;
        }
        word = if sign.is_whitespace() { 0 } else { word + 1 };
        if word > LONGEST_WORD && word % piece(word) == 0 {
            cleaned.push(MAY_BREAK);
        }
        cleaned.push(sign);
    }
    keep_symbols_whole(&cleaned)
}

/// Distance of the places where a word may be broken: short for addresses, nearly a line for what cannot be a word.
fn piece(length: usize) -> usize {
    if length < 512 { 8 } else { 32 }
}

/// A number with its symbol ("98/TTr-STTTT") is not torn apart at the end of a line.
fn keep_symbols_whole(text: &str) -> String {
    let belongs = |sign: char| sign.is_alphanumeric() || matches!(sign, '/' | '-');
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(belongs) {
        let end = rest[start..]
            .find(|sign| !belongs(sign))
            .map_or(rest.len(), |length| start + length);
        let token = &rest[start..end];
        let is_symbol = token.starts_with(|sign: char| sign.is_ascii_digit())
            && token.contains('/')
            && token.contains('-')
            && token.contains(char::is_uppercase)
            && token.len() <= LONGEST_WORD;
        whole.push_str(&rest[..start]);
        if is_symbol {
            whole.push(UNBROKEN);
        }
        whole.push_str(token);
        if is_symbol {
            whole.push(UNBROKEN);
        }
        rest = &rest[end..];
    }
    whole.push_str(rest);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_symbols_are_kept_whole() {
        assert_eq!(
            clean("tại Tờ trình số 98/TTr-STTTT."),
            "tại Tờ trình số \u{2}98/TTr-STTTT\u{2}."
        );
        for other in [
            "01/2022",
            "Hà Nội/Huế",
            "km/h",
            "24-7",
            "Chính quyền số/Chính phủ",
        ] {
            assert_eq!(clean(other), other);
        }
    }
}
