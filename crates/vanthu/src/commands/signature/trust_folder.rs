//! A folder as trust list: its self-issued certificates are the roots; other certificates and the lists of revoked ones are
//! evidence.

use std::{fs, path::Path, sync::Arc};

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use pdf_signature::pki::{AlgorithmPolicy, Anchor, Evidence, Purpose, TrustStore, certificate_facts};
use store::Digest;
use x509_cert::{Certificate, der::Decode as _};

use crate::signing::trust::OwnedContext;

/// Files of a trust folder are never larger; national lists of revoked certificates are some megabytes.
const MAX_FILE: u64 = 64 * 1024 * 1024;

/// What checks are based on: the folder, or nobody is trusted.
///
/// # Errors
/// When the folder or a file of it cannot be read.
pub fn basis(folder: Option<&Path>, now: Timestamp) -> anyhow::Result<OwnedContext> {
    let mut anchors = Vec::new();
    let mut evidence = Evidence::default();
    if let Some(folder) = folder {
        let mut paths = Vec::new();
        for entry in
            fs::read_dir(folder).with_context(|| format!("Không đọc được thư mục {}", folder.display()))?
        {
            paths.push(entry?.path());
        }
        // The same folder gives the same list, whatever order the disk has.
        paths.sort();
        for path in paths.iter().filter(|path| path.is_file()) {
            let size = fs::metadata(path)?.len();
            anyhow::ensure!(size <= MAX_FILE, "Tệp {} quá lớn", path.display());
            let content = fs::read(path).with_context(|| format!("Không đọc được tệp {}", path.display()))?;
            for der in parts(&content) {
                sort_in(der, &mut anchors, &mut evidence);
            }
        }
    }
    let version = match folder {
        Some(folder) => format!(
            "thư mục {}, {} chứng thư gốc, {}",
            folder.display(),
            anchors.len(),
            fingerprint(&anchors)
        ),
        None => "không có danh sách tin cậy".to_owned(),
    };
    Ok(OwnedContext {
        trust: Arc::new(TrustStore { version, anchors }),
        evidence: Arc::new(evidence),
        policy: Arc::new(AlgorithmPolicy::default()),
        now,
    })
}

/// The first digits of the SHA-256 over all roots.
fn fingerprint(anchors: &[Anchor]) -> String {
    let all: Vec<u8> = anchors
        .iter()
        .flat_map(|anchor| anchor.certificate.iter().copied())
        .collect();
    Digest::of(&all).to_string().chars().take(12).collect()
}

fn sort_in(der: Vec<u8>, anchors: &mut Vec<Anchor>, evidence: &mut Evidence) {
    match certificate_facts(&der) {
        Ok(facts) if is_root(&der) => {
            if anchors.iter().all(|known| known.certificate != der) {
                anchors.push(Anchor {
                    label: facts.subject_cn.unwrap_or(facts.subject),
                    certificate: der,
                    purposes: vec![Purpose::Signing, Purpose::TimeStamping, Purpose::Xml],
                    valid_from: None,
                    valid_to: None,
                });
            }
        }
        Ok(_) => evidence.certificates.push(der),
        // Lists are checked before use, and what is none is passed over.
        Err(_) => evidence.crls.push(der),
    }
}

/// Issued by itself: the whole name of the issuer is that of the subject.
fn is_root(der: &[u8]) -> bool {
    Certificate::from_der(der)
        .is_ok_and(|certificate| certificate.tbs_certificate.issuer == certificate.tbs_certificate.subject)
}

/// Every block of a PEM file; anything else that looks like DER as it is.
fn parts(content: &[u8]) -> Vec<Vec<u8>> {
    if content.first() == Some(&0x30) {
        return vec![content.to_vec()];
    }
    let text = String::from_utf8_lossy(content);
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for line in text.lines().map(str::trim) {
        if line.starts_with("-----BEGIN ") {
            let is_wanted = line.contains("CERTIFICATE") || line.contains("CRL");
            open = is_wanted.then(String::new);
        } else if line.starts_with("-----END ") {
            blocks.extend(open.take().and_then(|body| STANDARD.decode(body).ok()));
        } else if let Some(body) = &mut open {
            body.push_str(line);
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pem_blocks_and_der_are_read_and_keys_are_not() {
        assert_eq!(parts(&[0x30, 1, 2]), vec![vec![0x30, 1, 2]]);
        let pem = "note\n-----BEGIN X509 CRL-----\nAQID\n-----END X509 CRL-----\n\
                   -----BEGIN PRIVATE KEY-----\nBAUG\n-----END PRIVATE KEY-----\n\
                   -----BEGIN CERTIFICATE-----\r\nBw\r\ngJ\r\n-----END CERTIFICATE-----\r\n";
        assert_eq!(parts(pem.as_bytes()), vec![vec![1, 2, 3], vec![7, 8, 9]]);
        assert!(parts(b"hello").is_empty());
    }
}
