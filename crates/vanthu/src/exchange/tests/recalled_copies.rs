//! Copies of a document that its sender recalls (ND30-18.4b).

use super::*;

#[tokio::test]
async fn cn_220_nd30_18_4b_copies_of_a_recalled_document_keep_none_of_its_content() {
    let hub = Hub::new().await;
    let clerk = &hub.department;
    let to = [clerk.agency];
    let sent = hub.sent("Kế hoạch chuyển đổi số ban hành nhầm", &to).await;
    let id = hub.copy(&sent, clerk).await;
    hub.accept(clerk, id).await;
    let copy = json!({
        "source_kind": "incoming", "source": id, "kind": "trich_sao", "copies": 1, "extract": "Phần chuyển đổi số",
        "text": "2. Chuyển đổi số toàn tỉnh.",
    });
    let path = "/api/v1/registers/copies";
    for _ in 0..2 {
        clerk.api(path, &copy).await.ok();
    }
    // The first is an electronic one that waits for the signature of the agency.
    let mut tx = hub.office.app.db.begin().await.unwrap();
    tx.run(
        sql!(
            "UPDATE document_copy SET to_medium = 'electronic', base_set = (SELECT file_set FROM incoming WHERE id = source_id) \
             WHERE number = 1"
        ),
        args![],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let before = clerk.api_get(path).await.ok();
    assert!(before.text.contains("chuyển đổi số"), "{}", before.text);

    hub.recall(&sent, &to).await.ok();
    hub.office.drain().await;
    assert_eq!(incoming(clerk, id).await["state"], "recalled");
    let book = clerk.api_get(path).await.ok();
    assert!(
        !book.text.to_lowercase().contains("chuyển đổi số"),
        "{}",
        book.text
    );
    let lines = book.json()["items"].clone();
    for line in lines.as_array().unwrap() {
        assert!(
            line["source_name"].as_str().unwrap().contains("thu hồi"),
            "{line}"
        );
    }
    // The paper is out of the house and stays a line; what waited is void by itself.
    assert_eq!(
        (&lines[0]["voided_at"], &lines[1]["voided_by"]),
        (&json!(null), &json!(null))
    );
    assert!(
        lines[1]["void_reason"].as_str().unwrap().contains("thu hồi"),
        "{lines}"
    );
    let left = hub
        .office
        .app
        .db
        .one(
            sql!("SELECT count(*) AS n FROM document_copy WHERE base_set IS NOT NULL OR extract_text <> ''"),
            args![],
        )
        .await
        .unwrap();
    assert_eq!(left.get::<i64>("n").unwrap(), 0);
    assert!(hub.acts(id.as_uuid()).await.contains(&"copies.void".to_owned()));
}
