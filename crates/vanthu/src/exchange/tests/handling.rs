//! From the sender to those who handle and back: NT-06 (CN-114 to CN-124, CN-405).

use super::*;

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

    hub.office.drain().await;
    let codes: Vec<String> = hub
        .office
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
        .collect();
    assert_eq!(codes, ["01", "03", "04", "05", "06"]);
    assert_eq!(hub.line(&sent, &hub.department).await["state"], "finished");
}
