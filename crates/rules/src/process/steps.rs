//! What a process is made of.

use serde::{Deserialize, Serialize};

use crate::access::Action;
use crate::names::named_enum;
use crate::people::Role;

named_enum! {
    /// Khâu: where an incoming document can stand (ND30-20). A process has a step for each stage that it uses.
    Stage {
        /// Delivered: to be checked, accepted and registered.
        Reception = "reception", "Tiếp nhận, đăng ký";
        /// Registered: to be presented, or directed where the agency's rules say by whom.
        Presenting = "presenting", "Trình lãnh đạo";
        /// Presented: the directive is awaited.
        Directing = "directing", "Cho ý kiến chỉ đạo";
        /// With the head of a unit, who passes it on.
        Distributing = "distributing", "Phân công trong đơn vị";
        /// With whom it is handled.
        Handling = "handling", "Giải quyết";
        /// The end.
        Finished = "finished", "Kết thúc";
    }
}

impl Stage {
    /// What can be done with a document at this stage. Other acts are no matter of a process: opinions, for example.
    #[must_use]
    pub const fn acts(self) -> &'static [Action] {
        match self {
            Self::Reception => &[Action::Register, Action::RefuseDelivery],
            Self::Presenting => &[Action::Present, Action::Direct],
            Self::Directing => &[Action::Direct, Action::Present],
            Self::Distributing => &[Action::PassDown, Action::Handle, Action::Finish],
            Self::Handling => &[Action::Handle, Action::PassDown, Action::Finish],
            Self::Finished => &[],
        }
    }

    /// Where an act leads from here; one of them, as the person who acts chooses. Empty when the document stays, or leaves
    /// the agency.
    #[must_use]
    pub const fn after(self, act: Action) -> &'static [Self] {
        match (self, act) {
            (Self::Reception, Action::Register) => &[Self::Presenting],
            (Self::Presenting, Action::Present) => &[Self::Directing],
            (Self::Presenting | Self::Directing, Action::Direct) => &[Self::Distributing, Self::Handling],
            (Self::Distributing, Action::PassDown | Action::Handle) => &[Self::Handling],
            (Self::Distributing | Self::Handling, Action::Finish) => &[Self::Finished],
            _ => &[],
        }
    }

    /// Who can be responsible for a step.
    #[must_use]
    pub const fn roles() -> &'static [Role] {
        &[Role::Clerk, Role::Leader, Role::UnitHead, Role::Officer]
    }
}

/// A step (bước) of a process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The stage.
    pub stage: Stage,
    /// What the agency calls it.
    pub name: String,
    /// Who is responsible; the end needs nobody.
    pub role: Option<Role>,
    /// What may be done.
    pub acts: Vec<Action>,
    /// Time limit, working days from when the document came to the step.
    pub term: Option<u32>,
    /// The steps that may follow.
    pub next: Vec<Stage>,
}

/// A process of an agency.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Process {
    /// Its steps, each stage at most once.
    pub steps: Vec<Step>,
}

impl Process {
    /// The step of a stage, when the process has one.
    #[must_use]
    pub fn step(&self, stage: Stage) -> Option<&Step> {
        self.steps.iter().find(|step| step.stage == stage)
    }
}

/// The process that holds where an agency decided none: NĐ 30 Điều 20 to 24, with the terms of 4.2c and 23.1.
#[must_use]
pub fn standard() -> Process {
    let step = |stage: Stage, role, term, next: &[Stage]| Step {
        stage,
        name: stage.label().to_owned(),
        role,
        acts: stage.acts().to_vec(),
        term,
        next: next.to_vec(),
    };
    use Stage::{Directing, Distributing, Finished, Handling, Presenting, Reception};
    Process {
        steps: vec![
            step(Reception, Some(Role::Clerk), Some(1), &[Presenting]),
            step(
                Presenting,
                Some(Role::Clerk),
                Some(1),
                &[Directing, Distributing, Handling],
            ),
            step(Directing, Some(Role::Leader), None, &[Distributing, Handling]),
            step(Distributing, Some(Role::UnitHead), None, &[Handling, Finished]),
            step(Handling, Some(Role::Officer), None, &[Finished]),
            step(Finished, None, None, &[]),
        ],
    }
}
