//! What can go wrong.

/// Why the demo authority could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The key could not be made, read or used.
    #[error("Không tạo, đọc hoặc dùng được khóa ký thử nghiệm ({detail}). Đề nghị tạo lại khóa.")]
    Key {
        /// What the crypto library says.
        detail: String,
    },
    /// A structure could not be encoded, or a request not decoded.
    #[error("Dữ liệu chứng thư hoặc yêu cầu không đúng cấu trúc ({0}). Đề nghị kiểm tra dữ liệu gửi tới.")]
    Asn1(#[from] der::Error),
    /// A time that certificates cannot express (before 1970 or after 9999).
    #[error("Thời điểm {0} nằm ngoài khoảng mà chứng thư ghi được. Đề nghị chọn thời điểm khác.")]
    Time(jiff::Timestamp),
    /// A folder or file could not be read or written.
    #[error("Không đọc hoặc ghi được {path}: {source}. Đề nghị kiểm tra thư mục và quyền truy cập.")]
    File {
        /// The file or folder.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The settings file of the folder is not ours.
    #[error("Tệp cấu hình của thư mục chứng thực thử nghiệm bị hỏng ({0}). Đề nghị xóa thư mục để tạo lại.")]
    Settings(#[from] serde_json::Error),
    /// An image could not be drawn: a font without the letters needed, or a size out of range.
    #[error("Không vẽ được hình ảnh ({0}). Đề nghị kiểm tra phông chữ và kích thước.")]
    Image(String),
}

impl Error {
    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Key { .. } => "key",
            Self::Asn1(_) => "asn1",
            Self::Time(_) => "time",
            Self::File { .. } => "file",
            Self::Settings(_) => "settings",
            Self::Image(_) => "image",
        }
    }

    pub(crate) fn key(detail: impl std::fmt::Display) -> Self {
        Self::Key {
            detail: detail.to_string(),
        }
    }
}

impl From<spki::Error> for Error {
    fn from(error: spki::Error) -> Self {
        Self::key(error)
    }
}
