//! Giải quyết, kết thúc (ND30 Điều 24).

use super::assignments::{self, AssignmentFacts};
use super::facts::{must_be_registered, wrong_state};
use super::{AssignmentRole, AssignmentState, IncomingEvent, IncomingFacts, IncomingPlan, IncomingState};
use crate::ids::AssignmentId;
use crate::people::Actor;
use crate::{Decision, Refusal};

/// Writes an opinion. Who sees the document is decided by [`crate::access`].
///
/// # Errors
/// `ND30-22.1` for an unregistered document, `ND30-24.2` for an empty opinion or a finished document.
pub fn opinion(actor: &Actor, doc: &IncomingFacts, text: &str) -> Decision<IncomingPlan> {
    must_be_registered(doc)?;
    if actor.agency != doc.agency {
        return Err(not_holder());
    }
    if !doc.state.is_open() {
        return Err(wrong_state(doc, "ND30-24.2", "cho ý kiến"));
    }
    if text.trim().is_empty() {
        return Err(Refusal::new(
            "ND30-24.2",
            "incoming.no_opinion",
            "Vui lòng nhập nội dung ý kiến.",
        )
        .on("opinion"));
    }
    Ok(IncomingPlan::step(doc, doc.state, IncomingEvent::OpinionGiven))
}

/// The holder of the lead part begins (status 05).
///
/// # Errors
/// `ND30-22.1` for an unregistered document, `ND30-24.2` for anybody but the lead or when it already began.
pub fn start(actor: &Actor, doc: &IncomingFacts, assignment: &AssignmentFacts) -> Decision<IncomingPlan> {
    must_be_registered(doc)?;
    must_hold_open(actor, doc, assignment)?;
    if assignment.role != AssignmentRole::Lead {
        return Err(Refusal::new(
            "ND30-24.2",
            "incoming.not_lead",
            "Chỉ đơn vị, người xử lý chính (chủ trì) bắt đầu xử lý văn bản.",
        ));
    }
    if doc.state != IncomingState::Assigned {
        return Err(wrong_state(doc, "ND30-24.2", "bắt đầu xử lý"));
    }
    Ok(IncomingPlan::step(
        doc,
        IncomingState::InProgress,
        IncomingEvent::Started,
    ))
}

/// What completing a part does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletePlan {
    /// The step of the document, which goes on.
    pub step: IncomingPlan,
    /// The part itself, and those above it of which it was the last: they become [`AssignmentState::Done`].
    pub done: Vec<AssignmentId>,
}

/// A co-operating or informed party completes its own part; the document goes on. A part that was passed down is complete when
/// everybody it was passed down to is (CN-124). `all` are the assignments of the document.
///
/// # Errors
/// `ND30-24.2` for anybody but the holder, or for the lead part (which is finished with [`finish`]).
pub fn complete_assignment(
    actor: &Actor,
    doc: &IncomingFacts,
    assignment: &AssignmentFacts,
    all: &[AssignmentFacts],
) -> Decision<CompletePlan> {
    must_be_registered(doc)?;
    must_hold_open(actor, doc, assignment)?;
    if assignment.role == AssignmentRole::Lead {
        return Err(Refusal::new(
            "ND30-24.2",
            "incoming.lead_finishes",
            "Xử lý chính kết thúc bằng thao tác “Kết thúc xử lý” kèm kết quả giải quyết.",
        ));
    }
    let mut done = vec![assignment.id];
    let mut below = assignment;
    // The lead's own chain ends with the document alone.
    while let Some(above) = all
        .iter()
        .find(|a| Some(a.id) == below.parent && a.state == AssignmentState::PassedDown)
        .filter(|above| above.role != AssignmentRole::Lead)
    {
        let waits = |a: &AssignmentFacts| {
            a.parent == Some(above.id)
                && a.state.is_active()
                && !done.contains(&a.id)
                // Who only has to know holds up nobody who works.
                && (a.role != AssignmentRole::Inform || above.role == AssignmentRole::Inform)
        };
        if all.iter().any(waits) || (below.role == AssignmentRole::Inform && above.role != below.role) {
            break;
        }
        done.push(above.id);
        below = above;
    }
    Ok(CompletePlan {
        step: IncomingPlan::step(doc, doc.state, IncomingEvent::PartCompleted),
        done,
    })
}

/// Whoever only has to know says that they have seen the document, without opening it (CN-130). A part that asks for work is seen
/// by opening it alone: what nobody opened may be taken back without a reason.
///
/// # Errors
/// `ND30-13.3` in the place of another, `ND30-24.2` for anybody but the holder of an open part that is for information.
pub fn mark_seen(actor: &Actor, doc: &IncomingFacts, assignment: &AssignmentFacts) -> Decision<()> {
    must_be_registered(doc)?;
    if actor.in_place.is_some() {
        return Err(Refusal::new(
            "ND30-13.3",
            "incoming.not_seen_in_place",
            "Người được ủy quyền không đánh dấu đã xem thay người ủy quyền.",
        ));
    }
    must_hold_open(actor, doc, assignment)?;
    if assignment.role != AssignmentRole::Inform {
        return Err(Refusal::new(
            "ND30-24.2",
            "incoming.open_to_see",
            "Chỉ văn bản gửi để biết được đánh dấu đã xem. Vui lòng mở văn bản được giao xử lý, phối hợp để xem.",
        ));
    }
    Ok(())
}

/// How a document ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinishResult<'a> {
    /// Answered by an outgoing document.
    Reply {
        /// Whether that document has been issued.
        issued: bool,
    },
    /// Handled otherwise; what came out of it.
    Handled {
        /// The result in words.
        result: &'a str,
    },
    /// Nothing has to be done (lưu).
    NoActionNeeded {
        /// Why not.
        reason: &'a str,
    },
}

/// What finishing does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinishPlan {
    /// The step of the document.
    pub step: IncomingPlan,
    /// The lead's own assignment and those it was passed down from: they become [`AssignmentState::Done`].
    pub done: Vec<AssignmentId>,
    /// Open phối hợp and xem để biết: they close by themselves and become [`AssignmentState::Closed`].
    pub closed: Vec<AssignmentId>,
}

/// The holder of the lead part finishes the document; a leader finishes one that needs no handling before directing it.
/// `all` are the assignments of the document.
///
/// # Errors
/// `ND30-22.1` for an unregistered document, `ND30-24.2` for anybody but the lead,
/// without a result or a reason, without the reply that the leader asked for, or with one that is not issued.
pub fn finish(
    actor: &Actor,
    doc: &IncomingFacts,
    all: &[AssignmentFacts],
    result: FinishResult<'_>,
) -> Decision<FinishPlan> {
    must_be_registered(doc)?;
    if !doc.state.is_open() {
        return Err(wrong_state(doc, "ND30-24.2", "kết thúc xử lý"));
    }
    if actor.agency != doc.agency {
        return Err(not_holder());
    }
    let lead = all
        .iter()
        .find(|a| a.role == AssignmentRole::Lead && a.state == AssignmentState::Open);
    match lead {
        Some(lead) if lead.is_held_by(actor) => {}
        // Not directed yet, or everything came back.
        None if assignments::lead_below(None, all).is_none() => leader_files(actor, doc, result)?,
        _ => return Err(not_holder()),
    }
    if doc.reply_required && lead.is_some() && !matches!(result, FinishResult::Reply { .. }) {
        return Err(Refusal::new(
            "ND30-24.2",
            "incoming.reply_required",
            "Lãnh đạo yêu cầu trả lời văn bản này. Vui lòng chọn văn bản trả lời đã phát hành rồi kết thúc xử lý.",
        )
        .on("reply"));
    }
    match result {
        FinishResult::NoActionNeeded { reason } if reason.trim().is_empty() => {
            return Err(Refusal::new(
                "ND30-24.2",
                "incoming.no_reason",
                "Vui lòng ghi lý do văn bản không cần xử lý tiếp.",
            )
            .on("result"));
        }
        FinishResult::Handled { result } if result.trim().is_empty() => {
            return Err(Refusal::new(
                "ND30-24.2",
                "incoming.no_result",
                "Vui lòng ghi kết quả giải quyết, hoặc chọn “Không cần xử lý”.",
            )
            .on("result"));
        }
        FinishResult::Reply { issued: false } => {
            return Err(Refusal::new(
                "ND30-24.2",
                "incoming.reply_not_issued",
                "Văn bản trả lời chưa được phát hành. Vui lòng chờ phát hành rồi kết thúc xử lý.",
            )
            .on("reply"));
        }
        _ => {}
    }
    let mut done = Vec::new();
    let mut next = lead;
    while let Some(assignment) = next {
        done.push(assignment.id);
        next = all
            .iter()
            .find(|a| Some(a.id) == assignment.parent && !done.contains(&a.id));
    }
    let closed = all
        .iter()
        .filter(|a| a.state.is_active())
        .map(|a| a.id)
        .filter(|id| !done.contains(id))
        .collect();
    Ok(FinishPlan {
        step: IncomingPlan::step(doc, IncomingState::Finished, IncomingEvent::Finished),
        done,
        closed,
    })
}

/// Before direction only the leader who has the document may file it, and only as needing no handling.
fn leader_files(actor: &Actor, doc: &IncomingFacts, result: FinishResult<'_>) -> Decision<()> {
    let has_it = actor.leads(doc.agency) && (actor.is_agency_head || doc.presented_to == Some(actor.post));
    if has_it && matches!(result, FinishResult::NoActionNeeded { .. }) {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-24.2",
        "incoming.not_directed",
        "Văn bản chưa được phân công xử lý. Lãnh đạo được trình có thể kết thúc với lựa chọn “Không cần xử lý”.",
    ))
}

/// Refuses everybody but the holder of an open part.
pub(super) fn must_hold_open(
    actor: &Actor,
    doc: &IncomingFacts,
    assignment: &AssignmentFacts,
) -> Decision<()> {
    if actor.agency != doc.agency || !assignment.is_held_by(actor) {
        return Err(not_holder());
    }
    if assignment.state != AssignmentState::Open || !doc.state.is_open() {
        return Err(Refusal::new(
            "ND30-24.2",
            "incoming.assignment_closed",
            "Phần việc này đã chuyển tiếp hoặc đã kết thúc.",
        ));
    }
    Ok(())
}

fn not_holder() -> Refusal {
    Refusal::new(
        "ND30-24.2",
        "incoming.not_holder",
        "Chỉ đơn vị, người được giao phần việc này được thực hiện thao tác.",
    )
}
