use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::select;
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::ids::{AccountId, AgencyId, PostId};
use crate::legal_value::{LegalValue, SignatureVerdict, legal_value};
use crate::people::{Actor, Role};

const AGENCY: AgencyId = AgencyId::from_uuid(Uuid::from_u128(1));
const OTHER: AgencyId = AgencyId::from_uuid(Uuid::from_u128(2));

fn somebody(role: Role, agency: AgencyId) -> Actor {
    let id = Uuid::from_u128(7);
    Actor::new(
        AccountId::from_uuid(id),
        PostId::from_uuid(id),
        agency,
        None,
        role,
    )
}

fn facts() -> SealFacts {
    SealFacts {
        agency: AGENCY,
        in_person: true,
        holds_device: true,
        person: SignatureVerdict::Valid,
    }
}

#[rstest]
#[case(SignatureVerdict::Absent)]
#[case(SignatureVerdict::Invalid)]
#[case(SignatureVerdict::Undetermined)]
fn nt_13_nd30_32_2d_cn_209_without_the_persons_valid_signature_nothing_is_sealed(
    #[case] person: SignatureVerdict,
) {
    let refused = may_seal(&somebody(Role::Clerk, AGENCY), &SealFacts { person, ..facts() }).unwrap_err();
    assert_eq!(
        (refused.clause, refused.code),
        ("ND30-32.2d", "signing.person_first")
    );
}

#[rstest]
#[case(Role::Leader)]
#[case(Role::UnitHead)]
#[case(Role::Officer)]
#[case(Role::Administrator)]
#[case(Role::Archivist)]
fn nd30_32_2c_only_a_clerk_uses_the_agencys_key(#[case] role: Role) {
    let refused = may_seal(&somebody(role, AGENCY), &facts()).unwrap_err();
    assert_eq!(refused.clause, "ND30-32.2c");
}

#[test]
fn nd30_32_2c_no_job_and_no_clerk_of_another_agency_uses_the_agencys_key() {
    let clerk = somebody(Role::Clerk, AGENCY);
    let job = SealFacts {
        in_person: false,
        ..facts()
    };
    assert_eq!(may_seal(&clerk, &job).unwrap_err().clause, "ND30-32.2c");
    let foreign = may_seal(&somebody(Role::Clerk, OTHER), &facts()).unwrap_err();
    assert_eq!(foreign.clause, "ND30-32.2c");
    assert!(may_seal(&clerk, &facts()).is_ok());
}

#[test]
fn nd30_32_2b_ks_75_a_clerk_without_the_device_does_not_sign_for_the_agency() {
    let without = SealFacts {
        holds_device: false,
        ..facts()
    };
    let refused = may_seal(&somebody(Role::Clerk, AGENCY), &without).unwrap_err();
    assert_eq!(
        (refused.clause, refused.code),
        ("ND30-32.2b", "signing.not_holder")
    );
}

#[rstest]
#[case(CertificateCheck::Good, None)]
#[case(CertificateCheck::Bad, Some("KS-01"))]
#[case(CertificateCheck::Unknown, Some("KS-30"))]
fn ks_01_ks_25_only_a_certificate_that_is_known_to_be_valid_signs(
    #[case] check: CertificateCheck,
    #[case] clause: Option<&str>,
) {
    for owner in KeyOwner::ALL {
        let decided = may_use_certificate(*owner, check, "chứng thư số đã bị thu hồi.");
        assert_eq!(decided.as_ref().err().map(|refusal| refusal.clause), clause);
        if let Err(refusal) = decided {
            assert!(
                refusal.message.contains("đã bị thu hồi"),
                "the reason is told: {}",
                refusal.message
            );
        }
    }
}

#[test]
fn ks_73_fifty_documents_are_signed_and_ten_sealed_at_once() {
    for (count, signs, seals) in [
        (0, false, false),
        (1, true, true),
        (10, true, true),
        (11, true, false),
        (50, true, false),
        (51, false, false),
    ] {
        assert_eq!(signs_at_once(count).is_ok(), signs, "{count}");
        assert_eq!(seals_at_once(count).is_ok(), seals, "{count}");
    }
}

#[test]
fn ks_10_a_signature_goes_through_every_gate_before_it_is_committed() {
    use RequestState::{Assembled, Committed, Prepared, SelfChecked, Sent, Stamped};
    let path = [Prepared, Sent, Assembled, Stamped, SelfChecked, Committed];
    for step in path.windows(2) {
        assert_eq!(advance(step[0], step[1]), Ok(step[1]));
    }
    for from in RequestState::ALL {
        assert_eq!(
            from.may_become(Committed),
            *from == SelfChecked,
            "{from} to committed"
        );
        assert!(!from.may_become(*from), "{from} to itself");
    }
}

#[test]
fn ks_74_every_open_request_can_end_and_no_ended_one_goes_on() {
    use RequestState::{Cancelled, Expired, Failed, Rejected};
    for from in RequestState::ALL {
        for end in [Expired, Rejected, Cancelled, Failed] {
            assert_eq!(advance(*from, end).is_ok(), !from.is_final(), "{from} to {end}");
        }
        if from.is_final() {
            assert!(RequestState::ALL.iter().all(|next| !from.may_become(*next)));
        }
    }
}

#[test]
fn ks_74_a_late_answer_is_not_taken() {
    let end: Timestamp = "2026-11-26T02:00:00Z".parse().unwrap();
    let before = end - jiff::SignedDuration::from_secs(1);
    assert!(accepts_answer(RequestState::WaitingUser, end, before).is_ok());
    for (state, now) in [
        (RequestState::WaitingUser, end),
        (RequestState::Cancelled, before),
        (RequestState::Committed, before),
    ] {
        assert_eq!(accepts_answer(state, end, now).unwrap_err().code, "signing.late");
    }
}

#[test]
fn ks_10_a_document_that_waits_for_a_signature_tells_who_signs_and_until_when() {
    let open = OpenRequest {
        signer: "Trần Quang Khải, Chủ tịch".to_owned(),
        expires_at: "2026-11-26T02:05:00Z".parse().unwrap(),
    };
    let refused = not_locked(Some(&open)).unwrap_err();
    assert_eq!(refused.code, "signing.locked");
    assert!(
        refused.message.contains("Trần Quang Khải, Chủ tịch") && refused.message.contains("09:05 26/11/2026"),
        "{}",
        refused.message
    );
    assert!(not_locked(None).is_ok());
}

fn seen(verdict: SignatureVerdict, certificate: &str) -> SignatureSeen {
    SignatureSeen {
        verdict,
        certificate: certificate.to_owned(),
        only_signatures_after: true,
    }
}

#[test]
fn qd28_4_1_the_legal_value_comes_from_the_signatures_of_the_signer_and_the_agency() {
    let (person, agency) = (vec!["p".to_owned()], vec!["a".to_owned()]);
    let valid = SignatureVerdict::Valid;
    let both = [seen(valid, "p"), seen(valid, "a"), seen(valid, "a")];
    let found = verdicts(&both, &person, &agency);
    assert_eq!(found, (valid, valid));
    assert_eq!(legal_value(found.0, found.1, true), LegalValue::EquivalentToPaper);

    let strangers = [seen(valid, "x"), seen(valid, "a")];
    let found = verdicts(&strangers, &person, &agency);
    assert_eq!(
        found,
        (SignatureVerdict::Absent, valid),
        "somebody else signed for the signer"
    );
    assert_eq!(legal_value(found.0, found.1, true), LegalValue::ForReference);

    let worst = [seen(valid, "a"), seen(SignatureVerdict::Invalid, "a")];
    assert_eq!(verdicts(&worst, &person, &agency).1, SignatureVerdict::Invalid);
}

#[test]
fn ks_65_a_valid_signature_followed_by_another_change_is_none() {
    let changed = SignatureSeen {
        only_signatures_after: false,
        ..seen(SignatureVerdict::Valid, "p")
    };
    assert_eq!(
        verdicts(std::slice::from_ref(&changed), &["p".to_owned()], &[]).0,
        SignatureVerdict::Invalid
    );
    assert!(!only_new_signatures(&[changed]));
    assert!(!only_new_signatures(&[]));
    assert!(only_new_signatures(&[seen(SignatureVerdict::Valid, "p")]));
}

proptest! {
    #[test]
    fn a_request_ends_at_most_once_whatever_is_tried(steps in proptest::collection::vec(select(RequestState::ALL), 0..40)) {
        let mut state = RequestState::Prepared;
        let mut ended = 0;
        for step in steps {
            if let Ok(next) = advance(state, step) {
                ended += usize::from(next.is_final());
                prop_assert!(!state.is_final());
                state = next;
            }
        }
        prop_assert!(ended <= 1);
    }
}
