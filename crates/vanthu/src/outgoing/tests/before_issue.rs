//! CN-226: the clerk sees what was found before the button is pressed, and nobody else does.

use serde_json::{Value, json};

use super::{
    signed::support::{Keys, Signing},
    support::Committee,
};

/// Each check with its result.
fn results(seen: &Value) -> Vec<(&str, &str)> {
    let lines = seen["checks"].as_array().unwrap().iter();
    lines
        .map(|line| (line["check"].as_str().unwrap(), line["result"].as_str().unwrap()))
        .collect()
}

fn found<'a>(seen: &'a Value, check: &str) -> &'a str {
    let mut lines = seen["checks"].as_array().unwrap().iter();
    let line = lines.find(|line| line["check"] == check).unwrap();
    line["found"].as_str().unwrap()
}

#[tokio::test]
async fn cn_226_the_clerk_sees_number_day_signer_signature_recipients_and_form_before_issuing() {
    let committee = Committee::new().await;
    let at = committee.draft(&committee.decision()).await;
    committee.carry(&at, "approval").await;
    let early = committee.seen(&committee.clerk, &at).await;
    assert_eq!(early["checks"], json!([]), "there is nothing to issue yet");
    committee
        .chair
        .api(&format!("{at}/approve"), &json!({}))
        .await
        .ok();

    let seen = committee.seen(&committee.clerk, &at).await;
    assert_eq!(
        results(&seen),
        [
            ("number", "met"),
            ("date", "met"),
            ("signer", "met"),
            ("signature", "not_asked"),
            ("recipients", "met"),
            ("content", "met"),
            ("form", "met"),
        ]
    );
    assert_eq!(found(&seen, "number"), "01/QĐ-UBND (dự kiến)");
    assert_eq!(found(&seen, "date"), "08/01/2026");
    assert!(found(&seen, "signer").starts_with(seen["signer"].as_str().unwrap()));
    assert_eq!(found(&seen, "recipients"), "1 nơi nhận");
    let page = at.replace("/api/v1", "");
    let shown = committee.clerk.get(&page).await.ok().text;
    for words in ["Kiểm tra trước khi phát hành", "01/QĐ-UBND (dự kiến)", "Thể thức"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let drafter = committee.officer.get(&page).await.ok().text;
    assert!(!drafter.contains("Kiểm tra trước khi phát hành"), "{drafter}");

    committee.clerk.api(&format!("{at}/issue"), &json!({})).await.ok();
    let after = committee.seen(&committee.clerk, &at).await;
    assert_eq!(after["number_and_symbol"], "01/QĐ-UBND", "as it was told");
    assert_eq!(after["checks"], json!([]));
}

#[tokio::test]
async fn cn_226_a_number_that_cannot_be_given_today_is_told_before_the_button() {
    let committee = Committee::new().await;
    let office = &committee.office;
    let (first, second) = (committee.approved().await, committee.approved().await);
    office.clock.set("2026-01-09T02:00:00Z".parse().unwrap());
    let clerk = office.person("nhungpth.ubnd").await;
    clerk.api(&format!("{first}/issue"), &json!({})).await.ok();
    // The clock of the server is put back: dates would run backwards (ND30-15.1).
    office.clock.set("2026-01-08T02:00:00Z".parse().unwrap());
    let clerk = office.person("nhungpth.ubnd").await;
    let seen = committee.seen(&clerk, &second).await;
    assert_eq!(results(&seen)[..2], [("number", "missing"), ("date", "missing")]);
    let refused = clerk.api(&format!("{second}/issue"), &json!({})).await.json();
    assert_eq!(refused["clause"], "ND30-15.1", "{refused}");
    assert_eq!(refused["detail"].as_str(), Some(found(&seen, "number")));
}

#[tokio::test]
async fn cn_226_where_the_agency_signs_the_signers_signature_is_one_of_the_checks() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let signed = signing.signed().await;
    let seen = committee.seen(&committee.clerk, &signed).await;
    assert!(results(&seen).contains(&("signature", "met")), "{seen}");
    assert_eq!(found(&seen, "signature"), "Chữ ký số hợp lệ");
    // Approved on the unsigned path, before the agency began to sign.
    signing.require("false").await;
    let unsigned = committee.approved().await;
    signing.require("true").await;
    let seen = committee.seen(&committee.clerk, &unsigned).await;
    assert!(results(&seen).contains(&("signature", "missing")), "{seen}");
    assert_eq!(found(&seen, "signature"), "Không có chữ ký số");
}
