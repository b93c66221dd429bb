//! X1: what we sign, xmlsec1 verifies; what xmlsec1 signs, we verify; what was tampered with, both refuse.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use demo_pki::{Agency, DemoPki, Issued, Key};
use jiff::{Timestamp, ToSpan};
use pdf_signature::{
    pki::{AlgorithmPolicy, Anchor, Context, Evidence, Purpose, TrustStore},
    verify::Verdict,
};
use xml_signature::{Covers, Place, Report, XmlError, prepare, verify};

const NAMESPACE: &str = "http://www.mic.gov.vn/TBT/QCVN_102_2016";

/// A message in the form of QCVN 102, with the envelope before the attachments.
fn message() -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<edXML xmlns=\"{NAMESPACE}\">\n  \
         <edXML:edXMLEnvelope xmlns:edXML=\"{NAMESPACE}\" Id=\"phong-bi\">\n    <edXML:edXMLHeader>\n      \
         <edXML:MessageHeader><edXML:Subject>V/v báo cáo số liệu &amp; phụ lục</edXML:Subject><!-- ghi chú -->\
         </edXML:MessageHeader>\n    </edXML:edXMLHeader>\n    <edXML:edXMLBody/>\n  </edXML:edXMLEnvelope>\n  \
         <AttachmentEncoded><Attachment>JVBERi0xLjQK</Attachment></AttachmentEncoded>\n</edXML>\n"
    )
}

const WHOLE: Place<'_> = Place {
    parent: "edXMLHeader",
    covers: Covers::Message,
};
const ENVELOPE: Place<'_> = Place {
    parent: "edXMLHeader",
    covers: Covers::Element("phong-bi"),
};

/// An authority, an agency's system certificate of it, and the time of the story.
struct World {
    pki: DemoPki,
    system: Issued,
    now: Timestamp,
}

impl World {
    fn new() -> Self {
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

    fn evidence(&self, revoked: &[(String, Timestamp)]) -> Evidence {
        Evidence {
            certificates: vec![self.pki.issuing().unwrap()],
            crls: vec![
                self.pki.crl(revoked, self.now - 1.hour()).unwrap(),
                self.pki.root_crl(self.now - 1.hour()).unwrap(),
            ],
            ocsps: Vec::new(),
        }
    }

    fn judge(&self, message: &[u8]) -> Report {
        self.judge_with(message, Purpose::Xml, &self.evidence(&[]))
    }

    fn judge_with(&self, message: &[u8], purpose: Purpose, evidence: &Evidence) -> Report {
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

    fn signed(&self, place: Place<'_>) -> Vec<u8> {
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
struct Xmlsec {
    folder: tempfile::TempDir,
}

impl Xmlsec {
    fn new(world: &World) -> Self {
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

    fn accepts(&self, message: &[u8]) -> bool {
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
    fn sign(&self, method: &str, digest: &str, transforms: &[&str], uri: &str) -> Vec<u8> {
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

const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const RSA_SHA512: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512";
const RSA_SHA1: &str = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const SHA512: &str = "http://www.w3.org/2001/04/xmlenc#sha512";
const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";

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

fn changed(message: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = std::str::from_utf8(message).unwrap();
    assert!(text.contains(from), "{from} is not in the message");
    text.replacen(from, to, 1).into_bytes()
}

#[test]
fn x1_what_we_sign_is_valid_for_xmlsec1_and_for_us() {
    let world = World::new();
    let xmlsec = Xmlsec::new(&world);
    for place in [WHOLE, ENVELOPE] {
        let signed = world.signed(place);
        assert!(xmlsec.accepts(&signed), "{place:?}");
        let report = world.judge(&signed);
        assert_eq!(report.verdict, Verdict::TotalPassed, "{report:?}");
        assert_eq!(report.code, "valid");
        let certificate = report.certificate.unwrap();
        assert_eq!(certificate.facts.unwrap().sha256.len(), 64);
        assert!(!certificate.chain.is_empty());
    }
}

#[test]
fn x1_signing_changes_no_other_byte_of_the_message() {
    let world = World::new();
    let signed = String::from_utf8(world.signed(WHOLE)).unwrap();
    let start = signed.find("<ds:Signature").unwrap();
    let end = signed.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    assert_eq!(format!("{}{}", &signed[..start], &signed[end..]), message());
}

#[test]
fn x1_what_xmlsec1_signs_is_valid_for_us() {
    let world = World::new();
    let xmlsec = Xmlsec::new(&world);
    let cases: [(&str, &str, &[&str], &str); 4] = [
        (RSA_SHA256, SHA256, &[ENVELOPED, EXCLUSIVE], ""),
        (RSA_SHA256, SHA256, &[ENVELOPED, INCLUSIVE], ""),
        (RSA_SHA512, SHA512, &[ENVELOPED], ""),
        (RSA_SHA256, SHA256, &[ENVELOPED, EXCLUSIVE], "#phong-bi"),
    ];
    for (method, digest, transforms, uri) in cases {
        let signed = xmlsec.sign(method, digest, transforms, uri);
        assert!(xmlsec.accepts(&signed), "{method} {transforms:?} {uri}");
        let report = world.judge(&signed);
        assert_eq!(
            report.verdict,
            Verdict::TotalPassed,
            "{method} {transforms:?} {uri}: {report:?}"
        );
        assert_eq!(report.reference.as_deref(), Some(uri));
    }
}

#[test]
fn x1_the_content_is_what_is_covered_and_nothing_else() {
    let world = World::new();
    let whole = world.judge(&world.signed(WHOLE)).content.unwrap();
    let whole = String::from_utf8(whole).unwrap();
    assert!(
        whole.starts_with("<edXML") && whole.contains("AttachmentEncoded"),
        "{whole}"
    );
    assert!(
        !whole.contains("Signature") && !whole.contains("ghi chú"),
        "{whole}"
    );

    let envelope = world.signed(ENVELOPE);
    // What stands outside the envelope is not covered, may change, and is not in the content.
    let exchanged = changed(&envelope, "JVBERi0xLjQK", "JVBERi0yLjAK");
    let report = world.judge(&exchanged);
    assert_eq!(report.verdict, Verdict::TotalPassed, "{report:?}");
    let content = String::from_utf8(report.content.unwrap()).unwrap();
    assert!(content.starts_with("<edXML:edXMLEnvelope"), "{content}");
    assert!(!content.contains("AttachmentEncoded"), "{content}");
}

#[test]
fn x1_a_tampered_message_is_refused_by_both() {
    let world = World::new();
    let xmlsec = Xmlsec::new(&world);
    let signed = world.signed(WHOLE);
    for (from, to, code) in [
        ("báo cáo", "báo cao", "digest"),
        ("JVBERi0xLjQK", "JVBERi0yLjAK", "digest"),
        (" Id=\"phong-bi\"", "", "digest"),
        ("<ds:SignatureValue>", "<ds:SignatureValue>AAAA", "signature"),
    ] {
        let tampered = changed(&signed, from, to);
        assert!(!xmlsec.accepts(&tampered), "{from}");
        let report = world.judge(&tampered);
        assert_eq!(
            (report.verdict, report.code.as_str()),
            (Verdict::TotalFailed, code),
            "{from}"
        );
        assert_eq!(report.content, None);
    }
}

#[test]
fn x1_a_wrapped_signature_is_refused() {
    let world = World::new();
    // The signed envelope goes into a wrapper, an envelope of the attacker stands in its place.
    let signed = String::from_utf8(world.signed(ENVELOPE)).unwrap();
    let begin = signed.find("<edXML:edXMLEnvelope").unwrap();
    let end = signed.find("</edXML:edXMLEnvelope>").unwrap() + "</edXML:edXMLEnvelope>".len();
    let envelope = &signed[begin..end];
    let signature_begin = envelope.find("<ds:Signature").unwrap();
    let signature_end = envelope.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let signature = &envelope[signature_begin..signature_end];
    let without = envelope.replace(signature, "");
    let forged = without.replace("báo cáo", "chuyển tiền");

    // The same identifier twice.
    let twice = signed.replace(envelope, &format!("{forged}<W>{envelope}</W>"));
    let report = world.judge(twice.as_bytes());
    assert_eq!(
        (report.verdict, report.code.as_str()),
        (Verdict::TotalFailed, "xml_duplicate_id")
    );

    // The forged envelope carries the signature, the real one lies elsewhere: the reference leads out of the signature.
    let other_id = forged.replace("Id=\"phong-bi\"", "Id=\"khac\"");
    let moved = other_id.replace(
        "</edXML:edXMLHeader>",
        &format!("{signature}</edXML:edXMLHeader>"),
    );
    let outside = signed.replace(envelope, &format!("{moved}<W>{without}</W>"));
    let report = world.judge(outside.as_bytes());
    assert_eq!(
        (report.verdict, report.code.as_str()),
        (Verdict::TotalFailed, "reference")
    );

    // The real envelope with its signature inside a wrapper: valid, but the content is the real one, never the forged one.
    let wrapped = signed.replace(envelope, &format!("{other_id}<W>{envelope}</W>"));
    let report = world.judge(wrapped.as_bytes());
    let content = String::from_utf8(report.content.unwrap()).unwrap();
    assert!(content.contains("báo cáo") && !content.contains("chuyển tiền"));
}

#[test]
fn x1_forms_that_are_not_on_the_list_are_refused() {
    let world = World::new();
    let signed = world.signed(WHOLE);
    let text = std::str::from_utf8(&signed).unwrap();
    let begin = text.find("<ds:Signature").unwrap();
    let end = text.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let signature = &text[begin..end];
    let reference_begin = signature.find("<ds:Reference").unwrap();
    let reference_end = signature.find("</ds:Reference>").unwrap() + "</ds:Reference>".len();
    let reference = &signature[reference_begin..reference_end];
    let cases = [
        (
            text.replace(signature, &signature.repeat(2)),
            "several_signatures",
        ),
        (text.replace(reference, &reference.repeat(2)), "form"),
        (
            text.replace("URI=\"\"", "URI=\"http://example.org/\""),
            "reference",
        ),
        (text.replace("URI=\"\"", "URI=\"#xpointer(/)\""), "reference"),
        (text.replace("URI=\"\"", ""), "reference"),
        (
            text.replace(ENVELOPED, "http://www.w3.org/TR/1999/REC-xpath-19991116"),
            "transform",
        ),
        (text.replace("</ds:KeyInfo>", "</ds:KeyInfo><ds:Object/>"), "form"),
        (
            text.replace("<ds:X509Data>", "<ds:KeyValue/><ds:X509Data>"),
            "form",
        ),
        (
            text.replace("<ds:X509Certificate>", "<ds:X509Certificate><!-- -->"),
            "form",
        ),
        (
            text.replace("<ds:DigestValue>", "<ds:DigestValue><!-- -->"),
            "form",
        ),
    ];
    for (forged, code) in cases {
        assert_ne!(forged, text);
        let report = world.judge(forged.as_bytes());
        assert_eq!(
            (report.verdict, report.code.as_str()),
            (Verdict::TotalFailed, code)
        );
        assert!(report.content.is_none() && !report.reason.is_empty());
    }
}

#[test]
fn x1_sha1_is_refused() {
    let world = World::new();
    let xmlsec = Xmlsec::new(&world);
    for (method, digest) in [(RSA_SHA1, SHA256), (RSA_SHA256, SHA1)] {
        let signed = xmlsec.sign(method, digest, &[ENVELOPED, EXCLUSIVE], "");
        assert!(xmlsec.accepts(&signed), "xmlsec1 accepts {method} {digest}");
        let report = world.judge(&signed);
        assert_eq!(
            (report.verdict, report.code.as_str()),
            (Verdict::Indeterminate, "weak_algorithm")
        );
    }
}

#[test]
fn x1_a_revoked_an_unknown_and_a_certificate_of_another_purpose_are_refused() {
    let world = World::new();
    let signed = world.signed(WHOLE);
    let revoked = world.evidence(&[(world.system.serial.clone(), world.now - 2.hours())]);
    let report = world.judge_with(&signed, Purpose::Xml, &revoked);
    assert_ne!(report.verdict, Verdict::TotalPassed);
    assert_eq!(
        report.certificate.unwrap().sub_reason.unwrap().split('_').next(),
        Some("REVOKED")
    );

    let no_evidence = Evidence::default();
    let report = world.judge_with(&signed, Purpose::Xml, &no_evidence);
    assert_eq!(
        (report.verdict, report.code.as_str()),
        (Verdict::Indeterminate, "certificate")
    );

    // Trusted for documents is not trusted for messages.
    let report = world.judge_with(&signed, Purpose::Signing, &world.evidence(&[]));
    assert_eq!(
        (report.verdict, report.code.as_str()),
        (Verdict::Indeterminate, "certificate")
    );

    let stranger = World::new();
    let report = world.judge(&stranger.signed(WHOLE));
    assert_eq!(
        (report.verdict, report.code.as_str()),
        (Verdict::Indeterminate, "certificate")
    );
}

#[test]
fn x1_a_document_type_is_refused_when_reading_and_when_signing() {
    let world = World::new();
    let signed = String::from_utf8(world.signed(WHOLE)).unwrap();
    let declared = signed.replace(
        "?>\n",
        "?>\n<!DOCTYPE edXML [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>\n",
    );
    let report = world.judge(declared.as_bytes());
    assert_eq!(
        (report.verdict, report.code.as_str()),
        (Verdict::Indeterminate, "xml_dtd")
    );
    let unsigned = message().replace("?>\n", "?>\n<!DOCTYPE edXML>\n");
    assert_eq!(
        prepare(unsigned.as_bytes(), WHOLE, &world.system.chain),
        Err(XmlError::Dtd)
    );
}

#[test]
fn x1_messages_without_a_signature_and_rubbish_are_reports_too() {
    let world = World::new();
    let deep = format!("{}{}", "<a>".repeat(5_000), "</a>".repeat(5_000));
    for (message, code) in [
        (message(), "absent"),
        (String::new(), "xml_malformed"),
        ("<a>".to_owned(), "xml_malformed"),
        (deep, "xml_malformed"),
        // The vendor's example: a signature with a certificate that is none.
        (
            String::from_utf8(world.signed(WHOLE))
                .unwrap()
                .replace("<ds:X509Certificate>", "<ds:X509Certificate>!"),
            "no_certificate",
        ),
    ] {
        let report = world.judge(message.as_bytes());
        assert_eq!(
            (report.verdict, report.code.as_str()),
            (Verdict::Indeterminate, code)
        );
    }
    assert_eq!(world.judge(b"\xff\xfe").code, "xml_malformed");
}

#[test]
fn x1_a_signature_of_another_key_is_not_put_in() {
    let world = World::new();
    let other = World::new();
    let prepared = prepare(message().as_bytes(), WHOLE, &world.system.chain).unwrap();
    let foreign = demo_pki::sign_digest(&other.system.key_pkcs8, &prepared.to_sign).unwrap();
    assert_eq!(prepared.finish(&foreign), Err(XmlError::WrongSignature));
    let other_hash = demo_pki::sign_digest(&world.system.key_pkcs8, &[7; 32]).unwrap();
    assert_eq!(prepared.finish(&other_hash), Err(XmlError::WrongSignature));
    assert_eq!(prepared.finish(b""), Err(XmlError::WrongSignature));
    let raw = demo_pki::sign_digest(&world.system.key_pkcs8, &prepared.to_sign).unwrap();
    assert!(prepared.finish(&raw).is_ok());
}

#[test]
fn x1_what_cannot_be_signed_is_refused_with_its_reason() {
    let world = World::new();
    let chain = &world.system.chain;
    let signed = world.signed(WHOLE);
    assert_eq!(prepare(&signed, WHOLE, chain), Err(XmlError::AlreadySigned));
    let no_place = message().replace("edXMLHeader", "Header");
    assert!(matches!(
        prepare(no_place.as_bytes(), WHOLE, chain),
        Err(XmlError::Place(_))
    ));
    let no_id = message().replace(" Id=\"phong-bi\"", "");
    assert!(matches!(
        prepare(no_id.as_bytes(), ENVELOPE, chain),
        Err(XmlError::Place(_))
    ));
    assert_eq!(
        prepare(message().as_bytes(), WHOLE, &[]),
        Err(XmlError::Certificate)
    );
    let agency = Agency {
        name: "Sở Mẫu".to_owned(),
        ..Agency::default()
    };
    let curve = world.pki.agency(&agency, Key::P256, world.now).unwrap();
    assert_eq!(
        prepare(message().as_bytes(), WHOLE, &curve.chain),
        Err(XmlError::Certificate)
    );
    // Marks of the template in the message itself are left alone.
    let marked = message().replace("JVBERi0xLjQK", "{value}{digest}");
    let prepared = prepare(marked.as_bytes(), WHOLE, chain).unwrap();
    let raw = demo_pki::sign_digest(&world.system.key_pkcs8, &prepared.to_sign).unwrap();
    let report = world.judge(&prepared.finish(&raw).unwrap());
    assert_eq!(report.verdict, Verdict::TotalPassed, "{report:?}");
}

#[test]
fn every_error_has_a_code_and_a_sentence() {
    let errors = [
        XmlError::TooLarge,
        XmlError::Malformed,
        XmlError::Dtd,
        XmlError::DuplicateId,
        XmlError::Place("edXMLHeader".to_owned()),
        XmlError::AlreadySigned,
        XmlError::Certificate,
        XmlError::WrongSignature,
        XmlError::Internal,
    ];
    let codes: std::collections::BTreeSet<_> = errors.iter().map(XmlError::code).collect();
    assert_eq!(codes.len(), errors.len());
    assert!(errors.iter().all(|error| error.to_string().ends_with('.')));
}
