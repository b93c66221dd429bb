//! The directory comes from the axis.

use store::{args, sql};

use super::{
    super::{connections, directory},
    Axis, text,
};

#[tokio::test]
async fn cn_407_the_directory_of_the_axis_is_taken_over_and_a_second_time_changes_nothing() {
    let axis = Axis::new().await;
    let connection = connections::one(&axis.ours.app, axis.our_connection)
        .await
        .unwrap();
    let first = directory::synchronise(&axis.ours.app, &connection)
        .await
        .unwrap()
        .unwrap();
    assert!(first.added > 0, "{first:?}");
    let known = text(
        &axis.ours,
        sql!("SELECT name AS text FROM directory_entry WHERE code = 'G99.02'"),
        args![],
    )
    .await;
    assert_eq!(known, ["Cục Không Cho Lấy Lại"]);
    let second = directory::synchronise(&axis.ours.app, &connection)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((second.added, second.changed, second.closed), (0, 0, 0));
}
