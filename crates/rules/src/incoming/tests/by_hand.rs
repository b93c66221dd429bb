//! What goes from hand to hand: unopened envelopes, dossiers, paper beside the electronic document.

use super::*;
use crate::Decision;

fn mail(state: UnopenedState, addressee: Option<PostId>) -> UnopenedFacts {
    UnopenedFacts {
        agency: AgencyId::from_uuid(Uuid::from_u128(1)),
        state,
        addressee,
    }
}

fn person(role: Role, post: u128, unit: Option<u128>) -> Actor {
    Actor::new(
        AccountId::from_uuid(Uuid::from_u128(post)),
        PostId::from_uuid(Uuid::from_u128(post)),
        AgencyId::from_uuid(Uuid::from_u128(1)),
        unit.map(|unit| UnitId::from_uuid(Uuid::from_u128(unit))),
        role,
    )
}

fn code<T: std::fmt::Debug>(decision: Decision<T>) -> &'static str {
    decision.expect_err("refused").code
}

#[test]
fn nd30_21_1b_an_envelope_for_a_named_person_goes_on_unopened_with_who_and_from_whom() {
    let agency = AgencyId::from_uuid(Uuid::from_u128(1));
    let clerk = person(Role::Clerk, 7, None);
    let good = Envelope {
        addressee: "Nguyễn Văn An",
        sender: "Công ty Minh Hòa",
        arrived_on: date(2026, 1, 8),
        today: date(2026, 1, 8),
    };
    assert_eq!(forward_unopened(&clerk, agency, &good), Ok(()));
    let cases = [
        (
            Envelope {
                addressee: " ",
                ..good
            },
            "unopened.no_addressee",
        ),
        (Envelope { sender: "", ..good }, "unopened.no_sender"),
        (
            Envelope {
                arrived_on: date(2026, 1, 9),
                ..good
            },
            "unopened.arrival_in_future",
        ),
    ];
    for (envelope, wanted) in cases {
        assert_eq!(code(forward_unopened(&clerk, agency, &envelope)), wanted);
    }
    let officer = person(Role::Officer, 8, Some(3));
    assert_eq!(
        code(forward_unopened(&officer, agency, &good)),
        "incoming.not_clerk"
    );
}

#[test]
fn nd30_21_1b_the_addressee_signs_for_it_and_gives_common_business_back_once() {
    let (clerk, addressee, other) = (
        person(Role::Clerk, 7, None),
        person(Role::Officer, 8, Some(3)),
        person(Role::Officer, 9, Some(3)),
    );
    let to = Some(addressee.post);
    let forwarded = mail(UnopenedState::Forwarded, to);
    for actor in [&clerk, &addressee] {
        assert_eq!(receive_unopened(actor, &forwarded, "An"), Ok(()));
        assert_eq!(hand_back_unopened(actor, &forwarded, "Đơn đề nghị"), Ok(()));
    }
    assert_eq!(
        code(receive_unopened(&other, &forwarded, "Bình")),
        "unopened.not_yours"
    );
    assert_eq!(
        code(hand_back_unopened(&other, &forwarded, "x")),
        "unopened.not_yours"
    );
    assert_eq!(
        code(receive_unopened(&clerk, &forwarded, " ")),
        "unopened.no_receiver"
    );
    assert_eq!(
        code(hand_back_unopened(&clerk, &forwarded, "")),
        "unopened.no_reason"
    );
    let received = mail(UnopenedState::Received, to);
    assert_eq!(
        code(receive_unopened(&clerk, &received, "An")),
        "unopened.received_before"
    );
    assert_eq!(hand_back_unopened(&addressee, &received, "Đơn"), Ok(()));
    let back = mail(UnopenedState::HandedBack, to);
    assert_eq!(
        code(hand_back_unopened(&addressee, &back, "Đơn")),
        "unopened.back_before"
    );
    assert_eq!(register_unopened(&clerk, &back), Ok(()));
    assert_eq!(code(register_unopened(&addressee, &back)), "incoming.not_clerk");
    assert_eq!(code(register_unopened(&clerk, &received)), "unopened.not_back");
    let done = mail(UnopenedState::Registered, to);
    assert_eq!(
        code(register_unopened(&clerk, &done)),
        "unopened.registered_before"
    );
}

#[test]
fn qc01_13_3_a_dossier_goes_to_a_unit_of_the_agency_and_only_that_unit_confirms_it() {
    let agency = AgencyId::from_uuid(Uuid::from_u128(1));
    let elsewhere = AgencyId::from_uuid(Uuid::from_u128(2));
    let unit = UnitId::from_uuid(Uuid::from_u128(3));
    let clerk = person(Role::Clerk, 7, None);
    let note = |registered, of, what: &str| note_dossier(&clerk, agency, registered, of, what);
    assert_eq!(note(true, Some(agency), "3 tập bản vẽ"), Ok(()));
    assert_eq!(code(note(false, Some(agency), "3 tập")), "dossier.not_registered");
    assert_eq!(code(note(true, Some(elsewhere), "3 tập")), "dossier.no_unit");
    assert_eq!(code(note(true, None, "3 tập")), "dossier.no_unit");
    assert_eq!(code(note(true, Some(agency), " ")), "dossier.no_description");
    let facts = DossierFacts {
        agency,
        unit,
        is_received: false,
    };
    assert_eq!(
        receive_dossier(&person(Role::Officer, 8, Some(3)), &facts),
        Ok(())
    );
    assert_eq!(
        code(receive_dossier(&person(Role::Officer, 9, Some(4)), &facts)),
        "dossier.not_unit"
    );
    assert_eq!(code(receive_dossier(&clerk, &facts)), "dossier.not_unit");
    let again = DossierFacts {
        is_received: true,
        ..facts
    };
    assert_eq!(
        code(receive_dossier(&person(Role::UnitHead, 8, Some(3)), &again)),
        "dossier.received_before"
    );
}

#[test]
fn cn_118_nd30_23_4_paper_goes_to_whoever_was_given_the_document_who_signs_for_it() {
    let doc = document(IncomingState::Assigned);
    let holder = officer();
    let given = |description, to: Option<&Actor>, is_entitled| PaperGiven {
        description,
        to: to.map(|person| person.post),
        is_entitled,
    };
    let out = |is_received| PaperPlace::Holder {
        post: holder.post,
        is_received,
    };
    let good = given("01 bản, 12 trang", Some(&holder), true);
    assert_eq!(
        hand_over_paper(&clerk(), &doc, PaperPlace::Unknown, &good),
        Ok(())
    );
    // The clerks may keep it.
    let kept = given("01 bản", None, false);
    assert_eq!(
        hand_over_paper(&clerk(), &doc, PaperPlace::Unknown, &kept),
        Ok(())
    );
    let cases = [
        (
            PaperPlace::Unknown,
            given(" ", Some(&holder), true),
            "paper.no_description",
        ),
        (PaperPlace::Clerks, given("", None, false), "paper.no_holder"),
        (
            PaperPlace::Clerks,
            given("", Some(&other_officer()), false),
            "paper.not_given",
        ),
        (out(false), good, "paper.with_somebody"),
        (out(true), good, "paper.with_somebody"),
    ];
    for (place, given, wanted) in cases {
        assert_eq!(code(hand_over_paper(&clerk(), &doc, place, &given)), wanted);
    }
    for (by, state, wanted) in [
        (officer(), IncomingState::Assigned, "incoming.not_clerk"),
        (foreign_clerk(), IncomingState::Assigned, "incoming.not_clerk"),
        (clerk(), IncomingState::Delivered, "incoming.not_registered"),
        (clerk(), IncomingState::Recalled, "incoming.recalled"),
    ] {
        let refused = hand_over_paper(&by, &document(state), PaperPlace::Unknown, &good);
        assert_eq!(code(refused), wanted);
    }
    assert_eq!(receive_paper(&holder, out(false)), Ok(()));
    assert_eq!(code(receive_paper(&holder, out(true))), "paper.received_before");
    assert_eq!(code(receive_paper(&clerk(), out(false))), "paper.not_holder");
    assert_eq!(
        code(receive_paper(&holder, PaperPlace::Clerks)),
        "paper.not_holder"
    );
    // It comes back whether it was signed for or not.
    for is_received in [false, true] {
        assert_eq!(take_paper_back(&clerk(), &doc, out(is_received)), Ok(()));
    }
    assert_eq!(
        code(take_paper_back(&holder, &doc, out(true))),
        "incoming.not_clerk"
    );
    assert_eq!(
        code(take_paper_back(&clerk(), &doc, PaperPlace::Clerks)),
        "paper.not_out"
    );
}
