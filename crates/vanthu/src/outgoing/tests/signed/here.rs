//! Keys that sign at once: the whole path, and what it refuses.

use pdf_signature::verify::{LaterChanges, Role, Verdict};
use serde_json::json;
use store::{args, sql};

use super::support::{Keys, Signing, keep, nothing_is_open};
use crate::testing::pdf;

#[tokio::test]
async fn nd30_13_7_and_32_2d_the_signer_signs_then_the_clerk_numbers_seals_and_issues() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let at = signing.to_sign().await;
    let before = signing.file(&committee.chair, &at, 0).await;
    let moved = committee
        .chair
        .api(&format!("{at}/approve"), &json!({ "comment": "Nhất trí" }))
        .await
        .ok()
        .json();
    assert_eq!(moved["state"], "approved", "{moved}");
    let signed = signing.file(&committee.clerk, &at, 0).await;
    assert!(signed.starts_with(&before), "no byte of what was read is changed");
    let report = signing.verify(&signed).await;
    assert_eq!(report.verdict, Verdict::TotalPassed, "{report:?}");
    assert_eq!(report.signatures.len(), 1);
    assert_eq!(report.signatures[0].role, Role::Person);

    let issued = signing.sealed(&at).await;
    assert_eq!(
        (issued["state"].as_str(), issued["number_and_symbol"].as_str()),
        (Some("issued"), Some("01/QĐ-UBND")),
        "{issued}"
    );
    let whole = signing.file(&committee.clerk, &at, 0).await;
    assert!(
        whole.starts_with(&signed),
        "the agency only adds to what the signer signed"
    );
    let report = signing.verify(&whole).await;
    assert_eq!(report.verdict, Verdict::TotalPassed, "{report:?}");
    assert_eq!(report.signatures.len(), 3, "person, number and day, seal");
    for signature in &report.signatures {
        assert_ne!(signature.later_changes, LaterChanges::Other, "{signature:?}");
    }
    let seen = committee.seen(&committee.officer, &at).await;
    assert_eq!(seen["legal_value"], "equivalent_to_paper");
    assert_eq!(seen["deliveries"][0]["state"], "pending");
    assert!(nothing_is_open(signing.app()).await);
    let uses = signing
        .app()
        .db
        .one(sql!("SELECT count(*) AS uses FROM key_use"), args![])
        .await
        .unwrap();
    assert_eq!(uses.get::<i64>("uses").unwrap(), 2);
    committee.office.drain().await;
    let page = committee.officer.get(&at.replace("/api/v1", "")).await.ok().text;
    assert!(page.contains("Có giá trị pháp lý như văn bản giấy"), "{page}");
}

#[tokio::test]
async fn pl1_8b_each_separate_pdf_gets_the_text_of_the_agency_and_others_go_along_unsigned() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let mut body = committee.decision();
    let mut attachments = Vec::new();
    for (name, content) in [
        ("phu-luc.pdf", pdf("Phu luc")),
        ("so-lieu.csv", b"a,b\n1,2\n".to_vec()),
    ] {
        let answer = committee.officer.api_upload(name, &content).await;
        if answer.status.is_success() {
            attachments.push(answer.json()["id"].clone());
        }
    }
    body["attachments"] = json!(attachments);
    let at = committee.draft(&body).await;
    committee.carry(&at, "approval").await;
    signing.post(&committee.chair, &format!("{at}/approve")).await;
    signing.sealed(&at).await;
    let seen = committee.seen(&committee.officer, &at).await;
    let files = seen["files"].as_array().unwrap();
    assert_eq!(files.len(), 1 + attachments.len());
    let attached = signing.file(&committee.clerk, &at, 1).await;
    let report = signing.verify(&attached).await;
    assert_eq!(report.verdict, Verdict::TotalPassed, "{report:?}");
    assert_eq!(report.signatures.len(), 1);
    assert_eq!(report.signatures[0].role, Role::Organization);
    // The words are drawn as glyphs of an embedded font; that they are there is for the judges of the library.
    assert!(report.signatures[0].visible_area.is_some());
}

#[tokio::test]
async fn nt_13_cn_209_nothing_is_numbered_or_sealed_without_the_signers_valid_signature() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    // Approved on the unsigned path, before the agency began to sign.
    signing.require("false").await;
    let at = committee.approved().await;
    signing.require("true").await;
    let refused = signing.seal(&at).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
    let clause = crate::web::format::clause("ND30-32.2d");
    assert!(refused.text.contains(&clause), "{clause}: {}", refused.text);
    let seen = committee.seen(&committee.clerk, &at).await;
    assert_eq!(
        (&seen["state"], &seen["number"]),
        (&json!("approved"), &json!(null))
    );
}

#[tokio::test]
async fn ks_01_a_revoked_certificate_signs_nothing_and_the_reason_is_told() {
    let signing = Signing::new(Keys::Here).await;
    let at = signing.to_sign().await;
    let now = signing.app().clock.now();
    let revoked = [(
        signing.chair.serial.clone(),
        now - jiff::SignedDuration::from_hours(1),
    )];
    signing
        .committee
        .office
        .clock
        .set(now + jiff::SignedDuration::from_secs(60));
    let later = signing.app().clock.now();
    keep(signing.app(), &signing.pki.crl(&revoked, later).unwrap()).await;
    let refused = signing
        .committee
        .chair
        .api(&format!("{at}/approve"), &json!({}))
        .await;
    assert_eq!(refused.status.as_u16(), 409, "{}", refused.text);
    let problem = refused.json();
    assert_eq!(problem["clause"], "KS-01", "{problem}");
    let seen = signing.committee.seen(&signing.committee.chair, &at).await;
    assert_eq!(seen["state"], "approval");
    assert!(nothing_is_open(signing.app()).await);
}

#[tokio::test]
async fn nd30_32_2b_a_clerk_who_does_not_hold_the_device_seals_nothing() {
    let signing = Signing::new(Keys::Here).await;
    let at = signing.signed().await;
    let mut tx = signing.app().db.begin().await.unwrap();
    tx.run(sql!("UPDATE custody_device SET holder = NULL"), args![])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let refused = signing.seal(&at).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
    let clause = "Điều 32 Nghị định 30/2020/NĐ-CP";
    assert!(refused.text.contains(clause), "{clause}: {}", refused.text);
    let seen = signing.committee.seen(&signing.committee.clerk, &at).await;
    assert_eq!(
        (&seen["state"], &seen["number"]),
        (&json!("approved"), &json!(null))
    );
}

#[tokio::test]
async fn nd30_11_2_a_change_or_a_return_voids_the_signature() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let at = signing.signed().await;
    let signed = signing.file(&committee.clerk, &at, 0).await;
    let back = committee
        .clerk
        .api(&format!("{at}/return"), &json!({ "comment": "Sai nơi nhận" }))
        .await
        .ok()
        .json();
    assert_eq!(back["state"], "approval");
    let file = signing.file(&committee.clerk, &at, 0).await;
    assert!(signed.starts_with(&file) && file.len() < signed.len());
    assert_eq!(signing.verify(&file).await.signatures.len(), 0);
    let page = committee.officer.get(&at.replace("/api/v1", "")).await.ok().text;
    assert!(page.contains("hết hiệu lực"), "{page}");
    // Signed again, and changed after that.
    signing.post(&committee.chair, &format!("{at}/approve")).await;
    let mut body = committee.decision();
    body["subject"] = json!("Ban hành kế hoạch chuyển đổi số năm 2027");
    let changed = committee
        .officer
        .api(&format!("{at}/edit"), &body)
        .await
        .ok()
        .json();
    assert_eq!(changed["state"], "draft");
    let file = signing.file(&committee.officer, &at, 0).await;
    assert_eq!(signing.verify(&file).await.signatures.len(), 0);
}

#[tokio::test]
async fn ks_73_several_documents_are_signed_and_issued_each_with_its_own_line() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let at = signing.to_sign().await;
        ids.push(at.rsplit('/').next().unwrap().to_owned());
    }
    let unknown = "018f0000-0000-7000-8000-000000000001".to_owned();
    let all: Vec<&String> = ids.iter().chain([&unknown]).collect();
    let lines = committee
        .chair
        .api("/api/v1/outgoing/sign", &json!({ "ids": all }))
        .await
        .ok()
        .json();
    let done: Vec<bool> = lines
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["done"].as_bool().unwrap())
        .collect();
    assert_eq!(done, [true, true, true, false], "{lines}");
    let form: Vec<(&str, &str)> = ids.iter().map(|id| ("id", id.as_str())).collect();
    let page = committee.clerk.post("/outgoing/issue", &form).await.ok().text;
    for shown in ["3/3 văn bản đã xong", "01/QĐ-UBND", "02/QĐ-UBND", "03/QĐ-UBND"] {
        assert!(page.contains(shown), "{shown} is missing in {page}");
    }
    let list = committee.chair.get("/boxes/signing").await.ok().text;
    assert!(
        !list.contains("Duyệt và ký số các văn bản"),
        "nothing is left to sign"
    );
    let many: Vec<String> = (0..11).map(|_| unknown.clone()).collect();
    let refused = committee
        .clerk
        .api("/api/v1/outgoing/issue", &json!({ "ids": many }))
        .await;
    assert_eq!(refused.json()["clause"], "KS-73", "{}", refused.text);
}

#[tokio::test]
async fn qd28_8_1_a_stranger_and_another_leader_sign_nothing() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let at = signing.to_sign().await;
    for (by, expected) in [
        (&committee.outsider, 404),
        (&committee.deputy, 404),
        (&committee.officer, 409),
    ] {
        let answer = by.api(&format!("{at}/approve"), &json!({})).await;
        assert_eq!(answer.status.as_u16(), expected, "{}", answer.text);
    }
    let at = signing.signed().await;
    let answer = committee.chair.api(&format!("{at}/issue"), &json!({})).await;
    assert_eq!(answer.json()["clause"], "ND30-4.2b", "{}", answer.text);
}

#[tokio::test]
async fn nd30_32_2c_a_program_with_a_token_seals_nothing() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let at = signing.signed().await;
    let id = at.rsplit('/').next().unwrap();
    for (path, body) in [
        (format!("{at}/issue"), json!({})),
        ("/api/v1/outgoing/issue".to_owned(), json!({ "ids": [id] })),
    ] {
        let refused = committee.clerk.api(&path, &body).await;
        assert_eq!(refused.status.as_u16(), 409, "{path}: {}", refused.text);
        assert_eq!(refused.json()["clause"], "ND30-32.2c", "{path}: {}", refused.text);
    }
    let seen = committee.seen(&committee.clerk, &at).await;
    assert_eq!(
        (&seen["state"], &seen["number"]),
        (&json!("approved"), &json!(null)),
        "no number is taken for what cannot be sealed"
    );
    signing.sealed(&at).await;
}

#[tokio::test]
async fn nd30_5_1_what_a_stranger_paints_after_the_seal_makes_it_for_reference() {
    use rules::legal_value::{LegalValue, SignatureVerdict, legal_value};

    use crate::signing::verdicts;
    let signing = Signing::new(Keys::Here).await;
    let at = signing.signed().await;
    signing.sealed(&at).await;
    let file = signing.file(&signing.committee.clerk, &at, 0).await;
    let mut report = signing.verify(&file).await;
    let value = |report: &_| {
        let (person, agency) = verdicts::legal(report);
        legal_value(person, agency, true)
    };
    assert_eq!(value(&report), LegalValue::EquivalentToPaper);
    let seal = report.signatures.last().unwrap().clone();
    assert!(seal.visible_area.is_some());
    // The agency and the signer may add to it.
    for known in [seal.clone(), report.signatures[0].clone()] {
        report.signatures.push(known);
        assert_eq!(value(&report), LegalValue::EquivalentToPaper);
        report.signatures.pop();
    }
    for role in [Role::Person, Role::Organization, Role::Unknown] {
        let mut stranger = seal.clone();
        stranger.cert_sha256 = Some("ab".repeat(32));
        stranger.role = role;
        report.signatures.push(stranger.clone());
        assert_eq!(value(&report), LegalValue::ForReference, "{role:?}");
        assert_eq!(verdicts::legal(&report).1, SignatureVerdict::Undetermined);
        report.signatures.pop();
        // What cannot be seen covers nothing.
        stranger.visible_area = None;
        report.signatures.push(stranger);
        assert_eq!(value(&report), LegalValue::EquivalentToPaper, "{role:?}");
        report.signatures.pop();
    }
}
