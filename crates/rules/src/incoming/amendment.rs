//! Trả lại, thu hồi, bổ sung, đổi vai trò: what was assigned is mended (ND30-23.2, 24.1; CN-119 to CN-121).

use jiff::civil::Date;

use super::assignments::{self, AssignmentFacts, lead_below, may_direct};
use super::direction::{must_be_new, must_reach};
use super::facts::{must_be_registered, wrong_state};
use super::handling::must_hold_open;
use super::{
    AssignmentRole, AssignmentState, Direction, DirectionPlan, IncomingEvent, IncomingFacts, IncomingPlan,
    IncomingState,
};
use crate::ids::AssignmentId;
use crate::people::Actor;
use crate::{Decision, Refusal};

/// A reason has at most so many characters.
pub const REASON_MOST: usize = 1000;

fn refuse<T>(code: &'static str, message: &str) -> Decision<T> {
    Err(Refusal::new("ND30-23.2", code, message))
}

/// Refuses a missing or an endless reason.
pub(super) fn must_have_reason(reason: &str, what: &str) -> Decision<()> {
    if reason.trim().is_empty() {
        return Err(Refusal::new(
            "ND30-23.2",
            "incoming.no_reason",
            format!("Vui lòng ghi lý do {what}."),
        )
        .on("reason"));
    }
    if reason.chars().count() > REASON_MOST {
        return Err(Refusal::new(
            "ND30-23.2",
            "incoming.reason_too_long",
            format!("Lý do dài quá {REASON_MOST} ký tự. Vui lòng ghi ngắn gọn hơn."),
        )
        .on("reason"));
    }
    Ok(())
}

/// Refuses what may only be done while a directed document is being handled.
pub(super) fn must_be_in_hand(doc: &IncomingFacts, what: &str) -> Decision<()> {
    must_be_registered(doc)?;
    if matches!(doc.state, IncomingState::Assigned | IncomingState::InProgress) {
        Ok(())
    } else {
        Err(wrong_state(doc, "ND30-23.2", what))
    }
}

/// Refuses everybody but the giver of a part.
pub(super) fn must_have_given(
    actor: &Actor,
    doc: &IncomingFacts,
    part: &AssignmentFacts,
    all: &[AssignmentFacts],
) -> Decision<()> {
    if part.is_given_by(actor, doc, all) {
        return Ok(());
    }
    refuse(
        "incoming.not_giver",
        "Chỉ người đã giao phần việc này (hoặc lãnh đạo chỉ đạo văn bản) được thực hiện thao tác.",
    )
}

/// What giving a part back does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiveBackPlan {
    /// The step of the document, which stays where it is.
    pub step: IncomingPlan,
    /// The part that it was passed down from and that its holder has again: it becomes [`AssignmentState::Open`].
    pub reopened: Option<AssignmentId>,
}

/// The holder gives an open part back to whoever gave it, with a reason (CN-119). `all` are the assignments of the document.
///
/// # Errors
/// `ND30-22.1` for an unregistered document, `ND30-24.2` for anybody but the holder of an open part, `ND30-23.2` without a reason.
pub fn give_back(
    actor: &Actor,
    doc: &IncomingFacts,
    part: &AssignmentFacts,
    all: &[AssignmentFacts],
    reason: &str,
) -> Decision<GiveBackPlan> {
    must_be_registered(doc)?;
    must_hold_open(actor, doc, part)?;
    must_have_reason(reason, "trả lại phần việc")?;
    Ok(GiveBackPlan {
        step: IncomingPlan::step(doc, doc.state, IncomingEvent::GivenBack),
        reopened: reopened(part, all),
    })
}

/// The part above, when nobody below it does its work any more.
fn reopened(part: &AssignmentFacts, all: &[AssignmentFacts]) -> Option<AssignmentId> {
    let above = all
        .iter()
        .find(|a| Some(a.id) == part.parent && a.state == AssignmentState::PassedDown)?;
    let at_work = |a: &AssignmentFacts| {
        a.parent == Some(above.id) && a.id != part.id && a.role == above.role && a.state.is_active()
    };
    (!all.iter().any(at_work)).then_some(above.id)
}

/// What taking a part back does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeBackPlan {
    /// The step of the document, which stays where it is.
    pub step: IncomingPlan,
    /// The part and everything open below it: they become [`AssignmentState::TakenBack`].
    pub taken: Vec<AssignmentId>,
    /// The part that it was passed down from and that its holder has again: it becomes [`AssignmentState::Open`].
    pub reopened: Option<AssignmentId>,
}

/// The giver takes a part back, with the whole branch below it (CN-120): freely as long as nobody opened it, then with a reason; what
/// is completed stays. `all` are the assignments of the document.
///
/// # Errors
/// `ND30-22.1` for an unregistered document, `ND30-23.2` for anybody but the giver, for a part that has ended, or without the
/// reason that an opened part needs.
pub fn take_back(
    actor: &Actor,
    doc: &IncomingFacts,
    part: &AssignmentFacts,
    all: &[AssignmentFacts],
    reason: &str,
) -> Decision<TakeBackPlan> {
    must_have_given(actor, doc, part, all)?;
    must_not_have_ended(part)?;
    must_be_in_hand(doc, "thu hồi phân công")?;
    let mut taken = vec![part];
    let mut at = 0;
    while let Some(above) = taken.get(at) {
        let id = above.id;
        taken.extend(all.iter().filter(|a| a.parent == Some(id) && a.state.is_active()));
        at += 1;
    }
    if taken.iter().any(|a| a.opened) || !reason.trim().is_empty() {
        must_have_reason(reason, "thu hồi vì người nhận đã mở xem văn bản")?;
    }
    Ok(TakeBackPlan {
        step: IncomingPlan::step(doc, doc.state, IncomingEvent::TakenBack),
        taken: taken.iter().map(|a| a.id).collect(),
        reopened: reopened(part, all),
    })
}

fn must_not_have_ended(part: &AssignmentFacts) -> Decision<()> {
    match part.state {
        AssignmentState::Open | AssignmentState::PassedDown => Ok(()),
        AssignmentState::Done => refuse(
            "incoming.part_done",
            "Phần việc này đã hoàn thành nên không thu hồi, thay đổi được. Vui lòng phân công bổ sung nếu cần.",
        ),
        AssignmentState::Closed | AssignmentState::GivenBack | AssignmentState::TakenBack => refuse(
            "incoming.assignment_closed",
            "Phần việc này đã kết thúc, đã trả lại hoặc đã thu hồi.",
        ),
    }
}

/// The giver assigns more people, or somebody else after a part came back (CN-121): below `parent`, or as the leader who directs
/// (`None`). A new lead is named exactly when there is none. `all` are the assignments of the document.
///
/// # Errors
/// `ND30-22.1` for an unregistered document, `ND30-23.2` for anybody but the giver, before direction and after the end, for a second
/// lead, people out of reach or who already have a part, and wrong deadlines.
pub fn assign_more(
    actor: &Actor,
    doc: &IncomingFacts,
    parent: Option<&AssignmentFacts>,
    all: &[AssignmentFacts],
    direction: &Direction<'_>,
) -> Decision<DirectionPlan> {
    must_be_in_hand(doc, "phân công bổ sung")?;
    let gives = match parent {
        Some(parent) => {
            actor.agency == doc.agency
                && parent.is_held_by(actor)
                && parent.state == AssignmentState::PassedDown
        }
        None => {
            may_direct(actor, doc)
                || all
                    .iter()
                    .any(|a| a.parent.is_none() && a.is_given_by(actor, doc, all))
        }
    };
    if !gives {
        return refuse(
            "incoming.not_giver",
            "Chỉ lãnh đạo đã chỉ đạo hoặc người đã chuyển tiếp phần việc được phân công bổ sung.",
        );
    }
    let requests = direction.assignments;
    if parent.is_some() {
        must_reach(actor, requests)?;
    }
    must_be_new(requests, all)?;
    let of_lead = parent.is_none_or(|parent| parent.role == AssignmentRole::Lead);
    let known = lead_below(parent.map(|parent| parent.id), all);
    let names_lead = requests.iter().any(|r| r.role == AssignmentRole::Lead);
    if known.is_some() && names_lead {
        return Err(Refusal::new(
            "ND30-23.2",
            "incoming.has_lead",
            "Văn bản đã có xử lý chính. Để đổi người chủ trì, vui lòng đổi vai trò hoặc thu hồi phần việc đó trước.",
        )
        .on("lead"));
    }
    if parent.is_some_and(|parent| parent.role == AssignmentRole::Inform)
        && requests.iter().any(|r| r.role != AssignmentRole::Inform)
    {
        return refuse(
            "incoming.inform_only",
            "Văn bản được gửi để biết nên chỉ chuyển tiếp để biết.",
        );
    }
    let leading = of_lead && known.is_none();
    let mut planned = assignments::plan(requests, leading, doc.agency, parent, direction.today)?;
    for new in &mut planned {
        if new.role == AssignmentRole::Cooperate {
            new.deadline = new.deadline.or(known.and_then(|lead| lead.deadline));
        }
    }
    Ok(DirectionPlan {
        step: IncomingPlan::step(doc, doc.state, IncomingEvent::AssignedMore),
        assignments: planned,
        passed_down: None,
    })
}

/// What shall be changed about a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The role it shall have.
    pub role: AssignmentRole,
    /// The deadline it shall have; `None` keeps the known one.
    pub deadline: Option<Date>,
    /// The civil date of the act.
    pub today: Date,
}

/// One part after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// Which.
    pub id: AssignmentId,
    /// Its role.
    pub role: AssignmentRole,
    /// Its deadline.
    pub deadline: Option<Date>,
}

/// What a change does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangePlan {
    /// The step of the document, which stays where it is.
    pub step: IncomingPlan,
    /// The part itself first, then those that follow from it: the former lead, parts below whose deadlines would lie later.
    pub changed: Vec<Changed>,
}

/// The giver changes the role or the deadline of a part (CN-121). Making somebody the lead makes the former lead co-operate: there is
/// always exactly one. `all` are the assignments of the document.
///
/// # Errors
/// `ND30-22.1` for an unregistered document, `ND30-23.2` for anybody but the giver, a part that has ended or was passed on, a lead that
/// would be missing, a deadline in the past or after the one from above, or when nothing changes.
pub fn change_part(
    actor: &Actor,
    doc: &IncomingFacts,
    part: &AssignmentFacts,
    all: &[AssignmentFacts],
    change: Change,
) -> Decision<ChangePlan> {
    must_have_given(actor, doc, part, all)?;
    must_not_have_ended(part)?;
    must_be_in_hand(doc, "thay đổi phân công")?;
    let above = all.iter().find(|a| Some(a.id) == part.parent);
    let mut changed = Vec::new();
    let lead = lead_below(part.parent, all).filter(|lead| lead.id != part.id);
    if change.role != part.role {
        let passed_on = "Phần việc đã được chuyển tiếp nên chưa đổi vai trò được. Vui lòng thu hồi trước.";
        if part.state == AssignmentState::PassedDown {
            return refuse("incoming.passed_on", passed_on);
        }
        if part.role == AssignmentRole::Lead {
            return Err(Refusal::new(
                "ND30-23.2",
                "incoming.one_lead",
                "Phải có đúng một xử lý chính. Để đổi người chủ trì, vui lòng chọn “Xử lý chính” cho người khác.",
            )
            .on("role"));
        }
        if above.is_some_and(|above| above.role > change.role) {
            return Err(Refusal::new(
                "ND30-23.2",
                "incoming.no_lead_here",
                "Vai trò giao lại không được vượt quá phần việc mà Ông/Bà được giao.",
            )
            .on("role"));
        }
        if let (AssignmentRole::Lead, Some(lead)) = (change.role, lead) {
            if lead.state == AssignmentState::PassedDown {
                return refuse("incoming.passed_on", passed_on);
            }
            changed.push(Changed {
                id: lead.id,
                role: AssignmentRole::Cooperate,
                deadline: lead.deadline,
            });
        }
    }
    let deadline = match change.role {
        AssignmentRole::Inform => None,
        _ => change
            .deadline
            .or(part.deadline)
            .or(lead.and_then(|lead| lead.deadline))
            .or(above.and_then(|above| above.deadline)),
    };
    if change.role == part.role && deadline == part.deadline {
        return refuse(
            "incoming.no_change",
            "Vai trò và thời hạn không thay đổi. Vui lòng chọn vai trò hoặc ngày khác.",
        );
    }
    if deadline != part.deadline
        && let Some(until) = deadline
    {
        must_be_possible(until, change.today, above)?;
    }
    changed.insert(
        0,
        Changed {
            id: part.id,
            role: change.role,
            deadline,
        },
    );
    let mut at = 0;
    let mut branch = vec![part.id];
    while let Some(above) = branch.get(at).copied() {
        for below in all
            .iter()
            .filter(|a| a.parent == Some(above) && a.state.is_active())
        {
            branch.push(below.id);
            if let (Some(own), Some(until)) = (below.deadline, deadline)
                && own > until
            {
                changed.push(Changed {
                    id: below.id,
                    role: below.role,
                    deadline,
                });
            }
        }
        at += 1;
    }
    Ok(ChangePlan {
        step: IncomingPlan::step(doc, doc.state, IncomingEvent::Changed),
        changed,
    })
}

/// A new deadline lies ahead and within the one from above (CN-116).
pub(super) fn must_be_possible(until: Date, today: Date, above: Option<&AssignmentFacts>) -> Decision<()> {
    if until < today {
        return Err(Refusal::new(
            "ND30-23.2",
            "incoming.deadline_past",
            "Thời hạn giải quyết không được trước ngày hôm nay.",
        )
        .on("deadline"));
    }
    match above.and_then(|above| above.deadline) {
        Some(limit) if until > limit => Err(Refusal::new(
            "ND30-23.2",
            "incoming.deadline_after_parent",
            format!(
                "Thời hạn không được sau thời hạn cấp trên đã giao ({}). Vui lòng xin cấp trên gia hạn trước.",
                crate::office_time::short_date(limit)
            ),
        )
        .on("deadline")),
        _ => Ok(()),
    }
}
