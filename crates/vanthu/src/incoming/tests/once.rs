//! The same command twice (SIGA#1502, Steedos#1946): a double click, two tabs, a retry after a time-out.

use super::*;

#[tokio::test]
async fn siga_1502_steedos_1946_a_document_is_registered_once_by_double_click_two_tabs_and_a_late_retry() {
    let cast = Cast::new().await;
    let id = cast.delivered(1).await;
    // A double click: the same form twice at the same moment.
    let command = new_command(&cast.office);
    let (form, path) = (page(id, "register"), api(id, "register"));
    let fields = [("due_on", ""), ("note", "")];
    let (one, two) = tokio::join!(
        cast.clerk.post_command(&form, command, &fields),
        cast.clerk.post_command(&form, command, &fields)
    );
    assert_eq!((one.status, &one.location), (two.status, &two.location));
    one.ok();
    // Two tabs: the second is told that it is registered already.
    let tab = cast
        .clerk
        .post_command(&form, new_command(&cast.office), &fields)
        .await;
    assert!(tab.status.is_client_error(), "{}", tab.status);
    // A program that got no answer in time asks again after others have registered: the same answer, no new number.
    let second = cast.delivered(2).await;
    let retried = new_command(&cast.office);
    let first = cast
        .clerk
        .api_command(&api(second, "register"), retried, &json!({}))
        .await
        .ok()
        .json();
    cast.registered(3).await;
    let again = cast
        .clerk
        .api_command(&api(second, "register"), retried, &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(first, again);
    assert_eq!(cast.clerk.api(&path, &json!({})).await.status.as_u16(), 409);
    let rows = cast
        .office
        .app
        .db
        .all(
            sql!(
                "SELECT arrival_number FROM incoming WHERE arrival_number IS NOT NULL ORDER BY arrival_number"
            ),
            args![],
        )
        .await
        .unwrap();
    let numbers: Vec<i64> = rows
        .iter()
        .map(|row| row.get("arrival_number").unwrap())
        .collect();
    assert_eq!(numbers, [1, 2, 3]);
}
