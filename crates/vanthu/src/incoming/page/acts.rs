//! Which acts a person can do on a document now, in the order of what usually comes next. The rules decide again when
//! the act is done.

use rules::{
    access::{self, Action},
    incoming::{AssignmentFacts, AssignmentRole, AssignmentState, ExtensionState, IncomingState},
    people::Role,
};

use crate::{
    context::Who,
    desk::DeskBox,
    incoming::seen::{Part, Seen},
    web::page::{Choice, Fact},
};

/// An act on an incoming document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::incoming) enum ActKind {
    Register,
    Refuse,
    Present,
    PresentAgain,
    /// The work rules say to whom.
    HandOn,
    Direct,
    PassDown,
    Start,
    Finish,
    Complete,
    Opinion,
    GiveBack,
    Extend,
    /// The lead came back: somebody leads again.
    AssignAgain,
    AssignMore,
    Urge,
    /// An assistant writes what the leader may direct.
    Prepare,
}

impl ActKind {
    /// The last part of its address.
    pub fn key(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Refuse => "refuse",
            Self::Present | Self::PresentAgain => "present",
            Self::HandOn => "hand-on",
            Self::Direct => "direct",
            Self::PassDown => "pass-down",
            Self::Start => "start",
            Self::Finish => "finish",
            Self::Complete => "complete",
            Self::Opinion => "opinions",
            Self::GiveBack => "give-back",
            Self::Extend => "extend",
            Self::AssignAgain | Self::AssignMore => "assign",
            Self::Urge => "urge",
            Self::Prepare => "prepare-directive",
        }
    }

    /// Name on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Register => "Tiếp nhận và vào sổ",
            Self::Refuse => "Từ chối nhận, trả lại nơi gửi",
            Self::Present => "Trình lãnh đạo",
            Self::PresentAgain => "Trình lãnh đạo khác",
            Self::HandOn => "Chuyển trực tiếp theo quy chế",
            Self::Direct => "Cho ý kiến chỉ đạo",
            Self::PassDown => "Chuyển xử lý",
            Self::Start => "Bắt đầu xử lý",
            Self::Finish => "Kết thúc xử lý",
            Self::Complete => "Hoàn thành phần việc",
            Self::Opinion => "Ghi ý kiến trao đổi",
            Self::GiveBack => "Trả lại người giao",
            Self::Extend => "Xin gia hạn",
            Self::AssignAgain => "Phân công lại",
            Self::AssignMore => "Thêm người xử lý",
            Self::Urge => "Đôn đốc",
            Self::Prepare => "Chuẩn bị ý kiến chỉ đạo",
        }
    }

    /// Icon of the sprite.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Register => "inbox",
            Self::Refuse => "arrow-back-up",
            Self::Present | Self::PresentAgain => "user-check",
            Self::Direct => "writing-sign",
            Self::PassDown | Self::HandOn => "user-share",
            Self::Start => "arrow-right",
            Self::Finish => "checks",
            Self::Complete => "check",
            Self::Opinion => "message-2",
            Self::GiveBack => "arrow-back-up",
            Self::Extend => "calendar-time",
            Self::AssignAgain => "user-check",
            Self::AssignMore => "user-plus",
            Self::Urge => "bell",
            Self::Prepare => "file-pencil",
        }
    }

    /// What the access engine and the process of the agency call it.
    pub fn action(self) -> Action {
        match self {
            Self::Register => Action::Register,
            Self::Refuse => Action::RefuseDelivery,
            Self::Present | Self::PresentAgain => Action::Present,
            Self::Direct | Self::HandOn => Action::Direct,
            Self::PassDown => Action::PassDown,
            Self::Start | Self::Complete => Action::Handle,
            Self::Finish => Action::Finish,
            Self::Opinion => Action::GiveOpinion,
            Self::GiveBack | Self::Extend => Action::Handle,
            Self::AssignAgain | Self::AssignMore => Action::Amend,
            Self::Urge => Action::Urge,
            Self::Prepare => Action::Prepare,
        }
    }

    /// Whether it is what usually comes next; the others are folded.
    pub fn is_next(self) -> bool {
        !matches!(
            self,
            Self::PresentAgain | Self::GiveBack | Self::Extend | Self::AssignMore | Self::Urge
        )
    }

    /// The box from which the act is usually done.
    pub fn desk_box(self) -> Option<DeskBox> {
        match self {
            Self::Register | Self::Refuse => Some(DeskBox::Reception),
            Self::Present | Self::HandOn => Some(DeskBox::Presenting),
            Self::Direct => Some(DeskBox::Directing),
            Self::AssignAgain => Some(DeskBox::GivenBack),
            _ => None,
        }
    }
}

/// The acts of `who` on the document; the first is the primary one.
pub(in crate::incoming) fn available(who: &Who, seen: &Seen, acceptable: bool) -> Vec<ActKind> {
    let may = |action| access::decide(&who.actor, action, &seen.object).is_ok();
    let state = seen.facts.state;
    let actor = &who.actor;
    let mut acts = Vec::new();
    if state == IncomingState::Delivered && may(Action::Register) {
        // What failed a check goes back (ND30-21.2b); taking it needs a reason and is not the usual next step.
        acts.extend(if acceptable {
            [ActKind::Register, ActKind::Refuse]
        } else {
            [ActKind::Refuse, ActKind::Register]
        });
    }
    let undirected = matches!(state, IncomingState::Registered | IncomingState::Presented);
    if state == IncomingState::Registered && may(Action::Present) {
        acts.push(ActKind::Present);
    }
    let has_it = actor.leads(seen.facts.agency)
        && (actor.is_agency_head
            || seen
                .facts
                .presented_to
                .is_none_or(|presented| presented == actor.post));
    if undirected && has_it {
        acts.push(ActKind::Direct);
    }
    if let (Some(mine), true) = (seen.mine(who), state.is_open()) {
        let leads = mine.facts.role == AssignmentRole::Lead;
        let passes = may(Action::PassDown) && matches!(who.role(), Role::UnitHead | Role::Leader);
        let own = match (leads, state) {
            (true, IncomingState::Assigned) => vec![ActKind::Start, ActKind::Finish],
            (true, _) => vec![ActKind::Finish],
            (false, _) => vec![ActKind::Complete],
        };
        // Who heads a unit usually passes the work on.
        if passes && leads && state == IncomingState::Assigned {
            acts.push(ActKind::PassDown);
            acts.extend(own);
        } else {
            acts.extend(own);
            if passes {
                acts.push(ActKind::PassDown);
            }
        }
    } else if undirected && has_it && (seen.facts.presented_to == Some(actor.post) || actor.is_agency_head) {
        acts.push(ActKind::Finish);
    }
    if matches!(state, IncomingState::Assigned | IncomingState::InProgress) {
        in_hand(who, seen, &mut acts);
    }
    if state.is_registered() && state.is_open() && may(Action::GiveOpinion) {
        acts.push(ActKind::Opinion);
    }
    if state == IncomingState::Presented && may(Action::Present) {
        acts.push(ActKind::PresentAgain);
    }
    if undirected && may(Action::Prepare) {
        acts.insert(0, ActKind::Prepare);
    }
    // In somebody's place only what was handed over is offered.
    if who.in_place.is_some() {
        acts.retain(|act| may(act.action()));
    }
    acts
}

/// What is done while a directed document is being handled: parts go back, are mended, extended, urged.
fn in_hand(who: &Who, seen: &Seen, acts: &mut Vec<ActKind>) {
    let all = seen.all();
    let is_given = |part: &AssignmentFacts| part.is_given_by(&who.actor, &seen.facts, &all);
    let passed_on = all
        .iter()
        .find(|part| part.state == AssignmentState::PassedDown && part.is_held_by(&who.actor));
    let gives = passed_on.is_some() || all.iter().any(|part| part.parent.is_none() && is_given(part));
    // Passing down has the same form; one of them is enough.
    if gives && !acts.contains(&ActKind::PassDown) {
        let of_lead = passed_on.is_none_or(|part| part.role == AssignmentRole::Lead);
        let is_led = all.iter().any(|part| {
            part.role == AssignmentRole::Lead
                && part.state.is_active()
                && part.parent == passed_on.map(|above| above.id)
        });
        if of_lead && !is_led {
            acts.insert(0, ActKind::AssignAgain);
            if passed_on.is_none() && !acts.contains(&ActKind::Finish) && seen.mine(who).is_none() {
                acts.push(ActKind::Finish);
            }
        } else {
            acts.push(ActKind::AssignMore);
        }
    }
    if extendable(who, seen).is_some() {
        acts.push(ActKind::Extend);
    }
    if seen.mine(who).is_some() {
        acts.push(ActKind::GiveBack);
    }
    let everywhere = who.actor.leads(seen.facts.agency) || who.is_clerk();
    let is_urgeable = |part: &AssignmentFacts| {
        part.state == AssignmentState::Open
            && part.role != AssignmentRole::Inform
            && !part.is_held_by(&who.actor)
            && (everywhere || is_given(part))
    };
    if all.iter().any(is_urgeable) {
        acts.push(ActKind::Urge);
    }
}

/// The part of the person whose deadline may be asked to lie later: the open one before one that was passed on.
pub(in crate::incoming) fn extendable<'a>(who: &Who, seen: &'a Seen) -> Option<&'a Part> {
    seen.parts
        .iter()
        .filter(|part| part.facts.state.is_active() && part.facts.is_held_by(&who.actor))
        .filter(|part| part.facts.role != AssignmentRole::Inform && part.facts.deadline.is_some())
        .min_by_key(|part| (part.facts.state, part.facts.role))
        .filter(|part| {
            part.extensions
                .iter()
                .all(|one| one.facts.state != ExtensionState::Asked)
        })
}

/// Whether the form of a directive asks who leads: not when somebody does, and not below a part that co-operates.
pub(in crate::incoming) fn names_lead(who: &Who, seen: &Seen, acts: &[ActKind]) -> bool {
    let own_leads = seen
        .mine(who)
        .is_none_or(|part| part.facts.role == AssignmentRole::Lead);
    acts.iter().any(|act| match act {
        ActKind::Direct | ActKind::AssignAgain => true,
        ActKind::PassDown => own_leads,
        _ => false,
    })
}

/// How the person may end the handling: before direction a leader can only file the document; with a reply only when one
/// was issued.
pub(in crate::incoming) fn outcomes(seen: &Seen, who: &Who, is_answered: bool) -> Vec<Choice> {
    let mut outcomes = Vec::new();
    if seen.mine(who).is_some() {
        if !seen.facts.reply_required {
            outcomes.push(Choice::new("result", "Đã giải quyết, ghi kết quả"));
        }
        if is_answered || seen.facts.reply_required {
            outcomes.push(Choice::new("reply", "Đã có văn bản trả lời"));
        }
    }
    if outcomes.is_empty() || !seen.facts.reply_required {
        outcomes.push(Choice::new("no_action", "Không cần xử lý tiếp, ghi lý do"));
    }
    outcomes
}

/// Why the acts that people look for are not there.
pub(in crate::incoming) fn why_not(who: &Who, seen: &Seen, acts: &[ActKind]) -> Vec<Fact> {
    let state = seen.facts.state;
    if !state.is_open() {
        return vec![Fact::new(
            "Mọi thao tác",
            format!(
                "Văn bản đã ở tình trạng “{}” nên không còn thao tác nào.",
                state.label()
            ),
        )];
    }
    let asked = [
        (ActKind::Register, Action::Register),
        (ActKind::Present, Action::Present),
        (ActKind::Direct, Action::Direct),
        (ActKind::PassDown, Action::PassDown),
        (ActKind::Start, Action::Handle),
        (ActKind::Finish, Action::Finish),
    ];
    asked
        .into_iter()
        .filter(|(kind, _)| !acts.iter().any(|act| act.key() == kind.key()))
        .map(|(kind, action)| {
            let explained = access::explain(&who.actor, action, &seen.object);
            let reason = if explained.allowed {
                not_now(kind, seen)
            } else {
                format!(
                    "{} ({})",
                    explained.reason,
                    crate::web::format::clause(explained.clause)
                )
            };
            Fact::new(kind.label(), reason)
        })
        .collect()
}

/// The role would allow it, but not in this state or not with this person's part.
fn not_now(kind: ActKind, seen: &Seen) -> String {
    let state = seen.facts.state.label();
    match kind {
        ActKind::Register | ActKind::Present => {
            format!("Văn bản đang ở tình trạng “{state}”, đã qua bước này.")
        }
        ActKind::Direct if seen.facts.state == IncomingState::Delivered => {
            "Văn bản chưa vào sổ; văn thư cần tiếp nhận trước.".to_owned()
        }
        ActKind::Direct => match (&seen.presented_to, seen.parts.is_empty()) {
            (Some(leader), true) => format!("Văn bản đang được trình {leader}."),
            _ => "Văn bản đã có ý kiến chỉ đạo, hoặc do lãnh đạo cho ý kiến.".to_owned(),
        },
        _ => match seen.lead() {
            Some(lead) => format!(
                "Ông/Bà không giữ phần việc này. Người xử lý chính: {}, {}.",
                lead.name, lead.title
            ),
            None => "Văn bản chưa được phân công xử lý.".to_owned(),
        },
    }
}
