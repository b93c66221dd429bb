//! DOCX, XLSX, ODT, ODS: XML parts in a zip container.

use std::io::{Cursor, Read};

use quick_xml::{Reader, events::Event};

use super::MAX_TEXT;

/// Text of every XML part that is `wanted` by its name: a paragraph or cell per line. `None` when the container is damaged.
pub fn texts(content: &[u8], wanted: impl Fn(&str) -> bool) -> Option<Vec<String>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(content)).ok()?;
    let parts: Vec<String> = archive
        .file_names()
        .filter_map(Result::ok)
        .map(std::borrow::Cow::into_owned)
        .filter(|name| name.ends_with(".xml") && wanted(name))
        .collect();
    let mut budget = MAX_TEXT as u64;
    let mut texts = Vec::new();
    for part in parts {
        let mut xml = Vec::new();
        archive
            .by_name(&part)
            .ok()?
            .take(budget)
            .read_to_end(&mut xml)
            .ok()?;
        budget -= xml.len() as u64;
        texts.push(text(&xml));
    }
    Some(texts)
}

fn text(xml: &[u8]) -> String {
    let mut reader = Reader::from_reader(xml);
    // Cut parts and foreign errors end the reading, not the text that was read so far.
    reader.config_mut().check_end_names = false;
    let mut text = String::new();
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Text(piece)) => text.push_str(&piece),
            Ok(Event::CData(piece)) => text.push_str(&piece),
            Ok(Event::GeneralRef(reference)) => match reference.resolve_char_ref() {
                Ok(Some(letter)) => text.push(letter),
                _ => text.push_str(quick_xml::escape::resolve_predefined_entity(&reference).unwrap_or(" ")),
            },
            Ok(Event::Empty(tag)) if breaks_line(tag.local_name().as_ref()) => text.push('\n'),
            Ok(Event::Empty(tag)) if matches!(tag.local_name().as_ref(), "tab" | "s") => text.push(' '),
            Ok(Event::End(tag)) if breaks_line(tag.local_name().as_ref()) => text.push('\n'),
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
        buffer.clear();
    }
    // Headers of a spreadsheet: “&L…&C…&R…” are its left, middle and right part.
    ["&L", "&C", "&R"]
        .iter()
        .fold(text, |text, mark| text.replace(mark, "\n"))
}

/// Elements after which a new line begins: paragraphs, headings, cells, shared strings, headers of a sheet.
fn breaks_line(name: &str) -> bool {
    matches!(
        name,
        "p" | "h" | "br" | "cr" | "line-break" | "si" | "is" | "c" | "row"
    ) || name.ends_with("Header")
        || name.ends_with("Footer")
}
