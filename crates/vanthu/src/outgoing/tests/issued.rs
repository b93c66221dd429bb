//! What was issued: one series for paper and electronic documents (CN-210), the mark of those without paper (CN-216), bytes and data that stay as they are (CN-225, MD-30).

use serde_json::{Value, json};
use store::{Digest, args, sql};
use uuid::Uuid;

use super::support::Committee;
use crate::testing::pdf;

async fn issued(committee: &Committee, body: &Value) -> (String, Value) {
    let at = committee.draft(body).await;
    committee.carry(&at, "approved").await;
    let answer = committee
        .clerk
        .api(&format!("{at}/issue"), &json!({}))
        .await
        .ok()
        .json();
    (at, answer)
}

fn id(value: &Value) -> Uuid {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn nd30_15_3_cn_210_documents_on_paper_and_electronic_ones_share_one_series() {
    let committee = Committee::new().await;
    let electronic = committee.decision();
    let mut on_paper = committee.decision();
    on_paper["recipients"] = json!([]);
    on_paper["paper"] = json!([{ "name": "Báo Đắk Nông", "reason": "Chưa kết nối" }]);
    let (_, first) = issued(&committee, &electronic).await;
    let (_, second) = issued(&committee, &on_paper).await;
    let (_, third) = issued(&committee, &electronic).await;
    assert_eq!(
        [&first, &second, &third].map(|issued| issued["number_and_symbol"].as_str().unwrap()),
        ["01/QĐ-UBND", "02/QĐ-UBND", "03/QĐ-UBND"]
    );
    // Whatever the program did, the database would not take a number twice.
    let mut tx = committee.office.app.db.begin().await.unwrap();
    let twice = tx
        .run(
            sql!("UPDATE outgoing SET number = 1 WHERE id = $1"),
            args![id(&second["id"])],
        )
        .await;
    assert!(twice.is_err());
}

#[tokio::test]
async fn qc01_6_cn_216_a_document_that_nobody_gets_on_paper_is_marked_as_electronic() {
    let committee = Committee::new().await;
    let mut body = committee.decision();
    let (electronic, _) = issued(&committee, &body).await;
    body["paper"] = json!([{ "name": "Báo Đắk Nông", "reason": "Chưa kết nối" }]);
    let (mixed, _) = issued(&committee, &body).await;
    for (at, is_marked) in [(electronic, true), (mixed, false)] {
        let seen = committee.seen(&committee.clerk, &at).await;
        assert_eq!(seen["without_paper"], json!(is_marked));
        let page = committee.clerk.get(&at.replace("/api/v1", "")).await.ok().text;
        assert_eq!(page.contains("Điện tử, không kèm bản giấy"), is_marked, "{page}");
    }
}

#[tokio::test]
async fn nd30_19_2a_cn_225_the_original_stays_byte_by_byte_with_its_hash() {
    let committee = Committee::new().await;
    let original = pdf("Quyet dinh goc");
    let file = committee
        .officer
        .api_upload("goc.pdf", &original)
        .await
        .ok()
        .json();
    let mut body = committee.decision();
    body.as_object_mut().unwrap().remove("main_text");
    body["main_file"] = file["id"].clone();
    let (at, _) = issued(&committee, &body).await;
    committee.office.drain().await;
    let hash = Digest::of(&original).to_string();
    let seen = committee.seen(&committee.clerk, &at).await;
    assert_eq!(seen["files"][0]["sha256"], json!(hash));

    // Nobody edits it; to correct its data leaves the file alone.
    let edit = committee.officer.api(&format!("{at}/edit"), &body).await;
    assert_eq!(edit.json()["clause"], "ND30-18.3", "{}", edit.text);
    let update = json!({ "reason": "Ghi nhầm trích yếu", "subject": "Ban hành kế hoạch năm 2026" });
    committee.clerk.api(&format!("{at}/update"), &update).await.ok();
    committee
        .office
        .clock
        .set("2027-03-01T02:00:00Z".parse().unwrap());
    let clerk = committee.office.person("nhungpth.ubnd").await;
    let later = committee.seen(&clerk, &at).await;
    assert_eq!(later["subject"], "Ban hành kế hoạch năm 2026");
    assert_eq!(later["files"], seen["files"]);
    let path = format!("/api/v1/files/{}", id(&later["files"][0]["id"]));
    let kept = clerk.api_get(&path).await.ok().bytes;
    assert_eq!(kept, original);
    assert_eq!(Digest::of(&kept).to_string(), hash);
}

#[tokio::test]
async fn md_30_the_data_stay_with_their_document_and_the_link_cannot_be_broken() {
    let committee = Committee::new().await;
    let (at, answer) = issued(&committee, &committee.decision()).await;
    // Whoever has the right sees the data, the others not even that there are some.
    for person in [
        &committee.officer,
        &committee.head,
        &committee.chair,
        &committee.clerk,
    ] {
        let seen = committee.seen(person, &at).await;
        assert_eq!(seen["document_code"], answer["document_code"]);
    }
    assert_eq!(committee.outsider.api_get(&at).await.status.as_u16(), 404);
    // A document and a file that belong together are not taken apart, not even by who works on the database.
    let seen = committee.seen(&committee.clerk, &at).await;
    let db = &committee.office.app.db;
    let mut tx = db.begin().await.unwrap();
    let file = args![id(&seen["files"][0]["id"])];
    assert!(
        tx.run(sql!("DELETE FROM file WHERE id = $1"), file)
            .await
            .is_err()
    );
    tx.rollback().await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let document = args![id(&answer["id"])];
    assert!(
        tx.run(sql!("DELETE FROM outgoing WHERE id = $1"), document)
            .await
            .is_err()
    );
}
