use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::ids::{AccountId, AgencyId, PostId, UnitId};
use crate::incoming::IncomingState;
use crate::outgoing::OutgoingState;
use crate::people::{Actor, Role};

fn agency(id: u128) -> AgencyId {
    AgencyId::from_uuid(Uuid::from_u128(id))
}
fn unit(id: u128) -> UnitId {
    UnitId::from_uuid(Uuid::from_u128(id))
}
fn post(id: u128) -> PostId {
    PostId::from_uuid(Uuid::from_u128(id))
}
fn actor(id: u128, agency_id: u128, unit_id: Option<u128>, role: Role) -> Actor {
    Actor::new(
        AccountId::from_uuid(Uuid::from_u128(id)),
        post(id),
        agency(agency_id),
        unit_id.map(unit),
        role,
    )
}

fn incoming(state: IncomingState) -> ObjectFacts {
    ObjectFacts {
        participant_posts: vec![post(4)],
        participant_units: vec![unit(1)],
        ..ObjectFacts::new(ObjectKind::Incoming(state), agency(1))
    }
}

fn outgoing(state: OutgoingState) -> ObjectFacts {
    ObjectFacts {
        drafter_post: Some(post(4)),
        drafting_unit: Some(unit(1)),
        signer_post: Some(post(2)),
        ..ObjectFacts::new(ObjectKind::Outgoing(state), agency(1))
    }
}

#[rstest]
#[case::foreign_clerk(actor(9, 2, None, Role::Clerk))]
#[case::foreign_leader(Actor { is_agency_head: true, ..actor(9, 2, None, Role::Leader) })]
#[case::own_administrator(actor(9, 1, None, Role::Administrator))]
#[case::province_administrator(Actor { is_province_administrator: true, ..actor(9, 1, None, Role::Administrator) })]
#[case::idle_officer(actor(9, 1, Some(1), Role::Officer))]
#[case::other_unit_head(actor(9, 1, Some(2), Role::UnitHead))]
#[case::archivist(actor(9, 1, None, Role::Archivist))]
fn qc01_4_2_what_is_hidden_looks_like_what_is_missing(#[case] by: Actor) {
    for action in Action::ALL {
        assert_eq!(
            decide(&by, *action, &incoming(IncomingState::Assigned)),
            Err(hidden())
        );
        assert_eq!(
            decide(&by, *action, &outgoing(OutgoingState::Issued)),
            Err(hidden())
        );
        let explanation = explain(&by, *action, &outgoing(OutgoingState::Issued));
        assert_eq!(
            (explanation.allowed, explanation.reason),
            (false, hidden().message)
        );
    }
}

#[rstest]
#[case(IncomingState::Delivered, &[Role::Clerk])]
#[case(IncomingState::Refused, &[Role::Clerk])]
#[case(IncomingState::Registered, &[Role::Clerk, Role::Leader])]
#[case(IncomingState::Finished, &[Role::Clerk, Role::Leader])]
fn nd30_4_2b_clerks_see_all_that_came_leaders_what_is_registered(
    #[case] state: IncomingState,
    #[case] expected: &[Role],
) {
    let object = ObjectFacts::new(ObjectKind::Incoming(state), agency(1));
    let sees = |role: &&Role| decide(&actor(9, 1, None, **role), Action::View, &object).is_ok();
    assert_eq!(
        Role::ALL.iter().filter(sees).copied().collect::<Vec<_>>(),
        expected
    );
}

#[rstest]
#[case(OutgoingState::Draft, false, false)]
#[case(OutgoingState::ContentReview, false, false)]
#[case(OutgoingState::FormReview, true, false)]
#[case(OutgoingState::Approval, true, true)]
#[case(OutgoingState::Signing, true, true)]
#[case(OutgoingState::Approved, true, true)]
#[case(OutgoingState::Numbered, true, true)]
#[case(OutgoingState::Issued, true, true)]
#[case(OutgoingState::Voided, true, true)]
#[case(OutgoingState::Cancelled, false, false)]
fn qc01_4_2_drafts_are_seen_by_those_they_reached(
    #[case] state: OutgoingState,
    #[case] clerk: bool,
    #[case] signer: bool,
) {
    let sees = |by: Actor| decide(&by, Action::View, &outgoing(state)).is_ok();
    assert_eq!(sees(actor(3, 1, None, Role::Clerk)), clerk);
    assert_eq!(sees(actor(2, 1, None, Role::Leader)), signer);
    assert_eq!(sees(actor(8, 1, None, Role::Leader)), state.is_registered());
    assert!(sees(actor(4, 1, Some(1), Role::Officer)), "the drafter");
    assert!(
        sees(actor(5, 1, Some(1), Role::UnitHead)),
        "the head of the drafting unit"
    );
}

#[rstest]
#[case(Action::Issue, &[3], "ND30-4.2b")]
#[case(Action::SignOffForm, &[3], "ND30-12.2")]
#[case(Action::SignOffContent, &[5], "ND30-12.1")]
#[case(Action::Approve, &[2], "ND30-11.1")]
#[case(Action::Submit, &[4], "ND30-10.4")]
fn nd30_11_12_each_act_on_a_draft_has_its_person(
    #[case] action: Action,
    #[case] expected: &[u128],
    #[case] clause: &str,
) {
    let people = [
        actor(2, 1, None, Role::Leader),
        actor(3, 1, None, Role::Clerk),
        actor(4, 1, Some(1), Role::Officer),
        actor(5, 1, Some(1), Role::UnitHead),
    ];
    let object = outgoing(OutgoingState::Approved);
    for by in people {
        match decide(&by, action, &object) {
            Ok(()) => assert!(expected.iter().any(|id| post(*id) == by.post), "{:?}", by.role),
            Err(refusal) => {
                assert!(!expected.iter().any(|id| post(*id) == by.post), "{:?}", by.role);
                assert_eq!(refusal.clause, clause);
            }
        }
    }
}

#[test]
fn nd30_12_2_an_assigned_form_checker_sees_drafts_that_wait_for_it() {
    let checker = Actor {
        checks_form: true,
        ..actor(9, 1, Some(2), Role::Officer)
    };
    assert_eq!(
        decide(
            &checker,
            Action::SignOffForm,
            &outgoing(OutgoingState::FormReview)
        ),
        Ok(())
    );
    assert_eq!(
        decide(&checker, Action::View, &outgoing(OutgoingState::Approval)),
        Err(hidden())
    );
}

#[test]
fn nd30_23_2_leaders_direct_and_heads_pass_down() {
    let object = incoming(IncomingState::Presented);
    assert_eq!(
        decide(&actor(2, 1, None, Role::Leader), Action::Direct, &object),
        Ok(())
    );
    assert_eq!(
        decide(&actor(5, 1, Some(1), Role::UnitHead), Action::PassDown, &object),
        Ok(())
    );
    let refusal = decide(&actor(4, 1, Some(1), Role::Officer), Action::Direct, &object).unwrap_err();
    assert_eq!(
        (refusal.clause, refusal.code),
        ("ND30-23.2", "access.not_allowed")
    );
}

#[test]
fn qc01_23_1_administrators_manage_their_agency_and_the_provinces_all() {
    let own = actor(9, 1, None, Role::Administrator);
    let province = Actor {
        is_province_administrator: true,
        ..actor(9, 1, None, Role::Administrator)
    };
    let manages =
        |by: &Actor, id| decide(by, Action::ManageAccounts, &ObjectFacts::agency(agency(id))).is_ok();
    assert!(manages(&own, 1) && !manages(&own, 2));
    assert!(manages(&province, 1) && manages(&province, 2));
    assert!(!manages(&actor(2, 1, None, Role::Leader), 1));
}

#[test]
fn qc01_4_2_an_allowed_act_is_explained() {
    let explanation = explain(
        &actor(3, 1, None, Role::Clerk),
        Action::View,
        &incoming(IncomingState::Delivered),
    );
    assert!(
        explanation.allowed && explanation.reason.contains("Văn thư"),
        "{explanation:?}"
    );
}

/// The base policy once more, as plain sentences.
fn may_view(by: &Actor, object: &ObjectFacts) -> bool {
    let same_agency = by.agency == object.owner;
    let administrator = by.role == Role::Administrator;
    let participates = object.participant_posts.contains(&by.post)
        || (object.drafter_post == Some(by.post)
            && matches!(object.kind, ObjectKind::Outgoing(_) | ObjectKind::Slip));
    // A slip is for the people who are on it, not for those above them.
    let heads = by.role == Role::UnitHead
        && object.kind != ObjectKind::Slip
        && by
            .unit
            .is_some_and(|u| object.participant_units.contains(&u) || object.drafting_unit == Some(u));
    let leader = by.role == Role::Leader || by.is_agency_head;
    let by_office = match object.kind {
        ObjectKind::Agency | ObjectKind::Slip => false,
        ObjectKind::Incoming(state) => {
            by.role == Role::Clerk
                || (leader && !matches!(state, IncomingState::Delivered | IncomingState::Refused))
        }
        ObjectKind::Outgoing(state) => {
            use OutgoingState::{
                Approval, Approved, ContentReview, FormReview, Issued, Numbered, Signing, Voided,
            };
            let registered = matches!(state, Numbered | Issued | Voided);
            let with_signer = matches!(state, Approval | Signing | Approved) || registered;
            (by.role == Role::Clerk && (with_signer || state == FormReview))
                || (by.checks_form && state == FormReview)
                || (object.signer_post == Some(by.post) && with_signer)
                || (leader && (registered || (state == ContentReview && object.drafting_unit.is_none())))
        }
    };
    let is_document = object.kind != ObjectKind::Agency;
    is_document && same_agency && !administrator && (participates || heads || by_office)
}

prop_compose! {
    fn any_actor()(
        id in 1_u128..6, agency_id in 1_u128..3, unit_id in proptest::option::of(1_u128..4),
        role in select(Role::ALL), head in any::<bool>(), checks in any::<bool>(), province in any::<bool>(),
    ) -> Actor {
        let base = actor(id, agency_id, unit_id, role);
        Actor { is_agency_head: head && role == Role::Leader, checks_form: checks, is_province_administrator: province, ..base }
    }
}

prop_compose! {
    fn any_object()(
        kind in prop_oneof![
            select(IncomingState::ALL).prop_map(ObjectKind::Incoming),
            select(OutgoingState::ALL).prop_map(ObjectKind::Outgoing),
            Just(ObjectKind::Agency),
            Just(ObjectKind::Slip),
        ],
        owner in 1_u128..3,
        drafter in proptest::option::of(1_u128..6),
        drafting in proptest::option::of(1_u128..4),
        signer in proptest::option::of(1_u128..6),
        posts in subsequence(vec![1_u128, 2, 3, 4, 5], 0..3),
        units in subsequence(vec![1_u128, 2, 3], 0..2),
    ) -> ObjectFacts {
        // Only outgoing documents have a drafting unit and a signer, they and slips somebody who made them.
        let is_outgoing = matches!(kind, ObjectKind::Outgoing(_));
        let is_made = is_outgoing || kind == ObjectKind::Slip;
        ObjectFacts {
            kind,
            owner: agency(owner),
            drafter_post: drafter.filter(|_| is_made).map(post),
            co_drafter_posts: Vec::new(),
            drafting_unit: drafting.filter(|_| is_outgoing).map(unit),
            signer_post: signer.filter(|_| is_outgoing).map(post),
            participant_posts: posts.into_iter().map(post).collect(),
            participant_units: units.into_iter().map(unit).collect(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn qc01_4_2_viewing_agrees_with_the_plain_sentences(by in any_actor(), object in any_object()) {
        prop_assert_eq!(decide(&by, Action::View, &object).is_ok(), may_view(&by, &object));
    }

    #[test]
    fn qc01_4_2_nothing_is_allowed_on_a_document_that_is_not_seen(
        by in any_actor(), object in any_object(), action in select(Action::ALL),
    ) {
        let decision = decide(&by, action, &object);
        if object.kind != ObjectKind::Agency && !may_view(&by, &object) {
            prop_assert_eq!(&decision, &Err(hidden()));
        }
        prop_assert_eq!(explain(&by, action, &object).allowed, decision.is_ok());
        if by.agency != object.owner && decision.is_ok() {
            prop_assert!(by.role == Role::Administrator && by.is_province_administrator);
            prop_assert!(matches!(action, Action::ManageAccounts | Action::ViewJournal));
        }
        if action == Action::Issue && decision.is_ok() {
            prop_assert_eq!(by.role, Role::Clerk);
        }
    }
}

#[test]
fn cn_302_a_slip_is_seen_by_those_who_are_on_it_and_by_nobody_else() {
    let mut slip = ObjectFacts::new(ObjectKind::Slip, AgencyId::from_uuid(Uuid::from_u128(1)));
    slip.drafter_post = Some(PostId::from_uuid(Uuid::from_u128(10)));
    slip.participant_posts = vec![PostId::from_uuid(Uuid::from_u128(20))];
    let person = |post, agency, role| {
        Actor::new(
            AccountId::from_uuid(Uuid::from_u128(post)),
            PostId::from_uuid(Uuid::from_u128(post)),
            AgencyId::from_uuid(Uuid::from_u128(agency)),
            None,
            role,
        )
    };
    let sees = |actor: Actor| decide(&actor, Action::View, &slip).is_ok();
    assert!(sees(person(10, 1, Role::Officer)));
    assert!(sees(person(20, 1, Role::Leader)));
    for role in Role::ALL {
        assert!(!sees(person(30, 1, *role)), "{role}");
        assert!(!sees(person(20, 2, *role)), "{role}");
    }
    assert!(!sees(person(20, 1, Role::Administrator)));
    assert!(decide(&person(10, 1, Role::Officer), Action::Issue, &slip).is_err());
}
