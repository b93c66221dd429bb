//! V1, V3, V4, V6: our verifier against documents that pyHanko signed with its own authority, judged by pyHanko too.

mod judges;

use std::collections::BTreeMap;

use judges::{
    Answer,
    corpus::{Foreign, foreign},
    pyhanko,
};
use pdf_signature::{
    pki::{AlgorithmPolicy, Anchor, Context, Evidence, Purpose, TrustStore},
    verify::{Profile, Report, Verdict, verify},
};

fn trust(document: &Foreign) -> TrustStore {
    let anchor = |certificate: &Vec<u8>, purpose| Anchor {
        certificate: certificate.clone(),
        label: "Danh sách kiểm thử".to_owned(),
        purposes: vec![purpose],
        valid_from: None,
        valid_to: None,
    };
    let signing = document.roots.iter().map(|root| anchor(root, Purpose::Signing));
    let time = document
        .tsa_roots
        .iter()
        .map(|root| anchor(root, Purpose::TimeStamping));
    TrustStore {
        version: "kiểm thử".to_owned(),
        anchors: signing.chain(time).collect(),
    }
}

fn ours(document: &Foreign) -> Report {
    let evidence = Evidence {
        certificates: document.certificates.clone(),
        crls: document.crls.clone(),
        ocsps: document.ocsps.clone(),
    };
    verify(
        &document.pdf,
        &Context {
            trust: &trust(document),
            evidence: &evidence,
            now: document.at,
            policy: &AlgorithmPolicy::default(),
        },
    )
}

fn theirs(documents: &[Foreign]) -> Vec<Answer> {
    let questions: Vec<_> = documents.iter().map(Foreign::question).collect();
    pyhanko(&questions)
}

/// One line of explanation for a failing assertion.
fn told(report: &Report) -> String {
    let signatures: Vec<String> = report
        .signatures
        .iter()
        .map(|one| {
            format!(
                "{}: {:?} {:?} {} {:?}",
                one.field, one.verdict, one.sub_reason, one.reason, one.change_notes
            )
        })
        .collect();
    format!(
        "{:?} {:?} {:?} {:?} {signatures:?}",
        report.verdict, report.sub_reason, report.unreadable, report.warnings
    )
}

#[test]
fn v1_what_pyhanko_signs_well_is_valid_for_us() {
    let documents = foreign("valid");
    let mut wrong = Vec::new();
    for (document, answer) in documents.iter().zip(theirs(&documents)) {
        assert!(
            answer.all_good(),
            "pyHanko refuses its own {}: {answer:?}",
            document.name
        );
        let report = ours(document);
        let counted = report.signatures.len() == answer.signatures.len();
        if report.verdict != Verdict::TotalPassed || !counted {
            wrong.push(format!("{}: {}", document.name, told(&report)));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        documents.len(),
        wrong.join("\n")
    );
}

#[test]
fn v1_the_level_of_the_signature_is_recognised() {
    let expected = BTreeMap::from([
        ("cades", Profile::BaselineB),
        ("pkcs7", Profile::Pkcs7),
        ("time-stamped", Profile::BaselineT),
        ("b-lt", Profile::BaselineLt),
        ("b-lta", Profile::BaselineLta),
    ]);
    let mut seen = 0;
    for document in foreign("valid") {
        if let Some(profile) = expected.get(document.name.as_str()) {
            let report = ours(&document);
            assert_eq!(report.signatures[0].profile, *profile, "{}", document.name);
            seen += 1;
        }
    }
    assert_eq!(seen, expected.len());
}

/// Name, our verdict and reason, and the status of pyHanko's validation by the same standard. Where the two differ, why.
const DOUBTS: [(&str, Verdict, Option<&str>, &str); 17] = [
    // The standard leaves "revoked" open without a proof of time; a revoked certificate that signs is refused here (spec §6).
    ("revoked", Verdict::TotalFailed, Some("REVOKED"), "INDETERMINATE"),
    (
        "revoked-before-time-stamp",
        Verdict::TotalFailed,
        Some("REVOKED"),
        "INDETERMINATE",
    ),
    ("revoked-after-time-stamp", Verdict::TotalPassed, None, "PASSED"),
    (
        "revoked-ocsp",
        Verdict::TotalFailed,
        Some("REVOKED"),
        "INDETERMINATE",
    ),
    (
        "expired",
        Verdict::Indeterminate,
        Some("OUT_OF_BOUNDS_NO_POE"),
        "INDETERMINATE",
    ),
    ("expires-later-time-stamped", Verdict::TotalPassed, None, "PASSED"),
    (
        "expires-later",
        Verdict::Indeterminate,
        Some("OUT_OF_BOUNDS_NO_POE"),
        "INDETERMINATE",
    ),
    (
        "not-yet-valid",
        Verdict::Indeterminate,
        Some("NOT_YET_VALID"),
        "INDETERMINATE",
    ),
    (
        "rogue",
        Verdict::Indeterminate,
        Some("NO_CERTIFICATE_CHAIN_FOUND"),
        "INDETERMINATE",
    ),
    (
        "no-crl",
        Verdict::Indeterminate,
        Some("TRY_LATER"),
        "INDETERMINATE",
    ),
    (
        "crl-too-old",
        Verdict::Indeterminate,
        Some("TRY_LATER"),
        "INDETERMINATE",
    ),
    (
        "crl-of-stranger",
        Verdict::Indeterminate,
        Some("TRY_LATER"),
        "INDETERMINATE",
    ),
    ("tsa-untrusted", Verdict::Indeterminate, None, "INDETERMINATE"),
    (
        "tsa-without-purpose",
        Verdict::Indeterminate,
        None,
        "INDETERMINATE",
    ),
    (
        "sha1",
        Verdict::Indeterminate,
        Some("CRYPTO_CONSTRAINTS_FAILURE"),
        "INDETERMINATE",
    ),
    (
        "rsa-1024",
        Verdict::Indeterminate,
        Some("CRYPTO_CONSTRAINTS_FAILURE"),
        "INDETERMINATE",
    ),
    (
        "tls-server-certificate",
        Verdict::Indeterminate,
        Some("CHAIN_CONSTRAINTS_FAILURE"),
        "PASSED",
    ),
];

#[test]
fn v3_doubts_have_the_verdict_and_the_reason_of_the_standard() {
    let documents = foreign("doubt");
    assert_eq!(documents.len(), DOUBTS.len());
    let mut wrong = Vec::new();
    for (document, answer) in documents.iter().zip(theirs(&documents)) {
        let Some((_, verdict, reason, class)) = DOUBTS.iter().find(|row| row.0 == document.name) else {
            panic!("{} is not in the table", document.name);
        };
        let theirs = answer.signatures[0].ades.as_ref().unwrap();
        if theirs.status != *class {
            wrong.push(format!("{}: pyHanko says {theirs:?}", document.name));
        }
        let report = ours(document);
        let fits = report.verdict == *verdict
            && report.signatures.len() == 1
            && (reason.is_none() || report.signatures[0].sub_reason.as_deref() == *reason);
        if !fits {
            wrong.push(format!(
                "{}: we say {} (pyHanko: {})",
                document.name,
                told(&report),
                theirs.sub
            ));
        }
        if report
            .signatures
            .iter()
            .any(|one| one.verdict != Verdict::TotalPassed && one.reason.is_empty())
        {
            wrong.push(format!("{}: no sentence for people", document.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn v3_broken_signatures_are_failed() {
    let documents = foreign("broken");
    for (document, answer) in documents.iter().zip(theirs(&documents)) {
        assert!(!answer.all_good(), "{}", document.name);
        let report = ours(document);
        assert_ne!(report.verdict, Verdict::TotalPassed, "{}", document.name);
        let expected = match document.name.as_str() {
            "changed-byte" => Some("HASH_FAILURE"),
            "changed-signature" => Some("SIG_CRYPTO_FAILURE"),
            _ => None,
        };
        if expected.is_some() {
            assert_eq!(report.verdict, Verdict::TotalFailed, "{}", document.name);
            assert_eq!(
                report.signatures[0].sub_reason.as_deref(),
                expected,
                "{}",
                document.name
            );
        }
    }
}

/// Documents on which we and pyHanko disagree, each looked at: the end of the name, whether we accept, why.
const REVIEWED: [(&str, bool, &str); 3] = [
    (
        "-doubled",
        false,
        "bytes after the last %%EOF are not covered by any section: structure gate 3",
    ),
    (
        "-comment-after-the-end",
        false,
        "the same: only line ends may follow the last %%EOF",
    ),
    (
        "-second-trusted-over-page",
        false,
        "pyHanko does not look at what a later signature covers; we refuse more than a quarter of a page",
    ),
];

/// One damaged digit in the signature may stand where nothing is protected and nothing is needed: a certificate of the
/// authority that we have anyway, a label of the container. Then our report is that of the undamaged document.
fn says_the_same(report: &Report, undamaged: &Report) -> bool {
    let comparable = |report: &Report| {
        let mut report = report.clone();
        report.file_sha256.clear();
        report.evidence_sha256.clear();
        // that such a certificate is there is told, and changes nothing
        for one in &mut report.signatures {
            one.change_notes
                .retain(|note| note.code != "embedded_certificate_unreadable");
        }
        report
    };
    comparable(report) == comparable(undamaged)
}

fn is_reviewed(document: &Foreign, report: &Report, undamaged: &[(String, Report)]) -> bool {
    let we_accept = report.verdict == Verdict::TotalPassed;
    let in_list = REVIEWED
        .iter()
        .any(|(end, accept, _)| document.name.ends_with(end) && *accept == we_accept);
    let Some((form, _)) = document.name.split_once("-damaged-") else {
        return in_list;
    };
    // What pyHanko overlooks in a damaged container, we may refuse; what it refuses, only with the whole report unchanged.
    !we_accept
        || undamaged
            .iter()
            .any(|(name, other)| name == form && says_the_same(report, other))
}

#[test]
fn v4_every_disagreement_with_pyhanko_is_reviewed() {
    let mut documents = foreign("changed");
    let undamaged: Vec<(String, Report)> = documents
        .iter()
        .filter_map(|document| {
            Some((
                document.name.strip_suffix("-untouched")?.to_owned(),
                ours(document),
            ))
        })
        .collect();
    assert_eq!(undamaged.len(), 2);
    documents.extend(foreign("valid"));
    documents.extend(foreign("broken"));
    let (mut unexplained, mut accepted, mut refused, mut reviewed) = (Vec::new(), 0, 0, 0);
    for (document, answer) in documents.iter().zip(theirs(&documents)) {
        let report = ours(document);
        let we = report.verdict == Verdict::TotalPassed;
        let they = answer.all_good();
        if we == they {
            *(if we { &mut accepted } else { &mut refused }) += 1;
        } else if is_reviewed(document, &report, &undamaged) {
            reviewed += 1;
        } else {
            unexplained.push(format!("{}: pyHanko {they}, we {}", document.name, told(&report)));
        }
    }
    println!(
        "{} documents: both accept {accepted}, both refuse {refused}, reviewed differences {reviewed}",
        documents.len()
    );
    assert!(
        unexplained.is_empty(),
        "{} unexplained:\n{}",
        unexplained.len(),
        unexplained.join("\n")
    );
    // The corpus itself must not become poor without anybody noticing.
    assert!(accepted > 50 && refused > 80 && reviewed < 20);
}

#[test]
fn v6_the_same_question_has_the_same_answer() {
    for document in foreign("valid").iter().chain(&foreign("changed")) {
        let first = serde_json::to_string(&ours(document)).unwrap();
        let second = serde_json::to_string(&ours(document)).unwrap();
        assert_eq!(first, second, "{}", document.name);
    }
}

/// The crate has no way to the network: among everything that it is built from there is no client and no resolver of names.
#[test]
fn v6_the_crate_cannot_reach_the_network() {
    let output = std::process::Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let tree = String::from_utf8(output.stdout).unwrap();
    assert!(tree.contains("x509-cert"), "not the tree of this crate: {tree}");
    for client in [
        "reqwest", "hyper", "ureq", "tokio", "socket2", "mio", "rustls v", "openssl",
    ] {
        assert!(
            !tree.lines().any(|line| line.starts_with(client)),
            "{client} is among the dependencies"
        );
    }
    let mut sources = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(path) = sources.pop() {
        if path.is_dir() {
            sources.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else if path.file_name().is_some_and(|name| name != "tests.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for word in [
                "std::net",
                "std::fs",
                "std::process",
                "SystemTime",
                "Timestamp::now",
                "std::env::",
            ] {
                assert!(!text.contains(word), "{} uses {word}", path.display());
            }
        }
    }
}
