//! Bản sao điện tử whose signature waits (CN-223): a token at the clerk's PC, what ends without a signature, what changed meanwhile.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use pdf_signature::verify::Verdict;
use rules::ids::CommandId;
use serde_json::{Value, json};
use signing_providers::{
    CertificateChain, HashRequest, Progress, Provider, ProviderError, SignerRef, software::SoftwareKeys,
};
use store::{Begun, args, sql};

use super::{
    super::source_recalled,
    electronic::{ask, copies, on_paper, purposes},
};
use crate::{
    outgoing::tests::signed::support::{Keys, Signing, nothing_is_open},
    signing::{keys, requests},
    testing::pdf,
};

/// Software keys that are used once somebody has confirmed at a phone, which here is at once.
#[derive(Debug)]
struct Phone {
    keys: SoftwareKeys,
    /// What it was told that nobody waits for any more.
    cancelled: Arc<Mutex<Vec<String>>>,
}

impl Phone {
    /// Takes the place of the keys of the agency.
    async fn put_in_place(signing: &Signing) -> Arc<Mutex<Vec<String>>> {
        let agency = signing.committee.clerk.agency;
        // Opened before it is replaced.
        assert!(keys::agency(signing.app(), agency).await.unwrap().is_some());
        let mut software = SoftwareKeys::new();
        let folder = signing.app().settings.data.folder.join("test-keys");
        assert_eq!(software.add_folder(&folder).unwrap(), 2);
        let cancelled: Arc<Mutex<Vec<String>>> = Arc::default();
        let phone: Arc<dyn Provider> = Arc::new(Self {
            keys: software,
            cancelled: Arc::clone(&cancelled),
        });
        keys::replace_opened(signing.app(), &phone);
        cancelled
    }
}

#[async_trait]
impl Provider for Phone {
    fn label(&self) -> String {
        "Dịch vụ ký số".to_owned()
    }
    async fn certificates(&self, signer: &SignerRef) -> Result<Vec<CertificateChain>, ProviderError> {
        self.keys.certificates(signer).await
    }
    async fn start(&self, request: &HashRequest) -> Result<Progress, ProviderError> {
        Ok(Progress::Pending {
            transaction: "1".to_owned(),
            poll_after: Duration::ZERO,
            expires_at: request.expires_at,
        })
    }
    async fn poll(&self, _: &str, request: &HashRequest) -> Result<Progress, ProviderError> {
        self.keys.start(request).await
    }
    async fn answer(&self, _: &str, _: &HashRequest, _: Value) -> Result<Progress, ProviderError> {
        Err(ProviderError::UnknownTransaction)
    }
    async fn cancel(&self, transaction: &str) {
        self.cancelled.lock().unwrap().push(transaction.to_owned());
    }
}

/// The button of the form, with a key that does not answer at once; gives the page of the request.
pub(super) async fn begun(signing: &Signing, id: &str) -> String {
    let done = ask(&signing.committee.clerk, id, "sao_y", &[], &[]).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    assert!(
        done.location.starts_with("/signing/requests/"),
        "{}",
        done.location
    );
    done.location
}

/// A request as the clerk sees it.
pub(super) async fn seen(signing: &Signing, page: &str) -> Value {
    let path = format!("/api/v1{page}");
    signing.committee.clerk.api_get(&path).await.ok().json()
}

/// The page of the one copy of the book.
pub(super) async fn page_of_copy(signing: &Signing) -> String {
    let copy = copies(&signing.committee.clerk).await.remove(0);
    format!("/registers/copies/{}", copy["id"].as_str().unwrap())
}

/// What became of the signatures that the key has made.
pub(super) async fn outcomes(signing: &Signing) -> Vec<String> {
    signing
        .app()
        .db
        .all(sql!("SELECT outcome FROM key_use ORDER BY id"), args![])
        .await
        .unwrap()
        .iter()
        .map(|row| row.get("outcome").unwrap())
        .collect()
}

#[tokio::test]
async fn cn_223_nd30_32_2_a_token_at_the_clerks_pc_signs_a_copy() {
    let signing = Signing::new(Keys::AtThePc).await;
    let clerk = &signing.committee.clerk;
    let scan = pdf("Cong van giay");
    let id = on_paper(clerk, &scan).await;
    let page = begun(&signing, &id).await;
    let view = seen(&signing, &page).await;
    assert_eq!(
        (&view["state"], &view["owner"]),
        (&json!("waiting_user"), &json!("agency")),
        "{view}"
    );
    assert_eq!(
        (
            &view["documents"][0]["kind"],
            &view["documents"][0]["number_and_symbol"]
        ),
        (&json!("copy"), &json!("01/SY-UBND"))
    );
    // The page that speaks with the agent of the PC, as for a document that is issued.
    let waiting = clerk.get(&page).await.ok();
    assert!(waiting.text.contains("Ký số bản sao điện tử"), "{}", waiting.text);
    let policy = waiting.header("content-security-policy").unwrap();
    assert!(policy.contains("http://127.0.0.1:18987"), "{policy}");
    // The copy leads back to it; its button opens no second request.
    let copy = page_of_copy(&signing).await;
    let shown = clerk.get(&copy).await.ok().text;
    // It tells what the signature shows.
    let batch = page.rsplit('/').next().unwrap().parse().unwrap();
    let stored = requests::of_batch(signing.app(), batch).await.unwrap();
    let requests::Mark::Copy { form, agency } = &stored[0].work.files[0].todo[0] else {
        panic!("{stored:?}");
    };
    assert!(
        shown.contains(&format!("{form}; {agency}; thời gian ký")),
        "{shown}"
    );
    assert!(
        shown.contains("Tiếp tục ký số") && shown.contains(&page) && shown.contains("chờ ký số"),
        "{shown}"
    );
    let again = clerk.post(&format!("{copy}/sign"), &[]).await;
    assert_eq!(
        (again.status.as_u16(), again.location.as_str()),
        (303, page.as_str()),
        "{}",
        again.text
    );
    let other = signing.committee.chair.api_get(&format!("/api/v1{page}")).await;
    assert_eq!(other.status.as_u16(), 404);

    let answer = signing.answer(&view["step"], "agency");
    let by_program = clerk
        .api(&format!("/api/v1{page}/answer"), &json!({ "answer": answer }))
        .await;
    assert_eq!(by_program.json()["clause"], "ND30-32.2c", "{}", by_program.text);
    let done = clerk
        .post(&format!("{page}/answer"), &[("answer", &answer.to_string())])
        .await;
    assert_eq!(
        (done.status.as_u16(), done.location.as_str()),
        (303, copy.as_str()),
        "{}",
        done.text
    );
    let made = copies(clerk).await.remove(0);
    assert_eq!(
        (&made["number_and_symbol"], &made["verdict"]),
        (&json!("01/SY-UBND"), &json!("TOTAL-PASSED")),
        "{made}"
    );
    let file = made["file"].as_str().unwrap();
    let whole = clerk.api_get(&format!("/api/v1/files/{file}")).await.ok().bytes;
    assert!(whole.starts_with(&scan), "no byte of the scan is changed");
    let report = signing.verify(&whole).await;
    assert_eq!(
        (report.verdict, report.signatures.len()),
        (Verdict::TotalPassed, 1),
        "{report:?}"
    );
    assert_eq!(purposes(&signing).await, ["copy"]);
    assert!(nothing_is_open(signing.app()).await);
}

#[tokio::test]
async fn cn_223_nd30_32_2_a_copy_is_signed_once_the_clerk_has_confirmed_at_the_phone() {
    let signing = Signing::new(Keys::Here).await;
    let clerk = &signing.committee.clerk;
    Phone::put_in_place(&signing).await;
    let id = on_paper(clerk, &pdf("Cong van giay")).await;
    let page = begun(&signing, &id).await;
    assert_eq!(copies(clerk).await[0]["file"], Value::Null);
    // Who asks whether the service is ready may be a program: the confirmation was the clerk's.
    let ready = seen(&signing, &page).await;
    assert_eq!(ready["state"], "committed", "{ready}");
    assert_eq!(copies(clerk).await[0]["verdict"], "TOTAL-PASSED");
    assert_eq!(purposes(&signing).await, ["copy"]);
    assert!(nothing_is_open(signing.app()).await);
}

#[tokio::test]
async fn nd30_18_4b_nd30_32_the_phone_is_told_that_a_copy_of_a_recalled_document_needs_no_signature() {
    let signing = Signing::new(Keys::Here).await;
    let clerk = &signing.committee.clerk;
    let cancelled = Phone::put_in_place(&signing).await;
    let id = on_paper(clerk, &pdf("Cong van giay")).await;
    begun(&signing, &id).await;
    let who = signing.committee.office.who(clerk).await;
    let command = CommandId::from_uuid(store::Ids::Random.next());
    let Begun::Now(mut act) = signing.app().begin::<bool>(&who, command).await.unwrap() else {
        panic!("begun before");
    };
    let source = id.parse().unwrap();
    source_recalled(&mut act, clerk.agency, source).await.unwrap();
    // Only what is committed is told.
    assert!(cancelled.lock().unwrap().is_empty());
    signing.app().commit(act, &true).await.unwrap();
    signing.committee.office.drain().await;
    assert_eq!(*cancelled.lock().unwrap(), ["1"]);
    assert!(nothing_is_open(signing.app()).await);
    assert_eq!(signing.committee.office.drain().await, 0);
    assert!(purposes(&signing).await.is_empty());
}

#[tokio::test]
async fn cn_223_nd30_25_4_a_signature_that_does_not_come_leaves_the_copy_its_number() {
    let signing = Signing::new(Keys::AtThePc).await;
    let clerk = &signing.committee.clerk;
    let id = on_paper(clerk, &pdf("Cong van giay")).await;
    let page = begun(&signing, &id).await;
    let copy = page_of_copy(&signing).await;
    let cancelled = clerk.post(&format!("{page}/cancel"), &[]).await.ok();
    assert_eq!(cancelled.location, copy);
    let history = clerk.get(&format!("/incoming/{id}")).await.ok().text;
    assert!(
        history.contains("Việc ký số bản sao điện tử số 01/SY-UBND chưa hoàn thành"),
        "{history}"
    );
    // Begun anew, it expires by itself.
    let page = clerk.post(&format!("{copy}/sign"), &[]).await.ok().location;
    assert!(page.starts_with("/signing/requests/"), "{page}");
    let later = signing.app().clock.now() + jiff::SignedDuration::from_mins(11);
    signing.committee.office.clock.set(later);
    assert_eq!(requests::reap(signing.app()).await.unwrap(), 1);
    let waits = copies(clerk).await.remove(0);
    assert_eq!(
        (&waits["number_and_symbol"], &waits["file"]),
        (&json!("01/SY-UBND"), &Value::Null)
    );
    let page = clerk.post(&format!("{copy}/sign"), &[]).await.ok().location;
    let answer = signing.answer(&seen(&signing, &page).await["step"], "agency");
    clerk
        .post(&format!("{page}/answer"), &[("answer", &answer.to_string())])
        .await
        .ok();
    let made = copies(clerk).await;
    assert_eq!(made.len(), 1);
    assert_eq!(made[0]["verdict"], "TOTAL-PASSED", "{}", made[0]);
}

#[tokio::test]
async fn cn_223_nd30_32_2b_a_device_handed_over_meanwhile_signs_no_copy() {
    let signing = Signing::new(Keys::AtThePc).await;
    let clerk = &signing.committee.clerk;
    let id = on_paper(clerk, &pdf("Cong van giay")).await;
    let page = begun(&signing, &id).await;
    let answer = signing.answer(&seen(&signing, &page).await["step"], "agency");
    let mut tx = signing.app().db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE custody_device SET holder = $1"),
        args![signing.committee.chair.post],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    clerk
        .post(&format!("{page}/answer"), &[("answer", &answer.to_string())])
        .await
        .ok();
    let ended = seen(&signing, &page).await;
    assert_eq!(ended["state"], "failed", "{ended}");
    assert_eq!(copies(clerk).await[0]["file"], Value::Null);
    // The key has signed all the same (ND30-32); the log says that nothing came of it.
    assert_eq!(outcomes(&signing).await, ["failed"]);
    assert!(nothing_is_open(signing.app()).await);
}

#[tokio::test]
async fn cn_223_pl1_2_a_copy_is_signed_without_an_image_of_the_seal() {
    let signing = Signing::new(Keys::Here).await;
    let clerk = &signing.committee.clerk;
    let mut tx = signing.app().db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE signature_image SET removed_at = $1 WHERE owner = 'agency'"),
        args![signing.app().clock.now()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let id = on_paper(clerk, &pdf("Cong van giay")).await;
    let done = ask(clerk, &id, "sao_y", &[], &[]).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    assert_eq!(copies(clerk).await[0]["verdict"], "TOTAL-PASSED");
}

#[tokio::test]
async fn cn_223_nd30_25_4_copies_that_wait_for_the_signature_lie_in_front_of_the_clerk() {
    let signing = Signing::new(Keys::AtThePc).await;
    let clerk = &signing.committee.clerk;
    let id = on_paper(clerk, &pdf("Cong van giay")).await;
    let page = begun(&signing, &id).await;
    let answer = signing.answer(&seen(&signing, &page).await["step"], "agency");
    // Made last year: it is not in the book of this year.
    let mut tx = signing.app().db.begin().await.unwrap();
    tx.run(sql!("UPDATE document_copy SET year = year - 1"), args![])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let book = clerk.api_get("/api/v1/registers/copies").await.ok().json();
    assert_eq!(
        (&book["items"], &book["waiting"]),
        (&json!([]), &json!(1)),
        "{book}"
    );
    let path = "/registers/copies?waiting=true";
    let shown = clerk.get("/registers/copies").await.ok().text;
    assert!(
        shown.contains("Bản sao chờ ký số: 1") && shown.contains(path),
        "{shown}"
    );
    let waiting = clerk.get(path).await.ok().text;
    assert!(
        waiting.contains("01/SY-UBND") && waiting.contains("Xem cả Sổ bản sao"),
        "{waiting}"
    );
    let listed = clerk.api_get(&format!("/api/v1{path}")).await.ok().json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
    let elsewhere = signing
        .committee
        .outsider
        .api_get(&format!("/api/v1{path}"))
        .await;
    assert_eq!(elsewhere.ok().json()["waiting"], 0);
    // The desk of the clerks tells it too; whoever else reads the book does not sign.
    let badge = "data-box=\"copies-waiting\">1<";
    let home = clerk.get("/").await.ok().text;
    assert_eq!(home.matches(badge).count(), 2, "{home}");
    assert!(home.contains(path) && home.contains("Bản sao chờ ký<"), "{home}");
    assert_eq!(clerk.get("/boxes.json").await.ok().json()["copies-waiting"], 1);
    let chairs = signing.committee.chair.get("/").await.ok().text;
    assert!(!chairs.contains("copies-waiting"), "{chairs}");

    clerk
        .post(&format!("{page}/answer"), &[("answer", &answer.to_string())])
        .await
        .ok();
    let listed = clerk.api_get(&format!("/api/v1{path}")).await.ok().json();
    assert_eq!(
        (&listed["items"], &listed["waiting"]),
        (&json!([]), &json!(0)),
        "{listed}"
    );
    let shown = clerk.get("/registers/copies").await.ok().text;
    assert!(!shown.contains("Bản sao chờ ký số"), "{shown}");
    assert_eq!(clerk.get("/boxes.json").await.ok().json()["copies-waiting"], 0);
    let home = clerk.get("/").await.ok().text;
    assert!(!home.contains("tile-count\" data-box=\"copies-waiting"), "{home}");
    let none = clerk.get(path).await.ok().text;
    assert!(none.contains("Không có bản sao nào chờ ký số"), "{none}");
}
