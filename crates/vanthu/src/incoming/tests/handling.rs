use super::*;
use crate::{error::AppError, incoming::assign::Directive};

#[tokio::test]
async fn the_whole_path_by_api_moves_the_document_from_desk_to_desk() {
    let cast = Cast::new().await;
    let id = cast.presented(1).await;
    assert!(lies_in(&cast.leader, "directing", id).await);
    assert_eq!(
        cast.seen(&cast.leader, id).await["acts"],
        json!(["direct", "finish", "opinions"])
    );
    let body = json!({
        "text": "Giao tham mưu", "lead": cast.head.post, "cooperate": [cast.other_head.post],
        "inform": [cast.other_officer.post], "due_on": "2026-01-15",
    });
    let done = cast.leader.api(&api(id, "direct"), &body).await.ok().json();
    assert_eq!(done["state"], "assigned");
    assert!(lies_in(&cast.leader, "handled", id).await);
    assert!(lies_in(&cast.head, "handling", id).await);
    assert!(lies_in(&cast.other_head, "supporting", id).await);
    assert!(lies_in(&cast.other_officer, "information", id).await);

    let body = json!({ "text": "Anh An xử lý", "lead": cast.officer.post, "due_on": "2026-01-14" });
    cast.head.api(&api(id, "pass-down"), &body).await.ok();
    assert!(lies_in(&cast.head, "handled", id).await);
    assert!(lies_in(&cast.officer, "handling", id).await);

    let body = json!({ "opinion": "Đề nghị bổ sung số liệu" });
    cast.other_head.api(&api(id, "opinions"), &body).await.ok();
    let started = cast.officer.api(&api(id, "start"), &json!({})).await.ok().json();
    assert_eq!(started["state"], "in_progress");
    let body = json!({ "outcome": "result", "result": "Đã tham mưu" });
    let finished = cast.officer.api(&api(id, "finish"), &body).await.ok().json();
    assert_eq!(finished["state"], "finished");
    assert!(lies_in(&cast.officer, "handled", id).await);

    let seen = cast.seen(&cast.leader, id).await;
    assert_eq!(seen["result"], "Đã tham mưu");
    assert_eq!(seen["opinions"][0]["text"], "Đề nghị bổ sung số liệu");
    let states: Vec<_> = seen["assignments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["role"].as_str().unwrap().to_owned(),
                one["state"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let expected = [
        ("lead", "done"),
        ("cooperate", "closed"),
        ("inform", "closed"),
        ("lead", "done"),
    ];
    assert_eq!(states, expected.map(|(role, state)| (role.into(), state.into())));
    assert_eq!(seen["acts"], json!([]));
    let codes: Vec<_> = status_codes(&cast).await;
    assert_eq!(codes, ["received", "assigned", "in_progress", "finished"]);
}

/// The status messages that wait for the sender, in order.
pub(super) async fn status_codes(cast: &Cast) -> Vec<String> {
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
    rows.iter()
        .map(|row| {
            let message: Value = row.json("payload").unwrap();
            message["code"].as_str().unwrap().to_owned()
        })
        .collect()
}

#[tokio::test]
async fn the_whole_path_by_the_forms_of_the_pages() {
    let cast = Cast::new().await;
    let id = cast.delivered(1).await;
    let at = format!("/incoming/{id}");
    let shown = cast.clerk.get(&at).await.ok();
    assert!(shown.text.contains("Tiếp nhận và vào sổ"));
    assert!(shown.text.contains("Chỉ để biết, tham khảo"));
    cast.clerk
        .post(&page(id, "register"), &[("due_on", ""), ("note", "")])
        .await
        .ok();
    let shown = cast.clerk.get(&at).await.ok();
    assert!(shown.text.contains("Số đến 01") && shown.text.contains("Trình lãnh đạo"));
    let leader = cast.leader.post.to_string();
    cast.clerk
        .post(&page(id, "present"), &[("leader", &leader)])
        .await
        .ok();
    // What is done is not offered again as the next step.
    let shown = cast.clerk.get(&at).await.ok();
    assert!(shown.text.contains("Trình lãnh đạo khác"));
    assert!(!shown.text.contains("data-shortcut-label=\"Trình lãnh đạo\""));
    assert!(cast.leader.get(&at).await.ok().text.contains("Ý kiến chỉ đạo"));
    let (head, other) = (cast.head.post.to_string(), cast.other_officer.post.to_string());
    let fields = [
        ("text", "Giao phòng tham mưu"),
        ("lead", head.as_str()),
        ("inform", other.as_str()),
        ("due_on", "2026-01-15"),
        ("cooperate_due_on", ""),
    ];
    cast.leader.post(&page(id, "direct"), &fields).await.ok();
    let shown = cast.head.get(&at).await.ok();
    assert!(shown.text.contains("Giao phòng tham mưu") && shown.text.contains("Chuyển xử lý"));
    let officer = cast.officer.post.to_string();
    cast.head
        .post(
            &page(id, "pass-down"),
            &[("text", "Anh An xử lý"), ("lead", &officer), ("due_on", "")],
        )
        .await
        .ok();
    cast.officer.post(&page(id, "start"), &[]).await.ok();
    cast.officer
        .post(&page(id, "opinions"), &[("opinion", "Đã liên hệ đơn vị")])
        .await
        .ok();
    let stays = cast
        .officer
        .post(&page(id, "finish"), &[("outcome", "result"), ("result", "")])
        .await;
    assert_eq!(stays.status.as_u16(), 422);
    assert!(stays.text.contains("Vui lòng ghi kết quả giải quyết"));
    cast.other_officer
        .post(&page(id, "complete"), &[("result", "")])
        .await
        .ok();
    cast.officer
        .post(
            &page(id, "finish"),
            &[("outcome", "result"), ("result", "Đã giải quyết xong")],
        )
        .await
        .ok();
    let shown = cast.leader.get(&at).await.ok();
    assert!(shown.text.contains("Đã giải quyết xong") && shown.text.contains("Kết thúc xử lý"));
}

#[tokio::test]
async fn cn_003_nd30_22_1_an_unregistered_document_cannot_be_assigned() {
    let cast = Cast::new().await;
    let id = cast.delivered(1).await;
    let directive = || Directive {
        lead: Some(cast.head.post),
        ..Directive::default()
    };
    let app = &cast.office.app;
    // The clerk sees it: the rule of registration itself refuses.
    let clerk = cast.office.who(&cast.clerk).await;
    let command = CommandId::from_uuid(new_command(&cast.office));
    let refused = crate::incoming::direct::direct(app, &clerk, command, id, directive()).await;
    assert!(
        matches!(&refused, Err(AppError::Refused(refusal)) if refusal.clause == "ND30-22.1"),
        "{refused:?}"
    );
    let answer = cast
        .clerk
        .api(&api(id, "present"), &json!({ "leader": cast.leader.post }))
        .await;
    assert_eq!(
        refusal(&answer),
        (409, "ND30-22.1".into(), "incoming.not_registered".into())
    );
    // Nobody else even sees it.
    for (person, act) in [
        (&cast.leader, "direct"),
        (&cast.head, "pass-down"),
        (&cast.officer, "start"),
    ] {
        let who = cast.office.who(person).await;
        let command = CommandId::from_uuid(new_command(&cast.office));
        let hidden = match act {
            "direct" => crate::incoming::direct::direct(app, &who, command, id, directive()).await,
            "start" => crate::incoming::start::start(app, &who, command, id).await,
            _ => crate::incoming::pass_down::pass_down(app, &who, command, id, directive()).await,
        };
        assert!(matches!(hidden, Err(AppError::NotFound)), "{act}: {hidden:?}");
    }
    assert_eq!(cast.state(id).await, "delivered");
}

#[tokio::test]
async fn cn_115_nd30_23_2_exactly_one_lead() {
    let cast = Cast::new().await;
    let id = cast.presented(1).await;
    let none = json!({ "cooperate": [cast.head.post], "due_on": "2026-01-15" });
    let answer = cast.leader.api(&api(id, "direct"), &none).await;
    assert_eq!(
        refusal(&answer),
        (409, "ND30-23.2".into(), "incoming.one_lead".into())
    );
    let twice = json!({ "lead": cast.head.post, "cooperate": [cast.head.post], "due_on": "2026-01-15" });
    let answer = cast.leader.api(&api(id, "direct"), &twice).await;
    assert_eq!(refusal(&answer).2, "incoming.assigned_twice");
    let good = json!({ "lead": cast.head.post });
    cast.leader.api(&api(id, "direct"), &good).await.ok();
    let answer = cast.leader.api(&api(id, "direct"), &good).await;
    assert_eq!(
        refusal(&answer),
        (409, "ND30-23.2".into(), "incoming.wrong_state".into())
    );
    // The form keeps what was typed.
    let id = cast.presented(2).await;
    let fields = [
        ("text", "Giao phòng tham mưu gấp"),
        ("lead", ""),
        ("due_on", "2026-01-20"),
    ];
    let stays = cast.leader.post(&page(id, "direct"), &fields).await;
    assert_eq!(stays.status.as_u16(), 422);
    assert!(stays.text.contains("Giao phòng tham mưu gấp") && stays.text.contains("2026-01-20"));
}

#[tokio::test]
async fn nd30_23_2_only_the_leader_who_has_it_or_the_head_directs() {
    let cast = Cast::new().await;
    let id = cast.presented(1).await;
    let body = json!({ "lead": cast.head.post });
    let answer = cast.deputy.api(&api(id, "direct"), &body).await;
    assert_eq!(refusal(&answer).2, "incoming.may_not_direct");
    let answer = cast.clerk.api(&api(id, "direct"), &body).await;
    assert_eq!(refusal(&answer).2, "incoming.may_not_direct");
    // Presented again, to the deputy: now the deputy has it; the head of the agency always may.
    cast.clerk
        .api(&api(id, "present"), &json!({ "leader": cast.deputy.post }))
        .await
        .ok();
    assert!(!lies_in(&cast.leader, "directing", id).await);
    assert!(lies_in(&cast.deputy, "directing", id).await);
    cast.leader.api(&api(id, "direct"), &body).await.ok();
}

#[tokio::test]
async fn nd30_23_2_a_head_passes_down_only_within_the_unit() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    let body = json!({ "lead": cast.other_officer.post });
    let answer = cast.head.api(&api(id, "pass-down"), &body).await;
    assert_eq!(refusal(&answer).2, "incoming.out_of_reach");
    let late = json!({ "lead": cast.officer.post, "due_on": "2026-01-16" });
    let answer = cast.head.api(&api(id, "pass-down"), &late).await;
    assert_eq!(refusal(&answer).2, "incoming.deadline_after_parent");
    let good = json!({ "lead": cast.officer.post });
    cast.head.api(&api(id, "pass-down"), &good).await.ok();
    let answer = cast.head.api(&api(id, "pass-down"), &good).await;
    assert_eq!(refusal(&answer).2, "incoming.assignment_closed");
    let parts = cast.seen(&cast.head, id).await["assignments"].clone();
    assert_eq!(parts[0]["state"], "passed_down");
    assert_eq!(parts[3]["parent"], parts[0]["id"]);
    assert_eq!(
        parts[3]["due_on"], "2026-01-15",
        "the deadline from above goes with the work"
    );
}

#[tokio::test]
async fn nd30_24_2_completing_a_part_does_not_finish_the_document() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    let body = json!({ "result": "Đã góp ý" });
    let done = cast.other_head.api(&api(id, "complete"), &body).await.ok().json();
    assert_eq!(done["state"], "assigned");
    assert!(lies_in(&cast.other_head, "handled", id).await);
    assert!(lies_in(&cast.head, "handling", id).await);
    let answer = cast.head.api(&api(id, "complete"), &json!({})).await;
    assert_eq!(refusal(&answer).2, "incoming.lead_finishes");
    let answer = cast
        .other_head
        .api(&api(id, "finish"), &json!({ "outcome": "no_action" }))
        .await;
    assert_eq!(refusal(&answer).2, "incoming.not_holder");
}

#[tokio::test]
async fn nd30_24_2_a_reply_must_answer_this_document() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    let answer = cast
        .head
        .api(&api(id, "finish"), &json!({ "outcome": "reply" }))
        .await;
    assert_eq!(refusal(&answer).2, "incoming.no_reply");
    let body = json!({ "outcome": "reply", "reply": new_command(&cast.office) });
    let answer = cast.head.api(&api(id, "finish"), &body).await;
    assert_eq!(refusal(&answer).2, "incoming.not_its_reply");

    let draft = reply(&cast, id, "approval").await;
    let body = json!({ "outcome": "reply", "reply": draft });
    let answer = cast.head.api(&api(id, "finish"), &body).await;
    assert_eq!(refusal(&answer).2, "incoming.reply_not_issued");

    let issued = reply(&cast, id, "issued").await;
    let body = json!({ "outcome": "reply", "reply": issued });
    cast.head.api(&api(id, "finish"), &body).await.ok();
    let seen = cast.seen(&cast.head, id).await;
    assert_eq!(seen["result"], "Văn bản trả lời: 12/STTTT-BCVT");
}

/// An outgoing document in answer to `id`, put there as the outgoing room would leave it.
async fn reply(cast: &Cast, id: IncomingId, state: &str) -> Uuid {
    let reply = new_command(&cast.office);
    let number = (state == "issued").then_some(12_i64);
    let mut tx = cast.office.app.db.begin().await.unwrap();
    tx.run(
        sql!(
            "INSERT INTO outgoing (id, agency_id, drafter_post, signer_post, authority, type_key, subject, folded_subject, \
             urgency, reply_to, state, version, revision, symbol, series, year, number, legal_value, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, 'direct', 'cong_van', 'V/v trả lời', 'v/v tra loi', 'normal', $5, $6, 1, 0, \
             'STTTT-BCVT', 'common', 2026, $7, 'for_reference', 0, 0)"
        ),
        args![reply, cast.head.agency, cast.head.post, cast.leader.post, id, state, number],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    reply
}

#[tokio::test]
async fn a_drafted_reply_of_the_lead_starts_the_handling() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    for (person, state) in [(&cast.other_head, "assigned"), (&cast.head, "in_progress")] {
        let who = cast.office.who(person).await;
        let app = &cast.office.app;
        let command = CommandId::from_uuid(new_command(&cast.office));
        let Begun::Now(mut act) = app.begin::<()>(&who, command).await.unwrap() else {
            panic!("a fresh command was known")
        };
        super::super::reply_drafted(&mut act, &who, id).await.unwrap();
        act.journal(store::Entry {
            act: crate::act_names::SAVE_DRAFT,
            object_kind: "outgoing",
            object: command.as_uuid(),
            agency: None,
            summary: "Dự thảo".into(),
            details: json!({}),
        })
        .await
        .unwrap();
        app.commit(act, &()).await.unwrap();
        assert_eq!(cast.state(id).await, state);
    }
}

#[tokio::test]
async fn a_leader_files_what_needs_no_handling() {
    let cast = Cast::new().await;
    let id = cast.presented(1).await;
    let shown = cast.leader.get(&format!("/incoming/{id}")).await.ok();
    assert!(shown.text.contains("Kết thúc mà không giao xử lý"));
    let body = json!({ "outcome": "result", "result": "Xong" });
    let answer = cast.leader.api(&api(id, "finish"), &body).await;
    assert_eq!(refusal(&answer).2, "incoming.not_directed");
    cast.leader
        .post(
            &page(id, "finish"),
            &[("outcome", "no_action"), ("result", "Lưu để theo dõi")],
        )
        .await
        .ok();
    assert_eq!(cast.state(id).await, "finished");
}

#[tokio::test]
async fn cn_127_nd30_24_2_a_reply_begins_with_what_the_incoming_document_says_and_both_show_the_link() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    let path = format!("/outgoing/new?reply_to={id}");
    let form = cast.head.get(&path).await.ok().text;
    for said in [
        "trả lời Công văn số 01/UBND-KGVX ngày 07/01/2026 của Ủy ban nhân dân tỉnh Đắk Nông".to_owned(),
        format!("name=\"reply_to\" value=\"{id}\""),
        format!(
            "name=\"recipients\" value=\"{}\" checked",
            cast.foreign_clerk.agency
        ),
        format!("href=\"/incoming/{id}\""),
    ] {
        assert!(form.contains(&said), "{said}");
    }
    // What stands in the form is what is sent.
    let fields = [
        ("type_key", "cong_van"),
        (
            "subject",
            "trả lời Công văn số 01/UBND-KGVX ngày 07/01/2026 của Ủy ban nhân dân tỉnh Đắk Nông",
        ),
        ("main_kind", "text"),
        ("main_text", "Sở xin trả lời như sau."),
        ("reply_to", &id.to_string()),
        ("recipients", &cast.foreign_clerk.agency.to_string()),
    ];
    let done = cast.head.post_files("/outgoing", &fields, &[]).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let shown = cast.head.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(shown.contains("Văn bản trả lời") && shown.contains(&done.location));
    let answer = cast.head.get(&done.location).await.ok().text;
    assert!(
        answer.contains("Trả lời văn bản") && answer.contains(&format!("<a href=\"/incoming/{id}\">")),
        "{answer}"
    );
    assert_eq!(cast.state(id).await, "in_progress");
    // Nobody without a part in it begins a reply.
    for outsider in [&cast.foreign_clerk, &cast.officer] {
        assert_eq!(outsider.get(&path).await.status.as_u16(), 404);
    }
}

#[tokio::test]
async fn cn_114_each_who_cooperates_gets_a_deadline_of_their_own_in_the_directing_form() {
    let cast = Cast::new().await;
    let id = cast.presented(1).await;
    let form = cast.leader.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(
        form.contains("name=\"own_due\"") && form.contains("name=\"own_post\""),
        "{form}"
    );
    let (lead, one, other) = (
        cast.head.post.to_string(),
        cast.other_head.post.to_string(),
        cast.other_officer.post.to_string(),
    );
    // As a browser sends it: a pair for each person of the list, most of them empty.
    let mut fields = vec![
        ("text", "Giao phòng tham mưu"),
        ("lead", lead.as_str()),
        ("due_on", "2026-01-20"),
        ("cooperate", one.as_str()),
        ("cooperate", other.as_str()),
        ("own_post", lead.as_str()),
        ("own_due", ""),
        ("own_post", one.as_str()),
        ("own_due", "2026-01-02"),
        ("own_post", other.as_str()),
        ("own_due", ""),
        ("cooperate_due_on", "2026-01-16"),
    ];
    let stays = cast.leader.post(&page(id, "direct"), &fields).await;
    assert_eq!(stays.status.as_u16(), 422, "a day that has passed");
    assert!(stays.text.contains("value=\"2026-01-02\""), "{}", stays.text);
    fields[8].1 = "hôm qua";
    let stays = cast.leader.post(&page(id, "direct"), &fields).await;
    assert!(stays.text.contains("không đọc được"), "{}", stays.text);
    fields[8].1 = "2026-01-12";
    let moved = cast.leader.post(&page(id, "direct"), &fields).await;
    assert_eq!(moved.status.as_u16(), 303, "{}", moved.text);
    let seen = cast.seen(&cast.leader, id).await;
    let due = |post: &str| {
        let parts = seen["assignments"].as_array().unwrap();
        let part = parts.iter().find(|part| part["post"] == json!(post));
        part.unwrap_or_else(|| panic!("{post}: {seen}"))["due_on"].clone()
    };
    assert_eq!(
        (due(&lead), due(&one), due(&other)),
        (json!("2026-01-20"), json!("2026-01-12"), json!("2026-01-16"))
    );
}
