//! Đôn đốc (ND30-24.1: the head appoints somebody to follow up and urge).

use super::amendment::must_be_in_hand;
use super::assignments::AssignmentFacts;
use super::{AssignmentRole, AssignmentState, IncomingEvent, IncomingFacts, IncomingPlan};
use crate::ids::AssignmentId;
use crate::people::Actor;
use crate::{Decision, Refusal};

/// What urging does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrgePlan {
    /// The step of the document, which stays where it is.
    pub step: IncomingPlan,
    /// The parts whose holders are urged.
    pub urged: Vec<AssignmentId>,
}

/// Urges the holder of one part (`which`), or everybody who has to handle the document. Leaders, the agency's clerks and whoever gave a
/// part may. Who only has to know is never urged. `all` are the assignments of the document.
///
/// # Errors
/// `ND30-22.1` for an unregistered document, `ND30-24.1` for anybody else and when nobody is left to be urged.
pub fn urge(
    actor: &Actor,
    doc: &IncomingFacts,
    all: &[AssignmentFacts],
    which: Option<AssignmentId>,
) -> Decision<UrgePlan> {
    must_be_in_hand(doc, "đôn đốc")?;
    let everywhere = actor.leads(doc.agency) || actor.is_clerk_of(doc.agency);
    let may = |part: &AssignmentFacts| everywhere || part.is_given_by(actor, doc, all);
    if !all.iter().any(may) {
        return Err(Refusal::new(
            "ND30-24.1",
            "incoming.may_not_urge",
            "Chỉ lãnh đạo, văn thư cơ quan và người đã giao việc được đôn đốc.",
        ));
    }
    let urged: Vec<AssignmentId> = all
        .iter()
        .filter(|part| part.state == AssignmentState::Open && part.role != AssignmentRole::Inform)
        .filter(|part| which.is_none_or(|which| which == part.id))
        .filter(|part| may(part) && !part.is_held_by(actor))
        .map(|part| part.id)
        .collect();
    if urged.is_empty() {
        return Err(Refusal::new(
            "ND30-24.1",
            "incoming.nobody_to_urge",
            "Không còn ai đang giữ phần việc để đôn đốc; người xem để biết không thuộc diện đôn đốc.",
        ));
    }
    Ok(UrgePlan {
        step: IncomingPlan::step(doc, doc.state, IncomingEvent::Urged),
        urged,
    })
}
