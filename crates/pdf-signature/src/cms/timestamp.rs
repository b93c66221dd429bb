//! Time stamps of RFC 3161: request, answer, and what a token says.

use const_oid::ObjectIdentifier;
use jiff::{Timestamp, civil, tz::Offset};

use super::{
    CmsError,
    algorithm::{Hash, SHA256, first_oid},
    read::SignedData,
    tlv::{Tlv, tag},
    write,
};

pub(crate) const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// TimeStampReq for a SHA-256 imprint; asks for the authority's certificate.
#[must_use]
pub fn timestamp_request(imprint: &[u8; 32], nonce: u64) -> Vec<u8> {
    write::constructed(
        tag::SEQUENCE,
        &[
            &write::unsigned(&[1]),
            &write::constructed(
                tag::SEQUENCE,
                &[
                    &write::algorithm(SHA256, true),
                    &write::value(tag::OCTET_STRING, imprint),
                ],
            ),
            &write::unsigned(&nonce.to_be_bytes()),
            &write::value(tag::BOOLEAN, &[0xff]),
        ],
    )
}

/// The token of a TimeStampResp, if it answers this request: granted, same imprint, same nonce.
///
/// Whether the authority is trusted is judged by the check of the document.
///
/// # Errors
/// [`CmsError::TimestampRefused`], [`CmsError::TimestampMismatch`], [`CmsError::Malformed`].
pub fn timestamp_token(response: &[u8], imprint: &[u8; 32], nonce: u64) -> Result<Vec<u8>, CmsError> {
    let parts = Tlv::only(response)?.expect(tag::SEQUENCE)?.list()?;
    let status = parts
        .first()
        .ok_or(CmsError::Malformed)?
        .expect(tag::SEQUENCE)?
        .children()
        .next()
        .ok_or(CmsError::Malformed)??
        .expect(tag::INTEGER)?;
    match status.value {
        [0 | 1] => {}
        [code] => return Err(CmsError::TimestampRefused(*code)),
        _ => return Err(CmsError::Malformed),
    }
    let token = parts.get(1).ok_or(CmsError::Malformed)?.raw;
    let info = TstInfo::of_token(token)?;
    let same_nonce = info.nonce.as_deref().map(significant) == Some(significant(&nonce.to_be_bytes()));
    if info.hash != Hash::Sha256 || info.imprint != imprint || !same_nonce {
        return Err(CmsError::TimestampMismatch);
    }
    Ok(token.to_vec())
}

fn significant(digits: &[u8]) -> &[u8] {
    let first = digits
        .iter()
        .position(|digit| *digit != 0)
        .unwrap_or(digits.len());
    &digits[first..]
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TstInfo {
    /// Hash function of the imprint.
    pub hash: Hash,
    /// What was stamped.
    pub imprint: Vec<u8>,
    /// When.
    pub at: Timestamp,
    /// Digits of the nonce, if there is one.
    pub nonce: Option<Vec<u8>>,
}

impl TstInfo {
    /// Reads the content of a token (ContentInfo).
    ///
    /// # Errors
    /// [`CmsError::Malformed`] or [`CmsError::NotSignedData`].
    pub fn of_token(token: &[u8]) -> Result<Self, CmsError> {
        Self::of(&SignedData::read(token)?)
    }

    /// Reads the content of a token.
    pub(crate) fn of(signed: &SignedData<'_>) -> Result<Self, CmsError> {
        if signed.content_type != TST_INFO {
            return Err(CmsError::NotSignedData);
        }
        let content = signed.content.as_deref().ok_or(CmsError::Malformed)?;
        let parts = Tlv::only(content)?.expect(tag::SEQUENCE)?.list()?;
        let [_version, _policy, imprint, _serial, at, rest @ ..] = parts.as_slice() else {
            return Err(CmsError::Malformed);
        };
        let imprint = imprint.expect(tag::SEQUENCE)?.list()?;
        let [algorithm, digest] = imprint.as_slice() else {
            return Err(CmsError::Malformed);
        };
        Ok(Self {
            hash: Hash::from_oid(first_oid(algorithm)?),
            imprint: digest.expect(tag::OCTET_STRING)?.value.to_vec(),
            at: time(&at.expect(tag::GENERALIZED_TIME)?).ok_or(CmsError::Malformed)?,
            nonce: rest
                .iter()
                .find(|field| field.tag == tag::INTEGER)
                .map(|field| field.value.to_vec()),
        })
    }
}

/// UTCTime or GeneralizedTime in UTC; fractions of a second are read (RFC 3161 allows them), time zones are not.
pub(crate) fn time(tlv: &Tlv<'_>) -> Option<Timestamp> {
    let text = std::str::from_utf8(tlv.value).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) || !fraction.bytes().all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    let (year, rest) = match (tlv.tag, whole.len()) {
        (tag::GENERALIZED_TIME, 14) => (whole[..4].parse::<i16>().ok()?, &whole[4..]),
        (tag::UTC_TIME, 12) => {
            let year = whole[..2].parse::<i16>().ok()?;
            // RFC 5280, 4.1.2.5.1
            (if year >= 50 { 1900 + year } else { 2000 + year }, &whole[2..])
        }
        _ => return None,
    };
    let two = |at: usize| rest[at..at + 2].parse::<i8>().ok();
    let mut nanoseconds = 0i32;
    for (place, digit) in fraction.bytes().take(9).enumerate() {
        let scale = 10i32.pow(8 - u32::try_from(place).ok()?);
        nanoseconds += i32::from(digit - b'0') * scale;
    }
    let at = civil::DateTime::new(
        year,
        two(0)?,
        two(2)?,
        two(4)?,
        two(6)?,
        // a leap second is the last one of its minute
        two(8)?.min(59),
        nanoseconds,
    )
    .ok()?;
    Offset::UTC.to_timestamp(at).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tag: u32, text: &str) -> Option<String> {
        let raw = write::value(tag, text.as_bytes());
        time(&Tlv::only(&raw).unwrap()).map(|at| at.to_string())
    }

    #[test]
    fn times_are_read_with_fractions_and_without_zones() {
        let general = |text| read(tag::GENERALIZED_TIME, text);
        assert_eq!(general("20261126010203Z").unwrap(), "2026-11-26T01:02:03Z");
        assert_eq!(general("20261126010203.5Z").unwrap(), "2026-11-26T01:02:03.5Z");
        assert_eq!(general("20261126010203+0700"), None);
        assert_eq!(general("20261326010203Z"), None);
        assert_eq!(general("2026112601020Z"), None);
        assert_eq!(
            read(tag::UTC_TIME, "491231235959Z").unwrap(),
            "2049-12-31T23:59:59Z"
        );
        assert_eq!(
            read(tag::UTC_TIME, "500101000000Z").unwrap(),
            "1950-01-01T00:00:00Z"
        );
        assert_eq!(general("2026112é010203Z"), None);
    }
}
