//! Documents signed well, and what attackers make of them. Used by tests, and by `cargo run --example make_attacks` so that
//! other programs can be tried on the same files.

#![allow(
    dead_code,
    reason = "every test file takes this module and needs a part of it"
)]
#![allow(clippy::unwrap_used, reason = "test data, which an example writes out too")]

pub mod base;
pub mod forge;
pub mod gap;
pub mod later;
pub mod list;
pub mod people;
pub mod shadow;

use base::Form;
use people::{People, signed, stamped, usual_area, with_evidence};

/// A file that must not be called valid.
pub struct Attack {
    /// Class of the literature: `isa`, `usf`, `swa`, `root-swap`, `signature`, `untrusted`, `shadow-…`;
    /// of our own review: `overlay`, `covering`, `resources`, `late-object`.
    pub class: &'static str,
    pub name: String,
    pub form: Form,
    pub pdf: Vec<u8>,
    /// Only the cryptography can see it.
    pub cryptography_only: bool,
}

/// A file that must be called valid.
pub struct Benign {
    pub name: String,
    pub form: Form,
    pub pdf: Vec<u8>,
    pub signatures: usize,
}

/// A document signed once, which all attacks begin with.
pub fn victim(form: Form) -> Vec<u8> {
    signed(
        &base::document(form),
        &People::trusted().person,
        "ChuKy1",
        Some(usual_area()),
    )
}

/// All files that must not be called valid.
pub fn attacks(form: Form) -> Vec<Attack> {
    let victim = victim(form);
    let mut all = list::attacks(form, &victim);
    all.extend(gap::attacks(form, &victim));
    all.extend(shadow::attacks(form, &victim));
    all.extend(later::attacks(form, &victim));
    all
}

/// All files that must be called valid.
pub fn benign(form: Form) -> Vec<Benign> {
    let people = People::trusted();
    let once = victim(form);
    let mut above = usual_area();
    above.x -= 20.0;
    let twice = signed(&once, &people.agency, "ChuKy2", Some(above));
    let invisible = signed(&once, &people.agency, "ChuKy2", None);
    let long_term = with_evidence(&twice, people);
    let archived = stamped(&long_term, people, "Dau1");
    let archived_again = stamped(&with_evidence(&archived, people), people, "Dau2");
    let informed = forge::Forge::on(&once)
        .object(base::INFO, "<< /Producer (khac) >>")
        .finish();
    let described = forge::Forge::on(&once)
        .stream(
            base::METADATA,
            "/Type /Metadata /Subtype /XML",
            &format!("{} ", base::XMP),
        )
        .finish();
    let same_again = forge::Forge::on(&once)
        .object(
            base::LINK,
            "<< /Subtype /Link /Type /Annot /Rect [90 690 200 710] /Border [0 0 0] /Dest [4 0 R /Fit] >>",
        )
        .finish();
    let line_end = [&once[..], b"\r\n"].concat();
    let made = |name: &str, signatures, pdf| Benign {
        name: name.to_owned(),
        form,
        pdf,
        signatures,
    };
    vec![
        made("once", 1, once),
        made("twice", 2, twice),
        made("second-invisible", 2, invisible),
        made("long-term", 2, long_term),
        made("archived", 3, archived),
        made("archived-again", 4, archived_again),
        made("information", 1, informed),
        made("metadata", 1, described),
        made("same-object-written-again", 1, same_again),
        made("line-end-added", 1, line_end),
    ]
}
