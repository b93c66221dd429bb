//! Copies of a document that its sender recalls (ND30-18.4b), and of an own document that is recalled or replaced (ND30-18.3, 18.4).

use super::*;

/// A document that was issued by mistake, and as the department has it.
async fn issued_by_mistake(hub: &Hub) -> (Sent, IncomingId) {
    let to = [hub.department.agency];
    let sent = hub.sent("Kế hoạch chuyển đổi số ban hành nhầm", &to).await;
    let id = hub.copy(&sent, &hub.department).await;
    (sent, id)
}

/// The first of the copies is now an electronic one that waits for the signature of the agency.
async fn the_first_waits_for_its_signature(hub: &Hub) {
    let mut tx = hub.office.app.db.begin().await.unwrap();
    tx.run(
        sql!(
            "UPDATE document_copy SET to_medium = 'electronic', base_set = coalesce( \
             (SELECT file_set FROM incoming WHERE id = source_id), (SELECT file_set FROM outgoing WHERE id = source_id)) \
             WHERE number = 1"
        ),
        args![],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn cn_220_nd30_18_4b_copies_of_a_recalled_document_keep_none_of_its_content() {
    let hub = Hub::new().await;
    let clerk = &hub.department;
    let (sent, id) = issued_by_mistake(&hub).await;
    hub.accept(clerk, id).await;
    let copy = json!({
        "source_kind": "incoming", "source": id, "kind": "trich_sao", "copies": 1, "extract": "Phần chuyển đổi số",
        "text": "2. Chuyển đổi số toàn tỉnh.",
    });
    let path = "/api/v1/registers/copies";
    for _ in 0..2 {
        clerk.api(path, &copy).await.ok();
    }
    the_first_waits_for_its_signature(&hub).await;
    let before = clerk.api_get(path).await.ok();
    assert!(before.text.contains("chuyển đổi số"), "{}", before.text);

    hub.recall(&sent, &[clerk.agency]).await.ok();
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

/// A copy of an own document on paper.
fn own_copy(of: &Sent, kind: &str) -> Value {
    json!({
        "source_kind": "outgoing", "source": of.id, "kind": kind, "copies": 1,
        "extract": if kind == "trich_sao" { "Phần chuyển đổi số" } else { "" },
    })
}

#[tokio::test]
async fn cn_220_pl6_iii_8_copies_of_an_own_recalled_document_say_so_and_keep_their_content() {
    let hub = Hub::new().await;
    let clerk = &hub.clerk;
    let (sent, _) = issued_by_mistake(&hub).await;
    let path = "/api/v1/registers/copies";
    for _ in 0..2 {
        clerk.api(path, &own_copy(&sent, "trich_sao")).await.ok();
    }
    the_first_waits_for_its_signature(&hub).await;
    let before = clerk.api_get(path).await.ok().json();
    assert_eq!(before["items"][0]["source_changes"], json!([]), "{before}");

    hub.recall(&sent, &[hub.department.agency]).await.ok();
    let book = clerk.api_get(path).await.ok().json();
    let lines = &book["items"];
    let change = &lines[0]["source_changes"][0];
    let notice = format!("/api/v1/outgoing/{}", change["by"].as_str().unwrap());
    let notice = clerk.api_get(&notice).await.ok().json();
    let note = format!(
        "Đã thu hồi ngày 08/01/2026 theo văn bản số {}",
        notice["number_and_symbol"].as_str().unwrap()
    );
    assert_eq!(
        (&change["kind"], &change["note"]),
        (&json!("recalled"), &json!(note)),
        "{book}"
    );
    let name = lines[0]["source_name"].as_str().unwrap();
    assert!(
        name.contains("chuyển đổi số") && lines[0]["extract"] == "Phần chuyển đổi số",
        "{book}"
    );
    // The paper is out of the house; what waited is void by itself and keeps its number and its file.
    assert_eq!(
        (&lines[0]["voided_at"], &lines[1]["voided_by"], &book["waiting"]),
        (&json!(null), &json!(null), &json!(0))
    );
    assert!(
        lines[1]["void_reason"].as_str().unwrap().contains("thu hồi"),
        "{book}"
    );
    assert!(
        hub.acts(sent.id.as_uuid())
            .await
            .contains(&"copies.void".to_owned())
    );
    let kept = hub
        .office
        .app
        .db
        .one(
            sql!("SELECT count(*) AS n FROM document_copy WHERE base_set IS NOT NULL"),
            args![],
        )
        .await
        .unwrap();
    assert_eq!(kept.get::<i64>("n").unwrap(), 1);
    let copy = format!("/registers/copies/{}", lines[0]["id"].as_str().unwrap());
    for page in ["/registers/copies", copy.as_str()] {
        let page = clerk.get(page).await.ok().text;
        assert!(page.contains(&note), "{page}");
    }
    let page = clerk.get(&copy).await.ok().text;
    assert!(page.contains("thông báo cho nơi nhận bản sao"), "{page}");
    let more = clerk.api(path, &own_copy(&sent, "sao_y")).await;
    assert_eq!(
        refusal(&more),
        ("ND30-18.4b".to_owned(), "copies.recalled".to_owned())
    );
}

#[tokio::test]
async fn nd30_18_3_copies_of_a_replaced_document_name_the_one_that_takes_its_place() {
    let hub = Hub::new().await;
    let to = [hub.department.agency];
    let first = hub.sent("Kế hoạch năm 2026", &to).await;
    let path = "/api/v1/registers/copies";
    hub.clerk.api(path, &own_copy(&first, "sao_y")).await.ok();
    let mut draft = hub.draft("Kế hoạch năm 2026 (thay thế)", &to).await;
    draft["replaces"] = json!([first.id]);
    let new = hub.issue(&draft).await;
    let book = hub.clerk.api_get(path).await.ok().json();
    let note = format!("Bị thay thế bởi {}", new.number_and_symbol);
    assert_eq!(
        book["items"][0]["source_changes"],
        json!([{ "kind": "replaced", "by": new.id, "note": note }]),
        "{book}"
    );
    let page = hub.clerk.get("/registers/copies").await.ok().text;
    assert!(page.contains(&note), "{page}");
    // The law takes back what was recalled; a document that was replaced may still be asked for.
    hub.clerk.api(path, &own_copy(&first, "sao_y")).await.ok();
}

#[tokio::test]
async fn nd30_18_4b_pl6_iii_8_the_files_of_a_recalled_document_stay_with_the_sender_alone() {
    let hub = Hub::new().await;
    let clerk = &hub.department;
    let (sent, id) = issued_by_mistake(&hub).await;
    let file = incoming(clerk, id).await["files"][0]["id"].clone();
    let path = format!("/api/v1/files/{}", file.as_str().unwrap());
    let before = clerk.api_get(&path).await.ok().bytes;
    hub.recall(&sent, &[clerk.agency]).await.ok();
    hub.office.drain().await;
    assert_eq!(incoming(clerk, id).await["state"], "recalled");
    // One set serves both: it is let go of here and goes on there.
    crate::documents::sweep::sweep(&hub.office.app, std::time::Duration::ZERO)
        .await
        .unwrap();
    assert_eq!(clerk.api_get(&path).await.status.as_u16(), 404);
    assert_eq!(hub.clerk.api_get(&path).await.ok().bytes, before);
}
