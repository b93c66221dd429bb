//! XML → a small tree of the elements that are understood. The contents of attachments never enter it ([`super::content`]).

use std::{collections::HashMap, io::BufRead};

use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
};

use super::{
    attachments,
    content::{Pending, Streamed},
    names::{Spelling, canonical},
    node::Node,
    source::{OverBudget, Utf8Source},
};
use crate::{
    AttachmentSink, DSIG, Limits, NAMESPACE, ReadError,
    text::{is_xml_char, quoted, shown},
    warning::{WarningCode, Warnings},
};

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
/// More attributes of one element than any message has.
const MAX_ATTRIBUTES: usize = 100;
/// Longer than any tag: names of open elements and prefixes are kept until they are closed.
const MAX_TAG: usize = 64 * 1024;

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
        attachments: 0,
        is_listed: false,
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

/// An open element.
pub(super) struct Frame<W> {
    /// Nothing when it is not understood.
    node: Option<Node>,
    /// What was decoded inside and waits for its name.
    pending: Option<Pending<W>>,
}

impl<W> Frame<W> {
    fn name(&self) -> &'static str {
        self.node.as_ref().map_or("", |node| node.name)
    }
}

/// To whom the text of an element belongs.
enum Holder {
    /// It is text, not content.
    Nobody,
    /// The element itself is a file.
    Itself,
    /// The element around it is the file.
    Parent,
    /// It is content in a place where no file is: read over.
    Stray,
}

pub(super) struct Parser<'p, 's, S: AttachmentSink> {
    pub(super) reader: Reader<Utf8Source<'s>>,
    pub(super) limits: &'p Limits,
    pub(super) warnings: &'p mut Warnings,
    pub(super) sink: &'p mut S,
    pub(super) stack: Vec<Frame<S::Spool>>,
    /// Depth of declaration, prefix (empty: default), namespace.
    pub(super) prefixes: Vec<(usize, String, String)>,
    pub(super) elements: usize,
    pub(super) texts: u64,
    pub(super) slots: usize,
    /// Contents that were met, kept or not.
    pub(super) contents: usize,
    pub(super) contents_total: u64,
    references: usize,
    attachments: usize,
    /// The manifest that counts has ended: names in a further one do not count (R3).
    is_listed: bool,
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
        if tag.len() > MAX_TAG {
            return Err(ReadError::TooMany("ký tự trong một thẻ"));
        }
        let mut used: Vec<String> = Vec::new();
        for (place, attribute) in tag.attributes().enumerate() {
            if place == MAX_ATTRIBUTES {
                return Err(ReadError::TooMany("thuộc tính trong một thẻ"));
            }
            let attribute = attribute.map_err(|error| ReadError::malformed(&error))?;
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
            return Err(ReadError::ForeignFormat(shown(
                &namespace.unwrap_or_else(|| local.to_owned()),
            )));
        }
        let is_inside_signature = self.stack.iter().any(|frame| frame.name() == "Signature");
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
        let holder = self.holder(node.name);
        let is_known = !node.name.is_empty();
        self.stack.push(Frame {
            node: is_known.then_some(node),
            pending: None,
        });
        if is_empty {
            return self.close();
        }
        match holder {
            Holder::Nobody => return Ok(None),
            Holder::Stray => {
                self.pass_over()?;
                self.warnings.add(
                    WarningCode::OddPlace,
                    "",
                    "Thông điệp có nội dung tệp nằm ngoài phần tử tệp đính kèm; hệ thống bỏ qua nội dung đó.",
                );
            }
            Holder::Itself => match self.content()? {
                Streamed::Whole(pending) => self.hold(self.stack.len() - 1, pending),
                Streamed::Broken => self.warnings.add(
                    WarningCode::MissingFile,
                    "edXMLBody/Content",
                    "Phần nội dung của thông điệp không phải là tệp mã hóa base64 nên không đọc được.",
                ),
                Streamed::Nothing => {}
            },
            Holder::Parent => {
                // The element itself was just put on top.
                let parent = self.stack.len() - 2;
                if self.stack[parent].pending.is_some() {
                    self.pass_over()?;
                    self.warnings.add(
                        WarningCode::Repeated,
                        "AttachmentEncoded/Attachment/ContentTransferEncoded",
                        "Một tệp đính kèm có nhiều phần nội dung; hệ thống dùng phần đầu tiên.",
                    );
                } else if let Streamed::Whole(pending) = self.content()? {
                    self.hold(parent, pending);
                }
            }
        }
        self.close()
    }

    fn hold(&mut self, depth: usize, pending: Pending<S::Spool>) {
        if let Some(frame) = self.stack.get_mut(depth) {
            frame.pending = Some(pending);
        }
    }

    /// Only what ends up in the message is decoded: the content of an attachment, or of a body, that is understood all the way
    /// up, and is no part of another one.
    fn holder(&self, name: &str) -> Holder {
        let (parent, above) = match self.stack.split_last() {
            Some((parent, above)) => (parent.name(), above),
            None => ("", &[][..]),
        };
        let holder = match (name, parent) {
            ("ContentTransferEncoded" | "AttachmentData", "Attachment") => Holder::Parent,
            ("ContentTransferEncoded" | "AttachmentData", _) => return Holder::Stray,
            ("Content", "edXMLBody") => Holder::Itself,
            _ => return Holder::Nobody,
        };
        // The root is the message, whatever it is called.
        let between = above.split_first().map(|(_root, between)| between);
        let is_part = |frame: &Frame<_>| ["", "Attachment", parent].contains(&frame.name());
        match between {
            Some(between) if !between.iter().any(is_part) => holder,
            _ => Holder::Stray,
        }
    }

    fn parent_name(&self) -> &'static str {
        self.stack.last().map_or("", Frame::name)
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
            Some(Frame { node: Some(node), .. }) => node.text.push_str(text),
            Some(Frame { node: None, .. }) => {}
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
        let Some(Frame { node, pending }) = self.stack.pop() else {
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
                if let (false, Some(id), Some(name)) = (
                    self.is_listed,
                    attachments::id_of(&node),
                    attachments::name_of(&node),
                ) {
                    self.names.entry(id).or_insert(name);
                }
            }
            "edXMLManifest" | "edXMLBody" => self.is_listed |= !self.names.is_empty(),
            "Attachment" => {
                self.attachments += 1;
                if self.attachments > self.limits.attachments {
                    return Err(ReadError::TooMany("tệp đính kèm"));
                }
                let listed = || self.names.get(&attachments::id_of(&node)?).cloned();
                let name = attachments::name_of(&node).or_else(listed).unwrap_or_default();
                node.content = self.keep(pending, &name)?;
            }
            "Content" => node.content = self.keep(pending, "")?,
            _ => {}
        }
        match self.stack.last_mut() {
            None => Ok(Some(node)),
            Some(Frame {
                node: Some(parent), ..
            }) => {
                parent.children.push(node);
                Ok(None)
            }
            Some(Frame { node: None, .. }) => Ok(None),
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
}

/// The text of a character reference or one of the five entities of XML; others would come from a DTD.
pub(super) fn resolved(reference: &BytesRef<'_>) -> Result<String, ReadError> {
    let letter = reference
        .resolve_char_ref()
        .map_err(|error| ReadError::malformed(&error))?;
    match letter {
        Some(letter) => Ok(letter.to_string()),
        None => resolve_predefined_entity(reference)
            .map(str::to_owned)
            .ok_or(ReadError::Dtd),
    }
}

pub(super) fn refusal(error: &quick_xml::Error) -> ReadError {
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
        other => ReadError::malformed(&other),
    }
}
