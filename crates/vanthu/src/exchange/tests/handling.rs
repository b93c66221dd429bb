//! From the sender to those who handle and back: NT-06 (CN-114 to CN-124, CN-405).

use jiff::SignedDuration;

use super::*;

/// The states that came back to the sender once all that is due was carried.
async fn codes(hub: &Hub, sent: &Sent) -> Vec<String> {
    hub.office.drain().await;
    hub.office
        .app
        .db
        .all(
            sql!(
                "SELECT e.code FROM delivery_event e JOIN delivery d ON d.id = e.delivery_id \
                 WHERE d.outgoing_id = $1 ORDER BY e.code"
            ),
            args![sent.id],
        )
        .await
        .unwrap()
        .iter()
        .map(|row| row.get("code").unwrap())
        .collect()
}

#[tokio::test]
async fn nt_06_a_lead_with_a_reply_ends_everything_and_the_sender_sees_04_05_06() {
    let hub = Hub::new().await;
    let supporting = hub.office.person("bachtx.stttt").await;
    let informed = hub.office.person("chivtl.stttt").await;
    let sent = hub.sent("Kế hoạch chuyển đổi số", &[hub.department.agency]).await;
    let id = hub.copy(&sent, &hub.department).await;
    hub.accept(&hub.department, id).await;
    let leader = json!({ "leader": hub.director.post });
    act(&hub.department, id, "present", leader).await.ok();
    // A leads, B co-operates with a deadline of its own, C is informed.
    let directive = json!({
        "text": "Giao tham mưu trả lời", "lead": hub.unit_head.post, "due_on": "2026-01-15",
        "cooperate": [supporting.post], "own_due_on": [{ "post": supporting.post, "due_on": "2026-01-12" }],
        "inform": [informed.post], "reply_required": true,
    });
    act(&hub.director, id, "direct", directive).await.ok();
    let seen = incoming(&hub.director, id).await;
    let days: Vec<_> = seen["assignments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| part["due_on"].clone())
        .collect();
    assert_eq!(days, [json!("2026-01-15"), json!("2026-01-12"), Value::Null]);
    let down = json!({ "lead": hub.officer.post, "due_on": "2026-01-14" });
    act(&hub.unit_head, id, "pass-down", down).await.ok();

    // B completes: only B's part ends.
    act(&supporting, id, "complete", json!({ "result": "Đã góp ý" }))
        .await
        .ok();
    assert!(lies_in(&hub.officer, "handling", id).await);
    assert!(lies_in(&supporting, "handled", id).await);

    // A answers: the reply is drafted, checked, approved, issued; only then the document ends.
    let early = act(
        &hub.officer,
        id,
        "finish",
        json!({ "outcome": "result", "result": "Xong" }),
    )
    .await;
    assert_eq!(refusal(&early).1, "incoming.reply_required");
    let file = hub
        .officer
        .api_upload("tra loi.pdf", &pdf("tra loi"))
        .await
        .ok()
        .json();
    let draft = json!({
        "type_key": "cong_van", "subject": "trả lời về kế hoạch chuyển đổi số", "main_file": file["id"],
        "recipients": [hub.clerk.agency], "reply_to": id,
    });
    let saved = hub.officer.api("/api/v1/outgoing", &draft).await.ok().json();
    let reply = saved["id"].as_str().unwrap().to_owned();
    for (person, step) in [
        (&hub.officer, "submit"),
        (&hub.unit_head, "sign-off-content"),
        (&hub.department, "sign-off-form"),
        (&hub.director, "approve"),
        (&hub.department, "issue"),
    ] {
        person
            .api(&format!("/api/v1/outgoing/{reply}/{step}"), &json!({}))
            .await
            .ok();
    }
    let end = json!({ "outcome": "reply", "reply": reply });
    act(&hub.officer, id, "finish", end).await.ok();

    // The parents complete with it; C, who never read it, has nothing left and was never late.
    let seen = incoming(&hub.director, id).await;
    let states: Vec<_> = seen["assignments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| (part["role"].as_str().unwrap(), part["state"].as_str().unwrap()))
        .collect();
    assert_eq!(
        states,
        [
            ("lead", "done"),
            ("cooperate", "done"),
            ("inform", "closed"),
            ("lead", "done")
        ]
    );
    assert_eq!(seen["state"], "finished");
    for person in [
        &hub.unit_head,
        &hub.officer,
        &supporting,
        &informed,
        &hub.director,
    ] {
        assert!(lies_in(person, "handled", id).await);
    }

    assert_eq!(codes(&hub, &sent).await, ["01", "03", "04", "05", "06"]);
    assert_eq!(hub.line(&sent, &hub.department).await["state"], "finished");
}

/// Box, document and urgency of what a person is told.
async fn told(person: &Person) -> Vec<(Value, Value, Value)> {
    let found = person.api_get("/api/v1/notices").await.ok().json();
    let items = found["items"].as_array().unwrap().iter();
    items
        .map(|line| (line["box"].clone(), line["id"].clone(), line["urgency"].clone()))
        .collect()
}

#[tokio::test]
async fn qd28_16_5_an_urgent_document_stands_first_is_told_apart_and_its_states_return_at_once() {
    let hub = Hub::new().await;
    let clerk = &hub.department;
    // Whoever does not want to be told of every arrival is told of the urgent ones.
    let muted = json!({ "muted": ["reception"] });
    clerk.api("/api/v1/notices/settings", &muted).await.ok();
    let mut draft = hub.draft("Ứng phó bão số 5", &[clerk.agency]).await;
    draft["urgency"] = json!("express");
    let sent = hub.issue(&draft).await;
    hub.office.drain().await;
    let id = hub.copy(&sent, clerk).await;
    let later = hub.office.app.clock.now() + SignedDuration::from_mins(1);
    hub.office.clock.set(later);
    let ordinary = hub.sent("Kế hoạch thường kỳ", &[clerk.agency]).await;
    let ordinary = hub.copy(&ordinary, clerk).await;

    // On top of the queue.
    let queue = clerk.api_get("/api/v1/boxes/reception").await.ok().json();
    let order = [&queue["items"][0]["id"], &queue["items"][1]["id"]];
    assert_eq!(order, [&json!(id), &json!(ordinary)]);

    // The alert: a notice of its own kind, and a line over every page until the document is accepted.
    assert_eq!(
        told(clerk).await,
        [(json!("urgent"), json!(id), json!("express"))]
    );
    assert_eq!(clerk.get("/boxes.json").await.ok().json()["urgent"], 1);
    let home = clerk.get("/").await.ok().text;
    assert!(
        home.contains("Văn bản khẩn đang chờ tiếp nhận") && home.contains("data-box=\"urgent\">1<"),
        "{home}"
    );
    let page = clerk.get("/notices").await.ok().text;
    for said in ["Văn bản khẩn đến", "Hỏa tốc", "value=\"urgent\" checked"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    for nobody in [&hub.other, &hub.officer] {
        assert!(told(nobody).await.is_empty());
    }
    let officers = hub.officer.get("/").await.ok().text;
    assert!(!officers.contains("data-box=\"urgent\""), "{officers}");

    // Each state is back as soon as its act is done: nothing waits for a later hour.
    hub.accept(clerk, id).await;
    assert_eq!(codes(&hub, &sent).await, ["01", "03"]);
    assert_eq!(clerk.get("/boxes.json").await.ok().json()["urgent"], 0);
    assert!(!told(clerk).await.iter().any(|line| line.0 == "urgent"));
    let leader = json!({ "leader": hub.director.post });
    act(clerk, id, "present", leader).await.ok();
    let directive = json!({ "text": "Triển khai ngay", "lead": hub.unit_head.post, "due_on": "2026-01-09" });
    act(&hub.director, id, "direct", directive).await.ok();
    assert_eq!(codes(&hub, &sent).await, ["01", "03", "04"]);
    act(&hub.unit_head, id, "start", json!({})).await.ok();
    assert_eq!(codes(&hub, &sent).await, ["01", "03", "04", "05"]);
    let end = json!({ "outcome": "result", "result": "Đã triển khai" });
    act(&hub.unit_head, id, "finish", end).await.ok();
    assert_eq!(codes(&hub, &sent).await, ["01", "03", "04", "05", "06"]);
    assert_eq!(hub.line(&sent, clerk).await["state"], "finished");
}

#[tokio::test]
async fn qd28_16_5_what_becomes_urgent_before_it_is_accepted_is_told_then() {
    let hub = Hub::new().await;
    let clerk = &hub.department;
    let sent = hub.sent("Kế hoạch thường kỳ", &[clerk.agency]).await;
    let id = hub.copy(&sent, clerk).await;
    assert_eq!(told(clerk).await, [(json!("reception"), json!(id), Value::Null)]);
    let raised = json!({ "reason": "Nâng độ khẩn", "urgency": "very_urgent" });
    let update = format!("{}/update", sent.api());
    hub.clerk.api(&update, &raised).await.ok();
    hub.office.drain().await;
    assert_eq!(
        told(clerk).await,
        [(json!("urgent"), json!(id), json!("very_urgent"))]
    );
    assert_eq!(clerk.get("/boxes.json").await.ok().json()["urgent"], 1);
}
