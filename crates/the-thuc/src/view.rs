//! What the templates print, word by word: capitals, closing signs and room for blanks are settled here, so that a template only lays out.

use jiff::civil::Date;
use serde::Serialize;

use crate::body::{Block, Body, Rank, Span, plain};
use crate::dates::{BLANK, blank_day, day_in_words, number_and_symbol, roman};
use crate::document::{HeadingSize, Kind, OfficialDocument, Part, PartKind, Reference};
use crate::pieces::{Piece, number_line, place_and_date};
use crate::register::RegisterSheet;
use crate::text::{capitals, clean, metadata};

#[derive(Debug, Serialize)]
pub(crate) struct OfficialView {
    title: String,
    author: String,
    sizes: Sizes,
    parent: Option<String>,
    agency: String,
    number: Vec<Piece>,
    place_date: Vec<Piece>,
    letter: bool,
    type_name: String,
    subject: String,
    urgency: Option<UrgencyView>,
    circulation: Option<String>,
    contact: Option<String>,
    addressees: Vec<String>,
    authority: Option<String>,
    blocks: Vec<BlockView>,
    recipients: Vec<String>,
    signature: SignatureView,
    parts: Vec<PartView>,
}

#[derive(Debug, Serialize)]
struct Sizes {
    agency: u8,
    nation: u8,
    motto: u8,
    day: u8,
}

#[derive(Debug, Serialize)]
struct UrgencyView {
    text: &'static str,
    width: f64,
    height: f64,
}

#[derive(Debug, Serialize)]
struct SignatureView {
    lines: Vec<String>,
    above: Option<String>,
    name: String,
}

#[derive(Debug, Serialize)]
struct PartView {
    masthead: bool,
    label: Option<String>,
    title: String,
    subject: String,
    reference: String,
    blocks: Vec<BlockView>,
}

#[derive(Debug, Serialize)]
struct BlockView {
    #[serde(flatten)]
    block: Block,
    /// Level in the outline of the PDF.
    level: u8,
    /// Short enough to be moved to the next page together with the signature.
    short: bool,
    /// Longer than any reasonable paragraph.
    long: bool,
    /// The columns of a table.
    columns: Vec<ColumnView>,
}

#[derive(Debug, Serialize)]
struct ColumnView {
    /// Relative to the other columns.
    width: f64,
    /// Numbers and dates, centred.
    short: bool,
}

impl OfficialView {
    pub fn new(document: &OfficialDocument) -> Self {
        let letter = matches!(document.kind, Kind::Letter { .. });
        let subject = clean(document.kind.subject());
        Self {
            title: metadata(&format!(
                "{} {}",
                document.kind.type_name(),
                document.kind.subject()
            )),
            author: metadata(&document.issuing.name),
            sizes: sizes(document.heading_size),
            parent: document.issuing.parent_name.as_deref().map(capitals),
            agency: capitals(&document.issuing.name),
            number: number_line(document),
            place_date: place_and_date(document),
            letter,
            type_name: capitals(document.kind.type_name()),
            subject: if letter { letter_subject(&subject) } else { subject },
            urgency: document.urgency.map(|mark| {
                let (width, height) = mark.size_mm();
                UrgencyView {
                    text: mark.text(),
                    width,
                    height,
                }
            }),
            circulation: document.circulation.as_deref().map(capitals),
            contact: document.contact_line.as_deref().map(clean),
            addressees: addressees(&document.addressees),
            authority: document.authority_line.as_deref().map(capitals),
            blocks: blocks(&document.body, document.closing_mark),
            recipients: recipients(document),
            signature: SignatureView {
                lines: document
                    .signature
                    .lines
                    .iter()
                    .map(|line| capitals(line))
                    .collect(),
                above: document.signature.title_above_name.as_deref().map(clean),
                name: clean(&document.signature.name),
            },
            parts: document
                .parts
                .iter()
                .map(|part| part_view(part, document))
                .collect(),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct RegisterView {
    title: String,
    author: String,
    parent: Option<String>,
    agency: String,
    book: String,
    year: String,
    span: Vec<String>,
    volume: String,
    widths: &'static [f64],
    columns: &'static [&'static str],
    rows: Vec<Vec<String>>,
}

impl RegisterView {
    pub fn new(sheet: &RegisterSheet) -> Self {
        let dots = "………";
        let (from_day, to_day) = sheet.days.map_or_else(
            || (format!("ngày {dots}"), format!("ngày {dots}")),
            |(from, to)| (short_day(from), short_day(to)),
        );
        let (from, to) = sheet
            .numbers
            .as_ref()
            .map_or((dots, dots), |(from, to)| (from.as_str(), to.as_str()));
        let volume = sheet
            .volume
            .map_or_else(|| dots.to_owned(), |number| format!("{number:02}"));
        Self {
            title: format!("{} năm {}", sheet.book.title(), sheet.year),
            author: metadata(&sheet.agency.name),
            parent: sheet.agency.parent_name.as_deref().map(capitals),
            agency: capitals(&sheet.agency.name),
            book: capitals(sheet.book.title()),
            year: format!("Năm: {}", sheet.year),
            span: [
                Some(format!("Từ {from_day} đến {to_day}")),
                sheet
                    .book
                    .has_numbers()
                    .then(|| clean(&format!("Từ số {from} đến số {to}"))),
            ]
            .into_iter()
            .flatten()
            .collect(),
            volume: format!("Quyển số: {volume}"),
            widths: sheet.book.widths(),
            columns: sheet.book.columns(),
            rows: sheet
                .rows
                .iter()
                .map(|row| {
                    let cell = |index: usize| row.get(index).map_or_else(String::new, |cell| clean(cell));
                    (0..sheet.book.columns().len()).map(cell).collect()
                })
                .collect(),
        }
    }
}

fn short_day(day: Date) -> String {
    format!("ngày {:02}/{:02}/{}", day.day(), day.month(), day.year())
}

/// Size of ô 4, points.
pub(crate) fn date_size(heading: HeadingSize) -> f64 {
    sizes(heading).day.into()
}

fn sizes(heading: HeadingSize) -> Sizes {
    match heading {
        HeadingSize::Twelve => Sizes {
            agency: 12,
            nation: 12,
            motto: 13,
            day: 13,
        },
        HeadingSize::Thirteen => Sizes {
            agency: 13,
            nation: 13,
            motto: 14,
            day: 14,
        },
    }
}

fn day(document: &OfficialDocument) -> String {
    document
        .date
        .map_or_else(|| blank_day(document.blank_year), day_in_words)
}

fn letter_subject(subject: &str) -> String {
    if subject.starts_with("V/v") {
        subject.to_owned()
    } else {
        format!("V/v {subject}")
    }
}

/// One name stands alone; several end with `;` and the last with a full stop (khoản 9a).
fn addressees(names: &[String]) -> Vec<String> {
    let names: Vec<_> = names
        .iter()
        .map(|name| without_dash(name))
        .filter(|name| !name.is_empty())
        .collect();
    if names.len() < 2 { names } else { closed(names) }
}

fn recipients(document: &OfficialDocument) -> Vec<String> {
    let mut lines: Vec<_> = document
        .recipients
        .iter()
        .map(|line| without_dash(line))
        .filter(|line| !line.is_empty())
        .collect();
    // the list of a document with Kính gửi begins so (khoản 9b)
    if !document.addressees.is_empty() && !lines.iter().any(|line| line.starts_with("Như trên")) {
        lines.insert(0, "Như trên".to_owned());
    }
    let keep = document
        .keep_line
        .as_deref()
        .map(clean)
        .filter(|line| !line.is_empty());
    if let Some(keep) = keep {
        lines.push(format!("Lưu: {keep}"));
    }
    let mut lines = closed(lines);
    if let (Some(mark), Some(last)) = (&document.drafter_mark, lines.last_mut()) {
        last.push(' ');
        last.push_str(&clean(mark));
    }
    lines
}

fn without_dash(line: &str) -> String {
    let line = clean(line);
    let line = line.strip_prefix(['-', '–']).unwrap_or(&line).trim();
    line.trim_end_matches([';', '.', ',', ' ']).to_owned()
}

fn closed(mut lines: Vec<String>) -> Vec<String> {
    let last = lines.len().saturating_sub(1);
    for (index, line) in lines.iter_mut().enumerate() {
        let kept = line.trim_end_matches([';', '.', ',', ' ']).len();
        line.truncate(kept);
        line.push(if index == last { '.' } else { ';' });
    }
    lines
}

fn part_view(part: &Part, document: &OfficialDocument) -> PartView {
    let reference = clean(&reference(part, document));
    let blocks = blocks(&part.body, part.closing_mark);
    let (masthead, label, title) = match &part.kind {
        PartKind::Attached { type_name } => (true, None, capitals(type_name)),
        PartKind::Appendix { number } => {
            let label = number.map_or_else(
                || "Phụ lục".to_owned(),
                |number| format!("Phụ lục {}", roman(number)),
            );
            (false, Some(label), capitals(&part.subject))
        }
    };
    PartView {
        masthead,
        label,
        title,
        subject: clean(&part.subject),
        reference,
        blocks,
    }
}

fn reference(part: &Part, document: &OfficialDocument) -> String {
    let name = document.issuing.name.replace('\n', " ");
    let (number, day) = match &part.reference {
        Reference::Text(text) => return text.clone(),
        Reference::Blank => (None, blank_day(None)),
        Reference::Filled => (document.number.as_deref(), day(document)),
    };
    let number = number.unwrap_or(BLANK);
    let type_name = document.kind.type_name();
    format!(
        "(Kèm theo {type_name} số {}\n{day} của {name})",
        number_and_symbol(Some(number), &document.symbol)
    )
}

fn blocks(body: &Body, closing_mark: bool) -> Vec<BlockView> {
    let mut ranks: Vec<Rank> = Vec::new();
    let mut views: Vec<_> = body
        .blocks
        .iter()
        .map(|block| block_view(block, &mut ranks))
        .collect();
    if closing_mark {
        close(&mut views);
    }
    views
}

fn block_view(block: &Block, ranks: &mut Vec<Rank>) -> BlockView {
    let mut block = block.clone();
    for_each_text(&mut block, &mut |span| span.text = clean(&span.text));
    let below = |ranks: &[Rank]| u8::try_from(ranks.len()).unwrap_or(u8::MAX).saturating_add(2);
    let mut columns_of_table = Vec::new();
    let level = match &mut block {
        Block::Division { rank, title, .. } => {
            title
                .iter_mut()
                .for_each(|span| span.text = span.text.to_uppercase());
            ranks.retain(|above| above < rank);
            let level = below(ranks);
            ranks.push(*rank);
            level
        }
        Block::Headline { title, .. } => {
            title
                .iter_mut()
                .for_each(|span| span.text = span.text.to_uppercase());
            below(ranks)
        }
        Block::Table { rows, .. } => {
            columns_of_table = columns(rows);
            below(ranks)
        }
        _ => below(ranks),
    };
    let length = text_of(&block).map_or(1000, |text| plain(text).chars().count());
    BlockView {
        block,
        level,
        short: length <= 700,
        long: length > 10_000,
        columns: columns_of_table,
    }
}

fn columns(rows: &[Vec<Vec<Span>>]) -> Vec<ColumnView> {
    let longest = |column: usize, rows: &[Vec<Vec<Span>>]| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| plain(cell).chars().count()).max().unwrap_or(0)
    };
    let count = rows.first().map_or(0, Vec::len);
    (0..count)
        .map(|column| {
            let letters = u32::try_from(longest(column, rows).clamp(4, 120)).unwrap_or(120);
            let below_head = rows.get(1..).unwrap_or_default();
            ColumnView {
                width: f64::from(letters).powf(0.6),
                short: longest(column, below_head) <= 12,
            }
        })
        .collect()
}

/// Ends the content with `./.` in place of its last sign.
fn close(views: &mut Vec<BlockView>) {
    if views.is_empty() {
        return;
    }
    let last = views
        .last_mut()
        .and_then(|view| text_of_mut(&mut view.block))
        .and_then(|text| text.last_mut());
    match last {
        Some(span) => {
            let text = span.text.trim_end();
            let text = text
                .strip_suffix("./.")
                .unwrap_or(text)
                .trim_end_matches(['.', ';', ' ']);
            span.text = format!("{text}./.");
        }
        None => views.push(BlockView {
            block: Block::Paragraph {
                text: vec![Span::plain("./.")],
            },
            level: 2,
            short: true,
            long: false,
            columns: Vec::new(),
        }),
    }
}

/// The text of a block that is running text.
fn text_of(block: &Block) -> Option<&Vec<Span>> {
    match block {
        Block::Ground { text }
        | Block::Article { text, .. }
        | Block::Clause { text, .. }
        | Block::Point { text, .. }
        | Block::Dash { text, .. }
        | Block::Subheading { text }
        | Block::Paragraph { text } => Some(text),
        Block::Enacting { .. } | Block::Division { .. } | Block::Headline { .. } | Block::Table { .. } => {
            None
        }
    }
}

fn text_of_mut(block: &mut Block) -> Option<&mut Vec<Span>> {
    match block {
        Block::Ground { text }
        | Block::Article { text, .. }
        | Block::Clause { text, .. }
        | Block::Point { text, .. }
        | Block::Dash { text, .. }
        | Block::Subheading { text }
        | Block::Paragraph { text } => Some(text),
        Block::Enacting { .. } | Block::Division { .. } | Block::Headline { .. } | Block::Table { .. } => {
            None
        }
    }
}

fn for_each_text(block: &mut Block, act: &mut impl FnMut(&mut Span)) {
    match block {
        Block::Division { title, .. } | Block::Headline { title, .. } => title.iter_mut().for_each(act),
        Block::Table { rows, .. } => rows.iter_mut().flatten().flatten().for_each(act),
        Block::Enacting { text } => *text = clean(text),
        other => text_of_mut(other).into_iter().flatten().for_each(act),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_lines_end_with_semicolons_and_a_full_stop() {
        let lines = ["- Sở Nội vụ;", "UBND huyện", "Lưu: VT."]
            .map(str::to_owned)
            .to_vec();
        assert_eq!(closed(lines), ["- Sở Nội vụ;", "UBND huyện;", "Lưu: VT."]);
        assert_eq!(addressees(&["- Sở Nội vụ;".to_owned()]), ["Sở Nội vụ"]);
    }

    #[test]
    fn the_closing_mark_replaces_the_last_sign_and_follows_a_table() {
        let last = |text: &str| match blocks(&Body::parse(text), true).pop().map(|view| view.block) {
            Some(Block::Paragraph { text }) => plain(&text),
            other => panic!("{other:?}"),
        };
        assert_eq!(last("Hết."), "Hết./.");
        assert_eq!(last("Hết./."), "Hết./.");
        assert_eq!(last("| a | b |\n| c | d |"), "./.");
        assert!(blocks(&Body::default(), true).is_empty());
    }
}
