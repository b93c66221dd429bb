//! Who signs, and how: real signatures of the demo authority.

use std::sync::LazyLock;

use demo_pki::{Agency, DemoPki, Issued, Key, Person};
use jiff::Timestamp;
use pdf_signature::appearance::{Appearance, Area};
use pdf_signature::cms;
use pdf_signature::pki::Evidence;
use pdf_signature::sign::{FieldSpec, Prepared, prepare, prepare_document_timestamp, with_validation_data};
use pdf_signature::update::FormXObject;

/// When everything is signed.
pub fn at() -> Timestamp {
    "2026-01-15T01:30:00Z".parse().unwrap()
}

/// An authority and two who have its certificates.
pub struct People {
    pub pki: DemoPki,
    pub person: Issued,
    pub agency: Issued,
}

impl People {
    fn new() -> Self {
        let pki = DemoPki::create(at()).unwrap();
        let person = Person {
            name: "Người ký kiểm thử".into(),
            org: "Cơ quan kiểm thử".into(),
            ..Person::default()
        };
        let agency = Agency {
            name: "Cơ quan kiểm thử".into(),
            ..Agency::default()
        };
        let person = pki.person(&person, Key::P256, at()).unwrap();
        let agency = pki.agency(&agency, Key::P256, at()).unwrap();
        Self { pki, person, agency }
    }

    /// Whom we trust.
    pub fn trusted() -> &'static Self {
        static TRUSTED: LazyLock<People> = LazyLock::new(People::new);
        &TRUSTED
    }

    /// Somebody with equal names and other keys.
    pub fn rogue() -> &'static Self {
        static ROGUE: LazyLock<People> = LazyLock::new(People::new);
        &ROGUE
    }

    pub fn evidence(&self) -> Evidence {
        Evidence {
            certificates: vec![self.pki.root().unwrap(), self.pki.issuing().unwrap()],
            crls: vec![self.pki.crl(&[], at()).unwrap(), self.pki.root_crl(at()).unwrap()],
            ocsps: Vec::new(),
        }
    }
}

/// A red square over its whole area.
fn square(area: &Area) -> Appearance {
    let form = FormXObject {
        content: b"1 0 0 rg 0 0 100 100 re f".to_vec(),
        bbox: [0.0, 0.0, 100.0, 100.0],
        ..FormXObject::default()
    };
    Appearance {
        form,
        width_pt: area.width,
        height_pt: area.height,
    }
}

/// Where signatures stand usually.
pub fn usual_area() -> Area {
    Area {
        page: 1,
        x: 120.0,
        y: 200.0,
        width: 40.0,
        height: 20.0,
    }
}

fn put_in(base: &[u8], mut prepared: Prepared, who: &Issued) -> Vec<u8> {
    let attributes = cms::signed_attributes(&prepared.digest, &who.chain[0]).unwrap();
    let raw = demo_pki::sign(&who.key_pkcs8, &attributes).unwrap();
    prepared
        .finish(&cms::assemble(&who.chain, &attributes, &raw).unwrap())
        .unwrap();
    prepared.whole(base)
}

/// Signs.
pub fn signed(base: &[u8], who: &Issued, name: &str, area: Option<Area>) -> Vec<u8> {
    let appearance = area.as_ref().map(square);
    let field = FieldSpec {
        name,
        area,
        appearance: appearance.as_ref(),
        reason: Some("Ký ban hành"),
        location: None,
        signer_name: Some("Người ký kiểm thử"),
        at: at(),
        reserve: 8192,
    };
    put_in(base, prepare(base, &field).unwrap(), who)
}

/// Adds evidence.
pub fn with_evidence(base: &[u8], people: &People) -> Vec<u8> {
    [base, &with_validation_data(base, &people.evidence()).unwrap()].concat()
}

/// Adds a time stamp over the document.
pub fn stamped(base: &[u8], people: &People, name: &str) -> Vec<u8> {
    let mut prepared = prepare_document_timestamp(base, name, 8192).unwrap();
    let request = cms::timestamp_request(&prepared.digest, 7);
    let response = people.pki.timestamp(&request, at(), 7).unwrap();
    prepared
        .finish(&cms::timestamp_token(&response, &prepared.digest, 7).unwrap())
        .unwrap();
    prepared.whole(base)
}
