//! What an agency may order, clause by clause.

use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::ids::{AccountId, PostId};
use crate::people::Role;

fn agency(n: u128) -> AgencyId {
    AgencyId::from_uuid(Uuid::from_u128(n))
}

fn actor(of: u128, role: Role) -> Actor {
    let id = Uuid::from_u128(77);
    Actor::new(
        AccountId::from_uuid(id),
        PostId::from_uuid(id),
        agency(of),
        None,
        role,
    )
}

const fn issued(agency: AgencyId) -> IssuedFacts {
    IssuedFacts {
        agency,
        state: OutgoingState::Issued,
        is_recalled: false,
        is_replaced: false,
        awaits_update: false,
    }
}

fn order(notice: Option<NoticeFacts>) -> RecallOrder<'static> {
    RecallOrder {
        reason: "Ban hành nhầm đối tượng",
        decision: "Chủ tịch, ý kiến ngày 08/01/2026",
        notice,
    }
}

fn notice(of: u128) -> NoticeFacts {
    NoticeFacts {
        agency: agency(of),
        state: OutgoingState::Issued,
        is_recalled: false,
        is_the_document: false,
    }
}

#[test]
fn nd30_18_4b_a_recall_needs_the_clerk_a_reason_a_decision_and_the_notice() {
    let (clerk, doc, policy) = (actor(1, Role::Clerk), issued(agency(1)), RecallPolicy::default());
    let clause = |actor: &Actor, doc: &IssuedFacts, order: RecallOrder<'_>| {
        recall(actor, doc, policy, &order).map_err(|refusal| (refusal.clause, refusal.code))
    };
    assert_eq!(clause(&clerk, &doc, order(Some(notice(1)))), Ok(()));
    for stranger in [
        actor(2, Role::Clerk),
        actor(1, Role::Leader),
        actor(1, Role::Officer),
    ] {
        assert_eq!(
            clause(&stranger, &doc, order(Some(notice(1)))),
            Err(("ND30-4.2b", "outgoing.not_clerk"))
        );
    }
    let without = |change: fn(&mut RecallOrder<'static>)| {
        let mut order = order(Some(notice(1)));
        change(&mut order);
        clause(&clerk, &doc, order)
    };
    assert_eq!(
        without(|o| o.reason = "  "),
        Err(("QD28-8.2", "outgoing.no_reason"))
    );
    assert_eq!(
        without(|o| o.decision = ""),
        Err(("ND30-18.4", "outgoing.recall_undecided"))
    );
    assert_eq!(
        without(|o| o.notice = None),
        Err(("ND30-18.4b", "outgoing.recall_notice"))
    );
    assert_eq!(
        without(|o| o.notice = Some(notice(2))),
        Err(("ND30-18.4b", "outgoing.recall_notice"))
    );
    let itself = NoticeFacts {
        is_the_document: true,
        ..notice(1)
    };
    assert_eq!(
        clause(&clerk, &doc, order(Some(itself))),
        Err(("ND30-18.4b", "outgoing.recall_notice"))
    );
    let lax = RecallPolicy {
        notice_required: false,
    };
    assert_eq!(recall(&clerk, &doc, lax, &order(None)), Ok(()));
}

#[test]
fn pl6_iii_8_a_document_is_recalled_once_and_then_frozen() {
    let clerk = actor(1, Role::Clerk);
    let frozen = IssuedFacts {
        is_recalled: true,
        ..issued(agency(1))
    };
    let refused = |decision: Decision<()>| decision.unwrap_err().clause;
    assert_eq!(
        refused(recall(
            &clerk,
            &frozen,
            RecallPolicy::default(),
            &order(Some(notice(1)))
        )),
        "PL6-III.8"
    );
    assert_eq!(refused(update(&clerk, &frozen, "sửa", true)), "PL6-III.8");
    assert_eq!(refused(replace(agency(1), &frozen, false)), "PL6-III.8");
    let again = resend(
        &clerk,
        &frozen,
        DeliveryState::Refused,
        RecallState::Requested,
        "gửi",
    );
    assert_eq!(again.unwrap_err().clause, "PL6-III.8");
    // The recall itself may be asked for again where it was not agreed to.
    let again = resend(
        &clerk,
        &frozen,
        DeliveryState::Received,
        RecallState::Refused,
        "đề nghị xem lại",
    );
    assert_eq!(again, Ok(Business::Recall));
}

#[rstest]
#[case(OutgoingState::Draft)]
#[case(OutgoingState::Approved)]
#[case(OutgoingState::Numbered)]
#[case(OutgoingState::Voided)]
fn nd30_18_4_only_what_was_issued_is_recalled_updated_or_replaced(#[case] state: OutgoingState) {
    let clerk = actor(1, Role::Clerk);
    let doc = IssuedFacts {
        state,
        ..issued(agency(1))
    };
    let clause = |decision: Decision<()>| decision.unwrap_err().clause;
    assert_eq!(
        clause(recall(
            &clerk,
            &doc,
            RecallPolicy::default(),
            &order(Some(notice(1)))
        )),
        "ND30-18.4"
    );
    assert_eq!(clause(update(&clerk, &doc, "sửa", true)), "ND30-18.4");
    assert_eq!(clause(replace(agency(1), &doc, false)), "ND30-18.3");
}

#[test]
fn cn_221_one_update_at_a_time_and_only_when_something_changes() {
    let (clerk, doc) = (actor(1, Role::Clerk), issued(agency(1)));
    assert_eq!(update(&clerk, &doc, "Ghi nhầm hạn trả lời", true), Ok(()));
    assert_eq!(
        update(&clerk, &doc, "Ghi nhầm", false).unwrap_err().code,
        "outgoing.nothing_changed"
    );
    assert_eq!(
        update(&clerk, &doc, "", true).unwrap_err().code,
        "outgoing.no_reason"
    );
    let waiting = IssuedFacts {
        awaits_update: true,
        ..doc
    };
    assert_eq!(
        update(&clerk, &waiting, "sửa", true).unwrap_err().code,
        "outgoing.update_open"
    );
    // A recall does not wait for recipients who never answer an update.
    assert_eq!(
        recall(&clerk, &waiting, RecallPolicy::default(), &order(Some(notice(1)))),
        Ok(())
    );
}

#[test]
fn cn_219_an_own_issued_document_is_replaced_once() {
    let doc = issued(agency(1));
    assert_eq!(replace(agency(1), &doc, false), Ok(()));
    let code = |decision: Decision<()>| decision.unwrap_err().code;
    assert_eq!(code(replace(agency(2), &doc, false)), "outgoing.not_replaceable");
    assert_eq!(code(replace(agency(1), &doc, true)), "outgoing.replaces_itself");
    let replaced = IssuedFacts {
        is_replaced: true,
        ..doc
    };
    assert_eq!(
        code(replace(agency(1), &replaced, false)),
        "outgoing.replaced_before"
    );
}

#[test]
fn nd30_18_3_cn_219_form_is_corrected_by_an_official_letter_alone() {
    let doc = issued(agency(1));
    assert_eq!(correct(agency(1), "cong_van", &doc, false), Ok(()));
    let replaced = IssuedFacts {
        is_replaced: true,
        ..doc
    };
    assert_eq!(correct(agency(1), "cong_van", &replaced, false), Ok(()));
    let said = |decision: Decision<()>| decision.map_err(|refusal| (refusal.clause, refusal.code));
    assert_eq!(
        said(correct(agency(1), "quyet_dinh", &doc, false)),
        Err(("ND30-18.3", "outgoing.correction_by_letter"))
    );
    let draft = IssuedFacts {
        state: OutgoingState::Draft,
        ..doc
    };
    for decision in [
        correct(agency(2), "cong_van", &doc, false),
        correct(agency(1), "cong_van", &draft, false),
        correct(agency(1), "cong_van", &doc, true),
    ] {
        assert_eq!(said(decision), Err(("ND30-18.3", "outgoing.not_correctable")));
    }
    let recalled = IssuedFacts {
        is_recalled: true,
        ..doc
    };
    assert_eq!(
        said(correct(agency(1), "cong_van", &recalled, false)),
        Err(("PL6-III.8", "outgoing.frozen"))
    );
}

#[rstest]
#[case(DeliveryState::Pending, LineRecall::Drop)]
#[case(DeliveryState::Failed, LineRecall::Ask)]
#[case(DeliveryState::Refused, LineRecall::Ask)]
#[case(DeliveryState::Finished, LineRecall::Ask)]
#[case(DeliveryState::Paper, LineRecall::Paper)]
#[case(DeliveryState::Dropped, LineRecall::Nothing)]
fn qd28_8_2_a_line_that_never_left_is_dropped_and_all_others_are_asked(
    #[case] state: DeliveryState,
    #[case] expected: LineRecall,
) {
    assert_eq!(recall_line(state), expected);
}

#[rstest]
#[case(DeliveryState::Refused, "Đã bổ sung", Ok(Business::Update))]
#[case(DeliveryState::Refused, " ", Err("outgoing.no_reason"))]
#[case(DeliveryState::Failed, "", Ok(Business::New))]
#[case(DeliveryState::Received, "gửi", Err("outgoing.no_resend"))]
#[case(DeliveryState::Paper, "gửi", Err("outgoing.no_resend"))]
fn cn_217_what_was_returned_goes_again_as_an_update(
    #[case] line: DeliveryState,
    #[case] reason: &str,
    #[case] expected: Result<Business, &str>,
) {
    let (clerk, doc) = (actor(1, Role::Clerk), issued(agency(1)));
    let sent = resend(&clerk, &doc, line, RecallState::None, reason);
    assert_eq!(sent.map_err(|refusal| refusal.code), expected);
}
