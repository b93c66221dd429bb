//! Điều 12: a process is closed, or the program says which path does not end.

use jiff::civil::date;
use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::access::Action;
use crate::deadlines::WorkingCalendar;
use crate::incoming::IncomingState;
use crate::people::Role;

fn changed(stage: Stage, change: impl FnOnce(&mut Step)) -> Process {
    let mut process = standard();
    change(process.steps.iter_mut().find(|step| step.stage == stage).unwrap());
    process
}

fn without(stage: Stage) -> Process {
    let mut process = standard();
    process.steps.retain(|step| step.stage != stage);
    process
}

fn told(process: &Process) -> String {
    let sentences: Vec<String> = faults(process).iter().map(ToString::to_string).collect();
    sentences.join(" ")
}

#[test]
fn qc01_12_the_standard_process_is_closed() {
    assert_eq!(faults(&standard()), []);
    accept(
        &standard(),
        "Quyết định số 12/QĐ-STTTT",
        date(2026, 1, 8),
        date(2026, 1, 8),
    )
    .unwrap();
}

#[test]
fn qc01_12_a_path_that_does_not_end_is_shown() {
    let process = changed(Stage::Handling, |step| {
        step.name = "Chuyên viên xử lý".to_owned();
        step.acts = vec![Action::Handle];
        step.next.clear();
    });
    let process = Process {
        steps: process
            .steps
            .into_iter()
            .map(|mut step| {
                if step.stage == Stage::Distributing {
                    step.acts = vec![Action::PassDown];
                    step.next = vec![Stage::Handling];
                }
                step
            })
            .collect(),
    };
    let told = told(&process);
    assert!(
        told.contains(
            "Đường đi không có điểm kết thúc: Tiếp nhận, đăng ký → Trình lãnh đạo → Chuyên viên xử lý."
        ),
        "{told}"
    );
    assert!(
        told.contains("Không có đường nào từ bước đầu đến bước “Kết thúc”."),
        "{told}"
    );
    let refused = accept(&process, "QĐ", date(2026, 1, 8), date(2026, 1, 8)).unwrap_err();
    assert_eq!(
        (refused.clause, refused.code, refused.field),
        ("QC01-12", "process.not_closed", Some("steps"))
    );
    assert!(refused.message.contains("→ Chuyên viên xử lý"));
}

#[rstest]
#[case(without(Stage::Reception), "không có bước bắt đầu")]
#[case(without(Stage::Finished), "không có bước kết thúc")]
#[case(changed(Stage::Directing, |step| step.role = None), "“Cho ý kiến chỉ đạo” chưa xác định người chịu trách nhiệm")]
#[case(changed(Stage::Directing, |step| step.name = " ".into()), "chưa có tên bước")]
#[case(
    without(Stage::Directing),
    "chuyển đến khâu “Cho ý kiến chỉ đạo” nhưng quy trình không có khâu đó"
)]
#[case(changed(Stage::Reception, |step| step.next.clear()), "cho phép thao tác “Tiếp nhận, đăng ký” nhưng chưa chọn bước tiếp theo: “Trình lãnh đạo”")]
#[case(changed(Stage::Presenting, |step| step.acts = vec![Action::Present]), "không có thao tác nào đưa văn bản đến đó")]
#[case(changed(Stage::Handling, |step| step.acts.push(Action::Register)), "“Giải quyết” không thể có thao tác “Tiếp nhận, đăng ký”")]
#[case(changed(Stage::Presenting, |step| { step.acts = vec![Action::Direct]; step.next = vec![Stage::Handling]; }), "Không có đường nào từ bước đầu đến bước “Cho ý kiến chỉ đạo”")]
fn qc01_12_every_fault_is_named(#[case] process: Process, #[case] sentence: &str) {
    let told = told(&process);
    assert!(told.contains(sentence), "{told}");
}

#[test]
fn qc01_12_a_stage_stands_there_once() {
    let mut process = standard();
    process.steps.push(process.steps[2].clone());
    assert!(faults(&process).contains(&Fault::Twice(Stage::Directing)));
}

#[test]
fn qc01_12_a_small_office_needs_neither_units_nor_a_directive() {
    let mut process = without(Stage::Distributing);
    process.steps.retain(|step| step.stage != Stage::Directing);
    for step in &mut process.steps {
        if step.stage == Stage::Presenting {
            step.acts = vec![Action::Direct];
            step.next = vec![Stage::Handling];
        }
    }
    assert_eq!(faults(&process), []);
    // What a unit got all the same is handled there.
    let steps = standing(
        &process,
        Stage::Distributing,
        date(2026, 1, 8),
        &WorkingCalendar::seeded(),
    );
    let current = steps
        .iter()
        .find(|step| step.place == StepPlace::Current)
        .unwrap();
    assert_eq!(current.step.stage, Stage::Handling);
}

#[rstest]
#[case("", date(2026, 1, 8), "process.no_basis")]
#[case("QĐ 12", date(2026, 1, 7), "process.in_the_past")]
fn qc01_12_the_head_decides_and_not_for_the_past(
    #[case] basis: &str,
    #[case] from: jiff::civil::Date,
    #[case] code: &str,
) {
    let refused = accept(&standard(), basis, from, date(2026, 1, 8)).unwrap_err();
    assert_eq!((refused.clause, refused.code), ("QC01-12", code));
}

#[rstest]
#[case(IncomingState::Delivered, false, Some(Stage::Reception))]
#[case(IncomingState::Registered, false, Some(Stage::Presenting))]
#[case(IncomingState::Presented, false, Some(Stage::Directing))]
#[case(IncomingState::Assigned, true, Some(Stage::Distributing))]
#[case(IncomingState::Assigned, false, Some(Stage::Handling))]
#[case(IncomingState::InProgress, true, Some(Stage::Handling))]
#[case(IncomingState::Finished, false, Some(Stage::Finished))]
#[case(IncomingState::Refused, false, None)]
#[case(IncomingState::Recalled, false, None)]
fn qc01_12_a_document_stands_at_one_stage(
    #[case] state: IncomingState,
    #[case] with_unit: bool,
    #[case] stage: Option<Stage>,
) {
    assert_eq!(stage_of(state, with_unit), stage);
}

#[test]
fn qc01_12_the_step_has_its_term_on_the_working_calendar() {
    let process = standard();
    let steps = standing(
        &process,
        Stage::Presenting,
        date(2026, 1, 16), // a Friday
        &WorkingCalendar::seeded(),
    );
    let places: Vec<StepPlace> = steps.iter().map(|step| step.place).collect();
    assert_eq!(
        places[..3],
        [StepPlace::Passed, StepPlace::Current, StepPlace::Ahead]
    );
    assert_eq!(steps[1].due_on, Some(date(2026, 1, 19)));
    assert!(steps[2].due_on.is_none());
}

#[test]
fn qc01_12_only_what_the_step_allows_is_done() {
    let process = changed(Stage::Presenting, |step| {
        step.acts = vec![Action::Present];
        step.next = vec![Stage::Directing];
    });
    allows(&process, Stage::Presenting, Action::Present).unwrap();
    let refused = allows(&process, Stage::Presenting, Action::Direct).unwrap_err();
    assert_eq!((refused.clause, refused.code), ("QC01-12", "process.not_allowed"));
    assert!(
        refused.message.contains("“Trình lãnh đạo”"),
        "{}",
        refused.message
    );
    // What is no matter of the process, or of another stage, is left to the other rules.
    for act in [Action::GiveOpinion, Action::View, Action::Finish] {
        allows(&process, Stage::Presenting, act).unwrap();
    }
}

fn any_process() -> impl Strategy<Value = Process> {
    let step = |stage: Stage| {
        let acts = prop::sample::subsequence(stage.acts().to_vec(), 0..=stage.acts().len());
        let next = prop::sample::subsequence(Stage::ALL.to_vec(), 0..=Stage::ALL.len());
        (any::<bool>(), acts, next).prop_map(move |(used, acts, next)| {
            used.then(|| Step {
                stage,
                name: stage.label().to_owned(),
                role: Some(Role::Clerk),
                acts,
                term: None,
                next,
            })
        })
    };
    let steps: Vec<_> = Stage::ALL.iter().map(|stage| step(*stage)).collect();
    steps.prop_map(|steps| Process {
        steps: steps.into_iter().flatten().collect(),
    })
}

/// A process near the standard one: with some acts taken out of steps, and the steps that then may not follow.
fn near_standard() -> impl Strategy<Value = Process> {
    let drop = prop::collection::vec((0_usize..6, 0_usize..3), 0..4);
    drop.prop_map(|drops| {
        let mut process = standard();
        for (step, act) in drops {
            let step = &mut process.steps[step];
            if act < step.acts.len() && step.acts.len() > 1 {
                step.acts.remove(act);
            }
            let leads: Vec<Stage> = step
                .acts
                .iter()
                .flat_map(|act| step.stage.after(*act))
                .copied()
                .collect();
            step.next.retain(|next| leads.contains(next));
        }
        process
    })
}

proptest! {
    /// The plain restatement of “closed”: whatever is done by the process, the document always stands at a step that is
    /// there, and from there the end can be reached.
    #[test]
    fn qc01_12_in_an_accepted_process_no_document_is_ever_stuck(
        process in prop_oneof![any_process(), near_standard()],
    ) {
        prop_assume!(faults(&process).is_empty());
        let mut reached = vec![Stage::Reception];
        let mut waiting = vec![Stage::Reception];
        while let Some(stage) = waiting.pop() {
            let step = process.step(stage);
            prop_assert!(step.is_some(), "{stage} is no step");
            let step = step.unwrap();
            for act in &step.acts {
                let after = stage.after(*act);
                let chosen: Vec<Stage> = after.iter().copied().filter(|next| step.next.contains(next)).collect();
                prop_assert!(after.is_empty() || !chosen.is_empty());
                for next in chosen {
                    if !reached.contains(&next) {
                        reached.push(next);
                        waiting.push(next);
                    }
                }
            }
        }
        prop_assert!(reached.contains(&Stage::Finished));
        for stage in reached.iter().filter(|stage| **stage != Stage::Finished) {
            let step = process.step(*stage).unwrap();
            prop_assert!(step.role.is_some());
            prop_assert!(!step.next.is_empty(), "{stage} is a dead end");
        }
    }
}
