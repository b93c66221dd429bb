use proptest::prelude::*;
use rstest::rstest;

use super::*;

#[test]
fn nd30_22_1_an_unregistered_document_cannot_be_presented() {
    let refusal = present(
        &clerk(),
        &document(IncomingState::Delivered),
        leader().post,
        AGENCY,
        Role::Leader,
    );
    assert_eq!(refusal.unwrap_err().clause, "ND30-22.1");
}

#[test]
fn nd30_23_1_a_clerk_presents_to_a_leader_of_the_agency() {
    let doc = IncomingFacts {
        presented_to: None,
        ..document(IncomingState::Registered)
    };
    let plan = present(&clerk(), &doc, leader().post, AGENCY, Role::Leader).unwrap();
    assert_eq!((plan.next, plan.status), (IncomingState::Presented, None));
    assert_eq!(
        present(&clerk(), &doc, unit_head().post, AGENCY, Role::UnitHead)
            .unwrap_err()
            .field,
        Some("leader")
    );
    assert!(present(&clerk(), &doc, leader().post, OTHER_AGENCY, Role::Leader).is_err());
    assert!(present(&officer(), &doc, leader().post, AGENCY, Role::Leader).is_err());
    assert!(
        present(
            &clerk(),
            &document(IncomingState::Assigned),
            other_leader().post,
            AGENCY,
            Role::Leader
        )
        .is_err()
    );
}

#[rstest]
#[case(IncomingState::Delivered, "ND30-22.1")]
#[case(IncomingState::Refused, "ND30-21.2b")]
fn nd30_22_1_an_unregistered_document_cannot_be_assigned(#[case] state: IncomingState, #[case] clause: &str) {
    let lines = [to_unit(UNIT, AssignmentRole::Lead, Some(DUE))];
    for by in [
        leader(),
        clerk(),
        Actor {
            is_agency_head: true,
            ..leader()
        },
    ] {
        let policy = DirectionPolicy {
            fixed_handler: Some(UNIT),
        };
        let refusal = direct(&by, &document(state), &direction(&lines), policy).unwrap_err();
        assert_eq!(refusal.clause, clause);
    }
}

#[test]
fn nd30_23_2_a_direction_creates_its_assignments_and_sends_status_04() {
    let lines = [
        to_unit(UNIT, AssignmentRole::Lead, Some(DUE)),
        to_unit(OTHER_UNIT, AssignmentRole::Cooperate, None),
        to_person(&officer(), AssignmentRole::Inform, None),
    ];
    let plan = direct(
        &leader(),
        &document(IncomingState::Presented),
        &direction(&lines),
        DirectionPolicy::default(),
    );
    let plan = plan.unwrap();
    assert_eq!(
        (plan.step.next, plan.step.status),
        (IncomingState::Assigned, Some(StatusCode::Assigned))
    );
    let deadlines: Vec<_> = plan.assignments.iter().map(|a| a.deadline).collect();
    assert_eq!(deadlines, [Some(DUE), Some(DUE), None]);
}

#[rstest]
#[case(&[], "incoming.nobody_assigned")]
#[case(&[to_unit(UNIT, AssignmentRole::Cooperate, Some(DUE))], "incoming.one_lead")]
#[case(&[to_unit(UNIT, AssignmentRole::Lead, Some(DUE)), to_unit(OTHER_UNIT, AssignmentRole::Lead, Some(DUE))], "incoming.one_lead")]
#[case(&[to_unit(UNIT, AssignmentRole::Lead, Some(DUE)), to_unit(UNIT, AssignmentRole::Inform, None)], "incoming.assigned_twice")]
#[case(&[to_unit(UNIT, AssignmentRole::Lead, None), to_unit(OTHER_UNIT, AssignmentRole::Cooperate, None)], "incoming.no_deadline")]
#[case(&[to_unit(UNIT, AssignmentRole::Lead, Some(date(2026, 11, 22)))], "incoming.deadline_past")]
#[case(&[to_person(&foreign_clerk(), AssignmentRole::Lead, Some(DUE))], "incoming.outside_agency")]
fn nd30_23_2_one_lead_nobody_twice_deadline_ahead(#[case] lines: &[AssignmentRequest], #[case] code: &str) {
    let refusal = direct(
        &leader(),
        &document(IncomingState::Presented),
        &direction(lines),
        DirectionPolicy::default(),
    );
    let refusal = refusal.unwrap_err();
    assert_eq!((refusal.clause, refusal.code), ("ND30-23.2", code));
}

#[test]
fn nd30_23_2_the_leader_it_was_presented_to_or_the_head_directs() {
    let lines = [to_unit(UNIT, AssignmentRole::Lead, Some(TODAY))];
    let doc = document(IncomingState::Presented);
    let may = |by: &Actor, policy| direct(by, &doc, &direction(&lines), policy).is_ok();
    assert!(may(&leader(), DirectionPolicy::default()));
    assert!(may(
        &Actor {
            is_agency_head: true,
            ..other_leader()
        },
        DirectionPolicy::default()
    ));
    for by in [other_leader(), clerk(), unit_head(), officer(), foreign_clerk()] {
        assert!(!may(&by, DirectionPolicy::default()), "{:?}", by.role);
    }
}

#[test]
fn cn_113_nd30_23_1_a_clerk_hands_on_only_what_the_work_rules_assign_and_only_there() {
    let policy = DirectionPolicy {
        fixed_handler: Some(UNIT),
    };
    let registered = IncomingFacts {
        presented_to: None,
        ..document(IncomingState::Registered)
    };
    let there = [to_unit(UNIT, AssignmentRole::Lead, Some(DUE))];
    let plan = direct(&clerk(), &registered, &direction(&there), policy).unwrap();
    assert_eq!(plan.step.next, IncomingState::Assigned);

    let code = |by: &Actor, doc: &IncomingFacts, lines: &[AssignmentRequest], policy| {
        direct(by, doc, &direction(lines), policy).unwrap_err().code
    };
    let elsewhere = [to_unit(OTHER_UNIT, AssignmentRole::Lead, Some(DUE))];
    let more = [
        there[0],
        to_unit(OTHER_UNIT, AssignmentRole::Cooperate, Some(DUE)),
    ];
    for lines in [&elsewhere[..], &more[..], &more[..0]] {
        assert_eq!(
            code(&clerk(), &registered, lines, policy),
            "incoming.not_the_fixed_handler"
        );
    }
    let presented = document(IncomingState::Presented);
    assert_eq!(code(&clerk(), &presented, &there, policy), "incoming.wrong_state");
    let none = DirectionPolicy::default();
    assert_eq!(
        code(&clerk(), &registered, &there, none),
        "incoming.may_not_direct"
    );
    for by in [unit_head(), officer(), foreign_clerk()] {
        assert_eq!(code(&by, &registered, &there, policy), "incoming.may_not_direct");
    }
}

#[test]
fn cn_113_lines_of_the_work_rules_go_by_kind_and_sender_and_fix_nothing_when_they_disagree() {
    let line = |unit, kinds: &[&str], sender: Option<&str>| WorkRule {
        unit,
        document_types: kinds.iter().map(|key| (*key).to_owned()).collect(),
        sender: sender.map(str::to_owned),
        basis: "Quy chế làm việc".to_owned(),
    };
    let fixed = |rules: &[WorkRule], kind, sender, code| {
        fixed_handler(rules, kind, sender, code).map(|rule| rule.unit)
    };
    let rules = [
        line(UNIT, &["bao_cao"], Some("Sở Nội vụ")),
        line(OTHER_UNIT, &[], Some("H16.15")),
    ];
    assert_eq!(fixed(&rules, "bao_cao", "SỞ NỘI VỤ", None), Some(UNIT));
    assert_eq!(fixed(&rules, "cong_van", "Sở Nội vụ", None), None);
    assert_eq!(
        fixed(&rules, "cong_van", "Sở Tài chính", Some("h16.15")),
        Some(OTHER_UNIT)
    );
    // Both lines cover it, for different units.
    assert_eq!(fixed(&rules, "bao_cao", "Sở Nội vụ", Some("H16.15")), None);
    let bare = WorkRule {
        basis: " ".to_owned(),
        ..line(UNIT, &["bao_cao"], None)
    };
    assert_eq!(fixed(&[bare], "bao_cao", "Sở Nội vụ", None), None);
}

fn lead_of_unit() -> AssignmentFacts {
    assignment(
        31,
        None,
        Assignee::Unit(UNIT),
        AssignmentRole::Lead,
        AssignmentState::Open,
    )
}

#[test]
fn nd30_23_2_the_unit_head_passes_the_lead_part_to_a_person_of_the_unit() {
    let lines = [to_person(&officer(), AssignmentRole::Lead, None)];
    let own = lead_of_unit();
    let plan = pass_down(
        &unit_head(),
        &document(IncomingState::Assigned),
        &own,
        &[own],
        &direction(&lines),
    )
    .unwrap();
    assert_eq!(plan.passed_down.map(|a| a.id), Some(own.id));
    assert_eq!(
        (plan.assignments[0].parent, plan.assignments[0].deadline),
        (Some(own.id), Some(DUE))
    );
    assert_eq!(
        (plan.step.next, plan.step.status),
        (IncomingState::Assigned, None)
    );
}

#[test]
fn nd30_23_2_only_the_holder_passes_down_and_only_within_reach() {
    let own = lead_of_unit();
    let doc = document(IncomingState::Assigned);
    let code = |by: &Actor, assignment: &AssignmentFacts, lines: &[AssignmentRequest]| {
        pass_down(by, &doc, assignment, &[own], &direction(lines))
            .unwrap_err()
            .code
    };
    let to_officer = [to_person(&officer(), AssignmentRole::Lead, None)];
    assert_eq!(code(&officer(), &own, &to_officer), "incoming.not_holder");
    assert_eq!(code(&leader(), &own, &to_officer), "incoming.not_holder");
    assert_eq!(
        code(
            &unit_head(),
            &own,
            &[to_person(&other_officer(), AssignmentRole::Lead, None)]
        ),
        "incoming.out_of_reach"
    );
    assert_eq!(
        code(
            &unit_head(),
            &own,
            &[to_unit(OTHER_UNIT, AssignmentRole::Lead, None)]
        ),
        "incoming.out_of_reach"
    );
    let passed = AssignmentFacts {
        state: AssignmentState::PassedDown,
        ..own
    };
    assert_eq!(
        code(&unit_head(), &passed, &to_officer),
        "incoming.assignment_closed"
    );
    let late = [to_person(
        &officer(),
        AssignmentRole::Lead,
        Some(date(2026, 12, 1)),
    )];
    assert_eq!(code(&unit_head(), &own, &late), "incoming.deadline_after_parent");
    let cooperate = AssignmentFacts {
        role: AssignmentRole::Cooperate,
        ..own
    };
    assert_eq!(
        code(&unit_head(), &cooperate, &to_officer),
        "incoming.no_lead_here"
    );
    let inform = AssignmentFacts {
        role: AssignmentRole::Inform,
        ..own
    };
    assert_eq!(code(&unit_head(), &inform, &to_officer), "incoming.inform_only");
}

#[test]
fn nd30_23_2_a_person_who_has_a_part_gets_no_second_one() {
    let own = lead_of_unit();
    let busy = assignment(
        32,
        None,
        Assignee::Person(officer().post),
        AssignmentRole::Inform,
        AssignmentState::Open,
    );
    let lines = [to_person(&officer(), AssignmentRole::Lead, None)];
    let doc = document(IncomingState::Assigned);
    let refusal = pass_down(&unit_head(), &doc, &own, &[own, busy], &direction(&lines)).unwrap_err();
    assert_eq!(refusal.code, "incoming.assigned_twice");
}

#[test]
fn nd30_23_2_a_deputy_leader_passes_down_to_units() {
    let own = AssignmentFacts {
        assignee: Assignee::Person(other_leader().post),
        ..lead_of_unit()
    };
    let lines = [to_unit(UNIT, AssignmentRole::Lead, None)];
    assert!(
        pass_down(
            &other_leader(),
            &document(IncomingState::Assigned),
            &own,
            &[own],
            &direction(&lines)
        )
        .is_ok()
    );
}

#[test]
fn nd30_24_when_the_lead_finishes_open_parts_close_by_themselves() {
    let all = whole_chain();
    let doc = document(IncomingState::InProgress);
    let plan = finish(&officer(), &doc, &all, FinishResult::Reply { issued: true }).unwrap();
    assert_eq!(
        (plan.step.next, plan.step.status),
        (IncomingState::Finished, Some(StatusCode::Finished))
    );
    assert_eq!(plan.done, [all[1].id, all[0].id]);
    assert_eq!(plan.closed, [all[2].id]);
}

#[test]
fn nd30_24_only_the_lead_finishes_and_with_a_result() {
    let all = whole_chain();
    let doc = document(IncomingState::InProgress);
    for by in [unit_head(), other_officer(), leader(), clerk(), foreign_clerk()] {
        assert_eq!(
            finish(&by, &doc, &all, NO_ACTION).unwrap_err().clause,
            "ND30-24.2"
        );
    }
    let code = |result| finish(&officer(), &doc, &all, result).unwrap_err().code;
    assert_eq!(code(FinishResult::Handled { result: " " }), "incoming.no_result");
    assert_eq!(
        code(FinishResult::Reply { issued: false }),
        "incoming.reply_not_issued"
    );
    assert!(finish(&officer(), &doc, &all, NO_ACTION).is_ok());
    let finished = document(IncomingState::Finished);
    assert_eq!(
        finish(&officer(), &finished, &all, NO_ACTION).unwrap_err().code,
        "incoming.wrong_state"
    );
}

#[test]
fn nd30_24_a_leader_files_what_needs_no_handling() {
    let doc = document(IncomingState::Presented);
    assert!(finish(&leader(), &doc, &[], NO_ACTION).is_ok());
    assert!(
        finish(
            &leader(),
            &doc,
            &[],
            FinishResult::Handled {
                result: "Đã biết"
            }
        )
        .is_err()
    );
    assert!(finish(&other_leader(), &doc, &[], NO_ACTION).is_err());
    let delivered = document(IncomingState::Delivered);
    assert_eq!(
        finish(&leader(), &delivered, &[], NO_ACTION).unwrap_err().clause,
        "ND30-22.1"
    );
}

#[test]
fn nd30_24_2_the_lead_starts_and_others_complete_only_their_part() {
    let all = whole_chain();
    let assigned = document(IncomingState::Assigned);
    let plan = start(&officer(), &assigned, &all[1]).unwrap();
    assert_eq!(
        (plan.next, plan.status),
        (IncomingState::InProgress, Some(StatusCode::InProgress))
    );
    assert!(start(&officer(), &document(IncomingState::InProgress), &all[1]).is_err());
    assert!(start(&unit_head(), &assigned, &all[0]).is_err());

    let head = Actor {
        unit: Some(OTHER_UNIT),
        ..unit_head()
    };
    assert_eq!(
        start(&head, &assigned, &all[2]).unwrap_err().code,
        "incoming.not_lead"
    );
    let plan = complete_assignment(&head, &document(IncomingState::InProgress), &all[2], &all).unwrap();
    assert_eq!(
        (plan.step.next, plan.step.status),
        (IncomingState::InProgress, None)
    );
    assert_eq!(plan.done, [all[2].id]);
    assert_eq!(
        complete_assignment(&officer(), &assigned, &all[1], &all)
            .unwrap_err()
            .code,
        "incoming.lead_finishes"
    );
    assert_eq!(
        complete_assignment(&other_leader(), &assigned, &all[3], &all)
            .unwrap_err()
            .code,
        "incoming.assignment_closed"
    );
}

#[test]
fn cn_130_only_who_is_informed_marks_as_seen_without_opening_and_never_in_anothers_place() {
    let assigned = document(IncomingState::Assigned);
    let person = Assignee::Person(officer().post);
    let part = |role, state| assignment(35, None, person, role, state);
    let informed = part(AssignmentRole::Inform, AssignmentState::Open);
    assert!(mark_seen(&officer(), &assigned, &informed).is_ok());
    let code = |who: &Actor, part: &AssignmentFacts| mark_seen(who, &assigned, part).unwrap_err().code;
    for role in [AssignmentRole::Lead, AssignmentRole::Cooperate] {
        let works = part(role, AssignmentState::Open);
        assert_eq!(code(&officer(), &works), "incoming.open_to_see");
    }
    assert_eq!(code(&other_officer(), &informed), "incoming.not_holder");
    let ended = part(AssignmentRole::Inform, AssignmentState::Done);
    assert_eq!(code(&officer(), &ended), "incoming.assignment_closed");
    let substitute = Actor {
        in_place: Some(crate::delegation::Scope::of(crate::delegation::Function::ALL)),
        ..officer()
    };
    assert_eq!(code(&substitute, &informed), "incoming.not_seen_in_place");
}

#[test]
fn nd30_24_an_opinion_has_words_and_changes_no_state() {
    let doc = document(IncomingState::Assigned);
    assert_eq!(
        opinion(&officer(), &doc, "Đã có số liệu").unwrap().next,
        IncomingState::Assigned
    );
    assert_eq!(opinion(&officer(), &doc, " ").unwrap_err().field, Some("opinion"));
    assert!(opinion(&foreign_clerk(), &doc, "Ý kiến").is_err());
    assert!(opinion(&officer(), &document(IncomingState::Finished), "Ý kiến").is_err());
}

#[test]
fn qd28_9_2_paper_documents_send_no_status() {
    let doc = IncomingFacts {
        from_exchange: false,
        ..document(IncomingState::Presented)
    };
    let lines = [to_unit(UNIT, AssignmentRole::Lead, Some(DUE))];
    let plan = direct(&leader(), &doc, &direction(&lines), DirectionPolicy::default()).unwrap();
    assert_eq!(plan.step.status, None);
}

proptest! {
    #[test]
    fn nd30_23_2_every_accepted_direction_has_one_lead_and_nobody_twice(
        lines in proptest::collection::vec((0_u128..4, 0_usize..3, proptest::option::of(-3_i8..10)), 0..6),
    ) {
        let requests: Vec<AssignmentRequest> = lines
            .iter()
            .map(|(unit, role, days)| {
                let deadline = days.map(|days| TODAY.checked_add(jiff::Span::new().days(days)).unwrap());
                to_unit(UnitId::from_uuid(Uuid::from_u128(*unit)), AssignmentRole::ALL[*role], deadline)
            })
            .collect();
        if let Ok(plan) = direct(&leader(), &document(IncomingState::Presented), &direction(&requests), DirectionPolicy::default()) {
            prop_assert_eq!(plan.assignments.len(), requests.len());
            prop_assert_eq!(plan.assignments.iter().filter(|a| a.role == AssignmentRole::Lead).count(), 1);
            let mut who: Vec<_> = plan.assignments.iter().map(|a| a.assignee).collect();
            who.sort();
            who.dedup();
            prop_assert_eq!(who.len(), requests.len());
            prop_assert!(plan.assignments.iter().filter_map(|a| a.deadline).all(|d| d >= TODAY));
        }
    }
}
