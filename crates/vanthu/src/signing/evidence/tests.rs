use async_trait::async_trait;
use axum::http::StatusCode;
use demo_pki::DemoPki;
use jiff::Timestamp;
use pdf_signature::pki::Wanted;
use signing_providers::{EvidenceSource, Fetched, ProviderError};
use store::{args, sql};

use super::{fetch, load};
use crate::{
    signing::trust,
    testing::{Answer, Office, Person},
};

const PATH: &str = "/administration/signing/evidence";

fn authority() -> DemoPki {
    DemoPki::create("2025-06-01T00:00:00Z".parse().unwrap()).unwrap()
}

async fn import(person: &Person, file: &[u8]) -> Answer {
    let files: [(&str, &str, &[u8]); 1] = [("file", "danh-sach.crl", file)];
    person.post_files(&format!("{PATH}/import"), &[], &files).await
}

#[tokio::test]
async fn ks_08_a_revocation_list_is_imported_by_hand_and_a_newer_one_takes_its_place() {
    let office = Office::new().await;
    let province = office.person("datdt.ubnd").await;
    let pki = authority();
    let before = load(&office.app).await.unwrap();
    let at = |text: &str| -> Timestamp { text.parse().unwrap() };
    let (old, new) = (
        pki.crl(&[], at("2026-01-06T00:00:00Z")).unwrap(),
        pki.crl(&[], at("2026-01-07T00:00:00Z")).unwrap(),
    );
    import(&province, &old).await.ok();
    assert_eq!(load(&office.app).await.unwrap().crls.len(), before.crls.len() + 1);
    import(&province, &new).await.ok();
    import(&province, &pki.issuing().unwrap()).await.ok();
    let after = trust::context(&office.app).await.unwrap().evidence;
    assert!(after.crls.contains(&new) && !after.crls.contains(&old));
    assert_eq!(after.certificates.len(), before.certificates.len() + 1);
    for wrong in [b"khong phai CRL".as_slice(), &new[..50]] {
        let refused = import(&province, wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("danh sách thu hồi"));
    }
    let page = province.get(PATH).await.ok().text;
    assert!(page.contains("Nhập từ tệp") && page.contains("Còn hạn"), "{page}");
    let told = office
        .app
        .db
        .all(
            sql!("SELECT seq FROM journal WHERE act = 'evidence.import'"),
            args![],
        )
        .await
        .unwrap();
    assert_eq!(told.len(), 3);
}

#[tokio::test]
async fn v6_offline_nothing_is_fetched_and_the_demo_renews_its_own_lists() {
    let office = Office::new().await;
    let wanted = [Wanted::Crl {
        url: "http://crl.example.vn/ca.crl".to_owned(),
    }];
    assert_eq!(fetch(&office.app, &wanted).await.unwrap(), 0);
    let tried = office
        .app
        .db
        .all(sql!("SELECT url FROM evidence_source"), args![])
        .await
        .unwrap();
    assert!(tried.is_empty(), "not even tried");
    assert_eq!(super::tend(&office.app).await.unwrap(), 0, "the lists are fresh");
    office.clock.set("2026-01-14T00:00:00Z".parse().unwrap());
    let before = load(&office.app).await.unwrap();
    assert!(super::tend(&office.app).await.unwrap() >= 1);
    let after = load(&office.app).await.unwrap();
    assert_eq!(before.crls.len(), after.crls.len());
    assert_ne!(before.crls, after.crls);
    let leader = office.person("hungdm.stttt").await;
    let binding = crate::signing::keys::person(&office.app, leader.account)
        .await
        .unwrap()
        .unwrap();
    let context = trust::context(&office.app).await.unwrap();
    let verdict = pdf_signature::pki::check_certificate(&binding.chain, context.now, &context.borrow());
    assert_eq!(verdict.verdict.label(), "HỢP LỆ", "{}", verdict.reason);
}

#[derive(Debug)]
struct Network {
    list: Vec<u8>,
}

#[async_trait]
impl EvidenceSource for Network {
    async fn fetch(&self, wanted: &Wanted) -> Result<Fetched, ProviderError> {
        if wanted.url().contains("down") {
            return Err(ProviderError::Unavailable("503".to_owned()));
        }
        Ok(Fetched::Crl(self.list.clone()))
    }
}

#[tokio::test]
async fn ks_30_what_was_fetched_is_kept_until_it_is_due_and_failures_are_told() {
    let office = Office::new().await;
    let province = office.person("datdt.ubnd").await;
    let now = office.app.clock.now();
    let network = Network {
        list: authority().crl(&[], now).unwrap(),
    };
    let url = |name: &str| Wanted::Crl {
        url: format!("http://{name}.example.vn/ca.crl"),
    };
    let kept = super::fetch::fetch_from(&office.app, &network, &[url("crl"), url("down")])
        .await
        .unwrap();
    assert_eq!(kept, 1);
    assert!(load(&office.app).await.unwrap().crls.contains(&network.list));
    let rows = office
        .app
        .db
        .all(
            sql!("SELECT url, next_at, failures, error FROM evidence_source ORDER BY url"),
            args![],
        )
        .await
        .unwrap();
    let next = |place: usize| {
        rows[place]
            .get::<Timestamp>("next_at")
            .unwrap()
            .duration_since(now)
    };
    assert_eq!(next(0), jiff::SignedDuration::from_hours(24));
    assert_eq!(next(1), jiff::SignedDuration::from_mins(10));
    assert_eq!(rows[0].get::<i64>("failures").unwrap(), 0);
    assert_eq!(rows[1].get::<i64>("failures").unwrap(), 1);
    let page = province.get(PATH).await.ok().text;
    assert!(page.contains("Không lấy được") && page.contains("503"), "{page}");
}

#[tokio::test]
async fn ks_30_the_administrator_names_the_hosts_that_may_be_called() {
    let office = Office::new().await;
    let province = office.person("datdt.ubnd").await;
    let path = format!("{PATH}/settings");
    let wrong = province.post(&path, &[("online", "on"), ("hosts", "*.vn")]).await;
    assert_eq!(
        wrong.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a whole top-level domain is no list"
    );
    province
        .post(
            &path,
            &[("online", "on"), ("hosts", "crl.example.vn\n*.ca.example.vn")],
        )
        .await
        .ok();
    let settings = super::settings(&office.app).await.unwrap();
    assert!(!settings.offline);
    assert_eq!(settings.hosts, ["crl.example.vn", "*.ca.example.vn"]);
    province.post(&path, &[("hosts", "")]).await.ok();
    assert!(super::settings(&office.app).await.unwrap().offline);
}

#[tokio::test]
async fn ks_30_a_list_that_no_known_issuer_signed_does_not_put_the_genuine_one_away() {
    let office = Office::new().await;
    let now = office.app.clock.now();
    let later = now + jiff::SignedDuration::from_hours(1);
    let genuine_pki = crate::signing::demo::demo_pki_of(&office.app)
        .await
        .unwrap()
        .unwrap();
    let url = [Wanted::Crl {
        url: "http://crl.example.vn/ca.crl".to_owned(),
    }];
    let bring = async |list: &[u8]| {
        let network = Network { list: list.to_vec() };
        super::fetch::fetch_from(&office.app, &network, &url)
            .await
            .unwrap();
        load(&office.app).await.unwrap().crls
    };
    let genuine = genuine_pki.crl(&[], now).unwrap();
    assert!(bring(&genuine).await.contains(&genuine));
    // Another authority of the same name.
    let forged = authority().crl(&[], later).unwrap();
    let kept = bring(&forged).await;
    assert!(kept.contains(&genuine), "the genuine list stays");
    // Forged ones do not pile up.
    let forged_again = authority()
        .crl(&[], later + jiff::SignedDuration::from_hours(1))
        .unwrap();
    let kept = bring(&forged_again).await;
    assert!(kept.contains(&genuine) && !kept.contains(&forged));
    let newest = genuine_pki
        .crl(&[], later + jiff::SignedDuration::from_hours(2))
        .unwrap();
    let kept = bring(&newest).await;
    assert!(kept.contains(&newest) && !kept.contains(&genuine) && !kept.contains(&forged_again));
}
