//! For whom a packet is: several agencies of ours, or nobody yet.

use axis_emulator::partner::Command;
use store::{args, sql};

use super::{
    super::faults::Point, Axis, RECIPIENT, connect, crashes_at, drain, own, province_administrator, text,
};

fn letter(to: &[&str]) -> Command {
    Command {
        from: "G99".to_owned(),
        to: to.iter().map(|code| (*code).to_owned()).collect(),
        subject: Some("Đề nghị báo cáo số liệu".to_owned()),
        number: Some("77".to_owned()),
        ..Command::default()
    }
}

async fn sent_to(axis: &Axis) -> Vec<String> {
    text(
        &axis.theirs,
        sql!("SELECT sent_to_code AS text FROM incoming WHERE source = 'axis' ORDER BY sent_to_code"),
        args![],
    )
    .await
}

/// Both packets are on the list; the axis says of the first one that it is for `to`.
async fn listed_for(to: &str) -> Axis {
    let axis = Axis::new().await;
    axis.emulator.partner_sends(&letter(&[RECIPIENT, "G90"])).unwrap();
    assert!(crashes_at(&axis.theirs, Point::Listed).await);
    let mut tx = axis.theirs.app.db.begin().await.unwrap();
    tx.run(sql!("UPDATE axis_inbox SET to_code = $1"), args![to])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    axis
}

#[tokio::test]
async fn edxml_13_1_r13_one_packet_to_several_agencies_of_ours_reaches_each_once() {
    for to in [r#"["G90.01","G90"]"#, "G90, G90.01", ""] {
        let axis = listed_for(to).await;
        axis.settle_in_time().await;
        assert_eq!(sent_to(&axis).await, ["G90", "G90.01"], "{to}");
        // Each answers by its own code, once.
        let mut answers: Vec<String> = axis
            .packets()
            .into_iter()
            .filter(|packet| packet.status_code.as_deref() == Some("01"))
            .map(|packet| packet.from)
            .collect();
        answers.sort();
        assert_eq!(answers, ["G90", "G90.01"], "{to}");
        let open = text(
            &axis.theirs,
            sql!("SELECT state AS text FROM axis_inbox WHERE state NOT IN ('taken', 'duplicate') OR acked <> 'done'"),
            args![],
        )
        .await;
        assert!(open.is_empty(), "{to}: {open:?}");
    }
}

#[tokio::test]
async fn edxml_13_1_r13_a_stop_between_two_recipients_loses_neither() {
    for point in [Point::FilesStored, Point::BeforeTaking, Point::Taken] {
        let axis = listed_for("G90;G90.01").await;
        assert!(crashes_at(&axis.theirs, point).await, "{point:?}");
        axis.settle_in_time().await;
        assert_eq!(sent_to(&axis).await, ["G90", "G90.01"], "{point:?}");
    }
}

#[tokio::test]
async fn edxml_12_6_nothing_is_fetched_before_a_code_of_ours_stands_on_the_connection() {
    let axis = Axis::new().await;
    let office = &axis.ours;
    axis.emulator.partner_sends(&letter(&["H16.05"])).unwrap();
    let mut tx = office.app.db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE axis_connection SET enabled = 0 WHERE id = $1"),
        args![axis.our_connection],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    // The same system, connected anew: its backlog waits at the axis.
    let fresh = connect(office, &axis.emulator, "DEMO-QLVB", "demo-secret-qlvb").await;
    drain(&office.app).await.unwrap();
    let listed = text(
        office,
        sql!("SELECT axis_doc_id AS text FROM axis_inbox"),
        args![],
    )
    .await;
    assert!(listed.is_empty(), "{listed:?}");
    let page = province_administrator(office).await.get("/exchange").await.ok();
    assert!(page.text.contains("Chưa gắn mã định danh: chưa nhận gói tin"));
    let condition = super::super::condition(&office.app).await.unwrap();
    let one = condition.connections.iter().find(|one| one.state == "no_codes");
    assert!(one.is_some() && condition.level == 1);
    own(office, fresh, "stttt", "H16.05").await;
    axis.settle_in_time().await;
    let arrived = text(
        office,
        sql!("SELECT sent_to_code AS text FROM incoming WHERE source = 'axis'"),
        args![],
    )
    .await;
    assert_eq!(arrived, ["H16.05"]);
}

#[tokio::test]
async fn edxml_12_6_the_same_content_is_one_document_whatever_the_directory_says_today() {
    let axis = Axis::new().await;
    axis.emulator.partner_sends(&letter(&[RECIPIENT])).unwrap();
    axis.settle_in_time().await;
    // A merger meanwhile: another code stands for the sender.
    axis.theirs
        .organisation("Bộ Ví Dụ (sau sáp nhập)", &["G98", "G99"])
        .await;
    let bytes: Vec<u8> = axis
        .theirs
        .app
        .db
        .one(sql!("SELECT sha256 FROM axis_inbox WHERE kind = 'edoc'"), args![])
        .await
        .unwrap()
        .get("sha256")
        .unwrap();
    let digest = store::Digest::from_slice(&bytes).unwrap();
    let xml = axis.theirs.app.blobs.read(digest).await.unwrap();
    axis.emulator
        .partner_sends(&Command {
            xml: Some(String::from_utf8(xml).unwrap()),
            ..letter(&[RECIPIENT])
        })
        .unwrap();
    axis.settle_in_time().await;
    assert_eq!(axis.arrived().await.len(), 1);
}

#[tokio::test]
async fn edxml_13_1_r9_texts_without_end_are_shortened_and_the_document_arrives() {
    let axis = Axis::new().await;
    axis.emulator
        .partner_sends(&Command {
            subject: Some("Báo cáo ".repeat(2000)),
            notation: Some(format!("BVD{}", "-VP".repeat(2000))),
            ..letter(&[RECIPIENT])
        })
        .unwrap();
    axis.settle_in_time().await;
    let arrived = axis.arrived().await;
    let seen = axis.seen(arrived[0]).await;
    assert_eq!(seen["subject"].as_str().unwrap().chars().count(), 2000);
    assert!(seen["symbol"].as_str().unwrap().chars().count() <= 200);
    let page = axis
        .their_clerk()
        .await
        .get(&format!("/incoming/{}", arrived[0]))
        .await
        .ok();
    assert!(page.text.contains("nội dung đầy đủ có trong gói tin"));
}
