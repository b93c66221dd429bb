//! Returns, updates and recalls of one document that cross each other on the axis.

use axis_emulator::{letter::Business, partner::Command};
use rules::ids::OutgoingId;
use serde_json::json;
use store::{args, sql};
use uuid::Uuid;

use super::{Axis, RECIPIENT, agency, text};

/// The clerk of the sender corrects the urgency of a document.
async fn update(axis: &Axis, document: OutgoingId) {
    let clerk = axis.ours.person("nhungpth.ubnd").await;
    let order = json!({ "reason": "Nâng mức độ khẩn", "urgency": "urgent" });
    clerk
        .api(&format!("/api/v1/outgoing/{document}/update"), &order)
        .await
        .ok();
}

/// The clerk of the recipient acts on a document.
async fn there(axis: &Axis, id: Uuid, act: &str, body: serde_json::Value) {
    let clerk = axis.their_clerk().await;
    clerk
        .api(&format!("/api/v1/incoming/{id}/{act}"), &body)
        .await
        .ok();
}

/// What became of the orders about a document: business and state, the oldest first.
async fn orders(axis: &Axis) -> Vec<String> {
    text(
        &axis.ours,
        sql!(
            "SELECT d.business || ' ' || l.state AS text FROM dispatch_line l JOIN dispatch d ON d.id = l.dispatch_id \
             WHERE d.business <> 'new' ORDER BY d.at, d.id"
        ),
        args![],
    )
    .await
}

/// What the recipient said, in order.
fn said(axis: &Axis) -> Vec<String> {
    axis.packets()
        .into_iter()
        .filter(|packet| packet.from == RECIPIENT)
        .filter_map(|packet| packet.status_code)
        .collect()
}

#[tokio::test]
async fn cn_217_an_update_that_meets_a_return_ends_equal_at_both_sides() {
    let axis = Axis::new().await;
    let document = axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    let id = axis.arrived().await[0];
    // The sender corrects a document that is on its way back already.
    there(&axis, id, "refuse", json!({ "reason": "Thiếu phụ lục" })).await;
    update(&axis, document).await;
    axis.settle_in_time().await;
    assert_eq!(axis.seen(id).await["state"], "delivered");
    assert_eq!(axis.line(document, RECIPIENT).await.0, "arrived");
    assert_eq!(orders(&axis).await, ["update agreed"]);
    let listed = text(
        &axis.ours,
        sql!("SELECT summary AS text FROM axis_inbox WHERE summary LIKE 'Trạng thái 15%'"),
        args![],
    )
    .await;
    assert!(
        listed[0].starts_with("Trạng thái 15 (Đồng ý cập nhật)"),
        "{listed:?}"
    );
    // A second return is told as well, with its own reason.
    there(&axis, id, "refuse", json!({ "reason": "Sai thẩm quyền" })).await;
    axis.settle_in_time().await;
    let (state, reason) = axis.line(document, RECIPIENT).await;
    assert_eq!(state, "refused");
    assert!(reason.contains("Sai thẩm quyền"), "{reason}");
    let clerk = axis.ours.person("nhungpth.ubnd").await;
    let row = axis
        .ours
        .app
        .db
        .one(
            sql!("SELECT id FROM delivery WHERE outgoing_id = $1"),
            args![document],
        )
        .await
        .unwrap();
    let delivery: Uuid = row.get("id").unwrap();
    clerk
        .api(
            &format!("/api/v1/outgoing/{document}/deliveries/{delivery}/resend"),
            &json!({ "reason": "Đã bổ sung căn cứ thẩm quyền" }),
        )
        .await
        .ok();
    axis.settle_in_time().await;
    there(&axis, id, "register", json!({})).await;
    axis.settle_in_time().await;
    assert_eq!(axis.line(document, RECIPIENT).await.0, "received");
    assert_eq!(axis.arrived().await, [id]);
    assert_eq!(said(&axis), ["01", "02", "01", "15", "02", "01", "15", "03"]);
}

#[tokio::test]
async fn qd28_9_2_a_recall_takes_the_place_of_an_open_update() {
    let axis = Axis::new().await;
    let document = axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    let id = axis.arrived().await[0];
    there(&axis, id, "register", json!({})).await;
    update(&axis, document).await;
    axis.settle_in_time().await;
    assert_eq!(orders(&axis).await, ["update sent"]);
    axis.recall(document, None).await;
    axis.settle_in_time().await;
    assert_eq!(orders(&axis).await, ["update superseded", "recall agreed"]);
    assert_eq!(axis.seen(id).await["state"], "recalled");
    // A 16 for the update might be read as the answer to the recall.
    assert_eq!(said(&axis), ["01", "03", "15"]);
}

#[tokio::test]
async fn qd28_9_2_a_late_answer_to_an_update_does_not_end_a_recall() {
    let axis = Axis::new().await;
    let at = agency(&axis.theirs, "stttt").await;
    let mut tx = axis.theirs.app.db.begin().await.unwrap();
    tx.run(
        sql!(
            "INSERT INTO agency_setting (agency_id, key, valid_from, value) \
             VALUES ($1, 'exchange.recall_automatic_until_assigned', '2020-01-01', 'false')"
        ),
        args![at],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let document = axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    let id = axis.arrived().await[0];
    there(&axis, id, "register", json!({})).await;
    update(&axis, document).await;
    axis.settle_in_time().await;
    let asked = async |business: &str| {
        let row = axis
            .theirs
            .app
            .db
            .one(
                sql!("SELECT id FROM sender_request WHERE business = $1"),
                args![business],
            )
            .await
            .unwrap();
        row.get::<Uuid>("id").unwrap()
    };
    // The recipient agrees to the update while the recall is being ordered.
    let request = asked("update").await;
    there(&axis, id, &format!("requests/{request}/agree"), json!({})).await;
    axis.recall(document, None).await;
    axis.settle_in_time().await;
    assert_eq!(orders(&axis).await, ["update superseded", "recall sent"]);
    assert_eq!(axis.seen(id).await["state"], "registered");
    let request = asked("recall").await;
    there(&axis, id, &format!("requests/{request}/agree"), json!({})).await;
    axis.settle_in_time().await;
    assert_eq!(orders(&axis).await, ["update superseded", "recall agreed"]);
    assert_eq!(axis.seen(id).await["state"], "recalled");
}

#[tokio::test]
async fn edxml_14_a_document_that_its_update_overtook_is_there_once() {
    let axis = Axis::new().await;
    let new = Command {
        from: "G99".to_owned(),
        to: vec![RECIPIENT.to_owned()],
        subject: Some("Đề nghị báo cáo số liệu".to_owned()),
        number: Some("77".to_owned()),
        ..Command::default()
    };
    let probe = axis.emulator.partner_sends(&new).unwrap();
    axis.emulator.reset();
    let update = Command {
        business: Business::Update,
        target: probe.document_id,
        reason: Some("Sửa trích yếu".to_owned()),
        subject: Some("Đề nghị báo cáo số liệu quý I".to_owned()),
        ..new.clone()
    };
    axis.emulator.partner_sends(&update).unwrap();
    axis.settle_in_time().await;
    assert_eq!(said(&axis), ["01", "15"]);
    axis.emulator.partner_sends(&new).unwrap();
    axis.settle_in_time().await;
    let arrived = axis.arrived().await;
    assert_eq!(arrived.len(), 1);
    assert_eq!(
        axis.seen(arrived[0]).await["subject"],
        "Đề nghị báo cáo số liệu quý I"
    );
    let packets = text(
        &axis.theirs,
        sql!("SELECT state AS text FROM axis_inbox ORDER BY id"),
        args![],
    )
    .await;
    assert_eq!(packets, ["taken", "duplicate"]);
}
