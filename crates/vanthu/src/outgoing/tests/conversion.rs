//! A draft whose main file is DOCX becomes PDF; without LibreOffice it is refused with what to do.

use std::io::{Cursor, Write};

use serde_json::json;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::testing::{Answer, Office, Person};

/// The smallest text document that word processors open.
fn docx(text: &str) -> Vec<u8> {
    const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
    const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
    let body = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"#
    );
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELATIONS),
        ("word/document.xml", &body),
    ];
    for (name, content) in parts {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// What the server answers to a report whose main file is DOCX.
async fn report_with_docx(office: &Office) -> (Person, Answer) {
    let officer = office.person("annv.stttt").await;
    let file = officer
        .api_upload("bao_cao.docx", &docx("Kính gửi Ủy ban nhân dân tỉnh"))
        .await
        .ok()
        .json();
    let draft = json!({ "type_key": "bao_cao", "subject": "Kết quả chuyển đổi số", "main_file": file["id"],
        "paper": [{ "name": "Báo Đắk Nông" }] });
    let answer = officer.api("/api/v1/outgoing", &draft).await;
    (officer, answer)
}

#[tokio::test]
async fn qc01_8_3b_a_docx_main_file_becomes_pdf() {
    let office = Office::new().await;
    let (officer, answer) = report_with_docx(&office).await;
    let id = answer.ok().json()["id"].as_str().unwrap().to_owned();
    let seen = officer
        .api_get(&format!("/api/v1/outgoing/{id}"))
        .await
        .ok()
        .json();
    let main = &seen["files"][0];
    assert_eq!(
        (&main["role"], &main["media_type"], &main["name"]),
        (&json!("main"), &json!("application/pdf"), &json!("bao_cao.pdf"))
    );
    let pdf = officer
        .api_get(&format!("/api/v1/files/{}", main["id"].as_str().unwrap()))
        .await
        .ok();
    assert!(pdf.bytes.starts_with(b"%PDF-"));
}

#[tokio::test]
async fn qc01_8_3b_a_docx_main_file_is_refused_where_nothing_converts() {
    let office =
        Office::with(|settings| "no-such-program".clone_into(&mut settings.documents.libreoffice)).await;
    let (_, answer) = report_with_docx(&office).await;
    assert_eq!(answer.status.as_u16(), 409, "{}", answer.text);
    assert_eq!(answer.json()["clause"], "QC01-8.3b");
    assert!(
        answer.json()["detail"]
            .as_str()
            .unwrap()
            .contains("lưu thành PDF")
    );
}
