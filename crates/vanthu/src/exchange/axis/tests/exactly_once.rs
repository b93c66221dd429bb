//! Whatever happens on the way: one document, and both sides agree.

use axis::client::{Operation, PacketStatus};
use axis_emulator::{Config, Fault, FaultRule};
use store::{args, sql};

use super::{super::faults::Point, Axis, RECIPIENT, another_node, crashes_at, drain, text};

/// One document, one state 01, nothing left on the axis.
async fn agree(axis: &Axis, document: rules::ids::OutgoingId, what: &str) {
    assert_eq!(axis.arrived().await.len(), 1, "{what}");
    assert_eq!(axis.line(document, RECIPIENT).await.0, "arrived", "{what}");
    assert!(
        axis.packets()
            .iter()
            .all(|packet| packet.status == PacketStatus::Done),
        "{what}"
    );
    let events = text(
        &axis.ours,
        sql!("SELECT code AS text FROM delivery_event"),
        args![],
    )
    .await;
    assert_eq!(events, ["01"], "{what}");
}

#[tokio::test]
async fn mod_sei_pen_33_a_recipient_that_stops_between_any_two_steps_goes_on() {
    for point in Point::ALL.into_iter().take(6) {
        let axis = Axis::new().await;
        let document = axis.send(&[RECIPIENT]).await;
        axis.ours.drain().await;
        drain(&axis.ours.app).await.unwrap();
        assert!(crashes_at(&axis.theirs, point).await, "{point:?} was not reached");
        axis.settle_in_time().await;
        agree(&axis, document, &format!("{point:?}")).await;
    }
}

#[tokio::test]
async fn edxml_12_6_a_sender_that_stops_between_any_two_steps_goes_on() {
    for point in Point::ALL.into_iter().skip(6) {
        let axis = Axis::new().await;
        let document = axis.send(&[RECIPIENT]).await;
        assert!(crashes_at(&axis.ours, point).await, "{point:?} was not reached");
        axis.settle_in_time().await;
        agree(&axis, document, &format!("{point:?}")).await;
        let sent: Vec<_> = axis
            .packets()
            .into_iter()
            .filter(|packet| packet.status_code.is_none())
            .collect();
        assert_eq!(sent.len(), 1, "{point:?}");
    }
}

#[tokio::test]
async fn edxml_19_6_an_answer_that_is_lost_does_not_send_twice() {
    let axis = Axis::new().await;
    axis.emulator
        .faults()
        .rules([FaultRule::always(Fault::TakeThenDrop)
            .on(&[Operation::Send])
            .times(1)]);
    let document = axis.send(&[RECIPIENT]).await;
    axis.ours.drain().await;
    drain(&axis.ours.app).await.unwrap();
    let state = text(&axis.ours, sql!("SELECT state AS text FROM axis_outbox"), args![]).await;
    assert_eq!(state, ["unknown"]);
    axis.settle_in_time().await;
    agree(&axis, document, "lost answer").await;
    let attempts = text(
        &axis.ours,
        sql!("SELECT CAST(attempts AS text) AS text FROM axis_outbox WHERE kind = 'edoc'"),
        args![],
    )
    .await;
    assert_eq!(attempts, ["1"]);
}

#[tokio::test]
async fn edxml_12_6_a_list_that_lags_behind_does_not_send_twice() {
    let axis = Axis::new().await;
    axis.emulator.faults().rules([
        FaultRule::always(Fault::TakeThenDrop)
            .on(&[Operation::Send])
            .times(1),
        // Eight minutes by the axis' clock: it is asked again and again, and not sent.
        FaultRule::always(Fault::Hide {
            millis: 8 * 60 * 1000,
            from_sender: true,
        })
        .on(&[Operation::Send])
        .times(1),
    ]);
    let document = axis.send(&[RECIPIENT]).await;
    for _ in 0..12 {
        axis.settle().await;
        axis.wait(jiff::SignedDuration::from_mins(2));
    }
    axis.settle().await;
    agree(&axis, document, "list that lags").await;
}

#[tokio::test]
async fn edxml_12_6_a_packet_that_the_axis_never_took_is_sent_again_after_a_while() {
    let axis = Axis::new().await;
    axis.emulator.faults().rules([FaultRule::always(Fault::DropBefore)
        .on(&[Operation::Send])
        .times(1)]);
    let document = axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    assert!(axis.arrived().await.is_empty());
    axis.settle_in_time().await;
    agree(&axis, document, "never taken").await;
}

#[tokio::test]
async fn dhx_a_message_serialised_anew_doubled_and_out_of_order_is_one_document() {
    let axis = Axis::with(Config {
        preserve_bytes: false,
        ..Config::demo()
    })
    .await;
    axis.emulator.faults().rules([
        FaultRule::always(Fault::Duplicate).on(&[Operation::Send]),
        FaultRule::always(Fault::Reorder),
        FaultRule::always(Fault::Again)
            .on(&[Operation::UpdateStatus])
            .times(2),
    ]);
    let first = axis.send(&[RECIPIENT]).await;
    let second = axis.send(&[RECIPIENT]).await;
    axis.settle_in_time().await;
    assert_eq!(axis.arrived().await.len(), 2);
    for document in [first, second] {
        assert_eq!(axis.line(document, RECIPIENT).await.0, "arrived");
    }
    let ends = text(
        &axis.theirs,
        sql!("SELECT state AS text FROM axis_inbox WHERE kind = 'edoc' ORDER BY state"),
        args![],
    )
    .await;
    assert_eq!(ends, ["duplicate", "duplicate", "taken", "taken"]);
    // A duplicate is acknowledged like the first one.
    assert!(
        axis.packets()
            .iter()
            .all(|packet| packet.status == PacketStatus::Done)
    );
}

#[tokio::test]
async fn two_nodes_do_not_take_a_packet_twice() {
    let axis = Axis::new().await;
    let document = axis.send(&[RECIPIENT]).await;
    axis.ours.drain().await;
    drain(&axis.ours.app).await.unwrap();
    let app = &axis.theirs.app;
    let other = another_node(app);
    let (first, second) = tokio::join!(drain(app), drain(&other));
    first.unwrap();
    second.unwrap();
    axis.settle().await;
    agree(&axis, document, "two nodes").await;
}

#[tokio::test]
async fn edxml_13_1_r1_bytes_damaged_on_the_way_are_fetched_again_before_they_are_believed() {
    let axis = Axis::new().await;
    let mut sent = Vec::new();
    for number in 1..=12 {
        let command = axis_emulator::partner::Command {
            from: "G99".to_owned(),
            to: vec![RECIPIENT.to_owned()],
            subject: Some("Đề nghị báo cáo số liệu".to_owned()),
            number: Some(number.to_string()),
            ..axis_emulator::partner::Command::default()
        };
        sent.push(
            axis.emulator
                .partner_sends(&command)
                .unwrap()
                .document_id
                .unwrap(),
        );
    }
    // Each packet is damaged the first time, wherever the seed says.
    axis.emulator.faults().rules([FaultRule::always(Fault::Damage)]);
    axis.settle_in_time().await;
    let mut came = text(
        &axis.theirs,
        sql!("SELECT document_code AS text FROM incoming WHERE source = 'axis'"),
        args![],
    )
    .await;
    came.sort();
    sent.sort();
    assert_eq!(came, sent);
}
