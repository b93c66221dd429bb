//! Deadlines of each, later deadlines, urging and following up: NT-07, NT-09 (CN-116, CN-126, CN-129).

use super::*;

/// Chooses a setting of the agency.
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
async fn nt_07_cn_125_who_only_has_to_know_is_never_late_and_a_late_lead_is_red_everywhere() {
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
