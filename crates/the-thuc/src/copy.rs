//! Thể thức bản sao sang định dạng giấy (NĐ 30 Phụ lục I Phần II Mục II): what stands under the text that was copied.

use jiff::civil::Date;
use serde::Serialize;

use crate::dates::{day_in_words, number_and_symbol};
use crate::document::{Issuer, SignatureBlock};
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
}

#[derive(Debug, Serialize)]
pub(crate) struct CopyView {
    title: String,
    author: String,
    form: String,
    agency: String,
    number: String,
    place_date: String,
    lines: Vec<String>,
    name: String,
    recipients: Vec<String>,
}

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
            title: metadata(&format!("{} {number}", block.form)),
            author: metadata(&block.agency.name),
            form: capitals(&block.form),
            agency: capitals(&block.agency.name),
            number: format!("Số: {}", clean(&number)),
            place_date: clean(&format!("{}, {}", block.place, day_in_words(block.date))),
            lines: block.signature.lines.iter().map(|line| capitals(line)).collect(),
            name: clean(&block.signature.name),
            recipients,
        }
    }
}
