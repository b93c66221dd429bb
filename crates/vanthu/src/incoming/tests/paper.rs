use super::*;
use crate::testing::pdf;

async fn upload(person: &Person, name: &str) -> Value {
    person.api_upload(name, &pdf("Cong van giay")).await.ok().json()["id"].clone()
}

fn letter(scan: &Value) -> Value {
    json!({
        "sender_name": "Công ty TNHH Minh Hòa", "number": "15", "symbol": "CV-MH", "issued_on": "2026-01-05",
        "type_key": "cong_van", "subject": "V/v đề nghị hướng dẫn thủ tục", "urgency": "urgent",
        "signer_name": "Trần Văn Bình", "signer_title": "Giám đốc", "main_file": scan, "due_on": "2026-01-20",
    })
}

fn id_of(answer: &Value) -> IncomingId {
    serde_json::from_value(answer["id"].clone()).unwrap()
}

const API: &str = "/api/v1/incoming/paper";

async fn count(cast: &Cast) -> i64 {
    let row = cast
        .office
        .app
        .db
        .one(
            sql!("SELECT count(*) AS n FROM incoming WHERE source = 'paper'"),
            args![],
        )
        .await
        .unwrap();
    row.get("n").unwrap()
}

#[tokio::test]
async fn nd30_22_3b_a_paper_document_is_registered_and_goes_on_to_its_handling() {
    let cast = Cast::new().await;
    cast.registered(1).await;
    let (scan, annex) = (
        upload(&cast.clerk, "cong_van_15.pdf").await,
        upload(&cast.clerk, "phu_luc.pdf").await,
    );
    let mut body = letter(&scan);
    body["attachments"] = json!([annex]);
    let answer = cast.clerk.api(API, &body).await.ok().json();
    assert_eq!(
        (&answer["arrival_number"], &answer["year"], &answer["arrived_on"]),
        (&json!(2), &json!(2026), &json!("2026-01-08"))
    );
    assert_eq!(answer["duplicates"], json!([]));
    let id = id_of(&answer);
    let seen = cast.seen(&cast.clerk, id).await;
    assert_eq!(
        (&seen["state"], &seen["legal_value"], &seen["due_on"]),
        (
            &json!("registered"),
            &json!("for_reference"),
            &json!("2026-01-20")
        )
    );
    assert_eq!(seen["files"].as_array().unwrap().len(), 2, "{seen}");
    assert!(lies_in(&cast.clerk, "presenting", id).await);
    let shown = cast.clerk.get(&format!("/incoming/{id}")).await.ok();
    assert!(shown.text.contains("Văn bản giấy, đã số hóa"));

    cast.clerk
        .api(&api(id, "present"), &json!({ "leader": cast.leader.post }))
        .await
        .ok();
    let directive =
        json!({ "text": "Giao tham mưu trả lời", "lead": cast.head.post, "due_on": "2026-01-15" });
    cast.leader.api(&api(id, "direct"), &directive).await.ok();
    // The lead drafts the reply: the handling has begun, without the button.
    let reply = json!({
        "type_key": "cong_van", "subject": "hướng dẫn thủ tục", "main_text": "Sở hướng dẫn như sau.", "reply_to": id,
        "paper": [{ "name": "Công ty TNHH Minh Hòa", "reason": "Chưa kết nối hệ thống" }],
    });
    cast.head.api("/api/v1/outgoing", &reply).await.ok();
    assert_eq!(cast.state(id).await, "in_progress");
    // Nobody outside is told anything about a paper document: the only status is of the delivered one.
    let jobs = cast
        .office
        .app
        .db
        .all(
            sql!("SELECT payload FROM job WHERE kind = 'exchange.status'"),
            args![],
        )
        .await
        .unwrap();
    assert_eq!(jobs.len(), 1);
}

#[tokio::test]
async fn the_same_paper_command_twice_has_one_effect_and_a_second_one_is_a_duplicate() {
    let cast = Cast::new().await;
    let scan = upload(&cast.clerk, "cong_van.pdf").await;
    let command = new_command(&cast.office);
    let first = cast.clerk.api_command(API, command, &letter(&scan)).await.ok();
    let second = cast.clerk.api_command(API, command, &letter(&scan)).await.ok();
    assert_eq!(first.json(), second.json());
    assert_eq!(count(&cast).await, 1);
    let mut same = letter(&scan);
    same["despite"] = json!("Công ty gửi lại bản đã đóng dấu");
    let again = cast.clerk.api(API, &same).await.ok().json();
    assert_eq!(again["arrival_number"], 2);
    assert_eq!(again["duplicates"][0]["id"], first.json()["id"]);
}

#[tokio::test]
async fn nd30_4_2b_only_clerks_register_paper_and_only_with_their_own_files() {
    let cast = Cast::new().await;
    let scan = upload(&cast.clerk, "cong_van.pdf").await;
    for person in [&cast.leader, &cast.head, &cast.officer] {
        let answer = person.api(API, &letter(&scan)).await;
        assert_eq!(
            refusal(&answer),
            (409, "ND30-4.2b".into(), "access.not_allowed".into())
        );
        assert!(!person.get("/incoming/paper").await.status.is_success());
    }
    let of_others = [
        upload(&cast.foreign_clerk, "cua_noi_khac.pdf").await,
        upload(&cast.officer, "cua_nguoi_khac.pdf").await,
        json!(new_command(&cast.office)),
    ];
    for file in of_others {
        let answer = cast.clerk.api(API, &letter(&file)).await;
        assert_eq!(answer.status.as_u16(), 404, "{}", answer.text);
        let mut body = letter(&scan);
        body["attachments"] = json!([file]);
        assert_eq!(cast.clerk.api(API, &body).await.status.as_u16(), 404);
    }
    assert_eq!(count(&cast).await, 0);
}

#[tokio::test]
async fn nd30_22_1_what_is_missing_or_secret_is_refused_and_takes_no_number() {
    let cast = Cast::new().await;
    let scan = upload(&cast.clerk, "cong_van.pdf").await;
    let text = cast
        .clerk
        .api_upload("ghi_chu.txt", "Ghi chú".as_bytes())
        .await
        .ok()
        .json()["id"]
        .clone();
    for (field, value, clause) in [
        ("symbol", json!("UBND-MẬT"), "QC01-1.2"),
        ("note", json!("TUYỆT MẬT"), "QC01-1.2"),
        ("sender_name", json!("  "), "ND30-22.1"),
        ("sender", json!(new_command(&cast.office)), "ND30-22.1"),
        ("subject", json!(""), "ND30-22.1"),
        ("issued_on", json!("2026-01-09"), "ND30-22.1"),
        ("type_key", json!("khong_co"), "ND30-22.1"),
        ("main_file", Value::Null, "ND30-22.3b"),
        ("main_file", text, "ND30-22.3b"),
    ] {
        let mut body = letter(&scan);
        body[field] = value;
        let answer = cast.clerk.api(API, &body).await;
        assert_eq!(
            (refusal(&answer).0, refusal(&answer).1.as_str()),
            (409, clause),
            "{field}: {}",
            answer.text
        );
    }
    assert_eq!(count(&cast).await, 0);
    let answer = cast.clerk.api(API, &letter(&scan)).await.ok().json();
    assert_eq!(answer["arrival_number"], 1);
}

#[tokio::test]
async fn a_refused_paper_form_keeps_what_was_typed_and_the_files() {
    let cast = Cast::new().await;
    let form = cast.clerk.get("/incoming/paper").await.ok();
    assert!(form.text.contains("Vào sổ văn bản giấy") && form.text.contains("main_file"));
    let fields = [
        ("sender_name", "Hội Nông dân xã"),
        ("number", "07"),
        ("symbol", "MẬT-HND"),
        ("issued_on", "2026-01-06"),
        ("type_key", "cong_van"),
        ("subject", "Về việc tập huấn"),
        ("urgency", "normal"),
        ("respond_by", ""),
    ];
    let files: [(&str, &str, &[u8]); 2] = [
        ("main_file", "ban_chup.pdf", &pdf("Cong van giay")),
        ("attachments", "danh_sach.pdf", &pdf("Cong van giay")),
    ];
    let stays = cast.clerk.post_files("/incoming/paper", &fields, &files).await;
    assert_eq!(stays.status.as_u16(), 422, "{}", stays.text);
    for kept in [
        "Hội Nông dân xã",
        "Về việc tập huấn",
        "2026-01-06",
        "ban_chup.pdf",
        "danh_sach.pdf",
        "Điều 1",
    ] {
        assert!(stays.text.contains(kept), "{kept}: {}", stays.text);
    }
    let value = |name: &str| {
        let at = stays.text.find(&format!("name=\"{name}\" value=\"")).unwrap();
        stays.text[at..].split('"').nth(3).unwrap().to_owned()
    };
    let (main, annex) = (value("kept_main"), value("kept"));
    let mut fields: Vec<(&str, &str)> = fields.to_vec();
    fields[2].1 = "CV-HND";
    fields.extend([("kept_main", main.as_str()), ("kept", annex.as_str())]);
    let done = cast.clerk.post_files("/incoming/paper", &fields, &[]).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let shown = cast.clerk.get(&done.location).await.ok();
    for said in ["07/CV-HND", "Số đến 01", "ban_chup.pdf", "danh_sach.pdf", "Trình"] {
        assert!(shown.text.contains(said), "{said}: {}", shown.text);
    }
}

/// A picture of one pixel.
const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\
\xf8\xff\xff?\0\x05\xfe\x02\xfe\xdc\xccY\xe7\0\0\0\0IEND\xaeB`\x82";

#[tokio::test]
async fn a_petition_without_number_date_and_kind_is_registered_by_hand_with_a_photographed_page() {
    let cast = Cast::new().await;
    let fields = [
        ("sender_name", "Ông Y Krông, thôn 3, xã Đắk Wil"),
        ("number", ""),
        ("symbol", ""),
        ("issued_on", ""),
        ("type_key", ""),
        ("subject", "Đơn đề nghị sửa trạm thu phát sóng"),
        ("urgency", "normal"),
    ];
    let files: [(&str, &str, &[u8]); 1] = [("main_file", "don.png", PNG)];
    let done = cast.clerk.post_files("/incoming/paper", &fields, &files).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let shown = cast.clerk.get(&done.location).await.ok().text;
    for said in [
        "Không số",
        "không ngày",
        "Đơn, thư, tài liệu khác",
        "Y Krông",
        "<img src=\"/files/",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    assert!(!shown.contains("<pdf-viewer"));
    let picture = shown.split("<img src=\"/files/").nth(1).unwrap();
    let picture = format!("/files/{}", picture.split('"').next().unwrap());
    let picture = cast.clerk.get(&picture).await.ok();
    assert_eq!(picture.bytes, PNG);

    let id = done.location.rsplit('/').next().unwrap().to_owned();
    let seen = cast
        .clerk
        .api_get(&format!("/api/v1/incoming/{id}"))
        .await
        .ok()
        .json();
    assert_eq!(
        (&seen["issued_on"], &seen["type_key"], &seen["number"]),
        (&Value::Null, &json!(""), &json!(""))
    );
    for path in [
        "/boxes/presenting",
        "/registers/incoming",
        "/search?q=tram+thu+phat",
    ] {
        let list = cast.clerk.get(path).await.ok().text;
        assert!(
            list.contains("sửa trạm thu phát sóng") && list.contains("không ngày"),
            "{path}"
        );
        assert!(!list.contains(">/<"), "{path}: a number of nothing is not “/”");
    }
    let register = cast.clerk.api_get("/api/v1/registers/incoming").await.ok().json();
    assert_eq!(register["items"][0]["issued_on"], Value::Null);
    // A second petition of the same person is no duplicate: neither has a number.
    let again = cast.clerk.post_files("/incoming/paper", &fields, &files).await;
    assert_eq!(again.status.as_u16(), 303);
    let rows = cast
        .office
        .app
        .db
        .all(
            sql!("SELECT answer FROM command WHERE answer LIKE '%arrival_number%' ORDER BY at"),
            args![],
        )
        .await
        .unwrap();
    for row in rows {
        assert_eq!(row.json::<Value>("answer").unwrap()["duplicates"], json!([]));
    }
}

#[tokio::test]
async fn a_sender_of_the_directory_is_known_and_every_other_name_is_taken_as_written() {
    let cast = Cast::new().await;
    let agency = cast
        .office
        .app
        .db
        .one(
            sql!("SELECT name, code FROM agency WHERE id = $1"),
            args![cast.foreign_clerk.agency],
        )
        .await
        .unwrap();
    let (name, code): (String, Option<String>) = (agency.get("name").unwrap(), agency.get("code").unwrap());
    let form = cast.clerk.get("/incoming/paper").await.ok().text;
    let offered = format!("<option value=\"{name}\">");
    assert!(form.contains(&offered.replace('\'', "&#39;")), "{offered}");
    let scan = upload(&cast.clerk, "giay_moi.pdf").await.to_string();
    let scan = scan.trim_matches('"');
    let with = |sender: &str| {
        [
            ("sender_name", sender.to_owned()),
            ("type_key", "giay_moi".to_owned()),
            ("subject", "Mời dự hội nghị".to_owned()),
            ("kept_main", scan.to_owned()),
        ]
    };
    let sender_of = async |typed: &str| {
        let typed = with(typed);
        let fields: Vec<(&str, &str)> = typed
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let done = cast.clerk.post_files("/incoming/paper", &fields, &[]).await;
        assert_eq!(done.status.as_u16(), 303, "{}", done.text);
        let id: Uuid = done.location.rsplit('/').next().unwrap().parse().unwrap();
        let row = cast
            .office
            .app
            .db
            .one(
                sql!("SELECT sender_id, sender_code, sender_name FROM incoming WHERE id = $1"),
                args![id],
            )
            .await
            .unwrap();
        (
            row.get::<Option<Uuid>>("sender_id").unwrap(),
            row.get::<Option<String>>("sender_code").unwrap(),
            row.get::<String>("sender_name").unwrap(),
        )
    };
    let known = (
        Some(cast.foreign_clerk.agency.as_uuid()),
        code.clone(),
        name.clone(),
    );
    assert_eq!(sender_of(&name).await, known);
    assert_eq!(sender_of(&name.to_uppercase()).await, known);
    assert_eq!(
        sender_of(&format!("{name} ({})", code.unwrap_or_default())).await,
        known
    );
    let stranger = "Công ty TNHH Minh Hòa (Gia Nghĩa)";
    assert_eq!(sender_of(stranger).await, (None, None, stranger.to_owned()));
}
