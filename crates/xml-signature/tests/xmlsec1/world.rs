//! The world of these tests: an authority, a system that signs messages, and xmlsec1 as the judge.

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use demo_pki::{Agency, DemoPki, Issued, Key};
use jiff::{Timestamp, ToSpan};
use pdf_signature::pki::{AlgorithmPolicy, Anchor, Context, Evidence, Purpose, TrustStore};
use xml_signature::{Covers, Place, Report, prepare, verify};

const NAMESPACE: &str = "http://www.mic.gov.vn/TBT/QCVN_102_2016";

/// A message in the form of QCVN 102, with the envelope before the attachments.
pub fn message() -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<edXML xmlns=\"{NAMESPACE}\">\n  \
         <edXML:edXMLEnvelope xmlns:edXML=\"{NAMESPACE}\" Id=\"phong-bi\">\n    <edXML:edXMLHeader>\n      \
         <edXML:MessageHeader><edXML:Subject>V/v báo cáo số liệu &amp; phụ lục</edXML:Subject><!-- ghi chú -->\
         </edXML:MessageHeader>\n    </edXML:edXMLHeader>\n    <edXML:edXMLBody/>\n  </edXML:edXMLEnvelope>\n  \
         <AttachmentEncoded><Attachment>JVBERi0xLjQK</Attachment></AttachmentEncoded>\n</edXML>\n"
    )
}

pub const WHOLE: Place<'_> = Place {
    parent: "edXMLHeader",
    covers: Covers::Message,
};
pub const ENVELOPE: Place<'_> = Place {
    parent: "edXMLHeader",
    covers: Covers::Element("phong-bi"),
};

/// An authority, an agency's system certificate of it, and the time of the story.
pub struct World {
    pub pki: DemoPki,
    pub system: Issued,
    pub now: Timestamp,
}

impl World {
    pub fn new() -> Self {
        // xmlsec1 looks at the clock of the machine, so the story happens now.
        let now: Timestamp = shell_time().parse().unwrap();
        let pki = DemoPki::create(now - 24.hours()).unwrap();
        let agency = Agency {
            name: "Sở Mẫu".to_owned(),
            org_id: "H16.05".to_owned(),
            ..Agency::default()
        };
        let system = pki.agency(&agency, Key::Rsa2048, now - 24.hours()).unwrap();
        Self { pki, system, now }
    }

    fn trust(&self, purpose: Purpose) -> TrustStore {
        TrustStore {
            version: "kiểm thử".to_owned(),
            anchors: vec![Anchor {
                certificate: self.pki.root().unwrap(),
                label: "Gốc thử nghiệm".to_owned(),
                purposes: vec![purpose],
                valid_from: None,
                valid_to: None,
            }],
        }
    }

    pub fn evidence(&self, revoked: &[(String, Timestamp)]) -> Evidence {
        Evidence {
            certificates: vec![self.pki.issuing().unwrap()],
            crls: vec![
                self.pki.crl(revoked, self.now - 1.hour()).unwrap(),
                self.pki.root_crl(self.now - 1.hour()).unwrap(),
            ],
            ocsps: Vec::new(),
        }
    }

    pub fn judge(&self, message: &[u8]) -> Report {
        self.judge_with(message, Purpose::Xml, &self.evidence(&[]))
    }

    pub fn judge_with(&self, message: &[u8], purpose: Purpose, evidence: &Evidence) -> Report {
        let trust = self.trust(purpose);
        let policy = AlgorithmPolicy::default();
        verify(
            message,
            &Context {
                trust: &trust,
                evidence,
                now: self.now,
                policy: &policy,
            },
        )
    }

    pub fn signed(&self, place: Place<'_>) -> Vec<u8> {
        let prepared = prepare(message().as_bytes(), place, &self.system.chain).unwrap();
        let raw = demo_pki::sign_digest(&self.system.key_pkcs8, &prepared.to_sign).unwrap();
        prepared.finish(&raw).unwrap()
    }
}

fn shell_time() -> String {
    let output = Command::new("date")
        .args(["-u", "+%Y-%m-%dT%H:%M:%SZ"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// xmlsec1 in a folder of its own; a test fails when it is not installed (`make install-tools`).
pub struct Xmlsec {
    folder: tempfile::TempDir,
}

impl Xmlsec {
    pub fn new(world: &World) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let xmlsec = Self { folder };
        xmlsec.put("root.pem", pem("CERTIFICATE", &world.pki.root().unwrap()));
        xmlsec.put("issuing.pem", pem("CERTIFICATE", &world.pki.issuing().unwrap()));
        xmlsec.put("key.pem", pem("PRIVATE KEY", &world.system.key_pkcs8));
        xmlsec.put("cert.pem", pem("CERTIFICATE", &world.system.chain[0]));
        xmlsec
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new("xmlsec1")
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .expect("xmlsec1 is the judge of this test: run `make install-tools`")
    }

    pub fn accepts(&self, message: &[u8]) -> bool {
        self.put("message.xml", message);
        let output = self.run(&[
            "--verify",
            "--trusted-pem",
            "root.pem",
            "--untrusted-pem",
            "issuing.pem",
            "--id-attr:Id",
            &format!("{NAMESPACE}:edXMLEnvelope"),
            "message.xml",
        ]);
        output.status.success()
    }

    /// A message that xmlsec1 signed, with these addresses of algorithms.
    pub fn sign(&self, method: &str, digest: &str, transforms: &[&str], uri: &str) -> Vec<u8> {
        let transforms: String = transforms
            .iter()
            .map(|transform| format!("<Transform Algorithm=\"{transform}\"/>"))
            .collect();
        let template = format!(
            "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo>\
             <CanonicalizationMethod Algorithm=\"{INCLUSIVE}\"/><SignatureMethod Algorithm=\"{method}\"/>\
             <Reference URI=\"{uri}\"><Transforms>{transforms}</Transforms><DigestMethod Algorithm=\"{digest}\"/>\
             <DigestValue/></Reference></SignedInfo><SignatureValue/>\
             <KeyInfo><X509Data/></KeyInfo></Signature>"
        );
        let end = "</edXML:edXMLHeader>";
        self.put(
            "template.xml",
            message().replace(end, &format!("{template}{end}")),
        );
        let output = self.run(&[
            "--sign",
            "--privkey-pem",
            "key.pem,cert.pem,issuing.pem",
            "--id-attr:Id",
            &format!("{NAMESPACE}:edXMLEnvelope"),
            "--output",
            "signed.xml",
            "template.xml",
        ]);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        std::fs::read(self.path("signed.xml")).unwrap()
    }
}

pub const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
pub const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
pub const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
pub const RSA_SHA512: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512";
pub const RSA_SHA1: &str = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
pub const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
pub const SHA512: &str = "http://www.w3.org/2001/04/xmlenc#sha512";
pub const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";

fn pem(label: &str, der: &[u8]) -> String {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let text = BASE64_STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

pub fn changed(message: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = std::str::from_utf8(message).unwrap();
    assert!(text.contains(from), "{from} is not in the message");
    text.replacen(from, to, 1).into_bytes()
}
