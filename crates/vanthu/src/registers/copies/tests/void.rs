//! Hủy số bản sao (CN-223): what is not signed is voided with a reason and stays in the book.

use rules::ids::CommandId;
use serde_json::{Value, json};
use store::{Begun, args, sql};

use super::{
    super::source_recalled,
    electronic::{ask, copies, on_paper, purposes},
    signing::{begun, outcomes, page_of_copy, seen},
};
use crate::{
    outgoing::tests::signed::support::{Keys, Signing, nothing_is_open},
    testing::pdf,
};

#[tokio::test]
async fn cn_223_pl1_2_the_number_of_an_unsigned_copy_is_voided_and_stays_in_the_book_with_its_reason() {
    let signing = Signing::new(Keys::AtThePc).await;
    let committee = &signing.committee;
    let clerk = &committee.clerk;
    let id = on_paper(clerk, &pdf("Cong van giay")).await;
    let page = begun(&signing, &id).await;
    let copy = page_of_copy(&signing).await;
    let shown = clerk.get(&copy).await.ok().text;
    assert!(shown.contains("Hủy số bản sao"), "{shown}");

    let void = format!("/api/v1{copy}/void");
    let reason = json!({ "reason": "Quét nhầm văn bản" });
    for other in [&committee.chair, &committee.officer] {
        let refused = other.api(&void, &reason).await;
        assert_eq!(refused.status.as_u16(), 409, "{}", refused.text);
    }
    let stranger = committee.outsider.api(&void, &reason).await;
    assert_eq!(stranger.status.as_u16(), 404, "{}", stranger.text);
    let silent = clerk.post(&format!("{copy}/void"), &[("reason", " ")]).await;
    assert_eq!(silent.status.as_u16(), 422, "{}", silent.text);
    assert!(silent.text.contains("ghi lý do hủy số"), "{}", silent.text);

    let command = store::Ids::Random.next();
    for _ in 0..2 {
        let voided = clerk.api_command(&void, command, &reason).await.ok().json();
        assert_eq!(voided["number_and_symbol"], "01/SY-UBND", "{voided}");
    }
    let line = copies(clerk).await.remove(0);
    assert_eq!(
        (&line["number_and_symbol"], &line["void_reason"], &line["file"]),
        (&json!("01/SY-UBND"), &json!("Quét nhầm văn bản"), &Value::Null),
        "{line}"
    );
    assert!(
        line["voided_at"].is_string() && line["voided_by"].is_string(),
        "{line}"
    );
    let book = clerk.get("/registers/copies").await.ok().text;
    assert!(
        book.contains("Đã hủy")
            && book.contains("Quét nhầm văn bản")
            && !book.contains("Bản điện tử, chờ ký số"),
        "{book}"
    );
    let history = clerk.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(history.contains("Hủy số bản sao điện tử 01/SY-UBND"), "{history}");

    // The request ended with it: a late answer of the token is not taken.
    let ended = seen(&signing, &page).await;
    assert_eq!(ended["state"], "cancelled", "{ended}");
    assert!(nothing_is_open(signing.app()).await);
    let late = clerk.post(&format!("{page}/answer"), &[("answer", "{}")]).await;
    assert_eq!(late.status.as_u16(), 410, "{}", late.text);
    // It is neither signed nor voided again, and its number is not given again.
    let signed = clerk.post(&format!("{copy}/sign"), &[]).await;
    assert_eq!(signed.status.as_u16(), 422, "{}", signed.text);
    assert!(signed.text.contains("đã hủy và không cấp lại"), "{}", signed.text);
    let again = clerk.api(&void, &reason).await.json();
    assert_eq!(again["code"], "copies.voided", "{again}");
    begun(&signing, &id).await;
    assert_eq!(copies(clerk).await[0]["number_and_symbol"], "02/SY-UBND");
    assert!(purposes(&signing).await.is_empty());
}

#[tokio::test]
async fn nd30_32_what_the_key_signed_before_the_number_was_voided_is_in_the_log() {
    let signing = Signing::new(Keys::AtThePc).await;
    let clerk = &signing.committee.clerk;
    let id = on_paper(clerk, &pdf("Cong van giay")).await;
    begun(&signing, &id).await;
    let copy = page_of_copy(&signing).await;
    // The key has signed; the program stopped before the copy took the signature.
    let mut tx = signing.app().db.begin().await.unwrap();
    tx.run(
        sql!(
            "INSERT INTO key_made (request_id, digest, file, is_main, account_id, who, at) \
             SELECT id, $1, 'ban quet.pdf', 1, $2, 'Văn thư', $3 FROM signing_request WHERE finished_at IS NULL"
        ),
        args![
            [7_u8; 32].as_slice(),
            clerk.account,
            signing.app().clock.now()
        ],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let reason = json!({ "reason": "Quét nhầm văn bản" });
    clerk.api(&format!("/api/v1{copy}/void"), &reason).await.ok();
    assert_eq!(outcomes(&signing).await, ["cancelled"]);
    assert_eq!(purposes(&signing).await, ["copy"]);
    let untold = signing
        .app()
        .db
        .one(sql!("SELECT count(*) AS n FROM key_made"), args![])
        .await
        .unwrap();
    assert_eq!(untold.get::<i64>("n").unwrap(), 0);
}

#[tokio::test]
async fn cn_223_pl1_2_what_the_agency_has_signed_keeps_its_number() {
    let signing = Signing::new(Keys::Here).await;
    let clerk = &signing.committee.clerk;
    let id = on_paper(clerk, &pdf("Cong van giay")).await;
    let done = ask(clerk, &id, "sao_y", &[], &[]).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let shown = clerk.get(&done.location).await.ok().text;
    assert!(!shown.contains("Hủy số bản sao"), "{shown}");
    let void = format!("/api/v1{}/void", done.location);
    let refused = clerk.api(&void, &json!({ "reason": "Sai" })).await.json();
    assert_eq!(refused["code"], "copies.not_voided", "{refused}");
    assert_eq!(copies(clerk).await[0]["verdict"], "TOTAL-PASSED");
}

/// What is left of the content in the rows of copies.
async fn left(signing: &Signing) -> i64 {
    signing
        .app()
        .db
        .one(
            sql!(
                "SELECT count(*) AS n FROM document_copy WHERE base_set IS NOT NULL OR file_set IS NOT NULL OR extract_text <> '' \
                 OR extract <> ''"
            ),
            args![],
        )
        .await
        .unwrap()
        .get("n")
        .unwrap()
}

#[tokio::test]
async fn cn_223_nd30_18_4b_a_waiting_copy_of_a_recalled_document_is_void_by_itself_with_its_request() {
    let signing = Signing::new(Keys::AtThePc).await;
    let clerk = &signing.committee.clerk;
    let id = on_paper(clerk, &pdf("Cong van giay")).await;
    let page = begun(&signing, &id).await;
    let answer = signing.answer(&seen(&signing, &page).await["step"], "agency");
    let copy = page_of_copy(&signing).await;
    assert_eq!(left(&signing).await, 1);
    let source: uuid::Uuid = id.parse().unwrap();
    let who = signing.committee.office.who(clerk).await;
    let command = CommandId::from_uuid(store::Ids::Random.next());
    let Begun::Now(mut act) = signing.app().begin::<bool>(&who, command).await.unwrap() else {
        panic!("begun before");
    };
    act.run(
        sql!("UPDATE incoming SET state = 'recalled', subject = '(Đã hủy)', file_set = NULL WHERE id = $1"),
        args![source],
    )
    .await
    .unwrap();
    source_recalled(&mut act, clerk.agency, source).await.unwrap();
    signing.app().commit(act, &true).await.unwrap();

    let line = copies(clerk).await.remove(0);
    assert_eq!(
        (&line["source_name"], &line["voided_by"]),
        (&json!("15/CV-MH: (Đã hủy)"), &Value::Null),
        "{line}"
    );
    assert!(
        line["void_reason"].as_str().unwrap().contains("bên gửi thu hồi"),
        "{line}"
    );
    assert_eq!(left(&signing).await, 0);
    assert_eq!(seen(&signing, &page).await["state"], "cancelled");
    assert!(nothing_is_open(signing.app()).await);
    let late = clerk
        .post(&format!("{page}/answer"), &[("answer", &answer.to_string())])
        .await;
    assert_eq!(late.status.as_u16(), 410, "{}", late.text);
    let shown = clerk.get(&copy).await.ok().text;
    assert!(
        shown.contains("01/SY-UBND") && shown.contains("Đã hủy") && !shown.contains("hướng dẫn thủ tục"),
        "{shown}"
    );
    assert!(purposes(&signing).await.is_empty());
}

#[tokio::test]
async fn cn_223_nd30_18_4b_the_signed_copy_of_a_recalled_document_is_a_line_of_the_book_without_its_file() {
    let signing = Signing::new(Keys::Here).await;
    let clerk = &signing.committee.clerk;
    let id = on_paper(clerk, &pdf("Cong van giay")).await;
    let done = ask(clerk, &id, "sao_y", &[], &[]).await;
    let file = copies(clerk).await[0]["file"].as_str().unwrap().to_owned();
    let source: uuid::Uuid = id.parse().unwrap();
    let who = signing.committee.office.who(clerk).await;
    let command = CommandId::from_uuid(store::Ids::Random.next());
    let Begun::Now(mut act) = signing.app().begin::<bool>(&who, command).await.unwrap() else {
        panic!("begun before");
    };
    source_recalled(&mut act, clerk.agency, source).await.unwrap();
    act.journal(store::Entry {
        act: crate::act_names::WITHDRAW,
        object_kind: "incoming",
        object: source,
        agency: None,
        summary: "Hủy văn bản do bên gửi thu hồi.".to_owned(),
        details: json!({}),
    })
    .await
    .unwrap();
    signing.app().commit(act, &true).await.unwrap();

    assert_eq!(left(&signing).await, 0);
    let line = copies(clerk).await.remove(0);
    assert_eq!(
        (&line["number_and_symbol"], &line["file"], &line["voided_at"]),
        (&json!("01/SY-UBND"), &Value::Null, &Value::Null),
        "{line}"
    );
    assert!(line["signed_at"].is_string(), "{line}");
    let book = clerk.get("/registers/copies").await.ok().text;
    assert!(book.contains("Bản điện tử, đã hủy nội dung"), "{book}");
    let gone = clerk.api_get(&format!("/api/v1/files/{file}")).await;
    assert_eq!(gone.status.as_u16(), 404);
    let file: uuid::Uuid = file.parse().unwrap();
    let named = signing
        .app()
        .db
        .one(sql!("SELECT count(*) AS n FROM file WHERE id = $1"), args![file])
        .await
        .unwrap();
    assert_eq!(named.get::<i64>("n").unwrap(), 0);
    // It does not wait for a second signature.
    clerk.get(&done.location).await.ok();
    clerk.post(&format!("{}/sign", done.location), &[]).await.ok();
    assert_eq!(purposes(&signing).await, ["copy"]);
}

#[tokio::test]
async fn nd30_18_4b_whoever_numbers_or_signs_a_copy_holds_its_document_so_that_no_recall_comes_in_between() {
    let signing = Signing::new(Keys::Here).await;
    let clerk = &signing.committee.clerk;
    let id = on_paper(clerk, &pdf("Cong van giay")).await;
    let source: uuid::Uuid = id.parse().unwrap();
    let locked = async || -> i64 {
        let row = signing
            .app()
            .db
            .one(sql!("SELECT revision FROM incoming WHERE id = $1"), args![source])
            .await
            .unwrap();
        row.get("revision").unwrap()
    };
    let before = locked().await;
    let done = ask(clerk, &id, "sao_y", &[], &[]).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    // Numbered, begun, signed: three acts.
    assert_eq!(locked().await - before, 3);
}
