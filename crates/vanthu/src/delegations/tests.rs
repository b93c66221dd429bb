use axum::http::StatusCode;
use rules::{delegation::Function, ids::IncomingId};
use serde_json::{Value, json};
use store::{args, sql};

use crate::testing::{Answer, Office, Person};

/// The people of Sở Thông tin và Truyền thông.
struct Cast {
    office: Office,
    clerk: Person,
    leader: Person,
    head: Person,
    officer: Person,
    other_officer: Person,
    administrator: Person,
}

impl Cast {
    async fn new() -> Self {
        let office = Office::new().await;
        Self {
            clerk: office.person("anhltn.stttt").await,
            leader: office.person("hungdm.stttt").await,
            head: office.person("longhd.stttt").await,
            officer: office.person("annv.stttt").await,
            other_officer: office.person("chivtl.stttt").await,
            administrator: office.person("tupa.stttt").await,
            office,
        }
    }

    /// A document that came on paper and was presented to the leader.
    async fn presented(&self, number: u32) -> IncomingId {
        let file = self
            .clerk
            .api_upload("van_ban.pdf", &crate::testing::pdf("van ban"))
            .await
            .ok()
            .json();
        let body = json!({
            "sender_name": "Công ty TNHH Minh Hòa", "number": format!("{number}"), "symbol": "CV-MH", "issued_on": "2026-01-05",
            "type_key": "cong_van", "subject": format!("đề nghị hướng dẫn thủ tục lần {number}"), "urgency": "normal",
            "signer_name": "Trần Văn Bình", "signer_title": "Giám đốc", "main_file": file["id"],
        });
        let id = self.clerk.api("/api/v1/incoming/paper", &body).await.ok().json()["id"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        let body = json!({ "leader": self.leader.post });
        self.clerk
            .api(&format!("/api/v1/incoming/{id}/present"), &body)
            .await
            .ok();
        id
    }

    /// Directed to the head's unit.
    async fn directed(&self, number: u32) -> IncomingId {
        let id = self.presented(number).await;
        let body = json!({ "text": "Giao tham mưu", "lead": self.head.post, "due_on": "2026-01-15" });
        self.leader
            .api(&format!("/api/v1/incoming/{id}/direct"), &body)
            .await
            .ok();
        id
    }

    /// Hands work over by the form, until this day.
    async fn hand_over(&self, by: &Person, to: &Person, functions: &[Function], until: &str) -> String {
        let body = json!({
            "substitute": to.post, "functions": functions, "from_on": "2026-01-08", "to_on": until,
        });
        by.api("/api/v1/delegations", &body).await.ok().json()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    async fn enter(&self, person: &Person, delegation: &str) -> Answer {
        person
            .post(
                &format!("/delegations/{delegation}/enter"),
                &[("desk_box", "handling")],
            )
            .await
    }

    /// The last entry of the journal under this name.
    async fn journal(&self, act: &str) -> (String, Option<uuid::Uuid>, uuid::Uuid) {
        let row = self
            .office
            .app
            .db
            .one(
                sql!("SELECT actor, on_behalf_of, post_id FROM journal WHERE act = $1 ORDER BY seq DESC LIMIT 1"),
                args![act],
            )
            .await
            .unwrap();
        (
            row.get("actor").unwrap(),
            row.get("on_behalf_of").unwrap(),
            row.get("post_id").unwrap(),
        )
    }
}

/// The csrf token of the page: it differs between the own place and another's.
fn csrf(page: &str) -> String {
    page.split("name=\"csrf\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap()
        .to_owned()
}

/// A form sent from a page that was opened in somebody's place.
async fn post_in_place(person: &Person, path: &str, fields: &[(&str, &str)]) -> Answer {
    let home = person.get("/").await.ok().text;
    person.post_with(&csrf(&home), path, fields).await
}

#[tokio::test]
async fn cn_805_a_substitute_handles_in_the_others_place_and_every_act_says_so() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    let at = format!("/incoming/{id}");
    // Before: a stranger to the document.
    assert_eq!(cast.other_officer.get(&at).await.status, StatusCode::NOT_FOUND);
    let delegation = cast
        .hand_over(&cast.head, &cast.other_officer, &[Function::Handle], "2026-01-10")
        .await;
    // The desk tells it, with what waits there; the own place is unchanged.
    let home = cast.other_officer.get("/").await.ok().text;
    assert!(home.contains("Thay ") && home.contains(&format!("/delegations/{delegation}")));
    assert_eq!(cast.other_officer.get(&at).await.status, StatusCode::NOT_FOUND);
    let place = cast
        .other_officer
        .get(&format!("/delegations/{delegation}"))
        .await
        .ok()
        .text;
    assert!(place.contains("Chờ xử lý: 1"), "{place}");

    let own_page = csrf(&home);
    cast.enter(&cast.other_officer, &delegation).await.ok();
    let list = cast.other_officer.get("/boxes/handling").await.ok().text;
    assert!(list.contains("đề nghị hướng dẫn thủ tục lần 1") && list.contains("đang xử lý thay"));
    cast.other_officer.get(&at).await.ok();
    // A page that was opened in the own place does nothing in the other's.
    let stale = cast
        .other_officer
        .post_with(&own_page, &format!("{at}/opinions"), &[("opinion", "x")])
        .await;
    assert_eq!(stale.status, StatusCode::FORBIDDEN);

    post_in_place(
        &cast.other_officer,
        &format!("{at}/opinions"),
        &[("opinion", "Cần số liệu")],
    )
    .await
    .ok();
    let (actor, on_behalf_of, post) = cast.journal("incoming.opinion").await;
    assert!(
        actor.contains("Vũ Thị Lan Chi thay ") && actor.contains("Trưởng phòng"),
        "{actor}"
    );
    assert_eq!(on_behalf_of, Some(cast.head.post.as_uuid()));
    assert_eq!(post, cast.other_officer.post.as_uuid());
    let lead = cast.officer.post.to_string();
    let fields = [("text", "Chuyển anh An"), ("lead", lead.as_str())];
    post_in_place(&cast.other_officer, &format!("{at}/pass-down"), &fields)
        .await
        .ok();
    // Wherever the acts are shown: history, opinions, who gave the part. The absent head keeps everything.
    let shown = cast.head.get(&at).await.ok().text;
    assert!(shown.matches(&*actor).count() >= 4, "{shown}");
    let seen = cast
        .officer
        .api_get(&format!("/api/v1/incoming/{id}"))
        .await
        .ok()
        .json();
    assert!(
        seen["opinions"][0]["who"].as_str().unwrap().contains(" thay "),
        "{seen}"
    );

    post_in_place(&cast.other_officer, "/delegations/leave", &[])
        .await
        .ok();
    assert_eq!(cast.other_officer.get(&at).await.status, StatusCode::NOT_FOUND);
    cast.other_officer.get("/account").await.ok();
}

#[tokio::test]
async fn cn_805_what_a_substitute_opened_is_still_new_to_the_other() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    let delegation = cast
        .hand_over(&cast.head, &cast.officer, &[Function::Handle], "2026-01-10")
        .await;
    cast.enter(&cast.officer, &delegation).await.ok();
    cast.officer.get(&format!("/incoming/{id}")).await.ok();
    let own = cast.head.api_get("/api/v1/boxes/handling").await.ok().json();
    assert_eq!(own["items"][0]["unread"], json!(true), "{own}");
}

#[tokio::test]
async fn nd30_13_3_a_substitute_never_signs_and_reaches_no_key() {
    let cast = Cast::new().await;
    let office = &cast.office;
    let (chair, deputy, drafter) = (
        office.person("khaitq.ubnd").await,
        office.person("tamltm.ubnd").await,
        office.person("quangnd.ubnd").await,
    );
    let (head, clerk) = (
        office.person("thaobtp.ubnd").await,
        office.person("nhungpth.ubnd").await,
    );
    let draft = json!({
        "type_key": "quyet_dinh", "subject": "Ban hành kế hoạch chuyển đổi số năm 2026",
        "main_text": "QUYẾT ĐỊNH:\nĐiều 1. Ban hành kế hoạch chuyển đổi số năm 2026.", "recipients": [cast.clerk.agency],
    });
    let id = drafter.api("/api/v1/outgoing", &draft).await.ok().json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let all = [Function::Handle, Function::Content, Function::Prepare];
    let delegation = cast.hand_over(&chair, &deputy, &all, "2026-01-10").await;
    let colleague = office.person("thinhvh.ubnd").await;
    let of_head = cast
        .hand_over(&head, &colleague, &[Function::Content], "2026-01-10")
        .await;
    let to_drafter = cast
        .hand_over(&head, &drafter, &[Function::Content], "2026-01-10")
        .await;
    drafter
        .api(&format!("/api/v1/outgoing/{id}/submit"), &json!({}))
        .await
        .ok();
    // The content is signed off in the head's place, not by whoever drafted it; the page says by whom.
    let own = drafter
        .api_for(
            &to_drafter,
            &format!("/api/v1/outgoing/{id}/sign-off-content"),
            &json!({}),
        )
        .await;
    assert_eq!(own.json()["code"], "delegation.own_draft");
    colleague
        .api_for(
            &of_head,
            &format!("/api/v1/outgoing/{id}/sign-off-content"),
            &json!({}),
        )
        .await
        .ok();
    let seen = clerk.api_get(&format!("/api/v1/outgoing/{id}")).await.ok().json();
    assert!(
        seen["sign_offs"][0]["who"].as_str().unwrap().contains(" thay "),
        "{seen}"
    );
    clerk
        .api(&format!("/api/v1/outgoing/{id}/sign-off-form"), &json!({}))
        .await
        .ok();
    // It waits for the chair's signature: the deputy in his place does not sign, by page and by program.
    let refused = deputy
        .api_for(&delegation, &format!("/api/v1/outgoing/{id}/approve"), &json!({}))
        .await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.json()["clause"], "ND30-13.3");
    cast.enter(&deputy, &delegation).await.ok();
    for closed in [
        "/account",
        "/outgoing/new",
        "/delegations",
        "/registers/incoming",
        "/search?q=a",
    ] {
        let answer = deputy.get(closed).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{closed}");
        assert!(answer.text.contains("Trở về việc của mình"), "{closed}");
    }
    let answer = post_in_place(&deputy, &format!("/outgoing/{id}/approve"), &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    // The chair himself is not locked out while somebody works in his place.
    chair
        .api(&format!("/api/v1/outgoing/{id}/approve"), &json!({}))
        .await
        .ok();
}

#[tokio::test]
async fn cn_805_it_ends_by_itself_and_can_be_ended() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    let at = format!("/api/v1/incoming/{id}");
    let first = cast
        .hand_over(&cast.head, &cast.officer, &[Function::Handle], "2026-01-09")
        .await;
    cast.officer.api_get_for(&first, &at).await.ok();
    cast.enter(&cast.officer, &first).await.ok();
    cast.office.clock.set("2026-01-10T01:00:00Z".parse().unwrap());
    let officer = cast.office.person("annv.stttt").await;
    let ended = officer.api_get_for(&first, &at).await;
    assert_eq!(ended.status, StatusCode::CONFLICT);
    assert_eq!(ended.json()["code"], "delegation.ended");
    let again = officer.post(&format!("/delegations/{first}/enter"), &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);

    let head = cast.office.person("longhd.stttt").await;
    let body = json!({
        "substitute": officer.post, "functions": ["handle"], "from_on": "2026-01-10", "to_on": "2026-01-20",
    });
    let second = head.api("/api/v1/delegations", &body).await.ok().json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    officer
        .post(&format!("/delegations/{second}/enter"), &[])
        .await
        .ok();
    officer.get(&format!("/incoming/{id}")).await.ok();
    // A stranger cannot end it; the head can, and the substitute is in their own place with the next click.
    let path = format!("/api/v1/delegations/{second}/revoke");
    let other = cast.office.person("chivtl.stttt").await;
    assert_eq!(other.api(&path, &json!({})).await.status, StatusCode::NOT_FOUND);
    head.api(&path, &json!({})).await.ok();
    assert_eq!(
        officer.get(&format!("/incoming/{id}")).await.status,
        StatusCode::NOT_FOUND
    );
    officer.get("/account").await.ok();
    assert_eq!(
        head.api(&path, &json!({})).await.json()["code"],
        "delegation.ended"
    );
}

#[tokio::test]
async fn cn_805_a_stranger_gains_nothing_and_nothing_is_handed_on() {
    let cast = Cast::new().await;
    let id = cast.directed(1).await;
    let delegation = cast
        .hand_over(&cast.head, &cast.officer, &[Function::Handle], "2026-01-10")
        .await;
    // Somebody else names the delegation.
    let at = format!("/api/v1/incoming/{id}");
    let stolen = cast.other_officer.api_get_for(&delegation, &at).await;
    assert_eq!(stolen.json()["code"], "delegation.ended");
    assert_eq!(
        cast.other_officer
            .get(&format!("/delegations/{delegation}"))
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    // The substitute hands it on.
    let body = json!({
        "giver": cast.head.post, "substitute": cast.other_officer.post, "functions": ["handle"],
        "from_on": "2026-01-08", "to_on": "2026-01-09",
    });
    let on = cast.officer.api("/api/v1/delegations", &body).await;
    assert_eq!(on.json()["code"], "delegation.not_own");
    let chain = cast
        .officer
        .api_for(&delegation, "/api/v1/delegations", &body)
        .await;
    assert_eq!(chain.status, StatusCode::CONFLICT);
    // The administrator, on a paper, for the absent head; without a paper not.
    let refused = cast.administrator.api("/api/v1/delegations", &body).await;
    assert_eq!(refused.json()["code"], "delegation.no_basis");
    let mut on_paper: Value = body.clone();
    on_paper["basis"] = json!("Đơn nghỉ phép ngày 05/01/2026");
    cast.administrator
        .api("/api/v1/delegations", &on_paper)
        .await
        .ok();
    let page = cast.administrator.get("/delegations").await.ok().text;
    assert!(page.contains("Đơn nghỉ phép ngày 05/01/2026"));
    let none = cast
        .officer
        .post("/delegations", &[("functions", "handle")])
        .await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("Vui lòng chọn người được ủy quyền"));
}

#[tokio::test]
async fn cn_806_an_assistant_prepares_and_the_leader_decides() {
    let cast = Cast::new().await;
    let id = cast.presented(1).await;
    let delegation = cast
        .hand_over(&cast.leader, &cast.officer, &[Function::Prepare], "2026-01-30")
        .await;
    let at = format!("/api/v1/incoming/{id}");
    let seen = cast.officer.api_get_for(&delegation, &at).await.ok().json();
    assert_eq!(seen["acts"], json!(["prepare-directive"]));
    let body = json!({ "text": "Giao", "lead": cast.head.post, "due_on": "2026-01-15" });
    let direct = cast
        .officer
        .api_for(&delegation, &format!("{at}/direct"), &body)
        .await;
    assert_eq!(direct.json()["code"], "delegation.not_handed_over");
    let body = json!({ "text": "Giao Phòng tham mưu trả lời trước ngày 15/01" });
    cast.officer
        .api_for(&delegation, &format!("{at}/prepare-directive"), &body)
        .await
        .ok();
    // It stands in the leader's form; nothing was decided.
    let page = cast.leader.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(page.contains("Giao Phòng tham mưu trả lời trước ngày 15/01") && page.contains("chuẩn bị lúc"));
    assert_eq!(
        cast.leader.api_get(&at).await.ok().json()["state"],
        json!("presented")
    );
    // In their own name nobody prepares.
    let own = cast
        .leader
        .api(&format!("{at}/prepare-directive"), &json!({ "text": "x" }))
        .await;
    assert_eq!(own.status, StatusCode::CONFLICT);
}
