//! What comes by mail (CN-101).

use base64::{Engine, engine::general_purpose::STANDARD};

use super::*;
use crate::testing::pdf;

/// A message with these files.
fn message(from: &str, subject: &str, text: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut mail = format!(
        "From: {from}\r\nTo: vanthu@stttt.example\r\nDate: Thu, 08 Jan 2026 07:30:00 +0700\r\nSubject: =?UTF-8?B?{}?=\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n",
        STANDARD.encode(subject)
    );
    for (name, content) in files {
        mail.push_str(&format!(
            "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            STANDARD.encode(content)
        ));
    }
    mail.push_str("--b--\r\n");
    mail.into_bytes()
}

async fn send(cast: &Cast, mail: &[u8]) -> crate::testing::Answer {
    let files = [("mail", "thu.eml", mail)];
    cast.clerk.post_files("/incoming/mail", &[], &files).await
}

/// The value of a hidden field of a page.
fn value(page: &str, name: &str) -> String {
    let at = page
        .find(&format!("name=\"{name}\" value=\""))
        .unwrap_or_else(|| panic!("{name}: {page}"));
    page[at..].split('"').nth(3).unwrap().to_owned()
}

#[tokio::test]
async fn cn_101_a_message_fills_the_form_and_is_registered_as_received_by_mail() {
    let cast = Cast::new().await;
    let reception = cast.clerk.get("/boxes/reception").await.ok().text;
    assert!(reception.contains("/incoming/mail"), "{reception}");
    assert!(
        cast.clerk
            .get("/incoming/mail")
            .await
            .ok()
            .text
            .contains("Tệp thư (.eml)")
    );
    let letter = pdf("Cong van");
    let mail = message(
        "=?UTF-8?B?Q8O0bmcgdHkgTWluaCBIw7Jh?= <van.thu@minhhoa.example>",
        "Fwd: Đề nghị hướng dẫn thủ tục",
        "Kính gửi Sở, công ty gửi công văn kèm theo.",
        &[
            ("phu luc.pdf", &pdf("Phu luc")),
            ("cong van 15.pdf", &letter),
            ("may.exe", b"MZ\x90\0"),
        ],
    );
    let form = send(&cast, &mail).await.ok().text;
    for said in [
        "Vào sổ văn bản nhận qua thư điện tử",
        "Đề nghị hướng dẫn thủ tục",
        "Công ty Minh Hòa",
        "Nhận qua thư điện tử từ van.thu@minhhoa.example, gửi ngày 08/01/2026",
        "không có trong danh mục",
        "may.exe",
        "cong-van-15.pdf",
        "phu-luc.pdf",
        "thu-dien-tu.pdf",
        "<option value=\"email\" selected>",
    ] {
        assert!(form.contains(said), "{said}: {form}");
    }
    assert!(!form.contains("Vào sổ văn bản giấy"), "{form}");
    let main = value(&form, "kept_main");
    let stored = cast.clerk.get(&format!("/files/{main}")).await.ok();
    assert_eq!(stored.bytes, letter);
    // Reading a message registers nothing.
    let registered = cast.clerk.api_get("/api/v1/registers/incoming").await.ok().json();
    assert_eq!(registered["items"], json!([]));
    let kept = value(&form, "kept");
    let fields = [
        ("channel", "email"),
        ("sender_name", "Công ty Minh Hòa"),
        ("number", "15"),
        ("symbol", "CV-MH"),
        ("issued_on", "2026-01-07"),
        ("type_key", "cong_van"),
        ("subject", "Đề nghị hướng dẫn thủ tục"),
        ("urgency", "normal"),
        ("kept_main", main.as_str()),
        ("kept", kept.as_str()),
    ];
    let done = cast.clerk.post_files("/incoming/paper", &fields, &[]).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let shown = cast.clerk.get(&done.location).await.ok().text;
    assert!(
        shown.contains("Tệp nhận qua thư điện tử") && shown.contains("15/CV-MH"),
        "{shown}"
    );
    assert!(
        shown.contains("văn bản nhận qua thư điện tử, số đến 01"),
        "{shown}"
    );
    let id = done.location.rsplit('/').next().unwrap();
    let seen = cast
        .clerk
        .api_get(&format!("/api/v1/incoming/{id}"))
        .await
        .ok()
        .json();
    assert_eq!(
        (&seen["source"], &seen["legal_value"]),
        (&json!("email"), &json!("for_reference"))
    );
}

#[tokio::test]
async fn cn_101_the_address_is_looked_up_in_the_directory_and_a_bare_message_is_printed() {
    let cast = Cast::new().await;
    let entry = cast.office.organisation("Hội Nông dân tỉnh", &["H16.77"]).await;
    let mut tx = cast.office.app.db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE directory_entry SET email = 'Van.Thu@HoiNongDan.example' WHERE id = $1"),
        args![entry],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let mail = message(
        "van.thu@hoinongdan.example",
        "Giấy mời tập huấn 🎉",
        "Kính mời dự tập huấn.",
        &[],
    );
    let form = send(&cast, &mail).await.ok().text;
    assert!(form.contains("value=\"Hội Nông dân tỉnh\""), "{form}");
    assert!(form.contains("bản in của thư là tệp văn bản") && form.contains("Giấy mời tập huấn"));
    let print = cast
        .clerk
        .get(&format!("/files/{}", value(&form, "kept_main")))
        .await
        .ok();
    assert!(print.bytes.starts_with(b"%PDF-"));

    let taken = cast
        .clerk
        .api_files("/api/v1/incoming/mail", &[("mail", "thu.eml", &mail)])
        .await
        .ok()
        .json();
    assert_eq!(taken["sender_name"], "Hội Nông dân tỉnh");
    assert_eq!(
        (&taken["main_file"]["name"], &taken["attachments"]),
        (&json!("thu-dien-tu.pdf"), &json!([]))
    );
}

#[tokio::test]
async fn cn_101_qc01_1_2_a_message_with_a_mark_is_refused_whole_and_in_the_journal() {
    let cast = Cast::new().await;
    for mail in [
        message("a@b.example", "Báo cáo", "TUYỆT MẬT\r\n\r\nNội dung", &[]),
        message(
            "a@b.example",
            "Báo cáo",
            "Kèm theo",
            &[("ghi_chu.txt", "TỐI MẬT\r\n".as_bytes())],
        ),
    ] {
        let stays = send(&cast, &mail).await;
        assert_eq!(stays.status.as_u16(), 422, "{}", stays.text);
        assert!(stays.text.contains("Tệp thư (.eml)"), "{}", stays.text);
    }
    let rows = cast
        .office
        .app
        .db
        .all(
            sql!("SELECT act FROM journal WHERE act = 'secrecy.refused'"),
            args![],
        )
        .await
        .unwrap();
    assert_eq!(rows.len(), 2);
}

#[tokio::test]
async fn cn_101_a_bad_message_says_what_to_do_and_only_clerks_bring_one() {
    let cast = Cast::new().await;
    for (mail, said) in [
        (&b"%PDF-1.7"[..], "không phải thư điện tử"),
        (&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], "Outlook"),
        (
            &b"From: a@b.example\r\nSubject: x\r\n\r\n"[..],
            "không có nội dung",
        ),
    ] {
        let stays = send(&cast, mail).await;
        assert_eq!(stays.status.as_u16(), 422, "{}", stays.text);
        assert!(stays.text.contains(said), "{said}: {}", stays.text);
    }
    let nothing = cast.clerk.post_files("/incoming/mail", &[], &[]).await;
    assert!(nothing.text.contains("Vui lòng chọn tệp thư"), "{}", nothing.text);
    let mail = message("a@b.example", "x", "y", &[]);
    for person in [&cast.leader, &cast.officer] {
        assert!(!person.get("/incoming/mail").await.status.is_success());
        let sent = person
            .post_files("/incoming/mail", &[], &[("mail", "thu.eml", &mail)])
            .await;
        assert!(!sent.status.is_success(), "{}", sent.text);
        let sent = person
            .api_files("/api/v1/incoming/mail", &[("mail", "thu.eml", &mail)])
            .await;
        assert_eq!(sent.status.as_u16(), 409);
    }
}

#[tokio::test]
async fn cn_101_what_came_by_fax_is_told_from_paper_and_unknown_ways_are_refused() {
    let cast = Cast::new().await;
    let scan = cast.clerk.api_upload("fax.pdf", &pdf("Fax")).await.ok().json()["id"].clone();
    let body = |channel: &str| {
        json!({ "channel": channel, "sender_name": "Hội Nông dân", "subject": "Giấy mời", "issued_on": null, "main_file": scan,
            "urgency": "normal", "secrecy": null, "respond_by": null, "due_on": null })
    };
    let done = cast
        .clerk
        .api("/api/v1/incoming/paper", &body("fax"))
        .await
        .ok()
        .json();
    let id = done["id"].as_str().unwrap();
    let shown = cast.clerk.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(shown.contains("Bản fax, đã số hóa"), "{shown}");
    let refused = cast.clerk.api("/api/v1/incoming/paper", &body("telex")).await;
    assert!(refused.status.is_client_error(), "{}", refused.text);
}
