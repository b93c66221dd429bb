//! Coded values of messages (spec edxml 6, 8).

use serde::{Deserialize, Serialize};

/// Mã trạng thái (spec edxml 6). Codes 07–12 and 14 were never seen; unknown ones stay text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusCode {
    /// 01, đã đến.
    Arrived,
    /// 02, từ chối tiếp nhận.
    Refused,
    /// 03, đã tiếp nhận.
    Accepted,
    /// 04, phân công.
    Assigned,
    /// 05, đang xử lý.
    Processing,
    /// 06, hoàn thành.
    Finished,
    /// 13, lấy lại: the sender asks for it.
    TakeBack,
    /// 15, đồng ý yêu cầu cập nhật, lấy lại.
    ChangeAgreed,
    /// 16, từ chối yêu cầu cập nhật, lấy lại.
    ChangeRefused,
}

impl StatusCode {
    /// Every known one.
    pub const ALL: [Self; 9] = [
        Self::Arrived,
        Self::Refused,
        Self::Accepted,
        Self::Assigned,
        Self::Processing,
        Self::Finished,
        Self::TakeBack,
        Self::ChangeAgreed,
        Self::ChangeRefused,
    ];

    /// Two digits, as on the wire.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Arrived => "01",
            Self::Refused => "02",
            Self::Accepted => "03",
            Self::Assigned => "04",
            Self::Processing => "05",
            Self::Finished => "06",
            Self::TakeBack => "13",
            Self::ChangeAgreed => "15",
            Self::ChangeRefused => "16",
        }
    }

    /// The known code of this text; a missing leading zero is tolerated.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::ALL
            .into_iter()
            .find(|code| code.text() == text || code.text().strip_prefix('0') == Some(text))
    }

    /// The Vietnamese term.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Arrived => "Đã đến",
            Self::Refused => "Từ chối tiếp nhận",
            Self::Accepted => "Đã tiếp nhận",
            Self::Assigned => "Phân công",
            Self::Processing => "Đang xử lý",
            Self::Finished => "Hoàn thành",
            Self::TakeBack => "Yêu cầu lấy lại",
            Self::ChangeAgreed => "Đồng ý yêu cầu cập nhật, lấy lại",
            Self::ChangeRefused => "Từ chối yêu cầu cập nhật, lấy lại",
        }
    }

    /// Whether a reason has to be given.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Refused | Self::TakeBack | Self::ChangeRefused)
    }

    /// The name that files with this state have by convention, without extension.
    #[must_use]
    pub const fn file_stem(self) -> &'static str {
        match self {
            Self::Arrived => "status_inbox_01",
            Self::Refused => "status_rejection_02",
            Self::Accepted => "status_acceptance_03",
            Self::Assigned => "status_assignment_04",
            Self::Processing => "status_processing_05",
            Self::Finished => "status_finish_06",
            Self::TakeBack => "status_cancellation_13",
            Self::ChangeAgreed => "status_change-acceptance_15",
            Self::ChangeRefused => "status_change-rejection_16",
        }
    }
}

/// The Vietnamese term of `Priority` (mức độ khẩn); nothing outside 0–4.
#[must_use]
pub const fn priority_label(priority: u32) -> Option<&'static str> {
    match priority {
        0 => Some("Thường"),
        1 => Some("Khẩn"),
        2 => Some("Thượng khẩn"),
        3 => Some("Hỏa tốc"),
        4 => Some("Hỏa tốc hẹn giờ"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edxml_6_codes_come_back_from_their_text() {
        for code in StatusCode::ALL {
            assert_eq!(StatusCode::from_text(code.text()), Some(code));
            assert!(code.file_stem().ends_with(code.text()));
        }
        assert_eq!(StatusCode::from_text("3"), Some(StatusCode::Accepted));
        assert_eq!(StatusCode::from_text("14"), None);
    }

    #[test]
    fn edxml_8_2_priorities_have_five_values() {
        assert_eq!((0..9).filter_map(priority_label).count(), 5);
    }
}
