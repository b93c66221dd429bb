//! What is written is read back; what a node serialises anew keeps its fingerprint; any other change does not.

#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use edxml::{Message, fingerprint, write_bytes};
use proptest::prelude::*;
use quick_xml::{Reader, events::Event};
use support::{any_document, any_status, as_written, read};
use unicode_normalization::UnicodeNormalization;

fn any_message() -> impl Strategy<Value = (Message, Vec<Vec<u8>>)> {
    prop_oneof![
        3 => any_document().prop_map(|(document, contents)| (Message::Document(Box::new(document)), contents)),
        1 => any_status().prop_map(|status| (Message::Status(Box::new(status)), Vec::new())),
    ]
}

/// The elements of a file as a tree that can be shuffled.
#[derive(Debug, Clone)]
struct Element {
    name: String,
    attributes: String,
    text: String,
    children: Vec<Element>,
}

fn tree(file: &[u8]) -> Element {
    let mut reader = Reader::from_reader(file);
    let mut stack = vec![Element {
        name: String::new(),
        attributes: String::new(),
        text: String::new(),
        children: Vec::new(),
    }];
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).unwrap() {
            Event::Start(tag) => stack.push(Element {
                name: AsRef::<str>::as_ref(&tag.local_name()).to_owned(),
                attributes: String::new(),
                text: String::new(),
                children: Vec::new(),
            }),
            Event::End(_) => {
                let done = stack.pop().unwrap();
                stack.last_mut().unwrap().children.push(done);
            }
            // Still escaped, so it can be put back as it is.
            Event::Text(text) => stack.last_mut().unwrap().text.push_str(&text),
            Event::GeneralRef(name) => {
                let top = stack.last_mut().unwrap();
                top.text.push_str(&format!("&{};", &*name));
            }
            Event::Eof => return stack.pop().unwrap().children.remove(0),
            _ => {}
        }
    }
}

/// The tree as another library would write it: children rotated, one prefix for all or none, comments, CRLF, NFD.
fn serialised(element: &Element, rotate: usize, prefix: &str, out: &mut String) {
    let attributes = &element.attributes;
    let name = &element.name;
    out.push_str(&format!("<{prefix}{name}{attributes}>"));
    if element.children.is_empty() {
        let decomposed: String = element.text.nfd().collect();
        out.push_str(&decomposed.replace('\n', "\r\n"));
    } else {
        out.push_str("\r\n<!-- qua trục -->");
        let mut children: Vec<&Element> = element.children.iter().collect();
        let places = children.len();
        children.rotate_left(rotate % places);
        for child in children {
            serialised(child, rotate, prefix, out);
        }
    }
    out.push_str(&format!("</{prefix}{name}>\r\n"));
}

fn renewed(file: &[u8], rotate: usize, has_prefix: bool) -> String {
    let mut root = tree(file);
    let prefix = if has_prefix { "n0:" } else { "" };
    let declaration = if has_prefix { "xmlns:n0" } else { "xmlns" };
    root.attributes = format!(" {declaration}=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\"");
    let node = tree(
        b"<TraceHeader><OrganId>02.29.W00</OrganId><Timestamp>2030/01/01 00:00:00</Timestamp></TraceHeader>",
    );
    add_node(&mut root, &node);
    let mut out = "<?xml version='1.0' encoding='utf-8'?>".to_owned();
    serialised(&root, rotate, prefix, &mut out);
    out
}

fn add_node(element: &mut Element, node: &Element) {
    if element.name == "TraceHeaderList" {
        element.children.push(node.clone());
    }
    for child in &mut element.children {
        add_node(child, node);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn edxml_17_what_is_written_is_read_back((message, contents) in any_message()) {
        let written = write_bytes(&message, &contents).unwrap();
        let (received, read_contents) = read(&written).unwrap();
        prop_assert_eq!(as_written(&received.message), message.clone());
        if let Some(document) = received.message.as_document() {
            for (attachment, content) in document.attachments.iter().zip(&contents) {
                prop_assert_eq!(&read_contents[attachment.content.as_ref().unwrap().slot], content);
            }
        }
        // And once more it is the same file.
        prop_assert_eq!(write_bytes(&received.message, &contents).unwrap(), written);
    }

    #[test]
    fn edxml_12_6_a_message_that_is_serialised_anew_keeps_its_fingerprint(
        (message, contents) in any_message(),
        rotate in 0_usize..5,
        has_prefix in any::<bool>(),
    ) {
        let written = write_bytes(&message, &contents).unwrap();
        let (before, _) = read(&written).unwrap();
        let anew = renewed(&written, rotate, has_prefix);
        prop_assert_ne!(anew.as_bytes(), written.as_slice());
        let (after, _) = read(&anew).unwrap();
        prop_assert_eq!(fingerprint(&after.message), fingerprint(&before.message), "{}", anew);
    }

    #[test]
    fn edxml_12_6_whatever_a_reader_sees_changes_the_fingerprint(
        (message, contents) in any_message(),
        pick in any::<prop::sample::Index>(),
    ) {
        let written = String::from_utf8(write_bytes(&message, &contents).unwrap()).unwrap();
        let (before, _) = read(&written).unwrap();
        // One leaf gets another text: a letter more, or another day.
        let leaves = seen(&written);
        let leaf = leaves[pick.index(leaves.len())];
        let (name, rest) = leaf.trim().trim_start_matches("<edXML:").split_once('>').unwrap();
        let text = rest.split_once("</").unwrap().0;
        let other = match name {
            "PromulgationDate" | "DueDate" => "2101/01/01".to_owned(),
            "Timestamp" => "2150/01/01 01:01:01".to_owned(),
            "Type" | "TypeDetail" | "PageAmount" | "PromulgationAmount" | "SteeringType" => format!("1{text}"),
            "Priority" => if text == "4" { "0" } else { "4" }.to_owned(),
            "BussinessDocType" => ["1", "2", "3", "0"][text.parse::<usize>().unwrap()].to_owned(),
            "Paper" | "DocumentInfo" | "DocumentReceiver" | "ReceiverType" => if text == "1" { "0" } else { "1" }.to_owned(),
            _ => format!("{text}X"),
        };
        let changed = written.replacen(leaf, &leaf.replacen(&format!(">{text}<"), &format!(">{other}<"), 1), 1);
        prop_assert_ne!(&changed, &written);
        let (after, _) = read(&changed).unwrap();
        prop_assert_ne!(fingerprint(&after.message), fingerprint(&before.message), "{} -> {}", leaf, other);
    }

    #[test]
    fn edxml_12_6_other_files_change_the_fingerprint((document, mut contents) in any_document(), pick in any::<prop::sample::Index>()) {
        prop_assume!(!contents.is_empty());
        let message = Message::Document(Box::new(document));
        let before = fingerprint(&read(write_bytes(&message, &contents).unwrap()).unwrap().0.message);
        let at = pick.index(contents.len());
        contents[at].push(0);
        let after = fingerprint(&read(write_bytes(&message, &contents).unwrap()).unwrap().0.message);
        prop_assert_ne!(before, after);
    }
}

/// Leaves with a text that says something to a reader: no content ids and types, no nodes on the way.
fn seen(written: &str) -> Vec<&str> {
    const TECHNICAL: [&str; 5] = [
        "ContentId",
        "ContentType",
        "ContentTransferEncoded",
        "Description",
        "AttachmentName",
    ];
    let mut is_node = false;
    written
        .lines()
        .filter(|line| {
            let leaf = line.trim();
            is_node |= leaf == "<edXML:TraceHeader>";
            is_node &= leaf != "</edXML:TraceHeader>";
            let is_technical = TECHNICAL
                .iter()
                .any(|name| leaf.starts_with(&format!("<edXML:{name}>")));
            leaf.starts_with("<edXML:") && leaf.contains("</edXML:") && !is_technical && !is_node
        })
        .collect()
}
