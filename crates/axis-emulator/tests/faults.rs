//! Every trouble of the emulator, and what the client makes of it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use axis::client::{
    Advice, AxisError, AxisTransport, MessageKind, Operation, PacketStatus, WantedSent, Window, find_sent,
};
use axis_emulator::{Config, Fault, FaultRule};
use rstest::rstest;
use support::{KIT, OURS, Office, clock, get, received, send, sent, until};

const KIND: MessageKind = MessageKind::Document;

/// What is done on the axis is one thing, what the sender can know another.
#[rstest]
#[case(Fault::TakeThenDrop, 1)]
#[case(Fault::EmptyAnswer, 1)]
#[case(Fault::TruncatedAnswer, 1)]
#[case(Fault::CutAnswer, 1)]
#[case(Fault::GarbageAnswer, 1)]
#[case(Fault::DropBefore, 0)]
#[case(Fault::Http { status: 502 }, 0)]
#[case(Fault::Refuse { code: "20".to_owned() }, 0)]
#[tokio::test]
async fn edxml_12_6_a_send_without_a_clear_answer_is_looked_up(#[case] fault: Fault, #[case] taken: usize) {
    let office = Office::new().await;
    let ours = office.client(OURS);
    office
        .emulator
        .faults()
        .rules([FaultRule::always(fault.clone()).on(&[Operation::Send]).times(1)]);
    let letter = office.letter("H16.05", &["G90"]);
    let error = send(&ours, &letter).await.unwrap_err();
    assert_eq!(error.advice(), Advice::LookUp, "{error:?}");
    if !matches!(fault, Fault::Refuse { .. }) {
        assert!(matches!(error, AxisError::Unknown { .. }), "{error:?}");
    }
    let rows = sent(&ours).await;
    let wanted = WantedSent {
        from: "H16.05",
        notation: "1/SVD-VP",
        title: &letter.subject,
        since: clock()(),
    };
    assert_eq!(find_sent(&rows, &wanted).len(), taken, "{fault:?}");
    if taken == 0 {
        send(&ours, &letter).await.unwrap();
    }
    assert_eq!(received(&office.client(KIT), KIND).await.len(), 1);
}

#[rstest]
#[case(Fault::TakeThenDrop)]
#[case(Fault::DropBefore)]
#[case(Fault::EmptyAnswer)]
#[case(Fault::TruncatedAnswer)]
#[case(Fault::CutAnswer)]
#[case(Fault::GarbageAnswer)]
#[case(Fault::Http { status: 503 })]
#[tokio::test]
async fn edxml_12_4_a_question_without_a_whole_answer_is_an_error_and_asked_again(#[case] fault: Fault) {
    let office = Office::new().await;
    let (ours, kit) = (office.client(OURS), office.client(KIT));
    send(&ours, &office.letter("H16.05", &["G90"])).await.unwrap();
    let doc_id = received(&kit, KIND).await.remove(0).doc_id;
    let faults = office.emulator.faults();
    let bad = |what: &str, error: AxisError| {
        assert!(matches!(error, AxisError::BadAnswer { .. }), "{what}: {error:?}");
        assert_eq!(error.advice(), Advice::Retry);
    };
    let once = |operation| faults.rules([FaultRule::always(fault.clone()).on(&[operation]).times(1)]);
    once(Operation::ListReceived);
    bad(
        "received",
        kit.list_received(KIND, Window::default()).await.unwrap_err(),
    );
    assert_eq!(received(&kit, KIND).await.len(), 1);
    once(Operation::CountDocuments);
    bad("count", kit.count_received(KIND).await.unwrap_err());
    assert_eq!(kit.count_received(KIND).await.unwrap(), 1);
    once(Operation::GetPacket);
    bad("get", get(&kit, &doc_id).await.unwrap_err());
    assert!(get(&kit, &doc_id).await.is_ok());
    once(Operation::ListAgencies);
    let listed = match kit.list_agencies().await {
        Ok(listing) => listing.all(100).await,
        Err(error) => Err(error),
    };
    bad("directory", listed.unwrap_err());
    // A raw packet may end early, or be a page of HTML, without the transport seeing it: the reader of XML does.
    if !matches!(fault, Fault::TruncatedAnswer | Fault::GarbageAnswer) {
        once(Operation::DownloadPacket);
        let mut raw = Vec::new();
        bad(
            "download",
            kit.download_packet(&doc_id, &mut raw, 10 << 20)
                .await
                .unwrap_err(),
        );
    }
    once(Operation::UpdateStatus);
    let error = kit
        .update_status(&doc_id, PacketStatus::Done, None)
        .await
        .unwrap_err();
    assert_eq!(error.advice(), Advice::Retry, "{error:?}");
    kit.update_status(&doc_id, PacketStatus::Done, None)
        .await
        .unwrap();
    assert!(received(&kit, KIND).await.is_empty());
}

#[rstest]
#[case("10", Advice::GiveUp)]
#[case("15", Advice::FixSettings)]
#[case("18", Advice::GiveUpRecipient)]
#[case("19", Advice::GiveUp)]
#[case("20", Advice::LookUp)]
#[case("21", Advice::LookUp)]
#[case("22", Advice::GiveUp)]
#[case("23", Advice::GiveUpRecipient)]
#[tokio::test]
async fn edxml_12_4_every_error_code(#[case] code: &str, #[case] advice: Advice) {
    let office = Office::new().await;
    let ours = office.client(OURS);
    office.emulator.faults().rules([FaultRule::always(Fault::Refuse {
        code: code.to_owned(),
    })]);
    let error = send(&ours, &office.letter("H16.05", &["G90"])).await.unwrap_err();
    assert_eq!(error.advice(), advice);
    assert!(error.to_string().contains(code) && !error.what_to_do().is_empty());
    assert!(office.emulator.state().packets.is_empty());
}

#[tokio::test]
async fn edxml_12_6_nobody_listens_is_surely_not_sent() {
    let office = Office::new().await;
    let ours = office.client(OURS);
    send(&ours, &office.letter("H16.05", &["G90"])).await.unwrap();
    office.emulator.faults().set_down(true);
    until("the port is closed", async || {
        matches!(ours.count_received(KIND).await, Err(AxisError::NotSent { .. }))
    })
    .await;
    let error = send(&ours, &office.letter("H16.05", &["G90"])).await.unwrap_err();
    assert!(matches!(error, AxisError::NotSent { .. }), "{error:?}");
    assert_eq!(error.advice(), Advice::Retry);
    office.emulator.faults().set_down(false);
    until("the port is open", async || {
        ours.count_received(KIND).await.is_ok()
    })
    .await;
    assert_eq!(sent(&ours).await.len(), 1);
}

#[tokio::test]
async fn edxml_12_6_a_late_answer_is_unknown_for_a_send_and_nothing_for_a_question() {
    let office = Office::new().await;
    let mut settings = office.settings(OURS);
    settings.timeouts.call_seconds = 1;
    settings.timeouts.transfer_seconds = 1;
    let ours = axis::client::VxpClient::new(settings, clock()).unwrap();
    office
        .emulator
        .faults()
        .rules([FaultRule::always(Fault::Delay { millis: 2000 })]);
    let error = send(&ours, &office.letter("H16.05", &["G90"])).await.unwrap_err();
    assert!(matches!(error, AxisError::Unknown { .. }), "{error:?}");
    let error = ours.count_received(KIND).await.unwrap_err();
    assert!(matches!(error, AxisError::BadAnswer { .. }), "{error:?}");
    office.emulator.faults().clear();
    assert_eq!(
        sent(&ours).await.len(),
        1,
        "it was taken although nobody waited for the answer"
    );
}

#[tokio::test]
async fn edxml_12_6_packets_come_twice() {
    let office = Office::new().await;
    let (ours, kit) = (office.client(OURS), office.client(KIT));
    office.emulator.faults().rules([
        FaultRule::always(Fault::Duplicate).on(&[Operation::Send]),
        FaultRule::always(Fault::Again)
            .on(&[Operation::UpdateStatus])
            .times(1),
    ]);
    send(&ours, &office.letter("H16.05", &["G90"])).await.unwrap();
    let rows = received(&kit, KIND).await;
    assert_eq!(rows.len(), 2);
    assert_ne!(rows[0].doc_id, rows[1].doc_id);
    let first = get(&kit, &rows[0].doc_id).await.unwrap();
    assert_eq!(first, get(&kit, &rows[1].doc_id).await.unwrap());
    kit.update_status(&rows[0].doc_id, PacketStatus::Done, None)
        .await
        .unwrap();
    let again = received(&kit, KIND).await;
    assert!(
        again.iter().any(|row| row.doc_id == rows[0].doc_id),
        "it is there again under the same id"
    );
    kit.update_status(&rows[0].doc_id, PacketStatus::Done, None)
        .await
        .unwrap();
    assert_eq!(received(&kit, KIND).await.len(), 1);
}

#[tokio::test]
async fn edxml_12_6_a_sent_packet_is_hidden_for_a_while() {
    let office = Office::new().await;
    let (ours, kit) = (office.client(OURS), office.client(KIT));
    let hide = Fault::Hide {
        millis: 1500,
        from_sender: true,
    };
    office
        .emulator
        .faults()
        .rules([FaultRule::always(hide).on(&[Operation::Send])]);
    send(&ours, &office.letter("H16.05", &["G90"])).await.unwrap();
    assert!(sent(&ours).await.is_empty() && received(&kit, KIND).await.is_empty());
    until("it shows", async || {
        sent(&ours).await.len() == 1 && received(&kit, KIND).await.len() == 1
    })
    .await;
}

#[tokio::test]
async fn edxml_12_6_lists_come_in_another_order_and_packets_damaged_once() {
    let office = Office::new().await;
    let (ours, kit) = (office.client(OURS), office.client(KIT));
    for _ in 0..8 {
        send(&ours, &office.letter("H16.05", &["G90"])).await.unwrap();
    }
    let ids = |rows: Vec<axis::client::ReceivedRow>| rows.into_iter().map(|r| r.doc_id).collect::<Vec<_>>();
    let in_order = ids(received(&kit, KIND).await);
    office.emulator.faults().rules([
        FaultRule::always(Fault::Reorder),
        FaultRule::always(Fault::Damage),
    ]);
    let other = ids(received(&kit, KIND).await);
    assert_ne!(in_order, other);
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    assert_eq!(sorted(in_order.clone()), sorted(other));
    let damaged = get(&kit, &in_order[0]).await.unwrap();
    assert!(String::from_utf8(damaged).is_err());
    assert!(String::from_utf8(get(&kit, &in_order[0]).await.unwrap()).is_ok());
}

#[tokio::test]
async fn a_slow_body_is_waited_for_unless_it_stands_still() {
    let office = Office::new().await;
    let (ours, kit) = (office.client(OURS), office.client(KIT));
    send(&ours, &office.letter("H16.05", &["G90"])).await.unwrap();
    let doc_id = received(&kit, KIND).await.remove(0).doc_id;
    let slow = |millis| Fault::SlowBody { piece: 1000, millis };
    office.emulator.faults().rules([FaultRule::always(slow(20))]);
    assert!(get(&kit, &doc_id).await.is_ok());
    office.emulator.faults().rules([FaultRule::always(slow(5000))]);
    let error = get(&kit, &doc_id).await.unwrap_err();
    assert!(matches!(error, AxisError::BadAnswer { .. }), "{error:?}");
}

#[tokio::test]
async fn a_message_is_written_anew_only_when_the_fault_says_so() {
    let config = Config {
        preserve_bytes: true,
        ..Config::demo()
    };
    let office = Office::with(config).await;
    let ours = office.client(OURS);
    office
        .emulator
        .faults()
        .rules([FaultRule::always(Fault::Reserialise).times(1)]);
    send(&ours, &office.letter("H16.05", &["G90"])).await.unwrap();
    send(&ours, &office.letter("H16.05", &["G90"])).await.unwrap();
    let same: Vec<bool> = office
        .emulator
        .state()
        .packets
        .iter()
        .map(|p| p.sha256 == p.sent_sha256)
        .collect();
    assert_eq!(same, [false, true]);
}

#[tokio::test]
async fn edxml_15_logs_carry_no_secrets_signatures_or_bodies() {
    use std::io::Write;
    use std::sync::{Arc, Mutex};
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);
    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .init();
    let office = Office::new().await;
    let (ours, wrong) = (
        office.client(OURS),
        office.client(("DEMO-QLVB", "another-secret")),
    );
    send(&ours, &office.letter("H16.05", &["G90"])).await.unwrap();
    let error = send(&wrong, &office.letter("H16.05", &["G90"]))
        .await
        .unwrap_err();
    office
        .emulator
        .faults()
        .rules([FaultRule::always(Fault::TakeThenDrop)]);
    let lost = send(&ours, &office.letter("H16.05", &["G90"])).await.unwrap_err();
    let text = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(text.contains("the axis answered"), "nothing was logged");
    let all = format!("{text}{error:?}{error}{lost:?}{lost}{ours:?}");
    for secret in [
        "demo-secret",
        "another-secret",
        "sign-header\":",
        "\"XroadVnpt-timestamp",
        "OrganizationInCharge",
    ] {
        assert!(!all.contains(secret), "{secret}");
    }
}
