//! Envelopes of what goes on paper.

use rules::ids::OutgoingId;
use serde_json::json;

use super::support::Committee;

#[tokio::test]
async fn nd30_18_1_the_envelopes_of_recipients_on_paper_are_printed_in_the_chosen_size() {
    let committee = Committee::new().await;
    let clerk = &committee.clerk;
    // Only inside the installation: there is nothing to put into an envelope.
    let inside = committee.draft(&committee.decision()).await;
    let early = clerk.api_get(&format!("{inside}/envelope")).await;
    assert!(early.status.is_client_error(), "{}", early.text);
    committee.carry(&inside, "approved").await;
    clerk.api(&format!("{inside}/issue"), &json!({})).await.ok();
    let none = clerk.api_get(&format!("{inside}/envelope")).await;
    assert_eq!(none.json()["code"], "outgoing.nobody_on_paper");

    let mut body = committee.decision();
    body["paper"] = json!([
        { "name": "Hội Cựu chiến binh", "reason": "Chưa kết nối" },
        { "name": "Báo Đắk Nông", "reason": "Chưa kết nối" },
    ]);
    let at = committee.draft(&body).await;
    committee.carry(&at, "approved").await;
    clerk.api(&format!("{at}/issue"), &json!({})).await.ok();
    committee.office.drain().await;
    let file = format!("{}/envelope.pdf", at.trim_start_matches("/api/v1"));
    for size in ["c4", "c5", "dl"] {
        let envelopes = clerk.get(&format!("{file}?size={size}")).await.ok();
        let pages = lopdf::Document::load_mem(&envelopes.bytes)
            .unwrap()
            .get_pages()
            .len();
        assert_eq!(pages, 2, "{size}");
    }
    let wrong = clerk.get(&format!("{file}?size=a4")).await;
    assert!(
        wrong.status.is_client_error() && wrong.text.contains("C4, C5 hoặc DL"),
        "{}",
        wrong.text
    );
    let foreign = committee.office.person("oanhntk.snv").await;
    assert_eq!(foreign.get(&file).await.status.as_u16(), 404);
    let missing = OutgoingId::from_uuid(committee.office.app.ids.next());
    let missing = clerk.get(&format!("/outgoing/{missing}/envelope.pdf")).await;
    assert_eq!(missing.status.as_u16(), 404);
}
