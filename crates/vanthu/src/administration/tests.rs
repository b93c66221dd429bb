use axum::http::StatusCode;
use rules::ids::AccountId;
use serde_json::json;
use store::{args, sql};

use crate::testing::{Answer, Office, Person};

async fn id_of(office: &Office, username: &str) -> String {
    let found = office
        .app
        .db
        .one(
            sql!("SELECT id FROM account WHERE username = $1"),
            args![username],
        )
        .await
        .unwrap();
    found.get::<AccountId>("id").unwrap().to_string()
}

async fn create(administrator: &Person, full_name: &str) -> Answer {
    let body = json!({ "full_name": full_name, "title": "Chuyên viên", "role": "officer" });
    administrator.api("/api/v1/accounts", &body).await
}

#[tokio::test]
async fn qc01_23_1c_closing_an_account_ends_its_sessions_and_tokens_at_once() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let officer = office.person("annv.stttt").await;
    let id = id_of(&office, "annv.stttt").await;
    officer.get("/").await.ok();
    officer.api_get("/api/v1/boxes").await.ok();
    let path = format!("/administration/accounts/{id}/close");
    let silent = administrator.post(&path, &[("reason", " ")]).await;
    assert_eq!(silent.status, StatusCode::CONFLICT, "a reason is needed");
    officer.get("/").await.ok();
    administrator.post(&path, &[("reason", "Nghỉ hưu")]).await.ok();
    assert!(officer.get("/").await.location.starts_with("/sign-in"));
    assert_eq!(
        officer.api_get("/api/v1/boxes").await.status,
        StatusCode::UNAUTHORIZED
    );
    let again = administrator.post(&path, &[("reason", "Nghỉ hưu")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let page = administrator
        .get(&format!("/administration/accounts/{id}"))
        .await
        .ok()
        .text;
    assert!(
        page.contains("Đã khóa hẳn") && page.contains("Nghỉ hưu"),
        "{page}"
    );
    assert!(!page.contains("reset-password"));
    let own = format!(
        "/administration/accounts/{}/close",
        id_of(&office, "tupa.stttt").await
    );
    assert_eq!(
        administrator.post(&own, &[("reason", "x")]).await.status,
        StatusCode::CONFLICT
    );
}

#[tokio::test]
async fn qc01_23_1_an_administrator_manages_the_own_agency_only_and_the_provinces_all() {
    let office = Office::new().await;
    let of_agency = office.person("tupa.stttt").await;
    let of_province = office.person("datdt.ubnd").await;
    let officer = office.person("annv.stttt").await;
    let elsewhere = id_of(&office, "oanhntk.snv").await;
    let missing = "018f0000-0000-7000-8000-000000000001";
    for id in [elsewhere.as_str(), missing] {
        let page = of_agency.get(&format!("/administration/accounts/{id}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
        for act in ["close", "unlock", "reset-password"] {
            let path = format!("/api/v1/accounts/{id}/{act}");
            let body = json!({ "reason": "thử" });
            assert_eq!(
                of_agency.api(&path, &body).await.status,
                StatusCode::NOT_FOUND,
                "{act}"
            );
            assert_eq!(
                officer.api(&path, &body).await.status,
                StatusCode::CONFLICT,
                "{act}"
            );
        }
    }
    for path in ["agencies", "accounts", "accounts/new", "journal"] {
        let answer = officer.get(&format!("/administration/{path}")).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{path}");
        of_agency.get(&format!("/administration/{path}")).await.ok();
        of_province.get(&format!("/administration/{path}")).await.ok();
    }
    let agency = office.person("oanhntk.snv").await.agency;
    for path in [
        format!("/administration/agencies/{agency}"),
        format!("/administration/accounts?agency={agency}"),
        format!("/administration/accounts/new?agency={agency}"),
    ] {
        assert_eq!(of_agency.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        of_province.get(&path).await.ok();
    }
    let list = of_agency.get("/administration/accounts").await.ok().text;
    assert!(list.contains("annv.stttt") && !list.contains("oanhntk.snv"));
    let all = of_province
        .api_get("/api/v1/accounts?q=kim+oanh")
        .await
        .ok()
        .json();
    assert_eq!(all["items"][0]["username"], "oanhntk.snv");
    of_province
        .api(&format!("/api/v1/accounts/{elsewhere}/unlock"), &json!({}))
        .await
        .ok();
}

#[tokio::test]
async fn qc01_7_2b_officers_of_the_same_name_get_different_accounts() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let first = create(&administrator, "Nguyễn Văn An").await.ok().json();
    assert_eq!(first["username"], "annv2.stttt");
    assert_eq!(
        create(&administrator, "Nguyễn Vân Ân").await.ok().json()["username"],
        "annv3.stttt"
    );
    let nameless = create(&administrator, "--").await;
    assert_eq!(nameless.json()["clause"], "QC01-7.2a");
    let list = administrator
        .api_get("/api/v1/accounts?q=nguyen+van+an")
        .await
        .ok()
        .json();
    assert_eq!(
        list["items"].as_array().unwrap().len(),
        3,
        "found without accents"
    );

    let password = first["password"].as_str().unwrap();
    let request = json!({ "username": "annv2.stttt", "password": password, "label": "x" });
    // The right password: what it opens first is the change of it.
    let answer = administrator.api("/api/v1/tokens", &request).await.json();
    assert_eq!(answer["code"], "account.must_change_password");
}

#[tokio::test]
async fn qc01_4_2_a_new_password_is_shown_once_and_kept_nowhere() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let officer = office.person("annv.stttt").await;
    let path = format!(
        "/api/v1/accounts/{}/reset-password",
        id_of(&office, "annv.stttt").await
    );
    let command = office.app.ids.next();
    let first = administrator
        .api_command(&path, command, &json!({}))
        .await
        .ok()
        .json();
    let password = first["password"].as_str().unwrap();
    let again = administrator
        .api_command(&path, command, &json!({}))
        .await
        .ok()
        .json();
    assert!(
        again["password"].is_null(),
        "the same command does not show it again"
    );
    assert_eq!(
        officer.api_get("/api/v1/boxes").await.status,
        StatusCode::UNAUTHORIZED
    );
    let kept = office
        .app
        .db
        .all(
            sql!("SELECT answer AS text FROM command UNION ALL SELECT details AS text FROM journal"),
            args![],
        )
        .await
        .unwrap();
    assert!(
        kept.iter()
            .all(|row| !row.get::<String>("text").unwrap().contains(password))
    );
    let request = json!({ "username": "annv.stttt", "password": password, "label": "x" });
    // The right password: what it opens first is the change of it.
    let answer = administrator.api("/api/v1/tokens", &request).await.json();
    assert_eq!(answer["code"], "account.must_change_password");
}

#[tokio::test]
async fn qc01_4_2_an_account_locked_by_wrong_passwords_is_opened_by_its_administrator() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let try_with = |password: &'static str| {
        let request = json!({ "username": "annv.stttt", "password": password, "label": "x" });
        let administrator = administrator.clone();
        async move { administrator.api("/api/v1/tokens", &request).await.status }
    };
    for _ in 0..5 {
        assert_eq!(try_with("sai").await, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let right = crate::commands::demo::PASSWORD;
    assert_eq!(try_with(right).await, StatusCode::UNPROCESSABLE_ENTITY);
    let id = id_of(&office, "annv.stttt").await;
    let page = administrator
        .get(&format!("/administration/accounts/{id}"))
        .await
        .ok()
        .text;
    assert!(page.contains("Tạm chặn từ một mạng") && page.contains("/unlock"));
    administrator
        .post(&format!("/administration/accounts/{id}/unlock"), &[])
        .await
        .ok();
    assert_eq!(try_with(right).await, StatusCode::CREATED);
}

#[tokio::test]
async fn qc01_4_3_the_journal_of_an_agency_shows_its_acts_and_no_content() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let province = office.person("datdt.ubnd").await;
    create(&administrator, "Trần Thị Bình Minh").await.ok();
    let own = administrator.get("/administration/journal").await.ok().text;
    assert!(own.contains("Tạo tài khoản minhttb.stttt"), "{own}");
    assert!(
        province
            .get("/administration/journal")
            .await
            .ok()
            .text
            .contains("minhttb.stttt")
    );
    let elsewhere = office.person("baolq.snv").await;
    assert!(
        !elsewhere
            .get("/administration/journal")
            .await
            .ok()
            .text
            .contains("minhttb.stttt")
    );
    let head = office.person("hungdm.stttt").await;
    assert!(
        head.get("/administration/journal")
            .await
            .ok()
            .text
            .contains("minhttb.stttt")
    );
}

#[tokio::test]
async fn the_form_keeps_what_was_typed_when_it_is_refused() {
    let office = Office::new().await;
    let administrator = office.person("tupa.stttt").await;
    let fields = [
        ("full_name", "Lê Thị Hòa"),
        ("title", "Trưởng phòng"),
        ("role", "unit_head"),
        ("unit", ""),
    ];
    let refused = administrator.post("/administration/accounts", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("value=\"Lê Thị Hòa\"") && refused.text.contains("phải thuộc một đơn vị"));
    let page = administrator.get("/administration/agencies").await.ok().text;
    assert!(page.contains("Sở Thông tin và Truyền thông"));
    let agency = administrator
        .get(&format!("/administration/agencies/{}", administrator.agency))
        .await
        .ok()
        .text;
    assert!(agency.contains("Nguyễn Văn An") && agency.contains("Phòng Bưu chính - Viễn thông"));
}

#[tokio::test]
async fn qc01_23_1_the_administrator_of_a_partner_or_of_a_split_off_agency_is_not_the_provinces() {
    let office = Office::new().await;
    let province = office.person("datdt.ubnd").await;
    let partner = office
        .app
        .db
        .one(
            sql!("SELECT id FROM agency WHERE level = 'partner' LIMIT 1"),
            args![],
        )
        .await
        .unwrap();
    let partner: rules::ids::AgencyId = partner.get("id").unwrap();
    let body = |role: &str| json!({ "agency": partner, "full_name": "Lê Văn Bình", "title": "Cán bộ", "role": role });
    let refused = province.api("/api/v1/accounts", &body("administrator")).await;
    assert_eq!(
        (refused.status, refused.json()["code"].as_str()),
        (StatusCode::CONFLICT, Some("account.partner_administrator"))
    );
    province.api("/api/v1/accounts", &body("officer")).await.ok();
    // However it came to be: an administrator of an agency with nothing above it manages that agency only.
    let administrator = office.person("tupa.stttt").await;
    let clerk_of_province = id_of(&office, "datdt.ubnd").await;
    for level in ["partner", "department", "district", "commune", "subordinate"] {
        let mut tx = office.app.db.begin().await.unwrap();
        tx.run(
            sql!("UPDATE agency SET parent_id = NULL, level = $2 WHERE id = $1"),
            args![administrator.agency, level],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        assert!(
            !office.who(&administrator).await.actor.is_province_administrator,
            "{level}"
        );
        let path = format!("/api/v1/accounts/{clerk_of_province}/reset-password");
        assert_eq!(
            administrator.api(&path, &json!({})).await.status,
            StatusCode::NOT_FOUND
        );
        let journal = administrator.get("/administration/journal").await.ok().text;
        assert!(!journal.contains("Tất cả cơ quan"), "{level}");
    }
    assert!(office.who(&province).await.actor.is_province_administrator);
}
