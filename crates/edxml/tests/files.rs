//! Files of a message: where they stand, how they are written, and the archive around them.

mod support;

use edxml::{Limits, ReadError, ReadOptions, WarningCode as W, read_bytes};
use rstest::rstest;
use support::{archive, attachment, document, new_business, read, read_document, with_attachment};

#[test]
fn edxml_13_1_r11_files_and_manifest_that_do_not_fit() {
    let manifest = "<edXML:edXMLBody><edXML:edXMLManifest><edXML:Reference xlink:href=\"cid:1\" xmlns:xlink=\"x\">\
        <edXML:ContentId>cid:1</edXML:ContentId><edXML:AttachmentName>a.txt</edXML:AttachmentName></edXML:Reference>\
        <edXML:Reference><edXML:ContentId>cid:2</edXML:ContentId><edXML:AttachmentName>b.txt</edXML:AttachmentName>\
        </edXML:Reference></edXML:edXMLManifest></edXML:edXMLBody></edXML:edXMLEnvelope>";
    let files = "<AttachmentEncoded><Attachment><ContentId>3</ContentId><AttachmentName>c.txt</AttachmentName>\
        <ContentTransferEncoded>Yw==</ContentTransferEncoded></Attachment><Attachment><ContentTransferEncoded>YQ==\
        </ContentTransferEncoded><ContentId>1</ContentId></Attachment></AttachmentEncoded>";
    let file = document("", &new_business(), files).replace("</edXML:edXMLEnvelope>", manifest);
    let (document, warnings) = read_document(file);
    let names: Vec<_> = document
        .attachments
        .iter()
        .map(|file| {
            (
                file.name.as_deref().unwrap(),
                file.content.as_ref().map(|content| content.size),
            )
        })
        .collect();
    assert_eq!(names, [("a.txt", Some(1)), ("b.txt", None), ("c.txt", Some(1))]);
    assert_eq!(warnings, [W::MissingFile, W::UnlistedFile]);
}

#[rstest]
#[case("Nội dung tệp")]
#[case("")]
#[case("YWJj<x/>")]
#[case("YWJj<x><y>z</y></x>")]
#[case("YQ==YQ==")]
#[case("<![CDATA[YW]]Jj]]>")]
fn edxml_13_1_r11_what_is_no_base64_is_a_missing_file(#[case] text: &str) {
    let (document, warnings) = read_document(document("", &new_business(), &attachment("a.txt", text)));
    assert_eq!(document.attachments[0].content, None);
    assert_eq!(warnings, [W::MissingFile, W::UnlistedFile]);
}

#[rstest]
#[case("YWJj")]
#[case(" Y\r\nW&#13;&#10;J\tj ")]
#[case("<![CDATA[YW\nJj]]>")]
#[case("Y<!-- - -->WJj")]
#[case("YWI&#x6A;".replace("WI&#x6A;", "WJ&#106;"))]
fn edxml_5_base64_in_any_dress(#[case] text: impl AsRef<str>) {
    let (received, contents) =
        read(document("", &new_business(), &attachment("a.txt", text.as_ref()))).unwrap();
    assert_eq!(contents, [b"abc"]);
    assert_eq!(
        received.message.as_document().unwrap().attachments[0]
            .content
            .as_ref()
            .unwrap()
            .size,
        3
    );
}

#[test]
fn edxml_5_files_in_odd_places_are_read() {
    let odd = "<edXML:edXMLAttachments><Attachment><AttachmentName>a.txt</AttachmentName><AttachmentType>text/plain\
        </AttachmentType><AttachmentSize>3</AttachmentSize><AttachmentData>YWJj</AttachmentData></Attachment>\
        </edXML:edXMLAttachments></edXML:edXMLEnvelope>";
    let file = document("", &new_business(), "").replace("</edXML:edXMLEnvelope>", odd);
    let (document_, warnings) = read_document(file);
    let attachment = &document_.attachments[0];
    assert_eq!(attachment.content_type.as_deref(), Some("text/plain"));
    assert_eq!(attachment.content.as_ref().unwrap().size, 3);
    assert_eq!(warnings, [W::Alias, W::OddPlace]);

    let body = |text: &str| {
        let body = format!(
            "<edXML:edXMLBody><edXML:Content>{text}</edXML:Content></edXML:edXMLBody></edXML:edXMLEnvelope>"
        );
        read_document(document("", &new_business(), "").replace("</edXML:edXMLEnvelope>", &body))
    };
    let (document, warnings) = body("YWJj");
    assert_eq!(document.attachments[0].content.as_ref().unwrap().size, 3);
    assert_eq!(warnings, [W::OddPlace]);
    let (document, warnings) = body("Nội dung văn bản");
    assert_eq!((document.attachments.len(), warnings), (0, vec![W::MissingFile]));
}

#[test]
fn edxml_5_an_archive_around_a_single_file_comes_off() {
    let wrapped = archive(&[("../../etc/0b0e1d52.xls", b"bang tinh")]);
    for name in [
        "bang.xls",
        "bang.pdf",
        "bang.xlsx",
        "bang.rar",
        "bang",
        "bang.edxml",
    ] {
        let (received, contents) = read(with_attachment(name, &wrapped)).unwrap();
        let attachment = &received.message.as_document().unwrap().attachments[0];
        assert_eq!(contents, [b"bang tinh"], "{name}");
        assert_eq!(attachment.name.as_deref(), Some(name));
        assert!(attachment.content.as_ref().unwrap().unpacked);
    }
}

#[test]
fn edxml_5_archives_that_are_the_file_itself_stay() {
    let single = archive(&[("a.txt", b"a")]);
    let sheet = archive(&[("[Content_Types].xml", b"<x/>"), ("xl/a.xml", b"<x/>")]);
    let odd_sheet = archive(&[("mimetype", b"application/vnd.oasis.opendocument.text")]);
    for (name, content) in [
        ("a.zip", &single),
        ("a.xlsx", &sheet),
        ("a.odt", &odd_sheet),
        ("a.ZIP", &single),
    ] {
        let (received, contents) = read(with_attachment(name, content)).unwrap();
        assert_eq!(&contents[0], content, "{name}");
        assert!(!received.warns(W::KeptPacked), "{name}");
    }
}

#[test]
fn edxml_5_archives_that_cannot_be_unpacked_are_kept_and_told() {
    let several = archive(&[("a.xls", b"a"), ("b.xls", b"b")]);
    let mut broken = archive(&[("a.xls", &[7; 500])]);
    // The sum of the entry in front and in the directory.
    for byte in &mut broken[14..18] {
        *byte ^= 0xff;
    }
    let at = broken
        .windows(4)
        .rposition(|window| window == b"PK\x01\x02")
        .unwrap();
    for byte in &mut broken[at + 16..at + 20] {
        *byte ^= 0xff;
    }
    let cut = several[..several.len() - 10].to_vec();
    let mut secret = archive(&[("a.xls", b"a")]);
    secret[6] |= 1;
    let at = secret
        .windows(4)
        .rposition(|window| window == b"PK\x01\x02")
        .unwrap();
    secret[at + 8] |= 1;
    let folder = archive(&[("thu-muc/", b"")]);
    for content in [several, broken, cut, secret, folder] {
        let (received, contents) = read(with_attachment("a.xls", &content)).unwrap();
        assert_eq!(contents[0], content);
        assert!(received.warns(W::KeptPacked), "{:?}", received.warnings);
    }
}

const CONTENT: &str = "<ContentTransferEncoded>Z2nhuqM=</ContentTransferEncoded>";

/// Content belongs to the attachment around it; elsewhere it is nobody's, above all not the next attachment's.
#[rstest]
#[case::beside_attachments(CONTENT, W::OddPlace)]
#[case::in_the_list("<AttachmentEncoded>CONTENT</AttachmentEncoded>", W::OddPlace)]
#[case::in_a_reference("<Reference>CONTENT</Reference>", W::OddPlace)]
#[case::in_an_unknown_element("<x>CONTENT</x>", W::OddPlace)]
#[case::in_an_unknown_attachment("<x><Attachment>CONTENT</Attachment></x>", W::OddPlace)]
#[case::in_a_body_in_a_body(
    "<edXMLBody><edXMLBody><Content>Z2nhuqM=</Content></edXMLBody></edXMLBody>",
    W::OddPlace
)]
#[case::deeper("<Attachment><KeyInfo>CONTENT</KeyInfo></Attachment>", W::OddPlace)]
fn edxml_5_content_outside_attachments_is_passed_over(#[case] stray: &str, #[case] expected: W) {
    let stray = stray.replace("CONTENT", CONTENT);
    let file = with_attachment("a.txt", b"abc");
    for file in [
        file.replacen("<AttachmentEncoded>", &format!("{stray}<AttachmentEncoded>"), 1),
        file.replace("</edXML>", &format!("{stray}</edXML>")),
    ] {
        let (received, contents) = read(&file).unwrap();
        assert_eq!(contents, [b"abc"], "{file}");
        let attachments = &received.message.as_document().unwrap().attachments;
        assert_eq!(attachments.len(), 1);
        assert_eq!(attachments[0].content.as_ref().unwrap().size, 3);
        assert!(received.warns(expected), "{:?}", received.warnings);
    }
    let only = document("", &new_business(), &stray);
    assert!(read(&only).unwrap().1.is_empty());
}

#[test]
fn edxml_5_of_two_contents_of_an_attachment_the_first_wins() {
    let file = with_attachment("a.txt", b"abc").replace("</Attachment>", &format!("{CONTENT}</Attachment>"));
    let (received, contents) = read(file).unwrap();
    assert_eq!(contents, [b"abc"]);
    assert!(received.warns(W::Repeated));
    // An attachment inside another one is none, and takes nothing away from it.
    let inner =
        format!("<Attachment><AttachmentName>b.txt</AttachmentName>{CONTENT}</Attachment></Attachment>");
    let (received, contents) =
        read(with_attachment("a.txt", b"abc").replace("</Attachment>", &inner)).unwrap();
    assert_eq!(contents, [b"abc"]);
    let attachments = &received.message.as_document().unwrap().attachments;
    assert_eq!(attachments[0].name.as_deref(), Some("a.txt"));
    assert_eq!(attachments[0].content.as_ref().unwrap().size, 3);
}

#[test]
fn edxml_5_a_root_is_no_attachment() {
    let plain = with_attachment("a.txt", b"abc");
    let inside = &plain[plain.find("<edXML ").unwrap()..];
    let (received, contents) = read(format!("<Attachment>{CONTENT}{inside}</Attachment>")).unwrap();
    assert_eq!(contents, [b"abc"]);
    assert_eq!(received.message.as_document().unwrap().attachments.len(), 1);
    assert!(received.warns(W::OddPlace));
}

#[test]
fn edxml_13_1_content_that_is_passed_over_costs_nothing_but_its_bytes() {
    let large = format!(
        "<x><ContentTransferEncoded>{}</ContentTransferEncoded></x>",
        "YWJj".repeat(600_000)
    );
    let limits = Limits {
        attachment: 1000,
        ..Limits::default()
    };
    let options = ReadOptions { limits, now: None };
    let (received, contents) =
        read_bytes(document("", &new_business(), &large).as_bytes(), &options).unwrap();
    assert!(contents.is_empty());
    assert!(received.warns(W::OddPlace));
    let many = "<x><AttachmentData>YQ==</AttachmentData></x>".repeat(201);
    assert_eq!(
        read(document("", "", &many)).unwrap_err(),
        ReadError::TooMany("tệp đính kèm")
    );
    let empty = "<AttachmentEncoded><Attachment/></AttachmentEncoded>".repeat(201);
    assert_eq!(
        read(document("", "", &empty)).unwrap_err(),
        ReadError::TooMany("tệp đính kèm")
    );
}

/// An archive that breaks after much was unpacked has cost that much, although it is kept as it is.
#[test]
fn edxml_15_what_was_unpacked_in_vain_counts() {
    let noise: Vec<u8> = (0_u32..4000)
        .map(|number| (number.wrapping_mul(7919) % 251) as u8)
        .collect();
    let mut broken = archive(&[("a.xls", &noise)]);
    for byte in &mut broken[14..18] {
        *byte ^= 0xff;
    }
    let at = broken
        .windows(4)
        .rposition(|window| window == b"PK\x01\x02")
        .unwrap();
    for byte in &mut broken[at + 16..at + 20] {
        *byte ^= 0xff;
    }
    let file = with_attachment("a.xls", &broken);
    assert!(read(&file).unwrap().0.warns(W::KeptPacked));
    let limits = Limits {
        attachments_total: 4000,
        ..Limits::default()
    };
    assert!(broken.len() < 4000);
    let options = ReadOptions { limits, now: None };
    assert_eq!(
        read_bytes(file.as_bytes(), &options).unwrap_err(),
        ReadError::TooLarge(4000)
    );
}

/// A name is what people see, and keep files under: nothing in it may be invisible or turn it around.
#[rstest]
#[case("hoa-don\u{202e}fdp.exe", Some("hoa-donfdp.exe"))]
#[case("a\u{200b}.pdf\u{85}\u{9b}31m", Some("a.pdf 31m"))]
#[case("a\u{2066}b\u{e0041}.pdf", Some("ab.pdf"))]
#[case("ta\u{200d}\u{302}\u{301}n.pdf", Some("tấn.pdf"))]
#[case("\u{200b}", None)]
fn edxml_15_names_hold_nothing_hidden(#[case] name: &str, #[case] expected: Option<&str>) {
    let (received, contents) = read(with_attachment(name, b"abc")).unwrap();
    let attachment = &received.message.as_document().unwrap().attachments[0];
    assert_eq!(attachment.name.as_deref(), expected);
    assert_eq!(contents, [b"abc"]);
    assert!(received.warns(W::Characters), "{:?}", received.warnings);
}

#[test]
fn edxml_15_whether_an_archive_comes_off_is_told_by_the_name_that_is_shown() {
    let wrapped = archive(&[("a.txt", b"abc")]);
    let (received, contents) = read(with_attachment("a.zip\u{200b}", &wrapped)).unwrap();
    assert_eq!(contents, [wrapped]);
    let attachment = &received.message.as_document().unwrap().attachments[0];
    assert_eq!(attachment.name.as_deref(), Some("a.zip"));
}

#[test]
fn edxml_5_two_files_of_one_name_are_two() {
    let one = attachment("a.txt", "YQ==");
    let two = attachment("a.txt", "Yg==").replace("cid:1", "cid:2");
    let (document, _) = read_document(document("", &new_business(), &format!("{one}{two}{two}")));
    let slots: Vec<_> = document
        .attachments
        .iter()
        .filter_map(|file| Some(file.content.as_ref()?.slot))
        .collect();
    assert_eq!(slots, [0, 1, 2]);
}
