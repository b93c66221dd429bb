//! A document goes from one installation to the other, and its states come back.

use rules::exchange::StatusCode;
use serde_json::json;
use store::{args, sql};

use super::{Axis, RECIPIENT, SENDER, text};
use crate::documents;

#[tokio::test]
async fn cn_401_402_a_document_reaches_another_installation_with_everything_that_it_says() {
    let axis = Axis::new().await;
    let document = axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    let arrived = axis.arrived().await;
    assert_eq!(arrived.len(), 1);
    let ours = axis
        .ours
        .app
        .db
        .one(
            sql!("SELECT number, symbol, subject, issued_on, document_code, file_set FROM outgoing WHERE id = $1"),
            args![document],
        )
        .await
        .unwrap();
    let theirs = axis
        .theirs
        .app
        .db
        .one(
            sql!(
                "SELECT number, symbol, subject, issued_on, document_code, type_key, sender_name, sender_code, sent_to_code, state, \
                 signer_name, urgency, completeness, file_set FROM incoming WHERE id = $1"
            ),
            args![arrived[0]],
        )
        .await
        .unwrap();
    let text = |row: &store::Row, column: &str| row.get::<String>(column).unwrap();
    for column in ["symbol", "subject", "issued_on", "document_code"] {
        assert_eq!(text(&ours, column), text(&theirs, column), "{column}");
    }
    assert_eq!(text(&theirs, "number"), "01");
    assert_eq!(text(&theirs, "type_key"), "quyet_dinh");
    assert_eq!(text(&theirs, "sender_code"), SENDER);
    assert_eq!(text(&theirs, "sent_to_code"), RECIPIENT);
    assert_eq!(text(&theirs, "sender_name"), "Ủy ban nhân dân tỉnh Đắk Nông");
    assert_eq!(text(&theirs, "completeness"), "passed");
    assert_eq!(text(&theirs, "state"), "delivered");
    let sent = documents::files_of(&axis.ours.app, ours.get("file_set").unwrap())
        .await
        .unwrap();
    let came = documents::files_of(&axis.theirs.app, theirs.get("file_set").unwrap())
        .await
        .unwrap();
    assert_eq!((sent.len(), came.len()), (1, 1));
    assert_eq!(sent[0].file.digest, came[0].file.digest);
    // The axis was told, and nothing waits there.
    assert!(
        axis.packets()
            .iter()
            .all(|packet| packet.status == axis::client::PacketStatus::Done)
    );
}

#[tokio::test]
async fn cn_403_405_every_state_of_the_recipient_comes_back_by_itself() {
    let axis = Axis::new().await;
    let document = axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    assert_eq!(axis.line(document, RECIPIENT).await.0, "arrived");
    let id = axis.arrived().await[0];
    let at = format!("/api/v1/incoming/{id}");
    let office = &axis.theirs;
    let clerk = axis.their_clerk().await;
    let leader = office.person("hungdm.stttt").await;
    let officer = office.person("annv.stttt").await;
    clerk.api(&format!("{at}/register"), &json!({})).await.ok();
    axis.settle().await;
    assert_eq!(axis.line(document, RECIPIENT).await.0, "received");
    clerk
        .api(&format!("{at}/present"), &json!({ "leader": leader.post }))
        .await
        .ok();
    let directive = json!({ "text": "Giao tham mưu", "lead": officer.post });
    leader.api(&format!("{at}/direct"), &directive).await.ok();
    axis.settle().await;
    assert_eq!(axis.line(document, RECIPIENT).await.0, "assigned");
    officer.api(&format!("{at}/start"), &json!({})).await.ok();
    axis.settle().await;
    assert_eq!(axis.line(document, RECIPIENT).await.0, "in_progress");
    officer
        .api(
            &format!("{at}/finish"),
            &json!({ "outcome": "no_action", "result": "Đã lưu để theo dõi" }),
        )
        .await
        .ok();
    axis.settle().await;
    assert_eq!(axis.line(document, RECIPIENT).await.0, "finished");
    let codes = text(
        &axis.ours,
        sql!("SELECT e.code AS text FROM delivery_event e JOIN delivery d ON d.id = e.delivery_id WHERE d.outgoing_id = $1 ORDER BY e.code"),
        args![document],
    )
    .await;
    assert_eq!(codes, ["01", "03", "04", "05", "06"]);
    // One file of the axis' convention for each, each sent once.
    let statuses: Vec<_> = axis
        .packets()
        .into_iter()
        .filter_map(|packet| packet.status_code)
        .collect();
    assert_eq!(statuses, ["01", "03", "04", "05", "06"]);
    // The history of the document says each once, without repeating who says it.
    let history = text(
        &axis.ours,
        sql!(
            "SELECT summary AS text FROM journal WHERE object_id = $1 AND act LIKE 'exchange.%' ORDER BY seq"
        ),
        args![document],
    )
    .await;
    let arrived: Vec<_> = history.iter().filter(|line| line.contains("Đã đến")).collect();
    assert_eq!(arrived.len(), 1, "{history:?}");
    let said = text(
        &axis.ours,
        sql!("SELECT e.description AS text FROM delivery_event e JOIN delivery d ON d.id = e.delivery_id WHERE d.outgoing_id = $1 AND e.code = '01'"),
        args![document],
    )
    .await;
    assert_eq!(said, ["Đã đến"]);
}

#[tokio::test]
async fn qd28_16_4_a_returned_document_shows_the_reason_at_its_sender() {
    let axis = Axis::new().await;
    let document = axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    let id = axis.arrived().await[0];
    let reason = "Văn bản không thuộc thẩm quyền giải quyết của Sở.";
    let clerk = axis.their_clerk().await;
    clerk
        .api(
            &format!("/api/v1/incoming/{id}/refuse"),
            &json!({ "reason": reason }),
        )
        .await
        .ok();
    axis.settle().await;
    let (state, shown) = axis.line(document, RECIPIENT).await;
    assert_eq!(state, "refused");
    assert_eq!(shown, reason);
    let office = &axis.ours;
    let page = office
        .person("nhungpth.ubnd")
        .await
        .get(&format!("/outgoing/{document}"))
        .await
        .ok();
    assert!(page.text.contains(reason));
    assert!(page.text.contains(StatusCode::Refused.label()));
}

#[tokio::test]
async fn cn_405_a_reply_names_the_document_that_it_answers() {
    let axis = Axis::new().await;
    axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    let packet = axis
        .packets()
        .into_iter()
        .find(|packet| packet.status_code.as_deref() == Some("01"))
        .unwrap();
    // Answers go to who sent, from the code that was addressed.
    assert_eq!((packet.from.as_str(), packet.to.as_str()), (RECIPIENT, SENDER));
    assert!(packet.document_id.unwrap().starts_with("H16,"));
}

#[tokio::test]
async fn nt_evidence_both_sides_make_a_bundle_with_the_bytes_of_the_packet() {
    let axis = Axis::new().await;
    let document = axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    let line = text(
        &axis.ours,
        sql!(
            "SELECT CAST(details AS text) AS text FROM journal WHERE act = 'exchange.send' AND object_id = $1"
        ),
        args![document],
    )
    .await;
    assert_eq!(line.len(), 1);
    let noted: serde_json::Value = serde_json::from_str(&line[0]).unwrap();
    let sent = axis.packets()[0].sent_sha256.clone();
    assert_eq!(noted["packet"]["sha256"], json!(sent));
    assert_eq!(noted["channel"], "axis");
    assert_eq!(noted["recipient"]["code"], RECIPIENT);
}

#[tokio::test]
async fn md_31_a_long_subject_is_kept_whole_and_shortened_on_the_wire_alone() {
    let axis = Axis::new().await;
    let subject = format!("Ban hành kế hoạch{}", " chuyển đổi số".repeat(60));
    assert!(subject.chars().count() > 800);
    let document = axis.send_with(&[RECIPIENT], json!({ "subject": subject })).await;
    axis.settle().await;
    let kept = text(
        &axis.ours,
        sql!("SELECT subject AS text FROM outgoing WHERE id = $1"),
        args![document],
    )
    .await;
    assert_eq!(kept, [subject.as_str()]);
    let came = text(
        &axis.theirs,
        sql!("SELECT subject AS text FROM incoming WHERE id = $1"),
        args![axis.arrived().await[0]],
    )
    .await;
    let beginning = came[0].strip_suffix('…').unwrap();
    assert!(subject.starts_with(beginning) && beginning.ends_with("chuyển đổi số"));
    assert!((480..=500).contains(&came[0].chars().count()), "{}", came[0]);
}
