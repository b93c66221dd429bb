//! A gzip file with all its members: tools that pack in pieces, or one file behind another, write several.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use crate::{Limits, ReadError};

/// Packers that write small pieces make some thousand members of the largest message; each costs time even when empty.
const MAX_MEMBERS: usize = 10_000;

/// What the members stand for, one behind the other. The ratio is that of the whole so far.
pub(crate) struct Members<R> {
    /// The one being read; nothing after the last one.
    member: Option<GzDecoder<Tally<R>>>,
    members: usize,
    written: u64,
    ratio: u64,
}

impl<R: BufRead> Members<R> {
    pub(crate) fn new(packed: R, limits: &Limits) -> Self {
        Self {
            member: Some(GzDecoder::new(Tally {
                inner: packed,
                bytes: 0,
            })),
            members: 1,
            written: 0,
            ratio: limits.ratio.max(1),
        }
    }

    /// After the end of a member: another one, or nothing but the line breaks and NULs that some transports add.
    fn next_member(&mut self) -> io::Result<()> {
        let Some(member) = self.member.take() else {
            return Ok(());
        };
        let mut rest = member.into_inner();
        loop {
            let available = rest.fill_buf()?;
            if available.is_empty() {
                return Ok(());
            }
            let blank = |b: &&u8| b.is_ascii_whitespace() || **b == 0;
            let blanks = available.iter().take_while(blank).count();
            let is_blank = blanks == available.len();
            rest.consume(blanks);
            if !is_blank {
                break;
            }
        }
        self.members += 1;
        if self.members > MAX_MEMBERS {
            return Err(ReadError::TooMany("phần nén").into());
        }
        // What is no member fails as one: something is lost there, or was hidden.
        self.member = Some(GzDecoder::new(rest));
        Ok(())
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(member) = &mut self.member else {
                return Ok(0);
            };
            let amount = member.read(buffer)?;
            if amount > 0 || buffer.is_empty() {
                self.written += amount as u64;
                if self.written > Limits::RATIO_FREE && self.written / self.ratio > member.get_ref().bytes {
                    return Err(ReadError::ZipBomb.into());
                }
                return Ok(amount);
            }
            self.next_member()?;
        }
    }
}

/// Counts what is taken.
struct Tally<R> {
    inner: R,
    bytes: u64,
}

impl<R: BufRead> BufRead for Tally<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
        self.bytes += amount as u64;
    }
}

impl<R: BufRead> Read for Tally<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let amount = {
            let mut available = self.fill_buf()?;
            available.read(buffer)?
        };
        self.consume(amount);
        Ok(amount)
    }
}
