use super::*;
use AssignmentRole::{Cooperate, Inform, Lead};
use AssignmentState::{Done, GivenBack, Open, PassedDown, TakenBack};

fn in_hand() -> IncomingFacts {
    document(IncomingState::InProgress)
}

fn change(role: AssignmentRole, deadline: Option<Date>) -> Change {
    Change {
        role,
        deadline,
        today: TODAY,
    }
}

#[test]
fn cn_119_a_holder_gives_a_part_back_with_a_reason_and_the_giver_has_it_again() {
    let all = whole_chain();
    let plan = give_back(&officer(), &in_hand(), &all[1], &all, "Không thuộc lĩnh vực").unwrap();
    assert_eq!(plan.step.next, IncomingState::InProgress);
    assert_eq!(plan.reopened, Some(all[0].id));
    // Of the first level nobody holds a part above: the leader assigns again.
    let plan = give_back(&other_head(), &in_hand(), &all[2], &all, "Không liên quan").unwrap();
    assert_eq!(plan.reopened, None);

    let code = |by: &Actor, part: &AssignmentFacts, reason: &str| {
        give_back(by, &in_hand(), part, &all, reason).unwrap_err().code
    };
    assert_eq!(code(&officer(), &all[1], " "), "incoming.no_reason");
    assert_eq!(
        code(&officer(), &all[1], &"a".repeat(REASON_MOST + 1)),
        "incoming.reason_too_long"
    );
    assert_eq!(code(&unit_head(), &all[0], "x"), "incoming.assignment_closed");
    assert_eq!(code(&other_officer(), &all[1], "x"), "incoming.not_holder");
    assert_eq!(
        give_back(&officer(), &document(IncomingState::Finished), &all[1], &all, "x")
            .unwrap_err()
            .clause,
        "ND30-24.2"
    );
}

#[test]
fn cn_119_the_giver_has_a_co_operating_part_again_only_when_nobody_is_at_it() {
    let head = assignment(33, None, Assignee::Unit(OTHER_UNIT), Cooperate, PassedDown);
    let one = assignment(
        35,
        Some(33),
        Assignee::Person(other_officer().post),
        Cooperate,
        Open,
    );
    let two = assignment(36, Some(33), Assignee::Person(clerk().post), Cooperate, Open);
    let back = |all: &[AssignmentFacts]| give_back(&other_officer(), &in_hand(), &one, all, "x").unwrap();
    assert_eq!(back(&[head, one, two]).reopened, None);
    let gone = AssignmentFacts {
        state: TakenBack,
        ..two
    };
    assert_eq!(back(&[head, one, gone]).reopened, Some(head.id));
}

#[test]
fn cn_120_an_unopened_part_is_taken_back_freely_an_opened_one_with_a_reason_a_completed_one_not() {
    let mut all = whole_chain();
    let take = |all: &[AssignmentFacts], at: usize, reason: &str| {
        take_back(&leader(), &in_hand(), &all[at], all, reason)
    };
    assert_eq!(take(&all, 2, "").unwrap_err().code, "incoming.no_reason");
    assert_eq!(take(&all, 2, "Giao nhầm").unwrap().taken, [all[2].id]);
    all[2].opened = false;
    assert_eq!(take(&all, 2, "").unwrap().taken, [all[2].id]);
    assert_eq!(take(&all, 3, "x").unwrap_err().code, "incoming.part_done");
    // With the branch below it; nobody above gets it.
    let plan = take(&all, 0, "Giao đơn vị khác").unwrap();
    assert_eq!(plan.taken, [all[0].id, all[1].id]);
    assert_eq!(plan.reopened, None);
    // The head takes it back from the officer and has it again.
    let plan = take_back(&unit_head(), &in_hand(), &all[1], &all, "Tự xử lý").unwrap();
    assert_eq!(plan.reopened, Some(all[0].id));
    for by in [officer(), other_head(), foreign_clerk(), clerk()] {
        let refusal = take_back(&by, &in_hand(), &all[1], &all, "x").unwrap_err();
        assert_eq!(refusal.code, "incoming.not_giver");
    }
    all[1].state = GivenBack;
    assert_eq!(
        take_back(&unit_head(), &in_hand(), &all[1], &all, "x")
            .unwrap_err()
            .code,
        "incoming.assignment_closed"
    );
}

#[test]
fn cn_121_more_people_are_assigned_by_the_giver_and_a_new_lead_only_when_there_is_none() {
    let all = whole_chain();
    let third = UnitId::from_uuid(Uuid::from_u128(13));
    let more = |by: &Actor, all: &[AssignmentFacts], lines: &[AssignmentRequest]| {
        assign_more(by, &in_hand(), None, all, &direction(lines))
    };
    let cooperate = [to_unit(third, Cooperate, None)];
    let plan = more(&leader(), &all, &cooperate).unwrap();
    assert_eq!(plan.assignments[0].deadline, Some(DUE), "the lead's");
    assert_eq!(
        more(&unit_head(), &all, &cooperate).unwrap_err().code,
        "incoming.not_giver"
    );
    assert_eq!(
        more(&leader(), &all, &[to_unit(third, Lead, Some(DUE))])
            .unwrap_err()
            .code,
        "incoming.has_lead"
    );
    assert_eq!(
        more(&leader(), &all, &[to_unit(OTHER_UNIT, Cooperate, None)])
            .unwrap_err()
            .code,
        "incoming.assigned_twice"
    );
    // The lead came back: somebody leads again.
    let mut back = all.clone();
    back[0].state = GivenBack;
    back[1].state = TakenBack;
    assert_eq!(
        more(&leader(), &back, &cooperate).unwrap_err().code,
        "incoming.one_lead"
    );
    let plan = more(&leader(), &back, &[to_unit(UNIT, Lead, Some(DUE))]).unwrap();
    assert_eq!(plan.assignments[0].parent, None);
    // Before direction there is nothing to add to, after the end neither.
    for state in [IncomingState::Presented, IncomingState::Finished] {
        let refusal = assign_more(&leader(), &document(state), None, &all, &direction(&cooperate));
        assert_eq!(refusal.unwrap_err().code, "incoming.wrong_state");
    }
}

#[test]
fn cn_121_a_head_adds_people_of_the_unit_below_the_own_part() {
    let all = whole_chain();
    let colleague = actor(9, AGENCY, Some(UNIT), Role::Officer);
    let more = |lines: &[AssignmentRequest]| {
        assign_more(&unit_head(), &in_hand(), Some(&all[0]), &all, &direction(lines))
    };
    let plan = more(&[to_person(&colleague, Cooperate, None)]).unwrap();
    assert_eq!(plan.assignments[0].parent, Some(all[0].id));
    assert_eq!(
        more(&[to_person(&other_officer(), Cooperate, None)])
            .unwrap_err()
            .code,
        "incoming.out_of_reach"
    );
    let late = Some(date(2026, 12, 1));
    assert_eq!(
        more(&[to_person(&colleague, Cooperate, late)]).unwrap_err().code,
        "incoming.deadline_after_parent"
    );
}

#[test]
fn cn_121_another_lead_makes_the_former_one_co_operate() {
    let mut all = whole_chain();
    let by = leader();
    let refusal = change_part(&by, &in_hand(), &all[2], &all, change(Lead, None)).unwrap_err();
    assert_eq!(refusal.code, "incoming.passed_on");
    all[0].state = Open;
    all.remove(1);
    let plan = change_part(&by, &in_hand(), &all[1], &all, change(Lead, None)).unwrap();
    let roles: Vec<_> = plan.changed.iter().map(|one| (one.id, one.role)).collect();
    assert_eq!(roles, [(all[1].id, Lead), (all[0].id, Cooperate)]);
    let code =
        |part: &AssignmentFacts, wish| change_part(&by, &in_hand(), part, &all, wish).unwrap_err().code;
    assert_eq!(code(&all[0], change(Cooperate, None)), "incoming.one_lead");
    assert_eq!(code(&all[1], change(Cooperate, None)), "incoming.no_change");
    assert_eq!(code(&all[2], change(Cooperate, None)), "incoming.part_done");
    // Who shall only know has no deadline any more (CN-124).
    let plan = change_part(&by, &in_hand(), &all[1], &all, change(Inform, Some(DUE))).unwrap();
    assert_eq!(plan.changed[0].deadline, None);
    assert!(change_part(&officer(), &in_hand(), &all[1], &all, change(Lead, None)).is_err());
}

#[test]
fn cn_116_an_earlier_deadline_goes_down_the_branch_and_never_beyond_the_one_from_above() {
    let all = whole_chain();
    let earlier = date(2026, 11, 26);
    let plan = change_part(&leader(), &in_hand(), &all[0], &all, change(Lead, Some(earlier))).unwrap();
    let days: Vec<_> = plan.changed.iter().map(|one| (one.id, one.deadline)).collect();
    assert_eq!(days, [(all[0].id, Some(earlier)), (all[1].id, Some(earlier))]);
    let code = |day| {
        change_part(&unit_head(), &in_hand(), &all[1], &all, change(Lead, Some(day)))
            .unwrap_err()
            .code
    };
    assert_eq!(code(date(2026, 12, 1)), "incoming.deadline_after_parent");
    assert_eq!(code(date(2026, 11, 22)), "incoming.deadline_past");
}

#[test]
fn cn_124_a_passed_on_part_is_complete_when_everybody_below_is() {
    let head = assignment(33, None, Assignee::Unit(OTHER_UNIT), Cooperate, PassedDown);
    let one = assignment(
        35,
        Some(33),
        Assignee::Person(other_officer().post),
        Cooperate,
        Open,
    );
    let mut two = assignment(36, Some(33), Assignee::Person(clerk().post), Cooperate, Open);
    let told = assignment(37, Some(33), Assignee::Person(leader().post), Inform, Open);
    let done = |all: &[AssignmentFacts]| {
        complete_assignment(&other_officer(), &in_hand(), &one, all)
            .unwrap()
            .done
    };
    assert_eq!(done(&[head, one, two, told]), [one.id]);
    two.state = Done;
    assert_eq!(done(&[head, one, two, told]), [one.id, head.id]);
}

#[test]
fn nd30_24_2_without_a_lead_the_leader_may_file_with_a_reason() {
    let mut all = whole_chain();
    let file = |all: &[AssignmentFacts], how| finish(&leader(), &in_hand(), all, how);
    assert_eq!(file(&all, NO_ACTION).unwrap_err().code, "incoming.not_holder");
    all[0].state = GivenBack;
    all[1].state = TakenBack;
    let plan = file(&all, NO_ACTION).unwrap();
    assert_eq!((plan.done, plan.closed), (vec![], vec![all[2].id]));
    let refusal = file(&all, FinishResult::NoActionNeeded { reason: " " }).unwrap_err();
    assert_eq!(
        (refusal.code, refusal.field),
        ("incoming.no_reason", Some("result"))
    );
}

#[test]
fn cn_123_where_the_leader_asked_for_an_answer_only_a_linked_reply_ends_it() {
    let doc = IncomingFacts {
        reply_required: true,
        ..in_hand()
    };
    let all = whole_chain();
    let end = |how| finish(&officer(), &doc, &all, how);
    for how in [
        NO_ACTION,
        FinishResult::Handled {
            result: "Đã gọi điện",
        },
    ] {
        assert_eq!(end(how).unwrap_err().code, "incoming.reply_required");
    }
    assert!(end(FinishResult::Reply { issued: true }).is_ok());
}

#[test]
fn nd30_24_1_leaders_clerks_and_givers_urge_those_who_handle() {
    let all = whole_chain();
    let urged = |by: &Actor, which| urge(by, &in_hand(), &all, which).map(|plan| plan.urged);
    assert_eq!(urged(&other_leader(), None).unwrap(), [all[1].id, all[2].id]);
    assert_eq!(urged(&clerk(), Some(all[2].id)).unwrap(), [all[2].id]);
    assert_eq!(urged(&unit_head(), None).unwrap(), [all[1].id]);
    // Who only has to know, or has passed it on, is not urged.
    for at in [0, 3] {
        assert_eq!(
            urged(&leader(), Some(all[at].id)).unwrap_err().code,
            "incoming.nobody_to_urge"
        );
    }
    assert_eq!(urged(&officer(), None).unwrap_err().clause, "ND30-24.1");
    assert!(urged(&foreign_clerk(), None).is_err());
}
