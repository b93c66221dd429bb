//! Certificates by themselves, before anything is signed with them.

use demo_pki::{Agency, CertificateOrder, ExtendedUsage, Key, Subject};
use pdf_signature::{
    pki::{Evidence, Purpose, certificate_facts, check_certificate, check_certificate_for},
    verify::{Role, Verdict},
};

use crate::kit::{self, Office, URLS, days, leader, minutes, start};

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
