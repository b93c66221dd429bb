//! Who is told of what, and who is not.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::testing::{Office, Person, pdf};

async fn notices(person: &Person) -> (i64, Vec<(String, String)>) {
    let found = person.api_get("/api/v1/notices").await.ok().json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let items = found["items"].as_array().unwrap().iter();
    let lines = items
        .map(|item| (text(&item["box"]), text(&item["subject"])))
        .collect();
    (found["unread"].as_i64().unwrap(), lines)
}

/// A paper document, registered by the clerk.
async fn registered(clerk: &Person, subject: &str) -> String {
    let scan = clerk
        .api_upload("cong_van.pdf", &pdf("Cong van"))
        .await
        .ok()
        .json()["id"]
        .clone();
    let body = json!({ "sender_name": "Hội Nông dân", "number": "15", "symbol": "CV-HND", "type_key": "cong_van",
        "subject": subject, "main_file": scan });
    let answer = clerk.api("/api/v1/incoming/paper", &body).await.ok().json();
    answer["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn pl6_iii_1i_whoever_gets_work_is_told_and_nobody_else() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    let leader = office.person("hungdm.stttt").await;
    let officer = office.person("annv.stttt").await;
    let other = office.person("chivtl.stttt").await;
    let id = registered(&clerk, "Đề nghị phối hợp tập huấn").await;
    // Who did it is not told of it.
    assert_eq!(notices(&clerk).await, (0, vec![]));
    clerk
        .api(
            &format!("/api/v1/incoming/{id}/present"),
            &json!({ "leader": leader.post }),
        )
        .await
        .ok();
    let told = |desk_box: &str| {
        (
            1,
            vec![(desk_box.to_owned(), "Đề nghị phối hợp tập huấn".to_owned())],
        )
    };
    assert_eq!(notices(&leader).await, told("directing"));
    let directive = json!({ "text": "Giao tham mưu", "lead": officer.post, "due_on": "2026-01-20" });
    leader
        .api(&format!("/api/v1/incoming/{id}/direct"), &directive)
        .await
        .ok();
    assert_eq!(notices(&officer).await, told("handling"));
    for nobody in [&other, &office.person("oanhntk.snv").await] {
        assert_eq!(notices(nobody).await, (0, vec![]));
    }

    // The bell stands on every page; the page behind it says who and what, and then all has been looked at.
    let home = officer.get("/").await.ok().text;
    assert!(
        home.contains("href=\"/notices\"") && home.contains("data-box=\"notices\">1<"),
        "{home}"
    );
    assert_eq!(officer.get("/boxes.json").await.ok().json()["notices"], 1);
    let page = officer.get("/notices").await.ok().text;
    for said in [
        "Đề nghị phối hợp tập huấn",
        "Chờ xử lý",
        "15/CV-HND",
        "Đặng Minh Hưng",
        "is-new",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert_eq!(officer.get("/boxes.json").await.ok().json()["notices"], 0);
    let again = officer.get("/notices").await.ok().text;
    assert!(
        again.contains("Đề nghị phối hợp tập huấn") && !again.contains("class=\"is-new\""),
        "{again}"
    );
    // Administrators have no documents, so no bell.
    let administrator = office.person("tupa.stttt").await;
    assert_eq!(administrator.get("/notices").await.status, StatusCode::NOT_FOUND);
    assert!(
        !administrator
            .get("/")
            .await
            .ok()
            .text
            .contains("href=\"/notices\"")
    );
}

#[tokio::test]
async fn pl6_iii_1i_everybody_chooses_which_boxes_tell() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    let leader = office.person("hungdm.stttt").await;
    let muted = json!({ "muted": ["directing"] });
    leader.api("/api/v1/notices/settings", &muted).await.ok();
    let id = registered(&clerk, "Đề nghị phối hợp").await;
    clerk
        .api(
            &format!("/api/v1/incoming/{id}/present"),
            &json!({ "leader": leader.post }),
        )
        .await
        .ok();
    assert_eq!(notices(&leader).await, (0, vec![]));
    // The box itself has it all the same.
    assert_eq!(leader.get("/boxes.json").await.ok().json()["directing"], 1);
    let page = leader.get("/notices").await.ok().text;
    assert!(
        page.contains("value=\"handling\" checked") && !page.contains("value=\"directing\" checked"),
        "{page}"
    );
    let done = leader
        .post(
            "/notices/settings",
            &[("tells", "directing"), ("tells", "signing")],
        )
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(notices(&leader).await.0, 1);
    let foreign = leader
        .api("/api/v1/notices/settings", &json!({ "muted": ["reception"] }))
        .await;
    assert_eq!(foreign.json()["clause"], "QC01-4.2");
}

#[tokio::test]
async fn pl6_iii_1i_what_one_clerk_has_done_the_others_are_not_told_of() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    let leader = office.person("hungdm.stttt").await;
    let officer = office.person("annv.stttt").await;
    let draft = json!({ "type_key": "cong_van", "subject": "Báo cáo kết quả", "main_text": "Sở báo cáo như sau.",
        "paper": [{ "name": "Hội Nông dân", "reason": "Chưa kết nối hệ thống" }] });
    let id = officer.api("/api/v1/outgoing", &draft).await.ok().json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    officer
        .api(&format!("/api/v1/outgoing/{id}/submit"), &json!({}))
        .await
        .ok();
    let head = office.person("longhd.stttt").await;
    assert_eq!(notices(&head).await.1[0].0, "approval");
    head.api(&format!("/api/v1/outgoing/{id}/sign-off-content"), &json!({}))
        .await
        .ok();
    assert_eq!(notices(&clerk).await.1[0].0, "form-review");
    clerk
        .api(&format!("/api/v1/outgoing/{id}/sign-off-form"), &json!({}))
        .await
        .ok();
    assert_eq!(notices(&clerk).await, (0, vec![]));
    assert_eq!(notices(&leader).await.1.len(), 1);
    // Notices are forgotten after two months.
    office.clock.set("2026-04-01T01:00:00Z".parse().unwrap());
    assert!(super::forget_old(&office.app).await.unwrap() > 0);
    let leader = office.person("hungdm.stttt").await;
    assert_eq!(notices(&leader).await, (0, vec![]));
}

#[tokio::test]
async fn pl6_iii_1i_cn_111_who_gets_an_unopened_envelope_is_told_unless_they_chose_otherwise() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    let officer = office.person("annv.stttt").await;
    let other = office.person("chivtl.stttt").await;
    let path = "/api/v1/incoming/unopened";
    let envelope = json!({ "addressee_kind": "person", "addressee_post": officer.post, "sender": "Công ty Minh Hòa",
        "marks": "15/CV-MH", "arrived_on": "2026-01-08" });
    let id = clerk.api(path, &envelope).await.ok().json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let told = || {
        (
            1,
            vec![("envelopes".to_owned(), "Bì thư của Công ty Minh Hòa".to_owned())],
        )
    };
    assert_eq!(notices(&officer).await, told());
    for nobody in [&clerk, &other, &office.person("nhungpth.ubnd").await] {
        assert_eq!(notices(nobody).await, (0, vec![]));
    }
    let page = officer.get("/notices").await.ok().text;
    for said in [
        "href=\"/incoming/unopened\"",
        "Bì thư của Công ty Minh Hòa",
        "15/CV-MH",
        "value=\"envelopes\" checked",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // It comes back: now the clerks are told, until one of them has registered it.
    let back = json!({ "reason": "Đề nghị cấp phép" });
    officer.api(&format!("{path}/{id}/hand-back"), &back).await.ok();
    assert_eq!(notices(&clerk).await, told());
    let scan = clerk
        .api_upload("cong_van.pdf", &pdf("Cong van"))
        .await
        .ok()
        .json()["id"]
        .clone();
    let paper = json!({ "sender_name": "Công ty Minh Hòa", "number": "15", "symbol": "CV-MH", "type_key": "cong_van",
        "subject": "Đề nghị cấp phép", "main_file": scan, "unopened": id });
    clerk.api("/api/v1/incoming/paper", &paper).await.ok();
    assert_eq!(notices(&clerk).await, (0, vec![]));
    // Who does not want to be told has the envelope in the list all the same.
    let muted = json!({ "muted": ["envelopes"] });
    officer.api("/api/v1/notices/settings", &muted).await.ok();
    clerk.api(path, &envelope).await.ok();
    assert_eq!(notices(&officer).await, (0, vec![]));
    let list = officer.api_get(path).await.ok().json();
    assert_eq!(list.as_array().unwrap().len(), 2);
}
