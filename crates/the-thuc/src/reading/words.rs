//! Small questions about words and lines.

use viet_text::fold;

use super::page::{Line, Page, Word};

/// The words with one space between them.
pub(super) fn text(words: &[Word]) -> String {
    words
        .iter()
        .map(|word| word.text.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Lines of one paragraph as one text; what was broken after a hyphen or slash inside a symbol is put together.
pub(super) fn joined<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    let mut whole = String::new();
    for line in lines.into_iter().map(str::trim).filter(|line| !line.is_empty()) {
        let symbol = whole.ends_with(['/', '-']) && !whole.ends_with(" -") && !whole.ends_with(" /");
        if !whole.is_empty() && !symbol {
            whole.push(' ');
        }
        whole.push_str(line);
    }
    whole
}

/// All text of the pages, one space between words.
pub(super) fn running_text(pages: &[Page]) -> String {
    joined(
        pages
            .iter()
            .flat_map(|page| &page.lines)
            .flat_map(|line| &line.words)
            .map(|word| word.text.as_str()),
    )
}

/// Where these folded words stand one after the other.
pub(super) fn position(words: &[Word], wanted: &[&str]) -> Option<usize> {
    words.windows(wanted.len()).position(|window| {
        window.iter().zip(wanted).all(|(word, wanted)| {
            fold(word.text.trim_matches(|sign: char| !sign.is_alphanumeric())) == *wanted
        })
    })
}

/// Has letters, and no small one among them.
pub(super) fn is_capitals(text: &str) -> bool {
    text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase)
}

/// Most letters are bold.
pub(super) fn is_bold(words: &[Word]) -> bool {
    share(words, |word| word.bold)
}

fn share(words: &[Word], is: impl Fn(&Word) -> bool) -> bool {
    let letters = |word: &Word| word.text.chars().count();
    let all: usize = words.iter().map(letters).sum();
    let some: usize = words.iter().filter(|word| is(word)).map(letters).sum();
    all > 0 && some * 2 > all
}

/// Left and right edge.
pub(super) fn span(words: &[Word]) -> (f64, f64) {
    let left = words.iter().map(|word| word.x0).fold(f64::INFINITY, f64::min);
    let right = words.iter().map(|word| word.x1).fold(f64::NEG_INFINITY, f64::max);
    (left, right)
}

/// The largest size.
pub(super) fn size(words: &[Word]) -> f64 {
    words.iter().map(|word| word.size).fold(0.0, f64::max)
}

/// Below this share of the size of the content stands nothing that is read: notes of signing programs, footnotes.
const SMALLEST: f64 = 0.72;

/// The page without its small print.
pub(super) fn without_small_print(page: &Page) -> Page {
    let mut sizes: Vec<(f64, usize)> = page
        .lines
        .iter()
        .flat_map(|line| &line.words)
        .map(|word| (word.size, word.text.chars().count()))
        .collect();
    sizes.sort_by(|one, other| one.0.total_cmp(&other.0));
    let letters: usize = sizes.iter().map(|(_, count)| count).sum();
    let mut passed = 0;
    let median = sizes.iter().find(|(_, count)| {
        passed += count;
        passed * 2 >= letters
    });
    let least = median.map_or(0.0, |(size, _)| size * SMALLEST);
    let lines = page.lines.iter().map(|line| Line {
        y: line.y,
        words: line
            .words
            .iter()
            .filter(|word| word.size >= least)
            .cloned()
            .collect(),
    });
    Page {
        lines: lines.filter(|line| !line.words.is_empty()).collect(),
        ..*page
    }
}

/// The line begins the list of recipients (ô 9b).
pub(super) fn is_recipients_line(line: &Line) -> bool {
    position(&line.words, &["noi", "nhan"]) == Some(0)
        && line.words.get(1).is_some_and(|word| {
            word.text.ends_with(':') || line.words.get(2).is_none_or(|next| next.text.starts_with(':'))
        })
}
