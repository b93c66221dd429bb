//! What can go wrong in a request, and how it is told.
//!
//! A handler returns [`AppError`]; the page surface and the API each turn it into their own shape (a page with the
//! refusal, or `application/problem+json`). An internal error carries an incident number that is shown and logged.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use rules::Refusal;

/// Result of use cases and handlers.
pub type AppResult<T> = Result<T, AppError>;

/// The code of [`AppError::MustChangePassword`].
pub const MUST_CHANGE_PASSWORD: &str = "account.must_change_password";

/// Why a request was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A rule refused; the clause is named.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The answer came too late: what it answers has ended.
    #[error("{0}")]
    Gone(Refusal),
    /// There is no such object, or the reader may not see it: both look the same.
    #[error("not found")]
    NotFound,
    /// Nobody is signed in.
    #[error("not signed in")]
    SignedOut,
    /// The password was made by an administrator; nothing else is open before it is changed.
    #[error("the password must be changed first")]
    MustChangePassword,
    /// The form or the JSON cannot be read; the sentence says what to do.
    #[error("{0}")]
    BadInput(String),
    /// The request did not come from our own page.
    #[error("cross-site request")]
    CrossSite,
    /// The id of a command came before, with another request.
    #[error("the command id was used for another request")]
    CommandReused,
    /// Too many tries from one network address; it may come back after so many seconds.
    #[error("too many tries")]
    TooMany(u64),
    /// The request did not come to its end in time.
    #[error("the request took too long")]
    TooSlow,
    /// Something broke that the person cannot mend.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl From<store::Error> for AppError {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::CommandReused => Self::CommandReused,
            other => Self::Internal(other.into()),
        }
    }
}

impl From<askama::Error> for AppError {
    fn from(error: askama::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<serde_json::Error> for AppError {
    fn from(error: serde_json::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<std::io::Error> for AppError {
    fn from(error: std::io::Error) -> Self {
        Self::Internal(error.into())
    }
}

/// An error as a reader sees it; carried in the response until the surface gives it its shape.
#[derive(Debug, Clone)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable machine-readable name.
    pub code: &'static str,
    /// Vietnamese sentence: what is wrong and what to do.
    pub message: String,
    /// The clause that refuses.
    pub clause: Option<&'static str>,
    /// The field it belongs to.
    pub field: Option<&'static str>,
    /// Number of the incident in the log.
    pub incident: Option<String>,
    /// Seconds after which it may be tried again.
    pub retry_after: Option<u64>,
}

impl AppError {
    /// The problem to show. Logs an internal error once, under the incident number it gives.
    pub fn problem(self) -> Problem {
        let plain = |status, code, message: &str| Problem {
            status,
            code,
            message: message.to_owned(),
            clause: None,
            field: None,
            incident: None,
            retry_after: None,
        };
        match self {
            Self::Refused(refusal) => Problem {
                status: StatusCode::CONFLICT,
                code: refusal.code,
                message: refusal.message,
                clause: Some(refusal.clause),
                field: refusal.field,
                incident: None,
                retry_after: None,
            },
            Self::Gone(refusal) => Problem {
                status: StatusCode::GONE,
                ..Self::Refused(refusal).problem()
            },
            Self::NotFound => plain(
                StatusCode::NOT_FOUND,
                "not_found",
                "Không có nội dung này, hoặc Ông/Bà không có quyền xem. Kiểm tra lại đường dẫn hoặc liên hệ văn thư cơ quan.",
            ),
            Self::SignedOut => plain(
                StatusCode::UNAUTHORIZED,
                "signed_out",
                "Phiên làm việc đã kết thúc. Vui lòng đăng nhập lại.",
            ),
            Self::MustChangePassword => plain(
                StatusCode::FORBIDDEN,
                MUST_CHANGE_PASSWORD,
                "Mật khẩu hiện tại do quản trị cấp. Vui lòng đăng nhập trên trang web và đặt mật khẩu của riêng mình trước khi tiếp tục.",
            ),
            Self::BadInput(message) => plain(StatusCode::UNPROCESSABLE_ENTITY, "bad_input", &message),
            Self::CrossSite => plain(
                StatusCode::FORBIDDEN,
                "cross_site",
                "Yêu cầu không xuất phát từ trang của hệ thống hoặc trang đã mở quá lâu. Tải lại trang rồi thực hiện lại.",
            ),
            Self::CommandReused => plain(
                StatusCode::UNPROCESSABLE_ENTITY,
                "command_reused",
                "Command-Id này đã dùng cho một yêu cầu khác. Vui lòng gửi lại với một Command-Id mới.",
            ),
            Self::TooMany(seconds) => Problem {
                retry_after: Some(seconds),
                ..plain(
                    StatusCode::TOO_MANY_REQUESTS,
                    "too_many_requests",
                    "Có quá nhiều lần đăng nhập không thành công từ mạng này. Vui lòng chờ một phút rồi thử lại.",
                )
            },
            Self::TooSlow => plain(
                StatusCode::REQUEST_TIMEOUT,
                "timeout",
                "Yêu cầu mất quá nhiều thời gian nên đã dừng lại. Kiểm tra đường truyền rồi thử lại.",
            ),
            Self::Internal(error) => {
                let incident = format!("{:08X}", rand::random::<u32>());
                tracing::error!(
                    incident,
                    error = format!("{error:#}"),
                    "request failed: incident {incident}"
                );
                Problem {
                    incident: Some(incident.clone()),
                    ..plain(
                        StatusCode::INTERNAL_SERVER_ERROR,
                        "internal",
                        &format!(
                            "Hệ thống gặp sự cố, việc vừa làm chưa được ghi nhận. Thử lại sau ít phút; nếu vẫn lỗi, báo quản trị mã sự cố {incident}."
                        ),
                    )
                }
            }
        }
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let problem = self.problem();
        let mut response = problem.status.into_response();
        if let Some(seconds) = problem.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(problem);
        response
    }
}
