//! Places of keys and the time-stamping service: KS-04, KS-46, KS-70.

use super::*;
use crate::signing::keys;

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
    assert!(keys::time_stamper(&office.app).await.is_err());
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
    keys::providers::open(&office.app, id).await.unwrap();
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
    let stamper = keys::time_stamper(&office.app).await.unwrap().unwrap();
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
        keys::when_down(&office.app).await.unwrap(),
        WhenDown::SignWithWarning
    );
    assert!(keys::time_stamper(&office.app).await.unwrap().is_some());
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
    assert!(keys::time_stamper(&office.app).await.unwrap().is_none());
    assert_eq!(keys::service(&office.app).await.unwrap(), TimeStampService::None);
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
    let saved = keys::add_provider(app, &who, command(), new.clone()).await;
    assert!(is_refused(saved.unwrap_err()));
    // One that an older version of the program saved is not opened either.
    let Begun::Now(mut act) = app.begin::<()>(&who, command()).await.unwrap() else {
        panic!()
    };
    let id = keys::providers::insert(app, &mut act, &new, "Token của máy chủ")
        .await
        .unwrap();
    app.commit(act, &()).await.unwrap();
    let opened = keys::providers::open(app, id).await.map(|_| ());
    assert!(is_refused(opened.unwrap_err()));
}
