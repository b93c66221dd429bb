//! BER to DER: definite lengths, joined strings, sorted sets.

use super::{
    CmsError,
    tlv::{MAX_DEPTH, Tlv, tag},
    write,
};

/// Rewrites one value.
///
/// # Errors
/// [`CmsError::Malformed`] if it is not well-formed, too deep, or something follows it.
pub fn ber_to_der(input: &[u8]) -> Result<Vec<u8>, CmsError> {
    rewrite(&Tlv::only(input)?, 0)
}

fn rewrite(tlv: &Tlv<'_>, depth: usize) -> Result<Vec<u8>, CmsError> {
    if depth > MAX_DEPTH {
        return Err(CmsError::Malformed);
    }
    let constructed = tlv.tag & 0x20 != 0;
    if !constructed {
        // TRUE is any non-zero octet in BER
        if tlv.tag == tag::BOOLEAN && tlv.value.len() == 1 && tlv.value != [0] {
            return Ok(write::value(tlv.tag, &[0xff]));
        }
        return Ok(write::value(tlv.tag, tlv.value));
    }
    let plain = tlv.tag & !0x20;
    if plain == tag::OCTET_STRING {
        return Ok(write::value(plain, &tlv.octets()?));
    }
    if plain == tag::BIT_STRING {
        return Ok(write::value(plain, &bits(tlv, depth)?));
    }
    let mut parts = Vec::new();
    for child in tlv.children() {
        parts.push(rewrite(&child?, depth + 1)?);
    }
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    Ok(if tlv.tag == tag::SET {
        write::set_of(tlv.tag, &parts)
    } else {
        write::constructed(tlv.tag, &parts)
    })
}

/// The pieces of a bit string; only the last may have unused bits.
fn bits(tlv: &Tlv<'_>, depth: usize) -> Result<Vec<u8>, CmsError> {
    if depth > MAX_DEPTH {
        return Err(CmsError::Malformed);
    }
    let mut out = vec![0];
    for piece in tlv.children() {
        let piece = piece?;
        let content = match piece.tag {
            tag::BIT_STRING => piece.value.to_vec(),
            nested if nested == tag::BIT_STRING | 0x20 => bits(&piece, depth + 1)?,
            _ => return Err(CmsError::Malformed),
        };
        let (unused, rest) = content.split_first().ok_or(CmsError::Malformed)?;
        if out[0] != 0 || *unused > 7 {
            return Err(CmsError::Malformed);
        }
        out[0] = *unused;
        out.extend_from_slice(rest);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v5_indefinite_becomes_definite() {
        let ber = [
            0x30, 0x80, 0x24, 0x80, 0x04, 0x01, 0xaa, 0x04, 0x01, 0xbb, 0, 0, 0, 0,
        ];
        assert_eq!(ber_to_der(&ber).unwrap(), [0x30, 0x04, 0x04, 0x02, 0xaa, 0xbb]);
    }

    #[test]
    fn v5_sets_are_sorted_and_long_lengths_shortened() {
        let ber = [0x31, 0x81, 0x06, 0x02, 0x01, 0x05, 0x01, 0x01, 0x01];
        assert_eq!(
            ber_to_der(&ber).unwrap(),
            [0x31, 0x06, 0x01, 0x01, 0xff, 0x02, 0x01, 0x05]
        );
    }

    #[test]
    fn v5_deep_nesting_is_refused_not_followed() {
        let mut ber = vec![];
        for _ in 0..100_000 {
            ber.extend_from_slice(&[0x30, 0x80]);
        }
        assert_eq!(ber_to_der(&ber), Err(CmsError::Malformed));
        let mut der = vec![0x05, 0x00];
        for _ in 0..200 {
            der = write::value(tag::SEQUENCE, &der);
        }
        assert_eq!(ber_to_der(&der), Err(CmsError::Malformed));
    }
}
