//! Ký duyệt (CN-302, CN-305): leaders who answer with their digital signature, at once and with a token at their PC.

use pdf_signature::verify::{Role, Verdict};
use serde_json::{Value, json};
use store::{Digest, args, sql};
use the_thuc::reading::{ReadLimits, pages_of_pdf};

use super::answer;
use crate::{
    outgoing::tests::signed::support::{Keys, Signing, nothing_is_open},
    signing::requests,
    testing::{Person, pdf},
};

/// A slip that lies before the deputy, who is asked for “Phê duyệt”, and then before the chair, who is asked for “Ký duyệt”.
async fn mixed(signing: &Signing) -> String {
    let committee = &signing.committee;
    let file = committee
        .officer
        .api_upload("bao_gia.pdf", &pdf("bao gia"))
        .await
        .ok()
        .json();
    let slip = json!({
        "subject": "Xin chủ trương mua sắm máy quét", "body": "Máy cũ đã hỏng.", "files": [file["id"]],
        "steps": [[committee.deputy.post], [committee.chair.post]], "signers": [committee.chair.post],
    });
    let made = committee.officer.api("/api/v1/slips", &slip).await.ok().json();
    let at = format!("/api/v1/slips/{}", made["id"].as_str().unwrap());
    committee
        .officer
        .api(&format!("{at}/submit"), &json!({}))
        .await
        .ok();
    at
}

/// The same, approved by the deputy: it waits for the chair's signature.
async fn before_the_chair(signing: &Signing) -> String {
    let at = mixed(signing).await;
    let deputy = &signing.committee.deputy;
    answer(deputy, &at, "approve", "Nhất trí trình.").await.ok();
    at
}

/// The chair begins to sign with the token at the PC: the request that then waits, and what it says.
async fn begun_by_the_chair(signing: &Signing, at: &str) -> (String, Value) {
    let chair = &signing.committee.chair;
    let moved = answer(chair, at, "sign", "Đồng ý.").await.ok().json();
    let request = format!("/api/v1/signing/requests/{}", moved["request"].as_str().unwrap());
    let view = chair.api_get(&request).await.ok().json();
    (request, view)
}

async fn seen(by: &Person, at: &str) -> Value {
    by.api_get(at).await.ok().json()
}

/// All words of a PDF in one line.
fn words(pdf: &[u8]) -> String {
    let pages = pages_of_pdf(pdf, &ReadLimits::default()).unwrap();
    let lines = pages.iter().flat_map(|page| &page.lines);
    let words = lines.flat_map(|line| &line.words);
    words.map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// The signed print of the chair.
async fn signed_print(by: &Person, at: &str) -> Vec<u8> {
    let whole = seen(by, at).await;
    let file = whole["rounds"][0]["deciders"][1]["signed"]["file"]
        .as_str()
        .unwrap_or_else(|| panic!("{whole}"));
    by.api_get(&format!("/api/v1/files/{file}")).await.ok().bytes
}

#[tokio::test]
async fn cn_302_305_a_leader_signs_what_they_approve_and_a_mixed_slip_lists_both_answers() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let (maker, chair) = (&committee.officer, &committee.chair);
    let at = mixed(&signing).await;
    // Who is asked for “Phê duyệt” does not sign; who is asked for “Ký duyệt” does not approve without.
    let deputy = answer(&committee.deputy, &at, "sign", "").await.json();
    assert_eq!(deputy["code"], "slip.signature_not_asked", "{deputy}");
    answer(&committee.deputy, &at, "approve", "Nhất trí trình.")
        .await
        .ok();
    let plain = answer(chair, &at, "approve", "Đồng ý.").await;
    assert_eq!(plain.status.as_u16(), 409);
    let plain = plain.json();
    assert_eq!(
        (&plain["clause"], &plain["code"]),
        (&json!("CN-302"), &json!("slip.signature_asked"))
    );
    let page = chair.get(&at.replace("/api/v1", "")).await.ok().text;
    assert!(
        page.contains("value=\"sign\"") && !page.contains("value=\"approve\""),
        "{page}"
    );
    assert_eq!(seen(chair, &at).await["may"], json!(["decide", "sign", "ask"]));

    let moved = answer(chair, &at, "sign", "Đồng ý chủ trương.").await.ok().json();
    assert_eq!(moved["state"], "approved", "{moved}");
    assert_eq!(moved["request"], Value::Null);
    let whole = seen(maker, &at).await;
    let leaders = &whole["rounds"][0]["deciders"];
    assert_eq!(
        (&leaders[0]["answer"], &leaders[0]["asked"], &leaders[0]["signed"]),
        (&json!("approve"), &json!("approve"), &Value::Null)
    );
    assert_eq!(
        (
            &leaders[1]["answer"],
            &leaders[1]["asked"],
            &leaders[1]["comment"]
        ),
        (&json!("sign"), &json!("sign"), &json!("Đồng ý chủ trương."))
    );
    assert_eq!(leaders[1]["signed"]["verdict"], "TOTAL-PASSED");

    // The signed print is valid, is signed where the chair stands, and says what lay before him with his own opinion.
    let print = signed_print(maker, &at).await;
    let report = signing.verify(&print).await;
    assert_eq!(report.verdict, Verdict::TotalPassed, "{report:?}");
    assert_eq!(report.signatures.len(), 1);
    assert_eq!(report.signatures[0].role, Role::Person);
    assert!(report.signatures[0].visible_area.is_some(), "{report:?}");
    let said = words(&print);
    assert!(
        said.contains("Nhất trí trình.") && said.contains("Đồng ý chủ trương."),
        "{said}"
    );
    // It is bound to the bytes of what went along, not to their name alone.
    let file = seen(maker, &at).await["files"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let quotation = maker.api_get(&format!("/api/v1/files/{file}")).await.ok().bytes;
    let digest = Digest::of(&quotation).to_string();
    assert!(said.contains("bao_gia.pdf") && said.contains(&digest), "{said}");

    // The result lists both answers, the signed file and its verdict (CN-305).
    let result = maker.api_get(&format!("{at}/pdf")).await.ok().bytes;
    let said = words(&result);
    for part in ["Phê duyệt lúc", "Ký duyệt lúc", "Hợp lệ", "đã phê duyệt"] {
        assert!(said.contains(part), "“{part}”: {said}");
    }
    let page = maker.get(&at.replace("/api/v1", "")).await.ok().text;
    assert!(
        page.contains("Chữ ký số hợp lệ") && page.contains("phieu-trinh-lan-1-"),
        "{page}"
    );
    let id = at.rsplit('/').next().unwrap();
    let reports = maker
        .api_get(&format!("/api/v1/signing/verdicts/slip/{id}"))
        .await;
    reports.ok();
    let stranger = committee
        .outsider
        .api_get(&format!("/api/v1/signing/verdicts/slip/{id}"))
        .await;
    assert_eq!(stranger.status.as_u16(), 404);
    let uses = signing
        .app()
        .db
        .one(
            sql!(
                "SELECT count(*) AS uses, max(document) AS document FROM key_use WHERE object_kind = 'slip'"
            ),
            args![],
        )
        .await
        .unwrap();
    assert_eq!(uses.get::<i64>("uses").unwrap(), 1);
    // The log of keys is for others than the people on the slip.
    assert_eq!(
        uses.get::<String>("document").unwrap(),
        "Phiếu trình, lần trình 1"
    );
    assert!(nothing_is_open(signing.app()).await);
}

#[tokio::test]
async fn cn_302_305_the_signed_print_is_valid_for_pyhanko_and_pdfsig() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let at = before_the_chair(&signing).await;
    answer(&committee.chair, &at, "sign", "Đồng ý chủ trương.")
        .await
        .ok();
    signing.good_for_all_judges(&signed_print(&committee.officer, &at).await);
}

#[tokio::test]
async fn cn_302_a_token_at_the_pc_signs_the_slip_and_what_waits_holds_nobody_else_up() {
    let signing = Signing::new(Keys::AtThePc).await;
    let committee = &signing.committee;
    let (maker, chair) = (&committee.officer, &committee.chair);
    let at = before_the_chair(&signing).await;
    let path = at.replace("/api/v1", "");
    let sent = [("answer", "sign"), ("comment", "Đồng ý.")];
    let command = store::Ids::Random.next();
    let mut waiting = String::new();
    // The same form sent twice opens one request.
    for _ in 0..2 {
        let begun = chair
            .post_command(&format!("{path}/decide"), command, &sent)
            .await
            .ok();
        assert!(begun.location.starts_with("/signing/requests/"), "{}", begun.text);
        waiting = begun.location;
    }
    let page = chair.get(&path).await.ok().text;
    assert!(
        page.contains("Tiếp tục ký số") && page.contains(&waiting),
        "{page}"
    );
    let whole = seen(chair, &at).await;
    assert_eq!(
        (&whole["state"], &whole["may"]),
        (&json!("running"), &json!(["ask"]))
    );
    assert_eq!(seen(maker, &at).await["signing"], Value::Null);
    // Meanwhile the chair answers in no other way; nobody else looks at the request.
    let locked = answer(chair, &at, "return", "Bổ sung.").await.json();
    assert_eq!(locked["code"], "signing.locked", "{locked}");
    let request = format!("/api/v1{waiting}");
    assert_eq!(maker.api_get(&request).await.status.as_u16(), 404);
    let page = chair.get(&waiting).await.ok().text;
    assert!(page.contains("Ký duyệt phiếu trình"), "{page}");
    for (said, of_documents) in [
        ("Phiếu trình được giữ nguyên", "Văn bản được giữ nguyên"),
        ("Kết quả ký duyệt", "Kết quả từng văn bản"),
    ] {
        assert!(
            page.contains(said) && !page.contains(of_documents),
            "“{said}”: {page}"
        );
    }
    // Taken back, and begun anew.
    signing.post(chair, &format!("{request}/cancel")).await;
    assert_eq!(seen(chair, &at).await["may"], json!(["decide", "sign", "ask"]));
    let (request, view) = begun_by_the_chair(&signing, &at).await;
    assert_eq!(view["documents"][0]["kind"], "slip", "{view}");
    let raw = json!({ "answer": signing.answer(&view["step"], "chair") });
    let done = chair.api(&format!("{request}/answer"), &raw).await.ok().json();
    assert_eq!(done["state"], "committed", "{done}");
    assert_eq!(seen(maker, &at).await["state"], "approved");
    let report = signing.verify(&signed_print(maker, &at).await).await;
    assert_eq!(report.verdict, Verdict::TotalPassed, "{report:?}");
    assert!(nothing_is_open(signing.app()).await);
}

#[tokio::test]
async fn cn_302_a_signature_that_does_not_come_expires_and_the_leader_answers_otherwise() {
    let signing = Signing::new(Keys::AtThePc).await;
    let committee = &signing.committee;
    let chair = &committee.chair;
    let at = before_the_chair(&signing).await;
    answer(chair, &at, "sign", "Đồng ý.").await.ok();
    let later = signing.app().clock.now() + jiff::SignedDuration::from_mins(11);
    committee.office.clock.set(later);
    assert_eq!(requests::reap(signing.app()).await.unwrap(), 1);
    let whole = seen(chair, &at).await;
    assert_eq!(
        (
            &whole["state"],
            &whole["signing"],
            &whole["rounds"][0]["deciders"][1]["answer"]
        ),
        (&json!("running"), &Value::Null, &Value::Null)
    );
    let page = chair.get(&at.replace("/api/v1", "")).await.ok().text;
    assert!(
        page.contains("Việc ký duyệt phiếu trình chưa hoàn thành"),
        "{page}"
    );
    let moved = answer(chair, &at, "return", "Bổ sung báo giá.").await.ok().json();
    assert_eq!(moved["state"], "returned");
}

#[tokio::test]
async fn cn_302_a_slip_that_went_on_meanwhile_does_not_take_the_signature() {
    let signing = Signing::new(Keys::AtThePc).await;
    let committee = &signing.committee;
    let (maker, chair) = (&committee.officer, &committee.chair);
    let at = before_the_chair(&signing).await;
    let (request, view) = begun_by_the_chair(&signing, &at).await;
    // What waits does not hold the slip: at another node its maker gives it up at the same moment.
    let slip: uuid::Uuid = at.rsplit('/').next().unwrap().parse().unwrap();
    let mut tx = signing.app().db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE slip SET state = 'cancelled' WHERE id = $1"),
        args![slip],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let raw = json!({ "answer": signing.answer(&view["step"], "chair") });
    let ended = chair.api(&format!("{request}/answer"), &raw).await.ok().json();
    assert_eq!(ended["state"], "failed", "{ended}");
    let whole = seen(maker, &at).await;
    assert_eq!(whole["state"], "cancelled");
    assert_eq!(whole["rounds"][0]["deciders"][1]["signed"], Value::Null);
    // The key has signed all the same (NĐ 30 Điều 32).
    let uses = signing
        .app()
        .db
        .all(
            sql!("SELECT purpose, outcome, document FROM key_use WHERE object_kind = 'slip'"),
            args![],
        )
        .await
        .unwrap();
    assert_eq!(uses.len(), 1);
    for (column, expected) in [
        ("purpose", "slip"),
        ("outcome", "failed"),
        ("document", "Phiếu trình, lần trình 1"),
    ] {
        assert_eq!(uses[0].get::<String>(column).unwrap(), expected);
    }
    assert!(nothing_is_open(signing.app()).await);
}

#[tokio::test]
async fn cn_302_when_the_round_ends_whoever_is_still_at_their_signature_is_let_go() {
    let signing = Signing::new(Keys::AtThePc).await;
    let committee = &signing.committee;
    let (maker, chair) = (&committee.officer, &committee.chair);
    let at = before_the_chair(&signing).await;
    let (request, view) = begun_by_the_chair(&signing, &at).await;
    let reason = json!({ "reason": "Trùng" });
    maker.api(&format!("{at}/cancel"), &reason).await.ok();
    let ended = chair.api_get(&request).await.ok().json();
    assert_eq!(ended["state"], "cancelled", "{ended}");
    assert!(nothing_is_open(signing.app()).await);
    let page = chair.get(&at.replace("/api/v1", "")).await.ok().text;
    assert!(!page.contains("Tiếp tục ký số"), "{page}");
    // The key is not asked for what nobody needs any more.
    let raw = json!({ "answer": signing.answer(&view["step"], "chair") });
    let late = chair.api(&format!("{request}/answer"), &raw).await;
    assert_eq!(late.status.as_u16(), 410, "{}", late.text);
}

#[tokio::test]
async fn ks_74_a_command_that_signed_one_slip_leaves_no_open_request_on_another() {
    let signing = Signing::new(Keys::Here).await;
    let chair = &signing.committee.chair;
    let first = before_the_chair(&signing).await;
    let second = before_the_chair(&signing).await;
    let command = store::Ids::Random.next();
    let sent = json!({ "answer": "sign", "comment": "Đồng ý." });
    let decide = |at: &str| format!("{at}/decide");
    let approved = chair.api_command(&decide(&first), command, &sent).await.ok();
    assert_eq!(approved.json()["state"], "approved");
    let again = chair.api_command(&decide(&second), command, &sent).await;
    assert_eq!(again.json()["code"], "signing.begun_before", "{}", again.text);
    assert!(nothing_is_open(signing.app()).await);
    let waits = seen(chair, &second).await;
    assert_eq!(waits["may"], json!(["decide", "sign", "ask"]));
    let moved = answer(chair, &second, "sign", "Đồng ý.").await.ok().json();
    assert_eq!(moved["state"], "approved", "{moved}");
}

#[tokio::test]
async fn cn_302_whoever_works_in_a_leaders_place_does_not_sign() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let (chair, deputy) = (&committee.chair, &committee.deputy);
    let at = before_the_chair(&signing).await;
    let handed = json!({
        "substitute": deputy.post, "functions": ["handle", "content"], "from_on": "2026-01-08", "to_on": "2026-01-10",
    });
    let handed = chair.api("/api/v1/delegations", &handed).await.ok().json();
    let delegation = handed["id"].as_str().unwrap();
    let body = json!({ "answer": "sign", "comment": "" });
    let refused = deputy.api_for(delegation, &format!("{at}/decide"), &body).await;
    assert_eq!(refused.status.as_u16(), 409, "{}", refused.text);
    assert_eq!(refused.json()["clause"], "ND30-13.3");
    assert_eq!(seen(chair, &at).await["state"], "running");
}
