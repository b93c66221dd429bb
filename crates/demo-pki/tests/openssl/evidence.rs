//! What the authority says later: lists of revoked certificates, answers of the status service, time stamps.

use demo_pki::{DemoPki, Key, Options};

use crate::desk::{Desk, chairman, days, now};

#[test]
fn crls_of_both_authorities_verify() {
    let at = now();
    let pki = DemoPki::create(at).expect("an authority");
    let desk = Desk::new(&pki);
    desk.put(
        "issuing.crl",
        &pki.crl(&[("00ff".into(), at)], at).expect("a CRL"),
    );
    desk.put("root.crl", &pki.root_crl(at).expect("a CRL"));
    for (list, authority) in [("issuing.crl", "issuing.pem"), ("root.crl", "root.pem")] {
        let said = desk.good(&[
            "crl", "-inform", "DER", "-in", list, "-CAfile", authority, "-noout", "-text",
        ]);
        assert!(said.contains("verify OK"), "{said}");
        assert!(said.contains("X509v3 CRL Number") && said.contains("Version 2"));
    }
    assert_eq!(
        pki.crl(&[("xyz".into(), at)], at)
            .expect_err("not hexadecimal")
            .code(),
        "asn1"
    );
}

#[test]
fn ocsp_answers_verify_and_tell_good_from_revoked() {
    let at = now();
    let pki = DemoPki::create(at).expect("an authority");
    let desk = Desk::new(&pki);
    let good = pki.person(&chairman(), Key::P256, at).expect("issued");
    let bad = pki.person(&chairman(), Key::P256, at).expect("issued");
    let revoked = [(bad.serial.clone(), at - days(1))];
    for (issued, status) in [(&good, "leaf.pem: good"), (&bad, "leaf.pem: revoked")] {
        desk.certificate("leaf.pem", &issued.chain[0]);
        for digest in ["-sha1", "-sha256"] {
            desk.good(&[
                "ocsp",
                "-issuer",
                "issuing.pem",
                digest,
                "-cert",
                "leaf.pem",
                "-reqout",
                "ask.der",
            ]);
            let request = desk.get("ask.der");
            let answers = [
                pki.ocsp(&request, at, &revoked).expect("answered"),
                pki.ocsp_by_issuer(&request, at, &revoked).expect("answered"),
            ];
            for answer in answers {
                desk.put("answer.der", &answer);
                // once against the request, where the nonce is compared, once for the certificate, where the status is told
                let trust = ["-CAfile", "root.pem", "-verify_other", "issuing.pem"];
                let mut with_request = vec!["ocsp", "-reqin", "ask.der", "-respin", "answer.der"];
                with_request.extend(trust);
                let said = desk.good(&with_request);
                assert!(said.contains("Response verify OK"), "{said}");
                assert!(!said.contains("WARNING: no nonce"), "{said}");
                let mut for_certificate = vec![
                    "ocsp",
                    "-no_nonce",
                    "-respin",
                    "answer.der",
                    "-issuer",
                    "issuing.pem",
                    digest,
                ];
                for_certificate.extend(["-cert", "leaf.pem"]);
                for_certificate.extend(trust);
                let said = desk.good(&for_certificate);
                assert!(
                    said.contains("Response verify OK") && said.contains(status),
                    "{said}"
                );
            }
        }
    }
    let said = pki.ocsp(b"not a request", at, &[]).expect("answered");
    assert_eq!(said, [0x30, 0x03, 0x0a, 0x01, 0x01]);
}

#[test]
fn s5_time_stamps_verify_with_and_without_certificates() {
    let at = now();
    let options = |time_stamping| Options {
        time_stamping,
        ..Options::default()
    };
    for key in [Key::P256, Key::P384, Key::Rsa2048] {
        let pki = DemoPki::create_with(at, options(key)).expect("an authority");
        let desk = Desk::new(&pki);
        desk.put("text", b"V\xc4\x83n b\xe1\xba\xa3n");
        for digest in ["-sha256", "-sha512"] {
            for with in [true, false] {
                let mut arguments = vec!["ts", "-query", "-data", "text", digest, "-out", "ask.tsq"];
                if with {
                    arguments.push("-cert");
                }
                desk.good(&arguments);
                let answer = pki.timestamp(&desk.get("ask.tsq"), at, 200).expect("answered");
                desk.put("answer.tsr", &answer);
                let said = desk.good(&["ts", "-reply", "-in", "answer.tsr", "-text"]);
                assert!(
                    said.contains("Status: Granted") && said.contains("Accuracy: 0x01 seconds"),
                    "{said}"
                );
                assert!(said.contains("Serial number: 0xC8"), "{said}");
                let mut arguments = vec![
                    "ts",
                    "-verify",
                    "-queryfile",
                    "ask.tsq",
                    "-in",
                    "answer.tsr",
                    "-CAfile",
                    "root.pem",
                ];
                if !with {
                    desk.put(
                        "both.pem",
                        &[desk.get("tsa.pem"), desk.get("issuing.pem")].concat(),
                    );
                    arguments.extend(["-untrusted", "both.pem"]);
                }
                let said = desk.good(&arguments);
                assert!(said.contains("Verification: OK"), "{said}");
            }
        }
    }
}

#[test]
fn s5_time_stamps_of_weak_digests_and_foreign_policies_are_refused() {
    let at = now();
    let pki = DemoPki::create(at).expect("an authority");
    let desk = Desk::new(&pki);
    desk.put("text", b"text");
    for (more, reason) in [
        (vec!["-sha1"], "unrecognized or unsupported algorithm identifier"),
        (
            vec!["-sha256", "-tspolicy", "1.2.3.4"],
            "the requested TSA policy is not supported",
        ),
    ] {
        let mut arguments = vec!["ts", "-query", "-data", "text", "-out", "ask.tsq"];
        arguments.extend(more);
        desk.good(&arguments);
        desk.put(
            "answer.tsr",
            &pki.timestamp(&desk.get("ask.tsq"), at, 1).expect("answered"),
        );
        let said = desk.good(&["ts", "-reply", "-in", "answer.tsr", "-text"]);
        assert!(
            said.contains("Status: Rejected") && said.contains(reason),
            "{said}"
        );
    }
    desk.put(
        "answer.tsr",
        &pki.timestamp(b"nonsense", at, 1).expect("answered"),
    );
    let said = desk.good(&["ts", "-reply", "-in", "answer.tsr", "-text"]);
    assert!(said.contains("the data submitted has the wrong format"), "{said}");
}
