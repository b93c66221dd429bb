//! Thời hạn phát hành, gửi: the list of what is late, with the clock (ND30-18.1, QD28-6.2, CN-214).

use serde_json::{Value, json};

use super::support::Committee;

/// Friday, 20 November 2026, 16:50 in Viet Nam.
const FRIDAY: &str = "2026-11-20T09:50:00Z";

impl Committee {
    fn now(&self, moment: &str) {
        self.office.clock.set(moment.parse().unwrap());
    }

    /// The number of the clerk's counter and the ids in the box.
    async fn late(&self) -> (i64, Vec<String>) {
        let boxes = self.clerk.api_get("/api/v1/boxes").await.ok().json();
        let counted = boxes
            .as_array()
            .unwrap()
            .iter()
            .find(|known| known["key"] == "late-issue")
            .unwrap()["count"]
            .as_i64()
            .unwrap();
        let items = self.clerk.api_get("/api/v1/boxes/late-issue").await.ok().json();
        let ids = items["items"].as_array().unwrap().iter();
        (
            counted,
            ids.map(|item| item["id"].as_str().unwrap().to_owned()).collect(),
        )
    }

    async fn urgent(&self) -> String {
        let mut draft = self.decision();
        draft["urgency"] = json!("express");
        let at = self.draft(&draft).await;
        self.carry(&at, "approved").await;
        at
    }
}

fn id_of(at: &str) -> String {
    at.rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn cn_214_qd28_16_1_signed_on_friday_is_late_from_monday_noon() {
    let committee = Committee::at(FRIDAY).await;
    let at = committee.approved().await;
    assert_eq!(committee.late().await, (0, vec![]));
    let seen = committee.seen(&committee.clerk, &at).await;
    assert_eq!(seen["issue_by"], "2026-11-23T12:00:00+07:00");
    assert_eq!(seen["timeliness"], "in_time");

    committee.now("2026-11-23T04:59:00Z");
    assert_eq!(committee.late().await, (0, vec![]));
    assert_eq!(committee.seen(&committee.clerk, &at).await["timeliness"], "today");
    committee.now("2026-11-23T05:01:00Z");
    assert_eq!(committee.late().await, (1, vec![id_of(&at)]));
    assert_eq!(committee.seen(&committee.clerk, &at).await["timeliness"], "late");

    let clerk = committee.office.person("nhungpth.ubnd").await;
    let page = clerk.get("/boxes/late-issue").await.ok().text;
    assert!(page.contains("Quá hạn phát hành 12:00 23/11/2026"), "{page}");
    let page = clerk.get(&at.replace("/api/v1", "")).await.ok().text;
    assert!(page.contains("Quá hạn phát hành 12:00 23/11/2026"), "{page}");
    // The box is the clerks'.
    let chair = committee.office.person("khaitq.ubnd").await;
    assert_eq!(chair.get("/boxes/late-issue").await.status.as_u16(), 404);
}

#[tokio::test]
async fn cn_214_what_is_issued_but_not_sent_stays_late_until_it_is_sent() {
    let committee = Committee::at(FRIDAY).await;
    let at = committee.approved().await;
    committee.now("2026-11-23T05:01:00Z");
    committee.clerk.api(&format!("{at}/issue"), &json!({})).await.ok();
    assert_eq!(committee.late().await, (1, vec![id_of(&at)]));
    let items = committee
        .clerk
        .api_get("/api/v1/boxes/late-issue")
        .await
        .ok()
        .json();
    assert_eq!(items["items"][0]["issue_by"], "2026-11-23T12:00:00+07:00");
    committee.office.drain().await;
    assert_eq!(committee.late().await, (0, vec![]));
    let seen = committee.seen(&committee.clerk, &at).await;
    assert_eq!(
        (&seen["timeliness"], &seen["state"]),
        (&Value::Null, &json!("issued"))
    );
}

#[tokio::test]
async fn nd30_18_1_an_urgent_document_goes_at_once_and_leads_the_list() {
    let committee = Committee::at(FRIDAY).await;
    let usual = committee.approved().await;
    committee.now("2026-11-20T09:51:00Z");
    let urgent = committee.urgent().await;
    assert_eq!(committee.late().await, (1, vec![id_of(&urgent)]));
    let page = committee.office.person("nhungpth.ubnd").await;
    let page = page.get("/boxes/issuing").await.ok().text;
    assert!(page.contains("Phát hành ngay"), "{page}");
    committee.now("2026-11-23T05:01:00Z");
    assert_eq!(committee.late().await, (2, vec![id_of(&urgent), id_of(&usual)]));
}

#[tokio::test]
async fn nd30_11_2_a_change_after_approval_ends_the_term() {
    let committee = Committee::at(FRIDAY).await;
    let at = committee.approved().await;
    committee.now("2026-11-23T05:01:00Z");
    let mut draft = committee.decision();
    draft["subject"] = json!("Ban hành kế hoạch chuyển đổi số năm 2026 và các năm sau");
    committee.officer.api(&format!("{at}/edit"), &draft).await.ok();
    assert_eq!(committee.late().await, (0, vec![]));
    assert_eq!(
        committee.seen(&committee.officer, &at).await["issue_by"],
        Value::Null
    );
}

#[tokio::test]
async fn nd30_18_1_paper_alone_has_time_until_the_evening() {
    let committee = Committee::at(FRIDAY).await;
    let mut draft = committee.decision();
    draft["recipients"] = json!([]);
    draft["paper"] = json!([{ "name": "Báo Đắk Nông", "reason": "Chưa kết nối" }]);
    let at = committee.draft(&draft).await;
    committee.carry(&at, "approved").await;
    committee.now("2026-11-23T09:59:00Z");
    assert_eq!(committee.late().await, (0, vec![]));
    committee.now("2026-11-23T10:01:00Z");
    assert_eq!(committee.late().await, (1, vec![id_of(&at)]));
}
