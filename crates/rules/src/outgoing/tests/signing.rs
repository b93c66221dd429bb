//! ND30-13.7, 14, 15.3: the signer first, then the number, then the agency.

use super::*;

fn signed_facts() -> IssueFacts<'static> {
    IssueFacts {
        signatures_required: true,
        person_signature: SignatureVerdict::Valid,
        ..issue_facts()
    }
}

#[test]
fn nd30_13_7_and_14_person_first_then_number_then_agency() {
    let mut doc = document(OutgoingState::Approval);
    doc.approval = None;
    let plan = begin_signing(&signer(), &doc).unwrap();
    assert_eq!(
        (plan.next, plan.approval),
        (OutgoingState::Signing, Mark::Keep),
        "nothing is approved before it is signed"
    );
    let doc = apply(&doc, &plan, &signer());
    let plan = complete_signing(&signer(), &doc, doc.version, SignatureVerdict::Valid).unwrap();
    assert_eq!((plan.next, plan.approval), (OutgoingState::Approved, Mark::Give));
    let doc = apply(&doc, &plan, &signer());
    let plan = take_number(&clerk(), &doc, &signed_facts()).unwrap();
    assert_eq!(plan.next, OutgoingState::Numbered);
    let doc = apply(&doc, &plan, &clerk());
    let unsealed = issue(&clerk(), &doc, &signed_facts()).unwrap_err();
    assert_eq!(
        (unsealed.clause, unsealed.code),
        ("QD28-8.1", "outgoing.not_signed")
    );
    let sealed = IssueFacts {
        agency_signature: SignatureVerdict::Valid,
        ..signed_facts()
    };
    assert_eq!(
        issue(&clerk(), &doc, &sealed).unwrap().next,
        OutgoingState::Issued
    );
}

#[rstest]
#[case(signer(), 2, SignatureVerdict::Valid, "ND30-11.2")]
#[case(signer(), 3, SignatureVerdict::Invalid, "ND30-13.7")]
#[case(signer(), 3, SignatureVerdict::Undetermined, "ND30-13.7")]
#[case(other_leader(), 3, SignatureVerdict::Valid, "ND30-11.1")]
fn nd30_13_7_only_the_signers_valid_signature_of_this_version_approves(
    #[case] by: Actor,
    #[case] version: u32,
    #[case] verdict: SignatureVerdict,
    #[case] clause: &str,
) {
    let refused = complete_signing(&by, &document(OutgoingState::Signing), version, verdict).unwrap_err();
    assert_eq!(refused.clause, clause);
}

#[test]
fn nd30_13_7_a_signature_that_does_not_come_leaves_the_document_with_its_signer() {
    let plan = abandon_signing(&document(OutgoingState::Signing)).unwrap();
    assert_eq!(plan.next, OutgoingState::Approval);
    assert_eq!(plan.waiting, Waiting::Signer(signer().post));
    assert!(abandon_signing(&document(OutgoingState::Approved)).is_err());
}

#[test]
fn nd30_15_3_a_number_that_was_given_is_kept_or_void_with_a_reason() {
    let (doc, kept) = (document(OutgoingState::Numbered), GivenNumber::default());
    for refused in [
        save_draft(&drafter(), Some(&doc), &fields(), true).map(drop),
        return_with_comment(&clerk(), &doc, "Sai").map(drop),
        cancel(&signer(), &doc, "Sai").map(drop),
        take_number(&clerk(), &doc, &signed_facts()).map(drop),
    ] {
        assert!(refused.is_err());
    }
    assert_eq!(cancel(&signer(), &doc, "Sai").unwrap_err().clause, "ND30-15.3");
    assert_eq!(
        void_number(&clerk(), &doc, " ", kept).unwrap_err().field,
        Some("reason")
    );
    assert_eq!(
        void_number(&signer(), &doc, "Sai", kept).unwrap_err().clause,
        "ND30-4.2b"
    );
    let plan = void_number(&clerk(), &doc, "Sai nơi nhận", kept).unwrap();
    assert_eq!((plan.next, plan.approval), (OutgoingState::Voided, Mark::Void));
    let doc = apply(&doc, &plan, &clerk());
    assert!(issue(&clerk(), &doc, &signed_facts()).is_err());
    assert!(void_number(&clerk(), &doc, "x", kept).is_err());
}

#[test]
fn cn_227_a_number_goes_back_by_setting_on_its_day_while_it_is_the_last_and_in_no_signed_file() {
    let free = GivenNumber {
        agency_uses_it_again: true,
        is_of_today: true,
        is_last: true,
        ..GivenNumber::default()
    };
    let cases = [
        (free, OutgoingState::Cancelled),
        (
            GivenNumber {
                agency_uses_it_again: false,
                ..free
            },
            OutgoingState::Voided,
        ),
        (
            GivenNumber {
                is_of_today: false,
                ..free
            },
            OutgoingState::Voided,
        ),
        (
            GivenNumber {
                is_last: false,
                ..free
            },
            OutgoingState::Voided,
        ),
        (
            GivenNumber {
                was_reserved: true,
                ..free
            },
            OutgoingState::Voided,
        ),
        (
            GivenNumber {
                is_signed: true,
                ..free
            },
            OutgoingState::Voided,
        ),
    ];
    for (number, next) in cases {
        let plan = void_number(&clerk(), &document(OutgoingState::Numbered), "Sai", number).unwrap();
        assert_eq!((plan.next, plan.approval), (next, Mark::Void), "{number:?}");
    }
    // What was issued was sent: its number is its own.
    assert!(void_number(&clerk(), &document(OutgoingState::Issued), "Sai", free).is_err());
}

#[test]
fn ks_10_a_document_that_is_being_signed_is_not_touched() {
    let doc = document(OutgoingState::Signing);
    for refused in [
        save_draft(&signer(), Some(&doc), &fields(), true).map(drop),
        return_with_comment(&signer(), &doc, "Sai").map(drop),
        cancel(&signer(), &doc, "Sai").map(drop),
        approve(&signer(), &doc).map(drop),
        begin_signing(&signer(), &doc).map(drop),
    ] {
        assert!(refused.is_err());
    }
    assert_eq!(
        cancel(&signer(), &doc, "Sai").unwrap_err().code,
        "outgoing.being_signed"
    );
}

#[rstest]
#[case(SignatureVerdict::Absent)]
#[case(SignatureVerdict::Invalid)]
#[case(SignatureVerdict::Undetermined)]
fn nt_13_nd30_32_2d_no_number_without_the_signers_valid_signature(#[case] person: SignatureVerdict) {
    let facts = IssueFacts {
        person_signature: person,
        ..signed_facts()
    };
    let refused = take_number(&clerk(), &document(OutgoingState::Approved), &facts).unwrap_err();
    assert_eq!(refused.clause, "ND30-32.2d");
}
