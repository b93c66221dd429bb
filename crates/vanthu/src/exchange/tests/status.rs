//! Answers that come late, twice, or in the words of other systems.

use rules::{
    exchange::StatusCode,
    ids::{CommandId, DeliveryId},
};
use store::{Act, Actor, Begun};

use super::*;
use crate::exchange::{StatusMessage, apply_status};

async fn told(hub: &Hub, line: &Value, code: StatusCode, id: uuid::Uuid) -> bool {
    let app = &hub.office.app;
    let command = CommandId::from_uuid(app.ids.next());
    let begun = Act::begin::<()>(&app.db, &app.clock, &app.ids, Actor::system(), command).await;
    let Begun::Now(mut act) = begun.unwrap() else {
        panic!("a fresh command was known")
    };
    let message = StatusMessage {
        id,
        delivery: line["id"].as_str().unwrap().parse::<DeliveryId>().unwrap(),
        dispatch: None,
        code,
        description: "Theo hệ thống khác".to_owned(),
        arrival_number: None,
        staff: String::new(),
        at: act.now(),
    };
    let applied = apply_status(&mut act, &message).await.unwrap();
    if applied {
        act.commit(&()).await.unwrap();
    }
    applied
}

#[tokio::test]
async fn qd28_9_2_a_late_agreement_after_a_refusal_changes_nothing_and_a_repeated_message_is_one() {
    let hub = Hub::new().await;
    let sent = hub.sent("Kế hoạch", &[hub.department.agency]).await;
    let id = hub.copy(&sent, &hub.department).await;
    hub.direct(id).await;
    hub.office.drain().await;
    let line = hub.line(&sent, &hub.department).await;
    // Without a question an answer says nothing.
    assert!(told(&hub, &line, StatusCode::RecallAgreed, hub.office.app.ids.next()).await);
    assert_eq!(hub.line(&sent, &hub.department).await["recall_state"], "none");
    hub.recall(&sent, &[hub.other.agency]).await.ok();
    hub.office.drain().await;
    let refused = hub.office.app.ids.next();
    assert!(told(&hub, &line, StatusCode::RecallRefused, refused).await);
    assert!(!told(&hub, &line, StatusCode::RecallRefused, refused).await);
    assert_eq!(hub.line(&sent, &hub.department).await["recall_state"], "refused");
    assert!(told(&hub, &line, StatusCode::RecallAgreed, hub.office.app.ids.next()).await);
    let line = hub.line(&sent, &hub.department).await;
    assert_eq!(
        (&line["recall_state"], &line["state"]),
        (&json!("refused"), &json!("assigned"))
    );
}

#[tokio::test]
async fn edxml_6_some_systems_answer_a_recall_with_03_and_02() {
    let hub = Hub::new().await;
    let sent = hub.sent("Kế hoạch", &[hub.department.agency]).await;
    let id = hub.copy(&sent, &hub.department).await;
    hub.direct(id).await;
    hub.recall(&sent, &[hub.other.agency]).await.ok();
    hub.office.drain().await;
    let line = hub.line(&sent, &hub.department).await;
    assert!(told(&hub, &line, StatusCode::Received, hub.office.app.ids.next()).await);
    let line = hub.line(&sent, &hub.department).await;
    assert_eq!(
        (&line["recall_state"], &line["state"]),
        (&json!("agreed"), &json!("assigned"))
    );
}
