//! The drafter follows what an issued document gives to others (QC01-14.3b, CN-218).

use serde_json::json;

use super::support::Committee;

#[tokio::test]
async fn qc01_14_3b_cn_218_the_drafter_follows_how_far_every_recipient_is() {
    let committee = Committee::new().await;
    let office = &committee.office;
    let mut body = committee.decision();
    body["respond_by"] = json!("2026-01-20");
    let at = committee.draft(&body).await;
    committee.carry(&at, "approved").await;
    committee.clerk.api(&format!("{at}/issue"), &json!({})).await.ok();
    office.drain().await;
    let tasks = committee
        .officer
        .api_get("/api/v1/outgoing/tasks")
        .await
        .ok()
        .json();
    let of = |tasks: &serde_json::Value| {
        let task = &tasks["items"][0];
        ["recipients", "received", "assigned", "finished"].map(|name| task[name].as_i64().unwrap())
    };
    assert_eq!(of(&tasks), [1, 0, 0, 0], "{tasks}");
    // The recipient registers, directs and finishes; each step comes back by itself.
    let (clerk, leader) = (&committee.outsider, office.person("hungdm.stttt").await);
    let id = clerk.api_get("/api/v1/boxes/reception").await.ok().json()["items"][0]["id"].clone();
    let incoming = format!("/api/v1/incoming/{}", id.as_str().unwrap());
    clerk.api(&format!("{incoming}/register"), &json!({})).await.ok();
    clerk
        .api(&format!("{incoming}/present"), &json!({ "leader": leader.post }))
        .await
        .ok();
    let head = office.person("longhd.stttt").await;
    let direct = json!({ "text": "Giao", "lead": head.post, "due_on": "2026-01-15" });
    leader.api(&format!("{incoming}/direct"), &direct).await.ok();
    office.drain().await;
    let tasks = committee
        .officer
        .api_get("/api/v1/outgoing/tasks")
        .await
        .ok()
        .json();
    assert_eq!(of(&tasks), [1, 1, 1, 0]);
    let page = committee.officer.get("/outgoing/tasks").await.ok().text;
    assert!(page.contains("Ban hành kế hoạch chuyển đổi số năm 2026") && page.contains("20/01/2026"));
    let finish = json!({ "outcome": "result", "result": "Đã thực hiện" });
    head.api(&format!("{incoming}/finish"), &finish).await.ok();
    office.drain().await;
    let open = committee
        .officer
        .api_get("/api/v1/outgoing/tasks")
        .await
        .ok()
        .json();
    assert_eq!(open["items"], json!([]), "finished everywhere");
    let all = committee
        .officer
        .api_get("/api/v1/outgoing/tasks?all=true")
        .await
        .ok()
        .json();
    assert_eq!(of(&all), [1, 1, 1, 1]);
    // Nobody else follows it here.
    let other = committee.head.api_get("/api/v1/outgoing/tasks?all=true").await;
    assert_eq!(other.ok().json()["items"], json!([]));
}
