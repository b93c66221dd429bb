//! Building a signature from its parts, after the raw signature was verified.

use der::{Decode, Encode};
use serde::{Deserialize, Serialize};
use x509_cert::Certificate;

use super::{
    CmsError,
    algorithm::{Checked, Hash, PublicKey, SHA256, SHA256_ECDSA, SHA256_RSA, Scheme},
    attributes::{self, DATA, TIMESTAMP_TOKEN, attribute},
    read::SignedData,
    tlv::{Tlv, tag},
    write,
};
use crate::pki::KeyAlgorithm;

/// How signatures are made here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureAlgorithm {
    /// RSA PKCS#1 v1.5 with SHA-256, 2048 bits or more.
    RsaSha256,
    /// ECDSA on P-256 with SHA-256.
    EcdsaP256Sha256,
    /// ECDSA on P-384 with SHA-256: one hash of the attributes leaves the server, whatever the key.
    EcdsaP384Sha256,
}

/// Verifies a raw signature against certificate and signed attributes, before anything is written.
///
/// A token with several keys once answered with the wrong one; without this check a broken document would be stored.
/// ECDSA values are taken as DER or as `r || s`.
///
/// # Errors
/// [`CmsError::Certificate`], [`CmsError::KeyNotAccepted`], [`CmsError::CertificateMismatch`] if the attributes name
/// another certificate, [`CmsError::WrongSignature`].
pub fn check_raw(
    certificate: &[u8],
    signed_attributes: &[u8],
    raw: &[u8],
) -> Result<SignatureAlgorithm, CmsError> {
    checked(certificate, signed_attributes, raw).map(|(algorithm, _)| algorithm)
}

/// The algorithm, and the signature value as it is written.
fn checked(
    certificate: &[u8],
    signed_attributes: &[u8],
    raw: &[u8],
) -> Result<(SignatureAlgorithm, Vec<u8>), CmsError> {
    let parsed = Certificate::from_der(certificate).map_err(|_| CmsError::Certificate)?;
    let named = attributes::named_certificate(&Tlv::only(signed_attributes)?)?
        .ok_or(CmsError::CertificateMismatch)?;
    if named.hash.digest(&[certificate]).as_deref() != Some(named.digest.as_slice()) {
        return Err(CmsError::CertificateMismatch);
    }
    let spki = parsed
        .tbs_certificate
        .subject_public_key_info
        .to_der()
        .map_err(|_| CmsError::Certificate)?;
    let spki = Tlv::only(&spki)?;
    let key = PublicKey::read(&spki)?;
    let (algorithm, scheme, half) = match crate::pki::key(&parsed) {
        (KeyAlgorithm::Rsa, 2048..) => (SignatureAlgorithm::RsaSha256, Scheme::RsaPkcs1(Hash::Sha256), 0),
        (KeyAlgorithm::Ecdsa, 256) => (
            SignatureAlgorithm::EcdsaP256Sha256,
            Scheme::Ecdsa(Hash::Sha256),
            32,
        ),
        (KeyAlgorithm::Ecdsa, 384) => (
            SignatureAlgorithm::EcdsaP384Sha256,
            Scheme::Ecdsa(Hash::Sha256),
            48,
        ),
        _ => return Err(CmsError::KeyNotAccepted),
    };
    if key.check(scheme, signed_attributes, raw) == Checked::Good {
        return Ok((algorithm, raw.to_vec()));
    }
    if half > 0 && raw.len() == 2 * half {
        let (r, s) = raw.split_at(half);
        let der = write::constructed(tag::SEQUENCE, &[&write::unsigned(r), &write::unsigned(s)]);
        if key.check(scheme, signed_attributes, &der) == Checked::Good {
            return Ok((algorithm, der));
        }
    }
    Err(CmsError::WrongSignature)
}

/// Puts a detached signature together: certificates (the signer's first in `chain`), signed attributes exactly as they
/// were signed, signature value. The raw signature is verified first.
///
/// # Errors
/// As [`check_raw`]; [`CmsError::NoCertificate`] for an empty chain.
pub fn assemble(chain: &[Vec<u8>], signed_attributes: &[u8], raw: &[u8]) -> Result<Vec<u8>, CmsError> {
    let leaf = chain.first().ok_or(CmsError::NoCertificate)?;
    let (algorithm, signature) = checked(leaf, signed_attributes, raw)?;
    let parsed = Certificate::from_der(leaf).map_err(|_| CmsError::Certificate)?;
    let issuer = parsed
        .tbs_certificate
        .issuer
        .to_der()
        .map_err(|_| CmsError::Certificate)?;
    let serial = parsed
        .tbs_certificate
        .serial_number
        .to_der()
        .map_err(|_| CmsError::Certificate)?;
    let mut certificates: Vec<&[u8]> = Vec::new();
    for certificate in chain {
        Certificate::from_der(certificate).map_err(|_| CmsError::Certificate)?;
        if !certificates.contains(&certificate.as_slice()) {
            certificates.push(certificate);
        }
    }
    let mut implicit = signed_attributes.to_vec();
    if let Some(first) = implicit.first_mut() {
        *first = 0xa0;
    }
    let hash = write::algorithm(SHA256, false);
    let signature_algorithm = match algorithm {
        SignatureAlgorithm::RsaSha256 => write::algorithm(SHA256_RSA, true),
        SignatureAlgorithm::EcdsaP256Sha256 | SignatureAlgorithm::EcdsaP384Sha256 => {
            write::algorithm(SHA256_ECDSA, false)
        }
    };
    let signer = write::constructed(
        tag::SEQUENCE,
        &[
            &write::unsigned(&[1]),
            &write::constructed(tag::SEQUENCE, &[&issuer, &serial]),
            &hash,
            &implicit,
            &signature_algorithm,
            &write::value(tag::OCTET_STRING, &signature),
        ],
    );
    let signed = write::constructed(
        tag::SEQUENCE,
        &[
            &write::unsigned(&[1]),
            &write::set_of(tag::SET, &[&hash]),
            &write::constructed(tag::SEQUENCE, &[&write::oid(DATA)]),
            &write::set_of(0xa0, &certificates),
            &write::set_of(tag::SET, &[&signer]),
        ],
    );
    Ok(content_info(&signed))
}

/// Adds a time-stamp token (ContentInfo) over the signature value as an unsigned attribute: level B-T.
///
/// # Errors
/// [`CmsError::TimestampMismatch`] if the token is over something else; [`CmsError::Malformed`].
pub fn with_timestamp(cms: &[u8], token: &[u8]) -> Result<Vec<u8>, CmsError> {
    let value = signature_value(cms)?;
    let info = super::timestamp::TstInfo::of_token(token)?;
    if info.hash.digest(&[&value]).as_deref() != Some(info.imprint.as_slice()) {
        return Err(CmsError::TimestampMismatch);
    }
    let token = Tlv::only(token)?.raw;
    let stamp = attribute(TIMESTAMP_TOKEN, token);
    let (outer, _) = Tlv::read(cms)?;
    let explicit = outer.children().nth(1).ok_or(CmsError::Malformed)??;
    let signed = Tlv::only(explicit.value)?;
    let mut fields = signed.list()?;
    let signers = fields.pop().ok_or(CmsError::Malformed)?.expect(tag::SET)?;
    let signer = Tlv::only(signers.value)?;
    let mut parts = signer.list()?;
    let mut unsigned: Vec<&[u8]> = Vec::new();
    if let Some(last) = parts.last().filter(|last| last.tag == 0xa1).copied() {
        parts.pop();
        for entry in last.children() {
            unsigned.push(entry?.raw);
        }
    }
    unsigned.push(&stamp);
    let unsigned = write::set_of(0xa1, &unsigned);
    let mut parts: Vec<&[u8]> = parts.iter().map(|part| part.raw).collect();
    parts.push(&unsigned);
    let signer = write::constructed(tag::SEQUENCE, &parts);
    let signers = write::constructed(tag::SET, &[&signer]);
    let mut fields: Vec<&[u8]> = fields.iter().map(|field| field.raw).collect();
    fields.push(&signers);
    Ok(content_info(&write::constructed(tag::SEQUENCE, &fields)))
}

/// The signature value: what a signature time stamp is over.
///
/// # Errors
/// [`CmsError::Malformed`] or [`CmsError::NotSignedData`].
pub fn signature_value(cms: &[u8]) -> Result<Vec<u8>, CmsError> {
    Ok(SignedData::read(cms)?.signature)
}

fn content_info(signed: &[u8]) -> Vec<u8> {
    write::constructed(
        tag::SEQUENCE,
        &[&write::oid(super::read::SIGNED_DATA), &write::value(0xa0, signed)],
    )
}
