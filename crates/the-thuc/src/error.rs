//! What can go wrong while composing.

/// Why a document could not be composed. The texts are shown to the user.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither Times New Roman nor a metric-compatible font is installed.
    #[error(
        "Máy chủ chưa cài phông chữ Times New Roman hoặc Liberation Serif có đủ chữ tiếng Việt nên không trình bày được văn bản. \
         Đề nghị quản trị hệ thống cài gói fonts-liberation2 (Debian 12) hoặc fonts-liberation (Debian 13 trở lên)."
    )]
    NoFont,
    /// A character that no installed font can print, or that has no agreed meaning (private use area).
    #[error(
        "Ký tự “{character}” (U+{code:04X}) không in được bằng phông chữ đã cài. Đề nghị thay hoặc xóa ký tự này."
    )]
    Unprintable {
        /// The character.
        character: char,
        /// Its code point.
        code: u32,
    },
    /// The layout engine refused; the detail is for the administrator.
    #[error("Không trình bày được văn bản: {detail}")]
    Layout {
        /// Messages of the engine.
        detail: String,
    },
}
