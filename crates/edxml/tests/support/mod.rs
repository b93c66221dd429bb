//! Messages for the tests: made up, small, and at random.

#![allow(dead_code, reason = "each test file takes what it needs")]
#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::{Cursor, Write};

use base64::{Engine, prelude::BASE64_STANDARD};
use edxml::{
    Message, ReadError, ReadOptions, Received, WarningCode,
    model::{
        Attachment, Business, BusinessKind, DocumentMessage, DocumentType, Organ, OtherInfo, Receiver,
        ReceiverChange, Replacement, ResponseFor, SignaturePresence, Signer, Staff, StatusMessage,
        TraceHeader,
    },
    read_bytes,
};
use jiff::{Timestamp, civil::Date};
use proptest::{collection::vec, option, prelude::*};
use zip::{ZipWriter, write::SimpleFileOptions};

pub fn read(file: impl AsRef<[u8]>) -> Result<(Received, Vec<Vec<u8>>), ReadError> {
    read_bytes(file.as_ref(), &ReadOptions::default())
}

/// The document in a file, and the kinds of its warnings; each says something whole.
pub fn read_document(file: impl AsRef<[u8]>) -> (DocumentMessage, Vec<WarningCode>) {
    let (received, _) = read(file).unwrap();
    let codes = received.warnings.iter().map(|warning| warning.code).collect();
    for warning in &received.warnings {
        assert!(warning.message.ends_with('.'), "{warning:?}");
    }
    (received.message.as_document().unwrap().clone(), codes)
}

/// A document with these elements in the header after the needed ones, in the header of the envelope, and behind it.
pub fn document(header: &str, after_header: &str, rest: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\">\
         <edXML:edXMLEnvelope xmlns:edXML=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\"><edXML:edXMLHeader>\
         <edXML:MessageHeader><edXML:From><edXML:OrganId>H16.05</edXML:OrganId></edXML:From>\
         <edXML:To><edXML:OrganId>H16.30</edXML:OrganId></edXML:To>\
         <edXML:DocumentId>H16.05,2022/10/03,123/SVD-VP</edXML:DocumentId>\
         <edXML:Subject>V/v mẫu</edXML:Subject>{header}</edXML:MessageHeader>{after_header}</edXML:edXMLHeader>\
         </edXML:edXMLEnvelope>{rest}</edXML>"
    )
}

/// The list of nodes with a business of this content.
pub fn business(inside: &str) -> String {
    format!("<edXML:TraceHeaderList><edXML:Bussiness>{inside}</edXML:Bussiness></edXML:TraceHeaderList>")
}

/// The business of a new document.
pub fn new_business() -> String {
    business("<edXML:BussinessDocType>0</edXML:BussinessDocType>")
}

/// A document with one unlisted attachment.
pub fn with_attachment(name: &str, content: &[u8]) -> String {
    document(
        "",
        &new_business(),
        &attachment(name, &BASE64_STANDARD.encode(content)),
    )
}

pub fn attachment(name: &str, base64: &str) -> String {
    format!(
        "<AttachmentEncoded><Attachment><ContentId>cid:1</ContentId><AttachmentName>{name}</AttachmentName>\
         <ContentTransferEncoded>{base64}</ContentTransferEncoded></Attachment></AttachmentEncoded>"
    )
}

pub fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A text as the reader keeps it.
fn text() -> impl Strategy<Value = String> {
    "[a-zA-ZđĐấệữ&<>\"'/,.0-9]{1,12}( [a-zA-ZĐồỹ]{1,8}){0,3}".prop_filter("R2", |text| text != "null")
}

fn some_text() -> impl Strategy<Value = Option<String>> {
    option::of(text())
}

fn lines() -> impl Strategy<Value = Option<String>> {
    option::of(vec(text(), 1..3).prop_map(|lines| lines.join("\n")))
}

fn code() -> impl Strategy<Value = String> {
    "[A-Y][0-9]{2}(\\.[0-9A-Z]{1,3}){0,2}"
}

fn date() -> impl Strategy<Value = Date> {
    (1990_i16..2100, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| Date::new(year, month, day).unwrap())
}

fn timestamp() -> impl Strategy<Value = Timestamp> {
    (0_i64..4_000_000_000).prop_map(|second| Timestamp::from_second(second).unwrap())
}

pub fn organ() -> impl Strategy<Value = Organ> {
    (
        code(),
        some_text(),
        some_text(),
        some_text(),
        some_text(),
        some_text(),
        some_text(),
        some_text(),
    )
        .prop_map(
            |(organ_id, organization_in_charge, organ_name, organ_add, email, telephone, fax, website)| {
                Organ {
                    organ_id,
                    organization_in_charge,
                    organ_name,
                    organ_add,
                    email,
                    telephone,
                    fax,
                    website,
                }
            },
        )
}

fn unique<T: PartialEq>(items: Vec<T>) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}

fn to() -> impl Strategy<Value = Vec<Organ>> {
    vec(organ(), 1..4).prop_map(|organs| {
        let mut kept: Vec<Organ> = Vec::new();
        for organ in organs {
            if !kept.iter().any(|other| other.organ_id == organ.organ_id) {
                kept.push(organ);
            }
        }
        kept
    })
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..3).prop_map(unique)
}

fn response() -> impl Strategy<Value = ResponseFor> {
    (code(), some_text(), option::of(date()), some_text()).prop_map(
        |(organ_id, code, promulgation_date, document_id)| ResponseFor {
            organ_id: Some(organ_id),
            code,
            promulgation_date,
            document_id,
        },
    )
}

fn staff() -> impl Strategy<Value = Staff> {
    (some_text(), some_text(), some_text(), some_text()).prop_map(|(department, staff, mobile, email)| {
        Staff {
            department,
            staff,
            mobile,
            email,
        }
    })
}

fn business_part() -> impl Strategy<Value = Business> {
    let receiver = (code(), option::of(any::<bool>())).prop_map(|(organ_id, added)| Receiver {
        organ_id,
        change: added.map(|added| {
            if added {
                ReceiverChange::Added
            } else {
                ReceiverChange::Removed
            }
        }),
    });
    let replacement = (text(), vec(code(), 0..3)).prop_map(|(document_id, organ_ids)| Replacement {
        document_id,
        organ_ids: unique(organ_ids),
    });
    (
        0_u32..4,
        some_text(),
        lines(),
        option::of(any::<bool>()),
        option::of(any::<bool>()),
        option::of(any::<bool>()),
        vec(receiver, 0..3),
        vec(replacement, 0..3),
        staff(),
    )
        .prop_map(
            |(
                kind,
                document_id,
                reason,
                paper,
                document_info,
                document_receiver,
                receivers,
                replacements,
                staff,
            )| {
                let kind = BusinessKind::from_value(kind).unwrap();
                let mut known: Vec<Replacement> = Vec::new();
                for replacement in replacements {
                    if !known
                        .iter()
                        .any(|other| other.document_id == replacement.document_id)
                    {
                        known.push(replacement);
                    }
                }
                Business {
                    kind,
                    document_id: document_id.filter(|_| kind != BusinessKind::New),
                    reason,
                    paper,
                    document_info,
                    document_receiver,
                    receivers: unique(receivers),
                    replacements: known,
                    staff,
                }
            },
        )
}

/// Any document with its files, as the reader would give it but for the contents of the descriptors.
pub fn any_document() -> impl Strategy<Value = (DocumentMessage, Vec<Vec<u8>>)> {
    let numbers = (
        option::of(0_u32..99),
        option::of(0_u32..99),
        option::of(0_u32..5),
        option::of(1_u32..99),
        option::of(1_u32..99),
        option::of(0_u32..4),
    );
    let header = (
        organ(),
        to(),
        text(),
        some_text(),
        some_text(),
        some_text(),
        option::of(date()),
    );
    let middle = (
        some_text(),
        some_text(),
        lines(),
        some_text(),
        some_text(),
        some_text(),
        option::of(date()),
    );
    let lists = (
        texts(),
        texts(),
        vec(response(), 0..3).prop_map(unique),
        some_text(),
        some_text(),
    );
    let nodes = vec((option::of(code()), timestamp()), 0..3);
    let names = proptest::sample::select(vec!["a.pdf", "b.PDF", "c.xlsx", "d.docx", "e.txt", "f", "g.xls"]);
    let files = vec((names, some_text(), vec(any::<u8>(), 1..200)), 0..4);
    (header, middle, lists, numbers, nodes, business_part(), files).prop_map(
        |(header, middle, lists, numbers, nodes, business, files)| {
            let (from, to, document_id, code_number, code_notation, place, promulgation_date) = header;
            let (type_name, subject, content, competence, position, full_name, due_date) = middle;
            let (to_places, appendixes, response_for, sphere, typer_notation) = lists;
            let (type_group, type_detail, priority, promulgation_amount, page_amount, steering_type) =
                numbers;
            // A number with a stroke and no symbol would be split (R8).
            let code_number = code_number.map(|number| number.replace('/', "-"));
            let mut attachments = Vec::new();
            let mut contents = Vec::new();
            for (place, (name, description, content)) in files.into_iter().enumerate() {
                attachments.push(Attachment {
                    content_id: Some(format!("id-{place}")),
                    name: Some(format!("{place}{name}")),
                    description,
                    content_type: Some(edxml::write::wrapping(name).content_type.to_owned()),
                    content: None,
                });
                contents.push(content);
            }
            let message = DocumentMessage {
                from,
                to,
                document_id: Some(document_id),
                code_number,
                code_notation,
                place,
                promulgation_date,
                document_type: DocumentType {
                    type_group,
                    type_detail,
                    type_name,
                },
                subject,
                content,
                signer: Signer {
                    competence,
                    position,
                    full_name,
                },
                due_date,
                to_places,
                other: OtherInfo {
                    priority,
                    sphere,
                    typer_notation,
                    promulgation_amount,
                    page_amount,
                    appendixes,
                },
                response_for,
                steering_type,
                trace_headers: unique(
                    nodes
                        .into_iter()
                        .map(|(organ_id, timestamp)| TraceHeader {
                            organ_id,
                            timestamp: Some(timestamp),
                        })
                        .collect(),
                ),
                business,
                attachments,
                message_signature: SignaturePresence::Absent,
            };
            (message, contents)
        },
    )
}

pub fn any_status() -> impl Strategy<Value = StatusMessage> {
    (
        organ(),
        option::of(organ()),
        response(),
        "[0-9]{2}",
        lines(),
        option::of(timestamp()),
        staff(),
    )
        .prop_map(
            |(from, to, response_for, status_code, description, timestamp, staff)| StatusMessage {
                from,
                to: to.into_iter().collect(),
                response_for,
                status_code,
                description,
                timestamp,
                staff,
            },
        )
}

/// What was read, without what only reading knows.
pub fn as_written(message: &Message) -> Message {
    let mut message = message.clone();
    if let Message::Document(document) = &mut message {
        for attachment in &mut document.attachments {
            attachment.content = None;
        }
    }
    message
}
