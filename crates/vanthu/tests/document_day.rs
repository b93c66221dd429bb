//! A document's day: the regulation itself goes from a draft in UBND tỉnh to two agencies and back as a reply.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::process::Command;

use serde_json::{Value, json};
use vanthu::testing::{Answer, Office, Person};

const REGULATION: &str = include_str!("../../the-thuc/tests/samples/quy-che-01-2022.md");

async fn act(person: &Person, path: &str, body: Value) -> Value {
    person.api(path, &body).await.ok().json()
}

async fn box_ids(person: &Person, key: &str) -> Vec<String> {
    let page = person.api_get(&format!("/api/v1/boxes/{key}")).await.ok().json();
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn the_only(person: &Person, key: &str) -> String {
    let ids = box_ids(person, key).await;
    assert_eq!(ids.len(), 1, "{key} holds {ids:?}");
    ids[0].clone()
}

/// Draft → content → form → approval → issue; gives the answer of the issue.
async fn through_to_issue(
    id: &str,
    drafter: &Person,
    head: &Person,
    clerk: &Person,
    signer: &Person,
) -> Value {
    for (person, step) in [
        (drafter, "submit"),
        (head, "sign-off-content"),
        (clerk, "sign-off-form"),
        (signer, "approve"),
        (clerk, "issue"),
    ] {
        let answer = person
            .api(&format!("/api/v1/outgoing/{id}/{step}"), &json!({}))
            .await;
        assert!(
            answer.status.is_success(),
            "{step}: {} {}",
            answer.status,
            answer.text
        );
        if step == "issue" {
            return answer.json();
        }
    }
    Value::Null
}

async fn delivery_states(person: &Person, id: &str) -> Vec<(String, String)> {
    let document = person
        .api_get(&format!("/api/v1/outgoing/{id}"))
        .await
        .ok()
        .json();
    let lines = document["deliveries"].as_array().unwrap();
    let mut states: Vec<(String, String)> = lines
        .iter()
        .map(|line| {
            (
                line["recipient"].as_str().unwrap().to_owned(),
                line["state"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    states.sort();
    states
}

fn pdf_text(answer: &Answer) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("van-ban.pdf");
    std::fs::write(&path, &answer.bytes).unwrap();
    let out = Command::new("pdftotext")
        .args(["-layout"])
        .arg(&path)
        .arg("-")
        .output()
        .unwrap();
    String::from_utf8(out.stdout).unwrap()
}

#[tokio::test]
async fn qc01_2_cn_001_cn_007_the_regulation_goes_all_the_way_round() {
    let office = Office::new().await;
    let drafter = office.person("quangnd.ubnd").await;
    let head = office.person("thaobtp.ubnd").await;
    let signer = office.person("khaitq.ubnd").await;
    let clerk = office.person("nhungpth.ubnd").await;
    let stttt_clerk = office.person("anhltn.stttt").await;
    let director = office.person("hungdm.stttt").await;
    let stttt_head = office.person("longhd.stttt").await;
    let officer = office.person("annv.stttt").await;
    let dakmil_clerk = office.person("trangdtq.dakmil").await;

    // The text becomes the PDF of a Quyết định of UBND tỉnh, and is issued with a number.
    let draft = json!({
        "type_key": "quyet_dinh",
        "main_text": REGULATION,
        "recipients": [stttt_clerk.agency, dakmil_clerk.agency],
    });
    let id = act(&drafter, "/api/v1/outgoing", draft).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let issued = through_to_issue(&id, &drafter, &head, &clerk, &signer).await;
    assert_eq!(issued["number"], 1);
    assert_eq!(issued["number_and_symbol"], "01/QĐ-UBND");
    let document = clerk.api_get(&format!("/api/v1/outgoing/{id}")).await.ok().json();
    assert_eq!(
        document["legal_value"], "for_reference",
        "no signature yet: QĐ 28 Điều 4.2"
    );
    let file = document["files"][0]["id"].as_str().unwrap();
    let text = pdf_text(&clerk.get(&format!("/files/{file}")).await.ok());
    for words in [
        "ỦY BAN NHÂN DÂN",
        "01/QĐ-UBND",
        "ngày 08 tháng 01 năm 2026",
        "QUYẾT ĐỊNH",
        "Điều 23",
        "TM. ỦY BAN NHÂN DÂN",
    ] {
        assert!(
            text.contains(words),
            "the PDF lacks {words}:\n{}",
            &text[..text.len().min(3000)]
        );
    }

    // It reaches both agencies by itself; the sender sees it arrive.
    office.drain().await;
    let arrived = the_only(&stttt_clerk, "reception").await;
    let at_dakmil = the_only(&dakmil_clerk, "reception").await;
    assert!(
        delivery_states(&clerk, &id)
            .await
            .iter()
            .all(|(_, state)| state == "arrived")
    );

    // Accepted and registered: số đến 1 in both registers.
    let registered = act(
        &stttt_clerk,
        &format!("/api/v1/incoming/{arrived}/register"),
        json!({}),
    )
    .await;
    assert_eq!(registered["arrival_number"], 1);
    act(
        &dakmil_clerk,
        &format!("/api/v1/incoming/{at_dakmil}/register"),
        json!({}),
    )
    .await;
    office.drain().await;
    assert!(
        delivery_states(&clerk, &id)
            .await
            .iter()
            .all(|(_, state)| state == "received")
    );

    // Presented, directed, passed down, answered by a công văn, finished.
    act(
        &stttt_clerk,
        &format!("/api/v1/incoming/{arrived}/present"),
        json!({ "leader": director.post }),
    )
    .await;
    act(
        &director,
        &format!("/api/v1/incoming/{arrived}/direct"),
        json!({ "text": "Giao Phòng Bưu chính - Viễn thông tham mưu.", "lead": stttt_head.post, "due_on": "2026-01-20" }),
    )
    .await;
    office.drain().await;
    let states = delivery_states(&clerk, &id).await;
    assert!(
        states
            .iter()
            .any(|(name, state)| name.starts_with("Sở Thông tin") && state == "assigned"),
        "{states:?}"
    );
    act(
        &stttt_head,
        &format!("/api/v1/incoming/{arrived}/pass-down"),
        json!({ "text": "Đồng chí An dự thảo trả lời.", "lead": officer.post, "due_on": "2026-01-16" }),
    )
    .await;
    assert_eq!(
        box_ids(&officer, "handling").await,
        std::slice::from_ref(&arrived)
    );
    act(&officer, &format!("/api/v1/incoming/{arrived}/start"), json!({})).await;
    let reply = json!({
        "type_key": "cong_van",
        "subject": "triển khai Quy chế quản lý, vận hành và sử dụng Hệ thống quản lý văn bản và điều hành",
        "main_text": "Thực hiện Quyết định số 01/QĐ-UBND, Sở Thông tin và Truyền thông báo cáo như sau.",
        "recipients": [clerk.agency],
        "reply_to": arrived,
    });
    let reply = act(&officer, "/api/v1/outgoing", reply).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    through_to_issue(&reply, &officer, &stttt_head, &stttt_clerk, &director).await;
    office.drain().await;
    act(
        &officer,
        &format!("/api/v1/incoming/{arrived}/finish"),
        json!({ "outcome": "reply", "reply": reply }),
    )
    .await;
    office.drain().await;
    let states = delivery_states(&clerk, &id).await;
    assert!(
        states
            .iter()
            .any(|(name, state)| name.starts_with("Sở Thông tin") && state == "finished"),
        "{states:?}"
    );

    // The reply lies in the reception of UBND tỉnh; both registers list both documents.
    let back = the_only(&clerk, "reception").await;
    act(&clerk, &format!("/api/v1/incoming/{back}/register"), json!({})).await;
    let outgoing = clerk
        .api_get("/api/v1/registers/outgoing?year=2026")
        .await
        .ok()
        .text;
    assert!(outgoing.contains("01/QĐ-UBND"), "{outgoing}");
    let incoming = stttt_clerk
        .api_get("/api/v1/registers/incoming?year=2026")
        .await
        .ok()
        .text;
    assert!(
        incoming.contains("01/QĐ-UBND") || incoming.contains("QĐ-UBND"),
        "{incoming}"
    );

    // The whole day is in the journal, whole.
    store::journal::seal(&office.app.db, office.app.clock.now())
        .await
        .unwrap();
    let mut exported = Vec::new();
    store::journal::export(&office.app.db, &mut exported)
        .await
        .unwrap();
    let report = store::journal::verify(std::io::Cursor::new(exported), None).unwrap();
    assert_eq!(report.problem, None);
    assert!(report.entries > 25, "{report:?}");
}
