//! What a slip carries (CN-303): a draft that is frozen and goes on by itself, an incoming document that its readers get to see.

use super::*;

#[tokio::test]
async fn cn_303_the_draft_is_frozen_while_the_slip_runs_and_goes_on_when_it_is_approved() {
    let committee = Committee::new().await;
    let Committee {
        maker, chair, deputy, ..
    } = &committee;
    let draft = committee.draft(true).await;
    let at_draft = format!("/api/v1/outgoing/{draft}");
    let mut slip = Committee::slip(&[&[deputy], &[chair]]);
    slip["outgoing"] = json!(draft);
    assert_eq!(chair.api_get(&at_draft).await.status.as_u16(), 404);
    let at = committee.submitted(&slip).await;
    // Whom the slip is laid before sees the draft.
    deputy.api_get(&at_draft).await.ok();
    assert_eq!(chair.api_get(&at_draft).await.status.as_u16(), 404);
    let seen = maker.api_get(&at_draft).await.ok().json();
    let may = seen["may"].as_array().unwrap();
    assert!(seen["slip"].is_string());
    for act in ["submit", "edit", "cancel"] {
        assert!(!may.contains(&json!(act)), "{act}");
    }
    for (act, body) in [
        ("submit", json!({})),
        ("cancel", json!({ "reason": "Thôi" })),
        (
            "edit",
            json!({ "type_key": "thong_bao", "subject": "Khác", "main_text": "Khác." }),
        ),
    ] {
        let refused = maker.api(&format!("{at_draft}/{act}"), &body).await.json();
        assert_eq!(refused["code"], "slip.draft_frozen", "{act}");
    }
    // No other slip carries it meanwhile.
    let second = maker.api("/api/v1/slips", &slip).await.json();
    assert_eq!(second["code"], "slip.draft_carried");
    let page = maker.get(&format!("/outgoing/{draft}")).await.ok().text;
    assert!(page.contains("một phiếu trình"), "{page}");
    answer(deputy, &at, "approve", "").await.ok();
    chair.api_get(&at_draft).await.ok();
    assert_eq!(committee.state_of_draft(&draft).await, "draft");
    let done = answer(chair, &at, "approve", "").await.ok().json();
    assert_eq!(done["hindrance"], Value::Null);
    assert_eq!(committee.state_of_draft(&draft).await, "content_review");
}

#[tokio::test]
async fn cn_303_a_draft_that_cannot_go_on_stays_and_the_slip_says_why() {
    let committee = Committee::new().await;
    let draft = committee.draft(false).await;
    let mut slip = Committee::slip(&[&[&committee.chair]]);
    slip["outgoing"] = json!(draft);
    let at = committee.submitted(&slip).await;
    let done = answer(&committee.chair, &at, "approve", "").await.ok().json();
    assert_eq!(done["state"], "approved");
    assert!(done["hindrance"].as_str().unwrap().contains("nơi nhận"), "{done}");
    assert_eq!(committee.state_of_draft(&draft).await, "draft");
    let page = committee.maker.get(&at.replace("/api/v1", "")).await.ok().text;
    assert!(page.contains("Dự thảo kèm theo chưa trình được"), "{page}");
    // It is free again.
    let seen = committee
        .maker
        .api_get(&format!("/api/v1/outgoing/{draft}"))
        .await
        .ok()
        .json();
    assert!(seen["may"].as_array().unwrap().contains(&json!("submit")));
}

#[tokio::test]
async fn cn_303_refused_or_cancelled_the_draft_is_its_drafters_again() {
    let committee = Committee::new().await;
    let Committee { maker, chair, .. } = &committee;
    let draft = committee.draft(true).await;
    let mut slip = Committee::slip(&[&[chair]]);
    slip["outgoing"] = json!(draft);
    let at = committee.submitted(&slip).await;
    answer(chair, &at, "return", "Chưa đủ căn cứ.").await.ok();
    assert_eq!(committee.state_of_draft(&draft).await, "draft");
    let changed = json!({
        "type_key": "thong_bao", "subject": "Lịch kiểm kê", "main_text": "Từ ngày 20.",
        "recipients": [committee.outsider.agency],
    });
    maker
        .api(&format!("/api/v1/outgoing/{draft}/edit"), &changed)
        .await
        .ok();
    committee.submit(&at).await.ok();
    let seen = maker.api_get(&at).await.ok().json();
    assert_eq!(
        (
            &seen["rounds"][0]["outgoing_version"],
            &seen["rounds"][1]["outgoing_version"]
        ),
        (&json!(1), &json!(2))
    );
    let cancel = |reason: &str| json!({ "reason": reason });
    let path = format!("{at}/cancel");
    assert_eq!(
        maker.api(&path, &cancel(" ")).await.json()["code"],
        "slip.no_reason"
    );
    assert_eq!(
        chair.api(&path, &cancel("Trùng")).await.json()["code"],
        "slip.not_maker"
    );
    assert_eq!(
        maker.api(&path, &cancel("Trùng")).await.ok().json()["state"],
        "cancelled"
    );
    assert_eq!(waiting(chair).await, 0);
    let submitted = maker
        .api(&format!("/api/v1/outgoing/{draft}/submit"), &json!({}))
        .await;
    assert_eq!(submitted.ok().json()["state"], "content_review");
    // A draft of somebody else, or one that was submitted, is carried by no slip.
    let refused = maker.api("/api/v1/slips", &slip).await.json();
    assert_eq!(refused["code"], "slip.draft_submitted");
    let foreign = committee.head.api("/api/v1/slips", &slip).await;
    assert_eq!(foreign.json()["code"], "slip.not_own_draft");
}

#[tokio::test]
async fn cn_303_a_slip_is_about_an_incoming_document_that_its_maker_sees_and_shows_it_to_the_leaders() {
    let committee = Committee::new().await;
    let Committee {
        maker, chair, clerk, ..
    } = &committee;
    let scan = clerk.api_upload("van ban.pdf", &pdf("Van ban")).await.ok().json()["id"].clone();
    let fields = json!({
        "sender_name": "Công ty TNHH Minh Hòa", "number": "15", "symbol": "CV-MH", "issued_on": "2026-01-05",
        "type_key": "cong_van", "subject": "V/v đề nghị hướng dẫn thủ tục", "urgency": "urgent",
        "signer_name": "Trần Văn Bình", "signer_title": "Giám đốc", "main_file": scan,
    });
    let registered = clerk.api("/api/v1/incoming/paper", &fields).await;
    assert!(registered.status.is_success(), "{}", registered.text);
    let id = registered.json()["id"].clone();
    let mut slip = Committee::slip(&[&[chair]]);
    slip["incoming"] = id.clone();
    // Who does not see it does not lay it before anybody.
    assert_eq!(maker.api("/api/v1/slips", &slip).await.status.as_u16(), 404);
    let made = clerk.api("/api/v1/slips", &slip).await.ok().json();
    let at = format!("/api/v1/slips/{}", made["id"].as_str().unwrap());
    clerk.api(&format!("{at}/submit"), &json!({})).await.ok();
    let page = chair.get(&at.replace("/api/v1", "")).await.ok().text;
    assert!(page.contains("đề nghị hướng dẫn thủ tục"), "{page}");
    let document = format!("/incoming/{}", id.as_str().unwrap());
    assert!(page.contains(&document), "{page}");
    chair.get(&document).await.ok();
}
