//! Certificates: profiles and signing of the structure.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use const_oid::db::rfc5280::{
    ID_KP_CLIENT_AUTH, ID_KP_EMAIL_PROTECTION, ID_KP_OCSP_SIGNING, ID_KP_SERVER_AUTH, ID_KP_TIME_STAMPING,
};
use const_oid::{AssociatedOid, ObjectIdentifier};
use der::asn1::{BitString, GeneralizedTime, Ia5String, OctetString, UtcTime};
use der::{DateTime, Decode as _, Encode};
use jiff::Timestamp;
use spki::SubjectPublicKeyInfoOwned;
use x509_cert::certificate::{Certificate, TbsCertificate, Version};
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints,
    CrlDistributionPoints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, Extensions};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};

use crate::keys::PrivateKey;
use crate::{Agency, Error, Person};

/// What a certificate may be used for, beyond its key usage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExtendedUsage {
    /// Thư điện tử; also what signing applications accept.
    EmailProtection,
    /// Document signing, RFC 9336.
    DocumentSigning,
    /// Client authentication.
    ClientAuthentication,
    /// Server authentication: wrong for a signer.
    ServerAuthentication,
    /// Time stamping, RFC 3161.
    TimeStamping,
    /// Answering OCSP for the authority that issued the certificate.
    OcspSigning,
}

impl ExtendedUsage {
    fn oid(self) -> ObjectIdentifier {
        const DOCUMENT_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36");
        match self {
            Self::EmailProtection => ID_KP_EMAIL_PROTECTION,
            Self::DocumentSigning => DOCUMENT_SIGNING,
            Self::ClientAuthentication => ID_KP_CLIENT_AUTH,
            Self::ServerAuthentication => ID_KP_SERVER_AUTH,
            Self::TimeStamping => ID_KP_TIME_STAMPING,
            Self::OcspSigning => ID_KP_OCSP_SIGNING,
        }
    }
}

/// Whose certificate it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A person.
    Person(Person),
    /// An agency.
    Agency(Agency),
}

/// A certificate that departs from the usual profile, for tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateOrder {
    /// Whose it is.
    pub subject: Subject,
    /// First moment of validity.
    pub not_before: Timestamp,
    /// Last moment of validity; in the past for an expired certificate.
    pub not_after: Timestamp,
    /// Extended usages; none leaves the extension out.
    pub extended_usages: Vec<ExtendedUsage>,
    /// Whether the key usage says digitalSignature and nonRepudiation; otherwise keyEncipherment only, which is wrong for a signer.
    pub may_sign: bool,
}

impl CertificateOrder {
    /// The usual profile of a signer: three years for a person, five for an agency, from `at`.
    #[must_use]
    pub fn usual(subject: Subject, at: Timestamp) -> Self {
        let years = match subject {
            Subject::Person(_) => 3,
            Subject::Agency(_) => 5,
        };
        Self {
            subject,
            not_before: at,
            not_after: later(at, years * YEAR),
            extended_usages: vec![ExtendedUsage::EmailProtection, ExtendedUsage::DocumentSigning],
            may_sign: true,
        }
    }

    /// Other limits of validity.
    #[must_use]
    pub fn valid(mut self, not_before: Timestamp, not_after: Timestamp) -> Self {
        (self.not_before, self.not_after) = (not_before, not_after);
        self
    }

    /// Other extended usages.
    #[must_use]
    pub fn extended_usages(mut self, usages: &[ExtendedUsage]) -> Self {
        self.extended_usages = usages.to_vec();
        self
    }
}

/// Seconds of a day and of a year.
pub(crate) const DAY: i64 = 86_400;
pub(crate) const YEAR: i64 = 365 * DAY;

/// `at` moved by seconds; the end of time when that is beyond it.
pub(crate) fn later(at: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_second(at.as_second().saturating_add(seconds)).unwrap_or(Timestamp::MAX)
}

/// Everything that is signed into a certificate besides the names of the algorithms.
pub(crate) struct Content<'a> {
    pub subject: Name,
    pub public_key: &'a [u8],
    pub not_before: Timestamp,
    pub not_after: Timestamp,
    pub extensions: Extensions,
}

/// Who signs.
pub(crate) struct Signer<'a> {
    pub name: &'a Name,
    pub key: &'a PrivateKey,
}

impl Signer<'_> {
    pub fn certificate(&self, content: Content<'_>) -> Result<Certificate, Error> {
        let signature = self.key.signature_identifier();
        let tbs_certificate = TbsCertificate {
            version: Version::V3,
            serial_number: random_serial()?,
            signature: signature.clone(),
            issuer: self.name.clone(),
            validity: Validity {
                not_before: x509_time(content.not_before)?,
                not_after: x509_time(content.not_after)?,
            },
            subject: content.subject,
            subject_public_key_info: SubjectPublicKeyInfoOwned::from_der(content.public_key)?,
            issuer_unique_id: None,
            subject_unique_id: None,
            extensions: Some(content.extensions),
        };
        let raw = self.key.sign(&tbs_certificate.to_der()?, self.key.usual())?;
        Ok(Certificate {
            tbs_certificate,
            signature_algorithm: signature,
            signature: BitString::from_bytes(&raw)?,
        })
    }
}

/// 127 random bits, so that the number is positive in 16 bytes.
fn random_serial() -> Result<SerialNumber, Error> {
    let mut bytes = [0_u8; 16];
    rand::fill(&mut bytes).map_err(Error::key)?;
    // the first byte is kept between 0x40 and 0x7f: positive, and always the same length
    bytes[0] = (bytes[0] & 0x7f) | 0x40;
    Ok(SerialNumber::new(&bytes)?)
}

pub(crate) fn date_time(at: Timestamp) -> Result<DateTime, Error> {
    let seconds = u64::try_from(at.as_second()).map_err(|_| Error::Time(at))?;
    DateTime::from_unix_duration(std::time::Duration::from_secs(seconds)).map_err(|_| Error::Time(at))
}

/// RFC 5280: UTCTime through 2049.
pub(crate) fn x509_time(at: Timestamp) -> Result<Time, Error> {
    let moment = date_time(at)?;
    if moment.year() <= UtcTime::MAX_YEAR {
        Ok(Time::UtcTime(UtcTime::from_date_time(moment)?))
    } else {
        Ok(Time::GeneralTime(GeneralizedTime::from_date_time(moment)))
    }
}

// ---- extensions

pub(crate) fn extension<T: AssociatedOid + Encode>(critical: bool, value: &T) -> Result<Extension, Error> {
    Ok(Extension {
        extn_id: T::OID,
        critical,
        extn_value: OctetString::new(value.to_der()?)?,
    })
}

/// RFC 7093 method 1: the first 160 bits of SHA-256 over the public key.
pub(crate) fn key_identifier(public_key: &[u8]) -> Result<OctetString, Error> {
    let info = SubjectPublicKeyInfoOwned::from_der(public_key)?;
    let hash = digest(&SHA256, info.subject_public_key.raw_bytes());
    Ok(OctetString::new(&hash.as_ref()[..20])?)
}

pub(crate) fn key_identifiers(subject: &[u8], issuer: &[u8]) -> Result<Extensions, Error> {
    Ok(vec![
        extension(false, &SubjectKeyIdentifier(key_identifier(subject)?))?,
        authority_key(issuer)?,
    ])
}

pub(crate) fn authority_key(issuer: &[u8]) -> Result<Extension, Error> {
    let identifier = AuthorityKeyIdentifier {
        key_identifier: Some(key_identifier(issuer)?),
        authority_cert_issuer: None,
        authority_cert_serial_number: None,
    };
    extension(false, &identifier)
}

pub(crate) fn authority_constraints(path_length: Option<u8>) -> Result<Extensions, Error> {
    let constraints = BasicConstraints {
        ca: true,
        path_len_constraint: path_length,
    };
    Ok(vec![
        extension(true, &constraints)?,
        extension(true, &KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign))?,
    ])
}

pub(crate) fn leaf_usages(may_sign: bool, extended: &[ExtendedUsage]) -> Result<Extensions, Error> {
    let usage = if may_sign {
        KeyUsages::DigitalSignature | KeyUsages::NonRepudiation
    } else {
        KeyUsages::KeyEncipherment.into()
    };
    let constraints = BasicConstraints {
        ca: false,
        path_len_constraint: None,
    };
    let mut extensions = vec![extension(true, &constraints)?, extension(true, &KeyUsage(usage))?];
    if !extended.is_empty() {
        // RFC 3161 2.3: time stamping stands alone and is critical
        let critical = extended == [ExtendedUsage::TimeStamping];
        let usages = ExtendedKeyUsage(extended.iter().map(|usage| usage.oid()).collect());
        extensions.push(extension(critical, &usages)?);
    }
    Ok(extensions)
}

/// Where the CRL, the OCSP responder and the issuer's certificate are found; what is `None` is left out.
pub(crate) fn locations(
    crl: Option<&str>,
    ocsp: Option<&str>,
    issuer: Option<&str>,
) -> Result<Extensions, Error> {
    let mut extensions = Vec::new();
    if let Some(url) = crl {
        let point = DistributionPoint {
            distribution_point: Some(DistributionPointName::FullName(vec![uri(url)?])),
            reasons: None,
            crl_issuer: None,
        };
        extensions.push(extension(false, &CrlDistributionPoints(vec![point]))?);
    }
    let mut access = Vec::new();
    for (method, url) in [
        (const_oid::db::rfc5280::ID_AD_OCSP, ocsp),
        (const_oid::db::rfc5280::ID_AD_CA_ISSUERS, issuer),
    ] {
        if let Some(url) = url {
            access.push(AccessDescription {
                access_method: method,
                access_location: uri(url)?,
            });
        }
    }
    if !access.is_empty() {
        extensions.push(extension(false, &AuthorityInfoAccessSyntax(access))?);
    }
    Ok(extensions)
}

fn uri(url: &str) -> Result<GeneralName, Error> {
    Ok(GeneralName::UniformResourceIdentifier(Ia5String::new(url)?))
}
