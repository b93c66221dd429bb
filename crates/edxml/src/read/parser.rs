//! XML → a small tree of the elements that are understood. The contents of attachments never enter it: they stream to the
//! sink.

use std::{
    collections::HashMap,
    io::{BufRead, Seek, SeekFrom, Write},
};

use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
};

use super::{
    attachments::{self, Measured},
    base64_stream::Decoder,
    names::{Spelling, canonical},
    source::{OverBudget, Utf8Source},
    unpack::{self, Unpacked},
};
use crate::{
    AttachmentSink, DSIG, Limits, NAMESPACE, ReadError,
    model::Content,
    text::{Lines, cleaned, is_xml_char, quoted, value},
    warning::{WarningCode, Warnings},
};

/// An element that is understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Node {
    /// As the regulation spells it.
    pub(crate) name: &'static str,
    /// All text directly inside, as it stands.
    pub(crate) text: String,
    pub(crate) children: Vec<Node>,
    /// What the sink got of this element.
    pub(crate) content: Option<Content>,
    /// It has the namespace of XMLDSig.
    pub(crate) is_dsig: bool,
}

impl Node {
    /// No value and nothing with a value inside (R2).
    pub(crate) fn is_empty(&self) -> bool {
        self.content.is_none()
            && self.children.iter().all(Self::is_empty)
            && value(&self.text, Lines::One).is_none()
    }

    pub(crate) fn cleaned(&self) -> String {
        cleaned(&self.text, Lines::One)
    }

    /// Every element of this name inside, at any depth, but not inside another of the name.
    pub(crate) fn found(&self, name: &str) -> Vec<&Self> {
        let mut all = Vec::new();
        self.collect(name, &mut all);
        all
    }

    fn collect<'n>(&'n self, name: &str, all: &mut Vec<&'n Self>) {
        for child in &self.children {
            if child.name == name {
                all.push(child);
            } else {
                child.collect(name, all);
            }
        }
    }

    fn child_value(&self, name: &str) -> Option<String> {
        self.children
            .iter()
            .filter(|child| child.name == name)
            .find_map(|child| value(&child.text, Lines::One))
    }
}

/// Formats that are told apart by their namespace and refused (spec edxml 2).
const FOREIGN: &[&str] = &[
    "http://www.e-doc.vn/Schema/",
    "http://www.go.vn/eDoc",
    "http://edxml.gov.vn/schema",
    "http://schemas.xmlsoap.org/soap/envelope/",
    "http://www.w3.org/2003/05/soap-envelope",
];
/// More prefixes than any message has.
const MAX_PREFIXES: usize = 100;

/// Reads the whole file.
pub(crate) fn parse<S: AttachmentSink>(
    source: Utf8Source<'_>,
    limits: &Limits,
    warnings: &mut Warnings,
    sink: &mut S,
) -> Result<Node, ReadError> {
    let mut parser = Parser {
        reader: Reader::from_reader(source),
        limits,
        warnings,
        sink,
        stack: Vec::new(),
        prefixes: Vec::new(),
        elements: 0,
        texts: 0,
        slots: 0,
        contents: 0,
        contents_total: 0,
        references: 0,
        pending: None,
        is_broken: false,
        names: HashMap::new(),
    };
    let root = parser.root()?;
    parser.tail()?;
    if parser.reader.get_ref().fell_back() {
        parser.warnings.add(
            WarningCode::Encoding,
            "",
            "Thông điệp có ký tự không theo mã UTF-8; hệ thống đã đọc theo bảng mã cũ. Đề nghị đối chiếu nội dung với tệp văn bản.",
        );
    }
    Ok(root)
}

/// An open element; nothing when it is not understood.
struct Frame(Option<Node>);

/// A content that was decoded and waits for its name.
struct Pending<W> {
    measured: Measured<W>,
}

/// What an element with content held.
enum Streamed<W> {
    Nothing,
    /// Something that is not base64.
    Broken,
    Whole(Pending<W>),
}

struct Parser<'p, 's, S: AttachmentSink> {
    reader: Reader<Utf8Source<'s>>,
    limits: &'p Limits,
    warnings: &'p mut Warnings,
    sink: &'p mut S,
    stack: Vec<Frame>,
    /// Depth of declaration, prefix (empty: default), namespace.
    prefixes: Vec<(usize, String, String)>,
    elements: usize,
    texts: u64,
    slots: usize,
    /// Contents that were met, kept or not.
    contents: usize,
    contents_total: u64,
    references: usize,
    pending: Option<Pending<S::Spool>>,
    is_broken: bool,
    /// Names of attachments by content id, from the manifest.
    names: HashMap<String, String>,
}

/// What the loop does with an event, free of its borrows.
enum Step {
    Open(Node, bool),
    Nothing,
    Text(String),
    Close,
    End,
}

impl<S: AttachmentSink> Parser<'_, '_, S> {
    fn root(&mut self) -> Result<Node, ReadError> {
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match self.step(&mut buffer)? {
                Step::Nothing => {}
                Step::Text(text) => self.text(&text)?,
                Step::Open(node, is_empty) => {
                    if let Some(root) = self.open(node, is_empty)? {
                        return Ok(root);
                    }
                }
                Step::Close => {
                    if let Some(root) = self.close()? {
                        return Ok(root);
                    }
                }
                Step::End if self.elements == 0 => return Err(ReadError::NotXml),
                Step::End => return Err(ReadError::Malformed("thiếu phần cuối".to_owned())),
            }
        }
    }

    fn step(&mut self, buffer: &mut Vec<u8>) -> Result<Step, ReadError> {
        self.reader.get_mut().set_budget(self.limits.text);
        let event = self
            .reader
            .read_event_into(buffer)
            .map_err(|error| refusal(&error))?;
        Ok(match event {
            Event::Start(tag) => self.element(&tag).map(|node| Step::Open(node, false))?,
            Event::Empty(tag) => self.element(&tag).map(|node| Step::Open(node, true))?,
            Event::End(_) => Step::Close,
            Event::Text(text) => Step::Text(text.xml10_content().into_owned()),
            Event::CData(text) => Step::Text(text.xml10_content().into_owned()),
            Event::GeneralRef(reference) => Step::Text(resolved(&reference)?),
            Event::DocType(_) => return Err(ReadError::Dtd),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => Step::Nothing,
            Event::Eof => Step::End,
        })
    }

    /// A start tag: its limits, prefixes and meaning. Not understood is a node without a name.
    fn element(&mut self, tag: &BytesStart<'_>) -> Result<Node, ReadError> {
        self.elements += 1;
        if self.elements > self.limits.elements {
            return Err(ReadError::TooMany("phần tử"));
        }
        let depth = self.stack.len() + 1;
        if depth > self.limits.depth {
            return Err(ReadError::TooDeep(self.limits.depth));
        }
        let mut used: Vec<String> = Vec::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| ReadError::Malformed(error.to_string()))?;
            let name: &str = attribute.key.as_ref();
            let declared = match name.split_once(':') {
                None if name == "xmlns" => Some(""),
                None => None,
                Some(("xmlns", prefix)) => Some(prefix),
                Some((prefix, _)) => {
                    used.push(prefix.to_owned());
                    None
                }
            };
            if let Some(prefix) = declared {
                if self.prefixes.len() == MAX_PREFIXES {
                    return Err(ReadError::TooMany("không gian tên"));
                }
                let address = AsRef::<str>::as_ref(&attribute.value).trim().to_owned();
                self.prefixes.push((depth, prefix.to_owned(), address));
            }
        }
        let name = tag.name();
        let full: &str = name.as_ref();
        let (prefix, local) = full.split_once(':').unwrap_or(("", full));
        for other in &used {
            self.check_prefix(other);
        }
        if !prefix.is_empty() {
            self.check_prefix(prefix);
        }
        let namespace = self
            .prefixes
            .iter()
            .rev()
            .find(|(_, declared, _)| declared == prefix)
            .map(|(_, _, address)| address.clone());
        if depth <= 2 && (FOREIGN.contains(&namespace.as_deref().unwrap_or_default()) || local == "Envelope")
        {
            return Err(ReadError::ForeignFormat(
                namespace.unwrap_or_else(|| local.to_owned()),
            ));
        }
        let is_inside_signature = self
            .stack
            .iter()
            .any(|frame| frame.0.as_ref().is_some_and(|node| node.name == "Signature"));
        let Some((name, spelling)) = canonical(local) else {
            return Ok(Node::default());
        };
        if spelling == Spelling::Other && !is_inside_signature {
            self.warnings.add(
                WarningCode::Alias,
                name,
                format!("Phần tử {} được hiểu là {name}.", quoted(local)),
            );
        }
        let is_dsig = namespace.as_deref() == Some(DSIG);
        if let Some(other) = namespace.filter(|address| !is_dsig && address != NAMESPACE) {
            self.warnings.add(
                WarningCode::Namespace,
                "",
                format!(
                    "Không gian tên {} không theo quy định; hệ thống vẫn đọc.",
                    quoted(&other)
                ),
            );
        }
        Ok(Node {
            name,
            is_dsig,
            ..Node::default()
        })
    }

    fn check_prefix(&mut self, prefix: &str) {
        let is_declared = matches!(prefix, "xml" | "xmlns")
            || self.prefixes.iter().any(|(_, declared, _)| declared == prefix);
        if !is_declared {
            self.warnings.add(
                WarningCode::Namespace,
                "",
                format!("Tiền tố {} chưa được khai báo; hệ thống vẫn đọc.", quoted(prefix)),
            );
        }
    }

    fn open(&mut self, node: Node, is_empty: bool) -> Result<Option<Node>, ReadError> {
        let holds_content = match node.name {
            "ContentTransferEncoded" | "AttachmentData" => true,
            "Content" => self.parent_name() == "edXMLBody",
            _ => false,
        };
        let is_known = !node.name.is_empty();
        self.stack.push(Frame(is_known.then_some(node)));
        if is_empty {
            return self.close();
        }
        if holds_content {
            match self.content()? {
                Streamed::Whole(pending) if self.pending.is_none() => self.pending = Some(pending),
                Streamed::Broken => self.is_broken = true,
                Streamed::Whole(_) | Streamed::Nothing => {}
            }
            return self.close();
        }
        Ok(None)
    }

    fn parent_name(&self) -> &'static str {
        self.stack
            .last()
            .and_then(|frame| frame.0.as_ref())
            .map_or("", |node| node.name)
    }

    fn text(&mut self, text: &str) -> Result<(), ReadError> {
        self.texts += text.len() as u64;
        if self.texts > self.limits.texts_total {
            return Err(ReadError::TooMany("chữ ngoài tệp đính kèm"));
        }
        if !text.chars().all(is_xml_char) {
            self.warnings.add(
                WarningCode::Characters,
                self.parent_name(),
                "Thông điệp có ký tự điều khiển không được phép trong XML; hệ thống đã bỏ các ký tự đó.",
            );
        }
        match self.stack.last_mut() {
            Some(Frame(Some(node))) => node.text.push_str(text),
            Some(Frame(None)) => {}
            None => {
                if !text
                    .trim_matches(['\0', '\u{feff}', ' ', '\t', '\r', '\n'])
                    .is_empty()
                {
                    self.warnings.add(
                        WarningCode::LeadingBytes,
                        "",
                        "Trước phần tử gốc có dữ liệu lạ; hệ thống đã bỏ qua phần đó.",
                    );
                }
            }
        }
        Ok(())
    }

    /// The end of an element; the root when it was the last one.
    fn close(&mut self) -> Result<Option<Node>, ReadError> {
        let depth = self.stack.len();
        self.prefixes.retain(|(declared, _, _)| *declared < depth);
        let Some(Frame(node)) = self.stack.pop() else {
            return Err(ReadError::Malformed("thừa thẻ đóng".to_owned()));
        };
        let Some(mut node) = node else {
            return match self.stack.is_empty() {
                true => Err(ReadError::NoMessageHeader),
                false => Ok(None),
            };
        };
        match node.name {
            "Reference" => {
                self.references += 1;
                if self.references > self.limits.attachments {
                    return Err(ReadError::TooMany("tệp trong danh mục"));
                }
                let id = node
                    .child_value("ContentId")
                    .and_then(|id| attachments::content_id(&id));
                if let (Some(id), Some(name)) = (id, node.child_value("AttachmentName")) {
                    self.names.entry(id).or_insert(name);
                }
            }
            "Attachment" => {
                self.is_broken = false;
                let id = node
                    .child_value("ContentId")
                    .and_then(|id| attachments::content_id(&id));
                let name = node
                    .child_value("AttachmentName")
                    .or_else(|| id.and_then(|id| self.names.get(&id).cloned()))
                    .unwrap_or_default();
                node.content = self.keep(&name)?;
            }
            "Content" if self.parent_name() == "edXMLBody" => {
                node.content = self.keep("")?;
                if std::mem::take(&mut self.is_broken) {
                    self.warnings.add(
                        WarningCode::MissingFile,
                        "edXMLBody/Content",
                        "Phần nội dung của thông điệp không phải là tệp mã hóa base64 nên không đọc được.",
                    );
                }
            }
            _ => {}
        }
        match self.stack.last_mut() {
            None => Ok(Some(node)),
            Some(Frame(Some(parent))) => {
                parent.children.push(node);
                Ok(None)
            }
            Some(Frame(None)) => Ok(None),
        }
    }

    /// After the root: nothing but white space and NUL should follow.
    fn tail(&mut self) -> Result<(), ReadError> {
        let source = self.reader.get_mut();
        source.set_budget(u64::MAX);
        let mut is_odd = false;
        loop {
            let available = source.fill_buf()?;
            let amount = available.len();
            if amount == 0 {
                break;
            }
            is_odd |= available.iter().any(|b| !b.is_ascii_whitespace() && *b != 0);
            source.consume(amount);
        }
        if is_odd {
            self.warnings.add(
                WarningCode::TrailingBytes,
                "",
                "Sau phần tử gốc còn dữ liệu lạ; hệ thống đã bỏ qua phần đó.",
            );
        }
        Ok(())
    }

    /// Everything up to the end tag, decoded into a spool.
    fn content(&mut self) -> Result<Streamed<S::Spool>, ReadError> {
        self.contents += 1;
        if self.contents > self.limits.attachments {
            return Err(ReadError::TooMany("tệp đính kèm"));
        }
        let limit = self.limits.attachment;
        let mut measured = Measured::new(self.sink.open()?);
        let mut emit = |bytes: &[u8]| -> Result<(), ReadError> {
            measured.write_all(bytes)?;
            if measured.size > limit {
                return Err(ReadError::AttachmentTooLarge(limit));
            }
            Ok(())
        };
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
        let is_whole = decoder.finish(&mut emit)?;
        Ok(match is_whole {
            false => Streamed::Broken,
            true if measured.size == 0 => Streamed::Nothing,
            true => Streamed::Whole(Pending { measured }),
        })
    }

    /// Hands the pending content to the sink, without the archive around it.
    fn keep(&mut self, name: &str) -> Result<Option<Content>, ReadError> {
        let Some(Pending { mut measured }) = self.pending.take() else {
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
                Unpacked::Kept(why) => self.warnings.add(
                    WarningCode::KeptPacked,
                    name,
                    format!("Tệp {} được giữ ở dạng nén: {why}.", quoted(name)),
                ),
            }
        }
        self.contents_total += measured.size;
        if self.contents_total > self.limits.attachments_total {
            return Err(ReadError::TooLarge(self.limits.attachments_total));
        }
        let content = measured.content(self.slots, name, is_unpacked);
        measured.out.flush()?;
        measured.out.seek(SeekFrom::Start(0))?;
        self.sink.keep(self.slots, measured.out)?;
        self.slots += 1;
        Ok(Some(content))
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
            let end = available
                .iter()
                .take(super::source::AHEAD)
                .position(|b| *b == b';');
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

/// The text of a character reference or one of the five entities of XML; others would come from a DTD.
fn resolved(reference: &BytesRef<'_>) -> Result<String, ReadError> {
    let letter = reference
        .resolve_char_ref()
        .map_err(|error| ReadError::Malformed(error.to_string()))?;
    match letter {
        Some(letter) => Ok(letter.to_string()),
        None => resolve_predefined_entity(reference)
            .map(str::to_owned)
            .ok_or(ReadError::Dtd),
    }
}

fn refusal(error: &quick_xml::Error) -> ReadError {
    match error {
        quick_xml::Error::Io(error) => {
            let inner = error
                .get_ref()
                .and_then(|inner| inner.downcast_ref::<OverBudget>());
            let is_budget = inner.is_some();
            if is_budget {
                ReadError::TooMany("ký tự trong một phần tử")
            } else {
                ReadError::from(error.as_ref())
            }
        }
        other => ReadError::Malformed(other.to_string()),
    }
}
