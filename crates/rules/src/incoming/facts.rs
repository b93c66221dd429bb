//! What the rules of incoming documents look at, and what they answer.

use super::{IncomingEvent, IncomingState};
use crate::exchange::{self, StatusCode};
use crate::ids::{AgencyId, PostId};
use crate::people::Actor;
use crate::{Decision, Refusal};

/// An incoming document as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingFacts {
    /// Where it stands.
    pub state: IncomingState,
    /// The receiving agency.
    pub agency: AgencyId,
    /// The leader it was presented to.
    pub presented_to: Option<PostId>,
    /// Whether it came electronically from another agency, which then waits for status messages.
    pub from_exchange: bool,
    /// Yêu cầu trả lời: the leader wants it answered by a document.
    pub reply_required: bool,
}

/// What an act does to an incoming document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IncomingPlan {
    /// The state after the act.
    pub next: IncomingState,
    /// The line in the history.
    pub event: IncomingEvent,
    /// The status message to the sender, when the state changed and there is a sender to tell.
    pub status: Option<StatusCode>,
}

impl IncomingPlan {
    pub(super) fn step(doc: &IncomingFacts, next: IncomingState, event: IncomingEvent) -> Self {
        let changed = next != doc.state && doc.from_exchange;
        Self {
            next,
            event,
            status: if changed { exchange::status_of(next) } else { None },
        }
    }
}

/// Refuses everybody but a clerk of the receiving agency (ND30-4.2b).
pub(super) fn must_be_clerk(actor: &Actor, agency: AgencyId) -> Decision<()> {
    if actor.is_clerk_of(agency) {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-4.2b",
        "incoming.not_clerk",
        "Chỉ văn thư của cơ quan nhận được tiếp nhận, đăng ký và trình văn bản đến.",
    ))
}

/// Refuses what may happen only to a registered document (ND30-22.1).
pub(super) fn must_be_registered(doc: &IncomingFacts) -> Decision<()> {
    match doc.state {
        IncomingState::Delivered => Err(Refusal::new(
            "ND30-22.1",
            "incoming.not_registered",
            "Văn bản chưa được đăng ký tại Văn thư nên chưa chuyển xử lý được. Đề nghị Văn thư tiếp nhận, đăng ký số đến trước.",
        )),
        IncomingState::Refused => Err(Refusal::new(
            "ND30-21.2b",
            "incoming.refused",
            "Văn bản đã được trả lại bên gửi, không xử lý tiếp được.",
        )),
        IncomingState::Recalled => Err(Refusal::new(
            "QD28-9.2",
            "incoming.recalled",
            "Văn bản đã bị bên gửi thu hồi và đã hủy trên hệ thống, không xử lý tiếp được.",
        )),
        _ => Ok(()),
    }
}

/// Refuses an act that does not belong to the document's state.
pub(super) fn wrong_state(doc: &IncomingFacts, clause: &'static str, what: &str) -> Refusal {
    Refusal::new(
        clause,
        "incoming.wrong_state",
        format!(
            "Văn bản đang ở tình trạng “{}” nên không {what} được. Vui lòng tải lại trang để xem tình trạng mới nhất.",
            doc.state.label()
        ),
    )
}
