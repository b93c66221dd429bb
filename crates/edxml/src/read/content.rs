//! The contents of attachments: decoded while they pass, without the archive around them.

use std::io::{BufRead, Seek, SeekFrom, Write};

use quick_xml::{
    Reader,
    events::{BytesRef, Event},
};

use super::{
    attachments::Measured,
    base64_stream::Decoder,
    parser::{Parser, refusal, resolved},
    source::{AHEAD, Utf8Source},
    unpack::{self, Unpacked},
};
use crate::{
    AttachmentSink, ReadError,
    model::Content,
    text::{quoted, shown},
    warning::WarningCode,
};

/// A content that was decoded and waits for its name.
pub(super) struct Pending<W> {
    measured: Measured<W>,
}

/// What an element with content held.
pub(super) enum Streamed<W> {
    Nothing,
    /// Something that is not base64.
    Broken,
    Whole(Pending<W>),
}

impl<S: AttachmentSink> Parser<'_, '_, S> {
    /// Everything up to the end tag, decoded into a spool.
    pub(super) fn content(&mut self) -> Result<Streamed<S::Spool>, ReadError> {
        let limit = self.limits.attachment;
        let mut measured = Measured::new(self.sink.open()?);
        let is_whole = self.decode(|bytes| {
            measured.write_all(bytes)?;
            if measured.size > limit {
                return Err(ReadError::AttachmentTooLarge(limit));
            }
            Ok(())
        })?;
        Ok(match is_whole {
            false => Streamed::Broken,
            true if measured.size == 0 => Streamed::Nothing,
            true => Streamed::Whole(Pending { measured }),
        })
    }

    /// Everything up to the end tag, kept nowhere.
    pub(super) fn pass_over(&mut self) -> Result<(), ReadError> {
        self.decode(|_| Ok(())).map(drop)
    }

    /// Hands on what the base64 up to the end tag stands for. `false` when it was something else.
    fn decode(&mut self, mut emit: impl FnMut(&[u8]) -> Result<(), ReadError>) -> Result<bool, ReadError> {
        self.contents += 1;
        if self.contents > self.limits.attachments {
            return Err(ReadError::TooMany("tệp đính kèm"));
        }
        let mut decoder = Decoder::default();
        let mut buffer = Vec::new();
        let mut inside = 0_usize;
        loop {
            self.reader.get_mut().set_budget(u64::MAX);
            if inside == 0 {
                letters(&mut self.reader, &mut decoder, &mut emit)?;
            }
            self.reader.get_mut().set_budget(self.limits.text);
            buffer.clear();
            match self
                .reader
                .read_event_into(&mut buffer)
                .map_err(|error| refusal(&error))?
            {
                Event::End(_) if inside == 0 => break,
                Event::End(_) => inside -= 1,
                // An element has no place here: what is left is not base64.
                Event::Start(_) => {
                    self.elements += 1;
                    if self.elements > self.limits.elements {
                        return Err(ReadError::TooMany("phần tử"));
                    }
                    inside += 1;
                    if self.stack.len() + inside > self.limits.depth {
                        return Err(ReadError::TooDeep(self.limits.depth));
                    }
                    decoder.push(b"<", &mut emit)?;
                }
                Event::Empty(_) => decoder.push(b"<", &mut emit)?,
                Event::DocType(_) => return Err(ReadError::Dtd),
                Event::Eof => return Err(ReadError::Malformed("thiếu phần cuối".to_owned())),
                Event::GeneralRef(reference) => {
                    resolved(&reference)?;
                }
                Event::Comment(_) | Event::PI(_) | Event::Text(_) | Event::CData(_) | Event::Decl(_) => {}
            }
        }
        decoder.finish(&mut emit)
    }

    /// Hands a content to the sink, without the archive around it.
    pub(super) fn keep(
        &mut self,
        pending: Option<Pending<S::Spool>>,
        name: &str,
    ) -> Result<Option<Content>, ReadError> {
        let Some(Pending { mut measured }) = pending else {
            return Ok(None);
        };
        let mut is_unpacked = false;
        if measured.begin.starts_with(unpack::ZIP_MAGIC) {
            let mut inner = Measured::new(self.sink.open()?);
            measured.out.flush()?;
            measured.out.seek(SeekFrom::Start(0))?;
            match unpack::unpack(&mut measured.out, name, self.limits, &mut inner)? {
                Unpacked::Itself => {}
                Unpacked::Single => {
                    measured = inner;
                    is_unpacked = true;
                }
                Unpacked::Kept(why) => {
                    // What was unpacked in vain has been paid for all the same.
                    self.pay_for(inner.size)?;
                    self.warnings.add(
                        WarningCode::KeptPacked,
                        shown(name),
                        format!("Tệp {} được giữ ở dạng nén: {why}.", quoted(name)),
                    );
                }
            }
        }
        self.pay_for(measured.size)?;
        let content = measured.content(self.slots, name, is_unpacked);
        measured.out.flush()?;
        measured.out.seek(SeekFrom::Start(0))?;
        self.sink.keep(self.slots, measured.out)?;
        self.slots += 1;
        Ok(Some(content))
    }

    fn pay_for(&mut self, bytes: u64) -> Result<(), ReadError> {
        self.contents_total += bytes;
        if self.contents_total > self.limits.attachments_total {
            return Err(ReadError::TooLarge(self.limits.attachments_total));
        }
        Ok(())
    }
}

/// Feeds the decoder up to the next tag. CDATA and character references are taken as what they stand for.
fn letters(
    reader: &mut Reader<Utf8Source<'_>>,
    decoder: &mut Decoder,
    emit: &mut impl FnMut(&[u8]) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    const CDATA: &[u8] = b"<![CDATA[";
    const CDATA_END: &[u8] = b"]]>";
    let mut stream = reader.stream();
    let mut is_cdata = false;
    loop {
        let available = stream.fill_buf()?;
        let stop = |b: &u8| {
            if is_cdata {
                *b == b']'
            } else {
                matches!(b, b'<' | b'&')
            }
        };
        let plain = available.iter().position(stop).unwrap_or(available.len());
        if available.is_empty() {
            return Ok(());
        }
        if plain > 0 {
            decoder.push(&available[..plain], &mut *emit)?;
            stream.consume(plain);
        } else if is_cdata {
            is_cdata = !available.starts_with(CDATA_END);
            if is_cdata {
                decoder.push(b"]", &mut *emit)?;
                stream.consume(1);
            } else {
                stream.consume(CDATA_END.len());
            }
        } else if available.starts_with(CDATA) {
            is_cdata = true;
            stream.consume(CDATA.len());
        } else if available.starts_with(b"&") {
            let end = available.iter().take(AHEAD).position(|b| *b == b';');
            let reference = end.and_then(|end| std::str::from_utf8(&available[1..end]).ok());
            let (Some(end), Some(reference)) = (end, reference) else {
                return Err(ReadError::Malformed("ký tự & không hợp lệ".to_owned()));
            };
            let text = resolved(&BytesRef::new(reference))?;
            decoder.push(text.as_bytes(), &mut *emit)?;
            stream.consume(end + 1);
        } else {
            return Ok(());
        }
    }
}
