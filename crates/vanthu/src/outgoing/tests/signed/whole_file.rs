//! I1: the ticket and the gate for files that an agent signed whole.

use demo_pki::Issued;
use pdf_signature::{
    cms,
    sign::{FieldSpec, prepare},
    verify::Verdict,
};
use serde_json::json;
use store::{args, sql};

use super::support::{Keys, Signing, nothing_is_open};
use crate::testing::{Answer, Person};

/// What the agent does: it signs the file its own way, with an appearance of its own on `page`.
fn signed(signing: &Signing, base: &[u8], by: &Issued, key: &str, page: u32) -> Vec<u8> {
    let area = pdf_signature::appearance::Area {
        page,
        x: 130.0,
        y: 200.0,
        width: 40.0,
        height: 20.0,
    };
    let image = demo_pki::images::handwriting_png("Trần Quốc Khải", 3).unwrap();
    let image = pdf_signature::appearance::SealImage::from_png(&image).unwrap();
    let appearance = pdf_signature::appearance::Appearance::image(&image, &area);
    let name = pdf_signature::sign::next_field_name(base, "VGCA").unwrap();
    let mut prepared = prepare(
        base,
        &FieldSpec {
            name: &name,
            area: Some(area),
            appearance: Some(&appearance),
            reason: None,
            location: None,
            signer_name: Some("Agent"),
            at: signing.app().clock.now(),
            reserve: 16 * 1024,
        },
    )
    .unwrap();
    let attributes = cms::signed_attributes(&prepared.digest, &by.chain[0]).unwrap();
    let raw = signing.agent.sign(key, &cms::to_sign(&attributes)).unwrap();
    prepared
        .finish(&cms::assemble(&by.chain, &attributes, &raw).unwrap())
        .unwrap();
    prepared.whole(base)
}

struct Waiting {
    at: String,
    request: String,
}

async fn begun(signing: &Signing) -> Waiting {
    let at = signing.to_sign().await;
    let moved = signing
        .post(&signing.committee.chair, &format!("{at}/approve"))
        .await;
    let request = moved["request"].as_str().unwrap_or_else(|| panic!("{moved}"));
    Waiting {
        at,
        request: format!("/api/v1/signing/requests/{request}"),
    }
}

async fn ticket(signing: &Signing, waiting: &Waiting) -> String {
    let ticket = signing
        .post(&signing.committee.chair, &format!("{}/ticket", waiting.request))
        .await;
    let at = ticket["message"]["FileName"].as_str().unwrap().to_owned();
    assert_eq!(
        ticket["message"]["FileUploadHandler"],
        ticket["message"]["FileName"]
    );
    at
}

/// The agent has no session: it comes with the ticket alone.
async fn fetch(signing: &Signing, at: &str) -> Answer {
    signing.committee.office.stranger("GET", at).await
}

async fn send(by: &Person, at: &str, content: &[u8]) -> Answer {
    by.post_files(at, &[], &[("uploadfile", "signed.pdf", content)])
        .await
}

#[tokio::test]
async fn i1_an_agent_fetches_once_answers_once_and_the_document_is_signed() {
    let signing = Signing::new(Keys::WholeFile).await;
    let committee = &signing.committee;
    let waiting = begun(&signing).await;
    let at = ticket(&signing, &waiting).await;
    let base = fetch(&signing, &at).await.ok().bytes;
    assert_eq!(base, signing.file(&committee.chair, &waiting.at, 0).await);
    assert_eq!(fetch(&signing, &at).await.status.as_u16(), 410, "a single fetch");
    let content = signed(&signing, &base, &signing.chair, "chair", 1);
    let taken = send(&committee.outsider, &at, &content).await.ok().json();
    assert_eq!(taken["Status"], true, "{taken}");
    let seen = committee.seen(&committee.officer, &waiting.at).await;
    assert_eq!(seen["state"], "approved");
    let file = signing.file(&committee.clerk, &waiting.at, 0).await;
    assert_eq!(file, content);
    assert_eq!(signing.verify(&file).await.verdict, Verdict::TotalPassed);
    assert_eq!(
        send(&committee.outsider, &at, &content).await.status.as_u16(),
        410,
        "a single answer"
    );
}

#[tokio::test]
async fn i1_what_is_not_the_document_with_one_more_signature_of_its_signer_is_refused() {
    let signing = Signing::new(Keys::WholeFile).await;
    let committee = &signing.committee;
    for case in [
        "another person",
        "two signatures",
        "rewritten",
        "another document",
        "garbage",
    ] {
        let waiting = begun(&signing).await;
        let at = ticket(&signing, &waiting).await;
        let base = fetch(&signing, &at).await.ok().bytes;
        let content = match case {
            "another person" => signed(&signing, &base, &signing.stranger, "stranger", 1),
            "two signatures" => {
                let once = signed(&signing, &base, &signing.chair, "chair", 1);
                signed(&signing, &once, &signing.chair, "chair", 1)
            }
            "rewritten" => {
                let mut rewritten = Vec::new();
                let mut document = lopdf::Document::load_mem(&base).unwrap();
                document.save_to(&mut rewritten).unwrap();
                signed(&signing, &rewritten, &signing.chair, "chair", 1)
            }
            "another document" => signed(&signing, &crate::testing::pdf("Khac"), &signing.chair, "chair", 1),
            _ => b"%PDF-1.7 nothing".to_vec(),
        };
        let taken = send(&committee.outsider, &at, &content).await.ok().json();
        assert_eq!(taken["Status"], false, "{case}: {taken}");
        assert!(!taken["Message"].as_str().unwrap().is_empty(), "{case}");
        let seen = committee.seen(&committee.chair, &waiting.at).await;
        assert_eq!(seen["state"], "approval", "{case}");
        assert_eq!(
            signing.file(&committee.chair, &waiting.at, 0).await,
            base,
            "{case}: nothing is stored"
        );
    }
    // The signer's key was used for one more signature on “rewritten” and “another document” (NĐ 30 Điều 32); for the rest that is not proved.
    let uses = signing
        .app()
        .db
        .all(sql!("SELECT outcome FROM key_use"), args![])
        .await
        .unwrap();
    let outcomes: Vec<String> = uses.iter().map(|row| row.get("outcome").unwrap()).collect();
    assert_eq!(outcomes, ["rejected", "rejected"]);
    assert!(nothing_is_open(signing.app()).await);
}

#[tokio::test]
async fn i1_a_ticket_ends_with_its_request_and_is_of_its_person_alone() {
    let signing = Signing::new(Keys::WholeFile).await;
    let committee = &signing.committee;
    let waiting = begun(&signing).await;
    let foreign = committee
        .clerk
        .api(&format!("{}/ticket", waiting.request), &json!({}))
        .await;
    assert_eq!(foreign.status.as_u16(), 404);
    let at = ticket(&signing, &waiting).await;
    let newer = ticket(&signing, &waiting).await;
    assert_ne!(
        fetch(&signing, &at).await.status.as_u16(),
        200,
        "a newer ticket was taken"
    );
    let base = fetch(&signing, &newer).await.ok().bytes;
    let content = signed(&signing, &base, &signing.chair, "chair", 1);
    let later = signing.app().clock.now() + jiff::SignedDuration::from_mins(11);
    committee.office.clock.set(later);
    let late = send(&committee.outsider, &newer, &content).await;
    assert!(!late.status.is_success(), "{} {}", late.status, late.text);
    assert_eq!(
        signing.file(&committee.chair, &waiting.at, 0).await,
        base,
        "nothing is stored"
    );
}
