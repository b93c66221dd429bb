//! Signed files for tests: a demo authority, an officer and an agency of their own, and PDF files that they sign.

use demo_pki::{Agency, DemoPki, Issued, Key, Person, sign};
use jiff::{SignedDuration, Timestamp};
use pdf_signature::{
    cms,
    sign::{self as signing, DEFAULT_RESERVE, FieldSpec},
};
use sha2::{Digest as _, Sha256};

/// Who signs in tests.
pub struct Signers {
    /// The authority.
    pub pki: DemoPki,
    /// Trần Văn Bình, Phó Chủ tịch.
    pub person: Issued,
    /// The agency that he signs for.
    pub agency: Issued,
    /// When all of them were made.
    pub since: Timestamp,
}

impl Signers {
    /// An authority with an officer and an agency, made a month before `now`.
    pub fn new(now: Timestamp, agency: &str, code: &str) -> Self {
        let since = now - SignedDuration::from_hours(30 * 24);
        let pki = DemoPki::create(since).unwrap();
        let person = Person {
            name: "Trần Văn Bình".to_owned(),
            title: "Phó Chủ tịch".to_owned(),
            org: agency.to_owned(),
            org_id: code.to_owned(),
            uid: "CCCD:067000000001".to_owned(),
        };
        let seal = Agency {
            name: agency.to_owned(),
            org_id: code.to_owned(),
            ..Agency::default()
        };
        Self {
            person: pki.person(&person, Key::P256, since).unwrap(),
            agency: pki.agency(&seal, Key::P256, since).unwrap(),
            pki,
            since,
        }
    }

    /// One signature more on `pdf`, with a time stamp.
    pub fn sign(&self, pdf: &[u8], signer: &Issued, at: Timestamp) -> Vec<u8> {
        let name = signing::next_field_name(pdf, "ChuKy").unwrap();
        let spec = FieldSpec {
            name: &name,
            area: None,
            appearance: None,
            reason: None,
            location: None,
            signer_name: None,
            at,
            reserve: DEFAULT_RESERVE,
        };
        let mut prepared = signing::prepare(pdf, &spec).unwrap();
        let attributes = cms::signed_attributes(&prepared.digest, &signer.chain[0]).unwrap();
        let raw = sign(&signer.key_pkcs8, &attributes).unwrap();
        let envelope = cms::assemble(&signer.chain, &attributes, &raw).unwrap();
        let imprint: [u8; 32] = Sha256::digest(cms::signature_value(&envelope).unwrap()).into();
        let answer = self
            .pki
            .timestamp(&cms::timestamp_request(&imprint, 7), at, 1)
            .unwrap();
        let token = cms::timestamp_token(&answer, &imprint, 7).unwrap();
        prepared
            .finish(&cms::with_timestamp(&envelope, &token).unwrap())
            .unwrap();
        prepared.whole(pdf)
    }

    /// Signed by the person, then by the agency, as the law orders.
    pub fn both(&self, pdf: &[u8], at: Timestamp) -> Vec<u8> {
        let by_person = self.sign(pdf, &self.person, at);
        self.sign(&by_person, &self.agency, at)
    }

    /// The lists of revoked certificates of the root and of the issuing authority, with these serial numbers revoked.
    pub fn crls(&self, revoked: &[(String, Timestamp)], at: Timestamp) -> Vec<Vec<u8>> {
        vec![
            self.pki.root_crl(at).unwrap(),
            self.pki.crl(revoked, at).unwrap(),
        ]
    }
}
