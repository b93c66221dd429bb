//! What a file is and what it says, read with limits: bytes from outside are never trusted.
//!
//! The text is wanted for one question only: does it carry a state-secret mark (Điều 1.2)? A mark stands on the first page,
//! in a header or a footer, on a line of its own; so that is what is read, and no more.

mod binary;
mod office;
mod pdf;
mod rtf;
mod scan;

use file_format::FileFormat;
use rules::file_rules::ScanFacts;
use serde::{Deserialize, Serialize};

/// What was seen in a file.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Media type by content; text files by their extension, since text has no mark of its own.
    pub media_type: String,
    /// Pages of a PDF.
    pub pages: Option<i64>,
    /// Text found at the places where marks stand; empty when there is none to read, as in an image.
    pub texts: Vec<String>,
    /// How it was scanned, when its pages are pictures.
    #[serde(default)]
    pub scan: Option<ScanFacts>,
    /// A format that can be read, but not this file: damaged, or locked with a password.
    pub unreadable: bool,
}

/// Text of one file is read up to here.
const MAX_TEXT: usize = 8 * 1024 * 1024;

/// Looks into a file.
pub fn inspect(name: &str, content: &[u8]) -> Seen {
    let format = FileFormat::from_bytes(content);
    let mut seen = Seen {
        media_type: media_type(name, format),
        ..Seen::default()
    };
    let texts = match format {
        FileFormat::PortableDocumentFormat => pdf::read(content).map(|(pages, text, scan)| {
            seen.pages = Some(pages);
            seen.scan = scan;
            vec![text]
        }),
        FileFormat::OfficeOpenXmlDocument => office::texts(content, |part| {
            part.starts_with("word/") && !part.contains("/theme/")
        }),
        FileFormat::OfficeOpenXmlSpreadsheet => office::texts(content, |part| {
            part == "xl/sharedStrings.xml" || part.starts_with("xl/worksheets/")
        }),
        FileFormat::OpendocumentText | FileFormat::OpendocumentSpreadsheet => {
            office::texts(content, |part| matches!(part, "content.xml" | "styles.xml"))
        }
        FileFormat::RichTextFormat => Some(vec![rtf::text(content)]),
        FileFormat::MicrosoftWordDocument
        | FileFormat::MicrosoftExcelSpreadsheet
        | FileFormat::CompoundFileBinary => Some(binary::texts(content)),
        _ if seen.media_type.starts_with("text/") => {
            let head = &content[..content.len().min(MAX_TEXT)];
            Some(vec![String::from_utf8_lossy(head).into_owned()])
        }
        _ => Some(Vec::new()),
    };
    match texts {
        Some(texts) => seen.texts = texts,
        None => seen.unreadable = true,
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

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use rules::secrecy::{SecretMarks, refuse_state_secret};

    use super::*;

    /// Whether the mark in a file is found.
    fn is_refused(name: &str, content: &[u8]) -> bool {
        is_marked(&inspect(name, content).texts)
    }

    fn is_marked(texts: &[String]) -> bool {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        refuse_state_secret(&SecretMarks {
            texts: &texts,
            ..SecretMarks::default()
        })
        .is_err()
    }

    fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
        use std::io::{Cursor, Write};
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        // Stored, as ODF wants its first part.
        let options =
            zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        for (name, content) in parts {
            archive.start_file(*name, options).unwrap();
            archive.write_all(content.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    const TYPES: (&str, &str) = ("[Content_Types].xml", "<Types/>");

    fn docx(part: &str, content: &str) -> Vec<u8> {
        zip(&[TYPES, ("word/document.xml", "<w:document/>"), (part, content)])
    }

    fn xlsx(part: &str, content: &str) -> Vec<u8> {
        zip(&[TYPES, ("xl/workbook.xml", "<workbook/>"), (part, content)])
    }

    fn odf(kind: &str, part: &str, content: &str) -> Vec<u8> {
        let media_type = format!("application/vnd.oasis.opendocument.{kind}");
        zip(&[("mimetype", &media_type), (part, content)])
    }

    #[rstest]
    #[case::txt("a.txt", "Kính gửi\nTỐI MẬT\n".as_bytes().to_vec())]
    #[case::docx(
        "a.docx",
        docx(
            "word/footnotes.xml",
            "<w:p><w:r><w:t>TỐI</w:t></w:r><w:r><w:t> MẬT</w:t></w:r></w:p>"
        )
    )]
    #[case::docx_header(
        "a.docx",
        docx("word/header1.xml", "<w:hdr><w:p><w:t>TỐI MẬT</w:t></w:p></w:hdr>")
    )]
    #[case::docx_references(
        "a.docx",
        docx("word/header1.xml", "<w:p><w:t>T&#7888;I M&#x1EAC;T</w:t></w:p>")
    )]
    #[case::docx_break(
        "a.docx",
        docx("word/footer2.xml", "<w:p><w:t>Trang 1</w:t><w:br/><w:t>TỐI MẬT</w:t></w:p>")
    )]
    #[case::xlsx(
        "a.xlsx",
        xlsx(
            "xl/sharedStrings.xml",
            "<sst><si><t>Số tiền</t></si><si><t>TỐI MẬT</t></si></sst>"
        )
    )]
    #[case::xlsx_header(
        "a.xlsx",
        xlsx("xl/worksheets/sheet1.xml", "<w><oddHeader>&amp;CTỐI MẬT</oddHeader></w>")
    )]
    #[case::odt("a.odt", odf("text", "content.xml", "<text:p>TỐI MẬT</text:p>"))]
    #[case::odt_header(
        "a.odt",
        odf("text", "styles.xml", "<style:header><text:p>TỐI MẬT</text:p></style:header>")
    )]
    #[case::ods("a.ods", odf("spreadsheet", "content.xml", "<text:p>TỐI MẬT</text:p>"))]
    #[case::rtf("a.rtf", br"{\rtf1\ansi Kinh gui\par T\u7888?I M\u7852?T\par}".to_vec())]
    #[case::rtf_1258("a.rtf", br"{\rtf1\ansi\ansicpg1258 Kinh gui\par T\'d4\'ecI M\'c2\'f2T\par}".to_vec())]
    fn qc01_1_2_a_mark_is_found_in_every_accepted_format(#[case] name: &str, #[case] content: Vec<u8>) {
        assert!(is_refused(name, &content), "{:?}", inspect(name, &content));
    }

    /// The text of DOC and XLS stands in their containers in UTF-16, paragraphs end with a carriage return.
    #[rstest]
    #[case(0)]
    #[case(1)]
    fn qc01_1_2_a_mark_is_found_in_the_formats_before_2007(#[case] shift: usize) {
        let stored = |text: &str| -> Vec<u8> {
            let letters = text.encode_utf16().flat_map(u16::to_le_bytes);
            vec![0; 512 + shift]
                .into_iter()
                .chain(letters)
                .chain([0; 64])
                .collect()
        };
        assert!(is_marked(&binary::texts(&stored("Kính gửi\rTỐI MẬT\rHà Nội"))));
        assert!(!is_marked(&binary::texts(&stored(
            "Bảo vệ bí mật nhà nước ở cơ quan.\r"
        ))));
    }

    #[test]
    fn qc01_1_2_the_same_words_in_prose_pass_in_every_format() {
        let prose = "Nghị định quy định chế độ tối mật của cơ quan.";
        assert!(!is_refused("a.txt", prose.as_bytes()));
        assert!(!is_refused(
            "a.docx",
            &docx("word/header1.xml", &format!("<w:p><w:t>{prose}</w:t></w:p>"))
        ));
    }

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
            br"{\rtf1 \u99999999999999? \'z",
        ] {
            for name in ["tep.pdf", "tep.docx", "tep.rtf"] {
                inspect(name, content);
            }
        }
    }

    #[test]
    fn qc01_8_3_a_damaged_file_is_told_from_one_without_text() {
        assert!(inspect("a.pdf", b"%PDF-1.4 \xff\xfe\x00 xref 99999999999").unreadable);
        let mut cut = docx("word/header1.xml", "<w:p/>");
        cut.truncate(cut.len() - 30);
        let seen = inspect("a.docx", &cut);
        assert!(seen.unreadable || ContentKindIsOther::of(&seen), "{seen:?}");
        assert!(!inspect("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").unreadable);
    }

    /// A cut container may no longer be known as an office file; then the rule of formats refuses it.
    struct ContentKindIsOther;

    impl ContentKindIsOther {
        fn of(seen: &Seen) -> bool {
            rules::file_rules::ContentKind::from_media_type(&seen.media_type)
                == rules::file_rules::ContentKind::Other
        }
    }
}
