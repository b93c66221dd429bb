//! Keys in a token at the person's own PC: requests that wait, end, and refuse what does not belong to them.

use pdf_signature::verify::Verdict;
use serde_json::{Value, json};
use store::{args, sql};
use uuid::Uuid;

use super::support::{Keys, Signing, nothing_is_open};
use crate::{signing::requests, testing::Person};

/// Begins, and gives the address of the request with its step.
pub(super) async fn begun(signing: &Signing, by: &Person, path: &str) -> (String, Value) {
    let moved = signing.post(by, path).await;
    let request = moved["request"].as_str().unwrap_or_else(|| panic!("{moved}"));
    let request = format!("/api/v1/signing/requests/{request}");
    let view = by.api_get(&request).await.ok().json();
    (request, view)
}

/// The clerk begins at the page, as a person must; gives what [`begun`] gives.
pub(super) async fn begun_to_seal(signing: &Signing, at: &str) -> (String, Value) {
    let moved = signing.seal(at).await.ok();
    assert!(moved.location.starts_with("/signing/requests/"), "{}", moved.text);
    let request = format!("/api/v1{}", moved.location);
    let view = signing.committee.clerk.api_get(&request).await.ok().json();
    (request, view)
}

/// The clerk's answer at the page; gives how the request stands then.
pub(super) async fn answered(signing: &Signing, request: &str, answer: &Value) -> Value {
    let page = format!("{}/answer", request.replace("/api/v1", ""));
    let clerk = &signing.committee.clerk;
    clerk.post(&page, &[("answer", &answer.to_string())]).await.ok();
    clerk.api_get(request).await.ok().json()
}

async fn count(signing: &Signing, state: &str) -> i64 {
    let row = signing
        .app()
        .db
        .one(
            sql!("SELECT count(*) AS times FROM signing_request WHERE state = $1"),
            args![state.to_owned()],
        )
        .await
        .unwrap();
    row.get("times").unwrap()
}

#[tokio::test]
async fn s4_a_token_at_the_pc_signs_what_waits_and_the_clerks_two_rounds() {
    let signing = Signing::new(Keys::AtThePc).await;
    let committee = &signing.committee;
    let at = signing.to_sign().await;
    let (request, view) = begun(&signing, &committee.chair, &format!("{at}/approve")).await;
    assert_eq!(view["state"], "waiting_user", "{view}");
    let seen = committee.seen(&committee.officer, &at).await;
    assert_eq!(seen["state"], "signing");
    assert!(
        seen["signing"]["signer"]
            .as_str()
            .unwrap()
            .contains("Trần Quốc Khải")
    );
    let answer = json!({ "answer": signing.answer(&view["step"], "chair") });
    let done = committee
        .chair
        .api(&format!("{request}/answer"), &answer)
        .await
        .ok()
        .json();
    assert_eq!(done["state"], "committed", "{done}");
    // The same again gives the same and changes nothing.
    let again = committee
        .chair
        .api(&format!("{request}/answer"), &answer)
        .await
        .ok()
        .json();
    assert_eq!(again["state"], "committed");

    let (request, view) = begun_to_seal(&signing, &at).await;
    let seen = committee.seen(&committee.clerk, &at).await;
    assert_eq!(
        (&seen["state"], &seen["number_and_symbol"]),
        (&json!("numbered"), &json!("01/QĐ-UBND"))
    );
    let first = signing.answer(&view["step"], "agency");
    let by_program = committee
        .clerk
        .api(&format!("{request}/answer"), &json!({ "answer": first }))
        .await;
    assert_eq!(by_program.json()["clause"], "ND30-32.2c", "{}", by_program.text);
    let between = answered(&signing, &request, &first).await;
    assert_eq!(
        between["state"], "waiting_user",
        "the seal comes on top: {between}"
    );
    let second = signing.answer(&between["step"], "agency");
    let done = answered(&signing, &request, &second).await;
    assert_eq!(done["state"], "committed", "{done}");
    let whole = signing.file(&committee.clerk, &at, 0).await;
    let report = signing.verify(&whole).await;
    assert_eq!(
        (report.verdict, report.signatures.len()),
        (Verdict::TotalPassed, 3)
    );
}

#[tokio::test]
async fn s4_a_wrong_key_and_a_foreign_certificate_are_refused_and_nothing_is_stored() {
    let signing = Signing::new(Keys::AtThePc).await;
    let committee = &signing.committee;
    for foreign in [false, true] {
        let at = signing.to_sign().await;
        let before = signing.file(&committee.chair, &at, 0).await;
        let (request, view) = begun(&signing, &committee.chair, &format!("{at}/approve")).await;
        let mut answer = signing.answer(&view["step"], "stranger");
        if foreign {
            answer["certificate_sha256"] = json!(hex::encode([7_u8; 32]));
        }
        let ended = committee
            .chair
            .api(&format!("{request}/answer"), &json!({ "answer": answer }))
            .await
            .ok()
            .json();
        assert_eq!(ended["state"], "failed", "{ended}");
        assert!(!ended["error"].as_str().unwrap().is_empty());
        let seen = committee.seen(&committee.chair, &at).await;
        assert_eq!(seen["state"], "approval");
        assert_eq!(signing.file(&committee.chair, &at, 0).await, before);
    }
    assert_eq!(count(&signing, "committed").await, 0);
    assert!(nothing_is_open(signing.app()).await);
}

#[tokio::test]
async fn ks_10_a_document_that_waits_is_locked_and_says_who_signs_and_until_when() {
    let signing = Signing::new(Keys::AtThePc).await;
    let committee = &signing.committee;
    let at = signing.to_sign().await;
    let (request, _) = begun(&signing, &committee.chair, &format!("{at}/approve")).await;
    for (by, act, body) in [
        (&committee.chair, "approve", json!({})),
        (&committee.chair, "return", json!({ "comment": "Sai" })),
        (&committee.chair, "cancel", json!({ "reason": "Sai" })),
        (&committee.chair, "edit", committee.decision()),
        (&committee.clerk, "issue", json!({})),
    ] {
        let refused = by.api(&format!("{at}/{act}"), &body).await;
        assert_eq!(refused.status.as_u16(), 409, "{act}: {}", refused.text);
    }
    let refused = committee
        .chair
        .api(&format!("{at}/return"), &json!({ "comment": "Sai" }))
        .await
        .json();
    assert_eq!(refused["code"], "signing.locked", "{refused}");
    let sentence = refused["detail"].as_str().unwrap_or_default().to_owned() + &refused.to_string();
    assert!(sentence.contains("Trần Quốc Khải"), "{sentence}");
    // Only the person who asked may look at it, answer or take it back.
    for by in [&committee.clerk, &committee.outsider] {
        assert_eq!(by.api_get(&request).await.status.as_u16(), 404);
        let cancel = by.api(&format!("{request}/cancel"), &json!({})).await;
        assert_eq!(cancel.status.as_u16(), 404);
    }
    let page = committee.chair.get(&request.replace("/api/v1", "")).await.ok();
    assert!(
        page.header("content-security-policy")
            .unwrap()
            .contains("connect-src 'self' http://127.0.0.1:18987;")
    );
    let cancelled = signing.post(&committee.chair, &format!("{request}/cancel")).await;
    assert_eq!(cancelled["state"], "cancelled");
    let seen = committee.seen(&committee.chair, &at).await;
    assert_eq!(
        (&seen["state"], &seen["signing"]),
        (&json!("approval"), &json!(null))
    );
}

#[tokio::test]
async fn ks_74_a_request_expires_by_itself_and_a_late_answer_is_written_down_and_dropped() {
    let signing = Signing::new(Keys::AtThePc).await;
    let committee = &signing.committee;
    let at = signing.to_sign().await;
    let (request, view) = begun(&signing, &committee.chair, &format!("{at}/approve")).await;
    let answer = json!({ "answer": signing.answer(&view["step"], "chair") });
    assert_eq!(
        requests::reap(signing.app()).await.unwrap(),
        0,
        "it still has time"
    );
    let later = signing.app().clock.now() + jiff::SignedDuration::from_mins(11);
    committee.office.clock.set(later);
    assert_eq!(requests::reap(signing.app()).await.unwrap(), 1);
    assert_eq!(requests::reap(signing.app()).await.unwrap(), 0, "once");
    let seen = committee.seen(&committee.chair, &at).await;
    assert_eq!(seen["state"], "approval");
    let late = committee.chair.api(&format!("{request}/answer"), &answer).await;
    assert_eq!(late.status.as_u16(), 410, "{}", late.text);
    let noted = signing
        .app()
        .db
        .one(
            sql!("SELECT count(*) AS times FROM journal WHERE act = $1"),
            args![crate::act_names::SIGN_LATE.to_owned()],
        )
        .await
        .unwrap();
    assert_eq!(noted.get::<i64>("times").unwrap(), 1);
    assert_eq!(count(&signing, "expired").await, 1);
    // It can be signed again.
    let (_, view) = begun(&signing, &committee.chair, &format!("{at}/approve")).await;
    assert_eq!(view["state"], "waiting_user");
}

#[tokio::test]
async fn nd30_15_3_cn_227_a_number_survives_a_seal_that_fails_and_a_void_is_a_line_of_the_register() {
    let signing = Signing::new(Keys::AtThePc).await;
    let committee = &signing.committee;
    let mut sealed = Vec::new();
    for _ in 0..2 {
        let at = signing.to_sign().await;
        let (request, view) = begun(&signing, &committee.chair, &format!("{at}/approve")).await;
        let answer = json!({ "answer": signing.answer(&view["step"], "chair") });
        committee
            .chair
            .api(&format!("{request}/answer"), &answer)
            .await
            .ok();
        sealed.push(at);
    }
    let at = &sealed[0];
    let (request, _) = begun_to_seal(&signing, at).await;
    let early = committee
        .clerk
        .api(&format!("{at}/void-number"), &json!({ "reason": "Sai" }))
        .await;
    assert_eq!(early.json()["code"], "signing.locked", "{}", early.text);
    signing.post(&committee.clerk, &format!("{request}/cancel")).await;
    let seen = committee.seen(&committee.clerk, at).await;
    assert_eq!(
        (&seen["state"], &seen["number"]),
        (&json!("numbered"), &json!(1)),
        "the number stays with its document"
    );
    // The retry keeps the number.
    let (request, _) = begun_to_seal(&signing, at).await;
    assert_eq!(committee.seen(&committee.clerk, at).await["number"], 1);
    signing.post(&committee.clerk, &format!("{request}/cancel")).await;
    let silent = committee
        .clerk
        .api(&format!("{at}/void-number"), &json!({ "reason": " " }))
        .await;
    assert_eq!(silent.json()["clause"], "ND30-15.3", "{}", silent.text);
    let voided = committee
        .clerk
        .api(&format!("{at}/void-number"), &json!({ "reason": "Sai nơi nhận" }))
        .await
        .ok()
        .json();
    assert_eq!(voided["state"], "voided");
    let (_, _) = begun_to_seal(&signing, &sealed[1]).await;
    assert_eq!(
        committee.seen(&committee.clerk, &sealed[1]).await["number"],
        2,
        "a void number is not given again"
    );
    let register = committee
        .clerk
        .api_get("/api/v1/registers/outgoing")
        .await
        .ok()
        .json();
    let notes: Vec<&str> = register["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["note"].as_str().unwrap())
        .collect();
    assert_eq!(
        notes,
        ["Đã cấp số, chờ ký số của cơ quan", "Hủy số: Sai nơi nhận"]
    );
}

#[tokio::test]
async fn ks_10_what_waits_is_in_the_database_whole_so_that_a_restart_loses_nothing() {
    let signing = Signing::new(Keys::AtThePc).await;
    let committee = &signing.committee;
    let at = signing.to_sign().await;
    let (request, view) = begun(&signing, &committee.chair, &format!("{at}/approve")).await;
    let id: Uuid = request.rsplit('/').next().unwrap().parse().unwrap();
    let stored = requests::of_batch(signing.app(), id).await.unwrap();
    let open = stored[0].work.files[0].open.as_ref().unwrap();
    // Everything that finishing needs: the bytes to add, their hole, the attributes; nothing of it in memory.
    assert!(!open.tail.is_empty() && open.hole.1 > open.hole.0 && !open.attributes.is_empty());
    let again = committee.chair.api_get(&request).await.ok().json();
    assert_eq!(again["step"]["agent"]["items"], view["step"]["agent"]["items"]);
    let answer = json!({ "answer": signing.answer(&again["step"], "chair") });
    let done = committee
        .chair
        .api(&format!("{request}/answer"), &answer)
        .await
        .ok()
        .json();
    assert_eq!(done["state"], "committed", "{done}");
}

#[tokio::test]
async fn ks_74_whoever_ends_a_request_locks_the_document_first_as_whoever_commits_the_signature() {
    let signing = Signing::new(Keys::AtThePc).await;
    let committee = &signing.committee;
    let at = signing.to_sign().await;
    let (request, _) = begun(&signing, &committee.chair, &format!("{at}/approve")).await;
    let id: Uuid = request.rsplit('/').next().unwrap().parse().unwrap();
    let document: Uuid = at.rsplit('/').next().unwrap().parse().unwrap();
    let who = committee.office.who(&committee.chair).await;
    // Another node is about to commit: it holds the document and comes to the request.
    let app = signing.app().clone();
    let mut tx = app.db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE outgoing SET revision = revision + 1 WHERE id = $1"),
        args![document],
    )
    .await
    .unwrap();
    let ending = tokio::spawn({
        let app = app.clone();
        async move { requests::cancel(&app, &who, id).await }
    });
    // Enough to come to its first lock; less would let the test pass without proving anything, and more changes nothing.
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    tx.run(
        sql!("UPDATE signing_request SET comment = comment WHERE batch_id = $1"),
        args![id],
    )
    .await
    .unwrap();
    tx.run(
        sql!("UPDATE signing_batch SET round = round WHERE id = $1"),
        args![id],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    ending.await.unwrap().unwrap();
    assert_eq!(count(&signing, "cancelled").await, 1);
    assert_eq!(committee.seen(&committee.chair, &at).await["state"], "approval");
}
