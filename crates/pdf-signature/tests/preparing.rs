//! What signing does to a document, and which documents it refuses.

#![allow(clippy::unwrap_used, reason = "a helper of tests may fail as they do")]

mod attacks;

use attacks::base::{self, Form, file};
use attacks::people::{People, at, signed, usual_area, with_evidence};
use pdf_signature::appearance::Area;
use pdf_signature::document::{Coverage, Document, Object, SignatureField, XrefForm};
use pdf_signature::sign::{FieldSpec, FinishError, PrepareError, next_field_name, prepare};
use proptest::prelude::*;
use rstest::rstest;

fn field(name: &str, area: Option<Area>) -> FieldSpec<'_> {
    FieldSpec {
        name,
        area,
        appearance: None,
        reason: Some("Ký ban hành"),
        location: Some("Hà Nội"),
        signer_name: Some("Người ký kiểm thử"),
        at: at(),
        reserve: 4096,
    }
}

fn refusal(pdf: &[u8]) -> &'static str {
    prepare(pdf, &field("ChuKy1", None)).unwrap_err().code()
}

fn only_signature(pdf: &[u8]) -> SignatureField {
    let fields = Document::open(pdf).unwrap().signature_fields().unwrap();
    let [signature] = &fields.signed[..] else {
        panic!("{} signatures", fields.signed.len())
    };
    signature.clone()
}

#[rstest]
#[case(Form::Table, XrefForm::Table)]
#[case(Form::Stream, XrefForm::Stream)]
#[case(Form::Hybrid, XrefForm::Table)]
fn s2_the_original_stays_and_the_form_of_the_section_follows(#[case] form: Form, #[case] expected: XrefForm) {
    let original = base::document(form);
    let person = signed(&original, &People::trusted().person, "ChuKy1", Some(usual_area()));
    let agency = signed(&person, &People::trusted().agency, "ChuKy2", None);
    let evidence = with_evidence(&agency, People::trusted());
    assert!(person.starts_with(&original) && agency.starts_with(&person) && evidence.starts_with(&agency));
    let document = Document::open(&evidence).unwrap();
    assert_eq!(document.revisions().len(), 4);
    for revision in 1..4 {
        assert_eq!(document.sections_of(revision)[0].form, expected);
    }
    let first_id = |revision: usize| {
        let view = document.at(revision);
        let id = view.value(view.trailer(), "ID").unwrap();
        let [first, second] = id.array().unwrap() else {
            panic!("two identifiers")
        };
        (first.clone(), second.clone())
    };
    let (original, renewed): (Vec<_>, Vec<_>) = (0..4).map(first_id).unzip();
    assert!(
        original.iter().all(|id| id.same(&original[0])),
        "the first identifier stays"
    );
    assert!(
        !renewed[1].same(&renewed[2]) && !renewed[2].same(&renewed[3]),
        "the second is renewed"
    );
}

#[test]
fn a_signature_says_who_why_when_and_covers_its_revision() {
    let pdf = signed(
        &base::document(Form::Table),
        &People::trusted().person,
        "ChuKy1",
        Some(usual_area()),
    );
    let signature = only_signature(&pdf);
    assert_eq!(signature.name, "ChuKy1");
    assert_eq!(signature.sub_filter, "ETSI.CAdES.detached");
    assert_eq!(signature.filter, "Adobe.PPKLite");
    assert_eq!(signature.claimed_time, Some(at()));
    assert_eq!(signature.reason.as_deref(), Some("Ký ban hành"));
    assert_eq!(signature.signer_name.as_deref(), Some("Người ký kiểm thử"));
    assert_eq!(signature.coverage, Coverage::WholeFile);
    assert_eq!(signature.refusal, None);
    let covered: usize = signature.signed_bytes(&pdf).iter().map(|part| part.len()).sum();
    assert_eq!(
        covered + 2 * signature.contents.len() + 2,
        pdf.len(),
        "all but the signature itself"
    );
}

#[test]
fn preparing_is_deterministic_and_finishing_fills_the_room() {
    let original = base::document(Form::Stream);
    let mut prepared = prepare(&original, &field("ChuKy1", None)).unwrap();
    assert_eq!(prepared, prepare(&original, &field("ChuKy1", None)).unwrap());
    assert_eq!(prepared.base_len, original.len() as u64);
    assert_eq!(prepared.finish(&[]), Err(FinishError::Empty));
    assert_eq!(
        prepared.finish(&[1; 4097]),
        Err(FinishError::TooBig {
            size: 4097,
            reserved: 4096
        })
    );
    let length = prepared.tail.len();
    prepared.finish(&[0xAB; 4096]).unwrap();
    prepared.finish(&[0xCD, 0xEF]).unwrap();
    assert_eq!(prepared.tail.len(), length);
    let contents = only_signature(&prepared.whole(&original)).contents;
    assert_eq!((&contents[..3], contents.len()), (&[0xCD, 0xEF, 0][..], 4096));
}

#[test]
fn s6_what_cannot_be_signed_is_refused_with_its_code() {
    let good = base::document(Form::Table);
    let text = String::from_utf8_lossy(&good).into_owned();
    let replaced = |from: &str, to: &str| {
        let at = good
            .windows(from.len())
            .rposition(|window| window == from.as_bytes())
            .unwrap();
        [&good[..at], to.as_bytes(), &good[at + from.len()..]].concat()
    };
    assert!(text.contains("startxref"));
    assert_eq!(refusal(b"GIF89a"), "not_pdf");
    assert_eq!(refusal(&good[..good.len() - 7]), "garbage_at_end");
    assert_eq!(
        refusal(&replaced(
            "/Root 1 0 R",
            "/Encrypt << /Filter /Standard >> /Root 1 0 R"
        )),
        "encrypted"
    );
    assert_eq!(refusal(&replaced("startxref\n", "startxref\n1")), "damaged_xref");
    assert_eq!(refusal(&replaced("00000 n \n", "00000 x \n")), "damaged_xref");
    assert_eq!(
        refusal(&replaced("/Root 1 0 R", "/Root 1 0 R /Root 1 0 R")),
        "duplicate_key"
    );
    let mut large = good.clone();
    large.resize(51 << 20, b' ');
    assert_eq!(refusal(&large), "too_large");
    let loops = file(
        &[
            (1, "<< /Type /Catalog /Pages 2 0 R >>"),
            (2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
            (3, "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
        ],
        "/Root 1 0 R",
    );
    assert_eq!(refusal(&loops), "page_tree_loop");
}

/// Điều 8.4 limits what is brought, not what signatures add to it.
#[test]
fn s6_a_file_just_within_the_limit_can_be_signed_more_than_once() {
    let scan = |bytes: usize| {
        let stream = format!("<< /Length {bytes} >>\nstream\n{}\nendstream", " ".repeat(bytes));
        let objects = [
            (1, "<< /Type /Catalog /Pages 2 0 R >>"),
            (2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"),
            (
                3,
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            ),
            (4, stream.as_str()),
        ];
        file(&objects, "/Root 1 0 R")
    };
    let mut pdf = scan(52_428_800 - 1000);
    assert!(pdf.len() <= 52_428_800);
    for round in 1..=3 {
        let mut prepared = prepare(&pdf, &field(&format!("ChuKy{round}"), None)).expect("there is room");
        prepared.finish(&[0x30, 0x00]).expect("it fits");
        pdf = prepared.append_to(pdf);
    }
    assert!(pdf.len() > 52_428_800);
    assert_eq!(refusal(&scan(52_428_800)), "too_large");
}

/// A document certified with this level.
fn certified(level: &str) -> Vec<u8> {
    let certification = format!(
        "<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 1 2 3] /Contents <00> \
         /Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << {level} /V /1.2 >> >>] >>"
    );
    file(
        &[
            (
                1,
                "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] /SigFlags 3 >> /Perms << /DocMDP 5 0 R >> >>",
            ),
            (
                2,
                "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
            ),
            (3, "<< /Type /Page /Parent 2 0 R /Annots [4 0 R] >>"),
            (
                4,
                "<< /Type /Annot /Subtype /Widget /FT /Sig /T (S) /V 5 0 R /Rect [0 0 0 0] /P 3 0 R >>",
            ),
            (5, &certification),
        ],
        "/Root 1 0 R",
    )
}

#[rstest]
#[case("/P 1", Some("no_changes_allowed"))]
#[case("/P 9", Some("no_changes_allowed"))]
#[case("/P 2", None)]
#[case("/P 3", None)]
#[case("", None)]
fn s6_a_certification_without_changes_forbids_signing(#[case] level: &str, #[case] code: Option<&str>) {
    let result = prepare(&certified(level), &field("ChuKy1", None));
    assert_eq!(result.err().map(|error| error.code()), code);
}

#[test]
fn s6_a_field_that_does_not_fit_is_refused() {
    let good = base::document(Form::Table);
    let area = |page, x, width| {
        Some(Area {
            page,
            x,
            y: 10.0,
            width,
            height: 10.0,
        })
    };
    let code = |name: &str, area| prepare(&good, &field(name, area)).unwrap_err().code();
    assert_eq!(code("ChuKy1", area(3, 10.0, 10.0)), "no_such_page");
    assert_eq!(code("ChuKy1", area(0, 10.0, 10.0)), "no_such_page");
    assert_eq!(code("ChuKy1", area(1, 205.0, 10.0)), "outside_page");
    assert_eq!(code("ChuKy1", area(1, -5.0, 10.0)), "outside_page");
    assert_eq!(code("ChuKy1", area(1, f64::NAN, 10.0)), "outside_page");
    assert_eq!(code("ChuKy1", area(1, 10.0, 0.0)), "outside_page");
    assert_eq!(code("Chu.Ky", None), "bad_name");
    assert_eq!(code("", None), "bad_name");
    let once = signed(&good, &People::trusted().person, "ChuKy1", None);
    let error = prepare(&once, &field("ChuKy1", None)).unwrap_err();
    assert_eq!(error, PrepareError::NameTaken("ChuKy1".to_owned()));
    assert_eq!(next_field_name(&once, "ChuKy").unwrap(), "ChuKy2");
    assert_eq!(next_field_name(&good, "ChuKy").unwrap(), "ChuKy1");
}

/// A document whose form and annotations are written in every legal way.
fn arranged(form: &str, annotations: &str, page: &str) -> Vec<u8> {
    let catalog = format!("<< /Type /Catalog /Pages 2 0 R {form} >>");
    let page = format!("<< /Type /Page /Parent 2 0 R {annotations} {page} >>");
    file(
        &[
            (1, &catalog),
            (
                2,
                "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
            ),
            (3, &page),
            (4, "<< /Fields [6 0 R] /DA (/F1 0 Tf) >>"),
            (5, "<< /Fields 7 0 R >>"),
            (
                6,
                "<< /Type /Annot /Subtype /Widget /FT /Tx /T (chu) /Rect [10 10 50 20] /P 3 0 R >>",
            ),
            (7, "[6 0 R]"),
            (8, "[6 0 R]"),
        ],
        "/Root 1 0 R",
    )
}

#[rstest]
fn a_form_and_annotations_in_any_arrangement_get_the_field(
    #[values(
        "",
        "/AcroForm 4 0 R",
        "/AcroForm 5 0 R",
        "/AcroForm << /Fields [6 0 R] >>",
        "/AcroForm << /Fields 7 0 R >>",
        "/AcroForm << >>",
        "/AcroForm 99 0 R"
    )]
    form: &str,
    #[values("", "/Annots [6 0 R]", "/Annots 8 0 R", "/Annots null")] annotations: &str,
) {
    let original = arranged(form, annotations, "");
    let before = Document::open(&original)
        .unwrap()
        .latest()
        .form()
        .unwrap()
        .fields
        .len();
    let once = signed(&original, &People::trusted().person, "ChuKy1", Some(usual_area()));
    let twice = signed(&once, &People::trusted().agency, "ChuKy2", None);
    let document = Document::open(&twice).unwrap();
    let form = document.latest().form().unwrap();
    assert_eq!(form.fields.len(), before + 2);
    assert_eq!(
        form.dictionary.unwrap().get("SigFlags").and_then(Object::integer),
        Some(3)
    );
    let signatures = document.signature_fields().unwrap();
    assert!(
        signatures
            .signed
            .iter()
            .all(|signature| signature.refusal.is_none())
    );
    assert!(
        signatures.signed[0].area.is_some(),
        "listed among the annotations of its page"
    );
    let changes = pdf_signature::difference::since(&document, 1);
    assert_eq!(
        changes.level,
        pdf_signature::difference::ChangeLevel::NewSignatures,
        "{:?}",
        changes.notes
    );
}

#[rstest]
fn an_area_is_seen_where_it_was_asked_for(
    #[values(0, 90, 180, 270, -90, 450)] rotation: i32,
    #[values("", "/CropBox [20 30 575 812]", "/MediaBox [-100 -50 495 792]", "/UserUnit 2")] boxes: &str,
) {
    let original = arranged("", "", &format!("/Rotate {rotation} {boxes}"));
    let area = Area {
        page: 1,
        x: 30.0,
        y: 40.0,
        width: 50.0,
        height: 15.0,
    };
    let pdf = signed(&original, &People::trusted().person, "ChuKy1", Some(area));
    let seen = only_signature(&pdf).area.unwrap();
    for (seen, asked) in [
        (seen.x, area.x),
        (seen.y, area.y),
        (seen.width, area.width),
        (seen.height, area.height),
    ] {
        assert!((seen - asked).abs() < 0.01, "{seen} instead of {asked}");
    }
    let document = Document::open(&pdf).unwrap();
    let page = document.latest().page(1).unwrap().unwrap();
    let turned = !page.rotation.is_multiple_of(180);
    let rectangle = page.rectangle_of(area.x, area.y, area.width, area.height);
    assert_eq!(
        rectangle[3] - rectangle[1] > rectangle[2] - rectangle[0],
        turned,
        "wider than high as seen"
    );
}

proptest! {
    #[test]
    fn places_and_rectangles_are_inverse(
        rotation in prop::sample::select(vec![0, 90, 180, 270]),
        x in 0.0..100.0f64, y in 0.0..100.0f64, width in 1.0..100.0f64, height in 1.0..100.0f64,
    ) {
        let original = arranged("", "", &format!("/Rotate {rotation} /CropBox [13 17 500 700]"));
        let document = Document::open(&original).unwrap();
        let page = document.latest().page(1).unwrap().unwrap();
        let back = page.place_of(page.rectangle_of(x, y, width, height));
        for (back, there) in back.iter().zip([x, y, width, height]) {
            prop_assert!((back - there).abs() < 1e-6);
        }
    }
}
