//! A certificate with its raw parts: names and keys are compared and hashed as they stand.

use der::Decode;
use jiff::Timestamp;
use x509_cert::Certificate;

use super::{
    AlgorithmPolicy, CertificateFacts,
    certificate::{display_name, facts, key, time},
};
use crate::cms::{
    Checked, CmsError, Scheme,
    algorithm::{PublicKey, bit_string},
    tlv::{Tlv, tag},
};

/// A certificate that could be read.
#[derive(Clone, Debug)]
pub(crate) struct Cert<'a> {
    pub der: &'a [u8],
    pub parsed: Certificate,
    /// DER of the issuer's name.
    pub issuer: &'a [u8],
    /// DER of the subject's name.
    pub subject: &'a [u8],
    /// Content of the INTEGER.
    pub serial: &'a [u8],
    /// DER of SubjectPublicKeyInfo.
    spki: Tlv<'a>,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
}

impl<'a> Cert<'a> {
    pub(crate) fn read(der: &'a [u8]) -> Option<Self> {
        let parsed = Certificate::from_der(der).ok()?;
        let outer = Tlv::only(der).ok()?;
        let tbs = outer.children().next()?.ok()?.list().ok()?;
        let fields = match tbs.first()?.tag {
            0xa0 => tbs.get(1..)?,
            _ => tbs.as_slice(),
        };
        let [serial, _algorithm, issuer, _validity, subject, spki, ..] = fields else {
            return None;
        };
        let validity = &parsed.tbs_certificate.validity;
        let (not_before, not_after) = (time(&validity.not_before)?, time(&validity.not_after)?);
        Some(Self {
            der,
            parsed,
            issuer: issuer.raw,
            subject: subject.raw,
            serial: serial.value,
            spki: *spki,
            not_before,
            not_after,
        })
    }

    pub(crate) fn key(&self) -> Option<PublicKey<'a>> {
        PublicKey::read(&self.spki).ok()
    }

    /// The key as OCSP hashes it: the content of the BIT STRING.
    pub(crate) fn key_bits(&self) -> Option<&'a [u8]> {
        let parts = self.spki.list().ok()?;
        bit_string(parts.get(1)?).ok()
    }

    pub(crate) fn facts(&self) -> Option<CertificateFacts> {
        facts(&self.parsed, self.der)
    }

    pub(crate) fn name(&self) -> String {
        display_name(&self.parsed.tbs_certificate.subject)
    }

    pub(crate) fn valid_at(&self, at: Timestamp) -> bool {
        self.not_before <= at && at <= self.not_after
    }

    pub(crate) fn self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    /// The value of the subject key identifier.
    pub(crate) fn key_identifier(&self) -> Option<Vec<u8>> {
        self.extension("2.5.29.14")
            .and_then(|value| Tlv::only(value).ok().map(|inner| inner.value.to_vec()))
    }

    /// The content of an extension.
    pub(crate) fn extension(&self, oid: &str) -> Option<&[u8]> {
        self.parsed
            .tbs_certificate
            .extensions
            .as_deref()?
            .iter()
            .find(|extension| extension.extn_id.to_string() == oid)
            .map(|extension| extension.extn_value.as_bytes())
    }

    /// Is this key good for that scheme under the policy?
    pub(crate) fn strong(&self, scheme: Scheme, policy: &AlgorithmPolicy, at: Timestamp) -> bool {
        let (algorithm, bits) = key(&self.parsed);
        policy.accepts(algorithm.name(), bits, at) && policy.accepts(scheme.hash().name(), 0, at)
    }

    /// Does this certificate's key fit the signature of a certificate, list or answer (`SEQUENCE { tbs, algorithm, signature }`),
    /// and is the signature strong enough?
    pub(crate) fn signed(&self, object: &Tlv<'_>, policy: &AlgorithmPolicy, at: Timestamp) -> bool {
        self.key().is_some_and(|key| {
            matches!(signed_object(&key, object), Ok((Checked::Good, scheme)) if self.strong(scheme, policy, at))
        })
    }
}

/// Checks `SEQUENCE { tbs, algorithm, signature, … }` with a key.
pub(crate) fn signed_object(key: &PublicKey<'_>, object: &Tlv<'_>) -> Result<(Checked, Scheme), CmsError> {
    let parts = object.expect(tag::SEQUENCE)?.list()?;
    let [tbs, algorithm, signature, ..] = parts.as_slice() else {
        return Err(CmsError::Malformed);
    };
    let scheme = Scheme::read(algorithm, None)?;
    Ok((key.check(scheme, tbs.raw, bit_string(signature)?), scheme))
}
