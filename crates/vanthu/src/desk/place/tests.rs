//! Where a document lies, by what happened to it.

use super::*;

fn post(n: u128) -> PostId {
    PostId::from_uuid(Uuid::from_u128(n))
}

fn incoming(state: IncomingState, assignments: Vec<Assigned>) -> Incoming {
    Incoming {
        agency: AgencyId::from_uuid(Uuid::from_u128(1)),
        state,
        urgency: Urgency::Normal,
        delivered_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
        presented_to: Some(post(10)),
        assignments,
        asked_at: None,
        extensions: Vec::new(),
    }
}

fn assigned(n: u128, role: AssignmentRole, state: AssignmentState) -> Assigned {
    Assigned {
        post: post(n),
        is_first_level: true,
        role,
        state,
        due_on: None,
        given_at: Timestamp::UNIX_EPOCH,
        given_by: post(10),
        seen: false,
        told: false,
    }
}

fn boxes(places: &[Place]) -> Vec<(u128, DeskBox)> {
    places
        .iter()
        .map(|place| (place.owner.as_u128(), place.desk_box))
        .collect()
}

#[test]
fn a_delivered_document_lies_with_the_clerks() {
    assert_eq!(
        boxes(&incoming(IncomingState::Delivered, vec![]).places()),
        [(1, DeskBox::Reception)]
    );
}

#[test]
fn an_assigned_document_lies_with_everybody_by_role_and_is_handled_for_the_leader() {
    let places = incoming(
        IncomingState::Assigned,
        vec![
            assigned(20, AssignmentRole::Lead, AssignmentState::PassedDown),
            assigned(21, AssignmentRole::Lead, AssignmentState::Open),
            assigned(22, AssignmentRole::Cooperate, AssignmentState::Open),
            assigned(23, AssignmentRole::Inform, AssignmentState::Done),
        ],
    )
    .places();
    assert_eq!(
        boxes(&places),
        [
            (21, DeskBox::Handling),
            (22, DeskBox::Supporting),
            (20, DeskBox::Handled),
            (23, DeskBox::Handled),
            (10, DeskBox::Handled),
        ]
    );
}

#[test]
fn a_finished_document_waits_for_nobody() {
    let places = incoming(
        IncomingState::Finished,
        vec![assigned(21, AssignmentRole::Lead, AssignmentState::Open)],
    )
    .places();
    assert!(places.iter().all(|place| place.desk_box == DeskBox::Handled));
}

#[test]
fn cn_128_a_recalled_document_calls_those_who_worked_on_it_until_they_have_seen_it() {
    let mut seen = assigned(22, AssignmentRole::Cooperate, AssignmentState::Closed);
    seen.seen = true;
    let parts = vec![
        assigned(20, AssignmentRole::Lead, AssignmentState::Done),
        assigned(21, AssignmentRole::Lead, AssignmentState::Closed),
        seen,
    ];
    assert_eq!(
        boxes(&incoming(IncomingState::Recalled, parts).places()),
        [
            (21, DeskBox::Recalled),
            (20, DeskBox::Handled),
            (22, DeskBox::Handled),
            (10, DeskBox::Handled),
        ]
    );
}

#[test]
fn cn_119_what_comes_back_lies_with_the_giver_until_there_is_a_lead_again() {
    let mut back = assigned(20, AssignmentRole::Lead, AssignmentState::GivenBack);
    back.told = true;
    // What the lead had passed down was taken back before it was opened.
    let mut below = assigned(24, AssignmentRole::Lead, AssignmentState::TakenBack);
    below.is_first_level = false;
    below.given_by = post(20);
    let mut parts = vec![
        back,
        below,
        assigned(22, AssignmentRole::Cooperate, AssignmentState::Open),
    ];
    let places = |parts: &[Assigned]| boxes(&incoming(IncomingState::Assigned, parts.to_vec()).places());
    assert_eq!(
        places(&parts),
        [
            (10, DeskBox::GivenBack),
            (22, DeskBox::Supporting),
            (20, DeskBox::Handled)
        ]
    );
    parts.push(assigned(21, AssignmentRole::Lead, AssignmentState::Open));
    assert!(!places(&parts).contains(&(10, DeskBox::GivenBack)));
    // Another part that came back lies there until the giver has seen it.
    parts[2].state = AssignmentState::GivenBack;
    assert!(places(&parts).contains(&(10, DeskBox::GivenBack)));
    parts[2].told = true;
    assert!(!places(&parts).contains(&(10, DeskBox::GivenBack)));
}

#[test]
fn cn_120_who_had_opened_a_part_is_told_that_it_was_taken_back_who_had_not_never_had_it() {
    let mut opened = assigned(20, AssignmentRole::Cooperate, AssignmentState::TakenBack);
    opened.seen = true;
    let parts = vec![
        assigned(21, AssignmentRole::Lead, AssignmentState::Open),
        opened,
        assigned(22, AssignmentRole::Cooperate, AssignmentState::TakenBack),
    ];
    assert_eq!(
        boxes(&incoming(IncomingState::Assigned, parts).places()),
        [
            (20, DeskBox::Recalled),
            (21, DeskBox::Handling),
            (10, DeskBox::Handled)
        ]
    );
}

#[test]
fn cn_126_a_wish_for_a_later_deadline_lies_with_the_giver() {
    let mut document = incoming(
        IncomingState::InProgress,
        vec![assigned(21, AssignmentRole::Lead, AssignmentState::Open)],
    );
    document.extensions = vec![post(10)];
    assert_eq!(
        boxes(&document.places()),
        [(10, DeskBox::Extensions), (21, DeskBox::Handling)]
    );
    document.state = IncomingState::Finished;
    assert!(
        document
            .places()
            .iter()
            .all(|place| place.desk_box == DeskBox::Handled)
    );
}

#[test]
fn cn_128_a_request_lies_with_the_clerks_beside_the_work_on_the_document() {
    let mut document = incoming(
        IncomingState::Assigned,
        vec![assigned(21, AssignmentRole::Lead, AssignmentState::Open)],
    );
    document.asked_at = Some(Timestamp::UNIX_EPOCH);
    assert_eq!(
        boxes(&document.places()),
        [
            (1, DeskBox::Requests),
            (21, DeskBox::Handling),
            (10, DeskBox::Handled)
        ]
    );
}

#[test]
fn cn_207_a_draft_lies_with_those_who_are_asked_until_it_is_approved() {
    let mut draft = Outgoing {
        agency: AgencyId::from_uuid(Uuid::from_u128(1)),
        state: OutgoingState::Draft,
        urgency: Urgency::Normal,
        updated_at: Timestamp::UNIX_EPOCH,
        drafter: post(20),
        signer: post(10),
        content_reviewers: vec![post(21)],
        co_drafters: vec![post(23)],
        consulted: vec![Consulted {
            post: post(22),
            due_on: jiff::civil::date(2026, 11, 30),
            asked_at: Timestamp::UNIX_EPOCH,
        }],
    };
    assert_eq!(
        boxes(&draft.places()),
        [
            (20, DeskBox::Drafts),
            (23, DeskBox::CoDrafting),
            (22, DeskBox::Consulted)
        ]
    );
    draft.state = OutgoingState::Approval;
    assert_eq!(
        boxes(&draft.places()),
        [
            (10, DeskBox::Signing),
            (20, DeskBox::UnderReview),
            (22, DeskBox::Consulted)
        ]
    );
    draft.state = OutgoingState::Approved;
    assert_eq!(
        boxes(&draft.places()),
        [(1, DeskBox::Issuing), (20, DeskBox::UnderReview)]
    );
}

#[test]
fn qd28_16_5_urgent_documents_stand_above_newer_ordinary_ones() {
    let mut express = incoming(IncomingState::Delivered, vec![]);
    express.urgency = Urgency::Express;
    let mut newer = incoming(IncomingState::Delivered, vec![]);
    newer.delivered_at = "2040-01-01T00:00:00Z".parse().unwrap();
    assert!(express.places()[0].rank > newer.places()[0].rank);
    assert!(express.places()[0].is_urgent() && !newer.places()[0].is_urgent());
}
