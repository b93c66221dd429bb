//! The same command twice (SIGA#1502, Steedos#1946): a double click, two tabs, a retry after a time-out.

use serde_json::json;
use store::{args, sql};

use super::support::Committee;

#[tokio::test]
async fn siga_1502_steedos_1946_a_document_is_issued_once_by_double_click_two_tabs_and_a_late_retry() {
    let committee = Committee::new().await;
    let at = committee.approved().await;
    let page = at.trim_start_matches("/api/v1").to_owned();
    let path = format!("{at}/issue");
    // A double click: the same form twice at the same moment.
    let command = uuid::Uuid::from_u128(11);
    let form = format!("{page}/issue");
    let (one, two) = tokio::join!(
        committee.clerk.post_command(&form, command, &[]),
        committee.clerk.post_command(&form, command, &[])
    );
    assert_eq!(
        (one.status, &one.location),
        (two.status, &two.location),
        "{} {}",
        one.text,
        two.text
    );
    one.ok();
    // Two tabs: the second form is told that there is nothing to issue any more.
    let tab = committee
        .clerk
        .post_command(&form, uuid::Uuid::from_u128(12), &[])
        .await;
    assert!(tab.status.is_client_error(), "{}", tab.status);
    // A program that got no answer in time asks again, long after other things have happened: the same answer.
    let second = committee.approved().await;
    let path_of_second = format!("{second}/issue");
    let retried = uuid::Uuid::from_u128(13);
    let first = committee
        .clerk
        .api_command(&path_of_second, retried, &json!({}))
        .await
        .ok()
        .json();
    let third = committee.approved().await;
    committee
        .clerk
        .api(&format!("{third}/issue"), &json!({}))
        .await
        .ok();
    let again = committee
        .clerk
        .api_command(&path_of_second, retried, &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(first, again);
    assert_eq!(committee.clerk.api(&path, &json!({})).await.status.as_u16(), 409);
    let rows = committee
        .office
        .app
        .db
        .all(
            sql!("SELECT number FROM outgoing WHERE state = 'issued' ORDER BY number"),
            args![],
        )
        .await
        .unwrap();
    let numbers: Vec<i64> = rows.iter().map(|row| row.get("number").unwrap()).collect();
    assert_eq!(numbers, [1, 2, 3]);
}
