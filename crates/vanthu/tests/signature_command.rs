//! `vanthu signature verify` and `sign` as an operator calls them, and the checker in its own process.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use vanthu::testing::{pdf, signed::Signers};

fn vanthu(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vanthu"))
        .args(arguments)
        .output()
        .unwrap()
}

/// A folder with a signed file, its variants, and trust lists.
struct Desk {
    folder: tempfile::TempDir,
    now: Timestamp,
    signers: Signers,
}

impl Desk {
    fn new() -> Self {
        let now: Timestamp = "2026-01-08T01:00:00Z".parse().unwrap();
        let signers = Signers::new(now, "Ủy ban nhân dân tỉnh Đắk Nông", "H16");
        let folder = tempfile::tempdir().unwrap();
        let desk = Self { folder, now, signers };
        let at = now - SignedDuration::from_hours(1);
        desk.write("signed.pdf", &desk.signers.both(&pdf("Quyet dinh"), at));
        desk.trust("trust", &desk.signers.crls(&[], now));
        desk.trust("no-crl", &[]);
        desk
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn write(&self, name: &str, content: &[u8]) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn trust(&self, name: &str, crls: &[Vec<u8>]) {
        self.write(&format!("{name}/root.der"), &self.signers.pki.root().unwrap());
        self.write(
            &format!("{name}/issuing.cer"),
            &self.signers.pki.issuing().unwrap(),
        );
        for (number, crl) in crls.iter().enumerate() {
            self.write(&format!("{name}/{number}.crl"), crl);
        }
    }

    /// Exit code and JSON of a check by the trust list of that name.
    fn verify(&self, file: &str, trust: &str) -> (i32, Value) {
        let output = vanthu(&[
            "signature",
            "verify",
            &self.path(file),
            "--trust",
            &self.path(trust),
            "--at",
            &self.now.to_string(),
            "--offline",
            "--json",
        ]);
        let text = String::from_utf8(output.stdout).unwrap();
        let json = serde_json::from_str(&text)
            .unwrap_or_else(|_| panic!("{text} {}", String::from_utf8_lossy(&output.stderr)));
        (output.status.code().unwrap(), json)
    }
}

#[test]
fn ks_22_23_a_file_signed_by_person_and_agency_is_valid_and_each_signature_is_told() {
    let desk = Desk::new();
    let (code, report) = desk.verify("signed.pdf", "trust");
    assert_eq!(
        (code, report["verdict"].as_str()),
        (0, Some("TOTAL-PASSED")),
        "{report:#}"
    );
    let signatures = report["signatures"].as_array().unwrap();
    assert_eq!(signatures.len(), 2);
    for one in signatures {
        for key in [
            "field",
            "verdict",
            "sub_reason",
            "signer_cn",
            "claimed_time",
            "ts_time",
            "profile",
            "coverage",
            "later_changes",
        ] {
            assert!(one.get(key).is_some(), "no {key} in {one:#}");
        }
    }
    assert_eq!(signatures[0]["signer_cn"], "Trần Văn Bình");
    assert_eq!(signatures[0]["later_changes"], "signatures");
    assert_eq!(signatures[1]["later_changes"], "none");
    assert_eq!(signatures[1]["coverage"], "whole_file");
    assert_eq!(signatures[0]["profile"], "PAdES B-T");
}

#[test]
fn nt_02_one_changed_byte_is_not_valid() {
    let desk = Desk::new();
    let mut changed = fs::read(desk.path("signed.pdf")).unwrap();
    // A byte of the content of the page, in the first revision.
    let at = changed.windows(6).position(|found| found == b"stream").unwrap() + 10;
    changed[at] ^= 1;
    desk.write("changed.pdf", &changed);
    let (code, report) = desk.verify("changed.pdf", "trust");
    assert_eq!(
        (code, report["verdict"].as_str()),
        (1, Some("TOTAL-FAILED")),
        "{report:#}"
    );
    assert!(
        report["signatures"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["integrity"] == "changed")
    );
}

#[test]
fn nt_03_revoked_is_not_valid_and_without_a_list_nothing_is_decided() {
    let desk = Desk::new();
    let before = desk.now - SignedDuration::from_hours(48);
    let revoked = [(desk.signers.person.serial.clone(), before)];
    desk.trust("revoked", &desk.signers.crls(&revoked, desk.now));
    let (code, report) = desk.verify("signed.pdf", "revoked");
    assert_eq!(
        (code, report["sub_reason"].as_str()),
        (1, Some("REVOKED")),
        "{report:#}"
    );
    assert_eq!(report["signatures"][0]["revocation"]["status"], "revoked");
    let (code, report) = desk.verify("signed.pdf", "no-crl");
    assert_eq!(
        (code, report["verdict"].as_str()),
        (2, Some("INDETERMINATE")),
        "{report:#}"
    );
    assert_eq!(report["sub_reason"], "TRY_LATER");
}

#[test]
fn whoever_is_not_trusted_is_not_valid_and_what_is_no_pdf_is_unreadable() {
    let desk = Desk::new();
    fs::create_dir(desk.folder.path().join("empty")).unwrap();
    assert_eq!(desk.verify("signed.pdf", "empty").0, 2);
    desk.write("plain.pdf", &pdf("Khong ky"));
    let (code, report) = desk.verify("plain.pdf", "trust");
    assert_eq!((code, report["sub_reason"].as_str()), (2, Some("NO_SIGNATURE")));
    desk.write("text.pdf", b"Quyet dinh");
    let (code, report) = desk.verify("text.pdf", "trust");
    assert_eq!(code, 3);
    assert!(report["unreadable"]["sentence"].is_string(), "{report:#}");
    let missing = vanthu(&["signature", "verify", &desk.path("missing.pdf")]);
    assert_eq!(missing.status.code(), Some(3));
    let misunderstood = vanthu(&["signature", "verify", &desk.path("signed.pdf"), "--at", "hôm qua"]);
    assert_eq!(misunderstood.status.code(), Some(64));
}

#[test]
fn ks_22_without_json_the_answer_is_vietnamese() {
    let desk = Desk::new();
    let output = vanthu(&[
        "signature",
        "verify",
        &desk.path("signed.pdf"),
        "--trust",
        &desk.path("trust"),
        "--at",
        "2026-01-08T08:00",
        "--offline",
    ]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    for words in [
        "HỢP LỆ",
        "Người ký: Trần Văn Bình",
        "Cơ quan, tổ chức: Ủy ban nhân dân tỉnh Đắk Nông",
        "Tính toàn vẹn của văn bản: nguyên vẹn",
        "Tình trạng thu hồi: còn hiệu lực",
        "Hiệu lực chứng thư tại thời điểm ký: còn hiệu lực",
        "Tổ chức cấp:",
    ] {
        assert!(text.contains(words), "“{words}” is missing in\n{text}");
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let body = STANDARD.encode(der);
    let lines: Vec<&str> = body
        .as_bytes()
        .chunks(64)
        .map(|line| str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the command looks at the machine's clock, so the certificates must be of today"
)]
fn an_operator_signs_a_file_with_a_key_of_a_folder_and_the_original_stays() {
    let desk = Desk::new();
    let now = Timestamp::now();
    let signers = Signers::new(now, "Sở Nội vụ", "H16.5");
    desk.write(
        "keys/binh.key.pem",
        pem("PRIVATE KEY", &signers.person.key_pkcs8).as_bytes(),
    );
    let chain: String = signers
        .person
        .chain
        .iter()
        .map(|der| pem("CERTIFICATE", der))
        .collect();
    desk.write("keys/binh.crt.pem", chain.as_bytes());
    desk.write(
        "now/root.pem",
        pem("CERTIFICATE", &signers.pki.root().unwrap()).as_bytes(),
    );
    for (number, crl) in signers.crls(&[], now).iter().enumerate() {
        desk.write(&format!("now/{number}.pem"), pem("X509 CRL", crl).as_bytes());
    }
    let original = pdf("Bao cao");
    desk.write("bao_cao.pdf", &original);
    let sign = || {
        vanthu(&[
            "signature",
            "sign",
            &desk.path("bao_cao.pdf"),
            "--out",
            &desk.path("da_ky.pdf"),
            "--provider",
            &format!("software:{}", desk.path("keys")),
            "--trust",
            &desk.path("now"),
            "--offline",
        ])
    };
    let output = sign();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let signed = fs::read(desk.path("da_ky.pdf")).unwrap();
    assert!(signed.starts_with(&original));
    let output = vanthu(&[
        "signature",
        "verify",
        &desk.path("da_ky.pdf"),
        "--trust",
        &desk.path("now"),
        "--offline",
    ]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    // A file that is there is never overwritten.
    assert!(!sign().status.success());
    assert_eq!(fs::read(desk.path("da_ky.pdf")).unwrap(), signed);
    assert_eq!(fs::read(desk.path("bao_cao.pdf")).unwrap(), original);
}

/// The checker reads only what is promised to it, and says nothing of a cut input.
#[test]
fn the_checker_refuses_an_input_that_is_not_its_own() {
    for input in [&b""[..], b"%PDF-1.7", &[0xff; 64]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_vanthu"))
            .arg("check-signatures")
            .current_dir(Path::new("/"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        assert!(!output.status.success() && output.stdout.is_empty());
    }
}
