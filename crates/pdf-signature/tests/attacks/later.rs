//! Updates that only seem to add what is allowed: pictures without a key behind them, objects that come into being late,
//! resources that hide behind the form, signatures over what others signed.

use aws_lc_rs::digest::{SHA256, digest};
use pdf_signature::appearance::Area;
use pdf_signature::cms;
use pdf_signature::document::Document;

use super::Attack;
use super::base::{self, Form, catalog, page_1};
use super::forge::Forge;
use super::list::{Facts, facts};
use super::people::{People, at, signed, usual_area};

const OVER_EVERYTHING: &str = "1 g 0 0 595 842 re f";
const DRAWING: &str = "/Type /XObject /Subtype /Form /BBox [0 0 595 842]";
/// Bytes kept free for a time stamp.
const RESERVE: usize = 8192;
/// Far above the numbers that base and signature use.
const FAR: u32 = 60;

pub fn attacks(form: Form, victim: &[u8]) -> Vec<Attack> {
    let facts = facts(victim);
    let mut all = Vec::new();
    let mut add = |class: &'static str, name: &str, pdf: Vec<u8>| {
        all.push(Attack {
            class,
            name: name.to_owned(),
            form,
            pdf,
            cryptography_only: false,
        });
    };

    // Everybody can have a time stamp: no key is needed, so it may show nothing.
    for (name, kind) in [
        ("time-stamp-covers-page", "DocTimeStamp"),
        ("time-stamp-by-filter-covers-page", "Sig"),
    ] {
        add("overlay", name, time_stamp_over_page(victim, &facts, kind));
    }
    // Programs draw a widget whose rectangle a strict reader does not understand.
    for (name, rectangle) in [
        ("rectangle-with-null", "/Rect [null 0 595 842]"),
        ("rectangle-of-five", "/Rect [0 0 595 842 0]"),
        ("rectangle-is-name", "/Rect /Trang"),
        ("rectangle-missing", ""),
    ] {
        add("overlay", name, unsigned_field(victim, &facts, rectangle));
    }

    let agency = &People::trusted().agency;
    let page = Area {
        page: 1,
        x: 0.0,
        y: 0.0,
        width: 209.0,
        height: 297.0,
    };
    add(
        "covering",
        "trusted-signature-over-page",
        signed(victim, agency, "ChuKy2", Some(page)),
    );
    let third = Area {
        height: 100.0,
        ..page
    };
    add(
        "covering",
        "trusted-signature-over-third-of-page",
        signed(victim, agency, "ChuKy2", Some(third)),
    );
    add(
        "covering",
        "trusted-signature-over-signature",
        signed(victim, agency, "ChuKy2", Some(usual_area())),
    );

    add(
        "resources",
        "behind-default-resources",
        behind_default_resources(form),
    );
    add("resources", "behind-another-form", behind_another_form(form));
    if form == Form::Stream {
        add("late-object", "object-stream-comes-later", object_stream_later());
    }
    all
}

/// Field and page source with a new widget behind the annotations.
fn with_widget<'a>(forge: Forge<'a>, facts: &Facts, field: u32, source: &str) -> Forge<'a> {
    let annotations = format!("8 0 R {} 0 R {field} 0 R", facts.field);
    forge
        .object(field, source)
        .stream(field + 1, DRAWING, OVER_EVERYTHING)
        .object(
            facts.form,
            &format!("<< /Fields [{} 0 R {field} 0 R] /SigFlags 3 >>", facts.field),
        )
        .object(base::PAGE_1, &page_1(&annotations, ""))
}

fn unsigned_field(victim: &[u8], facts: &Facts, rectangle: &str) -> Vec<u8> {
    let field = Forge::on(victim).fresh();
    let source = format!(
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (S9) {rectangle} /F 4 /P 3 0 R /AP << /N {} 0 R >> >>",
        field + 1
    );
    with_widget(Forge::on(victim), facts, field, &source).finish()
}

/// A time stamp of a trusted authority, whose field shows a picture over the whole page.
fn time_stamp_over_page(victim: &[u8], facts: &Facts, kind: &str) -> Vec<u8> {
    let field = Forge::on(victim).fresh();
    let value = field + 2;
    let source = format!(
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Dau9) /Rect [0 0 595 842] /F 4 /P 3 0 R \
         /AP << /N {} 0 R >> /V {value} 0 R >>",
        field + 1
    );
    let zero = "0".repeat(2 * RESERVE);
    let empty = format!(
        "<< /Type /{kind} /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 \
         /ByteRange [0 0000000000 0000000000 0000000000] /Contents <{zero}> >>"
    );
    let mut pdf = with_widget(Forge::on(victim), facts, field, &source)
        .object(value, &empty)
        .finish();
    let find = |text: &[u8]| {
        pdf.windows(text.len())
            .rposition(|window| window == text)
            .unwrap()
    };
    let start = find(b"/Contents <") + 10;
    let end = start + 2 * RESERVE + 2;
    let range = find(b"/ByteRange [0 0") + 14;
    let numbers = format!("{start:010} {end:010} {:010}", pdf.len() - end);
    pdf[range..range + numbers.len()].copy_from_slice(numbers.as_bytes());
    let covered = [&pdf[..start], &pdf[end..]].concat();
    let digest: [u8; 32] = digest(&SHA256, &covered).as_ref().try_into().unwrap();
    let request = cms::timestamp_request(&digest, 9);
    let response = People::trusted().pki.timestamp(&request, at(), 9).unwrap();
    let token = hex::encode(cms::timestamp_token(&response, &digest, 9).unwrap());
    pdf[start + 1..start + 1 + token.len()].copy_from_slice(token.as_bytes());
    pdf
}

/// The form of the signed document has a text field, so its resources are looked at: the update names those of the page
/// among them, overwrites a drawing of the page, and lets the information dictionary refer to it.
fn behind_default_resources(form: Form) -> Vec<u8> {
    let (resources, text, fields) = (FAR, FAR + 1, FAR + 2);
    let inline = "<< /Font << /F1 7 0 R >> /XObject << /Over 16 0 R /Gone 15 0 R >> >>";
    let page = |annotations: &str| {
        let whole = page_1(annotations, "");
        assert!(whole.contains(inline));
        whole.replace(inline, &format!("{resources} 0 R"))
    };
    let plain = base::document(form);
    let unsigned = Forge::on(&plain)
        .object(base::PAGE_1, &page(&format!("8 0 R {text} 0 R")))
        .object(resources, inline)
        .object(
            text,
            "<< /Type /Annot /Subtype /Widget /FT /Tx /T (chu) /Rect [90 600 300 620] /F 4 /P 3 0 R >>",
        )
        .object(
            fields,
            &format!("<< /Fields [{text} 0 R] /DA (/F1 13 Tf) /DR << /Font << /F1 7 0 R >> >> >>"),
        )
        .object(
            base::CATALOG,
            &catalog(base::PAGES, &format!("/AcroForm {fields} 0 R ")),
        )
        .finish();
    let victim = signed(&unsigned, &People::trusted().person, "ChuKy1", Some(usual_area()));
    let signature = facts(&victim).field;
    Forge::on(&victim)
        .stream(base::OVERLAY, DRAWING, OVER_EVERYTHING)
        .object(
            base::INFO,
            &format!("<< /Producer (khac) /X {} 0 R >>", base::OVERLAY),
        )
        .object(
            fields,
            &format!(
                "<< /Fields [{text} 0 R {signature} 0 R] /SigFlags 3 /DA (/F1 13 Tf) \
                 /DR << /Font << /F1 7 0 R >> /Hidden {resources} 0 R >> >>"
            ),
        )
        .finish()
}

/// The signed document has its form in the catalog, and resources of the page that are written as a form too: the update
/// makes them the form, overwrites a drawing among them, and lets the information dictionary refer to it.
fn behind_another_form(form: Form) -> Vec<u8> {
    let plain = base::document(form);
    let resources = FAR;
    let inline = "<< /Font << /F1 7 0 R >> /XObject << /Over 16 0 R /Gone 15 0 R >> >>";
    let source = page_1("8 0 R", "").replace(inline, &format!("{resources} 0 R"));
    // The field that signing adds gets the next number.
    let unsigned = |field: u32| {
        Forge::on(&plain)
            .object(base::PAGE_1, &source)
            .object(
                resources,
                &format!(
                    "<< /Fields [{field} 0 R] /SigFlags 3 /Font << /F1 7 0 R >> /XObject << /Over 16 0 R >> >>"
                ),
            )
            .object(
                base::CATALOG,
                &catalog(base::PAGES, "/AcroForm << /Fields [] /SigFlags 3 >> "),
            )
            .finish()
    };
    let sign = |field: u32| {
        signed(
            &unsigned(field),
            &People::trusted().person,
            "ChuKy1",
            Some(usual_area()),
        )
    };
    let field = Document::open(&sign(99))
        .unwrap()
        .signature_fields()
        .unwrap()
        .signed[0]
        .field
        .number;
    let victim = sign(field);
    Forge::on(&victim)
        .stream(base::OVERLAY, DRAWING, OVER_EVERYTHING)
        .object(
            base::INFO,
            &format!("<< /Producer (khac) /X {} 0 R >>", base::OVERLAY),
        )
        .object(
            base::CATALOG,
            &catalog(base::PAGES, &format!("/AcroForm {resources} 0 R ")),
        )
        .finish()
}

/// An annotation that the signed document says to be in an object stream that is not there; the update brings the stream.
fn object_stream_later() -> Vec<u8> {
    let plain = base::document(Form::Stream);
    let unsigned = Forge::on(&plain)
        .object(
            base::PAGE_1,
            &page_1(&format!("8 0 R {} 0 R", base::DANGLING), ""),
        )
        .packed(base::DANGLING, FAR, 0)
        .finish();
    let victim = signed(&unsigned, &People::trusted().person, "ChuKy1", Some(usual_area()));
    let index = format!("{} 0 ", base::DANGLING);
    let note = "<< /Type /Annot /Subtype /FreeText /Rect [0 0 595 842] /Contents (99) /DA (/F1 99 Tf) >>";
    Forge::on(&victim)
        .stream(
            FAR,
            &format!("/Type /ObjStm /N 1 /First {}", index.len()),
            &format!("{index}{note}"),
        )
        .finish()
}
