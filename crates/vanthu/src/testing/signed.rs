//! Signed files for tests: a demo authority, an officer and an agency of their own, and PDF files that they sign.

use demo_pki::{Agency, DemoPki, Issued, Key, Person, sign};
use jiff::{SignedDuration, Timestamp};
use pdf_signature::{
    cms,
    pki::{AlgorithmPolicy, Purpose},
    sign::{self as signing, DEFAULT_RESERVE, FieldSpec},
};
use rules::ids::CommandId;
use sha2::{Digest as _, Sha256};
use store::{Act, Actor, Begun};

use crate::{
    context::App,
    signing::{
        evidence::{self, Item},
        trust::{self, NewAnchor},
    },
};

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
        vec![self.pki.root_crl(at).unwrap(), self.pki.crl(revoked, at).unwrap()]
    }
}

/// Makes the authority of `signers` trusted in this office, and gives it lists of revoked certificates with these serial
/// numbers revoked.
pub async fn trust(app: &App, signers: &Signers, crls: &[Vec<u8>]) {
    let command = CommandId::from_uuid(app.ids.next());
    let begun = Act::begin::<()>(&app.db, &app.clock, &app.ids, Actor::system(), command)
        .await
        .unwrap();
    let Begun::Now(mut act) = begun else {
        panic!("a fresh command was known")
    };
    let anchor = NewAnchor {
        certificate: signers.pki.root().unwrap(),
        label: "Gốc thử nghiệm".to_owned(),
        purposes: vec![Purpose::Signing, Purpose::TimeStamping],
        valid_from: None,
        valid_to: None,
    };
    trust::insert(&mut act, &AlgorithmPolicy::default(), anchor)
        .await
        .unwrap();
    app.commit(act, &()).await.unwrap();
    give_lists(app, crls).await;
}

/// Puts lists of revoked certificates into the evidence of this office, as an administrator does with files.
pub async fn give_lists(app: &App, crls: &[Vec<u8>]) {
    let mut tx = app.db.begin().await.unwrap();
    for crl in crls {
        let item = Item::crl(crl.clone()).unwrap();
        evidence::keep(&mut tx, &item, "manual", app.clock.now())
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
}
