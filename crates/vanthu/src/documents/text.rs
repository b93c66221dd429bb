//! What a file is and what it says, read with limits: bytes from outside are never trusted.

use std::io::{Cursor, Read};

use file_format::FileFormat;

/// What was seen in a file.
#[derive(Debug, Default)]
pub struct Seen {
    /// Media type by content; text files by their extension, since text has no mark of its own.
    pub media_type: String,
    /// Pages of a PDF.
    pub pages: Option<i64>,
    /// Text found at the places where marks stand; empty when there is none to read.
    pub texts: Vec<String>,
}

/// A mark of secrecy stands on the first page; more pages are not read here.
const PAGES_READ: u32 = 2;
/// Unpacked text of an office file is read up to here.
const MAX_UNPACKED: u64 = 8 * 1024 * 1024;
/// A PDF with more objects is not taken apart in the request.
const MAX_PDF_OBJECTS: usize = 500_000;

/// Looks into a file.
pub fn inspect(name: &str, content: &[u8]) -> Seen {
    let format = FileFormat::from_bytes(content);
    let mut seen = Seen {
        media_type: media_type(name, format),
        ..Seen::default()
    };
    match seen.media_type.as_str() {
        "application/pdf" => inspect_pdf(content, &mut seen),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => {
            seen.texts.extend(office_text(content, "word/document.xml"));
        }
        "application/vnd.oasis.opendocument.text" => seen.texts.extend(office_text(content, "content.xml")),
        "text/plain" | "text/csv" => {
            let head = &content[..content.len().min(64 * 1024)];
            seen.texts.push(String::from_utf8_lossy(head).into_owned());
        }
        _ => {}
    }
    seen
}

fn media_type(name: &str, format: FileFormat) -> String {
    let extension = viet_text::extension(name);
    match format {
        FileFormat::PlainText if extension == "csv" => "text/csv".to_owned(),
        other => other.media_type().to_owned(),
    }
}

fn inspect_pdf(content: &[u8], seen: &mut Seen) {
    // The parser is a library over foreign bytes: should it panic, the file simply has no readable text.
    let read = std::panic::catch_unwind(|| {
        let document = lopdf::Document::load_mem(content).ok()?;
        if document.objects.len() > MAX_PDF_OBJECTS {
            return None;
        }
        let pages = document.get_pages();
        let first: Vec<u32> = pages.keys().copied().take(PAGES_READ as usize).collect();
        let text = document.extract_text(&first).unwrap_or_default();
        Some((i64::try_from(pages.len()).ok(), text))
    });
    if let Ok(Some((pages, text))) = read {
        seen.pages = pages;
        seen.texts.push(text);
    }
}

/// Text of the paragraphs of a DOCX or ODT, one per line.
fn office_text(content: &[u8], part: &str) -> Option<String> {
    use quick_xml::events::Event;
    let mut archive = zip::ZipArchive::new(Cursor::new(content)).ok()?;
    let mut xml = Vec::new();
    archive
        .by_name(part)
        .ok()?
        .take(MAX_UNPACKED)
        .read_to_end(&mut xml)
        .ok()?;
    let mut reader = quick_xml::Reader::from_reader(xml.as_slice());
    let mut text = String::new();
    let mut buffer = Vec::new();
    while let Ok(event) = reader.read_event_into(&mut buffer) {
        match event {
            Event::Text(piece) => text.push_str(&piece),
            Event::End(end) if matches!(end.local_name().as_ref(), "p" | "h") => text.push('\n'),
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_is_known_by_content_and_not_by_name() {
        assert_eq!(
            inspect("anh.png", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n").media_type,
            "application/pdf"
        );
    }

    #[test]
    fn broken_bytes_are_no_reason_to_fall() {
        for content in [
            &b"%PDF-1.4 \xff\xfe\x00 xref 99999999999"[..],
            b"PK\x03\x04rubbish",
            b"",
            &[0xD0, 0xCF, 0x11, 0xE0],
        ] {
            inspect("tep.pdf", content);
            inspect("tep.docx", content);
        }
    }

    #[test]
    fn text_of_a_docx_is_read_by_paragraph() {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        std::io::Write::write_all(
            &mut {
                archive.start_file("word/document.xml", options).unwrap();
                &mut archive
            },
            "<w:document><w:p><w:r><w:t>TỐI</w:t></w:r><w:r><w:t> MẬT</w:t></w:r></w:p><w:p>Kính gửi</w:p></w:document>".as_bytes(),
        )
        .unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        assert_eq!(
            office_text(&bytes, "word/document.xml").unwrap(),
            "TỐI MẬT\nKính gửi\n"
        );
    }
}
