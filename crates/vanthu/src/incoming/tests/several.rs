//! Several documents of a box at once: an act and a line for each.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::*;

#[tokio::test]
async fn cn_130_own_parts_are_completed_at_once_with_one_result_and_one_line_each() {
    let cast = Cast::new().await;
    let own = [cast.directed(1).await, cast.directed(2).await];
    let strange = cast.presented(3).await;
    let shown = cast.other_head.get("/boxes/supporting").await.ok().text;
    let form = shown
        .split("<form method=\"post\" action=\"/incoming/files\"")
        .nth(1)
        .unwrap();
    for part in [
        "data-check-all",
        "formaction=\"/incoming/complete\"",
        "Hoàn thành phần việc",
        "data-download",
    ] {
        assert!(form.contains(part), "{part}: {form}");
    }

    let ids = [own[0].to_string(), own[1].to_string(), strange.to_string()];
    let fields = [
        ("id", ids[0].as_str()),
        ("id", ids[1].as_str()),
        ("id", ids[2].as_str()),
        ("words", "Đã góp ý bằng thư"),
        ("box", "supporting"),
    ];
    let command = new_command(&cast.office);
    // A double click gets the same lines.
    for _ in 0..2 {
        let done = cast
            .other_head
            .post_command("/incoming/complete", command, &fields);
        let result = done.await.ok().text;
        assert!(result.contains("2/3 văn bản đã thực hiện"), "{result}");
        assert_eq!(result.matches("<li class=\"card part\">").count(), 3);
        assert!(result.contains("Về hộp Phối hợp") && result.contains("lần 1"));
        // What the person may not see has no name here either.
        assert!(result.contains("Không tìm thấy văn bản") && !result.contains("lần 3"));
    }
    for id in own {
        let done = part(&cast, &cast.leader, id, &cast.other_head).await;
        assert_eq!(
            (&done["state"], &done["result"]),
            (&json!("done"), &json!("Đã góp ý bằng thư"))
        );
        assert_eq!(cast.state(id).await, "assigned");
    }
    let nothing = cast.other_head.post("/incoming/complete", &[]).await;
    assert_eq!(nothing.status.as_u16(), 422);
    assert!(nothing.text.contains("Chọn từ 1 đến 200 văn bản"));
}

#[tokio::test]
async fn cn_130_lead_parts_end_their_documents_but_not_where_an_answer_is_asked_for() {
    let cast = Cast::new().await;
    let plain = cast.directed(1).await;
    let asked = cast.presented(2).await;
    let body = json!({ "lead": cast.head.post, "due_on": "2026-01-15", "reply_required": true });
    cast.leader.api(&api(asked, "direct"), &body).await.ok();

    let without = json!({ "id": [plain, asked], "words": " " });
    let path = "/api/v1/incoming/complete";
    let lines = cast.head.api(path, &without).await.ok().json();
    assert_eq!(lines[0]["state"], json!(null));
    assert_eq!(lines[0]["clause"], "ND30-24.2");

    let with = json!({ "id": [plain, asked], "words": "Đã triển khai trong đơn vị" });
    let lines = cast.head.api(path, &with).await.ok().json();
    assert_eq!(lines[0]["state"], "finished");
    assert_eq!(lines[1]["state"], json!(null));
    assert!(lines[1]["problem"].as_str().unwrap().contains("yêu cầu trả lời"));
    assert_eq!(cast.state(plain).await, "finished");
    assert_eq!(cast.state(asked).await, "assigned");
}

#[tokio::test]
async fn cn_130_what_is_for_information_is_marked_as_seen_and_stays_what_asks_for_work_is_opened() {
    let cast = Cast::new().await;
    let ids = [cast.directed(1).await, cast.directed(2).await];
    let shown = cast.other_officer.get("/boxes/information").await.ok().text;
    assert!(shown.contains("formaction=\"/incoming/seen\""));
    let texts = ids.map(|id| id.to_string());
    let fields = [
        ("id", texts[0].as_str()),
        ("id", texts[1].as_str()),
        ("box", "information"),
    ];
    let result = cast.other_officer.post("/incoming/seen", &fields).await.ok().text;
    assert!(result.contains("2/2 văn bản đã thực hiện"), "{result}");
    let items = cast
        .other_officer
        .api_get("/api/v1/boxes/information")
        .await
        .ok()
        .json();
    let items = items["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert!(items.iter().all(|item| item["unread"] == false), "{items:?}");
    for id in ids {
        let seen = part(&cast, &cast.leader, id, &cast.other_officer).await;
        assert_eq!((&seen["opened"], &seen["state"]), (&json!(true), &json!("open")));
        assert_eq!(told(&cast, id).await[0], "Đánh dấu đã xem");
    }

    // Who co-operates opens the document; the box does not offer anything else.
    let shown = cast.other_head.get("/boxes/supporting").await.ok().text;
    assert!(!shown.contains("/incoming/seen"));
    let lines = cast
        .other_head
        .api("/api/v1/incoming/seen", &json!({ "id": ids }))
        .await
        .ok()
        .json();
    assert_eq!(lines[0]["clause"], "ND30-24.2");
    let unseen = part(&cast, &cast.leader, ids[0], &cast.other_head).await;
    assert_eq!(unseen["opened"], false);
}

#[tokio::test]
async fn cn_130_cn_113_registered_documents_are_presented_at_once_to_one_leader() {
    let cast = Cast::new().await;
    let ids = [
        cast.registered(1).await,
        cast.registered(2).await,
        cast.delivered(3).await,
    ];
    let leader = cast.leader.post.to_string();
    let shown = cast.clerk.get("/boxes/presenting").await.ok().text;
    assert!(shown.contains("formaction=\"/incoming/present\""));
    assert!(shown.contains(&format!("<option value=\"{leader}\">")));
    let texts = ids.map(|id| id.to_string());
    let mut fields: Vec<(&str, &str)> = texts.iter().map(|id| ("id", id.as_str())).collect();
    fields.extend([("words", "Kính trình"), ("box", "presenting")]);
    // Nobody was chosen.
    let result = cast.clerk.post("/incoming/present", &fields).await.ok().text;
    assert!(result.contains("0/3 văn bản đã thực hiện"), "{result}");
    fields.push(("to", leader.as_str()));
    let result = cast.clerk.post("/incoming/present", &fields).await.ok().text;
    assert!(result.contains("2/3 văn bản đã thực hiện"), "{result}");
    assert!(result.contains("Về hộp Chờ trình"));
    for id in &ids[..2] {
        assert_eq!(cast.state(*id).await, "presented");
        assert!(lies_in(&cast.leader, "directing", *id).await);
    }
    assert_eq!(cast.state(ids[2]).await, "delivered");
}

#[tokio::test]
async fn cn_130_a_head_passes_lead_parts_on_to_one_person_with_the_deadlines_they_have() {
    let cast = Cast::new().await;
    let ids = [
        cast.directed(1).await,
        cast.directed(2).await,
        cast.presented(3).await,
    ];
    let shown = cast.head.get("/boxes/handling").await.ok().text;
    assert!(shown.contains("formaction=\"/incoming/pass-down\""));
    let body = json!({ "id": ids, "to": cast.officer.post, "words": "Anh An tham mưu" });
    let path = "/api/v1/incoming/pass-down";
    let lines = cast.head.api(path, &body).await.ok().json();
    assert_eq!(lines[2]["state"], json!(null));
    for id in &ids[..2] {
        assert!(lies_in(&cast.officer, "handling", *id).await);
        let given = part(&cast, &cast.head, *id, &cast.officer).await;
        assert_eq!(
            (&given["role"], &given["due_on"], &given["instruction"]),
            (&json!("lead"), &json!("2026-01-15"), &json!("Anh An tham mưu"))
        );
    }
    // An officer's box offers nobody to pass on to.
    let shown = cast.officer.get("/boxes/handling").await.ok().text;
    assert!(!shown.contains("/incoming/pass-down") && shown.contains("/incoming/complete"));
}

/// The files of an archive with what they say.
fn contents(zip: &[u8]) -> Vec<(String, String)> {
    let mut archive = ZipArchive::new(Cursor::new(zip)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().to_string(), text)
        })
        .collect()
}

#[tokio::test]
async fn cn_130_the_main_files_are_saved_at_once_with_a_list_that_tells_what_is_missing() {
    let cast = Cast::new().await;
    let ids = [cast.directed(1).await, cast.directed(2).await];
    let texts = ids.map(|id| id.to_string());
    let missing = new_command(&cast.office).to_string();
    let fields = [
        ("id", texts[0].as_str()),
        ("id", missing.as_str()),
        ("id", texts[1].as_str()),
    ];
    let saved = cast.head.post("/incoming/files", &fields).await.ok();
    assert_eq!(saved.header("content-type"), Some("application/zip"));
    let parts = contents(&saved.bytes);
    let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["danh-sach.txt", "van_ban.pdf", "2-van_ban.pdf"]);
    assert!(parts[1].1.ends_with("số 1") && parts[2].1.ends_with("số 2"));
    let list: Vec<&str> = parts[0].1.lines().collect();
    assert_eq!(list.len(), 3, "{list:?}");
    assert!(list[0].contains("số đến 01") && list[0].ends_with("van_ban.pdf"));
    assert!(list[1].contains("Không có nội dung này"), "{list:?}");

    // The officer took no part yet: nothing of it comes out.
    let nothing = cast.officer.post("/incoming/files", &fields).await.ok();
    let parts = contents(&nothing.bytes);
    assert_eq!(parts.len(), 1);
    assert!(!parts[0].1.contains("chuyển đổi số"), "{parts:?}");
}
