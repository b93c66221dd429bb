//! Areas, images and text without a document; on documents they are measured in the tests of `the-thuc`.

use std::io::Cursor;
use std::process::Command;

use rstest::rstest;

use super::*;
use crate::appearance::{AppearanceError, Area};

fn area(x: f64, y: f64, width: f64, height: f64) -> Area {
    Area {
        page: 1,
        x,
        y,
        width,
        height,
    }
}

fn png(width: u32, height: u32, colour: png::ColorType, data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(Cursor::new(&mut bytes), width, height);
    encoder.set_color(colour);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(data).expect("data");
    writer.finish().expect("an end");
    bytes
}

/// A rectangle of one colour in the middle of a transparent image of 100 × 60.
fn framed(colour: [u8; 3]) -> Vec<u8> {
    let mut data = Vec::new();
    for y in 0..60 {
        for x in 0..100 {
            let inside = (20..80).contains(&x) && (15..45).contains(&y);
            data.extend(colour);
            data.push(if inside { 255 } else { 0 });
        }
    }
    png(100, 60, png::ColorType::Rgba, &data)
}

fn serif(style: &str) -> Font {
    let output = Command::new("fc-match")
        .args(["-f", "%{file}", &format!("Liberation Serif:{style}")])
        .output()
        .expect("fontconfig is installed");
    let path = String::from_utf8(output.stdout).expect("a path");
    Font::new(std::fs::read(path).expect("a font file"), 0).expect("a font")
}

#[test]
fn pl1_8a_the_seal_ends_at_a_third_of_the_signature_level_with_its_middle() {
    let signature = area(120.0, 200.0, 39.0, 18.0);
    let seal = seal_area(&signature, 36.0, 1.0);
    assert_eq!((seal.width, seal.height), (36.0, 36.0));
    assert!((seal.right() - 133.0).abs() < 1e-9);
    assert!((seal.y + 18.0 - 209.0).abs() < 1e-9);
    // another form of seal keeps its proportions
    let square = seal_area(&signature, 30.0, 1.5);
    assert!((square.height - 20.0).abs() < 1e-9 && (square.y + 10.0 - 209.0).abs() < 1e-9);
}

#[test]
fn pl1_7_the_signature_is_fitted_into_40_by_20_mm_in_the_middle_of_its_box() {
    let image = SealImage::from_png(&framed([20, 40, 160])).expect("an image");
    let place = signature_area(&area(110.0, 200.0, 85.0, 30.0), &image);
    assert!((place.width - 40.0).abs() < 1e-9 && (place.height - 20.0).abs() < 1e-9);
    assert!((place.x + 20.0 - 152.5).abs() < 1e-9 && (place.y + 10.0 - 215.0).abs() < 1e-9);
    let small = signature_area(&area(110.0, 200.0, 30.0, 10.0), &image);
    assert!((small.width - 20.0).abs() < 1e-9 && (small.height - 10.0).abs() < 1e-9);
}

#[test]
fn ks_64_initials_hide_neither_signature_nor_seal_nor_each_other() {
    let box_7c = area(110.0, 200.0, 85.0, 30.0);
    let image = SealImage::from_png(&framed([20, 40, 160])).expect("an image");
    let signature = signature_area(&box_7c, &image);
    let seal = seal_area(&signature, 36.0, 1.0);
    let initials: Vec<_> = (0..4).map(|order| initials_area(&box_7c, order)).collect();
    for (index, place) in initials.iter().enumerate() {
        assert!(box_7c.contains(place), "{place:?}");
        assert!(!place.overlaps(&signature) && !place.overlaps(&seal), "{place:?}");
        assert!(initials[..index].iter().all(|before| !before.overlaps(place)));
    }
}

#[test]
fn the_row_covers_both_boxes() {
    let row = row_area(&area(30.0, 38.0, 75.0, 5.0), &area(107.0, 37.5, 88.0, 5.4));
    assert_eq!((row.x, row.y), (30.0, 37.5));
    assert!((row.right() - 195.0).abs() < 1e-9 && (row.bottom() - 43.0).abs() < 1e-9);
}

#[test]
fn the_transparent_margin_is_cut_off_and_the_data_shared() {
    let image = SealImage::from_png(&framed([210, 20, 30])).expect("an image");
    assert_eq!(image.pixels(), (60, 30));
    let place = area(0.0, 0.0, 36.0, 36.0);
    let (one, two) = (
        Appearance::image(&image, &place),
        Appearance::image(&image.clone(), &place),
    );
    for (a, b) in one.form.objects.iter().zip(&two.form.objects) {
        let (a, b) = (a.stream.as_ref().expect("data"), b.stream.as_ref().expect("data"));
        assert!(std::sync::Arc::ptr_eq(a, b), "compressed once");
    }
    // 36 mm wide, half as high, in the middle
    let content = String::from_utf8(one.form.content).expect("text");
    assert!(
        content.contains("102.0472 0 0 51.0236 0.0000 25.5118 cm"),
        "{content}"
    );
    assert!(String::from_utf8_lossy(&one.form.objects[0].dictionary).contains("/SMask <@1>"));
}

#[rstest]
#[case([210, 20, 30], Ink::Red)]
#[case([20, 40, 160], Ink::Blue)]
#[case([0, 0, 0], Ink::Other)]
#[case([200, 180, 30], Ink::Other)]
fn pl1_7_8a_the_colour_of_an_image_is_told(#[case] colour: [u8; 3], #[case] ink: Ink) {
    assert_eq!(SealImage::from_png(&framed(colour)).expect("an image").ink(), ink);
}

#[test]
fn images_without_transparency_or_ink_or_measure_are_refused() {
    let code = |bytes: &[u8]| SealImage::from_png(bytes).expect_err("refused").code();
    let gray = png::ColorType::GrayscaleAlpha;
    assert_eq!(code(b"no image"), "image_not_png");
    assert_eq!(code(&framed([1, 2, 3])[..200]), "image_not_png");
    assert_eq!(
        code(&png(2, 1, png::ColorType::Rgb, &[9; 6])),
        "image_not_transparent"
    );
    assert_eq!(code(&png(2, 1, gray, &[9, 255, 9, 255])), "image_not_transparent");
    assert_eq!(code(&png(2, 1, gray, &[9, 0, 9, 3])), "image_empty");
    assert_eq!(code(&png(5000, 1, gray, &[0; 10_000])), "image_too_large");
    assert!(SealImage::from_png(&png(2, 1, gray, &[9, 0, 9, 255])).is_ok());
}

#[test]
fn a_header_that_promises_a_huge_image_costs_nothing() {
    let mut bytes = framed([1, 2, 3]);
    // width and height in the header, which has a check sum of its own
    bytes[16..24].copy_from_slice(&[0x7f; 8]);
    assert!(SealImage::from_png(&bytes).is_err());
}

#[test]
fn pl1_8b_the_note_has_the_form_of_the_template() {
    let at = "2020-01-05T07:05:09Z".parse().expect("a timestamp");
    let texts = |lines: Vec<TextLine>| lines.into_iter().map(|line| line.text).collect::<Vec<_>>();
    assert_eq!(
        texts(attachment_note(" 15/QĐ-BNV", at)),
        ["Số: 15/QĐ-BNV; 05/01/2020; 14:05:09 +07:00"]
    );
    assert_eq!(
        texts(copy_note("TRÍCH SAO", "Sở Nội vụ", at)),
        ["TRÍCH SAO; Sở Nội vụ; 05/01/2020; 14:05:09 +07:00"]
    );
    let place = note_area(210.0, 1);
    assert!((place.right() - 200.0).abs() < 1e-9 && place.bottom() < 20.0 && place.page == 1);
    assert!(note_area(100.0, 2).x >= 0.0);
}

#[test]
fn long_notes_go_on_below_and_too_long_ones_are_refused() {
    let font = serif("regular");
    let long = [TextLine::note("chữ ".repeat(60))];
    let drawn = Appearance::text(&long, &font, &note_area(210.0, 4)).expect("four lines");
    let content = String::from_utf8(drawn.form.content).expect("text");
    let lines = content.matches(" Tj").count();
    assert!((2..=4).contains(&lines), "{lines}");
    let error = Appearance::text(&long, &font, &note_area(210.0, 1)).expect_err("one line");
    assert_eq!(error.code(), "text_too_long");
    let word = [TextLine::note("x".repeat(200))];
    assert!(matches!(
        Appearance::text(&word, &font, &note_area(210.0, 9)),
        Err(AppearanceError::TooLong { .. })
    ));
}

#[test]
fn decomposed_letters_are_drawn_composed_and_unknown_ones_refused() {
    let font = serif("regular");
    let place = note_area(210.0, 1);
    let draw = |text: &str| Appearance::text(&[TextLine::note(text)], &font, &place);
    let composed = draw("Số quyết định").expect("drawn");
    let decomposed = draw("So\u{302}\u{301} quye\u{302}\u{301}t đi\u{323}nh").expect("drawn");
    assert_eq!(composed.form.content, decomposed.form.content);
    assert_eq!(draw("李").expect_err("no glyph").code(), "font_lacks_letter");
    assert_eq!(
        Font::new(&b"no font"[..], 0).expect_err("no font").code(),
        "font_unusable"
    );
}

fn slot(x: f64, width: f64) -> Slot {
    Slot {
        page: 1,
        x,
        baseline: 42.0,
        width,
        size: 13.0,
    }
}

fn entries(number: &str, number_slot: Slot) -> NumberAndDate {
    let entry = |text: &str, slot| Entry {
        text: text.into(),
        slot,
    };
    NumberAndDate {
        number: entry(number, number_slot),
        day: Some(entry("05", slot(140.0, 4.59))),
        month: Some(entry("6", slot(160.0, 4.59))),
        year: None,
    }
}

#[test]
fn long_numbers_are_condensed_a_little_and_never_leave_their_place() {
    let fonts = Fonts {
        regular: serif("regular"),
        italic: serif("italic"),
    };
    let row = area(30.0, 38.0, 165.0, 5.0);
    let draw = |number: &str, slot| Appearance::number_and_date(&entries(number, slot), &fonts, &row);
    let content = |drawn: Appearance| String::from_utf8(drawn.form.content).expect("text");

    // two digits of half an em end where the blank ends: (50 + 9.17 - 30) mm less 13 pt
    let short = content(draw("01", slot(50.0, 9.17)).expect("drawn"));
    assert!(short.contains("1.0000 0 0 1 69.686"), "{short}");
    let five = content(draw("12345", slot(50.0, 9.17)).expect("drawn"));
    assert!(five.contains("Tf 0.79"), "{five}");
    assert_eq!(
        draw("12345678", slot(50.0, 9.17)).expect_err("too long").code(),
        "text_too_long"
    );
    assert_eq!(
        draw("01", slot(10.0, 9.17)).expect_err("outside").code(),
        "text_too_long"
    );
    let mut other_page = slot(50.0, 9.17);
    other_page.page = 2;
    assert_eq!(draw("01", other_page).expect_err("page").code(), "text_too_long");
}

#[test]
fn ks_60_61_images_of_the_demo_are_of_the_right_colour_and_measure() {
    let bold = serif("bold");
    let seal = demo_pki::images::seal_png("Ủy ban nhân dân", "Tỉnh Thử Nghiệm", 36.0, 600.0, bold.file());
    let seal = SealImage::from_png(&seal.expect("drawn")).expect("an image");
    assert_eq!((seal.ink(), seal.pixels()), (Ink::Red, (850, 850)));
    let hand = demo_pki::images::handwriting_png("Nguyễn Văn An", 1).expect("drawn");
    let hand = SealImage::from_png(&hand).expect("an image");
    assert!(hand.ink() == Ink::Blue && hand.aspect() > 1.0);
}
