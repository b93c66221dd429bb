//! Trust store, certification paths, revocation, time stamps, algorithm policy.

mod algorithms;
pub(crate) mod assess;
pub(crate) mod cert;
mod certificate;
mod crl;
mod ocsp;
pub(crate) mod path;
pub(crate) mod pool;
pub(crate) mod reasons;
pub(crate) mod revocation;
pub(crate) mod signed;
pub(crate) mod stamp;
mod trust;

pub use algorithms::{AlgorithmPolicy, AlgorithmRow};
pub(crate) use certificate::key;
pub use certificate::{CertificateFacts, KeyAlgorithm, KeyUsageBit, certificate_facts};
pub use trust::{Anchor, Context, Evidence, PkiError, Purpose, TrustStore, Wanted};

use jiff::Timestamp;

use crate::cms::{Checked, tlv::Tlv};
use crate::verify::{CertAtSigning, Note, RevocationReport, Verdict};

/// What [`check_certificate`] found.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CertificateVerdict {
    /// Passed, failed, or not enough known.
    pub verdict: Verdict,
    /// The word of ETSI EN 319 102-1; none when passed.
    pub sub_reason: Option<String>,
    /// A Vietnamese sentence.
    pub reason: String,
    /// Facts of the certificate, if it could be read.
    pub facts: Option<CertificateFacts>,
    /// Names from the certificate up to the trust anchor.
    pub chain: Vec<String>,
    /// The label of the trust anchor.
    pub anchor: Option<String>,
    /// Within its period at that time?
    pub validity: CertAtSigning,
    /// Revoked?
    pub revocation: RevocationReport,
    /// Remarks that do not change the verdict.
    pub notes: Vec<Note>,
}

/// Is this certificate good for signing at that time? Asked before a signature is made (NĐ 68/2024 Điều 29; KS-01, KS-30…34).
///
/// `chain` is DER, the leaf first; what is missing is looked for in the evidence and the trust store. `at` is the time of
/// signing, which is the present one: a certificate revoked or suspended before it fails.
#[must_use]
pub fn check_certificate(chain: &[Vec<u8>], at: Timestamp, ctx: &Context<'_>) -> CertificateVerdict {
    check_certificate_for(Purpose::Signing, chain, at, ctx)
}

/// The same for another purpose.
#[must_use]
pub fn check_certificate_for(
    purpose: Purpose,
    chain: &[Vec<u8>],
    at: Timestamp,
    ctx: &Context<'_>,
) -> CertificateVerdict {
    let pool = pool_of(chain, ctx);
    let Some(leaf) = chain.first().and_then(|leaf| cert::Cert::read(leaf)) else {
        let reason = reasons::Reason::ChainGeneralFailure;
        return CertificateVerdict {
            verdict: reason.verdict(),
            sub_reason: Some(reason.code().into()),
            reason: reason.sentence().into(),
            facts: None,
            chain: Vec::new(),
            anchor: None,
            validity: CertAtSigning::Unknown,
            revocation: RevocationReport::default(),
            notes: Vec::new(),
        };
    };
    let moment = assess::Moment {
        at,
        proven: false,
        told: at,
        claimed: Some(at),
    };
    let found = assess::assess(&leaf, &pool, ctx, purpose, moment);
    CertificateVerdict {
        verdict: found
            .reason
            .map_or(Verdict::TotalPassed, reasons::Reason::verdict),
        sub_reason: found.reason.map(|reason| reason.code().into()),
        reason: found.reason.map_or(GOOD, reasons::Reason::sentence).into(),
        facts: leaf.facts(),
        chain: found.chain,
        anchor: found.anchor,
        validity: found.validity,
        revocation: found.revocation,
        notes: found.notes,
    }
}

const GOOD: &str =
    "Chứng thư số hợp lệ: còn thời hạn, chưa bị thu hồi, do tổ chức trong danh sách tin cậy cấp.";

/// What should be fetched so that the signatures of this document can be judged: only addresses from chains that already
/// end in the trust store. Certificates of unknown issuers are therefore never asked for: add them to the evidence.
#[must_use]
pub fn wanted_evidence(pdf: &[u8], ctx: &Context<'_>) -> Vec<Wanted> {
    crate::verify::wanted(pdf, ctx)
}

/// The same for one certificate (the leaf first), before it signs.
#[must_use]
pub fn wanted_for_certificate(
    purpose: Purpose,
    chain: &[Vec<u8>],
    at: Timestamp,
    ctx: &Context<'_>,
) -> Vec<Wanted> {
    let pool = pool_of(chain, ctx);
    let moment = assess::Moment {
        at,
        proven: false,
        told: at,
        claimed: Some(at),
    };
    chain
        .first()
        .and_then(|leaf| cert::Cert::read(leaf))
        .map(|leaf| assess::assess(&leaf, &pool, ctx, purpose, moment).wanted)
        .unwrap_or_default()
}

/// Did the key of this certificate sign that certificate, list or answer (`SEQUENCE { tbs, algorithm, signature }`)? Both are DER.
/// Says nothing about trust, dates or the strength of the algorithm.
#[must_use]
pub fn is_signed_by(object: &[u8], certificate: &[u8]) -> bool {
    let key = cert::Cert::read(certificate);
    let (Some(key), Ok(object)) = (key.as_ref().and_then(cert::Cert::key), Tlv::only(object)) else {
        return false;
    };
    matches!(cert::signed_object(&key, &object), Ok((Checked::Good, _)))
}

fn pool_of<'a>(chain: &'a [Vec<u8>], ctx: &Context<'a>) -> pool::Pool<'a> {
    let mut pool = pool::Pool::of(ctx.evidence);
    for certificate in chain.iter().skip(1) {
        pool.certificate(certificate);
    }
    pool
}

/// SHA-256, hexadecimal.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes))
}
