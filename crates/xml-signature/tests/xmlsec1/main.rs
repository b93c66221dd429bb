//! X1: what we sign, xmlsec1 verifies; what xmlsec1 signs, we verify; what was tampered with, both refuse.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod world;

use demo_pki::{Agency, Key};
use jiff::ToSpan;
use pdf_signature::{
    pki::{Evidence, Purpose},
    verify::Verdict,
};
use world::{
    ENVELOPE, ENVELOPED, EXCLUSIVE, INCLUSIVE, RSA_SHA1, RSA_SHA256, RSA_SHA512, SHA1, SHA256, SHA512, WHOLE,
    World, Xmlsec, changed, message,
};
use xml_signature::{XmlError, prepare};

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
