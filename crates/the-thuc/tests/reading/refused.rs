//! What cannot be read is refused with a reason, and never brings the reader down.

use proptest::prelude::*;
use the_thuc::{
    Composer,
    reading::{Certainty, Page, ReadFields, ReadLimits, Unreadable, read_fields, read_pdf},
};

use crate::{composed::official, corpus::documents};

/// A PDF of these objects, with a cross-reference table that fits.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n", index + 1).bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        file.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    file.extend(
        format!(
            "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
            objects.len() + 1
        )
        .bytes(),
    );
    file
}

fn stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    let mut object = format!("<< {dictionary} /Length {} >>\nstream\n", content.len()).into_bytes();
    object.extend(content);
    object.extend(b"\nendstream");
    object
}

/// One page with this content and these resources; further objects begin at number 5.
fn page(content: &str, resources: &str, further: Vec<Vec<u8>>) -> Vec<u8> {
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << {resources} >> >>").into_bytes(),
        stream("", content.as_bytes()),
    ];
    objects.extend(further);
    pdf(&objects)
}

fn composed() -> Vec<u8> {
    let written = documents(1).remove(0);
    let moment = "2026-03-05T01:00:00Z".parse().expect("a timestamp");
    let composer = Composer::new(&[]).expect("Liberation Serif is installed");
    composer
        .compose(&official(&written, 0), moment)
        .expect("it composes")
        .pdf
}

#[test]
fn cn_106_a_scan_is_refused_politely() {
    let image = stream(
        "/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8",
        &[0, 255, 255, 0],
    );
    let scan = page(
        "q 595 0 0 842 0 0 cm /I Do Q",
        "/XObject << /I 5 0 R >>",
        vec![image],
    );
    let refused = read_pdf(&scan, &ReadLimits::default()).expect_err("a scan");
    assert_eq!(refused, Unreadable::NoText);
    let said = refused.to_string();
    assert!(said.contains("bản chụp") && said.contains("Đề nghị"), "{said}");
}

#[test]
fn cn_106_a_font_that_does_not_tell_its_letters_is_refused_politely() {
    // the font of a composed document without its ToUnicode maps
    let mut file = composed();
    let name = b"/ToUnicode";
    let mut at = 0;
    while let Some(found) = file
        .get(at..)
        .and_then(|rest| rest.windows(name.len()).position(|window| window == name))
    {
        file[at + found + 1..at + found + name.len()].copy_from_slice(b"XoUnicode");
        at += found + name.len();
    }
    assert!(at > 0, "the fonts have maps");
    assert_eq!(
        read_pdf(&file, &ReadLimits::default()),
        Err(Unreadable::NoLetters)
    );
}

#[test]
fn cn_106_a_font_that_is_not_in_the_file_is_refused_politely() {
    let font =
        b"<< /Type /Font /Subtype /TrueType /BaseFont /TimesNewRoman /Encoding /WinAnsiEncoding >>".to_vec();
    let file = page(
        "BT /F 14 Tf 100 700 Td (Kinh gui) Tj ET",
        "/Font << /F 5 0 R >>",
        vec![font],
    );
    assert_eq!(
        read_pdf(&file, &ReadLimits::default()),
        Err(Unreadable::NoLetters)
    );
}

#[test]
fn cn_106_what_is_no_pdf_or_too_large_is_refused() {
    let limits = ReadLimits::default();
    for content in [
        &b""[..],
        b"%PDF-1.4",
        b"PK\x03\x04",
        b"%PDF-1.4 \xff\xfe\x00 xref 99999999999",
    ] {
        assert_eq!(read_pdf(content, &limits), Err(Unreadable::Damaged));
    }
    let file = composed();
    let small = ReadLimits {
        bytes: file.len() - 1,
        ..limits
    };
    assert_eq!(read_pdf(&file, &small), Err(Unreadable::TooLarge));
}

#[test]
fn cn_106_ends_at_its_limits() {
    let file = composed();
    let few = ReadLimits {
        signs: 40,
        ..ReadLimits::default()
    };
    let read = read_pdf(&file, &few).expect("the first signs are read");
    assert_eq!(read.signer_name, None);
    let none = ReadLimits {
        pages: 0,
        ..ReadLimits::default()
    };
    assert_eq!(read_pdf(&file, &none), Err(Unreadable::NoText));
}

#[test]
fn cn_106_a_text_that_is_no_official_document_gives_nothing_for_sure() {
    assert_eq!(read_fields(&[]), ReadFields::default());
    assert_eq!(read_fields(&[Page::default()]), ReadFields::default());
    let font = b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 65 /LastChar 66 \
        /Widths [500 500] /Encoding << /Differences [65 /A /B] >> /CharProcs << /A 6 0 R /B 6 0 R >> /ToUnicode 7 0 R >>"
        .to_vec();
    let map = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <00> <ff> endcodespacerange \
        2 beginbfchar <41> <0041> <42> <0042> endbfchar endcmap end end";
    let file = page(
        "BT /F 14 Tf 100 700 Td (ABBA) Tj ET",
        "/Font << /F 5 0 R >>",
        vec![font, stream("", b"500 0 d0"), stream("", map)],
    );
    let read = read_pdf(&file, &ReadLimits::default()).expect("there are letters");
    assert_eq!(
        (read.number, read.issued_on, read.signer_name),
        (None, None, None)
    );
    assert!(
        read.agency
            .is_none_or(|agency| agency.certainty == Certainty::Guess)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn cn_106_any_bytes_are_no_reason_to_fall(content in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read_pdf(&content, &ReadLimits::default());
        let mut headed = b"%PDF-1.7\n".to_vec();
        headed.extend(content);
        let _ = read_pdf(&headed, &ReadLimits::default());
    }

    /// A real file with some bytes changed.
    #[test]
    fn cn_106_a_damaged_document_is_no_reason_to_fall(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..30)) {
        static FILE: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(composed);
        let mut file = FILE.clone();
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        let _ = read_pdf(&file, &ReadLimits::default());
    }

    /// Words in any places and of any size.
    #[test]
    fn cn_106_any_positioned_text_is_no_reason_to_fall(pages in proptest::collection::vec(any_page(), 0..3)) {
        let _ = read_fields(&pages);
    }
}

fn any_page() -> impl Strategy<Value = Page> {
    let text = prop_oneof![
        Just("Số:".to_owned()),
        Just("ngày".to_owned()),
        Just("tháng".to_owned()),
        Just("năm".to_owned()),
        Just("CỘNG HÒA XÃ HỘI".to_owned()),
        Just("CỘNG".to_owned()),
        Just("HÒA".to_owned()),
        Just("XÃ".to_owned()),
        Just("HỘI".to_owned()),
        Just("QUYẾT".to_owned()),
        Just("ĐỊNH".to_owned()),
        Just("Nơi".to_owned()),
        Just("nhận:".to_owned()),
        Just("V/v".to_owned()),
        Just("TM.".to_owned()),
        Just("Lưu:".to_owned()),
        "\\PC{0,8}",
        "[0-9]{1,20}",
    ];
    let word = (any::<f64>(), 0.0..600.0_f64, 0.0..200.0_f64, any::<bool>(), text).prop_map(
        |(odd, x0, width, bold, text)| the_thuc::reading::Word {
            x0,
            x1: if bold { x0 + width } else { odd },
            size: 13.0,
            bold,
            italic: !bold,
            follows: false,
            text,
        },
    );
    let line = (0.0..842.0_f64, proptest::collection::vec(word, 0..8))
        .prop_map(|(y, words)| the_thuc::reading::Line { y, words });
    proptest::collection::vec(line, 0..12).prop_map(|lines| Page {
        width: 595.0,
        height: 842.0,
        lines,
    })
}
