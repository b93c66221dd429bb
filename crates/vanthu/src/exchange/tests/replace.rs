//! Văn bản thay thế, công văn đính chính: ND30-18.3.

use super::*;

#[tokio::test]
async fn qd28_16_7_cn_219_a_replacing_document_is_linked_in_both_agencies() {
    let hub = Hub::new().await;
    let to = [hub.department.agency];
    let (first, second) = (
        hub.sent("Kế hoạch năm 2026", &to).await,
        hub.sent("Phụ lục kế hoạch", &to).await,
    );
    let (old, older) = (
        hub.copy(&first, &hub.department).await,
        hub.copy(&second, &hub.department).await,
    );
    let number = hub.accept(&hub.department, old).await;
    // The draft begins with what the replaced one says.
    let form = hub
        .clerk
        .get(&format!("/outgoing/new?replaces={}", first.id))
        .await
        .ok()
        .text;
    assert!(form.contains(&format!("name=\"replaces\" value=\"{}\" checked", first.id)));
    let mut draft = hub.draft("Kế hoạch năm 2026 (thay thế)", &to).await;
    draft["replaces"] = json!([first.id, second.id]);
    let new = hub.issue(&draft).await;
    hub.office.drain().await;

    let seen = hub.clerk.api_get(&first.api()).await.ok().json();
    assert_eq!(seen["replaced_by"], json!(new.id));
    let page = hub.clerk.get(&first.page()).await.ok().text;
    assert!(page.contains("Bị thay thế bởi") && page.contains(&new.number_and_symbol));
    let page = hub.clerk.get(&new.page()).await.ok().text;
    assert!(page.contains("Thay thế văn bản") && page.contains(&first.number_and_symbol));

    let copy = hub.copy(&new, &hub.department).await;
    for id in [old, older] {
        assert_eq!(incoming(&hub.department, id).await["replaced_by"], json!(copy));
    }
    let page = hub.department.get(&format!("/incoming/{old}")).await.ok().text;
    assert!(page.contains("Bị thay thế bởi") && page.contains(&format!("/incoming/{copy}")));
    let page = hub.department.get(&format!("/incoming/{copy}")).await.ok().text;
    assert!(page.contains("Thay thế văn bản") && page.contains(&format!("/incoming/{old}")));
    // Still readable, still in the register.
    let seen = incoming(&hub.department, old).await;
    assert_eq!(
        (&seen["subject"], &seen["arrival_number"]),
        (&json!("Kế hoạch năm 2026"), &json!(number))
    );
    let file = seen["files"][0]["id"].as_str().unwrap().to_owned();
    hub.department.get(&format!("/files/{file}")).await.ok();
    let book = hub.clerk.api_get("/api/v1/registers/outgoing").await.ok().text;
    assert!(book.contains(&format!("Bị thay thế bởi {}", new.number_and_symbol)));
    assert!(
        hub.acts(old.as_uuid())
            .await
            .contains(&"incoming.replaced".to_owned())
    );
    assert!(
        hub.acts(first.id.as_uuid())
            .await
            .contains(&"outgoing.replaced".to_owned())
    );

    // Once is enough; another agency's documents are none of ours.
    let again = hub.drafter.api("/api/v1/outgoing", &draft).await;
    assert_eq!(
        refusal(&again),
        ("ND30-18.3".into(), "outgoing.replaced_before".into())
    );
    let mut foreign = json!({ "type_key": "cong_van", "subject": "Khác", "main_text": "Nội dung.", "recipients": [hub.clerk.agency] });
    foreign["replaces"] = json!([new.id]);
    let foreign = hub.officer.api("/api/v1/outgoing", &foreign).await;
    assert_eq!(
        refusal(&foreign),
        ("ND30-18.3".into(), "outgoing.not_replaceable".into())
    );
}

#[tokio::test]
async fn nd30_18_3_a_document_that_was_replaced_meanwhile_stops_the_issue() {
    let hub = Hub::new().await;
    let to = [hub.department.agency];
    let first = hub.sent("Kế hoạch", &to).await;
    let mut draft = hub.draft("Kế hoạch mới", &to).await;
    draft["replaces"] = json!([first.id]);
    let saved = hub.drafter.api("/api/v1/outgoing", &draft).await.ok().json();
    hub.issue(&draft).await;
    let at = format!("/api/v1/outgoing/{}", saved["id"].as_str().unwrap());
    for (person, act) in [
        (&hub.drafter, "submit"),
        (&hub.head, "sign-off-content"),
        (&hub.clerk, "sign-off-form"),
        (&hub.chair, "approve"),
    ] {
        person.api(&format!("{at}/{act}"), &json!({})).await.ok();
    }
    let refused = hub.clerk.api(&format!("{at}/issue"), &json!({})).await;
    assert_eq!(
        refusal(&refused),
        ("ND30-18.3".into(), "outgoing.replaced_before".into())
    );
    // Nothing of it happened: no number, no delivery.
    let seen = hub.clerk.api_get(&at).await.ok().json();
    assert_eq!(
        (&seen["state"], &seen["number"]),
        (&json!("approved"), &Value::Null)
    );
}

#[tokio::test]
async fn nd30_18_3_cn_219_a_letter_of_correction_and_what_it_corrects_show_each_other() {
    let hub = Hub::new().await;
    let to = [hub.department.agency];
    let first = hub.sent("Kế hoạch năm 2026", &to).await;
    let before = hub.clerk.api_get(&first.api()).await.ok().json();
    assert_eq!(
        (&before["corrects"], &before["corrected_by"]),
        (&json!([]), &json!([]))
    );
    // The letter begins with what it corrects.
    let page = hub.clerk.get(&first.page()).await.ok().text;
    let begin = format!("/outgoing/new?corrects={}", first.id);
    assert!(page.contains(&begin), "{page}");
    let form = hub.clerk.get(&begin).await.ok().text;
    assert!(form.contains(&format!("name=\"corrects\" value=\"{}\" checked", first.id)));
    assert!(form.contains("đính chính Thông báo số"), "{form}");

    // What is wrong in its content is not corrected this way: only an official letter corrects.
    let mut draft = hub.draft("Đính chính thể thức của Thông báo", &to).await;
    draft["corrects"] = json!([first.id]);
    let refused = hub.drafter.api("/api/v1/outgoing", &draft).await;
    assert_eq!(
        refusal(&refused),
        ("ND30-18.3".into(), "outgoing.correction_by_letter".into())
    );
    draft["type_key"] = json!("cong_van");
    let letter = hub.issue(&draft).await;
    hub.office.drain().await;

    let seen = hub.clerk.api_get(&first.api()).await.ok().json();
    assert_eq!(seen["corrected_by"], json!([letter.id]));
    assert_eq!(
        (&seen["state"], &seen["files"], &seen["subject"]),
        (&before["state"], &before["files"], &before["subject"]),
        "the issued document is never edited"
    );
    let seen = hub.clerk.api_get(&letter.api()).await.ok().json();
    assert_eq!(seen["corrects"], json!([first.id]));
    let page = hub.clerk.get(&first.page()).await.ok().text;
    assert!(page.contains("Được đính chính bởi") && page.contains(&letter.number_and_symbol));
    let page = hub.clerk.get(&letter.page()).await.ok().text;
    assert!(page.contains("Đính chính văn bản") && page.contains(&first.number_and_symbol));
    assert!(
        hub.acts(first.id.as_uuid())
            .await
            .contains(&"outgoing.corrected".to_owned())
    );

    // Another agency's documents are none of ours.
    let foreign = json!({ "type_key": "cong_van", "subject": "Khác", "main_text": "Nội dung.", "recipients": [hub.clerk.agency],
        "corrects": [letter.id] });
    let foreign = hub.officer.api("/api/v1/outgoing", &foreign).await;
    assert_eq!(
        refusal(&foreign),
        ("ND30-18.3".into(), "outgoing.not_correctable".into())
    );
}
