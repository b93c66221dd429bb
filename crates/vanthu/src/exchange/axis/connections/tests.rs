//! Connections through the pages, as administrators see them.

use store::{args, sql};

use crate::{
    exchange::axis::tests::{Axis, RECIPIENT, administrator, province_administrator, text},
    testing::Office,
};

#[tokio::test]
async fn qc01_10_2_only_the_administrator_of_the_province_sets_connections() {
    let office = Office::new().await;
    for username in ["anhltn.stttt", "tupa.stttt", "annv.stttt"] {
        let person = office.person(username).await;
        let page = person.get("/exchange/connections").await;
        assert_eq!(page.status.as_u16(), 409, "{username}");
        let fields = [
            ("name", "Trục"),
            ("base_url", "https://truc.example"),
            ("system_id", "S"),
            ("secret", "x"),
        ];
        let sent = person.post("/exchange/connections", &fields).await;
        assert!(!sent.status.is_redirection(), "{username}");
    }
    let known = text(&office, sql!("SELECT name AS text FROM axis_connection"), args![]).await;
    assert!(known.is_empty());
    assert!(administrator(&office).await.actor.is_province_administrator);
}

#[tokio::test]
async fn cn_401_a_connection_is_made_tested_switched_off_and_on_by_pages() {
    let axis = Axis::new().await;
    let administrator = province_administrator(&axis.ours).await;
    let id = axis.our_connection;
    let tested = administrator
        .post(&format!("/exchange/connections/{id}/test"), &[])
        .await
        .ok();
    assert_eq!(tested.location, "/exchange/connections");
    let off = format!("/exchange/connections/{id}/switch");
    administrator.post(&off, &[]).await.ok();
    let document = axis.send(&[RECIPIENT]).await;
    axis.settle().await;
    // Switched off, everything keeps its place; nothing is lost.
    assert!(axis.packets().is_empty());
    assert_eq!(axis.line(document, RECIPIENT).await.0, "pending");
    let page = administrator.get("/exchange/connections").await.ok();
    assert!(page.text.contains("Đã ngắt"));
    assert!(!page.text.contains("demo-secret"));
    administrator.post(&off, &[("on", "on")]).await.ok();
    axis.settle().await;
    assert_eq!(axis.line(document, RECIPIENT).await.0, "arrived");
    let acts = text(
        &axis.ours,
        sql!("SELECT act AS text FROM journal WHERE object_id = $1 ORDER BY seq"),
        args![id],
    )
    .await;
    assert_eq!(
        acts,
        [
            "connection.add",
            "connection.code",
            "connection.test",
            "connection.off",
            "connection.on"
        ]
    );
}

#[tokio::test]
async fn qc01_9_2_a_code_belongs_to_one_agency() {
    let axis = Axis::new().await;
    let administrator = province_administrator(&axis.theirs).await;
    let id = axis.their_connection;
    let agency = crate::exchange::axis::tests::agency(&axis.theirs, "ubnd").await;
    let refused = administrator
        .post(
            &format!("/exchange/connections/{id}/codes"),
            &[("agency", &agency.to_string()), ("code", RECIPIENT)],
        )
        .await;
    assert_eq!(refused.status.as_u16(), 422);
    assert!(refused.text.contains("chỉ thuộc một cơ quan"));
}
