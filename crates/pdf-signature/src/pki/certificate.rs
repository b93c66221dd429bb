//! What a certificate says, in plain values.

use const_oid::ObjectIdentifier;
use der::{Decode, Encode, asn1::Any};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use x509_cert::{
    Certificate,
    ext::pkix::{
        AuthorityInfoAccessSyntax, BasicConstraints, CrlDistributionPoints, ExtendedKeyUsage, KeyUsage,
        KeyUsages,
        name::{DistributionPointName, GeneralName},
    },
    name::Name,
};

use super::PkiError;
use crate::verify::Role;

/// The kind of a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyAlgorithm {
    /// RSA.
    #[serde(rename = "RSA")]
    Rsa,
    /// ECDSA on a NIST curve.
    #[serde(rename = "ECDSA")]
    Ecdsa,
    /// Anything else: not used.
    #[serde(rename = "other")]
    Other,
}

impl KeyAlgorithm {
    /// As in the rows of the algorithm policy.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
            Self::Ecdsa => "ECDSA",
            Self::Other => "other",
        }
    }
}

/// A bit of the key usage extension (RFC 5280, 4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum KeyUsageBit {
    /// digitalSignature
    DigitalSignature,
    /// nonRepudiation (contentCommitment)
    NonRepudiation,
    /// keyEncipherment
    KeyEncipherment,
    /// dataEncipherment
    DataEncipherment,
    /// keyAgreement
    KeyAgreement,
    /// keyCertSign
    KeyCertSign,
    /// cRLSign
    CrlSign,
}

/// What a certificate says. Hexadecimal in lower case, times UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateFacts {
    /// Common name.
    pub subject_cn: Option<String>,
    /// Position (title).
    pub title: Option<String>,
    /// Agency or organisation.
    pub org: Option<String>,
    /// Unit within it.
    pub org_unit: Option<String>,
    /// organizationIdentifier (2.5.4.97), otherwise a tax code in UID (`MST:…`).
    pub org_id: Option<String>,
    /// UID, which in Viet Nam carries the personal identification (`CCCD:…`).
    pub uid: Option<String>,
    /// E-mail address of subject or alternative name.
    pub email: Option<String>,
    /// The whole subject, RFC 4514.
    pub subject: String,
    /// A person or an organisation, by the naming of the subject.
    pub role: Role,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Common name of the issuer, otherwise its organisation, otherwise the whole name.
    pub issuer: String,
    /// First second of validity.
    pub not_before: Timestamp,
    /// Last second of validity.
    pub not_after: Timestamp,
    /// RSA, ECDSA, other.
    pub key_algorithm: KeyAlgorithm,
    /// Modulus or curve length; 0 if unknown.
    pub key_bits: u32,
    /// Empty if the certificate has no such extension.
    pub key_usages: Vec<KeyUsageBit>,
    /// Dotted object identifiers; empty if the certificate has no such extension.
    pub extended_key_usages: Vec<String>,
    /// A certification authority.
    pub is_ca: bool,
    /// Where revocation lists are published.
    pub crl_urls: Vec<String>,
    /// Where the status service answers.
    pub ocsp_urls: Vec<String>,
    /// Where the issuer's certificate is published.
    pub issuer_urls: Vec<String>,
    /// SHA-256 of the certificate, hexadecimal.
    pub sha256: String,
}

const CN: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const SURNAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.4");
const ORG: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const UNIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");
const TITLE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.12");
const GIVEN_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.42");
const ORG_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.97");
const UID: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.1");
const EMAIL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ACCESS_OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const ACCESS_ISSUER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");

/// Reads a certificate in DER.
///
/// # Errors
/// [`PkiError::Certificate`] if it is not one.
pub fn certificate_facts(der: &[u8]) -> Result<CertificateFacts, PkiError> {
    let certificate = Certificate::from_der(der).map_err(|_| PkiError::Certificate)?;
    facts(&certificate, der).ok_or(PkiError::Certificate)
}

pub(crate) fn facts(certificate: &Certificate, der: &[u8]) -> Option<CertificateFacts> {
    let tbs = &certificate.tbs_certificate;
    let subject = &tbs.subject;
    let uid = attribute(subject, UID);
    let org_id = attribute(subject, ORG_ID).or_else(|| uid.clone().filter(|id| id.starts_with("MST:")));
    let (key_algorithm, key_bits) = key(certificate);
    let (ocsp_urls, issuer_urls) = access(certificate);
    let email = attribute(subject, EMAIL);
    Some(CertificateFacts {
        role: role(subject, org_id.is_some()),
        subject_cn: attribute(subject, CN),
        title: attribute(subject, TITLE),
        org: attribute(subject, ORG),
        org_unit: attribute(subject, UNIT),
        org_id,
        uid,
        email,
        subject: subject.to_string(),
        serial: hex::encode(tbs.serial_number.as_bytes()),
        issuer: display_name(&tbs.issuer),
        not_before: time(&tbs.validity.not_before)?,
        not_after: time(&tbs.validity.not_after)?,
        key_algorithm,
        key_bits,
        key_usages: key_usages(certificate).unwrap_or_default(),
        extended_key_usages: extended_key_usages(certificate)
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect(),
        is_ca: is_ca(certificate),
        crl_urls: crl_urls(certificate),
        ocsp_urls,
        issuer_urls,
        sha256: super::sha256_hex(der),
    })
}

/// Common name, otherwise organisation, otherwise all of it.
pub(crate) fn display_name(name: &Name) -> String {
    attribute(name, CN)
        .or_else(|| attribute(name, ORG))
        .unwrap_or_else(|| name.to_string())
}

pub(crate) fn time(at: &x509_cert::time::Time) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(at.to_unix_duration().as_secs()).ok()?).ok()
}

/// `None` without the extension.
pub(crate) fn key_usages(certificate: &Certificate) -> Option<Vec<KeyUsageBit>> {
    let (_, usage) = certificate.tbs_certificate.get::<KeyUsage>().ok()??;
    let table = [
        (KeyUsages::DigitalSignature, KeyUsageBit::DigitalSignature),
        (KeyUsages::NonRepudiation, KeyUsageBit::NonRepudiation),
        (KeyUsages::KeyEncipherment, KeyUsageBit::KeyEncipherment),
        (KeyUsages::DataEncipherment, KeyUsageBit::DataEncipherment),
        (KeyUsages::KeyAgreement, KeyUsageBit::KeyAgreement),
        (KeyUsages::KeyCertSign, KeyUsageBit::KeyCertSign),
        (KeyUsages::CRLSign, KeyUsageBit::CrlSign),
    ];
    Some(
        table
            .into_iter()
            .filter(|(flag, _)| usage.0.contains(*flag))
            .map(|(_, bit)| bit)
            .collect(),
    )
}

/// `None` without the extension.
pub(crate) fn extended_key_usages(certificate: &Certificate) -> Option<Vec<ObjectIdentifier>> {
    let (_, usage) = certificate.tbs_certificate.get::<ExtendedKeyUsage>().ok()??;
    Some(usage.0)
}

pub(crate) fn is_ca(certificate: &Certificate) -> bool {
    matches!(
        certificate.tbs_certificate.get::<BasicConstraints>(),
        Ok(Some((_, BasicConstraints { ca: true, .. })))
    )
}

/// Kind and length of the public key.
pub(crate) fn key(certificate: &Certificate) -> (KeyAlgorithm, u32) {
    let spki = &certificate.tbs_certificate.subject_public_key_info;
    let oid = spki.algorithm.oid;
    if oid == RSA || oid == RSA_PSS {
        let bits = spki
            .subject_public_key
            .as_bytes()
            .and_then(crate::cms::tlv::rsa_modulus_bits)
            .unwrap_or(0);
        return (KeyAlgorithm::Rsa, bits);
    }
    if oid == EC {
        let curve = spki
            .algorithm
            .parameters
            .as_ref()
            .and_then(|any| any.decode_as::<ObjectIdentifier>().ok())
            .map(|curve| curve.to_string());
        let bits = match curve.as_deref() {
            Some("1.2.840.10045.3.1.7") => 256,
            Some("1.3.132.0.34") => 384,
            Some("1.3.132.0.35") => 521,
            _ => 0,
        };
        return (KeyAlgorithm::Ecdsa, bits);
    }
    (KeyAlgorithm::Other, 0)
}

fn role(subject: &Name, has_org_id: bool) -> Role {
    let personal = [TITLE, SURNAME, GIVEN_NAME]
        .into_iter()
        .any(|oid| attribute(subject, oid).is_some())
        || attribute(subject, UID).is_some_and(|id| !id.starts_with("MST:"));
    if personal {
        return Role::Person;
    }
    let cn = attribute(subject, CN);
    if has_org_id || (cn.is_some() && cn == attribute(subject, ORG)) {
        Role::Organization
    } else {
        Role::Person
    }
}

/// The last attribute of that kind: the most specific one.
fn attribute(name: &Name, oid: ObjectIdentifier) -> Option<String> {
    name.0
        .iter()
        .flat_map(|rdn| rdn.0.iter())
        .filter(|attribute| attribute.oid == oid)
        .filter_map(|attribute| text(&attribute.value))
        .next_back()
}

/// UTF8String, PrintableString, IA5String, TeletexString (read as Latin-1) and BMPString.
fn text(value: &Any) -> Option<String> {
    let bytes = value.value();
    let read = match value.to_der().ok()?.first()? {
        0x0c | 0x13 | 0x16 => String::from_utf8(bytes.to_vec()).ok()?,
        0x14 => bytes.iter().map(|byte| char::from(*byte)).collect(),
        0x1e => {
            let units: Vec<u16> = bytes
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                .collect();
            String::from_utf16(&units).ok()?
        }
        _ => return None,
    };
    // a name must not be able to break the line or turn the direction of what people read
    let clean: String = read
        .chars()
        .filter(|c| {
            !c.is_control()
                && !matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .collect();
    let clean = clean.trim();
    (!clean.is_empty()).then(|| clean.to_owned())
}

pub(crate) fn crl_urls(certificate: &Certificate) -> Vec<String> {
    let Ok(Some((_, points))) = certificate.tbs_certificate.get::<CrlDistributionPoints>() else {
        return Vec::new();
    };
    points
        .0
        .into_iter()
        .filter_map(|point| point.distribution_point)
        .filter_map(|name| match name {
            DistributionPointName::FullName(names) => Some(names),
            DistributionPointName::NameRelativeToCRLIssuer(_) => None,
        })
        .flatten()
        .filter_map(|name| url(&name))
        .collect()
}

fn access(certificate: &Certificate) -> (Vec<String>, Vec<String>) {
    let Ok(Some((_, access))) = certificate.tbs_certificate.get::<AuthorityInfoAccessSyntax>() else {
        return (Vec::new(), Vec::new());
    };
    let of = |method| {
        access
            .0
            .iter()
            .filter(|description| description.access_method == method)
            .filter_map(|description| url(&description.access_location))
            .collect()
    };
    (of(ACCESS_OCSP), of(ACCESS_ISSUER))
}

/// Only http and https: nobody needs ldap or file here.
fn url(name: &GeneralName) -> Option<String> {
    let GeneralName::UniformResourceIdentifier(uri) = name else {
        return None;
    };
    let uri = uri.as_str();
    let lower = uri.to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://")).then(|| uri.to_owned())
}
