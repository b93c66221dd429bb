//! What stays in sight of every document: its state with who and when (ND30-4.2d; CN-002).

use serde_json::json;

use super::support::Committee;

#[tokio::test]
async fn cn_002_nd30_4_2d_every_step_of_a_draft_shows_its_state_with_who_and_when() {
    let committee = Committee::new().await;
    let at = committee.draft(&committee.decision()).await;
    let steps = [
        (&committee.officer, "submit", "content_review"),
        (&committee.head, "sign-off-content", "form_review"),
        (&committee.clerk, "sign-off-form", "approval"),
        (&committee.chair, "approve", "approved"),
        (&committee.clerk, "issue", "issued"),
    ];
    for (minute, (person, step, state)) in (1..).zip(steps) {
        let moment = format!("2026-01-08T01:0{minute}:00Z");
        committee.office.clock.set(moment.parse().unwrap());
        person.api(&format!("{at}/{step}"), &json!({})).await.ok();
        let seen = committee.seen(&committee.officer, &at).await;
        assert_eq!(seen["state"], state, "{step}");
        // The newest entry of the history on the page of whoever drafted it.
        let page = committee.officer.get(&at.replace("/api/v1", "")).await.ok().text;
        let entry = page
            .split("class=\"history-who\">")
            .nth(1)
            .and_then(|rest| rest.split("</p>").next())
            .unwrap_or_else(|| panic!("no history in {page}"));
        let who = committee.office.who(person).await.label();
        assert!(
            entry.contains(&format!("08:0{minute} 08/01/2026")) && entry.contains(&who),
            "{step}: {entry}"
        );
    }
}
