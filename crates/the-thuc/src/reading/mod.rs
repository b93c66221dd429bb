//! Reads the parts of an official document (NĐ 30 Điều 8) from where they stand on the page, by the layout rules of Phụ lục I.
//!
//! [`read_pdf`] takes a PDF that has a text layer; [`read_fields`] is the pure half of it, from positioned text to [`ReadFields`].
//! What is read is a proposal that a clerk looks over: nothing is taken for certain that the page does not show.

mod casing;
mod closing;
mod heading;
mod lines;
mod page;
mod pdf;
mod title;
mod words;

use jiff::civil::Date;
use rules::{signing_authority::Authority, urgency::Urgency};
use serde::{Deserialize, Serialize};

pub use page::{Line, Page, Word};
pub use pdf::{ReadLimits, Unreadable, pages_of_pdf};

/// How sure the reader is of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Made up from weak signs; to be looked at with care.
    Guess,
    /// Found where it belongs, but something does not agree or had to be filled in.
    Likely,
    /// Found where Phụ lục I puts it, in the form that it prescribes.
    Sure,
}

/// A value with how sure the reader is of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadField<T> {
    /// What was read.
    pub value: T,
    /// How sure it is.
    pub certainty: Certainty,
}

impl<T> ReadField<T> {
    pub(crate) fn new(value: T, certainty: Certainty) -> Self {
        Self { value, certainty }
    }

    /// The same, at most as sure as given.
    fn at_most(self, certainty: Certainty) -> Self {
        Self {
            certainty: self.certainty.min(certainty),
            ..self
        }
    }
}

/// What could be read of a document; what was not found is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReadFields {
    /// Số, as printed ("05").
    pub number: Option<ReadField<String>>,
    /// Ký hiệu ("QĐ-UBND").
    pub symbol: Option<ReadField<String>>,
    /// Địa danh.
    pub place: Option<ReadField<String>>,
    /// Ngày, tháng, năm ban hành.
    pub issued_on: Option<ReadField<Date>>,
    /// Cơ quan, tổ chức ban hành, in natural case: as it stands in the text, else by the rules of capitals.
    pub agency: Option<ReadField<String>>,
    /// Cơ quan, tổ chức chủ quản trực tiếp.
    pub parent_agency: Option<ReadField<String>>,
    /// Key of the kind of document in [`rules::document_types`].
    pub document_type: Option<ReadField<String>>,
    /// Trích yếu nội dung, without "V/v".
    pub subject: Option<ReadField<String>>,
    /// Họ và tên người ký.
    pub signer_name: Option<ReadField<String>>,
    /// Chức vụ of the one who signed ("Phó Chủ tịch").
    pub signer_title: Option<ReadField<String>>,
    /// In what authority it was signed: TM., KT., TL., TUQ., Q.
    pub authority: Option<ReadField<Authority>>,
    /// Dấu chỉ mức độ khẩn, when there is one.
    pub urgency: Option<ReadField<Urgency>>,
    /// Nơi nhận, without the line `Lưu`.
    pub recipients: Option<ReadField<Vec<String>>>,
}

/// Reads the fields of a document from its positioned text. It never fails: what is not found is absent.
#[must_use]
pub fn read_fields(pages: &[Page]) -> ReadFields {
    let pages: Vec<Page> = pages.iter().map(words::without_small_print).collect();
    let Some(first) = pages.first() else {
        return ReadFields::default();
    };
    let heading = heading::read(first);
    let title = title::read(first, &heading);
    let closing = closing::read(&pages);
    let text = words::running_text(&pages);
    let name_of = |printed: String| {
        let (value, seen) = casing::natural(&printed, &text);
        let certainty = if seen { Certainty::Sure } else { Certainty::Likely };
        ReadField::new(value, certainty).at_most(heading.certainty)
    };
    let (number, symbol) = match heading.number {
        Some(read) => (read.number, Some(read.symbol).filter(|symbol| !symbol.is_empty())),
        None => (None, None),
    };
    ReadFields {
        number: number.map(|number| ReadField::new(number, heading.certainty)),
        symbol: symbol.map(|symbol| ReadField::new(symbol, heading.certainty)),
        place: heading
            .place
            .map(|place| ReadField::new(place, heading.certainty)),
        issued_on: heading.date.map(|date| ReadField::new(date, heading.certainty)),
        agency: heading.agency.map(&name_of),
        parent_agency: heading.parent.map(&name_of),
        document_type: title.kind,
        subject: title.subject,
        signer_name: closing.name,
        signer_title: closing.title,
        authority: closing.authority,
        urgency: title.urgency.map(|mark| ReadField::new(mark, heading.certainty)),
        recipients: closing.recipients,
    }
}

/// Reads the fields of a PDF that has a text layer.
///
/// Foreign bytes are worked through here: call it where memory and processor time are limited.
///
/// # Errors
/// [`Unreadable`] for a file without text, without letters, locked, damaged, or beyond the limits.
pub fn read_pdf(content: &[u8], limits: &ReadLimits) -> Result<ReadFields, Unreadable> {
    let text = pages_of_pdf(content, limits)?;
    Ok(read_fields(&text))
}
