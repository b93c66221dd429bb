//! V5 in miniature: whatever bytes come in, the readers answer, and never with a pass. The long runs are the fuzz targets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

mod kit;

use std::sync::LazyLock;

use kit::{Office, document, minutes, sign_digest, start};
use pdf_signature::{
    cms::{self, SignedData, TstInfo, tlv::Tlv},
    pki::{Evidence, certificate_facts, check_certificate},
    verify::Verdict,
};
use proptest::prelude::*;

static OFFICE: LazyLock<Office> = LazyLock::new(Office::new);
static SIGNED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    OFFICE.sign_stamped(
        &document(),
        &OFFICE.leader,
        "ChuKy1",
        None,
        start(),
        Some(start()),
    )
});
static LISTS: LazyLock<Evidence> = LazyLock::new(|| OFFICE.lists(start()));

/// Bytes overwritten, taken out, or doubled.
#[derive(Clone, Debug)]
enum Mutation {
    Set(prop::sample::Index, u8),
    Remove(prop::sample::Index, usize),
    Double(prop::sample::Index, usize),
}

fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    let one = prop_oneof![
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| Mutation::Set(at, byte)),
        (any::<prop::sample::Index>(), 1..64usize).prop_map(|(at, count)| Mutation::Remove(at, count)),
        (any::<prop::sample::Index>(), 1..64usize).prop_map(|(at, count)| Mutation::Double(at, count)),
    ];
    prop::collection::vec(one, 1..6)
}

fn mutate(bytes: &[u8], mutations: &[Mutation]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for mutation in mutations {
        if out.is_empty() {
            break;
        }
        let (Mutation::Set(at, _) | Mutation::Remove(at, _) | Mutation::Double(at, _)) = mutation;
        let at = at.index(out.len());
        match mutation {
            Mutation::Set(_, byte) => out[at] = *byte,
            Mutation::Remove(_, count) => drop(out.drain(at..(at + count).min(out.len()))),
            Mutation::Double(_, count) => {
                let piece = out[at..(at + count).min(out.len())].to_vec();
                out.splice(at..at, piece);
            }
        }
    }
    out
}

fn read_everything(bytes: &[u8]) {
    let _ = Tlv::read(bytes).map(|(tlv, _)| (tlv.list(), tlv.octets()));
    if let Ok(der) = cms::ber_to_der(bytes) {
        assert_eq!(cms::ber_to_der(&der).as_ref(), Ok(&der), "DER of DER is itself");
    }
    let _ = SignedData::read(bytes);
    let _ = TstInfo::of_token(bytes);
    let _ = cms::timestamp_token(bytes, &[0; 32], 1);
    let _ = cms::with_timestamp(bytes, bytes);
    let _ = certificate_facts(bytes);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn v5_random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_everything(&bytes);
    }

    #[test]
    fn v5_mutated_signatures(changes in mutations()) {
        let signature = cms::with_timestamp(
            &sign_digest(&OFFICE.agency, &[5; 32]),
            &OFFICE.token(&cms::signature_value(&sign_digest(&OFFICE.agency, &[5; 32])).unwrap(), start()),
        );
        // ECDSA values differ from run to run, so the pair above does not fit; the token alone is as good to read
        let bytes = signature.unwrap_or_else(|_| OFFICE.token(b"x", start()));
        read_everything(&mutate(&bytes, &changes));
    }

    #[test]
    fn v5_mutated_evidence_never_makes_a_revoked_certificate_good(changes in mutations()) {
        let revoked = OFFICE.lists_with(&[(OFFICE.leader.serial.clone(), start())], start());
        let mut evidence = revoked.clone();
        evidence.crls[0] = mutate(&revoked.crls[0], &changes);
        let verdict = check_certificate(
            &OFFICE.leader.chain,
            start() + minutes(1),
            &OFFICE.context(&evidence, start() + minutes(1)),
        );
        prop_assert_ne!(verdict.verdict, Verdict::TotalPassed);
    }

    #[test]
    fn v5_mutated_certificates_are_not_trusted(changes in mutations()) {
        let mut chain = OFFICE.leader.chain.clone();
        chain[0] = mutate(&chain[0], &changes);
        prop_assume!(chain[0] != OFFICE.leader.chain[0]);
        let now = start() + minutes(1);
        let verdict = check_certificate(&chain, now, &OFFICE.context(&LISTS, now));
        prop_assert_ne!(verdict.verdict, Verdict::TotalPassed);
    }

    #[test]
    fn v5_mutated_documents_answer(changes in mutations()) {
        let pdf = mutate(&SIGNED, &changes);
        let report = OFFICE.check(&pdf, &LISTS, start() + minutes(5));
        let again = OFFICE.check(&pdf, &LISTS, start() + minutes(5));
        prop_assert_eq!(&report, &again);
        if report.verdict == Verdict::TotalPassed {
            // only the room around and behind the signature is not signed: the signed bytes are the same
            let hole = |pdf: &[u8]| {
                let start = pdf.windows(11).rposition(|window| window == b"/Contents <").unwrap() + 10;
                let end = start + pdf[start..].iter().position(|byte| *byte == b'>').unwrap();
                [&pdf[..start], &pdf[end..]].concat()
            };
            let line_ends = |pdf: Vec<u8>| String::from_utf8_lossy(&pdf).trim_end().to_owned();
            prop_assert_eq!(line_ends(hole(&pdf)), line_ends(hole(&SIGNED)));
        }
    }
}
