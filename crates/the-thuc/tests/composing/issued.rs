//! A composed document that is signed by the person, numbered and sealed by the agency, and what it is made with.

use std::path::Path;
use std::sync::LazyLock;

use demo_pki::images::{handwriting_png, seal_png};
use demo_pki::{Agency, DemoPki, Issued, Key, Person};
use jiff::Timestamp;
use pdf_signature::appearance::{
    Appearance, Area, Entry, Font, Fonts, NumberAndDate, SealImage, Slot, row_area, seal_area, signature_area,
};
use pdf_signature::cms;
use pdf_signature::sign::{DEFAULT_RESERVE, FieldSpec, prepare};
use the_thuc::{Blank, Composed, FontFile, Kind, Place, SerifFonts};

use crate::support::{compose, composer, letter, moment};

pub const SEAL_MM: f64 = 36.0;

pub fn area(place: Option<Place>) -> Area {
    let place = place.expect("the layout tells the place");
    Area {
        page: place.page,
        x: place.x,
        y: place.y,
        width: place.width,
        height: place.height,
    }
}

fn slot(blank: Option<Blank>) -> Slot {
    let blank = blank.expect("the layout left a blank");
    Slot {
        page: blank.page,
        x: blank.x,
        baseline: blank.baseline,
        width: blank.width,
        size: blank.size,
    }
}

pub fn entry(text: &str, blank: Option<Blank>) -> Entry {
    Entry {
        text: text.into(),
        slot: slot(blank),
    }
}

pub fn serif() -> SerifFonts {
    composer().serif_fonts().expect("all faces are installed")
}

pub fn font(file: FontFile) -> Font {
    Font::new(file.bytes, file.index).expect("a font")
}

pub fn signed(pdf: &[u8], name: &str, area: Area, appearance: &Appearance, signer: &Issued) -> Vec<u8> {
    let spec = FieldSpec {
        name,
        area: Some(area),
        appearance: Some(appearance),
        reason: None,
        location: None,
        signer_name: None,
        at: moment(),
        reserve: DEFAULT_RESERVE,
    };
    let mut prepared = prepare(pdf, &spec).expect("prepared");
    let attributes = cms::signed_attributes(&prepared.digest, &signer.chain[0]).expect("attributes");
    let raw = demo_pki::sign_digest(&signer.key_pkcs8, &cms::to_sign(&attributes)).expect("signed");
    let message = cms::assemble(&signer.chain, &attributes, &raw).expect("assembled");
    prepared.finish(&message).expect("it fits");
    prepared.whole(pdf)
}

pub fn agency(pki: &DemoPki, from: Timestamp) -> Issued {
    let office = Agency {
        name: "Văn phòng".into(),
        ..Agency::default()
    };
    pki.agency(&office, Key::P256, from).expect("issued")
}

/// The document in the order of the law: as composed, signed by the person, numbered and sealed by the agency.
pub struct Issue {
    pub pki: DemoPki,
    pub handwriting: Area,
    pub seal: Area,
    pub by_person: Vec<u8>,
    pub issued: Vec<u8>,
}

pub fn decision(number: Option<&str>) -> Composed {
    let mut document = letter();
    document.kind = Kind::Named {
        type_name: "Quyết định".into(),
        subject: "Ban hành Quy chế làm việc".into(),
    };
    document.symbol = "QĐ-UBND".into();
    document.addressees = Vec::new();
    document.number = number.map(Into::into);
    document.date = None;
    document.blank_year = Some(2026);
    compose(&document)
}

pub static ISSUE: LazyLock<Issue> = LazyLock::new(|| {
    let from: Timestamp = "2021-12-01T00:00:00Z".parse().expect("a timestamp");
    let pki = DemoPki::create(from).expect("an authority");
    let person = pki.person(
        &Person {
            name: "Trần Văn Bình".into(),
            ..Person::default()
        },
        Key::P256,
        from,
    );
    let agency = pki.agency(
        &Agency {
            name: "Ủy ban nhân dân".into(),
            ..Agency::default()
        },
        Key::P256,
        from,
    );
    let (person, agency) = (person.expect("issued"), agency.expect("issued"));

    let composed = decision(None);
    let places = composed.places;
    let image = SealImage::from_png(&handwriting_png("Trần Văn Bình", 1).expect("drawn")).expect("an image");
    let handwriting = signature_area(&area(places.signature), &image);
    let by_person = signed(
        &composed.pdf,
        "ChuKy1",
        handwriting,
        &Appearance::image(&image, &handwriting),
        &person,
    );

    let fonts = serif();
    let row = row_area(&area(places.number), &area(places.place_date));
    let entries = NumberAndDate {
        number: entry("01", places.blanks.number),
        day: Some(entry("05", places.blanks.day)),
        month: Some(entry("6", places.blanks.month)),
        year: None,
    };
    let seal = seal_png(
        "Ủy ban nhân dân",
        "Tỉnh Thử Nghiệm",
        SEAL_MM,
        600.0,
        &fonts.bold.bytes,
    )
    .expect("drawn");
    let fonts = Fonts {
        regular: font(fonts.regular),
        italic: font(fonts.italic),
    };
    let number = Appearance::number_and_date(&entries, &fonts, &row).expect("drawn");
    let numbered = signed(&by_person, "ChuKy2", row, &number, &agency);

    let image = SealImage::from_png(&seal).expect("an image");
    let seal = seal_area(&handwriting, SEAL_MM, image.aspect());
    let issued = signed(
        &numbered,
        "ChuKy3",
        seal,
        &Appearance::image(&image, &seal),
        &agency,
    );
    keep("issued.pdf", &issued);
    Issue {
        pki,
        handwriting,
        seal,
        by_person,
        issued,
    }
});

/// Beside the other results of the test, for looking at.
pub fn keep(name: &str, bytes: &[u8]) {
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), bytes).expect("written");
}
