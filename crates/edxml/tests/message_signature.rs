//! The signature of the message: recorded, never a reason to refuse.
#![cfg(feature = "signature")]
#![expect(clippy::unwrap_used, reason = "tests")]

use demo_pki::{Agency, DemoPki, Issued, Key};
use edxml::{
    Message, ReadOptions,
    model::SignaturePresence,
    read_bytes,
    signature::{SignatureState, prepare, state},
    write_bytes,
};
use jiff::{Timestamp, ToSpan};
use pdf_signature::pki::{AlgorithmPolicy, Anchor, Context, Evidence, Purpose, TrustStore};

const NEW: &[u8] = include_bytes!("samples/01-new-signed.edxml");
const REVOKE: &[u8] = include_bytes!("samples/02-revoke.edxml");

struct World {
    pki: DemoPki,
    system: Issued,
    now: Timestamp,
}

impl World {
    fn new() -> Self {
        let now: Timestamp = "2026-01-08T01:00:00Z".parse().unwrap();
        let pki = DemoPki::create(now - 24.hours()).unwrap();
        let agency = Agency {
            name: "Sở Ví Dụ".to_owned(),
            org_id: "H16.05".to_owned(),
            ..Agency::default()
        };
        let system = pki.agency(&agency, Key::Rsa2048, now - 24.hours()).unwrap();
        Self { pki, system, now }
    }

    fn judge(&self, file: &[u8]) -> SignatureState {
        let presence = match read_bytes(file, &ReadOptions::default()).unwrap().0.message {
            Message::Document(document) => document.message_signature,
            Message::Status(_) => SignaturePresence::Absent,
        };
        let trust = TrustStore {
            version: "kiểm thử".to_owned(),
            anchors: vec![Anchor {
                certificate: self.pki.root().unwrap(),
                label: "Gốc thử nghiệm".to_owned(),
                purposes: vec![Purpose::Xml],
                valid_from: None,
                valid_to: None,
            }],
        };
        let evidence = Evidence {
            certificates: vec![self.pki.issuing().unwrap()],
            crls: vec![
                self.pki.crl(&[], self.now - 1.hour()).unwrap(),
                self.pki.root_crl(self.now - 1.hour()).unwrap(),
            ],
            ocsps: Vec::new(),
        };
        let context = Context {
            trust: &trust,
            evidence: &evidence,
            now: self.now,
            policy: &AlgorithmPolicy::default(),
        };
        let (judged, report) = state(file, presence, &context);
        assert_eq!(report.is_some(), presence == SignaturePresence::Present);
        judged
    }
}

#[test]
fn edxml_7_what_we_sign_is_valid_and_reads_as_before() {
    let world = World::new();
    let prepared = prepare(REVOKE, &world.system.chain).unwrap();
    let raw = demo_pki::sign_digest(&world.system.key_pkcs8, &prepared.to_sign).unwrap();
    let signed = prepared.finish(&raw).unwrap();
    assert_eq!(world.judge(&signed), SignatureState::Valid);

    let (before, _) = read_bytes(REVOKE, &ReadOptions::default()).unwrap();
    let (after, contents) = read_bytes(&signed, &ReadOptions::default()).unwrap();
    assert_eq!(after.warnings, vec![]);
    assert_eq!(
        edxml::fingerprint(&after.message),
        edxml::fingerprint(&before.message)
    );

    // The axis serialises anew: the signature is lost, the message is not.
    let anew = write_bytes(&after.message, &contents).unwrap();
    assert_eq!(world.judge(&anew), SignatureState::Absent);
    let text = String::from_utf8(signed).unwrap();
    let changed = text.replacen("gửi nhầm phụ lục", "gửi nhầm nơi nhận", 1);
    assert_eq!(world.judge(changed.as_bytes()), SignatureState::Invalid);
    let weak = text.replace("xmldsig-more#rsa-sha256", "xmldsig-more#rsa-sha1");
    assert_eq!(world.judge(weak.as_bytes()), SignatureState::Weak);
    let wrong_transform = text.replace(
        "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>",
        "<ds:Transform Algorithm=\"http://www.w3.org/TR/xml-exc-c14n#\"/>",
    );
    assert_ne!(wrong_transform, text);
    assert_eq!(
        world.judge(wrong_transform.as_bytes()),
        SignatureState::Unverifiable
    );
    let no_namespace = text
        .replace(" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"", "")
        .replace("ds:", "");
    assert_eq!(world.judge(no_namespace.as_bytes()), SignatureState::Dummy);
}

#[test]
fn edxml_7_a_signature_of_a_stranger_is_unverifiable() {
    assert_eq!(World::new().judge(NEW), SignatureState::Unverifiable);
    assert_eq!(World::new().judge(REVOKE), SignatureState::Absent);
}
