//! The verdict rules (signing levels, time, revocation, trust) on documents that we sign ourselves.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

mod kit;

use demo_pki::{Agency, CertificateOrder, DemoPki, ExtendedUsage, Key, Subject};
use kit::{Office, URLS, area, days, document, leader, minutes, start};
use pdf_signature::{
    pki::{
        AlgorithmPolicy, Evidence, Purpose, Wanted, certificate_facts, check_certificate,
        check_certificate_for, wanted_evidence, wanted_for_certificate,
    },
    sign,
    verify::{
        CertAtSigning, Coverage, Integrity, LaterChanges, Profile, Report, RevocationSource,
        RevocationStatus, Role, SigningCertAttr, Verdict, signer_certificates, validation_data,
    },
};

fn told(report: &Report) -> (Verdict, Option<&str>) {
    (report.verdict, report.sub_reason.as_deref())
}

#[test]
fn v6_a_good_signature_tells_everything_and_survives_json() {
    let office = Office::new();
    let pdf = office.sign(&document(), &office.leader, "ChuKy1", Some(area(2)), start());
    let evidence = office.lists(start());
    let report = office.check(&pdf, &evidence, start() + minutes(5));
    assert_eq!(told(&report), (Verdict::TotalPassed, None), "{report:?}");
    assert_eq!(report.verdict.label(), "HỢP LỆ");
    let one = &report.signatures[0];
    assert_eq!(one.signer_cn.as_deref(), Some("Nguyễn Văn Mẫu"));
    assert_eq!(one.title.as_deref(), Some("Giám đốc"));
    assert_eq!(one.org.as_deref(), Some("Sở Mẫu"));
    assert_eq!(one.org_id.as_deref(), Some("H99.15"));
    assert_eq!(one.role, Role::Person);
    assert_eq!(one.integrity, Integrity::Intact);
    assert_eq!(one.coverage, Coverage::WholeFile);
    assert_eq!(one.later_changes, LaterChanges::None);
    assert_eq!(one.profile, Profile::BaselineB);
    assert_eq!(one.signing_cert_attr, SigningCertAttr::V2);
    assert_eq!(one.cert_at_signing, CertAtSigning::Valid);
    assert_eq!(one.claimed_time, Some(start()));
    assert_eq!(one.revocation.status, RevocationStatus::Good);
    assert_eq!(one.revocation.source, Some(RevocationSource::Crl));
    assert_eq!(one.anchor.as_deref(), Some("Gốc thử nghiệm"));
    assert_eq!(one.chain.len(), 3);
    assert_eq!(
        (one.hash_alg.as_deref(), one.key_bits),
        (Some("SHA-256"), Some(2048))
    );
    let seen = one.visible_area.unwrap();
    assert_eq!(seen.page, 2);
    assert!(
        (seen.x - 110.0).abs() < 0.1 && (seen.y - 200.0).abs() < 0.1,
        "{seen:?}"
    );
    assert_eq!(report.evidence_sha256.len(), 2);
    let json = serde_json::to_string(&report).unwrap();
    assert!(json.contains("\"verdict\":\"TOTAL-PASSED\""));
    assert!(
        json.contains("\"claimed_time\":\"2026-01-15T08:30:00+07:00\""),
        "{json}"
    );
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
    assert_eq!(office.check(&pdf, &evidence, start() + minutes(5)), report);
    assert_eq!(signer_certificates(&pdf), [office.leader.chain[0].clone()]);
}

#[test]
fn v6_a_file_without_signature_and_one_that_is_no_pdf() {
    let office = Office::new();
    let report = office.check(&document(), &Evidence::default(), start());
    assert_eq!(told(&report), (Verdict::Indeterminate, Some("NO_SIGNATURE")));
    assert!(report.unreadable.is_none() && report.revisions == 1);
    let report = office.check(b"PK\x03\x04", &Evidence::default(), start());
    assert_eq!(report.unreadable.unwrap().code, "not_pdf");
    assert_ne!(report.verdict, Verdict::TotalPassed);
}

#[test]
fn ks_64_agency_after_person_keeps_the_first_valid() {
    let office = Office::new();
    let first = office.sign(&document(), &office.leader, "ChuKy1", Some(area(2)), start());
    let both = office.sign(
        &first,
        &office.agency,
        "ChuKy2",
        Some(area(1)),
        start() + minutes(1),
    );
    let report = office.check(&both, &office.lists(start()), start() + minutes(5));
    assert_eq!(told(&report), (Verdict::TotalPassed, None), "{report:?}");
    let [person, seal] = report.signatures.as_slice() else {
        panic!("{report:?}")
    };
    assert_eq!((person.order, person.total, seal.order), (1, 2, 2));
    assert_eq!(person.coverage, Coverage::Revision);
    assert_eq!((person.revision, person.revisions), (2, 3));
    assert_eq!(person.later_changes, LaterChanges::Signatures);
    assert_eq!(seal.role, Role::Organization);
    assert_eq!(seal.sig_alg.as_deref(), Some("ECDSA"));
}

#[test]
fn v3_a_picture_of_an_untrusted_later_signature_refuses_the_first() {
    let office = Office::new();
    let stranger = Office::new();
    let first = office.sign(&document(), &office.leader, "ChuKy1", None, start());
    let covered = office.sign(&first, &stranger.agency, "ChuKy2", Some(area(1)), start());
    let report = office.check(&covered, &office.lists(start()), start() + minutes(5));
    assert_eq!(told(&report), (Verdict::TotalFailed, Some("FORBIDDEN_CHANGE")));
    assert_eq!(report.signatures[0].verdict, Verdict::TotalFailed);
    assert_eq!(report.signatures[0].later_changes, LaterChanges::Other);
    assert_eq!(report.signatures[1].verdict, Verdict::Indeterminate);
    // invisible, the stranger harms only himself
    let hidden = office.sign(&first, &stranger.agency, "ChuKy2", None, start());
    let report = office.check(&hidden, &office.lists(start()), start() + minutes(5));
    assert_eq!(report.signatures[0].verdict, Verdict::TotalPassed);
    assert_eq!(
        told(&report),
        (Verdict::Indeterminate, Some("NO_CERTIFICATE_CHAIN_FOUND"))
    );
}

#[test]
fn v3_a_picture_of_a_later_signature_that_waits_for_evidence_waits_too() {
    let office = Office::new();
    let other = Office::new();
    let mut trust = office.trust.clone();
    trust.anchors.extend(other.trust.anchors.clone());
    let first = office.sign(&document(), &office.leader, "ChuKy1", None, start());
    let both = office.sign(&first, &other.agency, "ChuKy2", Some(area(1)), start());
    let evidence = office.lists(start());
    let mut ctx = office.context(&evidence, start() + minutes(5));
    ctx.trust = &trust;
    let report = pdf_signature::verify::verify(&both, &ctx);
    assert_eq!(
        told(&report),
        (Verdict::Indeterminate, Some("TRY_LATER")),
        "{report:?}"
    );
    assert_eq!(report.signatures[0].sub_reason.as_deref(), Some("TRY_LATER"));
}

#[test]
fn v3_revocation_against_the_proven_time() {
    let office = Office::new();
    let plain = office.sign(&document(), &office.leader, "ChuKy1", None, start());
    let stamped = office.sign_stamped(
        &document(),
        &office.leader,
        "ChuKy1",
        None,
        start(),
        Some(start()),
    );
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
    let pdf = office.sign(&document(), &office.leader, "ChuKy1", None, start());
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
    let stamped = office.sign_stamped(
        &document(),
        &office.leader,
        "ChuKy1",
        None,
        start(),
        Some(start()),
    );
    for at in [start() - days(1), start() + days(100)] {
        let report = office.check(&stamped, &office.lists(at), start() + days(200));
        let leaf = &report.signatures[0].revocation;
        assert_eq!(leaf.status, RevocationStatus::Good, "{report:?}");
    }
}

#[test]
fn ks_30_answers_of_the_status_service() {
    let office = Office::with(true);
    let pdf = office.sign(&document(), &office.leader, "ChuKy1", None, start());
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
    let pdf = office.sign(&document(), &office.leader, "ChuKy1", None, start());
    let stamped = office.sign_stamped(
        &document(),
        &office.leader,
        "ChuKy1",
        None,
        start(),
        Some(start()),
    );
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
    let signed = office.sign_stamped(
        &document(),
        &office.leader,
        "ChuKy1",
        None,
        start(),
        Some(start()),
    );
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
    let plain = office.sign(&document(), &office.leader, "ChuKy1", None, start());
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

#[test]
fn v3_bytes_changed_anywhere_are_never_passed() {
    let office = Office::new();
    let pdf = office.sign(&document(), &office.leader, "ChuKy1", Some(area(1)), start());
    let lists = office.lists(start());
    let contents = pdf.windows(9).rposition(|window| window == b"/Contents").unwrap();
    let end = contents + pdf[contents..].iter().position(|byte| *byte == b'>').unwrap();
    let mut hashed = 0;
    for place in (9..pdf.len()).step_by(37) {
        if (contents..=end).contains(&place) {
            continue;
        }
        let mut changed = pdf.clone();
        changed[place] ^= 0x04;
        let report = office.check(&changed, &lists, start() + minutes(5));
        assert_ne!(report.verdict, Verdict::TotalPassed, "byte {place}");
        hashed += usize::from(report.sub_reason.as_deref() == Some("HASH_FAILURE"));
    }
    assert!(hashed > 10, "the digest found {hashed}");
}

#[test]
fn ks_01_a_certificate_before_signing() {
    let office = Office::new();
    let lists = office.lists(start());
    let now = start() + minutes(1);
    let check = |chain: &[Vec<u8>], evidence: &Evidence| {
        check_certificate(chain, now, &office.context(evidence, now))
    };
    let good = check(&office.leader.chain, &lists);
    assert_eq!(good.verdict, Verdict::TotalPassed, "{good:?}");
    assert_eq!(good.facts.unwrap().serial, office.leader.serial);
    let order = |subject| CertificateOrder::usual(subject, start() - days(1));
    let person = || order(Subject::Person(leader()));
    let issue = |order: &CertificateOrder| office.pki.issue(order, Key::P256).unwrap().chain;
    let mut encrypting = person();
    encrypting.may_sign = false;
    let expired = office.person_valid(start() - days(9), start() - days(1)).chain;
    let stranger = Office::new().leader.chain;
    let revoked = office.lists_with(&[(office.leader.serial.clone(), start())], start());
    for (chain, evidence, code) in [
        (&issue(&encrypting), &lists, "CHAIN_CONSTRAINTS_FAILURE"),
        (
            &issue(&person().extended_usages(&[ExtendedUsage::ServerAuthentication])),
            &lists,
            "CHAIN_CONSTRAINTS_FAILURE",
        ),
        (
            &issue(&person().extended_usages(&[ExtendedUsage::TimeStamping])),
            &lists,
            "CHAIN_CONSTRAINTS_FAILURE",
        ),
        (&expired, &lists, "OUT_OF_BOUNDS_NO_POE"),
        (&stranger, &lists, "NO_CERTIFICATE_CHAIN_FOUND"),
        (&office.leader.chain, &revoked, "REVOKED"),
        (&office.leader.chain, &Evidence::default(), "TRY_LATER"),
        (
            &vec![vec![0x30, 0x00]],
            &lists,
            "CERTIFICATE_CHAIN_GENERAL_FAILURE",
        ),
        (&Vec::new(), &lists, "CERTIFICATE_CHAIN_GENERAL_FAILURE"),
    ] {
        let verdict = check(chain, evidence);
        assert_eq!(verdict.sub_reason.as_deref(), Some(code), "{verdict:?}");
        assert_ne!(verdict.verdict, Verdict::TotalPassed);
        assert!(verdict.reason.ends_with('.'));
    }
    for usages in [
        &[][..],
        &[ExtendedUsage::EmailProtection],
        &[ExtendedUsage::ClientAuthentication],
        &[ExtendedUsage::DocumentSigning],
    ] {
        let chain = issue(&person().extended_usages(usages));
        assert_eq!(check(&chain, &lists).verdict, Verdict::TotalPassed, "{usages:?}");
    }
    let tsa = vec![office.pki.time_stamping().unwrap(), office.pki.issuing().unwrap()];
    let stamping = check_certificate_for(Purpose::TimeStamping, &tsa, now, &office.context(&lists, now));
    assert_eq!(stamping.verdict, Verdict::TotalPassed, "{stamping:?}");
    assert_ne!(check(&tsa, &lists).verdict, Verdict::TotalPassed);
}

#[test]
fn ks_06_facts_of_a_certificate() {
    let office = Office::with(true);
    let facts = certificate_facts(&office.leader.chain[0]).unwrap();
    assert_eq!(facts.uid.as_deref(), Some("CB-0001"));
    assert_eq!((facts.key_algorithm.name(), facts.key_bits), ("RSA", 2048));
    assert_eq!(
        (facts.crl_urls, facts.ocsp_urls),
        (vec![URLS[0].to_owned()], vec![URLS[2].to_owned()])
    );
    assert!(!facts.is_ca && facts.not_before < facts.not_after);
    let seal = certificate_facts(&office.agency.chain[0]).unwrap();
    assert_eq!((seal.role, seal.key_bits), (Role::Organization, 256));
    // names must not turn the direction of what people read
    let tricky = Agency {
        name: "Sở \u{202e}ẫuM\n".into(),
        ..kit::agency()
    };
    let issued = office.pki.agency(&tricky, Key::P256, start()).unwrap();
    let facts = certificate_facts(&issued.chain[0]).unwrap();
    assert_eq!(facts.subject_cn.as_deref(), Some("Sở ẫuM"));
    let error = certificate_facts(b"x").unwrap_err();
    assert_eq!(error.code(), "certificate_unreadable");
}
