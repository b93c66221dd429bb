//! Signed attributes: what the key really signs.

use const_oid::ObjectIdentifier;

use super::{
    CmsError,
    algorithm::{Hash, SHA1, SHA256, first_oid, oid},
    tlv::{Tlv, tag},
    write,
};

pub(crate) const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
pub(crate) const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
pub(crate) const SIGNING_TIME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.5");
pub(crate) const SIGNING_CERTIFICATE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
pub(crate) const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
pub(crate) const TIMESTAMP_TOKEN: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
pub(crate) const ADOBE_REVOCATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.8");
pub(crate) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

/// The signed attributes of a PAdES baseline signature: contentType, messageDigest, signing-certificate-v2, as DER SET OF.
///
/// There is no signing-time attribute: PAdES puts the claimed time into the PDF (`/M`). `digest` is the SHA-256 of the
/// byte range, `certificate` the DER of the signer's certificate.
///
/// # Errors
/// [`CmsError::Certificate`] if the certificate cannot be read.
pub fn signed_attributes(digest: &[u8; 32], certificate: &[u8]) -> Result<Vec<u8>, CmsError> {
    Tlv::only(certificate)
        .and_then(|certificate| certificate.expect(tag::SEQUENCE))
        .map_err(|_| CmsError::Certificate)?;
    let certificate_hash = Hash::Sha256.digest(&[certificate]).ok_or(CmsError::Certificate)?;
    // ESSCertIDv2 with SHA-256: the default, hence not written (RFC 5035)
    let identifier = write::constructed(
        tag::SEQUENCE,
        &[&write::value(tag::OCTET_STRING, &certificate_hash)],
    );
    let signing_certificate = write::constructed(
        tag::SEQUENCE,
        &[&write::constructed(tag::SEQUENCE, &[&identifier])],
    );
    let attributes = [
        attribute(CONTENT_TYPE, &write::oid(DATA)),
        attribute(MESSAGE_DIGEST, &write::value(tag::OCTET_STRING, digest)),
        attribute(SIGNING_CERTIFICATE_V2, &signing_certificate),
    ];
    let parts: Vec<&[u8]> = attributes.iter().map(Vec::as_slice).collect();
    Ok(write::set_of(tag::SET, &parts))
}

/// SHA-256 of the signed attributes: the only thing that leaves the server for signing.
#[must_use]
pub fn to_sign(signed_attributes: &[u8]) -> [u8; 32] {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, signed_attributes);
    let mut out = [0; 32];
    out.copy_from_slice(digest.as_ref());
    out
}

/// An attribute with one value.
pub(crate) fn attribute(of: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    write::constructed(
        tag::SEQUENCE,
        &[&write::oid(of), &write::constructed(tag::SET, &[value])],
    )
}

/// The values of an attribute in a set of attributes; empty if it is not there.
///
/// The same attribute twice is refused: two readers could take different ones.
pub(crate) fn values<'a>(attributes: &Tlv<'a>, of: ObjectIdentifier) -> Result<Vec<Tlv<'a>>, CmsError> {
    let mut found = None;
    for entry in attributes.children() {
        let entry = entry?;
        if first_oid(&entry)? != of {
            continue;
        }
        let parts = entry.list()?;
        let [_, set] = parts.as_slice() else {
            return Err(CmsError::Malformed);
        };
        if found.is_some() {
            return Err(CmsError::Malformed);
        }
        found = Some(set.expect(tag::SET)?.list()?);
    }
    Ok(found.unwrap_or_default())
}

/// The one value of an attribute.
pub(crate) fn single<'a>(attributes: &Tlv<'a>, of: ObjectIdentifier) -> Result<Option<Tlv<'a>>, CmsError> {
    match values(attributes, of)?.as_slice() {
        [] => Ok(None),
        [value] => Ok(Some(*value)),
        _ => Err(CmsError::Malformed),
    }
}

/// Which certificate a signing-certificate attribute names first: hash function and hash.
pub(crate) struct NamedCertificate {
    pub v2: bool,
    pub hash: Hash,
    pub digest: Vec<u8>,
}

/// Reads signing-certificate-v2, otherwise the older signing-certificate.
pub(crate) fn named_certificate(attributes: &Tlv<'_>) -> Result<Option<NamedCertificate>, CmsError> {
    for (of, v2) in [(SIGNING_CERTIFICATE_V2, true), (SIGNING_CERTIFICATE, false)] {
        let Some(value) = single(attributes, of)? else {
            continue;
        };
        let first = |tlv: Tlv<'_>| tlv.value.to_vec();
        let list = value
            .expect(tag::SEQUENCE)?
            .children()
            .next()
            .ok_or(CmsError::Malformed)??;
        let identifier = list
            .expect(tag::SEQUENCE)?
            .children()
            .next()
            .ok_or(CmsError::Malformed)??;
        let parts = identifier.expect(tag::SEQUENCE)?.list()?;
        let (algorithm, digest) = match parts.as_slice() {
            [algorithm, digest, ..] if v2 && algorithm.tag == tag::SEQUENCE => {
                (first_oid(algorithm)?, digest.expect(tag::OCTET_STRING)?)
            }
            [digest, ..] => (if v2 { SHA256 } else { SHA1 }, digest.expect(tag::OCTET_STRING)?),
            [] => return Err(CmsError::Malformed),
        };
        return Ok(Some(NamedCertificate {
            v2,
            hash: Hash::from_oid(algorithm),
            digest: first(digest),
        }));
    }
    Ok(None)
}

/// contentType.
pub(crate) fn content_type(attributes: &Tlv<'_>) -> Result<Option<ObjectIdentifier>, CmsError> {
    single(attributes, CONTENT_TYPE)?
        .map(|value| oid(&value))
        .transpose()
}

/// messageDigest.
pub(crate) fn message_digest(attributes: &Tlv<'_>) -> Result<Option<Vec<u8>>, CmsError> {
    single(attributes, MESSAGE_DIGEST)?
        .map(|value| value.octets())
        .transpose()
}
