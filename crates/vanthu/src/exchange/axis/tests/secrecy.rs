//! Marks of state secrecy over the axis (QC01-1.2).

use axis_emulator::{
    letter::Business,
    partner::{Command, StatusCommand},
};
use store::{args, sql};

use super::{Axis, RECIPIENT, SENDER, text};

fn letter(subject: &str) -> Command {
    Command {
        from: "G99".to_owned(),
        to: vec![RECIPIENT.to_owned()],
        subject: Some(subject.to_owned()),
        number: Some("77".to_owned()),
        ..Command::default()
    }
}

fn answers(axis: &Axis) -> Vec<String> {
    axis.packets()
        .into_iter()
        .filter(|packet| packet.from == RECIPIENT)
        .filter_map(|packet| packet.status_code)
        .collect()
}

async fn files(axis: &Axis) -> i64 {
    let row = axis
        .theirs
        .app
        .db
        .one(sql!("SELECT count(*) AS n FROM file"), args![])
        .await
        .unwrap();
    row.get("n").unwrap()
}

#[tokio::test]
async fn qc01_1_2_a_mark_in_the_message_is_seen_before_its_files_are_stored() {
    let axis = Axis::new().await;
    let before = files(&axis).await;
    axis.emulator.partner_sends(&letter("TỐI MẬT")).unwrap();
    axis.settle_in_time().await;
    assert!(axis.arrived().await.is_empty());
    assert_eq!(files(&axis).await, before);
    assert_eq!(answers(&axis), ["02"]);
    let kept = text(
        &axis.theirs,
        sql!("SELECT summary AS text FROM axis_inbox WHERE state = 'refused' AND sha256 IS NULL AND warnings = '[]'"),
        args![],
    )
    .await;
    assert_eq!(kept, ["77/BVD-VP"]);
}

#[tokio::test]
async fn qc01_1_2_a_mark_in_a_request_answers_that_request_and_leaves_the_document() {
    for business in [Business::Update, Business::Recall] {
        let axis = Axis::new().await;
        let sent = axis.emulator.partner_sends(&letter("Đề nghị báo cáo")).unwrap();
        axis.settle_in_time().await;
        axis.emulator
            .partner_sends(&Command {
                business,
                target: sent.document_id.clone(),
                ..letter("TỐI MẬT")
            })
            .unwrap();
        axis.settle_in_time().await;
        assert_eq!(answers(&axis), ["01", "16"], "{business:?}");
        let document = axis.seen(axis.arrived().await[0]).await;
        assert_eq!(document["state"], "delivered", "{business:?}");
        assert_eq!(document["subject"], "Đề nghị báo cáo", "{business:?}");
    }
}

#[tokio::test]
async fn qc01_1_2_a_status_counts_and_its_words_with_a_mark_are_not_kept() {
    let axis = Axis::new().await;
    let document = axis.send(&["G99.03"]).await;
    axis.settle().await;
    let code = text(
        &axis.ours,
        sql!("SELECT document_code AS text FROM outgoing"),
        args![],
    )
    .await;
    let status = StatusCommand {
        code: "02".to_owned(),
        description: "TỐI MẬT\nPhương án tác chiến".to_owned(),
        ..StatusCommand::default()
    };
    axis.emulator
        .partner_sends(&Command {
            from: "G99.03".to_owned(),
            to: vec![SENDER.to_owned()],
            target: Some(code[0].clone()),
            status: Some(status),
            ..Command::default()
        })
        .unwrap();
    axis.settle_in_time().await;
    let (state, reason) = axis.line(document, "G99.03").await;
    assert_eq!(state, "refused");
    assert!(reason.contains("không được lưu"), "{reason}");
    let kept = text(
        &axis.ours,
        sql!("SELECT state AS text FROM axis_inbox WHERE sha256 IS NULL AND warnings = '[]'"),
        args![],
    )
    .await;
    assert_eq!(kept, ["taken"]);
    let tried = text(
        &axis.ours,
        sql!("SELECT details AS text FROM journal WHERE act = 'secrecy.refused'"),
        args![],
    )
    .await;
    assert!(tried.len() == 1 && !tried[0].contains("tác chiến"), "{tried:?}");
}

#[tokio::test]
async fn qc01_1_2_a_marked_packet_to_nobody_is_not_kept() {
    let axis = Axis::new().await;
    let mut tx = axis.theirs.app.db.begin().await.unwrap();
    tx.run(sql!("DELETE FROM axis_own_code WHERE code = 'G90'"), args![])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    axis.emulator
        .partner_sends(&Command {
            to: vec!["G90".to_owned()],
            ..letter("TỐI MẬT")
        })
        .unwrap();
    axis.settle_in_time().await;
    let ends = text(
        &axis.theirs,
        sql!("SELECT state || ' ' || summary AS text FROM axis_inbox WHERE sha256 IS NULL"),
        args![],
    )
    .await;
    assert_eq!(ends, ["refused 77/BVD-VP"]);
}
