//! Sổ đăng ký văn bản đi, đến as printed (NĐ 30 Điều 16.2b, 22.2; Phụ lục IV mẫu I and VI).

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
    /// Rows, each with the ten columns of the book in order.
    pub rows: Vec<[String; 10]>,
}

/// The two registers of Phụ lục IV with ten columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisterBook {
    /// Sổ đăng ký văn bản đi (mẫu I).
    Outgoing,
    /// Sổ đăng ký văn bản đến (mẫu VI).
    Incoming,
}

impl RegisterBook {
    /// Name on the cover.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Outgoing => "Sổ đăng ký văn bản đi",
            Self::Incoming => "Sổ đăng ký văn bản đến",
        }
    }

    /// The titles of columns (1) to (10).
    #[must_use]
    pub fn columns(self) -> [&'static str; 10] {
        match self {
            Self::Outgoing => [
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
            Self::Incoming => [
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
        }
    }

    /// Relative widths of the columns.
    pub(crate) fn widths(self) -> [f64; 10] {
        match self {
            Self::Outgoing => [1.5, 1.15, 3.4, 1.4, 2.0, 1.4, 0.8, 1.1, 0.9, 1.1],
            Self::Incoming => [1.1, 0.75, 1.7, 1.5, 1.15, 3.4, 1.7, 1.1, 0.9, 1.1],
        }
    }
}
