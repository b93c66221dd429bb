//! Envelopes of what goes on paper.

use rules::ids::OutgoingId;

use crate::{
    registers::tests::{issued, sent_to},
    testing::Office,
};

#[tokio::test]
async fn nd30_18_1_the_envelopes_of_recipients_on_paper_are_printed_in_the_chosen_size() {
    let office = Office::new().await;
    let (clerk, officer) = (
        office.person("anhltn.stttt").await,
        office.person("annv.stttt").await,
    );
    let id = issued(
        &office,
        &officer,
        5,
        "STTTT-BCVT",
        "Triển khai",
        "2026-01-07T02:00:00Z",
    )
    .await;
    let none = clerk.api_get(&format!("/api/v1/outgoing/{id}/envelope")).await;
    assert_eq!(none.json()["code"], "outgoing.nobody_on_paper");
    sent_to(&office, &officer, id, "Hội Cựu chiến binh", "paper").await;
    sent_to(&office, &officer, id, "Báo Đắk Nông", "paper").await;
    for size in ["c4", "c5", "dl"] {
        let file = clerk
            .get(&format!("/outgoing/{id}/envelope.pdf?size={size}"))
            .await
            .ok();
        let pages = lopdf::Document::load_mem(&file.bytes).unwrap().get_pages().len();
        assert_eq!(pages, 2, "{size}");
    }
    let wrong = clerk.get(&format!("/outgoing/{id}/envelope.pdf?size=a4")).await;
    assert!(
        wrong.status.is_client_error() && wrong.text.contains("C4, C5 hoặc DL"),
        "{}",
        wrong.text
    );
    let foreign = office.person("oanhntk.snv").await;
    assert_eq!(
        foreign
            .get(&format!("/outgoing/{id}/envelope.pdf"))
            .await
            .status
            .as_u16(),
        404
    );
    let missing = OutgoingId::from_uuid(office.app.ids.next());
    assert_eq!(
        clerk
            .get(&format!("/outgoing/{missing}/envelope.pdf"))
            .await
            .status
            .as_u16(),
        404
    );
}
