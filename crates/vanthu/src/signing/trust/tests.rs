use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::STANDARD};
use demo_pki::{DemoPki, Key, Person as Named};
use pdf_signature::pki::{Purpose, check_certificate};
use store::{args, sql};

use super::context;
use crate::testing::{Answer, Office, Person};

const PATH: &str = "/administration/signing/trust";

async fn add(person: &Person, file: &[u8], more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("label", "Gốc thử"), ("purposes", "signing")];
    fields.extend(more);
    person
        .post_files(PATH, &fields, &[("certificate", "goc.cer", file)])
        .await
}

fn authority() -> DemoPki {
    DemoPki::create("2025-06-01T00:00:00Z".parse().unwrap()).unwrap()
}

#[tokio::test]
async fn ks_05_the_provinces_administrator_adds_and_removes_anchors_and_the_version_counts() {
    let office = Office::new().await;
    let province = office.person("datdt.ubnd").await;
    let other = authority();
    let root = other.root().unwrap();
    let before = context(&office.app).await.unwrap().trust;
    assert_eq!(before.anchors.len(), 1, "the demo's own root");

    let person = other
        .person(
            &Named {
                name: "Nguyễn Văn An".to_owned(),
                ..Named::default()
            },
            Key::P256,
            "2025-06-01T00:00:00Z".parse().unwrap(),
        )
        .unwrap();
    let verdict = |of: super::OwnedContext| check_certificate(&person.chain, of.now, &of.borrow());
    let unknown = verdict(context(&office.app).await.unwrap());
    assert_ne!(unknown.anchor.as_deref(), Some("Gốc thử"));

    let pem = format!(
        "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
        STANDARD.encode(&root)
    );
    let added = add(
        &province,
        pem.as_bytes(),
        &[("valid_from", "2026-01-01"), ("valid_to", "2026-12-31")],
    )
    .await
    .ok();
    let after = context(&office.app).await.unwrap();
    assert_eq!(after.trust.anchors.len(), 2);
    assert_ne!(after.trust.version, before.version);
    let anchor = after
        .trust
        .anchors
        .iter()
        .find(|anchor| anchor.label == "Gốc thử")
        .unwrap();
    assert_eq!(anchor.purposes, [Purpose::Signing]);
    assert_eq!(anchor.valid_from.unwrap().to_string(), "2025-12-31T17:00:00Z");
    assert_eq!(anchor.valid_to.unwrap().to_string(), "2026-12-31T17:00:00Z");
    assert_eq!(verdict(after).anchor.as_deref(), Some("Gốc thử"));

    let page = province.get(&added.location).await.ok().text;
    let sha = super::pages::fingerprint(&hex::decode(sha256_of(&root)).unwrap());
    assert!(page.contains(&sha) && page.contains("Đỗ Tiến Đạt"), "{page}");
    let twice = add(&province, &root, &[]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.text.contains("đã có trong danh sách"));

    let remove = format!("{}/remove", added.location);
    assert_eq!(
        province.post(&remove, &[("reason", "")]).await.status,
        StatusCode::CONFLICT
    );
    province
        .post(&remove, &[("reason", "Tổ chức cấp thông báo thay khóa")])
        .await
        .ok();
    assert_eq!(context(&office.app).await.unwrap().trust.anchors.len(), 1);
    let page = province.get(PATH).await.ok().text;
    assert!(page.contains("Đã bỏ khỏi danh sách") && page.contains("Gốc thử"));
    let acts = office
        .app
        .db
        .all(
            sql!(
                "SELECT act FROM journal WHERE object_kind = 'trust' AND account_id IS NOT NULL ORDER BY seq"
            ),
            args![],
        )
        .await
        .unwrap();
    let acts: Vec<String> = acts.iter().map(|row| row.get("act").unwrap()).collect();
    assert_eq!(acts, ["trust.add", "trust.remove"]);
}

fn sha256_of(der: &[u8]) -> String {
    pdf_signature::pki::certificate_facts(der).unwrap().sha256
}

#[tokio::test]
async fn ks_05_no_subscriber_no_weak_and_no_foreign_file_becomes_an_anchor() {
    let office = Office::new().await;
    let province = office.person("datdt.ubnd").await;
    let other = authority();
    let at = "2025-06-01T00:00:00Z".parse().unwrap();
    let leaf = other
        .person(
            &Named {
                name: "Trần Văn B".to_owned(),
                ..Named::default()
            },
            Key::P256,
            at,
        )
        .unwrap();
    let refused = |answer: Answer, sentence: &'static str| {
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert!(answer.text.contains(sentence), "{sentence}: {}", answer.text);
    };
    refused(
        add(&province, &leaf.chain[0], &[]).await,
        "chứng thư của thuê bao",
    );
    refused(add(&province, b"khong phai chung thu", &[]).await, "PEM hoặc DER");
    let no_purpose = [("label", "x")];
    let file = other.root().unwrap();
    let files: [(&str, &str, &[u8]); 1] = [("certificate", "goc.cer", &file)];
    refused(
        province.post_files(PATH, &no_purpose, &files).await,
        "ít nhất một mục đích",
    );
    refused(
        province.post_files(PATH, &[("purposes", "xml")], &[]).await,
        "chọn tệp chứng thư",
    );
    let days = [("valid_from", "2026-02-02"), ("valid_to", "2026-02-01")];
    refused(
        add(&province, &file, &days).await,
        "không được trước ngày bắt đầu",
    );
    assert_eq!(context(&office.app).await.unwrap().trust.anchors.len(), 1);
}

#[tokio::test]
async fn qc01_23_4_trust_is_the_provinces_and_signing_pages_the_administrators() {
    let office = Office::new().await;
    let of_agency = office.person("tupa.stttt").await;
    let province = office.person("datdt.ubnd").await;
    let officer = office.person("annv.stttt").await;
    let clerk = office.person("anhltn.stttt").await;
    let provinces = ["/trust", "/algorithms", "/evidence", "/time-stamp"];
    let agencys = [
        "",
        "/certificates",
        "/certificates/new",
        "/images",
        "/images/new",
        "/providers",
        "/providers/new?kind=csc",
    ];
    for path in provinces {
        let path = format!("/administration/signing{path}");
        for person in [&of_agency, &officer, &clerk] {
            assert_eq!(person.get(&path).await.status, StatusCode::CONFLICT, "{path}");
        }
        province.get(&path).await.ok();
    }
    for path in agencys {
        let path = format!("/administration/signing{path}");
        assert_eq!(officer.get(&path).await.status, StatusCode::CONFLICT, "{path}");
        of_agency.get(&path).await.ok();
        let mark = if path.contains('?') { '&' } else { '?' };
        let elsewhere = format!("{path}{mark}agency={}", province.agency);
        assert_eq!(
            of_agency.get(&elsewhere).await.status,
            StatusCode::NOT_FOUND,
            "{elsewhere}"
        );
        let theirs = format!("{path}{mark}agency={}", of_agency.agency);
        province.get(&theirs).await.ok();
    }
    for path in ["/custody", "/uses"] {
        let path = format!("/administration/signing{path}");
        clerk.get(&path).await.ok();
        assert_eq!(officer.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let page = of_agency.get("/administration/signing").await.ok().text;
    assert!(
        page.contains("Khóa phần mềm (chỉ dùng thử)") && !page.contains("Toàn tỉnh"),
        "{page}"
    );
    let refused = of_agency.post_files(PATH, &[("purposes", "xml")], &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn ks_31_the_policy_of_algorithms_is_dated_data_and_never_weaker_than_the_law() {
    let office = Office::new().await;
    let province = office.person("datdt.ubnd").await;
    let path = "/administration/signing/algorithms";
    assert!(province.get(path).await.ok().text.contains("quy định mặc định"));
    let send = |fields: [(&'static str, &'static str); 4]| {
        let province = province.clone();
        async move { province.post(path, &fields).await }
    };
    let basis = ("basis", "Thông tư thử");
    for (algorithm, bits) in [("RSA", "1024"), ("ECDSA", "224"), ("SHA-1", ""), ("MD5", "0")] {
        let answer = send([
            ("algorithm", algorithm),
            ("min_bits", bits),
            ("valid_from", ""),
            basis,
        ])
        .await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{algorithm} {bits}"
        );
    }
    send([
        ("algorithm", "RSA"),
        ("min_bits", "3072"),
        ("valid_from", "2027-01-01"),
        basis,
    ])
    .await
    .ok();
    let policy = super::policy(&office.app).await.unwrap();
    let at = |text: &str| text.parse().unwrap();
    assert!(
        policy.accepts("RSA", 2048, at("2026-01-08T00:00:00Z")),
        "the built-in row stays until it is removed"
    );
    // Without the row of RSA-2048, only the new one holds, from its day on.
    let row = office
        .app
        .db
        .one(
            sql!("SELECT id FROM algorithm_rule WHERE algorithm = 'RSA' AND min_bits = 2048"),
            args![],
        )
        .await
        .unwrap();
    let remove = |id: uuid::Uuid| format!("{path}/{id}/remove");
    province.post(&remove(row.get("id").unwrap()), &[]).await.ok();
    let policy = super::policy(&office.app).await.unwrap();
    assert!(!policy.accepts("RSA", 4096, at("2026-12-31T16:59:59Z")));
    assert!(policy.accepts("RSA", 4096, at("2026-12-31T17:00:00Z")));
    assert!(!policy.accepts("RSA", 2048, at("2027-06-01T00:00:00Z")));
    // Something must stay.
    let left = office
        .app
        .db
        .all(
            sql!("SELECT id FROM algorithm_rule WHERE algorithm LIKE 'SHA-%' AND removed_at IS NULL"),
            args![],
        )
        .await
        .unwrap();
    for (place, row) in left.iter().enumerate() {
        let answer = province.post(&remove(row.get("id").unwrap()), &[]).await;
        let last = place + 1 == left.len();
        assert_eq!(answer.status == StatusCode::CONFLICT, last, "{}", answer.text);
    }
}
