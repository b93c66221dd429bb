//! What can go wrong, as a stable code and a sentence that says what to do.

use thiserror::Error;

/// Why there is no signature, no time stamp, no evidence.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// The configuration cannot work; the text says why.
    #[error("Cấu hình ký số chưa đúng: {0}. Đề nghị quản trị viên kiểm tra lại.")]
    Config(String),
    /// Token, HSM, service or agent cannot be reached.
    #[error(
        "Chưa kết nối được với thiết bị hoặc dịch vụ ký số ({0}). Đề nghị kiểm tra kết nối rồi thực hiện lại."
    )]
    Unavailable(String),
    /// No answer in time.
    #[error("Dịch vụ không trả lời trong thời gian quy định ({0}). Đề nghị thực hiện lại sau.")]
    Timeout(String),
    /// A PIN is needed and was not given.
    #[error("Chưa có mã PIN của thiết bị ký số. Đề nghị nhập mã PIN.")]
    PinNeeded,
    /// The PIN is wrong. It was tried once and is never tried again by itself.
    #[error(
        "Mã PIN không đúng. Đề nghị kiểm tra trước khi nhập lại; nhập sai nhiều lần thiết bị sẽ bị khóa."
    )]
    WrongPin,
    /// Too many wrong PINs.
    #[error(
        "Thiết bị ký số đã bị khóa do nhập sai mã PIN nhiều lần. Đề nghị liên hệ đơn vị cấp chứng thư số để mở khóa."
    )]
    PinLocked,
    /// One-time code missing or wrong.
    #[error("Mã xác thực một lần (OTP) chưa có hoặc không đúng. Đề nghị yêu cầu mã mới rồi nhập lại.")]
    WrongOtp,
    /// The service does not let us, or this person, in.
    #[error(
        "Dịch vụ ký số từ chối xác thực ({0}). Đề nghị đăng nhập lại dịch vụ hoặc liên hệ quản trị viên."
    )]
    Unauthorized(String),
    /// There is no such key here.
    #[error(
        "Không tìm thấy khóa “{0}” tại nơi lưu khóa. Đề nghị kiểm tra thiết bị hoặc đăng ký lại chứng thư số."
    )]
    NoSuchKey(String),
    /// The certificate there is not the one the document was prepared for.
    #[error(
        "Chứng thư số tại nơi lưu khóa khác chứng thư số đã chuẩn bị cho văn bản. Chữ ký bị từ chối; đề nghị chuẩn bị ký lại."
    )]
    ForeignCertificate,
    /// The signature was not made by the key of the announced certificate.
    #[error(
        "Chữ ký nhận được không khớp với chứng thư số đã chọn. Chữ ký bị từ chối; đề nghị báo quản trị viên kiểm tra thiết bị, dịch vụ."
    )]
    WrongKey,
    /// The answer came too late.
    #[error("Yêu cầu ký đã hết hạn. Kết quả đến muộn không được sử dụng; đề nghị ký lại.")]
    Expired,
    /// This transaction is unknown, finished, or used before.
    #[error("Phiên ký không tồn tại hoặc đã được sử dụng. Đề nghị thực hiện ký lại từ đầu.")]
    UnknownTransaction,
    /// The person, or the service for them, said no.
    #[error("Yêu cầu ký đã bị từ chối ({0}). Văn bản chưa được ký.")]
    Rejected(String),
    /// More hashes than the provider takes at once, or none.
    #[error("Số văn bản trong một lần ký không phù hợp (tối đa {0}). Đề nghị chia thành nhiều lần ký.")]
    TooMany(usize),
    /// Key or algorithm that must not be used: RSA below 2048 bits, SHA-1, curves other than P-256.
    #[error(
        "Khóa hoặc thuật toán ký không được chấp nhận ({0}). Đề nghị dùng chứng thư số RSA từ 2048 bit hoặc ECDSA P-256."
    )]
    WeakOrUnknownKey(String),
    /// Plain HTTP, or a certificate of the server that does not hold.
    #[error(
        "Kết nối đến dịch vụ không an toàn ({0}). Hệ thống không gửi dữ liệu; đề nghị quản trị viên kiểm tra địa chỉ và chứng thư TLS."
    )]
    InsecureTransport(String),
    /// The guard of outgoing calls refused this address.
    #[error(
        "Địa chỉ “{0}” không thuộc danh sách được phép truy cập. Đề nghị quản trị viên xem lại danh sách nguồn kiểm tra chứng thư số."
    )]
    NotAllowed(String),
    /// The answer is larger than any honest one.
    #[error("Dữ liệu trả về vượt quá giới hạn {0} byte nên không được sử dụng.")]
    TooLarge(usize),
    /// The answer is not what the protocol says.
    #[error("Dịch vụ hoặc thiết bị trả lời không đúng định dạng ({0}). Đề nghị báo quản trị viên.")]
    Protocol(String),
    /// This place of keys has no such step.
    #[error("Nơi lưu khóa này không hỗ trợ thao tác được yêu cầu ({0}).")]
    Unsupported(&'static str),
}

impl ProviderError {
    /// Stable name, for the API, the journal and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Config(_) => "provider_config",
            Self::Unavailable(_) => "provider_unavailable",
            Self::Timeout(_) => "provider_timeout",
            Self::PinNeeded => "pin_needed",
            Self::WrongPin => "wrong_pin",
            Self::PinLocked => "pin_locked",
            Self::WrongOtp => "wrong_otp",
            Self::Unauthorized(_) => "provider_unauthorized",
            Self::NoSuchKey(_) => "no_such_key",
            Self::ForeignCertificate => "foreign_certificate",
            Self::WrongKey => "wrong_key",
            Self::Expired => "signing_expired",
            Self::UnknownTransaction => "unknown_transaction",
            Self::Rejected(_) => "signing_rejected",
            Self::TooMany(_) => "too_many_hashes",
            Self::WeakOrUnknownKey(_) => "key_not_accepted",
            Self::InsecureTransport(_) => "insecure_transport",
            Self::NotAllowed(_) => "address_not_allowed",
            Self::TooLarge(_) => "answer_too_large",
            Self::Protocol(_) => "provider_protocol",
            Self::Unsupported(_) => "provider_unsupported",
        }
    }

    /// Whether the same call may succeed a little later without anybody changing anything.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Timeout(_))
    }
}
