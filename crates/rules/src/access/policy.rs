//! The base policy.

use super::{Action, Explanation, Ground, ObjectFacts, ObjectKind};
use crate::delegation;
use crate::incoming::IncomingState;
use crate::outgoing::OutgoingState;
use crate::people::{Actor, Role};
use crate::{Decision, Refusal};

/// Whether the actor may do this to the object.
///
/// # Errors
/// [`hidden`] when the actor may not even see the object; otherwise a refusal that names the clause and who may.
pub fn decide(actor: &Actor, action: Action, object: &ObjectFacts) -> Decision<()> {
    judge(actor, action, object).map(drop)
}

/// The same decision with its reason, also when it is allowed. What is hidden is explained no further than a missing
/// object would be.
#[must_use]
pub fn explain(actor: &Actor, action: Action, object: &ObjectFacts) -> Explanation {
    match judge(actor, action, object) {
        Ok(ground) => Explanation {
            allowed: true,
            clause: "QC01-4.2",
            reason: ground.label().to_owned(),
        },
        Err(refusal) => Explanation {
            allowed: false,
            clause: refusal.clause,
            reason: refusal.message,
        },
    }
}

/// The refusal for what is not there and for what is not to be seen: the two look the same.
#[must_use]
pub fn hidden() -> Refusal {
    Refusal::new(
        "QC01-4.2",
        "access.hidden",
        "Không tìm thấy nội dung này, hoặc Ông/Bà chưa được giao quyền xem. Vui lòng liên hệ văn thư cơ quan nếu cần.",
    )
}

fn judge(actor: &Actor, action: Action, object: &ObjectFacts) -> Decision<Ground> {
    match object.kind {
        ObjectKind::Agency => {
            in_place(actor, action, object)?;
            on_agency(actor, action, object)
        }
        ObjectKind::Slip => {
            let seen = sees_slip(actor, object).ok_or_else(hidden)?;
            in_place(actor, action, object)?;
            on_slip(action, seen)
        }
        ObjectKind::Incoming(state) => {
            let seen = sees_incoming(actor, state, object).ok_or_else(hidden)?;
            in_place(actor, action, object)?;
            if state == IncomingState::Recalled && action != Action::View {
                return Err(recalled());
            }
            on_incoming(actor, action, object, seen)
        }
        ObjectKind::Outgoing(state) => {
            let seen = sees_outgoing(actor, state, object).ok_or_else(hidden)?;
            in_place(actor, action, object)?;
            on_outgoing(actor, action, object, seen)
        }
    }
}

/// Who acts in somebody's place does no more than what was handed over (CN-805).
fn in_place(actor: &Actor, action: Action, object: &ObjectFacts) -> Decision<()> {
    match actor.in_place {
        Some(scope) => delegation::may_in_place(scope, actor, action, object),
        None => Ok(()),
    }
}

/// Why the actor sees an incoming document, if at all.
fn sees_incoming(actor: &Actor, state: IncomingState, object: &ObjectFacts) -> Option<Ground> {
    if is_outsider(actor, object) {
        return None;
    }
    match actor.role {
        Role::Clerk => Some(Ground::Clerk),
        _ if took_part(actor, object) => Some(Ground::Participant),
        _ if unit_took_part(actor, object) => Some(Ground::UnitHead),
        _ if actor.leads(object.owner) && state.is_registered() => Some(Ground::Leader),
        _ => None,
    }
}

/// Why the actor sees an outgoing document, if at all.
fn sees_outgoing(actor: &Actor, state: OutgoingState, object: &ObjectFacts) -> Option<Ground> {
    use OutgoingState::{Approval, Approved, FormReview, Signing};
    if is_outsider(actor, object) {
        return None;
    }
    let reached_signer = matches!(state, Approval | Signing | Approved) || state.is_registered();
    let reached_clerk = state == FormReview || reached_signer;
    // Without a drafting unit a leader answers for content (ND30-12.1), so it reaches the leaders with that step.
    let reached_leaders =
        state.is_registered() || (state == OutgoingState::ContentReview && object.drafting_unit.is_none());
    if object.drafter_post == Some(actor.post) {
        Some(Ground::Drafter)
    } else if object.signer_post == Some(actor.post) && reached_signer {
        Some(Ground::Signer)
    } else if took_part(actor, object) {
        Some(Ground::Participant)
    } else if unit_took_part(actor, object) {
        Some(Ground::UnitHead)
    } else if actor.role == Role::Clerk && reached_clerk {
        Some(Ground::Clerk)
    } else if actor.checks_form && state == FormReview {
        Some(Ground::FormChecker)
    } else if actor.leads(object.owner) && reached_leaders {
        Some(Ground::Leader)
    } else {
        None
    }
}

/// Why the actor sees a slip, if at all: it is no registered document, so only those who are on it do.
fn sees_slip(actor: &Actor, object: &ObjectFacts) -> Option<Ground> {
    if is_outsider(actor, object) {
        return None;
    }
    if object.drafter_post == Some(actor.post) {
        return Some(Ground::Drafter);
    }
    took_part(actor, object).then_some(Ground::Participant)
}

/// Other agencies and administrators have no part in document content.
fn is_outsider(actor: &Actor, object: &ObjectFacts) -> bool {
    actor.agency != object.owner || actor.role == Role::Administrator
}

fn took_part(actor: &Actor, object: &ObjectFacts) -> bool {
    object.participant_posts.contains(&actor.post)
}

fn unit_took_part(actor: &Actor, object: &ObjectFacts) -> bool {
    let units = object.participant_units.iter().chain(&object.drafting_unit);
    units.into_iter().any(|unit| actor.heads_unit(*unit))
}

/// Acts on an incoming document that the actor sees.
fn on_incoming(actor: &Actor, action: Action, object: &ObjectFacts, seen: Ground) -> Decision<Ground> {
    let took_part = took_part(actor, object) || unit_took_part(actor, object);
    match action {
        Action::View | Action::Download => Ok(seen),
        Action::Register | Action::RefuseDelivery | Action::Present => only(
            actor.role == Role::Clerk,
            Ground::Clerk,
            "ND30-4.2b",
            "văn thư cơ quan",
            action,
        ),
        Action::Prepare => only(
            actor.in_place.is_some() && actor.leads(object.owner),
            seen,
            "ND30-23.2",
            "trợ lý, thư ký được lãnh đạo giao",
            action,
        ),
        // Clerks direct only where the agency's own rules say so; incoming::direct holds them to it.
        Action::Direct if actor.role == Role::Clerk => Ok(Ground::Clerk),
        Action::Direct => only(
            actor.leads(object.owner),
            Ground::Leader,
            "ND30-23.2",
            "lãnh đạo cơ quan",
            action,
        ),
        Action::PassDown => only(
            took_part && (actor.role == Role::UnitHead || actor.leads(object.owner)),
            seen,
            "ND30-23.2",
            "lãnh đạo hoặc trưởng phòng đang giữ phần việc",
            action,
        ),
        Action::GiveOpinion | Action::Finish => only(
            took_part || actor.leads(object.owner),
            seen,
            "ND30-24.2",
            "lãnh đạo và người được giao xử lý",
            action,
        ),
        Action::Amend => only(
            took_part || actor.leads(object.owner),
            seen,
            "ND30-23.2",
            "lãnh đạo và người đã giao việc",
            action,
        ),
        Action::Urge => only(
            took_part || actor.leads(object.owner) || actor.role == Role::Clerk,
            seen,
            "ND30-24.1",
            "lãnh đạo, văn thư cơ quan và người đã giao việc",
            action,
        ),
        Action::Handle | Action::Reply => only(
            took_part,
            seen,
            "ND30-24.2",
            "đơn vị, người được giao xử lý",
            action,
        ),
        _ => Err(not_applicable(action)),
    }
}

/// Acts on an outgoing document that the actor sees.
fn on_outgoing(actor: &Actor, action: Action, object: &ObjectFacts, seen: Ground) -> Decision<Ground> {
    let drafter = object.drafter_post == Some(actor.post);
    let signer = object.signer_post == Some(actor.post);
    let content = match object.drafting_unit {
        Some(unit) => actor.heads_unit(unit),
        None => actor.leads(object.owner),
    };
    let form = actor.role == Role::Clerk || actor.checks_form;
    match action {
        Action::View | Action::Download => Ok(seen),
        Action::EditDraft => only(
            drafter || object.co_drafter_posts.contains(&actor.post) || content || form || signer,
            seen,
            "ND30-10.3",
            "người soạn thảo, người phối hợp soạn thảo và người đang xem xét dự thảo",
            action,
        ),
        Action::Submit => only(drafter, Ground::Drafter, "ND30-10.4", "người soạn thảo", action),
        Action::SignOffContent => only(
            content,
            seen,
            "ND30-12.1",
            "người đứng đầu đơn vị chủ trì soạn thảo",
            action,
        ),
        Action::SignOffForm => only(
            form,
            seen,
            "ND30-12.2",
            "văn thư hoặc người được giao kiểm tra thể thức",
            action,
        ),
        Action::Approve => only(
            signer,
            Ground::Signer,
            "ND30-11.1",
            "người có thẩm quyền ký văn bản",
            action,
        ),
        Action::Return => only(
            content || form || signer,
            seen,
            "ND30-10.3",
            "người đang xem xét dự thảo",
            action,
        ),
        Action::Issue => only(
            actor.role == Role::Clerk,
            Ground::Clerk,
            "ND30-4.2b",
            "văn thư cơ quan",
            action,
        ),
        Action::Cancel => only(
            drafter || content || signer,
            seen,
            "ND30-10.3",
            "người soạn thảo, người đứng đầu đơn vị soạn thảo hoặc người ký",
            action,
        ),
        Action::GiveOpinion => Ok(seen),
        _ => Err(not_applicable(action)),
    }
}

/// Acts on a slip that the actor sees; who may answer it is said by [`crate::slip`].
fn on_slip(action: Action, seen: Ground) -> Decision<Ground> {
    match action {
        Action::View | Action::Download | Action::GiveOpinion => Ok(seen),
        _ => Err(not_applicable(action)),
    }
}

/// Acts on the agency as a whole.
fn on_agency(actor: &Actor, action: Action, object: &ObjectFacts) -> Decision<Ground> {
    let own = actor.agency == object.owner;
    let administrator = actor.role == Role::Administrator;
    let of_province = administrator && actor.is_province_administrator;
    match action {
        Action::ManageAccounts if of_province => Ok(Ground::ProvinceAdministrator),
        Action::ManageAccounts => only(
            own && administrator,
            Ground::AgencyAdministrator,
            "QC01-23.1",
            "quản trị của cơ quan",
            action,
        ),
        Action::ViewJournal if of_province => Ok(Ground::ProvinceAdministrator),
        Action::ViewJournal if own && administrator => Ok(Ground::AgencyAdministrator),
        Action::ViewJournal => only(
            own && actor.is_agency_head,
            Ground::Leader,
            "QC01-4.2",
            "quản trị và thủ trưởng cơ quan",
            action,
        ),
        Action::ViewRegister if own && actor.role == Role::Clerk => Ok(Ground::Clerk),
        Action::ViewRegister => only(
            actor.leads(object.owner) && !administrator,
            Ground::Leader,
            "ND30-6.3",
            "văn thư và lãnh đạo cơ quan",
            action,
        ),
        Action::Register => only(
            own && actor.role == Role::Clerk,
            Ground::Clerk,
            "ND30-4.2b",
            "văn thư cơ quan",
            action,
        ),
        Action::CreateDraft => only(
            own && !administrator,
            Ground::Officer,
            "QC01-4.2",
            "cán bộ, công chức của cơ quan",
            action,
        ),
        _ => Err(not_applicable(action)),
    }
}

/// Allowed on a ground, or refused with who may.
fn only(allowed: bool, ground: Ground, clause: &'static str, who: &str, action: Action) -> Decision<Ground> {
    if allowed {
        return Ok(ground);
    }
    Err(Refusal::new(
        clause,
        "access.not_allowed",
        format!("Chỉ {who} được thực hiện thao tác “{}”.", action.label()),
    ))
}

/// Of a recalled document only the trail of the recall is left (ND30-18.4b, PL6-III.8).
fn recalled() -> Refusal {
    Refusal::new(
        "QD28-9.2",
        "incoming.recalled",
        "Văn bản đã bị bên gửi thu hồi và đã hủy trên hệ thống; chỉ còn xem được thông tin về việc thu hồi.",
    )
}

fn not_applicable(action: Action) -> Refusal {
    Refusal::new(
        "QC01-4.2",
        "access.not_applicable",
        format!("Thao tác “{}” không áp dụng cho đối tượng này.", action.label()),
    )
}
