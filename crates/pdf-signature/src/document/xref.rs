//! Cross-reference sections: tables, streams, hybrids, and the chain that ties them together.

use std::collections::HashSet;

use super::error::ReadError;
use super::filters;
use super::lexer::{Lexer, is_space};
use super::limits;
use super::object::{Dictionary, Object};

/// How a section is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XrefForm {
    /// `xref` … `trailer`.
    Table,
    /// A stream of type `XRef`.
    Stream,
    /// A table with `/XRefStm`.
    Hybrid,
}

/// Where an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Nowhere: the number is free.
    Free,
    /// At an offset of the file.
    At {
        /// Offset of `N G obj`.
        offset: usize,
        /// Generation.
        generation: u16,
    },
    /// Inside an object stream.
    In {
        /// Number of the object stream.
        container: u32,
        /// Which of its objects.
        index: u32,
    },
}

/// One section.
#[derive(Clone, Debug)]
pub struct Section {
    /// Where it begins: `xref`, or the object of the stream.
    pub offset: usize,
    /// How it is written.
    pub form: XrefForm,
    /// Its trailer, or the dictionary of the stream.
    pub trailer: Dictionary,
    /// Offset of the stream of a hybrid section.
    pub hybrid_stream: Option<usize>,
    /// Behind the `%%EOF` that closes it, or behind the section when nothing closes it.
    pub end: usize,
    /// Number after the `startxref` that closes it.
    pub closing: Option<u64>,
    /// Sorted by number.
    entries: Vec<(u32, Place)>,
}

impl Section {
    /// Entry of an object number.
    pub fn place(&self, number: u32) -> Option<Place> {
        let found = self.entries.binary_search_by_key(&number, |entry| entry.0).ok()?;
        self.entries.get(found).map(|entry| entry.1)
    }

    /// All entries, by number.
    pub fn entries(&self) -> &[(u32, Place)] {
        &self.entries
    }
}

/// Where the last section begins, and where the file ends (behind `%%EOF`).
pub fn last_startxref(bytes: &[u8]) -> Result<(usize, usize), ReadError> {
    let end = bytes
        .iter()
        .rposition(|byte| !is_space(*byte))
        .map_or(0, |last| last + 1);
    let body = bytes.get(..end).unwrap_or_default();
    let Some(body) = body.strip_suffix(b"%%EOF") else {
        return Err(ReadError::GarbageAtEnd("tệp không kết thúc bằng %%EOF"));
    };
    let missing = ReadError::DamagedXref("không có startxref");
    let digits_end = body
        .iter()
        .rposition(|byte| !is_space(*byte))
        .map_or(0, |last| last + 1);
    let digits_start = body
        .get(..digits_end)
        .unwrap_or_default()
        .iter()
        .rposition(|byte| !byte.is_ascii_digit())
        .map_or(0, |last| last + 1);
    let offset = std::str::from_utf8(body.get(digits_start..digits_end).unwrap_or_default())
        .ok()
        .and_then(|digits| digits.parse::<usize>().ok())
        .ok_or(missing.clone())?;
    let before = body.get(..digits_start).unwrap_or_default();
    let keyword_end = before
        .iter()
        .rposition(|byte| !is_space(*byte))
        .map_or(0, |last| last + 1);
    if !before
        .get(..keyword_end)
        .unwrap_or_default()
        .ends_with(b"startxref")
    {
        return Err(missing);
    }
    Ok((offset, end))
}

/// Budget of all sections of a file.
pub struct Budget {
    /// Bytes that may still be inflated.
    pub inflated: usize,
    /// Entries that may still be read.
    pub entries: usize,
}

/// The sections of a file, newest first.
pub fn chain(bytes: &[u8], last: usize, budget: &mut Budget) -> Result<Vec<Section>, ReadError> {
    let mut sections: Vec<Section> = Vec::new();
    let mut seen = HashSet::new();
    let mut next = Some(last);
    while let Some(offset) = next {
        if !seen.insert(offset) {
            return Err(ReadError::DamagedXref("các bảng tham chiếu lặp vòng"));
        }
        if sections.len() >= limits::XREF_SECTIONS {
            return Err(ReadError::Limit("số bảng tham chiếu"));
        }
        let section = section(bytes, offset, budget)?;
        next = match section.trailer.get("Prev") {
            None => None,
            Some(Object::Integer(previous)) => {
                Some(usize::try_from(*previous).map_err(|_| ReadError::DamagedXref("Prev sai"))?)
            }
            Some(_) => return Err(ReadError::DamagedXref("Prev sai")),
        };
        if section
            .trailer
            .get("Encrypt")
            .is_some_and(|value| *value != Object::Null)
        {
            return Err(ReadError::Encrypted);
        }
        sections.push(section);
    }
    Ok(sections)
}

fn section(bytes: &[u8], offset: usize, budget: &mut Budget) -> Result<Section, ReadError> {
    if offset >= bytes.len() {
        return Err(ReadError::DamagedXref("vị trí ngoài tệp"));
    }
    let mut lexer = Lexer::new(bytes, offset);
    let (form, trailer, mut entries, hybrid_stream) = if lexer.take_keyword(b"xref") {
        let table = table(&mut lexer, budget)?;
        lexer.skip_space_and_comments();
        let trailer = dictionary(&mut lexer)?;
        match trailer.get("XRefStm") {
            None => (XrefForm::Table, trailer, table, None),
            Some(Object::Integer(at)) => {
                let at = usize::try_from(*at).map_err(|_| ReadError::DamagedXref("XRefStm sai"))?;
                let mut inner = Lexer::new(bytes, at);
                let (_, hidden) = stream(bytes, &mut inner, budget)?;
                let entries = merged(table, hidden)?;
                (XrefForm::Hybrid, trailer, entries, Some(at))
            }
            Some(_) => return Err(ReadError::DamagedXref("XRefStm sai")),
        }
    } else {
        let (dictionary, entries) = stream(bytes, &mut lexer, budget)?;
        (XrefForm::Stream, dictionary, entries, None)
    };
    entries.sort_unstable_by_key(|entry| entry.0);
    if entries.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(ReadError::DamagedXref("một số hiệu đối tượng được ghi hai lần"));
    }
    let (end, closing) = match closing(&mut lexer.clone()) {
        Some((end, closing)) => (end, Some(closing)),
        None => (lexer.at, None),
    };
    Ok(Section {
        offset,
        form,
        trailer,
        hybrid_stream,
        end,
        closing,
        entries,
    })
}

/// `startxref`, its number and `%%EOF`: where they end, and the number.
fn closing(lexer: &mut Lexer<'_>) -> Option<(usize, u64)> {
    lexer.skip_space_and_comments();
    if !lexer.take_keyword(b"startxref") {
        return None;
    }
    lexer.skip_space();
    let number = lexer.take_unsigned()?;
    lexer.skip_space();
    lexer.take(b"%%EOF").then_some((lexer.at, number))
}

/// Objects that a hybrid file hides from old readers are free in the table and in use in the stream.
fn merged(table: Vec<(u32, Place)>, hidden: Vec<(u32, Place)>) -> Result<Vec<(u32, Place)>, ReadError> {
    let mut all: std::collections::HashMap<u32, Place> = std::collections::HashMap::new();
    for (number, place) in hidden {
        if all.insert(number, place).is_some() {
            return Err(ReadError::DamagedXref("một số hiệu đối tượng được ghi hai lần"));
        }
    }
    let mut in_table = HashSet::new();
    for (number, place) in table {
        if !in_table.insert(number) {
            return Err(ReadError::DamagedXref("một số hiệu đối tượng được ghi hai lần"));
        }
        match (all.get(&number), place) {
            (Some(_), Place::Free) => {}
            _ => {
                all.insert(number, place);
            }
        }
    }
    Ok(all.into_iter().collect())
}

fn dictionary(lexer: &mut Lexer<'_>) -> Result<Dictionary, ReadError> {
    match lexer.value()? {
        Object::Dictionary(dictionary) => Ok(dictionary),
        _ => Err(ReadError::DamagedXref("trailer sai")),
    }
}

fn table(lexer: &mut Lexer<'_>, budget: &mut Budget) -> Result<Vec<(u32, Place)>, ReadError> {
    let wrong = ReadError::DamagedXref("dòng sai");
    let mut entries = Vec::new();
    loop {
        lexer.skip_space_and_comments();
        if lexer.take_keyword(b"trailer") {
            return Ok(entries);
        }
        let first = lexer.take_unsigned().ok_or(wrong.clone())?;
        lexer.skip_space();
        let count = lexer.take_unsigned().ok_or(wrong.clone())?;
        if first.saturating_add(count) > limits::OBJECT_NUMBER + 1 {
            return Err(ReadError::Limit("số hiệu đối tượng"));
        }
        spend(budget, count)?;
        lexer.skip_space();
        for number in first..first + count {
            let (offset, generation, kind) = row(lexer).ok_or(wrong.clone())?;
            let number = u32::try_from(number).map_err(|_| wrong.clone())?;
            let place = match kind {
                // Object 0 is the head of the free list, whatever the row says; offset 0 is no place for an object.
                b'n' if number != 0 && offset != 0 => Place::At { offset, generation },
                _ => Place::Free,
            };
            entries.push((number, place));
        }
    }
}

/// `0000000016 00000 n` and the end of the line.
fn row(lexer: &mut Lexer<'_>) -> Option<(usize, u16, u8)> {
    let start = lexer.at;
    let offset = usize::try_from(lexer.take_unsigned()?).ok()?;
    let wide = lexer.at - start == 10 && lexer.take(b" ");
    let middle = lexer.at;
    let generation = lexer.take_unsigned()?;
    let wide = wide && lexer.at - middle == 5 && lexer.take(b" ");
    let kind = lexer.peek().filter(|kind| matches!(kind, b'n' | b'f'))?;
    lexer.at += 1;
    let before = lexer.at;
    lexer.skip_space();
    let generation = u16::try_from(generation).ok()?;
    (wide && lexer.at > before).then_some((offset, generation, kind))
}

fn spend(budget: &mut Budget, count: u64) -> Result<(), ReadError> {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    budget.entries = budget
        .entries
        .checked_sub(count)
        .ok_or(ReadError::Limit("số đối tượng"))?;
    Ok(())
}

type StreamSection = (Dictionary, Vec<(u32, Place)>);

fn stream(bytes: &[u8], lexer: &mut Lexer<'_>, budget: &mut Budget) -> Result<StreamSection, ReadError> {
    let wrong = ReadError::DamagedXref("luồng tham chiếu sai");
    lexer.take_header().ok_or(ReadError::DamagedXref(
        "không có bảng tham chiếu tại vị trí đã ghi",
    ))?;
    let dictionary = dictionary(lexer)?;
    let length = dictionary
        .get("Length")
        .and_then(Object::integer)
        .and_then(|length| usize::try_from(length).ok());
    let data = length
        .and_then(|length| super::load::stream_data(lexer, length))
        .ok_or(wrong.clone())?;
    if !dictionary.get("Type").is_some_and(|kind| kind.is_name("XRef")) {
        return Err(wrong);
    }
    let raw = bytes.get(data).ok_or(wrong.clone())?;
    let decoded = filters::decode(&dictionary, raw, &mut budget.inflated)?;
    let entries = rows(&dictionary, &decoded, budget)?;
    Ok((dictionary, entries))
}

fn rows(
    dictionary: &Dictionary,
    decoded: &[u8],
    budget: &mut Budget,
) -> Result<Vec<(u32, Place)>, ReadError> {
    let wrong = ReadError::DamagedXref("luồng tham chiếu sai");
    let numbers = |object: &Object| -> Option<Vec<u64>> {
        object
            .array()?
            .iter()
            .map(|item| item.integer().and_then(|value| u64::try_from(value).ok()))
            .collect()
    };
    let widths = dictionary.get("W").and_then(numbers).ok_or(wrong.clone())?;
    let [kind_width, second_width, third_width] = widths[..] else {
        return Err(wrong);
    };
    if widths.iter().any(|width| *width > 8) {
        return Err(wrong);
    }
    let width = usize::try_from(kind_width + second_width + third_width).map_err(|_| wrong.clone())?;
    let size = dictionary
        .get("Size")
        .and_then(Object::integer)
        .and_then(|size| u64::try_from(size).ok());
    let index = match dictionary.get("Index") {
        None => vec![0, size.ok_or(wrong.clone())?],
        Some(index) => numbers(index).ok_or(wrong.clone())?,
    };
    if width == 0 || index.len() % 2 != 0 {
        return Err(wrong);
    }
    let mut rows = decoded.chunks_exact(width);
    let mut entries = Vec::new();
    for pair in index.chunks_exact(2) {
        let (first, count) = (pair[0], pair[1]);
        if first.saturating_add(count) > limits::OBJECT_NUMBER + 1 {
            return Err(ReadError::Limit("số hiệu đối tượng"));
        }
        spend(budget, count)?;
        for number in first..first + count {
            let row = rows.next().ok_or(wrong.clone())?;
            let mut at = 0;
            let mut field = |width: u64| {
                let width = usize::try_from(width).unwrap_or(8);
                let value = row[at..at + width]
                    .iter()
                    .fold(0u64, |value, byte| value << 8 | u64::from(*byte));
                at += width;
                value
            };
            let kind = if kind_width == 0 { 1 } else { field(kind_width) };
            let (second, third) = (field(second_width), field(third_width));
            let number = u32::try_from(number).map_err(|_| wrong.clone())?;
            let place = match kind {
                _ if number == 0 => Place::Free,
                0 => Place::Free,
                1 => Place::At {
                    offset: usize::try_from(second).map_err(|_| wrong.clone())?,
                    generation: u16::try_from(third).map_err(|_| wrong.clone())?,
                },
                2 => Place::In {
                    container: u32::try_from(second).map_err(|_| wrong.clone())?,
                    index: u32::try_from(third).map_err(|_| wrong.clone())?,
                },
                // ISO 32000-1, 7.5.8.3: other types are references to null.
                _ => Place::Free,
            };
            entries.push((number, place));
        }
    }
    Ok(entries)
}
