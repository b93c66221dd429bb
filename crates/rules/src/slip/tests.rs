//! Phiếu trình (CN-302 to CN-304).

use proptest::prelude::*;
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::ids::{AccountId, AgencyId, PostId};
use crate::outgoing::{OutgoingFacts, OutgoingState};
use crate::people::{Actor, Role};

fn post(n: u128) -> PostId {
    PostId::from_uuid(Uuid::from_u128(n))
}

fn agency() -> AgencyId {
    AgencyId::from_uuid(Uuid::from_u128(900))
}

fn account(n: u128) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(n))
}

fn actor(n: u128) -> Actor {
    Actor::new(account(n), post(n), agency(), None, Role::Officer)
}

const MAKER: u128 = 1;

/// A slip whose leaders stand in these steps; 10 and more.
fn running(steps: &[&[u128]]) -> SlipFacts {
    let deciders = (1_u32..).zip(steps).flat_map(|(step, people)| {
        people.iter().map(move |n| Decider {
            post: post(*n),
            step,
            asked: SlipAsked::Approve,
            answer: None,
        })
    });
    SlipFacts {
        agency: agency(),
        maker: post(MAKER),
        maker_account: account(MAKER),
        state: SlipState::Running,
        round: 1,
        deciders: deciders.collect(),
        advisers: vec![post(50)],
    }
}

fn answer(slip: &mut SlipFacts, n: u128, given: SlipAnswer) -> Result<SlipPlan, &'static str> {
    let plan = decide(&actor(n), slip, given, "Cần bổ sung kinh phí.").map_err(|refusal| refusal.code)?;
    for one in &mut slip.deciders {
        if one.post == post(n) {
            one.answer = Some(given);
        }
    }
    slip.state = plan.next;
    Ok(plan)
}

fn member(n: u128) -> Member {
    Member {
        post: post(n),
        account: Some(account(n)),
        is_of_agency: true,
    }
}

fn steps(of: &[&[u128]]) -> Vec<Vec<Member>> {
    of.iter()
        .map(|people| people.iter().map(|n| member(*n)).collect())
        .collect()
}

#[test]
fn cn_302_leaders_answer_in_their_order_and_the_last_one_decides() {
    use SlipAnswer::Approve;
    let mut slip = running(&[&[10], &[20, 21], &[30]]);
    assert_eq!(slip.awaited(), [post(10)]);
    assert_eq!(answer(&mut slip, 20, Approve), Err("slip.not_your_turn"));
    assert_eq!(answer(&mut slip, 50, Approve), Err("slip.not_decider"));
    assert_eq!(answer(&mut slip, MAKER, Approve), Err("slip.not_decider"));
    assert_eq!(answer(&mut slip, 10, Approve).unwrap().begins_step, Some(2));
    // Side by side, in any order.
    assert_eq!(slip.awaited(), [post(20), post(21)]);
    assert_eq!(answer(&mut slip, 21, Approve).unwrap().begins_step, None);
    assert_eq!(answer(&mut slip, 21, Approve), Err("slip.answered"));
    assert_eq!(answer(&mut slip, 30, Approve), Err("slip.not_your_turn"));
    assert_eq!(answer(&mut slip, 20, Approve).unwrap().begins_step, Some(3));
    let last = answer(&mut slip, 30, Approve).unwrap();
    assert_eq!((last.next, last.ends_round), (SlipState::Approved, true));
    assert!(slip.awaited().is_empty());
    assert_eq!(answer(&mut slip, 30, Approve), Err("slip.not_running"));
}

#[test]
fn cn_302_one_refusal_returns_the_whole_slip_and_needs_words() {
    let mut slip = running(&[&[10, 11], &[30]]);
    let silent = decide(&actor(10), &slip, SlipAnswer::Return, " ");
    assert_eq!(silent.map_err(|refusal| refusal.field), Err(Some("comment")));
    let plan = answer(&mut slip, 10, SlipAnswer::Return).unwrap();
    assert_eq!((plan.next, plan.ends_round), (SlipState::Returned, true));
    // Who stood beside has nothing left to answer.
    assert_eq!(
        answer(&mut slip, 11, SlipAnswer::Approve),
        Err("slip.not_running")
    );
    let content = SlipContent {
        subject: "Xin chủ trương",
        body: "",
        steps: &steps(&[&[10], &[30]]),
        signers: &[],
        advisers: &[],
    };
    assert!(submit(&actor(MAKER), &slip, &content).is_ok());
    assert_eq!(
        submit(&actor(10), &slip, &content).map_err(|refusal| refusal.code),
        Err("slip.not_maker")
    );
}

#[rstest]
#[case(vec![], vec![], "slip.nobody")]
#[case(vec![vec![10], vec![20, 21]], vec![], "slip.last_together")]
#[case(vec![vec![10], vec![10]], vec![], "slip.twice")]
#[case(vec![vec![10]], vec![10], "slip.twice")]
#[case(vec![vec![1]], vec![], "slip.oneself")]
#[case(vec![vec![10]], vec![1], "slip.oneself")]
fn cn_302_who_is_on_a_slip(#[case] chosen: Vec<Vec<u128>>, #[case] advisers: Vec<u128>, #[case] code: &str) {
    let slip = SlipFacts {
        state: SlipState::Draft,
        ..running(&[])
    };
    let advisers: Vec<Member> = advisers.into_iter().map(member).collect();
    let chosen: Vec<&[u128]> = chosen.iter().map(Vec::as_slice).collect();
    let content = SlipContent {
        subject: "Xin chủ trương mua sắm",
        body: "",
        steps: &steps(&chosen),
        signers: &[],
        advisers: &advisers,
    };
    let refused = submit(&actor(MAKER), &slip, &content).map_err(|refusal| refusal.code);
    assert_eq!(refused, Err(code));
}

#[test]
fn cn_302_what_a_slip_says() {
    let of = |subject: &str, body: &str, role: Role| {
        let who = Actor { role, ..actor(MAKER) };
        let content = SlipContent {
            subject,
            body,
            steps: &[],
            signers: &[],
            advisers: &[],
        };
        save(&who, None, &content).map_err(|refusal| refusal.code)
    };
    assert_eq!(of("Xin chủ trương", "", Role::Officer), Ok(()));
    assert_eq!(
        of("Xin chủ trương", "", Role::Administrator),
        Err("slip.administrator")
    );
    assert_eq!(of(" ", "", Role::Officer), Err("slip.no_subject"));
    assert_eq!(
        of(&"a".repeat(501), "", Role::Officer),
        Err("slip.subject_too_long")
    );
    assert_eq!(
        of("a", &"a".repeat(20_001), Role::Officer),
        Err("slip.body_too_long")
    );
    let secret = of("Xin chủ trương", "Một câu.\nTỐI MẬT\nMột câu.", Role::Officer);
    assert_eq!(secret, Err("secrecy.state_secret"));
}

#[rstest]
#[case(SlipState::Draft, Ok(()))]
#[case(SlipState::Running, Ok(()))]
#[case(SlipState::Returned, Ok(()))]
#[case(SlipState::Approved, Err("slip.closed"))]
#[case(SlipState::Cancelled, Err("slip.closed"))]
fn cn_302_its_maker_gives_a_slip_up_until_it_is_approved(
    #[case] state: SlipState,
    #[case] expected: Result<(), &str>,
) {
    let slip = SlipFacts {
        state,
        ..running(&[&[10]])
    };
    assert_eq!(
        cancel(&actor(MAKER), &slip, "Trùng").map_err(|refusal| refusal.code),
        expected
    );
    assert!(cancel(&actor(10), &slip, "Trùng").is_err());
    assert!(cancel(&actor(MAKER), &slip, " ").is_err());
}

/// The same slip, with these leaders asked for their signature.
fn signed_by(mut slip: SlipFacts, signers: &[u128]) -> SlipFacts {
    for one in &mut slip.deciders {
        if signers.iter().any(|n| one.post == post(*n)) {
            one.asked = SlipAsked::Sign;
        }
    }
    slip
}

#[test]
fn cn_302_phe_duyet_and_ky_duyet_are_given_as_asked_and_a_return_needs_no_signature() {
    use SlipAnswer::{Approve, Return, Sign};
    let mut slip = signed_by(running(&[&[10], &[30]]), &[30]);
    assert_eq!(answer(&mut slip, 10, Sign), Err("slip.signature_not_asked"));
    assert_eq!(answer(&mut slip, 10, Approve).unwrap().begins_step, Some(2));
    let plain = decide(&actor(30), &slip, Approve, "").unwrap_err();
    assert_eq!((plain.clause, plain.code), ("CN-302", "slip.signature_asked"));
    let returned = decide(&actor(30), &slip, Return, "Bổ sung.").unwrap();
    assert_eq!(returned.next, SlipState::Returned);
    assert_eq!(answer(&mut slip, 30, Sign).unwrap().next, SlipState::Approved);
}

#[test]
fn cn_302_who_acts_in_somebodys_place_does_not_sign() {
    use crate::delegation::{Function, Scope};
    let slip = signed_by(running(&[&[10]]), &[10]);
    let substitute = Actor {
        account: account(77),
        in_place: Some(Scope::of(Function::ALL)),
        ..actor(10)
    };
    let refused = decide(&substitute, &slip, SlipAnswer::Sign, "").unwrap_err();
    assert_eq!(refused.clause, "ND30-13.3");
    assert!(refused.message.contains("tự ký duyệt"), "{}", refused.message);
    assert!(in_person(&actor(10)).is_ok());
}

#[test]
fn cn_302_who_signs_is_one_of_the_leaders() {
    let slip = SlipFacts {
        state: SlipState::Draft,
        ..running(&[])
    };
    let of = |signers: &[PostId]| {
        let content = SlipContent {
            subject: "Xin chủ trương",
            body: "",
            steps: &steps(&[&[10], &[30]]),
            signers,
            advisers: &[member(50)],
        };
        submit(&actor(MAKER), &slip, &content).map_err(|refusal| refusal.code)
    };
    assert_eq!(of(&[post(30)]), Ok(()));
    assert_eq!(of(&[post(10), post(30)]), Ok(()));
    assert_eq!(of(&[post(50)]), Err("slip.signer_unknown"));
}

#[test]
fn cn_302_one_person_in_two_posts_is_not_laid_before_oneself() {
    let other_post_of = |n: u128, person: u128| Member {
        account: Some(account(person)),
        ..member(n)
    };
    let slip = SlipFacts {
        state: SlipState::Draft,
        ..running(&[])
    };
    let of = |leader: Member, adviser: Member| {
        let content = SlipContent {
            subject: "Xin chủ trương",
            body: "",
            steps: &[vec![leader]],
            signers: &[],
            advisers: &[adviser],
        };
        submit(&actor(MAKER), &slip, &content).map_err(|refusal| refusal.code)
    };
    assert_eq!(of(member(10), member(50)), Ok(()));
    assert_eq!(of(other_post_of(10, MAKER), member(50)), Err("slip.oneself"));
    assert_eq!(of(member(10), other_post_of(50, MAKER)), Err("slip.oneself"));
    assert_eq!(of(member(10), other_post_of(50, 10)), Err("slip.twice"));
    // Who took over a post afterwards does not answer the own slip either, nor is asked for advice on it.
    let running = running(&[&[10]]);
    let maker_in_another_post = Actor {
        account: account(MAKER),
        ..actor(10)
    };
    let refused = decide(&maker_in_another_post, &running, SlipAnswer::Approve, "");
    assert_eq!(refused.map_err(|refusal| refusal.code), Err("slip.oneself"));
    let asked = ask_advice(&actor(10), &running, &[other_post_of(60, MAKER)]);
    assert_eq!(asked.map_err(|refusal| refusal.code), Err("slip.asked_twice"));
}

#[test]
fn cn_302_whoever_took_part_sees_the_rounds_up_to_their_last_one() {
    let slip = SlipFacts {
        round: 3,
        ..running(&[&[10]])
    };
    assert_eq!(rounds_seen(&actor(MAKER), &slip, &[]), 3);
    assert_eq!(rounds_seen(&actor(11), &slip, &[1]), 1);
    assert_eq!(rounds_seen(&actor(12), &slip, &[1, 2]), 2);
    assert_eq!(rounds_seen(&actor(10), &slip, &[3]), 3);
    // Who took over the post of somebody on it.
    assert_eq!(rounds_seen(&actor(13), &slip, &[]), 3);
}

#[test]
fn cn_304_advice_is_given_while_the_slip_runs_and_holds_nothing_up() {
    let mut slip = running(&[&[10]]);
    assert_eq!(advise(&actor(50), &slip, "Nhất trí."), Ok(()));
    let code = |decision: crate::Decision<()>| decision.map_err(|refusal| refusal.code);
    assert_eq!(
        code(advise(&actor(10), &slip, "Nhất trí.")),
        Err("slip.not_asked")
    );
    assert_eq!(code(advise(&actor(50), &slip, " ")), Err("slip.no_advice"));
    assert_eq!(code(ask_advice(&actor(10), &slip, &[member(51)])), Ok(()));
    assert_eq!(code(ask_advice(&actor(MAKER), &slip, &[member(51)])), Ok(()));
    for known in [MAKER, 10, 50] {
        let twice = ask_advice(&actor(10), &slip, &[member(known)]);
        assert_eq!(code(twice), Err("slip.asked_twice"));
    }
    assert_eq!(
        code(ask_advice(&actor(50), &slip, &[member(51)])),
        Err("slip.may_not_ask")
    );
    // Nobody gave advice, and the slip is decided all the same.
    let plan = answer(&mut slip, 10, SlipAnswer::Approve).unwrap();
    assert_eq!(plan.next, SlipState::Approved);
    assert_eq!(
        code(advise(&actor(50), &slip, "Không nhất trí.")),
        Err("slip.not_running")
    );
    assert_eq!(
        code(ask_advice(&actor(10), &slip, &[member(51)])),
        Err("slip.not_running")
    );
}

#[test]
fn cn_303_a_slip_carries_the_own_draft_that_no_other_slip_carries() {
    let draft = |drafter, state| OutgoingFacts {
        state,
        agency: agency(),
        drafting_unit: None,
        drafter: post(drafter),
        co_drafters: Vec::new(),
        signer: Some(post(30)),
        version: 1,
        content_sign_off: None,
        form_sign_off: None,
        approval: None,
    };
    let of = |facts: &OutgoingFacts, is_carried| {
        carry_draft(&actor(MAKER), &CarriedDraft { facts, is_carried }).map_err(|refusal| refusal.code)
    };
    let own = draft(MAKER, OutgoingState::Draft);
    assert_eq!(of(&own, false), Ok(()));
    assert_eq!(of(&own, true), Err("slip.draft_carried"));
    assert_eq!(
        of(&draft(2, OutgoingState::Draft), false),
        Err("slip.not_own_draft")
    );
    for state in OutgoingState::ALL
        .iter()
        .filter(|state| **state != OutgoingState::Draft)
    {
        assert_eq!(of(&draft(MAKER, *state), false), Err("slip.draft_submitted"));
    }
    assert!(leave_draft_alone(false).is_ok());
    assert_eq!(
        leave_draft_alone(true).map_err(|refusal| refusal.clause),
        Err("CN-303")
    );
}

#[rstest]
#[case(SlipState::Draft, false)]
#[case(SlipState::Running, true)]
#[case(SlipState::Returned, false)]
#[case(SlipState::Approved, true)]
#[case(SlipState::Cancelled, false)]
fn qc01_4_2_the_people_of_a_round_see_the_draft_as_long_as_it_is_theirs(
    #[case] outcome: SlipState,
    #[case] sees: bool,
) {
    assert_eq!(goes_on_seeing_draft(outcome), sees);
}

proptest! {
    /// Whatever the order of answers within the steps, the slip is approved exactly when everybody approved, and
    /// somebody is awaited as long as it runs.
    #[test]
    fn cn_302_a_slip_that_runs_always_waits_for_somebody(
        sizes in prop::collection::vec(1_u128..4, 0..5),
        picks in prop::collection::vec(any::<prop::sample::Index>(), 20),
        returned_at in prop::option::of(0_usize..16),
    ) {
        let mut next = 10;
        let mut people: Vec<Vec<u128>> = sizes.iter().map(|size| { next += 10; (next..next + size).collect() }).collect();
        people.push(vec![99]);
        let chosen: Vec<&[u128]> = people.iter().map(Vec::as_slice).collect();
        let mut slip = running(&chosen);
        for (answers, pick) in picks.into_iter().enumerate() {
            if slip.state != SlipState::Running { break; }
            let awaited = slip.awaited();
            prop_assert!(!awaited.is_empty());
            let who = pick.get(&awaited).as_uuid().as_u128();
            let given = if returned_at == Some(answers) { SlipAnswer::Return } else { SlipAnswer::Approve };
            prop_assert!(answer(&mut slip, who, given).is_ok());
        }
        let all = people.iter().map(Vec::len).sum::<usize>();
        let expected = if returned_at.is_some_and(|at| at < all) { SlipState::Returned } else { SlipState::Approved };
        prop_assert_eq!(slip.state, expected);
    }
}
