//! Writing DER around raw slices.
//!
//! Certificates, time-stamp tokens and signed attributes go into a signature exactly as they are: decoding and encoding
//! them again could change a byte that somebody signed. Hence this small writer instead of typed structures.

use const_oid::ObjectIdentifier;

/// One value: identifier octet and content.
pub(crate) fn value(tag: u32, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + 6);
    // tags above one octet do not occur, the reader refuses them
    out.push(u8::try_from(tag).unwrap_or(0));
    let length = content.len();
    if length < 0x80 {
        out.push(u8::try_from(length).unwrap_or(0));
    } else {
        let digits = length.to_be_bytes();
        let first = digits
            .iter()
            .position(|digit| *digit != 0)
            .unwrap_or(digits.len() - 1);
        let digits = &digits[first..];
        out.push(0x80 | u8::try_from(digits.len()).unwrap_or(0));
        out.extend_from_slice(digits);
    }
    out.extend_from_slice(content);
    out
}

/// A constructed value of these parts in this order.
pub(crate) fn constructed(tag: u32, parts: &[&[u8]]) -> Vec<u8> {
    value(tag, &parts.concat())
}

/// A SET OF: the parts sorted as DER asks.
pub(crate) fn set_of(tag: u32, parts: &[&[u8]]) -> Vec<u8> {
    let mut sorted = parts.to_vec();
    sorted.sort_unstable();
    constructed(tag, &sorted)
}

/// An object identifier.
pub(crate) fn oid(oid: ObjectIdentifier) -> Vec<u8> {
    value(super::tlv::tag::OID, oid.as_bytes())
}

/// A non-negative INTEGER from its big-endian digits.
pub(crate) fn unsigned(digits: &[u8]) -> Vec<u8> {
    let first = digits
        .iter()
        .position(|digit| *digit != 0)
        .unwrap_or(digits.len());
    let digits = &digits[first..];
    let mut content = Vec::with_capacity(digits.len() + 1);
    if digits.first().is_none_or(|digit| digit & 0x80 != 0) {
        content.push(0);
    }
    content.extend_from_slice(digits);
    value(super::tlv::tag::INTEGER, &content)
}

/// An AlgorithmIdentifier, with NULL parameters if asked.
pub(crate) fn algorithm(of: ObjectIdentifier, null: bool) -> Vec<u8> {
    let name = oid(of);
    let parameters: &[u8] = if null { &[0x05, 0x00] } else { &[] };
    constructed(super::tlv::tag::SEQUENCE, &[&name, parameters])
}
