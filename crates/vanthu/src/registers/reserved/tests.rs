//! Giữ số: kept with a reason, a line of the register, used once or void, dates never backwards (ND30-15.1, CN-211).

use serde_json::{Value, json};

use crate::testing::{Answer, Office, Person, pdf};

const PATH: &str = "/api/v1/registers/reserved";

struct Desk {
    office: Office,
    officer: Person,
    head: Person,
    chair: Person,
    clerk: Person,
}

impl Desk {
    async fn new() -> Self {
        let office = Office::new().await;
        Self {
            officer: office.person("quangnd.ubnd").await,
            head: office.person("thaobtp.ubnd").await,
            chair: office.person("khaitq.ubnd").await,
            clerk: office.person("nhungpth.ubnd").await,
            office,
        }
    }

    async fn keep(&self, count: u32) -> Vec<String> {
        let sent = json!({ "type_key": "thong_bao", "count": count, "reason": "Chờ Chủ tịch ký trực tiếp", "signer": "Trần Quốc Khải" });
        let kept = self.clerk.api(PATH, &sent).await.ok().json();
        serde_json::from_value(kept["ids"].clone()).unwrap()
    }

    /// An approved notice; gives its id.
    async fn approved(&self, subject: &str) -> String {
        let file = self
            .officer
            .api_upload("thongbao.pdf", &pdf(subject))
            .await
            .ok()
            .json()["id"]
            .clone();
        let draft = json!({
            "type_key": "thong_bao", "subject": subject, "main_file": file,
            "paper": [{ "name": "Báo Đắk Nông", "reason": "Chưa kết nối" }],
        });
        let id = self.officer.api("/api/v1/outgoing", &draft).await.ok().json()["id"].clone();
        let id = id.as_str().unwrap().to_owned();
        for (person, act) in [
            (&self.officer, "submit"),
            (&self.head, "sign-off-content"),
            (&self.clerk, "sign-off-form"),
            (&self.chair, "approve"),
        ] {
            person
                .api(&format!("/api/v1/outgoing/{id}/{act}"), &json!({}))
                .await
                .ok();
        }
        id
    }

    async fn issue(&self, id: &str) -> Answer {
        let clerk = self.office.person("nhungpth.ubnd").await;
        clerk
            .api(&format!("/api/v1/outgoing/{id}/issue"), &json!({}))
            .await
    }

    async fn assign(&self, document: &str, reserved: &str) -> Answer {
        let clerk = self.office.person("nhungpth.ubnd").await;
        let sent = json!({ "document": document, "reserved": reserved });
        clerk.api(&format!("{PATH}/assign"), &sent).await
    }

    /// Number and note of each line of the register, by number.
    async fn book(&self) -> Vec<(String, String)> {
        let clerk = self.office.person("nhungpth.ubnd").await;
        let book = clerk.api_get("/api/v1/registers/outgoing").await.ok().json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let lines = book["items"].as_array().unwrap().iter();
        let mut lines: Vec<_> = lines
            .map(|line| (text(&line["number_and_symbol"]), text(&line["note"])))
            .collect();
        lines.sort();
        lines
    }
}

#[tokio::test]
async fn nd30_15_1_reserved_numbers_are_lines_of_the_register_and_the_next_number_goes_on_after_them() {
    let desk = Desk::new().await;
    let kept = desk.keep(2).await;
    assert_eq!(kept.len(), 2);
    let first = desk.approved("Lịch nghỉ Tết").await;
    assert_eq!(desk.issue(&first).await.ok().json()["number"], 3);
    let held = "Giữ số: Chờ Chủ tịch ký trực tiếp";
    let line = |number: &str, note: &str| (format!("{number}/TB-UBND"), note.to_owned());
    assert_eq!(
        desk.book().await,
        [line("01", held), line("02", held), line("03", "")]
    );
    // Void with its reason it stays; nothing takes it any more.
    let path = format!("{PATH}/{}/void", kept[0]);
    let silent = desk.clerk.api(&path, &json!({ "reason": " " })).await.json();
    assert_eq!(silent["code"], "numbering.no_reason");
    let void = json!({ "reason": "Không ban hành nữa" });
    desk.clerk.api(&path, &void).await.ok();
    assert_eq!(
        desk.clerk.api(&path, &void).await.json()["code"],
        "numbering.reserved_void"
    );
    assert_eq!(
        desk.book().await[0],
        line("01", "Hủy số đã giữ: Không ban hành nữa")
    );
    let second = desk.approved("Lịch trực Tết").await;
    assert_eq!(
        desk.assign(&second, &kept[0]).await.json()["code"],
        "numbering.reserved_void"
    );
    // A document takes the other one: then it is the document's line.
    desk.assign(&second, &kept[1]).await.ok();
    let issued = desk.issue(&second).await.ok().json();
    assert_eq!(
        (&issued["number"], &issued["issued_on"]),
        (&json!(2), &json!("2026-01-08"))
    );
    assert_eq!(
        desk.book()
            .await
            .iter()
            .filter(|(number, _)| number.starts_with("02/"))
            .count(),
        1
    );
    let third = desk.approved("Thông báo khác").await;
    assert_eq!(desk.issue(&third).await.ok().json()["number"], 4);
}

#[tokio::test]
async fn nd30_15_1_a_reserved_number_is_not_used_when_that_would_turn_dates_back() {
    let mut desk = Desk::new().await;
    let kept = desk.keep(1).await;
    let first = desk.approved("Lịch nghỉ Tết").await;
    let second = desk.approved("Lịch trực Tết").await;
    desk.issue(&first).await.ok();
    desk.assign(&second, &kept[0]).await.ok();
    desk.office.clock.set("2026-01-09T02:00:00Z".parse().unwrap());
    desk.clerk = desk.office.person("nhungpth.ubnd").await;
    let refused = desk.issue(&second).await;
    assert_eq!(refused.status.as_u16(), 409);
    assert_eq!(refused.json()["code"], "numbering.reserved_backwards");
    // Without it the document takes the next number of its series.
    desk.assign(&second, "").await.ok();
    let issued = desk.issue(&second).await.ok().json();
    assert_eq!(
        (&issued["number"], &issued["issued_on"]),
        (&json!(3), &json!("2026-01-09"))
    );
}

#[tokio::test]
async fn nd30_15_1_a_number_kept_yesterday_is_used_while_nothing_came_after_it() {
    let mut desk = Desk::new().await;
    let kept = desk.keep(1).await;
    let document = desk.approved("Lịch nghỉ Tết").await;
    desk.office.clock.set("2026-01-09T02:00:00Z".parse().unwrap());
    desk.clerk = desk.office.person("nhungpth.ubnd").await;
    desk.assign(&document, &kept[0]).await.ok();
    let issued = desk.issue(&document).await.ok().json();
    assert_eq!(
        (&issued["number"], &issued["issued_on"]),
        (&json!(1), &json!("2026-01-09"))
    );
}

#[tokio::test]
async fn nd30_15_1_only_the_clerk_keeps_numbers_and_the_same_command_keeps_them_once() {
    let desk = Desk::new().await;
    let sent = json!({ "type_key": "thong_bao", "count": 1, "reason": "Chờ ký" });
    for person in [&desk.officer, &desk.chair] {
        assert_eq!(
            person.api(PATH, &sent).await.json()["code"],
            "numbering.not_clerk"
        );
    }
    let command = store::Ids::Random.next();
    for _ in 0..2 {
        let kept = desk.clerk.api_command(PATH, command, &sent).await.ok().json();
        assert_eq!(kept["numbers"], json!(["01/TB-UBND"]));
    }
    // A công văn needs the abbreviation of its field.
    let letter = json!({ "type_key": "cong_van", "count": 1, "reason": "Chờ ký" });
    let refused = desk.clerk.api(PATH, &letter).await.json();
    assert_eq!(refused["field"], "field_abbr");
    let letter = json!({ "type_key": "cong_van", "count": 1, "reason": "Chờ ký", "field_abbr": "KGVX" });
    let kept = desk.clerk.api(PATH, &letter).await.ok().json();
    assert_eq!(kept["numbers"], json!(["02/UBND-KGVX"]));
    // Nobody of another agency finds it.
    let outsider = desk.office.person("anhltn.stttt").await;
    let path = format!("{PATH}/{}/void", kept["ids"][0].as_str().unwrap());
    assert_eq!(
        outsider
            .api(&path, &json!({ "reason": "x" }))
            .await
            .status
            .as_u16(),
        404
    );
    assert_eq!(outsider.api_get(PATH).await.ok().json(), json!([]));
    assert_eq!(desk.officer.api_get(PATH).await.status.as_u16(), 409);
    assert_eq!(
        desk.chair
            .api_get(PATH)
            .await
            .ok()
            .json()
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn nd30_15_1_the_clerk_keeps_uses_and_voids_numbers_by_page() {
    let desk = Desk::new().await;
    let page = desk.clerk.get("/registers/reserved").await.ok().text;
    assert!(
        page.contains("Giữ số") && page.contains("Chưa giữ số nào"),
        "{page}"
    );
    let mut fields = vec![("type_key", "thong_bao"), ("count", "2"), ("reason", "")];
    let stay = desk.clerk.post("/registers/reserved", &fields).await;
    assert_eq!(stay.status.as_u16(), 422);
    assert!(stay.text.contains("Vui lòng ghi lý do giữ số"), "{}", stay.text);
    fields[2] = ("reason", "Chờ ký trực tiếp");
    let done = desk.clerk.post("/registers/reserved", &fields).await;
    assert_eq!(
        (done.status.as_u16(), done.location.as_str()),
        (303, "/registers/reserved"),
        "{}",
        done.text
    );
    let page = desk.clerk.get("/registers/reserved").await.ok().text;
    assert!(page.contains("02/TB-UBND") && page.contains("Đang giữ"), "{page}");
    let book = desk.clerk.get("/registers/outgoing").await.ok().text;
    assert!(book.contains("Giữ số: Chờ ký trực tiếp"), "{book}");
    let series = desk.clerk.get("/registers/numbering").await.ok().text;
    assert!(series.contains("Giữ số: Chờ ký trực tiếp"), "{series}");
    let document = desk.approved("Lịch nghỉ Tết").await;
    let at = format!("/outgoing/{document}");
    let page = desk.clerk.get(&at).await.ok().text;
    assert!(
        page.contains("Dùng số đã giữ") && page.contains("01/TB-UBND"),
        "{page}"
    );
    assert!(!desk.officer.get(&at).await.ok().text.contains("Dùng số đã giữ"));
    let lines = desk.clerk.api_get(PATH).await.ok().json();
    let first = lines[1]["id"].as_str().unwrap();
    let chosen = [("document", document.as_str()), ("reserved", first)];
    let done = desk.clerk.post("/registers/reserved/assign", &chosen).await;
    assert_eq!((done.status.as_u16(), done.location.as_str()), (303, at.as_str()));
    assert_eq!(desk.issue(&document).await.ok().json()["number"], 1);
    let path = format!("/registers/reserved/{}/void", lines[0]["id"].as_str().unwrap());
    desk.clerk.post(&path, &[("reason", "Không ban hành")]).await.ok();
    let page = desk.clerk.get("/registers/reserved").await.ok().text;
    assert!(
        page.contains("Đã dùng") && page.contains("Hủy: Không ban hành"),
        "{page}"
    );
}
