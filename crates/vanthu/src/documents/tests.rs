//! Điều 8.4 at the door: how large a file may be, and under which name it is kept (NT-30).

use std::io::{Cursor, Write};

use crate::testing::Office;

const MB: usize = 1024 * 1024;

/// A document of a word processor with a picture of so many bytes.
fn docx(bytes: usize) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in [
        ("[Content_Types].xml", b"<Types/>".as_slice()),
        (
            "word/document.xml",
            "<w:document><w:p><w:t>Báo cáo</w:t></w:p></w:document>".as_bytes(),
        ),
        ("word/media/image1.png", vec![7; bytes].as_slice()),
    ] {
        archive.start_file(name, options).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const NAME: &str = "Báo cáo số 1!.docx";

#[tokio::test]
async fn nt_30_a_file_of_51_mb_is_refused_clearly_and_one_of_49_mb_is_kept_under_a_good_name() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    let large = docx(51 * MB);
    let refused = clerk.api_upload(NAME, &large).await;
    assert_eq!(refused.status.as_u16(), 409, "{}", refused.text);
    let problem = refused.json();
    assert_eq!(problem["clause"], "QC01-8.4");
    assert_eq!(problem["code"], "file.too_large");
    assert!(problem["detail"].as_str().unwrap().contains("50 MB"), "{problem}");
    // On the page the form stays, with what was typed.
    let fields = [
        ("subject", "Báo cáo năm"),
        ("sender_name", "Hội Nông dân"),
        ("urgency", "normal"),
    ];
    let stays = clerk
        .post_files(
            "/incoming/paper",
            &fields,
            &[("attachments", NAME, large.as_slice())],
        )
        .await;
    assert_eq!(stays.status.as_u16(), 422);
    for said in ["Tệp vượt quá 50 MB", "Báo cáo năm", "Hội Nông dân"] {
        assert!(stays.text.contains(said), "{said}");
    }
    drop(large);

    let kept = clerk.api_upload(NAME, &docx(49 * MB)).await.ok().json();
    assert_eq!(kept["name"], "Bao-cao-so-1.docx");
    assert!(kept["size"].as_u64().unwrap() > 49 * MB as u64);
    assert_eq!(
        kept["media_type"],
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    );
}
