//! What goes from hand to hand: unopened envelopes (CN-111), dossiers (CN-112), paper beside the document (CN-118).

use super::*;
use crate::testing::pdf;

const UNOPENED: &str = "/api/v1/incoming/unopened";

fn envelope(post: Option<rules::ids::PostId>) -> Value {
    json!({
        "addressee_kind": "person", "addressee": "Nguyễn Văn An", "addressee_post": post, "sender": "Công ty Minh Hòa",
        "marks": "15/CV-MH", "arrived_on": "2026-01-08",
    })
}

fn id_of(answer: &Value) -> String {
    answer["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn cn_111_an_envelope_goes_on_unopened_comes_back_and_is_registered() {
    let cast = Cast::new().await;
    let done = cast
        .clerk
        .api(UNOPENED, &envelope(Some(cast.officer.post)))
        .await
        .ok()
        .json();
    let id = id_of(&done);
    // The addressee sees it and nobody else but the clerk.
    for (person, count) in [
        (&cast.clerk, 1),
        (&cast.officer, 1),
        (&cast.leader, 0),
        (&cast.foreign_clerk, 0),
    ] {
        let list = person.api_get(UNOPENED).await.ok().json();
        assert_eq!(list.as_array().unwrap().len(), count, "{list}");
    }
    let page = cast.officer.get("/incoming/unopened").await.ok().text;
    assert!(
        page.contains("Công ty Minh Hòa")
            && page.contains("Đã ký nhận")
            && page.contains("Chuyển lại văn thư"),
        "{page}"
    );
    assert!(!page.contains("Ghi bì thư chuyển không bóc"));
    let foreign = cast
        .foreign_clerk
        .api(&format!("{UNOPENED}/{id}/receive"), &json!({}))
        .await;
    assert_eq!(foreign.status.as_u16(), 404);
    let stranger = cast
        .other_officer
        .api(
            &format!("{UNOPENED}/{id}/receive"),
            &json!({ "received_by": "x" }),
        )
        .await;
    assert_eq!(stranger.status.as_u16(), 404);

    let early = cast.clerk.get(&format!("/incoming/unopened/{id}/register")).await;
    assert_eq!(early.status.as_u16(), 409, "not given back yet");
    cast.officer
        .api(&format!("{UNOPENED}/{id}/receive"), &json!({}))
        .await
        .ok();
    let again = cast
        .officer
        .api(&format!("{UNOPENED}/{id}/receive"), &json!({}))
        .await;
    assert_eq!(refusal(&again).2, "unopened.received_before");
    let empty = cast
        .officer
        .api(&format!("{UNOPENED}/{id}/hand-back"), &json!({ "reason": " " }))
        .await;
    assert_eq!(refusal(&empty).2, "unopened.no_reason");
    let back = [("reason", "Công ty đề nghị hướng dẫn thủ tục")];
    let moved = cast
        .officer
        .post(&format!("/incoming/unopened/{id}/hand-back"), &back)
        .await;
    assert_eq!(moved.status.as_u16(), 303, "{}", moved.text);

    let list = cast.clerk.get("/incoming/unopened").await.ok().text;
    assert!(
        list.contains("Chờ đăng ký") && list.contains(&format!("/incoming/unopened/{id}/register")),
        "{list}"
    );
    let form = cast
        .clerk
        .get(&format!("/incoming/unopened/{id}/register"))
        .await
        .ok()
        .text;
    for said in [
        "Công ty Minh Hòa",
        "Công ty đề nghị hướng dẫn thủ tục",
        "chuyển không bóc ngày 08/01/2026; trên bì ghi: 15/CV-MH",
        &format!("name=\"unopened\" value=\"{id}\""),
    ] {
        assert!(form.contains(said), "{said}: {form}");
    }
    let fields = [
        ("unopened", id.as_str()),
        ("sender_name", "Công ty Minh Hòa"),
        ("subject", "Đề nghị hướng dẫn thủ tục"),
        ("urgency", "normal"),
    ];
    let scan = pdf("Cong van");
    let files: [(&str, &str, &[u8]); 1] = [("main_file", "cong_van.pdf", &scan)];
    let registered = cast.clerk.post_files("/incoming/paper", &fields, &files).await;
    assert_eq!(registered.status.as_u16(), 303, "{}", registered.text);
    let item = cast.clerk.api_get(UNOPENED).await.ok().json()[0].clone();
    assert_eq!(item["state"], "registered");
    assert!(registered.location.ends_with(item["incoming"].as_str().unwrap()));
    // It is registered once: the second registration takes no number.
    let twice = cast.clerk.post_files("/incoming/paper", &fields, &files).await;
    assert_eq!(twice.status.as_u16(), 422, "{}", twice.text);
    assert!(twice.text.contains("đã vào sổ"), "{}", twice.text);
    let book = cast.clerk.api_get("/api/v1/registers/incoming").await.ok().json();
    assert_eq!(book["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn cn_111_nd30_21_1b_the_form_of_the_clerk_keeps_what_was_typed_and_a_command_counts_once() {
    let cast = Cast::new().await;
    let fields = [
        ("addressee_kind", "organisation"),
        ("addressee", "Công đoàn cơ sở"),
        ("addressee_post", ""),
        ("sender", ""),
        ("marks", ""),
        ("arrived_on", "2026-01-08"),
    ];
    let stays = cast.clerk.post("/incoming/unopened", &fields).await;
    assert_eq!(stays.status.as_u16(), 422);
    assert!(
        stays.text.contains("Công đoàn cơ sở") && stays.text.contains("Vui lòng ghi nơi gửi"),
        "{}",
        stays.text
    );
    let mut fields = fields;
    fields[3].1 = "Liên đoàn Lao động tỉnh";
    let moved = cast.clerk.post("/incoming/unopened", &fields).await;
    assert_eq!(moved.status.as_u16(), 303, "{}", moved.text);
    let command = new_command(&cast.office);
    let first = cast
        .clerk
        .api_command(UNOPENED, command, &envelope(None))
        .await
        .ok();
    let second = cast
        .clerk
        .api_command(UNOPENED, command, &envelope(None))
        .await
        .ok();
    assert_eq!(first.json(), second.json());
    let list = cast.clerk.api_get(UNOPENED).await.ok().json();
    assert_eq!(list.as_array().unwrap().len(), 2);
    // On paper before the clerk: who signed is written down.
    let id = id_of(&first.json());
    let nameless = cast
        .clerk
        .api(&format!("{UNOPENED}/{id}/receive"), &json!({}))
        .await;
    assert_eq!(refusal(&nameless).2, "unopened.no_receiver");
    cast.clerk
        .api(
            &format!("{UNOPENED}/{id}/receive"),
            &json!({ "received_by": "Trần Thị Bình" }),
        )
        .await
        .ok();
    for person in [&cast.officer, &cast.leader] {
        let refused = person.api(UNOPENED, &envelope(None)).await;
        assert_eq!(refusal(&refused).1, "ND30-4.2b");
    }
    let mut secret = envelope(None);
    secret["marks"] = json!("TỐI MẬT");
    assert_eq!(refusal(&cast.clerk.api(UNOPENED, &secret).await).1, "QC01-1.2");
}

#[tokio::test]
async fn cn_112_qc01_13_3_a_dossier_goes_straight_to_its_unit_which_confirms_it() {
    let cast = Cast::new().await;
    let who = cast.office.who(&cast.head).await;
    let unit = who.unit().unwrap().to_string();
    let scan = pdf("Cong van");
    let fields = [
        ("sender_name", "Công ty Minh Hòa"),
        ("subject", "Hồ sơ đề nghị cấp phép"),
        ("urgency", "normal"),
        ("dossier_unit", unit.as_str()),
        ("dossier_description", ""),
    ];
    let files: [(&str, &str, &[u8]); 1] = [("main_file", "cong_van.pdf", &scan)];
    let stays = cast.clerk.post_files("/incoming/paper", &fields, &files).await;
    assert_eq!(stays.status.as_u16(), 422);
    assert!(
        stays.text.contains("Vui lòng ghi hồ sơ gồm những gì"),
        "{}",
        stays.text
    );
    let mut fields = fields;
    fields[4].1 = "3 tập bản vẽ, 120 tờ";
    let done = cast.clerk.post_files("/incoming/paper", &fields, &files).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let shown = cast.clerk.get(&done.location).await.ok().text;
    assert!(
        shown.contains("3 tập bản vẽ, 120 tờ") && shown.contains("Chờ đơn vị xác nhận"),
        "{shown}"
    );

    // The unit has not been given the document yet: it sees the dossier, not the subject.
    let listed = cast.officer.get("/incoming/dossiers").await.ok().text;
    assert!(!listed.contains("Hồ sơ đề nghị cấp phép"));
    let of = |person: &Person| {
        let person = person.clone();
        async move { person.api_get("/api/v1/incoming/dossiers").await.ok().json() }
    };
    let mine = of(&cast.head).await;
    let id = id_of(&mine[0]);
    assert_eq!(mine[0]["description"], "3 tập bản vẽ, 120 tờ");
    assert_eq!(of(&cast.other_head).await, json!([]));
    assert_eq!(of(&cast.foreign_clerk).await, json!([]));
    let receive = format!("/api/v1/incoming/dossiers/{id}/receive");
    assert_eq!(
        refusal(&cast.clerk.api(&receive, &json!({})).await).2,
        "dossier.not_unit"
    );
    assert_eq!(
        refusal(&cast.other_head.api(&receive, &json!({})).await).2,
        "dossier.not_unit"
    );
    assert_eq!(
        cast.foreign_clerk.api(&receive, &json!({})).await.status.as_u16(),
        404
    );
    cast.head
        .api(&receive, &json!({ "note": "Thiếu tập 3" }))
        .await
        .ok();
    assert_eq!(
        refusal(&cast.head.api(&receive, &json!({})).await).2,
        "dossier.received_before"
    );
    let shown = cast.clerk.get(&done.location).await.ok().text;
    assert!(
        shown.contains("Thiếu tập 3") && shown.contains("xác nhận lúc"),
        "{shown}"
    );

    // Afterwards too, on the page of the document.
    let id: IncomingId = done.location.rsplit('/').next().unwrap().parse().unwrap();
    let more = json!({ "dossier_unit": unit, "dossier_description": "Tập 3" });
    cast.clerk.api(&api(id, "dossiers"), &more).await.ok();
    let none = cast
        .clerk
        .post(
            &page(id, "dossiers"),
            &[("dossier_unit", ""), ("dossier_description", "x")],
        )
        .await;
    assert_eq!(none.status.as_u16(), 422);
    let waiting = cast.delivered(9).await;
    assert_eq!(
        refusal(&cast.clerk.api(&api(waiting, "dossiers"), &more).await).2,
        "dossier.not_registered"
    );
    assert_eq!(refusal(&cast.head.api(&api(id, "dossiers"), &more).await).0, 404);
}

#[tokio::test]
async fn cn_118_nd30_23_4_paper_beside_the_document_is_handed_on_signed_for_and_comes_back() {
    let cast = Cast::new().await;
    let id = cast.delivered(1).await;
    let path = api(id, "paper-beside");
    let noted = json!({ "paper_description": "01 bản, 12 trang" });
    let early = cast.clerk.api(&path, &noted).await;
    assert_eq!(refusal(&early).2, "incoming.not_registered");
    cast.clerk.api(&api(id, "register"), &json!({})).await.ok();

    // The flag: there is paper, the clerks keep it as long as nobody was given the document.
    let stays = cast
        .clerk
        .post(&page(id, "paper-beside"), &[("paper_description", "")])
        .await;
    assert_eq!(stays.status.as_u16(), 422);
    assert!(stays.text.contains("Vui lòng ghi bản giấy gồm những gì"));
    let fields = [("paper_description", "01 bản, 12 trang")];
    let done = cast.clerk.post(&page(id, "paper-beside"), &fields).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let shown = cast.clerk.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(
        shown.contains("01 bản, 12 trang") && shown.contains("Văn thư đang giữ"),
        "{shown}"
    );

    let leader = json!({ "leader": cast.leader.post });
    cast.clerk.api(&api(id, "present"), &leader).await.ok();
    let directive = json!({ "text": "Giao tham mưu", "lead": cast.head.post, "due_on": "2026-01-15" });
    cast.leader.api(&api(id, "direct"), &directive).await.ok();
    // Handed to whoever was given the document and to nobody else.
    let to = |person: &Person| json!({ "paper_holder": person.post });
    for (by, holder, wanted) in [
        (&cast.clerk, &cast.officer, "paper.not_given"),
        (&cast.clerk, &cast.foreign_clerk, "paper.not_given"),
        (&cast.leader, &cast.head, "incoming.not_clerk"),
    ] {
        assert_eq!(refusal(&by.api(&path, &to(holder)).await).2, wanted);
    }
    cast.clerk.api(&path, &to(&cast.head)).await.ok();
    let again = cast.clerk.api(&path, &to(&cast.leader)).await;
    assert_eq!(refusal(&again).2, "paper.with_somebody");

    // The holder signs for it, once.
    let receive = api(id, "paper-beside/receive");
    let other = cast.leader.api(&receive, &json!({})).await;
    assert_eq!(refusal(&other).2, "paper.not_holder");
    let shown = cast.head.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(
        shown.contains("chưa ký nhận") && shown.contains("Ký nhận bản giấy"),
        "{shown}"
    );
    let signed = cast.head.post(&page(id, "paper-beside/receive"), &[]).await;
    assert_eq!(signed.status.as_u16(), 303, "{}", signed.text);
    let twice = cast.head.api(&receive, &json!({})).await;
    assert_eq!(
        refusal(&twice),
        (409, "ND30-23.3".into(), "paper.received_before".into())
    );
    let seen = cast.leader.api_get(&path).await.ok().json();
    assert_eq!(seen["handovers"][0]["post"], json!(cast.head.post));
    assert!(seen["handovers"][0]["received_at"].is_string(), "{seen}");
    assert_eq!(seen["handovers"][0]["back_at"], Value::Null);

    // It comes back to the clerk and can go to somebody else; the course stays in sight.
    let back = api(id, "paper-beside/back");
    assert_eq!(
        refusal(&cast.head.api(&back, &json!({})).await).2,
        "incoming.not_clerk"
    );
    cast.clerk.api(&back, &json!({})).await.ok();
    assert_eq!(
        refusal(&cast.clerk.api(&back, &json!({})).await).2,
        "paper.not_out"
    );
    cast.clerk.api(&path, &to(&cast.leader)).await.ok();
    let shown = cast.clerk.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(
        shown.contains("trả lại văn thư lúc") && shown.contains("Đã nhận lại bản giấy"),
        "{shown}"
    );
    let sentences = told(&cast, id).await;
    assert!(
        sentences[0].starts_with("Chuyển bản giấy kèm theo cho Đặng Minh Hưng"),
        "{sentences:?}"
    );
    assert_eq!(sentences[1], "Văn thư nhận lại bản giấy kèm theo");
}
