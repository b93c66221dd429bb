//! Finding keys and signing with them.

use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, CertificateType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use sha2::{Digest, Sha256};

use super::sessions::Fault;
use crate::certificate::{self, KeyKind, Leaf};
use crate::{CertificateChain, HashItem, HashRequest, ProviderError, raw};

/// `DigestInfo` of SHA-256 without its last 32 bytes, RFC 8017 9.2 note 1.
const SHA256_DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
];

/// Certificates of a token; one that holds more is not asked for all of them.
const MAX_CERTIFICATES: usize = 256;

struct Held {
    id: Vec<u8>,
    der: Vec<u8>,
}

fn held(session: &Session) -> Result<Vec<Held>, Fault> {
    let template = [
        Attribute::Class(ObjectClass::CERTIFICATE),
        Attribute::CertificateType(CertificateType::X_509),
    ];
    let mut found = Vec::new();
    for handle in session
        .find_objects(&template)?
        .into_iter()
        .take(MAX_CERTIFICATES)
    {
        let (mut id, mut der) = (Vec::new(), Vec::new());
        for attribute in session.get_attributes(handle, &[AttributeType::Id, AttributeType::Value])? {
            match attribute {
                Attribute::Id(bytes) => id = bytes,
                Attribute::Value(bytes) => der = bytes,
                _ => {}
            }
        }
        if !der.is_empty() {
            found.push(Held { id, der });
        }
    }
    Ok(found)
}

/// Certificates that have a private key with the same CKA_ID. Without a log-in private keys cannot be seen; then every
/// certificate with an id that issues none of the others.
pub(super) fn chains(session: &Session, logged_in: bool) -> Result<Vec<CertificateChain>, Fault> {
    let held = held(session)?;
    let pool: Vec<Vec<u8>> = held.iter().map(|h| h.der.clone()).collect();
    let mut chains = Vec::new();
    for candidate in held.iter().filter(|h| !h.id.is_empty()) {
        // Keys that we must not or cannot use, and certificates of authorities, are not offered.
        let Ok(leaf) = certificate::leaf(&candidate.der) else {
            continue;
        };
        let usable = if logged_in {
            !private_keys(session, &candidate.id, leaf.kind)?.is_empty()
        } else {
            !pool
                .iter()
                .any(|other| *other != candidate.der && certificate::is_issued_by(other, &leaf))
        };
        if usable {
            chains.push(CertificateChain {
                key: hex::encode(&candidate.id),
                label: leaf.name,
                certificates: certificate::chain(&candidate.der, &pool),
            });
        }
    }
    Ok(chains)
}

fn private_keys(session: &Session, id: &[u8], kind: KeyKind) -> Result<Vec<ObjectHandle>, Fault> {
    let key_type = match kind {
        KeyKind::Rsa(_) => KeyType::RSA,
        KeyKind::P256 => KeyType::EC,
    };
    let template = [
        Attribute::Class(ObjectClass::PRIVATE_KEY),
        Attribute::Id(id.to_vec()),
        Attribute::KeyType(key_type),
    ];
    Ok(session.find_objects(&template)?)
}

/// Signs all items of a request. Every signature is checked before the next one is made.
pub(super) fn sign(session: &Session, request: &HashRequest) -> Result<Vec<Vec<u8>>, Fault> {
    let no_such_key = || ProviderError::NoSuchKey(request.key.clone());
    let id = hex::decode(&request.key).map_err(|_| no_such_key())?;
    let with_id: Vec<Held> = held(session)?.into_iter().filter(|h| h.id == id).collect();
    if with_id.is_empty() {
        return Err(no_such_key().into());
    }
    // A renewed certificate may lie beside the old one under the same id.
    if !with_id.iter().any(|h| h.der == request.certificate) {
        return Err(ProviderError::ForeignCertificate.into());
    }
    let leaf = certificate::leaf(&request.certificate)?;
    let keys = private_keys(session, &id, leaf.kind)?;
    let key = the_one(session, &keys, &leaf)?.ok_or_else(no_such_key)?;
    request
        .items
        .iter()
        .map(|item| sign_one(session, key, &leaf, item))
        .collect()
}

/// Ids are not unique by themselves: of several RSA keys the one with the certificate's modulus is taken.
fn the_one(session: &Session, keys: &[ObjectHandle], leaf: &Leaf) -> Result<Option<ObjectHandle>, Fault> {
    if keys.len() < 2 {
        return Ok(keys.first().copied());
    }
    for key in keys {
        for attribute in session.get_attributes(*key, &[AttributeType::Modulus])? {
            if let Attribute::Modulus(modulus) = attribute
                && certificate::has_modulus(leaf, &modulus)
            {
                return Ok(Some(*key));
            }
        }
    }
    // Elliptic keys do not show their public half; the check of the signature decides.
    Ok(keys.first().copied())
}

fn sign_one(session: &Session, key: ObjectHandle, leaf: &Leaf, item: &HashItem) -> Result<Vec<u8>, Fault> {
    let raw = match leaf.kind {
        KeyKind::P256 => session.sign(&Mechanism::Ecdsa, key, &item.hash)?,
        KeyKind::Rsa(_) => {
            let digest_info = [SHA256_DIGEST_INFO.as_slice(), &item.hash].concat();
            match session.sign(&Mechanism::RsaPkcs, key, &digest_info) {
                Err(error) if is_refused_mechanism(&error) => {
                    session.sign(&Mechanism::Sha256RsaPkcs, key, message(item)?)?
                }
                other => other?,
            }
        }
    };
    Ok(raw::checked_by(leaf, &item.hash, &raw)?)
}

/// Some HSM sign no hash that others have made.
fn is_refused_mechanism(error: &Error) -> bool {
    matches!(
        error,
        Error::Pkcs11(
            RvError::MechanismInvalid
                | RvError::MechanismParamInvalid
                | RvError::KeyFunctionNotPermitted
                | RvError::FunctionNotSupported
                | RvError::ActionProhibited,
            _
        )
    )
}

fn message(item: &HashItem) -> Result<&[u8], ProviderError> {
    let mechanism = MechanismType::SHA256_RSA_PKCS;
    let message = item.message.as_deref().ok_or_else(|| {
        ProviderError::WeakOrUnknownKey(format!("thiết bị chỉ ký bằng {mechanism}, cần dữ liệu gốc"))
    })?;
    if Sha256::digest(message).as_slice() != item.hash {
        return Err(ProviderError::Config("dữ liệu gốc không khớp mã băm".to_owned()));
    }
    Ok(message)
}
