//! The reader of foreign files: the program started as itself, with limits.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

fn read(name: &str, content: &[u8]) -> Output {
    ask(&["inspect-file", "--", name], content)
}

fn ask(words: &[&str], content: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_vanthu"))
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // A reader that stops early closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(content);
    child.wait_with_output().unwrap()
}

#[test]
fn the_reader_tells_what_it_saw() {
    let seen = read("-bao-cao.txt", "Kính gửi\nTỐI MẬT\n".as_bytes());
    assert!(seen.status.success());
    let seen: Value = serde_json::from_slice(&seen.stdout).unwrap();
    assert_eq!(seen["media_type"], "text/plain");
    assert_eq!(seen["texts"][0], "Kính gửi\nTỐI MẬT\n");
    assert_eq!(seen["unreadable"], false);
}

#[test]
fn cn_106_the_reader_of_fields_answers_within_its_limits() {
    let read = ask(&["read-fields"], &vanthu::testing::pdf("So: 15/QD-UBND"));
    assert!(read.status.success(), "{read:?}");
    let read: Value = serde_json::from_slice(&read.stdout).unwrap();
    assert!(read["Ok"].is_object() || read["Err"].is_string(), "{read}");
    let broken = ask(&["read-fields"], b"%PDF-1.4 \xff\xfe\x00 xref 99999999999");
    let broken: Value = serde_json::from_slice(&broken.stdout).unwrap();
    assert_eq!(broken["Err"], "damaged");
}

/// A small PDF whose object streams unpack to gigabytes: the reader ends, and its end is no success.
#[test]
fn heavy_a_pdf_made_to_exhaust_the_reader_ends_within_its_limits() {
    let mut content = b"1 0 ".to_vec();
    content.resize(24 * 1024 * 1024, b' ');
    let mut stream = lopdf::Stream::new(lopdf::Dictionary::new(), content);
    stream.compress().unwrap();
    let packed = stream.content;
    let mut pdf = b"%PDF-1.5\n".to_vec();
    let mut offsets = Vec::new();
    for number in 1..=200 {
        offsets.push(pdf.len());
        let head = format!(
            "{number} 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length {} >>\nstream\n",
            packed.len()
        );
        pdf.extend_from_slice(head.as_bytes());
        pdf.extend_from_slice(&packed);
        pdf.extend_from_slice(b"\nendstream\nendobj\n");
    }
    let xref = pdf.len();
    pdf.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).as_bytes());
    for offset in &offsets {
        pdf.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let trailer = format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n",
        offsets.len() + 1
    );
    pdf.extend_from_slice(trailer.as_bytes());
    assert!(pdf.len() < 8 * 1024 * 1024);
    let seen = read("bom.pdf", &pdf);
    let unreadable =
        serde_json::from_slice::<Value>(&seen.stdout).map_or(true, |seen| seen["unreadable"] == true);
    assert!(!seen.status.success() || unreadable, "{seen:?}");
}
