//! The life of a request for a signature. Nothing but the hash leaves; nothing but the raw signature comes back; every
//! step in between is named here, so that none can be left out.
//!
//! ```text
//! prepared → sent → (waiting_user ⇄ polling) → assembled → stamped → self_checked → committed
//! any open state → expired | rejected | cancelled | failed
//! ```

use jiff::{SignedDuration, Timestamp};

use crate::names::named_enum;
use crate::office_time;
use crate::{Decision, Refusal};

named_enum! {
    /// Where a request stands.
    RequestState {
        /// The bytes to sign are fixed.
        Prepared = "prepared", "Đã chuẩn bị";
        /// The hash was handed to the provider.
        Sent = "sent", "Đã gửi yêu cầu ký";
        /// The person has to do something: confirm at the token, type a PIN.
        WaitingUser = "waiting_user", "Chờ người ký xác nhận";
        /// The provider works, or waits for the person's phone.
        Polling = "polling", "Chờ dịch vụ ký số";
        /// The raw signature was checked against the announced certificate and put into the document.
        Assembled = "assembled", "Đã ghép chữ ký";
        /// The time stamp is in, or none is configured.
        Stamped = "stamped", "Đã gắn dấu thời gian";
        /// The product's own verifier found the result valid.
        SelfChecked = "self_checked", "Đã tự kiểm tra";
        /// The signed file is the document's.
        Committed = "committed", "Đã ký";
        /// The time ran out.
        Expired = "expired", "Hết thời hạn ký";
        /// The person or the provider refused.
        Rejected = "rejected", "Bị từ chối";
        /// Taken back by the person.
        Cancelled = "cancelled", "Đã hủy yêu cầu";
        /// Something else went wrong; the reason is kept.
        Failed = "failed", "Không thành công";
    }
}

impl RequestState {
    /// Whether nothing follows any more; the document is free then.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Self::Committed | Self::Expired | Self::Rejected | Self::Cancelled | Self::Failed
        )
    }

    /// Whether `next` may follow.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use RequestState::{
            Assembled, Cancelled, Committed, Expired, Failed, Polling, Prepared, Rejected, SelfChecked, Sent,
            Stamped, WaitingUser,
        };
        match (self, next) {
            (Committed | Expired | Rejected | Cancelled | Failed, _) => false,
            (_, Expired | Rejected | Cancelled | Failed)
            | (Prepared, Sent)
            | (Sent, WaitingUser | Polling | Assembled)
            | (WaitingUser, Polling | Assembled)
            | (Polling, WaitingUser | Assembled)
            | (Assembled, Stamped)
            | (Stamped, SelfChecked | Prepared)
            | (SelfChecked, Committed) => true,
            _ => false,
        }
    }
}

/// The next state, when it may follow. From `Stamped` a request goes back to `Prepared` when the same document needs another
/// signature on top.
///
/// # Errors
/// `KS-10` for a step out of order; a final state is never left.
pub fn advance(from: RequestState, to: RequestState) -> Decision<RequestState> {
    if from.may_become(to) {
        return Ok(to);
    }
    Err(Refusal::new(
        "KS-10",
        "signing.out_of_order",
        format!(
            "Yêu cầu ký số đang ở bước “{}”, không chuyển sang bước “{}” được. Vui lòng tải lại trang để xem tình trạng mới nhất.",
            from.label(),
            to.label()
        ),
    ))
}

/// How long a request may wait: a person at a local token ten minutes, remote signing five.
#[must_use]
pub const fn lifetime(is_remote: bool) -> SignedDuration {
    SignedDuration::from_mins(if is_remote { 5 } else { 10 })
}

/// Whether an answer still counts. A late one is logged and dropped, whatever it says.
///
/// # Errors
/// `KS-74` when the request has ended or its time is over.
pub fn accepts_answer(state: RequestState, expires_at: Timestamp, now: Timestamp) -> Decision<()> {
    if !state.is_final() && now < expires_at {
        return Ok(());
    }
    Err(Refusal::new(
        "KS-74",
        "signing.late",
        "Yêu cầu ký số này đã kết thúc hoặc quá thời hạn nên câu trả lời không được nhận. Vui lòng ký lại.",
    ))
}

/// The open request that holds a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRequest {
    /// Who signs.
    pub signer: String,
    /// Until when it holds the document.
    pub expires_at: Timestamp,
}

/// Refuses to change, return, give up or sign again a document that waits for a signature.
///
/// # Errors
/// `KS-10`, with who signs and until when.
pub fn not_locked(open: Option<&OpenRequest>) -> Decision<()> {
    let Some(open) = open else { return Ok(()) };
    Err(Refusal::new(
        "KS-10",
        "signing.locked",
        format!(
            "Nội dung này đang chờ ký số bởi {}, hết hạn lúc {}. Vui lòng chờ ký xong, hoặc người ký hủy yêu cầu ký số.",
            open.signer,
            office_time::clock_and_date(open.expires_at)
        ),
    ))
}
