//! Deadlines of each, what comes back, later deadlines, urging: NT-07 to NT-10 (CN-116 to CN-126, CN-129).

use super::*;

/// The part of a person in the document, as `by` sees it.
async fn part(cast: &Cast, by: &Person, id: IncomingId, of: &Person) -> Value {
    let seen = cast.seen(by, id).await;
    let parts = seen["assignments"].as_array().unwrap();
    let own = parts.iter().rfind(|part| part["post"] == json!(of.post));
    own.unwrap_or_else(|| panic!("no part in {seen}")).clone()
}

async fn count(person: &Person, desk_box: &str) -> i64 {
    let boxes = person.api_get("/api/v1/boxes").await.ok().json();
    let found = boxes
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["key"] == desk_box);
    found.map_or(0, |one| one["count"].as_i64().unwrap())
}

/// The sentences of the history, newest first.
async fn told(cast: &Cast, id: IncomingId) -> Vec<String> {
    cast.office
        .app
        .db
        .all(
            sql!("SELECT summary FROM journal WHERE object_id = $1 ORDER BY seq DESC"),
            args![id],
        )
        .await
        .unwrap()
        .iter()
        .map(|row| row.get("summary").unwrap())
        .collect()
}

async fn choose(cast: &Cast, key: &str, value: &str) {
    let mut tx = cast.office.app.db.begin().await.unwrap();
    tx.run(
        sql!(
            "INSERT INTO agency_setting (agency_id, key, valid_from, value) VALUES ($1, $2, '2026-01-01', $3)"
        ),
        args![cast.clerk.agency, key, value],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn nt_07_who_only_has_to_know_is_never_late_and_a_late_lead_is_red_everywhere() {
    let mut cast = Cast::new().await;
    let id = cast.directed(1).await;
    cast.office.clock.set("2026-01-13T02:00:00Z".parse().unwrap());
    assert!(lies_in(&cast.head, "due-soon", id).await);
    assert_eq!(
        part(&cast, &cast.head, id, &cast.head).await["deadline_state"],
        "due_soon"
    );
    cast.move_clock("2026-01-16T02:00:00Z").await;
    // C never read it: nowhere late.
    assert_eq!(count(&cast.other_officer, "overdue").await, 0);
    assert!(!lies_in(&cast.other_officer, "overdue", id).await);
    let informed = part(&cast, &cast.leader, id, &cast.other_officer).await;
    assert_eq!(
        (&informed["deadline_state"], &informed["due_on"]),
        (&json!("no_deadline"), &Value::Null)
    );
    let followed = cast
        .leader
        .api_get("/api/v1/incoming/following")
        .await
        .ok()
        .json();
    let states: Vec<_> = followed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["role"].clone(), one["deadline_state"].clone()))
        .collect();
    assert_eq!(
        states,
        [
            (json!("lead"), json!("overdue")),
            (json!("cooperate"), json!("overdue"))
        ]
    );
    assert_eq!(followed["items"][0]["days_left"], -1);
    // A is late: at the desk, on the page, in the list of what is followed up, in the register.
    assert_eq!(count(&cast.head, "overdue").await, 1);
    assert!(lies_in(&cast.head, "overdue", id).await);
    let seen = cast.seen(&cast.leader, id).await;
    assert_eq!(seen["deadline_state"], "overdue");
    let register = cast.clerk.api_get("/api/v1/registers/incoming").await.ok().json();
    assert_eq!(register["items"][0]["deadline_state"], "overdue");
    let head = cast.office.person("longhd.stttt").await;
    for (person, path) in [
        (&head, "/boxes/overdue".to_owned()),
        (&head, format!("/incoming/{id}")),
        (&cast.clerk, "/incoming/following?deadline=overdue".to_owned()),
        (&cast.clerk, "/registers/incoming".to_owned()),
    ] {
        let page = person.get(&path).await.ok().text;
        let late = page.split("badge tone-bad").skip(1);
        assert!(
            late.clone().any(|rest| rest
                .split("</span>")
                .next()
                .unwrap()
                .contains("Quá hạn 15/01/2026")),
            "{path}: {page}"
        );
    }
}

#[tokio::test]
async fn nt_08_what_is_given_back_lies_with_the_giver_who_assigns_again_and_the_history_tells_all() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    let answer = cast.head.api(&api(id, "give-back"), &json!({})).await;
    assert_eq!(
        refusal(&answer),
        (409, "ND30-23.2".into(), "incoming.no_reason".into())
    );
    let body = json!({ "reason": "Không thuộc lĩnh vực của phòng" });
    let command = new_command(&cast.office);
    let first = cast
        .head
        .api_command(&api(id, "give-back"), command, &body)
        .await
        .ok();
    let again = cast
        .head
        .api_command(&api(id, "give-back"), command, &body)
        .await
        .ok();
    assert_eq!(first.json(), again.json());
    assert!(lies_in(&cast.leader, "given-back", id).await);
    assert!(!lies_in(&cast.leader, "handled", id).await);
    assert!(lies_in(&cast.head, "handled", id).await);
    let back = part(&cast, &cast.leader, id, &cast.head).await;
    assert_eq!(
        (&back["state"], &back["reason"]),
        (&json!("given_back"), &body["reason"])
    );
    // Looking at it is not enough: somebody must lead.
    let shown = cast.leader.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(shown.contains("Phân công lại") && shown.contains("Không thuộc lĩnh vực của phòng"));
    assert!(lies_in(&cast.leader, "given-back", id).await);
    let nobody = json!({ "cooperate": [cast.officer.post], "due_on": "2026-01-15" });
    let answer = cast.leader.api(&api(id, "assign"), &nobody).await;
    assert_eq!(refusal(&answer).2, "incoming.one_lead");
    let stays = cast
        .leader
        .post(&page(id, "assign"), &[("text", "Giao đồng chí An"), ("lead", "")])
        .await;
    assert_eq!(stays.status.as_u16(), 422);
    assert!(stays.text.contains("Giao đồng chí An"));
    let body = json!({ "text": "Giao đồng chí An", "lead": cast.officer.post, "due_on": "2026-01-14" });
    cast.leader.api(&api(id, "assign"), &body).await.ok();
    assert!(!lies_in(&cast.leader, "given-back", id).await);
    assert!(lies_in(&cast.leader, "handled", id).await);
    assert!(lies_in(&cast.officer, "handling", id).await);
    let seen = cast.seen(&cast.leader, id).await;
    assert_eq!(seen["due_on"], "2026-01-14");
    let sentences = told(&cast, id).await;
    assert!(
        sentences[0].starts_with("Phân công bổ sung: Nguyễn Văn An"),
        "{sentences:?}"
    );
    assert!(
        sentences[1].starts_with("Trả lại phần việc (Xử lý chính (Chủ trì)) cho Đặng Minh Hưng"),
        "{sentences:?}"
    );
    let page = cast.leader.get(&format!("/incoming/{id}")).await.ok().text;
    for said in [
        "Phân công bổ sung",
        "Trả lại phần việc",
        "Không thuộc lĩnh vực của phòng",
        "Chỉ đạo, phân công",
    ] {
        assert!(page.contains(said), "{said}");
    }
    // The sender was told 04 once; a second directive within the agency is no news to it.
    assert_eq!(handling::status_codes(&cast).await, ["received", "assigned"]);
}

#[tokio::test]
async fn cn_119_a_part_below_comes_back_to_the_head_who_has_it_again() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    let body = json!({ "lead": cast.officer.post, "text": "Anh An xử lý" });
    cast.head.api(&api(id, "pass-down"), &body).await.ok();
    let why = json!({ "reason": "Đang nghỉ phép" });
    cast.officer.api(&api(id, "give-back"), &why).await.ok();
    for desk_box in ["handling", "given-back"] {
        assert!(lies_in(&cast.head, desk_box, id).await, "{desk_box}");
    }
    assert_eq!(part(&cast, &cast.head, id, &cast.head).await["state"], "open");
    // The head opens it: it no longer calls, and is still there to be handled.
    cast.head.get(&format!("/incoming/{id}")).await.ok();
    assert!(!lies_in(&cast.head, "given-back", id).await);
    assert!(lies_in(&cast.head, "handling", id).await);
    assert!(!lies_in(&cast.head, "handled", id).await);
    assert_eq!(count(&cast.head, "given-back").await, 0);
    cast.head
        .api(
            &api(id, "finish"),
            &json!({ "outcome": "result", "result": "Đã xử lý" }),
        )
        .await
        .ok();
    assert_eq!(cast.state(id).await, "finished");
}

#[tokio::test]
async fn nt_09_a_later_deadline_is_asked_refused_asked_granted_and_the_old_one_stays_in_sight() {
    let cast = Cast::new().await;
    choose(&cast, "handling.extension", r#"{"times": 1, "days": 10}"#).await;
    let id = cast.directed(1).await;
    let ask = |day: &str| json!({ "why": "Chờ số liệu của các huyện", "wanted_on": day });
    let answer = cast.head.api(&api(id, "extend"), &ask("2026-01-15")).await;
    assert_eq!(refusal(&answer).2, "incoming.not_later");
    let answer = cast.head.api(&api(id, "extend"), &ask("2026-01-26")).await;
    assert_eq!(
        refusal(&answer),
        (409, "ND30-24.2".into(), "incoming.extended_too_far".into())
    );
    let answer = cast
        .other_officer
        .api(&api(id, "extend"), &ask("2026-01-20"))
        .await;
    assert_eq!(refusal(&answer).2, "incoming.no_deadline_to_extend");
    cast.head.api(&api(id, "extend"), &ask("2026-01-20")).await.ok();
    let answer = cast.head.api(&api(id, "extend"), &ask("2026-01-20")).await;
    assert_eq!(refusal(&answer).2, "incoming.extension_waits");
    assert!(lies_in(&cast.leader, "extensions", id).await);
    assert_eq!(count(&cast.leader, "extensions").await, 1);
    let shown = cast.leader.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(shown.contains("Đồng ý gia hạn") && shown.contains("Chờ số liệu của các huyện"));

    let own = part(&cast, &cast.leader, id, &cast.head).await["id"].clone();
    let refuse = |why: &str| json!({ "assignment": own, "verdict": "refuse", "reason": why });
    let answer = cast.leader.api(&api(id, "answer-extension"), &refuse("")).await;
    assert_eq!(refusal(&answer).2, "incoming.no_reason");
    let answer = cast.head.api(&api(id, "answer-extension"), &refuse("x")).await;
    assert_eq!(refusal(&answer).2, "incoming.not_giver");
    cast.leader
        .api(&api(id, "answer-extension"), &refuse("Cần trước phiên họp"))
        .await
        .ok();
    assert!(!lies_in(&cast.leader, "extensions", id).await);
    assert_eq!(
        part(&cast, &cast.head, id, &cast.head).await["due_on"],
        "2026-01-15"
    );

    cast.head.api(&api(id, "extend"), &ask("2026-01-22")).await.ok();
    let grant = json!({ "assignment": own, "verdict": "grant", "granted_on": "2026-01-20" });
    cast.leader.api(&api(id, "answer-extension"), &grant).await.ok();
    let extended = part(&cast, &cast.head, id, &cast.head).await;
    assert_eq!(extended["due_on"], "2026-01-20");
    assert_eq!(extended["extensions"][0]["state"], "refused");
    assert_eq!(extended["extensions"][0]["answer"], "Cần trước phiên họp");
    assert_eq!(extended["extensions"][1]["old_due_on"], "2026-01-15");
    assert_eq!(extended["extensions"][1]["granted_on"], "2026-01-20");
    assert_eq!(cast.seen(&cast.leader, id).await["due_on"], "2026-01-20");
    let shown = cast.head.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(shown.contains("Hạn cũ 15/01/2026, xin đến 22/01/2026, gia hạn đến 20/01/2026"));
    // The agency allows one for each part.
    let answer = cast.head.api(&api(id, "extend"), &ask("2026-01-24")).await;
    assert_eq!(refusal(&answer).2, "incoming.extended_too_often");
    let sentences = told(&cast, id).await;
    assert!(
        sentences[0].contains("từ 15/01/2026 đến 20/01/2026"),
        "{sentences:?}"
    );
    // Who co-operates still has the own deadline.
    let other = part(&cast, &cast.leader, id, &cast.other_head).await;
    assert_eq!(other["due_on"], "2026-01-15");
}

#[tokio::test]
async fn cn_116_a_head_grants_no_more_than_the_own_deadline() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    let body = json!({ "lead": cast.officer.post, "due_on": "2026-01-13" });
    cast.head.api(&api(id, "pass-down"), &body).await.ok();
    let wish = json!({ "why": "Thiếu số liệu", "wanted_on": "2026-01-19" });
    cast.officer.api(&api(id, "extend"), &wish).await.ok();
    assert!(lies_in(&cast.head, "extensions", id).await);
    assert!(!lies_in(&cast.leader, "extensions", id).await);
    let own = part(&cast, &cast.head, id, &cast.officer).await["id"].clone();
    let grant = |day: &str| json!({ "assignment": own, "verdict": "grant", "granted_on": day });
    let answer = cast
        .head
        .api(&api(id, "answer-extension"), &grant("2026-01-19"))
        .await;
    assert_eq!(refusal(&answer).2, "incoming.deadline_after_parent");
    cast.head
        .api(&api(id, "answer-extension"), &grant("2026-01-15"))
        .await
        .ok();
    assert_eq!(
        part(&cast, &cast.head, id, &cast.officer).await["due_on"],
        "2026-01-15"
    );
}

#[tokio::test]
async fn nt_10_an_unopened_part_is_taken_back_freely_an_opened_one_with_a_reason_a_completed_one_not() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    let of = |part: &Value, reason: &str| json!({ "assignment": part["id"], "reason": reason });

    // Nobody opened it: it was never there.
    let unopened = part(&cast, &cast.leader, id, &cast.other_head).await;
    assert_eq!(unopened["opened"], false);
    let answer = cast
        .other_head
        .api(&api(id, "take-back"), &of(&unopened, "x"))
        .await;
    assert_eq!(refusal(&answer).2, "incoming.not_giver");
    let id_of_other = part(&cast, &cast.leader, id, &cast.other_officer).await;
    cast.leader
        .api(&api(id, "take-back"), &of(&unopened, ""))
        .await
        .ok();
    let missing = cast.other_head.api_get(&format!("/api/v1/incoming/{id}")).await;
    assert!(matches!(missing.status.as_u16(), 200 | 404), "{}", missing.status);
    for desk_box in ["supporting", "handled", "recalled"] {
        assert!(!lies_in(&cast.other_head, desk_box, id).await, "{desk_box}");
    }

    // Opened: a reason, and its holder is told.
    cast.other_officer.get(&format!("/incoming/{id}")).await.ok();
    let answer = cast
        .leader
        .api(&api(id, "take-back"), &of(&id_of_other, ""))
        .await;
    assert_eq!(
        refusal(&answer),
        (409, "ND30-23.2".into(), "incoming.no_reason".into())
    );
    let stays = cast
        .leader
        .post(
            &page(id, "take-back"),
            &[
                ("assignment", id_of_other["id"].as_str().unwrap()),
                ("reason", ""),
            ],
        )
        .await;
    assert_eq!(stays.status.as_u16(), 422);
    cast.leader
        .api(&api(id, "take-back"), &of(&id_of_other, "Giao nhầm người"))
        .await
        .ok();
    assert!(lies_in(&cast.other_officer, "recalled", id).await);
    let shown = cast.other_officer.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(shown.contains("Giao nhầm người"));
    assert!(!lies_in(&cast.other_officer, "recalled", id).await);
    assert!(lies_in(&cast.other_officer, "handled", id).await);

    // Completed: it stays.
    let more = json!({ "cooperate": [cast.officer.post] });
    cast.leader.api(&api(id, "assign"), &more).await.ok();
    let added = part(&cast, &cast.leader, id, &cast.officer).await;
    assert_eq!(added["due_on"], "2026-01-15", "the deadline of the lead");
    cast.officer
        .api(&api(id, "complete"), &json!({ "result": "Đã góp ý" }))
        .await
        .ok();
    let answer = cast.leader.api(&api(id, "take-back"), &of(&added, "x")).await;
    assert_eq!(
        refusal(&answer),
        (409, "ND30-23.2".into(), "incoming.part_done".into())
    );

    // With the lead goes everything below it; the document waits for another lead.
    let lead = part(&cast, &cast.leader, id, &cast.head).await;
    let down = json!({ "lead": cast.officer.post });
    cast.head.api(&api(id, "pass-down"), &down).await.ok();
    cast.leader
        .api(&api(id, "take-back"), &of(&lead, "Giao đơn vị khác"))
        .await
        .ok();
    for holder in [&cast.head, &cast.officer] {
        assert_eq!(part(&cast, &cast.leader, id, holder).await["state"], "taken_back");
        assert!(!lies_in(holder, "handling", id).await);
    }
    assert!(lies_in(&cast.leader, "given-back", id).await);
}

#[tokio::test]
async fn cn_120_who_never_opened_what_was_sent_by_mistake_does_not_see_it_any_more() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    let more = json!({ "inform": [cast.officer.post] });
    cast.leader.api(&api(id, "assign"), &more).await.ok();
    let added = part(&cast, &cast.leader, id, &cast.officer).await;
    let body = json!({ "assignment": added["id"] });
    cast.leader.api(&api(id, "take-back"), &body).await.ok();
    let gone = cast.officer.api_get(&format!("/api/v1/incoming/{id}")).await;
    assert_eq!(gone.status.as_u16(), 404);
    assert!(!lies_in(&cast.officer, "information", id).await);
}

#[tokio::test]
async fn cn_121_another_lead_is_named_and_the_register_follows() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    let other = part(&cast, &cast.leader, id, &cast.other_head).await;
    let body = json!({ "assignment": other["id"], "role": "lead", "due_on": "2026-01-19" });
    let answer = cast.head.api(&api(id, "change"), &body).await;
    assert_eq!(refusal(&answer).2, "incoming.not_giver");
    cast.leader.api(&api(id, "change"), &body).await.ok();
    assert!(lies_in(&cast.other_head, "handling", id).await);
    assert!(lies_in(&cast.head, "supporting", id).await);
    assert_eq!(
        part(&cast, &cast.leader, id, &cast.head).await["role"],
        "cooperate"
    );
    let register = cast.clerk.api_get("/api/v1/registers/incoming").await.ok().json();
    assert!(
        register["items"][0]["receiver"]
            .as_str()
            .unwrap()
            .contains("Bách")
    );
    assert_eq!(register["items"][0]["due_on"], "2026-01-19");
    let fields = [
        ("assignment", other["id"].as_str().unwrap()),
        ("role", "lead"),
        ("due_on", "2026-01-19"),
    ];
    let stays = cast.leader.post(&page(id, "change"), &fields).await;
    assert_eq!(stays.status.as_u16(), 422);
    assert!(stays.text.contains("Vai trò và thời hạn không thay đổi"));
}

#[tokio::test]
async fn nd30_24_1_cn_129_those_who_handle_are_urged_one_and_many() {
    let cast = Cast::new().await;
    let (one, two) = (cast.directed(1).await, cast.directed(2).await);
    let item = |items: Value, id: IncomingId| {
        let items = items["items"].as_array().unwrap().clone();
        items.into_iter().find(|item| item["id"] == json!(id)).unwrap()
    };
    cast.head.get(&format!("/incoming/{one}")).await.ok();
    let body = json!({ "urging": "Đề nghị báo cáo trước thứ sáu" });
    cast.clerk.api(&api(one, "urge"), &body).await.ok();
    for (person, desk_box) in [(&cast.head, "handling"), (&cast.other_head, "supporting")] {
        let items = person
            .api_get(&format!("/api/v1/boxes/{desk_box}"))
            .await
            .ok()
            .json();
        let called = item(items, one);
        assert_eq!((&called["urged"], &called["unread"]), (&json!(1), &json!(true)));
    }
    assert_eq!(
        part(&cast, &cast.clerk, one, &cast.other_officer).await["urged"],
        0
    );
    let answer = cast.officer.api(&api(one, "urge"), &json!({})).await;
    assert_eq!(answer.status.as_u16(), 404);
    let answer = cast.other_officer.api(&api(one, "urge"), &json!({})).await;
    assert_eq!(
        refusal(&answer),
        (409, "ND30-24.1".into(), "incoming.may_not_urge".into())
    );

    // From the list: two parts of two documents, one of another agency.
    let ids = [
        part(&cast, &cast.leader, one, &cast.head).await["id"].clone(),
        part(&cast, &cast.leader, two, &cast.head).await["id"].clone(),
        json!(new_command(&cast.office)),
    ];
    let lines = cast
        .leader
        .api("/api/v1/incoming/urge", &json!({ "id": ids }))
        .await
        .ok()
        .json();
    let problems: Vec<bool> = lines
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["problem"].is_string())
        .collect();
    assert_eq!(problems, [false, false, true]);
    assert_eq!(part(&cast, &cast.leader, one, &cast.head).await["urged"], 2);
    let done = cast
        .leader
        .post(
            "/incoming/urge",
            &[("id", ids[1].as_str().unwrap()), ("urging", "Khẩn trương")],
        )
        .await;
    assert_eq!(done.location, "/incoming/following");
    let foreign = cast
        .foreign_clerk
        .api("/api/v1/incoming/urge", &json!({ "id": [ids[0]] }))
        .await
        .ok()
        .json();
    assert!(foreign[0]["problem"].is_string());
    assert_eq!(part(&cast, &cast.leader, two, &cast.head).await["urged"], 2);
}

#[tokio::test]
async fn cn_129_the_list_of_what_is_followed_up_is_filtered_and_paged_by_the_deadline() {
    let cast = Cast::new().await;
    for number in 1..=14 {
        cast.directed(number).await;
    }
    let read = |path: String| {
        let leader = cast.leader.clone();
        async move { leader.api_get(&path).await.ok().json() }
    };
    let first = read("/api/v1/incoming/following".to_owned()).await;
    assert_eq!(first["items"].as_array().unwrap().len(), 25);
    let next = first["next"].as_str().unwrap();
    let second = read(format!("/api/v1/incoming/following?after={next}")).await;
    assert_eq!(second["items"].as_array().unwrap().len(), 3);
    let previous = second["previous"].as_str().unwrap();
    let back = read(format!("/api/v1/incoming/following?before={previous}")).await;
    assert_eq!(back["items"], first["items"]);
    let found = read("/api/v1/incoming/following?q=lan+14&deadline=on_time".to_owned()).await;
    assert_eq!(found["items"].as_array().unwrap().len(), 2);
    assert!(
        read("/api/v1/incoming/following?deadline=overdue".to_owned()).await["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    // A head follows the own unit; somebody without parts to follow sees none; another agency sees nothing of this one.
    let own = cast.head.api_get("/api/v1/incoming/following").await.ok().json();
    assert_eq!(own["items"].as_array().unwrap().len(), 14);
    for person in [&cast.other_officer, &cast.foreign_clerk] {
        let none = person.api_get("/api/v1/incoming/following").await.ok().json();
        assert_eq!(none["items"], json!([]));
    }
    let wrong = cast.leader.api_get("/api/v1/incoming/following?after=x").await;
    assert_eq!(wrong.status.as_u16(), 422);
}

#[tokio::test]
async fn cn_123_a_document_that_needs_no_action_ends_with_a_reason_one_to_be_answered_with_a_reply() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    let answer = cast
        .head
        .api(&api(id, "finish"), &json!({ "outcome": "no_action" }))
        .await;
    assert_eq!(refusal(&answer).2, "incoming.no_reason");
    let body = json!({ "outcome": "no_action", "result": "Chỉ để theo dõi" });
    cast.head.api(&api(id, "finish"), &body).await.ok();
    let seen = cast.seen(&cast.head, id).await;
    assert_eq!(seen["result"], "Không cần xử lý tiếp: Chỉ để theo dõi");

    let id = cast.presented(2).await;
    let head = cast.head.post.to_string();
    let fields = [
        ("lead", head.as_str()),
        ("due_on", "2026-01-15"),
        ("reply_required", "on"),
    ];
    cast.leader.post(&page(id, "direct"), &fields).await.ok();
    assert_eq!(cast.seen(&cast.head, id).await["reply_required"], true);
    let answer = cast
        .head
        .api(
            &api(id, "finish"),
            &json!({ "outcome": "result", "result": "Đã gọi điện" }),
        )
        .await;
    assert_eq!(refusal(&answer).2, "incoming.reply_required");
    let shown = cast.head.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(shown.contains("Lãnh đạo yêu cầu trả lời"));
}

#[tokio::test]
async fn cn_110_cn_117_the_slip_and_the_stamp_are_printed_for_those_who_see_a_registered_document() {
    let cast = Cast::new().await;
    let id = cast.delivered(1).await;
    let (slip, stamp) = (page(id, "slip.pdf"), page(id, "stamp.pdf"));
    for path in [&slip, &stamp] {
        assert_eq!(cast.clerk.get(path).await.status.as_u16(), 409);
        assert_eq!(cast.foreign_clerk.get(path).await.status.as_u16(), 404);
    }
    let id = cast.directed(2).await;
    for path in [
        page(id, "slip.pdf"),
        page(id, "stamp.pdf"),
        api(id, "slip"),
        api(id, "stamp"),
    ] {
        let answer = if path.starts_with("/api") {
            cast.head.api_get(&path).await.ok()
        } else {
            cast.head.get(&path).await.ok()
        };
        assert_eq!(answer.header("content-type"), Some("application/pdf"), "{path}");
        assert!(answer.bytes.starts_with(b"%PDF"), "{path}");
    }
    let shown = cast.clerk.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(shown.contains("In phiếu giải quyết") && shown.contains("In dấu ĐẾN"));
}
