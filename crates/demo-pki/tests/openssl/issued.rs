//! What the authority issues: certificates, the keys of people and agencies and what they sign, the folder that keeps it.

use std::path::Path;

use demo_pki::{
    CertificateOrder, DemoPki, ExtendedUsage, Issued, Key, Options, SignatureAlgorithm, Subject, Urls,
};

use crate::desk::{Desk, chairman, days, now, office};

#[test]
fn openssl_accepts_persons_and_agencies_with_every_kind_of_key() {
    let at = now();
    let pki = DemoPki::create(at).expect("an authority");
    let desk = Desk::new(&pki);
    for key in [Key::Rsa2048, Key::Rsa3072, Key::Rsa4096, Key::P256, Key::P384] {
        let issued = pki.person(&chairman(), key, at).expect("a person");
        let said = desk.verify(&issued, &["-purpose", "smimesign"]);
        assert!(said.good, "{key:?}: {}", said.text);
        assert_eq!(issued.chain[1], pki.issuing().expect("issuing"));
    }
    let issued = pki.agency(&office(), Key::Rsa2048, at).expect("an agency");
    assert!(desk.verify(&issued, &["-purpose", "smimesign"]).good);
}

#[test]
fn the_profile_is_the_one_of_the_brief_documents() {
    let urls = Urls {
        crl: Some("http://ca.example.test/issuing.crl".into()),
        root_crl: Some("http://ca.example.test/root.crl".into()),
        ocsp: Some("http://ocsp.example.test/".into()),
        issuer: Some("http://ca.example.test/issuing.cer".into()),
        root: None,
    };
    let options = Options {
        root: Key::Rsa3072,
        urls,
        ..Options::default()
    };
    let at = now();
    let pki = DemoPki::create_with(at, options).expect("an authority");
    let desk = Desk::new(&pki);
    let issued = pki.person(&chairman(), Key::P256, at).expect("a person");
    assert!(desk.verify(&issued, &[]).good);
    let text = desk.good(&[
        "x509",
        "-in",
        "leaf.pem",
        "-noout",
        "-text",
        "-nameopt",
        "utf8,sep_comma_plus",
    ]);
    for expected in [
        "C=VN",
        "CN=Nguyễn Văn An",
        "title=Chủ tịch",
        "O=Ủy ban nhân dân tỉnh",
        "organizationIdentifier=H99",
        "UID=CCVC-000001",
        "Digital Signature, Non Repudiation",
        "E-mail Protection",
        "1.3.6.1.5.5.7.3.36",
        "CA:FALSE",
        "http://ca.example.test/issuing.crl",
        "OCSP - URI:http://ocsp.example.test/",
        "CA Issuers - URI:http://ca.example.test/issuing.cer",
        "X509v3 Subject Key Identifier",
        "X509v3 Authority Key Identifier",
    ] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
    let issuing = desk.good(&["x509", "-in", "issuing.pem", "-noout", "-text"]);
    assert!(issuing.contains("CA:TRUE, pathlen:0") && issuing.contains("Certificate Sign, CRL Sign"));
    let tsa = desk.good(&["x509", "-in", "tsa.pem", "-noout", "-text"]);
    assert!(
        tsa.contains("X509v3 Extended Key Usage: critical\n                Time Stamping"),
        "{tsa}"
    );
    // a serial number of 128 bits, another each time
    let again = pki.person(&chairman(), Key::P256, at).expect("a person");
    assert_eq!((issued.serial.len(), again.serial.len()), (32, 32));
    assert_ne!(issued.serial, again.serial);
}

#[test]
fn v3_bad_certificates_are_refused_for_their_reason() {
    let at = now();
    let pki = DemoPki::create(at).expect("an authority");
    let desk = Desk::new(&pki);
    let order = || CertificateOrder::usual(Subject::Person(chairman()), at);

    let expired = order().valid(at - days(800), at - days(400));
    let said = desk.verify(&pki.issue(&expired, Key::P256).expect("issued"), &[]);
    assert!(
        !said.good && said.text.contains("certificate has expired"),
        "{}",
        said.text
    );

    let wrong_usage = order().extended_usages(&[ExtendedUsage::ServerAuthentication]);
    let said = desk.verify(
        &pki.issue(&wrong_usage, Key::P256).expect("issued"),
        &["-purpose", "smimesign"],
    );
    assert!(!said.good && said.text.contains("purpose"), "{}", said.text);

    // the twin has the same names and other keys
    let twin = DemoPki::create(at).expect("another authority");
    let rogue = twin.person(&chairman(), Key::P256, at).expect("issued");
    let said = desk.verify(&rogue, &[]);
    assert!(!said.good, "{}", said.text);

    let revoked = pki.person(&chairman(), Key::P256, at).expect("issued");
    let list = pki.crl(&[(revoked.serial.clone(), at)], at).expect("a CRL");
    desk.put("list.der", &list);
    desk.good(&["crl", "-inform", "DER", "-in", "list.der", "-out", "list.pem"]);
    let said = desk.verify(&revoked, &["-crl_check", "-CRLfile", "list.pem"]);
    assert!(
        !said.good && said.text.contains("certificate revoked"),
        "{}",
        said.text
    );
    let other = pki.person(&chairman(), Key::P256, at).expect("issued");
    assert!(desk.verify(&other, &["-crl_check", "-CRLfile", "list.pem"]).good);

    desk.put(
        "stale.der",
        &pki.crl_until(&[], at - days(9), at - days(2)).expect("a CRL"),
    );
    desk.good(&["crl", "-inform", "DER", "-in", "stale.der", "-out", "stale.pem"]);
    let said = desk.verify(&other, &["-crl_check", "-CRLfile", "stale.pem"]);
    assert!(
        !said.good && said.text.contains("CRL has expired"),
        "{}",
        said.text
    );
}

#[test]
fn v3_a_key_of_1024_bits_from_elsewhere_gets_a_certificate() {
    let at = now();
    let pki = DemoPki::create(at).expect("an authority");
    let desk = Desk::new(&pki);
    desk.good(&[
        "genpkey",
        "-algorithm",
        "RSA",
        "-pkeyopt",
        "rsa_keygen_bits:1024",
        "-out",
        "weak.pem",
    ]);
    desk.good(&[
        "pkey", "-in", "weak.pem", "-pubout", "-outform", "DER", "-out", "weak.der",
    ]);
    let order = CertificateOrder::usual(Subject::Person(chairman()), at);
    let issued = pki.issue_for(&order, &desk.get("weak.der")).expect("issued");
    assert!(issued.key_pkcs8.is_empty());
    let said = desk.verify(&issued, &[]);
    assert!(said.good, "{}", said.text);
    let text = desk.good(&["x509", "-in", "leaf.pem", "-noout", "-text"]);
    assert!(text.contains("Public-Key: (1024 bit)"), "{text}");
}

#[test]
fn s3_raw_signatures_verify() {
    let at = now();
    let pki = DemoPki::create(at).expect("an authority");
    let desk = Desk::new(&pki);
    desk.put("message", b"message");
    let check = |issued: &Issued, digest: &str, signature: &[u8], more: &[&str]| {
        desk.certificate("leaf.pem", &issued.chain[0]);
        desk.good(&["x509", "-in", "leaf.pem", "-noout", "-pubkey", "-out", "leaf.pub"]);
        desk.put("signature", signature);
        let mut arguments = vec!["dgst", digest];
        arguments.extend(more);
        arguments.extend(["-verify", "leaf.pub", "-signature", "signature", "message"]);
        assert!(desk.good(&arguments).contains("Verified OK"));
    };
    let rsa = pki.person(&chairman(), Key::Rsa2048, at).expect("issued");
    let p256 = pki.person(&chairman(), Key::P256, at).expect("issued");
    let p384 = pki.person(&chairman(), Key::P384, at).expect("issued");
    for (issued, digest, algorithm) in [
        (&rsa, "-sha256", SignatureAlgorithm::RsaSha256),
        (&rsa, "-sha384", SignatureAlgorithm::RsaSha384),
        (&rsa, "-sha512", SignatureAlgorithm::RsaSha512),
        (&p256, "-sha256", SignatureAlgorithm::EcdsaP256Sha256),
        (&p384, "-sha384", SignatureAlgorithm::EcdsaP384Sha384),
    ] {
        let signature = demo_pki::sign_with(&issued.key_pkcs8, b"message", algorithm).expect("signed");
        check(issued, digest, &signature, &[]);
    }
    let pss = demo_pki::sign_with(&rsa.key_pkcs8, b"message", SignatureAlgorithm::RsaPssSha256);
    let pss_options = [
        "-sigopt",
        "rsa_padding_mode:pss",
        "-sigopt",
        "rsa_pss_saltlen:digest",
    ];
    check(&rsa, "-sha256", &pss.expect("signed"), &pss_options);

    // SHA-256 of "message", made elsewhere
    let printed = desk.good(&["dgst", "-sha256", "-r", "message"]);
    let mut digest = [0; 32];
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&printed[2 * at..2 * at + 2], 16).expect("hexadecimal");
    }
    for issued in [&rsa, &p256] {
        let signature = demo_pki::sign_digest(&issued.key_pkcs8, &digest).expect("signed");
        check(issued, "-sha256", &signature, &[]);
    }
    assert!(demo_pki::sign_digest(&p384.key_pkcs8, &digest).is_err());
    assert!(demo_pki::sign_with(&p256.key_pkcs8, b"message", SignatureAlgorithm::RsaSha256).is_err());
}

#[test]
fn the_folder_is_only_for_its_owner_and_comes_back_the_same() {
    use std::os::unix::fs::PermissionsExt as _;
    let at = now();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let dir = folder.path().join("pki");
    let pki = DemoPki::open(&dir, at, Options::default()).expect("made");
    let issued = pki.person(&chairman(), Key::P256, at).expect("issued");
    issued.save(&dir, "chairman").expect("saved");

    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    let mut files = 0;
    for entry in std::fs::read_dir(&dir).expect("listed") {
        let path = entry.expect("an entry").path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        files += 1;
    }
    assert_eq!(files, 4 * 2 + 1 + 2);

    let again = DemoPki::open(&dir, at, Options::default()).expect("loaded");
    assert_eq!(again.root().expect("root"), pki.root().expect("root"));
    assert_eq!(Issued::load(&dir, "chairman").expect("loaded"), issued);
    // the loaded keys sign under the same root
    let next = again.agency(&office(), Key::P256, at).expect("issued");
    assert!(Desk::new(&pki).verify(&next, &[]).good);
}

#[test]
fn a_thousand_signers_are_made_in_seconds() {
    let at = now();
    let pki = DemoPki::create(at).expect("an authority");
    let began = std::time::Instant::now();
    let mut serials = std::collections::BTreeSet::new();
    for _ in 0..1000 {
        serials.insert(pki.person(&chairman(), Key::P256, at).expect("issued").serial);
    }
    assert_eq!(serials.len(), 1000);
    // far above what it takes, so that a busy machine does not fail it
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}
