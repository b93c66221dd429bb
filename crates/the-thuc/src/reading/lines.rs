//! From single signs to lines of words.

use unicode_normalization::UnicodeNormalization;

use super::page::{Line, Word};

/// One sign as it was drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mark {
    pub x0: f64,
    pub x1: f64,
    pub y: f64,
    pub size: f64,
    pub bold: bool,
    pub italic: bool,
    /// Its place in the order of drawing.
    pub order: usize,
    /// A space, which parts words and is no letter.
    pub space: bool,
    pub text: String,
}

/// Signs whose baselines differ by less than this share of their size stand on one line: cells of a row, raised figures.
const SAME_LINE: f64 = 0.3;
/// Signs of one line have sizes within this share of each other.
const LIKE_SIZE: f64 = 0.75;
/// A gap of this share of the size parts words where no space was drawn.
const WORD_GAP: f64 = 0.18;

/// The lines from top to bottom.
pub(super) fn lines(mut marks: Vec<Mark>) -> Vec<Line> {
    marks.sort_by(|one, other| one.y.total_cmp(&other.y).then(one.order.cmp(&other.order)));
    let mut rows: Vec<(f64, f64, Vec<Mark>)> = Vec::new();
    for mark in marks {
        // small print laid over a line is a line of its own
        let fits = |(y, size, _): &&mut (f64, f64, Vec<Mark>)| {
            let (small, large) = (size.min(mark.size), size.max(mark.size));
            mark.y - *y < SAME_LINE * large && small > LIKE_SIZE * large
        };
        match rows.iter_mut().rev().take(3).find(fits) {
            Some((_, size, row)) => {
                *size = size.max(mark.size);
                row.push(mark);
            }
            None => rows.push((mark.y, mark.size, vec![mark])),
        }
    }
    rows.into_iter()
        .map(|(_, _, row)| line(row))
        .filter(|line| !line.words.is_empty())
        .collect()
}

fn line(mut row: Vec<Mark>) -> Line {
    row.sort_by(|one, other| one.x0.total_cmp(&other.x0).then(one.order.cmp(&other.order)));
    let mut words: Vec<(Word, usize)> = Vec::new();
    let mut letters: Vec<Mark> = Vec::new();
    let mut parted = true;
    let mut y: Option<f64> = None;
    for mark in row {
        if mark.space {
            parted = true;
            continue;
        }
        // the same sign drawn twice with a shift is bold for the eye
        if let Some(before) = letters.last_mut()
            && before.text == mark.text
            && mark.x0 - before.x0 < 0.25 * (before.x1 - before.x0)
        {
            before.bold = true;
            continue;
        }
        let gap = letters
            .last()
            .is_some_and(|before| mark.x0 - before.x1 > WORD_GAP * before.size.max(mark.size));
        if (parted || gap) && !letters.is_empty() {
            push(&mut words, &letters);
            letters.clear();
        }
        parted = false;
        y = Some(y.map_or(mark.y, |known| known.max(mark.y)));
        letters.push(mark);
    }
    push(&mut words, &letters);
    Line {
        y: y.unwrap_or_default(),
        words: words.into_iter().map(|(word, _)| word).collect(),
    }
}

/// Adds the word made of these letters.
fn push(words: &mut Vec<(Word, usize)>, letters: &[Mark]) {
    let (Some(first), Some(last)) = (letters.first(), letters.last()) else {
        return;
    };
    let text: String = letters.iter().flat_map(|mark| mark.text.chars()).nfc().collect();
    let most = |is: fn(&Mark) -> bool| letters.iter().filter(|mark| is(mark)).count() * 2 > letters.len();
    // words of one paragraph are drawn one after the other, with a few spaces between them
    let follows = words
        .last()
        .is_some_and(|(_, end)| first.order > *end && first.order - end <= 3);
    words.push((
        Word {
            x0: first.x0,
            x1: letters.iter().map(|mark| mark.x1).fold(last.x1, f64::max),
            size: first.size,
            bold: most(|mark| mark.bold),
            italic: most(|mark| mark.italic),
            follows,
            text,
        },
        last.order,
    ));
}
