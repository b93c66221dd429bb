//! The words of ETSI EN 319 102-1 that reports use, and what people read for each.

use crate::verify::Verdict;

/// Why a signature or certificate is not (yet) called valid.
///
/// The names are those of ETSI EN 319 102-1, 5.1.3, with two more: `FORBIDDEN_CHANGE` for a change after the signature,
/// which that standard leaves to the format, and `NO_SIGNATURE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    FormatFailure,
    HashFailure,
    SigCryptoFailure,
    ForbiddenChange,
    Revoked,
    NotYetValid,
    RevokedNoPoe,
    RevokedCaNoPoe,
    OutOfBoundsNoPoe,
    ChainOutOfBounds,
    NoCertificateChainFound,
    ChainConstraintsFailure,
    ChainGeneralFailure,
    /// Never accepted.
    CryptoConstraints,
    /// Accepted once, but no longer, and nothing proves that it was used then.
    CryptoConstraintsNoPoe,
    UnknownFormat,
    /// The time stamp of the signature is not good, for this reason.
    Timestamp(&'static str),
    /// Another signature that shows a picture is not yet decided, for this reason.
    Waiting(&'static str),
    SigConstraintsFailure,
    NoSigningCertificateFound,
    TryLater,
    TryLaterStale,
    TryLaterCa,
    UntrustedOverlay,
    /// A later signature shows something over most of what was there.
    CoveredLater,
    NoSignature,
}

impl Reason {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::FormatFailure | Self::UnknownFormat => "FORMAT_FAILURE",
            Self::Timestamp(code) | Self::Waiting(code) => code,
            Self::CryptoConstraints => "CRYPTO_CONSTRAINTS_FAILURE",
            Self::HashFailure => "HASH_FAILURE",
            Self::SigCryptoFailure => "SIG_CRYPTO_FAILURE",
            Self::ForbiddenChange | Self::UntrustedOverlay | Self::CoveredLater => "FORBIDDEN_CHANGE",
            Self::Revoked => "REVOKED",
            Self::NotYetValid => "NOT_YET_VALID",
            Self::RevokedNoPoe => "REVOKED_NO_POE",
            Self::RevokedCaNoPoe => "REVOKED_CA_NO_POE",
            Self::OutOfBoundsNoPoe | Self::ChainOutOfBounds => "OUT_OF_BOUNDS_NO_POE",
            Self::NoCertificateChainFound => "NO_CERTIFICATE_CHAIN_FOUND",
            Self::ChainConstraintsFailure => "CHAIN_CONSTRAINTS_FAILURE",
            Self::ChainGeneralFailure => "CERTIFICATE_CHAIN_GENERAL_FAILURE",
            Self::CryptoConstraintsNoPoe => "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
            Self::SigConstraintsFailure => "SIG_CONSTRAINTS_FAILURE",
            Self::NoSigningCertificateFound => "NO_SIGNING_CERTIFICATE_FOUND",
            Self::TryLater | Self::TryLaterStale | Self::TryLaterCa => "TRY_LATER",
            Self::NoSignature => "NO_SIGNATURE",
        }
    }

    pub(crate) const fn verdict(self) -> Verdict {
        match self {
            Self::FormatFailure
            | Self::HashFailure
            | Self::SigCryptoFailure
            | Self::ForbiddenChange
            | Self::UntrustedOverlay
            | Self::CoveredLater
            | Self::Revoked => Verdict::TotalFailed,
            _ => Verdict::Indeterminate,
        }
    }

    pub(crate) const fn sentence(self) -> &'static str {
        match self {
            Self::FormatFailure => {
                "Chữ ký số không đúng cấu trúc quy định, không thể coi là chữ ký trên văn bản này."
            }
            Self::HashFailure => "Nội dung được ký đã bị thay đổi: giá trị băm không khớp với chữ ký số.",
            Self::SigCryptoFailure => "Giá trị chữ ký số không khớp với chứng thư số của người ký.",
            Self::ForbiddenChange => "Văn bản đã bị thay đổi sau khi ký, ngoài những bổ sung được phép.",
            Self::UntrustedOverlay => {
                "Sau khi ký, văn bản được thêm hình ảnh hiển thị bởi một chữ ký không tin cậy."
            }
            Self::CoveredLater => {
                "Sau khi ký, văn bản được thêm hình ảnh của một chữ ký khác che phần lớn chữ ký này hoặc chiếm phần lớn trang."
            }
            Self::Revoked => "Chứng thư số đã bị thu hồi hoặc tạm dừng trước thời điểm ký.",
            Self::NotYetValid => "Chữ ký số được tạo trước ngày chứng thư số có hiệu lực.",
            Self::RevokedNoPoe => {
                "Chứng thư số đã bị thu hồi và không có dấu thời gian tin cậy chứng minh văn bản được ký trước đó."
            }
            Self::RevokedCaNoPoe => "Chứng thư số của tổ chức cấp chứng thư đã bị thu hồi.",
            Self::OutOfBoundsNoPoe => {
                "Chứng thư số không còn trong thời hạn hiệu lực và không có dấu thời gian tin cậy chứng minh văn bản được ký trong thời hạn đó."
            }
            Self::ChainOutOfBounds => {
                "Một chứng thư số trong đường dẫn chứng thực không còn trong thời hạn hiệu lực tại thời điểm kiểm tra."
            }
            Self::NoCertificateChainFound => "Chứng thư số không do tổ chức trong danh sách tin cậy cấp.",
            Self::ChainConstraintsFailure => {
                "Chứng thư số hoặc đường dẫn chứng thực không được phép dùng cho mục đích này."
            }
            Self::ChainGeneralFailure => "Chứng thư số có nội dung không hợp chuẩn nên không kiểm tra được.",
            Self::UnknownFormat => "Định dạng chữ ký số này không được hỗ trợ.",
            Self::Timestamp(_) => "Dấu thời gian của chữ ký không được công nhận.",
            Self::Waiting(_) => {
                "Văn bản có thêm hình ảnh của một chữ ký sau chưa đủ căn cứ kết luận. Đề nghị kiểm tra lại."
            }
            Self::CryptoConstraints | Self::CryptoConstraintsNoPoe => {
                "Thuật toán hoặc độ dài khóa không còn được chấp nhận (yêu cầu RSA từ 2048 bit hoặc ECDSA từ 256 bit, hàm băm SHA-256 trở lên)."
            }
            Self::SigConstraintsFailure => {
                "Chữ ký số thiếu thuộc tính bắt buộc gắn với chứng thư số của người ký."
            }
            Self::NoSigningCertificateFound => {
                "Không tìm thấy trong chữ ký số chứng thư số phù hợp của người ký."
            }
            Self::TryLater => {
                "Không có dữ liệu về tình trạng thu hồi của chứng thư số tại thời điểm ký. Đề nghị kiểm tra lại khi kết nối được với tổ chức cấp chứng thư."
            }
            Self::TryLaterStale => {
                "Dữ liệu về tình trạng thu hồi của chứng thư số đã quá hạn. Đề nghị kiểm tra lại khi có dữ liệu mới của tổ chức cấp chứng thư."
            }
            Self::TryLaterCa => {
                "Không có dữ liệu còn hạn về tình trạng thu hồi chứng thư số của tổ chức cấp. Đề nghị kiểm tra lại khi kết nối được với hệ thống chứng thực."
            }
            Self::NoSignature => "Văn bản không có chữ ký số.",
        }
    }
}
