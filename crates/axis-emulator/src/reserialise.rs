//! What the real axis does to messages: it parses and writes them anew (spec edxml 4, 7). TraceHeaders are added, the
//! children of the header change their order, comments and the namespace of signatures are gone, line breaks are others.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};

use jiff::Timestamp;

use crate::xml::{Envelope, Node, Part};

/// The order in which the axis operator's own client writes the children of `MessageHeader`.
const CLIENT_ORDER: [&str; 16] = [
    "From",
    "To",
    "DocumentId",
    "Code",
    "PromulgationInfo",
    "DocumentType",
    "Subject",
    "Content",
    "SignerInfo",
    "DueDate",
    "OtherInfo",
    "ResponseFor",
    "SteeringType",
    "ToPlaces",
    "StaffInfo",
    "StatusCode",
];
/// The order of the regulation's numbers, 1.1 to 1.14.
const NUMBER_ORDER: [&str; 16] = [
    "From",
    "To",
    "Code",
    "PromulgationInfo",
    "DocumentType",
    "Subject",
    "Content",
    "SignerInfo",
    "DueDate",
    "ToPlaces",
    "OtherInfo",
    "ResponseFor",
    "SteeringType",
    "DocumentId",
    "StatusCode",
    "StaffInfo",
];
const NAMESPACE: &str = "http://www.mic.gov.vn/TBT/QCVN_102_2016";

/// Writes the message anew. `node_code` is the axis' own node (`02.29.W00`).
///
/// `Ok(false)` means that the message cannot be read so and nothing was written: deliver its bytes.
///
/// # Errors
/// When reading or writing fails.
pub fn reserialise(
    mut from: impl Read + Seek,
    to: &mut impl Write,
    node_code: &str,
    at: Timestamp,
) -> io::Result<bool> {
    let skip = byte_order_mark(&mut from)?;
    from.seek(SeekFrom::Start(skip))?;
    let Ok(mut envelope) = Envelope::read(BufReader::new(&mut from)) else {
        return Ok(false);
    };
    if let Some(header) = child(&mut envelope.node, "edXMLHeader") {
        if let Some(message) = child(header, "MessageHeader") {
            reorder(message);
        }
        if let Some(list) = child(header, "TraceHeaderList") {
            add_traces(list, node_code, at);
        }
    }
    let mut text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<edXML xmlns=\"{NAMESPACE}\">\r\n");
    write_node(&mut text, &envelope.node, 1, true);
    to.write_all(text.as_bytes())?;
    from.seek(SeekFrom::Start(skip + envelope.end))?;
    copy_with_crlf(&mut BufReader::new(from), to)?;
    Ok(true)
}

fn byte_order_mark(from: &mut (impl Read + Seek)) -> io::Result<u64> {
    let mut first = Vec::new();
    from.seek(SeekFrom::Start(0))?;
    from.take(3).read_to_end(&mut first)?;
    Ok(if first == b"\xEF\xBB\xBF" { 3 } else { 0 })
}

fn child<'a>(node: &'a mut Node, name: &str) -> Option<&'a mut Node> {
    node.parts.iter_mut().find_map(|part| match part {
        Part::Node(node) if node.name == name => Some(node),
        _ => None,
    })
}

/// Another order than it had: that of the client, or when it had that already, that of the numbers.
fn reorder(message: &mut Node) {
    let mut nodes: Vec<Node> = message.children().cloned().collect();
    let place =
        |order: &[&str], node: &Node| order.iter().position(|n| *n == node.name).unwrap_or(order.len());
    let was_client = nodes.is_sorted_by_key(|node| place(&CLIENT_ORDER, node));
    let order = if was_client { NUMBER_ORDER } else { CLIENT_ORDER };
    nodes.sort_by_key(|node| place(&order, node));
    message.parts = nodes.into_iter().map(Part::Node).collect();
}

fn add_traces(list: &mut Node, node_code: &str, at: Timestamp) {
    let stamp = axis::wire::vietnam(at).strftime("%Y/%m/%d %H:%M:%S").to_string();
    let leaf = |name: &str, text: &str| {
        Part::Node(Node {
            name: name.to_owned(),
            parts: vec![Part::Text(text.to_owned())],
            ..Node::default()
        })
    };
    let trace = |parts| {
        Part::Node(Node {
            name: "TraceHeader".to_owned(),
            parts,
            ..Node::default()
        })
    };
    let last = list
        .parts
        .iter()
        .rposition(|part| matches!(part, Part::Node(node) if node.name == "TraceHeader"));
    let place = last.map_or(0, |at| at + 1);
    let added = [
        trace(vec![leaf("Timestamp", &stamp)]),
        trace(vec![leaf("OrganId", node_code), leaf("Timestamp", &stamp)]),
    ];
    list.parts.splice(place..place, added);
}

/// Elements take the literal prefix, except a signature: it loses its namespace and inherits another.
fn write_node(out: &mut String, node: &Node, depth: usize, prefixed: bool) {
    let prefixed = prefixed && node.name != "Signature";
    let prefix = if prefixed { "edXML:" } else { "" };
    let indent = "  ".repeat(depth);
    // Writing to a String cannot fail.
    let _ = write!(out, "{indent}<{prefix}{}", node.name);
    if node.name == "edXMLEnvelope" {
        let _ = write!(out, " xmlns:edXML=\"{NAMESPACE}\"");
    }
    for (name, value) in &node.attributes {
        // A prefix whose declaration is gone would make the message unreadable.
        if !name.contains(':') {
            let _ = write!(out, " {name}=\"{}\"", value.replace('"', "&quot;"));
        }
    }
    let mut children = node.children().peekable();
    if children.peek().is_some() {
        out.push_str(">\r\n");
        for child in children {
            write_node(out, child, depth + 1, prefixed);
        }
        out.push_str(&indent);
    } else {
        out.push('>');
        for part in &node.parts {
            if let Part::Text(text) = part {
                out.push_str(text);
            }
        }
    }
    let _ = write!(out, "</{prefix}{}>\r\n", node.name);
}

/// Every line ends with CRLF, in base64 as well.
fn copy_with_crlf(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<()> {
    let mut before = 0;
    loop {
        let piece = from.fill_buf()?;
        if piece.is_empty() {
            return Ok(());
        }
        let mut start = 0;
        for (i, byte) in piece.iter().enumerate() {
            if *byte == b'\n' && before != b'\r' {
                to.write_all(&piece[start..i])?;
                to.write_all(b"\r")?;
                start = i;
            }
            before = *byte;
        }
        to.write_all(&piece[start..])?;
        let n = piece.len();
        from.consume(n);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::letter::{Letter, Person};
    use crate::xml::Summary;

    fn anew(bytes: &[u8]) -> Option<String> {
        let mut out = Vec::new();
        let at = "2026-01-05T01:00:00Z".parse().unwrap();
        reserialise(Cursor::new(bytes), &mut out, "02.29.W00", at)
            .unwrap()
            .then(|| String::from_utf8(out).unwrap())
    }

    #[test]
    fn edxml_4_7_a_message_is_written_anew_and_says_the_same() {
        let letter = Letter::new("H16.05", &["G99", "H16.30"], "12", "SVD-VP").signed_by(Person::default());
        let first = letter
            .to_xml()
            .replace("<edXML:Subject>", "<!-- ghi chú --><edXML:Subject>");
        let second = anew(first.as_bytes()).unwrap();
        assert_eq!(
            Summary::read(first.as_bytes()).unwrap(),
            Summary::read(second.as_bytes()).unwrap()
        );
        let namespace = "xmlns=\"http://www.w3.org/2000/09/xmldsig#\"";
        assert!(first.contains(namespace) && !second.contains(namespace));
        assert!(!second.contains("ghi chú"));
        assert!(second.contains("<edXML:OrganId>02.29.W00</edXML:OrganId>"));
        assert_eq!(second.matches("<edXML:TraceHeader>").count(), 3);
        assert_eq!(second.matches('\n').count(), second.matches("\r\n").count());
        let order =
            |text: &str| text.find("<edXML:DocumentId>").unwrap() < text.find("<edXML:Subject>").unwrap();
        assert!(order(&first) && !order(&second));
        // A second time it goes back.
        assert!(order(&anew(second.as_bytes()).unwrap()));
        let tail = |text: &str| {
            let at = text.find("<AttachmentEncoded>").unwrap();
            text[at..].replace("\r\n", "\n")
        };
        assert_eq!(tail(&first), tail(&second));
    }

    #[test]
    fn what_cannot_be_read_is_not_written() {
        assert_eq!(anew(b"not xml"), None);
        assert_eq!(
            anew(b"<!DOCTYPE a><edXML><edXMLEnvelope></edXMLEnvelope></edXML>"),
            None
        );
    }
}
