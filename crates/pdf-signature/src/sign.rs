//! Signing in two steps: [`prepare`] gives the hash of what will be signed, [`Prepared::finish`] puts the signature in.
//!
//! Between the two the signature is made somewhere else: by a token, a module or a remote service. The original is never
//! changed; everything is in the tail that is appended to it.

use std::ops::Range;

use aws_lc_rs::digest;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::appearance::{Appearance, Area};
use crate::document::{Dictionary, Document, Object, Page, ReadError, limits, pdf_date};
use crate::pki::Evidence;
use crate::update::{NewField, Tail, Update, add_signature_field, add_validation_data, name, text, write};

/// Bytes for the CMS by default: without a time stamp it takes about 3 KB, with one about 8 KB.
pub const DEFAULT_RESERVE: usize = 16 << 10;
/// Most bytes for the CMS.
const MAX_RESERVE: usize = 1 << 20;
/// What an area may stick out of its page, mm: rounding only.
const SLACK_MM: f64 = 0.1;

/// The signature to add.
#[derive(Clone, Debug)]
pub struct FieldSpec<'a> {
    /// Name of the new field, without dot; see [`next_field_name`].
    pub name: &'a str,
    /// Where it is seen; `None` makes it invisible.
    pub area: Option<Area>,
    /// What is seen there.
    pub appearance: Option<&'a Appearance>,
    /// Why it is signed.
    pub reason: Option<&'a str>,
    /// Where it is signed.
    pub location: Option<&'a str>,
    /// Who signs.
    pub signer_name: Option<&'a str>,
    /// When, by the clock of the server.
    pub at: Timestamp,
    /// Bytes kept free for the CMS; see [`DEFAULT_RESERVE`].
    pub reserve: usize,
}

/// Why a document is not signed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PrepareError {
    /// The document cannot be read without doubt.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    /// Over 50 MB.
    #[error("Tệp PDF lớn hơn 50 MB. Hãy giảm dung lượng hoặc tách tệp rồi ký lại.")]
    TooLarge,
    /// There is no such page.
    #[error("Văn bản không có trang {0}. Hãy chọn lại vị trí chữ ký.")]
    NoSuchPage(u32),
    /// The area is not on the page.
    #[error("Vị trí chữ ký nằm ngoài trang {0}. Hãy chọn lại vị trí chữ ký.")]
    OutsidePage(u32),
    /// There is a field of this name.
    #[error("Văn bản đã có trường chữ ký tên {0}. Hãy dùng tên khác.")]
    NameTaken(String),
    /// Empty, with a dot, or too long.
    #[error("Tên trường chữ ký không hợp lệ. Hãy dùng tên không rỗng, không có dấu chấm.")]
    BadName,
    /// A certification allows no changes.
    #[error("Văn bản đã được chứng thực ở mức không cho phép ký thêm. Hãy dùng bản chưa chứng thực.")]
    NoChangesAllowed,
    /// The form is XFA, which shows something else than the pages.
    #[error("Văn bản chứa biểu mẫu XFA, nội dung hiển thị không cố định. Hãy xuất lại PDF từ văn bản gốc.")]
    DynamicForm,
    /// More room for the signature than any signature needs, or none.
    #[error("Dung lượng dành cho chữ ký không hợp lệ. Hãy kiểm tra cấu hình ký số.")]
    BadReserve,
}

impl PrepareError {
    /// Stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(error) => error.code(),
            Self::TooLarge => "too_large",
            Self::NoSuchPage(_) => "no_such_page",
            Self::OutsidePage(_) => "outside_page",
            Self::NameTaken(_) => "name_taken",
            Self::BadName => "bad_name",
            Self::NoChangesAllowed => "no_changes_allowed",
            Self::DynamicForm => "dynamic_form",
            Self::BadReserve => "bad_reserve",
        }
    }
}

/// Why a signature is not put in.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FinishError {
    /// The CMS is larger than what was reserved.
    #[error("Chữ ký dài {size} byte, chỉ dành sẵn {reserved} byte. Hãy ký lại.")]
    TooBig {
        /// Its bytes.
        size: usize,
        /// Bytes kept free.
        reserved: usize,
    },
    /// There is no CMS.
    #[error("Không nhận được chữ ký. Hãy ký lại.")]
    Empty,
    /// The prepared data is not whole.
    #[error("Dữ liệu chuẩn bị ký bị hỏng. Hãy ký lại từ đầu.")]
    Damaged,
}

impl FinishError {
    /// Stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooBig { .. } => "signature_too_big",
            Self::Empty => "no_signature",
            Self::Damaged => "damaged_preparation",
        }
    }
}

/// A document ready to be signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    /// Bytes of the original, which stay as they are.
    pub base_len: u64,
    /// What is appended to it.
    pub tail: Vec<u8>,
    /// Hexadecimal digits of the signature, within the tail.
    pub hole: Range<usize>,
    /// SHA-256 of everything but the signature: what the signature is over.
    pub digest: [u8; 32],
}

impl Prepared {
    /// Puts the signature in; what is left of the room is filled with zeros.
    ///
    /// # Errors
    /// [`FinishError`]; nothing is changed then.
    pub fn finish(&mut self, cms: &[u8]) -> Result<(), FinishError> {
        if cms.is_empty() {
            return Err(FinishError::Empty);
        }
        let hole = self.tail.get_mut(self.hole.clone()).ok_or(FinishError::Damaged)?;
        let digits = hex::encode(cms).into_bytes();
        if digits.len() > hole.len() {
            return Err(FinishError::TooBig {
                size: cms.len(),
                reserved: hole.len() / 2,
            });
        }
        hole.fill(b'0');
        for (place, digit) in hole.iter_mut().zip(digits) {
            *place = digit;
        }
        Ok(())
    }

    /// The whole signed document.
    pub fn whole(&self, base: &[u8]) -> Vec<u8> {
        [base, &self.tail].concat()
    }

    /// The whole signed document in the memory of the original: a large one is not there twice.
    pub fn append_to(&self, mut base: Vec<u8>) -> Vec<u8> {
        base.reserve_exact(self.tail.len());
        base.extend_from_slice(&self.tail);
        base
    }
}

/// Prepares a document for a signature.
///
/// # Errors
/// Every reason why this document or this field cannot be signed, see [`PrepareError`].
pub fn prepare(pdf: &[u8], field: &FieldSpec<'_>) -> Result<Prepared, PrepareError> {
    let document = open(pdf)?;
    let number = field.area.map_or(1, |area| area.page);
    let page = document
        .latest()
        .page(number)?
        .ok_or(PrepareError::NoSuchPage(number))?;
    let rectangle = field.area.map(|area| rectangle(&page, &area)).transpose()?;
    let mut keys = dictionary_head("Sig", "ETSI.CAdES.detached");
    keys.set("M", text(&pdf_date(field.at)));
    for (key, value) in [
        ("Name", field.signer_name),
        ("Reason", field.reason),
        ("Location", field.location),
    ] {
        if let Some(value) = value {
            keys.set(key, text(value));
        }
    }
    let drawing = field.appearance.map(|appearance| &appearance.form);
    let place = Place {
        name: field.name,
        page: &page,
        rectangle,
        drawing,
    };
    sign_into(&document, &keys, &place, field.reserve)
}

/// Prepares a document for a time stamp over all of it (`ETSI.RFC3161`); [`Prepared::finish`] takes the token.
///
/// # Errors
/// As [`prepare`].
pub fn prepare_document_timestamp(pdf: &[u8], name: &str, reserve: usize) -> Result<Prepared, PrepareError> {
    let document = open(pdf)?;
    let page = document.latest().page(1)?.ok_or(PrepareError::NoSuchPage(1))?;
    let place = Place {
        name,
        page: &page,
        rectangle: None,
        drawing: None,
    };
    sign_into(
        &document,
        &dictionary_head("DocTimeStamp", "ETSI.RFC3161"),
        &place,
        reserve,
    )
}

/// The tail that adds evidence to the document's security store, for all signatures it has; empty when all is there already.
///
/// # Errors
/// The document cannot be read.
pub fn with_validation_data(pdf: &[u8], evidence: &Evidence) -> Result<Vec<u8>, PrepareError> {
    let document = Document::open(pdf)?;
    let signatures = document.signature_fields()?;
    let mut update = Update::new(&document);
    let kinds = [
        &evidence.certificates[..],
        &evidence.crls[..],
        &evidence.ocsps[..],
    ];
    add_validation_data(&mut update, kinds, &signatures)?;
    Ok(if update.is_empty() {
        Vec::new()
    } else {
        update.finish().bytes
    })
}

/// The first of `prefix1`, `prefix2`, … that no field has.
///
/// # Errors
/// The document cannot be read.
pub fn next_field_name(pdf: &[u8], prefix: &str) -> Result<String, PrepareError> {
    let form = Document::open(pdf)?.latest().form()?;
    let taken = |name: &String| form.fields.iter().any(|field| field.name == *name);
    // One more than there are fields: one of them is free.
    let free = (1..=form.fields.len() + 1)
        .map(|number| format!("{prefix}{number}"))
        .find(|name| !taken(name));
    free.ok_or(PrepareError::BadName)
}

/// Bytes that the signatures of a document may add to it. A file just within the limit of Điều 8.4 grows with the first
/// signature, and the agency must still be able to sign it.
const SIGNATURE_ROOM: usize = 8 << 20;

fn open(pdf: &[u8]) -> Result<Document<'_>, PrepareError> {
    if pdf.len() > limits::SIGNED_FILE + SIGNATURE_ROOM {
        return Err(PrepareError::TooLarge);
    }
    let document = Document::open(pdf);
    let signed = |document: &Document<'_>| {
        document
            .signature_fields()
            .is_ok_and(|fields| !fields.signed.is_empty())
    };
    if pdf.len() > limits::SIGNED_FILE && !document.as_ref().is_ok_and(signed) {
        return Err(PrepareError::TooLarge);
    }
    let document = document?;
    if document.certification()? == Some(1) {
        return Err(PrepareError::NoChangesAllowed);
    }
    Ok(document)
}

fn rectangle(page: &Page, area: &Area) -> Result<[f64; 4], PrepareError> {
    let (width, height) = page.size_mm();
    let numbers = [area.x, area.y, area.width, area.height];
    let inside = numbers.iter().all(|number| number.is_finite())
        && area.width > 0.0
        && area.height > 0.0
        && area.x >= -SLACK_MM
        && area.y >= -SLACK_MM
        && area.x + area.width <= width + SLACK_MM
        && area.y + area.height <= height + SLACK_MM;
    if !inside {
        return Err(PrepareError::OutsidePage(area.page));
    }
    Ok(page.rectangle_of(area.x, area.y, area.width, area.height))
}

struct Place<'a> {
    name: &'a str,
    page: &'a Page,
    rectangle: Option<[f64; 4]>,
    drawing: Option<&'a crate::update::FormXObject>,
}

fn dictionary_head(kind: &str, sub_filter: &str) -> Dictionary {
    let mut keys = Dictionary::new();
    keys.set("Type", name(kind));
    keys.set("Filter", name("Adobe.PPKLite"));
    keys.set("SubFilter", name(sub_filter));
    keys
}

fn sign_into(
    document: &Document<'_>,
    keys: &Dictionary,
    place: &Place<'_>,
    reserve: usize,
) -> Result<Prepared, PrepareError> {
    if reserve == 0 || reserve > MAX_RESERVE {
        return Err(PrepareError::BadReserve);
    }
    if place.name.is_empty() || place.name.contains('.') || place.name.len() > 200 {
        return Err(PrepareError::BadName);
    }
    let form = document.latest().form()?;
    if form.fields.iter().any(|field| field.name == place.name) {
        return Err(PrepareError::NameTaken(place.name.to_owned()));
    }
    if form.dictionary.is_some_and(|form| form.contains("XFA")) {
        return Err(PrepareError::DynamicForm);
    }
    let mut update = Update::new(document);
    let value = update.reserve();
    let source = Placeholders::new(keys, reserve);
    update.set_source(value, source.source.clone());
    let field = NewField {
        name: place.name,
        page: place.page,
        rectangle: place.rectangle,
        drawing: place.drawing,
        value,
    };
    add_signature_field(&mut update, &field)?;
    let tail = update.finish();
    Ok(filled(document.bytes(), tail, value.number, &source))
}

/// Source of a signature dictionary with room for its range and its contents.
struct Placeholders {
    source: Vec<u8>,
    /// The three numbers that are not known yet.
    range: Range<usize>,
    /// Hexadecimal digits.
    digits: Range<usize>,
}

/// Width of the numbers of `/ByteRange`.
const RANGE_WIDTH: usize = 3 * 10 + 2;

impl Placeholders {
    fn new(keys: &Dictionary, reserve: usize) -> Self {
        let mut source = Vec::new();
        write(&Object::Dictionary(keys.clone()), &mut source);
        source.truncate(source.trim_ascii_end().len().saturating_sub(2));
        source.extend_from_slice(b"/ByteRange [0 ");
        let range = source.len()..source.len() + RANGE_WIDTH;
        source.resize(range.end, b' ');
        source.extend_from_slice(b"] /Contents <");
        let digits = source.len()..source.len() + 2 * reserve;
        source.resize(digits.end, b'0');
        source.extend_from_slice(b"> >>");
        Self {
            source,
            range,
            digits,
        }
    }
}

fn filled(base: &[u8], mut tail: Tail, value: u32, source: &Placeholders) -> Prepared {
    let start = tail.sources.get(&value).map_or(0, |range| range.start);
    let hole = start + source.digits.start..start + source.digits.end;
    // The gap is the string with its angle brackets.
    let (gap_start, gap_end) = (base.len() + hole.start - 1, base.len() + hole.end + 1);
    let rest = base.len() + tail.bytes.len() - gap_end;
    let numbers = format!(
        "{:<width$}",
        format!("{gap_start} {gap_end} {rest}"),
        width = RANGE_WIDTH
    );
    let range = start + source.range.start..start + source.range.end;
    tail.bytes.splice(range, numbers.into_bytes());
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(base);
    context.update(tail.bytes.get(..hole.start - 1).unwrap_or_default());
    context.update(tail.bytes.get(hole.end + 1..).unwrap_or_default());
    let mut hash = [0; 32];
    for (byte, from) in hash.iter_mut().zip(context.finish().as_ref()) {
        *byte = *from;
    }
    Prepared {
        base_len: u64::try_from(base.len()).unwrap_or(u64::MAX),
        tail: tail.bytes,
        hole,
        digest: hash,
    }
}
