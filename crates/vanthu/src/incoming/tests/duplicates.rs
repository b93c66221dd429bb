//! The same document come twice: the warning, and the reason of whoever goes on.

use super::*;
use crate::testing::{Answer, pdf};

const REASON: &str = "Bên gửi phát hành lại, đã gọi điện xác nhận";

/// A packet with the number of the first one but without its identifier, and one with its identifier but another number.
async fn alike(cast: &Cast) -> [(IncomingId, &'static str); 2] {
    let mut by_number = cast.packet(1).await;
    by_number.document_code = None;
    let mut by_code = cast.packet(1).await;
    by_code.number = "99".into();
    [
        (cast.deliver(by_number).await, "trùng số, ký hiệu và nơi gửi"),
        (cast.deliver(by_code).await, "trùng mã định danh văn bản"),
    ]
}

/// The details of the newest entry about the document.
async fn noted(cast: &Cast, id: IncomingId) -> Value {
    let row = cast
        .office
        .app
        .db
        .one(
            sql!("SELECT details FROM journal WHERE object_id = $1 ORDER BY seq DESC LIMIT 1"),
            args![id],
        )
        .await
        .unwrap();
    row.json("details").unwrap()
}

fn is_warning(answer: &Answer, known: &[&str]) {
    assert_eq!(
        refusal(answer),
        (409, "PL6-III.1".into(), "incoming.likely_duplicate".into())
    );
    let body = answer.json();
    assert_eq!(body["field"], "despite");
    let said = body.to_string();
    for known in known {
        assert!(said.contains(known), "{known}: {said}");
    }
}

#[tokio::test]
async fn nt_04_qd28_16_10_duplicates_are_told_by_code_or_by_number_and_sender() {
    let cast = Cast::new().await;
    let first = cast.registered(1).await;
    for (id, words) in alike(&cast).await {
        let shown = cast.clerk.get(&format!("/incoming/{id}")).await.ok();
        assert!(shown.text.contains("Có thể văn bản này đã vào sổ") && shown.text.contains(words));
        let silent = cast
            .clerk
            .api(&api(id, "register"), &json!({ "despite": "  " }))
            .await;
        is_warning(&silent, &["số đến 01 ngày 08/01/2026", words]);
        assert_eq!(cast.state(id).await, "delivered");
        let answer = cast
            .clerk
            .api(&api(id, "register"), &json!({ "despite": REASON }))
            .await
            .ok()
            .json();
        assert_eq!(answer["duplicates"].as_array().unwrap().len(), 1);
        assert_eq!(answer["duplicates"][0]["id"], json!(first));
    }
    // The number of the year before is another number.
    let mut last_year = cast.packet(1).await;
    (last_year.document_code, last_year.issued_on) = (None, Some("2025-12-30".parse().unwrap()));
    let fresh = cast.deliver(last_year).await;
    let answer = cast
        .clerk
        .api(&api(fresh, "register"), &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(answer["duplicates"], json!([]));
}

#[tokio::test]
async fn cn_108_pl6_iii_1_whoever_goes_on_in_spite_of_a_warning_gives_a_reason_that_is_kept() {
    let cast = Cast::new().await;
    let first = cast.registered(1).await;
    let [(id, _), _] = alike(&cast).await;
    let form = cast.clerk.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(form.contains("name=\"despite\""), "{form}");
    let stays = cast
        .clerk
        .post(&page(id, "register"), &[("note", "Bản thứ hai"), ("despite", "")])
        .await;
    assert_eq!(stays.status.as_u16(), 422, "{}", stays.text);
    assert!(
        stays.text.contains("nếu vẫn vào sổ thì ghi rõ lý do") && stays.text.contains("Bản thứ hai"),
        "{}",
        stays.text
    );
    cast.clerk
        .post(
            &page(id, "register"),
            &[("note", "Bản thứ hai"), ("despite", REASON)],
        )
        .await
        .ok();
    let page = cast.clerk.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(
        page.matches(REASON).count() >= 2,
        "in the facts and the history: {page}"
    );
    let details = noted(&cast, id).await;
    assert_eq!(
        (&details["despite"], &details["note"], &details["remark"]),
        (&json!(REASON), &json!(REASON), &json!("Bản thứ hai"))
    );
    assert_eq!(details["duplicates"][0]["id"], json!(first));
    // A reason that nothing asked for says nothing.
    let fresh = cast.delivered(7).await;
    let body = json!({ "despite": REASON });
    cast.clerk.api(&api(fresh, "register"), &body).await.ok();
    assert_eq!(noted(&cast, fresh).await["despite"], Value::Null);
}

#[tokio::test]
async fn cn_108_a_reason_of_state_secrecy_is_refused() {
    let cast = Cast::new().await;
    cast.registered(1).await;
    let [(id, _), _] = alike(&cast).await;
    let body = json!({ "despite": "TỐI MẬT\nPhương án tác chiến" });
    let answer = cast.clerk.api(&api(id, "register"), &body).await;
    assert_eq!(refusal(&answer).1, "QC01-1.2");
}

#[tokio::test]
async fn cn_108_what_looks_like_a_registered_document_is_not_registered_with_many_others() {
    let cast = Cast::new().await;
    cast.registered(1).await;
    let [(first, _), (second, _)] = alike(&cast).await;
    let other = cast.delivered(7).await;
    let lines = cast
        .clerk
        .api("/api/v1/incoming/register", &json!({ "id": [first, other] }))
        .await
        .ok()
        .json();
    assert_eq!(
        (&lines[0]["arrival_number"], &lines[0]["has_duplicate"]),
        (&Value::Null, &json!(true))
    );
    assert!(
        lines[0]["problem"].as_str().unwrap().contains("số đến 01"),
        "{lines}"
    );
    assert_eq!(
        (&lines[1]["arrival_number"], &lines[1]["has_duplicate"]),
        (&json!(2), &json!(false))
    );
    assert_eq!(cast.state(first).await, "delivered");
    let page = cast
        .clerk
        .post("/incoming/register", &[("id", &second.to_string())])
        .await
        .ok()
        .text;
    for said in [
        "0/1 văn bản đã vào sổ",
        "số đến 01",
        "Mở văn bản này để ghi lý do",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
}

#[tokio::test]
async fn cn_108_a_paper_that_was_registered_before_needs_a_reason_on_the_form_and_by_the_api() {
    let cast = Cast::new().await;
    let scan = cast
        .clerk
        .api_upload("cong_van.pdf", &pdf("Cong van"))
        .await
        .ok()
        .json()["id"]
        .clone();
    let mut body = json!({ "sender_name": "Hội Nông dân", "number": "15", "symbol": "CV-HND", "type_key": "cong_van",
        "subject": "Đề nghị phối hợp", "main_file": scan, "note": "Bản thứ hai" });
    let path = "/api/v1/incoming/paper";
    let first = cast.clerk.api(path, &body).await.ok().json();
    is_warning(
        &cast.clerk.api(path, &body).await,
        &["số đến 01 ngày 08/01/2026", "trùng số, ký hiệu và nơi gửi"],
    );
    let file = scan.as_str().unwrap().to_owned();
    let mut fields = vec![
        ("sender_name", "Hội Nông dân"),
        ("number", "15"),
        ("symbol", "CV-HND"),
        ("type_key", "cong_van"),
        ("subject", "Đề nghị phối hợp"),
        ("urgency", "normal"),
        ("kept_main", file.as_str()),
    ];
    let form = cast.clerk.get("/incoming/paper").await.ok().text;
    assert!(!form.contains("name=\"despite\""), "{form}");
    let stays = cast.clerk.post_files("/incoming/paper", &fields, &[]).await;
    assert_eq!(stays.status.as_u16(), 422, "{}", stays.text);
    for said in ["số đến 01", "name=\"despite\"", "Đề nghị phối hợp"] {
        assert!(stays.text.contains(said), "{said}: {}", stays.text);
    }
    fields.push(("despite", REASON));
    let done = cast.clerk.post_files("/incoming/paper", &fields, &[]).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let page = cast.clerk.get(&done.location).await.ok().text;
    assert!(
        page.matches(REASON).count() >= 2,
        "in the facts and the history: {page}"
    );

    body["despite"] = json!(REASON);
    let third = cast.clerk.api(path, &body).await.ok().json();
    assert_eq!(third["arrival_number"], 3);
    assert_eq!(third["duplicates"][0]["id"], first["id"]);
    let id: IncomingId = serde_json::from_value(third["id"].clone()).unwrap();
    let details = noted(&cast, id).await;
    assert_eq!(
        (&details["despite"], &details["remark"]),
        (&json!(REASON), &json!("Bản thứ hai"))
    );
    assert_eq!(cast.seen(&cast.clerk, id).await["despite"], json!(REASON));
}
