//! The text under the XML parser: always UTF-8, looked ahead a little, and never more than a budget for one event.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding};

/// What one call of the underlying reader may bring.
const PIECE: usize = 32 * 1024;
/// So many bytes can be seen ahead unless the file ends.
pub(crate) const AHEAD: usize = 16;

/// The encoding of the file.
#[derive(Clone, Copy)]
pub(crate) enum Coding {
    /// UTF-8; what is not is read byte by byte in another encoding.
    Utf8 {
        /// For the bytes that are not UTF-8.
        otherwise: &'static Encoding,
    },
    /// Another one throughout.
    Other(&'static Encoding),
}

/// Why reading stopped although the file goes on.
#[derive(Debug, thiserror::Error)]
#[error("one text, tag or comment is longer than the budget")]
pub(crate) struct OverBudget;

enum State {
    Utf8 {
        otherwise: &'static Encoding,
        /// Bytes of a character that is not complete yet.
        begun: Vec<u8>,
    },
    Other(Box<Decoder>),
}

pub(crate) struct Utf8Source<'a> {
    raw: Box<dyn BufRead + 'a>,
    state: State,
    out: Vec<u8>,
    at: usize,
    ended: bool,
    budget: u64,
    fell_back: bool,
}

impl<'a> Utf8Source<'a> {
    pub(crate) fn new(raw: Box<dyn BufRead + 'a>, coding: Coding) -> Self {
        let state = match coding {
            Coding::Utf8 { otherwise } => State::Utf8 {
                otherwise,
                begun: Vec::new(),
            },
            Coding::Other(encoding) => State::Other(Box::new(encoding.new_decoder_without_bom_handling())),
        };
        Self {
            raw,
            state,
            out: Vec::new(),
            at: 0,
            ended: false,
            budget: u64::MAX,
            fell_back: false,
        }
    }

    /// So many bytes may be taken until the next call.
    pub(crate) const fn set_budget(&mut self, bytes: u64) {
        self.budget = bytes;
    }

    /// Some bytes were not in the encoding that the file claims.
    pub(crate) const fn fell_back(&self) -> bool {
        self.fell_back
    }

    fn ready(&self) -> usize {
        self.out.len() - self.at
    }

    fn more(&mut self) -> io::Result<()> {
        self.out.drain(..self.at);
        self.at = 0;
        let available = loop {
            match self.raw.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        let taken = available.len().min(PIECE);
        self.ended = taken == 0;
        match &mut self.state {
            State::Utf8 { otherwise, begun } => {
                begun.extend_from_slice(&available[..taken]);
                self.fell_back |= decode(begun, self.ended, otherwise, &mut self.out);
            }
            State::Other(decoder) => {
                let mut text = String::new();
                let mut bytes = &available[..taken];
                loop {
                    text.reserve(bytes.len() * 3 + 16);
                    let (result, read) =
                        decoder.decode_to_string_without_replacement(bytes, &mut text, self.ended);
                    bytes = &bytes[read..];
                    match result {
                        DecoderResult::InputEmpty => break,
                        DecoderResult::OutputFull => {}
                        DecoderResult::Malformed(..) => {
                            self.fell_back = true;
                            text.push('\u{fffd}');
                        }
                    }
                }
                self.out.extend_from_slice(text.as_bytes());
            }
        }
        self.raw.consume(taken);
        Ok(())
    }
}

/// Moves what is UTF-8 to `out`, other bytes as characters of `otherwise`; whether there were any. A character that is not
/// complete yet stays.
fn decode(bytes: &mut Vec<u8>, is_end: bool, otherwise: &'static Encoding, out: &mut Vec<u8>) -> bool {
    let mut rest = bytes.as_slice();
    let mut fell_back = false;
    while !rest.is_empty() {
        let Err(error) = std::str::from_utf8(rest) else {
            out.extend_from_slice(rest);
            rest = &[];
            break;
        };
        out.extend_from_slice(&rest[..error.valid_up_to()]);
        rest = &rest[error.valid_up_to()..];
        if error.error_len().is_none() && !is_end {
            break;
        }
        fell_back = true;
        let (letter, _) = otherwise.decode_without_bom_handling(&rest[..1]);
        out.extend_from_slice(letter.as_bytes());
        rest = &rest[1..];
    }
    *bytes = rest.to_vec();
    fell_back
}

impl BufRead for Utf8Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.budget == 0 {
            return Err(io::Error::other(OverBudget));
        }
        while self.ready() < AHEAD && !self.ended {
            self.more()?;
        }
        Ok(&self.out[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        self.at += amount;
        self.budget = self.budget.saturating_sub(amount as u64);
    }
}

impl Read for Utf8Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let amount = {
            let mut available = self.fill_buf()?;
            available.read(buffer)?
        };
        self.consume(amount);
        Ok(amount)
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use encoding_rs::{UTF_16LE, WINDOWS_1258};
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    fn text_of(bytes: &[u8], capacity: usize, coding: Coding) -> (String, bool) {
        let mut source = Utf8Source::new(Box::new(BufReader::with_capacity(capacity, bytes)), coding);
        let mut text = String::new();
        source.read_to_string(&mut text).unwrap();
        (text, source.fell_back())
    }

    const OLD: Coding = Coding::Utf8 {
        otherwise: WINDOWS_1258,
    };

    proptest! {
        #[test]
        fn edxml_13_1_utf8_passes_unchanged_in_any_pieces(text in any::<String>(), capacity in 1_usize..40) {
            prop_assert_eq!(text_of(text.as_bytes(), capacity, OLD), (text, false));
        }

        #[test]
        fn edxml_13_1_utf16_is_read(text in any::<String>(), capacity in 1_usize..40) {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            prop_assert_eq!(text_of(&bytes, capacity, Coding::Other(UTF_16LE)), (text, false));
        }

        #[test]
        fn edxml_13_1_any_bytes_become_text(bytes in proptest::collection::vec(any::<u8>(), 0..200), capacity in 1_usize..40) {
            text_of(&bytes, capacity, OLD);
            text_of(&bytes, capacity, Coding::Other(UTF_16LE));
        }
    }

    #[test]
    fn edxml_13_1_windows_1258_is_read_where_utf8_ends() {
        // "Sở Tài chính, Đắk Nông" as Windows stores it: letters with their own mark, tones as marks of their own.
        let bytes = b"S\xf5\xd2 Ta\xcci chi\xecnh, \xd0\xe3\xeck N\xf4ng";
        let (text, fell_back) = text_of(bytes, 7, OLD);
        assert_eq!(text.nfc().collect::<String>(), "Sở Tài chính, Đắk Nông");
        assert!(fell_back);
    }
}
