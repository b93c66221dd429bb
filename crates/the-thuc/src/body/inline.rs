//! Emphasis inside a line: `**bold**`, `*italic*`, escapes.

use serde::Serialize;

/// A run of text in one style. A line feed in it is a hard break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The words, as data.
    pub text: String,
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
}

impl Span {
    /// A run without emphasis.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            bold: false,
            italic: false,
        }
    }
}

/// The words without styles.
pub(crate) fn plain(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

/// Whether everything visible is bold (and there is something).
pub(crate) fn all_bold(spans: &[Span]) -> bool {
    let mut seen = false;
    for span in spans.iter().filter(|span| !span.text.trim().is_empty()) {
        if !span.bold {
            return false;
        }
        seen = true;
    }
    seen
}

/// Takes `count` characters from the front.
pub(crate) fn skip_chars(spans: &[Span], mut count: usize) -> Vec<Span> {
    let mut rest = Vec::new();
    for span in spans {
        let length = span.text.chars().count();
        if count >= length {
            count -= length;
            continue;
        }
        rest.push(Span {
            text: span.text.chars().skip(count).collect(),
            ..span.clone()
        });
        count = 0;
    }
    trim_start(&mut rest);
    rest
}

fn trim_start(spans: &mut Vec<Span>) {
    while let Some(first) = spans.first_mut() {
        let trimmed = first.text.trim_start();
        if trimmed.is_empty() {
            spans.remove(0);
        } else {
            first.text = trimmed.to_owned();
            break;
        }
    }
}

enum Piece {
    Text(String),
    Stars { count: usize, opens: bool, closes: bool },
}

/// Reads emphasis. Stars that do not form a pair stay as they are.
pub(crate) fn spans(line: &str) -> Vec<Span> {
    let mut pieces = pieces(line);
    let on = pair(&mut pieces);
    let mut spans: Vec<Span> = Vec::new();
    let (mut bold, mut italic) = (0_usize, 0_usize);
    for (index, piece) in pieces.into_iter().enumerate() {
        match piece {
            Piece::Text(text) => push(&mut spans, text, bold > 0, italic > 0),
            Piece::Stars { count, .. } => {
                push(&mut spans, "*".repeat(count), bold > 0, italic > 0);
                for (_, change, open) in on.iter().filter(|(at, ..)| *at == index) {
                    let level = if *change == 2 { &mut bold } else { &mut italic };
                    *level = if *open {
                        *level + 1
                    } else {
                        level.saturating_sub(1)
                    };
                }
            }
        }
    }
    spans
}

fn push(spans: &mut Vec<Span>, text: String, bold: bool, italic: bool) {
    if text.is_empty() {
        return;
    }
    match spans.last_mut() {
        Some(last) if last.bold == bold && last.italic == italic => last.text.push_str(&text),
        _ => spans.push(Span { text, bold, italic }),
    }
}

fn pieces(line: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut before = ' ';
    let mut signs = line.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' if signs.peek().is_some_and(char::is_ascii_punctuation) => {
                let escaped = signs.next().unwrap_or('\\');
                text.push(escaped);
                before = escaped;
            }
            '*' => {
                let mut count = 1;
                while signs.next_if_eq(&'*').is_some() {
                    count += 1;
                }
                let after = signs.peek().copied().unwrap_or(' ');
                pieces.push(Piece::Text(std::mem::take(&mut text)));
                let (opens, closes) = (!after.is_whitespace(), !before.is_whitespace());
                pieces.push(Piece::Stars { count, opens, closes });
                before = '*';
            }
            other => {
                text.push(other);
                before = other;
            }
        }
    }
    pieces.push(Piece::Text(text));
    pieces
}

/// Finds pairs; the stars used are taken from the pieces. Returns (piece, 1 italic or 2 bold, opens) in the order of application.
fn pair(pieces: &mut [Piece]) -> Vec<(usize, usize, bool)> {
    let mut openers: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    for index in 0..pieces.len() {
        let Piece::Stars { count, opens, closes } = pieces[index] else {
            continue;
        };
        let mut left = count;
        if closes {
            while left > 0 {
                let Some(&opener) = openers.last() else { break };
                let Piece::Stars { count: available, .. } = &mut pieces[opener] else {
                    break;
                };
                let used = if left >= 2 && *available >= 2 { 2 } else { 1 };
                *available -= used;
                left -= used;
                if *available == 0 {
                    openers.pop();
                }
                found.push((opener, used, true));
                found.push((index, used, false));
            }
        }
        if let Piece::Stars { count, .. } = &mut pieces[index] {
            *count = left;
        }
        if left > 0 && opens {
            openers.push(index);
        }
    }
    found.sort_by_key(|(at, ..)| *at);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn styled(line: &str) -> Vec<(String, bool, bool)> {
        spans(line)
            .into_iter()
            .map(|span| (span.text, span.bold, span.italic))
            .collect()
    }

    #[test]
    fn bold_and_italic_are_read_and_may_nest() {
        assert_eq!(
            styled("**Điều 1.** Ban *hành*"),
            [
                ("Điều 1.".into(), true, false),
                (" Ban ".into(), false, false),
                ("hành".into(), false, true)
            ]
        );
        assert_eq!(styled("***cả hai***"), [("cả hai".into(), true, true)]);
    }

    #[test]
    fn stars_without_a_partner_and_escaped_stars_are_text() {
        assert_eq!(styled("3 * 4 * 5"), [("3 * 4 * 5".into(), false, false)]);
        assert_eq!(styled("**mở"), [("**mở".into(), false, false)]);
        assert_eq!(
            styled(r"(*có định dạng: \*.txt; \*.rtf*)"),
            [
                ("(".into(), false, false),
                ("có định dạng: *.txt; *.rtf".into(), false, true),
                (")".into(), false, false)
            ]
        );
    }

    #[test]
    fn a_backslash_before_a_letter_stays() {
        assert_eq!(styled(r"D:\vanban"), [(r"D:\vanban".into(), false, false)]);
    }
}
