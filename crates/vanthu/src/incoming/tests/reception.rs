use super::*;

#[tokio::test]
async fn a_second_delivery_of_the_same_line_changes_nothing() {
    let cast = Cast::new().await;
    let packet = cast.packet(1).await;
    let first = cast.deliver(packet.clone()).await;
    let mut again = packet;
    again.subject = "Khác".into();
    assert_eq!(cast.deliver(again).await, first);
    assert!(
        cast.seen(&cast.clerk, first).await["subject"]
            .as_str()
            .unwrap()
            .starts_with("V/v triển khai")
    );
    let count = cast
        .office
        .app
        .db
        .one(
            sql!("SELECT count FROM desk_count WHERE owner_id = $1 AND box = 'reception'"),
            args![cast.clerk.agency],
        )
        .await
        .unwrap();
    assert_eq!(count.get::<i64>("count").unwrap(), 1);
}

#[tokio::test]
async fn nd30_22_2_accepting_gives_the_arrival_number_in_the_same_act() {
    let cast = Cast::new().await;
    let id = cast.delivered(1).await;
    assert!(lies_in(&cast.clerk, "reception", id).await);
    let seen = cast.seen(&cast.clerk, id).await;
    assert_eq!(seen["acts"], json!(["register", "refuse"]));
    assert_eq!(seen["legal_value"], "for_reference");
    let outcomes: Vec<_> = seen["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| check["outcome"].clone())
        .collect();
    assert_eq!(outcomes, ["passed", "passed", "undetermined"]);

    let body = json!({ "due_on": "2026-01-20", "note": "Chuyển gấp" });
    let answer = cast.clerk.api(&api(id, "register"), &body).await.ok().json();
    assert_eq!(
        (&answer["arrival_number"], &answer["arrived_on"]),
        (&json!(1), &json!("2026-01-08"))
    );
    let seen = cast.seen(&cast.clerk, id).await;
    assert_eq!(
        (&seen["state"], &seen["due_on"]),
        (&json!("registered"), &json!("2026-01-20"))
    );
    assert!(!lies_in(&cast.clerk, "reception", id).await);
    assert!(lies_in(&cast.clerk, "presenting", id).await);
}

#[tokio::test]
async fn nt_05_nd30_22_2_fifty_parallel_registrations_give_fifty_consecutive_numbers() {
    let cast = Cast::new().await;
    let mut ids = Vec::new();
    for number in 1..=50 {
        ids.push(cast.delivered(number).await);
    }
    let mut running = tokio::task::JoinSet::new();
    for id in ids {
        let clerk = cast.clerk.clone();
        running.spawn(async move {
            let answer = clerk.api(&api(id, "register"), &json!({})).await.ok().json();
            answer["arrival_number"].as_u64().unwrap()
        });
    }
    let mut numbers = running.join_all().await;
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=50).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_same_command_twice_has_one_effect_and_one_answer() {
    let cast = Cast::new().await;
    let id = cast.delivered(1).await;
    let command = new_command(&cast.office);
    let first = cast
        .clerk
        .api_command(&api(id, "register"), command, &json!({}))
        .await
        .ok();
    let second = cast
        .clerk
        .api_command(&api(id, "register"), command, &json!({}))
        .await
        .ok();
    assert_eq!(first.json(), second.json());
    let other = cast.clerk.api(&api(id, "register"), &json!({})).await;
    assert_eq!(
        refusal(&other),
        (409, "QD28-9.1".into(), "incoming.wrong_state".into())
    );
    let next = cast.registered(2).await;
    assert_eq!(cast.seen(&cast.clerk, next).await["arrival_number"], 2);
}

#[tokio::test]
async fn nd30_4_2b_only_clerks_of_the_agency_register() {
    let cast = Cast::new().await;
    let id = cast.delivered(1).await;
    for person in [&cast.leader, &cast.head, &cast.officer, &cast.foreign_clerk] {
        let answer = person.api(&api(id, "register"), &json!({})).await;
        assert_eq!(answer.status.as_u16(), 404, "{}", answer.text);
    }
    let id = cast.presented(2).await;
    let answer = cast.leader.api(&api(id, "register"), &json!({})).await;
    assert_eq!(
        refusal(&answer),
        (409, "ND30-4.2b".into(), "access.not_allowed".into())
    );
}

#[tokio::test]
async fn cn_103_qd28_5_4_a_refusal_needs_a_reason_and_goes_back_to_the_sender() {
    let cast = Cast::new().await;
    let id = cast.delivered(1).await;
    let answer = cast
        .clerk
        .api(&api(id, "refuse"), &json!({ "reason": "  " }))
        .await;
    assert_eq!(
        refusal(&answer),
        (409, "QD28-5.4".into(), "incoming.no_reason".into())
    );
    let stays = cast.clerk.post(&page(id, "refuse"), &[("reason", "")]).await;
    assert_eq!(stays.status.as_u16(), 422);
    assert!(stays.text.contains("Vui lòng ghi lý do từ chối"));

    cast.clerk
        .post(&page(id, "refuse"), &[("reason", "Gửi nhầm cơ quan")])
        .await
        .ok();
    assert_eq!(cast.state(id).await, "refused");
    assert!(lies_in(&cast.clerk, "refused", id).await);
    let job = cast
        .office
        .app
        .db
        .one(
            sql!("SELECT payload FROM job WHERE kind = 'exchange.status'"),
            args![],
        )
        .await
        .unwrap();
    let message: Value = job.json("payload").unwrap();
    assert_eq!(
        (&message["code"], &message["description"]),
        (&json!("refused"), &json!("Gửi nhầm cơ quan"))
    );
}

/// What this person was told of: kind and document.
async fn told_of(person: &Person) -> Vec<(String, Value)> {
    let found = person.api_get("/api/v1/notices").await.ok().json();
    let items = found["items"].as_array().unwrap().iter();
    items
        .map(|item| (item["box"].as_str().unwrap().to_owned(), item["id"].clone()))
        .collect()
}

#[tokio::test]
async fn cn_105_nd30_21_1a_the_refusal_tells_the_head_of_the_agency_as_well_as_the_sender() {
    let cast = Cast::new().await;
    let id = cast.delivered(1).await;
    let at = format!("/incoming/{id}");
    assert_eq!(cast.leader.get(&at).await.status.as_u16(), 404);
    let reason = json!({ "reason": "Tệp phụ lục không mở được" });
    cast.clerk.api(&api(id, "refuse"), &reason).await.ok();
    let sent = cast
        .office
        .app
        .db
        .all(
            sql!("SELECT payload FROM job WHERE kind = 'exchange.status'"),
            args![],
        )
        .await
        .unwrap();
    assert_eq!(sent.len(), 1);
    assert_eq!(
        told_of(&cast.leader).await,
        [("returned_to_sender".to_owned(), json!(id))]
    );
    let bell = cast.leader.get("/notices").await.ok().text;
    assert!(
        bell.contains("Văn bản đến có sai sót, đã trả lại nơi gửi"),
        "{bell}"
    );
    let shown = cast.leader.get(&at).await.ok().text;
    assert!(shown.contains("Tệp phụ lục không mở được"), "{shown}");
    // Others see nothing of it, as before.
    for nobody in [&cast.deputy, &cast.head, &cast.officer, &cast.foreign_clerk] {
        assert!(told_of(nobody).await.is_empty());
        assert_eq!(nobody.get(&at).await.status.as_u16(), 404);
    }
    // Heads choose whether the bell tells them; nobody else can be told of it.
    let muted = json!({ "muted": ["returned_to_sender"] });
    cast.leader.api("/api/v1/notices/settings", &muted).await.ok();
    assert!(told_of(&cast.leader).await.is_empty());
    let refused = cast.deputy.api("/api/v1/notices/settings", &muted).await;
    assert_eq!(refusal(&refused).2, "notices.unknown_box");
}

#[tokio::test]
async fn qd28_9_1_a_damaged_delivery_is_not_accepted() {
    let cast = Cast::new().await;
    let mut packet = cast.packet(1).await;
    packet.announced[0].sha256 = Some("0".repeat(64));
    packet.announced.push(Announced {
        name: "phu_luc.xlsx".into(),
        sha256: None,
    });
    let id = cast.deliver(packet).await;
    let answer = cast.clerk.api(&api(id, "register"), &json!({})).await;
    assert_eq!(
        refusal(&answer),
        (409, "QD28-9.1".into(), "incoming.check_failed".into())
    );
    let seen = cast.seen(&cast.clerk, id).await;
    assert_eq!(seen["acts"], json!(["refuse", "register"]));
    let page = cast.clerk.get(&format!("/incoming/{id}")).await.ok();
    assert!(page.text.contains("Thiếu tệp “phu_luc.xlsx”"), "{}", page.text);
}

#[tokio::test]
async fn qc01_1_2_a_state_secret_is_not_registered() {
    let cast = Cast::new().await;
    let id = cast.delivered(1).await;
    // As it would lie there from before the door knew this mark.
    let mut tx = cast.office.app.db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE incoming SET symbol = 'UBND-MẬT' WHERE id = $1"),
        args![id],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let answer = cast.clerk.api(&api(id, "register"), &json!({})).await;
    assert_eq!(refusal(&answer).1, "QC01-1.2");
    assert_eq!(cast.state(id).await, "delivered");
}

#[tokio::test]
async fn several_are_registered_at_once_with_one_line_each() {
    let cast = Cast::new().await;
    let (good, gone, also) = (
        cast.delivered(1).await,
        cast.registered(2).await,
        cast.delivered(3).await,
    );
    let lines = cast
        .clerk
        .api("/api/v1/incoming/register", &json!({ "id": [good, gone, also] }))
        .await
        .ok()
        .json();
    let numbers: Vec<_> = lines
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["arrival_number"].clone())
        .collect();
    assert_eq!(numbers, [json!(2), Value::Null, json!(3)]);
    assert!(lines[1]["problem"].as_str().unwrap().contains("Đã đăng ký"));

    let by_form = cast.delivered(4).await.to_string();
    let page = cast
        .clerk
        .post(
            "/incoming/register",
            &[("id", &by_form), ("id", &gone.to_string())],
        )
        .await
        .ok();
    assert!(page.text.contains("1/2 văn bản đã vào sổ"), "{}", page.text);
    assert!(page.text.contains("Số đến 04"));
}

#[tokio::test]
async fn nt_05_cn_107_numbers_begin_again_in_a_new_year_and_never_go_back() {
    let mut cast = Cast::new().await;
    cast.registered(1).await;
    cast.move_clock("2026-12-31T16:59:00Z").await;
    let last = cast.registered(2).await;
    cast.move_clock("2026-12-31T17:01:00Z").await;
    let first = cast.registered(3).await;
    let (last, first) = (
        cast.seen(&cast.clerk, last).await,
        cast.seen(&cast.clerk, first).await,
    );
    assert_eq!(
        (&last["arrival_number"], &last["arrived_on"]),
        (&json!(2), &json!("2026-12-31"))
    );
    assert_eq!(
        (&first["arrival_number"], &first["arrived_on"]),
        (&json!(1), &json!("2027-01-01"))
    );
    let late = cast.delivered(4).await;
    cast.move_clock("2026-06-01T01:00:00Z").await;
    let answer = cast.clerk.api(&api(late, "register"), &json!({})).await;
    assert_eq!(refusal(&answer).1, "ND30-22.2");
}

/// The values of the inputs of this name on a page, in order.
fn values<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    page.split(&format!("name=\"{name}\" value=\""))
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[tokio::test]
async fn cn_130_several_documents_of_the_reception_box_are_registered_at_once_with_one_line_each() {
    let cast = Cast::new().await;
    let good = [cast.delivered(1).await, cast.delivered(2).await];
    let mut broken = cast.packet(3).await;
    broken.announced[0].sha256 = Some(Digest::of(b"something else").to_string());
    let broken = cast.deliver(broken).await;

    // A plain form, so it works without a script: check boxes, the hidden command, one button.
    let page = cast.clerk.get("/boxes/reception").await.ok().text;
    let form = page.split("action=\"/incoming/register\"").nth(1).unwrap();
    let form = form.split("</form>").next().unwrap();
    assert!(form.contains("Tiếp nhận và vào sổ") && form.contains("data-check-all"));
    let chosen = values(form, "id");
    assert_eq!(chosen.len(), 3);
    let command: Uuid = values(form, "command_id")[0].parse().unwrap();
    let fields: Vec<(&str, &str)> = chosen.iter().map(|id| ("id", *id)).collect();
    let result = cast
        .clerk
        .post_command("/incoming/register", command, &fields)
        .await
        .ok()
        .text;
    assert!(result.contains("2/3 văn bản đã vào sổ"), "{result}");
    assert_eq!(result.matches("<li class=\"card part\">").count(), 3);
    assert!(result.contains("Số đến 01") && result.contains("Số đến 02"));
    assert!(result.contains("Chưa vào sổ") && result.contains("không đạt kiểm tra"));
    for id in good {
        assert_eq!(cast.state(id).await, "registered");
    }
    assert_eq!(cast.state(broken).await, "delivered");
    // A double click gets the same lines and takes no number.
    let again = cast
        .clerk
        .post_command("/incoming/register", command, &fields)
        .await
        .ok()
        .text;
    assert!(again.contains("2/3 văn bản đã vào sổ"));
    let next = cast.registered(4).await;
    assert_eq!(cast.seen(&cast.clerk, next).await["arrival_number"], 3);
    // Other boxes, and nothing chosen.
    let other = cast.clerk.get("/boxes/presenting").await.ok().text;
    assert!(!other.contains("/incoming/register\""));
    let nothing = cast.clerk.post("/incoming/register", &[]).await;
    assert_eq!(nothing.status.as_u16(), 422);
    assert!(nothing.text.contains("Chọn từ 1 đến 200 văn bản"));
}

#[tokio::test]
async fn nt_01_cn_104_a_valid_package_is_checked_registered_and_acknowledged_on_the_same_day() {
    let cast = Cast::new().await;
    let id = cast.delivered(1).await;
    assert!(lies_in(&cast.clerk, "reception", id).await);
    let shown = cast.clerk.get(&format!("/incoming/{id}")).await.ok().text;
    for check in [
        "Tính đầy đủ",
        "Tính toàn vẹn",
        "Tính xác thực",
        "H16,2026,01/UBND-KGVX",
    ] {
        assert!(shown.contains(check), "{check}");
    }
    let done = cast
        .clerk
        .post(&page(id, "register"), &[("due_on", ""), ("note", "")])
        .await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let seen = cast.seen(&cast.clerk, id).await;
    assert_eq!(
        (&seen["arrival_number"], &seen["arrived_on"], &seen["state"]),
        (&json!(1), &json!("2026-01-08"), &json!("registered"))
    );
    assert_eq!(seen["checks"][0]["outcome"], "passed");
    assert!(!lies_in(&cast.clerk, "reception", id).await);
    assert!(lies_in(&cast.clerk, "presenting", id).await);
    // The answer 03 leaves with the registration: in the same act, so on the same day.
    let rows = cast
        .office
        .app
        .db
        .all(
            sql!("SELECT payload FROM job WHERE kind = 'exchange.status' ORDER BY id"),
            args![],
        )
        .await
        .unwrap();
    let told: Vec<Value> = rows.iter().map(|row| row.json("payload").unwrap()).collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["code"], "received");
    assert!(
        told[0]["at"].as_str().unwrap().starts_with("2026-01-08"),
        "{}",
        told[0]
    );
}

#[tokio::test]
async fn cn_004_cn_113_what_is_not_registered_or_presented_by_the_next_working_day_is_before_the_clerks() {
    let mut cast = Cast::new().await;
    let usual = cast.delivered(1).await;
    let registered = cast.registered(2).await;
    let mut express = cast.packet(3).await;
    express.urgency = Urgency::Express;
    let express = cast.deliver(express).await;
    // Thursday: what is urgent is registered and presented at once.
    assert_eq!(count(&cast.clerk, "late-arrivals").await, 1);
    assert!(lies_in(&cast.clerk, "late-arrivals", express).await);
    let page = cast.clerk.get("/boxes/late-arrivals").await.ok().text;
    assert!(page.contains("Cần vào sổ ngay"), "{page}");

    // The others have time until Friday evening.
    cast.move_clock("2026-01-09T09:59:00Z").await;
    assert_eq!(count(&cast.clerk, "late-arrivals").await, 1);
    cast.move_clock("2026-01-09T10:01:00Z").await;
    assert_eq!(count(&cast.clerk, "late-arrivals").await, 3);
    let page = cast.clerk.get("/boxes/late-arrivals").await.ok().text;
    assert!(
        page.contains("Quá hạn vào sổ<") && page.contains("Quá hạn trình<"),
        "{page}"
    );
    let home = cast.clerk.get("/").await.ok().text;
    assert!(home.contains("/boxes/late-arrivals"), "{home}");

    // What is done is not late any more; what was registered today is presented on Monday at the latest.
    cast.clerk.api(&api(usual, "register"), &json!({})).await.ok();
    let to = json!({ "leader": cast.leader.post });
    cast.clerk.api(&api(registered, "present"), &to).await.ok();
    assert_eq!(count(&cast.clerk, "late-arrivals").await, 1);
    cast.clerk.api(&api(express, "register"), &json!({})).await.ok();
    let page = cast.clerk.get("/boxes/late-arrivals").await.ok().text;
    assert!(page.contains("Cần trình ngay"), "{page}");
    cast.clerk.api(&api(express, "present"), &to).await.ok();
    assert_eq!(count(&cast.clerk, "late-arrivals").await, 0);
    // The box is the clerks' of this agency.
    assert_eq!(count(&cast.foreign_clerk, "late-arrivals").await, 0);
    let leader = cast.office.person("hungdm.stttt").await;
    assert_eq!(leader.get("/boxes/late-arrivals").await.status.as_u16(), 404);
}
