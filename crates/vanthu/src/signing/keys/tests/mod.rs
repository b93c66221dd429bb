use std::collections::HashMap;

use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::STANDARD};
use demo_pki::{Agency as NamedAgency, DemoPki, Issued, Key, Person as Named};
use pdf_signature::{cms, pki::check_certificate, verify::Verdict};
use rules::ids::CommandId;
use signing_providers::ProviderConfig;
use store::{Act, Actor, Begun, Entry, args, sql};
use uuid::Uuid;

use super::{KeyUse, NewProvider, ProviderKind, Purpose, TimeStampService, WhenDown, log_use};
use crate::{
    act_names,
    error::AppError,
    signing::trust,
    testing::{Answer, Office, Person},
};

mod providers;

const CERTIFICATES: &str = "/administration/signing/certificates";
const PROVIDERS: &str = "/administration/signing/providers";

fn authority() -> DemoPki {
    DemoPki::create("2025-06-01T00:00:00Z".parse().unwrap()).unwrap()
}

fn named(pki: &DemoPki, name: &str) -> Issued {
    let person = Named {
        name: name.to_owned(),
        ..Named::default()
    };
    pki.person(&person, Key::P256, "2025-06-01T00:00:00Z".parse().unwrap())
        .unwrap()
}

/// An agent on people's PCs, where certificates are uploaded.
async fn agent(office: &Office, administrator: &Person) -> String {
    let fields = [("kind", "agent"), ("label", "USB token của cán bộ")];
    administrator.post(PROVIDERS, &fields).await.ok();
    let row = office
        .app
        .db
        .one(
            sql!("SELECT id FROM signing_provider WHERE kind = 'agent' ORDER BY id DESC LIMIT 1"),
            args![],
        )
        .await
        .unwrap();
    row.get::<Uuid>("id").unwrap().to_string()
}

async fn upload(by: &Person, account: &str, provider: &str, chain: &[Vec<u8>], reason: &str) -> Answer {
    let pem: String = chain
        .iter()
        .map(|der| {
            format!(
                "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
                STANDARD.encode(der)
            )
        })
        .collect();
    let fields = [("account", account), ("provider", provider), ("reason", reason)];
    let files: [(&str, &str, &[u8]); 1] = [("certificate", "chung-thu.pem", pem.as_bytes())];
    by.post_files(CERTIFICATES, &fields, &files).await
}

#[tokio::test]
async fn ks_72_a_certificate_is_bound_by_the_administrator_to_the_person_whose_name_it_bears() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let officer = office.person("annv.stttt").await;
    let other = office.person("longhd.stttt").await;
    let provider = agent(&office, &administrator).await;
    let pki = authority();
    let (own, foreign) = (named(&pki, "Nguyễn Văn An"), named(&pki, "Trần Thị Khác"));
    let account = officer.account.to_string();
    assert!(
        super::person(&office.app, officer.account)
            .await
            .unwrap()
            .is_none()
    );

    let refused = upload(
        &administrator,
        &account,
        &provider,
        &foreign.chain,
        "lý do gì cũng vậy",
    )
    .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("mang tên “Trần Thị Khác”"),
        "{}",
        refused.text
    );
    let authority_of_it = upload(&administrator, &account, &provider, &[pki.root().unwrap()], "").await;
    assert!(
        authority_of_it.text.contains("không phải của người ký"),
        "{}",
        authority_of_it.text
    );
    let not_theirs = upload(&officer, &account, &provider, &own.chain, "").await;
    assert_eq!(not_theirs.status, StatusCode::CONFLICT);

    let bound = upload(&administrator, &account, &provider, &own.chain, "")
        .await
        .ok();
    let binding = super::person(&office.app, officer.account)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(binding.chain, own.chain);
    assert_eq!(binding.kind, ProviderKind::Agent);
    assert_eq!(binding.account, Some(officer.account));
    let page = administrator.get(&bound.location).await.ok().text;
    assert!(
        page.contains(&own.serial) && page.contains("KHÔNG ĐỦ CĂN CỨ"),
        "{page}"
    );

    // One certificate, one owner.
    let namesake = upload(
        &administrator,
        &other.account.to_string(),
        &provider,
        &own.chain,
        "",
    )
    .await;
    assert_eq!(namesake.status, StatusCode::UNPROCESSABLE_ENTITY);
    let again = upload(&administrator, &account, &provider, &own.chain, "").await;
    assert!(again.text.contains("đã được gắn"), "{}", again.text);

    let unbind = format!("{}/unbind", bound.location);
    assert_eq!(
        administrator.post(&unbind, &[("reason", "")]).await.status,
        StatusCode::CONFLICT
    );
    let elsewhere = office.person("baolq.snv").await;
    assert_eq!(elsewhere.get(&bound.location).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        elsewhere.post(&unbind, &[("reason", "x")]).await.status,
        StatusCode::NOT_FOUND
    );
    administrator
        .post(&unbind, &[("reason", "Mất thiết bị")])
        .await
        .ok();
    assert!(
        super::person(&office.app, officer.account)
            .await
            .unwrap()
            .is_none()
    );
    assert!(super::in_force(&office.app, binding.id).await.unwrap().is_none());
    upload(&administrator, &account, &provider, &own.chain, "")
        .await
        .ok();
}

#[tokio::test]
async fn ks_72_a_certificate_of_an_agency_with_another_name_needs_a_reason() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let provider = agent(&office, &administrator).await;
    let agency = NamedAgency {
        name: "STTTT Đắk Nông".to_owned(),
        ..NamedAgency::default()
    };
    let at = "2025-06-01T00:00:00Z".parse().unwrap();
    let issued = authority().agency(&agency, Key::P256, at).unwrap();
    let refused = upload(&administrator, "", &provider, &issued.chain, "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("ghi lý do xác nhận"), "{}", refused.text);
    let bound = upload(
        &administrator,
        "",
        &provider,
        &issued.chain,
        "Tên viết tắt trong chứng thư cũ",
    )
    .await
    .ok();
    let binding = super::agency(&office.app, administrator.agency)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(binding.chain, issued.chain, "the one bound last is used");
    let page = administrator.get(&bound.location).await.ok().text;
    assert!(page.contains("quản trị xác nhận: Tên viết tắt"), "{page}");
}

#[tokio::test]
async fn ks_30_an_expired_certificate_no_longer_signs() {
    let office = Office::new().await;
    let leader = office.person("hungdm.stttt").await;
    assert!(
        super::person(&office.app, leader.account)
            .await
            .unwrap()
            .is_some()
    );
    office.clock.set("2036-01-01T00:00:00Z".parse().unwrap());
    assert!(
        super::person(&office.app, leader.account)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn the_demo_signs_with_software_keys_that_its_trust_list_accepts() {
    let office = Office::new().await;
    let context = trust::context(&office.app).await.unwrap();
    for account in ["khaitq.ubnd", "hungdm.stttt", "sonnv.xdaklao"] {
        let leader = office.person(account).await;
        let own = super::person(&office.app, leader.account).await.unwrap().unwrap();
        let agencys = super::agency(&office.app, leader.agency).await.unwrap().unwrap();
        assert_eq!(own.kind, ProviderKind::Software);
        assert!(own.provider.label().contains("chỉ dùng thử"));
        for binding in [&own, &agencys] {
            let verdict = check_certificate(&binding.chain, context.now, &context.borrow());
            assert_eq!(
                verdict.verdict,
                Verdict::TotalPassed,
                "{}: {}",
                binding.label,
                verdict.reason
            );
        }
        let hash = [7; 32];
        let request = signing_providers::HashRequest {
            key: own.key.clone(),
            certificate: own.certificate().to_vec(),
            items: vec![signing_providers::HashItem {
                hash,
                description: "thử".to_owned(),
                message: None,
            }],
            expires_at: context.now + jiff::SignedDuration::from_mins(5),
            authorization: None,
        };
        let signatures = match own.provider.start(&request).await.unwrap() {
            signing_providers::Progress::Done(signatures) => signatures,
            other => panic!("{other:?}"),
        };
        signing_providers::raw::checked(own.certificate(), &hash, &signatures[0]).unwrap();
    }
}

#[tokio::test]
async fn nd30_32_every_use_of_a_key_is_in_its_log() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    let binding = super::agency(&office.app, clerk.agency).await.unwrap().unwrap();
    let app = &office.app;
    for n in 0..60 {
        let command = CommandId::from_uuid(app.ids.next());
        let actor = Actor {
            account: Some(clerk.account),
            label: "Lê Thị Ngọc Ánh, Văn thư".to_owned(),
            ..Actor::system()
        };
        let Begun::Now(mut act) = Act::begin::<()>(&app.db, &app.clock, &app.ids, actor, command)
            .await
            .unwrap()
        else {
            panic!()
        };
        let object = act.new_id();
        let document = format!("{n}/QĐ-STTTT");
        let used = KeyUse {
            binding: binding.id,
            agency: clerk.agency,
            purpose: Purpose::Issue,
            object_kind: "outgoing",
            object,
            document: &document,
            sha256: Some(&[1; 32]),
        };
        log_use(&mut act, &used).await.unwrap();
        act.journal(Entry {
            act: act_names::ISSUE,
            object_kind: "outgoing",
            object,
            agency: Some(clerk.agency),
            summary: document.clone(),
            details: serde_json::json!({}),
        })
        .await
        .unwrap();
        app.commit(act, &()).await.unwrap();
    }
    let page = clerk.get("/administration/signing/uses").await.ok().text;
    assert!(
        page.contains("59/QĐ-STTTT") && page.contains("Cơ quan ký văn bản ban hành"),
        "{page}"
    );
    assert!(!page.contains(">9/QĐ-STTTT"), "50 lines a page");
    let older = page
        .split("href=\"")
        .find(|part| part.contains("after="))
        .unwrap();
    let older = older
        .split('"')
        .next()
        .unwrap()
        .replace("&#38;", "&")
        .replace("&amp;", "&");
    assert!(clerk.get(&older).await.ok().text.contains(">9/QĐ-STTTT"));
    let elsewhere = office.person("oanhntk.snv").await;
    let path = format!("/administration/signing/uses?agency={}", clerk.agency);
    assert_eq!(elsewhere.get(&path).await.status, StatusCode::NOT_FOUND);
}
