//! `vanthu edxml` as an operator calls it.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../edxml/tests/samples")
        .join(name)
}

fn edxml(arguments: &[&str], file: &Path, rest: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vanthu"))
        .arg("edxml")
        .args(arguments)
        .arg(file)
        .args(rest)
        .output()
        .unwrap()
}

fn json_of(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A sample with other words, in a folder of its own.
fn changed(name: &str, from: &str, to: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let original = fs::read_to_string(sample(name)).unwrap();
    assert!(original.contains(from));
    let path = folder.path().join("message.edxml");
    fs::write(&path, original.replace(from, to)).unwrap();
    (folder, path)
}

const NEW: &str = "01-new-signed.edxml";
const REVOKE: &str = "02-revoke.edxml";
const STATUS: &str = "03-status-03-accepted.edxml";

#[test]
fn edxml_17_a_document_is_shown_as_json() {
    let output = edxml(&["show", "--json"], &sample(NEW), &[]);
    assert_eq!(output.status.code(), Some(0));
    let shown = json_of(&output);
    for (key, expected) in [
        ("kind", json!("document")),
        ("business", json!("new")),
        ("document_id", json!("H16.05,2022/10/03,123/SVD-VP")),
        ("code_number", json!("123")),
        ("code_notation", json!("SVD-VP")),
        ("promulgation_date", json!("2022-10-03")),
        ("document_type", json!("cong_van")),
        ("subject", json!("V/v báo cáo số liệu mẫu năm 2022")),
        ("status_code", Value::Null),
        ("timestamp", Value::Null),
        ("replacements", json!([])),
        ("receivers", json!([])),
        ("response_for", json!([])),
        ("warnings", json!([])),
        ("message_signature", json!("present")),
    ] {
        assert_eq!(shown[key], expected, "{key}");
    }
    assert_eq!(shown["from"]["organ_id"], "H16.05");
    assert_eq!(shown["from"]["organ_name"], "Sở Ví Dụ");
    assert_eq!(shown["to"][1]["organ_id"], "G99");
    assert_eq!(shown["to"][1]["fax"], Value::Null);
    let sheet = &shown["attachments"][1];
    assert_eq!(sheet["name"], "PL_123_SVD-VP.xlsx");
    assert_eq!(sheet["size"], 30);
    assert_eq!(
        sheet["sha256"],
        "57297074cdb5da6cda2fb7100aab63094f16607b4888c63960ebb8eca59bf930"
    );
    assert_eq!(shown["attachments"][0]["media_type"], "application/pdf");
}

#[test]
fn edxml_17_a_revocation_and_a_status_are_shown_as_json() {
    let shown = json_of(&edxml(&["show", "--json"], &sample(REVOKE), &[]));
    assert_eq!(shown["business"], "revoke");
    assert_eq!(shown["target_document_id"], "H16.05,2022/10/03,123/SVD-VP");
    assert_eq!(shown["response_for"][0]["code"], "123/SVD-VP");

    let shown = json_of(&edxml(&["show", "--json"], &sample(STATUS), &[]));
    assert_eq!(shown["kind"], "status");
    assert_eq!(
        (&shown["business"], &shown["subject"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(shown["status_code"], "03");
    assert_eq!(shown["timestamp"], "2022-10-03T01:21:05Z");
    assert_eq!(
        shown["response_for"][0]["document_id"],
        "H16.05,2022/10/03,123/SVD-VP"
    );
}

#[test]
fn edxml_17_messages_are_shown_to_people() {
    let listing = text(&edxml(&["show"], &sample(REVOKE), &[]).stdout);
    for line in [
        "Thông điệp: Thu hồi văn bản",
        "Số, ký hiệu: 125/SVD-VP",
        "Cơ quan gửi: Sở Ví Dụ (H16.05)",
        "Văn bản bị thu hồi, cập nhật: H16.05,2022/10/03,123/SVD-VP",
        "Lý do: Thu hồi do gửi nhầm phụ lục",
    ] {
        assert!(listing.lines().any(|shown| shown == line), "{line}\n{listing}");
    }
    let listing = text(&edxml(&["show"], &sample(STATUS), &[]).stdout);
    assert!(listing.contains("Trạng thái: 03 – Đã tiếp nhận\n"), "{listing}");
    assert!(listing.contains("Thời điểm: 03/10/2022 08:21:05\n"), "{listing}");
}

#[test]
fn edxml_13_exit_codes_tell_acceptable_faulty_and_unreadable() {
    let good = edxml(&["check"], &sample(NEW), &[]);
    assert_eq!(good.status.code(), Some(0));
    assert_eq!(text(&good.stdout), "Kết luận: thông điệp tiếp nhận được.\n");

    let (_folder, odd) = changed(NEW, "2022/10/20", "2022/02/30");
    let odd = edxml(&["check", "--json"], &odd, &[]);
    assert_eq!(odd.status.code(), Some(0));
    let result = json_of(&odd);
    assert_eq!(result["findings"][0]["rule"], "bad_date");
    assert_eq!(result["findings"][0]["severity"], "warning");
    assert_eq!(result["acceptable"], true);

    let (_folder, faulty) = changed(NEW, "Subject>", "Other>");
    let faulty = edxml(&["check"], &faulty, &[]);
    assert_eq!(faulty.status.code(), Some(1));
    assert!(
        text(&faulty.stdout).starts_with("LỖI [missing] MessageHeader/Subject: "),
        "{faulty:?}"
    );

    let (_folder, broken) = changed(NEW, "</edXML>", "");
    let output = edxml(&["check", "--json"], &broken, &[]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(json_of(&output)["error"]["code"], "malformed");
    for command in ["check", "show"] {
        let output = edxml(&[command], &broken, &[]);
        assert_eq!(output.status.code(), Some(3));
        assert!(text(&output.stderr).starts_with("Lỗi: "), "{output:?}");
    }
    assert_eq!(
        edxml(&["check"], Path::new("/nowhere.edxml"), &[]).status.code(),
        Some(3)
    );
}

#[test]
fn edxml_13_2_the_strict_check_is_asked_for() {
    let good = edxml(&["check", "--sending"], &sample(NEW), &[]);
    assert_eq!(good.status.code(), Some(0), "{good:?}");
    let (_folder, odd) = changed(NEW, "CodeNumber>123<", "CodeNumber>12a<");
    assert_eq!(edxml(&["check"], &odd, &[]).status.code(), Some(0));
    let strict = edxml(&["check", "--sending", "--json"], &odd, &[]);
    assert_eq!(strict.status.code(), Some(1));
    let rules: Vec<Value> = json_of(&strict)["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["rule"].clone())
        .collect();
    assert!(rules.contains(&json!("number_digits")), "{rules:?}");
}

#[test]
fn edxml_15_files_are_extracted_under_safe_names_and_nothing_is_overwritten() {
    let (folder, file) = changed(NEW, "PL_123_SVD-VP.xlsx", "../../Phụ lục (số 1).xlsx");
    let target = folder.path().join("deep/er/out");
    let target_text = target.display().to_string();
    for round in 1..=2 {
        let output = edxml(&["extract"], &file, &[&target_text]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert_eq!(text(&output.stdout).lines().count(), 2);
        assert_eq!(fs::read_dir(&target).unwrap().count(), 2 * round);
    }
    let names: Vec<String> = {
        let mut names: Vec<String> = fs::read_dir(&target)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert_eq!(
        names,
        [
            "123_SVD-VP.signed-2.pdf",
            "123_SVD-VP.signed.pdf",
            "Phu-luc-so-1-2.xlsx",
            "Phu-luc-so-1.xlsx"
        ]
    );
    assert_eq!(
        fs::read(target.join("Phu-luc-so-1.xlsx")).unwrap(),
        b"placeholder spreadsheet bytes\n"
    );
    assert!(
        fs::read(target.join("123_SVD-VP.signed.pdf"))
            .unwrap()
            .starts_with(b"%PDF-")
    );
    // Nothing went above the folder.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn edxml_13_1_r11_missing_files_are_told_when_extracting() {
    let (folder, file) = changed(
        NEW,
        "<ContentType>application/pdf</ContentType>\n      <edXML:ContentTransferEncoded xmlns:edXML=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\">",
        "<edXML:ContentTransferEncoded xmlns:edXML=\"x\">không phải base64 ",
    );
    let target = folder.path().join("out");
    let output = edxml(&["extract"], &file, &[&target.display().to_string()]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stderr), "Thiếu tệp: 123_SVD-VP.signed.pdf\n");
    assert_eq!(fs::read_dir(&target).unwrap().count(), 1);
}
