//! ND30-10.1, 10.4: colleagues who write with the drafter.

use super::*;

fn helper(actor: &Actor) -> Consulted {
    Consulted {
        post: actor.post,
        may_be_asked: true,
    }
}

fn with_helper(state: OutgoingState) -> OutgoingFacts {
    OutgoingFacts {
        co_drafters: vec![other_head().post],
        ..document(state)
    }
}

#[test]
fn nd30_10_1_a_co_drafter_changes_the_text_and_does_not_submit() {
    let doc = with_helper(OutgoingState::Draft);
    let plan = save_draft(&other_head(), Some(&doc), &fields(), true).unwrap();
    assert_eq!((plan.next, plan.version), (OutgoingState::Draft, 4));
    assert_eq!(
        submit(&other_head(), &doc, &fields()).unwrap_err().clause,
        "ND30-10.4"
    );
    // To ask colleagues is the drafter's, too.
    assert_eq!(may_consult(&other_head(), &doc).unwrap_err().clause, "ND30-10.4");
    assert!(may_consult(&drafter(), &doc).is_ok());
}

#[rstest]
#[case(OutgoingState::ContentReview)]
#[case(OutgoingState::FormReview)]
#[case(OutgoingState::Approval)]
#[case(OutgoingState::Approved)]
#[case(OutgoingState::Issued)]
fn nd30_10_1_after_the_draft_was_submitted_a_co_drafter_changes_nothing(#[case] state: OutgoingState) {
    assert!(save_draft(&other_head(), Some(&with_helper(state)), &fields(), true).is_err());
}

#[rstest]
#[case(unit_head(), OutgoingState::Draft, vec![helper(&other_head())], Err("ND30-10.4"))]
#[case(drafter(), OutgoingState::Draft, vec![helper(&other_head())], Ok(()))]
#[case(drafter(), OutgoingState::Draft, vec![], Ok(()))]
#[case(drafter(), OutgoingState::ContentReview, vec![], Err("ND30-10.1"))]
#[case(drafter(), OutgoingState::Draft, vec![helper(&drafter())], Err("ND30-10.1"))]
#[case(drafter(), OutgoingState::Draft, vec![Consulted { may_be_asked: false, ..helper(&other_head()) }], Err("ND30-10.1"))]
#[case(drafter(), OutgoingState::Draft, vec![helper(&other_head()); MAX_CO_DRAFTERS + 1], Err("ND30-10.1"))]
fn nd30_10_4_the_drafter_says_who_helps(
    #[case] by: Actor,
    #[case] state: OutgoingState,
    #[case] chosen: Vec<Consulted>,
    #[case] expected: Result<(), &str>,
) {
    let answer = set_co_drafters(&by, &document(state), &chosen);
    assert_eq!(answer.map_err(|refusal| refusal.clause), expected);
}
