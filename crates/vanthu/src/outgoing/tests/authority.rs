//! TL. and TUQ.: only as the agency's own settings say (ND30-13.3, 13.4).

use serde_json::{Value, json};
use store::{args, sql};

use crate::testing::{Office, Person};

async fn set(office: &Office, by: &Person, key: &str, value: &Value) {
    let mut tx = office.app.db.begin().await.unwrap();
    tx.run(
        sql!(
            "INSERT INTO agency_setting (agency_id, key, valid_from, value) VALUES ($1, $2, '2026-01-01', $3)"
        ),
        args![by.agency, key, value.to_string()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

/// Drafts a document of this kind to be signed by `signer` and submits it: the clause of the refusal, or nothing.
async fn submitted(officer: &Person, signer: &Person, authority: &str, type_key: &str) -> Option<String> {
    let draft = json!({
        "type_key": type_key, "subject": "Kết quả chuyển đổi số", "main_text": "Kính báo cáo.",
        "signer": signer.post, "authority": authority, "paper": [{ "name": "Báo Đắk Nông" }],
    });
    let id = officer.api("/api/v1/outgoing", &draft).await.ok().json()["id"].clone();
    let path = format!("/api/v1/outgoing/{}/submit", id.as_str().unwrap());
    let answer = officer.api(&path, &json!({})).await;
    (!answer.status.is_success()).then(|| answer.json()["clause"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn nd30_13_4_cn_206_a_unit_head_signs_by_order_what_the_table_of_the_agency_names() {
    let office = Office::new().await;
    let (officer, head) = (
        office.person("annv.stttt").await,
        office.person("longhd.stttt").await,
    );
    let refused = Some("ND30-13.4".to_owned());
    assert_eq!(submitted(&officer, &head, "tl", "bao_cao").await, refused);
    let unit = office.who(&head).await.unit();
    let table = json!([
        { "unit": unit, "document_types": ["bao_cao"], "valid_from": "2026-01-01", "valid_to": "2026-01-31" },
    ]);
    set(&office, &head, "signing.by_order", &table).await;
    assert_eq!(submitted(&officer, &head, "tl", "bao_cao").await, None);
    assert_eq!(submitted(&officer, &head, "tl", "cong_van").await, refused);
    let other = office.person("bachtx.stttt").await;
    assert_eq!(submitted(&officer, &other, "tl", "bao_cao").await, refused);
    // The table ends.
    office.clock.set("2026-02-02T02:00:00Z".parse().unwrap());
    let officer = office.person("annv.stttt").await;
    assert_eq!(submitted(&officer, &head, "tl", "bao_cao").await, refused);
}

#[tokio::test]
async fn nd30_13_3_cn_206_a_delegate_signs_by_the_paper_for_its_kinds_and_days() {
    let office = Office::new().await;
    let (officer, head) = (
        office.person("annv.stttt").await,
        office.person("longhd.stttt").await,
    );
    let refused = Some("ND30-13.3".to_owned());
    assert_eq!(submitted(&officer, &head, "tuq", "bao_cao").await, refused);
    let papers = json!([{
        "delegate": head.post, "paper": "02/GUQ-STTTT", "document_types": ["bao_cao"],
        "valid_from": "2026-01-05", "valid_to": "2026-01-20",
    }]);
    set(&office, &head, "signing.delegations", &papers).await;
    assert_eq!(submitted(&officer, &head, "tuq", "bao_cao").await, None);
    assert_eq!(submitted(&officer, &head, "tuq", "cong_van").await, refused);
    let other = office.person("bachtx.stttt").await;
    assert_eq!(submitted(&officer, &other, "tuq", "bao_cao").await, refused);
    office.clock.set("2026-01-21T02:00:00Z".parse().unwrap());
    let officer = office.person("annv.stttt").await;
    assert_eq!(submitted(&officer, &head, "tuq", "bao_cao").await, refused);
}
