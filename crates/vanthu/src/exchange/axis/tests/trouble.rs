//! What goes wrong, and what people see of it.

use axis::client::{Operation, PacketStatus};
use axis_emulator::{Fault, FaultRule, partner::Command};
use jiff::SignedDuration;
use serde_json::json;
use store::{args, sql};

use super::{Axis, RECIPIENT, SENDER, drain, text};

fn raw(xml: &str) -> Command {
    Command {
        from: "G99".to_owned(),
        to: vec![RECIPIENT.to_owned()],
        xml: Some(xml.to_owned()),
        ..Command::default()
    }
}

#[tokio::test]
async fn holodeck_142_a_duplicate_of_a_failed_packet_is_negative_again() {
    let axis = Axis::new().await;
    let broken = "<?xml version=\"1.0\"?><edXML><khong-phai-van-ban/></edXML>";
    axis.emulator.partner_sends(&raw(broken)).unwrap();
    axis.settle_in_time().await;
    axis.emulator.partner_sends(&raw(broken)).unwrap();
    axis.settle_in_time().await;
    assert!(axis.arrived().await.is_empty());
    let ends = text(
        &axis.theirs,
        sql!("SELECT state AS text FROM axis_inbox ORDER BY id"),
        args![],
    )
    .await;
    assert_eq!(ends, ["quarantined", "quarantined"]);
    let told: Vec<_> = axis.packets().into_iter().map(|packet| packet.status).collect();
    assert_eq!(told, [PacketStatus::Fail, PacketStatus::Fail]);
    let condition = super::super::condition(&axis.theirs.app).await.unwrap();
    assert_eq!((condition.level, condition.quarantined), (2, 2));
}

#[tokio::test]
async fn cn_104_nd30_21_2c_acknowledgements_that_have_not_left_are_counted_until_they_do() {
    let axis = Axis::new().await;
    axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    let id = axis.arrived().await[0];
    let clerk = axis.their_clerk().await;
    let counted = async || {
        let clerk = axis.their_clerk().await;
        let found = clerk.api_get("/api/v1/exchange").await.ok().json();
        let number = |name: &str| found[name].as_i64().unwrap();
        (number("unacknowledged"), number("unacknowledged_before_today"))
    };
    assert_eq!(counted().await, (0, 0));
    let at = format!("/api/v1/incoming/{id}/register");
    clerk.api(&at, &json!({})).await.ok();
    assert_eq!(counted().await, (1, 0));
    let page = clerk.get("/exchange").await.ok().text;
    assert!(
        page.contains("<dt>Báo đã tiếp nhận (03) chưa gửi</dt><dd>1</dd>"),
        "{page}"
    );
    // Other agencies are told nothing of it.
    let stranger = axis.theirs.person("nhungpth.ubnd").await;
    let theirs = stranger.api_get("/api/v1/exchange").await.ok().json();
    assert_eq!(theirs["unacknowledged"], 0);

    axis.wait(SignedDuration::from_hours(24));
    assert_eq!(counted().await, (1, 1));
    assert!(super::super::condition(&axis.theirs.app).await.unwrap().level >= 1);
    axis.settle_in_time().await;
    assert_eq!(counted().await, (0, 0));
}

#[tokio::test]
async fn edxml_19_9_an_external_entity_is_never_followed() {
    let axis = Axis::new().await;
    let attack = "<?xml version=\"1.0\"?><!DOCTYPE edXML [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\
        <edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\"><edXMLEnvelope>&x;</edXMLEnvelope></edXML>";
    axis.emulator.partner_sends(&raw(attack)).unwrap();
    axis.settle_in_time().await;
    let why = text(
        &axis.theirs,
        sql!("SELECT last_error AS text FROM axis_inbox"),
        args![],
    )
    .await;
    assert!(why[0].contains("DTD"), "{why:?}");
}

#[tokio::test]
async fn edxml_12_a_packet_damaged_on_the_way_is_fetched_again() {
    let axis = Axis::new().await;
    axis.emulator
        .faults()
        .rules([FaultRule::always(Fault::Damage).on(&[Operation::GetPacket, Operation::DownloadPacket])]);
    let document = axis.send(&[RECIPIENT]).await;
    axis.settle_in_time().await;
    axis.settle_in_time().await;
    assert_eq!(axis.arrived().await.len(), 1);
    assert_eq!(axis.line(document, RECIPIENT).await.0, "arrived");
}

#[tokio::test]
async fn edxml_12_4_a_wrong_secret_stops_the_connection_and_says_so() {
    let axis = Axis::new().await;
    let office = &axis.ours;
    let who = super::administrator(office).await;
    let form = super::ConnectionForm {
        name: "Trục sai khóa".to_owned(),
        base_url: axis.emulator.url(),
        system_id: "DEMO-QLVB".to_owned(),
        secret: "khoa-sai".to_owned(),
        plain_http: "on".to_owned(),
        ..super::ConnectionForm::fresh()
    };
    let id = super::create_for_test(&office.app, &who, form).await.unwrap();
    super::own(office, id, "stttt", "H16.05").await;
    drain(&office.app).await.unwrap();
    let stopped = text(
        office,
        sql!("SELECT stopped_reason AS text FROM axis_connection WHERE id = $1"),
        args![id],
    )
    .await;
    assert!(stopped[0].contains("khóa bí mật"), "{stopped:?}");
    let page = super::province_administrator(office)
        .await
        .get("/exchange/connections")
        .await
        .ok();
    assert!(page.text.contains("Tạm dừng, cần xử lý"));
    assert!(!page.text.contains("khoa-sai"));
    // The secret stands nowhere in plain: not in its column, not in the journal, not in the log of calls.
    let known = text(
        office,
        sql!(
            "SELECT details AS text FROM journal WHERE act LIKE 'connection.%' UNION ALL SELECT detail AS text FROM axis_log"
        ),
        args![],
    )
    .await;
    assert!(!known.iter().any(|text| text.contains("khoa-sai")));
    let sealed = office
        .app
        .db
        .one(
            sql!("SELECT secret FROM axis_connection WHERE id = $1"),
            args![id],
        )
        .await
        .unwrap()
        .get::<Vec<u8>>("secret")
        .unwrap();
    assert!(!sealed.windows(8).any(|part| part == b"khoa-sai"));
}

#[tokio::test]
async fn edxml_12_4_one_recipient_that_the_axis_does_not_take_does_not_hold_up_the_others() {
    let axis = Axis::new().await;
    let document = axis.send(&[RECIPIENT, "G99.99", "G99"]).await;
    axis.settle_in_time().await;
    assert_eq!(axis.line(document, RECIPIENT).await.0, "arrived");
    assert_eq!(axis.line(document, "G99").await.0, "finished");
    let (state, reason) = axis.line(document, "G99.99").await;
    assert_eq!(state, "failed");
    assert!(reason.contains("Kiểm tra mã định danh"), "{reason}");
    let page = axis
        .ours
        .person("nhungpth.ubnd")
        .await
        .get("/exchange")
        .await
        .ok();
    assert!(page.text.contains("G99.99"));
}

#[tokio::test]
async fn cn_403_an_unknown_state_is_kept_and_shown() {
    let axis = Axis::new().await;
    let document = axis.send(&["G99.03"]).await;
    axis.settle().await;
    let code = text(
        &axis.ours,
        sql!("SELECT document_code AS text FROM outgoing WHERE id = $1"),
        args![document],
    )
    .await
    .remove(0);
    let status = axis_emulator::partner::StatusCommand {
        code: "09".to_owned(),
        description: "Đang xin ý kiến".to_owned(),
        organ_id: Some("H16".to_owned()),
        document_code: "01/QĐ-UBND".to_owned(),
        document_date: "2026/01/08".to_owned(),
    };
    let command = Command {
        from: "G99.03".to_owned(),
        to: vec!["H16".to_owned()],
        target: Some(code),
        status: Some(status),
        ..Command::default()
    };
    axis.emulator.partner_sends(&command).unwrap();
    axis.settle_in_time().await;
    assert_eq!(axis.line(document, "G99.03").await.0, "sent");
    let kept = text(
        &axis.ours,
        sql!("SELECT code AS text FROM delivery_event"),
        args![],
    )
    .await;
    assert_eq!(kept, ["09"]);
}

#[tokio::test]
async fn edxml_13_2_a_message_that_breaks_the_rules_is_not_sent_and_says_what_to_mend() {
    let axis = Axis::new().await;
    let document = axis.send(&[RECIPIENT]).await;
    // As an older installation may have numbered its documents.
    set_code(&axis, document, "VB-2026-01").await;
    axis.settle().await;
    assert!(axis.packets().is_empty());
    let (state, reason) = axis.line(document, RECIPIENT).await;
    assert_eq!(state, "failed");
    assert!(reason.contains("Mã định danh văn bản"), "{reason}");
    assert_eq!(super::super::condition(&axis.ours.app).await.unwrap().dead, 1);
    // Mended, it goes with one click, packed anew.
    set_code(&axis, document, "H16,2026/01/08,01/QĐ-UBND").await;
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
    let page = clerk.get(&format!("/exchange/sent/{packet}")).await.ok();
    assert!(page.text.contains("Gửi lại"));
    let again = format!("/exchange/sent/{packet}/again");
    let stranger = axis.ours.person("anhltn.stttt").await;
    assert_eq!(stranger.post(&again, &[]).await.status.as_u16(), 404);
    clerk.post(&again, &[]).await.ok();
    axis.settle().await;
    assert_eq!(
        axis.line(document, RECIPIENT).await,
        ("arrived".into(), String::new())
    );
    // Exactly the bytes that were sent, for who may see the document.
    let file = clerk.get(&format!("/exchange/sent/{packet}/file")).await.ok();
    let digest = store::Digest::of(&file.bytes).to_string();
    assert_eq!(digest, axis.packets()[0].sent_sha256);
    let hidden = stranger.get(&format!("/exchange/sent/{packet}/file")).await;
    assert_eq!(hidden.status.as_u16(), 404);
}

async fn set_code(axis: &Axis, document: rules::ids::OutgoingId, code: &str) {
    let mut tx = axis.ours.app.db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE outgoing SET document_code = $2 WHERE id = $1"),
        args![document, code],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn cn_406_every_call_is_in_the_log_without_secrets() {
    let axis = Axis::new().await;
    axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    let calls = text(
        &axis.ours,
        sql!("SELECT operation || ' ' || result AS text FROM axis_log ORDER BY seq"),
        args![],
    )
    .await;
    assert!(calls.contains(&"/sendEdoc ok".to_owned()), "{calls:?}");
    assert!(calls.contains(&"/getEdoc ok".to_owned()), "{calls:?}");
    assert!(calls.contains(&"/updateStatus ok".to_owned()), "{calls:?}");
}

/// A status in the name of another agency than the one that the axis knows.
fn forged(status: &str, document_code: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><edXML xmlns=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\">\
         <edXML:edXMLEnvelope xmlns:edXML=\"http://www.mic.gov.vn/TBT/QCVN_102_2016\"><edXML:edXMLHeader><edXML:MessageHeader>\
         <edXML:From><edXML:OrganId>{RECIPIENT}</edXML:OrganId><edXML:OrganName>Nơi nhận</edXML:OrganName></edXML:From>\
         <edXML:ResponseFor><edXML:OrganId>{SENDER}</edXML:OrganId><edXML:DocumentId>{document_code}</edXML:DocumentId></edXML:ResponseFor>\
         <edXML:StatusCode>{status}</edXML:StatusCode><edXML:Description>Giả mạo</edXML:Description>\
         <edXML:Timestamp>2026/01/08 10:00:00</edXML:Timestamp>\
         </edXML:MessageHeader></edXML:edXMLHeader></edXML:edXMLEnvelope></edXML>"
    )
}

#[tokio::test]
async fn edxml_15_nobody_refuses_or_finishes_in_the_name_of_a_recipient() {
    let axis = Axis::new().await;
    let document = axis.send(&[RECIPIENT]).await;
    axis.settle_in_time().await;
    let code = text(
        &axis.ours,
        sql!("SELECT document_code AS text FROM outgoing WHERE id = $1"),
        args![document],
    )
    .await
    .remove(0);
    for status in ["02", "06", "15"] {
        axis.emulator
            .partner_sends(&Command {
                to: vec![SENDER.to_owned()],
                ..raw(&forged(status, &code))
            })
            .unwrap();
    }
    axis.settle_in_time().await;
    assert_eq!(axis.line(document, RECIPIENT).await.0, "arrived");
    let why = text(
        &axis.ours,
        sql!("SELECT last_error AS text FROM axis_inbox WHERE state = 'orphan'"),
        args![],
    )
    .await;
    assert!(
        why.len() == 3
            && why
                .iter()
                .all(|why| why.contains("không do chính cơ quan nhận gửi")),
        "{why:?}"
    );
}
