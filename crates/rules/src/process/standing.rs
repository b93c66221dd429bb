//! At which step a document stands, by when it has to leave it, and what may be done there.

use jiff::civil::Date;

use super::{Process, Stage, Step};
use crate::access::Action;
use crate::deadlines::WorkingCalendar;
use crate::incoming::IncomingState;
use crate::{Decision, Refusal};

/// The stage of a document; `None` for one that left the agency or was cancelled. `with_unit` says that the lead part lies
/// with a unit, whose head passes it on.
#[must_use]
pub const fn stage_of(state: IncomingState, with_unit: bool) -> Option<Stage> {
    match state {
        IncomingState::Delivered => Some(Stage::Reception),
        IncomingState::Registered => Some(Stage::Presenting),
        IncomingState::Presented => Some(Stage::Directing),
        IncomingState::Assigned if with_unit => Some(Stage::Distributing),
        IncomingState::Assigned | IncomingState::InProgress => Some(Stage::Handling),
        IncomingState::Finished => Some(Stage::Finished),
        IncomingState::Refused | IncomingState::Recalled => None,
    }
}

/// Where a step lies seen from where the document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepPlace {
    /// Before it.
    Passed,
    /// The document stands here.
    Current,
    /// After it.
    Ahead,
}

/// A step as a document sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing<'a> {
    /// The step.
    pub step: &'a Step,
    /// Where it lies.
    pub place: StepPlace,
    /// By when the document has to leave it; of the current one only.
    pub due_on: Option<Date>,
}

/// The step of a stage, or where a document of that stage stands in a process without it: what units do not distribute is
/// handled.
fn step_for(process: &Process, stage: Stage) -> Option<&Step> {
    process.step(stage).or_else(|| match stage {
        Stage::Distributing => process.step(Stage::Handling),
        _ => None,
    })
}

/// The steps in their order, as a document sees them that has stood at `stage` since `since`.
#[must_use]
pub fn standing<'a>(
    process: &'a Process,
    stage: Stage,
    since: Date,
    calendar: &WorkingCalendar,
) -> Vec<Standing<'a>> {
    let current = step_for(process, stage).map_or(stage, |step| step.stage);
    let mut steps: Vec<&Step> = process.steps.iter().collect();
    steps.sort_by_key(|step| step.stage);
    steps
        .into_iter()
        .map(|step| {
            let place = match step.stage.cmp(&current) {
                std::cmp::Ordering::Less => StepPlace::Passed,
                std::cmp::Ordering::Equal => StepPlace::Current,
                std::cmp::Ordering::Greater => StepPlace::Ahead,
            };
            let term = step.term.filter(|_| place == StepPlace::Current);
            Standing {
                step,
                place,
                due_on: term.map(|days| calendar.add_working_days(since, days)),
            }
        })
        .collect()
}

/// Whether the agency's process lets this be done with a document at `stage`. Acts that are no matter of a process pass, and
/// so do those on a part of it: who cooperates handles and passes on their part wherever the lead part stands.
///
/// # Errors
/// `QC01-12`, naming the step and what may be done there.
pub fn allows(process: &Process, stage: Stage, act: Action) -> Decision<()> {
    let Some(step) = step_for(process, stage) else {
        return Ok(());
    };
    let of_a_part = matches!(act, Action::Handle | Action::PassDown);
    if of_a_part || !step.stage.acts().contains(&act) || step.acts.contains(&act) {
        return Ok(());
    }
    let allowed: Vec<String> = step.acts.iter().map(|act| format!("“{}”", act.label())).collect();
    Err(Refusal::new(
        "QC01-12",
        "process.not_allowed",
        format!(
            "Theo quy trình nội bộ của cơ quan, bước “{}” không có thao tác “{}”. Các thao tác của bước này: {}.",
            step.name,
            act.label(),
            allowed.join(", ")
        ),
    ))
}
