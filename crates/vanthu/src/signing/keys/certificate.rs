//! Certificates as they come: PEM or DER, one or several in a file; and what rules have to know of one.

use base64::{Engine, engine::general_purpose::STANDARD};
use pdf_signature::pki::{AlgorithmPolicy, CertificateFacts, KeyUsageBit, certificate_facts};
use rules::{Refusal, signing::binding::CertificateFacts as RuleFacts};

use crate::error::AppResult;

/// A file of certificates is not larger, in bytes.
const MAX_FILE: usize = 1 << 20;
/// No chain is longer.
const MAX_CERTIFICATES: usize = 16;

/// Reads the certificates of a file, in their order: PEM (one or several) or one in DER.
///
/// # Errors
/// `KS-06` when it holds none, too many, or something else.
pub fn read_certificates(bytes: &[u8]) -> AppResult<Vec<Vec<u8>>> {
    let refuse = || {
        Refusal::new(
            "KS-06",
            "certificate.unreadable",
            "Tệp không phải chứng thư số dạng PEM hoặc DER (.cer, .crt, .pem). Vui lòng chọn lại tệp.",
        )
        .on("certificate")
    };
    if bytes.len() > MAX_FILE {
        return Err(refuse().into());
    }
    let found = match std::str::from_utf8(bytes) {
        Ok(text) if text.contains("-----BEGIN") => pem(text).ok_or_else(refuse)?,
        _ => vec![bytes.to_vec()],
    };
    if found.is_empty()
        || found.len() > MAX_CERTIFICATES
        || found.iter().any(|der| certificate_facts(der).is_err())
    {
        return Err(refuse().into());
    }
    Ok(found)
}

/// Blocks `CERTIFICATE` of a PEM text; other blocks are refused: a private key was chosen by mistake, and must not stay.
fn pem(text: &str) -> Option<Vec<Vec<u8>>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let (label, body) = after.split_once("-----")?;
        let (body, end) = body.split_once("-----END ")?;
        if !matches!(label, "CERTIFICATE" | "TRUSTED CERTIFICATE" | "X509 CERTIFICATE") {
            return None;
        }
        let body: String = body.split_whitespace().collect();
        found.push(STANDARD.decode(body).ok()?);
        rest = end;
    }
    Some(found)
}

/// `RSA-2048`, `ECDSA-256`.
pub fn key_name(facts: &CertificateFacts) -> String {
    format!("{}-{}", facts.key_algorithm.name(), facts.key_bits)
}

/// The facts as rules take them. `key` is [`key_name`]; `now` is when the policy of algorithms is asked.
pub fn rule_facts<'a>(
    facts: &'a CertificateFacts,
    key: &'a str,
    policy: &AlgorithmPolicy,
    now: jiff::Timestamp,
) -> RuleFacts<'a> {
    let may_sign = facts.key_usages.is_empty()
        || facts.key_usages.contains(&KeyUsageBit::DigitalSignature)
        || facts.key_usages.contains(&KeyUsageBit::NonRepudiation);
    RuleFacts {
        common_name: facts.subject_cn.as_deref().unwrap_or(&facts.subject),
        organisation: facts.org.as_deref().unwrap_or_default(),
        is_authority: facts.is_ca,
        may_sign,
        key_is_strong: policy.accepts(facts.key_algorithm.name(), facts.key_bits, now),
        key,
        not_before: facts.not_before,
        not_after: facts.not_after,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ks_06_certificates_are_read_as_pem_and_der_and_keys_are_refused() {
        let pki = demo_pki::DemoPki::create("2026-01-08T01:00:00Z".parse().unwrap()).unwrap();
        let (root, issuing) = (pki.root().unwrap(), pki.issuing().unwrap());
        let block = |label: &str, der: &[u8]| {
            format!(
                "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
                STANDARD.encode(der)
            )
        };
        let both = block("CERTIFICATE", &root) + &block("CERTIFICATE", &issuing);
        assert_eq!(read_certificates(&root).unwrap(), vec![root.clone()]);
        assert_eq!(
            read_certificates(both.as_bytes()).unwrap(),
            vec![root.clone(), issuing]
        );
        for wrong in [
            b"".as_slice(),
            b"khong phai chung thu",
            block("PRIVATE KEY", &root).as_bytes(),
            block("CERTIFICATE", b"x").as_bytes(),
            &root[..100],
        ] {
            assert!(read_certificates(wrong).is_err());
        }
    }
}
