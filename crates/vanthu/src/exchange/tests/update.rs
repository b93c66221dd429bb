//! Cập nhật, gửi lại: CN-221, CN-217.

use super::*;

const SUBJECT: &str = "Báo cáo tình hình chuyển đổi số quý I";
const CORRECT: &str = "Báo cáo tình hình chuyển đổi số quý II";

async fn update(hub: &Hub, sent: &Sent) -> Answer {
    let body = json!({ "reason": "Ghi nhầm quý và hạn", "subject": CORRECT, "respond_by": "2026-01-30" });
    hub.clerk.api(&format!("{}/update", sent.api()), &body).await
}

#[tokio::test]
async fn cn_221_an_update_is_compared_accepted_and_the_old_state_kept() {
    let hub = Hub::new().await;
    let sent = hub
        .sent(SUBJECT, &[hub.department.agency, hub.other.agency])
        .await;
    let (id, unread) = (
        hub.copy(&sent, &hub.department).await,
        hub.copy(&sent, &hub.other).await,
    );
    let number = hub.accept(&hub.department, id).await;
    let updated = update(&hub, &sent).await.ok().json();
    assert_eq!(updated["sent"], 2);
    assert_eq!(
        updated["changes"],
        json!({ "subject": CORRECT, "respond_by": "2026-01-30" })
    );
    hub.office.drain().await;
    // What nobody accepted yet simply changes; the registered one waits for its clerk.
    assert_eq!(incoming(&hub.other, unread).await["subject"], CORRECT);
    assert_eq!(incoming(&hub.department, id).await["subject"], SUBJECT);
    assert!(lies_in(&hub.department, "requests", id).await);
    let page = hub.department.get(&format!("/incoming/{id}")).await.ok().text;
    for words in [
        SUBJECT,
        CORRECT,
        "20/01/2026",
        "30/01/2026",
        "Đồng ý cập nhật",
        "Ghi nhầm quý và hạn",
    ] {
        assert!(page.contains(words), "{words}");
    }
    // Nothing more is updated before everybody answered.
    let early = json!({ "reason": "Nữa", "urgency": "urgent" });
    let early = hub.clerk.api(&format!("{}/update", sent.api()), &early).await;
    assert_eq!(refusal(&early), ("CN-221".into(), "outgoing.update_open".into()));

    hub.answer(&hub.department, id, "agree", json!({})).await.ok();
    hub.office.drain().await;
    let seen = incoming(&hub.department, id).await;
    assert_eq!(
        (
            &seen["subject"],
            &seen["respond_by"],
            &seen["arrival_number"],
            &seen["state"]
        ),
        (
            &json!(CORRECT),
            &json!("2026-01-30"),
            &json!(number),
            &json!("registered")
        )
    );
    let page = hub.department.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(page.contains("Nội dung trước khi cập nhật") && page.contains(SUBJECT));
    let line = hub.line(&sent, &hub.department).await;
    assert_eq!(
        (
            &line["state"],
            &line["recall_state"],
            &line["requests"][0]["state"]
        ),
        (&json!("received"), &json!("none"), &json!("agreed"))
    );
    let page = hub.clerk.get(&sent.page()).await.ok().text;
    assert!(page.contains(CORRECT) && page.contains("Bên nhận đồng ý"));
}

#[tokio::test]
async fn cn_221_an_update_is_refused_with_a_reason() {
    let hub = Hub::new().await;
    let sent = hub.sent(SUBJECT, &[hub.department.agency]).await;
    let id = hub.copy(&sent, &hub.department).await;
    hub.accept(&hub.department, id).await;
    update(&hub, &sent).await.ok();
    hub.office.drain().await;
    let silent = hub.answer(&hub.department, id, "refuse", json!({})).await;
    assert_eq!(refusal(&silent).0, "QD28-5.4");
    let body = json!({ "reason": "Đề nghị gửi văn bản thay thế" });
    hub.answer(&hub.department, id, "refuse", body).await.ok();
    hub.office.drain().await;
    assert_eq!(incoming(&hub.department, id).await["subject"], SUBJECT);
    let line = hub.line(&sent, &hub.department).await;
    assert_eq!(
        (&line["requests"][0]["state"], &line["requests"][0]["answer"]),
        (&json!("refused"), &json!("Đề nghị gửi văn bản thay thế"))
    );
    // Answered: the next one may go.
    let next = json!({ "reason": "Nâng độ khẩn", "urgency": "urgent" });
    hub.clerk.api(&format!("{}/update", sent.api()), &next).await.ok();
}

#[tokio::test]
async fn cn_221_qd28_9_2_a_recall_ends_an_open_update() {
    let hub = Hub::new().await;
    let sent = hub.sent(SUBJECT, &[hub.department.agency]).await;
    let id = hub.copy(&sent, &hub.department).await;
    hub.accept(&hub.department, id).await;
    update(&hub, &sent).await.ok();
    hub.office.drain().await;
    hub.recall(&sent, &[hub.other.agency]).await.ok();
    hub.office.drain().await;
    let seen = incoming(&hub.department, id).await;
    assert_eq!(seen["state"], "recalled");
    assert!(!seen.to_string().contains("quý II"), "{seen}");
    let line = hub.line(&sent, &hub.department).await;
    let states: Vec<_> = line["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].clone())
        .collect();
    assert_eq!(states, ["superseded", "agreed"]);
    assert_eq!(line["recall_state"], "agreed");
}

#[tokio::test]
async fn cn_217_recipients_that_have_not_accepted_after_some_hours_are_listed() {
    let mut hub = Hub::new().await;
    let sent = hub
        .sent(SUBJECT, &[hub.department.agency, hub.other.agency])
        .await;
    let id = hub.copy(&sent, &hub.other).await;
    hub.accept(&hub.other, id).await;
    hub.office.drain().await;
    let count = async |clerk: &Person, query: &str| {
        let path = format!("/api/v1/outgoing/following{query}");
        clerk.api_get(&path).await.ok().json()["items"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(count(&hub.clerk, "").await, 0);
    assert_eq!(count(&hub.clerk, "?hours=0").await, 1);
    hub.office.clock.set("2026-01-08T10:00:00Z".parse().unwrap());
    hub.clerk = hub.office.person("nhungpth.ubnd").await;
    assert_eq!(count(&hub.clerk, "").await, 1);
    let page = hub.clerk.get("/outgoing/following").await.ok().text;
    assert!(
        page.contains(SUBJECT) && page.contains("Sở Thông tin và Truyền thông") && page.contains("Đã đến")
    );
    assert!(!page.contains("Sở Nội vụ</td>"));
}

#[tokio::test]
async fn cn_217_qd28_16_4_what_was_returned_is_sent_again_with_the_same_identifier() {
    let hub = Hub::new().await;
    let sent = hub.sent(SUBJECT, &[hub.department.agency]).await;
    let id = hub.copy(&sent, &hub.department).await;
    act(
        &hub.department,
        id,
        "refuse",
        json!({ "reason": "Ghi sai trích yếu" }),
    )
    .await
    .ok();
    hub.office.drain().await;
    let line = hub.line(&sent, &hub.department).await;
    assert_eq!(
        (&line["state"], &line["state_label"], &line["reason"]),
        (
            &json!("refused"),
            &json!("Từ chối nhận (trả lại)"),
            &json!("Ghi sai trích yếu")
        )
    );
    let followed = hub.clerk.api_get("/api/v1/outgoing/following").await.ok().json();
    assert_eq!(
        (&followed["items"][0]["delivery"], &followed["items"][0]["reason"]),
        (&line["id"], &json!("Ghi sai trích yếu"))
    );
    assert_eq!(
        hub.drafter
            .api_get("/api/v1/outgoing/following")
            .await
            .status
            .as_u16(),
        409
    );
    update(&hub, &sent).await.ok();
    hub.office.drain().await;
    let again = format!(
        "{}/deliveries/{}/resend",
        sent.api(),
        line["id"].as_str().unwrap()
    );
    let silent = hub.clerk.api(&again, &json!({})).await;
    assert_eq!(refusal(&silent).0, "QD28-8.2");
    let resent = hub
        .clerk
        .api(&again, &json!({ "reason": "Đã sửa trích yếu" }))
        .await
        .ok()
        .json();
    assert_eq!(resent["business"], "update");
    hub.office.drain().await;
    // The very same document lies in the reception box again, as it is now.
    assert_eq!(hub.copy(&sent, &hub.department).await, id);
    let seen = incoming(&hub.department, id).await;
    assert_eq!(
        (&seen["state"], &seen["subject"], &seen["document_code"]),
        (&json!("delivered"), &json!(CORRECT), &json!(sent.code))
    );
    assert!(lies_in(&hub.department, "reception", id).await);
    let line = hub.line(&sent, &hub.department).await;
    assert_eq!(
        (&line["state"], &line["reason"]),
        (&json!("arrived"), &Value::Null)
    );
    hub.accept(&hub.department, id).await;
    hub.office.drain().await;
    assert_eq!(hub.line(&sent, &hub.department).await["state"], "received");
    let pointless = hub.clerk.api(&again, &json!({ "reason": "Gửi" })).await;
    assert_eq!(refusal(&pointless).0, "CN-217");
}

#[tokio::test]
async fn cn_217_an_update_that_meets_a_return_brings_the_document_again() {
    let hub = Hub::new().await;
    let sent = hub.sent(SUBJECT, &[hub.department.agency]).await;
    let id = hub.copy(&sent, &hub.department).await;
    hub.office.drain().await;
    let reason = json!({ "reason": "Ghi sai trích yếu" });
    act(&hub.department, id, "refuse", reason).await.ok();
    // The sender does not know of the return yet.
    let later = hub.office.app.clock.now() + jiff::SignedDuration::from_mins(1);
    hub.office.clock.set(later);
    update(&hub, &sent).await.ok();
    hub.office.drain().await;
    assert_eq!(incoming(&hub.department, id).await["state"], "delivered");
    let line = hub.line(&sent, &hub.department).await;
    assert_eq!(
        (&line["state"], &line["requests"][0]["state"]),
        (&json!("arrived"), &json!("agreed"))
    );
    hub.accept(&hub.department, id).await;
    hub.office.drain().await;
    assert_eq!(hub.line(&sent, &hub.department).await["state"], "received");
}
