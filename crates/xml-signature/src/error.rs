//! Why a message could not be read or signed.

use thiserror::Error;

/// Why a message could not be read or signed. The sentence says what to do.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum XmlError {
    /// Larger than [`crate::MAX_MESSAGE`].
    #[error("Thông điệp lớn hơn giới hạn cho phép. Đề nghị gửi ít tệp hơn trong một thông điệp.")]
    TooLarge,
    /// Not UTF-8, not well-formed, or nested too deeply.
    #[error("Không đọc được cấu trúc XML của thông điệp. Đề nghị bên gửi kiểm tra và gửi lại.")]
    Malformed,
    /// It has a document type declaration, which may bring entities from anywhere.
    #[error("Thông điệp có khai báo DTD nên không được xử lý. Đề nghị bên gửi bỏ khai báo DTD và gửi lại.")]
    Dtd,
    /// The same identifier stands on two elements.
    #[error("Thông điệp có mã định danh phần tử (Id) bị trùng. Đề nghị bên gửi kiểm tra và gửi lại.")]
    DuplicateId,
    /// The element that takes the signature is missing, double, or empty.
    #[error("Không tìm thấy đúng một phần tử “{0}” để đặt chữ ký số. Đề nghị kiểm tra mẫu thông điệp.")]
    Place(String),
    /// There is a signature already.
    #[error("Thông điệp đã có chữ ký số. Không ký lại thông điệp đã ký.")]
    AlreadySigned,
    /// The certificate cannot be read or its key is not RSA of at least 2048 bits.
    #[error(
        "Chứng thư số không dùng được để ký thông điệp XML (cần khóa RSA từ 2048 bit). Đề nghị chọn chứng thư khác."
    )]
    Certificate,
    /// The raw signature does not belong to the announced certificate and this message.
    #[error("Giá trị chữ ký trả về không khớp với chứng thư số đã chọn. Đề nghị thực hiện ký lại.")]
    WrongSignature,
    /// The library refused what we built; a defect of this program.
    #[error("Không tạo được chữ ký số XML. Đề nghị báo cho quản trị hệ thống.")]
    Internal,
}

impl XmlError {
    /// Stable, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "xml_too_large",
            Self::Malformed => "xml_malformed",
            Self::Dtd => "xml_dtd",
            Self::DuplicateId => "xml_duplicate_id",
            Self::Place(_) => "xml_place_missing",
            Self::AlreadySigned => "xml_already_signed",
            Self::Certificate => "xml_certificate",
            Self::WrongSignature => "xml_wrong_signature",
            Self::Internal => "xml_internal",
        }
    }
}
