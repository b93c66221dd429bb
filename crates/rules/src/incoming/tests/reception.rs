use rstest::rstest;

use super::*;

const FILES: [AnnouncedFile<'static>; 2] = [
    AnnouncedFile {
        name: "CongVan.pdf",
        sha256: Some("aa"),
    },
    AnnouncedFile {
        name: "PhuLuc.pdf",
        sha256: Some("bb"),
    },
];
const ARRIVED: [ReceivedFile<'static>; 2] = [
    ReceivedFile {
        name: "CongVan.pdf",
        sha256: "aa",
        readable: true,
    },
    ReceivedFile {
        name: "PhuLuc.pdf",
        sha256: "bb",
        readable: true,
    },
];

fn package() -> DeliveryFacts<'static> {
    DeliveryFacts {
        announced: &FILES,
        received: &ARRIVED,
        addressed_to_us: true,
        sender_known: true,
        person: signed(SignatureVerdict::Valid),
        agency: signed(SignatureVerdict::Valid),
        broken_attachments: &[],
    }
}

fn signed(verdict: SignatureVerdict) -> SignedBy<'static> {
    SignedBy {
        verdict,
        reason: "",
        is_announced: true,
    }
}

fn outcomes(check: &DeliveryCheck) -> [CheckOutcome; 3] {
    [
        check.completeness.outcome,
        check.integrity.outcome,
        check.authenticity.outcome,
    ]
}

const PASSED: CheckOutcome = CheckOutcome::Passed;
const FAILED: CheckOutcome = CheckOutcome::Failed;
const OPEN: CheckOutcome = CheckOutcome::Undetermined;

#[rstest]
#[case(package(), [PASSED, PASSED, PASSED])]
#[case(DeliveryFacts { received: &ARRIVED[..1], ..package() }, [FAILED, PASSED, PASSED])]
#[case(DeliveryFacts { addressed_to_us: false, ..package() }, [FAILED, PASSED, PASSED])]
#[case(DeliveryFacts { announced: &[], received: &[], ..package() }, [FAILED, PASSED, PASSED])]
#[case(DeliveryFacts { announced: &FILES[..1], ..package() }, [PASSED, FAILED, PASSED])]
#[case(DeliveryFacts { received: &[ARRIVED[0], ReceivedFile { sha256: "xx", ..ARRIVED[1] }], ..package() }, [PASSED, FAILED, PASSED])]
#[case(DeliveryFacts { received: &[ARRIVED[0], ReceivedFile { readable: false, ..ARRIVED[1] }], ..package() }, [FAILED, PASSED, PASSED])]
#[case(DeliveryFacts { announced: &[FILES[0], AnnouncedFile { sha256: None, ..FILES[1] }], ..package() }, [PASSED, OPEN, PASSED])]
#[case(DeliveryFacts { sender_known: false, ..package() }, [PASSED, PASSED, FAILED])]
#[case(DeliveryFacts { agency: signed(SignatureVerdict::Absent), ..package() }, [PASSED, PASSED, OPEN])]
#[case(DeliveryFacts { person: signed(SignatureVerdict::Invalid), ..package() }, [PASSED, FAILED, FAILED])]
#[case(DeliveryFacts { agency: signed(SignatureVerdict::Undetermined), ..package() }, [PASSED, PASSED, OPEN])]
#[case(DeliveryFacts { agency: SignedBy { is_announced: false, ..signed(SignatureVerdict::Valid) }, ..package() }, [PASSED, PASSED, OPEN])]
#[case(DeliveryFacts { broken_attachments: &["PhuLuc.pdf"], ..package() }, [PASSED, FAILED, PASSED])]
fn qd28_9_1_completeness_integrity_and_authenticity_are_three_results(
    #[case] facts: DeliveryFacts<'static>,
    #[case] expected: [CheckOutcome; 3],
) {
    let check = check_delivery(&facts);
    assert_eq!(outcomes(&check), expected);
    assert_eq!(check.acceptable(), !expected.contains(&FAILED));
    assert_eq!(check.reasons().is_empty(), check.acceptable());
}

#[test]
fn qd28_9_1_a_clerk_accepts_what_passed_and_status_03_goes_back() {
    let plan = accept_and_register(
        &clerk(),
        &document(IncomingState::Delivered),
        &check_delivery(&package()),
        "",
        &SecretMarks::default(),
    );
    let plan = plan.unwrap();
    assert_eq!(
        (plan.next, plan.status),
        (IncomingState::Registered, Some(StatusCode::Received))
    );
}

#[test]
fn nd30_21_2b_what_failed_a_check_is_returned_not_registered() {
    let check = check_delivery(&DeliveryFacts {
        received: &ARRIVED[..1],
        ..package()
    });
    let refusal = accept_and_register(
        &clerk(),
        &document(IncomingState::Delivered),
        &check,
        "",
        &SecretMarks::default(),
    )
    .unwrap_err();
    assert_eq!(refusal.clause, "QD28-9.1");
    assert!(refusal.message.contains("PhuLuc.pdf"), "{}", refusal.message);
}

#[test]
fn cn_108_pl6_iii_1_a_likely_duplicate_is_registered_only_with_a_reason() {
    let known = ["số đến 01 ngày 08/01/2026, trùng mã định danh văn bản".to_owned()];
    for blank in ["", " \n"] {
        let refusal = register_despite_duplicates(&known, blank).unwrap_err();
        assert_eq!(
            (refusal.clause, refusal.code, refusal.field),
            ("PL6-III.1", LIKELY_DUPLICATE, Some("despite"))
        );
        assert!(refusal.message.contains(&known[0]), "{}", refusal.message);
        register_despite_duplicates(&[], blank).unwrap();
    }
    register_despite_duplicates(&known, "Bên gửi phát hành lại").unwrap();
}

#[test]
fn cn_102_a_failed_check_is_passed_over_only_with_a_reason_and_gives_no_legal_value() {
    let facts = DeliveryFacts {
        person: SignedBy {
            reason: "nội dung đã bị thay đổi sau khi ký.",
            ..signed(SignatureVerdict::Invalid)
        },
        ..package()
    };
    let check = check_delivery(&facts);
    let doc = document(IncomingState::Delivered);
    let refused =
        |despite| accept_and_register(&clerk(), &doc, &check, despite, &SecretMarks::default()).unwrap_err();
    for blank in ["", "  \n"] {
        let refusal = refused(blank);
        assert_eq!((refusal.clause, refusal.field), ("QD28-9.1", Some("despite")));
        assert!(
            refusal.message.contains("đã bị thay đổi sau khi ký."),
            "{}",
            refusal.message
        );
    }
    let reason = "Lãnh đạo yêu cầu tiếp nhận để tham khảo, đã báo bên gửi";
    accept_and_register(&clerk(), &doc, &check, reason, &SecretMarks::default()).unwrap();
    assert_eq!(check.legal_value(&facts), LegalValue::ForReference);
    let changed = DeliveryFacts {
        received: &[
            ARRIVED[0],
            ReceivedFile {
                sha256: "xx",
                ..ARRIVED[1]
            },
        ],
        ..package()
    };
    // Both signatures of the main file are good, but an attachment is not the announced one.
    assert_eq!(
        check_delivery(&changed).legal_value(&changed),
        LegalValue::ForReference
    );
}

#[test]
fn nd30_21_2b_what_is_sent_to_another_agency_is_returned_whatever_the_reason() {
    let check = check_delivery(&DeliveryFacts {
        addressed_to_us: false,
        ..package()
    });
    let doc = document(IncomingState::Delivered);
    let refusal = accept_and_register(&clerk(), &doc, &check, "Giữ hộ", &SecretMarks::default()).unwrap_err();
    assert_eq!(refusal.clause, "ND30-21.2b");
}

#[test]
fn qd28_4_1_only_the_announced_person_and_agency_give_legal_value() {
    let facts = package();
    assert_eq!(
        check_delivery(&facts).legal_value(&facts),
        LegalValue::EquivalentToPaper
    );
    let other = SignedBy {
        is_announced: false,
        ..signed(SignatureVerdict::Valid)
    };
    for facts in [
        DeliveryFacts {
            agency: other,
            ..package()
        },
        DeliveryFacts {
            person: other,
            ..package()
        },
        DeliveryFacts {
            person: signed(SignatureVerdict::Undetermined),
            ..package()
        },
        DeliveryFacts {
            agency: SignedBy::NOBODY,
            ..package()
        },
    ] {
        let check = check_delivery(&facts);
        assert!(check.acceptable());
        assert_eq!(check.legal_value(&facts), LegalValue::ForReference);
    }
}

#[test]
fn qc01_1_2_a_secret_is_not_registered() {
    let marks = SecretMarks {
        declared: SecrecyLevel::Secret,
        ..SecretMarks::default()
    };
    let check = check_delivery(&package());
    let refusal =
        accept_and_register(&clerk(), &document(IncomingState::Delivered), &check, "", &marks).unwrap_err();
    assert_eq!(refusal.clause, "QC01-1.2");
}

#[test]
fn nd30_4_2b_only_a_clerk_of_the_receiving_agency_receives() {
    let doc = document(IncomingState::Delivered);
    for by in [leader(), unit_head(), officer(), foreign_clerk()] {
        let check = check_delivery(&package());
        assert_eq!(
            accept_and_register(&by, &doc, &check, "", &SecretMarks::default())
                .unwrap_err()
                .clause,
            "ND30-4.2b"
        );
        assert_eq!(refuse(&by, &doc, "Gửi nhầm").unwrap_err().clause, "ND30-4.2b");
    }
}

#[test]
fn qd28_5_4_a_refusal_needs_a_reason_and_sends_status_02() {
    let doc = document(IncomingState::Delivered);
    assert_eq!(refuse(&clerk(), &doc, "  ").unwrap_err().field, Some("reason"));
    let plan = refuse(&clerk(), &doc, "Gửi không đúng cơ quan").unwrap();
    assert_eq!(
        (plan.next, plan.status),
        (IncomingState::Refused, Some(StatusCode::Refused))
    );
    assert_eq!(
        refuse(&clerk(), &document(IncomingState::Registered), "Nhầm")
            .unwrap_err()
            .clause,
        "QD28-5.4"
    );
}

fn paper() -> PaperDocument<'static> {
    PaperDocument {
        document_type: Some("cong_van"),
        number: "15",
        symbol: "SNV-VP",
        issued_on: Some(date(2026, 11, 20)),
        issuer: "Sở Nội vụ",
        subject: "V/v báo cáo công tác văn thư",
        arrived_on: TODAY,
        today: TODAY,
        secrecy: SecretMarks::default(),
    }
}

#[test]
fn nd30_22_3b_a_paper_document_is_registered_by_hand() {
    let plan = register_paper(&clerk(), AGENCY, &paper()).unwrap();
    assert_eq!((plan.next, plan.status), (IncomingState::Registered, None));
    let letter = PaperDocument {
        document_type: None,
        number: "",
        symbol: "",
        issued_on: None,
        ..paper()
    };
    assert!(register_paper(&clerk(), AGENCY, &letter).is_ok());
    let invitation = PaperDocument {
        document_type: Some("giay_moi"),
        ..letter
    };
    assert!(register_paper(&clerk(), AGENCY, &invitation).is_ok());
}

#[rstest]
#[case(PaperDocument { issuer: " ", ..paper() }, "issuer")]
#[case(PaperDocument { subject: "", ..paper() }, "subject")]
#[case(PaperDocument { document_type: Some("khac"), ..paper() }, "document_type")]
#[case(PaperDocument { arrived_on: date(2026, 11, 24), ..paper() }, "arrived_on")]
#[case(PaperDocument { issued_on: Some(date(2026, 11, 24)), ..paper() }, "issued_on")]
fn nd30_22_1_registration_is_complete_and_possible(
    #[case] paper: PaperDocument<'static>,
    #[case] field: &str,
) {
    let refusal = register_paper(&clerk(), AGENCY, &paper).unwrap_err();
    assert_eq!((refusal.clause, refusal.field), ("ND30-22.1", Some(field)));
}
