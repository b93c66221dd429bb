//! S3, S4, S8: whole documents whose signatures were made elsewhere (a token by our provider, a token by a program that is
//! not ours, a remote service), judged by pyHanko, pdfsig and qpdf; and what a large document costs.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "../../pdf-signature/tests/judges/mod.rs"]
mod judges;
#[path = "../../pdf-signature/tests/kit/mod.rs"]
mod kit;
mod support;

use std::collections::HashMap;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use demo_pki::{Issued, Key};
use judges::{Pdfsig, Question, pdfsig, pyhanko, qpdf_complaints};
use kit::{Office, days, minutes};
use pdf_signature::cms::{self, CmsError};
use pdf_signature::sign::{self, DEFAULT_RESERVE, FieldSpec, Prepared};
use pdf_signature::verify::Verdict;
use serde_json::json;
use signing_providers::csc::Remote;
use signing_providers::csc::mock::{Authorisation, Mock, MockCredential};
use signing_providers::pkcs11::Token;
use signing_providers::{HashItem, HashRequest, Progress, Provider, ProviderError, Secret, SignerRef};
use support::{Made, PIN, TOKEN, import, init_token, run, softhsm_module, with_softhsm};

/// `CKA_ID` and kind of the keys.
const KEYS: [(&str, Key); 4] = [
    ("d1", Key::Rsa2048),
    ("d2", Key::Rsa3072),
    ("d3", Key::Rsa4096),
    ("d4", Key::P256),
];

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

fn person(office: &Office, key: Key) -> Issued {
    office
        .pki
        .person(&kit::leader(), key, kit::start() - days(30))
        .unwrap()
}

/// Puts key and certificate of a person into the token.
fn into_token(folder: &Path, id: &str, who: &Issued) {
    let path = |end: &str| folder.join(format!("{id}.{end}"));
    let key = der::pem::encode_string("PRIVATE KEY", der::pem::LineEnding::LF, &who.key_pkcs8).unwrap();
    std::fs::write(path("key.pem"), key).unwrap();
    std::fs::write(path("crt.der"), &who.chain[0]).unwrap();
    let made = Made {
        key: path("key.pem"),
        crt: path("crt.pem"),
        der: who.chain[0].clone(),
    };
    // All have the same label: only the id tells them apart.
    import(&made, id, "khoa");
}

fn token() -> Token {
    let config = json!({"module": softhsm_module(), "token": TOKEN, "sessions": 2, "pin_secret": "pin"});
    let secrets = HashMap::from([("pin".to_owned(), Secret::new(PIN))]);
    Token::open(
        &serde_json::from_value(config).unwrap(),
        &secrets,
        Arc::new(kit::start),
    )
    .unwrap()
}

/// The same hash signed by `pkcs11-tool`, a program that shares no code with ours.
fn outside_tool(folder: &Path, id: &str, key: Key, hash: &[u8; 32]) -> Vec<u8> {
    let (input, output) = (folder.join(format!("{id}.in")), folder.join(format!("{id}.out")));
    // PKCS#1 v1.5: the token pads what it gets, so it gets the DigestInfo of SHA-256 (RFC 8017, 9.2). ECDSA takes the hash.
    let (mechanism, prefix) = match key {
        Key::P256 => ("ECDSA", Vec::new()),
        _ => (
            "RSA-PKCS",
            hex::decode("3031300d060960864801650304020105000420").unwrap(),
        ),
    };
    std::fs::write(&input, [prefix.as_slice(), hash].concat()).unwrap();
    run(
        "pkcs11-tool",
        &[
            "--module",
            softhsm_module().to_str().unwrap(),
            "--token-label",
            TOKEN,
            "--login",
            "--pin",
            PIN,
            "--sign",
            "--mechanism",
            mechanism,
            "--id",
            id,
            "--input-file",
            input.to_str().unwrap(),
            "--output-file",
            output.to_str().unwrap(),
        ],
    );
    std::fs::read(output).unwrap()
}

/// A document that waits for its signature.
struct Waiting {
    /// As it is kept in the meantime.
    kept: String,
    attributes: Vec<u8>,
    chain: Vec<Vec<u8>>,
}

impl Waiting {
    fn begin(pdf: &[u8], chain: &[Vec<u8>]) -> Self {
        let field = FieldSpec {
            name: "ChuKy1",
            area: Some(kit::area(1)),
            appearance: None,
            reason: Some("Ký ban hành"),
            location: None,
            signer_name: Some("Nguyễn Văn Mẫu"),
            at: kit::start(),
            reserve: DEFAULT_RESERVE,
        };
        let prepared = sign::prepare(pdf, &field).unwrap();
        Self {
            kept: serde_json::to_string(&prepared).unwrap(),
            attributes: cms::signed_attributes(&prepared.digest, &chain[0]).unwrap(),
            chain: chain.to_vec(),
        }
    }

    fn request(&self, key: &str) -> HashRequest {
        HashRequest {
            key: key.to_owned(),
            certificate: self.chain[0].clone(),
            items: vec![HashItem::new(cms::to_sign(&self.attributes), "Quyết định")],
            expires_at: kit::start() + minutes(10),
            authorization: None,
        }
    }

    fn finish(&self, raw: &[u8]) -> Result<Prepared, CmsError> {
        cms::check_raw(&self.chain[0], &self.attributes, raw)?;
        let signature = cms::assemble(&self.chain, &self.attributes, raw)?;
        let mut prepared: Prepared = serde_json::from_str(&self.kept).unwrap();
        prepared.finish(&signature).unwrap();
        Ok(prepared)
    }
}

/// Asks until there is an end, for one signature.
async fn signed_by(provider: &dyn Provider, request: &HashRequest) -> Result<Vec<u8>, ProviderError> {
    let mut progress = provider.start(request).await?;
    for _ in 0..100 {
        match progress {
            Progress::Done(mut raws) => {
                assert_eq!(raws.len(), 1);
                return Ok(raws.remove(0));
            }
            Progress::Pending { transaction, .. } => {
                tokio::time::sleep(Duration::from_millis(20)).await;
                progress = provider.poll(&transaction, request).await?;
            }
            Progress::NeedsUser { step, .. } => panic!("nobody here: {step:?}"),
        }
    }
    panic!("no end");
}

/// Every document has one signature over the whole file, good for all judges and for our own verifier.
fn assert_valid(office: &Office, documents: &[(String, Vec<u8>)]) {
    let at = kit::start() + minutes(10);
    let evidence = office.lists(kit::start());
    let questions: Vec<_> = documents
        .iter()
        .map(|(_, pdf)| Question {
            pdf,
            roots: vec![office.pki.root().unwrap()],
            certificates: evidence.certificates.clone(),
            crls: evidence.crls.clone(),
            ocsps: Vec::new(),
            at: at.to_string(),
            dss: false,
            lenient: false,
            ades: true,
        })
        .collect();
    let whole = [Pdfsig {
        field: "ChuKy1".to_owned(),
        kind: "ETSI.CAdES.detached".to_owned(),
        valid: true,
        total: true,
    }];
    let answers = pyhanko(&questions);
    assert_eq!(answers.len(), documents.len());
    for ((label, pdf), answer) in documents.iter().zip(answers) {
        assert!(answer.all_good(), "{label}: {answer:?}");
        let [one] = &answer.signatures[..] else {
            panic!("{label}: {answer:?}")
        };
        assert_eq!(one.coverage.as_deref(), Some("ENTIRE_FILE"), "{label}");
        assert_eq!(one.modification_level.as_deref(), Some("NONE"), "{label}");
        assert_eq!(one.ades.as_ref().unwrap().status, "PASSED", "{label}: {one:?}");
        assert_eq!(pdfsig(pdf), whole, "{label}");
        assert_eq!(qpdf_complaints(pdf), Vec::<String>::new(), "{label}");
        let ours = office.check(pdf, &evidence, at);
        assert_eq!(ours.verdict, Verdict::TotalPassed, "{label}: {ours:?}");
    }
}

#[test]
fn s3_s4_documents_signed_on_a_token_by_us_and_by_another_program_are_valid() {
    with_softhsm(
        "s3_s4_documents_signed_on_a_token_by_us_and_by_another_program_are_valid",
        |folder| {
            init_token();
            let (office, pdf, token) = (Office::new(), kit::document(), token());
            let mut documents = Vec::new();
            for (id, key) in KEYS {
                let who = person(&office, key);
                into_token(folder, id, &who);
                let waiting = Waiting::begin(&pdf, &who.chain);
                let raws = [
                    (
                        "provider",
                        block_on(signed_by(&token, &waiting.request(id))).unwrap(),
                    ),
                    (
                        "pkcs11-tool",
                        outside_tool(folder, id, key, &cms::to_sign(&waiting.attributes)),
                    ),
                ];
                for (label, raw) in raws {
                    let whole = waiting.finish(&raw).unwrap().whole(&pdf);
                    assert!(whole.starts_with(&pdf));
                    documents.push((format!("{label} {key:?}"), whole));
                }
            }
            assert_valid(&office, &documents);
        },
    );
}

#[tokio::test]
async fn s3_s4_documents_signed_by_the_remote_service_in_both_releases_are_valid() {
    let (office, pdf) = (Office::new(), kit::document());
    let mock = Mock::new().unwrap();
    let people: Vec<_> = KEYS
        .iter()
        .map(|(id, key)| (*id, *key, person(&office, *key)))
        .collect();
    for (id, _, who) in &people {
        mock.add(MockCredential {
            id: (*id).to_owned(),
            user: "lanh.dao".to_owned(),
            key_pkcs8: who.key_pkcs8.clone(),
            chain: who.chain.clone(),
            authorisation: Authorisation::Implicit,
            multisign: 5,
        })
        .unwrap();
    }
    let port = mock.listen(0).await.unwrap().port();
    let secrets = HashMap::from([("token".to_owned(), Secret::new(mock.token()))]);
    let signer = SignerRef {
        user: Some("lanh.dao".to_owned()),
        authorization: None,
    };
    let mut documents = Vec::new();
    for release in ["v1", "v2"] {
        let config = serde_json::from_value(json!({
            "base": format!("http://127.0.0.1:{port}/csc/{release}"),
            "allow_loopback_http": true,
            "access": {"kind": "token", "token_secret": "token"},
        }))
        .unwrap();
        let remote = Remote::open(&config, &secrets, Arc::new(kit::start)).unwrap();
        let chains = remote.certificates(&signer).await.unwrap();
        assert_eq!(chains.len(), people.len());
        for ((id, key, who), chain) in people.iter().zip(&chains) {
            assert_eq!((chain.key.as_str(), &chain.certificates), (*id, &who.chain));
            // What the service announces is what is used.
            let waiting = Waiting::begin(&pdf, &chain.certificates);
            let raw = signed_by(&remote, &waiting.request(&chain.key)).await.unwrap();
            let whole = waiting.finish(&raw).unwrap().whole(&pdf);
            documents.push((format!("{release} {key:?}"), whole));
        }
    }
    assert_valid(&office, &documents);
}

/// What the providers themselves refuse, late requests among it, is in `pkcs11.rs` and `csc`. Here the answer comes from a program that checks
/// nothing, so the document is the last place where it can be refused.
#[test]
fn s4_a_wrong_replayed_or_foreign_raw_signature_makes_no_document() {
    with_softhsm(
        "s4_a_wrong_replayed_or_foreign_raw_signature_makes_no_document",
        |folder| {
            init_token();
            let (office, pdf) = (Office::new(), kit::document());
            for (id, other_id, key) in [("e1", "e2", Key::Rsa2048), ("e3", "e4", Key::P256)] {
                let (who, other) = (person(&office, key), person(&office, key));
                into_token(folder, id, &who);
                into_token(folder, other_id, &other);
                let waiting = Waiting::begin(&pdf, &who.chain);
                let sign = |id: &str, hash| outside_tool(folder, id, key, &hash);
                let good = sign(id, cms::to_sign(&waiting.attributes));
                assert!(waiting.finish(&good).is_ok());

                // Another key of the same token answered.
                let wrong = sign(other_id, cms::to_sign(&waiting.attributes));
                assert_eq!(waiting.finish(&wrong).unwrap_err(), CmsError::WrongSignature);
                // The answer for this document is played again for the next one.
                let next = office.sign(&pdf, &office.agency, "ChuKy0", None, kit::start());
                let next = Waiting::begin(&next, &who.chain);
                assert_eq!(next.finish(&good).unwrap_err(), CmsError::WrongSignature);
                // Somebody else's certificate beside the answer: the attributes name whose it must be.
                let foreign = Waiting {
                    chain: other.chain.clone(),
                    kept: waiting.kept.clone(),
                    attributes: waiting.attributes.clone(),
                };
                for raw in [&good, &wrong] {
                    assert_eq!(foreign.finish(raw).unwrap_err(), CmsError::CertificateMismatch);
                }
            }
        },
    );
}

/// Size of a document that may be signed.
const LIMIT: u64 = 50 * 1024 * 1024;
/// Memory of the whole process that signs such a document, in kilobytes (120 MB).
const MEMORY_KB: u64 = 120_000_000 / 1024;

/// Writes a document of nearly [`LIMIT`] bytes straight to its file: one page for every `piece` bytes of content.
fn large(path: &Path, piece: usize) {
    let mut out = BufWriter::new(std::fs::File::create(path).unwrap());
    let mut offsets = Vec::new();
    let mut at = 0_u64;
    let mut put = |bytes: &[u8], offsets: Option<&mut Vec<u64>>| {
        if let Some(offsets) = offsets {
            offsets.push(at);
        }
        out.write_all(bytes).unwrap();
        at += bytes.len() as u64;
        at
    };
    // Per page: two objects, two lines of the table, a reference; then the ends.
    let pages = (LIMIT - 1024) / (piece as u64 + 260);
    put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", None);
    put(
        b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
        Some(&mut offsets),
    );
    let kids: String = (0..pages).map(|page| format!("{} 0 R ", 3 + 2 * page)).collect();
    put(
        format!("2 0 obj\n<</Type/Pages/Count {pages}/Kids[{kids}]>>\nendobj\n").as_bytes(),
        Some(&mut offsets),
    );
    drop(kids);
    for page in 0..pages {
        let (number, content) = (3 + 2 * page, 4 + 2 * page);
        let dictionary = format!(
            "{number} 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents {content} 0 R>>\nendobj\n"
        );
        put(dictionary.as_bytes(), Some(&mut offsets));
        // The last page takes what is left: its own line, the lines of the table, the end.
        let so_far = put(b"", None);
        let left = LIMIT - so_far - 20 * (2 * pages + 3) - 512;
        let length = if page + 1 == pages { left as usize } else { piece };
        let head = format!("{content} 0 obj\n<</Length {length}>>\nstream\n");
        put(head.as_bytes(), Some(&mut offsets));
        let line = b"0 0 m 100 100 l S\n";
        let data: Vec<u8> = line.iter().copied().cycle().take(length).collect();
        put(&data, None);
        put(b"\nendstream\nendobj\n", None);
    }
    let table = put(b"", None);
    let mut section = format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1);
    put(section.as_bytes(), None);
    for offset in &offsets {
        section = format!("{offset:010} 00000 n \n");
        put(section.as_bytes(), None);
    }
    let end = format!(
        "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n",
        offsets.len() + 1
    );
    let size = put(end.as_bytes(), None);
    out.flush().unwrap();
    assert!((LIMIT - 1024..=LIMIT).contains(&size), "{size}");
}

/// The most memory that this process ever had, in kilobytes.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// In a process of its own, from reading the file to the signed file on the disk. Checking it is not counted: the server has
/// other processes for that.
fn a_large_document(test: &str, piece: usize) {
    with_softhsm(test, |folder| {
        init_token();
        let office = Office::new();
        into_token(folder, "d1", &office.leader);
        let (path, signed) = (folder.join("original.pdf"), folder.join("signed.pdf"));
        large(&path, piece);
        let before = peak_kb();

        let token = token();
        let waiting = Waiting::begin(&std::fs::read(&path).unwrap(), &office.leader.chain);
        let prepared = peak_kb();
        let raw = block_on(signed_by(&token, &waiting.request("d1"))).unwrap();
        let finished = waiting.finish(&raw).unwrap();
        let whole = finished.append_to(std::fs::read(&path).unwrap());
        std::fs::write(&signed, &whole).unwrap();
        let written = peak_kb();
        println!("peak memory in KB: at the beginning {before}, prepared {prepared}, written {written}");
        assert!(written < MEMORY_KB, "{written} KB");

        drop(whole);
        let original = std::fs::read(&path).unwrap();
        let stored = std::fs::read(&signed).unwrap();
        assert!(stored.starts_with(&original) && stored.len() > original.len());
        assert_valid(&office, &[(test.to_owned(), stored)]);
    });
}

#[test]
fn s8_fifty_megabytes_of_scanned_pages_are_signed_within_120_mb_of_memory() {
    a_large_document(
        "s8_fifty_megabytes_of_scanned_pages_are_signed_within_120_mb_of_memory",
        1_000_000,
    );
}

#[test]
fn s8_fifty_megabytes_of_many_small_objects_are_signed_within_120_mb_of_memory() {
    a_large_document(
        "s8_fifty_megabytes_of_many_small_objects_are_signed_within_120_mb_of_memory",
        1_000,
    );
}
