//! Hủy số before sending, where the agency decided that such a number is used again on its day (CN-227).

use serde_json::{Value, json};
use store::{args, sql};

use super::{
    at_the_pc::{begun, begun_to_seal},
    support::{Keys, Signing},
};

/// A document that its signer has signed and that waits for its number.
async fn signed(signing: &Signing) -> String {
    let chair = &signing.committee.chair;
    let at = signing.to_sign().await;
    let (request, view) = begun(signing, chair, &format!("{at}/approve")).await;
    let answer = json!({ "answer": signing.answer(&view["step"], "chair") });
    chair.api(&format!("{request}/answer"), &answer).await.ok();
    at
}

/// The clerk begins to issue and gives up before the key of the agency has signed: the document keeps its number.
async fn numbered(signing: &Signing, at: &str) -> Value {
    let (request, _) = begun_to_seal(signing, at).await;
    let clerk = &signing.committee.clerk;
    signing.post(clerk, &format!("{request}/cancel")).await;
    let seen = signing.committee.seen(clerk, at).await;
    assert_eq!(seen["state"], "numbered", "{seen}");
    seen["number"].clone()
}

async fn voided(signing: &Signing, at: &str) -> Value {
    let clerk = &signing.committee.clerk;
    let reason = json!({ "reason": "Sai nơi nhận" });
    let moved = clerk.api(&format!("{at}/void-number"), &reason).await.ok();
    moved.json()["state"].clone()
}

#[tokio::test]
async fn cn_227_by_setting_the_last_number_of_the_day_is_given_again_and_any_other_stays_void() {
    let signing = Signing::new(Keys::AtThePc).await;
    let committee = &signing.committee;
    let mut tx = signing.app().db.begin().await.unwrap();
    tx.run(
        sql!(
            "INSERT INTO agency_setting (agency_id, key, valid_from, value) VALUES ($1, 'numbering.void_again', '2026-01-01', 'true')"
        ),
        args![committee.clerk.agency],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let mut at = Vec::new();
    for _ in 0..3 {
        at.push(signed(&signing).await);
    }
    assert_eq!(numbered(&signing, &at[0]).await, 1);
    assert_eq!(numbered(&signing, &at[1]).await, 2);
    // A later number was given: this one stays in the register.
    assert_eq!(voided(&signing, &at[0]).await, "voided");
    assert_eq!(committee.seen(&committee.clerk, &at[0]).await["number"], 1);
    assert_eq!(voided(&signing, &at[1]).await, "cancelled");
    let seen = committee.seen(&committee.clerk, &at[1]).await;
    assert_eq!(seen["number"], Value::Null, "{seen}");
    assert_eq!(numbered(&signing, &at[2]).await, 2, "the next document gets it");

    // On another day it would turn the order of dates back.
    committee
        .office
        .clock
        .set("2026-01-09T01:00:00Z".parse().unwrap());
    assert_eq!(voided(&signing, &at[2]).await, "voided");
    let clerk = &committee.clerk;
    let register = clerk.api_get("/api/v1/registers/outgoing").await.ok().json();
    let notes: Vec<&str> = register["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["note"].as_str().unwrap())
        .collect();
    assert_eq!(notes, ["Hủy số: Sai nơi nhận", "Hủy số: Sai nơi nhận"]);
}
