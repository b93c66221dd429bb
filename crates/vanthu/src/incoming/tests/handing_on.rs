//! What the work rules of the agency assign goes to its unit without being presented.

use super::*;

/// The administrator decides that letters of this sender go to the unit of the head.
async fn work_rule(cast: &Cast, sender: &str) {
    let unit = cast.office.who(&cast.head).await.unit().unwrap();
    let administrator = cast.office.person("tupa.stttt").await;
    let body = json!({
        "key": "incoming.work_rules", "valid_from": "2026-01-08", "basis": "Quyết định của Giám đốc",
        "rows": [{ "unit": unit, "document_types": ["cong_van"], "recipient": sender, "basis": "Điều 5 Quy chế làm việc" }],
    });
    administrator.api("/api/v1/agency-settings", &body).await.ok();
}

#[tokio::test]
async fn cn_113_nd30_23_1_what_the_work_rules_assign_is_handed_on_without_presenting() {
    let cast = Cast::new().await;
    let id = cast.registered(1).await;
    // Nothing was decided: a leader directs.
    let refused = cast.clerk.api(&api(id, "hand-on"), &json!({})).await;
    assert_eq!(
        refusal(&refused),
        (409, "ND30-23.2".into(), "incoming.may_not_direct".into())
    );
    let shown = cast.clerk.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(!shown.contains("Chuyển trực tiếp theo quy chế"));

    work_rule(&cast, "H16").await;
    let shown = cast.clerk.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(
        shown.contains("Chuyển trực tiếp theo quy chế") && shown.contains("Điều 5 Quy chế làm việc"),
        "{shown}"
    );
    assert_eq!(cast.seen(&cast.clerk, id).await["acts"][0], "hand-on");
    let fields = [("text", "Đề nghị phòng tham mưu"), ("due_on", "2026-01-15")];
    let moved = cast.clerk.post(&page(id, "hand-on"), &fields).await;
    assert_eq!(moved.status.as_u16(), 303, "{}", moved.text);
    assert_eq!(cast.state(id).await, "assigned");
    assert!(lies_in(&cast.head, "handling", id).await);
    let given = part(&cast, &cast.head, id, &cast.head).await;
    assert_eq!(
        (&given["role"], &given["due_on"], &given["instruction"]),
        (
            &json!("lead"),
            &json!("2026-01-15"),
            &json!("Văn thư chuyển trực tiếp theo Điều 5 Quy chế làm việc. Đề nghị phòng tham mưu")
        )
    );
    let history = told(&cast, id).await;
    assert!(
        history[0].starts_with("Chuyển trực tiếp theo quy chế làm việc: "),
        "{history:?}"
    );

    // The head of the agency, whose rules they are, has it in sight, and gets it back.
    assert!(lies_in(&cast.leader, "handled", id).await);
    let body = json!({ "reason": "Không thuộc lĩnh vực của phòng" });
    cast.head.api(&api(id, "give-back"), &body).await.ok();
    assert!(lies_in(&cast.leader, "given-back", id).await);
}

#[tokio::test]
async fn cn_113_what_no_line_covers_or_a_leader_was_asked_about_is_not_handed_on() {
    let cast = Cast::new().await;
    work_rule(&cast, "Sở Nội vụ").await;
    let other = cast.registered(1).await;
    let refused = cast.clerk.api(&api(other, "hand-on"), &json!({})).await;
    assert_eq!(refusal(&refused).2, "incoming.may_not_direct");

    work_rule(&cast, "Ủy ban nhân dân tỉnh Đắk Nông").await;
    let presented = cast.presented(2).await;
    let refused = cast.clerk.api(&api(presented, "hand-on"), &json!({})).await;
    assert_eq!(refusal(&refused).2, "incoming.wrong_state");
    assert_eq!(cast.state(presented).await, "presented");
    // Nobody but a clerk hands on.
    let refused = cast.head.api(&api(other, "hand-on"), &json!({})).await;
    assert_eq!(refused.status.as_u16(), 404);
}
