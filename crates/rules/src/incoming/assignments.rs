//! Phân công: chủ trì, phối hợp, xem để biết (ND30-23.2).

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{AssignmentRole, AssignmentState, IncomingFacts};
use crate::ids::{AgencyId, AssignmentId, PostId, UnitId};
use crate::people::Actor;
use crate::{Decision, Refusal};

/// Who is to handle a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assignee {
    /// A unit; its head receives the document.
    Unit(UnitId),
    /// A person in a post.
    Person(PostId),
}

/// One line of a direction as it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssignmentRequest {
    /// Who.
    pub assignee: Assignee,
    /// The agency of the unit or person.
    pub agency: AgencyId,
    /// The unit itself, or the unit of the person; leaders have none.
    pub unit: Option<UnitId>,
    /// What they have to do.
    pub role: AssignmentRole,
    /// Thời hạn giải quyết.
    pub deadline: Option<Date>,
}

/// An assignment as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssignmentFacts {
    /// Its id.
    pub id: AssignmentId,
    /// The assignment it was passed down from.
    pub parent: Option<AssignmentId>,
    /// The post that gave it.
    pub given_by: PostId,
    /// Who.
    pub assignee: Assignee,
    /// What they have to do.
    pub role: AssignmentRole,
    /// Whether its holder has opened the document since.
    pub opened: bool,
    /// Where it stands.
    pub state: AssignmentState,
    /// Thời hạn giải quyết.
    pub deadline: Option<Date>,
}

impl AssignmentFacts {
    /// Whether the actor holds the assignment: the person, or the head of the unit.
    #[must_use]
    pub fn is_held_by(&self, actor: &Actor) -> bool {
        match self.assignee {
            Assignee::Person(post) => post == actor.post,
            Assignee::Unit(unit) => actor.heads_unit(unit),
        }
    }

    /// Whether the actor gave the assignment or stands in the giver's place: holds the part that it was passed down from, or
    /// directs the document when it is of the first level. `all` are the assignments of the document.
    #[must_use]
    pub fn is_given_by(&self, actor: &Actor, doc: &IncomingFacts, all: &[Self]) -> bool {
        if actor.agency != doc.agency {
            return false;
        }
        self.given_by == actor.post
            || match self.parent {
                Some(parent) => all.iter().any(|a| a.id == parent && a.is_held_by(actor)),
                None => may_direct(actor, doc),
            }
    }
}

/// Whether the actor is the leader who directs the document: the one it was presented to, or the head of the agency.
pub(super) fn may_direct(actor: &Actor, doc: &IncomingFacts) -> bool {
    actor.leads(doc.agency)
        && (actor.is_agency_head || doc.presented_to.is_none_or(|presented| presented == actor.post))
}

/// The active chủ trì among what was passed down from `parent`, or directed (`None`).
pub(super) fn lead_below(parent: Option<AssignmentId>, all: &[AssignmentFacts]) -> Option<&AssignmentFacts> {
    all.iter()
        .find(|a| a.parent == parent && a.role == AssignmentRole::Lead && a.state.is_active())
}

/// An assignment to be created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedAssignment {
    /// The assignment it is passed down from; `None` at the first level.
    pub parent: Option<AssignmentId>,
    /// Who.
    pub assignee: Assignee,
    /// What they have to do.
    pub role: AssignmentRole,
    /// Thời hạn giải quyết; the lead's, when none of their own was set. Who only has to know has none (CN-124).
    pub deadline: Option<Date>,
}

/// Turns the lines of a direction into assignments.
///
/// `leading` says whether the lines carry the lead part; then exactly one is chủ trì, else none.
pub(super) fn plan(
    requests: &[AssignmentRequest],
    leading: bool,
    agency: AgencyId,
    parent: Option<&AssignmentFacts>,
    today: Date,
) -> Decision<Vec<PlannedAssignment>> {
    let refuse = |code, field, message: &str| Err(Refusal::new("ND30-23.2", code, message).on(field));
    if requests.is_empty() {
        return refuse(
            "incoming.nobody_assigned",
            "assignees",
            "Vui lòng chọn đơn vị hoặc người xử lý.",
        );
    }
    let leads: Vec<&AssignmentRequest> = requests
        .iter()
        .filter(|r| r.role == AssignmentRole::Lead)
        .collect();
    if leading && leads.len() != 1 {
        return refuse(
            "incoming.one_lead",
            "lead",
            "Phải xác định đúng một đơn vị hoặc người xử lý chính (chủ trì).",
        );
    }
    if !leading && !leads.is_empty() {
        return refuse(
            "incoming.no_lead_here",
            "lead",
            "Phần việc được giao không phải xử lý chính nên không giao lại vai trò chủ trì được.",
        );
    }
    let mut seen = BTreeSet::new();
    if requests.iter().any(|request| !seen.insert(request.assignee)) {
        return refuse(
            "incoming.assigned_twice",
            "assignees",
            "Một đơn vị hoặc người chỉ nhận một vai trò. Vui lòng bỏ phần trùng lặp.",
        );
    }
    if requests.iter().any(|request| request.agency != agency) {
        return refuse(
            "incoming.outside_agency",
            "assignees",
            "Chỉ giao xử lý cho đơn vị, cá nhân trong cơ quan. Gửi cơ quan khác bằng văn bản đi.",
        );
    }
    deadlines(requests, leads.first().copied(), parent, today)?;
    let common = leads
        .first()
        .and_then(|lead| lead.deadline)
        .or(parent.and_then(|p| p.deadline));
    Ok(requests
        .iter()
        .map(|request| PlannedAssignment {
            parent: parent.map(|p| p.id),
            assignee: request.assignee,
            role: request.role,
            deadline: match request.role {
                AssignmentRole::Inform => None,
                AssignmentRole::Lead | AssignmentRole::Cooperate => request.deadline.or(common),
            },
        })
        .collect())
}

/// Deadlines lie ahead, within the deadline from above, and are stated when several work together.
fn deadlines(
    requests: &[AssignmentRequest],
    lead: Option<&AssignmentRequest>,
    parent: Option<&AssignmentFacts>,
    today: Date,
) -> Decision<()> {
    let refuse = |code, message: String| Err(Refusal::new("ND30-23.2", code, message).on("deadline"));
    let several = requests
        .iter()
        .any(|request| request.role == AssignmentRole::Cooperate);
    let above = parent.and_then(|p| p.deadline);
    if several && lead.is_some_and(|lead| lead.deadline.or(above).is_none()) {
        return refuse(
            "incoming.no_deadline",
            "Khi có đơn vị, người phối hợp, vui lòng ghi rõ thời hạn giải quyết của chủ trì.".into(),
        );
    }
    for deadline in requests.iter().filter_map(|request| request.deadline) {
        if deadline < today {
            return refuse(
                "incoming.deadline_past",
                "Thời hạn giải quyết không được trước ngày hôm nay.".into(),
            );
        }
        if let Some(limit) = above.filter(|limit| deadline > *limit && *limit >= today) {
            return refuse(
                "incoming.deadline_after_parent",
                format!(
                    "Thời hạn giao lại không được sau thời hạn cấp trên đã giao ({}).",
                    crate::office_time::short_date(limit)
                ),
            );
        }
    }
    Ok(())
}
