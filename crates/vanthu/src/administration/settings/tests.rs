//! An agency decides where law leaves it open.

use serde_json::json;

use crate::testing::Office;

const API: &str = "/api/v1/agency-settings";

#[tokio::test]
async fn cn_126_cn_504_the_administrator_sets_the_limits_of_extensions_from_a_day_on() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let page = administrator.get("/administration/settings").await.ok().text;
    for said in [
        "Gia hạn xử lý văn bản đến",
        "số lần 2, số ngày mỗi lần 30",
        "mặc định",
        "Chỉ phát hành văn bản đã ký số",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let fields = [
        ("agency", ""),
        ("key", "handling.extension"),
        ("times", "1"),
        ("days", "400"),
        ("valid_from", "2026-01-10"),
        ("basis", "Quy chế làm việc của Sở"),
    ];
    let stays = administrator.post("/administration/settings", &fields).await;
    assert_eq!(stays.status.as_u16(), 422, "{}", stays.text);
    assert!(
        stays.text.contains("từ 1 đến 365") && stays.text.contains("value=\"400\""),
        "{}",
        stays.text
    );
    let mut fields = fields;
    fields[3].1 = "10";
    let moved = administrator.post("/administration/settings", &fields).await;
    assert_eq!(moved.status.as_u16(), 303, "{}", moved.text);
    let lines = administrator.api_get(API).await.ok().json();
    let line = &lines[0];
    assert_eq!(
        (&line["is_decided"], &line["value"]),
        (&json!(false), &json!({ "times": 2, "days": 30 }))
    );
    assert_eq!(
        line["versions"],
        json!([{ "valid_from": "2026-01-10", "value": { "times": 1, "days": 10 } }])
    );
    office.clock.set("2026-01-10T01:00:00Z".parse().unwrap());
    let administrator = office.person("tupa.stttt").await;
    let line = administrator.api_get(API).await.ok().json()[0].clone();
    assert_eq!(
        (&line["is_decided"], &line["value"]),
        (&json!(true), &json!({ "times": 1, "days": 10 }))
    );
    let journal = administrator.get("/administration/journal").await.ok().text;
    assert!(
        journal.contains("data-label=\"Việc\">Cài đặt của đơn vị"),
        "{journal}"
    );
}

#[tokio::test]
async fn qc01_23_4_only_administrators_choose_and_only_for_their_own_agency() {
    let office = Office::new().await;
    let body =
        json!({ "key": "signing.required", "valid_from": "2026-01-09", "basis": "Quyết định", "flag": true });
    for username in ["anhltn.stttt", "hungdm.stttt", "annv.stttt"] {
        let person = office.person(username).await;
        assert_eq!(person.api(API, &body).await.status.as_u16(), 409);
        assert!(!person.get("/administration/settings").await.status.is_success());
        assert!(!person.api_get(API).await.status.is_success());
    }
    let administrator = office.person("tupa.stttt").await;
    let elsewhere = office.person("oanhntk.snv").await;
    let mut foreign = body.clone();
    foreign["agency"] = json!(elsewhere.agency);
    assert_eq!(administrator.api(API, &foreign).await.status.as_u16(), 404);
    administrator.api(API, &body).await.ok();
    for (field, value, code) in [
        ("key", json!("khong.co"), "setting.unknown"),
        ("valid_from", json!("2026-01-07"), "setting.past"),
        ("basis", json!(" "), "setting.no_basis"),
        ("flag", json!(null), "setting.no_choice"),
    ] {
        let mut wrong = body.clone();
        wrong[field] = value;
        let refused = administrator.api(API, &wrong).await;
        assert_eq!(refused.json()["code"], code, "{field}");
    }
}
