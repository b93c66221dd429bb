//! What the draft screen asks for and what becomes of it (CN-201), and the input data of an issued document (MD-20).

use rules::document_types;
use serde_json::{Value, json};

use super::support::Committee;
use crate::testing::pdf;

#[tokio::test]
async fn cn_201_the_draft_screen_asks_for_everything_and_the_system_keeps_it() {
    let committee = Committee::new().await;
    let form = committee.officer.get("/outgoing/new").await.ok().text;
    let kinds: Vec<_> = document_types::in_force(committee.office.app.clock.today())
        .filter(|kind| !kind.is_copy)
        .collect();
    assert!(kinds.len() >= 29, "the 29 kinds of NĐ 30 and the legal ones");
    for kind in kinds {
        let option = format!("<option value=\"{}\"", kind.key);
        assert!(form.contains(&option), "{}", kind.name);
    }
    for field in [
        "subject",
        "urgency",
        "signer",
        "recipients",
        "to_know",
        "main_text",
        "main_file",
        "attachments",
        "reply_to",
    ] {
        assert!(form.contains(&format!("name=\"{field}\"")), "{field}");
    }
    let (signer, recipient) = (
        committee.chair.post.to_string(),
        committee.outsider.agency.to_string(),
    );
    let fields = [
        ("type_key", "thong_bao"),
        ("subject", "Kết luận phiên họp tháng 01"),
        ("urgency", "very_urgent"),
        ("signer", signer.as_str()),
        ("recipients", recipient.as_str()),
    ];
    let (main, annex) = (pdf("Thong bao"), pdf("Phu luc"));
    let files: [(&str, &str, &[u8]); 2] = [
        ("main_file", "thongbao.pdf", main.as_slice()),
        ("attachments", "phuluc.pdf", annex.as_slice()),
    ];
    let saved = committee
        .officer
        .post_files("/outgoing", &fields, &files)
        .await
        .ok();
    let seen = committee
        .seen(&committee.officer, &format!("/api/v1{}", saved.location))
        .await;
    assert_eq!(
        (&seen["state"], &seen["type_key"], &seen["urgency"]),
        (&json!("draft"), &json!("thong_bao"), &json!("very_urgent"))
    );
    assert_eq!(seen["subject"], "Kết luận phiên họp tháng 01");
    assert!(seen["signer"].as_str().unwrap().ends_with("Chủ tịch"), "{seen}");
    assert_eq!(seen["recipients"].as_array().unwrap().len(), 1);
    let kept: Vec<_> = seen["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (file["role"].as_str().unwrap(), file["name"].as_str().unwrap()))
        .collect();
    assert_eq!(kept, [("main", "thongbao.pdf"), ("attachment", "phuluc.pdf")]);
}

#[tokio::test]
async fn md_20_the_input_data_of_a_document_are_the_same_at_its_sender_and_its_recipient() {
    let committee = Committee::new().await;
    let mut body = committee.decision();
    body["urgency"] = json!("urgent");
    body["respond_by"] = json!("2026-01-20");
    let at = committee.draft(&body).await;
    committee.carry(&at, "approved").await;
    committee.clerk.api(&format!("{at}/issue"), &json!({})).await.ok();
    committee.office.drain().await;
    let sent = committee.seen(&committee.officer, &at).await;
    // Filled in by the system: number, day, pages, the codes of the agencies.
    assert_eq!(
        (&sent["number"], &sent["symbol"], &sent["issued_on"]),
        (&json!(1), &json!("QĐ-UBND"), &json!("2026-01-08"))
    );
    assert!(sent["pages"].as_i64().unwrap() >= 1, "{sent}");
    assert_eq!(
        (&sent["type_name"], &sent["urgency"], &sent["respond_by"]),
        (
            &json!("Quyết định (cá biệt)"),
            &json!("urgent"),
            &json!("2026-01-20")
        )
    );

    let clerk = &committee.outsider;
    let box_of = clerk.api_get("/api/v1/boxes/reception").await.ok().json();
    let incoming = format!("/api/v1/incoming/{}", box_of["items"][0]["id"].as_str().unwrap());
    clerk.api(&format!("{incoming}/register"), &json!({})).await.ok();
    let came: Value = clerk.api_get(&incoming).await.ok().json();
    for name in [
        "symbol",
        "issued_on",
        "type_key",
        "subject",
        "urgency",
        "respond_by",
        "document_code",
    ] {
        assert_eq!(came[name], sent[name], "{name}");
    }
    assert_eq!(came["number"], "01");
    let signer = format!(
        "{}, {}",
        came["signer_name"].as_str().unwrap(),
        came["signer_title"].as_str().unwrap()
    );
    assert_eq!(sent["signer"], signer);
    let sender = came["sender_code"].as_str().unwrap();
    assert!(came["document_code"].as_str().unwrap().starts_with(sender));
    assert_eq!(
        (&came["arrived_on"], &came["arrival_number"]),
        (&json!("2026-01-08"), &json!(1))
    );
}
