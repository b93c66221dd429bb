//! Certificates, lists and answers of anybody: read, never trusted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pdf_signature::{
    pki::{AlgorithmPolicy, Anchor, Context, Evidence, Purpose, TrustStore, certificate_facts, check_certificate},
    verify::Verdict,
};

fuzz_target!(|data: &[u8]| {
    let third = data.len() / 3;
    let (leaf, rest) = data.split_at(third);
    let (crl, ocsp) = rest.split_at(third);
    let _ = certificate_facts(data);
    let trust = TrustStore {
        version: String::new(),
        anchors: vec![Anchor {
            certificate: ocsp.to_vec(),
            label: String::new(),
            purposes: vec![Purpose::Signing],
            valid_from: None,
            valid_to: None,
        }],
    };
    let evidence = Evidence {
        certificates: vec![data.to_vec(), crl.to_vec()],
        crls: vec![crl.to_vec(), data.to_vec()],
        ocsps: vec![ocsp.to_vec(), data.to_vec()],
    };
    let Ok(now) = jiff_time() else { return };
    let policy = AlgorithmPolicy::default();
    let ctx = Context {
        trust: &trust,
        evidence: &evidence,
        now,
        policy: &policy,
    };
    let chain = [leaf.to_vec(), data.to_vec()];
    let verdict = check_certificate(&chain, now, &ctx);
    assert_ne!(verdict.verdict, Verdict::TotalFailed, "only a revocation by a trusted issuer fails");
});

fn jiff_time() -> Result<jiff::Timestamp, jiff::Error> {
    "2026-01-15T01:30:00Z".parse()
}
