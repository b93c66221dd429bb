use axum::http::StatusCode;
use serde_json::{Value, json};
use store::{args, sql};

use crate::testing::{Office, Person, pdf};

/// Registers a paper, presents it and has it directed to the head; gives its id.
async fn directed(office: &Office, nth: u32, lead: &Person, inform: &Person, due: &str) -> String {
    let clerk = office.person("anhltn.stttt").await;
    let leader = office.person("hungdm.stttt").await;
    let file = clerk
        .api_upload("van_ban.pdf", &pdf(&format!("van ban {nth}")))
        .await
        .ok()
        .json();
    let body = json!({
        "sender_name": "Công ty TNHH Minh Hòa", "number": format!("{nth}"), "symbol": "CV-MH", "issued_on": "2026-01-05",
        "type_key": "cong_van", "subject": format!("đề nghị hướng dẫn thủ tục lần {nth}"), "urgency": "normal",
        "signer_name": "Trần Văn Bình", "signer_title": "Giám đốc", "main_file": file["id"],
    });
    let id = clerk.api("/api/v1/incoming/paper", &body).await.ok().json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    clerk
        .api(
            &format!("/api/v1/incoming/{id}/present"),
            &json!({ "leader": leader.post }),
        )
        .await
        .ok();
    let body = json!({ "text": "Giao", "lead": lead.post, "inform": [inform.post], "due_on": due });
    leader
        .api(&format!("/api/v1/incoming/{id}/direct"), &body)
        .await
        .ok();
    id
}

/// The line of a post; nothing when it has none.
fn line(report: &Value, post: &Person) -> Value {
    report["lines"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["post"] == json!(post.post))
        .cloned()
        .unwrap_or_default()
}

#[tokio::test]
async fn qc01_12_volume_and_progress_are_counted_per_unit_and_person_and_every_number_opens_its_list() {
    let office = Office::new().await;
    let (head, officer, other) = (
        office.person("longhd.stttt").await,
        office.person("annv.stttt").await,
        office.person("chivtl.stttt").await,
    );
    let leader = office.person("hungdm.stttt").await;
    let late = directed(&office, 1, &head, &other, "2026-01-09").await;
    let passed = directed(&office, 2, &head, &other, "2026-01-30").await;
    let done = directed(&office, 3, &head, &other, "2026-01-30").await;
    let body = json!({ "text": "Anh An xử lý", "lead": officer.post, "due_on": "2026-01-29" });
    head.api(&format!("/api/v1/incoming/{passed}/pass-down"), &body)
        .await
        .ok();
    head.api(&format!("/api/v1/incoming/{done}/start"), &json!({}))
        .await
        .ok();
    let finish = json!({ "outcome": "result", "result": "Đã hướng dẫn" });
    head.api(&format!("/api/v1/incoming/{done}/finish"), &finish)
        .await
        .ok();
    office.clock.set("2026-01-12T02:00:00Z".parse().unwrap());

    let report = leader
        .api_get("/api/v1/reports/workload?from=2026-01-01&to=2026-01-31")
        .await
        .ok()
        .json();
    let of_head = line(&report, &head);
    let numbers = |line: &Value| {
        [
            "received",
            "passed_on",
            "open",
            "overdue",
            "done_in_time",
            "done_late",
        ]
        .map(|name| line[name].as_u64().unwrap())
    };
    assert_eq!(numbers(&of_head), [2, 1, 1, 1, 1, 0], "{report}");
    assert_eq!(numbers(&line(&report, &officer)), [1, 0, 1, 0, 0, 0]);
    // Who only has to know is nowhere.
    assert!(line(&report, &other).is_null());
    let unit = report["lines"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["unit"] == of_head["unit"] && line["post"].is_null())
        .unwrap();
    assert_eq!(numbers(unit), [3, 1, 2, 1, 1, 0]);

    // The page, the list behind a number, the spreadsheet.
    let leader = office.person("hungdm.stttt").await;
    let page = leader.get("/reports/workload").await.ok().text;
    let href = format!(
        "column=overdue&amp;from=2026-01-01&amp;to=2026-01-12&amp;post={}",
        head.post
    );
    let plain = href.replace("&amp;", "&#38;");
    assert!(page.contains(&href) || page.contains(&plain), "{page}");
    let list = leader
        .get(&format!(
            "/reports/workload/list?column=overdue&from=2026-01-01&to=2026-01-12&post={}",
            head.post
        ))
        .await
        .ok()
        .text;
    assert!(list.contains(&late) && !list.contains(&passed) && !list.contains(&done));
    let sheet = leader
        .get("/reports/workload.xlsx?from=2026-01-01&to=2026-01-31")
        .await
        .ok();
    assert!(sheet.bytes.starts_with(b"PK"));
    let wrong = leader
        .get("/reports/workload?from=2026-02-01&to=2026-01-01")
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn qc01_12_heads_see_their_unit_and_officers_and_strangers_nothing() {
    let office = Office::new().await;
    let (head, other_head, officer) = (
        office.person("longhd.stttt").await,
        office.person("bachtx.stttt").await,
        office.person("annv.stttt").await,
    );
    directed(&office, 1, &head, &officer, "2026-01-20").await;
    let path = "/api/v1/reports/workload";
    let own = head.api_get(path).await.ok().json();
    assert_eq!(line(&own, &head)["open"], 1);
    let other = other_head.api_get(path).await.ok().json();
    assert_eq!(other["lines"], json!([]));
    let refused = officer.api_get(path).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.json()["clause"], "QC01-12");
    let foreign = office.person("oanhntk.snv").await;
    let seen = foreign.api_get(path).await;
    assert!(
        seen.status == StatusCode::CONFLICT || seen.json()["lines"] == json!([]),
        "{}",
        seen.text
    );
}

#[tokio::test]
async fn qc01_12_every_number_that_the_database_counts_has_as_many_parts_behind_it() {
    use rules::workload::Column;

    let office = Office::with_history(120).await;
    // A leader of the agency that has most to do.
    let row = office
        .app
        .db
        .one(
            sql!(
                "SELECT a.username, p.id FROM post p JOIN account a ON a.id = p.account_id WHERE p.role = 'leader' AND p.agency_id = \
                 (SELECT agency_id FROM assignment GROUP BY agency_id ORDER BY count(*) DESC, agency_id LIMIT 1) ORDER BY p.id LIMIT 1"
            ),
            args![],
        )
        .await
        .unwrap();
    let username: String = row.get("username").unwrap();
    let leader = office.person_in(&username, row.get("id").unwrap()).await;
    let who = office.who(&leader).await;
    // Some parts were given before the days.
    let (from, to) = (jiff::civil::date(2025, 12, 22), jiff::civil::date(2026, 1, 8));
    let groups = super::count::groups(&office.app, &who, from, to).await.unwrap();
    let (units, whole) = super::count::tally(&groups);
    let mut seen = 0;
    for column in Column::ALL {
        for unit in &units {
            for person in &unit.people {
                let number = super::parts::Number {
                    column: *column,
                    from,
                    to,
                    unit: unit.unit,
                    post: Some(person.post),
                };
                let (parts, count) = super::parts::behind(&office.app, &who, number, 3).await.unwrap();
                assert_eq!(
                    person.tally.of(*column),
                    count as u64,
                    "{}, {}",
                    person.name,
                    column.label()
                );
                assert_eq!(parts.len(), count.min(3));
                assert!(
                    parts.is_sorted_by_key(|part| (part.due_on.is_none(), part.due_on)),
                    "the soonest first"
                );
                seen += count as u64;
            }
        }
    }
    let sum: u64 = Column::ALL.iter().map(|column| whole.of(*column)).sum();
    assert_eq!(seen, sum);
    assert!(sum > 0, "a history has work");
}
