//! A tolerant reader of ASN.1 that keeps raw slices.
//!
//! Signatures in documents found in real life are often BER: indefinite lengths, unsorted sets, long lengths where short
//! ones would do. What was signed must be hashed exactly as it stands, so every value knows its bytes in the input.

use super::CmsError;

/// How deep values may lie in each other.
pub const MAX_DEPTH: usize = 40;

/// Tags used here.
pub(crate) mod tag {
    pub const BOOLEAN: u32 = 0x01;
    pub const INTEGER: u32 = 0x02;
    pub const BIT_STRING: u32 = 0x03;
    pub const OCTET_STRING: u32 = 0x04;
    pub const OID: u32 = 0x06;
    pub const ENUMERATED: u32 = 0x0a;
    pub const UTC_TIME: u32 = 0x17;
    pub const GENERALIZED_TIME: u32 = 0x18;
    pub const SEQUENCE: u32 = 0x30;
    pub const SET: u32 = 0x31;
}

/// One value: tag, content, and the whole of it as it stands in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// The identifier octet (class, constructed bit, number). Numbers of 31 and more are refused: nothing here uses them.
    pub tag: u32,
    /// The content; for an indefinite length without the end mark.
    pub value: &'a [u8],
    /// Identifier, length and content, and the end mark if there is one.
    pub raw: &'a [u8],
    /// Written with indefinite length.
    pub indefinite: bool,
}

impl<'a> Tlv<'a> {
    /// Reads the first value of the input, and what follows it.
    ///
    /// # Errors
    /// [`CmsError::Malformed`] if it is not well-formed or too deep.
    pub fn read(input: &'a [u8]) -> Result<(Self, &'a [u8]), CmsError> {
        Self::read_at(input, 0)
    }

    /// Reads the input as exactly one value.
    ///
    /// # Errors
    /// As [`Tlv::read`], or if something follows.
    pub fn only(input: &'a [u8]) -> Result<Self, CmsError> {
        let (tlv, rest) = Self::read(input)?;
        if rest.is_empty() {
            Ok(tlv)
        } else {
            Err(CmsError::Malformed)
        }
    }

    fn read_at(input: &'a [u8], depth: usize) -> Result<(Self, &'a [u8]), CmsError> {
        if depth > MAX_DEPTH {
            return Err(CmsError::Malformed);
        }
        let (&first, after_tag) = input.split_first().ok_or(CmsError::Malformed)?;
        if first & 0x1f == 0x1f {
            return Err(CmsError::Malformed);
        }
        let (&length, after_length) = after_tag.split_first().ok_or(CmsError::Malformed)?;
        if length == 0x80 {
            // only a constructed value can end by a mark
            if first & 0x20 == 0 {
                return Err(CmsError::Malformed);
            }
            return Self::indefinite(input, first, after_length, depth);
        }
        let (length, body) = if length < 0x80 {
            (usize::from(length), after_length)
        } else {
            let count = usize::from(length & 0x7f);
            if count > 8 || count > after_length.len() {
                return Err(CmsError::Malformed);
            }
            let (digits, body) = after_length.split_at(count);
            let mut length: usize = 0;
            for digit in digits {
                length = length.checked_mul(256).ok_or(CmsError::Malformed)? | usize::from(*digit);
            }
            (length, body)
        };
        if length > body.len() {
            return Err(CmsError::Malformed);
        }
        let (value, rest) = body.split_at(length);
        let raw = &input[..input.len() - rest.len()];
        Ok((
            Self {
                tag: u32::from(first),
                value,
                raw,
                indefinite: false,
            },
            rest,
        ))
    }

    fn indefinite(
        input: &'a [u8],
        first: u8,
        body: &'a [u8],
        depth: usize,
    ) -> Result<(Self, &'a [u8]), CmsError> {
        let mut rest = body;
        loop {
            if rest.starts_with(&[0, 0]) {
                let value = &body[..body.len() - rest.len()];
                let rest = &rest[2..];
                return Ok((
                    Self {
                        tag: u32::from(first),
                        value,
                        raw: &input[..input.len() - rest.len()],
                        indefinite: true,
                    },
                    rest,
                ));
            }
            let (_, next) = Self::read_at(rest, depth + 1)?;
            rest = next;
        }
    }

    /// The values inside.
    #[must_use]
    pub fn children(&self) -> Children<'a> {
        Children { rest: self.value }
    }

    /// All values inside, read.
    ///
    /// # Errors
    /// [`CmsError::Malformed`] if one of them is not well-formed.
    pub fn list(&self) -> Result<Vec<Self>, CmsError> {
        self.children().collect()
    }

    /// The value itself if it has that tag.
    ///
    /// # Errors
    /// [`CmsError::Malformed`] if it has another.
    pub fn expect(self, tag: u32) -> Result<Self, CmsError> {
        if self.tag == tag {
            Ok(self)
        } else {
            Err(CmsError::Malformed)
        }
    }

    /// The octets of an OCTET STRING, also one that was sent in pieces, or of an implicitly tagged one.
    ///
    /// # Errors
    /// [`CmsError::Malformed`] if a piece is not an octet string.
    pub fn octets(&self) -> Result<Vec<u8>, CmsError> {
        self.octets_at(0)
    }

    fn octets_at(&self, depth: usize) -> Result<Vec<u8>, CmsError> {
        if depth > MAX_DEPTH {
            return Err(CmsError::Malformed);
        }
        if self.tag & 0x20 == 0 {
            return Ok(self.value.to_vec());
        }
        let mut all = Vec::new();
        for piece in self.children() {
            let piece = piece?;
            if piece.tag & !0x20 != tag::OCTET_STRING {
                return Err(CmsError::Malformed);
            }
            all.extend(piece.octets_at(depth + 1)?);
        }
        Ok(all)
    }
}

/// Walks through the values in a constructed one; stops at the first error.
#[derive(Clone, Debug)]
pub struct Children<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Children<'a> {
    type Item = Result<Tlv<'a>, CmsError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        match Tlv::read(self.rest) {
            Ok((tlv, rest)) => {
                self.rest = rest;
                Some(Ok(tlv))
            }
            Err(error) => {
                self.rest = &[];
                Some(Err(error))
            }
        }
    }
}

/// The length of the modulus in an RSAPublicKey.
pub(crate) fn rsa_modulus_bits(key: &[u8]) -> Option<u32> {
    let sequence = Tlv::only(key).ok()?;
    let modulus = sequence.children().next()?.ok()?;
    let first = modulus.value.iter().position(|byte| *byte != 0)?;
    let digits = &modulus.value[first..];
    let bits = u32::try_from(digits.len()).ok()?.checked_mul(8)?;
    Some(bits - digits[0].leading_zeros())
}
