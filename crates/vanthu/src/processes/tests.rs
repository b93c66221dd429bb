//! Điều 12 through the pages and the API: only closed processes are kept, people are held to them, documents show where they
//! stand.

use axum::http::StatusCode;
use rules::process::standard;
use serde_json::{Value, json};
use store::{args, sql};
use uuid::Uuid;

use crate::testing::{Office, Person, pdf};

fn steps() -> Value {
    serde_json::to_value(standard().steps).unwrap()
}

fn step<'a>(steps: &'a mut Value, stage: &str) -> &'a mut Value {
    let steps = steps.as_array_mut().unwrap();
    steps.iter_mut().find(|step| step["stage"] == stage).unwrap()
}

fn decided(steps: &Value) -> Value {
    json!({ "valid_from": "2026-01-08", "basis": "Quyết định số 12/QĐ-STTTT", "steps": steps })
}

async fn registered(clerk: &Person) -> Uuid {
    let scan = clerk
        .api_upload("cong_van.pdf", &pdf("Cong van"))
        .await
        .ok()
        .json()["id"]
        .clone();
    let body = json!({ "sender_name": "Hội Nông dân", "number": "15", "symbol": "CV-HND", "type_key": "cong_van",
        "subject": "Đề nghị phối hợp", "main_file": scan, "despite": "Hội gửi hai văn bản cùng số" });
    let answer = clerk.api("/api/v1/incoming/paper", &body).await.ok().json();
    answer["id"].as_str().unwrap().parse().unwrap()
}

/// Name and place of the steps of a document, as somebody sees them.
async fn way(person: &Person, id: Uuid) -> Vec<(String, String)> {
    let way = person
        .api_get(&format!("/api/v1/incoming/{id}/process"))
        .await
        .ok()
        .json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let steps = way["steps"].as_array().unwrap().iter();
    steps
        .map(|step| (text(&step["name"]), text(&step["place"])))
        .collect()
}

#[tokio::test]
async fn qc01_12_a_process_that_is_not_closed_is_refused_with_the_path_that_does_not_end() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let mut open = steps();
    step(&mut open, "handling")["acts"] = json!(["handle"]);
    step(&mut open, "handling")["next"] = json!([]);
    step(&mut open, "distributing")["acts"] = json!(["pass_down"]);
    step(&mut open, "distributing")["next"] = json!(["handling"]);
    let refused = administrator.api("/api/v1/process", &decided(&open)).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let problem = refused.json();
    assert_eq!(problem["clause"], "QC01-12");
    let said = problem["detail"].as_str().unwrap();
    assert!(
        said.contains("Đường đi không có điểm kết thúc: Tiếp nhận, đăng ký → Trình lãnh đạo → Giải quyết"),
        "{said}"
    );
    let kept = office
        .app
        .db
        .opt(
            sql!("SELECT key FROM agency_setting WHERE key = 'process.incoming'"),
            args![],
        )
        .await
        .unwrap();
    assert!(kept.is_none());
}

#[tokio::test]
async fn qc01_12_cn_208_the_agency_decides_its_process_and_people_are_held_to_it() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let clerk = office.person("anhltn.stttt").await;
    let head = office.person("hungdm.stttt").await;
    let before = registered(&clerk).await;

    // Without a process of its own the standard one shows the way, and only the law holds.
    assert_eq!(
        way(&clerk, before).await[1],
        ("Trình lãnh đạo".into(), "current".into())
    );
    let page = clerk.get(&format!("/incoming/{before}")).await.ok().text;
    assert!(
        page.contains("Quy trình mẫu") && page.contains("Hạn bước 09/01/2026"),
        "{page}"
    );

    // The Director wants every document presented before it is directed, within two days.
    let mut own = steps();
    let presenting = step(&mut own, "presenting");
    presenting["name"] = json!("Trình Giám đốc Sở");
    presenting["acts"] = json!(["present"]);
    presenting["next"] = json!(["directing"]);
    presenting["term"] = json!(2);
    administrator.api("/api/v1/process", &decided(&own)).await.ok();
    let in_force = clerk.api_get("/api/v1/process").await.ok().json();
    assert_eq!(in_force["basis"], "Quyết định số 12/QĐ-STTTT");

    let id = registered(&clerk).await;
    assert_eq!(
        way(&clerk, id).await[1],
        ("Trình Giám đốc Sở".into(), "current".into())
    );
    let page = head.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(
        page.contains("Theo Quyết định số 12/QĐ-STTTT") && page.contains("Hạn bước 10/01/2026"),
        "{page}"
    );
    assert!(
        !page.contains(&format!("action=\"/incoming/{id}/direct\"")),
        "what is refused is not offered"
    );
    let officer = office.person("annv.stttt").await;
    let directive = json!({ "text": "Giao tham mưu", "lead": officer.post, "due_on": "2026-01-20" });
    let refused = head
        .api(&format!("/api/v1/incoming/{id}/direct"), &directive)
        .await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    assert_eq!(refused.json()["clause"], "QC01-12");
    assert!(
        refused.json()["detail"]
            .as_str()
            .unwrap()
            .contains("bước “Trình Giám đốc Sở”")
    );

    clerk
        .api(
            &format!("/api/v1/incoming/{id}/present"),
            &json!({ "leader": head.post }),
        )
        .await
        .ok();
    assert_eq!(way(&clerk, id).await[2].1, "current");
    head.api(&format!("/api/v1/incoming/{id}/direct"), &directive)
        .await
        .ok();
    let now = way(&officer, id).await;
    let current: Vec<&str> = now
        .iter()
        .filter(|(_, place)| place == "current")
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(current, ["Giải quyết"]);
}

#[tokio::test]
async fn qc01_12_a_document_keeps_the_process_of_the_day_on_which_it_came() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let clerk = office.person("anhltn.stttt").await;
    let mut own = steps();
    step(&mut own, "presenting")["name"] = json!("Trình Giám đốc Sở");
    let mut later = decided(&own);
    later["valid_from"] = json!("2026-01-09");
    administrator.api("/api/v1/process", &later).await.ok();
    let today = registered(&clerk).await;
    office.clock.set("2026-01-09T02:00:00Z".parse().unwrap());
    let clerk = office.person("anhltn.stttt").await;
    let tomorrow = registered(&clerk).await;
    assert_eq!(way(&clerk, today).await[1].0, "Trình lãnh đạo");
    assert_eq!(way(&clerk, tomorrow).await[1].0, "Trình Giám đốc Sở");
    let stranger = office.person("oanhntk.snv").await;
    assert_eq!(
        stranger
            .api_get(&format!("/api/v1/incoming/{today}/process"))
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        stranger.api_get("/api/v1/process").await.ok().json()["basis"],
        Value::Null
    );
}

#[tokio::test]
async fn qc01_12_the_page_shows_the_process_keeps_what_was_typed_and_is_of_the_own_agency() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let page = administrator.get("/administration/process").await.ok().text;
    for said in [
        "Quy trình phải khép kín",
        "quy trình mẫu bên dưới",
        "Tiếp nhận, đăng ký",
        "Kiểm tra và lưu quy trình",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let agency = administrator.agency.to_string();
    let fields = [
        ("agency", agency.as_str()),
        ("valid_from", "2026-01-08"),
        ("basis", "Quyết định số 12/QĐ-STTTT"),
        ("use_reception", "on"),
        ("name_reception", "Văn thư tiếp nhận"),
        ("role_reception", "clerk"),
        ("acts_reception", "register"),
        ("next_reception", "presenting"),
    ];
    let stays = administrator.post("/administration/process", &fields).await;
    assert_eq!(stays.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in [
        "không có bước kết thúc",
        "quy trình không có khâu đó",
        "Văn thư tiếp nhận",
        "Điều 12 Quy chế",
    ] {
        assert!(stays.text.contains(said), "{said}: {}", stays.text);
    }
    let small = [
        ("use_presenting", "on"),
        ("name_presenting", "Chủ tịch giao việc"),
        ("role_presenting", "clerk"),
        ("acts_presenting", "direct"),
        ("next_presenting", "handling"),
        ("term_presenting", "1"),
        ("use_handling", "on"),
        ("name_handling", "Công chức giải quyết"),
        ("role_handling", "officer"),
        ("acts_handling", "handle"),
        ("acts_handling", "finish"),
        ("next_handling", "finished"),
        ("use_finished", "on"),
        ("name_finished", "Kết thúc"),
    ];
    let fields: Vec<(&str, &str)> = fields.into_iter().chain(small).collect();
    let saved = administrator.post("/administration/process", &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let page = administrator.get(&saved.location).await.ok().text;
    assert!(
        page.contains("Văn thư tiếp nhận → Chủ tịch giao việc → Công chức giải quyết → Kết thúc"),
        "{page}"
    );
    assert!(page.contains("Đang áp dụng") && page.contains("Phan Anh Tú"));

    let clerk = office.person("anhltn.stttt").await;
    assert_eq!(
        clerk.get("/administration/process").await.status,
        StatusCode::CONFLICT
    );
    assert_eq!(
        clerk.api("/api/v1/process", &decided(&steps())).await.json()["clause"],
        "QC01-23.4"
    );
    let mut foreign = decided(&steps());
    foreign["agency"] = json!(office.person("oanhntk.snv").await.agency);
    assert_eq!(
        administrator.api("/api/v1/process", &foreign).await.status,
        StatusCode::NOT_FOUND
    );
}
