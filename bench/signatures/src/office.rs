//! A leader of the demo authority with a key of RSA-2048, and what is needed to check.

use std::path::Path;

use anyhow::Context as _;
use demo_pki::{DemoPki, Issued, Key, Person};
use jiff::{SignedDuration, Timestamp};
use pdf_signature::{
    cms,
    pki::{AlgorithmPolicy, Anchor, Context, Evidence, Purpose, TrustStore},
    sign::{DEFAULT_RESERVE, FieldSpec, Prepared, prepare},
    verify::{Verdict, verify},
};

pub struct Office {
    leader: Issued,
    trust: TrustStore,
    evidence: Evidence,
    policy: AlgorithmPolicy,
    now: Timestamp,
}

const PARTS: [&str; 5] = ["root.der", "issuing.der", "crl.der", "root-crl.der", "leader.der"];

impl Office {
    pub fn new() -> anyhow::Result<Self> {
        let now: Timestamp = "2026-01-15T01:30:00Z".parse()?;
        let pki = DemoPki::create(now - SignedDuration::from_hours(24))?;
        let person = Person {
            name: "Nguyễn Văn Mẫu".to_owned(),
            ..Person::default()
        };
        let leader = pki.person(&person, Key::Rsa2048, now - SignedDuration::from_hours(24))?;
        let at = now - SignedDuration::from_mins(10);
        let parts = [pki.root()?, pki.issuing()?, pki.crl(&[], at)?, pki.root_crl(at)?];
        Ok(Self::of(leader, parts, now))
    }

    fn of(leader: Issued, parts: [Vec<u8>; 4], now: Timestamp) -> Self {
        let [root, issuing, crl, root_crl] = parts;
        let anchor = Anchor {
            certificate: root,
            label: "bench".to_owned(),
            purposes: vec![Purpose::Signing],
            valid_from: None,
            valid_to: None,
        };
        Self {
            leader,
            trust: TrustStore {
                version: "bench".to_owned(),
                anchors: vec![anchor],
            },
            evidence: Evidence {
                certificates: vec![issuing],
                crls: vec![crl, root_crl],
                ocsps: Vec::new(),
            },
            policy: AlgorithmPolicy::default(),
            now,
        }
    }

    /// For the other processes: certificates, lists, the throw-away key.
    pub fn save(&self, folder: &Path) -> anyhow::Result<()> {
        let root = self.trust.anchors.first().context("no anchor")?;
        let leader = self.leader.chain.first().context("no certificate")?;
        let contents = [
            &root.certificate,
            &self.evidence.certificates[0],
            &self.evidence.crls[0],
            &self.evidence.crls[1],
            leader,
        ];
        for (name, content) in PARTS.iter().zip(contents) {
            std::fs::write(folder.join(name), content)?;
        }
        std::fs::write(folder.join("key.der"), &self.leader.key_pkcs8)?;
        std::fs::write(folder.join("now"), self.now.to_string())?;
        Ok(())
    }

    pub fn load(folder: &Path) -> anyhow::Result<Self> {
        let read = |name: &str| std::fs::read(folder.join(name));
        let [root, issuing, crl, root_crl, leader] = PARTS.map(read);
        let issuing = issuing?;
        let leader = Issued {
            key_pkcs8: read("key.der")?,
            chain: vec![leader?, issuing.clone()],
            serial: String::new(),
        };
        let now = std::fs::read_to_string(folder.join("now"))?.parse()?;
        Ok(Self::of(leader, [root?, issuing, crl?, root_crl?], now))
    }

    pub fn key(&self) -> &[u8] {
        &self.leader.key_pkcs8
    }

    fn prepared(&self, pdf: &[u8], name: &str) -> anyhow::Result<Prepared> {
        let field = FieldSpec {
            name,
            area: None,
            appearance: None,
            reason: None,
            location: None,
            signer_name: None,
            at: self.now,
            reserve: DEFAULT_RESERVE,
        };
        let mut prepared = prepare(pdf, &field)?;
        let certificate = self.leader.chain.first().context("no certificate")?;
        let attributes = cms::signed_attributes(&prepared.digest, certificate)?;
        let raw = demo_pki::sign(&self.leader.key_pkcs8, &attributes)?;
        // Verifies the raw signature too, as the product does.
        prepared.finish(&cms::assemble(&self.leader.chain, &attributes, &raw)?)?;
        Ok(prepared)
    }

    /// A complete signature: what is appended to the file.
    pub fn tail(&self, pdf: &[u8], name: &str) -> anyhow::Result<Vec<u8>> {
        Ok(self.prepared(pdf, name)?.tail)
    }

    pub fn sign(&self, pdf: &[u8], name: &str) -> anyhow::Result<Vec<u8>> {
        Ok(self.prepared(pdf, name)?.whole(pdf))
    }

    pub fn is_valid(&self, pdf: &[u8]) -> bool {
        let context = Context {
            trust: &self.trust,
            evidence: &self.evidence,
            now: self.now,
            policy: &self.policy,
        };
        verify(pdf, &context).verdict == Verdict::TotalPassed
    }
}
