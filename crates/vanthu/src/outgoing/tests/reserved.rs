//! A number that was kept, chosen for a document while somebody else issues it (ND30-15.1).

use jiff::SignedDuration;
use rules::{
    Refusal,
    ids::{CommandId, OutgoingId},
};
use serde_json::{Value, json};
use store::{Begun, Ids, args, sql};

use super::support::Committee;
use crate::{
    error::AppError,
    outgoing::issuing::{
        issue::{self, Ready},
        series::Series,
    },
};

const PATH: &str = "/api/v1/registers/reserved";

fn id_of(at: &str) -> OutgoingId {
    OutgoingId::from_uuid(at.rsplit('/').next().unwrap().parse().unwrap())
}

/// Numbers that are kept for decisions.
async fn kept(committee: &Committee, count: u32) -> Vec<String> {
    let sent = json!({ "type_key": "quyet_dinh", "count": count, "reason": "Chờ Chủ tịch ký trực tiếp" });
    let kept = committee.clerk.api(PATH, &sent).await.ok().json();
    serde_json::from_value(kept["ids"].clone()).unwrap()
}

async fn choose(committee: &Committee, at: &str, reserved: &str) {
    let sent = json!({ "document": id_of(at), "reserved": reserved });
    committee.clerk.api(&format!("{PATH}/assign"), &sent).await.ok();
}

/// Takes the number of an issue that was prepared before; says why it is refused.
async fn refused(committee: &Committee, prepared: &Ready) -> &'static str {
    refusal(committee, &prepared.series).await.code
}

async fn refusal(committee: &Committee, series: &Series) -> Refusal {
    let app = &committee.office.app;
    let who = committee.office.who(&committee.clerk).await;
    let command = CommandId::from_uuid(Ids::Random.next());
    let Begun::Now(mut act) = app.begin::<bool>(&who, command).await.unwrap() else {
        panic!("a new command was carried out before");
    };
    match series.take(&mut act).await {
        Err(AppError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

async fn prepared(committee: &Committee, at: &str) -> Ready {
    let who = committee.office.who(&committee.clerk).await;
    issue::ready(&committee.office.app, &who, id_of(at))
        .await
        .unwrap()
}

/// The document of each reserved number, by number.
async fn documents(committee: &Committee) -> Vec<Value> {
    let lines = committee.clerk.api_get(PATH).await.ok().json();
    let mut lines = lines.as_array().unwrap().clone();
    lines.sort_by_key(|line| line["number_and_symbol"].as_str().unwrap().to_owned());
    lines.iter().map(|line| line["document"].clone()).collect()
}

#[tokio::test]
async fn nd30_15_1_a_number_chosen_while_another_clerk_issues_is_not_passed_over() {
    let committee = Committee::new().await;
    let kept = kept(&committee, 2).await;
    let at = committee.approved().await;
    // The next number of the series was planned; meanwhile a kept one was chosen.
    let plan = prepared(&committee, &at).await;
    choose(&committee, &at, &kept[0]).await;
    assert_eq!(refused(&committee, &plan).await, "numbering.reserved_meanwhile");
    // A kept one was planned; meanwhile it is another one, or none.
    let plan = prepared(&committee, &at).await;
    choose(&committee, &at, &kept[1]).await;
    assert_eq!(refused(&committee, &plan).await, "numbering.reserved_meanwhile");
    let plan = prepared(&committee, &at).await;
    choose(&committee, &at, "").await;
    assert_eq!(refused(&committee, &plan).await, "numbering.reserved_gone");
    // Nothing was taken; issued anew it bears the chosen one, and the other is held for nobody.
    choose(&committee, &at, &kept[1]).await;
    let issued = committee.clerk.api(&format!("{at}/issue"), &json!({})).await;
    assert_eq!(issued.ok().json()["number"], 2);
    assert_eq!(documents(&committee).await, [Value::Null, json!(id_of(&at))]);
}

#[tokio::test]
async fn nd30_15_1_when_midnight_passes_each_is_asked_to_do_again_what_they_did() {
    let committee = Committee::new().await;
    let at = committee.approved().await;
    let issue = prepared(&committee, &at).await.series;
    let copy = prepared(&committee, &at).await.series.for_what("lấy số bản sao");
    let tomorrow = committee.office.app.clock.now() + SignedDuration::from_hours(24);
    committee.office.clock.set(tomorrow);
    for (series, again) in [(issue, "phát hành lại"), (copy, "lấy số bản sao lại")] {
        let refused = refusal(&committee, &series).await;
        assert_eq!(refused.code, "numbering.day_changed");
        assert!(refused.message.contains(again), "{}", refused.message);
    }
}

#[tokio::test]
async fn nd30_15_1_a_document_that_bears_another_number_holds_no_kept_one() {
    let committee = Committee::new().await;
    let kept = kept(&committee, 1).await;
    let issued = committee.approved().await;
    committee
        .clerk
        .api(&format!("{issued}/issue"), &json!({}))
        .await
        .ok();
    // As it was left by releases that did not look again when the number was taken.
    let mut tx = committee.office.app.db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE reserved_number SET outgoing_id = $1 WHERE state = 'held'"),
        args![id_of(&issued)],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let at = committee.approved().await;
    let page = committee
        .clerk
        .get(at.trim_start_matches("/api/v1"))
        .await
        .ok()
        .text;
    assert!(
        page.contains("Dùng số đã giữ") && page.contains("01/QĐ-UBND"),
        "{page}"
    );
    choose(&committee, &at, &kept[0]).await;
    let second = committee.clerk.api(&format!("{at}/issue"), &json!({})).await;
    assert_eq!(second.ok().json()["number"], 1);
    assert_eq!(documents(&committee).await, [json!(id_of(&at))]);
}
