//! Phân công as the page and the API show it: a tree of parts, each with its deadline, what came back, what was asked.

use jiff::civil::Date;
use rules::{
    delegation::Function,
    incoming::{AssignmentRole, AssignmentState, ExtensionState, IncomingState},
};
use serde::Serialize;
use store::vietnam;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    context::{App, Who},
    desk,
    incoming::{
        extension::Extension,
        seen::{Part, Seen},
    },
    web::{
        format,
        page::{Badge, Choice, Tone},
    },
};

/// A part in the tree.
#[derive(Debug, Clone)]
pub(in crate::incoming) struct PartView {
    pub id: String,
    /// 0 for the leader's directive, 1 for what was passed down from it.
    pub depth: usize,
    pub name: String,
    pub place: String,
    pub role: Badge,
    pub state: Badge,
    pub due: Option<Badge>,
    pub given: String,
    pub instruction: String,
    pub result: String,
    /// Why it came back.
    pub reason: String,
    pub seen: String,
    pub urged: String,
    pub extensions: Vec<ExtensionView>,
    /// A wish for a later deadline that the reader answers.
    pub asked: Option<AskedView>,
    /// What the reader, who gave it, may change.
    pub amend: Option<AmendView>,
}

/// A wish for a later deadline, with its answer.
#[derive(Debug, Clone)]
pub(in crate::incoming) struct ExtensionView {
    pub state: Badge,
    /// From which day to which.
    pub days: String,
    pub reason: String,
    pub answer: String,
}

/// A wish that waits for the reader.
#[derive(Debug, Clone)]
pub(in crate::incoming) struct AskedView {
    pub who: String,
    /// From which day to which.
    pub days: String,
    pub reason: String,
    pub wanted: String,
    /// The first day that is later.
    pub first: String,
}

/// What the giver may change.
#[derive(Debug, Clone)]
pub(in crate::incoming) struct AmendView {
    /// Roles to choose from; none when only the deadline can change.
    pub roles: Vec<Choice>,
    pub role: &'static str,
    pub due: String,
    pub has_deadline: bool,
    /// Somebody opened it: taking it back needs a reason.
    pub needs_reason: bool,
}

fn state_badge(state: AssignmentState) -> Badge {
    let tone = match state {
        AssignmentState::Open => Tone::Info,
        AssignmentState::Done => Tone::Good,
        AssignmentState::PassedDown | AssignmentState::Closed => Tone::Neutral,
        AssignmentState::GivenBack | AssignmentState::TakenBack => Tone::Warn,
    };
    Badge::new(state.label(), tone)
}

/// The day on which a part ended.
fn done_on(part: &Part) -> Option<Date> {
    part.done_at.map(|at| vietnam(at).date())
}

/// How the deadline of a part stands, or stood when it was done.
fn due_badge(app: &App, part: &Part) -> Option<Badge> {
    let due = part.facts.deadline?;
    if part.facts.state.is_active() {
        return Some(desk::deadline_badge(app, due));
    }
    let state = desk::deadline_state(app, Some(due), done_on(part));
    Some(if part.facts.state == AssignmentState::Done {
        Badge::new(
            format!("{} {}", state.label(), format::date(due)),
            desk::deadline_tone(state),
        )
    } else {
        Badge::new(format!("Hạn {}", format::date(due)), Tone::Neutral)
    })
}

/// One part, without what the reader may do with it.
pub(in crate::incoming) fn one(app: &App, part: &Part, depth: usize) -> PartView {
    let role = match part.facts.role {
        AssignmentRole::Lead => Badge::new(part.facts.role.label(), Tone::Info),
        AssignmentRole::Cooperate | AssignmentRole::Inform => {
            Badge::new(part.facts.role.label(), Tone::Neutral)
        }
    };
    let place = part
        .unit_name
        .as_ref()
        .map_or_else(|| part.title.clone(), |unit| format!("{}, {unit}", part.title));
    let ended = match part.facts.state {
        AssignmentState::GivenBack => "Trả lại lúc",
        AssignmentState::TakenBack => "Thu hồi lúc",
        AssignmentState::Closed => "Kết thúc lúc",
        _ => "Xong lúc",
    };
    let seen = match (part.done_at, part.seen_at) {
        (Some(at), _) => match &part.done_in_place {
            Some(by) => format!("{ended} {}, {by}", format::moment(at)),
            None => format!("{ended} {}", format::moment(at)),
        },
        (None, Some(at)) => format!("Đã xem lúc {}", format::moment(at)),
        (None, None) => "Chưa xem".to_owned(),
    };
    PartView {
        id: part.facts.id.to_string(),
        depth,
        name: part.name.clone(),
        place,
        role,
        state: state_badge(part.facts.state),
        due: due_badge(app, part),
        given: format!("{} giao lúc {}", part.given_by, format::moment(part.given_at)),
        instruction: part.instruction.clone(),
        result: part.result.clone().unwrap_or_default(),
        reason: part.reason.clone().unwrap_or_default(),
        seen,
        urged: part.urged.map_or_else(String::new, |(times, at)| {
            format!("Đã đôn đốc {times} lần, gần nhất {}", format::moment(at))
        }),
        extensions: part.extensions.iter().map(extension).collect(),
        asked: None,
        amend: None,
    }
}

fn extension(one: &Extension) -> ExtensionView {
    let tone = match one.facts.state {
        ExtensionState::Asked => Tone::Warn,
        ExtensionState::Granted => Tone::Good,
        ExtensionState::Refused => Tone::Bad,
        ExtensionState::Lapsed => Tone::Neutral,
    };
    let days = match one.granted_on {
        Some(granted) if granted != one.facts.wanted => format!(
            "Hạn cũ {}, xin đến {}, gia hạn đến {}",
            format::date(one.facts.old),
            format::date(one.facts.wanted),
            format::date(granted)
        ),
        Some(granted) => format!(
            "Hạn cũ {}, gia hạn đến {}",
            format::date(one.facts.old),
            format::date(granted)
        ),
        None => format!(
            "Hạn {}, xin đến {}",
            format::date(one.facts.old),
            format::date(one.facts.wanted)
        ),
    };
    ExtensionView {
        state: Badge::new(format!("Xin gia hạn: {}", one.facts.state.label()), tone),
        days,
        reason: one.reason.clone(),
        answer: one.answer.clone().unwrap_or_default(),
    }
}

/// The parts as a tree, in reading order, with what the reader may do.
pub(in crate::incoming) fn tree(app: &App, who: &Who, seen: &Seen) -> Vec<PartView> {
    fn below(
        app: &App,
        who: &Who,
        seen: &Seen,
        parent: Option<&Part>,
        depth: usize,
        out: &mut Vec<PartView>,
    ) {
        let mut children: Vec<&Part> = seen
            .parts
            .iter()
            .filter(|child| child.facts.parent == parent.map(|parent| parent.facts.id))
            .collect();
        // What goes on stands before what came back.
        children.sort_by_key(|child| {
            let came_back = matches!(
                child.facts.state,
                AssignmentState::GivenBack | AssignmentState::TakenBack
            );
            (came_back, child.facts.role)
        });
        for child in children {
            let mut view = one(app, child, depth);
            amendable(who, seen, parent, child, &mut view);
            out.push(view);
            below(app, who, seen, Some(child), depth + 1, out);
        }
    }
    let mut out = Vec::with_capacity(seen.parts.len());
    below(app, who, seen, None, 0, &mut out);
    out
}

fn amendable(who: &Who, seen: &Seen, parent: Option<&Part>, part: &Part, view: &mut PartView) {
    if who.scope().is_some_and(|scope| !scope.has(Function::Handle)) {
        return;
    }
    let in_hand = matches!(
        seen.facts.state,
        IncomingState::Assigned | IncomingState::InProgress
    );
    let facts = &part.facts;
    if !in_hand || !facts.state.is_active() || !facts.is_given_by(&who.actor, &seen.facts, &seen.all()) {
        return;
    }
    view.asked = part
        .extensions
        .iter()
        .find(|one| one.facts.state == ExtensionState::Asked)
        .map(|one| AskedView {
            who: one.asked_by.clone(),
            days: extension(one).days,
            reason: one.reason.clone(),
            wanted: one.facts.wanted.to_string(),
            first: one.facts.old.tomorrow().unwrap_or(one.facts.old).to_string(),
        });
    let most = parent.map_or(AssignmentRole::Lead, |parent| parent.facts.role);
    let changes_role = facts.state == AssignmentState::Open && facts.role != AssignmentRole::Lead;
    let roles = AssignmentRole::ALL
        .iter()
        .filter(|role| changes_role && **role >= most)
        .map(|role| Choice::new(role.as_str(), role.label()))
        .collect();
    view.amend = Some(AmendView {
        roles,
        role: facts.role.as_str(),
        due: facts.deadline.map(|day| day.to_string()).unwrap_or_default(),
        has_deadline: changes_role || facts.role != AssignmentRole::Inform,
        needs_reason: part.seen_at.is_some(),
    });
}

/// A part.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssignmentLine {
    /// Its id.
    pub id: Uuid,
    /// The assignment it was passed down from.
    pub parent: Option<Uuid>,
    /// Who gave it, name and title.
    pub given_by: String,
    /// Who handles.
    pub post: Uuid,
    /// Name and title.
    pub name: String,
    /// Unit of the person.
    pub unit: Option<String>,
    /// `lead`, `cooperate` or `inform`.
    pub role: String,
    /// `open`, `passed_down`, `done`, `closed`, `given_back` or `taken_back`.
    pub state: String,
    /// Whether its holder has opened the document.
    pub opened: bool,
    /// Bút phê.
    pub instruction: String,
    /// Thời hạn.
    #[schema(value_type = Option<String>, format = Date)]
    pub due_on: Option<Date>,
    /// `no_deadline`, `on_time`, `due_soon` or `overdue`: today, or on the day it was done.
    pub deadline_state: &'static str,
    /// Kết quả.
    pub result: Option<String>,
    /// Why it was given back or taken back.
    pub reason: Option<String>,
    /// How often its holder was urged.
    pub urged: i64,
    /// Wishes for a later deadline, oldest first.
    pub extensions: Vec<ExtensionLine>,
}

/// A wish for a later deadline.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExtensionLine {
    /// Its id.
    pub id: Uuid,
    /// `asked`, `granted`, `refused` or `lapsed`.
    pub state: &'static str,
    /// Who asked, name and title.
    pub asked_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: jiff::Timestamp,
    /// The deadline before.
    #[schema(value_type = String, format = Date)]
    pub old_due_on: Date,
    /// The deadline that was wished for.
    #[schema(value_type = String, format = Date)]
    pub wanted_on: Date,
    /// The deadline that was granted.
    #[schema(value_type = Option<String>, format = Date)]
    pub granted_on: Option<Date>,
    /// Lý do.
    pub why: String,
    /// What the giver said.
    pub answer: Option<String>,
}

/// A part as the API tells it.
pub(in crate::incoming) fn line(app: &App, part: &Part) -> AssignmentLine {
    let done = done_on(part).filter(|_| !part.facts.state.is_active());
    AssignmentLine {
        id: part.facts.id.as_uuid(),
        parent: part.facts.parent.map(rules::ids::AssignmentId::as_uuid),
        given_by: part.given_by.clone(),
        post: part.post.as_uuid(),
        name: format!("{}, {}", part.name, part.title),
        unit: part.unit_name.clone(),
        role: part.facts.role.as_str().to_owned(),
        state: part.facts.state.as_str().to_owned(),
        opened: part.facts.opened,
        instruction: part.instruction.clone(),
        due_on: part.facts.deadline,
        deadline_state: desk::deadline_state(app, part.facts.deadline, done).as_str(),
        result: part.result.clone(),
        reason: part.reason.clone(),
        urged: part.urged.map_or(0, |(times, _)| times),
        extensions: part
            .extensions
            .iter()
            .map(|one| ExtensionLine {
                id: one.id,
                state: one.facts.state.as_str(),
                asked_by: one.asked_by.clone(),
                asked_at: one.asked_at,
                old_due_on: one.facts.old,
                wanted_on: one.facts.wanted,
                granted_on: one.granted_on,
                why: one.reason.clone(),
                answer: one.answer.clone(),
            })
            .collect(),
    }
}
