//! V2: the whole verifier against documents that are signed well, and against what attackers make of them.

#![allow(clippy::unwrap_used, reason = "a helper of tests may fail as they do")]

mod attacks;

use attacks::base::Form;
use attacks::people::{People, at};
use pdf_signature::pki::{AlgorithmPolicy, Anchor, Context, Purpose, TrustStore};
use pdf_signature::verify::{Report, Verdict, verify};
use rstest::rstest;

fn report(pdf: &[u8]) -> Report {
    let people = People::trusted();
    let root = people.pki.root().unwrap();
    let trust = TrustStore {
        version: "kiểm thử".to_owned(),
        anchors: vec![Anchor {
            certificate: root,
            label: "Gốc kiểm thử".to_owned(),
            purposes: vec![Purpose::Signing, Purpose::TimeStamping],
            valid_from: None,
            valid_to: None,
        }],
    };
    let evidence = people.evidence();
    let context = Context {
        trust: &trust,
        evidence: &evidence,
        now: at(),
        policy: &AlgorithmPolicy::default(),
    };
    verify(pdf, &context)
}

fn told(report: &Report) -> String {
    let signatures: Vec<String> = report
        .signatures
        .iter()
        .map(|one| {
            format!(
                "{} {:?} {:?} {:?}",
                one.field, one.verdict, one.sub_reason, one.change_notes
            )
        })
        .collect();
    format!(
        "{:?} {:?} {:?} {signatures:?}",
        report.verdict, report.unreadable, report.warnings
    )
}

#[rstest]
#[case(Form::Table)]
#[case(Form::Stream)]
#[case(Form::Hybrid)]
fn v2_benign_documents_are_valid(#[case] form: Form) {
    for benign in attacks::benign(form) {
        let report = report(&benign.pdf);
        assert_eq!(
            report.verdict,
            Verdict::TotalPassed,
            "{}: {}",
            benign.name,
            told(&report)
        );
        assert_eq!(report.signatures.len(), benign.signatures, "{}", benign.name);
    }
}

#[rstest]
#[case(Form::Table)]
#[case(Form::Stream)]
#[case(Form::Hybrid)]
fn v2_no_manipulated_document_is_valid(#[case] form: Form) {
    let accepted: Vec<String> = attacks::attacks(form)
        .iter()
        .map(|attack| (attack, report(&attack.pdf)))
        .filter(|(_, report)| {
            let first = report.signatures.first().map(|first| first.verdict);
            report.verdict == Verdict::TotalPassed || first == Some(Verdict::TotalPassed)
        })
        .map(|(attack, report)| format!("{}/{}: {}", attack.class, attack.name, told(&report)))
        .collect();
    assert!(accepted.is_empty(), "{}", accepted.join("\n"));
}
