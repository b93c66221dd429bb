use axum::http::StatusCode;
use pdf_signature::appearance::Ink;
use store::{args, sql};

use super::{encode::tests::ring, handwriting, seal};
use crate::testing::Office;

const PATH: &str = "/administration/signing/images";
const RED: [u8; 3] = [200, 20, 20];
const BLUE: [u8; 3] = [20, 40, 180];

#[tokio::test]
async fn pl1_8a_a_seal_is_set_with_its_real_diameter_and_replaced() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let send = |png: Vec<u8>, diameter: &'static str| {
        let administrator = administrator.clone();
        async move {
            let files: [(&str, &str, &[u8]); 1] = [("image", "dau.png", &png)];
            administrator
                .post_files(PATH, &[("account", ""), ("diameter", diameter)], &files)
                .await
        }
    };
    for (png, diameter, sentence) in [
        (ring(300, BLUE), "36", "màu đỏ"),
        (ring(300, RED), "", "đường kính"),
        (ring(300, RED), "12", "từ 20 mm đến 60 mm"),
        (b"khong phai anh".to_vec(), "36", "PNG"),
    ] {
        let answer = send(png, diameter).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(sentence), "{sentence}: {}", answer.text);
    }
    send(ring(300, RED), "36").await.ok();
    send(ring(400, RED), "36,5").await.ok();
    let kept = seal(&office.app, administrator.agency).await.unwrap().unwrap();
    assert!((kept.diameter_mm - 36.5).abs() < 1e-9);
    assert_eq!(kept.image.ink(), Ink::Red);
    let rows = office
        .app
        .db
        .all(
            sql!("SELECT id, removed_at FROM signature_image WHERE owner = 'agency' ORDER BY id"),
            args![],
        )
        .await
        .unwrap();
    assert_eq!(rows.len(), 2);
    assert!(
        rows[0].get::<Option<i64>>("removed_at").unwrap().is_some(),
        "the earlier one stays on record"
    );
    let page = administrator.get(PATH).await.ok().text;
    assert!(page.contains("Đường kính 36,5 mm"), "{page}");

    let id: uuid::Uuid = rows[1].get("id").unwrap();
    let picture = administrator.get(&format!("{PATH}/{id}")).await.ok();
    assert_eq!(picture.header("content-type"), Some("image/png"));
    assert!(picture.bytes.starts_with(b"\x89PNG"));
    let elsewhere = office.person("baolq.snv").await;
    assert_eq!(
        elsewhere.get(&format!("{PATH}/{id}")).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        elsewhere.post(&format!("{PATH}/{id}/remove"), &[]).await.status,
        StatusCode::NOT_FOUND
    );
    administrator.post(&format!("{PATH}/{id}/remove"), &[]).await.ok();
    assert!(
        seal(&office.app, administrator.agency).await.unwrap().is_none(),
        "the demo does not draw it again"
    );
}

#[tokio::test]
async fn pl1_7d_handwriting_belongs_to_one_person_of_the_agency() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let leader = office.person("hungdm.stttt").await;
    let elsewhere = office.person("oanhntk.snv").await;
    let png = ring(300, BLUE);
    let files: [(&str, &str, &[u8]); 1] = [("image", "ky.png", &png)];
    let of = |account: rules::ids::AccountId| account.to_string();
    let wrong = administrator
        .post_files(PATH, &[("account", &of(elsewhere.account))], &files)
        .await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
    administrator
        .post_files(PATH, &[("account", &of(leader.account))], &files)
        .await
        .ok();
    let image = handwriting(&office.app, leader.account).await.unwrap().unwrap();
    assert_eq!(image.ink(), Ink::Blue);
    let red = ring(300, RED);
    let files: [(&str, &str, &[u8]); 1] = [("image", "ky.png", &red)];
    let refused = administrator
        .post_files(PATH, &[("account", &of(leader.account))], &files)
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("màu xanh"));
}

#[tokio::test]
async fn images_of_the_demo_are_drawn_when_they_are_first_needed_and_never_outside_it() {
    let office = Office::new().await;
    let leader = office.person("hungdm.stttt").await;
    let first = handwriting(&office.app, leader.account).await.unwrap().unwrap();
    assert_eq!(first.ink(), Ink::Blue);
    let drawn = seal(&office.app, leader.agency).await.unwrap().unwrap();
    assert_eq!(drawn.image.ink(), Ink::Red);
    assert!((drawn.diameter_mm - 36.0).abs() < 1e-9);
    office
        .app
        .sample_data
        .store(false, std::sync::atomic::Ordering::Relaxed);
    let clerk = office.person("oanhntk.snv").await;
    assert!(seal(&office.app, clerk.agency).await.unwrap().is_none());
    assert!(handwriting(&office.app, clerk.account).await.unwrap().is_none());
}
