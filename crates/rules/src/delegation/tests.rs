use jiff::civil::{Date, date};
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::access::{self, Action, ObjectFacts, ObjectKind};
use crate::ids::{AccountId, AgencyId, PostId, UnitId};
use crate::incoming::IncomingState;
use crate::outgoing::OutgoingState;
use crate::people::{Actor, Role};

const TODAY: Date = date(2026, 1, 8);

fn post(id: u128) -> PostId {
    PostId::from_uuid(Uuid::from_u128(id))
}
fn unit(id: u128) -> UnitId {
    UnitId::from_uuid(Uuid::from_u128(id))
}
fn agency() -> AgencyId {
    AgencyId::from_uuid(Uuid::from_u128(1))
}

fn party(id: u128, role: Role) -> Party {
    Party {
        account: AccountId::from_uuid(Uuid::from_u128(id)),
        post: post(id),
        agency: agency(),
        role,
        is_agency_head: false,
    }
}

fn actor(id: u128, role: Role) -> Actor {
    let unit = (role != Role::Leader).then(|| unit(1));
    Actor::new(
        AccountId::from_uuid(Uuid::from_u128(id)),
        post(id),
        agency(),
        unit,
        role,
    )
}

fn wanted(giver: Role, functions: &[Function]) -> Grant<'static> {
    Grant {
        giver: party(1, giver),
        substitute: party(2, Role::Officer),
        scope: Scope::of(functions),
        from: Some(TODAY),
        to: Some(date(2026, 1, 20)),
        basis: "",
        clashes: false,
    }
}

fn code(decision: crate::Decision<(Date, Date)>) -> &'static str {
    decision.map_or_else(|refusal| refusal.code, |_| "")
}

#[test]
fn cn_805_work_is_handed_over_for_a_period_by_whoever_it_belongs_to() {
    let head = actor(1, Role::UnitHead);
    let good = wanted(Role::UnitHead, &[Function::Handle, Function::Content]);
    assert_eq!(grant(&head, false, &good, TODAY), Ok((TODAY, date(2026, 1, 20))));
    // Somebody else's work: only an administrator, on a paper.
    let stranger = actor(9, Role::UnitHead);
    assert_eq!(code(grant(&stranger, false, &good, TODAY)), "delegation.not_own");
    let administrator = actor(8, Role::Administrator);
    assert_eq!(
        code(grant(&administrator, true, &good, TODAY)),
        "delegation.no_basis"
    );
    let on_paper = Grant {
        basis: "Đơn nghỉ phép ngày 05/01/2026",
        ..good
    };
    assert!(grant(&administrator, true, &on_paper, TODAY).is_ok());
}

#[rstest]
#[case::no_end(Some(TODAY), None, "delegation.no_period")]
#[case::no_begin(None, Some(TODAY), "delegation.no_period")]
#[case::past(Some(date(2026, 1, 7)), Some(date(2026, 1, 9)), "delegation.past")]
#[case::backwards(Some(date(2026, 1, 9)), Some(TODAY), "delegation.period")]
#[case::too_long(Some(TODAY), Some(date(2027, 2, 1)), "delegation.period")]
fn nd30_13_3_a_delegation_has_a_period(
    #[case] from: Option<Date>,
    #[case] to: Option<Date>,
    #[case] expected: &str,
) {
    let grant_of = Grant {
        from,
        to,
        ..wanted(Role::UnitHead, &[Function::Handle])
    };
    assert_eq!(
        code(grant(&actor(1, Role::UnitHead), false, &grant_of, TODAY)),
        expected
    );
}

#[test]
fn nd30_13_3_what_was_handed_over_is_not_handed_on() {
    let in_place = Actor {
        in_place: Some(Scope::of(Function::ALL)),
        ..actor(1, Role::UnitHead)
    };
    let again = wanted(Role::UnitHead, &[Function::Handle]);
    assert_eq!(code(grant(&in_place, false, &again, TODAY)), "delegation.chain");
}

#[test]
fn cn_805_the_substitute_is_another_person_of_the_same_agency() {
    let head = actor(1, Role::UnitHead);
    let base = wanted(Role::UnitHead, &[Function::Handle]);
    let of = |substitute: Party| code(grant(&head, false, &Grant { substitute, ..base }, TODAY));
    assert_eq!(of(party(1, Role::Officer)), "delegation.same_person");
    assert_eq!(of(party(2, Role::Administrator)), "delegation.outsider");
    let elsewhere = AgencyId::from_uuid(Uuid::from_u128(2));
    assert_eq!(
        of(Party {
            agency: elsewhere,
            ..party(2, Role::Officer)
        }),
        "delegation.outsider"
    );
    assert_eq!(
        code(grant(
            &head,
            false,
            &Grant {
                clashes: true,
                ..base
            },
            TODAY
        )),
        "delegation.twice"
    );
    assert_eq!(
        code(grant(&head, false, &wanted(Role::UnitHead, &[]), TODAY)),
        "delegation.nothing"
    );
}

#[rstest]
#[case(Role::Clerk, Function::Handle, "delegation.duty")]
#[case(Role::Officer, Function::Content, "delegation.content")]
#[case(Role::UnitHead, Function::Prepare, "delegation.assistant")]
#[case(Role::Leader, Function::Prepare, "")]
#[case(Role::Leader, Function::Content, "")]
#[case(Role::Officer, Function::Handle, "")]
fn cn_806_only_what_the_post_has_is_handed_over(
    #[case] giver: Role,
    #[case] function: Function,
    #[case] expected: &str,
) {
    let by = actor(1, giver);
    assert_eq!(
        code(grant(&by, false, &wanted(giver, &[function]), TODAY)),
        expected
    );
}

fn outgoing(state: OutgoingState) -> ObjectFacts {
    ObjectFacts {
        drafter_post: Some(post(4)),
        drafting_unit: Some(unit(1)),
        signer_post: Some(post(1)),
        participant_posts: vec![post(1)],
        ..ObjectFacts::new(ObjectKind::Outgoing(state), agency())
    }
}

fn incoming(state: IncomingState) -> ObjectFacts {
    ObjectFacts {
        participant_posts: vec![post(1)],
        ..ObjectFacts::new(ObjectKind::Incoming(state), agency())
    }
}

fn in_place(role: Role, functions: &[Function]) -> Actor {
    Actor {
        in_place: Some(Scope::of(functions)),
        ..actor(1, role)
    }
}

#[test]
fn nd30_13_3_signing_is_never_handed_over() {
    // The head himself signs; whoever acts in his place does not, whatever was handed over.
    let document = outgoing(OutgoingState::Approval);
    assert!(access::decide(&actor(1, Role::Leader), Action::Approve, &document).is_ok());
    let refusal =
        access::decide(&in_place(Role::Leader, Function::ALL), Action::Approve, &document).unwrap_err();
    assert_eq!(
        (refusal.clause, refusal.code),
        ("ND30-13.3", "delegation.signing")
    );
    let refusal =
        access::decide(&in_place(Role::Leader, Function::ALL), Action::Return, &document).unwrap_err();
    assert_eq!(refusal.code, "delegation.not_handed_over");
}

#[test]
fn cn_805_only_the_functions_that_were_handed_over_are_done_in_place() {
    let document = incoming(IncomingState::Presented);
    let may = |by: &Actor, action, object: &ObjectFacts| access::decide(by, action, object).is_ok();
    let handles = in_place(Role::Leader, &[Function::Handle]);
    assert!(may(&handles, Action::Direct, &document) && may(&handles, Action::View, &document));
    assert!(!may(&handles, Action::Prepare, &document));
    // Drafts were not handed over: they are not there.
    let draft = outgoing(OutgoingState::ContentReview);
    assert_eq!(
        access::decide(&handles, Action::View, &draft),
        Err(access::hidden())
    );
    let checks = in_place(Role::UnitHead, &[Function::Content]);
    assert!(may(&checks, Action::SignOffContent, &draft) && may(&checks, Action::Return, &draft));
    assert_eq!(
        access::decide(&checks, Action::View, &document),
        Err(access::hidden())
    );
    // Own drafts of the absent person stay their own.
    let own = ObjectFacts {
        drafter_post: Some(post(1)),
        ..outgoing(OutgoingState::Draft)
    };
    assert_eq!(access::decide(&checks, Action::View, &own), Err(access::hidden()));
    // Nothing of the agency as a whole goes with it.
    for action in Action::ALL {
        assert!(!may(
            &in_place(Role::Leader, Function::ALL),
            *action,
            &ObjectFacts::agency(agency())
        ));
    }
}

#[test]
fn cn_806_an_assistant_sees_and_prepares_and_decides_nothing() {
    let assistant = in_place(Role::Leader, &[Function::Prepare]);
    let document = incoming(IncomingState::Presented);
    for action in Action::ALL {
        let allowed = access::decide(&assistant, *action, &document).is_ok();
        let expected = matches!(action, Action::View | Action::Download | Action::Prepare);
        assert_eq!(allowed, expected, "{action}");
    }
    assert!(prepare(IncomingState::Presented, "Giao Phòng tham mưu").is_ok());
    assert!(prepare(IncomingState::Presented, "").is_err());
    assert!(prepare(IncomingState::Assigned, "Giao Phòng tham mưu").is_err());
    // Nobody prepares in their own name: they direct.
    assert!(access::decide(&actor(1, Role::Leader), Action::Prepare, &document).is_err());
}

#[test]
fn cn_805_whoever_is_concerned_ends_it() {
    let of = |by: Actor, administers, to, revoked| {
        end(&by, administers, post(1), post(2), to, revoked, TODAY).map_err(|refusal| refusal.code)
    };
    assert!(of(actor(1, Role::UnitHead), false, TODAY, false).is_ok());
    assert!(of(actor(2, Role::Officer), false, TODAY, false).is_ok());
    assert!(of(actor(8, Role::Administrator), true, TODAY, false).is_ok());
    assert_eq!(
        of(actor(3, Role::Officer), false, TODAY, false),
        Err("delegation.not_own")
    );
    assert_eq!(
        of(actor(1, Role::UnitHead), false, date(2026, 1, 7), false),
        Err("delegation.ended")
    );
    assert_eq!(
        of(actor(1, Role::UnitHead), false, TODAY, true),
        Err("delegation.ended")
    );
}

#[test]
fn nd30_12_1_nobody_checks_their_own_draft_in_the_heads_place() {
    assert!(checks_anothers_draft(post(1), post(2)).is_ok());
    assert_eq!(
        checks_anothers_draft(post(1), post(1)).unwrap_err().code,
        "delegation.own_draft"
    );
}

#[test]
fn nd30_13_3_nobody_decides_on_their_own_part_in_the_givers_place() {
    assert!(decides_on_anothers_part(post(1), Some(post(2))).is_ok());
    assert!(
        decides_on_anothers_part(post(1), None).is_ok(),
        "a unit's part is its head's"
    );
    assert_eq!(
        decides_on_anothers_part(post(1), Some(post(1))).unwrap_err().code,
        "delegation.own_part"
    );
}

#[test]
fn a_scope_is_stored_and_read_again() {
    for functions in [&[][..], &[Function::Handle], Function::ALL] {
        let scope = Scope::of(functions);
        assert_eq!(Scope::read(&scope.stored()), scope);
    }
    assert_eq!(Scope::read("sign,all"), Scope::default());
}
