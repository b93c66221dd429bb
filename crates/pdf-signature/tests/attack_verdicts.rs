//! V2: the whole verifier against documents that are signed well, and against what attackers make of them.

#![allow(clippy::unwrap_used, reason = "a helper of tests may fail as they do")]

mod attacks;

use attacks::base::{self, Form};
use attacks::people::{People, at, signed, usual_area};
use pdf_signature::appearance::Area;
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

/// Attacks of our own review, and the rule that must see each: another rule would see it by chance only.
#[rstest]
#[case(Form::Table)]
#[case(Form::Stream)]
#[case(Form::Hybrid)]
fn v2_later_additions_are_refused_by_the_rule_made_for_them(#[case] form: Form) {
    let attacks = attacks::later::attacks(form, &attacks::victim(form));
    assert!(attacks.len() >= 11, "only {}", attacks.len());
    for attack in attacks {
        let report = report(&attack.pdf);
        let first = &report.signatures[0];
        assert_eq!(
            first.verdict,
            Verdict::TotalFailed,
            "{}: {}",
            attack.name,
            told(&report)
        );
        assert_eq!(
            first.sub_reason.as_deref(),
            Some("FORBIDDEN_CHANGE"),
            "{}",
            attack.name
        );
        let rules: &[&str] = match (attack.class, attack.name.as_str()) {
            ("overlay", name) if name.starts_with("time-stamp") => &["timestamp_appearance"],
            ("overlay", _) => &["widget_rectangle"],
            ("resources", _) => &["frozen"],
            ("late-object", "object-stream-comes-later") => &["frozen", "object_stream_replaced"],
            ("covering", _) => {
                assert!(first.reason.contains("che phần lớn"), "{}", first.reason);
                continue;
            }
            other => panic!("{other:?}"),
        };
        for rule in rules {
            let seen = first.change_notes.iter().any(|note| note.code == *rule);
            assert!(seen, "{} without {rule}: {}", attack.name, told(&report));
        }
    }
}

/// NĐ 30/2020, Điều 33 khoản 1 điểm b: the seal covers about a third of the signature, on its left.
#[rstest]
#[case(Form::Table)]
#[case(Form::Stream)]
#[case(Form::Hybrid)]
fn nd30_33_1b_the_seal_may_cover_a_third_of_the_signature(#[case] form: Form) {
    let person = usual_area();
    let seal = Area {
        page: 1,
        x: person.x + person.width / 3.0 - 36.0,
        y: person.y - 8.0,
        width: 36.0,
        height: 36.0,
    };
    let pdf = signed(
        &attacks::victim(form),
        &People::trusted().agency,
        "ChuKy2",
        Some(seal),
    );
    let report = report(&pdf);
    assert_eq!(report.verdict, Verdict::TotalPassed, "{}", told(&report));
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
}

#[rstest]
#[case(Form::Table)]
#[case(Form::Stream)]
#[case(Form::Hybrid)]
fn v2_what_others_show_after_the_agency_signed_is_told(#[case] form: Form) {
    let people = People::trusted();
    let issued = signed(
        &base::document(form),
        &people.agency,
        "ConDau",
        Some(usual_area()),
    );
    let beside = Area {
        x: 140.0,
        ..usual_area()
    };
    let later = |who| report(&signed(&issued, who, "ChuKy9", Some(beside)));
    let by_another = later(&people.person);
    assert_eq!(by_another.verdict, Verdict::TotalPassed, "{}", told(&by_another));
    let [note] = &by_another.warnings[..] else {
        panic!("{:?}", by_another.warnings)
    };
    assert_eq!(note.code, "later_visible_signature");
    for told in ["“ConDau”", "Người ký kiểm thử", "“ChuKy9”", "1,3 %", "50,0 %"] {
        assert!(note.sentence.contains(told), "{told}: {}", note.sentence);
    }
    // the agency itself, or nothing to see
    assert_eq!(later(&people.agency).warnings, []);
    let invisible = report(&signed(&issued, &people.person, "ChuKy9", None));
    assert_eq!(invisible.warnings, []);
}
