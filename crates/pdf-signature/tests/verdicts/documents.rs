//! What a document says of its signatures, and what was changed after them.

use pdf_signature::{
    pki::Evidence,
    verify::{
        CertAtSigning, Coverage, Integrity, LaterChanges, Profile, Report, RevocationSource,
        RevocationStatus, Role, SigningCertAttr, Verdict, signer_certificates,
    },
};

use crate::{
    kit::{Office, area, document, minutes, start},
    told,
};

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
