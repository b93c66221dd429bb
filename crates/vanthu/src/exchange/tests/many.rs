//! A document to the whole province.

use std::time::Instant;

use super::*;

const RECIPIENTS: usize = 300;

/// So many agencies more.
async fn agencies(hub: &Hub) -> Vec<AgencyId> {
    let app = &hub.office.app;
    let mut made = Vec::with_capacity(RECIPIENTS);
    let mut tx = app.db.begin().await.unwrap();
    for nth in 0..RECIPIENTS {
        let id = AgencyId::from_uuid(app.ids.next());
        tx.run(
            sql!(
                "INSERT INTO agency (id, parent_id, level, name, abbr, account_suffix, code, place_name, collective, head_title, \
                 deputy_title, folded_name, valid_from) SELECT $1, parent_id, level, $2, abbr, $3, $4, place_name, collective, \
                 head_title, deputy_title, $2, valid_from FROM agency WHERE id = $5"
            ),
            args![
                id,
                format!("Cơ quan thử nghiệm số {nth}"),
                format!("thu{nth}"),
                format!("H16.9{nth:03}"),
                hub.department.agency
            ],
        )
        .await
        .unwrap();
        made.push(id);
    }
    tx.commit().await.unwrap();
    made
}

#[tokio::test]
async fn cn_217_a_document_to_three_hundred_agencies_is_one_set_of_files_and_three_hundred_lines() {
    let made = Hub::new().await;
    let hub = &made;
    hub.set(hub.clerk.agency, "exchange.recall_notice_required", "false")
        .await;
    let to = agencies(hub).await;
    let draft = hub.draft("Chỉ đạo toàn tỉnh", &to).await;
    let saved = hub.drafter.api("/api/v1/outgoing", &draft).await.ok().json();
    let at = format!("/api/v1/outgoing/{}", saved["id"].as_str().unwrap());
    for (person, act) in [
        (&hub.drafter, "submit"),
        (&hub.head, "sign-off-content"),
        (&hub.clerk, "sign-off-form"),
        (&hub.chair, "approve"),
    ] {
        person.api(&format!("{at}/{act}"), &json!({})).await.ok();
    }
    let began = Instant::now();
    let issued = hub
        .clerk
        .api(&format!("{at}/issue"), &json!({}))
        .await
        .ok()
        .json();
    println!("issue to {RECIPIENTS}: {:?}", began.elapsed());
    let id: OutgoingId = issued["id"].as_str().unwrap().parse().unwrap();
    let count = |text: store::Sql| async move {
        let row = hub.office.app.db.one(text, args![id]).await.unwrap();
        row.get::<i64>("n").unwrap()
    };
    assert_eq!(
        count(sql!("SELECT count(*) AS n FROM delivery WHERE outgoing_id = $1")).await,
        300
    );
    assert_eq!(
        count(sql!("SELECT count(*) AS n FROM dispatch_line l JOIN dispatch d ON d.id = l.dispatch_id WHERE d.outgoing_id = $1")).await,
        300
    );
    let began = Instant::now();
    hub.office.drain().await;
    println!("delivery to {RECIPIENTS}: {:?}", began.elapsed());
    let row = hub
        .office
        .app
        .db
        .one(
            sql!(
                "SELECT count(*) AS copies, count(DISTINCT i.file_set) AS sets FROM incoming i \
                 JOIN delivery d ON d.id = i.delivery_id WHERE d.outgoing_id = $1"
            ),
            args![id],
        )
        .await
        .unwrap();
    assert_eq!(
        (row.get::<i64>("copies").unwrap(), row.get::<i64>("sets").unwrap()),
        (300, 1)
    );
    let began = Instant::now();
    let body = json!({ "reason": "Ban hành nhầm", "decision": "Chủ tịch" });
    let recalled = hub.clerk.api(&format!("{at}/recall"), &body).await.ok().json();
    println!("recall from {RECIPIENTS}: {:?}", began.elapsed());
    assert_eq!(recalled["asked"], 300);
    let began = Instant::now();
    let page = hub.clerk.get(&format!("/outgoing/{id}")).await.ok();
    println!("page with {RECIPIENTS} recipients: {:?}", began.elapsed());
    // A page of them, and a way to each other one.
    assert!(page.text.contains("1–25 trong 300 nơi nhận"));
    assert_eq!(page.text.matches("Tải gói chứng cứ").count(), 25);
    let found = hub
        .clerk
        .get(&format!(
            "/outgoing/{id}?state=recall_requested&recipient=thu+nghiem+so+299"
        ))
        .await
        .ok();
    assert!(found.text.contains("1–1 trong 1 nơi nhận") && found.text.contains("Cơ quan thử nghiệm số 299"));
    hub.office.drain().await;
    let row = hub
        .office
        .app
        .db
        .one(
            sql!("SELECT count(*) AS n FROM delivery WHERE outgoing_id = $1 AND recall_state = 'agreed'"),
            args![id],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<i64>("n").unwrap(), 300);
}
