//! Keys that signed although nothing came of it: each use is in the log (NĐ 30 Điều 32).

use rules::ids::CommandId;
use serde_json::json;
use store::{args, sql};
use uuid::Uuid;

use super::{
    at_the_pc::{answered, begun, begun_to_seal},
    support::{Keys, Signing, nothing_is_open},
};
use crate::{act_names, signing::requests};

/// The uses of keys: what for, how it ended, by whom, on what; sorted.
async fn uses(signing: &Signing) -> Vec<[String; 4]> {
    let rows = signing
        .app()
        .db
        .all(
            sql!("SELECT purpose, outcome, who, document FROM key_use"),
            args![],
        )
        .await
        .unwrap();
    let mut all: Vec<[String; 4]> = rows
        .iter()
        .map(|row| ["purpose", "outcome", "who", "document"].map(|column| row.get(column).unwrap()))
        .collect();
    all.sort();
    all
}

/// How many signatures are noted that no line of the log tells of yet.
async fn untold(signing: &Signing) -> i64 {
    let row = signing
        .app()
        .db
        .one(sql!("SELECT count(*) AS untold FROM key_made"), args![])
        .await
        .unwrap();
    row.get("untold").unwrap()
}

/// Another node has taken the document back while its signer confirmed.
async fn taken_back(signing: &Signing, at: &str) {
    let id: Uuid = at.rsplit('/').next().unwrap().parse().unwrap();
    let mut tx = signing.app().db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE outgoing SET state = 'approval' WHERE id = $1"),
        args![id],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn nd30_32_a_persons_key_that_signed_what_is_then_refused_is_in_the_log() {
    let signing = Signing::new(Keys::AtThePc).await;
    let committee = &signing.committee;
    let at = signing.to_sign().await;
    let (request, view) = begun(&signing, &committee.chair, &format!("{at}/approve")).await;
    taken_back(&signing, &at).await;
    let answer = json!({ "answer": signing.answer(&view["step"], "chair") });
    let ended = committee
        .chair
        .api(&format!("{request}/answer"), &answer)
        .await
        .ok()
        .json();
    assert_eq!(ended["state"], "failed", "{ended}");
    let all = uses(&signing).await;
    let [[purpose, outcome, who, document]] = all.as_slice() else {
        panic!("{all:?}")
    };
    assert_eq!((purpose.as_str(), outcome.as_str()), ("person", "failed"));
    assert!(who.contains("Trần Quốc Khải"), "{who}");
    assert!(!document.is_empty());
    let page = committee
        .clerk
        .get("/administration/signing/uses")
        .await
        .ok()
        .text;
    assert!(
        page.contains("Chữ ký không được ghi nhận (không thành công)"),
        "{page}"
    );
    assert_eq!(untold(&signing).await, 0);
    assert!(nothing_is_open(signing.app()).await);
}

#[tokio::test]
async fn nd30_32_a_key_that_is_not_the_bound_one_leaves_no_line_for_it() {
    let signing = Signing::new(Keys::AtThePc).await;
    let committee = &signing.committee;
    let at = signing.to_sign().await;
    let (request, view) = begun(&signing, &committee.chair, &format!("{at}/approve")).await;
    let answer = json!({ "answer": signing.answer(&view["step"], "stranger") });
    let ended = committee
        .chair
        .api(&format!("{request}/answer"), &answer)
        .await
        .ok()
        .json();
    assert_eq!(ended["state"], "failed", "{ended}");
    assert!(uses(&signing).await.is_empty());
}

#[tokio::test]
async fn nd30_32_the_agencys_key_is_in_the_log_whatever_follows_its_first_round() {
    let signing = Signing::new(Keys::AtThePc).await;
    let committee = &signing.committee;
    let at = signing.to_sign().await;
    let (request, view) = begun(&signing, &committee.chair, &format!("{at}/approve")).await;
    let answer = json!({ "answer": signing.answer(&view["step"], "chair") });
    committee
        .chair
        .api(&format!("{request}/answer"), &answer)
        .await
        .ok();
    // Number and day are signed, the seal is not: taken back by the clerk.
    let (request, view) = begun_to_seal(&signing, &at).await;
    let between = answered(&signing, &request, &signing.answer(&view["step"], "agency")).await;
    assert_eq!(between["state"], "waiting_user", "{between}");
    assert_eq!(untold(&signing).await, 1);
    signing.post(&committee.clerk, &format!("{request}/cancel")).await;
    // The same, ended by the program when the time is over: who used the key is told all the same.
    let (request, view) = begun_to_seal(&signing, &at).await;
    answered(&signing, &request, &signing.answer(&view["step"], "agency")).await;
    let later = signing.app().clock.now() + jiff::SignedDuration::from_mins(11);
    committee.office.clock.set(later);
    assert_eq!(requests::reap(signing.app()).await.unwrap(), 1);
    let all = uses(&signing).await;
    let told: Vec<(&str, &str)> = all
        .iter()
        .map(|[purpose, outcome, ..]| (purpose.as_str(), outcome.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("issue", "cancelled"),
            ("issue", "expired"),
            ("person", "committed")
        ],
        "{all:?}"
    );
    let clerk = committee.office.who(&committee.clerk).await.label();
    for [.., who, document] in &all[..2] {
        assert_eq!(who, &clerk);
        assert!(document.starts_with("01/QĐ-UBND: "), "{document}");
    }
    // What is kept has one line for each file, as ever.
    let (request, view) = begun_to_seal(&signing, &at).await;
    let between = answered(&signing, &request, &signing.answer(&view["step"], "agency")).await;
    let done = answered(&signing, &request, &signing.answer(&between["step"], "agency")).await;
    assert_eq!(done["state"], "committed", "{done}");
    let all = uses(&signing).await;
    assert_eq!(all.len(), 4, "{all:?}");
    assert_eq!(untold(&signing).await, 0);
}

#[tokio::test]
async fn nd30_32_what_a_key_signed_for_a_request_that_another_node_has_ended_is_told_in_an_act_of_its_own() {
    let signing = Signing::new(Keys::AtThePc).await;
    let committee = &signing.committee;
    let app = signing.app();
    let at = signing.to_sign().await;
    let (request, view) = begun(&signing, &committee.chair, &format!("{at}/approve")).await;
    let batch: Uuid = request.rsplit('/').next().unwrap().parse().unwrap();
    let ended = requests::of_batch(app, batch).await.unwrap()[0].id;
    // The other node's act that ended it is there; this one does not know of it yet.
    let command = CommandId::from_uuid(Uuid::new_v5(&ended, b"end"));
    let mut tx = app.db.begin().await.unwrap();
    tx.run(
        sql!("INSERT INTO command (owner_id, id, fingerprint, at, answer) VALUES ($1, $2, $3, $4, 'true')"),
        args![
            committee.chair.account,
            command,
            command.fingerprint().as_slice(),
            app.clock.now()
        ],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    taken_back(&signing, &at).await;
    let answer = json!({ "answer": signing.answer(&view["step"], "chair") });
    committee
        .chair
        .api(&format!("{request}/answer"), &answer)
        .await
        .ok();
    let all = uses(&signing).await;
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0][..2], ["person", "failed"]);
    let told = app
        .db
        .one(
            sql!("SELECT count(*) AS times FROM journal WHERE act = $1"),
            args![act_names::KEY_USED_IN_VAIN],
        )
        .await
        .unwrap();
    assert_eq!(told.get::<i64>("times").unwrap(), 1);
    assert_eq!(untold(&signing).await, 0);
}

#[tokio::test]
async fn qc01_4_2_the_log_of_key_uses_does_not_say_what_a_signed_document_is_about() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let decision = committee.decision();
    let subject = decision["subject"].as_str().unwrap();
    let log = async || {
        let page = committee
            .clerk
            .get("/administration/signing/uses")
            .await
            .ok()
            .text;
        page.split("<tbody>").nth(1).unwrap_or_default().to_owned()
    };
    let at = signing.signed().await;
    let lines = log().await;
    assert!(
        lines.contains("Dự thảo văn bản, chưa cấp số") && !lines.contains(subject),
        "{lines}"
    );
    signing.sealed(&at).await;
    let lines = log().await;
    assert!(
        lines.contains("Văn bản số 01/QĐ-UBND") && !lines.contains(subject),
        "{lines}"
    );
}
