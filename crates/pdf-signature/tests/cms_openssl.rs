//! Our CMS against OpenSSL in both directions: what we assemble, it verifies; what it makes, we read.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

mod kit;

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use demo_pki::{CertificateOrder, Issued, Key, Subject};
use kit::{Office, days, document, leader, minutes, sign_digest, start};
use pdf_signature::{
    cms::{self, CmsError, SignatureAlgorithm, SignedData, tlv::Tlv},
    sign::{self, DEFAULT_RESERVE, FieldSpec, Prepared},
    verify::{Report, SigningCertAttr, Verdict},
};

fn openssl(arguments: &[&str], dir: &Path) -> Vec<u8> {
    let output = Command::new("openssl")
        .args(arguments)
        .current_dir(dir)
        .stdin(Stdio::null())
        .output()
        .expect("openssl is a judge of these tests");
    assert!(
        output.status.success(),
        "openssl {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let text = BASE64_STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

/// A key and its certificates as files.
fn files(dir: &Path, office: &Office, who: &Issued) {
    fs::write(
        dir.join("second.key"),
        pem("PRIVATE KEY", &office.agency.key_pkcs8),
    )
    .unwrap();
    fs::write(
        dir.join("second.pem"),
        pem("CERTIFICATE", &office.agency.chain[0]),
    )
    .unwrap();
    fs::write(dir.join("key.pem"), pem("PRIVATE KEY", &who.key_pkcs8)).unwrap();
    fs::write(dir.join("leaf.pem"), pem("CERTIFICATE", &who.chain[0])).unwrap();
    fs::write(dir.join("issuing.pem"), pem("CERTIFICATE", &who.chain[1])).unwrap();
    fs::write(
        dir.join("root.pem"),
        pem("CERTIFICATE", &office.pki.root().unwrap()),
    )
    .unwrap();
}

fn at() -> String {
    start().as_second().to_string()
}

#[test]
fn s3_openssl_verifies_what_we_assemble() {
    let office = Office::new();
    let content = b"Van ban so 15/QD-SM".repeat(50);
    for (key, algorithm) in [
        (Key::Rsa2048, SignatureAlgorithm::RsaSha256),
        (Key::Rsa3072, SignatureAlgorithm::RsaSha256),
        (Key::Rsa4096, SignatureAlgorithm::RsaSha256),
        (Key::P256, SignatureAlgorithm::EcdsaP256Sha256),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let who = office.pki.person(&leader(), key, start() - days(1)).unwrap();
        files(dir.path(), &office, &who);
        let digest = cms::to_sign(&content);
        let attributes = cms::signed_attributes(&digest, &who.chain[0]).unwrap();
        let raw = demo_pki::sign_digest(&who.key_pkcs8, &cms::to_sign(&attributes)).unwrap();
        assert_eq!(cms::check_raw(&who.chain[0], &attributes, &raw), Ok(algorithm));
        let signature = cms::assemble(&who.chain, &attributes, &raw).unwrap();
        assert_eq!(cms::ber_to_der(&signature).unwrap(), signature, "it is DER");
        fs::write(dir.path().join("content"), &content).unwrap();
        fs::write(dir.path().join("cms.der"), &signature).unwrap();
        let said = openssl(
            &[
                "cms",
                "-verify",
                "-cades",
                "-binary",
                "-inform",
                "DER",
                "-in",
                "cms.der",
                "-content",
                "content",
                "-CAfile",
                "root.pem",
                "-purpose",
                "any",
                "-attime",
                &at(),
            ],
            dir.path(),
        );
        assert_eq!(said, content);
        // no signing-time: PAdES puts it into the document
        let printed = openssl(
            &["cms", "-cmsout", "-print", "-inform", "DER", "-in", "cms.der"],
            dir.path(),
        );
        let printed = String::from_utf8_lossy(&printed).into_owned();
        assert!(printed.contains("signingCertificateV2") && !printed.contains("signingTime"));
    }
}

#[test]
fn s3_p384_and_values_as_r_and_s() {
    let office = Office::new();
    let dir = tempfile::tempdir().unwrap();
    for (curve, algorithm, half) in [
        ("P-256", SignatureAlgorithm::EcdsaP256Sha256, 32),
        ("P-384", SignatureAlgorithm::EcdsaP384Sha256, 48),
    ] {
        let option = format!("ec_paramgen_curve:{curve}");
        openssl(
            &[
                "genpkey",
                "-algorithm",
                "EC",
                "-pkeyopt",
                &option,
                "-out",
                "key.pem",
            ],
            dir.path(),
        );
        let public = openssl(
            &["pkey", "-in", "key.pem", "-pubout", "-outform", "DER"],
            dir.path(),
        );
        let order = CertificateOrder::usual(Subject::Person(leader()), start() - days(1));
        let who = office.pki.issue_for(&order, &public).unwrap();
        let attributes = cms::signed_attributes(&[7; 32], &who.chain[0]).unwrap();
        fs::write(dir.path().join("attributes"), &attributes).unwrap();
        let der = openssl(&["dgst", "-sha256", "-sign", "key.pem", "attributes"], dir.path());
        assert_eq!(cms::check_raw(&who.chain[0], &attributes, &der), Ok(algorithm));
        let parts = Tlv::only(&der).unwrap().list().unwrap();
        let mut fixed = Vec::new();
        for part in parts {
            let digits: Vec<u8> = part
                .value
                .iter()
                .copied()
                .skip_while(|digit| *digit == 0)
                .collect();
            fixed.extend(vec![0; half - digits.len()]);
            fixed.extend(digits);
        }
        assert_eq!(cms::check_raw(&who.chain[0], &attributes, &fixed), Ok(algorithm));
        let signature = cms::assemble(&who.chain, &attributes, &fixed).unwrap();
        assert_eq!(cms::signature_value(&signature).unwrap(), der);
    }
}

#[test]
fn s4_a_wrong_key_or_certificate_is_found_before_anything_is_written() {
    let office = Office::new();
    let (leader, agency) = (&office.leader, &office.agency);
    let attributes = cms::signed_attributes(&[1; 32], &leader.chain[0]).unwrap();
    let raw = demo_pki::sign(&leader.key_pkcs8, &attributes).unwrap();
    let other = demo_pki::sign(&agency.key_pkcs8, &attributes).unwrap();
    let check = |chain: &[Vec<u8>], attributes: &[u8], raw: &[u8]| {
        cms::assemble(chain, attributes, raw).map(|_| ()).unwrap_err()
    };
    assert_eq!(
        check(&leader.chain, &attributes, &other),
        CmsError::WrongSignature
    );
    assert_eq!(
        check(&agency.chain, &attributes, &other),
        CmsError::CertificateMismatch
    );
    assert_eq!(check(&[], &attributes, &raw), CmsError::NoCertificate);
    let replayed = cms::signed_attributes(&[2; 32], &leader.chain[0]).unwrap();
    assert_eq!(check(&leader.chain, &replayed, &raw), CmsError::WrongSignature);
    for length in [0, 1, 64, 255, 257] {
        let mut cut = raw.clone();
        cut.resize(length, 0);
        assert_eq!(check(&leader.chain, &attributes, &cut), CmsError::WrongSignature);
    }
    assert!(cms::signed_attributes(&[1; 32], b"no certificate").is_err());
    for error in [
        CmsError::WrongSignature,
        CmsError::CertificateMismatch,
        CmsError::TimestampRefused(2),
    ] {
        assert!(error.to_string().ends_with('.') && !error.code().contains(' '));
    }
}

#[test]
fn s5_time_stamps_as_openssl_sees_them() {
    let office = Office::new();
    let dir = tempfile::tempdir().unwrap();
    files(dir.path(), &office, &office.leader);
    let signature = sign_digest(&office.leader, &[3; 32]);
    let value = cms::signature_value(&signature).unwrap();
    let imprint = cms::to_sign(&value);
    let request = cms::timestamp_request(&imprint, 0xfedc_ba98_7654_3210);
    fs::write(dir.path().join("request"), &request).unwrap();
    let text = openssl(&["ts", "-query", "-in", "request", "-text"], dir.path());
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(
        text.contains("sha256")
            && text.contains("0xFEDCBA9876543210")
            && text.contains("Certificate required: yes"),
        "{text}"
    );
    let response = office.pki.timestamp(&request, start(), 5).unwrap();
    let nonce = 0xfedc_ba98_7654_3210;
    let token = cms::timestamp_token(&response, &imprint, nonce).unwrap();
    assert_eq!(cms::TstInfo::of_token(&token).unwrap().at, start());
    let mismatch = Err(CmsError::TimestampMismatch);
    assert_eq!(cms::timestamp_token(&response, &imprint, 1), mismatch);
    assert_eq!(cms::timestamp_token(&response, &[0; 32], nonce), mismatch);
    assert_eq!(
        cms::with_timestamp(&sign_digest(&office.leader, &[4; 32]), &token).map(|_| Vec::new()),
        mismatch
    );
    let refusal = office.pki.timestamp(b"nonsense", start(), 6).unwrap();
    assert_eq!(
        cms::timestamp_token(&refusal, &imprint, nonce),
        Err(CmsError::TimestampRefused(2))
    );
    fs::write(dir.path().join("token"), &token).unwrap();
    fs::write(dir.path().join("value"), &value).unwrap();
    openssl(
        &[
            "ts",
            "-verify",
            "-data",
            "value",
            "-in",
            "token",
            "-token_in",
            "-CAfile",
            "root.pem",
            "-untrusted",
            "issuing.pem",
            "-attime",
            &at(),
        ],
        dir.path(),
    );
    // twice: the second does not push the first out, and the signature still verifies
    let stamped = cms::with_timestamp(&signature, &token).unwrap();
    let stamped = cms::with_timestamp(&stamped, &token).unwrap();
    assert_eq!(cms::signature_value(&stamped).unwrap(), value);
    assert_eq!(cms::ber_to_der(&stamped).unwrap(), stamped);
}

/// A prepared document and the bytes that are signed.
fn prepared(pdf: &[u8]) -> (Prepared, Vec<u8>) {
    let field = FieldSpec {
        name: "ChuKy1",
        area: None,
        appearance: None,
        reason: None,
        location: None,
        signer_name: None,
        at: start(),
        reserve: DEFAULT_RESERVE,
    };
    let prepared = sign::prepare(pdf, &field).unwrap();
    let hole = prepared.hole.clone();
    let content = [
        pdf,
        &prepared.tail[..hole.start - 1],
        &prepared.tail[hole.end + 1..],
    ]
    .concat();
    assert_eq!(cms::to_sign(&content), prepared.digest);
    (prepared, content)
}

fn judged(office: &Office, signature: &[u8], prepared: &mut Prepared) -> Report {
    prepared.finish(signature).unwrap();
    let pdf = prepared.whole(&document());
    office.check(&pdf, &office.lists(start()), start() + minutes(5))
}

/// A signature of the document by OpenSSL.
fn by_openssl(office: &Office, who: &Issued, options: &[&str]) -> (Vec<u8>, Prepared) {
    let dir = tempfile::tempdir().unwrap();
    files(dir.path(), office, who);
    let (prepared, content) = prepared(&document());
    fs::write(dir.path().join("content"), content).unwrap();
    let mut arguments = vec![
        "cms",
        "-sign",
        "-binary",
        "-in",
        "content",
        "-signer",
        "leaf.pem",
        "-inkey",
        "key.pem",
        "-certfile",
        "issuing.pem",
        "-outform",
        "DER",
    ];
    arguments.extend_from_slice(options);
    (openssl(&arguments, dir.path()), prepared)
}

#[test]
fn v1_signatures_that_openssl_makes() {
    let office = Office::new();
    let p256 = office
        .pki
        .person(&leader(), Key::P256, start() - days(1))
        .unwrap();
    let p384 = office
        .pki
        .person(&leader(), Key::P384, start() - days(1))
        .unwrap();
    let rsa = &office.leader;
    let pss = |salt: &'static str| {
        vec![
            "-cades",
            "-md",
            "sha256",
            "-keyopt",
            "rsa_padding_mode:pss",
            "-keyopt",
            salt,
        ]
    };
    for (who, options, expected) in [
        (rsa, vec!["-cades", "-md", "sha256"], None),
        (rsa, vec!["-cades", "-md", "sha384"], None),
        (rsa, vec!["-cades", "-md", "sha512", "-keyid"], None),
        (&p256, vec!["-cades", "-md", "sha256"], None),
        (&p384, vec!["-cades", "-md", "sha384"], None),
        (&p384, vec!["-cades", "-md", "sha512"], None),
        (rsa, pss("rsa_pss_saltlen:32"), None),
        (rsa, pss("rsa_pss_saltlen:20"), None),
        (rsa, pss("rsa_pss_saltlen:64"), None),
        (
            rsa,
            vec!["-cades", "-md", "sha1"],
            Some("CRYPTO_CONSTRAINTS_FAILURE"),
        ),
        (
            rsa,
            vec!["-cades", "-md", "md5"],
            Some("CRYPTO_CONSTRAINTS_FAILURE"),
        ),
        (rsa, vec!["-md", "sha256"], Some("SIG_CONSTRAINTS_FAILURE")),
        (
            rsa,
            vec!["-md", "sha256", "-noattr"],
            Some("SIG_CONSTRAINTS_FAILURE"),
        ),
        (
            rsa,
            vec!["-cades", "-md", "sha256", "-nocerts"],
            Some("NO_SIGNING_CERTIFICATE_FOUND"),
        ),
        (
            rsa,
            vec!["-cades", "-md", "sha256", "-nodetach"],
            Some("FORMAT_FAILURE"),
        ),
        (
            rsa,
            vec![
                "-cades",
                "-md",
                "sha256",
                "-signer",
                "second.pem",
                "-inkey",
                "second.key",
            ],
            Some("FORMAT_FAILURE"),
        ),
    ] {
        let (signature, mut prepared) = by_openssl(&office, who, &options);
        let report = judged(&office, &signature, &mut prepared);
        assert_eq!(report.sub_reason.as_deref(), expected, "{options:?} {report:?}");
        assert_eq!(
            report.verdict == Verdict::TotalPassed,
            expected.is_none(),
            "{options:?}"
        );
        if expected.is_none() {
            assert_eq!(report.signatures[0].signing_cert_attr, SigningCertAttr::V2);
        }
    }
}

/// The outer levels written with indefinite lengths, as many signing tools do; what is signed keeps its bytes.
fn indefinite(der: &[u8], levels: usize) -> Vec<u8> {
    let tlv = Tlv::only(der).unwrap();
    // certificates and attributes stay as they are
    if levels == 0 || tlv.tag & 0x20 == 0 {
        return der.to_vec();
    }
    let mut out = vec![u8::try_from(tlv.tag).unwrap(), 0x80];
    for child in tlv.list().unwrap() {
        let keep = child.tag == 0xa0 && levels == 1;
        out.extend(indefinite(child.raw, if keep { 0 } else { levels - 1 }));
    }
    out.extend([0, 0]);
    out
}

#[test]
fn v1_ber_with_indefinite_lengths_is_read() {
    let office = Office::new();
    for levels in 1..5 {
        let (mut prepared, _) = prepared(&document());
        let signature = sign_digest(&office.leader, &prepared.digest);
        let ber = indefinite(&signature, levels);
        assert_ne!(ber, signature);
        assert_eq!(cms::ber_to_der(&ber).unwrap(), signature);
        let report = judged(&office, &ber, &mut prepared);
        assert_eq!(report.verdict, Verdict::TotalPassed, "{levels} {report:?}");
    }
}

#[test]
fn v1_attributes_in_another_order_are_hashed_as_they_stand() {
    let office = Office::new();
    let (mut prepared, _) = prepared(&document());
    let attributes = cms::signed_attributes(&prepared.digest, &office.leader.chain[0]).unwrap();
    let mut parts = Tlv::only(&attributes).unwrap().list().unwrap();
    parts.reverse();
    let mut reversed = attributes[..attributes.len() - Tlv::only(&attributes).unwrap().value.len()].to_vec();
    parts.iter().for_each(|part| reversed.extend(part.raw));
    let raw = demo_pki::sign(&office.leader.key_pkcs8, &reversed).unwrap();
    let signature = cms::assemble(&office.leader.chain, &reversed, &raw).unwrap();
    let report = judged(&office, &signature, &mut prepared);
    assert_eq!(report.verdict, Verdict::TotalPassed, "{report:?}");
}

#[test]
fn v3_the_signed_digest_of_another_document_is_refused() {
    let office = Office::new();
    let (mut prepared, _) = prepared(&document());
    let report = judged(&office, &sign_digest(&office.leader, &[9; 32]), &mut prepared);
    assert_eq!(
        (report.verdict, report.sub_reason.as_deref()),
        (Verdict::TotalFailed, Some("HASH_FAILURE"))
    );
    let token = office.token(b"something", start());
    let report = judged(&office, &token, &mut prepared);
    assert_eq!(report.sub_reason.as_deref(), Some("FORMAT_FAILURE"));
    assert!(SignedData::read(&token).is_ok());
}
