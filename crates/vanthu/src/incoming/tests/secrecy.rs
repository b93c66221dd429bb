use super::*;

const ACTS: [&str; 20] = [
    "register",
    "refuse",
    "present",
    "direct",
    "hand-on",
    "pass-down",
    "opinions",
    "start",
    "complete",
    "finish",
    "give-back",
    "take-back",
    "assign",
    "change",
    "extend",
    "answer-extension",
    "urge",
    "paper-beside",
    "paper-beside/receive",
    "paper-beside/back",
];

#[tokio::test]
async fn an_outsider_gets_404_on_every_route_as_for_a_missing_document() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    let missing = IncomingId::from_uuid(new_command(&cast.office));
    // The officer of the leading unit took no part yet; the clerk is of another agency.
    for person in [&cast.officer, &cast.foreign_clerk] {
        for document in [id, missing] {
            let at = [
                person.api_get(&format!("/api/v1/incoming/{document}")).await,
                person.get(&format!("/incoming/{document}")).await,
                person.get(&page(document, "slip.pdf")).await,
                person.get(&page(document, "stamp.pdf")).await,
                person.api_get(&api(document, "slip")).await,
                person.api_get(&api(document, "stamp")).await,
                person.api_get(&api(document, "paper-beside")).await,
            ];
            for answer in at {
                assert_eq!(answer.status.as_u16(), 404);
                assert!(!answer.text.contains("chuyển đổi số"));
            }
            for act in ACTS {
                let answer = person.api(&api(document, act), &json!({})).await;
                assert_eq!(answer.status.as_u16(), 404, "{act}: {}", answer.text);
                let answer = person.post(&page(document, act), &[]).await;
                assert_eq!(answer.status.as_u16(), 404, "{act}: {}", answer.text);
            }
        }
    }
    // Once it is passed down to the officer, the officer sees it.
    cast.head
        .api(&api(id, "pass-down"), &json!({ "lead": cast.officer.post }))
        .await
        .ok();
    cast.seen(&cast.officer, id).await;
}

#[tokio::test]
async fn a_bulk_registration_tells_nothing_about_documents_of_others() {
    let cast = Cast::new().await;
    let id = cast.delivered(1).await.to_string();
    let page = cast
        .foreign_clerk
        .post("/incoming/register", &[("id", &id)])
        .await
        .ok();
    assert!(!page.text.contains("chuyển đổi số"));
    assert!(page.text.contains("0/1 văn bản đã vào sổ"), "{}", page.text);
}

#[tokio::test]
async fn who_sees_a_document_but_may_not_act_is_told_why() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    let shown = cast.clerk.get(&format!("/incoming/{id}")).await.ok();
    assert!(shown.text.contains("Vì sao tôi không có thao tác khác?"));
    assert!(shown.text.contains("Nghị định 30/2020/NĐ-CP"));
}

#[tokio::test]
async fn opening_the_page_marks_the_document_as_seen() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    let unread = |items: Value| {
        items["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|item| item["id"] == json!(id))
            .unwrap()["unread"]
            .clone()
    };
    let path = "/api/v1/boxes/handling";
    assert_eq!(unread(cast.head.api_get(path).await.ok().json()), true);
    cast.head.get(&format!("/incoming/{id}")).await.ok();
    assert_eq!(unread(cast.head.api_get(path).await.ok().json()), false);
}
