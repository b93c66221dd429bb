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
async fn ks_46_software_keys_are_refused_outside_the_demo() {
    let office = Office::new().await;
    let province = office.person("datdt.ubnd").await;
    office
        .app
        .sample_data
        .store(false, std::sync::atomic::Ordering::Relaxed);
    let fields = [("kind", "software"), ("label", "Khóa trong tệp")];
    let refused = province.post(PROVIDERS, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("chỉ dùng thử với dữ liệu mẫu"),
        "{}",
        refused.text
    );
    assert!(!province.get(PROVIDERS).await.ok().text.contains("kind=software"));
    // Nor does the demo's authority stamp or list anything there.
    assert!(super::time_stamper(&office.app).await.is_err());
}

#[tokio::test]
async fn secrets_of_a_place_of_keys_are_encrypted_and_never_shown_again() {
    const SECRET: &str = "bi-mat-cua-dich-vu-4711";
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let fields = [
        ("kind", "pkcs11"),
        ("label", "HSM của Sở"),
        ("module", "/usr/lib/softhsm/libsofthsm2.so"),
        ("token", "so-tttt"),
        ("pin", SECRET),
    ];
    let insecure: Vec<_> = fields
        .iter()
        .map(|(name, value)| {
            (
                *name,
                if *name == "module" {
                    "libsofthsm2.so"
                } else {
                    *value
                },
            )
        })
        .collect();
    let refused = administrator.post(PROVIDERS, &insecure).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        !refused.text.contains(SECRET),
        "a refused form does not give the secret back"
    );
    let added = administrator.post(PROVIDERS, &fields).await.ok();
    assert!(
        !administrator
            .get(&added.location)
            .await
            .ok()
            .text
            .contains(SECRET)
    );
    let row = office
        .app
        .db
        .one(
            sql!("SELECT id, settings, secret FROM signing_provider WHERE kind = 'pkcs11'"),
            args![],
        )
        .await
        .unwrap();
    let sealed: Vec<u8> = row.get("secret").unwrap();
    assert!(!row.get::<String>("settings").unwrap().contains(SECRET));
    assert!(!sealed.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()));
    let told = office
        .app
        .db
        .all(
            sql!(
                "SELECT answer AS text FROM command UNION ALL SELECT summary || details AS text FROM journal"
            ),
            args![],
        )
        .await
        .unwrap();
    assert!(
        told.iter()
            .all(|row| !row.get::<String>("text").unwrap().contains(SECRET))
    );
    // It opens with the key file, and its secret goes when it is retired.
    let id: Uuid = row.get("id").unwrap();
    super::providers::open(&office.app, id).await.unwrap();
    administrator
        .post(&format!("{PROVIDERS}/{id}/retire"), &[])
        .await
        .ok();
    let row = office
        .app
        .db
        .one(
            sql!("SELECT secret FROM signing_provider WHERE id = $1"),
            args![id],
        )
        .await
        .unwrap();
    assert!(row.get::<Option<Vec<u8>>>("secret").unwrap().is_none());
}

#[tokio::test]
async fn an_administrator_tries_a_place_of_keys_and_picks_certificates_there() {
    let office = Office::new().await;
    let province = office.person("datdt.ubnd").await;
    let of_agency = office.person("tupa.stttt").await;
    let row = office
        .app
        .db
        .one(
            sql!("SELECT id FROM signing_provider WHERE kind = 'software'"),
            args![],
        )
        .await
        .unwrap();
    let id: Uuid = row.get("id").unwrap();
    let test = format!("{PROVIDERS}/{id}/test");
    assert_eq!(
        of_agency.post(&test, &[]).await.status,
        StatusCode::CONFLICT,
        "it is the province's"
    );
    province.post(&test, &[]).await.ok();
    assert!(province.get(PROVIDERS).await.ok().text.contains("Kết nối tốt"));

    // The keys are gone: the page says so, and a binding there no longer opens.
    let leader = office.person("hungdm.stttt").await;
    let pick = format!(
        "{CERTIFICATES}/new?agency={}&account={}&provider={id}&step=2",
        of_agency.agency, leader.account
    );
    let page = of_agency.get(&pick).await.ok().text;
    assert!(
        page.contains("hungdm.stttt") && page.contains("Đặng Minh Hưng"),
        "{page}"
    );
    assert!(
        !page.contains("Huỳnh Công Nghĩa"),
        "certificates of other names are not offered"
    );
    let fields = [
        ("account", leader.account.to_string()),
        ("provider", id.to_string()),
        ("key", "hungdm.stttt".to_owned()),
    ];
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let twice = of_agency.post_files(CERTIFICATES, &fields, &[]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.text.contains("đã được gắn"), "{}", twice.text);
    let gone: Vec<_> = fields
        .iter()
        .map(|(name, value)| (*name, if *name == "key" { "khac" } else { *value }))
        .collect();
    let gone = of_agency.post_files(CERTIFICATES, &gone, &[]).await;
    assert!(gone.text.contains("Không còn thấy chứng thư"), "{}", gone.text);
}

#[tokio::test]
async fn ks_04_the_time_stamping_service_is_chosen_and_says_what_happens_when_it_is_down() {
    let office = Office::new().await;
    let province = office.person("datdt.ubnd").await;
    let path = "/administration/signing/time-stamp";
    let stamper = super::time_stamper(&office.app).await.unwrap().unwrap();
    let token = stamper.stamp(&[9; 32]).await.unwrap();
    assert!(!token.is_empty());
    let tested = province.post(&format!("{path}/test"), &[]).await.ok();
    assert!(tested.text.contains("Dịch vụ trả lời sau"), "{}", tested.text);

    let fields = |url: &'static str, when: &'static str| {
        [
            ("kind", "http"),
            ("url", url),
            ("user", "vanthu"),
            ("password", "mat-khau-4711"),
            ("when_down", when),
        ]
    };
    let refused = province
        .post(path, &fields("ftp://tsa.example.vn", "queue"))
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let in_the_clear = province
        .post(path, &fields("http://tsa.example.vn", "queue"))
        .await;
    assert_eq!(
        in_the_clear.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a password does not travel over http"
    );
    province
        .post(path, &fields("https://tsa.example.vn", "sign_with_warning"))
        .await
        .ok();
    assert_eq!(
        super::when_down(&office.app).await.unwrap(),
        WhenDown::SignWithWarning
    );
    assert!(super::time_stamper(&office.app).await.unwrap().is_some());
    assert!(!province.get(path).await.ok().text.contains("mat-khau-4711"));
    let row = office
        .app
        .db
        .one(
            sql!("SELECT value FROM signing_setting WHERE key = 'time_stamp'"),
            args![],
        )
        .await
        .unwrap();
    assert!(!row.get::<String>("value").unwrap().contains("mat-khau-4711"));
    province.post(path, &[("kind", "none")]).await.ok();
    assert!(super::time_stamper(&office.app).await.unwrap().is_none());
    assert_eq!(super::service(&office.app).await.unwrap(), TimeStampService::None);
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

#[test]
fn a_stamp_of_the_demo_fits_its_request() {
    let pki = authority();
    let now = "2026-01-08T01:00:00Z".parse().unwrap();
    let answer = pki
        .timestamp(&cms::timestamp_request(&[3; 32], 5), now, 7)
        .unwrap();
    assert!(cms::timestamp_token(&answer, &[3; 32], 5).is_ok());
    assert!(cms::timestamp_token(&answer, &[4; 32], 5).is_err());
}

#[tokio::test]
async fn ks_70_only_libraries_that_the_operator_named_are_loaded() {
    let office = Office::new().await;
    let province = office.person("datdt.ubnd").await;
    let who = office.who(&province).await;
    let app = &office.app;
    let new = NewProvider {
        agency: None,
        label: "Token của máy chủ".to_owned(),
        config: Some(ProviderConfig::Pkcs11(signing_providers::config::Pkcs11Config {
            label: "Token".to_owned(),
            module: "/tmp/thu-vien-la.so".into(),
            token: Some("a".to_owned()),
            serial: None,
            pin_secret: None,
            sessions: 1,
            wait_seconds: 1,
            pin_pad: false,
        })),
        secrets: HashMap::new(),
    };
    let command = || CommandId::from_uuid(app.ids.next());
    let is_refused = |error: AppError| error.problem().code == "provider.module_not_allowed";
    let saved = super::add_provider(app, &who, command(), new.clone()).await;
    assert!(is_refused(saved.unwrap_err()));
    // One that an older version of the program saved is not opened either.
    let Begun::Now(mut act) = app.begin::<()>(&who, command()).await.unwrap() else {
        panic!()
    };
    let id = super::providers::insert(app, &mut act, &new, "Token của máy chủ")
        .await
        .unwrap();
    app.commit(act, &()).await.unwrap();
    let opened = super::providers::open(app, id).await.map(|_| ());
    assert!(is_refused(opened.unwrap_err()));
}
