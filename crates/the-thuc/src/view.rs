//! What the templates print, word by word: capitals, closing signs and room for blanks are settled here, so that a template only lays out.

use jiff::civil::Date;
use serde::Serialize;

use crate::blocks::{BlockView, blocks};
use crate::body::Body;
use crate::dates::{BLANK, blank_day, day_in_words, number_and_symbol, roman};
use crate::document::{HeadingSize, Kind, OfficialDocument, Part, PartKind, Reference};
use crate::form::Form;
use crate::pieces::{Piece, number_line, place_and_date};
use crate::register::RegisterSheet;
use crate::text::{capitals, clean, metadata};

#[derive(Debug, Serialize)]
pub(crate) struct OfficialView {
    pub title: String,
    pub author: String,
    pub sizes: Sizes,
    pub parent: Option<String>,
    pub agency: String,
    pub number: Vec<Piece>,
    pub place_date: Vec<Piece>,
    pub dated: bool,
    pub letter: bool,
    pub type_name: String,
    pub subject: String,
    pub urgency: Option<UrgencyView>,
    pub circulation: Option<String>,
    pub contact: Option<String>,
    pub addressees: Vec<String>,
    pub authority: Option<String>,
    pub telegram: Option<TelegramView>,
    pub blocks: Vec<BlockView>,
    pub recipients: Vec<String>,
    pub signature: SignatureView,
    pub secretary: Option<SignatureView>,
    pub confirmation: bool,
    pub parts: Vec<PartView>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Sizes {
    pub agency: u8,
    pub nation: u8,
    pub motto: u8,
    pub day: u8,
}

#[derive(Debug, Serialize)]
pub(crate) struct UrgencyView {
    pub text: &'static str,
    pub width: f64,
    pub height: f64,
}

#[derive(Debug, Serialize)]
pub(crate) struct SignatureView {
    pub lines: Vec<String>,
    pub above: Option<String>,
    pub name: String,
}

/// Who wires whom (mẫu 1.6).
#[derive(Debug, Serialize)]
pub(crate) struct TelegramView {
    pub line: String,
    pub receivers: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct PartView {
    pub masthead: bool,
    pub label: Option<String>,
    pub title: String,
    pub subject: String,
    pub reference: String,
    pub blocks: Vec<BlockView>,
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
            dated: document.form.is_dated(),
            letter,
            type_name: capitals(document.kind.type_name()),
            subject: if letter {
                letter_subject(&subject)
            } else if document.form.prints_subject() {
                subject
            } else {
                String::new()
            },
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
            telegram: match &document.form {
                Form::Telegram(form) => Some(TelegramView {
                    line: format!("{} điện:", clean(&form.sender)),
                    receivers: closed(form.receivers.iter().map(|name| without_dash(name)).collect()),
                }),
                _ => None,
            },
            blocks: blocks(&content(document), document.closing_mark),
            recipients: recipients(document),
            signature: signature(document),
            secretary: match &document.form {
                Form::Minutes(form) => Some(SignatureView {
                    lines: vec!["THƯ KÝ".to_owned()],
                    above: None,
                    name: clean(&name_alone(&form.secretary)),
                }),
                _ => None,
            },
            confirmation: matches!(&document.form, Form::Leave(form) if form.confirmation),
            parts: document
                .parts
                .iter()
                .map(|part| part_view(part, document))
                .collect(),
        }
    }
}

/// The content with what the template says around it.
fn content(document: &OfficialDocument) -> Body {
    let agency = document.issuing.name.replace('\n', " ");
    let (mut blocks, after) = document.form.around(&agency);
    blocks.extend(document.body.blocks.iter().cloned());
    blocks.extend(after);
    Body { blocks }
}

fn signature(document: &OfficialDocument) -> SignatureView {
    let signature = &document.signature;
    let lines = match document.form {
        // Whoever presided signs as such, whatever their title is (mẫu 1.9).
        Form::Minutes(_) => vec!["CHỦ TỌA".to_owned()],
        _ => signature.lines.iter().map(|line| capitals(line)).collect(),
    };
    SignatureView {
        lines,
        above: signature.title_above_name.as_deref().map(clean),
        name: clean(&signature.name),
    }
}

/// The name of "Nguyễn Văn A, Chánh Văn phòng": titles do not stand below a signature.
fn name_alone(person: &str) -> String {
    person
        .split([',', '–', '('])
        .next()
        .unwrap_or(person)
        .trim()
        .to_owned()
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
    // the list of a document with Kính gửi begins so (khoản 9b), and that of mẫu 1.8
    let is_above = !document.addressees.is_empty() || matches!(document.form, Form::Introduction(_));
    if is_above && !lines.iter().any(|line| line.starts_with("Như trên")) {
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
}
