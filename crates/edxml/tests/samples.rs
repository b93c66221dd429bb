//! The sample messages of the project: they conform, so nothing is to be tolerated.

#![expect(clippy::unwrap_used, reason = "tests")]

use edxml::{
    DocumentIdentifier, Message, ReadOptions,
    codes::StatusCode,
    model::{BusinessKind, SignaturePresence},
    read_bytes,
};
use jiff::civil::date;

const NEW: &[u8] = include_bytes!("samples/01-new-signed.edxml");
const REVOKE: &[u8] = include_bytes!("samples/02-revoke.edxml");
const ACCEPTED: &[u8] = include_bytes!("samples/03-status-03-accepted.edxml");

fn read(file: &[u8]) -> (Message, Vec<Vec<u8>>) {
    let (received, contents) = read_bytes(file, &ReadOptions::default()).unwrap();
    assert_eq!(received.warnings, vec![]);
    (received.message, contents)
}

#[test]
fn edxml_17_a_new_document_is_read() {
    let (message, contents) = read(NEW);
    let document = message.as_document().unwrap();
    assert_eq!(document.from.organ_id, "H16.05");
    assert_eq!(document.from.organ_name.as_deref(), Some("Sở Ví Dụ"));
    let to: Vec<&str> = document.to.iter().map(|to| to.organ_id.as_str()).collect();
    assert_eq!(to, ["H16.30", "G99"]);
    assert_eq!(
        document.document_id.as_deref(),
        Some("H16.05,2022/10/03,123/SVD-VP")
    );
    assert_eq!(document.code().as_deref(), Some("123/SVD-VP"));
    assert_eq!(document.promulgation_date, Some(date(2022, 10, 3)));
    assert_eq!(document.document_type.type_name.as_deref(), Some("Công văn"));
    assert_eq!(
        document.subject.as_deref(),
        Some("V/v báo cáo số liệu mẫu năm 2022")
    );
    assert_eq!(document.signer.full_name.as_deref(), Some("Nguyễn Văn Mẫu"));
    assert_eq!(document.due_date, Some(date(2022, 10, 20)));
    assert_eq!(document.to_places, ["Như trên", "Lưu: VT, VP"]);
    assert_eq!(document.other.priority, Some(1));
    assert_eq!(document.other.appendixes, ["Phụ lục số liệu"]);
    assert_eq!(document.steering_type, Some(2));
    assert_eq!(
        document.trace_headers[0].timestamp.unwrap(),
        "2022-10-03T08:15:30+07:00".parse().unwrap()
    );
    assert_eq!(document.business.kind, BusinessKind::New);
    assert_eq!(document.business.paper, Some(false));
    assert_eq!(document.business.staff.staff.as_deref(), Some("Trần Thị Thử"));
    assert_eq!(document.message_signature, SignaturePresence::Present);
    assert_eq!(document.main_attachment(), Some(0));

    let [pdf, sheet] = &document.attachments[..] else {
        panic!("{:?}", document.attachments)
    };
    assert_eq!(pdf.name.as_deref(), Some("123_SVD-VP.signed.pdf"));
    let content = pdf.content.as_ref().unwrap();
    assert_eq!(
        (content.media_type.as_str(), content.unpacked),
        ("application/pdf", false)
    );
    assert!(contents[content.slot].starts_with(b"%PDF-1.4"));
    assert_eq!(content.size, contents[content.slot].len() as u64);
    // The archive around the sheet is off.
    let content = sheet.content.as_ref().unwrap();
    assert!(content.unpacked);
    assert_eq!(contents[content.slot], b"placeholder spreadsheet bytes\n");
}

#[test]
fn edxml_17_the_revocation_finds_the_new_document_and_the_status_too() {
    let (new, _) = read(NEW);
    let new = new.as_document().unwrap();
    let (revoke, _) = read(REVOKE);
    let revoke = revoke.as_document().unwrap();
    assert_eq!(revoke.business.kind, BusinessKind::Revoke);
    assert_eq!(
        revoke.business.reason.as_deref(),
        Some("Thu hồi do gửi nhầm phụ lục")
    );
    assert_eq!(revoke.target_document_id(), new.document_id.as_deref());
    assert_eq!(revoke.message_signature, SignaturePresence::Absent);

    let (status, _) = read(ACCEPTED);
    let status = status.as_status().unwrap();
    assert_eq!(
        StatusCode::from_text(&status.status_code),
        Some(StatusCode::Accepted)
    );
    assert_eq!(status.response_for.document_id, new.document_id);
    assert_eq!(status.timestamp.unwrap(), "2022-10-03T01:21:05Z".parse().unwrap());
    assert_eq!(status.staff.staff.as_deref(), Some("Lê Thị Thử"));
    let identifier = DocumentIdentifier::parse(new.document_id.as_deref().unwrap());
    assert_eq!(identifier.code(), new.code().as_deref());
}
