//! A small reader of messages: the envelope as a tree, never the attachments. Elements are found by their local names
//! (spec edxml 13.1 R1).

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use thiserror::Error;

/// The largest envelope that is read: everything before the attachments.
const ENVELOPE_LIMIT: u64 = 8 << 20;
/// The deepest nesting.
const DEPTH_LIMIT: usize = 64;

/// Why a message has no envelope that we can read.
#[derive(Debug, Error)]
pub enum XmlError {
    /// Not well-formed, or not UTF-8.
    #[error("not well-formed XML: {0}")]
    Malformed(String),
    /// It has a document type declaration.
    #[error("a document type declaration is not accepted")]
    DocType,
    /// There is no `edXMLEnvelope`, or it is too deep.
    #[error("no edXMLEnvelope in it")]
    NoEnvelope,
}

/// An element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    /// Its name without prefix.
    pub name: String,
    /// Its attributes as written, without declarations of namespaces; values still escaped.
    pub attributes: Vec<(String, String)>,
    /// What is in it, without comments and processing instructions.
    pub parts: Vec<Part>,
}

/// Content of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// An element.
    Node(Node),
    /// Text, still escaped.
    Text(String),
}

impl Node {
    /// Child elements.
    pub fn children(&self) -> impl Iterator<Item = &Node> {
        self.parts.iter().filter_map(|part| match part {
            Part::Node(node) => Some(node),
            Part::Text(_) => None,
        })
    }

    /// Child elements of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children().filter(move |node| node.name == name)
    }

    /// The first element at a path such as `From/OrganId`.
    pub fn at(&self, path: &str) -> Option<&Node> {
        path.split('/').try_fold(self, |node, name| {
            node.children().find(|child| child.name == name)
        })
    }

    /// The text at a path; missing, empty, blank and `null` are the same (R2).
    pub fn text_at(&self, path: &str) -> Option<String> {
        self.at(path)?.text()
    }

    /// The text of the element itself.
    pub fn text(&self) -> Option<String> {
        let raw: String = self
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::Text(text) => Some(text.as_str()),
                Part::Node(_) => None,
            })
            .collect();
        let text = quick_xml::escape::unescape(&raw).map_or_else(|_| raw.clone(), Into::into);
        let text = text.trim();
        (!text.is_empty() && text != "null").then(|| text.to_owned())
    }
}

/// The envelope of a message and where it ends.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// The element `edXMLEnvelope`.
    pub node: Node,
    /// Bytes until behind its end tag.
    pub end: u64,
}

impl Envelope {
    /// Reads until the end of the envelope, no further.
    ///
    /// # Errors
    /// When there is none, or it is not well-formed.
    pub fn read(source: impl BufRead) -> Result<Self, XmlError> {
        let malformed = |e: quick_xml::Error| XmlError::Malformed(e.to_string());
        let mut reader = Reader::from_reader(source.take(ENVELOPE_LIMIT));
        let mut buffer = Vec::new();
        // Open elements inside the envelope, outermost first.
        let mut open: Vec<Node> = Vec::new();
        loop {
            buffer.clear();
            let event = reader.read_event_into(&mut buffer).map_err(malformed)?;
            let text = match event {
                Event::Eof => return Err(XmlError::NoEnvelope),
                Event::DocType(_) => return Err(XmlError::DocType),
                Event::Start(start) => {
                    let node = element(&start)?;
                    if !open.is_empty() || node.name == "edXMLEnvelope" {
                        open.push(node);
                    }
                    if open.len() > DEPTH_LIMIT {
                        return Err(XmlError::NoEnvelope);
                    }
                    continue;
                }
                Event::Empty(start) => {
                    let node = element(&start)?;
                    if let Some(parent) = open.last_mut() {
                        parent.parts.push(Part::Node(node));
                    }
                    continue;
                }
                Event::End(_) => {
                    let Some(node) = open.pop() else { continue };
                    match open.last_mut() {
                        Some(parent) => parent.parts.push(Part::Node(node)),
                        None => {
                            let end = reader.buffer_position();
                            return Ok(Self { node, end });
                        }
                    }
                    continue;
                }
                Event::Text(text) => text.into_inner().into_owned(),
                Event::CData(text) => quick_xml::escape::escape(text.into_inner()).into_owned(),
                Event::GeneralRef(reference) => format!("&{};", reference.into_inner()),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => continue,
            };
            if let Some(parent) = open.last_mut() {
                parent.parts.push(Part::Text(text));
            }
        }
    }
}

fn element(start: &BytesStart<'_>) -> Result<Node, XmlError> {
    let mut node = Node {
        name: start.local_name().as_ref().to_owned(),
        ..Node::default()
    };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|e| XmlError::Malformed(e.to_string()))?;
        let name: &str = attribute.key.as_ref();
        if name != "xmlns" && !name.starts_with("xmlns:") {
            node.attributes
                .push((name.to_owned(), attribute.value.into_owned()));
        }
    }
    Ok(node)
}

/// What a message says about itself: enough to deliver it and to judge it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// `From/OrganId`.
    pub from: Option<String>,
    /// `To/OrganId` of each recipient.
    pub to: Vec<String>,
    /// `DocumentId` of the document itself.
    pub document_id: Option<String>,
    /// Number and notation, joined by a slash; of a status, those of the document it answers.
    pub notation: Option<String>,
    /// Subject; of a status, its code and description.
    pub title: Option<String>,
    /// `BussinessDocType`, 0 when it is missing.
    pub business: u8,
    /// `Bussiness/DocumentId`.
    pub business_document_id: Option<String>,
    /// `StatusCode`: the message is a status.
    pub status_code: Option<String>,
    /// `Description` of a status.
    pub description: Option<String>,
    /// `Timestamp` of a status.
    pub timestamp: Option<String>,
    /// `ResponseFor`, the first one.
    pub response_for: Option<ResponseFor>,
    /// `PromulgationDate`.
    pub date: Option<String>,
}

/// The document that a message answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResponseFor {
    /// `OrganId`.
    pub organ_id: Option<String>,
    /// `Code`.
    pub code: Option<String>,
    /// `PromulgationDate`.
    pub date: Option<String>,
    /// `DocumentId`.
    pub document_id: Option<String>,
}

impl Summary {
    /// What the envelope says; `None` when it has no `MessageHeader`.
    pub fn of(envelope: &Node) -> Option<Self> {
        let header = envelope.at("edXMLHeader")?;
        let message = header.at("MessageHeader")?;
        let business = header.at("TraceHeaderList/Bussiness");
        let code = |part: &str| message.text_at(&format!("Code/{part}"));
        let own_notation = match (code("CodeNumber"), code("CodeNotation")) {
            (Some(number), Some(notation)) => Some(format!("{number}/{notation}")),
            (number, notation) => number.or(notation),
        };
        let response_for = message.at("ResponseFor").map(|node| ResponseFor {
            organ_id: node.text_at("OrganId"),
            code: node.text_at("Code"),
            date: node.text_at("PromulgationDate"),
            document_id: node.text_at("DocumentId"),
        });
        let status_code = message.text_at("StatusCode");
        let description = message.text_at("Description");
        let answered = response_for.as_ref().and_then(|r| r.code.clone());
        let (notation, title) = match &status_code {
            Some(status) => {
                let title = format!("{status} {}", description.as_deref().unwrap_or_default());
                (answered, Some(title.trim().to_owned()))
            }
            None => (own_notation, message.text_at("Subject")),
        };
        Some(Self {
            from: message.text_at("From/OrganId"),
            to: message.all("To").filter_map(|to| to.text_at("OrganId")).collect(),
            document_id: message.text_at("DocumentId"),
            notation,
            title,
            business: business
                .and_then(|b| b.text_at("BussinessDocType"))
                .and_then(|kind| kind.parse().ok())
                .unwrap_or_default(),
            business_document_id: business.and_then(|b| b.text_at("DocumentId")),
            status_code,
            description,
            timestamp: message.text_at("Timestamp"),
            response_for,
            date: message.text_at("PromulgationInfo/PromulgationDate"),
        })
    }

    /// Reads a whole message in memory.
    ///
    /// # Errors
    /// When it is not one.
    pub fn read(bytes: &[u8]) -> Result<Self, XmlError> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        Self::of(&Envelope::read(bytes)?.node).ok_or(XmlError::NoEnvelope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: &str = r#"<?xml version="1.0"?><edXML xmlns="q"><x:edXMLEnvelope xmlns:x="q"><x:edXMLHeader><x:MessageHeader>
        <!-- no --><x:From><x:OrganId>G99</x:OrganId></x:From>
        <x:ResponseFor><x:OrganId>H16.05</x:OrganId><x:Code>1/A&amp;B</x:Code><x:DocumentId>H16.05,2022/10/03,1/A&#38;B</x:DocumentId></x:ResponseFor>
        <x:StatusCode>02</x:StatusCode><x:Description>null</x:Description></x:MessageHeader></x:edXMLHeader></x:edXMLEnvelope><rest>"#;

    #[test]
    fn edxml_13_1_r1_r2_a_status_is_read_whatever_its_prefix() {
        let read = Summary::read(STATUS.as_bytes()).unwrap();
        assert_eq!(read.from.as_deref(), Some("G99"));
        assert_eq!(read.status_code.as_deref(), Some("02"));
        assert_eq!(read.description, None);
        assert_eq!(read.notation.as_deref(), Some("1/A&B"));
        let answered = read.response_for.unwrap();
        assert_eq!(answered.document_id.as_deref(), Some("H16.05,2022/10/03,1/A&B"));
        let end = Envelope::read(STATUS.as_bytes()).unwrap().end;
        assert_eq!(&STATUS[end as usize..], "<rest>");
    }

    #[test]
    fn what_is_no_message_is_refused() {
        assert!(matches!(Summary::read(b"hello"), Err(XmlError::NoEnvelope)));
        assert!(matches!(
            Summary::read(b"<edXML></edXMLs>"),
            Err(XmlError::Malformed(_))
        ));
        let with_type = format!("<!DOCTYPE edXML [<!ENTITY a 'b'>]>{STATUS}");
        assert!(matches!(
            Summary::read(with_type.as_bytes()),
            Err(XmlError::DocType)
        ));
        let deep = format!("<edXMLEnvelope>{}", "<a>".repeat(100));
        assert!(Summary::read(deep.as_bytes()).is_err());
    }
}
