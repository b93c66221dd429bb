//! RTF: its letters and line breaks, nothing else of it.

use super::MAX_TEXT;

/// The text of an RTF file. Never fails: what is not understood is left out.
pub fn text(content: &[u8]) -> String {
    let content = &content[..content.len().min(MAX_TEXT)];
    let mut text = String::new();
    let mut rest = content.iter().copied().peekable();
    // Characters after \u that old readers show instead.
    let mut to_skip = 0_usize;
    while let Some(byte) = rest.next() {
        match byte {
            b'\\' => match rest.peek().copied() {
                Some(b'\'') => {
                    rest.next();
                    let code: Vec<u8> = rest.by_ref().take(2).collect();
                    let letter = std::str::from_utf8(&code)
                        .ok()
                        .and_then(|hex| u8::from_str_radix(hex, 16).ok());
                    if to_skip > 0 {
                        to_skip -= 1;
                    } else if let Some(letter) = letter {
                        text.push(windows_1258(letter));
                    }
                }
                Some(letter) if letter.is_ascii_alphabetic() => {
                    let (mut word, mut number) = (String::new(), String::new());
                    while let Some(letter) = rest.next_if(u8::is_ascii_alphabetic) {
                        word.push(char::from(letter));
                    }
                    while let Some(digit) =
                        rest.next_if(|byte| byte.is_ascii_digit() || (number.is_empty() && *byte == b'-'))
                    {
                        number.push(char::from(digit));
                    }
                    rest.next_if_eq(&b' ');
                    match word.as_str() {
                        "u" => {
                            // Written as a signed 16-bit number; half of a pair is left out.
                            let code = number.parse::<i32>().unwrap_or_default();
                            let code = u32::try_from(if code < 0 { code + 65_536 } else { code });
                            text.extend(code.ok().and_then(char::from_u32));
                            to_skip = 1;
                        }
                        "par" | "line" | "cell" | "row" | "sect" | "page" => text.push('\n'),
                        "tab" => text.push(' '),
                        _ => {}
                    }
                }
                Some(b'~') => {
                    rest.next();
                    text.push(' ');
                }
                Some(symbol @ (b'\\' | b'{' | b'}')) => {
                    rest.next();
                    text.push(char::from(symbol));
                }
                Some(_) => {
                    rest.next();
                }
                None => {}
            },
            b'{' | b'}' => to_skip = 0,
            b'\r' | b'\n' => {}
            _ if to_skip > 0 => to_skip -= 1,
            other => text.push(windows_1258(other)),
        }
    }
    viet_text::nfc(&text)
}

/// The Vietnamese code page of Windows: Latin-1 but for the letters of Vietnamese and its combining tones.
fn windows_1258(byte: u8) -> char {
    match byte {
        0xC3 => 'Ă',
        0xCC => '\u{300}',
        0xD0 => 'Đ',
        0xD2 => '\u{309}',
        0xD5 => 'Ơ',
        0xDD => 'Ư',
        0xDE => '\u{303}',
        0xE3 => 'ă',
        0xEC => '\u{301}',
        0xF0 => 'đ',
        0xF2 => '\u{323}',
        0xF5 => 'ơ',
        0xFD => 'ư',
        other => char::from(other),
    }
}
