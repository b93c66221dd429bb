//! What real messages do that the regulation does not say: read, and told.

#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use std::io::Write;

use base64::{Engine, prelude::BASE64_STANDARD};
use edxml::{
    ReadOptions, WarningCode as W,
    model::{BusinessKind, DocumentMessage, SignaturePresence, StatusMessage},
    read_bytes,
};
use flate2::{Compression, write::GzEncoder};
use jiff::civil::date;
use rstest::rstest;
use support::{business, document, new_business, read, read_document};

const NEW: &[u8] = include_bytes!("samples/01-new-signed.edxml");
const STATUS: &str = include_str!("samples/03-status-03-accepted.edxml");

fn header(inside: &str) -> (DocumentMessage, Vec<W>) {
    read_document(document(inside, &new_business(), ""))
}

fn read_status(file: &str) -> (StatusMessage, Vec<W>) {
    let (received, _) = read(file).unwrap();
    let codes = received.warnings.iter().map(|warning| warning.code).collect();
    (received.message.as_status().unwrap().clone(), codes)
}

#[test]
fn edxml_13_1_a_minimal_document_has_no_warnings() {
    let (document, warnings) = header("");
    assert_eq!(warnings, vec![]);
    assert_eq!(document.subject.as_deref(), Some("V/v mẫu"));
}

#[test]
fn edxml_13_1_packing_and_encoding_of_the_whole_file_come_off_once() {
    let (plain, _) = read(NEW).unwrap();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(NEW).unwrap();
    let gzip = gzip.finish().unwrap();
    for wrapped in [gzip.clone(), BASE64_STANDARD.encode(NEW).into_bytes()] {
        let (received, _) = read(&wrapped).unwrap();
        assert!(received.warns(W::Wrapped));
        assert_eq!(received.message, plain.message);
    }
    let twice = BASE64_STANDARD.encode(&gzip);
    assert_eq!(read(twice).unwrap_err().code(), "not_xml");
}

#[rstest]
#[case(b"\xef\xbb\xbf", b"", None)]
#[case(b"\xef\xbb\xbf\r\n", b"\0\0\r\n ", None)]
#[case(b"\0\x01rubbish", b"", Some(W::LeadingBytes))]
#[case(b"", b"rubbish", Some(W::TrailingBytes))]
fn edxml_13_1_bytes_around_the_message_are_dropped(
    #[case] before: &[u8],
    #[case] after: &[u8],
    #[case] expected: Option<W>,
) {
    let file = [before, document("", &new_business(), "").as_bytes(), after].concat();
    let (_, warnings) = read_document(file);
    assert_eq!(warnings, Vec::from_iter(expected));
}

#[test]
fn edxml_13_1_utf16_with_and_without_mark() {
    let text = document("<edXML:Content>Đắk Nông</edXML:Content>", &new_business(), "");
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for file in [
        [&b"\xff\xfe"[..], &little].concat(),
        [&b"\xfe\xff"[..], &big].concat(),
        little,
        big,
    ] {
        let (document, warnings) = read_document(file);
        assert_eq!(document.content.as_deref(), Some("Đắk Nông"));
        assert_eq!(warnings, [W::Encoding]);
    }
}

#[test]
fn edxml_13_1_windows_1258_whatever_the_declaration_says() {
    for declared in ["UTF-8", "windows-1258"] {
        let text = document("<edXML:Content>@</edXML:Content>", "", "").replace("UTF-8", declared);
        let (before, after) = text.split_once('@').unwrap();
        // "Sở Tài chính": the o with horn is a letter, the tones are marks behind it.
        let file = [
            before.as_bytes(),
            b"S\xf5\xd2 Ta\xcci chi\xecnh",
            after.as_bytes(),
        ]
        .concat();
        let file = replace_bytes(&file, "V/v mẫu".as_bytes(), b"V/v");
        let (document, warnings) = read_document(file);
        assert_eq!(document.content.as_deref(), Some("Sở Tài chính"));
        assert_eq!(warnings, [W::Encoding, W::NoBusiness]);
    }
}

fn replace_bytes(haystack: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = haystack
        .windows(from.len())
        .position(|window| window == from)
        .unwrap();
    [&haystack[..at], to, &haystack[at + from.len()..]].concat()
}

#[test]
fn edxml_13_1_undeclared_and_other_prefixes_are_tolerated() {
    let plain = document("", &new_business(), "");
    let undeclared = plain.replace(" xmlns:edXML=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\"", "");
    let attribute = plain.replace("<edXML:Subject>", "<edXML:Subject xlink:type=\"simple\">");
    for file in [undeclared, attribute] {
        let (document, warnings) = read_document(&file);
        assert_eq!(document.subject.as_deref(), Some("V/v mẫu"));
        assert_eq!(warnings, [W::Namespace], "{file}");
    }
    let default = plain.replace("<edXML:", "<").replace("</edXML:", "</");
    assert_eq!(read_document(default).1, vec![]);
    let other = plain.replace("QCVN_102_2016", "QCVN_102_2099");
    assert_eq!(read_document(other).1, [W::Namespace]);
}

#[test]
fn edxml_13_1_r1_other_spellings_and_any_order() {
    let after = "<edXML:TraceHeaderList><edXML:Business><edXML:BusinessDocType>1</edXML:BusinessDocType>\
                 <edXML:DocumentId>H16.05,2022/10/01,1/X</edXML:DocumentId></edXML:Business></edXML:TraceHeaderList>";
    let (document, warnings) = read_document(document(
        "<edXML:ResponseDate>2022/12/01</edXML:ResponseDate><edXML:Author><edXML:FullName>Nguyễn Văn Mẫu</edXML:FullName>\
         <edXML:Function>Giám đốc</edXML:Function></edXML:Author><edXML:PromulgationInfo><edXML:Date>2022/10/03</edXML:Date>\
         </edXML:PromulgationInfo><edXML:documenttype><edXML:TYPENAME>Công văn</edXML:TYPENAME></edXML:documenttype>",
        after,
        "",
    ));
    assert_eq!(document.due_date, Some(date(2022, 12, 1)));
    assert_eq!(document.signer.position.as_deref(), Some("Giám đốc"));
    assert_eq!(document.promulgation_date, Some(date(2022, 10, 3)));
    assert_eq!(document.document_type.type_name.as_deref(), Some("Công văn"));
    assert_eq!(document.business.kind, BusinessKind::Revoke);
    assert_eq!(document.target_document_id(), Some("H16.05,2022/10/01,1/X"));
    assert!(warnings.iter().all(|code| *code == W::Alias), "{warnings:?}");
    assert_eq!(warnings.len(), 8);
}

#[test]
fn edxml_13_1_r2_empty_null_and_missing_are_one() {
    let (document, warnings) = header(
        "<edXML:DueDate></edXML:DueDate><edXML:Content>null</edXML:Content><edXML:SignerInfo><edXML:FullName> \n\
         </edXML:FullName></edXML:SignerInfo><edXML:ResponseFor><edXML:OrganId/><edXML:Code/></edXML:ResponseFor>\
         <edXML:To><edXML:OrganId/></edXML:To><edXML:ToPlaces><edXML:Place/></edXML:ToPlaces>",
    );
    assert_eq!((document.due_date, document.content), (None, None));
    assert_eq!(document.signer.full_name, None);
    assert_eq!(
        (
            document.response_for.len(),
            document.to.len(),
            document.to_places.len()
        ),
        (0, 1, 0)
    );
    assert_eq!(warnings, vec![]);
}

#[test]
fn edxml_13_1_r4_texts_are_trimmed_joined_and_composed() {
    let (document, warnings) = header(
        "<edXML:SignerInfo><edXML:FullName>\n  Nguye\u{302}\u{303}n\r\n Va\u{306}n&#13;&#10;Ta\u{302}\u{301}n \
         </edXML:FullName></edXML:SignerInfo><edXML:Content><![CDATA[một & <hai>]]>&#x0a;ba</edXML:Content>",
    );
    assert_eq!(document.signer.full_name.as_deref(), Some("Nguyễn Văn Tấn"));
    assert_eq!(document.content.as_deref(), Some("một & <hai>\nba"));
    assert_eq!(warnings, vec![]);
    let (document, warnings) = header("<edXML:Content>a\u{1}b&#7;c</edXML:Content>");
    assert_eq!(document.content.as_deref(), Some("abc"));
    assert_eq!(warnings, [W::Characters]);
}

#[rstest]
#[case("<edXML:DueDate>2014/02/30</edXML:DueDate>", W::BadDate)]
#[case(
    "<edXML:OtherInfo><edXML:PageAmount>hai</edXML:PageAmount></edXML:OtherInfo>",
    W::BadNumber
)]
#[case(
    "<edXML:OtherInfo><edXML:PageAmount>99999999999</edXML:PageAmount></edXML:OtherInfo>",
    W::BadNumber
)]
#[case(
    "<edXML:OtherInfo><edXML:Priority>7</edXML:Priority></edXML:OtherInfo>",
    W::BadValue
)]
#[case(
    "<edXML:To><edXML:OrganId>vxp.saas.03</edXML:OrganId></edXML:To>",
    W::AgencyCode
)]
#[case(
    "<edXML:To><edXML:OrganName>Không mã</edXML:OrganName></edXML:To>",
    W::Missing
)]
fn edxml_13_1_r5_r7_odd_values_are_left_out_and_told(#[case] inside: &str, #[case] expected: W) {
    let (document, warnings) = header(inside);
    assert_eq!(
        (
            document.due_date,
            document.other.page_amount,
            document.other.priority
        ),
        (None, None, None)
    );
    assert_eq!(warnings, [expected]);
}

#[test]
fn edxml_13_1_r7_zero_pages_are_unknown() {
    let (document, warnings) = header(
        "<edXML:OtherInfo><edXML:PageAmount>0</edXML:PageAmount><edXML:PromulgationAmount>0</edXML:PromulgationAmount>\
         <edXML:Priority>0</edXML:Priority></edXML:OtherInfo>",
    );
    assert_eq!(
        (document.other.page_amount, document.other.promulgation_amount),
        (None, None)
    );
    assert_eq!((document.other.priority, warnings), (Some(0), vec![]));
}

#[rstest]
#[case(
    "<edXML:CodeNumber>74fass22</edXML:CodeNumber><edXML:CodeNotation>A/B</edXML:CodeNotation>",
    "74fass22",
    Some("A/B"),
    None
)]
#[case("<edXML:CodeNumber>007</edXML:CodeNumber>", "007", None, None)]
#[case(
    "<edXML:CodeNumber>123/ABC-Đ</edXML:CodeNumber>",
    "123",
    Some("ABC-Đ"),
    Some(W::CodeSplit)
)]
#[case("267/VPVD", "267", Some("VPVD"), Some(W::CodeSplit))]
#[case("<edXML:CodeNumber>/ABC</edXML:CodeNumber>", "/ABC", None, None)]
fn edxml_13_1_r8_numbers_are_texts_and_split_if_need_be(
    #[case] inside: &str,
    #[case] number: &str,
    #[case] notation: Option<&str>,
    #[case] expected: Option<W>,
) {
    let (document, warnings) = header(&format!("<edXML:Code>{inside}</edXML:Code>"));
    assert_eq!(document.code_number.as_deref(), Some(number));
    assert_eq!(document.code_notation.as_deref(), notation);
    assert_eq!(warnings, Vec::from_iter(expected));
}

#[test]
fn edxml_13_1_r9_long_values_are_kept_and_told() {
    let long = "dài ".repeat(200);
    let (document, warnings) = header(&format!(
        "<edXML:SignerInfo><edXML:Position>{long}</edXML:Position></edXML:SignerInfo>"
    ));
    assert_eq!(document.signer.position.as_deref(), Some(long.trim()));
    assert_eq!(warnings, [W::TooLong]);
}

#[test]
fn edxml_13_1_r10_unknown_elements_are_ignored() {
    let (_, warnings) = header(
        "<edXML:ResponseForTask><edXML:TaskCode>1</edXML:TaskCode><edXML:Subject>không</edXML:Subject></edXML:ResponseForTask>\
         <edXML:ApplicationType/><edXML:OtherInfo><edXML:Direction>true</edXML:Direction></edXML:OtherInfo><?pi x?><!-- c -->",
    );
    assert_eq!(warnings, vec![]);
}

#[test]
fn edxml_4_business_may_be_missing_or_stale() {
    assert_eq!(read_document(document("", "", "")).1, [W::NoBusiness]);
    let odd = business("<edXML:BussinessDocType>9</edXML:BussinessDocType>");
    let (document_, warnings) = read_document(document("", &odd, ""));
    assert_eq!(
        (document_.business.kind, warnings),
        (BusinessKind::New, vec![W::BadValue, W::NoBusiness])
    );
    let stale =
        business("<edXML:BussinessDocType>0</edXML:BussinessDocType><edXML:DocumentId>x</edXML:DocumentId>");
    let (document, warnings) = read_document(document("", &stale, ""));
    assert_eq!(
        (document.business.document_id, warnings),
        (None, vec![W::StaleTarget])
    );
}

#[test]
fn edxml_4_nodes_of_the_axis_have_no_code_or_null() {
    let nodes = "<edXML:TraceHeaderList><edXML:TraceHeader><edXML:Timestamp>03/10/2022 08:15:30</edXML:Timestamp>\
        </edXML:TraceHeader><edXML:TraceHeader><edXML:OrganId>null</edXML:OrganId><edXML:Timestamp>hôm qua</edXML:Timestamp>\
        </edXML:TraceHeader><edXML:TraceHeader><edXML:OrganId>02.29.W00</edXML:OrganId></edXML:TraceHeader>\
        <edXML:Bussiness><edXML:BussinessDocType>0</edXML:BussinessDocType></edXML:Bussiness></edXML:TraceHeaderList>";
    let (document, warnings) = read_document(document("", nodes, ""));
    assert_eq!(document.trace_headers.len(), 2);
    assert_eq!(warnings, [W::BadTimestamp]);
}

#[test]
fn edxml_4_receivers_and_replacements() {
    let inside = "<edXML:BussinessDocType>3</edXML:BussinessDocType><edXML:BussinessDocumentInfo><edXML:DocumentInfo>1\
        </edXML:DocumentInfo><edXML:ReceiverList><edXML:Receiver><edXML:OrganId>H16.30</edXML:OrganId><edXML:ReceiverType>0\
        </edXML:ReceiverType></edXML:Receiver><edXML:Receiver><edXML:ReceiverType>1</edXML:ReceiverType></edXML:Receiver>\
        </edXML:ReceiverList></edXML:BussinessDocumentInfo><edXML:ReplacementInfoList><edXML:ReplacementInfo>\
        <edXML:DocumentId>a</edXML:DocumentId><edXML:OrganIdList><edXML:OrganId>H16.30</edXML:OrganId></edXML:OrganIdList>\
        </edXML:ReplacementInfo><edXML:ReplacementInfo><edXML:DocumentId>a</edXML:DocumentId><edXML:OrganIdList>\
        <edXML:OrganId>G99</edXML:OrganId><edXML:OrganId>H16.30</edXML:OrganId></edXML:OrganIdList></edXML:ReplacementInfo>\
        <edXML:ReplacementInfo><edXML:OrganIdList><edXML:OrganId>G99</edXML:OrganId></edXML:OrganIdList>\
        </edXML:ReplacementInfo></edXML:ReplacementInfoList>";
    let (document, warnings) = read_document(document("", &business(inside), ""));
    let business = &document.business;
    assert_eq!(
        (business.kind, business.document_info, business.document_receiver),
        (BusinessKind::Replace, Some(true), None)
    );
    assert_eq!(business.receivers.len(), 1);
    assert_eq!(business.replacements.len(), 1);
    assert_eq!(business.replacements[0].organ_ids, ["H16.30", "G99"]);
    assert_eq!(warnings, [W::Missing, W::Missing]);
}

#[test]
fn edxml_14_the_target_of_a_revocation_is_found_in_three_places() {
    let revoke = business("<edXML:BussinessDocType>1</edXML:BussinessDocType>");
    let (by_header, _) = read_document(document("", &revoke, ""));
    assert_eq!(
        by_header.target_document_id(),
        Some("H16.05,2022/10/03,123/SVD-VP")
    );
    let response = "<edXML:ResponseFor><edXML:DocumentId>x</edXML:DocumentId></edXML:ResponseFor>";
    let (by_response, _) = read_document(document(response, &revoke, ""));
    assert_eq!(by_response.target_document_id(), Some("x"));
    assert_eq!(
        read_document(document(response, &new_business(), ""))
            .0
            .target_document_id(),
        None
    );
}

#[test]
fn edxml_6_states_with_odd_codes_times_and_documents() {
    let (status, warnings) = read_status(&STATUS.replace(">03<", ">99<"));
    assert_eq!(
        (status.status_code.as_str(), warnings),
        ("99", vec![W::UnknownStatus])
    );
    let (status, warnings) = read_status(&STATUS.replace("2022/10/03 08:21:05", "?"));
    assert_eq!((status.timestamp, warnings), (None, vec![W::BadTimestamp]));
    let grouped = "<edXML:Code><edXML:CodeNumber>123</edXML:CodeNumber><edXML:CodeNotation>SVD-VP</edXML:CodeNotation></edXML:Code>";
    let (status, warnings) = read_status(&STATUS.replace("<edXML:Code>123/SVD-VP</edXML:Code>", grouped));
    assert_eq!(
        (status.response_for.code.as_deref(), warnings),
        (Some("123/SVD-VP"), vec![])
    );
    let (_, warnings) = read_status(&STATUS.replace("ResponseFor>", "Other>"));
    assert_eq!(warnings, [W::Missing, W::Missing, W::Missing]);
}

#[test]
fn edxml_13_1_r6_times_ahead_are_told_when_the_present_is_known() {
    let read_at = |now: &str| {
        let options = ReadOptions {
            now: Some(now.parse().unwrap()),
            ..ReadOptions::default()
        };
        read_bytes(STATUS.as_bytes(), &options).unwrap().0
    };
    assert!(!read_at("2022-10-02T02:00:00Z").warns(W::FutureTimestamp));
    assert!(read_at("2022-10-02T01:00:00Z").warns(W::FutureTimestamp));
}

#[test]
fn edxml_13_1_needed_fields_are_missed() {
    let file = document("", &new_business(), "")
        .replace("OrganId>H16.05<", "OrganId><")
        .replace("<edXML:Subject>V/v mẫu</edXML:Subject>", "")
        .replace("<edXML:To><edXML:OrganId>H16.30</edXML:OrganId></edXML:To>", "");
    let (received, _) = read(file).unwrap();
    let missing: Vec<&str> = received
        .warnings
        .iter()
        .map(|warning| warning.at.as_str())
        .collect();
    assert_eq!(
        missing,
        [
            "MessageHeader/From/OrganId",
            "MessageHeader/To",
            "MessageHeader/Subject"
        ]
    );
    assert!(!edxml::check::acceptable(&edxml::check::received(&received)));
}

#[test]
fn edxml_7_dummy_signatures_are_told_from_real_ones() {
    let signature = |inside: &str, namespace: &str| {
        let after = format!("{}<Signature{namespace}>{inside}</Signature>", new_business());
        read_document(document("", &after, "")).0.message_signature
    };
    let long = "QUJD".repeat(40);
    let real = format!(
        "<SignatureValue>{long}</SignatureValue><KeyInfo><X509Data><X509Certificate>{long}</X509Certificate></X509Data></KeyInfo>"
    );
    let short = real.replace(
        &format!("<X509Certificate>{long}"),
        "<X509Certificate>MIIB-mau-01",
    );
    const DSIG: &str = " xmlns=\"http://www.w3.org/2000/09/xmldsig#\"";
    assert_eq!(signature(&real, DSIG), SignaturePresence::Present);
    assert_eq!(signature(&real, ""), SignaturePresence::Dummy);
    assert_eq!(signature(&short, DSIG), SignaturePresence::Dummy);
    assert_eq!(signature("", DSIG), SignaturePresence::Dummy);
    let digital = format!("{}<edXML:DigitalSignature/>", new_business());
    assert_eq!(
        read_document(document("", &digital, "")).0.message_signature,
        SignaturePresence::Dummy
    );
}

#[test]
fn edxml_13_1_warnings_end_somewhere() {
    let many: String = (0..500)
        .map(|number| format!("<edXML:To><edXML:OrganId>mã {number}</edXML:OrganId></edXML:To>"))
        .collect();
    let (document, warnings) = header(&many);
    assert_eq!(document.to.len(), 501);
    assert_eq!((warnings.len(), warnings.last()), (201, Some(&W::More)));
}
