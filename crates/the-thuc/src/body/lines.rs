//! From raw text to logical lines.

use super::inline::{self, Span};

/// A logical line: hard breaks joined by line feeds, Markdown heading signs taken off.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Number of `#` signs, 0 for none.
    pub heading: usize,
    /// The words with emphasis.
    pub spans: Vec<Span>,
    /// The words as written, without the heading signs (for tables and for handing text on).
    pub raw: String,
}

impl Line {
    /// The words without styles.
    pub fn plain(&self) -> String {
        inline::plain(&self.spans)
    }

    /// Whether it stands out as a title: a heading or bold from end to end.
    pub fn stands_out(&self) -> bool {
        self.heading > 0 || inline::all_bold(&self.spans)
    }
}

/// Splits text into logical lines; blank lines and rules (`---`) are left out.
pub(crate) fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut open: Option<String> = None;
    let text = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{b}', '\u{2028}', '\u{2029}'], "\n");
    for raw in text.split('\n') {
        let hard_break = raw.ends_with("  ") || (raw.ends_with('\\') && !raw.ends_with("\\\\"));
        let content = raw.trim();
        let content = if hard_break {
            content.trim_end_matches('\\').trim_end()
        } else {
            content
        };
        if content.is_empty() {
            lines.extend(open.take().map(|text| line(&text)));
            continue;
        }
        let joined = match open.take() {
            Some(mut before) => {
                before.push('\n');
                before.push_str(content);
                before
            }
            None => content.to_owned(),
        };
        if hard_break {
            open = Some(joined);
        } else {
            lines.push(line(&joined));
        }
    }
    lines.extend(open.map(|text| line(&text)));
    lines.retain(|line| !is_rule(&line.raw) && !line.plain().trim().is_empty());
    lines
}

fn line(text: &str) -> Line {
    let signs = text.chars().take_while(|sign| *sign == '#').count();
    let is_heading = (1..=6).contains(&signs) && text[signs..].starts_with(' ');
    let (heading, raw) = if is_heading {
        (signs, text[signs..].trim())
    } else {
        (0, text)
    };
    let raw = raw.replace("<br>", "\n").replace("<br/>", "\n");
    Line {
        heading,
        spans: inline::spans(&raw),
        raw,
    }
}

fn is_rule(raw: &str) -> bool {
    raw.len() >= 3
        && ["-", "*", "_"]
            .iter()
            .any(|sign| raw.replace(sign, "").trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spaces_or_a_backslash_at_the_end_continue_the_line() {
        let read: Vec<_> = lines("Một  \nhai\\\nba\n\nbốn\r\n---\n")
            .iter()
            .map(Line::plain)
            .collect();
        assert_eq!(read, ["Một\nhai\nba", "bốn"]);
    }

    #[test]
    fn heading_signs_need_a_space() {
        let read = lines("## Chương I\n#import \"x\"");
        assert_eq!((read[0].heading, read[0].plain().as_str()), (2, "Chương I"));
        assert_eq!((read[1].heading, read[1].plain().as_str()), (0, "#import \"x\""));
    }
}
