//! What comes back, is taken back or changed, and what needs no action: NT-08, NT-10 (CN-119 to CN-123).

use super::*;

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
