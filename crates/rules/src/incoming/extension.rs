//! Xin gia hạn: a holder asks for a later deadline, the giver grants or refuses it (CN-126). The law leaves it to the agency
//! (ND30-24.2: the deadlines of its working regulation).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::amendment::{must_be_in_hand, must_be_possible, must_have_given, must_have_reason};
use super::assignments::AssignmentFacts;
use super::{AssignmentRole, ExtensionState, IncomingEvent, IncomingFacts, IncomingPlan};
use crate::people::Actor;
use crate::{Decision, Refusal};

/// How far an agency lets deadlines be extended (quy chế làm việc).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExtensionPolicy {
    /// So many times for one part.
    pub times: u32,
    /// By so many days at most, each time.
    pub days: u32,
}

impl Default for ExtensionPolicy {
    fn default() -> Self {
        Self { times: 2, days: 30 }
    }
}

/// A request as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtensionFacts {
    /// Where it stands.
    pub state: ExtensionState,
    /// The deadline when it was asked.
    pub old: Date,
    /// The deadline that is wished for.
    pub wanted: Date,
}

/// What is asked for, or granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish<'a> {
    /// Why; may be empty when it is granted.
    pub reason: &'a str,
    /// The new deadline.
    pub until: Date,
    /// The civil date of the act.
    pub today: Date,
}

fn refuse<T>(code: &'static str, message: impl Into<String>) -> Decision<T> {
    Err(Refusal::new("ND30-24.2", code, message))
}

/// The holder of a part asks for a later deadline. `asked` are the earlier requests for this part.
///
/// # Errors
/// `ND30-22.1` for an unregistered document, `ND30-24.2` for anybody but the holder, a part without a deadline, a second request while
/// one waits, beyond the agency's limits; `ND30-23.2` without a reason or with a day in the past.
pub fn ask_extension(
    actor: &Actor,
    doc: &IncomingFacts,
    part: &AssignmentFacts,
    asked: &[ExtensionFacts],
    wish: Wish<'_>,
    policy: ExtensionPolicy,
) -> Decision<IncomingPlan> {
    must_be_in_hand(doc, "xin gia hạn")?;
    if actor.agency != doc.agency || !part.is_held_by(actor) {
        return refuse(
            "incoming.not_holder",
            "Chỉ đơn vị, người được giao phần việc này được xin gia hạn.",
        );
    }
    if !part.state.is_active() {
        return refuse("incoming.assignment_closed", "Phần việc này đã kết thúc.");
    }
    let Some(old) = part.deadline.filter(|_| part.role != AssignmentRole::Inform) else {
        return refuse(
            "incoming.no_deadline_to_extend",
            "Phần việc này không đặt thời hạn nên không cần xin gia hạn.",
        );
    };
    if asked.iter().any(|one| one.state == ExtensionState::Asked) {
        return refuse(
            "incoming.extension_waits",
            "Lần xin gia hạn trước đang chờ người giao việc trả lời.",
        );
    }
    must_have_reason(wish.reason, "xin gia hạn").map_err(|refusal| refusal.on("why"))?;
    within(old, asked, wish, policy)?;
    must_be_possible(wish.until, wish.today, None).map_err(|refusal| refusal.on("wanted_on"))?;
    Ok(IncomingPlan::step(doc, doc.state, IncomingEvent::ExtensionAsked))
}

/// Later than now, but not too late and not too often.
fn within(old: Date, asked: &[ExtensionFacts], wish: Wish<'_>, policy: ExtensionPolicy) -> Decision<()> {
    if wish.until <= old {
        return Err(Refusal::new(
            "ND30-24.2",
            "incoming.not_later",
            format!(
                "Thời hạn mới phải sau thời hạn hiện nay ({}).",
                crate::office_time::short_date(old)
            ),
        )
        .on("wanted_on"));
    }
    let granted = asked
        .iter()
        .filter(|one| one.state == ExtensionState::Granted)
        .count();
    if granted >= usize::try_from(policy.times).unwrap_or(usize::MAX) {
        return refuse(
            "incoming.extended_too_often",
            format!(
                "Phần việc này đã được gia hạn {granted} lần, bằng số lần cơ quan cho phép. Vui lòng báo cáo trực tiếp người giao việc.",
            ),
        );
    }
    let latest = old.saturating_add(jiff::Span::new().days(i64::from(policy.days)));
    if wish.until > latest {
        return Err(Refusal::new(
            "ND30-24.2",
            "incoming.extended_too_far",
            format!(
                "Mỗi lần gia hạn không quá {} ngày, đến hết ngày {}.",
                policy.days,
                crate::office_time::short_date(latest)
            ),
        )
        .on("wanted_on"));
    }
    Ok(())
}

/// What granting does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrantPlan {
    /// The step of the document, which stays where it is.
    pub step: IncomingPlan,
    /// The new deadline of the part.
    pub deadline: Date,
}

/// The giver grants a request, for the day that was wished for or another one. `all` are the assignments of the document, `asked` the
/// requests for this part.
///
/// # Errors
/// As [`refuse_extension`]; `ND30-24.2` beyond the agency's limits; `ND30-23.2` for a day in the past or after the giver's own deadline.
pub fn grant_extension(
    actor: &Actor,
    doc: &IncomingFacts,
    part: &AssignmentFacts,
    all: &[AssignmentFacts],
    asked: &[ExtensionFacts],
    wish: Wish<'_>,
    policy: ExtensionPolicy,
) -> Decision<GrantPlan> {
    must_answer(actor, doc, part, all, asked)?;
    within(part.deadline.unwrap_or(wish.today), asked, wish, policy)
        .map_err(|refusal| on_answer(&refusal))?;
    let above = all.iter().find(|a| Some(a.id) == part.parent);
    must_be_possible(wish.until, wish.today, above).map_err(|refusal| on_answer(&refusal))?;
    Ok(GrantPlan {
        step: IncomingPlan::step(doc, doc.state, IncomingEvent::ExtensionGranted),
        deadline: wish.until,
    })
}

/// The form of the answer has its own field for the day.
fn on_answer(refusal: &Refusal) -> Refusal {
    refusal.clone().on("granted_on")
}

/// The giver refuses a request, with a reason. `all` are the assignments of the document, `asked` the requests for this part.
///
/// # Errors
/// `ND30-22.1` for an unregistered document, `ND30-23.2` for anybody but the giver or without a reason, `ND30-24.2` when nothing waits.
pub fn refuse_extension(
    actor: &Actor,
    doc: &IncomingFacts,
    part: &AssignmentFacts,
    all: &[AssignmentFacts],
    asked: &[ExtensionFacts],
    reason: &str,
) -> Decision<IncomingPlan> {
    must_answer(actor, doc, part, all, asked)?;
    must_have_reason(reason, "không đồng ý gia hạn")?;
    Ok(IncomingPlan::step(
        doc,
        doc.state,
        IncomingEvent::ExtensionRefused,
    ))
}

fn must_answer(
    actor: &Actor,
    doc: &IncomingFacts,
    part: &AssignmentFacts,
    all: &[AssignmentFacts],
    asked: &[ExtensionFacts],
) -> Decision<()> {
    must_have_given(actor, doc, part, all)?;
    must_be_in_hand(doc, "trả lời việc gia hạn")?;
    if part.state.is_active() && asked.iter().any(|one| one.state == ExtensionState::Asked) {
        return Ok(());
    }
    refuse(
        "incoming.no_extension_waits",
        "Không còn yêu cầu gia hạn nào chờ trả lời cho phần việc này. Vui lòng tải lại trang.",
    )
}
