//! Why a signature could not be built or read.

use thiserror::Error;

/// Errors of building and reading CMS. The sentence says what to do.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CmsError {
    /// The bytes are not well-formed ASN.1 within our limits.
    #[error("Dữ liệu chữ ký số bị hỏng hoặc không đúng cấu trúc. Đề nghị ký lại văn bản.")]
    Malformed,
    /// Not a SignedData with exactly one signer.
    #[error(
        "Dữ liệu chữ ký số không thuộc định dạng được hỗ trợ (CMS, một người ký). Đề nghị ký lại bằng phần mềm ký số hợp chuẩn."
    )]
    NotSignedData,
    /// The certificate cannot be read.
    #[error("Chứng thư số của người ký không đọc được. Đề nghị kiểm tra lại thiết bị hoặc dịch vụ ký số.")]
    Certificate,
    /// The key is of a kind or size that we do not use.
    #[error(
        "Khóa ký không được chấp nhận: cần RSA từ 2048 bit hoặc ECDSA P-256, P-384. Đề nghị dùng chứng thư số khác."
    )]
    KeyNotAccepted,
    /// The raw signature does not fit certificate and attributes.
    #[error(
        "Chữ ký nhận được không khớp với chứng thư số đã chọn. Văn bản chưa được ký; đề nghị thực hiện ký lại."
    )]
    WrongSignature,
    /// The signed attributes name another certificate than the one announced.
    #[error(
        "Chứng thư số nhận được khác chứng thư đã chọn khi chuẩn bị ký. Văn bản chưa được ký; đề nghị chuẩn bị và ký lại."
    )]
    CertificateMismatch,
    /// No certificate was given.
    #[error("Thiếu chứng thư số của người ký. Đề nghị chọn chứng thư số trước khi ký.")]
    NoCertificate,
    /// The time-stamping authority refused.
    #[error(
        "Đơn vị cấp dấu thời gian từ chối yêu cầu (mã {0}). Đề nghị thử lại sau hoặc báo quản trị hệ thống."
    )]
    TimestampRefused(u8),
    /// The answer is about something else.
    #[error(
        "Dấu thời gian nhận được không khớp với yêu cầu. Đề nghị thử lại; nếu lặp lại, báo quản trị hệ thống."
    )]
    TimestampMismatch,
}

impl CmsError {
    /// Stable, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "cms_malformed",
            Self::NotSignedData => "cms_not_signed_data",
            Self::Certificate => "certificate_unreadable",
            Self::KeyNotAccepted => "key_not_accepted",
            Self::WrongSignature => "wrong_signature",
            Self::CertificateMismatch => "certificate_mismatch",
            Self::NoCertificate => "certificate_missing",
            Self::TimestampRefused(_) => "timestamp_refused",
            Self::TimestampMismatch => "timestamp_mismatch",
        }
    }
}
