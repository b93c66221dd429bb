//! The parts (thành phần thể thức) of an official document, as separate fields (NĐ 30 Điều 8).

use jiff::civil::Date;

use crate::body::Body;
use crate::form::Form;

/// One official document ready to be laid out. Every text is plain data: nothing in it is ever read as markup of the layout engine.
///
/// Names are given in their natural case ("Ủy ban nhân dân tỉnh Đắk Nông"); the layout writes capitals where Phụ lục I asks for them.
#[derive(Debug, Clone, PartialEq)]
pub struct OfficialDocument {
    /// Tên cơ quan, tổ chức ban hành văn bản (ô 2).
    pub issuing: Issuer,
    /// The number as printed ("05"); `None` leaves the room where it will be written.
    pub number: Option<String>,
    /// Ký hiệu, all that follows the slash ("QĐ-UBND", "UBND-KGVX", "2022/QĐ-UBND").
    pub symbol: String,
    /// Địa danh (ô 4), for example "Đắk Nông".
    pub place: String,
    /// Day of issue; `None` leaves room for day and month.
    pub date: Option<Date>,
    /// The year printed while `date` is still unknown; without it the year is left blank too.
    pub blank_year: Option<i16>,
    /// Tên loại và trích yếu nội dung (ô 5a or 5b).
    pub kind: Kind,
    /// Kính gửi (ô 9a); empty for kinds that have none.
    pub addressees: Vec<String>,
    /// Thẩm quyền ban hành of a nghị quyết or quyết định (mẫu 1.1–1.3).
    pub authority_line: Option<String>,
    /// What its template says besides the content (mẫu 1.6–1.10).
    pub form: Form,
    /// Nội dung (ô 6), căn cứ ban hành included.
    pub body: Body,
    /// Whether the content ends with `./.` (all templates of Phụ lục III do).
    pub closing_mark: bool,
    /// Chức vụ, họ tên và chữ ký của người có thẩm quyền (ô 7a, 7b, 7c).
    pub signature: SignatureBlock,
    /// Nơi nhận (ô 9b), without the line `Lưu`.
    pub recipients: Vec<String>,
    /// What is kept, for example "VT, KGVX"; printed as `- Lưu: VT, KGVX.`; `None` prints no such line.
    pub keep_line: Option<String>,
    /// Dấu chỉ mức độ khẩn (ô 10b).
    pub urgency: Option<Urgency>,
    /// Chỉ dẫn về phạm vi lưu hành (ô 11), for example "Lưu hành nội bộ".
    pub circulation: Option<String>,
    /// Ký hiệu người soạn thảo và số lượng bản phát hành (ô 12), for example "PL.(300)".
    pub drafter_mark: Option<String>,
    /// Địa chỉ, thư điện tử, trang thông tin điện tử, điện thoại, Fax (ô 13).
    pub contact_line: Option<String>,
    /// Appendices and documents issued together with this one, each starting on its own page.
    pub parts: Vec<Part>,
    /// Sizes of the heading (PL1-G8).
    pub heading_size: HeadingSize,
}

impl OfficialDocument {
    /// A document with the fields that every document has; the rest is empty, the closing mark is on.
    #[must_use]
    pub fn new(issuing: Issuer, symbol: impl Into<String>, place: impl Into<String>, kind: Kind) -> Self {
        Self {
            issuing,
            number: None,
            symbol: symbol.into(),
            place: place.into(),
            date: None,
            blank_year: None,
            kind,
            addressees: Vec::new(),
            authority_line: None,
            form: Form::default(),
            body: Body::default(),
            closing_mark: true,
            signature: SignatureBlock::default(),
            recipients: Vec::new(),
            keep_line: None,
            urgency: None,
            circulation: None,
            drafter_mark: None,
            contact_line: None,
            parts: Vec::new(),
            heading_size: HeadingSize::default(),
        }
    }
}

/// The issuing agency and the one directly above it (ô 2), in natural case. A line feed in a name is a wished line break.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Issuer {
    /// Cơ quan, tổ chức chủ quản trực tiếp, if it is to be printed.
    pub parent_name: Option<String>,
    /// Cơ quan, tổ chức ban hành văn bản.
    pub name: String,
}

/// Which of the two headings a document has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Văn bản có tên loại: ô 5a, centred across the page (mẫu 1.1–1.4).
    Named {
        /// Tên loại, for example "Quyết định".
        type_name: String,
        /// Trích yếu nội dung.
        subject: String,
    },
    /// Công văn: ô 5b under the number (mẫu 1.5).
    Letter {
        /// Trích yếu nội dung, without "V/v".
        subject: String,
    },
}

impl Kind {
    /// Trích yếu nội dung of either kind.
    #[must_use]
    pub fn subject(&self) -> &str {
        match self {
            Self::Named { subject, .. } | Self::Letter { subject } => subject,
        }
    }

    /// The name of the type in natural case ("Quyết định", "Công văn").
    #[must_use]
    pub fn type_name(&self) -> &str {
        match self {
            Self::Named { type_name, .. } => type_name,
            Self::Letter { .. } => "Công văn",
        }
    }
}

/// Quyền hạn, chức vụ, họ tên of the signer (ô 7a, 7b).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignatureBlock {
    /// The lines of ô 7a in order: "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH".
    pub lines: Vec<String>,
    /// Another title printed above the name (ô 7b), as for councils at state level.
    pub title_above_name: Option<String>,
    /// Họ và tên.
    pub name: String,
}

/// Dấu chỉ mức độ khẩn; each has its size by khoản 2b Mục III Phần I Phụ lục I.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// HỎA TỐC, 30 × 8 mm.
    Flash,
    /// THƯỢNG KHẨN, 40 × 8 mm.
    VeryUrgent,
    /// KHẨN, 20 × 8 mm.
    Urgent,
}

impl Urgency {
    /// The words of the mark.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Flash => "HỎA TỐC",
            Self::VeryUrgent => "THƯỢNG KHẨN",
            Self::Urgent => "KHẨN",
        }
    }

    /// Width and height of the mark in mm.
    #[must_use]
    pub fn size_mm(self) -> (f64, f64) {
        match self {
            Self::Flash => (30.0, 8.0),
            Self::VeryUrgent => (40.0, 8.0),
            Self::Urgent => (20.0, 8.0),
        }
    }
}

/// The two permitted sets of sizes for Quốc hiệu / Tiêu ngữ / địa danh và ngày (PL1-G8): they are raised or lowered together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HeadingSize {
    /// 12 / 13 / 13 pt, the set of the official sample table.
    #[default]
    Twelve,
    /// 13 / 14 / 14 pt.
    Thirteen,
}

/// An appendix, or a document issued together with the main one; pages are numbered apart (PL1-A5).
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Appendix or attached document.
    pub kind: PartKind,
    /// Name of the appendix, or trích yếu of the attached document.
    pub subject: String,
    /// The line `(Kèm theo …)`.
    pub reference: Reference,
    /// The content.
    pub body: Body,
    /// Whether the content ends with `./.`.
    pub closing_mark: bool,
}

/// What a [`Part`] is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartKind {
    /// Phụ lục (mẫu 2.1, 2.2).
    Appendix {
        /// Its number when there are two or more, printed in Roman numerals.
        number: Option<u32>,
    },
    /// Văn bản ban hành kèm theo (mẫu 1.3): agency and Quốc hiệu without number and date, then the type.
    Attached {
        /// Tên loại, for example "Quy chế".
        type_name: String,
    },
}

/// How the line `(Kèm theo …)` is written (PL1-A3).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Reference {
    /// Number and date are left blank, as for electronic documents.
    #[default]
    Blank,
    /// Number and date of the main document, as on paper; what is unknown stays blank.
    Filled,
    /// The words given, brackets included.
    Text(String),
}
