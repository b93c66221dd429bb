//! Why an appearance cannot be made.

/// Why an appearance cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppearanceError {
    /// The image is not a readable PNG.
    #[error(
        "Tệp hình ảnh không phải là PNG hợp lệ ({detail}). Đề nghị xuất lại hình ảnh theo định dạng .png."
    )]
    Png {
        /// What the decoder says.
        detail: String,
    },
    /// The image is wider or higher than the limit.
    #[error(
        "Hình ảnh có kích thước {width} × {height} điểm ảnh, vượt quá {limit}. Đề nghị thu nhỏ hình ảnh."
    )]
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// The limit of both.
        limit: u32,
    },
    /// The image has no transparent background (PL1-7, PL1-8a).
    #[error(
        "Hình ảnh chưa có nền trong suốt (khoản 7d, 8a Mục II Phần I Phụ lục I Nghị định 30/2020/NĐ-CP). Đề nghị tách nền trước khi tải lên."
    )]
    NotTransparent,
    /// Nothing is visible in the image.
    #[error("Hình ảnh hoàn toàn trong suốt. Đề nghị chọn hình ảnh khác.")]
    Empty,
    /// The font cannot be used: unreadable, without TrueType outlines, or its licence forbids embedding.
    #[error("Phông chữ không dùng được ({detail}). Đề nghị cài đặt Times New Roman hoặc Liberation Serif.")]
    Font {
        /// What is wrong.
        detail: String,
    },
    /// The font lacks a character.
    #[error("Phông chữ không có ký tự “{character}”. Đề nghị kiểm tra nội dung hiển thị của chữ ký số.")]
    MissingLetter {
        /// The character.
        character: char,
    },
    /// The text does not fit into its place.
    #[error(
        "Nội dung “{text}” không vừa với chỗ dành cho chữ ký số. Đề nghị rút gọn hoặc chọn khung rộng hơn."
    )]
    TooLong {
        /// The text.
        text: String,
    },
}

impl AppearanceError {
    /// A stable name for logs, tests and the API.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Png { .. } => "image_not_png",
            Self::TooLarge { .. } => "image_too_large",
            Self::NotTransparent => "image_not_transparent",
            Self::Empty => "image_empty",
            Self::Font { .. } => "font_unusable",
            Self::MissingLetter { .. } => "font_lacks_letter",
            Self::TooLong { .. } => "text_too_long",
        }
    }
}
