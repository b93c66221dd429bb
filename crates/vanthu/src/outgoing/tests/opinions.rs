//! Xin ý kiến về dự thảo, phối hợp soạn thảo (ND30-10; CN-207).

use serde_json::{Value, json};

use super::support::Committee;
use crate::testing::{Answer, Person};

/// How many documents lie in a box of the person.
async fn count(by: &Person, key: &str) -> i64 {
    let boxes = by.api_get("/api/v1/boxes").await.ok().json();
    let known = boxes.as_array().unwrap().iter().find(|known| known["key"] == key);
    known.unwrap()["count"].as_i64().unwrap()
}

impl Committee {
    /// Trưởng phòng of another unit.
    async fn colleague(&self) -> Person {
        self.office.person("thinhvh.ubnd").await
    }

    async fn ask(&self, at: &str, manner: &str, members: &[&Person], due_on: &str) -> Answer {
        let posts: Vec<_> = members.iter().map(|person| person.post).collect();
        let body = json!({
            "members": posts, "manner": manner, "question": "Đề nghị cho ý kiến về Điều 1.", "due_on": due_on,
        });
        self.officer.api(&format!("{at}/consultations"), &body).await
    }
}

async fn reply(by: &Person, at: &str, round: &Value, view: &str, text: &str) -> Answer {
    let round = round.as_str().unwrap();
    let path = format!("{at}/consultations/{round}/reply");
    by.api(&path, &json!({ "view": view, "text": text })).await
}

#[tokio::test]
async fn cn_207_colleagues_are_asked_at_once_and_a_reply_after_the_day_is_marked() {
    let committee = Committee::new().await;
    let colleague = committee.colleague().await;
    let at = committee.draft(&committee.decision()).await;
    // Nobody sees a draft of somebody else before being asked.
    assert_eq!(colleague.api_get(&at).await.status.as_u16(), 404);
    let asked = committee
        .ask(&at, "parallel", &[&colleague, &committee.deputy], "2026-01-09")
        .await
        .ok()
        .json();
    let round = &asked["consultation"];
    for person in [&colleague, &committee.deputy] {
        assert_eq!(count(person, "opinions").await, 1);
    }
    let said = reply(
        &colleague,
        &at,
        round,
        "agree_with_changes",
        "Bổ sung thời hạn tại Điều 1.",
    )
    .await;
    assert_eq!(said.ok().json()["is_late"], false);
    assert_eq!(count(&colleague, "opinions").await, 0);

    committee
        .office
        .clock
        .set("2026-01-10T02:00:00Z".parse().unwrap());
    let said = reply(&committee.deputy, &at, round, "agree", "").await;
    assert_eq!(said.ok().json()["is_late"], true);
    let seen = committee.seen(&committee.officer, &at).await;
    let members = seen["consultations"][0]["members"].as_array().unwrap();
    let told: Vec<_> = members
        .iter()
        .map(|member| (&member["replies"][0]["view"], &member["replies"][0]["is_late"]))
        .collect();
    assert_eq!(
        told,
        [
            (&json!("agree_with_changes"), &json!(false)),
            (&json!("agree"), &json!(true))
        ]
    );
    let officer = committee.office.person("quangnd.ubnd").await;
    let page = officer.get(&at.replace("/api/v1", "")).await.ok().text;
    for shown in [
        "2/2 ý kiến",
        "Bổ sung thời hạn tại Điều 1.",
        "gửi sau hạn",
        "Đã đủ ý kiến",
    ] {
        assert!(page.contains(shown), "{shown} is missing in {page}");
    }
}

#[tokio::test]
async fn cn_207_one_after_another_the_next_is_asked_when_the_one_before_has_replied() {
    let committee = Committee::new().await;
    let colleague = committee.colleague().await;
    let at = committee.draft(&committee.decision()).await;
    let members = [&colleague, &committee.deputy];
    let asked = committee
        .ask(&at, "sequential", &members, "2026-01-12")
        .await
        .ok()
        .json();
    assert_eq!(count(&colleague, "opinions").await, 1);
    assert_eq!(count(&committee.deputy, "opinions").await, 0);
    assert_eq!(committee.deputy.api_get(&at).await.status.as_u16(), 404);
    reply(&colleague, &at, &asked["consultation"], "agree", "")
        .await
        .ok();
    assert_eq!(count(&committee.deputy, "opinions").await, 1);
    let said = reply(&committee.deputy, &at, &asked["consultation"], "disagree", "").await;
    assert_eq!(
        said.status.as_u16(),
        409,
        "a refusal needs its reason: {}",
        said.text
    );
}

#[tokio::test]
async fn cn_207_who_was_not_asked_says_nothing_and_a_closed_round_takes_nothing() {
    let committee = Committee::new().await;
    let colleague = committee.colleague().await;
    let at = committee.draft(&committee.decision()).await;
    let asked = committee
        .ask(&at, "parallel", &[&colleague], "2026-01-12")
        .await
        .ok()
        .json();
    let round = &asked["consultation"];
    assert_eq!(
        reply(&committee.outsider, &at, round, "agree", "")
            .await
            .status
            .as_u16(),
        404
    );
    assert_eq!(
        reply(&committee.officer, &at, round, "agree", "").await.json()["clause"],
        "ND30-10.3"
    );
    let close = format!("{at}/consultations/{}/close", round.as_str().unwrap());
    assert_eq!(
        colleague.api(&close, &json!({})).await.json()["clause"],
        "ND30-10.3"
    );
    committee.officer.api(&close, &json!({})).await.ok();
    assert_eq!(count(&colleague, "opinions").await, 0);
    let late = reply(&colleague, &at, round, "agree", "").await;
    assert_eq!(late.json()["code"], "outgoing.consultation_closed");
}

#[tokio::test]
async fn cn_207_an_approved_draft_is_not_discussed_any_more() {
    let committee = Committee::new().await;
    let colleague = committee.colleague().await;
    let at = committee.draft(&committee.decision()).await;
    let asked = committee
        .ask(&at, "parallel", &[&colleague], "2026-01-12")
        .await
        .ok()
        .json();
    committee.carry(&at, "approval").await;
    assert_eq!(count(&colleague, "opinions").await, 1);
    committee
        .chair
        .api(&format!("{at}/approve"), &json!({}))
        .await
        .ok();
    assert_eq!(count(&colleague, "opinions").await, 0);
    let late = reply(&colleague, &at, &asked["consultation"], "agree", "").await;
    assert_eq!(late.json()["code"], "outgoing.not_discussed");
}

#[tokio::test]
async fn qc01_1_2_a_mark_of_a_state_secret_in_an_opinion_is_refused_and_journalled() {
    let committee = Committee::new().await;
    let colleague = committee.colleague().await;
    let at = committee.draft(&committee.decision()).await;
    let asked = committee
        .ask(&at, "parallel", &[&colleague], "2026-01-12")
        .await
        .ok()
        .json();
    let said = reply(
        &colleague,
        &at,
        &asked["consultation"],
        "agree",
        "TỐI MẬT\nNội dung",
    )
    .await;
    assert_eq!(said.json()["clause"], "QC01-1.2");
    let page = committee.officer.get(&at.replace("/api/v1", "")).await.ok().text;
    assert!(page.contains("Từ chối vì có dấu chỉ bí mật nhà nước"), "{page}");
}

#[tokio::test]
async fn cn_207_the_round_is_asked_and_answered_by_page() {
    let committee = Committee::new().await;
    let colleague = committee.colleague().await;
    let at = committee
        .draft(&committee.decision())
        .await
        .replace("/api/v1", "");
    let post = colleague.post.to_string();
    let fields = [
        ("members", post.as_str()),
        ("question", "Điều 1 đã rõ chưa?"),
        ("due_on", ""),
    ];
    let stay = committee
        .officer
        .post(&format!("{at}/consultations"), &fields)
        .await;
    assert_eq!(stay.status.as_u16(), 422);
    for kept in ["Vui lòng chọn hạn trả lời", "Điều 1 đã rõ chưa?"] {
        assert!(stay.text.contains(kept), "{kept} is missing in {}", stay.text);
    }
    let fields = [
        ("members", post.as_str()),
        ("question", "Điều 1 đã rõ chưa?"),
        ("due_on", "2026-01-12"),
    ];
    let done = committee
        .officer
        .post(&format!("{at}/consultations"), &fields)
        .await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let desk = colleague.get("/boxes/opinions").await.ok().text;
    assert!(
        desk.contains("Ban hành kế hoạch chuyển đổi số năm 2026"),
        "{desk}"
    );
    let page = colleague.get(&at).await.ok().text;
    assert!(
        page.contains("Gửi ý kiến") && page.contains("Điều 1 đã rõ chưa?"),
        "{page}"
    );
    let action = page
        .split("action=\"")
        .find(|part| part.contains("/reply\""))
        .unwrap();
    let path = action.split('"').next().unwrap();
    let stay = colleague.post(path, &[("view", "disagree"), ("text", " ")]).await;
    assert_eq!(stay.status.as_u16(), 422, "{}", stay.text);
    let done = colleague
        .post(path, &[("view", "disagree"), ("text", "Chưa rõ đơn vị chủ trì")])
        .await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let page = committee.officer.get(&at).await.ok().text;
    assert!(
        page.contains("Chưa rõ đơn vị chủ trì") && page.contains("Không nhất trí"),
        "{page}"
    );
}

#[tokio::test]
async fn nd30_10_1_a_co_drafter_edits_and_does_not_submit() {
    let committee = Committee::new().await;
    let colleague = committee.colleague().await;
    let at = committee.draft(&committee.decision()).await;
    let helpers = json!({ "co_drafters": [colleague.post] });
    committee
        .officer
        .api(&format!("{at}/co-drafters"), &helpers)
        .await
        .ok();
    assert_eq!(count(&colleague, "co-drafting").await, 1);
    let mut draft = committee.decision();
    draft["subject"] = json!("Ban hành kế hoạch chuyển đổi số năm 2026 của tỉnh");
    let saved = colleague.api(&format!("{at}/edit"), &draft).await.ok().json();
    assert_eq!((&saved["version"], &saved["state"]), (&json!(2), &json!("draft")));
    let refused = colleague.api(&format!("{at}/submit"), &json!({})).await;
    assert_eq!(refused.json()["clause"], "ND30-10.4");
    let seen = committee.seen(&committee.officer, &at).await;
    assert_eq!(seen["versions"][0]["author"], "Võ Hữu Thịnh");
    let may = committee.seen(&colleague, &at).await["may"].clone();
    assert!(
        may.as_array().unwrap().contains(&json!("edit"))
            && !may.as_array().unwrap().contains(&json!("submit"))
    );
    // Only the drafter chooses; an outsider finds nothing; after that the helper only sees.
    assert_eq!(
        colleague.api(&format!("{at}/co-drafters"), &helpers).await.json()["clause"],
        "ND30-10.4"
    );
    assert_eq!(
        committee
            .outsider
            .api(&format!("{at}/co-drafters"), &helpers)
            .await
            .status
            .as_u16(),
        404
    );
    committee
        .officer
        .api(&format!("{at}/co-drafters"), &json!({ "co_drafters": [] }))
        .await
        .ok();
    assert_eq!(count(&colleague, "co-drafting").await, 0);
    let refused = colleague.api(&format!("{at}/edit"), &committee.decision()).await;
    assert_eq!(refused.json()["clause"], "ND30-10.3");
}
