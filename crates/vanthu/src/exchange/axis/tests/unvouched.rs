//! What a message says of itself counts only when the channel names the same sender.

use axis_emulator::{letter::Business, partner::Command};
use store::{Digest, args, sql};

use super::{Axis, RECIPIENT};

fn letter(to: &str) -> Command {
    Command {
        from: "G99".to_owned(),
        to: vec![to.to_owned()],
        subject: Some("Đề nghị báo cáo số liệu".to_owned()),
        number: Some("77".to_owned()),
        ..Command::default()
    }
}

/// What G99 told another recipient comes to us over the channel of another agency.
async fn forwarded(axis: &Axis, command: Command) {
    axis.emulator.partner_sends(&command).unwrap();
    axis.settle_in_time().await;
    let bytes: Vec<u8> = axis
        .theirs
        .app
        .db
        .one(
            sql!("SELECT sha256 FROM axis_inbox WHERE kind = 'edoc' ORDER BY id DESC LIMIT 1"),
            args![],
        )
        .await
        .unwrap()
        .get("sha256")
        .unwrap();
    let digest = Digest::from_slice(&bytes).unwrap();
    let xml = axis.theirs.app.blobs.read(digest).await.unwrap();
    axis.emulator
        .partner_sends(&Command {
            from: "G99.03".to_owned(),
            xml: Some(String::from_utf8(xml).unwrap()),
            ..letter(RECIPIENT)
        })
        .unwrap();
    axis.settle_in_time().await;
}

#[tokio::test]
async fn edxml_13_1_r14_a_sender_without_the_channel_is_no_agency_of_ours_and_replaces_nothing() {
    let axis = Axis::new().await;
    let mut tx = axis.theirs.app.db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE agency SET code = 'G99' WHERE account_suffix = 'snv'"),
        args![],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let first = axis.emulator.partner_sends(&letter(RECIPIENT)).unwrap();
    axis.settle_in_time().await;
    let replacing = Command {
        business: Business::Replace,
        target: first.document_id,
        number: Some("78".to_owned()),
        ..letter("G90")
    };
    forwarded(&axis, replacing).await;
    let rows = axis
        .theirs
        .app
        .db
        .all(
            sql!("SELECT sender_id, replaced_by FROM incoming WHERE sent_to_code = $1 ORDER BY delivered_at, id"),
            args![RECIPIENT],
        )
        .await
        .unwrap();
    assert_eq!(rows.len(), 2);
    let sender = |row: &store::Row| row.get::<Option<uuid::Uuid>>("sender_id").unwrap();
    assert!(
        sender(&rows[0]).is_some(),
        "the channel vouches for the first one"
    );
    assert!(sender(&rows[1]).is_none());
    assert!(
        rows[0]
            .get::<Option<uuid::Uuid>>("replaced_by")
            .unwrap()
            .is_none()
    );
    let arrived = axis.arrived().await;
    let last = arrived.last().unwrap();
    let page = axis
        .their_clerk()
        .await
        .get(&format!("/incoming/{last}"))
        .await
        .ok();
    assert!(page.text.contains("không tự đánh dấu thay thế"));
}

#[tokio::test]
async fn nd30_18_3_a_document_replaces_two_hundred_at_most() {
    let axis = Axis::new().await;
    let mut letter = axis_emulator::letter::Letter::new("G99", &[RECIPIENT], "78", "BVD-VP")
        .dated(axis.theirs.app.clock.now())
        .about(Business::Replace, "G99,2026/01/08,0/BVD-VP", "Thay thế")
        .to_xml();
    let one = letter.find("<edXML:ReplacementInfo>").unwrap();
    let end = letter.find("</edXML:ReplacementInfo>").unwrap() + "</edXML:ReplacementInfo>".len();
    let info = letter[one..end].to_owned();
    let many: String = (1..500)
        .map(|n| info.replace(",0/BVD", &format!(",{n}/BVD")))
        .collect();
    letter.insert_str(end, &many);
    axis.emulator
        .partner_sends(&Command {
            xml: Some(letter),
            ..self::letter(RECIPIENT)
        })
        .unwrap();
    axis.settle_in_time().await;
    let count: i64 = axis
        .theirs
        .app
        .db
        .one(sql!("SELECT count(*) AS n FROM incoming_replaces"), args![])
        .await
        .unwrap()
        .get("n")
        .unwrap();
    assert_eq!(count, 200);
}

#[tokio::test]
async fn qd28_15_a_merged_agency_speaks_for_itself_only_and_its_successor_for_both() {
    let axis = Axis::new().await;
    let app = &axis.theirs.app;
    let successor = axis.theirs.organisation("Sở Hợp nhất", &["H96.10"]).await;
    for code in ["H96.01", "H96.02"] {
        let merged = axis.theirs.organisation(code, &[code]).await;
        axis.theirs.close_organisation(merged, Some(successor)).await;
    }
    let speaks = async |code| super::super::matching::aliases(app, code).await.unwrap();
    assert_eq!(speaks("H96.10").await, ["H96.10", "H96.01", "H96.02"]);
    assert_eq!(speaks("H96.01").await, ["H96.01"]);
    // A code of ours that is given out again means who has it now.
    let mut tx = app.db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE agency SET code = 'H97.01' WHERE account_suffix = 'stttt'"),
        args![],
    )
    .await
    .unwrap();
    tx.run(
        sql!(
            "INSERT INTO agency_former_code (code, agency_id, valid_to) SELECT 'H97.01', id, '2025-06-30' FROM agency \
             WHERE account_suffix = 'snv'"
        ),
        args![],
    )
    .await
    .unwrap();
    tx.run(
        sql!("UPDATE agency SET code = 'H97.02' WHERE account_suffix = 'snv'"),
        args![],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(speaks("H97.01").await, ["H97.01"]);
    assert_eq!(speaks("H97.02").await, ["H97.02"]);
}
