//! Bản chính văn bản giấy from what was signed digitally (ND30-18.5, 19.2c; CN-222, CN-009).

use serde_json::{Value, json};
use store::{args, sql};

use super::{
    super::support::Committee,
    support::{Keys, Signing},
};

#[tokio::test]
async fn cn_222_main_copies_on_paper_of_a_signed_document_are_on_record() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let at = signing.to_sign().await;
    committee
        .chair
        .api(&format!("{at}/approve"), &json!({}))
        .await
        .ok();
    let path = format!("{at}/paper-copies");
    let made = json!({ "copies": 2, "purpose": "Lưu tại văn thư và hồ sơ" });
    let early = committee.clerk.api(&path, &made).await.json();
    assert_eq!(
        (&early["clause"], &early["code"]),
        (&json!("ND30-18.5"), &json!("outgoing.not_issued"))
    );
    signing.sealed(&at).await;

    let page_path = at.replace("/api/v1", "");
    committee.clerk.api(&path, &made).await.ok();
    let page = committee.clerk.get(&page_path).await.ok().text;
    assert!(
        page.contains("2 bản chính giấy: Lưu tại văn thư và hồ sơ"),
        "{page}"
    );
    let none = committee
        .clerk
        .api(&path, &json!({ "purpose": "Lưu" }))
        .await
        .json();
    assert_eq!(
        (&none["clause"], &none["field"]),
        (&json!("ND30-18.5"), &json!("copies"))
    );
    let officer = committee.officer.api(&path, &made).await.json();
    assert_eq!(officer["clause"], "ND30-4.2b");
    assert_eq!(committee.outsider.api(&path, &made).await.status.as_u16(), 404);
    // By page, an empty field keeps what was typed.
    let stay = committee
        .clerk
        .post(
            &format!("{page_path}/paper-copies"),
            &[("copies", ""), ("purpose", "Gửi Báo Đắk Nông")],
        )
        .await;
    assert_eq!(stay.status.as_u16(), 422);
    assert!(
        stay.text.contains("Số bản phải từ 1") && stay.text.contains("Gửi Báo Đắk Nông"),
        "{}",
        stay.text
    );
}

#[tokio::test]
async fn cn_009_nd30_19_2_where_the_agency_keeps_paper_the_clerk_is_reminded_until_it_is_made() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let at = signing.to_sign().await;
    committee
        .chair
        .api(&format!("{at}/approve"), &json!({}))
        .await
        .ok();
    signing.sealed(&at).await;
    let page_path = at.replace("/api/v1", "");
    let reminded = || async {
        let page = committee.clerk.get(&page_path).await.ok().text;
        page.contains("Cơ quan lưu bản giấy")
    };
    // Where the system meets Phụ lục VI, what is kept is the electronic original.
    assert!(!reminded().await);

    let mut tx = committee.office.app.db.begin().await.unwrap();
    tx.run(
        sql!(
            "INSERT INTO agency_setting (agency_id, key, valid_from, value) \
             VALUES ($1, 'outgoing.keeps_paper', '2026-01-01', 'true')"
        ),
        args![committee.clerk.agency],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    assert!(reminded().await);
    let made = json!({ "copies": 1, "purpose": "Lưu tại văn thư" });
    committee
        .clerk
        .api(&format!("{at}/paper-copies"), &made)
        .await
        .ok();
    assert!(!reminded().await);
}

#[tokio::test]
async fn nd30_18_5_without_a_digital_signature_there_is_nothing_to_print_and_seal() {
    let committee = Committee::new().await;
    let at = committee.approved().await;
    committee.clerk.api(&format!("{at}/issue"), &json!({})).await.ok();
    let made = json!({ "copies": 1, "purpose": "Lưu" });
    let refused: Value = committee
        .clerk
        .api(&format!("{at}/paper-copies"), &made)
        .await
        .json();
    assert_eq!(refused["code"], "outgoing.not_signed");
}
