//! Ô 1 to 4 and 5b: the two columns at the head of page 1.

mod said;

use jiff::civil::Date;
use viet_text::fold;

use super::{
    Certainty,
    page::{Line, Page, Word},
    words::{is_bold, is_capitals, joined, position, size, span, text},
};
use said::{
    NumberAndSymbol, date_in, goes_on, number_and_symbol, place_in, starts_letter_subject, starts_number,
    without_about,
};

/// What stands in the heading.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Heading {
    pub agency: Option<String>,
    pub parent: Option<String>,
    pub number: Option<NumberAndSymbol>,
    pub place: Option<String>,
    pub date: Option<Date>,
    /// Trích yếu of a công văn (ô 5b), without "V/v".
    pub letter_subject: Option<String>,
    /// Index of the first line below the heading.
    pub end: usize,
    /// Sure when Quốc hiệu was found, by which the columns are known.
    pub certainty: Certainty,
}

/// No heading reaches further down the page than this share of it.
const LOWEST: f64 = 0.6;

/// Reads the heading of page 1.
pub(super) fn read(page: &Page) -> Heading {
    let anchor = anchor(page);
    let certainty = if anchor.is_some() {
        Certainty::Sure
    } else {
        Certainty::Guess
    };
    let (start, boundary) = match anchor {
        Some((line, x)) => (above(page, line, x), x),
        None => (0, page.width * 0.48),
    };
    let mut columns = Columns::new(boundary);
    let mut end = start;
    for (index, line) in page.lines.iter().enumerate().skip(start) {
        if line.y > page.height * LOWEST || !columns.take(line) {
            break;
        }
        end = index + 1;
    }
    columns.into_heading(end, certainty)
}

/// The line of Quốc hiệu and where it begins; for papers of the Party its own heading.
fn anchor(page: &Page) -> Option<(usize, f64)> {
    page.lines.iter().enumerate().find_map(|(index, line)| {
        if line.y > page.height * 0.4 {
            return None;
        }
        let at = position(&line.words, &["cong", "hoa", "xa", "hoi"])
            .or_else(|| position(&line.words, &["dang", "cong", "san", "viet", "nam"]))?;
        let words = line.words.get(at..)?;
        is_capitals(&text(words)).then(|| (index, span(words).0))
    })
}

/// A name of three lines beside two begins above Quốc hiệu.
fn above(page: &Page, line: usize, boundary: f64) -> usize {
    let mut start = line;
    while let Some(before) = start.checked_sub(1).and_then(|index| page.lines.get(index)) {
        let Some(here) = page.lines.get(start) else { break };
        let size = size(&before.words);
        let near = here.y - before.y < size * 1.8;
        if !near || span(&before.words).1 > boundary || !is_capitals(&text(&before.words)) {
            break;
        }
        start -= 1;
    }
    start
}

/// What a line of the left column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    Agency,
    Number,
    Subject,
}

struct LeftLine {
    is: Left,
    text: String,
    bold: bool,
}

/// The two columns as they fill line by line.
struct Columns {
    boundary: f64,
    left: Vec<LeftLine>,
    right: Vec<String>,
    /// Baseline and size of the last line of the left column.
    last: Option<(f64, f64)>,
}

impl Columns {
    fn new(boundary: f64) -> Self {
        Self {
            boundary,
            left: Vec::new(),
            right: Vec::new(),
            last: None,
        }
    }

    fn has(&self, what: Left) -> bool {
        self.left.iter().any(|line| line.is == what)
    }

    fn date_found(&self) -> bool {
        date_in(&joined(self.right.iter().map(String::as_str))).is_some()
    }

    /// Takes a line of the heading; false when the heading ended before it.
    fn take(&mut self, line: &Line) -> bool {
        let date_found = self.date_found();
        let at = self.split(line, date_found);
        let (left, right) = line.words.split_at(at);
        let crosses = !left.is_empty() && span(left).1 > self.boundary + 3.0 && right.is_empty();
        if self.has(Left::Number) && (crosses || (date_found && !right.is_empty() && !left.is_empty())) {
            // the title across the page, or Kính gửi, which may stand beside the last words of ô 5b
            let beside = right
                .first()
                .is_some_and(|word| word.text.to_lowercase() == "kính");
            if beside && self.has(Left::Subject) {
                self.take_left(line, left);
            }
            return false;
        }
        if crosses && self.has(Left::Agency) && span(left).1 > self.boundary + 25.0 {
            return false;
        }
        // lines made of underscores or stars stand below Tiêu ngữ and the name of the agency
        if has_letters(left) && !self.take_left(line, left) {
            return false;
        }
        if has_letters(right) {
            if date_found && left.is_empty() {
                // nothing belongs under the date
                return false;
            }
            self.right.push(text(right));
        }
        true
    }

    fn take_left(&mut self, line: &Line, left: &[Word]) -> bool {
        let words = text(left);
        // "số 57-NQ/TW …" may also begin a later line of ô 5b
        let is = if starts_number(&words) && !self.has(Left::Subject) {
            if self.has(Left::Number) {
                return false;
            }
            Left::Number
        } else if !self.has(Left::Number) {
            Left::Agency
        } else if starts_letter_subject(&words) && !(self.has(Left::Subject) && goes_on(&words)) {
            if self.has(Left::Subject) {
                return false;
            }
            Left::Subject
        } else if urgency_of(&words) {
            // ô 10b is read with the title
            return true;
        } else if self.has(Left::Subject) {
            let near = self
                .last
                .is_none_or(|(y, before)| line.y - y < before.max(size(left)) * 1.9);
            if !near {
                return false;
            }
            Left::Subject
        } else if self.symbol_goes_on() && !words.contains(' ') {
            Left::Number
        } else {
            return false;
        };
        self.last = Some((line.y, size(left)));
        self.left.push(LeftLine {
            is,
            text: words,
            bold: is_bold(left),
        });
        true
    }

    /// The symbol was broken at its hyphen.
    fn symbol_goes_on(&self) -> bool {
        self.left
            .last()
            .is_some_and(|line| line.is == Left::Number && line.text.ends_with(['-', '/', '.']))
    }

    /// Index of the first word of the right column.
    fn split(&self, line: &Line, date_found: bool) -> usize {
        let words = &line.words;
        if let Some(at) = position(words, &["doc", "lap"])
            && position(words, &["tu", "do"]).is_some()
        {
            return at;
        }
        if !date_found && let Some(at) = self.day_at(words) {
            return place_before(words, at);
        }
        let beyond = words.iter().position(|word| word.x0 >= self.boundary - 2.0);
        beyond.map_or(words.len(), |at| run_start(words, at))
    }

    /// The word "ngày" of ô 4, with "tháng" after it on the line or the place before it.
    fn day_at(&self, words: &[Word]) -> Option<usize> {
        if self.has(Left::Subject) {
            return None;
        }
        words.iter().enumerate().find_map(|(index, word)| {
            let month = words.iter().skip(index).any(|later| fold(&later.text) == "thang");
            let comma = index.checked_sub(1).and_then(|before| words.get(before));
            let after_place = comma.is_some_and(|before| before.text.ends_with(','));
            (fold(&word.text) == "ngay" && (month || after_place)).then_some(index)
        })
    }

    fn into_heading(self, end: usize, certainty: Certainty) -> Heading {
        let of = |what: Left| self.left.iter().filter(move |line| line.is == what);
        let texts = |what: Left| joined(of(what).map(|line| line.text.as_str()));
        let (parent, agency) = agencies(&of(Left::Agency).collect::<Vec<_>>());
        let day = below_motto(&self.right);
        let number: String = of(Left::Number)
            .map(|line| line.text.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        let subject = texts(Left::Subject);
        Heading {
            agency,
            parent,
            number: number_and_symbol(&number),
            place: place_in(&day),
            date: date_in(&day),
            letter_subject: Some(without_about(&subject).to_owned()).filter(|subject| !subject.is_empty()),
            end,
            certainty,
        }
    }
}

fn has_letters(words: &[Word]) -> bool {
    words
        .iter()
        .any(|word| word.text.chars().any(char::is_alphanumeric))
}

/// Where the place begins whose day is at `day`.
fn place_before(words: &[Word], day: usize) -> usize {
    let mut start = day;
    while let Some(before) = start.checked_sub(1).and_then(|index| words.get(index)) {
        let (Some(here), Some(day)) = (words.get(start), words.get(day)) else {
            break;
        };
        let far = here.x0 - before.x1 > here.size;
        let other_style = day.italic && !before.italic;
        if far || other_style || before.text.contains('/') {
            break;
        }
        start -= 1;
    }
    start
}

/// Where the words begin that were drawn together with the word at `at`, when there is a gap before them: what is centred in its
/// column may begin left of Quốc hiệu.
fn run_start(words: &[Word], at: usize) -> usize {
    let follows = |index: usize| words.get(index).is_some_and(|word| word.follows);
    let start = (0..=at).rev().find(|index| !follows(*index)).unwrap_or(at);
    let parted = start
        .checked_sub(1)
        .and_then(|before| words.get(before))
        .zip(words.get(start));
    match parted {
        Some((before, here)) if here.x0 - before.x1 > 0.6 * here.size => start,
        _ => at,
    }
}

/// The right column below ô 1, whose lines may be broken.
fn below_motto(right: &[String]) -> String {
    let words: Vec<&str> = right.iter().flat_map(|line| line.split_whitespace()).collect();
    let motto = words
        .windows(2)
        .position(|pair| matches!(pair, [first, second] if fold(first) == "hanh" && fold(second) == "phuc"));
    let below = match motto {
        Some(at) => words.get(at + 2..).unwrap_or_default(),
        None => {
            let nation = words
                .iter()
                .position(|word| matches!(fold(word).as_str(), "nam" | "doan" | "dang"));
            words
                .get(nation.filter(|_| right.len() > 1).map_or(0, |at| at + 1)..)
                .unwrap_or_default()
        }
    };
    below.join(" ")
}

fn urgency_of(line: &str) -> bool {
    super::title::urgency_mark(line).is_some()
}

/// Ô 2: the name above in plain letters, the issuing one in bold.
fn agencies(lines: &[&LeftLine]) -> (Option<String>, Option<String>) {
    let lines: Vec<_> = lines
        .iter()
        .filter(|line| line.text.chars().any(char::is_alphabetic))
        .collect();
    let first_bold = lines.iter().position(|line| line.bold);
    let begin = match first_bold {
        Some(at) if at > 0 => at,
        // no difference in weight: a second name begins with the word for a body below the first one
        _ => {
            let above = lines.first().is_some_and(|line| has_bodies_below(&line.text));
            let second = lines.iter().skip(1).position(|line| begins_body(&line.text));
            second.filter(|_| above).map_or(0, |at| at + 1)
        }
    };
    let (parent, agency) = lines.split_at(begin.min(lines.len()));
    let name = |lines: &[&&LeftLine]| {
        let whole = joined(lines.iter().map(|line| line.text.as_str()));
        let name = whole.trim_matches(['*', '-', '–', '_', ' ']);
        (!name.is_empty()).then(|| name.to_owned())
    };
    (name(parent), name(agency))
}

/// Whether a line of capitals begins with a body that stands below others.
fn begins_body(line: &str) -> bool {
    const BODIES: [&str; 18] = [
        "sở",
        "phòng",
        "chi cục",
        "cục",
        "ban quản lý",
        "trường",
        "trung tâm",
        "thanh tra",
        "viện",
        "bệnh viện",
        "trạm",
        "đội",
        "hạt",
        "văn phòng",
        "vụ",
        "tổng cục",
        "quỹ",
        "kho bạc",
    ];
    begins_with_any(line, &BODIES)
}

/// Whether a line of capitals names a body that has others below it.
fn has_bodies_below(line: &str) -> bool {
    const BODIES: [&str; 7] = ["ubnd", "hđnd", "ủy ban nhân dân", "sở", "bộ", "cục", "tổng cục"];
    begins_with_any(line, &BODIES)
}

fn begins_with_any(line: &str, heads: &[&str]) -> bool {
    let line = super::title::spelling(line);
    heads
        .iter()
        .any(|head| line.strip_prefix(head).is_some_and(|rest| rest.starts_with(' ')))
}
