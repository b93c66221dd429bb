//! What tests of signing and checking need: a demo authority, people with keys, a page, evidence of any age.

#![allow(
    dead_code,
    reason = "every test file takes this module and needs a part of it"
)]

use demo_pki::{Agency, CertificateOrder, DemoPki, Issued, Key, Options, Person, Subject, Urls};
use jiff::{SignedDuration, Timestamp};
use pdf_signature::{
    appearance::Area,
    cms,
    pki::{AlgorithmPolicy, Anchor, Context, Evidence, Purpose, TrustStore},
    sign::{self, DEFAULT_RESERVE, FieldSpec},
    verify::{Report, verify},
};

/// 15-01-2026, 08:30 in Viet Nam.
pub fn start() -> Timestamp {
    "2026-01-15T01:30:00Z".parse().unwrap()
}

pub fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

pub fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

pub const URLS: [&str; 3] = [
    "http://crl.example.vn/issuing.crl",
    "http://crl.example.vn/root.crl",
    "http://ocsp.example.vn/",
];

/// An authority, a leader and an agency, all good at [`start`].
pub struct Office {
    pub pki: DemoPki,
    pub leader: Issued,
    pub agency: Issued,
    pub trust: TrustStore,
    pub policy: AlgorithmPolicy,
}

pub fn leader() -> Person {
    Person {
        name: "Nguyễn Văn Mẫu".into(),
        title: "Giám đốc".into(),
        org: "Sở Mẫu".into(),
        org_id: "H99.15".into(),
        uid: "CB-0001".into(),
    }
}

pub fn agency() -> Agency {
    Agency {
        name: "Sở Mẫu".into(),
        parent: "Ủy ban nhân dân tỉnh Mẫu".into(),
        org_id: "H99.15".into(),
        locality: "Tỉnh Mẫu".into(),
    }
}

impl Office {
    pub fn new() -> Self {
        Self::with(false)
    }

    /// `addresses`: certificates say where lists and answers are published.
    pub fn with(addresses: bool) -> Self {
        Self::from(start() - days(30), addresses)
    }

    /// An office whose authority began at `at`.
    pub fn from(at: Timestamp, addresses: bool) -> Self {
        let urls = if addresses {
            Urls {
                crl: Some(URLS[0].into()),
                root_crl: Some(URLS[1].into()),
                ocsp: Some(URLS[2].into()),
                ..Urls::default()
            }
        } else {
            Urls::default()
        };
        let pki = DemoPki::create_with(
            at,
            Options {
                urls,
                ..Options::default()
            },
        )
        .unwrap();
        let leader = pki.person(&leader(), Key::Rsa2048, at).unwrap();
        let agency = pki.agency(&agency(), Key::P256, at).unwrap();
        let trust = TrustStore {
            version: "thử 1".into(),
            anchors: vec![Anchor {
                certificate: pki.root().unwrap(),
                label: "Gốc thử nghiệm".into(),
                purposes: vec![Purpose::Signing, Purpose::TimeStamping],
                valid_from: None,
                valid_to: None,
            }],
        };
        Self {
            pki,
            leader,
            agency,
            trust,
            policy: AlgorithmPolicy::default(),
        }
    }

    /// A certificate with other limits.
    pub fn person_valid(&self, from: Timestamp, to: Timestamp) -> Issued {
        let order = CertificateOrder::usual(Subject::Person(leader()), from).valid(from, to);
        self.pki.issue(&order, Key::P256).unwrap()
    }

    /// Lists of both authorities at a time; nobody is revoked.
    pub fn lists(&self, at: Timestamp) -> Evidence {
        self.lists_with(&[], at)
    }

    pub fn lists_with(&self, revoked: &[(String, Timestamp)], at: Timestamp) -> Evidence {
        Evidence {
            certificates: vec![self.pki.issuing().unwrap()],
            crls: vec![self.pki.crl(revoked, at).unwrap(), self.pki.root_crl(at).unwrap()],
            ocsps: Vec::new(),
        }
    }

    pub fn check(&self, pdf: &[u8], evidence: &Evidence, now: Timestamp) -> Report {
        verify(pdf, &self.context(evidence, now))
    }

    pub fn context<'a>(&'a self, evidence: &'a Evidence, now: Timestamp) -> Context<'a> {
        Context {
            trust: &self.trust,
            evidence,
            now,
            policy: &self.policy,
        }
    }

    /// One signature; `stamped` by the authority's time stamp at that time.
    pub fn sign(&self, pdf: &[u8], who: &Issued, name: &str, area: Option<Area>, at: Timestamp) -> Vec<u8> {
        self.sign_stamped(pdf, who, name, area, at, None)
    }

    pub fn sign_stamped(
        &self,
        pdf: &[u8],
        who: &Issued,
        name: &str,
        area: Option<Area>,
        at: Timestamp,
        stamped: Option<Timestamp>,
    ) -> Vec<u8> {
        let field = FieldSpec {
            name,
            area,
            appearance: None,
            reason: None,
            location: None,
            signer_name: None,
            at,
            reserve: DEFAULT_RESERVE,
        };
        let mut prepared = sign::prepare(pdf, &field).unwrap();
        let mut cms = sign_digest(who, &prepared.digest);
        if let Some(stamped) = stamped {
            let token = self.token(&cms::signature_value(&cms).unwrap(), stamped);
            cms = cms::with_timestamp(&cms, &token).unwrap();
        }
        prepared.finish(&cms).unwrap();
        prepared.whole(pdf)
    }

    /// A time-stamp token over a message.
    pub fn token(&self, message: &[u8], at: Timestamp) -> Vec<u8> {
        let imprint = cms::to_sign(message);
        let request = cms::timestamp_request(&imprint, 77);
        let response = self.pki.timestamp(&request, at, 1).unwrap();
        cms::timestamp_token(&response, &imprint, 77).unwrap()
    }

    /// A document time stamp.
    pub fn archive(&self, pdf: &[u8], name: &str, at: Timestamp) -> Vec<u8> {
        let mut prepared = sign::prepare_document_timestamp(pdf, name, DEFAULT_RESERVE).unwrap();
        let request = cms::timestamp_request(&prepared.digest, 78);
        let response = self.pki.timestamp(&request, at, 2).unwrap();
        let token = cms::timestamp_token(&response, &prepared.digest, 78).unwrap();
        prepared.finish(&token).unwrap();
        prepared.whole(pdf)
    }
}

/// The CMS of a person over a digest.
pub fn sign_digest(who: &Issued, digest: &[u8; 32]) -> Vec<u8> {
    let attributes = cms::signed_attributes(digest, &who.chain[0]).unwrap();
    let raw = demo_pki::sign(&who.key_pkcs8, &attributes).unwrap();
    cms::assemble(&who.chain, &attributes, &raw).unwrap()
}

pub fn area(page: u32) -> Area {
    Area {
        page,
        x: 110.0,
        y: 200.0,
        width: 40.0,
        height: 20.0,
    }
}

/// Two empty pages with a cross-reference table.
pub fn document() -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 5 0 R>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>",
        "<</Length 9>>\nstream\n0 0 m h S\nendstream",
    ];
    let mut pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(pdf.len());
        pdf.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let start = pdf.len();
    pdf.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for offset in offsets {
        pdf.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    pdf.extend_from_slice(
        format!(
            "trailer\n<</Size {}/Root 1 0 R/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]>>\nstartxref\n{start}\n%%EOF\n",
            objects.len() + 1
        )
        .as_bytes(),
    );
    pdf
}
