//! Packets of which nobody says whether they were taken (spec edxml 12.6).

use axis::client::Operation;
use axis_emulator::{Fault, FaultRule};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::{args, sql};
use uuid::Uuid;

use super::{super::lookup, Axis, RECIPIENT, drain, text};
use crate::exchange::axis::{
    connections,
    pack::{self, Packet},
    sent_lists::SentList,
};

/// As a platform answers that has no list of sent packets.
fn no_list() -> FaultRule {
    let refused = Fault::Refuse {
        code: "22".to_owned(),
    };
    FaultRule::always(refused).on(&[Operation::ListSent])
}

fn once(fault: Fault) -> FaultRule {
    FaultRule::always(fault).on(&[Operation::Send]).times(1)
}

async fn packet(axis: &Axis) -> Uuid {
    axis.ours
        .app
        .db
        .one(
            sql!("SELECT id FROM axis_outbox WHERE kind = 'edoc' ORDER BY id LIMIT 1"),
            args![],
        )
        .await
        .unwrap()
        .get("id")
        .unwrap()
}

async fn column(axis: &Axis, statement: store::Sql) -> Vec<String> {
    text(&axis.ours, statement, args![]).await
}

async fn states(axis: &Axis) -> Vec<String> {
    column(
        axis,
        sql!("SELECT state AS text FROM axis_outbox WHERE kind = 'edoc' ORDER BY id"),
    )
    .await
}

/// Half a day of the sender's worker.
async fn half_a_day(axis: &Axis) {
    for _ in 0..12 {
        axis.wait(SignedDuration::from_mins(61));
        drain(&axis.ours.app).await.unwrap();
    }
}

#[tokio::test]
async fn edxml_12_6_without_a_list_a_packet_is_asked_for_so_often_and_then_a_person_decides() {
    let axis = Axis::new().await;
    axis.emulator.faults().rules([once(Fault::DropBefore), no_list()]);
    let document = axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    assert_eq!(states(&axis).await, ["unknown"]);
    half_a_day(&axis).await;
    half_a_day(&axis).await;
    assert_eq!(states(&axis).await, ["dead"]);
    let asked = sql!("SELECT CAST(lookups AS text) AS text FROM axis_outbox");
    assert_eq!(column(&axis, asked).await, ["12"]);
    let (state, reason) = axis.line(document, RECIPIENT).await;
    assert_eq!(state, "failed");
    assert!(reason.contains("hỏi cơ quan nhận"), "{reason}");
    // The clerk asks the recipient, who has it from elsewhere.
    let id = packet(&axis).await;
    let clerk = axis.ours.person("nhungpth.ubnd").await;
    let page = clerk.get(&format!("/exchange/sent/{id}")).await.ok();
    assert!(page.text.contains("Nơi nhận đã có") && page.text.contains("Gửi lại"));
    let confirm = format!("/api/v1/exchange/sent/{id}/confirm");
    let stranger = axis.ours.person("anhltn.stttt").await;
    let told = json!({ "reason": "Văn thư cơ quan nhận trả lời qua điện thoại" });
    assert_eq!(stranger.api(&confirm, &told).await.status.as_u16(), 404);
    let silent = clerk.api(&confirm, &json!({})).await;
    assert_eq!(silent.json()["code"], "exchange.no_reason");
    let command = axis.ours.app.ids.next();
    for _ in 0..2 {
        let done = clerk.api_command(&confirm, command, &told).await.ok().json();
        assert_eq!(done["state"], "sent");
    }
    assert_eq!(
        axis.line(document, RECIPIENT).await,
        ("sent".into(), String::new())
    );
    let again = clerk.api(&confirm, &told).await;
    assert_eq!(again.json()["code"], "exchange.not_now");
    let noted = sql!("SELECT summary AS text FROM journal WHERE act = 'exchange.send_confirm'");
    let noted = column(&axis, noted).await;
    assert!(
        noted.len() == 1 && noted[0].contains("qua điện thoại"),
        "{noted:?}"
    );
}

#[tokio::test]
async fn edxml_12_6_the_state_of_the_recipient_settles_a_packet_that_no_list_tells_of() {
    let axis = Axis::new().await;
    axis.emulator
        .faults()
        .rules([once(Fault::TakeThenDrop), no_list()]);
    let document = axis.send(&[RECIPIENT]).await;
    axis.settle_in_time().await;
    assert_eq!(axis.line(document, RECIPIENT).await.0, "arrived");
    assert_eq!(states(&axis).await, ["sent"]);
    let attempts = sql!("SELECT CAST(attempts AS text) AS text FROM axis_outbox WHERE kind = 'edoc'");
    assert_eq!(column(&axis, attempts).await, ["1"]);
    assert_eq!(axis.arrived().await.len(), 1);
}

#[tokio::test]
async fn edxml_12_6_a_split_whose_look_up_fails_sends_nothing_blindly() {
    let axis = Axis::new().await;
    axis.emulator.faults().rules([no_list().times(1)]);
    let document = axis.send(&[RECIPIENT, "G99.99"]).await;
    axis.ours.drain().await;
    drain(&axis.ours.app).await.unwrap();
    // Who may have it already could not be asked: each part is looked for first.
    let parts = sql!("SELECT state AS text FROM axis_outbox WHERE split_from IS NOT NULL");
    assert_eq!(column(&axis, parts).await, ["unknown", "unknown"]);
    assert!(axis.packets().is_empty());
    axis.settle_in_time().await;
    assert_eq!(axis.line(document, RECIPIENT).await.0, "arrived");
    assert_eq!(axis.line(document, "G99.99").await.0, "failed");
    assert_eq!(axis.arrived().await.len(), 1);
}

#[tokio::test]
async fn edxml_12_6_one_list_answers_for_all_packets_that_are_in_doubt() {
    let axis = Axis::new().await;
    let app = &axis.ours.app;
    // A long list was asked for a moment ago.
    let soon = app.clock.now() + SignedDuration::from_mins(2);
    let long = SentList {
        asked_at: soon,
        from: soon,
        rows: Vec::new(),
    };
    app.axis.sent_lists.keep(axis.our_connection, false, long);
    axis.emulator
        .faults()
        .rules([FaultRule::always(Fault::TakeThenDrop)
            .on(&[Operation::Send])
            .times(2)]);
    axis.send(&[RECIPIENT]).await;
    axis.send(&[RECIPIENT]).await;
    for _ in 0..4 {
        axis.ours.drain().await;
        drain(app).await.unwrap();
        axis.wait(SignedDuration::from_secs(21));
    }
    let asked = sql!("SELECT operation AS text FROM axis_log WHERE operation LIKE '%Sent%'");
    assert_eq!(states(&axis).await, ["unknown", "unknown"]);
    assert!(column(&axis, asked).await.is_empty());
    axis.wait(SignedDuration::from_mins(2));
    axis.settle().await;
    assert_eq!(states(&axis).await, ["sent", "sent"]);
    assert_eq!(column(&axis, asked).await.len(), 1);
    assert_eq!(axis.arrived().await.len(), 2);
}

#[tokio::test]
async fn edxml_12_6_a_packet_is_sent_again_only_on_a_list_that_was_asked_for_when_its_time_was_over() {
    let axis = Axis::new().await;
    let app = &axis.ours.app;
    axis.emulator.faults().rules([once(Fault::DropBefore)]);
    axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    assert_eq!(states(&axis).await, ["unknown"]);
    axis.wait(SignedDuration::from_mins(1));
    drain(app).await.unwrap();
    let looked = sql!("SELECT CAST(lookups AS text) AS text FROM axis_outbox WHERE kind = 'edoc'");
    let before = column(&axis, looked).await;
    assert_ne!(before, ["0"]);
    // Another packet asked for the list in the third minute; this one comes to its turn in the twentieth.
    axis.wait(SignedDuration::from_mins(2));
    let early = SentList {
        asked_at: app.clock.now(),
        from: Timestamp::MIN,
        rows: Vec::new(),
    };
    app.axis.sent_lists.keep(axis.our_connection, false, early);
    axis.wait(SignedDuration::from_mins(17));
    drain(app).await.unwrap();
    assert_eq!(states(&axis).await, ["unknown"]);
    assert_ne!(column(&axis, looked).await, before);
    axis.settle_in_time().await;
    assert_eq!(states(&axis).await, ["sent"]);
    assert_eq!(axis.arrived().await.len(), 1);
}

#[tokio::test]
async fn edxml_12_6_two_recalls_by_one_notice_are_not_in_doubt_together() {
    let axis = Axis::new().await;
    let (first, second) = (axis.send(&[RECIPIENT]).await, axis.send(&[RECIPIENT]).await);
    let paper = json!({ "paper": [{ "name": "Lưu hồ sơ", "reason": "Không kết nối" }] });
    let notice = axis.send_with(&[], paper).await;
    axis.settle_in_time().await;
    // The first recall is not taken at once, then the answer is lost; the same of the one after it: their rows look the same.
    let nth_of_ours = |after, fault| FaultRule {
        after,
        systems: vec!["DEMO-QLVB".to_owned()],
        ..once(fault)
    };
    axis.emulator.faults().rules([
        nth_of_ours(0, Fault::DropBefore),
        nth_of_ours(1, Fault::TakeThenDrop),
        nth_of_ours(2, Fault::TakeThenDrop),
    ]);
    axis.recall(first, Some(notice)).await;
    axis.recall(second, Some(notice)).await;
    for _ in 0..3 {
        drain(&axis.ours.app).await.unwrap();
        axis.wait(SignedDuration::from_mins(1));
    }
    assert_eq!(states(&axis).await, ["sent", "sent", "unknown", "waiting"]);
    axis.settle_in_time().await;
    assert_eq!(states(&axis).await, ["sent"; 4]);
    for document in [first, second] {
        let recall = text(
            &axis.ours,
            sql!("SELECT recall_state AS text FROM delivery WHERE outgoing_id = $1"),
            args![document],
        )
        .await;
        assert_eq!(recall, ["agreed"]);
    }
    // The second one's row might have been the first one's earlier attempt, so it went twice and had its effect once.
    let asked = sql!("SELECT state AS text FROM sender_request ORDER BY id");
    assert_eq!(text(&axis.theirs, asked, args![]).await.len(), 2);
    let came = sql!(
        "SELECT state AS text FROM axis_inbox WHERE kind = 'edoc' AND business = 'recall' ORDER BY state"
    );
    let came = text(&axis.theirs, came, args![]).await;
    assert_eq!(came, ["duplicate", "taken", "taken"]);
}

#[tokio::test]
async fn edxml_12_6_before_a_split_the_list_says_who_has_the_packet_already() {
    let axis = Axis::new().await;
    axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    let app = &axis.ours.app;
    let refused = Packet {
        to: vec![RECIPIENT.to_owned(), "G99.99".to_owned()],
        attempts: 0,
        ..pack::one(app, packet(&axis).await).await.unwrap()
    };
    let connection = connections::one(app, axis.our_connection).await.unwrap();
    let taken = async |packet: &Packet| lookup::taken_for(app, &connection, packet).await.unwrap();
    // A packet that we know is another one.
    assert_eq!(taken(&refused).await, Some(Vec::new()));
    let mut tx = app.db.begin().await.unwrap();
    tx.run(sql!("UPDATE axis_outbox SET axis_doc_id = NULL"), args![])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(taken(&refused).await, Some(vec![RECIPIENT.to_owned()]));
    let other = Packet {
        title: "Văn bản khác".to_owned(),
        ..refused.clone()
    };
    assert_eq!(taken(&other).await, Some(Vec::new()));
    // An earlier attempt may still show up; a list that does not answer says nothing.
    let tried = Packet {
        attempts: 1,
        ..refused.clone()
    };
    assert_eq!(taken(&tried).await, None);
    axis.emulator.faults().rules([no_list()]);
    assert_eq!(taken(&refused).await, None);
}

#[tokio::test]
async fn cn_406_programs_retry_and_give_up_packets_as_people_do() {
    let axis = Axis::new().await;
    let document = axis.send(&["G99.99"]).await;
    axis.settle().await;
    assert_eq!(states(&axis).await, ["dead"]);
    let at = format!("/api/v1/exchange/sent/{}", packet(&axis).await);
    let clerk = axis.ours.person("nhungpth.ubnd").await;
    let stranger = axis.ours.person("anhltn.stttt").await;
    let (none, reason) = (json!({}), json!({ "reason": "Cơ quan nhận đã giải thể" }));
    for act in ["again", "skip", "confirm"] {
        let hidden = stranger.api(&format!("{at}/{act}"), &reason).await;
        assert_eq!(hidden.status.as_u16(), 404, "{act}");
    }
    // The axis refused it: nobody can have it.
    let confirm = clerk.api(&format!("{at}/confirm"), &reason).await;
    assert_eq!(confirm.json()["code"], "exchange.not_now");
    let retried = clerk.api(&format!("{at}/again"), &none).await.ok().json();
    assert_eq!(retried["state"], "packing");
    axis.settle().await;
    assert_eq!(states(&axis).await, ["dead"]);
    let silent = clerk.api(&format!("{at}/skip"), &none).await;
    assert_eq!(silent.json()["code"], "exchange.no_reason");
    let given_up = clerk.api(&format!("{at}/skip"), &reason).await.ok().json();
    assert_eq!(
        (&given_up["state"], &given_up["state_label"]),
        (&json!("dropped"), &json!("Không gửi nữa"))
    );
    let (state, why) = axis.line(document, "G99.99").await;
    assert_eq!(
        (state.as_str(), why.as_str()),
        ("failed", "Cơ quan nhận đã giải thể")
    );
    let late = clerk.api(&format!("{at}/again"), &none).await;
    assert_eq!(late.json()["code"], "exchange.not_now");
}

#[tokio::test]
async fn qc01_4_2_the_numbers_of_the_exchange_are_those_of_the_own_agency() {
    let axis = Axis::new().await;
    axis.emulator.faults().set_down(true);
    axis.send(&[RECIPIENT]).await;
    axis.ours.drain().await;
    let office = &axis.ours;
    let (own, other) = (
        office.person("nhungpth.ubnd").await,
        office.person("anhltn.stttt").await,
    );
    let administrator = super::province_administrator(office).await;
    for (person, waiting) in [(&own, 1), (&other, 0), (&administrator, 1)] {
        let seen = person.api_get("/api/v1/exchange").await.ok().json();
        assert_eq!(seen["waiting"], waiting, "{seen}");
    }
    assert_eq!(super::super::condition(&office.app).await.unwrap().waiting, 1);
}
