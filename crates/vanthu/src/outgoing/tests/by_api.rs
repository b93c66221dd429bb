//! The path by program.

use serde_json::json;

use super::support::Committee;

#[tokio::test]
async fn a_decision_goes_from_draft_to_issue() {
    let committee = Committee::new().await;
    let at = committee.draft(&committee.decision()).await;
    let draft = committee.seen(&committee.officer, &at).await;
    assert_eq!(draft["state"], "draft");
    assert_eq!(draft["authority"], "TM. (thay mặt tập thể)");
    assert!(draft["signer"].as_str().unwrap().ends_with("Chủ tịch"), "{draft}");
    assert_eq!(draft["files"][0]["role"], "main");
    committee.carry(&at, "approved").await;

    let issued = committee
        .clerk
        .api(&format!("{at}/issue"), &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(issued["number_and_symbol"], "01/QĐ-UBND");
    assert_eq!(
        (issued["number"].as_u64(), issued["issued_on"].as_str()),
        (Some(1), Some("2026-01-08"))
    );

    let document = committee.seen(&committee.officer, &at).await;
    assert_eq!(document["state"], "issued");
    assert_eq!(document["legal_value"], "for_reference");
    assert_eq!(document["legal_value_label"], "Chỉ để biết, tham khảo");
    assert_eq!(document["deliveries"][0]["state"], "pending");
    assert!(
        document["document_code"]
            .as_str()
            .unwrap()
            .ends_with(",2026,01/QĐ-UBND")
    );
    // The preview stays with its version; the issued file is another one, with number and date.
    assert_ne!(document["files"][0]["id"], draft["files"][0]["id"]);
    let file = document["files"][0]["id"].as_str().unwrap();
    let content = committee
        .clerk
        .api_get(&format!("/api/v1/files/{file}"))
        .await
        .ok();
    let text = lopdf::Document::load_mem(&content.bytes).unwrap();
    assert!(!text.get_pages().is_empty());
}
