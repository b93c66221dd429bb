//! CN-207: rounds of opinions on a draft.

use super::*;

fn asked(actor: &Actor) -> Consulted {
    Consulted {
        post: actor.post,
        may_be_asked: true,
    }
}

fn round<'a>(members: &'a [Consulted]) -> Round<'a> {
    Round {
        members,
        question: "Đề nghị cho ý kiến về Điều 2",
        due_on: date(2026, 11, 25),
    }
}

fn facts(manner: Manner, members: Vec<(PostId, bool)>) -> RoundFacts {
    RoundFacts {
        asked_by: drafter().post,
        manner,
        due_on: date(2026, 11, 25),
        is_closed: false,
        members,
    }
}

const TODAY: jiff::civil::Date = date(2026, 11, 22);

#[test]
fn cn_207_all_are_asked_at_once_or_one_after_another() {
    let (a, b) = (other_head().post, other_leader().post);
    let awaited = |manner, first, second| facts(manner, vec![(a, first), (b, second)]).awaited();
    assert_eq!(awaited(Manner::Parallel, false, false), [a, b]);
    assert_eq!(awaited(Manner::Parallel, true, false), [b]);
    assert_eq!(awaited(Manner::Sequential, false, false), [a]);
    assert_eq!(awaited(Manner::Sequential, true, false), [b]);
    assert!(awaited(Manner::Sequential, true, true).is_empty());
    let closed = RoundFacts {
        is_closed: true,
        ..facts(Manner::Parallel, vec![(a, false)])
    };
    assert!(closed.awaited().is_empty());
}

#[rstest]
#[case(OutgoingState::Draft, drafter(), true)]
#[case(OutgoingState::Draft, unit_head(), false)]
#[case(OutgoingState::ContentReview, unit_head(), true)]
#[case(OutgoingState::Approval, signer(), true)]
#[case(OutgoingState::Approved, drafter(), false)]
#[case(OutgoingState::Signing, signer(), false)]
#[case(OutgoingState::Issued, drafter(), false)]
#[case(OutgoingState::Cancelled, drafter(), false)]
fn cn_207_who_holds_the_draft_asks_before_it_is_approved(
    #[case] state: OutgoingState,
    #[case] by: Actor,
    #[case] allowed: bool,
) {
    let members = [asked(&other_head())];
    let answer = consult(&by, &document(state), &round(&members), TODAY);
    assert_eq!(answer.is_ok(), allowed, "{answer:?}");
}

#[test]
fn cn_207_a_round_names_colleagues_a_question_and_a_day_to_come() {
    let doc = document(OutgoingState::Draft);
    let one = [asked(&other_head())];
    let field = |round: &Round<'_>| consult(&drafter(), &doc, round, TODAY).unwrap_err().field;
    assert_eq!(field(&round(&[])), Some("members"));
    assert_eq!(field(&round(&[one[0], one[0]])), Some("members"));
    assert_eq!(field(&round(&[asked(&drafter())])), Some("members"));
    let gone = [Consulted {
        may_be_asked: false,
        ..one[0]
    }];
    assert_eq!(field(&round(&gone)), Some("members"));
    let many: Vec<Consulted> = (0..=MAX_CONSULTED as u128)
        .map(|n| Consulted {
            post: PostId::from_uuid(Uuid::from_u128(9_000 + n)),
            may_be_asked: true,
        })
        .collect();
    assert_eq!(field(&round(&many)), Some("members"));
    assert_eq!(
        field(&Round {
            question: " ",
            ..round(&one)
        }),
        Some("question")
    );
    assert_eq!(
        field(&Round {
            due_on: date(2026, 11, 21),
            ..round(&one)
        }),
        Some("due_on")
    );
    let secret = Round {
        question: "TỐI MẬT",
        ..round(&one)
    };
    assert_eq!(
        consult(&drafter(), &doc, &secret, TODAY).unwrap_err().clause,
        "QC01-1.2"
    );
}

#[test]
fn cn_207_a_reply_after_the_day_is_taken_and_marked_as_late() {
    let doc = document(OutgoingState::Draft);
    let round = facts(Manner::Parallel, vec![(other_head().post, false)]);
    let on = |day| reply(&other_head(), &doc, &round, OpinionView::Agree, "", day);
    assert_eq!(on(date(2026, 11, 25)), Ok(false));
    assert_eq!(on(date(2026, 11, 26)), Ok(true));
}

#[test]
fn cn_207_only_who_is_asked_replies_and_in_turn() {
    let doc = document(OutgoingState::Draft);
    let members = vec![(other_head().post, false), (other_leader().post, false)];
    let round = facts(Manner::Sequential, members);
    let by = |actor: &Actor, round: &RoundFacts| {
        reply(actor, &doc, round, OpinionView::Agree, "", TODAY).map_err(|refusal| refusal.code)
    };
    assert_eq!(by(&other_head(), &round), Ok(false));
    assert_eq!(by(&other_leader(), &round), Err("outgoing.not_your_turn"));
    assert_eq!(by(&clerk(), &round), Err("outgoing.not_consulted"));
    let closed = RoundFacts {
        is_closed: true,
        ..round.clone()
    };
    assert_eq!(by(&other_head(), &closed), Err("outgoing.consultation_closed"));
    // Who has replied may add to it.
    let replied = facts(
        Manner::Sequential,
        vec![(other_head().post, true), (other_leader().post, false)],
    );
    assert_eq!(by(&other_head(), &replied), Ok(false));
    let issued = document(OutgoingState::Issued);
    let late = reply(&other_head(), &issued, &round, OpinionView::Agree, "", TODAY);
    assert_eq!(late.unwrap_err().code, "outgoing.not_discussed");
}

#[rstest]
#[case(OpinionView::Agree, "", true)]
#[case(OpinionView::AgreeWithChanges, " ", false)]
#[case(OpinionView::Disagree, "", false)]
#[case(OpinionView::Disagree, "Trái với Luật Đất đai", true)]
fn cn_207_who_does_not_simply_agree_says_why(
    #[case] view: OpinionView,
    #[case] text: &str,
    #[case] allowed: bool,
) {
    let doc = document(OutgoingState::Draft);
    let round = facts(Manner::Parallel, vec![(other_head().post, false)]);
    assert_eq!(
        reply(&other_head(), &doc, &round, view, text, TODAY).is_ok(),
        allowed
    );
}

#[test]
fn cn_207_who_asked_or_drafts_closes_the_round_once() {
    let doc = document(OutgoingState::ContentReview);
    let round = RoundFacts {
        asked_by: unit_head().post,
        ..facts(Manner::Parallel, vec![(other_head().post, false)])
    };
    assert!(close_round(&unit_head(), &doc, &round).is_ok());
    assert!(close_round(&drafter(), &doc, &round).is_ok());
    assert!(close_round(&other_head(), &doc, &round).is_err());
    let closed = RoundFacts {
        is_closed: true,
        ..round
    };
    assert!(close_round(&drafter(), &doc, &closed).is_err());
}
