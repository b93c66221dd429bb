//! Hash functions and signature schemes as they are named in signatures and certificates, and the check of one signature.

use aws_lc_rs::{digest, signature as sig};
use const_oid::ObjectIdentifier;
use rsa::{RsaPublicKey, pkcs1::DecodeRsaPublicKey, sha2};

use super::{
    CmsError,
    tlv::{Tlv, rsa_modulus_bits, tag},
};

pub(crate) const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
pub(crate) const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
pub(crate) const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
pub(crate) const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
pub(crate) const SHA256_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
pub(crate) const SHA256_ECDSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const P256: &str = "1.2.840.10045.3.1.7";
const P384: &str = "1.3.132.0.34";
const P521: &str = "1.3.132.0.35";

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// Only to tell a weak signature from a broken one.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// Not computed here (MD5, SHA-224 …).
    Other,
}

impl Hash {
    pub(crate) fn from_oid(oid: ObjectIdentifier) -> Self {
        match oid {
            SHA1 => Self::Sha1,
            SHA256 => Self::Sha256,
            SHA384 => Self::Sha384,
            SHA512 => Self::Sha512,
            _ => Self::Other,
        }
    }

    /// As in the rows of the algorithm policy.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Other => "other",
        }
    }

    /// The digest of pieces, or nothing for a function that we do not compute.
    #[must_use]
    pub fn digest(self, pieces: &[&[u8]]) -> Option<Vec<u8>> {
        let algorithm = match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
            Self::Other => return None,
        };
        let mut context = digest::Context::new(algorithm);
        for piece in pieces {
            context.update(piece);
        }
        Some(context.finish().as_ref().to_vec())
    }
}

/// How a signature value was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1(Hash),
    /// RSASSA-PSS; mask generation with the same hash function.
    RsaPss(Hash, usize),
    /// ECDSA.
    Ecdsa(Hash),
    /// Not known here.
    Other,
}

impl Scheme {
    /// From an AlgorithmIdentifier; plain `rsaEncryption` takes the hash function named beside it.
    pub(crate) fn read(algorithm: &Tlv<'_>, beside: Option<Hash>) -> Result<Self, CmsError> {
        let mut parts = algorithm.expect(tag::SEQUENCE)?.children();
        let oid = oid(&parts.next().ok_or(CmsError::Malformed)??)?;
        Ok(match oid.to_string().as_str() {
            "1.2.840.113549.1.1.1" => beside.map_or(Self::Other, Self::RsaPkcs1),
            "1.2.840.113549.1.1.5" => Self::RsaPkcs1(Hash::Sha1),
            "1.2.840.113549.1.1.11" => Self::RsaPkcs1(Hash::Sha256),
            "1.2.840.113549.1.1.12" => Self::RsaPkcs1(Hash::Sha384),
            "1.2.840.113549.1.1.13" => Self::RsaPkcs1(Hash::Sha512),
            "1.2.840.113549.1.1.10" => match parts.next() {
                Some(parameters) => pss(&parameters?)?,
                None => Self::RsaPss(Hash::Sha1, 20),
            },
            "1.2.840.10045.4.1" => Self::Ecdsa(Hash::Sha1),
            "1.2.840.10045.4.3.2" => Self::Ecdsa(Hash::Sha256),
            "1.2.840.10045.4.3.3" => Self::Ecdsa(Hash::Sha384),
            "1.2.840.10045.4.3.4" => Self::Ecdsa(Hash::Sha512),
            // old tools name the key where the scheme should stand
            "1.2.840.10045.2.1" => beside.map_or(Self::Other, Self::Ecdsa),
            _ => Self::Other,
        })
    }

    /// The hash function inside.
    #[must_use]
    pub const fn hash(self) -> Hash {
        match self {
            Self::RsaPkcs1(hash) | Self::RsaPss(hash, _) | Self::Ecdsa(hash) => hash,
            Self::Other => Hash::Other,
        }
    }

    /// What people read.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::RsaPkcs1(_) => "RSA PKCS#1 v1.5".into(),
            Self::RsaPss(_, salt) => format!("RSA-PSS (salt {salt})"),
            Self::Ecdsa(_) => "ECDSA".into(),
            Self::Other => "không hỗ trợ".into(),
        }
    }
}

/// RSASSA-PSS-params (RFC 4055); other masks than MGF1 with the same hash are not used by anybody.
fn pss(parameters: &Tlv<'_>) -> Result<Scheme, CmsError> {
    let (mut hash, mut mask, mut salt) = (Hash::Sha1, Hash::Sha1, 20usize);
    for field in parameters.expect(tag::SEQUENCE)?.children() {
        let field = field?;
        let inner = Tlv::only(field.value)?;
        match field.tag {
            0xa0 => hash = Hash::from_oid(first_oid(&inner)?),
            0xa1 => {
                let mut parts = inner.children();
                let function = oid(&parts.next().ok_or(CmsError::Malformed)??)?;
                if function.to_string() != "1.2.840.113549.1.1.8" {
                    return Ok(Scheme::Other);
                }
                mask = Hash::from_oid(first_oid(&parts.next().ok_or(CmsError::Malformed)??)?);
            }
            0xa2 => salt = small(&inner)?,
            0xa3 if small(&inner)? == 1 => {}
            _ => return Ok(Scheme::Other),
        }
    }
    Ok(if hash == mask {
        Scheme::RsaPss(hash, salt)
    } else {
        Scheme::Other
    })
}

/// An object identifier.
pub(crate) fn oid(tlv: &Tlv<'_>) -> Result<ObjectIdentifier, CmsError> {
    ObjectIdentifier::from_bytes(tlv.expect(tag::OID)?.value).map_err(|_| CmsError::Malformed)
}

/// The object identifier at the start of a sequence (an AlgorithmIdentifier, an attribute).
pub(crate) fn first_oid(sequence: &Tlv<'_>) -> Result<ObjectIdentifier, CmsError> {
    oid(&sequence
        .expect(tag::SEQUENCE)?
        .children()
        .next()
        .ok_or(CmsError::Malformed)??)
}

fn small(tlv: &Tlv<'_>) -> Result<usize, CmsError> {
    let value = tlv.expect(tag::INTEGER)?.value;
    if value.is_empty() || value.len() > 2 || value[0] & 0x80 != 0 {
        return Err(CmsError::Malformed);
    }
    Ok(value
        .iter()
        .fold(0, |number, digit| number * 256 + usize::from(*digit)))
}

/// The outcome of a check of a signature value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// It fits key and message.
    Good,
    /// It does not.
    Bad,
    /// Scheme or key are not known here.
    Unsupported,
}

/// A public key: SubjectPublicKeyInfo split into what is needed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PublicKey<'a> {
    curve: Option<ObjectIdentifier>,
    rsa: bool,
    bits: &'a [u8],
}

impl<'a> PublicKey<'a> {
    /// From the DER of a SubjectPublicKeyInfo.
    pub(crate) fn read(spki: &Tlv<'a>) -> Result<Self, CmsError> {
        let parts = spki.expect(tag::SEQUENCE)?.list()?;
        let [algorithm, key] = parts.as_slice() else {
            return Err(CmsError::Malformed);
        };
        let name = first_oid(algorithm)?.to_string();
        let curve = match name.as_str() {
            "1.2.840.10045.2.1" => algorithm
                .children()
                .nth(1)
                .and_then(|parameters| parameters.ok().and_then(|parameters| oid(&parameters).ok())),
            _ => None,
        };
        Ok(Self {
            curve,
            rsa: matches!(name.as_str(), "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10"),
            bits: bit_string(key)?,
        })
    }

    /// Does the signature fit the message?
    pub(crate) fn check(&self, scheme: Scheme, message: &[u8], signature: &[u8]) -> Checked {
        let algorithm: &dyn sig::VerificationAlgorithm = match scheme {
            Scheme::RsaPkcs1(hash) if self.rsa => match hash {
                Hash::Sha1 => &sig::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
                Hash::Sha256 => &sig::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
                Hash::Sha384 => &sig::RSA_PKCS1_2048_8192_SHA384,
                Hash::Sha512 => &sig::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
                Hash::Other => return Checked::Unsupported,
            },
            Scheme::RsaPss(hash, salt) if self.rsa => match (hash, salt) {
                (Hash::Sha256, 32) => &sig::RSA_PSS_2048_8192_SHA256,
                (Hash::Sha384, 48) => &sig::RSA_PSS_2048_8192_SHA384,
                (Hash::Sha512, 64) => &sig::RSA_PSS_2048_8192_SHA512,
                _ => return self.check_pss(hash, salt, message, signature),
            },
            Scheme::Ecdsa(hash) => match (self.curve.map(|c| c.to_string()).as_deref(), hash) {
                (Some(P256), Hash::Sha256) => &sig::ECDSA_P256_SHA256_ASN1,
                (Some(P256), Hash::Sha384) => &sig::ECDSA_P256_SHA384_ASN1,
                (Some(P256), Hash::Sha512) => &sig::ECDSA_P256_SHA512_ASN1,
                (Some(P384), Hash::Sha256) => &sig::ECDSA_P384_SHA256_ASN1,
                (Some(P384), Hash::Sha384) => &sig::ECDSA_P384_SHA384_ASN1,
                (Some(P384), Hash::Sha512) => &sig::ECDSA_P384_SHA512_ASN1,
                (Some(P521), Hash::Sha256) => &sig::ECDSA_P521_SHA256_ASN1,
                (Some(P521), Hash::Sha384) => &sig::ECDSA_P521_SHA384_ASN1,
                (Some(P521), Hash::Sha512) => &sig::ECDSA_P521_SHA512_ASN1,
                (Some(P256), Hash::Sha1) => &sig::ECDSA_P256_SHA1_ASN1,
                _ => return Checked::Unsupported,
            },
            _ => return Checked::Unsupported,
        };
        // a smaller RSA key than the algorithm above takes is weak, not broken
        if self.rsa && rsa_modulus_bits(self.bits).is_none_or(|bits| bits < 1024) {
            return Checked::Unsupported;
        }
        match sig::UnparsedPublicKey::new(algorithm, self.bits).verify(message, signature) {
            Ok(()) => Checked::Good,
            Err(_) => Checked::Bad,
        }
    }

    /// aws-lc takes only a salt as long as the digest; other signers use other lengths.
    fn check_pss(&self, hash: Hash, salt: usize, message: &[u8], signature: &[u8]) -> Checked {
        let (Some(digest), Ok(key)) = (hash.digest(&[message]), RsaPublicKey::from_pkcs1_der(self.bits))
        else {
            return Checked::Unsupported;
        };
        let scheme = match hash {
            Hash::Sha256 => rsa::Pss::new_with_salt::<sha2::Sha256>(salt),
            Hash::Sha384 => rsa::Pss::new_with_salt::<sha2::Sha384>(salt),
            Hash::Sha512 => rsa::Pss::new_with_salt::<sha2::Sha512>(salt),
            Hash::Sha1 | Hash::Other => return Checked::Unsupported,
        };
        match key.verify(scheme, &digest, signature) {
            Ok(()) => Checked::Good,
            Err(_) => Checked::Bad,
        }
    }
}

/// The octets of a BIT STRING without unused bits.
pub(crate) fn bit_string<'a>(tlv: &Tlv<'a>) -> Result<&'a [u8], CmsError> {
    match tlv.expect(tag::BIT_STRING)?.value.split_first() {
        Some((0, bits)) => Ok(bits),
        _ => Err(CmsError::Malformed),
    }
}
