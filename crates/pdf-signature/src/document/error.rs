//! Why a file is not read.

use thiserror::Error;

/// Why a file is not read. The reader never repairs: what two programs could read differently is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// The file does not begin as PDF.
    #[error("Tệp không phải là PDF. Hãy chọn tệp PDF khác.")]
    NotPdf,
    /// The file is encrypted.
    #[error("Tệp PDF được đặt mật khẩu hoặc hạn chế quyền. Hãy bỏ mật khẩu rồi chuyển lại tệp.")]
    Encrypted,
    /// No usable cross-reference section where one is announced.
    #[error("Bảng tham chiếu của tệp PDF bị hỏng ({0}). Hãy xuất lại PDF từ văn bản gốc.")]
    DamagedXref(&'static str),
    /// Bytes behind the last `%%EOF`, or `startxref` that does not belong to the last section.
    #[error("Cuối tệp PDF có dữ liệu không thuộc văn bản ({0}). Hãy xuất lại PDF từ văn bản gốc.")]
    GarbageAtEnd(&'static str),
    /// A dictionary has the same key twice.
    #[error(
        "Cấu trúc tệp PDF mâu thuẫn: một khóa được ghi hai lần (vị trí {0}). Hãy xuất lại PDF từ văn bản gốc."
    )]
    DuplicateKey(usize),
    /// Something that is not PDF syntax.
    #[error("Cấu trúc tệp PDF bị hỏng tại vị trí {0} ({1}). Hãy xuất lại PDF từ văn bản gốc.")]
    Syntax(usize, &'static str),
    /// An object is not what its number says, or is not where it should be.
    #[error("Đối tượng {0} của tệp PDF bị hỏng ({1}). Hãy xuất lại PDF từ văn bản gốc.")]
    DamagedObject(u32, &'static str),
    /// Pages refer to each other in a circle.
    #[error("Cây trang của tệp PDF bị lặp vòng. Hãy xuất lại PDF từ văn bản gốc.")]
    PageTreeLoop,
    /// The page tree is not one.
    #[error("Cây trang của tệp PDF bị hỏng ({0}). Hãy xuất lại PDF từ văn bản gốc.")]
    DamagedPages(&'static str),
    /// The interactive form is not a tree of objects.
    #[error("Biểu mẫu của tệp PDF bị hỏng ({0}). Hãy xuất lại PDF từ văn bản gốc.")]
    DamagedForm(&'static str),
    /// A limit of the reader.
    #[error("Tệp PDF vượt giới hạn xử lý ({0}). Hãy xuất lại PDF từ văn bản gốc.")]
    Limit(&'static str),
}

impl ReadError {
    /// Stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotPdf => "not_pdf",
            Self::Encrypted => "encrypted",
            Self::DamagedXref(_) => "damaged_xref",
            Self::GarbageAtEnd(_) => "garbage_at_end",
            Self::DuplicateKey(_) => "duplicate_key",
            Self::Syntax(..) => "damaged_syntax",
            Self::DamagedObject(..) => "damaged_object",
            Self::PageTreeLoop => "page_tree_loop",
            Self::DamagedPages(_) => "damaged_pages",
            Self::DamagedForm(_) => "damaged_form",
            Self::Limit(_) => "limit",
        }
    }
}
