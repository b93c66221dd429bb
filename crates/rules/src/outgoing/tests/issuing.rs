//! ND30-18, QD28-8.1: what is issued, and by whom.

use super::*;

#[test]
fn nd30_4_2b_only_a_clerk_of_the_agency_issues() {
    let doc = document(OutgoingState::Approved);
    for by in [drafter(), unit_head(), signer(), foreign_clerk()] {
        assert_eq!(issue(&by, &doc, &issue_facts()).unwrap_err().clause, "ND30-4.2b");
    }
}

#[test]
fn qd28_8_1_cn_215_nothing_is_issued_before_approval() {
    for state in OutgoingState::ALL
        .iter()
        .filter(|s| **s != OutgoingState::Approved)
    {
        assert_eq!(
            issue(&clerk(), &document(*state), &issue_facts())
                .unwrap_err()
                .clause,
            "QD28-8.1"
        );
    }
}

#[test]
fn nd30_11_2_a_stale_approval_does_not_issue() {
    let stale = SignOff {
        post: signer().post,
        version: 2,
    };
    let doc = OutgoingFacts {
        approval: Some(stale),
        ..document(OutgoingState::Approved)
    };
    assert_eq!(
        issue(&clerk(), &doc, &issue_facts()).unwrap_err().clause,
        "ND30-11.2"
    );
}

#[test]
fn qd28_8_1_cn_215_two_valid_signatures_satisfy_an_agency_that_requires_them() {
    let facts = IssueFacts {
        signatures_required: true,
        person_signature: SignatureVerdict::Valid,
        agency_signature: SignatureVerdict::Valid,
        ..issue_facts()
    };
    assert!(issue(&clerk(), &document(OutgoingState::Approved), &facts).is_ok());
}

#[test]
fn nd30_18_4_an_issued_document_is_recalled_not_cancelled() {
    assert_eq!(
        cancel(&signer(), &document(OutgoingState::Issued), "Sai")
            .unwrap_err()
            .clause,
        "ND30-18.4"
    );
    assert_eq!(
        cancel(&drafter(), &document(OutgoingState::Draft), "Sai")
            .unwrap()
            .next,
        OutgoingState::Cancelled
    );
    assert!(cancel(&drafter(), &document(OutgoingState::Approval), "Sai").is_err());
    assert!(cancel(&signer(), &document(OutgoingState::Approval), "").is_err());
}
