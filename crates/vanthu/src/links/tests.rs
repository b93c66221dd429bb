//! CN-127: links of the kinds căn cứ and liên quan, at both documents, for those who see both.

use serde_json::{Value, json};

use crate::testing::{Office, Person, pdf};

/// A paper document, registered by the clerk.
async fn registered(clerk: &Person, number: &str) -> String {
    let scan = clerk
        .api_upload("cong_van.pdf", &pdf("Cong van"))
        .await
        .ok()
        .json();
    let body = json!({ "sender_name": "Hội Nông dân", "number": number, "symbol": "CV-HND", "type_key": "cong_van",
        "subject": "Đề nghị phối hợp tập huấn", "main_file": scan["id"] });
    let answer = clerk.api("/api/v1/incoming/paper", &body).await.ok().json();
    answer["id"].as_str().unwrap().to_owned()
}

async fn links(person: &Person, at: &str) -> Value {
    person.api_get(&format!("/api/v1/links/{at}")).await.ok().json()
}

#[tokio::test]
async fn cn_127_pl6_iii_4_a_basis_and_what_is_related_stand_at_both_documents_for_who_sees_both() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    let leader = office.person("hungdm.stttt").await;
    let officer = office.person("annv.stttt").await;
    let stranger = office.person("oanhntk.snv").await;
    let (first, second) = (registered(&clerk, "15").await, registered(&clerk, "16").await);
    for (person, act, body) in [
        (&clerk, "present", json!({ "leader": leader.post })),
        (
            &leader,
            "direct",
            json!({ "lead": officer.post, "due_on": "2026-01-20" }),
        ),
    ] {
        let path = format!("/api/v1/incoming/{first}/{act}");
        person.api(&path, &body).await.ok();
    }
    let draft = json!({ "type_key": "cong_van", "subject": "phối hợp tập huấn", "main_text": "Nội dung.",
        "recipients": [stranger.agency] });
    let draft = officer.api("/api/v1/outgoing", &draft).await.ok().json();
    let draft = draft["id"].as_str().unwrap().to_owned();

    // By page: what is searched for stands there with both buttons.
    let page = format!("/links/outgoing/{draft}");
    let found = officer.get(&format!("{page}?q=tap+huan")).await.ok().text;
    assert!(
        found.contains("15/CV-HND") && found.contains(&format!("value=\"{first}\"")),
        "{found}"
    );
    let fields = [
        ("link_kind", "basis"),
        ("to_kind", "incoming"),
        ("to_id", first.as_str()),
    ];
    let done = officer.post(&page, &fields).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let shown = officer.get(&format!("/outgoing/{draft}")).await.ok().text;
    assert!(
        shown.contains("<dt>Căn cứ</dt>") && shown.contains("15/CV-HND của Hội Nông dân"),
        "{shown}"
    );
    let shown = officer.get(&format!("/incoming/{first}")).await.ok().text;
    assert!(
        shown.contains("<dt>Là căn cứ của</dt>") && shown.contains(&format!("/outgoing/{draft}")),
        "{shown}"
    );
    // The leader sees the document and not the draft: nothing tells that there is one.
    assert_eq!(links(&leader, &format!("incoming/{first}")).await, json!([]));

    // What is related is the same from both sides; the officer does not see the other document.
    let at = format!("/api/v1/links/incoming/{first}");
    let related = json!({ "link_kind": "related", "to_kind": "incoming", "to_id": second });
    let made = clerk.api(&at, &related).await.ok().json();
    for (here, there) in [(&first, &second), (&second, &first)] {
        let seen = links(&clerk, &format!("incoming/{here}")).await;
        assert_eq!(
            (&seen[0]["label"], &seen[0]["document"]),
            (&json!("Liên quan"), &json!(there))
        );
    }
    let seen = links(&officer, &format!("incoming/{first}")).await;
    assert_eq!(seen.as_array().unwrap().len(), 1, "{seen}");

    let back = json!({ "link_kind": "related", "to_kind": "incoming", "to_id": first });
    let itself = clerk.api(&at, &back).await.json();
    assert_eq!(
        (&itself["clause"], &itself["code"]),
        (&json!("PL6-III.4"), &json!("link.itself"))
    );
    let other_way = clerk
        .api(&format!("/api/v1/links/incoming/{second}"), &back)
        .await
        .json();
    assert_eq!(other_way["code"], "link.twice");
    // Nobody links, or learns of, what they do not see.
    let unseen = officer.api(&at, &related).await;
    assert_eq!(unseen.status.as_u16(), 404);
    for path in [at.clone(), format!("/api/v1/links/outgoing/{draft}")] {
        assert_eq!(stranger.api_get(&path).await.status.as_u16(), 404);
        assert_eq!(stranger.api(&path, &related).await.status.as_u16(), 404);
    }
    assert_eq!(stranger.get(&page).await.status.as_u16(), 404);

    // Whoever made it, a clerk or a leader takes it away.
    let remove = format!("{at}/{}/remove", made["id"].as_str().unwrap());
    for nobody in [&officer, &stranger] {
        assert_eq!(nobody.api(&remove, &json!({})).await.status.as_u16(), 404);
    }
    clerk.api(&remove, &json!({})).await.ok();
    for here in [&first, &second] {
        assert_eq!(links(&clerk, &format!("incoming/{here}")).await, json!([]));
    }
    // The history of a document does not tell of one that its readers may not see.
    let shown = leader.get(&format!("/incoming/{first}")).await.ok().text;
    assert!(!shown.contains("Liên kết hai văn bản"), "{shown}");
}
