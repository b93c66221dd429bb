//! The order of what is sent.

use store::{args, sql};

use super::{Axis, RECIPIENT, text};

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
