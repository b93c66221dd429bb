//! What a piece of evidence is, read only as far as keeping it needs.

use base64::{Engine, engine::general_purpose::STANDARD};
use der::{Decode, Encode};
use jiff::Timestamp;
use pdf_signature::pki::certificate_facts;
use rules::Refusal;
use sha2::{Digest, Sha256};
use x509_cert::crl::CertificateList;

use crate::error::AppResult;

/// A revocation list is not larger, in bytes.
const MAX_BYTES: usize = 5 << 20;

/// Kind of a piece of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Certificate revocation list.
    Crl,
    /// Answer of a status service.
    Ocsp,
    /// Certificate of an issuer.
    Certificate,
}

impl Kind {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Crl => "crl",
            Self::Ocsp => "ocsp",
            Self::Certificate => "certificate",
        }
    }

    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Crl => "Danh sách thu hồi (CRL)",
            Self::Ocsp => "Trạng thái chứng thư (OCSP)",
            Self::Certificate => "Chứng thư trung gian",
        }
    }
}

impl std::str::FromStr for Kind {
    type Err = rules::UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Crl, Self::Ocsp, Self::Certificate]
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| rules::UnknownName {
                kind: "Kind",
                value: text.to_owned(),
            })
    }
}

/// A piece of evidence.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its kind.
    pub kind: Kind,
    /// DER.
    pub der: Vec<u8>,
    /// Issuer of a list, subject of a certificate.
    pub subject: String,
    /// From when it speaks.
    pub this_update: Timestamp,
    /// Until when it is fresh.
    pub next_update: Option<Timestamp>,
}

impl Item {
    /// A revocation list in DER; `None` when it is none.
    pub fn crl(der: Vec<u8>) -> Option<Self> {
        let list = CertificateList::from_der(&der).ok()?.tbs_cert_list;
        let time = |time: x509_cert::time::Time| {
            Timestamp::from_second(i64::try_from(time.to_unix_duration().as_secs()).ok()?).ok()
        };
        Some(Self {
            kind: Kind::Crl,
            subject: list.issuer.to_string(),
            this_update: time(list.this_update)?,
            next_update: list.next_update.and_then(time),
            der,
        })
    }

    /// A certificate of an issuer in DER; `None` when it is none.
    pub fn certificate(der: Vec<u8>) -> Option<Self> {
        let facts = certificate_facts(&der).ok().filter(|facts| facts.is_ca)?;
        Some(Self {
            kind: Kind::Certificate,
            subject: facts.subject,
            this_update: facts.not_before,
            next_update: Some(facts.not_after),
            der,
        })
    }

    /// An answer of a status service; how long it is fresh only its check tells, so it is kept for a day.
    pub fn ocsp(der: Vec<u8>, url: &str, now: Timestamp) -> Option<Self> {
        x509_ocsp::OcspResponse::from_der(&der).ok()?.to_der().ok()?;
        Some(Self {
            kind: Kind::Ocsp,
            subject: url.to_owned(),
            this_update: now,
            next_update: Some(now + jiff::SignedDuration::from_hours(24)),
            der,
        })
    }

    /// What it is addressed by.
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.der).into()
    }
}

/// Reads an uploaded file: a revocation list or certificates of issuers, PEM or DER.
///
/// # Errors
/// `KS-30` when it is neither.
pub fn read(bytes: &[u8]) -> AppResult<Vec<Item>> {
    let refuse = |code, sentence: &str| Refusal::new("KS-30", code, sentence).on("file");
    if bytes.len() > MAX_BYTES {
        return Err(refuse("evidence.too_large", "Tệp không quá 5 MB.").into());
    }
    let blocks = match std::str::from_utf8(bytes) {
        Ok(text) if text.contains("-----BEGIN") => pem(text),
        _ => Some(vec![bytes.to_vec()]),
    };
    let item = |der: Vec<u8>| Item::crl(der.clone()).or_else(|| Item::certificate(der));
    let items: Option<Vec<Item>> = blocks.and_then(|blocks| blocks.into_iter().map(item).collect());
    match items {
        Some(items) if !items.is_empty() => Ok(items),
        _ => Err(refuse(
            "evidence.unreadable",
            "Tệp không phải danh sách thu hồi (.crl) hoặc chứng thư trung gian của tổ chức cấp, dạng PEM hoặc DER. Vui lòng chọn \
             lại tệp.",
        )
        .into()),
    }
}

fn pem(text: &str) -> Option<Vec<Vec<u8>>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let (label, body) = after.split_once("-----")?;
        let (body, end) = body.split_once("-----END ")?;
        if !matches!(label, "X509 CRL" | "CERTIFICATE") {
            return None;
        }
        found.push(
            STANDARD
                .decode(body.split_whitespace().collect::<String>())
                .ok()?,
        );
        rest = end;
    }
    Some(found)
}
