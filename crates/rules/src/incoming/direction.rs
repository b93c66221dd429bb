//! Trình, chỉ đạo, chuyển tiếp (ND30 Điều 23).

use jiff::civil::Date;

use super::assignments::{self, Assignee, AssignmentFacts, AssignmentRequest, PlannedAssignment};
use super::facts::{must_be_clerk, must_be_registered, wrong_state};
use super::{AssignmentRole, AssignmentState, IncomingEvent, IncomingFacts, IncomingPlan, IncomingState};
use crate::ids::{AgencyId, PostId, UnitId};
use crate::people::{Actor, Role};
use crate::{Decision, Refusal};

/// The clerk presents a registered document to a leader of the agency (ND30-23.1); a presented one may be presented
/// to another leader as long as nobody directed it.
///
/// `leader` and `leader_agency` name the post it goes to; `leader_role` is that post's role.
///
/// # Errors
/// `ND30-4.2b` for anybody but a clerk, `ND30-22.1` before registration, `ND30-23.1` after direction or for a post that
/// is no leader of the agency.
pub fn present(
    actor: &Actor,
    doc: &IncomingFacts,
    leader: PostId,
    leader_agency: AgencyId,
    leader_role: Role,
) -> Decision<IncomingPlan> {
    must_be_clerk(actor, doc.agency)?;
    must_be_registered(doc)?;
    if !matches!(doc.state, IncomingState::Registered | IncomingState::Presented) {
        return Err(wrong_state(doc, "ND30-23.1", "trình"));
    }
    if leader_agency != doc.agency || leader_role != Role::Leader {
        return Err(Refusal::new(
            "ND30-23.1",
            "incoming.not_a_leader",
            "Vui lòng chọn lãnh đạo của cơ quan, người có thẩm quyền cho ý kiến chỉ đạo giải quyết.",
        )
        .on("leader"));
    }
    if doc.presented_to == Some(leader) {
        return Err(Refusal::new(
            "ND30-23.1",
            "incoming.already_presented",
            "Văn bản đã được trình lãnh đạo này.",
        )
        .on("leader"));
    }
    Ok(IncomingPlan::step(
        doc,
        IncomingState::Presented,
        IncomingEvent::Presented,
    ))
}

/// The agency's own choices about direction (quy chế công tác văn thư).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DirectionPolicy {
    /// The unit to which the work rules assign the document: clerks hand it on there without presenting it (ND30-23.1).
    pub fixed_handler: Option<UnitId>,
}

/// A direction (ý kiến chỉ đạo giải quyết, bút phê).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Direction<'a> {
    /// The words of the direction; may be empty when the assignment says it all.
    pub opinion: &'a str,
    /// Chủ trì, phối hợp, xem để biết.
    pub assignments: &'a [AssignmentRequest],
    /// The civil date of the act.
    pub today: Date,
}

/// What a direction does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectionPlan {
    /// The step of the document.
    pub step: IncomingPlan,
    /// The assignments to create; each notifies its holder.
    pub assignments: Vec<PlannedAssignment>,
    /// The assignment that is passed down by this act and becomes [`AssignmentState::PassedDown`].
    pub passed_down: Option<AssignmentFacts>,
}

/// A leader directs a registered document: exactly one chủ trì, any number of phối hợp and xem để biết.
///
/// The leader it was presented to directs it; the head of the agency always may; clerks hand on what the policy assigns.
///
/// # Errors
/// `ND30-22.1` for an unregistered document, `ND30-23.1` for a clerk who hands on anything else than what the work rules assign, or
/// to anybody else, `ND30-23.2` for a person without that authority, a second direction, or a
/// direction without exactly one lead, with a party twice or a deadline in the past.
pub fn direct(
    actor: &Actor,
    doc: &IncomingFacts,
    direction: &Direction<'_>,
    policy: DirectionPolicy,
) -> Decision<DirectionPlan> {
    must_be_registered(doc)?;
    if !assignments::may_direct(actor, doc) {
        by_work_rules(actor, doc, direction, policy)?;
    }
    if !matches!(doc.state, IncomingState::Registered | IncomingState::Presented) {
        return Err(wrong_state(doc, "ND30-23.2", "phân công lại"));
    }
    let assignments = assignments::plan(direction.assignments, true, doc.agency, None, direction.today)?;
    Ok(DirectionPlan {
        step: IncomingPlan::step(doc, IncomingState::Assigned, IncomingEvent::Directed),
        assignments,
        passed_down: None,
    })
}

/// A clerk decides nothing: what the work rules assign goes to its unit alone, as long as no leader was asked.
fn by_work_rules(
    actor: &Actor,
    doc: &IncomingFacts,
    direction: &Direction<'_>,
    policy: DirectionPolicy,
) -> Decision<()> {
    let fixed = policy.fixed_handler.filter(|_| actor.is_clerk_of(doc.agency));
    let Some(unit) = fixed else {
        return Err(Refusal::new(
            "ND30-23.2",
            "incoming.may_not_direct",
            "Chỉ lãnh đạo được trình văn bản này (hoặc thủ trưởng cơ quan) được cho ý kiến chỉ đạo, phân công.",
        ));
    };
    if doc.state != IncomingState::Registered {
        return Err(wrong_state(doc, "ND30-23.1", "chuyển trực tiếp"));
    }
    match direction.assignments {
        [only] if only.role == AssignmentRole::Lead && only.assignee == Assignee::Unit(unit) => Ok(()),
        _ => Err(Refusal::new(
            "ND30-23.1",
            "incoming.not_the_fixed_handler",
            "Văn thư chỉ chuyển trực tiếp cho đơn vị mà quy chế làm việc đã giao; trường hợp khác trình lãnh đạo cho ý kiến.",
        )
        .on("lead")),
    }
}

/// The holder of an open assignment passes it down one level: the head of a unit to persons of the unit, a leader to
/// units and persons of the agency. `all` are the assignments of the document.
///
/// The lead part goes to exactly one new lead; a co-operating part only to co-operating parties; what was for
/// information stays for information.
///
/// # Errors
/// `ND30-22.1` for an unregistered document, `ND30-23.2` for anybody but the holder, a closed assignment, a person of
/// another unit, or somebody who already has a part.
pub fn pass_down(
    actor: &Actor,
    doc: &IncomingFacts,
    assignment: &AssignmentFacts,
    all: &[AssignmentFacts],
    direction: &Direction<'_>,
) -> Decision<DirectionPlan> {
    must_be_registered(doc)?;
    let refuse = |code, message: &str| Err(Refusal::new("ND30-23.2", code, message));
    if actor.agency != doc.agency || !assignment.is_held_by(actor) {
        return refuse(
            "incoming.not_holder",
            "Chỉ người đang giữ phần việc này được chuyển tiếp.",
        );
    }
    if assignment.state != AssignmentState::Open || !doc.state.is_open() {
        return refuse(
            "incoming.assignment_closed",
            "Phần việc này đã chuyển tiếp hoặc đã kết thúc.",
        );
    }
    let requests = direction.assignments;
    must_reach(actor, requests)?;
    if assignment.role == AssignmentRole::Inform && requests.iter().any(|r| r.role != AssignmentRole::Inform)
    {
        return refuse(
            "incoming.inform_only",
            "Văn bản được gửi để biết nên chỉ chuyển tiếp để biết.",
        );
    }
    let others: Vec<AssignmentFacts> = all.iter().filter(|a| a.id != assignment.id).copied().collect();
    must_be_new(requests, &others)?;
    let leading = assignment.role == AssignmentRole::Lead;
    let assignments = assignments::plan(requests, leading, doc.agency, Some(assignment), direction.today)?;
    Ok(DirectionPlan {
        step: IncomingPlan::step(doc, doc.state, IncomingEvent::PassedDown),
        assignments,
        passed_down: Some(*assignment),
    })
}

/// A head passes down within the unit, a leader within the agency.
pub(super) fn must_reach(actor: &Actor, requests: &[AssignmentRequest]) -> Decision<()> {
    let in_reach = |request: &AssignmentRequest| match (actor.role, request.assignee) {
        (Role::UnitHead, Assignee::Person(_)) => request.unit.is_some() && request.unit == actor.unit,
        (Role::Leader, _) => true,
        _ => false,
    };
    if requests.iter().all(in_reach) {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-23.2",
        "incoming.out_of_reach",
        "Trưởng phòng chỉ chuyển tiếp cho người trong phòng mình; lãnh đạo chuyển tiếp cho đơn vị, cá nhân trong cơ quan.",
    ))
}

/// Nobody gets a second part of a document as long as the first is open.
pub(super) fn must_be_new(requests: &[AssignmentRequest], all: &[AssignmentFacts]) -> Decision<()> {
    let busy = |request: &AssignmentRequest| {
        all.iter()
            .any(|other| other.state == AssignmentState::Open && other.assignee == request.assignee)
    };
    if !requests.iter().any(busy) {
        return Ok(());
    }
    Err(Refusal::new(
        "ND30-23.2",
        "incoming.assigned_twice",
        "Có đơn vị hoặc người đã được giao một phần việc của văn bản này. Vui lòng bỏ phần trùng lặp.",
    ))
}
