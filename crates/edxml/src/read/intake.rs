//! Before the XML: size, packing and encoding of the whole file, bytes in front of it.

use std::io::{self, BufRead, BufReader, Cursor, ErrorKind, Read};

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1258};

use super::{
    base64_stream::Base64Reader,
    gzip::Members,
    source::{Coding, Utf8Source},
};
use crate::{
    Limits, ReadError,
    warning::{WarningCode, Warnings},
};

/// The XML declaration has to begin within as many bytes.
const HEAD: usize = 64 * 1024;
/// Fewer characters are not taken for base64 of a whole file.
const SHORTEST_BASE64: usize = 64;
const GZIP: &[u8] = &[0x1f, 0x8b];
const BOM: &[u8] = b"\xef\xbb\xbf";

/// The text of the file as UTF-8, from the XML declaration on.
pub(crate) fn open<'a, R: BufRead + 'a>(
    source: R,
    limits: &Limits,
    warnings: &mut Warnings,
) -> Result<Utf8Source<'a>, ReadError> {
    let (head, rest) = peeked(Counted::new(source, limits.file))?;
    let whole = Cursor::new(head.clone()).chain(rest);
    if head.starts_with(GZIP) {
        warn_wrapped(warnings, "nén gzip");
        return text(Members::new(whole, limits), limits, warnings);
    }
    if is_base64(&head) {
        warn_wrapped(warnings, "mã hóa base64");
        return text(Base64Reader::new(whole), limits, warnings);
    }
    begin(&head, Box::new(whole), warnings)
}

fn warn_wrapped(warnings: &mut Warnings, how: &str) {
    warnings.add(
        WarningCode::Wrapped,
        "",
        format!("Toàn bộ tệp được {how}; hệ thống đã giải ra để đọc."),
    );
}

/// The unpacked file: examined like a plain one, but not unpacked once more.
fn text<'a, R: Read + 'a>(
    unpacked: R,
    limits: &Limits,
    warnings: &mut Warnings,
) -> Result<Utf8Source<'a>, ReadError> {
    let unpacked = BufReader::new(Unpacking(unpacked));
    let (head, rest) = peeked(Counted::new(unpacked, limits.file))?;
    let whole = Cursor::new(head.clone()).chain(rest);
    begin(&head, Box::new(whole), warnings)
}

fn begin<'a>(
    head: &[u8],
    mut whole: Box<dyn BufRead + 'a>,
    warnings: &mut Warnings,
) -> Result<Utf8Source<'a>, ReadError> {
    let utf16: Option<(&'static Encoding, usize)> = match head {
        [0xff, 0xfe, ..] => Some((UTF_16LE, 2)),
        [0xfe, 0xff, ..] => Some((UTF_16BE, 2)),
        [b'<', 0, _, 0, ..] => Some((UTF_16LE, 0)),
        [0, b'<', 0, _, ..] => Some((UTF_16BE, 0)),
        _ => None,
    };
    if let Some((encoding, bom)) = utf16 {
        warnings.add(
            WarningCode::Encoding,
            "",
            "Thông điệp mã hóa UTF-16 thay vì UTF-8; hệ thống đã chuyển để đọc.",
        );
        skip(&mut whole, bom)?;
        return Ok(Utf8Source::new(whole, Coding::Other(encoding)));
    }
    let bom = if head.starts_with(BOM) { BOM.len() } else { 0 };
    let after_bom = &head[bom..];
    // A file that begins as XML is read from there: a second declaration, in a comment perhaps, does not begin another one.
    let start = if begins_with_tag(after_bom) {
        after_bom.iter().position(|b| *b == b'<').unwrap_or(0)
    } else {
        declaration(after_bom).ok_or(ReadError::NotXml)?
    };
    let dropped = &after_bom[..start];
    let dropped = dropped.strip_suffix(BOM).unwrap_or(dropped);
    if dropped.iter().any(|b| !b.is_ascii_whitespace() && *b != 0) {
        warnings.add(
            WarningCode::LeadingBytes,
            "",
            "Trước khai báo XML có dữ liệu lạ; hệ thống đã bỏ qua phần đó.",
        );
    }
    skip(&mut whole, bom + start)?;
    Ok(Utf8Source::new(
        whole,
        Coding::Utf8 {
            otherwise: declared(&after_bom[start..]).unwrap_or(WINDOWS_1258),
        },
    ))
}

/// Where `<?xml` stands, not `<?xml-stylesheet`.
fn declaration(text: &[u8]) -> Option<usize> {
    const BEGIN: &[u8] = b"<?xml";
    let mut from = 0;
    loop {
        let at = from + find(text.get(from..)?, BEGIN)?;
        from = at + BEGIN.len();
        if text.get(from).is_some_and(u8::is_ascii_whitespace) {
            return Some(at);
        }
    }
}

/// Without a declaration the root, a comment or an instruction comes first.
fn begins_with_tag(text: &[u8]) -> bool {
    let mut begin = text.iter().skip_while(|b| b.is_ascii_whitespace() || **b == 0);
    begin.next() == Some(&b'<')
        && begin
            .next()
            .is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'!' | b'?') || !b.is_ascii())
}

/// The single-byte encoding that the XML declaration names.
fn declared(text: &[u8]) -> Option<&'static Encoding> {
    let end = find(text, b"?>")?;
    let declaration = &text[..end];
    let at = find(declaration, b"encoding")? + b"encoding".len();
    let mut rest = declaration[at..]
        .iter()
        .copied()
        .skip_while(|b| b.is_ascii_whitespace() || *b == b'=');
    let quote = rest.next().filter(|b| matches!(b, b'"' | b'\''))?;
    let label: Vec<u8> = rest.take_while(|b| *b != quote).take(40).collect();
    Encoding::for_label(&label).filter(|encoding| encoding.is_single_byte())
}

/// Only characters of base64, and enough of them.
fn is_base64(head: &[u8]) -> bool {
    let letters = head.iter().filter(|b| !b.is_ascii_whitespace() && **b != 0);
    letters.clone().count() >= SHORTEST_BASE64
        && letters
            .clone()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
}

fn peeked<R: BufRead>(mut source: R) -> Result<(Vec<u8>, R), ReadError> {
    let mut head = Vec::new();
    (&mut source).take(HEAD as u64).read_to_end(&mut head)?;
    Ok((head, source))
}

fn skip(source: &mut dyn BufRead, bytes: usize) -> Result<(), ReadError> {
    io::copy(&mut source.take(bytes as u64), &mut io::sink())?;
    Ok(())
}

pub(crate) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

/// A packing that breaks is the fault of the file, not of the disk it lies on.
struct Unpacking<R>(R);

impl<R: Read> Read for Unpacking<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::UnexpectedEof => {
                ReadError::Malformed("phần nén hoặc mã hóa của tệp bị hỏng".to_owned()).into()
            }
            _ => error,
        })
    }
}

/// Ends with a refusal after so many bytes.
struct Counted<R> {
    inner: R,
    limit: u64,
    left: u64,
}

impl<R> Counted<R> {
    const fn new(inner: R, limit: u64) -> Self {
        Self {
            inner,
            limit,
            left: limit,
        }
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let available = self.inner.fill_buf()?;
        if self.left == 0 && !available.is_empty() {
            return Err(ReadError::TooLarge(self.limit).into());
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        Ok(&available[..available.len().min(most)])
    }

    fn consume(&mut self, amount: usize) {
        self.inner.consume(amount);
        self.left = self.left.saturating_sub(amount as u64);
    }
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let amount = {
            let mut available = self.fill_buf()?;
            available.read(buffer)?
        };
        self.consume(amount);
        Ok(amount)
    }
}
