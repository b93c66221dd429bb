//! Packets to a code that is nobody's here (spec edxml 13.1 R13).

use axis_emulator::partner::Command;
use store::{args, sql};

use super::{Axis, province_administrator};

async fn lost(axis: &Axis) -> String {
    let mut tx = axis.theirs.app.db.begin().await.unwrap();
    tx.run(sql!("DELETE FROM axis_own_code WHERE code = 'G90'"), args![])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let command = Command {
        from: "G99".to_owned(),
        to: vec!["G90".to_owned()],
        subject: Some("Gửi nhầm địa chỉ".to_owned()),
        ..Command::default()
    };
    axis.emulator.partner_sends(&command).unwrap();
    axis.settle_in_time().await;
    assert!(axis.arrived().await.is_empty());
    let id: uuid::Uuid = axis
        .theirs
        .app
        .db
        .one(
            sql!("SELECT id FROM axis_inbox WHERE state = 'misdirected'"),
            args![],
        )
        .await
        .unwrap()
        .get("id")
        .unwrap();
    id.to_string()
}

#[tokio::test]
async fn edxml_13_1_r13_a_packet_sent_by_mistake_goes_back_with_a_reason() {
    let axis = Axis::new().await;
    let id = lost(&axis).await;
    let clerk = axis.their_clerk().await;
    let page = clerk.get("/exchange").await.ok();
    assert!(page.text.contains("Gửi nhầm địa chỉ"));
    clerk
        .post(
            &format!("/exchange/received/{id}/return"),
            &[("reason", "Cơ quan không có trong hệ thống của chúng tôi.")],
        )
        .await
        .ok();
    axis.settle_in_time().await;
    let answer = axis
        .packets()
        .into_iter()
        .find(|packet| packet.status_code.as_deref() == Some("02"))
        .unwrap();
    assert_eq!((answer.from.as_str(), answer.to.as_str()), ("G90", "G99"));
    assert!(answer.title.contains("không có trong hệ thống"));
}

#[tokio::test]
async fn edxml_13_1_r13_a_packet_sent_by_mistake_may_be_taken_for_an_agency() {
    let axis = Axis::new().await;
    let id = lost(&axis).await;
    let administrator = province_administrator(&axis.theirs).await;
    let agency = super::agency(&axis.theirs, "stttt").await;
    administrator
        .post(
            &format!("/exchange/received/{id}/assign"),
            &[("agency", &agency.to_string())],
        )
        .await
        .ok();
    axis.settle_in_time().await;
    let arrived = axis.arrived().await;
    assert_eq!(arrived.len(), 1);
    let seen = axis.seen(arrived[0]).await;
    assert_eq!(seen["subject"], "Gửi nhầm địa chỉ");
}
