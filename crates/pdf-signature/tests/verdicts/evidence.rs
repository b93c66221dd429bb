//! Time and revocation: what lists, answers and time stamps prove, what is asked for, what the trust list and the policy bound.

use demo_pki::DemoPki;
use pdf_signature::{
    pki::{AlgorithmPolicy, Evidence, Purpose, Wanted, wanted_evidence, wanted_for_certificate},
    sign,
    verify::{
        CertAtSigning, LaterChanges, Profile, RevocationSource, RevocationStatus, Role, Verdict,
        validation_data,
    },
};

use crate::{
    kit::{Office, URLS, days, document, minutes, start},
    told,
};

/// A document that the leader signed.
fn signed(office: &Office) -> Vec<u8> {
    office.sign(&document(), &office.leader, "ChuKy1", None, start())
}

/// The same with a time stamp.
fn stamped(office: &Office) -> Vec<u8> {
    let (pdf, at) = (document(), start());
    office.sign_stamped(&pdf, &office.leader, "ChuKy1", None, at, Some(at))
}

#[test]
fn v3_revocation_against_the_proven_time() {
    let office = Office::new();
    let (plain, stamped) = (signed(&office), stamped(&office));
    let now = start() + days(2);
    let before = start() - days(1);
    let after = start() + days(1);
    let revoked = |at| office.lists_with(&[(office.leader.serial.clone(), at)], now);
    for (pdf, at, expected) in [
        (&plain, before, (Verdict::TotalFailed, Some("REVOKED"))),
        // the claimed time is before the revocation, but nothing proves it
        (&plain, after, (Verdict::Indeterminate, Some("REVOKED_NO_POE"))),
        (&stamped, before, (Verdict::TotalFailed, Some("REVOKED"))),
        (&stamped, after, (Verdict::TotalPassed, None)),
    ] {
        let report = office.check(pdf, &revoked(at), now);
        assert_eq!(told(&report), expected, "{at} {report:?}");
        assert_eq!(report.signatures[0].revocation.revoked_at, Some(at));
    }
}

#[test]
fn v3_lists_too_old_from_the_future_or_missing() {
    let office = Office::new();
    let pdf = signed(&office);
    let try_later = (Verdict::Indeterminate, Some("TRY_LATER"));
    for (evidence, now) in [
        (Evidence::default(), start()),
        (office.lists(start()), start() + days(60)),
        (office.lists(start() + days(2)), start() + minutes(5)),
        (Office::new().lists(start()), start() + minutes(5)),
    ] {
        let mut evidence = evidence;
        evidence.certificates.push(office.pki.issuing().unwrap());
        let report = office.check(&pdf, &evidence, now);
        assert_eq!(told(&report), try_later, "{report:?}");
        assert_eq!(report.signatures[0].revocation.status, RevocationStatus::Unknown);
    }
    // with a time stamp, a list that held then or was made later is enough, whenever it is checked
    let stamped = stamped(&office);
    for at in [start() - days(1), start() + days(100)] {
        let report = office.check(&stamped, &office.lists(at), start() + days(200));
        let leaf = &report.signatures[0].revocation;
        assert_eq!(leaf.status, RevocationStatus::Good, "{report:?}");
    }
}

#[test]
fn ks_30_answers_of_the_status_service() {
    let office = Office::with(true);
    let pdf = signed(&office);
    let now = start() + minutes(5);
    let bare = Evidence {
        certificates: vec![office.pki.issuing().unwrap()],
        crls: vec![office.pki.root_crl(start()).unwrap()],
        ocsps: Vec::new(),
    };
    let wanted = wanted_evidence(&pdf, &office.context(&bare, now));
    let [Wanted::Ocsp { url, request_der, .. }, Wanted::Crl { url: list }] = wanted.as_slice() else {
        panic!("{wanted:?}")
    };
    assert_eq!((url.as_str(), list.as_str()), (URLS[2], URLS[0]));
    let judge = |answer: Vec<u8>| {
        let evidence = Evidence {
            ocsps: vec![answer],
            ..bare.clone()
        };
        let report = office.check(&pdf, &evidence, now);
        assert!(wanted_evidence(&pdf, &office.context(&evidence, now)).len() < 3);
        report
    };
    for good in [
        office.pki.ocsp(request_der, start(), &[]).unwrap(),
        office.pki.ocsp_by_issuer(request_der, start(), &[]).unwrap(),
    ] {
        let report = judge(good.clone());
        assert_eq!(told(&report), (Verdict::TotalPassed, None), "{report:?}");
        assert_eq!(
            report.signatures[0].revocation.source,
            Some(RevocationSource::Ocsp)
        );
        // one changed byte anywhere in the signed part
        let mut broken = good;
        let middle = broken.len() / 4;
        broken[middle] ^= 1;
        assert_eq!(told(&judge(broken)), (Verdict::Indeterminate, Some("TRY_LATER")));
    }
    let revoked = [(office.leader.serial.clone(), start() - days(3))];
    let report = judge(office.pki.ocsp(request_der, start(), &revoked).unwrap());
    assert_eq!(told(&report), (Verdict::TotalFailed, Some("REVOKED")));
    // of a twin with the same names and other keys
    let twin = DemoPki::create(start() - days(30)).unwrap();
    let report = judge(twin.ocsp(request_der, start(), &[]).unwrap());
    assert_eq!(told(&report), (Verdict::Indeterminate, Some("TRY_LATER")));
}

/// Evidence that came with the document, or that is a day old, does not keep the check from asking; a proven time does.
#[test]
fn ks_30_embedded_or_old_evidence_is_asked_for_again() {
    let office = Office::with(true);
    let nothing = Evidence::default();
    let evidence = office.lists(start());
    let with = |pdf: Vec<u8>| [&pdf[..], &sign::with_validation_data(&pdf, &evidence).unwrap()].concat();
    let pdf = with(office.sign(&document(), &office.leader, "ChuKy1", None, start()));
    let now = start() + minutes(5);
    let asked = |pdf: &[u8], evidence: &Evidence, now| {
        let context = office.context(evidence, now);
        assert_eq!(
            told(&office.check(pdf, evidence, now)),
            (Verdict::TotalPassed, None)
        );
        let wanted = wanted_evidence(pdf, &context);
        assert_eq!(wanted, wanted_evidence(pdf, &context));
        wanted.len()
    };
    // answers and lists on the signer, and on its issuer
    assert!(asked(&pdf, &nothing, now) >= 3);
    assert_eq!(asked(&pdf, &evidence, now), 0);
    assert!(asked(&pdf, &evidence, start() + minutes(25 * 60)) >= 2);
    let archived = office.archive(&pdf, "Dau1", now);
    assert_eq!(asked(&archived, &evidence, now), 0);
}

#[test]
fn v3_nothing_is_asked_for_an_unknown_issuer() {
    let office = Office::with(true);
    let stranger = Office::with(true);
    let pdf = office.sign(&document(), &stranger.leader, "ChuKy1", None, start());
    let evidence = Evidence::default();
    assert_eq!(wanted_evidence(&pdf, &office.context(&evidence, start())), []);
    let wanted = wanted_for_certificate(
        Purpose::Signing,
        &office.leader.chain,
        start(),
        &office.context(&evidence, start()),
    );
    assert_eq!(wanted.len(), 3, "{wanted:?}");
}

#[test]
fn v3_periods_of_certificates() {
    let office = Office::new();
    let now = start() + minutes(5);
    let lists = office.lists(start());
    let expired = office.person_valid(start() - days(10), start() - days(1));
    let future = office.person_valid(start() + days(1), start() + days(9));
    for (who, code, period) in [
        (&expired, "OUT_OF_BOUNDS_NO_POE", CertAtSigning::Expired),
        (&future, "NOT_YET_VALID", CertAtSigning::NotYetValid),
    ] {
        let pdf = office.sign(&document(), who, "ChuKy1", None, start());
        let report = office.check(&pdf, &lists, now);
        assert_eq!(told(&report), (Verdict::Indeterminate, Some(code)), "{report:?}");
        assert_eq!(report.signatures[0].cert_at_signing, period);
    }
    // signed and stamped on its last day, checked long after
    let last = office.person_valid(start() - days(10), start() + days(1));
    let later = start() + days(20);
    let plain = office.sign(&document(), &last, "ChuKy1", None, start());
    let stamped = office.sign_stamped(&document(), &last, "ChuKy1", None, start(), Some(start()));
    let mut evidence = office.lists(start());
    evidence.crls.extend(office.lists(later).crls);
    assert_eq!(
        told(&office.check(&plain, &evidence, later)),
        (Verdict::Indeterminate, Some("OUT_OF_BOUNDS_NO_POE"))
    );
    let report = office.check(&stamped, &evidence, later);
    assert_eq!(told(&report), (Verdict::TotalPassed, None), "{report:?}");
    assert_eq!(report.signatures[0].ts_time, Some(start()));
    assert_eq!(report.signatures[0].profile, Profile::BaselineT);
}

#[test]
fn v3_windows_of_anchors_and_dates_of_the_policy() {
    let mut office = Office::new();
    let (pdf, stamped) = (signed(&office), stamped(&office));
    let now = start() + days(3);
    let lists = office.lists(start() + days(2));
    office.trust.anchors[0].valid_to = Some(start() + days(1));
    let unknown = (Verdict::Indeterminate, Some("NO_CERTIFICATE_CHAIN_FOUND"));
    assert_eq!(told(&office.check(&pdf, &lists, now)), unknown);
    // the time stamp's own authority is under the same anchor, which is no longer trusted now
    assert_eq!(told(&office.check(&stamped, &lists, now)), unknown);
    office.trust.anchors[0].valid_to = None;
    office.trust.anchors[0].purposes = vec![Purpose::TimeStamping];
    assert_eq!(told(&office.check(&pdf, &lists, now)), unknown);
    office.trust.anchors[0].purposes = vec![Purpose::Signing];
    let report = office.check(&stamped, &lists, now);
    assert_eq!(told(&report), unknown, "{report:?}");
    assert_eq!(report.signatures[0].ts_time, None);
    office.trust.anchors[0].purposes.push(Purpose::TimeStamping);
    let mut policy = AlgorithmPolicy::default();
    policy.0[0].until = Some(start() + days(1));
    office.policy = policy;
    assert_eq!(
        told(&office.check(&pdf, &lists, now)),
        (Verdict::Indeterminate, Some("CRYPTO_CONSTRAINTS_FAILURE_NO_POE"))
    );
    let report = office.check(&stamped, &lists, now);
    assert_eq!(told(&report), (Verdict::TotalPassed, None), "{report:?}");
}

#[test]
fn s5_levels_up_to_the_archive_and_beyond_the_life_of_all_certificates() {
    let office = Office::new();
    let signed = stamped(&office);
    let lists = office.lists(start());
    let data = validation_data(&signed, &office.context(&lists, start() + minutes(1)));
    assert_eq!(
        data.crls.len(),
        2,
        "the list of the issuing authority and that of the root"
    );
    assert!(data.certificates.contains(&office.pki.issuing().unwrap()));
    let tail = sign::with_validation_data(&signed, &data).unwrap();
    let long_term = [signed.clone(), tail].concat();
    let nothing = Evidence::default();
    let report = office.check(&long_term, &nothing, start() + days(300));
    assert_eq!(told(&report), (Verdict::TotalPassed, None), "{report:?}");
    assert_eq!(report.signatures[0].profile, Profile::BaselineLt);
    assert_eq!(report.signatures[0].later_changes, LaterChanges::ValidationData);
    let archived = office.archive(&long_term, "LuuTru1", start() + minutes(10));
    let report = office.check(&archived, &nothing, start() + days(300));
    assert_eq!(report.signatures[0].profile, Profile::BaselineLta, "{report:?}");
    assert_eq!(report.signatures[1].role, Role::Timestamp);
    assert_eq!(report.signatures[1].profile, Profile::DocTimeStamp);
    assert_eq!(report.signatures[0].verdict, Verdict::TotalPassed);
}

#[test]
fn s5_a_document_time_stamp_is_proof_for_what_was_signed_without_one() {
    let office = Office::new();
    let plain = signed(&office);
    let archived = office.archive(&plain, "LuuTru1", start() + minutes(10));
    let now = start() + days(2);
    let revoked_later = office.lists_with(&[(office.leader.serial.clone(), start() + days(1))], now);
    assert_eq!(
        told(&office.check(&plain, &revoked_later, now)),
        (Verdict::Indeterminate, Some("REVOKED_NO_POE"))
    );
    let report = office.check(&archived, &revoked_later, now);
    assert_eq!(told(&report), (Verdict::TotalPassed, None), "{report:?}");
    assert_eq!(report.signatures[0].profile, Profile::BaselineT);
}
