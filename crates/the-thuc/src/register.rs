//! Sổ of Phụ lục IV as printed: đăng ký văn bản đi, đến (NĐ 30 Điều 16.2b, 22.2), gửi bưu điện, sử dụng bản lưu, theo dõi giải quyết.

use jiff::civil::Date;

use crate::document::Issuer;

/// One printed volume of a register: cover page and rows.
#[derive(Debug, Clone, PartialEq)]
pub struct RegisterSheet {
    /// Which register.
    pub book: RegisterBook,
    /// Cơ quan chủ quản trực tiếp and the agency (or unit) that keeps the register.
    pub agency: Issuer,
    /// Năm.
    pub year: i16,
    /// Từ ngày … đến ngày …
    pub days: Option<(Date, Date)>,
    /// Từ số … đến số …
    pub numbers: Option<(String, String)>,
    /// Quyển số.
    pub volume: Option<u32>,
    /// Rows, each with the columns of the book in order; cells beyond them are left out, missing ones are empty.
    pub rows: Vec<Vec<String>>,
}

/// The registers of Phụ lục IV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisterBook {
    /// Sổ đăng ký văn bản đi (mẫu I).
    Outgoing,
    /// Sổ đăng ký văn bản đến (mẫu VI).
    Incoming,
    /// Sổ gửi văn bản đi bưu điện (mẫu III).
    Post,
    /// Sổ sử dụng bản lưu (mẫu IV).
    KeptCopies,
    /// Sổ theo dõi giải quyết văn bản đến (mẫu VIII).
    Handling,
}

impl RegisterBook {
    /// Name on the cover.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Outgoing => "Sổ đăng ký văn bản đi",
            Self::Incoming => "Sổ đăng ký văn bản đến",
            Self::Post => "Sổ gửi văn bản đi bưu điện",
            Self::KeptCopies => "Sổ sử dụng bản lưu",
            Self::Handling => "Sổ theo dõi giải quyết văn bản đến",
        }
    }

    /// The titles of the columns, numbered from (1) when they are printed.
    #[must_use]
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Outgoing => &[
                "Số, ký hiệu văn bản",
                "Ngày tháng văn bản",
                "Tên loại và trích yếu nội dung văn bản",
                "Người ký",
                "Nơi nhận văn bản",
                "Đơn vị, người nhận bản lưu",
                "Số lượng bản",
                "Ngày chuyển",
                "Ký nhận",
                "Ghi chú",
            ],
            Self::Incoming => &[
                "Ngày đến",
                "Số đến",
                "Tác giả",
                "Số, ký hiệu văn bản",
                "Ngày tháng văn bản",
                "Tên loại và trích yếu nội dung văn bản",
                "Đơn vị hoặc người nhận",
                "Ngày chuyển",
                "Ký nhận",
                "Ghi chú",
            ],
            Self::Post => &[
                "Ngày chuyển",
                "Số, ký hiệu văn bản",
                "Nơi nhận văn bản",
                "Số lượng bì",
                "Ký nhận và dấu bưu điện",
                "Ghi chú",
            ],
            Self::KeptCopies => &[
                "Ngày tháng",
                "Họ tên người sử dụng",
                "Số, ký hiệu ngày tháng văn bản",
                "Tên loại và trích yếu nội dung văn bản",
                "Số và ký hiệu HS",
                "Ký nhận",
                "Ngày trả",
                "Người cho phép sử dụng",
                "Ghi chú",
            ],
            Self::Handling => &[
                "Số đến",
                "Tên loại, số, ký hiệu, ngày, tháng và tên cơ quan, tổ chức ban hành văn bản",
                "Đơn vị hoặc người nhận",
                "Thời hạn giải quyết",
                "Tiến độ giải quyết",
                "Số, ký hiệu văn bản trả lời",
                "Ghi chú",
            ],
        }
    }

    /// Relative widths of the columns.
    #[must_use]
    pub fn widths(self) -> &'static [f64] {
        match self {
            Self::Outgoing => &[1.5, 1.15, 3.4, 1.4, 2.0, 1.4, 0.8, 1.1, 0.9, 1.1],
            Self::Incoming => &[1.1, 0.75, 1.7, 1.5, 1.15, 3.4, 1.7, 1.1, 0.9, 1.1],
            Self::Post => &[1.2, 1.8, 4.0, 1.0, 2.4, 1.6],
            Self::KeptCopies => &[1.1, 1.7, 1.7, 3.2, 1.2, 1.0, 1.1, 1.7, 1.2],
            Self::Handling => &[0.8, 4.2, 2.0, 1.2, 2.2, 1.7, 1.4],
        }
    }

    /// Whether the cover says from which number to which: all but the book of follow-up (Phụ lục IV mẫu VIII).
    #[must_use]
    pub fn has_numbers(self) -> bool {
        self != Self::Handling
    }
}
