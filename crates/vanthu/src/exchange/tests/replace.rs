//! Văn bản thay thế: ND30-18.3.

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
