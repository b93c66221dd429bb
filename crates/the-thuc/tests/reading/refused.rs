//! What cannot be read is refused with a reason, and never brings the reader down.

use proptest::prelude::*;
use the_thuc::{
    Composer,
    reading::{Certainty, Page, ReadFields, ReadLimits, Unreadable, read_fields, read_pdf},
};

use crate::{
    bare::{page, stream},
    composed::official,
    corpus::documents,
    oracle,
};

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
        b"q 595 0 0 842 0 0 cm /I Do Q",
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
        b"BT /F 14 Tf 100 700 Td (Kinh gui) Tj ET",
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
        b"BT /F 14 Tf 100 700 Td (ABBA) Tj ET",
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

/// Files on which fuzzing once found a defect, or that were made to bring a reader down.
#[test]
fn cn_106_findings_stay_mended() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/findings");
    let mut asked = 0;
    for entry in std::fs::read_dir(folder).expect("the folder of findings") {
        let content = std::fs::read(entry.expect("an entry").path()).expect("a file");
        oracle::file(&content);
        oracle::instructions(&content);
        asked += 1;
    }
    assert!(asked >= 2, "{asked}");
}

/// What may happen to a file on its way.
#[derive(Debug, Clone)]
enum Damage {
    /// Another byte.
    Byte(prop::sample::Index, u8),
    /// A part is missing.
    Cut(prop::sample::Index, usize),
    /// A part stands twice.
    Doubled(prop::sample::Index, usize),
    /// A part is empty, as after a full disk.
    Emptied(prop::sample::Index, usize),
    /// It ends in the middle.
    Ended(prop::sample::Index),
    /// A number is another one: a length, an offset, a reference.
    Digit(prop::sample::Index, u8),
}

impl Damage {
    fn any() -> impl Strategy<Value = Self> {
        let at = any::<prop::sample::Index>;
        prop_oneof![
            4 => (at(), any::<u8>()).prop_map(|(at, byte)| Self::Byte(at, byte)),
            1 => (at(), 1..2000_usize).prop_map(|(at, length)| Self::Cut(at, length)),
            1 => (at(), 1..2000_usize).prop_map(|(at, length)| Self::Doubled(at, length)),
            1 => (at(), 1..2000_usize).prop_map(|(at, length)| Self::Emptied(at, length)),
            1 => at().prop_map(Self::Ended),
            4 => (at(), b'0'..=b'9').prop_map(|(at, digit)| Self::Digit(at, digit)),
        ]
    }

    fn done_to(&self, file: &mut Vec<u8>) {
        if file.is_empty() {
            return;
        }
        let part = |file: &[u8], at: &prop::sample::Index, length: usize| {
            let from = at.index(file.len());
            from..(from + length).min(file.len())
        };
        match self {
            Self::Byte(at, byte) => {
                let at = at.index(file.len());
                file[at] = *byte;
            }
            Self::Cut(at, length) => {
                let range = part(file, at, *length);
                file.drain(range);
            }
            Self::Doubled(at, length) => {
                let range = part(file, at, *length);
                let doubled = file[range.clone()].to_vec();
                drop(file.splice(range.start..range.start, doubled));
            }
            Self::Emptied(at, length) => {
                let range = part(file, at, *length);
                file[range].fill(0);
            }
            Self::Ended(at) => file.truncate(at.index(file.len())),
            Self::Digit(at, digit) => {
                let from = at.index(file.len());
                let next = file[from..].iter().position(u8::is_ascii_digit);
                if let Some(next) = next {
                    file[from + next] = *digit;
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn cn_106_any_bytes_are_no_reason_to_fall(content in proptest::collection::vec(any::<u8>(), 0..2000)) {
        oracle::file(&content);
        let mut headed = b"%PDF-1.7\n".to_vec();
        headed.extend(content);
        oracle::file(&headed);
    }

    /// A real file, damaged on its way.
    #[test]
    fn cn_106_a_damaged_document_is_no_reason_to_fall(damages in proptest::collection::vec(Damage::any(), 1..30)) {
        static FILE: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(composed);
        let mut file = FILE.clone();
        for damage in &damages {
            damage.done_to(&mut file);
        }
        oracle::file(&file);
    }

    /// Instructions in any order, with any operands.
    #[test]
    fn cn_106_any_instructions_are_no_reason_to_fall(content in any_instructions()) {
        oracle::instructions(content.as_bytes());
    }

    /// Words in any places and of any size.
    #[test]
    fn cn_106_any_positioned_text_is_no_reason_to_fall(pages in proptest::collection::vec(any_page(), 0..3)) {
        oracle::kept(&read_fields(&pages));
    }
}

fn any_instructions() -> impl Strategy<Value = String> {
    let operand = prop_oneof![
        (-1000..1000_i32).prop_map(|number| number.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        Just("1e308".to_owned()),
        Just("(ABBA)".to_owned()),
        Just("<4142>".to_owned()),
        Just("[(A) -2000 (B) 99999999 (A)]".to_owned()),
        Just("/F".to_owned()),
        Just("/X".to_owned()),
    ];
    let operator = prop::sample::select(vec![
        "BT", "ET", "Tf", "Tm", "Td", "TD", "T*", "Tj", "TJ", "'", "\"", "Tc", "Tw", "Tz", "TL", "Ts", "Tr",
        "q", "Q", "cm", "Do", "re", "W", "n", "f", "BI", "ID", "EI", "BDC", "EMC", "gs", "sh",
    ]);
    let instruction = (proptest::collection::vec(operand, 0..7), operator)
        .prop_map(|(operands, operator)| format!("{} {operator}\n", operands.join(" ")));
    proptest::collection::vec(instruction, 0..60)
        .prop_map(|all| format!("BT /F 14 Tf 100 700 Td\n{}", all.concat()))
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
