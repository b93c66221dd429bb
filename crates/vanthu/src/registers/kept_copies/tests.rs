//! The book of kept copies: written by the clerk, read by the leaders.

use axum::http::StatusCode;
use serde_json::json;
use store::{args, sql};

use super::super::tests::issued;
use crate::testing::Office;

#[tokio::test]
async fn md_42b_the_book_of_kept_copies_tells_who_uses_what_by_whose_leave() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    let officer = office.person("annv.stttt").await;
    let leader = office.person("hungdm.stttt").await;
    let id = issued(
        &office,
        &officer,
        5,
        "STTTT-BCVT",
        "Triển khai",
        "2026-01-07T02:00:00Z",
    )
    .await;
    let fields = [
        ("document", "05/STTTT-BCVT"),
        ("of_year", "2026"),
        ("user", "Nguyễn Văn An"),
        ("permitted_by", "Đặng Minh Hưng"),
        ("used_on", "2026-01-08"),
        ("file_code", "01.BCVT"),
    ];
    let done = clerk.post("/registers/kept-copies", &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let book = leader.api_get("/api/v1/registers/kept-copies").await.ok().json();
    let line = &book["items"][0];
    assert_eq!(line["outgoing"], json!(id));
    assert_eq!(
        (&line["user"], &line["returned_on"]),
        (&json!("Nguyễn Văn An"), &json!(null))
    );
    let page = clerk.get("/registers/kept-copies").await.ok().text;
    for said in [
        "05/STTTT-BCVT ngày 07/01/2026",
        "Công văn: Triển khai",
        "01.BCVT",
        "Đã trả hôm nay",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let told = office
        .app
        .db
        .one(
            sql!("SELECT summary FROM journal WHERE object_id = $1 AND act = 'register.kept_copy_lend'"),
            args![id],
        )
        .await
        .unwrap();
    assert_eq!(
        told.get::<String>("summary").unwrap(),
        "Giao bản lưu cho Nguyễn Văn An sử dụng, Đặng Minh Hưng cho phép"
    );

    let back = format!("/registers/kept-copies/{}/return", line["id"].as_str().unwrap());
    assert_eq!(
        leader
            .api(&format!("/api/v1{back}"), &json!({ "returned_on": "2026-01-08" }))
            .await
            .json()["clause"],
        "ND30-4.2b"
    );
    clerk.post(&back, &[("returned_on", "2026-01-08")]).await.ok();
    let twice = clerk
        .api(&format!("/api/v1{back}"), &json!({ "returned_on": "2026-01-08" }))
        .await;
    assert_eq!(twice.json()["code"], "kept_copy.returned_before");
    let elsewhere = office.person("oanhntk.snv").await;
    let foreign = elsewhere
        .api(&format!("/api/v1{back}"), &json!({ "returned_on": "2026-01-08" }))
        .await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    for file in ["/registers/kept-copies.pdf", "/registers/kept-copies.xlsx"] {
        clerk.get(file).await.ok();
    }
}

#[tokio::test]
async fn nd30_19_1_a_wrong_number_or_a_missing_permission_stays_in_the_form() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    let fields = |document: &'static str, permitted: &'static str| {
        [
            ("document", document),
            ("of_year", "2026"),
            ("user", "Nguyễn Văn An"),
            ("permitted_by", permitted),
            ("used_on", "2026-01-08"),
        ]
    };
    let stays = clerk
        .post(
            "/registers/kept-copies",
            &fields("99/STTTT-BCVT", "Chánh Văn phòng"),
        )
        .await;
    assert_eq!(stays.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stays.text.contains("Không tìm thấy văn bản đi") && stays.text.contains("Chánh Văn phòng"));
    let officer = office.person("annv.stttt").await;
    issued(
        &office,
        &officer,
        5,
        "STTTT-BCVT",
        "Triển khai",
        "2026-01-07T02:00:00Z",
    )
    .await;
    let stays = clerk
        .post("/registers/kept-copies", &fields("05/STTTT-BCVT", ""))
        .await;
    assert!(
        stays.text.contains("Vui lòng ghi người cho phép sử dụng bản lưu"),
        "{}",
        stays.text
    );
    assert_eq!(
        officer.get("/registers/kept-copies").await.status,
        StatusCode::CONFLICT
    );
}
