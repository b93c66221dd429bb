//! A composed document signed by person and agency, as it looks on the page: rendered by poppler and measured.

use std::process::Command;

use demo_pki::DemoPki;
use demo_pki::images::seal_png;
use jiff::Timestamp;
use pdf_signature::appearance::{
    Appearance, Area, Fonts, NumberAndDate, SealImage, attachment_note, copy_note, note_area, row_area,
};
use pdf_signature::pki::{AlgorithmPolicy, Anchor, Context, Evidence, Purpose, TrustStore};
use pdf_signature::verify::{Verdict, verify};
use the_thuc::reading::{ReadField, ReadLimits, read_pdf};

use crate::issued::{ISSUE, SEAL_MM, agency, area, decision, entry, font, keep, serif, signed};
use crate::judges;
use crate::picture::{Picture, blue, dark, is_at, red};
use crate::support::{Opened, moment};

#[test]
fn nt_14_s7_the_seal_has_its_real_size_and_covers_a_third_of_the_signature_on_its_left() {
    let issue = &*ISSUE;
    let before = Picture::of(&issue.by_person);
    assert_eq!(before.seen(red).pixels, 0, "no seal before the agency signs");
    let hand = before.seen(blue);
    let page = Picture::of(&issue.issued);
    let seal = page.seen(red);
    is_at(&hand, &issue.handwriting);
    is_at(&seal, &issue.seal);
    for extent in [seal.right - seal.left, seal.bottom - seal.top] {
        assert!((extent - SEAL_MM).abs() < 0.5, "{extent} mm");
    }
    let share = (seal.right - hand.left) / (hand.right - hand.left);
    assert!((0.28..=0.38).contains(&share), "{share}");
    assert!(seal.left < hand.left, "on the left");
    let middles = ((seal.top + seal.bottom) / 2.0, (hand.top + hand.bottom) / 2.0);
    assert!((middles.0 - middles.1).abs() < 1.0, "{middles:?}");
    // the ink is there: thousands of red pixels, and the seal lies on the signature
    assert!(
        seal.pixels > 5000 && hand.pixels > 500,
        "{} {}",
        seal.pixels,
        hand.pixels
    );
    let blue_left = page.seen(blue).pixels;
    assert!(
        blue_left < hand.pixels && blue_left * 2 > hand.pixels,
        "{blue_left} of {}",
        hand.pixels
    );
}

#[test]
fn nt_14_the_signature_stands_in_the_middle_between_title_and_name() {
    let issue = &*ISSUE;
    let file = Opened::new(&issue.by_person);
    let (title, name) = (file.find("PHÓ GIÁM ĐỐC"), file.find("Trần Văn Bình"));
    let mm = crate::support::MM;
    let (above, below) = (title[0].y1 / mm, name[0].y0 / mm);
    let hand = Picture::of(&issue.by_person).seen(blue);
    assert!(
        hand.top > above && hand.bottom < below,
        "{hand:?} between {above} and {below}"
    );
    let middle = f64::midpoint(hand.left, hand.right);
    assert!((middle - f64::midpoint(name[0].x0, name[2].x1) / mm).abs() < 1.0);
    assert!(((hand.top - above) - (below - hand.bottom)).abs() < 3.0, "level");
    assert!(hand.right - hand.left <= 40.5 && hand.bottom - hand.top <= 20.5);
}

#[test]
fn nt_15_s7_number_and_date_are_read_in_their_lines() {
    let text = Opened::new(&ISSUE.issued).run("pdftotext", &["-layout"], &["-"]);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("Số: 01/QĐ-UBND"), "{words}");
    assert!(words.contains("Đắk Nông, ngày 05 tháng 6 năm 2026"), "{words}");
    let before = Opened::new(&ISSUE.by_person).flow();
    assert!(
        before.contains("Số: /QĐ-UBND") && before.contains("ngày tháng năm 2026"),
        "{before}"
    );
}

/// The stamped number and day stand in appearances of signatures, the rest on the page.
#[test]
fn cn_106_number_and_day_of_an_issued_document_are_read() {
    let read = read_pdf(&ISSUE.issued, &ReadLimits::default()).expect("it has text");
    let text = |field: Option<ReadField<String>>| field.map(|field| field.value);
    assert_eq!(text(read.number).as_deref(), Some("01"));
    assert_eq!(text(read.symbol).as_deref(), Some("QĐ-UBND"));
    let day = read.issued_on.map(|day| day.value);
    assert_eq!(day, Some(jiff::civil::date(2026, 6, 5)));
    assert_eq!(text(read.signer_name).as_deref(), Some("Trần Văn Bình"));

    // before that there is no number to be read
    let read = read_pdf(&ISSUE.by_person, &ReadLimits::default()).expect("it has text");
    assert_eq!((text(read.number), read.issued_on), (None, None));
    assert_eq!(text(read.symbol).as_deref(), Some("QĐ-UBND"));
}

/// Set beside a document of the same number, which the layout has set itself.
#[test]
fn nt_14_the_number_looks_as_if_it_had_been_set() {
    let composed = decision(Some("1234"));
    let blank = decision(None);
    let places = blank.places;
    let row = row_area(&area(places.number), &area(places.place_date));
    let entries = NumberAndDate {
        number: entry("1234", places.blanks.number),
        day: Some(entry("", places.blanks.day)),
        month: Some(entry("", places.blanks.month)),
        year: None,
    };
    let fonts = serif();
    let fonts = Fonts {
        regular: font(fonts.regular),
        italic: font(fonts.italic),
    };
    let number = Appearance::number_and_date(&entries, &fonts, &row).expect("drawn");
    let from: Timestamp = "2021-12-01T00:00:00Z".parse().expect("a timestamp");
    let pki = DemoPki::create(from).expect("an authority");
    let agency = agency(&pki, from);
    let drawn = Picture::of(&signed(&blank.pdf, "ChuKy1", row, &number, &agency));
    let set = Picture::of(&composed.pdf);
    let differing = drawn
        .rgb
        .chunks_exact(3)
        .zip(set.rgb.chunks_exact(3))
        .filter(|(a, b)| dark(a[0], a[1], a[2]) != dark(b[0], b[1], b[2]))
        .count();
    let all = set
        .rgb
        .chunks_exact(3)
        .filter(|pixel| dark(pixel[0], pixel[1], pixel[2]))
        .count();
    // rounding to a hundredth of a millimetre moves an edge now and then
    assert!(
        all > 10_000 && differing < 60,
        "{differing} of {all} dark pixels differ"
    );
}

#[test]
fn s7_all_fonts_are_embedded_and_have_their_meaning() {
    let table = Opened::new(&ISSUE.issued).run("pdffonts", &[], &[]);
    let rows: Vec<_> = table.lines().skip(2).collect();
    assert!(rows.len() >= 4, "{table}");
    for row in rows {
        let columns: Vec<_> = row.split_whitespace().rev().collect();
        // from the right: object and generation, uni, sub, emb
        assert!(columns[2..5] == ["yes", "yes", "yes"], "{row}");
    }
}

#[test]
fn nt_15_every_signature_is_cryptographically_valid_for_pdfsig() {
    let report = Opened::new(&ISSUE.issued).run("pdfsig", &["-nocert"], &[]);
    assert_eq!(report.matches("Signature is Valid").count(), 3, "{report}");
    assert!(report.contains("Total document signed"), "{report}");
    let structure = Opened::new(&ISSUE.issued).run("qpdf", &["--check"], &[]);
    assert!(
        structure.contains("No syntax or stream encoding errors"),
        "{structure}"
    );
}

/// S1 with the output of our own generator, and the question of ADR 0013: number and date as the appearance of a
/// signature of the agency leave the person's signature valid for pyHanko and for us.
#[test]
fn nt_15_s1_person_number_and_seal_are_valid_for_pyhanko_and_for_us() {
    let issue = &*ISSUE;
    assert!(issue.issued.starts_with(&issue.by_person));
    let at = moment() + jiff::SignedDuration::from_mins(10);
    let root = issue.pki.root().expect("a root");
    let evidence = Evidence {
        certificates: vec![issue.pki.issuing().expect("an authority")],
        crls: vec![
            issue.pki.crl(&[], moment()).expect("a list"),
            issue.pki.root_crl(moment()).expect("a list"),
        ],
        ocsps: Vec::new(),
    };
    let answers = judges::pyhanko(&[judges::Question {
        pdf: &issue.issued,
        roots: vec![root.clone()],
        certificates: evidence.certificates.clone(),
        crls: evidence.crls.clone(),
        ocsps: Vec::new(),
        at: at.to_string(),
        dss: false,
        lenient: false,
        ades: true,
    }]);
    let signatures = &answers[0].signatures;
    assert!(answers[0].all_good(), "{:?}", answers[0]);
    assert_eq!(signatures.len(), 3);
    for (place, one) in signatures.iter().enumerate() {
        assert_eq!(
            one.ades.as_ref().map(|ades| ades.status.as_str()),
            Some("PASSED"),
            "{one:?}"
        );
        let (coverage, level) = if place == 2 {
            ("ENTIRE_FILE", "NONE")
        } else {
            ("ENTIRE_REVISION", "FORM_FILLING")
        };
        assert_eq!(one.coverage.as_deref(), Some(coverage), "{one:?}");
        assert_eq!(one.modification_level.as_deref(), Some(level), "{one:?}");
    }
    let trust = TrustStore {
        version: "thử".into(),
        anchors: vec![Anchor {
            certificate: root,
            label: "Gốc thử".into(),
            purposes: vec![Purpose::Signing],
            valid_from: None,
            valid_to: None,
        }],
    };
    let report = verify(
        &issue.issued,
        &Context {
            trust: &trust,
            evidence: &evidence,
            now: at,
            policy: &AlgorithmPolicy::default(),
        },
    );
    assert_eq!(report.verdict, Verdict::TotalPassed, "{report:?}");
}

/// A scan may lie on its side: the seal stands where the page as it is seen has the area.
#[test]
fn nt_14_a_rotated_page_is_sealed_where_it_is_seen() {
    let from: Timestamp = "2021-12-01T00:00:00Z".parse().expect("a timestamp");
    let pki = DemoPki::create(from).expect("an authority");
    let agency = agency(&pki, from);
    // its star points up, the place stands at the foot
    let seal = seal_png("Văn phòng", "", SEAL_MM, 300.0, &serif().bold.bytes).expect("drawn");
    let image = SealImage::from_png(&seal).expect("an image");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (upright, turned) = (
        folder.path().join("upright.pdf"),
        folder.path().join("turned.pdf"),
    );
    std::fs::write(&upright, decision(Some("15")).pdf).expect("written");
    for angle in [90, 180, 270] {
        let done = Command::new("qpdf")
            .arg(format!("--rotate=+{angle}:1"))
            .args([&upright, &turned])
            .status()
            .expect("qpdf is needed");
        assert!(done.success());
        let place = Area {
            page: 1,
            x: 25.0,
            y: 140.0,
            width: SEAL_MM,
            height: SEAL_MM,
        };
        let pdf = signed(
            &std::fs::read(&turned).expect("turned"),
            "ChuKy1",
            place,
            &Appearance::image(&image, &place),
            &agency,
        );
        let page = Picture::of(&pdf);
        is_at(&page.seen(red), &place);
        // the name is at the top of the ring, nothing at its foot
        let share = |from: f64, to: f64| page.red_between(&place, from, to);
        assert!(share(4.0, 7.5) > 2.0 * share(28.5, 32.0), "{angle}°");
    }
}

#[test]
fn nt_14_ks_62_ks_63_attachments_and_copies_get_text_only_at_the_top_right_of_page_one() {
    let from: Timestamp = "2021-12-01T00:00:00Z".parse().expect("a timestamp");
    let at: Timestamp = "2020-01-05T07:05:09Z".parse().expect("a timestamp");
    let pki = DemoPki::create(from).expect("an authority");
    let agency = agency(&pki, from);
    let regular = font(serif().regular);
    let composed = decision(Some("15"));
    for (lines, expected) in [
        (
            attachment_note("15/QĐ-BNV", at),
            "Số: 15/QĐ-BNV; 05/01/2020; 14:05:09 +07:00",
        ),
        (
            copy_note("SAO Y", "Ủy ban nhân dân tỉnh Đắk Nông", at),
            "SAO Y; Ủy ban nhân dân tỉnh Đắk Nông; 05/01/2020; 14:05:09 +07:00",
        ),
    ] {
        let place = note_area(210.0, 2);
        let note = Appearance::text(&lines, &regular, &place).expect("drawn");
        assert!(
            !note
                .form
                .objects
                .iter()
                .any(|object| { String::from_utf8_lossy(&object.dictionary).contains("/Image") })
        );
        let pdf = signed(&composed.pdf, "ChuKy1", place, &note, &agency);
        keep("note.pdf", &pdf);
        let file = Opened::new(&pdf);
        let words = file.find(expected);
        let mm = crate::support::MM;
        let last = words.last().expect("words");
        assert!(
            words.iter().all(|word| word.page == 1 && word.y1 < 20.0 * mm),
            "in the top margin"
        );
        assert!(
            (last.x1 / mm - 200.0).abs() < 1.0,
            "{} mm from the left",
            last.x1 / mm
        );
        let run = file.run_of("05/01/2020");
        assert!(
            run.size == 10 && !run.bold && !run.italic && run.color == "#000000",
            "{run:?}"
        );
        let page = Picture::of(&pdf);
        assert!(page.seen(red).pixels == 0 && page.seen(blue).pixels == 0);
    }
}
