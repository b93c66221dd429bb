//! Guessing, locking and being let in (Điều 4.2, 23.2c).

use axum::http::StatusCode;
use jiff::SignedDuration;
use store::{args, sql};

use super::{
    authenticate::{Denied, authenticate},
    limit::Origin,
};
use crate::{commands::demo, testing::Office};

async fn try_from(office: &Office, address: &str, username: &str, password: &str) -> Result<(), Denied> {
    let origin = Origin::of(address.parse().unwrap());
    match authenticate(&office.app, origin, username, password.to_owned())
        .await
        .unwrap()
    {
        Ok((mut act, known)) => {
            known
                .note(&mut act, crate::act_names::SIGN_IN, "Đăng nhập.")
                .await
                .unwrap();
            office.app.commit(act, &()).await.unwrap();
            Ok(())
        }
        Err(denied) => Err(denied),
    }
}

#[tokio::test]
async fn qc01_4_2_a_stranger_alone_does_not_lock_out_the_owner() {
    let office = Office::new().await;
    for n in 0..20 {
        let denied = try_from(&office, "203.0.113.9", "annv.stttt", "sai")
            .await
            .unwrap_err();
        assert_eq!(denied == Denied::Wrong, n < 4, "{n}: {denied:?}");
    }
    // Even the right password does not help there any more, but the owner sits elsewhere.
    assert!(
        try_from(&office, "203.0.113.9", "annv.stttt", demo::PASSWORD)
            .await
            .is_err()
    );
    try_from(&office, "198.51.100.7", "annv.stttt", demo::PASSWORD)
        .await
        .unwrap();
    // Twelve hours later the stranger may try again.
    office
        .clock
        .set(office.clock.now() + SignedDuration::from_hours(12));
    let denied = try_from(&office, "203.0.113.9", "annv.stttt", "sai")
        .await
        .unwrap_err();
    assert_eq!(denied, Denied::Wrong);
}

#[tokio::test]
async fn qc01_4_2_five_failures_from_anywhere_lock_until_an_administrator_opens() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let officer = office.person("annv.stttt").await;
    for n in 0..5 {
        let address = format!("203.0.113.{n}");
        assert_eq!(
            try_from(&office, &address, "annv.stttt", "sai").await,
            Err(Denied::Wrong)
        );
    }
    let locked = try_from(&office, "198.51.100.7", "annv.stttt", demo::PASSWORD)
        .await
        .unwrap_err();
    assert!(matches!(locked, Denied::Locked(_)));
    let path = format!("/api/v1/accounts/{}/unlock", officer.account);
    administrator.api(&path, &serde_json::json!({})).await.ok();
    try_from(&office, "198.51.100.7", "annv.stttt", demo::PASSWORD)
        .await
        .unwrap();
}

#[tokio::test]
async fn qc01_4_2_an_administrators_lock_is_short() {
    let office = Office::new().await;
    for name in ["tupa.stttt", "annv.stttt"] {
        for n in 0..5 {
            let denied = try_from(&office, &format!("203.0.113.{n}"), name, "sai").await;
            assert_eq!(denied, Err(Denied::Wrong));
        }
    }
    office
        .clock
        .set(office.clock.now() + SignedDuration::from_mins(15));
    try_from(&office, "198.51.100.7", "tupa.stttt", demo::PASSWORD)
        .await
        .unwrap();
    assert!(
        try_from(&office, "198.51.100.7", "annv.stttt", demo::PASSWORD)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn qc01_4_2_a_locked_an_open_and_a_missing_account_answer_alike() {
    let office = Office::new().await;
    let person = office.person("longhd.stttt").await;
    for n in 0..5 {
        try_from(&office, &format!("203.0.113.{n}"), "annv.stttt", "sai")
            .await
            .unwrap_err();
    }
    let mut answers = Vec::new();
    for (name, password) in [
        ("annv.stttt", demo::PASSWORD),
        ("annv.stttt", "sai"),
        ("longhd.stttt", "sai"),
        ("khong.co", "sai"),
    ] {
        let page = person
            .post("/sign-in", &[("username", name), ("password", password)])
            .await;
        let body = serde_json::json!({ "username": name, "password": password, "label": "x" });
        let api = person.api("/api/v1/tokens", &body).await;
        assert_eq!(
            (page.status, api.status),
            (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY)
        );
        answers.push((page.text.replace(&format!("value=\"{name}\""), "?"), api.text));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert!(answers[0].0.contains("tạm khóa"));
}

#[tokio::test]
async fn too_many_failures_from_one_network_are_told_to_wait_at_both_doors() {
    let office = Office::new().await;
    let person = office.person("annv.stttt").await;
    for n in 0..office.app.settings.sign_in.failures_per_minute {
        try_from(&office, "127.0.0.1", &format!("khong.co{n}"), "sai")
            .await
            .unwrap_err();
    }
    let page = person
        .post("/sign-in", &[("username", "annv.stttt"), ("password", "sai")])
        .await;
    let body = serde_json::json!({ "username": "annv.stttt", "password": "sai", "label": "x" });
    let api = person.api("/api/v1/tokens", &body).await;
    for answer in [page, api] {
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.text);
        assert_eq!(answer.header("retry-after"), Some("60"));
    }
}

#[tokio::test]
async fn signing_in_again_ends_the_session_before() {
    let office = Office::new().await;
    let person = office.person("annv.stttt").await;
    let fields = [("username", "longhd.stttt"), ("password", demo::PASSWORD)];
    person.post("/sign-in", &fields).await.ok();
    assert!(person.get("/").await.location.starts_with("/sign-in"));
    let left = office
        .app
        .db
        .all(
            sql!("SELECT csrf FROM session WHERE account_id = $1"),
            args![person.account],
        )
        .await
        .unwrap();
    assert!(left.is_empty());
}

#[tokio::test]
async fn a_band_says_that_the_data_are_made_up() {
    let office = Office::new().await;
    let person = office.person("annv.stttt").await;
    for path in ["/", "/account"] {
        assert!(
            person.get(path).await.ok().text.contains("Dữ liệu mẫu."),
            "{path}"
        );
    }
    assert!(
        office
            .stranger("GET", "/sign-in")
            .await
            .text
            .contains("Dữ liệu mẫu.")
    );
    demo::note_sample_data(&office.app).await.unwrap();
    assert!(office.app.has_sample_data(), "also on the next start");
}
