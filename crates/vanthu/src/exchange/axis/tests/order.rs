//! The order of what is sent.

use axis::client::Operation;
use axis_emulator::{Fault, FaultRule};
use rules::ids::CommandId;
use store::{args, sql};

use super::{Axis, RECIPIENT, drain, text};

#[tokio::test]
async fn qd28_16_11_while_the_axis_is_down_everything_waits_in_order() {
    let axis = Axis::new().await;
    axis.emulator.faults().set_down(true);
    let mut documents = Vec::new();
    for _ in 0..3 {
        documents.push(axis.send(&[RECIPIENT]).await);
        axis.settle().await;
    }
    assert!(axis.arrived().await.is_empty());
    let waiting = text(
        &axis.ours,
        sql!("SELECT state AS text FROM axis_outbox ORDER BY id"),
        args![],
    )
    .await;
    assert_eq!(waiting.len(), 3);
    assert!(waiting.iter().all(|state| state != "dead"), "{waiting:?}");
    for document in &documents {
        assert_eq!(axis.line(*document, RECIPIENT).await.0, "pending");
    }
    let trouble = super::super::condition(&axis.ours.app).await.unwrap();
    assert_eq!((trouble.level, trouble.waiting), (1, 3));
    axis.emulator.faults().set_down(false);
    // The emulator's port needs a moment to be open again.
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    axis.settle_in_time().await;
    let came = text(
        &axis.theirs,
        sql!("SELECT number AS text FROM incoming WHERE source = 'axis' ORDER BY delivered_at, id"),
        args![],
    )
    .await;
    assert_eq!(came, ["01", "02", "03"]);
    for document in documents {
        assert_eq!(axis.line(document, RECIPIENT).await.0, "arrived");
    }
    let sent: Vec<_> = axis
        .packets()
        .into_iter()
        .filter(|packet| packet.status_code.is_none())
        .map(|packet| packet.notation)
        .collect();
    assert_eq!(sent.len(), 3);
    let good = super::super::condition(&axis.ours.app).await.unwrap();
    assert_eq!((good.level, good.waiting), (0, 0));
}

#[tokio::test]
async fn qd28_8_2_a_line_taken_back_after_an_attempt_in_vain_never_leaves() {
    let axis = Axis::new().await;
    axis.emulator.faults().set_down(true);
    let document = axis.send(&[RECIPIENT]).await;
    // One attempt: nobody listens, so it was surely not taken.
    axis.settle().await;
    assert_eq!(axis.line(document, RECIPIENT).await.0, "pending");
    axis.recall(document, None).await;
    axis.emulator.faults().set_down(false);
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    axis.settle_in_time().await;
    assert!(axis.arrived().await.is_empty());
    assert_eq!(axis.line(document, RECIPIENT).await.0, "dropped");
    let kept = axis.send(&[RECIPIENT]).await;
    axis.settle_in_time().await;
    assert_eq!(axis.line(kept, RECIPIENT).await.0, "arrived");
}

#[tokio::test]
async fn nd30_18_4_a_recall_without_a_code_to_send_it_from_is_shown_as_not_sent() {
    let axis = Axis::new().await;
    let document = axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    assert_eq!(axis.line(document, RECIPIENT).await.0, "arrived");
    let administrator = super::province_administrator(&axis.ours).await;
    administrator
        .post(
            &format!("/exchange/connections/{}/codes/remove", axis.our_connection),
            &[("code", super::SENDER)],
        )
        .await
        .ok();
    axis.recall(document, None).await;
    axis.settle_in_time().await;
    let orders = text(
        &axis.ours,
        sql!(
            "SELECT l.state || ': ' || l.answer AS text FROM dispatch_line l JOIN dispatch d ON d.id = l.dispatch_id \
             WHERE d.business = 'recall'"
        ),
        args![],
    )
    .await;
    assert!(
        orders.len() == 1 && orders[0].starts_with("failed: Cơ quan gửi chưa được gắn mã"),
        "{orders:?}"
    );
}

#[tokio::test]
async fn edxml_14_a_recall_goes_from_the_code_that_the_document_went_from() {
    let axis = Axis::new().await;
    let document = axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    // Another code becomes the main one, and nobody knows yet that both are the same agency.
    let who = super::administrator(&axis.ours).await;
    let agency = super::agency(&axis.ours, "ubnd").await;
    let command = CommandId::from_uuid(axis.ours.app.ids.next());
    super::connections::add_code(
        &axis.ours.app,
        &who,
        command,
        axis.our_connection,
        agency,
        "H16.30",
        true,
    )
    .await
    .unwrap();
    axis.recall(document, None).await;
    axis.settle_in_time().await;
    let states = text(
        &axis.theirs,
        sql!("SELECT state AS text FROM incoming WHERE source = 'axis'"),
        args![],
    )
    .await;
    assert_eq!(states, ["recalled"]);
}

/// Sends everything that is due at one office, and gives how many packets of a kind were under way at once at the most.
async fn most_at_once(office: &crate::testing::Office, kind: &'static str) -> usize {
    let work = drain(&office.app);
    tokio::pin!(work);
    let mut most = 0;
    loop {
        tokio::select! {
            done = &mut work => {
                done.unwrap();
                return most;
            }
            () = tokio::time::sleep(std::time::Duration::from_millis(20)) => {
                let sending = text(
                    office,
                    sql!("SELECT notation AS text FROM axis_outbox WHERE state = 'sending' AND kind = $1"),
                    args![kind],
                )
                .await;
                most = most.max(sending.len());
            }
        }
    }
}

#[tokio::test]
async fn qd28_16_11_documents_leave_one_after_the_other_and_states_beside_each_other() {
    let axis = Axis::new().await;
    for _ in 0..5 {
        axis.send(&[RECIPIENT]).await;
    }
    let slow = FaultRule::always(Fault::Delay { millis: 400 }).on(&[Operation::Send]);
    axis.emulator.faults().rules([slow]);
    axis.ours.drain().await;
    assert_eq!(most_at_once(&axis.ours, "edoc").await, 1);
    drain(&axis.theirs.app).await.unwrap();
    axis.theirs.drain().await;
    // Each of the five says that it came.
    let states = most_at_once(&axis.theirs, "status").await;
    assert!((2..=4).contains(&states), "{states}");
    axis.emulator.faults().clear();
    axis.settle().await;
    let came = text(
        &axis.theirs,
        sql!("SELECT number AS text FROM incoming WHERE source = 'axis' ORDER BY id"),
        args![],
    )
    .await;
    assert_eq!(came, ["01", "02", "03", "04", "05"]);
}
