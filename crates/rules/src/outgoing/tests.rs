mod before_issue;
mod co_drafters;
mod consultation;
mod issuing;
mod paper_main_copy;
mod signing;

use jiff::civil::date;
use proptest::prelude::*;
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::ids::{AccountId, AgencyId, PostId, UnitId};
use crate::legal_value::SignatureVerdict;
use crate::people::{Actor, Role};
use crate::secrecy::{SecrecyLevel, SecretMarks};
use crate::urgency::Urgency;

const AGENCY: AgencyId = AgencyId::from_uuid(Uuid::from_u128(1));
const OTHER_AGENCY: AgencyId = AgencyId::from_uuid(Uuid::from_u128(2));
const UNIT: UnitId = UnitId::from_uuid(Uuid::from_u128(11));
const OTHER_UNIT: UnitId = UnitId::from_uuid(Uuid::from_u128(12));

fn actor(id: u128, agency: AgencyId, unit: Option<UnitId>, role: Role) -> Actor {
    let post = PostId::from_uuid(Uuid::from_u128(100 + id));
    Actor::new(
        AccountId::from_uuid(Uuid::from_u128(200 + id)),
        post,
        agency,
        unit,
        role,
    )
}

fn drafter() -> Actor {
    actor(1, AGENCY, Some(UNIT), Role::Officer)
}
fn unit_head() -> Actor {
    actor(2, AGENCY, Some(UNIT), Role::UnitHead)
}
fn clerk() -> Actor {
    actor(3, AGENCY, Some(OTHER_UNIT), Role::Clerk)
}
fn signer() -> Actor {
    actor(4, AGENCY, None, Role::Leader)
}
fn other_leader() -> Actor {
    actor(5, AGENCY, None, Role::Leader)
}
fn foreign_clerk() -> Actor {
    actor(6, OTHER_AGENCY, None, Role::Clerk)
}
fn other_head() -> Actor {
    actor(7, AGENCY, Some(OTHER_UNIT), Role::UnitHead)
}

fn document(state: OutgoingState) -> OutgoingFacts {
    let given = |by: &Actor| {
        Some(SignOff {
            post: by.post,
            version: 3,
        })
    };
    OutgoingFacts {
        state,
        agency: AGENCY,
        drafting_unit: Some(UNIT),
        drafter: drafter().post,
        co_drafters: Vec::new(),
        signer: Some(signer().post),
        version: 3,
        content_sign_off: given(&unit_head()),
        form_sign_off: given(&clerk()),
        approval: given(&signer()),
    }
}

fn fields() -> DraftFields<'static> {
    DraftFields {
        document_type: "cong_van",
        subject: "Báo cáo tình hình sử dụng Hệ thống",
        urgency: Some(Urgency::Normal),
        secrecy: SecrecyLevel::None,
        signer: Some(signer().post),
        recipients: 2,
        has_main_file: true,
        today: date(2026, 11, 22),
    }
}

fn issue_facts() -> IssueFacts<'static> {
    IssueFacts {
        main_file_is_pdf: true,
        recipients: 2,
        signatures_required: false,
        person_signature: SignatureVerdict::Absent,
        agency_signature: SignatureVerdict::Absent,
        secrecy: SecretMarks::default(),
    }
}

/// The document after a plan, as the application stores it.
fn apply(doc: &OutgoingFacts, plan: &OutgoingPlan, by: &Actor) -> OutgoingFacts {
    let given = |mark: Mark, before: Option<SignOff>| match mark {
        Mark::Keep => before,
        Mark::Give => Some(SignOff {
            post: by.post,
            version: plan.version,
        }),
        Mark::Void => None,
    };
    OutgoingFacts {
        state: plan.next,
        version: plan.version,
        content_sign_off: given(plan.content_sign_off, doc.content_sign_off),
        form_sign_off: given(plan.form_sign_off, doc.form_sign_off),
        approval: given(plan.approval, doc.approval),
        ..doc.clone()
    }
}

#[test]
fn nd30_10_to_14_a_document_goes_from_draft_to_issue() {
    let plan = save_draft(&drafter(), None, &fields(), true).unwrap();
    let mut doc = OutgoingFacts {
        version: plan.version,
        content_sign_off: None,
        form_sign_off: None,
        approval: None,
        ..document(plan.next)
    };
    let plan = submit(&drafter(), &doc, &fields()).unwrap();
    assert_eq!(plan.waiting, Waiting::UnitHead(UNIT));
    doc = apply(&doc, &plan, &drafter());
    doc = apply(&doc, &sign_off_content(&unit_head(), &doc).unwrap(), &unit_head());
    doc = apply(&doc, &sign_off_form(&clerk(), &doc).unwrap(), &clerk());
    let plan = approve(&signer(), &doc).unwrap();
    assert_eq!(plan.waiting, Waiting::Clerk(AGENCY));
    doc = apply(&doc, &plan, &signer());
    let plan = issue(&clerk(), &doc, &issue_facts()).unwrap();
    assert_eq!(
        (plan.next, plan.event),
        (OutgoingState::Issued, OutgoingEvent::Issued)
    );
}

#[rstest]
#[case(DraftFields { subject: "  ", ..fields() }, "ND30-10.2", Some("subject"))]
#[case(DraftFields { document_type: "khong_co", ..fields() }, "ND30-7", Some("document_type"))]
#[case(DraftFields { urgency: None, ..fields() }, "ND30-10.2", Some("urgency"))]
#[case(DraftFields { secrecy: SecrecyLevel::Secret, ..fields() }, "QC01-1.2", Some("secrecy"))]
#[case(DraftFields { subject: "TỐI MẬT", ..fields() }, "QC01-1.2", Some("content"))]
fn nd30_10_2_required_fields_are_asked_for(
    #[case] fields: DraftFields<'static>,
    #[case] clause: &str,
    #[case] field: Option<&str>,
) {
    let refusal = save_draft(&drafter(), None, &fields, true).unwrap_err();
    assert_eq!((refusal.clause, refusal.field), (clause, field));
}

#[rstest]
#[case(DraftFields { recipients: 0, ..fields() }, "recipients")]
#[case(DraftFields { signer: None, ..fields() }, "signer")]
#[case(DraftFields { has_main_file: false, ..fields() }, "main_file")]
fn nd30_10_2_submitting_asks_for_more_than_saving(#[case] fields: DraftFields<'static>, #[case] field: &str) {
    assert!(save_draft(&drafter(), None, &fields, true).is_ok());
    let refusal = submit(&drafter(), &document(OutgoingState::Draft), &fields).unwrap_err();
    assert_eq!((refusal.clause, refusal.field), ("ND30-10.2", Some(field)));
}

#[test]
fn nd30_10_4_only_the_drafter_submits() {
    let refusal = submit(&unit_head(), &document(OutgoingState::Draft), &fields()).unwrap_err();
    assert_eq!(refusal.clause, "ND30-10.4");
}

#[rstest]
#[case(drafter())]
#[case(signer())]
fn nd30_11_2_a_change_after_approval_voids_it_and_returns_to_draft(#[case] by: Actor) {
    let doc = document(OutgoingState::Approved);
    let plan = save_draft(&by, Some(&doc), &fields(), true).unwrap();
    assert_eq!((plan.next, plan.version), (OutgoingState::Draft, 4));
    assert_eq!(
        (plan.content_sign_off, plan.form_sign_off, plan.approval),
        (Mark::Void, Mark::Void, Mark::Void)
    );
    assert_eq!(plan.event, OutgoingEvent::ChangedAfterReview);
}

#[test]
fn nd30_11_2_saving_without_a_change_keeps_the_approval() {
    let doc = document(OutgoingState::Approved);
    let plan = save_draft(&drafter(), Some(&doc), &fields(), false).unwrap();
    assert_eq!(
        (plan.next, plan.version, plan.approval),
        (OutgoingState::Approved, 3, Mark::Keep)
    );
}

#[rstest]
#[case(OutgoingState::ContentReview, unit_head())]
#[case(OutgoingState::FormReview, clerk())]
#[case(OutgoingState::Approval, signer())]
fn nd30_12_cn_203_a_reviewers_correction_goes_through_the_checks_again(
    #[case] state: OutgoingState,
    #[case] by: Actor,
) {
    let plan = save_draft(&by, Some(&document(state)), &fields(), true).unwrap();
    assert_eq!(
        (plan.next, plan.version, plan.content_sign_off),
        (OutgoingState::ContentReview, 4, Mark::Void)
    );
}

#[rstest]
#[case(OutgoingState::Issued, "ND30-18.3")]
#[case(OutgoingState::Cancelled, "ND30-10.4")]
#[case(OutgoingState::ContentReview, "ND30-10.3")]
#[case(OutgoingState::Approval, "ND30-10.3")]
fn nd30_18_3_the_drafter_cannot_change_what_is_issued_or_under_review(
    #[case] state: OutgoingState,
    #[case] clause: &str,
) {
    assert_eq!(
        save_draft(&drafter(), Some(&document(state)), &fields(), true)
            .unwrap_err()
            .clause,
        clause
    );
}

#[test]
fn nd30_12_1_the_unit_head_signs_off_content_also_of_an_own_draft() {
    let own = OutgoingFacts {
        drafter: unit_head().post,
        ..document(OutgoingState::ContentReview)
    };
    let plan = sign_off_content(&unit_head(), &own).unwrap();
    assert_eq!(
        (plan.next, plan.content_sign_off),
        (OutgoingState::FormReview, Mark::Give)
    );
    for by in [drafter(), other_head(), clerk(), signer()] {
        let refusal = sign_off_content(&by, &document(OutgoingState::ContentReview)).unwrap_err();
        assert_eq!(refusal.clause, "ND30-12.1");
    }
}

#[test]
fn nd30_12_1_without_a_drafting_unit_a_leader_answers_for_content() {
    let doc = OutgoingFacts {
        drafting_unit: None,
        ..document(OutgoingState::ContentReview)
    };
    assert!(sign_off_content(&other_leader(), &doc).is_ok());
    assert!(sign_off_content(&unit_head(), &doc).is_err());
}

#[test]
fn nd30_12_2_a_clerk_or_an_assigned_person_signs_off_form() {
    let doc = document(OutgoingState::FormReview);
    let assigned = Actor {
        checks_form: true,
        ..other_head()
    };
    for by in [clerk(), assigned] {
        let plan = sign_off_form(&by, &doc).unwrap();
        assert_eq!(
            (plan.next, plan.form_sign_off),
            (OutgoingState::Approval, Mark::Give)
        );
    }
    for by in [drafter(), unit_head(), signer(), foreign_clerk()] {
        assert_eq!(sign_off_form(&by, &doc).unwrap_err().clause, "ND30-12.2");
    }
}

#[test]
fn nd30_11_1_only_the_named_signer_approves() {
    let doc = document(OutgoingState::Approval);
    assert_eq!(approve(&signer(), &doc).unwrap().approval, Mark::Give);
    for by in [drafter(), unit_head(), clerk(), other_leader()] {
        assert_eq!(approve(&by, &doc).unwrap_err().clause, "ND30-11.1");
    }
}

#[rstest]
#[case(Some(2), Some(3), "ND30-12.1")]
#[case(None, Some(3), "ND30-12.1")]
#[case(Some(3), Some(2), "ND30-12.2")]
#[case(Some(3), None, "ND30-12.2")]
fn nd30_12_approval_needs_both_sign_offs_of_the_very_same_version(
    #[case] content: Option<u32>,
    #[case] form: Option<u32>,
    #[case] clause: &str,
) {
    let given = |version: Option<u32>| {
        version.map(|version| SignOff {
            post: unit_head().post,
            version,
        })
    };
    let doc = OutgoingFacts {
        content_sign_off: given(content),
        form_sign_off: given(form),
        ..document(OutgoingState::Approval)
    };
    assert_eq!(approve(&signer(), &doc).unwrap_err().clause, clause);
}

#[rstest]
#[case(OutgoingState::Approval, signer(), OutgoingState::ContentReview)]
#[case(OutgoingState::FormReview, clerk(), OutgoingState::ContentReview)]
#[case(OutgoingState::ContentReview, unit_head(), OutgoingState::Draft)]
#[case(OutgoingState::Approved, signer(), OutgoingState::ContentReview)]
#[case(OutgoingState::Approved, clerk(), OutgoingState::Approval)]
fn nd30_10_3_a_return_goes_one_level_and_voids_the_approval(
    #[case] state: OutgoingState,
    #[case] by: Actor,
    #[case] next: OutgoingState,
) {
    let plan = return_with_comment(&by, &document(state), "Bổ sung số liệu tháng 10").unwrap();
    assert_eq!((plan.next, plan.approval, plan.version), (next, Mark::Void, 3));
    assert_eq!(
        plan.content_sign_off == Mark::Void,
        next != OutgoingState::Approval
    );
}

#[test]
fn nd30_10_3_a_return_needs_a_comment_and_the_right_person() {
    let doc = document(OutgoingState::Approval);
    assert_eq!(
        return_with_comment(&signer(), &doc, " ").unwrap_err().field,
        Some("comment")
    );
    assert_eq!(
        return_with_comment(&drafter(), &doc, "Sửa").unwrap_err().code,
        "outgoing.not_your_step"
    );
    for state in [
        OutgoingState::Draft,
        OutgoingState::Issued,
        OutgoingState::Cancelled,
    ] {
        let refusal = return_with_comment(&signer(), &document(state), "Sửa").unwrap_err();
        assert_eq!(refusal.code, "outgoing.nothing_to_return");
    }
}

#[rstest]
#[case(IssueFacts { main_file_is_pdf: false, ..issue_facts() }, "QC01-8.3b")]
#[case(IssueFacts { recipients: 0, ..issue_facts() }, "ND30-8.2i")]
#[case(IssueFacts { signatures_required: true, ..issue_facts() }, "QD28-8.1")]
#[case(IssueFacts { person_signature: SignatureVerdict::Invalid, ..issue_facts() }, "QD28-8.1")]
#[case(IssueFacts { secrecy: SecretMarks { texts: &["MẬT"], ..SecretMarks::default() }, ..issue_facts() }, "QD28-1.2")]
fn qd28_8_1_what_is_not_ready_is_not_issued(#[case] facts: IssueFacts<'static>, #[case] clause: &str) {
    assert_eq!(
        issue(&clerk(), &document(OutgoingState::Approved), &facts)
            .unwrap_err()
            .clause,
        clause
    );
}

/// One random act by one random person.
fn act(kind: u8, who: u8, doc: &OutgoingFacts) -> Option<(OutgoingPlan, Actor)> {
    let by = match who {
        0 => drafter(),
        1 => unit_head(),
        2 => clerk(),
        3 => signer(),
        4 => other_leader(),
        _ => foreign_clerk(),
    };
    let plan = match kind {
        0 => save_draft(&by, Some(doc), &fields(), true),
        1 => submit(&by, doc, &fields()),
        2 => sign_off_content(&by, doc),
        3 => sign_off_form(&by, doc),
        4 => approve(&by, doc),
        5 => return_with_comment(&by, doc, "Xem lại"),
        6 => issue(&by, doc, &issue_facts()),
        _ => save_draft(&by, Some(doc), &fields(), false),
    };
    plan.ok().map(|plan| (plan, by))
}

proptest! {
    #[test]
    fn nd30_11_whatever_people_do_only_an_approved_and_checked_version_is_issued(
        acts in proptest::collection::vec(
            // Mostly the acts that carry a document forward, so that most sequences reach an issue.
            prop_oneof![
                4 => proptest::sample::select(vec![(1_u8, 0_u8), (2, 1), (3, 2), (4, 3), (6, 2)]),
                1 => (0_u8..8, 0_u8..6),
            ],
            0..200,
        ),
    ) {
        let none = OutgoingFacts { content_sign_off: None, form_sign_off: None, approval: None, ..document(OutgoingState::Draft) };
        let mut doc = none;
        for (kind, who) in acts {
            let Some((plan, by)) = act(kind, who, &doc) else { continue };
            let after = apply(&doc, &plan, &by);
            prop_assert!(after.version >= doc.version);
            prop_assert!(doc.state != OutgoingState::Issued, "an issued document changed");
            if after.version > doc.version {
                prop_assert!(!after.stands(after.approval) && !after.stands(after.content_sign_off));
            }
            doc = after;
            if matches!(doc.state, OutgoingState::Issued | OutgoingState::Approved) {
                prop_assert!(doc.stands(doc.approval) && doc.stands(doc.content_sign_off) && doc.stands(doc.form_sign_off));
                prop_assert_eq!(doc.approval.map(|a| a.post), Some(signer().post));
                prop_assert_eq!(doc.content_sign_off.map(|a| a.post), Some(unit_head().post));
            }
        }
    }
}

#[test]
fn qc01_8_4_a_text_of_more_than_two_hundred_pages_comes_as_a_file() {
    assert_eq!(may_compose(&"ă".repeat(MAX_TEXT_CHARS)), Ok(()));
    let refusal = may_compose(&"ă".repeat(MAX_TEXT_CHARS + 1)).unwrap_err();
    assert_eq!((refusal.clause, refusal.field), ("QC01-8.4", Some("main_text")));
}
