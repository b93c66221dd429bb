use axum::http::StatusCode;
use rules::ids::PostId;
use store::{args, sql};

use super::may_use;
use crate::{
    error::AppError,
    testing::{Office, Person},
};

/// The secret-key device of an agency of the demo.
async fn device(office: &Office, person: &Person) -> String {
    let row = office
        .app
        .db
        .one(
            sql!("SELECT id FROM custody_device WHERE agency_id = $1 AND kind = 'secret_key'"),
            args![person.agency],
        )
        .await
        .unwrap();
    row.get::<uuid::Uuid>("id").unwrap().to_string()
}

async fn refused(office: &Office, person: &Person, agency: rules::ids::AgencyId) -> Option<&'static str> {
    let who = office.who(person).await;
    match may_use(&office.app, &who, agency).await {
        Ok(()) => None,
        Err(AppError::Refused(refusal)) => Some(refusal.clause),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn nd30_32_2b_who_keeps_the_device_uses_the_key_and_a_handover_moves_it() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    let administrator = office.person("tupa.stttt").await;
    let officer = office.person("annv.stttt").await;
    let agency = clerk.agency;
    assert_eq!(refused(&office, &clerk, agency).await, None);
    assert_eq!(refused(&office, &officer, agency).await, Some("ND30-32.2c"));
    assert_eq!(refused(&office, &administrator, agency).await, Some("ND30-32.2c"));
    let elsewhere = office.person("oanhntk.snv").await;
    assert_eq!(refused(&office, &elsewhere, agency).await, Some("ND30-32.2c"));

    let path = format!(
        "/administration/signing/custody/{}/hand-over",
        device(&office, &clerk).await
    );
    let to = officer.post.to_string();
    let at = "2026-01-08T07:59";
    let handover = |permission: &'static str, minutes: &'static str| {
        [
            ("to", to.clone()),
            ("permission", permission.to_owned()),
            ("minutes", minutes.to_owned()),
            ("at", at.to_owned()),
        ]
    };
    let send = |fields: [(&'static str, String); 4], by: Person| {
        let path = path.clone();
        async move {
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            by.post(&path, &fields).await
        }
    };
    // The device was given at the start of the demo: before that is refused, without papers too.
    let early = send(handover("QĐ 1", "BB 1"), administrator.clone()).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    office.clock.set("2026-01-08T04:00:00Z".parse().unwrap());
    let at = "2026-01-08T09:00";
    let fields = |permission: &str, minutes: &str| {
        [
            ("to", to.clone()),
            ("permission", permission.to_owned()),
            ("minutes", minutes.to_owned()),
            ("at", at.to_owned()),
        ]
    };
    for (permission, minutes) in [("", "BB 1"), ("QĐ 1", " ")] {
        let answer = send(fields(permission, minutes), administrator.clone()).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{permission}|{minutes}");
        assert!(answer.text.contains("Điểm b khoản 2 Điều 32"), "{}", answer.text);
    }
    // The clerk reads the record and does not write it; others do not even see it.
    assert_eq!(
        send(fields("QĐ 1", "BB 1"), clerk.clone()).await.status,
        StatusCode::CONFLICT
    );
    assert_eq!(
        send(fields("QĐ 1", "BB 1"), officer.clone()).await.status,
        StatusCode::NOT_FOUND
    );
    send(
        fields("Quyết định 12/QĐ-STTTT", "Biên bản 3/BB-STTTT"),
        administrator.clone(),
    )
    .await
    .ok();
    assert_eq!(refused(&office, &clerk, agency).await, Some("ND30-32.2b"));
    assert_eq!(refused(&office, &officer, agency).await, Some("ND30-32.2c"));

    let page = clerk.get(&path.replace("/hand-over", "")).await.ok().text;
    for seen in [
        "Quyết định 12/QĐ-STTTT",
        "Biên bản 3/BB-STTTT",
        "Lê Thị Ngọc Ánh",
        "Nguyễn Văn An",
        "09:00 08/01/2026",
    ] {
        assert!(page.contains(seen), "{seen}: {page}");
    }
    let kept = office
        .app
        .db
        .one(
            sql!("SELECT from_post, to_post, permission FROM custody_handover WHERE permission LIKE 'Quyết định 12%'"),
            args![],
        )
        .await
        .unwrap();
    assert_eq!(kept.get::<PostId>("from_post").unwrap(), clerk.post);
    assert_eq!(kept.get::<PostId>("to_post").unwrap(), officer.post);
}

#[tokio::test]
async fn nd30_32_1_a_new_device_is_given_to_the_clerk_first() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let clerk = office.person("anhltn.stttt").await;
    let officer = office.person("annv.stttt").await;
    let fields = [
        ("kind", "secret_key"),
        ("label", "Token số 2"),
        ("number", "A1B2"),
    ];
    let added = administrator
        .post("/administration/signing/custody", &fields)
        .await
        .ok();
    let page = administrator.get(&added.location).await.ok().text;
    assert!(page.contains("Chưa giao") && page.contains("A1B2"));
    let path = format!("{}/hand-over", added.location);
    let at = ("at", "2026-01-08T08:00");
    let papers = [("permission", "QĐ 2"), ("minutes", "BB 2")];
    let to = officer.post.to_string();
    let wrong = administrator
        .post(&path, &[("to", &to), papers[0], papers[1], at])
        .await;
    assert_eq!(wrong.status, StatusCode::CONFLICT);
    assert!(
        wrong.text.contains("Chọn văn thư") || wrong.text.contains("chọn văn thư"),
        "{}",
        wrong.text
    );
    let to = clerk.post.to_string();
    administrator
        .post(&path, &[("to", &to), papers[0], papers[1], at])
        .await
        .ok();
    // With one device handed on and one kept, the clerk still signs.
    assert_eq!(refused(&office, &clerk, clerk.agency).await, None);

    let retire = format!("{}/retire", added.location);
    assert_eq!(
        administrator.post(&retire, &[("reason", " ")]).await.status,
        StatusCode::CONFLICT
    );
    administrator.post(&retire, &[("reason", "Hỏng")]).await.ok();
    let again = administrator
        .post(&path, &[("to", &to), papers[0], papers[1], at])
        .await;
    assert_eq!(
        again.status,
        StatusCode::CONFLICT,
        "a device out of use stays where it is"
    );
}

#[tokio::test]
async fn nd30_32_an_agency_without_a_device_does_not_use_its_key() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    let mut tx = office.app.db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE custody_device SET holder = NULL WHERE agency_id = $1"),
        args![clerk.agency],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(refused(&office, &clerk, clerk.agency).await, Some("ND30-32.1"));
}
