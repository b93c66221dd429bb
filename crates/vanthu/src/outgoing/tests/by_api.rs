//! The path by program.

use rules::ids::CommandId;
use serde_json::json;

use super::support::{Committee, DECISION};
use crate::{context::App, outgoing::issuing::issue::issue, testing::pdf};

#[tokio::test]
async fn a_decision_goes_from_draft_to_issue() {
    let committee = Committee::new().await;
    let at = committee.draft(&committee.decision()).await;
    let draft = committee.seen(&committee.officer, &at).await;
    assert_eq!(draft["state"], "draft");
    assert_eq!(draft["authority"], "TM. (thay mặt tập thể)");
    assert!(draft["signer"].as_str().unwrap().ends_with("Chủ tịch"), "{draft}");
    assert_eq!(draft["files"][0]["role"], "main");
    committee.carry(&at, "approved").await;

    let issued = committee
        .clerk
        .api(&format!("{at}/issue"), &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(issued["number_and_symbol"], "01/QĐ-UBND");
    assert_eq!(
        (issued["number"].as_u64(), issued["issued_on"].as_str()),
        (Some(1), Some("2026-01-08"))
    );

    let document = committee.seen(&committee.officer, &at).await;
    assert_eq!(document["state"], "issued");
    assert_eq!(document["legal_value"], "for_reference");
    assert_eq!(document["legal_value_label"], "Chỉ để biết, tham khảo");
    assert_eq!(document["deliveries"][0]["state"], "pending");
    assert!(
        document["document_code"]
            .as_str()
            .unwrap()
            .ends_with(",2026/01/08,01/QĐ-UBND")
    );
    // The preview stays with its version; the issued file is another one, with number and date.
    assert_ne!(document["files"][0]["id"], draft["files"][0]["id"]);
    let file = document["files"][0]["id"].as_str().unwrap();
    let content = committee
        .clerk
        .api_get(&format!("/api/v1/files/{file}"))
        .await
        .ok();
    let text = lopdf::Document::load_mem(&content.bytes).unwrap();
    assert!(!text.get_pages().is_empty());
}

#[tokio::test]
async fn nd30_10_3_cn_203_a_document_goes_back_one_level_at_a_time_with_a_comment() {
    let committee = Committee::new().await;
    let at = committee.draft(&committee.decision()).await;
    committee.carry(&at, "approval").await;
    let silent = committee
        .chair
        .api(&format!("{at}/return"), &json!({ "comment": " " }))
        .await;
    assert_eq!(
        (silent.status.as_u16(), silent.json()["clause"].as_str()),
        (409, Some("ND30-10.3"))
    );

    let back = |comment: &str| json!({ "comment": comment });
    let moved = committee
        .chair
        .api(&format!("{at}/return"), &back("Bổ sung căn cứ"))
        .await
        .ok()
        .json();
    assert_eq!(moved["state"], "content_review");
    let seen = committee.seen(&committee.head, &at).await;
    let last = seen["sign_offs"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["decision"], &last["comment"]),
        (&json!("returned"), &json!("Bổ sung căn cứ"))
    );
    let moved = committee
        .head
        .api(&format!("{at}/return"), &back("Sửa Điều 2"))
        .await
        .ok()
        .json();
    assert_eq!(moved["state"], "draft");
    // Nothing lies below a draft.
    let lower = committee.officer.api(&format!("{at}/return"), &back("Nữa")).await;
    assert_eq!(lower.status.as_u16(), 409);
    // What had been signed off does not count any more.
    committee
        .officer
        .api(&format!("{at}/submit"), &json!({}))
        .await
        .ok();
    let early = committee
        .clerk
        .api(&format!("{at}/sign-off-form"), &json!({}))
        .await;
    assert_ne!(early.status.as_u16(), 200, "{}", early.text);
    committee.carry_from_content_review(&at).await;
}

#[tokio::test]
async fn nd30_11_2_a_change_after_approval_voids_it() {
    let committee = Committee::new().await;
    let at = committee.approved().await;
    let mut body = committee.decision();
    let same = committee
        .officer
        .api(&format!("{at}/edit"), &body)
        .await
        .ok()
        .json();
    assert_eq!(
        (&same["state"], &same["version"]),
        (&json!("approved"), &json!(1)),
        "an unchanged save is no change"
    );

    body["subject"] = json!("Ban hành kế hoạch chuyển đổi số năm 2026 (sửa)");
    let moved = committee
        .officer
        .api(&format!("{at}/edit"), &body)
        .await
        .ok()
        .json();
    assert_eq!((&moved["state"], &moved["version"]), (&json!("draft"), &json!(2)));
    let refused = committee.clerk.api(&format!("{at}/issue"), &json!({})).await;
    assert_eq!(refused.status.as_u16(), 409, "{}", refused.text);
    committee.carry(&at, "approved").await;
    let issued = committee
        .clerk
        .api(&format!("{at}/issue"), &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(issued["number"], 1);
    let edit = committee
        .officer
        .api(&format!("{at}/edit"), &committee.decision())
        .await;
    assert_eq!(
        edit.json()["clause"],
        "ND30-18.3",
        "an issued document never changes"
    );
    assert_eq!(
        committee.seen(&committee.officer, &at).await["versions"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn nd30_12_cn_205_both_sign_offs_come_before_the_approval() {
    let committee = Committee::new().await;
    let at = committee.draft(&committee.decision()).await;
    let approve = format!("{at}/approve");
    assert_eq!(
        committee.chair.api(&approve, &json!({})).await.status.as_u16(),
        404,
        "not yet the signer's to see"
    );
    committee.carry(&at, "form_review").await;
    let clerk = committee.clerk.api(&format!("{at}/issue"), &json!({})).await;
    assert_eq!(clerk.json()["clause"], "QD28-8.1", "{}", clerk.text);
    committee.carry_from_form_review(&at, "approval").await;
    // Both checks are on record, each by who answers for it.
    let seen = committee.seen(&committee.officer, &at).await;
    let recorded: Vec<_> = seen["sign_offs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["kind"].as_str().unwrap(), line["decision"].as_str().unwrap()))
        .collect();
    assert_eq!(recorded, [("content", "agreed"), ("form", "agreed")]);
    let deputy = committee.deputy.api(&approve, &json!({})).await;
    assert_eq!(deputy.status.as_u16(), 404, "another leader is not the signer");
    let clerk = committee.clerk.api(&approve, &json!({})).await;
    assert_eq!(clerk.json()["clause"], "ND30-11.1");
}

#[tokio::test]
async fn cn_003_nd30_4_2b_only_the_clerk_issues() {
    let committee = Committee::new().await;
    let at = committee.approved().await;
    for person in [&committee.officer, &committee.head, &committee.chair] {
        let refused = person.api(&format!("{at}/issue"), &json!({})).await;
        assert_eq!(
            (refused.status.as_u16(), refused.json()["clause"].as_str()),
            (409, Some("ND30-4.2b"))
        );
    }
    let why = committee.seen(&committee.officer, &at).await["why_not"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(why.contains("văn thư"), "{why}");
}

#[tokio::test]
async fn qc01_1_2_a_state_secret_is_refused_in_every_text() {
    let committee = Committee::new().await;
    let tries = [
        ("secrecy", json!("secret")),
        ("main_text", json!(format!("TỐI MẬT\n{DECISION}"))),
        ("subject", json!("MẬT")),
    ];
    for (field, value) in tries {
        let mut body = committee.decision();
        body[field] = value;
        let refused = committee.officer.api("/api/v1/outgoing", &body).await;
        assert_eq!(
            (refused.status.as_u16(), refused.json()["clause"].as_str()),
            (409, Some("QC01-1.2")),
            "{field}"
        );
    }
}

#[tokio::test]
async fn nd30_13_the_signer_must_have_the_authority() {
    let committee = Committee::new().await;
    let mut body = committee.decision();
    body["signer"] = json!(committee.deputy.post);
    body["authority"] = json!("tm");
    let at = committee.draft(&body).await;
    let refused = committee.officer.api(&format!("{at}/submit"), &json!({})).await;
    assert_eq!(refused.json()["clause"], "ND30-13.2", "{}", refused.text);
    body["authority"] = json!(null);
    let moved = committee
        .officer
        .api(&format!("{at}/edit"), &body)
        .await
        .ok()
        .json();
    assert_eq!(moved["version"], 2);
    let seen = committee.seen(&committee.officer, &at).await;
    assert_eq!(seen["authority"], "TM. và KT. (cấp phó thay mặt tập thể)");
    committee
        .officer
        .api(&format!("{at}/submit"), &json!({}))
        .await
        .ok();
}

#[tokio::test]
async fn the_same_command_twice_has_one_effect() {
    let committee = Committee::new().await;
    let at = committee.approved().await;
    let command = uuid::Uuid::from_u128(77);
    let path = format!("{at}/issue");
    let first = committee
        .clerk
        .api_command(&path, command, &json!({}))
        .await
        .ok()
        .json();
    let again = committee
        .clerk
        .api_command(&path, command, &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(first, again);
    let other = committee.clerk.api(&path, &json!({})).await;
    assert_eq!(
        other.status.as_u16(),
        409,
        "an issued document is not issued again"
    );
    let next = committee.approved().await;
    let next = committee
        .clerk
        .api(&format!("{next}/issue"), &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(next["number_and_symbol"], "02/QĐ-UBND", "no number was lost");
}

#[tokio::test]
async fn nd30_15_1_cn_210_numbers_begin_again_with_the_year_and_never_go_back() {
    let committee = Committee::new().await;
    let (first, second, third) = (
        committee.approved().await,
        committee.approved().await,
        committee.approved().await,
    );
    let office = &committee.office;
    // The clerk signs in on that day.
    let issue = async |time: &str, at: &str| {
        office.clock.set(time.parse().unwrap());
        let clerk = office.person("nhungpth.ubnd").await;
        clerk.api(&format!("{at}/issue"), &json!({})).await.json()
    };
    let last = issue("2026-12-31T16:59:00Z", &first).await;
    assert_eq!(
        (&last["number"], &last["issued_on"]),
        (&json!(1), &json!("2026-12-31"))
    );
    let new = issue("2026-12-31T17:00:00Z", &second).await;
    assert_eq!(
        (&new["number"], &new["issued_on"]),
        (&json!(1), &json!("2027-01-01"))
    );
    let back = issue("2026-12-31T16:59:30Z", &third).await;
    assert_eq!(back["clause"], "ND30-15.1", "{back}");
}

#[tokio::test]
async fn qc01_14_cn_213_fifty_parallel_issues_get_fifty_consecutive_numbers() {
    let committee = Committee::new().await;
    let file = committee
        .officer
        .api_upload("vanban.pdf", &pdf("So lieu"))
        .await
        .ok()
        .json();
    let mut body = committee.decision();
    body.as_object_mut().unwrap().remove("main_text");
    body["main_file"] = file["id"].clone();
    let mut documents = Vec::new();
    for _ in 0..50 {
        let at = committee.draft(&body).await;
        committee.carry(&at, "approved").await;
        documents.push(at);
    }
    let issues = documents.iter().map(|at| {
        let (clerk, path) = (committee.clerk.clone(), format!("{at}/issue"));
        tokio::spawn(async move {
            clerk.api(&path, &json!({})).await.ok().json()["number"]
                .as_u64()
                .unwrap()
        })
    });
    let mut numbers = Vec::new();
    for issue in issues.collect::<Vec<_>>() {
        numbers.push(issue.await.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=50).collect::<Vec<u64>>());
    // An uploaded PDF is issued byte by byte as it came.
    let seen = committee.seen(&committee.clerk, &documents[0]).await;
    assert_eq!(seen["files"][0]["sha256"], file["sha256"]);
}

#[tokio::test]
async fn pl1_3b_a_letter_takes_its_symbol_from_the_drafting_unit() {
    let committee = Committee::new().await;
    let body = json!({
        "type_key": "cong_van",
        "subject": "V/v chuẩn bị nội dung họp",
        "main_text": "Để chuẩn bị phiên họp, đề nghị Sở báo cáo trước ngày 15.",
        "recipients": [committee.outsider.agency],
        "paper": [{ "name": "Báo Đắk Nông", "reason": "Chưa kết nối" }],
    });
    let at = committee.draft(&body).await;
    committee.carry(&at, "approved").await;
    let issued = committee
        .clerk
        .api(&format!("{at}/issue"), &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(issued["number_and_symbol"], "01/UBND-KGVX");
    let lines = committee.seen(&committee.clerk, &at).await["deliveries"].clone();
    assert_eq!(
        (&lines[0]["channel"], &lines[0]["state"]),
        (&json!("internal"), &json!("pending"))
    );
    assert_eq!(
        (&lines[1]["state"], &lines[1]["reason"]),
        (&json!("paper"), &json!("Chưa kết nối"))
    );
}

#[tokio::test]
async fn qc01_4_2_an_outsider_finds_nothing_at_any_address() {
    let committee = Committee::new().await;
    let at = committee.approved().await;
    let page = at.replace("/api/v1", "");
    let acts = [
        "submit",
        "sign-off-content",
        "sign-off-form",
        "approve",
        "return",
        "cancel",
        "issue",
    ];
    let body = json!({ "comment": "x", "reason": "x" });
    for person in [&committee.outsider, &committee.office.person("tupa.stttt").await] {
        assert_eq!(person.api_get(&at).await.status.as_u16(), 404);
        assert_eq!(person.get(&page).await.status.as_u16(), 404);
        assert_eq!(person.get(&format!("{page}/edit")).await.status.as_u16(), 404);
        let edit = person.api(&format!("{at}/edit"), &committee.decision()).await;
        assert_eq!(edit.status.as_u16(), 404);
        let edit = person
            .post_files(&format!("{page}/edit"), &[("type_key", "quyet_dinh")], &[])
            .await;
        assert_eq!(edit.status.as_u16(), 404);
        for act in acts {
            assert_eq!(
                person.api(&format!("{at}/{act}"), &body).await.status.as_u16(),
                404,
                "{act}"
            );
            let form = person
                .post(&format!("{page}/{act}"), &[("comment", "x"), ("reason", "x")])
                .await;
            assert_eq!(form.status.as_u16(), 404, "{act}");
        }
    }
}

#[tokio::test]
async fn a_file_of_somebody_else_cannot_be_taken() {
    let committee = Committee::new().await;
    let file = committee
        .outsider
        .api_upload("rieng.pdf", &pdf("rieng"))
        .await
        .ok()
        .json();
    let mut body = committee.decision();
    body["attachments"] = json!([file["id"]]);
    let refused = committee.officer.api("/api/v1/outgoing", &body).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
}

#[tokio::test]
async fn nd30_15_1_two_nodes_that_compose_in_one_series_give_no_number_twice() {
    let committee = Committee::new().await;
    let app = &committee.office.app;
    // Another node: the same database and files, its own memory.
    let other = App::new(
        app.db.clone(),
        app.blobs.clone(),
        app.clock.clone(),
        app.ids.clone(),
        app.settings.clone(),
    );
    let who = committee.office.who(&committee.clerk).await;
    let mut issues = Vec::new();
    for n in 0..8 {
        let at = committee.draft(&committee.decision()).await;
        committee.carry(&at, "approved").await;
        let id = at.rsplit('/').next().unwrap().parse().unwrap();
        let (node, who) = (if n % 2 == 0 { app.clone() } else { other.clone() }, who.clone());
        issues.push(tokio::spawn(async move {
            let command = CommandId::from_uuid(node.ids.next());
            (at, issue(&node, &who, command, id).await.unwrap())
        }));
    }
    let mut numbers = Vec::new();
    for issued in issues {
        let (at, issued) = issued.await.unwrap();
        // The number on the paper is the number in the register.
        let file = committee.seen(&committee.clerk, &at).await["files"][0].clone();
        assert_eq!(file["name"], format!("{:02}-QD-UBND.pdf", issued.number));
        let pdf = committee
            .clerk
            .get(&format!("/files/{}", file["id"].as_str().unwrap()))
            .await
            .ok();
        let text = lopdf::Document::load_mem(&pdf.bytes)
            .unwrap()
            .extract_text(&[1])
            .unwrap();
        assert!(text.contains(&format!("{:02}/QĐ-UBND", issued.number)), "{text}");
        numbers.push(issued.number);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=8).collect::<Vec<u32>>());
}
