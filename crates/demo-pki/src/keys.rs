//! Software keys: making, reading and using them.

use aws_lc_rs::digest::{Digest, SHA256};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RsaEncoding,
    RsaKeyPair,
};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{
    ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, ID_SHA_256, ID_SHA_384, SHA_256_WITH_RSA_ENCRYPTION,
};
use der::asn1::Null;
use spki::AlgorithmIdentifierOwned;

use crate::Error;

/// What kind of key is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Key {
    /// RSA, 2048 bits.
    Rsa2048,
    /// RSA, 3072 bits.
    Rsa3072,
    /// RSA, 4096 bits.
    Rsa4096,
    /// The curve NIST P-256: made in microseconds, so the right choice for a thousand signers.
    P256,
    /// The curve NIST P-384.
    P384,
}

/// How a message is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// RSA PKCS#1 v1.5 with SHA-256, the usual one.
    RsaSha256,
    /// RSA PKCS#1 v1.5 with SHA-384.
    RsaSha384,
    /// RSA PKCS#1 v1.5 with SHA-512.
    RsaSha512,
    /// RSA-PSS with SHA-256, salt as long as the digest.
    RsaPssSha256,
    /// ECDSA on P-256 with SHA-256, DER.
    EcdsaP256Sha256,
    /// ECDSA on P-384 with SHA-384, DER.
    EcdsaP384Sha384,
}

/// A private key, ready for use.
pub(crate) enum PrivateKey {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
}

impl PrivateKey {
    pub fn generate(kind: Key) -> Result<Self, Error> {
        let rsa = |size| RsaKeyPair::generate(size).map(Self::Rsa).map_err(Error::key);
        let ec = |curve: &'static EcdsaSigningAlgorithm| EcdsaKeyPair::generate(curve).map_err(Error::key);
        match kind {
            Key::Rsa2048 => rsa(KeySize::Rsa2048),
            Key::Rsa3072 => rsa(KeySize::Rsa3072),
            Key::Rsa4096 => rsa(KeySize::Rsa4096),
            Key::P256 => ec(&ECDSA_P256_SHA256_ASN1_SIGNING).map(Self::P256),
            Key::P384 => ec(&ECDSA_P384_SHA384_ASN1_SIGNING).map(Self::P384),
        }
    }

    pub fn from_pkcs8(der: &[u8]) -> Result<Self, Error> {
        if let Ok(pair) = RsaKeyPair::from_pkcs8(der) {
            return Ok(Self::Rsa(pair));
        }
        if let Ok(pair) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, der) {
            return Ok(Self::P256(pair));
        }
        EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_ASN1_SIGNING, der)
            .map(Self::P384)
            .map_err(Error::key)
    }

    pub fn to_pkcs8(&self) -> Result<Vec<u8>, Error> {
        let der = match self {
            Self::Rsa(pair) => AsDer::<Pkcs8V1Der<'_>>::as_der(pair)
                .map_err(Error::key)?
                .as_ref()
                .to_vec(),
            Self::P256(pair) | Self::P384(pair) => pair.to_pkcs8v1().map_err(Error::key)?.as_ref().to_vec(),
        };
        Ok(der)
    }

    /// `SubjectPublicKeyInfo`, DER.
    pub fn public_key(&self) -> Result<Vec<u8>, Error> {
        let der: PublicKeyX509Der<'_> = match self {
            Self::Rsa(pair) => pair.public_key().as_der(),
            Self::P256(pair) | Self::P384(pair) => pair.public_key().as_der(),
        }
        .map_err(Error::key)?;
        Ok(der.as_ref().to_vec())
    }

    /// The algorithm used when none is asked for.
    pub fn usual(&self) -> SignatureAlgorithm {
        match self {
            Self::Rsa(_) => SignatureAlgorithm::RsaSha256,
            Self::P256(_) => SignatureAlgorithm::EcdsaP256Sha256,
            Self::P384(_) => SignatureAlgorithm::EcdsaP384Sha384,
        }
    }

    pub fn sign(&self, message: &[u8], algorithm: SignatureAlgorithm) -> Result<Vec<u8>, Error> {
        let rng = SystemRandom::new();
        let rsa_encoding: Option<&'static dyn RsaEncoding> = match algorithm {
            SignatureAlgorithm::RsaSha256 => Some(&RSA_PKCS1_SHA256),
            SignatureAlgorithm::RsaSha384 => Some(&RSA_PKCS1_SHA384),
            SignatureAlgorithm::RsaSha512 => Some(&RSA_PKCS1_SHA512),
            SignatureAlgorithm::RsaPssSha256 => Some(&RSA_PSS_SHA256),
            SignatureAlgorithm::EcdsaP256Sha256 | SignatureAlgorithm::EcdsaP384Sha384 => None,
        };
        match (self, algorithm, rsa_encoding) {
            (Self::Rsa(pair), _, Some(encoding)) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(encoding, &rng, message, &mut signature)
                    .map_err(Error::key)?;
                Ok(signature)
            }
            (Self::P256(pair), SignatureAlgorithm::EcdsaP256Sha256, _)
            | (Self::P384(pair), SignatureAlgorithm::EcdsaP384Sha384, _) => {
                let signature = pair.sign(&rng, message).map_err(Error::key)?;
                Ok(signature.as_ref().to_vec())
            }
            _ => Err(Error::key(format!("{algorithm:?} does not belong to this key"))),
        }
    }

    fn sign_digest(&self, digest: &[u8; 32]) -> Result<Vec<u8>, Error> {
        let digest = Digest::import_less_safe(digest, &SHA256).map_err(Error::key)?;
        match self {
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign_digest(&RSA_PKCS1_SHA256, &digest, &mut signature)
                    .map_err(Error::key)?;
                Ok(signature)
            }
            Self::P256(pair) => Ok(pair.sign_digest(&digest).map_err(Error::key)?.as_ref().to_vec()),
            Self::P384(_) => Err(Error::key("a key on P-384 signs SHA-384, not SHA-256")),
        }
    }

    /// The usual algorithm as certificates name it.
    pub fn signature_identifier(&self) -> AlgorithmIdentifierOwned {
        match self {
            Self::Rsa(_) => identifier(SHA_256_WITH_RSA_ENCRYPTION, true),
            Self::P256(_) => identifier(ECDSA_WITH_SHA_256, false),
            Self::P384(_) => identifier(ECDSA_WITH_SHA_384, false),
        }
    }

    /// The digest of the usual algorithm, and how to compute it.
    pub fn digest_identifier(&self) -> (AlgorithmIdentifierOwned, &'static aws_lc_rs::digest::Algorithm) {
        match self {
            Self::Rsa(_) | Self::P256(_) => (identifier(ID_SHA_256, false), &SHA256),
            Self::P384(_) => (identifier(ID_SHA_384, false), &aws_lc_rs::digest::SHA384),
        }
    }
}

pub(crate) fn identifier(oid: ObjectIdentifier, with_null: bool) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned {
        oid,
        parameters: with_null.then(|| Null.into()),
    }
}

/// Signs a message with the usual algorithm of the key: PKCS#1 v1.5 with SHA-256 for RSA, ECDSA (DER) for the curves.
///
/// # Errors
/// [`Error::Key`] when the PKCS#8 is not a key of RSA ≥ 2048, P-256 or P-384.
pub fn sign(key_pkcs8: &[u8], message: &[u8]) -> Result<Vec<u8>, Error> {
    let key = PrivateKey::from_pkcs8(key_pkcs8)?;
    key.sign(message, key.usual())
}

/// Signs a message with the algorithm given.
///
/// # Errors
/// [`Error::Key`] as for [`sign`], and when the algorithm does not belong to the kind of key.
pub fn sign_with(key_pkcs8: &[u8], message: &[u8], algorithm: SignatureAlgorithm) -> Result<Vec<u8>, Error> {
    PrivateKey::from_pkcs8(key_pkcs8)?.sign(message, algorithm)
}

/// Signs a SHA-256 digest made elsewhere, as tokens and remote services do (RSA PKCS#1 v1.5, or ECDSA on P-256 in DER).
///
/// # Errors
/// [`Error::Key`] as for [`sign`], and for keys on P-384, which sign SHA-384.
pub fn sign_digest(key_pkcs8: &[u8], digest: &[u8; 32]) -> Result<Vec<u8>, Error> {
    PrivateKey::from_pkcs8(key_pkcs8)?.sign_digest(digest)
}

/// The `SubjectPublicKeyInfo` (DER) that belongs to a private key.
///
/// # Errors
/// [`Error::Key`] as for [`sign`].
pub fn public_key(key_pkcs8: &[u8]) -> Result<Vec<u8>, Error> {
    PrivateKey::from_pkcs8(key_pkcs8)?.public_key()
}
