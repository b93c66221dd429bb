//! Files that are refused, and what they may cost.

#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use std::{fs, io::Write};

use base64::{Engine, prelude::BASE64_STANDARD};
use edxml::{Limits, Message, ReadError, ReadOptions, TempFolder, read, read_bytes};
use flate2::{Compression, write::GzEncoder};
use rstest::rstest;
use support::{archive, attachment, document, new_business, with_attachment};

fn refused(file: impl AsRef<[u8]>) -> ReadError {
    refused_with(file, Limits::default())
}

fn refused_with(file: impl AsRef<[u8]>, limits: Limits) -> ReadError {
    let options = ReadOptions { limits, now: None };
    let error = read_bytes(file.as_ref(), &options).unwrap_err();
    assert!(error.to_string().ends_with('.'), "{error}");
    error
}

#[rstest]
#[case("")]
#[case("   ")]
#[case("%PDF-1.4 xin chào")]
#[case("JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqCjIgMCBvYmo8PC9UeXBl")]
#[case("<!-- chỉ có ghi chú -->")]
fn edxml_13_1_what_is_no_xml_is_refused(#[case] file: &str) {
    assert_eq!(refused(file), ReadError::NotXml);
}

#[rstest]
#[case("<edXML><a></b></edXML>")]
#[case("<edXML><a>")]
#[case("<edXML a='1' a='2'/>")]
#[case("<edXML>a & b</edXML>")]
#[case("<edXML")]
fn edxml_13_1_what_is_not_well_formed_is_refused(#[case] file: &str) {
    assert_eq!(refused(file).code(), "malformed");
}

#[rstest]
#[case("<html><body/></html>")]
#[case("<edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\"><edXMLEnvelope/></edXML>")]
fn edxml_13_1_without_a_header_it_is_refused(#[case] file: &str) {
    assert_eq!(refused(file), ReadError::NoMessageHeader);
}

#[rstest]
#[case("<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\"/>")]
#[case("<Envelope><Body/></Envelope>")]
#[case("<edXMLEnvelope xmlns=\"http://www.go.vn/eDoc\"><MessageHeader/></edXMLEnvelope>")]
#[case("<edXML xmlns=\"http://edxml.gov.vn/schema\"/>")]
#[case("<edXMLEnvelope><MessageHeader><DocumentId>a</DocumentId></MessageHeader></edXMLEnvelope>")]
fn edxml_2_other_formats_are_named_and_refused(#[case] file: &str) {
    assert_eq!(refused(file).code(), "foreign_format");
}

#[test]
fn edxml_13_1_without_identity_it_is_refused() {
    let file = document("", &new_business(), "").replace("H16.05,2022/10/03,123/SVD-VP", "");
    assert_eq!(refused(&file), ReadError::NoIdentity);
    let code = "<edXML:Code><edXML:CodeNumber>1</edXML:CodeNumber></edXML:Code>";
    let with = |inside: &str| {
        file.replace(
            "</edXML:MessageHeader>",
            &format!("{inside}</edXML:MessageHeader>"),
        )
    };
    assert_eq!(refused(with(code)), ReadError::NoIdentity);
    let dated = format!(
        "{code}<edXML:PromulgationInfo><edXML:PromulgationDate>2022/10/03</edXML:PromulgationDate></edXML:PromulgationInfo>"
    );
    assert!(support::read(with(&dated)).is_ok());
}

#[test]
fn edxml_13_1_a_broken_packing_is_the_fault_of_the_file() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let noise: String = (0_u32..90_000)
        .map(|number| char::from(b'a' + (number.wrapping_mul(number) % 23) as u8))
        .collect();
    gzip.write_all(document(&format!("<x>{noise}</x>"), "", "").as_bytes())
        .unwrap();
    let whole = gzip.finish().unwrap();
    assert_eq!(refused(&whole[..whole.len() / 2]).code(), "malformed");
    let mut base64 = BASE64_STANDARD.encode(document(&format!("<x>{noise}</x>"), "", ""));
    base64.push_str("????");
    assert_eq!(refused(base64).code(), "malformed");
}

/// Entities from outside (XXE), entities that grow (billion laughs), and a document type without any.
#[rstest]
#[case("<!DOCTYPE edXML SYSTEM \"http://127.0.0.1/evil.dtd\">", "")]
#[case("<!DOCTYPE edXML [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>", "&x;")]
#[case(
    "<!DOCTYPE z [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;\">]>",
    "&c;"
)]
#[case("<!doctype edXML>", "")]
#[case("", "&unknown;")]
fn edxml_15_dtd_and_entities_are_refused(#[case] doctype: &str, #[case] text: &str) {
    let file = document(
        &format!("<edXML:Content>{text}</edXML:Content>"),
        &new_business(),
        "",
    );
    assert_eq!(
        refused(file.replacen("<edXML xmlns", &format!("{doctype}<edXML xmlns"), 1)),
        ReadError::Dtd
    );
    let hidden = document(
        "",
        &new_business(),
        &attachment("a.pdf", &format!("YQ==&unknown;{text}")),
    );
    assert_eq!(refused(hidden), ReadError::Dtd);
}

#[test]
fn edxml_13_1_depth_ends_at_64() {
    // Root, envelope, header, message header: 60 more fit.
    let nested = |levels: usize| {
        let inside = format!("{}{}", "<x>".repeat(levels), "</x>".repeat(levels));
        document(&inside, &new_business(), "")
    };
    assert!(support::read(nested(60)).is_ok());
    assert_eq!(refused(nested(61)), ReadError::TooDeep(64));
    let inside = format!("{}{}", "<x>".repeat(100_000), "</x>".repeat(100_000));
    assert_eq!(
        refused(document("", &new_business(), &attachment("a", &inside))),
        ReadError::TooDeep(64)
    );
}

#[test]
fn edxml_13_1_sizes_and_counts_end_somewhere() {
    let small = Limits {
        file: 2000,
        ..Limits::default()
    };
    assert_eq!(
        refused_with(with_attachment("a.txt", &[7; 3000]), small.clone()),
        ReadError::TooLarge(2000)
    );
    let few = |elements| Limits {
        elements,
        ..Limits::default()
    };
    assert_eq!(refused_with(document("", "", ""), few(8)).code(), "too_many");
    let long = "a".repeat(2 * 1024 * 1024);
    for inside in [
        format!("<edXML:Content>{long}</edXML:Content>"),
        format!("<!--{long}-->"),
        format!("<x {long}=''/>"),
        format!("<{long}/>"),
        format!("<![CDATA[{long}]]>"),
        format!("<?{long}?>"),
    ] {
        assert_eq!(
            refused(document(&inside, "", "")).code(),
            "too_many",
            "{}",
            &inside[..20]
        );
    }
    let piece = format!("<x>{}</x>", "a".repeat(900_000));
    assert_eq!(refused(document(&piece.repeat(10), "", "")).code(), "too_many");
    let prefixes: String = (0..200).map(|number| format!(" xmlns:p{number}=\"x\"")).collect();
    assert_eq!(
        refused(document(&format!("<x{prefixes}/>"), "", "")).code(),
        "too_many"
    );
    let files = "<Attachment><ContentTransferEncoded>YQ==</ContentTransferEncoded></Attachment>".repeat(201);
    assert_eq!(refused(document("", "", &files)).code(), "too_many");
    let references = "<Reference><ContentId>1</ContentId></Reference>".repeat(201);
    assert_eq!(refused(document("", "", &references)).code(), "too_many");
}

fn gzip(pieces: &[&[u8]]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    for piece in pieces {
        gzip.write_all(piece).unwrap();
    }
    gzip.finish().unwrap()
}

#[test]
fn edxml_15_a_packed_file_that_grows_is_refused() {
    let text = document("", "", "");
    let blanks = vec![b' '; 1024 * 1024];
    let mut pieces = vec![text.as_bytes()];
    pieces.extend([blanks.as_slice(); 30]);
    let bomb = gzip(&pieces);
    assert!(bomb.len() < 100_000);
    assert_eq!(refused(&bomb), ReadError::ZipBomb);
    // The same in members that are harmless one by one.
    let mut members = gzip(&[text.as_bytes()]);
    let blank = gzip(&[&blanks]);
    for _ in 0..30 {
        members.extend_from_slice(&blank);
    }
    assert_eq!(refused(&members), ReadError::ZipBomb);
    let limits = Limits {
        file: 3_000_000,
        ..Limits::default()
    };
    assert_eq!(refused_with(&members, limits), ReadError::TooLarge(3_000_000));
    let mut many = gzip(&[text.as_bytes()]);
    let empty = gzip(&[]);
    for _ in 0..10_001 {
        many.extend_from_slice(&empty);
    }
    assert_eq!(refused(many).code(), "too_many");
}

#[test]
fn edxml_13_1_a_gzip_of_several_members_is_read_to_its_end() {
    let text = support::with_attachment("a.txt", b"abc");
    let plain = support::read(&text).unwrap();
    for at in [1, 100, text.len() - 1] {
        let (one, two) = text.as_bytes().split_at(at);
        let members = [gzip(&[one]), gzip(&[]), gzip(&[two])].concat();
        for end in [&b""[..], b"\r\n", &[0; 512]] {
            let (received, contents) = support::read([members.as_slice(), end].concat()).unwrap();
            assert_eq!(received.message, plain.0.message, "{at}");
            assert_eq!(contents, plain.1);
        }
        // Something is lost, or hidden, in what is no member.
        for end in [&b"rac"[..], &members[..20], b"\x1f"] {
            assert_eq!(refused([members.as_slice(), end].concat()).code(), "malformed");
        }
    }
}

/// What a tag brings is looked at one by one, and kept until it is closed.
#[test]
fn edxml_13_1_tags_end_somewhere() {
    let attributes = |count: usize| {
        let all: String = (0..count).map(|number| format!(" p:a{number}=''")).collect();
        document(&format!("<x{all}/>"), "", "")
    };
    assert!(support::read(attributes(100)).is_ok());
    assert_eq!(refused(attributes(101)).code(), "too_many");
    assert_eq!(refused(attributes(100_000)).code(), "too_many");
    let name = "a".repeat(70_000);
    assert_eq!(
        refused(document(&format!("<{name}/>"), "", "")).code(),
        "too_many"
    );
    let namespace = format!("<x xmlns:p=\"{name}\"/>");
    assert_eq!(refused(document(&namespace, "", "")).code(), "too_many");
}

#[test]
fn edxml_15_an_archive_that_grows_is_refused() {
    let bomb = archive(&[("a.xls", &vec![0; 30 * 1024 * 1024])]);
    assert!(bomb.len() < 100_000);
    assert_eq!(refused(with_attachment("a.xls", &bomb)), ReadError::ZipBomb);
    // One that says it is packed in more than there is.
    let mut liar = bomb.clone();
    let at = liar
        .windows(4)
        .rposition(|window| window == b"PK\x01\x02")
        .unwrap();
    liar[at + 20..at + 24].copy_from_slice(&u32::MAX.wrapping_sub(1).to_le_bytes());
    assert_eq!(refused(with_attachment("a.xls", &liar)), ReadError::ZipBomb);
    // One that says it is small.
    let mut liar = bomb;
    let at = liar
        .windows(4)
        .rposition(|window| window == b"PK\x01\x02")
        .unwrap();
    liar[at + 24..at + 28].copy_from_slice(&10_u32.to_le_bytes());
    let options = ReadOptions::default();
    match read_bytes(with_attachment("a.xls", &liar).as_bytes(), &options) {
        Ok((_, contents)) => assert_eq!(contents, [liar]),
        Err(error) => assert_eq!(error, ReadError::ZipBomb),
    }
}

#[test]
fn edxml_15_a_large_attachment_is_refused_while_it_is_decoded() {
    let limits = Limits {
        attachment: 1000,
        ..Limits::default()
    };
    let plain = with_attachment("a.txt", &[7; 60_000]);
    assert_eq!(
        refused_with(plain, limits.clone()),
        ReadError::AttachmentTooLarge(1000)
    );
    let noise: Vec<u8> = (0_u32..2000).map(|number| (number * 7919 % 251) as u8).collect();
    let packed = archive(&[("a.xls", &[&noise[..251], &[0; 2000]].concat())]);
    assert!(packed.len() < 1000);
    assert_eq!(
        refused_with(with_attachment("a.xls", &packed), limits),
        ReadError::AttachmentTooLarge(1000)
    );
    let total = Limits {
        attachments_total: 1000,
        ..Limits::default()
    };
    let file = document(
        "",
        "",
        &attachment("a.txt", &BASE64_STANDARD.encode([7; 600])).repeat(2),
    );
    assert_eq!(refused_with(file, total), ReadError::TooLarge(1000));
}

#[test]
fn edxml_15_names_never_become_paths() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("inside");
    fs::create_dir(&inside).unwrap();
    let wrapped = archive(&[("../../escaped.txt", b"abc")]);
    for name in [
        "../../escaped.txt",
        "/tmp/escaped.txt",
        "..\\escaped.txt",
        "C:\\escaped.txt",
    ] {
        let mut sink = TempFolder::new(&inside);
        let file = with_attachment(name, &wrapped);
        let received = read(file.as_bytes(), &ReadOptions::default(), &mut sink).unwrap();
        let Message::Document(document) = received.message else {
            panic!()
        };
        assert_eq!(document.attachments[0].name.as_deref(), Some(name));
        let kept = sink.file(0).unwrap().to_owned();
        assert_eq!(fs::read(&kept).unwrap(), b"abc");
        assert_eq!(kept.parent(), Some(inside.as_path()));
        // The archive around it is gone, and nothing is elsewhere.
        assert_eq!(fs::read_dir(&inside).unwrap().count(), 1);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        fs::remove_file(kept).unwrap();
    }
}

/// Time must not grow with the square of what a small file can bring.
#[test]
fn edxml_13_1_many_repeats_are_read_quickly() {
    let begun = std::time::Instant::now();
    let to: String = (0..12_000)
        .map(|number| format!("<To><OrganId>H16.{number}</OrganId></To>"))
        .collect();
    let places: String = (0..12_000)
        .map(|number| format!("<Place>{number}</Place>"))
        .collect();
    let responses: String = (0..12_000)
        .map(|number| format!("<ResponseFor><Code>{number}</Code></ResponseFor>"))
        .collect();
    let header = format!("{to}<ToPlaces>{places}</ToPlaces>{responses}");
    let (received, _) = support::read(document(&header, "", "")).unwrap();
    let document = received.message.as_document().unwrap();
    assert_eq!(
        (
            document.to.len(),
            document.to_places.len(),
            document.response_for.len()
        ),
        (12_000, 12_000, 12_000)
    );
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

#[test]
fn edxml_15_what_is_quoted_in_a_refusal_is_short_and_plain() {
    let long = "x".repeat(100_000);
    for name in ["a\u{1b}[31m", "b\u{202e}c", long.as_str()] {
        let file = format!("<?xml version=\"1.0\"?><edXML><{name} y></edXML>");
        let sentence = refused(file).to_string();
        assert!(sentence.chars().count() < 300, "{}", sentence.len());
        assert!(!sentence.contains(['\u{1b}', '\u{202e}', '\0']), "{sentence:?}");
    }
}

#[test]
fn edxml_13_1_a_huge_first_element_and_many_repeats_are_read_quickly() {
    let blanks = " ".repeat(100_000);
    let header = format!(
        "<DueDate>{blanks}2026/01/05</DueDate>{}",
        "<DueDate>2026/01/05</DueDate>".repeat(20_000)
    );
    // Cleaning the first anew for every repeat would be two thousand million characters.
    let (received, _) = support::read(document(&header, "", "")).unwrap();
    let due = received.message.as_document().unwrap().due_date;
    assert_eq!(due, Some("2026-01-05".parse().unwrap()));
}

/// A declaration inside a comment does not begin another message than the one that everybody else reads and judges.
#[test]
fn edxml_13_1_a_file_is_read_from_its_first_tag() {
    let real = document("", "", "");
    let body = real.split_once("?>").map_or(real.as_str(), |(_, body)| body);
    let forged = real.replace("V/v mẫu", "giả").replace("--", "");
    let file = format!("<!-- {forged} -->{body}");
    let (received, _) = support::read(file).unwrap();
    assert_eq!(
        received.message.as_document().unwrap().subject.as_deref(),
        Some("V/v mẫu")
    );
}
