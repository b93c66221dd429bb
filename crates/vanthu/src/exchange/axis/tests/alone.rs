//! One packet's trouble, or one connection's, stays its own.

use std::time::Duration;

use axis::client::Operation;
use axis_emulator::{Fault, FaultRule};
use store::{Digest, args, sql};

use super::{Axis, ConnectionForm, RECIPIENT, administrator, create_for_test, own, text};
use crate::exchange::axis::start_workers;

/// Loses the bytes of the oldest packet of ours.
async fn lose_bytes(axis: &Axis) {
    let office = &axis.ours;
    let sha256: Vec<u8> = office
        .app
        .db
        .one(
            sql!("SELECT sha256 FROM axis_outbox ORDER BY id LIMIT 1"),
            args![],
        )
        .await
        .unwrap()
        .get("sha256")
        .unwrap();
    let digest = Digest::from_slice(&sha256).unwrap();
    let aside = office.app.blobs.set_aside(digest, Duration::ZERO).await.unwrap();
    aside.unwrap().remove().await.unwrap();
}

async fn is_working(axis: &Axis) {
    let trouble = text(
        &axis.ours,
        sql!("SELECT stopped_reason AS text FROM axis_connection WHERE stopped_reason IS NOT NULL OR failures > 0"),
        args![],
    )
    .await;
    assert!(trouble.is_empty(), "{trouble:?}");
}

#[tokio::test]
async fn edxml_12_6_lost_bytes_of_one_packet_are_written_anew_and_hold_nobody_up() {
    let axis = Axis::new().await;
    axis.emulator.faults().set_down(true);
    let first = axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    let second = axis.send(&[RECIPIENT]).await;
    lose_bytes(&axis).await;
    axis.emulator.faults().set_down(false);
    tokio::time::sleep(Duration::from_millis(200)).await;
    axis.wait(jiff::SignedDuration::from_mins(2));
    axis.settle().await;
    // The others go on at once, over a connection that works.
    assert_eq!(axis.line(second, RECIPIENT).await.0, "arrived");
    is_working(&axis).await;
    axis.settle_in_time().await;
    assert_eq!(axis.line(first, RECIPIENT).await.0, "arrived");
    assert_eq!(axis.arrived().await.len(), 2);
}

#[tokio::test]
async fn edxml_12_6_lost_bytes_that_the_axis_may_have_are_not_replaced_by_others() {
    let axis = Axis::new().await;
    axis.emulator.faults().rules([FaultRule::always(Fault::DropBefore)
        .on(&[Operation::Send])
        .times(1)]);
    let first = axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    lose_bytes(&axis).await;
    let second = axis.send(&[RECIPIENT]).await;
    axis.settle_in_time().await;
    assert_eq!(axis.line(second, RECIPIENT).await.0, "arrived");
    let (state, reason) = axis.line(first, RECIPIENT).await;
    assert_eq!(state, "failed");
    assert!(reason.contains("hỏi cơ quan nhận"), "{reason}");
    is_working(&axis).await;
}

#[tokio::test]
async fn edxml_12_6_a_document_whose_file_is_lost_is_given_up_in_the_end() {
    let axis = Axis::new().await;
    let first = axis.send(&[RECIPIENT]).await;
    axis.ours.drain().await;
    let sha256: Vec<u8> = axis
        .ours
        .app
        .db
        .one(
            sql!(
                "SELECT f.sha256 FROM outgoing o JOIN file_set_item i ON i.set_id = o.file_set JOIN file f ON f.id = i.file_id \
                 WHERE o.id = $1 LIMIT 1"
            ),
            args![first],
        )
        .await
        .unwrap()
        .get("sha256")
        .unwrap();
    let digest = Digest::from_slice(&sha256).unwrap();
    let aside = axis
        .ours
        .app
        .blobs
        .set_aside(digest, Duration::ZERO)
        .await
        .unwrap()
        .unwrap();
    for _ in 0..20 {
        axis.settle().await;
        axis.wait(jiff::SignedDuration::from_mins(61));
    }
    let (state, reason) = axis.line(first, RECIPIENT).await;
    assert_eq!(state, "failed");
    assert!(reason.contains("Không đóng gói được"), "{reason}");
    // Found again, it goes with one click.
    aside.put_back().await.unwrap();
    let packet: uuid::Uuid = axis
        .ours
        .app
        .db
        .one(sql!("SELECT id FROM axis_outbox"), args![])
        .await
        .unwrap()
        .get("id")
        .unwrap();
    let clerk = axis.ours.person("nhungpth.ubnd").await;
    clerk
        .post(&format!("/exchange/sent/{packet}/again"), &[])
        .await
        .ok();
    axis.settle_in_time().await;
    assert_eq!(axis.line(first, RECIPIENT).await.0, "arrived");
}

#[tokio::test]
async fn edxml_12_6_a_connection_that_hangs_holds_up_no_other() {
    let axis = Axis::new().await;
    let office = &axis.ours;
    // Somebody listens there and never says a word.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let form = ConnectionForm {
        name: "Trục không trả lời".to_owned(),
        base_url: format!("http://{}", silent.local_addr().unwrap()),
        system_id: "IM-LANG".to_owned(),
        secret: "khoa-thu-nghiem".to_owned(),
        plain_http: "on".to_owned(),
        ..ConnectionForm::fresh()
    };
    let hanging = create_for_test(&office.app, &administrator(office).await, form)
        .await
        .unwrap();
    own(office, hanging, "snv", "H16.77").await;
    let workers = start_workers(&office.app);
    for number in 1..=2 {
        axis.send(&[RECIPIENT]).await;
        office.drain().await;
        office.app.axis.wake.notify_one();
        let sent = async {
            while axis.packets().len() < number {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), sent).await.unwrap();
    }
    workers.stop(Duration::ZERO).await;
}
