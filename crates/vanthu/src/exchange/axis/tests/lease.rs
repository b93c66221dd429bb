//! One node at a time works on a connection.

use std::time::Duration;

use jiff::SignedDuration;
use store::{args, sql};
use uuid::Uuid;

use super::{
    super::lease::{Times, hold_for},
    ConnectionForm, administrator, another_node, create_for_test,
};
use crate::testing::Office;

const TIMES: Times = Times {
    lease: SignedDuration::from_secs(90),
    renew: Duration::from_millis(50),
};

/// A connection that nobody answers at.
async fn connection(office: &Office) -> Uuid {
    let form = ConnectionForm {
        name: "Trục thử nghiệm".to_owned(),
        base_url: "http://127.0.0.1:9".to_owned(),
        system_id: "IM-LANG".to_owned(),
        secret: "khoa-thu-nghiem".to_owned(),
        plain_http: "on".to_owned(),
        ..ConnectionForm::fresh()
    };
    create_for_test(&office.app, &administrator(office).await, form)
        .await
        .unwrap()
}

#[tokio::test]
async fn edxml_12_6_a_node_that_works_longer_than_its_lease_keeps_it() {
    let office = Office::new().await;
    let id = connection(&office).await;
    let other = another_node(&office.app);
    let begun = office.app.clock.now();
    let work = async {
        office.clock.set(begun + SignedDuration::from_secs(80));
        // Time for several renewals.
        tokio::time::sleep(TIMES.renew * 8).await;
        // The first lease would be over for long.
        office.clock.set(begun + SignedDuration::from_secs(150));
        hold_for(&other, id, TIMES, async { Ok(()) }).await
    };
    let meanwhile = hold_for(&office.app, id, TIMES, work).await.unwrap();
    assert_eq!(meanwhile, Some(None), "another node got in");
    // Given back, it is anybody's at once.
    let after = hold_for(&other, id, TIMES, async { Ok(()) }).await.unwrap();
    assert_eq!(after, Some(()));
}

#[tokio::test]
async fn edxml_12_6_a_node_that_was_silent_too_long_loses_the_connection_to_another() {
    let office = Office::new().await;
    let id = connection(&office).await;
    let other = another_node(&office.app);
    let now = office.app.clock.now();
    let mut tx = office.app.db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE axis_connection SET lease_owner = $2, lease_until = $3 WHERE id = $1"),
        args![id, office.app.axis.node, now + SignedDuration::from_secs(90)],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let early = hold_for(&other, id, TIMES, async { Ok(()) }).await.unwrap();
    assert_eq!(early, None);
    office.clock.set(now + SignedDuration::from_secs(91));
    let late = hold_for(&other, id, TIMES, async { Ok(()) }).await.unwrap();
    assert_eq!(late, Some(()));
}

#[tokio::test]
async fn edxml_12_6_work_is_broken_off_when_another_node_has_the_connection() {
    let office = Office::new().await;
    let id = connection(&office).await;
    let other = another_node(&office.app);
    let work = async {
        let mut tx = office.app.db.begin().await.unwrap();
        tx.run(
            sql!("UPDATE axis_connection SET lease_owner = $2 WHERE id = $1"),
            args![id, other.axis.node],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        std::future::pending::<()>().await;
        Ok(())
    };
    let held = hold_for(&office.app, id, TIMES, work);
    let broken_off = tokio::time::timeout(Duration::from_secs(10), held)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(broken_off, None);
}
