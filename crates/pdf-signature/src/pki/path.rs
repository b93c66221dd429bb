//! Certification paths, by rustls-webpki, at any time; what it does not look at (purposes, usages, strength) is looked at here.

use jiff::Timestamp;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use webpki::{
    EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeIdIter, VerifiedPath, anchor_from_trusted_cert,
};

use super::{
    AlgorithmPolicy, Anchor, KeyUsageBit, Purpose, TrustStore,
    cert::Cert,
    certificate::{extended_key_usages, key, key_usages},
    reasons::Reason,
};
use crate::cms::{Scheme, tlv::Tlv};

/// Certificates that are considered as issuers, at most.
const MAX_INTERMEDIATES: usize = 200;

/// A verified path.
#[derive(Clone, Debug)]
pub(crate) struct Path<'a> {
    /// The leaf first, the trust anchor last. A leaf that is itself an anchor stands alone.
    pub certificates: Vec<Cert<'a>>,
    /// The label of the anchor.
    pub label: &'a str,
}

impl Path<'_> {
    pub(crate) fn names(&self) -> Vec<String> {
        self.certificates.iter().map(Cert::name).collect()
    }
}

/// Why there is no path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathError {
    /// None of the chains ends in the trust store.
    NotFound,
    /// There is one, but a certificate of it is out of its period at that time.
    OutOfPeriod,
    /// There is one, but it breaks a constraint (usage, path length, names, critical extension).
    Constraint,
    /// There is one, but with an algorithm that is not accepted.
    Weak(Reason),
    /// The certificate cannot be used at all.
    Malformed,
}

/// Usages are checked here, not there: which are accepted depends on the purpose.
struct AnyUsage;

impl ExtendedKeyUsageValidator for AnyUsage {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        Ok(())
    }
}

/// Finds a path from the certificate to an anchor trusted for the purpose at that time.
pub(crate) fn build<'a>(
    leaf: &'a [u8],
    pool: &[&'a [u8]],
    trust: &'a TrustStore,
    purpose: Purpose,
    at: Timestamp,
    policy: &AlgorithmPolicy,
) -> Result<Path<'a>, PathError> {
    let leaf = Cert::read(leaf).ok_or(PathError::Malformed)?;
    let known = trust.anchors.iter().any(|anchor| anchor.certificate == leaf.der);
    if leaf.self_issued() && !known {
        return Err(PathError::NotFound);
    }
    let path = match search(&leaf, pool, trust, purpose, at) {
        Ok(path) => path,
        // the period is checked first there; whether the issuer is known at all is the more important answer
        Err(PathError::OutOfPeriod) => {
            let inside = leaf.not_after;
            return Err(
                match search(&leaf, pool, trust, purpose, inside)
                    .or_else(|_| search(&leaf, pool, trust, purpose, leaf.not_before))
                {
                    Ok(_) | Err(PathError::OutOfPeriod) => PathError::OutOfPeriod,
                    Err(other) => other,
                },
            );
        }
        Err(other) => return Err(other),
    };
    usable(&path.certificates, purpose)?;
    strong(&path.certificates, policy, at)?;
    Ok(path)
}

fn search<'a>(
    leaf: &Cert<'a>,
    pool: &[&'a [u8]],
    trust: &'a TrustStore,
    purpose: Purpose,
    at: Timestamp,
) -> Result<Path<'a>, PathError> {
    let trusted: Vec<(&'a Anchor, Cert<'a>)> = trust
        .anchors
        .iter()
        .filter(|anchor| anchor.purposes.contains(&purpose))
        .filter_map(|anchor| Cert::read(&anchor.certificate).map(|cert| (anchor, cert)))
        .filter(|(anchor, cert)| {
            anchor.valid_from.unwrap_or(cert.not_before) <= at
                && at <= anchor.valid_to.unwrap_or(cert.not_after)
        })
        .collect();
    if let Some((anchor, _)) = trusted.iter().find(|(_, cert)| cert.der == leaf.der) {
        return Ok(Path {
            certificates: vec![leaf.clone()],
            label: &anchor.label,
        });
    }
    let encoded: Vec<CertificateDer<'_>> = trusted
        .iter()
        .map(|(_, cert)| CertificateDer::from(cert.der))
        .collect();
    let mut anchors: Vec<TrustAnchor<'_>> = Vec::new();
    let mut owners: Vec<usize> = Vec::new();
    for (index, der) in encoded.iter().enumerate() {
        if let Ok(anchor) = anchor_from_trusted_cert(der) {
            anchors.push(anchor);
            owners.push(index);
        }
    }
    let intermediates: Vec<CertificateDer<'_>> = pool
        .iter()
        .filter(|der| **der != leaf.der)
        .take(MAX_INTERMEDIATES)
        .map(|der| CertificateDer::from(*der))
        .collect();
    let der = CertificateDer::from(leaf.der);
    let end = EndEntityCert::try_from(&der).map_err(|error| reason(&error))?;
    let seconds = u64::try_from(at.as_second()).map_err(|_| PathError::OutOfPeriod)?;
    let time = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
    let verified = end
        .verify_for_usage(
            ALGORITHMS,
            &anchors,
            &intermediates,
            time,
            AnyUsage,
            None,
            Some(&issuers_may_sign),
        )
        .map_err(|error| reason(&error))?;
    let (anchor, root) = anchors
        .iter()
        .position(|anchor| std::ptr::eq(anchor, verified.anchor()))
        .and_then(|index| trusted.get(*owners.get(index)?))
        .ok_or(PathError::NotFound)?;
    let mut certificates = vec![leaf.clone()];
    for issuer in verified.intermediate_certificates() {
        let der = issuer.der();
        let der = pool
            .iter()
            .find(|candidate| **candidate == &*der)
            .ok_or(PathError::NotFound)?;
        certificates.push(Cert::read(der).ok_or(PathError::Malformed)?);
    }
    certificates.push(root.clone());
    Ok(Path {
        certificates,
        label: &anchor.label,
    })
}

/// An issuer whose key usage does not say keyCertSign is none (webpki looks at the basic constraints only).
fn issuers_may_sign(path: &VerifiedPath<'_>) -> Result<(), Error> {
    for issuer in path.intermediate_certificates() {
        let der = issuer.der();
        let may = Cert::read(&der)
            .is_some_and(|cert| may_sign(key_usages(&cert.parsed), &[KeyUsageBit::KeyCertSign]));
        if !may {
            return Err(Error::EndEntityUsedAsCa);
        }
    }
    Ok(())
}

/// Without the extension every use is allowed (RFC 5280).
fn may_sign(usages: Option<Vec<KeyUsageBit>>, one_of: &[KeyUsageBit]) -> bool {
    usages.is_none_or(|usages| one_of.iter().any(|bit| usages.contains(bit)))
}

const EMAIL_PROTECTION: &str = "1.3.6.1.5.5.7.3.4";
const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
const DOCUMENT_SIGNING: &str = "1.3.6.1.5.5.7.3.36";
const MICROSOFT_DOCUMENT_SIGNING: &str = "1.3.6.1.4.1.311.10.3.12";
const ANY_USAGE: &str = "2.5.29.37.0";
const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";

/// Scope of use: key usage and extended key usage of leaf and issuers.
fn usable(path: &[Cert<'_>], purpose: Purpose) -> Result<(), PathError> {
    let (leaf, issuers) = path.split_first().ok_or(PathError::Malformed)?;
    let usages = |cert: &Cert<'_>| -> Option<Vec<String>> {
        extended_key_usages(&cert.parsed).map(|usages| usages.iter().map(ToString::to_string).collect())
    };
    if !may_sign(
        key_usages(&leaf.parsed),
        &[KeyUsageBit::DigitalSignature, KeyUsageBit::NonRepudiation],
    ) {
        return Err(PathError::Constraint);
    }
    let accepted: &[&str] = match purpose {
        Purpose::Signing | Purpose::Xml => &[
            EMAIL_PROTECTION,
            CLIENT_AUTH,
            DOCUMENT_SIGNING,
            MICROSOFT_DOCUMENT_SIGNING,
            ANY_USAGE,
        ],
        Purpose::TimeStamping => &[TIME_STAMPING],
    };
    let good = match (usages(leaf), purpose) {
        // an authority's certificate says timeStamping and nothing else (RFC 3161, 2.3)
        (Some(usages), Purpose::TimeStamping) => usages == [TIME_STAMPING],
        (None, Purpose::TimeStamping) => false,
        (None, _) => true,
        (Some(usages), _) => usages.iter().any(|usage| accepted.contains(&usage.as_str())),
    };
    // an issuer may restrict what is under it; the anchor is trusted by decision
    let under = issuers.len().saturating_sub(1);
    let allowed = issuers.iter().take(under).all(|issuer| {
        usages(issuer).is_none_or(|usages| {
            usages
                .iter()
                .any(|usage| usage == ANY_USAGE || accepted.contains(&usage.as_str()))
        })
    });
    if good && allowed {
        Ok(())
    } else {
        Err(PathError::Constraint)
    }
}

/// Keys and signatures of the path under the policy; of the anchor only the key counts.
fn strong(path: &[Cert<'_>], policy: &AlgorithmPolicy, at: Timestamp) -> Result<(), PathError> {
    for (index, cert) in path.iter().enumerate() {
        let (algorithm, bits) = key(&cert.parsed);
        if let Some(reason) = policy.refusal(algorithm.name(), bits, at) {
            return Err(PathError::Weak(reason));
        }
        if index + 1 == path.len() {
            continue;
        }
        let scheme = Tlv::only(cert.der)
            .ok()
            .and_then(|outer| outer.children().nth(1)?.ok())
            .and_then(|algorithm| Scheme::read(&algorithm, None).ok())
            .ok_or(PathError::Malformed)?;
        if let Some(reason) = policy.refusal(scheme.hash().name(), 0, at) {
            return Err(PathError::Weak(reason));
        }
    }
    Ok(())
}

fn reason(error: &Error) -> PathError {
    match error {
        Error::CertExpired { .. } | Error::CertNotValidYet { .. } => PathError::OutOfPeriod,
        Error::UnknownIssuer
        | Error::InvalidSignatureForPublicKey
        | Error::MaximumPathBuildCallsExceeded
        | Error::MaximumPathDepthExceeded
        | Error::MaximumSignatureChecksExceeded
        | Error::MaximumNameConstraintComparisonsExceeded => PathError::NotFound,
        Error::UnsupportedSignatureAlgorithmContext(_)
        | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            PathError::Weak(Reason::CryptoConstraints)
        }
        Error::BadDer
        | Error::BadDerTime
        | Error::TrailingData(_)
        | Error::MalformedExtensions
        | Error::InvalidSerialNumber
        | Error::UnsupportedCertVersion
        | Error::SignatureAlgorithmMismatch
        | Error::InvalidCertValidity => PathError::Malformed,
        _ => PathError::Constraint,
    }
}

/// What may sign certificates: strength is judged by the policy afterwards.
static ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    webpki::aws_lc_rs::ECDSA_P256_SHA256,
    webpki::aws_lc_rs::ECDSA_P256_SHA384,
    webpki::aws_lc_rs::ECDSA_P256_SHA512,
    webpki::aws_lc_rs::ECDSA_P384_SHA256,
    webpki::aws_lc_rs::ECDSA_P384_SHA384,
    webpki::aws_lc_rs::ECDSA_P384_SHA512,
    webpki::aws_lc_rs::ECDSA_P521_SHA256,
    webpki::aws_lc_rs::ECDSA_P521_SHA384,
    webpki::aws_lc_rs::ECDSA_P521_SHA512,
    webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA256,
    webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA384,
    webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA512,
    webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
    webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
    webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    webpki::aws_lc_rs::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    webpki::aws_lc_rs::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    webpki::aws_lc_rs::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
];
