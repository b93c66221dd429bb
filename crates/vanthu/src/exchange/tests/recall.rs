//! Thu hồi: ND30-18.4, PL6-III.8, QD28-8.2, 9.2.

use rules::exchange::Business;
use store::{Act, Begun};

use super::*;
use crate::exchange::{Order, dispatch};

const SUBJECT: &str = "Kế hoạch chuyển đổi số ban hành nhầm";

#[tokio::test]
async fn nt_11_qd28_16_6_cn_128_a_recall_before_reception_after_registration_and_after_completion() {
    let hub = Hub::new().await;
    let to = [hub.department.agency, hub.other.agency, hub.district.agency];
    let sent = hub.sent(SUBJECT, &to).await;
    // The district has not accepted it; Sở Nội vụ has registered it; Sở TT&TT has finished it.
    let unread = hub.copy(&sent, &hub.district).await;
    let registered = hub.copy(&sent, &hub.other).await;
    assert_eq!(hub.accept(&hub.other, registered).await, 1);
    let finished = hub.copy(&sent, &hub.department).await;
    hub.direct(finished).await;
    let done = json!({ "outcome": "result", "result": "Đã tổ chức thực hiện" });
    act(&hub.unit_head, finished, "finish", done).await.ok();
    let file = incoming(&hub.other, registered).await["files"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    hub.other.get(&format!("/files/{file}")).await.ok();

    let recalled = hub.recall(&sent, &to).await.ok().json();
    assert_eq!((&recalled["asked"], &recalled["dropped"]), (&json!(3), &json!(0)));
    hub.office.drain().await;

    for (clerk, id) in [(&hub.district, unread), (&hub.other, registered)] {
        let seen = incoming(clerk, id).await;
        assert_eq!(seen["state"], "recalled");
        assert!(!seen.to_string().contains("chuyển đổi số"), "{seen}");
        assert_eq!(seen["files"], json!([]));
        assert_eq!(seen["signer_name"], "");
        assert_eq!(seen["requests"][0]["state"], "agreed");
        assert_eq!(seen["requests"][0]["reason"], "Ban hành nhầm đối tượng áp dụng");
        assert_eq!(hub.line(&sent, clerk).await["recall_state"], "agreed");
    }
    assert_eq!(
        hub.other.get(&format!("/files/{file}")).await.status.as_u16(),
        404
    );
    let found = hub
        .other
        .api_get("/api/v1/search?q=chuyen%20doi%20so")
        .await
        .ok()
        .json();
    assert_eq!(found["items"], json!([]));
    // The number stays in the register, with what identifies the document, and is not given again.
    let book = hub.other.api_get("/api/v1/registers/incoming").await.ok().json();
    let lines = book["items"].as_array().unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["arrival_number"], 1);
    assert!(lines[0]["subject"].as_str().unwrap().contains("thu hồi"));
    let next = hub.sent("Văn bản sau", &[hub.other.agency]).await;
    let next = hub.copy(&next, &hub.other).await;
    assert_eq!(hub.accept(&hub.other, next).await, 2);

    // Where it was worked on the clerk confirms.
    assert_eq!(incoming(&hub.department, finished).await["state"], "finished");
    assert!(lies_in(&hub.department, "requests", finished).await);
    assert_eq!(
        hub.line(&sent, &hub.department).await["recall_state"],
        "requested"
    );
    let page = hub
        .department
        .get(&format!("/incoming/{finished}"))
        .await
        .ok()
        .text;
    assert!(page.contains("Bên gửi yêu cầu thu hồi văn bản này"));
    assert!(page.contains("Hủy văn bản, báo lại bên gửi") && !page.contains("Từ chối thu hồi"));
    assert!(page.contains("Văn bản thông báo"), "the notice is linked");
    let for_others = hub
        .unit_head
        .get(&format!("/incoming/{finished}"))
        .await
        .ok()
        .text;
    assert!(!for_others.contains("Hủy văn bản, báo lại bên gửi"));
    let answer = hub
        .answer(&hub.department, finished, "agree", json!({}))
        .await
        .ok()
        .json();
    assert_eq!(answer["state"], "recalled");
    assert!(!lies_in(&hub.department, "requests", finished).await);
    hub.office.drain().await;
    let line = hub.line(&sent, &hub.department).await;
    assert_eq!(
        (
            &line["state"],
            &line["recall_state"],
            &line["requests"][0]["state"]
        ),
        (&json!("finished"), &json!("agreed"), &json!("agreed"))
    );
    // The trail is kept on both sides.
    let there = hub.acts(finished.as_uuid()).await;
    assert!(
        there.ends_with(&["incoming.requested".to_owned(), "incoming.withdraw".to_owned()]),
        "{there:?}"
    );
    let here = hub.acts(sent.id.as_uuid()).await;
    assert_eq!(
        here.iter().filter(|act| *act == "exchange.answered").count(),
        3,
        "{here:?}"
    );
    assert!(here.contains(&"outgoing.recall".to_owned()));
    let page = hub.clerk.get(&sent.page()).await.ok().text;
    assert!(page.contains("Đã thu hồi lúc") && page.contains("3 đã hủy hoặc không gửi nữa"));
}

#[tokio::test]
async fn cn_220_pl6_iii_8_a_recalled_document_is_frozen_and_stays_in_the_register() {
    let hub = Hub::new().await;
    let sent = hub.sent(SUBJECT, &[hub.department.agency]).await;
    hub.recall(&sent, &[hub.department.agency]).await.ok();
    hub.office.drain().await;
    let seen = hub.clerk.api_get(&sent.api()).await.ok().json();
    assert!(seen["recalled_at"].is_string());
    assert_eq!(
        (&seen["subject"], &seen["state"]),
        (&json!(SUBJECT), &json!("issued"))
    );
    assert_eq!(seen["may"], json!([]));
    let again = hub.recall(&sent, &[hub.department.agency]).await;
    assert_eq!(
        refusal(&again),
        ("PL6-III.8".into(), "outgoing.recalled_before".into())
    );
    let update = json!({ "reason": "Sửa", "subject": "Khác" });
    let update = hub.clerk.api(&format!("{}/update", sent.api()), &update).await;
    assert_eq!(refusal(&update), ("PL6-III.8".into(), "outgoing.frozen".into()));
    let line = hub.line(&sent, &hub.department).await;
    let resend = format!(
        "{}/deliveries/{}/resend",
        sent.api(),
        line["id"].as_str().unwrap()
    );
    let resend = hub.clerk.api(&resend, &json!({ "reason": "Gửi lại" })).await;
    assert_eq!(refusal(&resend).0, "PL6-III.8");
    let mut draft = hub.draft("Văn bản thay thế", &[hub.department.agency]).await;
    draft["replaces"] = json!([sent.id]);
    let replace = hub.drafter.api("/api/v1/outgoing", &draft).await;
    assert_eq!(refusal(&replace), ("PL6-III.8".into(), "outgoing.frozen".into()));
    let book = hub.clerk.api_get("/api/v1/registers/outgoing").await.ok().json();
    let line = book["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["number_and_symbol"] == json!(sent.number_and_symbol))
        .unwrap()
        .clone();
    assert_eq!(line["note"], "Đã thu hồi ngày 08/01/2026");
    let page = hub.clerk.get(&sent.page()).await.ok().text;
    assert!(page.contains("đóng băng") && !page.contains("Cập nhật và gửi"));
}

#[tokio::test]
async fn nd30_18_4b_a_recall_needs_a_notice_unless_the_agency_chose_otherwise() {
    let hub = Hub::new().await;
    let sent = hub.sent(SUBJECT, &[hub.department.agency]).await;
    let at = format!("{}/recall", sent.api());
    let bare = json!({ "reason": "Ban hành nhầm", "decision": "Chủ tịch" });
    assert_eq!(
        refusal(&hub.clerk.api(&at, &bare).await),
        ("ND30-18.4b".into(), "outgoing.recall_notice".into())
    );
    // On the page what was typed stays, beside the sentence.
    let fields = [
        ("reason", "Ban hành nhầm"),
        ("decision", "Chủ tịch"),
        ("notice", ""),
    ];
    let stays = hub.clerk.post(&format!("{}/recall", sent.page()), &fields).await;
    assert_eq!(stays.status.as_u16(), 422);
    assert!(
        stays.text.contains("Vui lòng chọn văn bản thông báo thu hồi")
            && stays.text.contains("Ban hành nhầm")
    );
    for person in [&hub.drafter, &hub.chair] {
        assert_eq!(refusal(&person.api(&at, &bare).await).0, "ND30-4.2b");
    }
    // A stranger gets the same answer as for nothing.
    assert_eq!(hub.department.api(&at, &bare).await.status.as_u16(), 404);
    hub.set(hub.clerk.agency, "exchange.recall_notice_required", "false")
        .await;
    hub.clerk.api(&at, &bare).await.ok();
}

#[tokio::test]
async fn cn_128_a_recall_stops_the_work_and_tells_those_who_were_at_it() {
    let hub = Hub::new().await;
    let sent = hub.sent(SUBJECT, &[hub.department.agency]).await;
    let id = hub.copy(&sent, &hub.department).await;
    hub.direct(id).await;
    hub.unit_head.get(&format!("/incoming/{id}")).await.ok();
    hub.recall(&sent, &[hub.other.agency]).await.ok();
    hub.office.drain().await;
    hub.answer(&hub.department, id, "agree", json!({})).await.ok();
    assert!(!lies_in(&hub.unit_head, "handling", id).await);
    assert!(lies_in(&hub.unit_head, "recalled", id).await);
    let refused = act(&hub.unit_head, id, "start", json!({})).await;
    assert_eq!(refusal(&refused), ("QD28-9.2".into(), "incoming.recalled".into()));
    let reply =
        json!({ "type_key": "cong_van", "subject": "trả lời", "reply_to": id, "main_text": "Kính gửi." });
    let reply = hub.unit_head.api("/api/v1/outgoing", &reply).await;
    assert_eq!(refusal(&reply).0, "QD28-9.2");
    // Once seen, the notice has done its work; the counters follow.
    let page = hub.unit_head.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(page.contains("Văn bản đã bị bên gửi thu hồi") && page.contains("Ban hành nhầm đối tượng"));
    assert!(!lies_in(&hub.unit_head, "recalled", id).await);
    assert!(lies_in(&hub.unit_head, "handled", id).await);
    let counts = hub
        .office
        .app
        .db
        .all(
            sql!(
                "SELECT c.box, c.count, (SELECT count(*) FROM desk d WHERE d.owner_id = c.owner_id AND d.box = c.box) AS lying \
                 FROM desk_count c WHERE c.owner_id = $1"
            ),
            args![hub.unit_head.post],
        )
        .await
        .unwrap();
    assert!(!counts.is_empty());
    for row in counts {
        let of: String = row.get("box").unwrap();
        assert_eq!(
            row.get::<i64>("count").unwrap(),
            row.get::<i64>("lying").unwrap(),
            "{of}"
        );
    }
}

#[tokio::test]
async fn cn_409_a_recall_is_refused_only_where_the_agency_allows_it_and_may_be_asked_for_again() {
    let hub = Hub::new().await;
    let sent = hub.sent(SUBJECT, &[hub.department.agency]).await;
    let id = hub.copy(&sent, &hub.department).await;
    hub.direct(id).await;
    hub.recall(&sent, &[hub.other.agency]).await.ok();
    hub.office.drain().await;
    let reason = json!({ "reason": "Đã triển khai, đề nghị trao đổi" });
    let refused = hub.answer(&hub.department, id, "refuse", reason.clone()).await;
    assert_eq!(
        refusal(&refused),
        ("QD28-9.2".into(), "incoming.recall_is_a_duty".into())
    );
    hub.set(hub.department.agency, "exchange.recall_may_be_refused", "true")
        .await;
    let silent = hub
        .answer(&hub.department, id, "refuse", json!({ "reason": " " }))
        .await;
    assert_eq!(refusal(&silent).0, "QD28-5.4");
    hub.answer(&hub.department, id, "refuse", reason).await.ok();
    hub.office.drain().await;
    let line = hub.line(&sent, &hub.department).await;
    assert_eq!(
        (
            &line["recall_state"],
            &line["requests"][0]["state"],
            &line["requests"][0]["answer"]
        ),
        (
            &json!("refused"),
            &json!("refused"),
            &json!("Đã triển khai, đề nghị trao đổi")
        )
    );
    assert_eq!(incoming(&hub.department, id).await["state"], "assigned");
    // Asked again; now the clerk agrees, and only the newest request counts.
    let page = hub.clerk.get(&sent.page()).await.ok().text;
    assert!(page.contains("Gửi lại yêu cầu thu hồi"));
    let again = format!(
        "{}/deliveries/{}/resend",
        sent.api(),
        line["id"].as_str().unwrap()
    );
    let resent = hub
        .clerk
        .api(&again, &json!({ "reason": "Đã trao đổi với lãnh đạo Sở" }))
        .await;
    assert_eq!(resent.ok().json()["business"], "recall");
    hub.office.drain().await;
    assert_eq!(
        hub.line(&sent, &hub.department).await["recall_state"],
        "requested"
    );
    hub.answer(&hub.department, id, "agree", json!({})).await.ok();
    hub.office.drain().await;
    let line = hub.line(&sent, &hub.department).await;
    assert_eq!(line["recall_state"], "agreed");
    let states: Vec<_> = line["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].clone())
        .collect();
    assert_eq!(states, ["refused", "agreed"]);
}

#[tokio::test]
async fn qd28_8_2_what_has_not_left_is_taken_back_without_a_message() {
    let hub = Hub::new().await;
    hub.set(hub.clerk.agency, "exchange.recall_notice_required", "false")
        .await;
    let sent = hub
        .issue(
            &hub.draft(SUBJECT, &[hub.department.agency, hub.other.agency])
                .await,
        )
        .await;
    let bare = json!({ "reason": "Ban hành nhầm", "decision": "Chủ tịch" });
    let answer = hub
        .clerk
        .api(&format!("{}/recall", sent.api()), &bare)
        .await
        .ok()
        .json();
    assert_eq!((&answer["asked"], &answer["dropped"]), (&json!(0), &json!(2)));
    hub.office.drain().await;
    assert_eq!(hub.find_copy(&sent, &hub.department).await, None);
    let line = hub.line(&sent, &hub.department).await;
    assert_eq!(
        (&line["state"], &line["recall_state"], &line["events"]),
        (&json!("dropped"), &json!("agreed"), &json!([]))
    );
}

#[tokio::test]
async fn qd28_8_2_a_recall_that_overtakes_its_document_drops_it() {
    let hub = Hub::new().await;
    let sent = hub
        .issue(&hub.draft(SUBJECT, &[hub.department.agency]).await)
        .await;
    let app = &hub.office.app;
    let mut tx = app.db.begin().await.unwrap();
    // The worker of the document is slow.
    tx.run(sql!("UPDATE job SET run_at = run_at + 3600000000"), args![])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let line = app
        .db
        .one(
            sql!("SELECT id FROM delivery WHERE outgoing_id = $1"),
            args![sent.id],
        )
        .await
        .unwrap();
    let command = rules::ids::CommandId::from_uuid(app.ids.next());
    let Begun::Now(mut act) =
        Act::begin::<()>(&app.db, &app.clock, &app.ids, store::Actor::system(), command)
            .await
            .unwrap()
    else {
        panic!("a fresh command was known")
    };
    let order = Order {
        business: Business::Recall,
        reason: "Ban hành nhầm".to_owned(),
        lines: Some(vec![line.get("id").unwrap()]),
        ..Order::new_document(sent.id)
    };
    dispatch(&mut act, order).await.unwrap();
    act.journal(store::Entry {
        act: "test",
        object_kind: "outgoing",
        object: sent.id.as_uuid(),
        agency: None,
        summary: String::new(),
        details: json!({}),
    })
    .await
    .unwrap();
    act.commit(&()).await.unwrap();
    hub.office.drain().await;
    hub.office.clock.set("2026-01-08T03:00:00Z".parse().unwrap());
    hub.office.drain().await;
    assert_eq!(hub.find_copy(&sent, &hub.department).await, None);
    let row = app
        .db
        .one(
            sql!("SELECT state FROM delivery WHERE outgoing_id = $1"),
            args![sent.id],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<String>("state").unwrap(), "dropped");
}

#[tokio::test]
async fn qd28_9_2_a_request_and_its_packet_have_one_effect_however_often_they_come() {
    let hub = Hub::new().await;
    let sent = hub.sent(SUBJECT, &[hub.department.agency]).await;
    let id = hub.copy(&sent, &hub.department).await;
    hub.direct(id).await;
    hub.recall(&sent, &[hub.other.agency]).await.ok();
    hub.office.drain().await;
    let app = &hub.office.app;
    let order = app
        .db
        .one(
            sql!(
                "SELECT l.dispatch_id, l.delivery_id FROM dispatch_line l JOIN dispatch d ON d.id = l.dispatch_id \
                 WHERE d.outgoing_id = $1 AND d.business = 'recall'"
            ),
            args![sent.id],
        )
        .await
        .unwrap();
    let (dispatch, delivery): (uuid::Uuid, uuid::Uuid) = (
        order.get("dispatch_id").unwrap(),
        order.get("delivery_id").unwrap(),
    );
    let mut tx = app.db.begin().await.unwrap();
    tx.run(
        sql!(
            "INSERT INTO job (id, kind, payload, run_at, attempts, locked_until, dead) VALUES ($1, 'exchange.deliver', $2, 0, 0, 0, 0)"
        ),
        args![app.ids.next(), json!({ "dispatch": dispatch, "delivery": delivery }).to_string()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    hub.office.drain().await;
    assert_eq!(
        incoming(&hub.department, id).await["requests"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    // The same request on another way (a status 13 beside the packet) is a second question with one answer.
    let request = hub.request(&hub.department, id).await;
    let agree = format!("/api/v1/incoming/{id}/requests/{request}/agree");
    let command = app.ids.next();
    let first = hub
        .department
        .api_command(&agree, command, &json!({}))
        .await
        .ok()
        .json();
    let second = hub
        .department
        .api_command(&agree, command, &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(first, second);
    let late = hub.department.api(&agree, &json!({})).await;
    assert_eq!(refusal(&late).0, "QD28-9.2");
    let strange = format!("/api/v1/incoming/{id}/requests/{}/agree", app.ids.next());
    assert_ne!(
        hub.department.api(&strange, &json!({})).await.status.as_u16(),
        200
    );
    hub.office.drain().await;
    let events = hub.line(&sent, &hub.department).await["events"].to_string();
    assert_eq!(events.matches("\"15\"").count(), 1, "{events}");
}
