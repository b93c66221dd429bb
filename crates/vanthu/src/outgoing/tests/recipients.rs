//! Nơi nhận để thực hiện, để biết (ND30-8.2i): chosen in the draft, printed, kept at the line, told to the recipient.

use rules::{document_types, exchange::Purpose, ids::OutgoingId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::support::Committee;
use crate::{
    outgoing::{drafting::layout, load},
    testing::Person,
};

async fn received(clerk: &Person) -> Value {
    let items = clerk.api_get("/api/v1/boxes/reception").await.ok().json();
    let id = items["items"][0]["id"].as_str().unwrap().to_owned();
    let shown = clerk.get(&format!("/incoming/{id}")).await.ok().text;
    let seen = clerk.api_get(&format!("/api/v1/incoming/{id}")).await.ok().json();
    let label = seen["purpose"]
        .as_str()
        .unwrap()
        .parse::<Purpose>()
        .unwrap()
        .label();
    assert!(
        shown.contains("Mục đích gửi") && shown.contains(label),
        "{label}: {shown}"
    );
    seen
}

#[tokio::test]
async fn nd30_8_2i_recipients_to_act_and_to_know_are_told_apart_to_the_end() {
    let committee = Committee::new().await;
    let informed = committee.office.person("oanhntk.snv").await;
    let mut body = committee.decision();
    // Whoever is to act is not told a second time.
    body["to_know"] = json!([informed.agency, committee.outsider.agency]);
    body["paper"] = json!([{ "name": "Báo Đắk Nông", "reason": "Chưa kết nối", "purpose": "know" }]);
    let at = committee.draft(&body).await;
    let draft = committee
        .officer
        .get(&format!("{}/edit", at.trim_start_matches("/api/v1")))
        .await
        .ok()
        .text;
    let checked = |name: &str, agency| format!("name=\"{name}\" value=\"{agency}\" checked");
    assert!(draft.contains(&checked("recipients", committee.outsider.agency)));
    assert!(draft.contains(&checked("to_know", informed.agency)));
    assert!(!draft.contains(&checked("to_know", committee.outsider.agency)));
    assert!(draft.contains("Báo Đắk Nông (để biết) | Chưa kết nối"));

    committee.carry(&at, "approved").await;
    let page = at.trim_start_matches("/api/v1");
    let envelopes = format!("{page}/envelope.pdf?size=");
    let before = committee.clerk.get(page).await.ok().text;
    assert!(!before.contains(&envelopes), "nothing goes by post yet");
    committee.clerk.api(&format!("{at}/issue"), &json!({})).await.ok();
    committee.office.drain().await;
    let after = committee.clerk.get(page).await.ok().text;
    for size in ["c4", "c5", "dl"] {
        assert!(after.contains(&format!("{envelopes}{size}")), "{size}: {after}");
    }
    let seen = committee.seen(&committee.clerk, &at).await;
    let purposes: Vec<_> = seen["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            (
                line["channel"].as_str().unwrap(),
                line["purpose"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        purposes,
        [("internal", "act"), ("internal", "know"), ("paper", "know")]
    );
    assert_eq!(received(&committee.outsider).await["purpose"], "act");
    let clerk = committee.office.person("oanhntk.snv").await;
    assert_eq!(received(&clerk).await["purpose"], "know");
}

#[tokio::test]
async fn pl1_9_a_letter_goes_to_those_who_act_and_names_below_who_is_to_know() {
    let committee = Committee::new().await;
    let informed = committee.office.person("oanhntk.snv").await;
    let printed = async |type_key: &str, act: bool| {
        let mut body = committee.decision();
        body["type_key"] = json!(type_key);
        body["main_text"] = json!("Kính đề nghị thực hiện.");
        body["to_know"] = json!([informed.agency]);
        if !act {
            body["recipients"] = json!([]);
        }
        let at = committee.draft(&body).await;
        let id: Uuid = at.rsplit('/').next().unwrap().parse().unwrap();
        let app = &committee.office.app;
        let content = load::content(app, OutgoingId::from_uuid(id), 1).await.unwrap();
        let unit = committee.office.who(&committee.officer).await.unit();
        let around = layout::surroundings(app, committee.officer.agency, unit, &content)
            .await
            .unwrap();
        let kind = document_types::by_key(type_key).unwrap();
        let document = around.document(&content, kind, None, None, 2026).unwrap();
        (document.addressees, document.recipients)
    };
    let (act, know) = ("Sở Thông tin và Truyền thông", "Sở Nội vụ");
    let (addressees, recipients) = printed("cong_van", true).await;
    assert!(addressees.len() == 1 && addressees[0].starts_with(act));
    assert_eq!(recipients[0], "Như trên");
    assert!(recipients[1].starts_with(know) && recipients[1].ends_with("(để biết)"));
    let (addressees, recipients) = printed("cong_van", false).await;
    assert!(addressees.len() == 1 && addressees[0].starts_with(know));
    assert_eq!(recipients, ["Như trên"]);
    let (addressees, recipients) = printed("thong_bao", true).await;
    assert!(addressees.is_empty());
    assert!(recipients[0].starts_with(act) && !recipients[0].contains("để biết"));
    assert!(recipients[1].starts_with(know) && recipients[1].ends_with("(để biết)"));
}
