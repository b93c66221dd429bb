//! What can go wrong, and what the caller should do then.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The operations of the axis (spec edxml 12.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "each is the method of the same name of `AxisTransport`"
)]
pub enum Operation {
    ListAgencies,
    ListAgenciesQd20,
    SynchroniseUnits,
    RegisterAgency,
    DeleteAgency,
    Send,
    ListReceived,
    ListSent,
    GetPacket,
    DownloadPacket,
    UpdateStatus,
    CountDocuments,
    CountStatuses,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::ListAgencies,
        Self::ListAgenciesQd20,
        Self::SynchroniseUnits,
        Self::RegisterAgency,
        Self::DeleteAgency,
        Self::Send,
        Self::ListReceived,
        Self::ListSent,
        Self::GetPacket,
        Self::DownloadPacket,
        Self::UpdateStatus,
        Self::CountDocuments,
        Self::CountStatuses,
    ];

    /// The path in the axis' own protocol.
    pub fn path(self) -> &'static str {
        match self {
            Self::ListAgencies => "/getAgenciesList",
            Self::ListAgenciesQd20 => "/getAgenciesListQD20",
            Self::SynchroniseUnits => "/getSynchronizeUnit",
            Self::RegisterAgency => "/registerAgency",
            Self::DeleteAgency => "/deleteAgency",
            Self::Send => "/sendEdoc",
            Self::ListReceived => "/getReceivedEdocList",
            Self::ListSent => "/getSentEdocList",
            Self::GetPacket => "/getEdoc",
            Self::DownloadPacket => "/downloadEdoc",
            Self::UpdateStatus => "/updateStatus",
            Self::CountDocuments => "/countReceiveEdoc",
            Self::CountStatuses => "/countReceiveStatus",
        }
    }

    /// Whether the operation leaves the axis as it is, so that it may be asked again at any time.
    pub fn only_reads(self) -> bool {
        !matches!(
            self,
            Self::RegisterAgency | Self::DeleteAgency | Self::Send | Self::UpdateStatus
        )
    }

    /// Whether the operation is about a single packet that the axis keeps for us.
    fn is_about_one_packet(self) -> bool {
        matches!(self, Self::GetPacket | Self::DownloadPacket | Self::UpdateStatus)
    }

    /// Whether the operation names one agency, beside which the connection may have others.
    fn names_an_agency(self) -> bool {
        matches!(self, Self::Send | Self::RegisterAgency | Self::DeleteAgency)
    }

    /// The operation in Vietnamese, for logs and messages.
    pub fn label(self) -> &'static str {
        match self {
            Self::ListAgencies => "lấy danh mục cơ quan",
            Self::ListAgenciesQd20 => "lấy danh mục mã định danh theo Quyết định 20/2020/QĐ-TTg",
            Self::SynchroniseUnits => "đồng bộ đơn vị",
            Self::RegisterAgency => "đăng ký cơ quan",
            Self::DeleteAgency => "hủy đăng ký cơ quan",
            Self::Send => "gửi gói tin",
            Self::ListReceived => "lấy danh sách gói tin nhận",
            Self::ListSent => "lấy danh sách gói tin đã gửi",
            Self::GetPacket => "lấy gói tin",
            Self::DownloadPacket => "tải gói tin",
            Self::UpdateStatus => "cập nhật trạng thái gói tin",
            Self::CountDocuments => "đếm văn bản chờ nhận",
            Self::CountStatuses => "đếm trạng thái chờ nhận",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// What a refusal of the axis is about (spec edxml 12.4; the list of codes is not confirmed by the operator).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalClass {
    /// The connection's settings: stop sending and alarm the administrator.
    Configuration,
    /// The agency that sends is not registered: the other agencies of the connection may send.
    Sender,
    /// One recipient: the others may be sent to.
    Recipient,
    /// This message will never be taken.
    Permanent,
    /// A trouble of the axis that may pass.
    Retry,
}

impl RefusalClass {
    /// The class of an error code of the axis. Unknown codes may pass.
    pub fn of(code: &str) -> Self {
        match code {
            "15" => Self::Configuration,
            "19" => Self::Sender,
            "18" | "23" => Self::Recipient,
            "10" | "22" => Self::Permanent,
            _ => Self::Retry,
        }
    }

    /// The class of an HTTP status that came without a code of the axis; nothing when it tells as little as no answer.
    pub(in crate::client) fn of_http(operation: Operation, status: u16) -> Option<Self> {
        match status {
            // A packet that is gone, or another system's, may be answered like a wrong address. If it is the address, or
            // the system, then the lists say so too.
            403 | 404 if operation.is_about_one_packet() => Some(Self::Retry),
            401 | 403 | 404 | 405 => Some(Self::Configuration),
            413 => Some(Self::Permanent),
            _ => None,
        }
    }
}

/// What the caller should do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Try the same again later.
    Retry,
    /// It may have been done: look it up (`list_sent`), and only if it is not there, try again. Where there is no such
    /// list ([`crate::client::ProvincialClient`]), a person has to find out.
    LookUp,
    /// Stop this connection and tell the administrator; nothing else will go through.
    FixSettings,
    /// Give this recipient up, and tell the clerk.
    GiveUpRecipient,
    /// Give this message up, and tell the clerk.
    GiveUp,
}

/// A call that did not succeed. Texts never hold secrets, headers or bodies.
#[derive(Debug, Error)]
pub enum AxisError {
    /// The axis answered and said no.
    #[error("Trục liên thông từ chối {operation}: mã {code}{}", described(.desc))]
    Refused {
        /// What was asked.
        operation: Operation,
        /// `ErrorCode` of the axis, or `HTTP 401` and the like.
        code: String,
        /// `ErrorDesc` of the axis, cut to 300 characters.
        desc: String,
        /// What it is about.
        class: RefusalClass,
    },
    /// The request certainly did not reach the axis.
    #[error("Không kết nối được tới trục liên thông khi {operation}: {cause}")]
    NotSent {
        /// What was asked.
        operation: Operation,
        /// What happened.
        cause: String,
    },
    /// The request may have been carried out: there was no answer, or it broke off. Look it up before trying again.
    #[error("Chưa rõ kết quả {operation}: {cause}. Cần đối chiếu với trục trước khi làm lại")]
    Unknown {
        /// What was asked.
        operation: Operation,
        /// What happened.
        cause: String,
    },
    /// The answer is empty or cannot be read. It is never taken for success.
    #[error("Trục liên thông trả lời không hợp lệ khi {operation}: {cause}")]
    BadAnswer {
        /// What was asked.
        operation: Operation,
        /// What is wrong with it.
        cause: String,
    },
    /// The answer, or the packet, is larger than the settings allow.
    #[error(
        "Dữ liệu vượt giới hạn {limit} byte khi {operation}. Tăng giới hạn trong thiết lập kết nối nếu cần"
    )]
    TooLarge {
        /// What was asked.
        operation: Operation,
        /// The limit in bytes.
        limit: u64,
    },
    /// The call cannot be made with these values: a code or an id that is no header value, no recipient.
    #[error("Không thể {operation}: {what}")]
    Invalid {
        /// What was asked.
        operation: Operation,
        /// What is wrong.
        what: String,
    },
    /// The connection's settings are wrong.
    #[error("Thiết lập kết nối trục liên thông không đúng: {0}")]
    Config(String),
    /// Reading the packet that is sent, or writing the one that is fetched, failed on our side.
    #[error("Không đọc, ghi được tệp gói tin khi {operation}: {cause}")]
    Local {
        /// What was asked.
        operation: Operation,
        /// What the system says.
        cause: std::io::Error,
    },
}

fn described(desc: &str) -> String {
    if desc.is_empty() {
        String::new()
    } else {
        format!(" ({desc})")
    }
}

impl AxisError {
    /// What the caller should do.
    pub fn advice(&self) -> Advice {
        match self {
            Self::Refused { class, operation, .. } => match class {
                RefusalClass::Configuration => Advice::FixSettings,
                RefusalClass::Sender if operation.names_an_agency() => Advice::GiveUp,
                RefusalClass::Sender if operation.is_about_one_packet() => Advice::Retry,
                // Nobody in particular was named: it is the system itself that is not known.
                RefusalClass::Sender => Advice::FixSettings,
                RefusalClass::Recipient => Advice::GiveUpRecipient,
                RefusalClass::Permanent => Advice::GiveUp,
                RefusalClass::Retry => again(*operation),
            },
            Self::NotSent { .. } | Self::Local { .. } => Advice::Retry,
            Self::Unknown { operation, .. } | Self::BadAnswer { operation, .. } => again(*operation),
            Self::TooLarge { operation, .. } if operation.only_reads() => Advice::GiveUp,
            Self::TooLarge { .. } => Advice::LookUp,
            Self::Invalid { .. } => Advice::GiveUp,
            Self::Config(_) => Advice::FixSettings,
        }
    }

    /// Whether the axis may have carried out what was asked although this is an error.
    pub fn may_have_been_done(&self) -> bool {
        self.advice() == Advice::LookUp
    }

    fn is_about_the_sender(&self) -> bool {
        matches!(
            self,
            Self::Refused {
                class: RefusalClass::Sender,
                ..
            }
        )
    }

    /// What to do, in Vietnamese, for the administrator or the clerk.
    pub fn what_to_do(&self) -> &'static str {
        match self.advice() {
            Advice::GiveUp if self.is_about_the_sender() => {
                "Mã cơ quan gửi chưa được đăng ký với trục; các cơ quan khác vẫn gửi, nhận bình thường. Quản trị đăng ký mã này với đơn vị vận hành trục, sau đó gửi lại."
            }
            Advice::GiveUp if matches!(self, Self::Invalid { .. }) => {
                "Kiểm tra mã cơ quan, mã gói tin và thiết lập kết nối rồi thực hiện lại."
            }
            Advice::Retry => {
                "Hệ thống sẽ tự thử lại; nếu kéo dài, kiểm tra đường truyền và máy chủ kết nối trục."
            }
            Advice::LookUp => {
                "Hệ thống sẽ đối chiếu danh sách đã gửi của trục trước khi thử lại, không gửi trùng. Nơi không có danh sách này, văn thư hỏi cơ quan nhận trước khi gửi lại."
            }
            Advice::FixSettings => {
                "Kết nối tạm dừng. Kiểm tra địa chỉ, mã hệ thống, khóa bí mật và mã cơ quan đã đăng ký với đơn vị vận hành trục."
            }
            Advice::GiveUpRecipient => {
                "Kiểm tra mã định danh của cơ quan nhận trong danh mục, hoặc gửi văn bản bằng cách khác."
            }
            Advice::GiveUp => {
                "Gói tin không được chấp nhận. Kiểm tra nội dung gói tin rồi gửi lại thành gói mới."
            }
        }
    }
}

/// A refusal without effect may be asked again; whether a change had none is for the axis' lists to say.
fn again(operation: Operation) -> Advice {
    match operation {
        // Setting the same status twice is the same as once.
        Operation::UpdateStatus => Advice::Retry,
        _ if operation.only_reads() => Advice::Retry,
        _ => Advice::LookUp,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn refused(code: &str) -> AxisError {
        AxisError::Refused {
            operation: Operation::Send,
            code: code.to_owned(),
            desc: "lý do".to_owned(),
            class: RefusalClass::of(code),
        }
    }

    #[rstest]
    #[case("15", Advice::FixSettings)]
    #[case("19", Advice::GiveUp)]
    #[case("18", Advice::GiveUpRecipient)]
    #[case("23", Advice::GiveUpRecipient)]
    #[case("10", Advice::GiveUp)]
    #[case("22", Advice::GiveUp)]
    #[case("20", Advice::LookUp)]
    #[case("21", Advice::LookUp)]
    #[case("100", Advice::LookUp)]
    #[case("", Advice::LookUp)]
    fn edxml_12_4_each_code_says_what_to_do(#[case] code: &str, #[case] advice: Advice) {
        let error = refused(code);
        assert_eq!(error.advice(), advice);
        assert!(error.to_string().contains("từ chối gửi gói tin"));
        assert!(!error.what_to_do().is_empty());
    }

    /// One agency in three hundred that was forgotten at registration must not stop the others.
    #[test]
    fn edxml_12_4_only_what_concerns_the_connection_stops_it() {
        for operation in Operation::ALL {
            let with = |class| AxisError::Refused {
                operation,
                code: "19".to_owned(),
                desc: String::new(),
                class,
            };
            let stops = !matches!(
                operation,
                Operation::Send
                    | Operation::RegisterAgency
                    | Operation::DeleteAgency
                    | Operation::GetPacket
                    | Operation::DownloadPacket
                    | Operation::UpdateStatus
            );
            let error = with(RefusalClass::of("19"));
            assert_eq!(error.advice() == Advice::FixSettings, stops, "{operation:?}");
            assert_eq!(with(RefusalClass::of("15")).advice(), Advice::FixSettings);
            for status in [403, 404] {
                let error = with(RefusalClass::of_http(operation, status).unwrap());
                let is_one_packet = matches!(
                    operation,
                    Operation::GetPacket | Operation::DownloadPacket | Operation::UpdateStatus
                );
                assert_eq!(error.advice() == Advice::Retry, is_one_packet, "{operation:?}");
                assert_eq!(
                    error.advice() == Advice::FixSettings,
                    !is_one_packet,
                    "{operation:?}"
                );
            }
        }
        assert!(refused("19").what_to_do().contains("đăng ký mã này"));
    }

    #[test]
    fn edxml_12_6_only_what_changes_something_is_looked_up() {
        for operation in Operation::ALL {
            let cause = "hết thời gian chờ".to_owned();
            let unknown = AxisError::Unknown {
                operation,
                cause: cause.clone(),
            };
            let looked_up = matches!(
                operation,
                Operation::Send | Operation::RegisterAgency | Operation::DeleteAgency
            );
            assert_eq!(unknown.may_have_been_done(), looked_up, "{operation:?}");
            let not_sent = AxisError::NotSent { operation, cause };
            assert_eq!(not_sent.advice(), Advice::Retry);
        }
    }
}
