//! Recalls and updates of a sender over the axis.

use std::time::Duration;

use axis_emulator::{
    letter::Business,
    partner::{Command, StatusCommand},
};
use serde_json::json;
use store::{Digest, args, sql};

use super::{Axis, RECIPIENT, text};
use crate::documents::sweep::sweep;

fn new() -> Command {
    Command {
        from: "G99".to_owned(),
        to: vec![RECIPIENT.to_owned()],
        subject: Some("Đề nghị báo cáo số liệu".to_owned()),
        number: Some("77".to_owned()),
        ..Command::default()
    }
}

fn about(business: Business, target: &str) -> Command {
    Command {
        business,
        target: Some(target.to_owned()),
        reason: Some("Ban hành nhầm số liệu".to_owned()),
        number: Some("78".to_owned()),
        ..new()
    }
}

async fn states(axis: &Axis) -> Vec<String> {
    text(
        &axis.theirs,
        sql!("SELECT state AS text FROM incoming WHERE source = 'axis' ORDER BY id"),
        args![],
    )
    .await
}

fn answers(axis: &Axis) -> Vec<String> {
    axis.packets()
        .into_iter()
        .filter(|packet| packet.from == RECIPIENT)
        .filter_map(|packet| packet.status_code)
        .collect()
}

#[tokio::test]
async fn qd28_16_6_a_recall_before_reception_withdraws_at_once() {
    let axis = Axis::new().await;
    let sent = axis.emulator.partner_sends(&new()).unwrap();
    axis.settle_in_time().await;
    assert_eq!(states(&axis).await, ["delivered"]);
    let recall = about(Business::Recall, &sent.document_id.unwrap());
    axis.emulator.partner_sends(&recall).unwrap();
    axis.settle_in_time().await;
    assert_eq!(states(&axis).await[0], "recalled");
    assert_eq!(answers(&axis), ["01", "15"]);
}

#[tokio::test]
async fn edxml_14_a_recall_that_overtakes_its_document_waits_for_it() {
    let axis = Axis::new().await;
    // The identifier that the document will have: the emulator's agencies number by the axis' form.
    let probe = axis.emulator.partner_sends(&new()).unwrap();
    let id = probe.document_id.unwrap();
    axis.emulator.reset();
    axis.emulator
        .partner_sends(&about(Business::Recall, &id))
        .unwrap();
    axis.settle_in_time().await;
    let held = text(
        &axis.theirs,
        sql!("SELECT state AS text FROM axis_inbox"),
        args![],
    )
    .await;
    assert_eq!(held, ["orphan"]);
    axis.emulator.partner_sends(&new()).unwrap();
    axis.settle_in_time().await;
    assert_eq!(states(&axis).await[0], "recalled");
    assert!(answers(&axis).contains(&"15".to_owned()));
}

#[tokio::test]
async fn cn_403_a_state_13_takes_a_document_back() {
    let axis = Axis::new().await;
    let sent = axis.emulator.partner_sends(&new()).unwrap();
    axis.settle_in_time().await;
    let status = StatusCommand {
        code: "13".to_owned(),
        description: "Gửi nhầm nơi nhận".to_owned(),
        organ_id: None,
        document_code: "77/BVD-VP".to_owned(),
        document_date: "2026/01/08".to_owned(),
    };
    let command = Command {
        status: Some(status),
        target: sent.document_id,
        ..new()
    };
    axis.emulator.partner_sends(&command).unwrap();
    axis.settle_in_time().await;
    assert_eq!(states(&axis).await, ["recalled"]);
    assert_eq!(answers(&axis), ["01", "15"]);
}

#[tokio::test]
async fn edxml_14_nobody_takes_back_what_another_agency_sent() {
    let axis = Axis::new().await;
    let sent = axis.emulator.partner_sends(&new()).unwrap();
    axis.settle_in_time().await;
    let recall = Command {
        from: "G99.03".to_owned(),
        ..about(Business::Recall, &sent.document_id.unwrap())
    };
    axis.emulator.partner_sends(&recall).unwrap();
    axis.settle_in_time().await;
    assert_eq!(states(&axis).await, ["delivered"]);
    let held = text(
        &axis.theirs,
        sql!("SELECT state AS text FROM axis_inbox WHERE business = 'recall'"),
        args![],
    )
    .await;
    assert_eq!(held, ["orphan"]);
}

#[tokio::test]
async fn cn_404_an_update_and_a_replacement_find_their_document() {
    let axis = Axis::new().await;
    let sent = axis.emulator.partner_sends(&new()).unwrap();
    let id = sent.document_id.unwrap();
    axis.settle_in_time().await;
    let update = Command {
        number: Some("77".to_owned()),
        subject: Some("Đề nghị báo cáo số liệu quý I".to_owned()),
        ..about(Business::Update, &id)
    };
    axis.emulator.partner_sends(&update).unwrap();
    axis.settle_in_time().await;
    let asked = text(
        &axis.theirs,
        sql!("SELECT business AS text FROM sender_request"),
        args![],
    )
    .await;
    assert_eq!(asked, ["update"]);
    axis.emulator
        .partner_sends(&about(Business::Replace, &id))
        .unwrap();
    axis.settle_in_time().await;
    let arrived = axis.arrived().await;
    assert_eq!(arrived.len(), 2);
    let replaced = axis
        .theirs
        .app
        .db
        .one(
            sql!("SELECT replaced_by FROM incoming WHERE id = $1"),
            args![arrived[0]],
        )
        .await
        .unwrap();
    assert_eq!(
        replaced.get::<Option<uuid::Uuid>>("replaced_by").unwrap(),
        Some(arrived[1])
    );
}

#[tokio::test]
async fn cn_108_the_same_identifier_with_another_content_is_shown_as_sent_again() {
    let axis = Axis::new().await;
    axis.emulator.partner_sends(&new()).unwrap();
    axis.settle_in_time().await;
    let other = Command {
        subject: Some("Đề nghị báo cáo số liệu, bản sửa".to_owned()),
        ..new()
    };
    axis.emulator.partner_sends(&other).unwrap();
    axis.settle_in_time().await;
    let arrived = axis.arrived().await;
    assert_eq!(arrived.len(), 2);
    let clerk = axis.their_clerk().await;
    let page = clerk.get(&format!("/incoming/{}", arrived[1])).await.ok();
    assert!(page.text.contains("cùng mã định danh nhưng nội dung khác"));
}

#[tokio::test]
async fn nd30_18_4_states_of_the_notice_of_a_recall_are_no_orphans() {
    let axis = Axis::new().await;
    let document = axis.send(&[RECIPIENT]).await;
    axis.settle_in_time().await;
    let paper = json!({ "paper": [{ "name": "Lưu hồ sơ", "reason": "Không kết nối" }] });
    let notice = axis.send_with(&[], paper).await;
    axis.recall(document, Some(notice)).await;
    axis.settle_in_time().await;
    assert_eq!(axis.arrived().await.len(), 2);
    assert!(states(&axis).await.contains(&"recalled".to_owned()));
    let told = text(
        &axis.ours,
        sql!("SELECT DISTINCT state AS text FROM axis_inbox"),
        args![],
    )
    .await;
    assert_eq!(told, ["taken"]);
}

/// The bytes that are kept of documents and packets that came.
async fn kept(axis: &Axis) -> Vec<Digest> {
    axis.theirs
        .app
        .db
        .all(
            sql!(
                "SELECT sha256 FROM axis_inbox WHERE kind = 'edoc' AND sha256 IS NOT NULL UNION \
                 SELECT f.sha256 FROM file f JOIN file_set_item i ON i.file_id = f.id JOIN incoming d ON d.file_set = i.set_id \
                 WHERE d.source = 'axis' UNION \
                 SELECT f.sha256 FROM file f JOIN file_set_item i ON i.file_id = f.id JOIN incoming_version v ON v.file_set = i.set_id \
                 ORDER BY sha256"
            ),
            args![],
        )
        .await
        .unwrap()
        .iter()
        .map(|row| Digest::from_slice(&row.get::<Vec<u8>>("sha256").unwrap()).unwrap())
        .collect()
}

async fn are_kept(axis: &Axis, digests: &[Digest]) -> Vec<bool> {
    let mut found = Vec::new();
    for digest in digests {
        found.push(axis.theirs.app.blobs.is_intact(*digest).await.unwrap());
    }
    found
}

#[tokio::test]
async fn nd30_18_4b_no_byte_of_a_recalled_document_stays_in_the_store_however_old_it_is() {
    let axis = Axis::new().await;
    let sent = axis.emulator.partner_sends(&new()).unwrap();
    axis.settle_in_time().await;
    let target = sent.document_id.unwrap();
    let update = Command {
        number: Some("79".to_owned()),
        ..about(Business::Update, &target)
    };
    axis.emulator.partner_sends(&update).unwrap();
    axis.settle_in_time().await;
    let first = axis.arrived().await[0];
    let of_first = kept(&axis).await;
    // The message and its PDF, before and after the update.
    assert!(of_first.len() >= 3, "{of_first:?}");
    // Older than everything at which a sweep looks by itself.
    let mut tx = axis.theirs.app.db.begin().await.unwrap();
    tx.run(sql!("UPDATE file SET created_at = 0"), args![])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    sweep(&axis.theirs.app, Duration::ZERO).await.unwrap();
    assert!(!are_kept(&axis, &of_first).await.contains(&false));

    axis.emulator
        .partner_sends(&about(Business::Recall, &target))
        .unwrap();
    axis.settle_in_time().await;
    assert_eq!(states(&axis).await[0], "recalled");
    sweep(&axis.theirs.app, Duration::ZERO).await.unwrap();
    assert!(!are_kept(&axis, &of_first).await.contains(&true));
    let verdicts = axis
        .theirs
        .app
        .db
        .one(
            sql!("SELECT count(*) AS n FROM verdict WHERE object_id = $1"),
            args![first],
        )
        .await
        .unwrap();
    assert_eq!(verdicts.get::<i64>("n").unwrap(), 0);
    // The notice that brought the recall stands, with its packet and its file.
    let of_notice = kept(&axis).await;
    assert!(of_notice.len() >= 2, "{of_notice:?}");
    assert!(!are_kept(&axis, &of_notice).await.contains(&false));

    // What comes too late is not kept either.
    let late = Command {
        number: Some("80".to_owned()),
        ..about(Business::Update, &target)
    };
    axis.emulator.partner_sends(&late).unwrap();
    axis.settle_in_time().await;
    assert_eq!(kept(&axis).await, of_notice);
}
