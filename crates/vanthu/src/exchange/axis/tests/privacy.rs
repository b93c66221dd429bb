//! Who sees which packets, and what stays of a document that was recalled.

use axis_emulator::{
    letter::Business,
    partner::{Command, SentByPartner},
};
use store::{args, sql};
use uuid::Uuid;

use super::{Axis, RECIPIENT, agency, own, province_administrator, text};
use crate::testing::Person;

const SUBJECT: &str = "Đề nghị báo cáo số liệu nội bộ";

fn letter(to: &str) -> Command {
    Command {
        from: "G99".to_owned(),
        to: vec![to.to_owned()],
        subject: Some(SUBJECT.to_owned()),
        number: Some("77".to_owned()),
        ..Command::default()
    }
}

async fn packet(axis: &Axis, state: &str) -> Uuid {
    let found = text(
        &axis.theirs,
        sql!("SELECT axis_doc_id AS text FROM axis_inbox WHERE state = $1 ORDER BY id"),
        args![state],
    )
    .await;
    axis.theirs
        .app
        .db
        .one(
            sql!("SELECT id FROM axis_inbox WHERE axis_doc_id = $1 AND state = $2"),
            args![found[0].as_str(), state],
        )
        .await
        .unwrap()
        .get("id")
        .unwrap()
}

/// A letter to a code that is nobody's, over a connection that serves two agencies.
async fn of_nobody(axis: &Axis) -> Uuid {
    let mut tx = axis.theirs.app.db.begin().await.unwrap();
    tx.run(sql!("DELETE FROM axis_own_code WHERE code = 'G90'"), args![])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    own(&axis.theirs, axis.their_connection, "snv", "G90.02").await;
    axis.emulator.partner_sends(&letter("G90")).unwrap();
    axis.settle_in_time().await;
    packet(axis, "misdirected").await
}

/// Nothing of the packet is there for this person, and nothing can be done with it.
async fn is_hidden_from(person: &Person, id: Uuid) {
    for page in ["/exchange", "/exchange/received"] {
        let page = person.get(page).await.ok();
        assert!(!page.text.contains(&id.to_string()) && !page.text.contains(SUBJECT));
    }
    let at = format!("/exchange/received/{id}");
    for path in [at.clone(), format!("{at}/file")] {
        assert_eq!(person.get(&path).await.status.as_u16(), 404, "{path}");
    }
    let own = person
        .post(&format!("{at}/return"), &[("reason", "Gửi nhầm")])
        .await;
    assert_eq!(own.status.as_u16(), 404);
}

#[tokio::test]
async fn qc01_4_packets_of_nobody_are_for_one_agency_and_the_administrator_without_content() {
    let axis = Axis::new().await;
    let id = of_nobody(&axis).await;
    let office = &axis.theirs;
    let (one, other) = (axis.their_clerk().await, office.person("oanhntk.snv").await);
    is_hidden_from(&one, id).await;
    is_hidden_from(&other, id).await;
    let administrator = province_administrator(office).await;
    let page = administrator.get("/exchange").await.ok();
    assert!(page.text.contains("77/BVD-VP") && page.text.contains("G99"));
    assert!(!page.text.contains(SUBJECT));
    let at = format!("/exchange/received/{id}");
    let page = administrator.get(&at).await.ok();
    assert!(page.text.contains("77/BVD-VP") && !page.text.contains(SUBJECT));
    let file = format!("{at}/file");
    assert_eq!(administrator.get(&file).await.status.as_u16(), 404);
    // Chosen in the form of the connection, the clerks of one agency look after it.
    let form = format!("/exchange/connections/{}", axis.their_connection);
    assert!(
        administrator
            .get(&form)
            .await
            .ok()
            .text
            .contains("Cơ quan xử lý gói tin chưa rõ nơi nhận")
    );
    let chosen = agency(office, "snv").await.to_string();
    let address = axis.emulator.url();
    let fields = |unclaimed: &str| {
        [
            ("name", "Trục thử nghiệm".to_owned()),
            ("base_url", address.clone()),
            ("system_id", "DEMO-KIT".to_owned()),
            ("plain_http", "on".to_owned()),
            ("names_recipients", "on".to_owned()),
            ("doc_id_key", "docId".to_owned()),
            ("doc_id_of_status_key", "docid".to_owned()),
            ("poll_seconds", "60".to_owned()),
            ("packet_mb", "256".to_owned()),
            ("unclaimed", unclaimed.to_owned()),
        ]
    };
    let post = async |unclaimed: &str| {
        let fields = fields(unclaimed);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        administrator.post(&form, &fields).await
    };
    let stranger = agency(office, "ubnd").await.to_string();
    assert_eq!(post(&stranger).await.status.as_u16(), 422);
    post(&chosen).await.ok();
    is_hidden_from(&one, id).await;
    assert!(other.get("/exchange").await.ok().text.contains(SUBJECT));
    assert!(other.get("/exchange/received").await.ok().text.contains(SUBJECT));
    other.get(&file).await.ok();
    other
        .post(
            &format!("{at}/return"),
            &[("reason", "Không thuộc hệ thống này.")],
        )
        .await
        .ok();
    // Without a code on the connection the agency looks after nothing.
    administrator
        .post(&format!("{form}/codes/remove"), &[("code", "G90.02")])
        .await
        .ok();
    let left = text(
        office,
        sql!("SELECT unclaimed_agency_id AS text FROM axis_connection WHERE unclaimed_agency_id IS NOT NULL"),
        args![],
    )
    .await;
    assert!(left.is_empty());
}

#[tokio::test]
async fn qc01_4_a_packet_that_cannot_be_read_belongs_to_the_agency_of_its_code() {
    let axis = Axis::new().await;
    axis.emulator
        .partner_sends(&Command {
            xml: Some("<?xml version=\"1.0\"?><edXML><khong-phai-van-ban/></edXML>".to_owned()),
            ..letter(RECIPIENT)
        })
        .unwrap();
    axis.settle_in_time().await;
    let at = format!("/exchange/received/{}", packet(&axis, "quarantined").await);
    axis.their_clerk().await.get(&at).await.ok();
    let other = axis.theirs.person("nhungpth.ubnd").await;
    assert_eq!(other.get(&at).await.status.as_u16(), 404);
}

/// What the first packet said.
async fn said(axis: &Axis) -> String {
    let bytes: Vec<u8> = axis
        .theirs
        .app
        .db
        .one(
            sql!("SELECT sha256 FROM axis_inbox WHERE sha256 IS NOT NULL ORDER BY id LIMIT 1"),
            args![],
        )
        .await
        .unwrap()
        .get("sha256")
        .unwrap();
    let digest = store::Digest::from_slice(&bytes).unwrap();
    String::from_utf8(axis.theirs.app.blobs.read(digest).await.unwrap()).unwrap()
}

/// Sends it once more.
fn said_again(axis: &Axis, xml: &str) {
    axis.emulator
        .partner_sends(&Command {
            xml: Some(xml.to_owned()),
            ..letter(RECIPIENT)
        })
        .unwrap();
}

fn about(business: Business, sent: &SentByPartner) -> Command {
    Command {
        business,
        target: sent.document_id.clone(),
        reason: Some("Ban hành nhầm".to_owned()),
        subject: Some(format!("{SUBJECT}, {business:?}")),
        ..letter(RECIPIENT)
    }
}

#[tokio::test]
async fn nd30_18_4_nothing_of_a_recalled_document_is_left_in_its_packets() {
    let axis = Axis::new().await;
    let sent = axis.emulator.partner_sends(&letter(RECIPIENT)).unwrap();
    axis.settle_in_time().await;
    let xml = said(&axis).await;
    said_again(&axis, &xml);
    axis.settle_in_time().await;
    axis.emulator
        .partner_sends(&about(Business::Update, &sent))
        .unwrap();
    axis.settle_in_time().await;
    // A request whose sender the channel does not name waits for the clerk.
    axis.emulator
        .partner_sends(&Command {
            from: "G99.03".to_owned(),
            ..about(Business::Recall, &sent)
        })
        .unwrap();
    axis.settle_in_time().await;
    axis.emulator
        .partner_sends(&about(Business::Recall, &sent))
        .unwrap();
    axis.settle_in_time().await;
    let id = axis.arrived().await[0];
    assert_eq!(axis.seen(id).await["state"], "recalled");
    // What comes afterwards says it no more than what came before.
    said_again(&axis, &xml);
    axis.emulator
        .partner_sends(&Command {
            subject: Some(format!("{SUBJECT}, bản cập nhật sau")),
            ..about(Business::Update, &sent)
        })
        .unwrap();
    axis.settle_in_time().await;
    let clerk = axis.their_clerk().await;
    for path in ["/exchange", "/exchange/received", "/exchange/sent"] {
        let page = clerk.get(path).await.ok();
        assert!(!page.text.contains(SUBJECT), "{path}");
    }
    let rows = axis
        .theirs
        .app
        .db
        .all(
            sql!("SELECT id, state, business FROM axis_inbox WHERE kind = 'edoc' ORDER BY id"),
            args![],
        )
        .await
        .unwrap();
    assert!(rows.len() >= 6, "{}", rows.len());
    for row in rows {
        let (id, state, business): (Uuid, String, String) = (
            row.get("id").unwrap(),
            row.get("state").unwrap(),
            row.get("business").unwrap(),
        );
        let at = format!("/exchange/received/{id}");
        let page = clerk.get(&at).await.ok();
        assert!(!page.text.contains(SUBJECT), "{state} {business}");
        let file = clerk.get(&format!("{at}/file")).await;
        assert_eq!(file.status.as_u16(), 404, "{state} {business}");
    }
    let page = clerk.get(&format!("/incoming/{id}")).await.ok();
    assert!(!page.text.contains(SUBJECT));
    let evidence = clerk.get(&format!("/incoming/{id}/evidence")).await;
    assert!(!evidence.status.is_success());
    assert!(evidence.text.contains("thu hồi"), "{}", evidence.text);
    let kept = text(
        &axis.theirs,
        sql!(
            "SELECT changes AS text FROM sender_request UNION ALL SELECT fields AS text FROM incoming_version"
        ),
        args![],
    )
    .await;
    assert!(kept.iter().all(|kept| !kept.contains(SUBJECT)), "{kept:?}");
}

#[tokio::test]
async fn nd30_18_4_a_document_that_is_not_recalled_keeps_its_packets_and_evidence() {
    let axis = Axis::new().await;
    axis.emulator.partner_sends(&letter(RECIPIENT)).unwrap();
    axis.settle_in_time().await;
    let id = axis.arrived().await[0];
    let clerk = axis.their_clerk().await;
    clerk.get(&format!("/incoming/{id}/evidence")).await.ok();
    let at = format!("/exchange/received/{}", packet(&axis, "taken").await);
    assert!(clerk.get(&at).await.ok().text.contains(SUBJECT));
    let file = clerk.get(&format!("{at}/file")).await.ok();
    assert!(file.text.contains(SUBJECT));
}
