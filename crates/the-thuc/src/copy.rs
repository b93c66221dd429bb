//! Thể thức bản sao sang định dạng giấy (NĐ 30 Phụ lục I Phần II Mục II): what stands under the text that was copied; and the text of
//! an extract.

use jiff::civil::Date;
use serde::Serialize;

use crate::dates::{day_in_words, number_and_symbol};
use crate::document::{Issuer, SignatureBlock};
use crate::slip::capitalised;
use crate::text::{capitals, clean, metadata};

/// The closing part of a copy on paper, printed right after the end of the text, on the same sheet, under a line across its width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyBlock {
    /// Hình thức sao: "Sao y", "Sao lục", "Trích sao"; printed in capitals (ô 1).
    pub form: String,
    /// Cơ quan, tổ chức sao văn bản (ô 2).
    pub agency: Issuer,
    /// Số of the copy, from the common series of copies (ô 3).
    pub number: String,
    /// Ký hiệu: "SY-UBND".
    pub symbol: String,
    /// Địa danh (ô 4).
    pub place: String,
    /// Ngày sao.
    pub date: Date,
    /// Chức vụ, họ tên of who signs the copy (ô 5a, 5b); the signature comes between them (ô 5c).
    pub signature: SignatureBlock,
    /// Nơi nhận (ô 7).
    pub recipients: Vec<String>,
    /// The part that is extracted, of a trích sao whose text is composed: printed above the line, under the form of the document
    /// that it is taken from (ND30-25.3). Otherwise the closing part stands alone.
    pub part: Option<ExtractedPart>,
}

/// The part of a document that a trích sao repeats, with what says of which document it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExtractedPart {
    /// Cơ quan, tổ chức ban hành of the document.
    pub issuer: Issuer,
    /// Số và ký hiệu of the document; empty when it has none.
    pub number_and_symbol: String,
    /// Địa danh, when it is known.
    pub place: String,
    /// Ngày tháng of the document; room for it when it has none.
    pub date: Option<Date>,
    /// Tên loại; empty for a letter without one.
    pub kind: String,
    /// Trích yếu.
    pub subject: String,
    /// The words that are extracted, one paragraph a line.
    pub text: String,
}

/// The text of an electronic trích sao: the form of the document and the part, without the closing part of a copy on paper. What a copy
/// bears, the agency's signature shows at the top right of the first page (Phần II Mục I, mẫu 3.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ElectronicExtract {
    /// What the file is called in its own facts.
    pub title: String,
    /// Cơ quan, tổ chức sao văn bản.
    pub agency: String,
    /// The part.
    pub part: ExtractedPart,
}

#[derive(Debug, Serialize)]
pub(crate) struct CopyView {
    /// Whether the closing part of a copy on paper is printed.
    closing: bool,
    title: String,
    author: String,
    form: String,
    agency: String,
    number: String,
    place_date: String,
    lines: Vec<String>,
    name: String,
    recipients: Vec<String>,
    part: Option<PartView>,
}

#[derive(Debug, Serialize)]
struct PartView {
    parent: Option<String>,
    issuer: String,
    number: String,
    place_date: String,
    kind: String,
    subject: String,
    paragraphs: Vec<String>,
}

impl PartView {
    fn new(part: &ExtractedPart) -> Self {
        let day = part
            .date
            .map_or_else(|| format!("ngày {DOTS} tháng {DOTS} năm {DOTS}"), day_in_words);
        Self {
            parent: part.issuer.parent_name.as_deref().map(capitals),
            issuer: capitals(&part.issuer.name),
            number: if part.number_and_symbol.is_empty() {
                String::new()
            } else {
                format!("Số: {}", clean(&part.number_and_symbol))
            },
            place_date: if part.place.is_empty() {
                clean(&capitalised(&day))
            } else {
                clean(&format!("{}, {day}", part.place))
            },
            kind: capitals(&part.kind),
            subject: clean(&part.subject),
            paragraphs: part
                .text
                .lines()
                .map(|line| clean(line.trim()))
                .filter(|line| !line.is_empty())
                .collect(),
        }
    }
}

const DOTS: &str = "………";

impl CopyView {
    pub fn new(block: &CopyBlock) -> Self {
        let number = number_and_symbol(Some(&block.number), &block.symbol);
        let mut recipients: Vec<String> = block
            .recipients
            .iter()
            .map(|name| format!("{};", clean(name)))
            .collect();
        recipients.push("Lưu: VT.".to_owned());
        Self {
            closing: true,
            title: metadata(&format!("{} {number}", block.form)),
            author: metadata(&block.agency.name),
            form: capitals(&block.form),
            agency: capitals(&block.agency.name),
            number: format!("Số: {}", clean(&number)),
            place_date: clean(&format!("{}, {}", block.place, day_in_words(block.date))),
            lines: block.signature.lines.iter().map(|line| capitals(line)).collect(),
            name: clean(&block.signature.name),
            recipients,
            part: block.part.as_ref().map(PartView::new),
        }
    }

    pub fn extract(extract: &ElectronicExtract) -> Self {
        Self {
            closing: false,
            title: metadata(&extract.title),
            author: metadata(&extract.agency),
            form: String::new(),
            agency: String::new(),
            number: String::new(),
            place_date: String::new(),
            lines: Vec::new(),
            name: String::new(),
            recipients: Vec::new(),
            part: Some(PartView::new(&extract.part)),
        }
    }
}
