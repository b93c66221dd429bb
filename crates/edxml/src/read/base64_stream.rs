//! base64, piece by piece and leniently: white space anywhere, padding or none.

use std::io::{self, BufRead, Read};

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Characters decoded at once; a multiple of four.
const PIECE: usize = 32 * 1024;

/// Takes characters, gives bytes.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    letters: Vec<u8>,
    out: Vec<u8>,
    padded: bool,
    broken: bool,
}

impl Decoder {
    /// Takes some characters and hands whole pieces on.
    pub(crate) fn push<E>(
        &mut self,
        text: &[u8],
        mut emit: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        for &letter in text {
            match letter {
                b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c | 0 => {}
                b'=' => self.padded = true,
                _ if self.padded => self.broken = true,
                _ => self.letters.push(letter),
            }
            if self.broken {
                return Ok(());
            }
            if self.letters.len() == PIECE {
                self.decode();
                emit(&self.out)?;
            }
        }
        Ok(())
    }

    /// The end: hands the rest on. `false` when it was not base64.
    pub(crate) fn finish<E>(&mut self, mut emit: impl FnMut(&[u8]) -> Result<(), E>) -> Result<bool, E> {
        if !self.broken {
            self.decode();
        }
        if self.broken {
            return Ok(false);
        }
        emit(&self.out)?;
        Ok(true)
    }

    pub(crate) const fn is_broken(&self) -> bool {
        self.broken
    }

    fn decode(&mut self) {
        self.out.clear();
        self.broken = LENIENT.decode_vec(&self.letters, &mut self.out).is_err();
        self.letters.clear();
    }
}

/// A base64 text as the bytes that it stands for.
pub(crate) struct Base64Reader<R> {
    inner: R,
    decoder: Decoder,
    ready: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: BufRead> Base64Reader<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self {
            inner,
            decoder: Decoder::default(),
            ready: Vec::new(),
            at: 0,
            ended: false,
        }
    }
}

impl<R: BufRead> Read for Base64Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.ready.len() && !self.ended {
            self.ready.clear();
            self.at = 0;
            let ready = &mut self.ready;
            let mut emit = |bytes: &[u8]| -> io::Result<()> {
                ready.extend_from_slice(bytes);
                Ok(())
            };
            let available = self.inner.fill_buf()?;
            // A source may offer the whole file at once.
            let amount = available.len().min(PIECE);
            if amount == 0 {
                self.ended = true;
                self.decoder.finish(&mut emit)?;
            } else {
                self.decoder.push(&available[..amount], &mut emit)?;
                self.inner.consume(amount);
            }
            if self.decoder.is_broken() {
                return Err(io::Error::from(io::ErrorKind::InvalidData));
            }
        }
        let mut available = &self.ready[self.at..];
        let amount = available.read(buffer)?;
        self.at += amount;
        Ok(amount)
    }
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD};
    use proptest::prelude::*;

    use super::*;

    fn decoded(pieces: &[&[u8]]) -> Option<Vec<u8>> {
        let mut decoder = Decoder::default();
        let mut out = Vec::new();
        let mut emit = |bytes: &[u8]| -> Result<(), ()> {
            out.extend_from_slice(bytes);
            Ok(())
        };
        for piece in pieces {
            decoder.push(piece, &mut emit).unwrap();
        }
        decoder.finish(&mut emit).unwrap().then_some(out)
    }

    #[test]
    fn edxml_5_placeholders_and_late_padding_are_no_base64() {
        assert_eq!(decoded(&[b"N\xe1\xbb\x99i dung"]), None);
        assert_eq!(decoded(&[b"YQ==YQ=="]), None);
        assert_eq!(decoded(&[b"Y"]), None);
        assert_eq!(decoded(&[b""]), Some(vec![]));
    }

    proptest! {
        #[test]
        fn edxml_5_base64_is_read_in_any_pieces_and_with_any_white_space(
            bytes in proptest::collection::vec(any::<u8>(), 0..3000),
            width in 1_usize..100,
            piece in 1_usize..50,
            padding in any::<bool>(),
        ) {
            let text = if padding { BASE64_STANDARD.encode(&bytes) } else { BASE64_STANDARD_NO_PAD.encode(&bytes) };
            let mut wrapped = Vec::new();
            for line in text.as_bytes().chunks(width) {
                wrapped.extend_from_slice(line);
                wrapped.extend_from_slice(b"\r\n");
            }
            let pieces: Vec<&[u8]> = wrapped.chunks(piece).collect();
            prop_assert_eq!(decoded(&pieces), Some(bytes.clone()));
            let mut read = Vec::new();
            Base64Reader::new(wrapped.as_slice()).read_to_end(&mut read).unwrap();
            prop_assert_eq!(read, bytes);
        }
    }
}
