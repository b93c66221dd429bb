//! Raw signatures: turned into the one form we use, and checked against the announced certificate.
//!
//! A token once silently signed with another of its keys; without this check a broken document would have been stored.

use aws_lc_rs::digest::{Digest, SHA256};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

use crate::certificate::{KeyKind, Leaf, leaf};
use crate::{HashItem, ProviderError};

/// The raw signature over `hash` in the form that CMS wants (RSA PKCS#1 v1.5, ECDSA in DER).
///
/// ECDSA is accepted as DER and as the 64 bytes `r‖s` that tokens give.
///
/// # Errors
/// [`ProviderError::WrongKey`] when the key of `certificate` did not make it; `WeakOrUnknownKey`, `Protocol` for a
/// certificate that must not or cannot be used.
pub fn checked(certificate: &[u8], hash: &[u8; 32], raw: &[u8]) -> Result<Vec<u8>, ProviderError> {
    checked_by(&leaf(certificate)?, hash, raw)
}

pub(crate) fn checked_by(leaf: &Leaf, hash: &[u8; 32], raw: &[u8]) -> Result<Vec<u8>, ProviderError> {
    let digest = Digest::import_less_safe(hash, &SHA256).map_err(|_| ProviderError::WrongKey)?;
    match leaf.kind {
        KeyKind::Rsa(_) => UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &leaf.public_key)
            .verify_digest(&digest, raw)
            .map(|()| raw.to_vec()),
        KeyKind::P256 => {
            let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &leaf.public_key);
            let der = match <&[u8; 64]>::try_from(raw) {
                // A DER signature can be 64 bytes long by chance, so it is tried first.
                Ok(fixed) if key.verify_digest(&digest, raw).is_err() => ecdsa_der(fixed),
                _ => raw.to_vec(),
            };
            key.verify_digest(&digest, &der).map(|()| der)
        }
    }
    .map_err(|_| ProviderError::WrongKey)
}

/// All raw signatures of one request, in order, all good or none.
///
/// # Errors
/// As [`checked`]; `Protocol` when their number is not that of the items.
pub fn all_checked(
    certificate: &[u8],
    items: &[HashItem],
    raws: &[Vec<u8>],
) -> Result<Vec<Vec<u8>>, ProviderError> {
    if raws.len() != items.len() {
        return Err(ProviderError::Protocol(format!(
            "{} chữ ký cho {} văn bản",
            raws.len(),
            items.len()
        )));
    }
    let leaf = leaf(certificate)?;
    items
        .iter()
        .zip(raws)
        .map(|(item, raw)| checked_by(&leaf, &item.hash, raw))
        .collect()
}

/// `r‖s` to `SEQUENCE { r INTEGER, s INTEGER }`. Both parts are 32 bytes, so all lengths fit into one byte.
fn ecdsa_der(fixed: &[u8; 64]) -> Vec<u8> {
    let integer = |part: &[u8]| {
        let start = part.iter().position(|b| *b != 0).unwrap_or(part.len() - 1);
        let digits = &part[start..];
        let mut out = vec![0x02];
        let pad = digits[0] & 0x80 != 0;
        out.push((digits.len() + usize::from(pad)) as u8);
        if pad {
            out.push(0);
        }
        out.extend_from_slice(digits);
        out
    };
    let body = [integer(&fixed[..32]), integer(&fixed[32..])].concat();
    [vec![0x30, body.len() as u8], body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_form_becomes_der_with_minimal_integers() {
        let mut fixed = [0u8; 64];
        fixed[31] = 0x80; // needs a leading zero
        fixed[62] = 0x01; // 0x0100
        assert_eq!(ecdsa_der(&fixed), [0x30, 8, 2, 2, 0, 0x80, 2, 2, 1, 0]);
        assert_eq!(ecdsa_der(&[0xff; 64]).len(), 2 + 2 * (2 + 33));
        assert_eq!(ecdsa_der(&[0; 64]), [0x30, 6, 2, 1, 0, 2, 1, 0]);
    }
}
