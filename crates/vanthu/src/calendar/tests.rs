//! The working calendar through the pages: who changes it, and that deadlines follow at once.

use axum::http::StatusCode;
use serde_json::json;
use store::{args, sql};

use crate::testing::Office;

#[tokio::test]
async fn blld_112_the_administrator_of_the_province_decides_days_and_deadlines_follow() {
    let office = Office::new().await;
    let province = office.person("datdt.ubnd").await;
    let clerk = office.person("anhltn.stttt").await;
    // Thursday, 8 January 2026: two working days later is the made-up Saturday.
    let soon = || {
        office
            .app
            .calendar
            .add_working_days(office.app.clock.today(), 2)
            .to_string()
    };
    assert_eq!(soon(), "2026-01-10");
    let page = province.get("/administration/calendar?year=2026").await.ok().text;
    for said in [
        "Tết Nguyên đán",
        "Làm bù cho ngày 02/01/2026",
        "Thứ Bảy, 10/01/2026",
        "Tháng 12",
        "Cập nhật lịch",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let fields = [
        ("from", "2026-01-09"),
        ("to", "2026-01-10"),
        ("kind", "off"),
        ("name", "Nghỉ theo Công điện số 01"),
    ];
    let done = province.post("/administration/calendar", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(soon(), "2026-01-13");
    let page = province.get(&done.location).await.ok().text;
    assert!(
        page.contains("Nghỉ theo Công điện số 01") && page.contains("Thứ Sáu, 09/01/2026"),
        "{page}"
    );

    // The morning of the Saturday is worked after all.
    let half = json!({ "from": "2026-01-10", "kind": "morning", "name": "Trực giải quyết văn bản" });
    province.api("/api/v1/calendar", &half).await.ok();
    assert_eq!(soon(), "2026-01-12");
    let year = clerk.api_get("/api/v1/calendar?year=2026").await.ok().json();
    let days = year["days"].as_array().unwrap();
    let of = |day: &str| days.iter().find(|known| known["day"] == day).unwrap().clone();
    assert_eq!(
        of("2026-01-10"),
        json!({ "day": "2026-01-10", "kind": "morning",
        "name": "Trực giải quyết văn bản", "decided": true, "provisional": false })
    );
    assert_eq!(of("2026-02-17")["decided"], false);
    let next = clerk.api_get("/api/v1/calendar?year=2027").await.ok().json();
    assert!(
        next["days"]
            .as_array()
            .unwrap()
            .iter()
            .any(|day| day["provisional"] == true)
    );

    // Another node reads the same; what was decided is taken back, and the journal has it all.
    super::load(&office.app).await.unwrap();
    province
        .post("/administration/calendar/clear", &[("day", "2026-01-10")])
        .await
        .ok();
    province
        .post("/administration/calendar/clear", &[("day", "2026-01-09")])
        .await
        .ok();
    assert_eq!(soon(), "2026-01-10");
    let gone = province
        .post("/administration/calendar/clear", &[("day", "2026-01-09")])
        .await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
    let rows = office
        .app
        .db
        .all(
            sql!("SELECT act, summary FROM journal WHERE object_kind = 'calendar' ORDER BY seq"),
            args![],
        )
        .await
        .unwrap();
    let told: Vec<String> = rows.iter().map(|row| row.get("summary").unwrap()).collect();
    assert_eq!(told.len(), 4, "{told:?}");
    assert_eq!(
        told[0],
        "Đặt từ ngày 09/01/2026 đến hết ngày 10/01/2026: Ngày nghỉ"
    );
}

#[tokio::test]
async fn blld_112_others_see_the_calendar_and_change_nothing() {
    let office = Office::new().await;
    let of_agency = office.person("tupa.stttt").await;
    let page = of_agency.get("/administration/calendar").await.ok().text;
    assert!(page.contains("Tết Nguyên đán") && !page.contains("Cập nhật lịch"));
    let fields = [("from", "2026-01-09"), ("kind", "off"), ("name", "Nghỉ")];
    for (person, status) in [
        (of_agency, StatusCode::UNPROCESSABLE_ENTITY),
        (office.person("anhltn.stttt").await, StatusCode::CONFLICT),
    ] {
        let refused = person.post("/administration/calendar", &fields).await;
        assert_eq!(refused.status, status, "{}", refused.text);
        let body = json!({ "from": "2026-01-09", "kind": "off", "name": "Nghỉ" });
        assert_eq!(
            person.api("/api/v1/calendar", &body).await.json()["clause"],
            "QC01-23.4"
        );
    }
    assert_eq!(
        office
            .person("annv.stttt")
            .await
            .get("/administration/calendar")
            .await
            .status,
        StatusCode::CONFLICT
    );
    assert!(office.app.calendar.is_working_day("2026-01-09".parse().unwrap()));
}

#[tokio::test]
async fn blld_112_a_wrong_stretch_stays_in_the_form_with_its_reason() {
    let office = Office::new().await;
    let province = office.person("datdt.ubnd").await;
    let fields = [
        ("from", "2026-01-09"),
        ("to", ""),
        ("kind", "make_up"),
        ("name", "Làm bù"),
    ];
    let stays = province.post("/administration/calendar", &fields).await;
    assert_eq!(stays.status, StatusCode::UNPROCESSABLE_ENTITY);
    for said in [
        "Ngày làm bù phải là thứ Bảy",
        "2026-01-09",
        "Điều 112 Bộ luật Lao động 2019",
    ] {
        assert!(stays.text.contains(said), "{said}");
    }
    let empty = province
        .post("/administration/calendar", &[("name", "Nghỉ"), ("kind", "off")])
        .await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("Vui lòng chọn ngày đầu tiên"));
}
