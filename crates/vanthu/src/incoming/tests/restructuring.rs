//! Units that change (SIGA#569, Steedos#1877; CN-916): nothing open is left without somebody who answers for it.

use axum::http::StatusCode;
use rules::ids::UnitId;

use super::{handling::status_codes, *};

async fn unit_of(office: &Office, person: &Person) -> UnitId {
    let row = office
        .app
        .db
        .one(sql!("SELECT unit_id FROM post WHERE id = $1"), args![person.post])
        .await
        .unwrap();
    row.get("unit_id").unwrap()
}

async fn unit_name(office: &Office, unit: UnitId) -> String {
    let row = office
        .app
        .db
        .one(sql!("SELECT name FROM unit WHERE id = $1"), args![unit])
        .await
        .unwrap();
    row.get("name").unwrap()
}

/// The person in the post that they hold now.
async fn now(office: &Office, username: &str) -> Person {
    let row = office
        .app
        .db
        .one(
            sql!(
                "SELECT p.id FROM post p JOIN account a ON a.id = p.account_id WHERE a.username = $1 AND p.valid_to IS NULL"
            ),
            args![username],
        )
        .await
        .unwrap();
    office.person_in(username, row.get("id").unwrap()).await
}

#[tokio::test]
async fn siga_569_steedos_1877_a_unit_is_closed_with_drafts_tasks_opinions_and_exchange_and_nothing_is_orphaned()
 {
    let cast = Cast::new().await;
    let office = &cast.office;
    let administrator = office.person("tupa.stttt").await;
    let (unit, successor) = (
        unit_of(office, &cast.head).await,
        unit_of(office, &cast.other_head).await,
    );
    assert_ne!(unit, successor);
    // Open tasks: one lies with the unit, one was passed down; both came over the exchange and wait for a status.
    let with_unit = cast.directed(1).await;
    let with_officer = cast.directed(2).await;
    let body = json!({ "text": "Anh An xử lý", "lead": cast.officer.post, "due_on": "2026-01-14" });
    cast.head.api(&api(with_officer, "pass-down"), &body).await.ok();
    cast.officer
        .api(&api(with_officer, "start"), &json!({}))
        .await
        .ok();
    // A draft, about which another draft's round also asks this officer.
    let draft = |subject: &str| {
        json!({
            "type_key": "bao_cao", "subject": subject, "recipients": [cast.foreign_clerk.agency],
            "main_text": "Kết quả thực hiện nhiệm vụ chuyển đổi số năm 2025.",
        })
    };
    let own = cast
        .officer
        .api("/api/v1/outgoing", &draft("Báo cáo của đơn vị cũ"))
        .await
        .ok()
        .json();
    let own = format!("/api/v1/outgoing/{}", own["id"].as_str().unwrap());
    let asked = cast
        .other_officer
        .api("/api/v1/outgoing", &draft("Báo cáo xin ý kiến"))
        .await
        .ok()
        .json();
    let asked = format!("/api/v1/outgoing/{}", asked["id"].as_str().unwrap());
    let question =
        json!({ "members": [cast.officer.post], "question": "Đề nghị cho ý kiến.", "due_on": "2026-01-12" });
    let round = cast
        .other_officer
        .api(&format!("{asked}/consultations"), &question)
        .await
        .ok()
        .json()["consultation"]
        .clone();

    // A stranger and the administrator of another agency get nowhere; without a successor it is refused.
    let path = format!("/api/v1/units/{unit}/close");
    let body = json!({ "successor": successor, "basis": "Quyết định 05/QĐ-STTTT ngày 06/01/2026" });
    assert_eq!(cast.officer.api(&path, &body).await.status, StatusCode::CONFLICT);
    let elsewhere = json!({ "successor": UnitId::from_uuid(office.app.ids.next()), "basis": "QĐ" });
    let refused = administrator.api(&path, &elsewhere).await;
    assert_eq!(
        refusal(&refused),
        (409, "QC01-12".into(), "unit.no_successor".into())
    );
    // A dry run changes nothing and lists everything.
    let form = format!("/administration/units/{unit}/close");
    let (to, basis) = (successor.to_string(), "Quyết định 05/QĐ-STTTT");
    let fields = [
        ("step", "preview"),
        ("successor", to.as_str()),
        ("close_basis", basis),
    ];
    let preview = administrator.post(&form, &fields).await.ok().text;
    assert!(preview.contains("Xem trước, chưa thực hiện") && preview.contains("Báo cáo của đơn vị cũ"));
    assert!(lies_in(&cast.officer, "handling", with_officer).await);

    let done = administrator.api(&path, &body).await.ok().json();
    assert!(done["lines"].as_u64().unwrap() >= 6, "{done}");
    let minutes = administrator
        .get(&format!("/administration/units/{unit}"))
        .await
        .ok()
        .text;
    for expected in [
        "Biên bản bàn giao",
        "Báo cáo của đơn vị cũ",
        "Báo cáo xin ý kiến",
        "Đơn vị kế thừa",
    ] {
        assert!(minutes.contains(expected), "{expected}: {minutes}");
    }
    // What lay with the unit lies with the head of the successor, with its deadline; the officer goes on in the new post.
    let officer = now(office, "annv.stttt").await;
    assert_ne!(officer.post, cast.officer.post);
    assert_eq!(unit_of(office, &officer).await, successor);
    assert!(lies_in(&cast.other_head, "handling", with_unit).await);
    assert!(lies_in(&officer, "handling", with_officer).await);
    let opinions = officer.api_get("/api/v1/boxes/opinions").await.ok().json();
    assert_eq!(opinions["items"][0]["subject"], "Báo cáo xin ý kiến");
    let seen = cast.seen(&officer, with_officer).await;
    let open = seen["assignments"]
        .as_array()
        .unwrap()
        .iter()
        .find(|part| part["state"] == "open" && part["role"] == "lead")
        .unwrap();
    assert_eq!(open["due_on"], "2026-01-14");
    // Their session goes on, and the acts too: draft, opinion, task.
    cast.officer.get("/boxes/handling").await.ok();
    officer.api(&format!("{own}/submit"), &json!({})).await.ok();
    let reviewed = cast
        .other_head
        .api(&format!("{own}/sign-off-content"), &json!({}))
        .await
        .ok();
    assert_eq!(reviewed.json()["state"], "form_review");
    let reply = format!("{asked}/consultations/{}/reply", round.as_str().unwrap());
    officer
        .api(&reply, &json!({ "view": "agree", "text": "" }))
        .await
        .ok();
    let finish = json!({ "outcome": "result", "result": "Đã tham mưu" });
    officer.api(&api(with_officer, "finish"), &finish).await.ok();
    // The sender is told under the same identifiers as before.
    assert!(status_codes(&cast).await.contains(&"finished".to_owned()));
    // Nothing waits on a desk of an ended post.
    let orphans = office
        .app
        .db
        .one(
            sql!(
                "SELECT count(*) AS n FROM desk d JOIN post p ON p.id = d.owner_id WHERE p.valid_to < '2026-01-08' \
                 AND d.box NOT IN ('handled', 'issued')"
            ),
            args![],
        )
        .await
        .unwrap();
    assert_eq!(orphans.get::<i64>("n").unwrap(), 0);
    let again = administrator.api(&path, &body).await;
    assert_eq!(refusal(&again).2, "unit.closed");
}

#[tokio::test]
async fn cn_916_what_would_have_no_receiver_is_listed_and_refused() {
    let cast = Cast::new().await;
    let office = &cast.office;
    let administrator = office.person("tupa.stttt").await;
    let unit = unit_of(office, &cast.head).await;
    cast.directed(1).await;
    // The head has left, and the new unit has nobody yet.
    let close = format!("/api/v1/accounts/{}/close", cast.head.account);
    administrator
        .api(&close, &json!({ "reason": "Nghỉ hưu" }))
        .await
        .ok();
    let created = administrator
        .post(
            &format!("/administration/agencies/{}/units", administrator.agency),
            &[
                ("name", "Phòng Chuyển đổi số"),
                ("abbr", "CĐS"),
                ("basis", "QĐ 06"),
            ],
        )
        .await
        .ok();
    let new: UnitId = created.location.rsplit('/').next().unwrap().parse().unwrap();
    let path = format!("/api/v1/units/{unit}/close");
    let mut body = json!({ "successor": new, "basis": "Quyết định 05/QĐ-STTTT" });
    let refused = administrator.api(&path, &body).await;
    assert_eq!(refusal(&refused), (409, "QC01-12".into(), "unit.orphans".into()));
    assert!(refused.text.contains("chuyển đổi số lần 1"), "{}", refused.text);
    body["receiver"] = json!(cast.other_head.post);
    administrator.api(&path, &body).await.ok();
    assert!(
        cast.other_head
            .api_get("/api/v1/boxes/handling")
            .await
            .ok()
            .json()["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|item| item["subject"].as_str().unwrap().contains("lần 1"))
    );
}

#[tokio::test]
async fn cn_916_a_renamed_unit_keeps_its_old_name_on_old_work() {
    let mut cast = Cast::new().await;
    let unit = unit_of(&cast.office, &cast.head).await;
    let old = unit_name(&cast.office, unit).await;
    let before = cast.directed(1).await;
    cast.move_clock("2026-01-08T03:00:00Z").await;
    let administrator = cast.office.person("tupa.stttt").await;
    let path = format!("/api/v1/units/{unit}/rename");
    let body = json!({ "name": "Phòng Chuyển đổi số", "abbr": "CĐS" });
    let refused = administrator.api(&path, &body).await;
    assert_eq!(refusal(&refused).2, "unit.no_basis");
    let body = json!({ "name": "Phòng Chuyển đổi số", "abbr": "CĐS", "basis": "Quyết định 07/QĐ-STTTT" });
    assert_eq!(
        cast.officer.api(&path, &body).await.status,
        StatusCode::CONFLICT,
        "only an administrator"
    );
    administrator.api(&path, &body).await.ok();
    cast.move_clock("2026-01-08T04:00:00Z").await;
    let after = cast.directed(2).await;
    let place = async |id| {
        // The page has forms besides, in which units bear the name of today.
        let answer = cast.clerk.api_get(&format!("/api/v1/incoming/{id}")).await;
        let told = answer.ok().json().to_string();
        (told.contains(&old), told.contains("Phòng Chuyển đổi số"))
    };
    assert_eq!(place(before).await, (true, false));
    assert_eq!(place(after).await, (false, true));
    let page = administrator
        .get(&format!("/administration/units/{unit}"))
        .await
        .ok()
        .text;
    assert!(page.contains("Tên trước đây") && page.contains(&old), "{page}");
}

#[tokio::test]
async fn cn_916_slips_dossiers_and_envelopes_of_a_closed_unit_go_on() {
    let cast = Cast::new().await;
    let office = &cast.office;
    let administrator = office.person("tupa.stttt").await;
    let (unit, successor) = (
        unit_of(office, &cast.head).await,
        unit_of(office, &cast.other_head).await,
    );
    // A slip of the officer waits for the head; an old one was given up long ago.
    let slip = json!({
        "subject": "Xin chủ trương mua sắm máy quét", "body": "Máy cũ đã hỏng.",
        "steps": [[cast.head.post], [cast.leader.post]],
    });
    let mut slips = Vec::new();
    let reason = json!({ "reason": "Chưa cần nữa" });
    for (after, body) in [("cancel", &reason), ("submit", &json!({}))] {
        let made = cast.officer.api("/api/v1/slips", &slip).await.ok().json();
        let at = format!("/api/v1/slips/{}", made["id"].as_str().unwrap());
        cast.officer.api(&format!("{at}/{after}"), body).await.ok();
        slips.push(at);
    }
    let with_unit = cast.directed(1).await;
    let note = json!({ "dossier_unit": unit, "dossier_description": "2 hộp hồ sơ" });
    let dossier = cast
        .clerk
        .api(&api(with_unit, "dossiers"), &note)
        .await
        .ok()
        .json();
    let envelope = json!({
        "addressee_kind": "person", "addressee_post": cast.officer.post, "sender": "Công ty Minh Hòa",
        "arrived_on": "2026-01-08",
    });
    let unopened = "/api/v1/incoming/unopened";
    let envelope = cast.clerk.api(unopened, &envelope).await.ok().json();

    let body = json!({ "successor": successor, "basis": "Quyết định 05/QĐ-STTTT" });
    administrator
        .api(&format!("/api/v1/units/{unit}/close"), &body)
        .await
        .ok();
    let minutes = administrator
        .get(&format!("/administration/units/{unit}"))
        .await
        .ok()
        .text;
    for expected in [
        "Phiếu trình",
        "Xin chủ trương mua sắm máy quét",
        "2 hộp hồ sơ",
        "Công ty Minh Hòa",
    ] {
        assert!(minutes.contains(expected), "{expected}: {minutes}");
    }
    // Everybody goes on in the new post.
    let (officer, head) = (now(office, "annv.stttt").await, now(office, "longhd.stttt").await);
    let decided = json!({ "answer": "approve", "comment": "" });
    let moved = head
        .api(&format!("{}/decide", slips[1]), &decided)
        .await
        .ok()
        .json();
    assert_eq!(moved["state"], "running");
    officer.api(&format!("{}/cancel", slips[1]), &reason).await.ok();
    let receive = format!(
        "/api/v1/incoming/dossiers/{}/receive",
        dossier["id"].as_str().unwrap()
    );
    cast.other_head.api(&receive, &json!({})).await.ok();
    let back = format!("{unopened}/{}/hand-back", envelope["id"].as_str().unwrap());
    let reason = json!({ "reason": "Đề nghị cấp phép" });
    officer.api(&back, &reason).await.ok();
}
