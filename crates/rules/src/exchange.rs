//! Gửi, nhận giữa các cơ quan: delivery states and status messages (QD28 Điều 8, 9, 10.2h).

mod answers;
mod orders;
mod requests;
mod sent_again;

use crate::incoming::IncomingState;
use crate::names::named_enum;

pub use answers::{OpenOrder, answer_of, answer_phrase, answered, status_label};
pub use orders::{
    IssuedFacts, LineRecall, NoticeFacts, RecallOrder, RecallPolicy, correct, recall, recall_line, replace,
    resend, update,
};
pub use requests::{Receipt, RequestPolicy, agree, receive, refuse};
pub use sent_again::{SaidBefore, advance_sent_again};

named_enum! {
    /// A status message between two systems (QD28-10.2h with the wire codes of the axis).
    StatusCode {
        /// 01: in the recipient's system.
        Arrived = "arrived", "Đã đến";
        /// 02: not accepted, returned with a reason.
        Refused = "refused", "Từ chối nhận (trả lại)";
        /// 03: accepted and registered.
        Received = "received", "Đã tiếp nhận";
        /// 04: directed to a unit or person.
        Assigned = "assigned", "Đã chuyển xử lý";
        /// 05: being handled.
        InProgress = "in_progress", "Đang xử lý";
        /// 06: finished.
        Finished = "finished", "Đã hoàn thành";
        /// 13: the sender asks for the document back.
        RecallRequested = "recall_requested", "Yêu cầu thu hồi";
        /// 15: the recipient agrees.
        RecallAgreed = "recall_agreed", "Đồng ý thu hồi";
        /// 16: the recipient does not agree.
        RecallRefused = "recall_refused", "Từ chối thu hồi";
    }
}

impl StatusCode {
    /// The two digits on the wire.
    #[must_use]
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Arrived => "01",
            Self::Refused => "02",
            Self::Received => "03",
            Self::Assigned => "04",
            Self::InProgress => "05",
            Self::Finished => "06",
            Self::RecallRequested => "13",
            Self::RecallAgreed => "15",
            Self::RecallRefused => "16",
        }
    }

    /// Reads the digits of a message (`"3"` and `"03"` are the same); `None` for a code that is not in use.
    #[must_use]
    pub fn from_wire(code: &str) -> Option<Self> {
        let number: u8 = code.trim().parse().ok()?;
        Self::ALL
            .iter()
            .copied()
            .find(|status| status.wire().parse() == Ok(number))
    }
}

named_enum! {
    /// Where one recipient's line of an issued document stands, as the sender sees it.
    DeliveryState {
        /// Waiting to be sent.
        Pending = "pending", "Chờ gửi";
        /// Being handed to the hub.
        Sending = "sending", "Đang gửi";
        /// The last attempt failed; it is tried again.
        Failed = "failed", "Lỗi gửi";
        /// The hub has taken it.
        Sent = "sent", "Đã gửi";
        /// In the recipient's system (01).
        Arrived = "arrived", "Đã đến";
        /// Returned (02); final.
        Refused = "refused", "Từ chối nhận (trả lại)";
        /// Accepted and registered (03).
        Received = "received", "Đã tiếp nhận";
        /// Directed (04).
        Assigned = "assigned", "Đã chuyển xử lý";
        /// Being handled (05).
        InProgress = "in_progress", "Đang xử lý";
        /// Finished (06); final.
        Finished = "finished", "Đã hoàn thành";
        /// Goes on paper; no status comes back.
        Paper = "paper", "Gửi bản giấy";
        /// Taken back before it was sent: it never leaves.
        Dropped = "dropped", "Không gửi nữa";
    }
}

named_enum! {
    /// What a document is sent to a recipient for (nơi nhận để thực hiện, để biết; ND30-8.2i).
    Purpose {
        /// To carry out or to answer.
        Act = "act", "Để thực hiện";
        /// To know.
        Know = "know", "Để biết";
    }
}

named_enum! {
    /// What a packet is about (loại nghiệp vụ, CN-404).
    Business {
        /// 0: a document that the recipient does not have yet.
        New = "new", "Văn bản mới";
        /// 1: a sent document is taken back (QD28-8.2).
        Recall = "recall", "Thu hồi";
        /// 2: facts, files or recipients of a sent document change.
        Update = "update", "Cập nhật";
        /// 3: a new document that takes the place of sent ones.
        Replace = "replace", "Thay thế";
    }
}

impl Business {
    /// The digit on the wire.
    #[must_use]
    pub const fn wire(self) -> u8 {
        match self {
            Self::New => 0,
            Self::Recall => 1,
            Self::Update => 2,
            Self::Replace => 3,
        }
    }
}

named_enum! {
    /// Where one packet to one recipient stands.
    PacketState {
        /// Waiting to be carried.
        Pending = "pending", "Chờ gửi";
        /// The recipient's system, or the axis, has it.
        Sent = "sent", "Đã gửi";
        /// The recipient agreed to a recall or an update (15).
        Agreed = "agreed", "Bên nhận đồng ý";
        /// The recipient did not agree (16).
        Refused = "refused", "Bên nhận từ chối";
        /// No longer needed: the line was taken back before it was sent.
        Dropped = "dropped", "Không gửi nữa";
        /// A recall took its place; whatever the recipient answers changes nothing any more.
        Superseded = "superseded", "Thay bằng yêu cầu thu hồi";
        /// It was given up; it can be sent again.
        Failed = "failed", "Không gửi được";
    }
}

impl PacketState {
    /// Whether the recipient may still answer it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Sent)
    }
}

named_enum! {
    /// Where the request of a sender stands at its recipient.
    RequestState {
        /// Waiting for the clerk.
        Open = "open", "Chờ trả lời";
        /// Carried out; the sender was told (15).
        Agreed = "agreed", "Đã đồng ý";
        /// Not carried out; the sender was told why (16).
        Refused = "refused", "Đã từ chối";
    }
}

named_enum! {
    /// Where a recall of a sent document stands; followed beside the delivery state (QD28-8.2, 9.2).
    RecallState {
        /// Not asked for.
        None = "none", "Không thu hồi";
        /// Asked for (13).
        Requested = "requested", "Đã yêu cầu thu hồi";
        /// Agreed and cancelled at the recipient (15); final.
        Agreed = "agreed", "Đã thu hồi";
        /// Not agreed (16); final.
        Refused = "refused", "Bên nhận từ chối thu hồi";
    }
}

/// The status message that a change of an incoming document's state sends to its sender, if any.
#[must_use]
pub const fn status_of(state: IncomingState) -> Option<StatusCode> {
    match state {
        IncomingState::Delivered => Some(StatusCode::Arrived),
        IncomingState::Refused => Some(StatusCode::Refused),
        IncomingState::Registered => Some(StatusCode::Received),
        // A recall is answered with 15, see `crate::exchange::receive`.
        IncomingState::Presented | IncomingState::Recalled => None,
        IncomingState::Assigned => Some(StatusCode::Assigned),
        IncomingState::InProgress => Some(StatusCode::InProgress),
        IncomingState::Finished => Some(StatusCode::Finished),
    }
}

/// The delivery state after a status message: never backwards, and the same message twice changes nothing.
///
/// A late 03 after 04 is ignored; a refusal counts only before acceptance and is final; codes 13, 15, 16 belong to
/// [`advance_recall`].
#[must_use]
pub fn advance(current: DeliveryState, received: StatusCode) -> DeliveryState {
    let next = match received {
        StatusCode::Arrived => DeliveryState::Arrived,
        StatusCode::Refused if rank(current) <= rank(DeliveryState::Arrived) => DeliveryState::Refused,
        StatusCode::Received => DeliveryState::Received,
        StatusCode::Assigned => DeliveryState::Assigned,
        StatusCode::InProgress => DeliveryState::InProgress,
        StatusCode::Finished => DeliveryState::Finished,
        StatusCode::Refused
        | StatusCode::RecallRequested
        | StatusCode::RecallAgreed
        | StatusCode::RecallRefused => return current,
    };
    if rank(next) > rank(current) { next } else { current }
}

/// The recall state after a status message; an answer without a request changes nothing.
#[must_use]
pub const fn advance_recall(current: RecallState, received: StatusCode) -> RecallState {
    match (current, received) {
        (RecallState::None, StatusCode::RecallRequested) => RecallState::Requested,
        (RecallState::Requested, StatusCode::RecallAgreed) => RecallState::Agreed,
        (RecallState::Requested, StatusCode::RecallRefused) => RecallState::Refused,
        _ => current,
    }
}

/// How far a line has come; nothing comes after a refusal or a line on paper.
const fn rank(state: DeliveryState) -> u8 {
    match state {
        DeliveryState::Pending => 0,
        DeliveryState::Sending | DeliveryState::Failed => 1,
        DeliveryState::Sent => 2,
        DeliveryState::Arrived => 3,
        DeliveryState::Received => 4,
        DeliveryState::Assigned => 5,
        DeliveryState::InProgress => 6,
        DeliveryState::Finished => 7,
        DeliveryState::Refused | DeliveryState::Paper | DeliveryState::Dropped => u8::MAX,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("01", Some(StatusCode::Arrived))]
    #[case(" 3", Some(StatusCode::Received))]
    #[case("16", Some(StatusCode::RecallRefused))]
    #[case("07", None)]
    #[case("", None)]
    fn qd28_10_2h_wire_codes_are_read(#[case] code: &str, #[case] status: Option<StatusCode>) {
        assert_eq!(StatusCode::from_wire(code), status);
    }

    #[rstest]
    #[case(DeliveryState::Sent, StatusCode::Arrived, DeliveryState::Arrived)]
    #[case(DeliveryState::Sending, StatusCode::Received, DeliveryState::Received)]
    #[case(DeliveryState::Failed, StatusCode::Arrived, DeliveryState::Arrived)]
    #[case(DeliveryState::Assigned, StatusCode::Received, DeliveryState::Assigned)]
    #[case(DeliveryState::Arrived, StatusCode::Refused, DeliveryState::Refused)]
    #[case(DeliveryState::Received, StatusCode::Refused, DeliveryState::Received)]
    #[case(DeliveryState::Refused, StatusCode::Finished, DeliveryState::Refused)]
    #[case(DeliveryState::Received, StatusCode::RecallAgreed, DeliveryState::Received)]
    #[case(DeliveryState::Paper, StatusCode::Received, DeliveryState::Paper)]
    fn qd28_6_3_a_late_status_changes_nothing(
        #[case] current: DeliveryState,
        #[case] received: StatusCode,
        #[case] next: DeliveryState,
    ) {
        assert_eq!(advance(current, received), next);
    }

    #[test]
    fn qd28_9_2_a_recall_is_asked_for_then_answered_once() {
        let asked = advance_recall(RecallState::None, StatusCode::RecallRequested);
        assert_eq!(asked, RecallState::Requested);
        let agreed = advance_recall(asked, StatusCode::RecallAgreed);
        assert_eq!(agreed, RecallState::Agreed);
        assert_eq!(
            advance_recall(agreed, StatusCode::RecallRefused),
            RecallState::Agreed
        );
        assert_eq!(
            advance_recall(RecallState::None, StatusCode::RecallAgreed),
            RecallState::None
        );
    }

    #[test]
    fn qd28_10_2h_every_step_but_presenting_is_reported() {
        let silent: Vec<_> = IncomingState::ALL
            .iter()
            .filter(|s| status_of(**s).is_none())
            .collect();
        assert_eq!(silent, [&IncomingState::Presented, &IncomingState::Recalled]);
        assert_eq!(
            status_of(IncomingState::Assigned).map(StatusCode::wire),
            Some("04")
        );
    }

    proptest! {
        #[test]
        fn qd28_6_3_states_never_go_backwards_and_repeats_change_nothing(
            start in select(DeliveryState::ALL),
            codes in proptest::collection::vec(select(StatusCode::ALL), 0..12),
        ) {
            let mut state = start;
            for code in codes {
                let next = advance(state, code);
                prop_assert!(rank(next) >= rank(state));
                prop_assert_eq!(advance(next, code), next);
                state = next;
            }
        }

        #[test]
        fn qd28_6_3_the_order_of_arrival_of_progress_does_not_matter(
            codes in Just(StatusCode::ALL[..6].iter().copied().filter(|c| *c != StatusCode::Refused).collect::<Vec<_>>())
                .prop_shuffle(),
        ) {
            let end = codes.into_iter().fold(DeliveryState::Sent, advance);
            prop_assert_eq!(end, DeliveryState::Finished);
        }
    }
}
