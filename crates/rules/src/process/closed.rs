//! The proof that a process is closed, from reception to end (QC01-12).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::civil::Date;

use super::{Process, Stage, Step};
use crate::access::Action;
use crate::{Decision, Refusal};

/// What is wrong with a process. Stages are named by what the agency calls their steps.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No step of reception.
    #[error("Quy trình không có bước bắt đầu: thiếu khâu “{}”.", Stage::Reception.label())]
    NoStart,
    /// No end.
    #[error("Quy trình không có bước kết thúc: thiếu khâu “{}”.", Stage::Finished.label())]
    NoEnd,
    /// Two steps of one stage: nobody could say at which of them a document stands.
    #[error("Khâu “{}” được khai hai lần.", .0.label())]
    Twice(Stage),
    /// A step without name.
    #[error("Khâu “{}” chưa có tên bước.", .0.label())]
    NoName(Stage),
    /// Nobody is responsible.
    #[error("Bước “{0}” chưa xác định người chịu trách nhiệm.")]
    NobodyResponsible(String),
    /// An act that cannot be done there.
    #[error("Bước “{step}” không thể có thao tác “{}”.", .act.label())]
    ForeignAct {
        /// The step.
        step: String,
        /// The act.
        act: Action,
    },
    /// An act is allowed, but none of the steps that it leads to may follow.
    #[error("Bước “{step}” cho phép thao tác “{}” nhưng chưa chọn bước tiếp theo: {}.", .act.label(), labels(.wanted))]
    ActLeadsNowhere {
        /// The step.
        step: String,
        /// The act.
        act: Action,
        /// One of them has to be a step that may follow.
        wanted: Vec<Stage>,
    },
    /// A step may follow, but no act leads to it.
    #[error("Bước “{step}” có bước tiếp theo “{}” nhưng không có thao tác nào đưa văn bản đến đó.", .next.label())]
    NextWithoutAct {
        /// The step.
        step: String,
        /// The step that may follow.
        next: Stage,
    },
    /// A step may follow that is not part of the process.
    #[error("Bước “{step}” chuyển đến khâu “{}” nhưng quy trình không có khâu đó.", .next.label())]
    NextMissing {
        /// The step.
        step: String,
        /// The stage without a step.
        next: Stage,
    },
    /// No way from the start leads there.
    #[error("Không có đường nào từ bước đầu đến bước “{0}”.")]
    Unreachable(String),
    /// From here no way leads to the end; the path from the start shows how one gets there.
    #[error("Đường đi không có điểm kết thúc: {}.", .0.join(" → "))]
    DeadEnd(Vec<String>),
}

fn labels(stages: &[Stage]) -> String {
    let quoted: Vec<String> = stages
        .iter()
        .map(|stage| format!("“{}”", stage.label()))
        .collect();
    quoted.join(" hoặc ")
}

/// Everything that keeps the process from being closed; empty when it is.
#[must_use]
pub fn faults(process: &Process) -> Vec<Fault> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for step in &process.steps {
        if !seen.insert(step.stage) {
            found.push(Fault::Twice(step.stage));
        }
    }
    if !seen.contains(&Stage::Reception) {
        found.push(Fault::NoStart);
    }
    if !seen.contains(&Stage::Finished) {
        found.push(Fault::NoEnd);
    }
    for step in &process.steps {
        found.extend(faults_of_step(process, step));
    }
    if seen.contains(&Stage::Reception) {
        found.extend(faults_of_paths(process));
    }
    found
}

fn faults_of_step(process: &Process, step: &Step) -> Vec<Fault> {
    let mut found = Vec::new();
    let name = || step.name.clone();
    if step.name.trim().is_empty() {
        found.push(Fault::NoName(step.stage));
    }
    if step.role.is_none() && step.stage != Stage::Finished {
        found.push(Fault::NobodyResponsible(name()));
    }
    for act in &step.acts {
        if !step.stage.acts().contains(act) {
            found.push(Fault::ForeignAct {
                step: name(),
                act: *act,
            });
            continue;
        }
        let after = step.stage.after(*act);
        if !after.is_empty() && !after.iter().any(|stage| step.next.contains(stage)) {
            found.push(Fault::ActLeadsNowhere {
                step: name(),
                act: *act,
                wanted: after.to_vec(),
            });
        }
    }
    for next in &step.next {
        if process.step(*next).is_none() {
            found.push(Fault::NextMissing {
                step: name(),
                next: *next,
            });
        }
        let leads = |act: &Action| step.stage.after(*act).contains(next);
        if !step.acts.iter().any(leads) {
            found.push(Fault::NextWithoutAct {
                step: name(),
                next: *next,
            });
        }
    }
    found
}

/// Steps that cannot be reached, and those from which the end cannot be.
fn faults_of_paths(process: &Process) -> Vec<Fault> {
    // How one gets to each stage: the stage before it on a shortest path.
    let mut before: BTreeMap<Stage, Option<Stage>> = BTreeMap::from([(Stage::Reception, None)]);
    let mut queue = VecDeque::from([Stage::Reception]);
    while let Some(stage) = queue.pop_front() {
        for next in followers(process, stage) {
            before.entry(next).or_insert_with(|| {
                queue.push_back(next);
                Some(stage)
            });
        }
    }
    // Where the end can be reached from: grows until nothing is added.
    let mut ends = BTreeSet::from([Stage::Finished]);
    loop {
        let more: Vec<Stage> = process
            .steps
            .iter()
            .map(|step| step.stage)
            .filter(|stage| !ends.contains(stage))
            .filter(|stage| followers(process, *stage).any(|next| ends.contains(&next)))
            .collect();
        if more.is_empty() {
            break;
        }
        ends.extend(more);
    }
    let name = |stage: Stage| {
        process
            .step(stage)
            .map_or_else(|| stage.label().to_owned(), |step| step.name.clone())
    };
    let mut found = Vec::new();
    for step in &process.steps {
        if !before.contains_key(&step.stage) {
            found.push(Fault::Unreachable(name(step.stage)));
        } else if !ends.contains(&step.stage) {
            let mut path = vec![name(step.stage)];
            let mut at = step.stage;
            while let Some(Some(earlier)) = before.get(&at) {
                path.push(name(*earlier));
                at = *earlier;
            }
            path.reverse();
            found.push(Fault::DeadEnd(path));
        }
    }
    found
}

/// The steps of the process that may follow a stage, and to which something that is done there leads.
fn followers(process: &Process, stage: Stage) -> impl Iterator<Item = Stage> {
    let steps = process.step(stage).into_iter();
    steps.flat_map(move |step| {
        let leads = move |next: &Stage| step.acts.iter().any(|act| stage.after(*act).contains(next));
        let next = step.next.iter().copied().filter(leads);
        next.filter(move |next| process.step(*next).is_some())
    })
}

/// Accepts a process for an agency from `valid_from` on.
///
/// # Errors
/// `QC01-12` for a process that is not closed, naming every fault; without the paper by which the head of the agency decided
/// it; for a day that has passed, as documents are judged by the rules of their own day.
pub fn accept(process: &Process, basis: &str, valid_from: Date, today: Date) -> Decision<()> {
    let refuse = |code, field, sentence: String| Err(Refusal::new("QC01-12", code, sentence).on(field));
    let found = faults(process);
    if !found.is_empty() {
        let sentences: Vec<String> = found.iter().map(ToString::to_string).collect();
        return refuse(
            "process.not_closed",
            "steps",
            format!(
                "Quy trình chưa khép kín từ khâu tiếp nhận đến khâu kết thúc. {}",
                sentences.join(" ")
            ),
        );
    }
    if basis.trim().is_empty() {
        return refuse(
            "process.no_basis",
            "basis",
            "Vui lòng ghi văn bản của thủ trưởng cơ quan ban hành quy trình nội bộ.".to_owned(),
        );
    }
    if valid_from < today {
        return refuse(
            "process.in_the_past",
            "valid_from",
            "Quy trình áp dụng từ hôm nay trở đi; văn bản đến trước ngày áp dụng theo quy trình của ngày đó."
                .to_owned(),
        );
    }
    Ok(())
}
