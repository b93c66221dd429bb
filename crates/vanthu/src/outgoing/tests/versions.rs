//! Phiên bản của dự thảo: kept, compared, and back to the signer after a change (CN-202, CN-204, NT-12).

use serde_json::json;

use super::support::{Committee, DECISION};

#[tokio::test]
async fn nt_12_cn_204_a_draft_edited_after_approval_goes_back_to_the_signer() {
    let committee = Committee::new().await;
    let at = committee.approved().await;
    let mut draft = committee.decision();
    draft["main_text"] = json!(DECISION.replace("kể từ ngày ký", "kể từ ngày 01 tháng 02 năm 2026"));
    let changed = committee
        .officer
        .api(&format!("{at}/edit"), &draft)
        .await
        .ok()
        .json();
    assert_eq!(
        (&changed["state"], &changed["version"]),
        (&json!("draft"), &json!(2))
    );
    let refused = committee.clerk.api(&format!("{at}/issue"), &json!({})).await;
    assert_eq!(refused.status.as_u16(), 409, "{}", refused.text);
    committee.carry(&at, "approval").await;
    let refused = committee.clerk.api(&format!("{at}/issue"), &json!({})).await;
    assert_eq!(refused.status.as_u16(), 409, "{}", refused.text);

    // The signer sees what changed since their approval.
    let page = committee.chair.get(&at.replace("/api/v1", "")).await.ok().text;
    assert!(page.contains("Dự thảo đã thay đổi sau phiên bản 1"), "{page}");
    assert!(
        page.contains("/compare?from=1&#38;to=2") || page.contains("/compare?from=1&amp;to=2"),
        "{page}"
    );
    let found = committee
        .chair
        .api_get(&format!("{at}/compare?from=1&to=2"))
        .await
        .ok()
        .json();
    let lines = found["text"].as_array().unwrap();
    let kinds: Vec<_> = lines.iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "gone").count(), 1, "{found}");
    assert_eq!(kinds.iter().filter(|kind| **kind == "new").count(), 1, "{found}");

    let moved = committee
        .chair
        .api(&format!("{at}/approve"), &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(moved["state"], "approved");
    let issued = committee
        .clerk
        .api(&format!("{at}/issue"), &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(issued["number_and_symbol"], "01/QĐ-UBND");
}

#[tokio::test]
async fn cn_202_every_version_is_kept_and_two_are_compared() {
    let committee = Committee::new().await;
    let at = committee.draft(&committee.decision()).await;
    let mut draft = committee.decision();
    draft["subject"] = json!("Ban hành kế hoạch chuyển đổi số năm 2027");
    draft["urgency"] = json!("urgent");
    committee.officer.api(&format!("{at}/edit"), &draft).await.ok();
    let found = committee
        .officer
        .api_get(&format!("{at}/compare"))
        .await
        .ok()
        .json();
    assert_eq!((&found["from"], &found["to"]), (&json!(1), &json!(2)));
    let fields: Vec<_> = found["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| &field["label"])
        .collect();
    assert_eq!(fields, ["Trích yếu", "Mức độ khẩn"]);
    assert!(found["text"].as_array().unwrap().is_empty() && found["files"].as_array().unwrap().is_empty());

    let page = committee
        .officer
        .get(&format!("{}/compare", at.replace("/api/v1", "")))
        .await
        .ok()
        .text;
    for shown in ["năm 2026</del>", "năm 2027</ins>", "Nguyễn Đức Quang"] {
        assert!(page.contains(shown), "{shown} is missing in {page}");
    }
    // A version that is not there, and a document that is not theirs, look the same.
    for (by, path) in [
        (&committee.officer, format!("{at}/compare?from=1&to=9")),
        (&committee.outsider, format!("{at}/compare?from=1&to=2")),
        (&committee.deputy, format!("{at}/compare?from=1&to=2")),
    ] {
        assert_eq!(by.api_get(&path).await.status.as_u16(), 404);
    }
}
