//! What stands twice although it is expected once (R3): one is read, nothing is put together out of two.

mod support;

use edxml::{
    WarningCode as W,
    model::{BusinessKind, DocumentMessage},
};
use rstest::rstest;
use support::{business, document, new_business, read_document};

fn header(inside: &str) -> (DocumentMessage, Vec<W>) {
    read_document(document(inside, &new_business(), ""))
}

#[test]
fn edxml_13_1_r3_the_first_wins_and_identical_repeats_are_one() {
    let (document, warnings) = header("<edXML:Subject>Khác</edXML:Subject>");
    assert_eq!(document.subject.as_deref(), Some("V/v mẫu"));
    assert_eq!(warnings, [W::Repeated]);
    let (document, warnings) = header(
        "<edXML:Subject> V/v mẫu </edXML:Subject><edXML:ResponseFor><edXML:Code>1/A</edXML:Code></edXML:ResponseFor>\
         <edXML:ResponseFor><edXML:Code>1/A</edXML:Code></edXML:ResponseFor><edXML:ResponseFor><edXML:Code>2/A</edXML:Code>\
         </edXML:ResponseFor><edXML:ToPlaces><edXML:Place>A</edXML:Place><edXML:Place>A</edXML:Place></edXML:ToPlaces>",
    );
    assert_eq!((document.response_for.len(), document.to_places.len()), (2, 1));
    assert_eq!(warnings, vec![]);
}

/// The document of another header, its files and its business never mix with those of the one that is read.
#[rstest]
#[case::headers(
    "<edXML:MessageHeader><edXML:DocumentId>khác</edXML:DocumentId></edXML:MessageHeader>",
    1
)]
#[case::the_same_once_more("", 0)]
#[case::empty("<edXML:MessageHeader><edXML:DocumentId/></edXML:MessageHeader>", 0)]
fn edxml_13_1_r3_of_two_message_headers_the_first_wins(#[case] other: &str, #[case] told: usize) {
    let plain = document("", &new_business(), "");
    let begin = plain.find("<edXML:MessageHeader>").unwrap();
    let end = plain.find("<edXML:TraceHeaderList>").unwrap();
    let other = if other.is_empty() && told == 0 {
        &plain[begin..end]
    } else {
        other
    };
    let behind = [&plain[..end], other, &plain[end..]].concat();
    let (document, warnings) = read_document(behind);
    assert_eq!(document.subject.as_deref(), Some("V/v mẫu"));
    assert_eq!(warnings, vec![W::Repeated; told]);
    if other.contains("<edXML:DocumentId/>") {
        // What is empty is not there, wherever it stands (R2).
        let (document, warnings) = read_document([&plain[..begin], other, &plain[begin..]].concat());
        assert_eq!(document.subject.as_deref(), Some("V/v mẫu"));
        assert_eq!(warnings, []);
    }
}

#[test]
fn edxml_13_1_r3_a_header_at_its_place_goes_before_others() {
    let forged = "<MessageHeader><DocumentId>khác</DocumentId><Subject>khác</Subject></MessageHeader>";
    let plain = document("", &new_business(), "");
    for place in ["<edXML:edXMLEnvelope", "<edXML:edXMLHeader"] {
        let (document, warnings) = read_document(plain.replacen(place, &format!("{forged}{place}"), 1));
        assert_eq!(document.subject.as_deref(), Some("V/v mẫu"));
        assert_eq!(warnings, [W::Repeated], "{place}");
    }
    // Inside an element that nobody knows it is nothing.
    let hidden = plain.replacen(
        "<edXML:edXMLHeader",
        &format!("<x>{forged}</x><edXML:edXMLHeader"),
        1,
    );
    assert_eq!(read_document(hidden).1, vec![]);
}

#[test]
fn edxml_13_1_r3_of_two_envelopes_one_is_read_whole() {
    let plain = document("", &new_business(), "");
    let other = document(
        "",
        &business("<edXML:BussinessDocType>1</edXML:BussinessDocType>"),
        "",
    )
    .replace("V/v mẫu", "khác");
    let begin = other.find("<edXML:edXMLEnvelope").unwrap();
    let other = &other[begin..other.len() - "</edXML>".len()];
    let (document, warnings) = read_document(plain.replace("</edXML>", &format!("{other}</edXML>")));
    assert_eq!(document.subject.as_deref(), Some("V/v mẫu"));
    assert_eq!(document.business.kind, BusinessKind::New);
    assert_eq!(warnings, [W::Repeated; 3]);
}

#[test]
fn edxml_10_4_the_same_recipient_twice_is_one() {
    let (document, warnings) = header("<edXML:To><edXML:OrganId> h16.30</edXML:OrganId></edXML:To>");
    assert_eq!(document.to.len(), 1);
    assert_eq!(warnings, [W::DuplicateRecipient]);
}

#[test]
fn edxml_13_1_r3_of_two_manifests_the_first_wins() {
    let manifest = |id: u8, name: &str| {
        format!(
            "<edXML:edXMLManifest><edXML:Reference><edXML:ContentId>{id}</edXML:ContentId><edXML:AttachmentName>{name}\
             </edXML:AttachmentName></edXML:Reference></edXML:edXMLManifest>"
        )
    };
    let file = |bodies: &str| {
        let files = "<AttachmentEncoded><Attachment><ContentId>1</ContentId><ContentTransferEncoded>YQ==\
            </ContentTransferEncoded></Attachment></AttachmentEncoded>";
        let rest = format!("{bodies}</edXML:edXMLEnvelope>");
        document("", &new_business(), files).replace("</edXML:edXMLEnvelope>", &rest)
    };
    let [one, two] = [manifest(1, "a.txt"), manifest(1, "b.txt")];
    let third = manifest(3, "c.txt");
    for (bodies, told) in [
        (format!("<edXML:edXMLBody>{one}{two}{third}</edXML:edXMLBody>"), 1),
        (
            format!(
                "<edXML:edXMLBody>{one}</edXML:edXMLBody><edXML:edXMLBody>{two}{third}</edXML:edXMLBody>"
            ),
            2,
        ),
        (format!("<edXML:edXMLBody>{one}{one}</edXML:edXMLBody>"), 0),
    ] {
        let (document, warnings) = read_document(file(&bodies));
        let names: Vec<_> = document
            .attachments
            .iter()
            .map(|file| file.name.as_deref())
            .collect();
        assert_eq!(names, [Some("a.txt")], "{bodies}");
        assert_eq!(warnings, vec![W::Repeated; told], "{bodies}");
    }
}
