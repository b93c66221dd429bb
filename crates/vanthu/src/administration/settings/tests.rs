//! An agency decides where law leaves it open.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use rules::organization::AGENCY_SETTINGS;
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
        "Số lần 2, số ngày mỗi lần 30",
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

#[tokio::test]
async fn qc01_9_3_an_agency_chooses_how_its_document_identifiers_are_put_together() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let page = administrator.get("/administration/settings").await.ok().text;
    assert!(
        page.contains("Mẫu mã định danh văn bản") && page.contains("{agency},{date},{number}/{symbol}"),
        "{page}"
    );
    let mut fields = [
        ("agency", ""),
        ("key", "numbering.document_code"),
        ("text", "{agency}.{number}/{symbol}"),
        ("valid_from", "2026-01-08"),
        ("basis", "Quy chế công tác văn thư"),
    ];
    let stays = administrator.post("/administration/settings", &fields).await;
    assert_eq!(stays.status.as_u16(), 422, "{}", stays.text);
    assert!(
        stays.text.contains("{year} hoặc {date}")
            && stays.text.contains("value=\"{agency}.{number}/{symbol}\""),
        "{}",
        stays.text
    );
    fields[2].1 = "{agency}.{year}.{number}/{symbol}";
    let moved = administrator.post("/administration/settings", &fields).await;
    assert_eq!(moved.status.as_u16(), 303, "{}", moved.text);
    // The next document that is issued bears it.
    let (officer, head, chair, clerk) = (
        office.person("annv.stttt").await,
        office.person("longhd.stttt").await,
        office.person("hungdm.stttt").await,
        office.person("anhltn.stttt").await,
    );
    let draft = json!({ "type_key": "cong_van", "subject": "Báo cáo kết quả", "main_text": "Sở báo cáo như sau.",
        "paper": [{ "name": "Hội Nông dân", "reason": "Chưa kết nối hệ thống" }] });
    let id = officer.api("/api/v1/outgoing", &draft).await.ok().json()["id"].clone();
    let at = format!("/api/v1/outgoing/{}", id.as_str().unwrap());
    for (person, act) in [
        (&officer, "submit"),
        (&head, "sign-off-content"),
        (&clerk, "sign-off-form"),
        (&chair, "approve"),
    ] {
        person.api(&format!("{at}/{act}"), &json!({})).await.ok();
    }
    let issued = clerk.api(&format!("{at}/issue"), &json!({})).await.ok().json();
    let printed = issued["number_and_symbol"].as_str().unwrap();
    let code = issued["document_code"].as_str().unwrap();
    assert!(code.ends_with(&format!(".2026.{printed}")), "{code}");
}

#[tokio::test]
async fn nd30_13_4_qd28_7_2_the_tables_of_an_agency_are_filled_on_the_page() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let head = office.person("longhd.stttt").await;
    let unit = office.who(&head).await.unit().unwrap().to_string();
    let mut fields = vec![
        ("agency", ""),
        ("key", "signing.by_order"),
        ("valid_from", "2026-01-08"),
        ("basis", "Quy chế làm việc của Sở"),
        ("rows", "2"),
        ("unit-0", unit.as_str()),
        ("kinds-0", "bao_cao"),
        ("from-0", "2026-01-10"),
        ("to-0", "2026-01-09"),
        ("unit-1", ""),
    ];
    let stays = administrator.post("/administration/settings", &fields).await;
    assert_eq!(stays.status.as_u16(), 422, "{}", stays.text);
    assert!(
        stays.text.contains("Dòng 1: ngày kết thúc trước ngày bắt đầu")
            && stays.text.contains("value=\"2026-01-09\""),
        "{}",
        stays.text
    );
    fields[8].1 = "2026-01-31";
    let moved = administrator.post("/administration/settings", &fields).await;
    assert_eq!(moved.status.as_u16(), 303, "{}", moved.text);
    let page = administrator.get("/administration/settings").await.ok().text;
    assert!(
        page.contains("Báo cáo từ 10/01/2026 đến 31/01/2026") && page.contains("Đang áp dụng"),
        "{page}"
    );
    // Whoever signs is asked by that table: the head of the unit, from its day on.
    office.clock.set("2026-01-12T02:00:00Z".parse().unwrap());
    let officer = office.person("annv.stttt").await;
    let draft = json!({
        "type_key": "bao_cao", "subject": "Kết quả chuyển đổi số", "main_text": "Kính báo cáo.",
        "signer": head.post, "authority": "tl", "paper": [{ "name": "Báo Đắk Nông" }],
    });
    let id = officer.api("/api/v1/outgoing", &draft).await.ok().json()["id"].clone();
    let path = format!("/api/v1/outgoing/{}/submit", id.as_str().unwrap());
    officer.api(&path, &json!({})).await.ok();
    // The other tables, by program; a person or unit of another agency is unknown.
    let administrator = office.person("tupa.stttt").await;
    let stranger = office.person("oanhntk.snv").await;
    let table = |key: &str, row: serde_json::Value| json!({ "key": key, "valid_from": "2026-01-12", "basis": "Quyết định của Giám đốc", "rows": [row] });
    let delegation = json!({ "person": head.post, "document_types": ["cong_van"], "valid_from": "2026-01-12",
        "valid_to": "2026-01-20", "basis": "02/GUQ-STTTT" });
    let mut foreign = delegation.clone();
    foreign["person"] = json!(stranger.post);
    let refused = administrator
        .api(API, &table("signing.delegations", foreign))
        .await
        .json();
    assert_eq!(
        (&refused["code"], &refused["clause"]),
        (&json!("setting.unknown_person"), &json!("ND30-13.3"))
    );
    administrator
        .api(API, &table("signing.delegations", delegation))
        .await
        .ok();
    let everything = json!({ "basis": "Quyết định số 12" });
    let refused = administrator
        .api(API, &table("exchange.paper_list", everything))
        .await;
    assert_eq!(refused.json()["code"], "setting.row_for_everything");
    let line =
        json!({ "document_types": ["cong_van"], "recipient": "Sở Nội vụ", "basis": "Quyết định số 12" });
    administrator
        .api(API, &table("exchange.paper_list", line))
        .await
        .ok();
    let lines = administrator.api_get(API).await.ok().json();
    let list = lines.as_array().unwrap().iter();
    let list: Vec<_> = list.filter(|line| line["key"] == "exchange.paper_list").collect();
    assert_eq!(
        list[0]["value"],
        json!([{ "document_type": "cong_van", "recipient": "Sở Nội vụ", "basis": "Quyết định số 12" }])
    );
}

/// Settings that another page decides, where what they are about is seen.
const ELSEWHERE: &[(&str, &str)] = &[
    // The book of numbers shows what a change of the series does before it is made.
    ("numbering.series", "/registers/numbering"),
    // Decided by the clerk, who is measured by it.
    ("outgoing.office_hours", "/registers/numbering"),
    // Steps that are drawn and checked for being closed.
    ("process.incoming", "/administration/process"),
];

#[tokio::test]
async fn qc01_23_4_every_setting_that_the_program_reads_is_decided_on_a_page() {
    let read = settings_that_are_read();
    for known in ["numbering.document_code", "signing.by_order", "process.incoming"] {
        assert!(read.contains(known), "the search finds too little: {read:?}");
    }
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let page = administrator.get("/administration/settings").await.ok().text;
    for key in &read {
        let on_page = AGENCY_SETTINGS.iter().any(|setting| setting.key == key)
            && page.contains(&format!("name=\"key\" value=\"{key}\""));
        let elsewhere = ELSEWHERE
            .iter()
            .any(|(known, href)| known == key && page.contains(&format!("href=\"{href}\"")));
        assert!(on_page || elsewhere, "nobody can decide {key}");
    }
    for setting in AGENCY_SETTINGS {
        assert!(read.contains(setting.key), "nothing reads {}", setting.key);
    }
}

/// The keys that stand in calls which read a setting: as words, or by the name of a constant.
fn settings_that_are_read() -> BTreeSet<String> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let texts: Vec<String> = files
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    let mut constants: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, value) in texts.iter().flat_map(|text| constants_of(text)) {
        constants.entry(name).or_default().insert(value);
    }
    let mut read = BTreeSet::new();
    for text in &texts {
        let own: BTreeMap<String, String> = constants_of(text).into_iter().collect();
        for call in [
            "setting(",
            "agency_settings::read(",
            "agency_settings::read_in(",
            "agency_settings::in_force(",
            "agency_settings::all(",
        ] {
            for (at, _) in text.match_indices(call) {
                let Some(key) = third_argument(&text[at + call.len()..]) else {
                    continue;
                };
                if let Some(word) = key.strip_prefix('"') {
                    read.insert(word.trim_end_matches('"').to_owned());
                } else if let Some(value) = own.get(&key) {
                    read.insert(value.clone());
                } else if let Some(values) = constants.get(&key) {
                    read.extend(values.iter().cloned());
                }
            }
        }
    }
    read.retain(|key| key.contains('.') && !key.contains(' '));
    read
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "tests" && name != "testing" {
                sources(&path, into);
            }
        } else if name.ends_with(".rs") && name != "tests.rs" {
            into.push(path);
        }
    }
}

/// `const NAME: &str = "value";`
fn constants_of(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().filter_map(|line| {
        let (_, rest) = line.split_once("const ")?;
        let (name, value) = rest.split_once(": &str = \"")?;
        Some((name.to_owned(), value.split('"').next()?.to_owned()))
    });
    lines.collect()
}

/// The third argument of a call whose arguments begin here.
fn third_argument(text: &str) -> Option<String> {
    let (mut depth, mut argument, mut nth) = (0, String::new(), 0);
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => break,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                nth += 1;
                continue;
            }
            _ => {}
        }
        if nth == 2 {
            argument.push(c);
        }
    }
    Some(argument.trim().to_owned()).filter(|argument| !argument.is_empty())
}
