//! Who sees which rounds of a slip (QC01-4.2, CN-302), and that one person in two posts is one person.

use serde_json::{Value, json};
use store::{args, sql};

use super::{Committee, answer};
use crate::testing::{Person, pdf};

/// How a call for what may be hidden is answered.
async fn status(by: &Person, path: &str) -> u16 {
    by.api_get(path).await.status.as_u16()
}

#[tokio::test]
async fn cn_302_who_took_part_in_an_earlier_round_only_sees_that_round_and_the_outcome() {
    let committee = Committee::new().await;
    let Committee {
        maker, deputy, chair, ..
    } = &committee;
    let file = |name: &'static str| async move {
        let sent = maker.api_upload(&format!("{name}.pdf"), &pdf(name)).await.ok();
        sent.json()["id"].as_str().unwrap().to_owned()
    };
    let (first, second) = (file("bao gia 1").await, file("bao gia 2").await);
    let mut slip = Committee::slip(&[&[deputy], &[chair]]);
    slip["files"] = json!([first]);
    let at = committee.submitted(&slip).await;
    answer(deputy, &at, "return", "Bổ sung báo giá.").await.ok();
    slip["subject"] = json!("Xin chủ trương thuê máy quét");
    slip["body"] = json!("Đã có ba báo giá.");
    slip["files"] = json!([first, second]);
    slip["steps"] = json!([[chair.post]]);
    maker.api(&format!("{at}/edit"), &slip).await.ok();
    // What the maker writes is theirs until it is laid before somebody.
    let early = deputy.api_get(&at).await.ok().json();
    assert_eq!(early["body"], "Máy cũ đã hỏng.\nKinh phí: nguồn tự chủ.");
    let of_second = format!("/api/v1/files/{second}");
    assert_eq!(deputy.api_get(&of_second).await.status.as_u16(), 404);
    committee.submit(&at).await.ok();
    answer(chair, &at, "approve", "Chỉ mua hai máy.").await.ok();

    let seen = deputy.api_get(&at).await.ok().json();
    assert_eq!(seen["state"], "approved", "the outcome");
    assert_eq!(seen["rounds"].as_array().unwrap().len(), 1, "{seen}");
    assert_eq!(seen["body"], "Máy cũ đã hỏng.\nKinh phí: nguồn tự chủ.");
    assert_eq!(seen["files"].as_array().unwrap().len(), 1, "{seen}");
    assert_eq!(seen["steps"], json!([]));
    let page = deputy.get(&at.replace("/api/v1", "")).await.ok().text;
    assert!(
        page.contains("Đã phê duyệt") && page.contains("Bổ sung báo giá."),
        "{page}"
    );
    for later in [
        "Chỉ mua hai máy.",
        "Đã có ba báo giá.",
        "Lần trình 2",
        "thuê máy quét",
    ] {
        assert!(!page.contains(later), "“{later}”: {page}");
    }
    // The boxes call it what it was called then; whoever was asked later reads what was laid before them.
    for (by, subject) in [
        (deputy, "Xin chủ trương mua sắm máy quét"),
        (chair, "Xin chủ trương thuê máy quét"),
    ] {
        let handled = by.api_get("/api/v1/boxes/slips-handled").await.ok().json();
        assert_eq!(handled["items"][0]["subject"], subject, "{handled}");
    }
    // And they are searched by that: a search does not tell what others were asked later.
    for (by, words, found) in [
        (deputy, "thue%20may", 0),
        (deputy, "mua%20sam", 1),
        (chair, "thue%20may", 1),
        (chair, "mua%20sam", 0),
    ] {
        let path = format!("/api/v1/boxes/slips-handled?q={words}");
        let page = by.api_get(&path).await.ok().json();
        assert_eq!(page["items"].as_array().unwrap().len(), found, "{words}: {page}");
    }
    deputy.api_get(&format!("/api/v1/files/{first}")).await.ok();
    assert_eq!(deputy.api_get(&of_second).await.status.as_u16(), 404);
    deputy.api_get(&format!("{at}/pdf")).await.ok();
    // Who takes part in the newest round sees what came before it too; the maker sees all.
    for by in [chair, maker] {
        let seen = by.api_get(&at).await.ok().json();
        assert_eq!(seen["rounds"].as_array().unwrap().len(), 2, "{seen}");
        assert_eq!(seen["body"], "Đã có ba báo giá.");
        by.api_get(&of_second).await.ok();
    }
}

#[tokio::test]
async fn qc01_4_2_who_was_on_an_earlier_round_only_sees_no_later_version_of_the_draft() {
    let committee = Committee::new().await;
    let Committee {
        maker,
        deputy,
        chair,
        colleague,
        head,
        ..
    } = &committee;
    let draft = committee.draft(true).await;
    let at_draft = format!("/api/v1/outgoing/{draft}");
    let mut slip = Committee::slip(&[&[deputy], &[chair]]);
    slip["outgoing"] = json!(draft);
    slip["advisers"] = json!([colleague.post, head.post]);
    let at = committee.submitted(&slip).await;
    for by in [deputy, colleague, head] {
        assert_eq!(status(by, &at_draft).await, 200);
    }
    answer(deputy, &at, "return", "Chưa đủ căn cứ.").await.ok();
    // It is its drafter's again. The head of the drafting unit sees it for that reason.
    for (by, expected) in [(deputy, 404), (colleague, 404), (head, 200), (maker, 200)] {
        assert_eq!(status(by, &at_draft).await, expected);
    }
    let changed = json!({
        "type_key": "thong_bao", "subject": "Lịch thanh lý máy quét", "main_text": "Từ ngày 20.",
        "recipients": [committee.outsider.agency],
    });
    maker.api(&format!("{at_draft}/edit"), &changed).await.ok();
    slip["steps"] = json!([[chair.post]]);
    slip["advisers"] = json!([]);
    maker.api(&format!("{at}/edit"), &slip).await.ok();
    committee.submit(&at).await.ok();
    for (by, expected) in [(deputy, 404), (colleague, 404), (chair, 200)] {
        assert_eq!(status(by, &at_draft).await, expected);
    }
    // The slip goes on calling it what it was called when it was laid before them.
    let page = deputy.get(&at.replace("/api/v1", "")).await.ok().text;
    assert!(
        page.contains("Lịch kiểm kê tài sản") && !page.contains("thanh lý"),
        "{page}"
    );
    let page = chair.get(&at.replace("/api/v1", "")).await.ok().text;
    assert!(page.contains("Lịch thanh lý máy quét"), "{page}");
    // Approved, it goes on as they approved it, before their eyes.
    answer(chair, &at, "approve", "").await.ok();
    assert_eq!(status(chair, &at_draft).await, 200);
    assert_eq!(status(deputy, &at_draft).await, 404);
}

#[tokio::test]
async fn qc01_4_2_a_slip_that_is_given_up_takes_the_sight_of_its_draft_along_but_not_that_of_others() {
    let committee = Committee::new().await;
    let Committee {
        maker,
        deputy,
        colleague,
        ..
    } = &committee;
    let draft = committee.draft(true).await;
    let at_draft = format!("/api/v1/outgoing/{draft}");
    let mut slip = Committee::slip(&[&[deputy]]);
    slip["outgoing"] = json!(draft);
    slip["advisers"] = json!([colleague.post]);
    let at = committee.submitted(&slip).await;
    answer(deputy, &at, "return", "Bổ sung.").await.ok();
    // Meanwhile the colleague is asked to write along.
    let along = json!({ "co_drafters": [colleague.post] });
    maker.api(&format!("{at_draft}/co-drafters"), &along).await.ok();
    committee.submit(&at).await.ok();
    deputy.api_get(&at_draft).await.ok();
    let reason = json!({ "reason": "Trùng" });
    maker.api(&format!("{at}/cancel"), &reason).await.ok();
    assert_eq!(deputy.api_get(&at_draft).await.status.as_u16(), 404);
    colleague.api_get(&at_draft).await.ok();
}

#[tokio::test]
async fn cn_302_one_person_in_two_posts_does_not_lay_a_slip_before_oneself() {
    let committee = Committee::new().await;
    let Committee {
        maker,
        office,
        chair,
        deputy,
        ..
    } = &committee;
    let mut posts = Vec::new();
    for person in [maker, deputy] {
        let post = store::Ids::Random.next();
        let mut tx = office.app.db.begin().await.unwrap();
        tx.run(
            sql!(
                "INSERT INTO post (id, account_id, agency_id, title, role, is_agency_head, checks_form, valid_from) \
                 VALUES ($1, $2, $3, 'Phó Trưởng ban', 'unit_head', 0, 0, '2026-01-01')"
            ),
            args![post, person.account, person.agency],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        posts.push(post);
    }
    let refused = |steps: Value, advisers: Value| async move {
        let slip = json!({ "subject": "Xin chủ trương", "steps": steps, "advisers": advisers });
        let answer = maker.api("/api/v1/slips", &slip).await;
        assert_eq!(answer.status.as_u16(), 409, "{}", answer.text);
        answer.json()["code"].as_str().unwrap().to_owned()
    };
    let (of_maker, of_deputy) = (posts[0], posts[1]);
    assert_eq!(refused(json!([[of_maker]]), json!([])).await, "slip.oneself");
    let advised = refused(json!([[chair.post]]), json!([of_maker])).await;
    assert_eq!(advised, "slip.oneself");
    let twice = refused(json!([[deputy.post], [of_deputy]]), json!([])).await;
    assert_eq!(twice, "slip.twice");
    // The form does not offer the other post either.
    let form = maker.get("/slips/new").await.ok().text;
    let offered = |post: String| form.contains(&format!("<option value=\"{post}\""));
    assert!(offered(chair.post.to_string()) && !offered(of_maker.to_string()));
    // The other person in the other post is laid before as anybody.
    let slip = json!({ "subject": "Xin chủ trương", "steps": [[of_deputy]] });
    let at = committee.submitted(&slip).await;
    let holder = office
        .person_in("tamltm.ubnd", rules::ids::PostId::from_uuid(of_deputy))
        .await;
    answer(&holder, &at, "approve", "").await.ok();
}
