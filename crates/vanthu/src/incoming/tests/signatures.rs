//! Signatures at reception: NT-02, NT-03, the legal value, checks again.

use jiff::SignedDuration;

use super::*;
use crate::{
    exchange,
    testing::{
        pdf,
        signed::{Signers, give_lists, trust},
    },
};

/// The office with an authority that it trusts; documents come from UBND tỉnh Đắk Nông.
struct Signed {
    cast: Cast,
    signers: Signers,
}

impl Signed {
    /// With fresh lists of revoked certificates, or without any.
    async fn new(has_lists: bool) -> Self {
        let cast = Cast::new().await;
        let now = cast.office.app.clock.now();
        let signers = Signers::new(now, "Ủy ban nhân dân tỉnh Đắk Nông", "H16");
        let lists = if has_lists {
            signers.crls(&[], now)
        } else {
            Vec::new()
        };
        trust(&cast.office.app, &signers, &lists).await;
        Self { cast, signers }
    }

    fn file(&self) -> Vec<u8> {
        let an_hour_ago = self.cast.office.app.clock.now() - SignedDuration::from_hours(1);
        self.signers.both(&pdf("Noi dung van ban"), an_hour_ago)
    }

    /// A packet with these bytes; `announced` are the bytes that the sender announces.
    async fn deliver(&self, number: u32, content: &[u8], announced: &[u8]) -> IncomingId {
        let mut packet = self.cast.packet_of(number, content).await;
        packet.announced[0].sha256 = Some(Digest::of(announced).to_string());
        let id = self.cast.deliver(packet).await;
        exchange::drain(&self.cast.office.app).await.unwrap();
        id
    }

    async fn seen(&self, id: IncomingId) -> Value {
        self.cast.seen(&self.cast.clerk, id).await
    }

    async fn verdicts(&self, id: IncomingId) -> Value {
        self.cast
            .clerk
            .api_get(&format!("/api/v1/signing/verdicts/incoming/{id}"))
            .await
            .ok()
            .json()
    }
}

fn outcomes(seen: &Value) -> Vec<String> {
    let checks = seen["checks"].as_array().unwrap();
    checks
        .iter()
        .map(|check| check["outcome"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn cn_008_qc01_5_1_a_document_with_both_signatures_valid_replaces_paper() {
    let office = Signed::new(true).await;
    let file = office.file();
    let id = office.deliver(1, &file, &file).await;
    let seen = office.seen(id).await;
    assert_eq!(outcomes(&seen), ["passed", "passed", "passed"], "{seen:#}");
    assert_eq!(seen["legal_value"], "equivalent_to_paper");
    let page = office.cast.clerk.get(&format!("/incoming/{id}")).await.ok();
    assert!(page.text.contains("Có giá trị pháp lý như văn bản giấy"));
    assert!(page.text.contains("Trần Văn Bình, Phó Chủ tịch"));

    let report = office
        .cast
        .clerk
        .get(&format!("/signing/verdicts/incoming/{id}"))
        .await
        .ok();
    for label in [
        "HỢP LỆ",
        "Chữ ký thứ 1 / 2",
        "Loại chữ ký",
        "Người ký",
        "Chức vụ",
        "Cơ quan, tổ chức",
        "Mã định danh",
        "Số hiệu chứng thư",
        "Tổ chức cấp",
        "Hiệu lực từ – đến",
        "Đường dẫn chứng thực",
        "Hiệu lực chứng thư tại thời điểm ký",
        "Tình trạng thu hồi",
        "Thời gian ký (theo máy người ký)",
        "Dấu thời gian",
        "Đơn vị cấp dấu thời gian",
        "Tính toàn vẹn của văn bản",
        "Phạm vi được ký",
        "Thay đổi sau khi ký",
        "Thuật toán băm",
        "Thuật toán ký",
        "Độ dài khóa",
        "Mức chữ ký",
        "Thuộc tính chứng thư ký",
        "Định dạng",
        "Vị trí hình ảnh",
        "Kiểm tra lúc",
        "Phần mềm",
        "Danh sách tin cậy",
        "Bằng chứng",
    ] {
        assert!(report.text.contains(label), "“{label}” is not on the report");
    }
    let verdicts = office.verdicts(id).await;
    assert_eq!(verdicts["newest"][0]["report"]["verdict"], "TOTAL-PASSED");
    assert_eq!(
        (&verdicts["newest"][0]["person"], &verdicts["newest"][0]["agency"]),
        (&json!("valid"), &json!("valid"))
    );
    // KS-08, KS-21: the certificates of both signers and the list of the issuing authority are kept.
    let kinds = office
        .cast
        .office
        .app
        .db
        .all(
            sql!("SELECT m.kind FROM verdict v JOIN verdict_uses u ON u.verdict_id = v.id JOIN verdict_material m ON m.sha256 = u.sha256 \
                  WHERE v.object_id = $1 ORDER BY m.kind"),
            args![id],
        )
        .await
        .unwrap();
    let kinds: Vec<String> = kinds.iter().map(|row| row.get("kind").unwrap()).collect();
    assert_eq!(
        kinds.iter().filter(|kind| *kind == "certificate").count(),
        2,
        "{kinds:?}"
    );
    assert!(kinds.iter().any(|kind| kind == "crl"), "{kinds:?}");

    office.cast.clerk.api(&api(id, "register"), &json!({})).await.ok();
    let seen = office.seen(id).await;
    assert_eq!(seen["legal_value"], "equivalent_to_paper");
    assert_eq!(outcomes(&seen), ["passed", "passed", "passed"]);
}

#[tokio::test]
async fn nt_02_a_package_with_one_byte_changed_is_registered_only_with_a_reason_and_can_go_back() {
    let office = Signed::new(true).await;
    let file = office.file();
    let mut changed = file.clone();
    let at = changed.windows(6).position(|found| found == b"stream").unwrap() + 10;
    changed[at] ^= 1;
    let id = office.deliver(1, &changed, &file).await;
    let seen = office.seen(id).await;
    assert_eq!(outcomes(&seen), ["passed", "failed", "failed"], "{seen:#}");
    assert_eq!(seen["acts"], json!(["refuse", "register"]));
    let findings = seen["checks"][1]["findings"].to_string();
    assert!(findings.contains("đã bị thay đổi so với khi gửi"), "{findings}");
    assert!(
        findings.contains("Chữ ký số của người ký không hợp lệ"),
        "{findings}"
    );
    let page = office.cast.clerk.get(&format!("/incoming/{id}")).await.ok();
    assert!(page.text.contains("Chữ ký số không hợp lệ"));
    let desk = office.cast.clerk.get("/boxes/reception").await.ok();
    assert!(desk.text.contains("Không đạt kiểm tra"));
    assert!(!page.text.contains("Có giá trị pháp lý như văn bản giấy"));

    let answer = office
        .cast
        .clerk
        .api(&api(id, "register"), &json!({ "despite": "  " }))
        .await;
    assert_eq!(
        refusal(&answer),
        (409, "QD28-9.1".into(), "incoming.check_failed".into())
    );
    let many = office
        .cast
        .clerk
        .api("/api/v1/incoming/register", &json!({ "id": [id] }))
        .await
        .ok()
        .json();
    assert!(
        many[0]["problem"]
            .as_str()
            .unwrap()
            .contains("không đạt kiểm tra")
    );
    let stays = office
        .cast
        .clerk
        .post(&page_path(id), &[("despite", ""), ("note", "")])
        .await;
    assert_eq!(stays.status.as_u16(), 422);
    assert_eq!(office.cast.state(id).await, "delivered");

    // With its reason it is taken, for reference only.
    let reason = "Lãnh đạo yêu cầu giữ để đối chiếu, đã báo bên gửi";
    office
        .cast
        .clerk
        .api(&api(id, "register"), &json!({ "despite": reason }))
        .await
        .ok();
    let seen = office.seen(id).await;
    assert_eq!(
        (&seen["state"], &seen["despite"], &seen["legal_value"]),
        (&json!("registered"), &json!(reason), &json!("for_reference"))
    );

    // Another one goes back with state 02.
    let other = office.deliver(2, &changed, &file).await;
    office
        .cast
        .clerk
        .api(&api(other, "refuse"), &json!({ "reason": "Tệp đã bị thay đổi" }))
        .await
        .ok();
    assert_eq!(office.cast.state(other).await, "refused");
    let told = office
        .cast
        .office
        .app
        .db
        .one(
            sql!("SELECT payload FROM job WHERE kind = 'exchange.status' ORDER BY id DESC LIMIT 1"),
            args![],
        )
        .await
        .unwrap();
    let told: Value = told.json("payload").unwrap();
    assert_eq!(told["description"], "Tệp đã bị thay đổi");
}

fn page_path(id: IncomingId) -> String {
    page(id, "register")
}

#[tokio::test]
async fn nt_03_a_revoked_certificate_fails_the_check() {
    let office = Signed::new(false).await;
    let app = &office.cast.office.app;
    let now = app.clock.now();
    let two_days_ago = now - SignedDuration::from_hours(48);
    let revoked = [(office.signers.agency.serial.clone(), two_days_ago)];
    give_lists(app, &office.signers.crls(&revoked, now)).await;
    let file = office.file();
    let id = office.deliver(1, &file, &file).await;
    let seen = office.seen(id).await;
    assert_eq!(outcomes(&seen), ["passed", "failed", "failed"], "{seen:#}");
    let verdicts = office.verdicts(id).await;
    assert_eq!(
        (&verdicts["newest"][0]["person"], &verdicts["newest"][0]["agency"]),
        (&json!("valid"), &json!("invalid"))
    );
    let answer = office.cast.clerk.api(&api(id, "register"), &json!({})).await;
    assert_eq!(answer.status.as_u16(), 409);
}

#[tokio::test]
async fn nt_03_without_the_status_service_a_warning_stands_and_the_check_comes_again() {
    let office = Signed::new(false).await;
    let app = office.cast.office.app.clone();
    let file = office.file();
    let id = office.deliver(1, &file, &file).await;
    let seen = office.seen(id).await;
    assert_eq!(outcomes(&seen), ["passed", "passed", "undetermined"], "{seen:#}");
    assert_eq!(seen["legal_value"], "for_reference");
    let findings = seen["checks"][2]["findings"].to_string();
    assert!(
        findings.contains("Không kiểm tra được hiệu lực chữ ký số"),
        "{findings}"
    );
    let page = office.cast.clerk.get(&format!("/incoming/{id}")).await.ok();
    assert!(page.text.contains("Chưa đủ căn cứ về chữ ký số"));
    office.cast.clerk.api(&api(id, "register"), &json!({})).await.ok();

    // The service comes back; nobody has to ask.
    let now = app.clock.now();
    give_lists(&app, &office.signers.crls(&[], now)).await;
    exchange::drain(&app).await.unwrap();
    assert_eq!(office.seen(id).await["legal_value"], "for_reference", "too early");
    office.cast.office.clock.set(now + SignedDuration::from_mins(6));
    exchange::drain(&app).await.unwrap();
    let seen = office.seen(id).await;
    assert_eq!(seen["legal_value"], "equivalent_to_paper");
    assert_eq!(outcomes(&seen), ["passed", "passed", "passed"]);
    let verdicts = office.verdicts(id).await;
    let checks = verdicts["checks"].as_array().unwrap();
    assert_eq!(
        checks.iter().map(|check| &check["verdict"]).collect::<Vec<_>>(),
        [&json!("TOTAL-PASSED"), &json!("INDETERMINATE")]
    );
}

#[tokio::test]
async fn ks_24_a_check_again_keeps_the_earlier_one_and_takes_away_a_lost_legal_value() {
    let office = Signed::new(true).await;
    let app = office.cast.office.app.clone();
    let file = office.file();
    let id = office.deliver(1, &file, &file).await;
    office.cast.clerk.api(&api(id, "register"), &json!({})).await.ok();
    assert_eq!(office.seen(id).await["legal_value"], "equivalent_to_paper");

    // It becomes known that the signer's certificate had been revoked before the document was signed.
    let now = app.clock.now() + SignedDuration::from_mins(10);
    office.cast.office.clock.set(now);
    let revoked = [(
        office.signers.person.serial.clone(),
        now - SignedDuration::from_hours(48),
    )];
    give_lists(&app, &office.signers.crls(&revoked, now)).await;
    let path = format!("/signing/verdicts/incoming/{id}/recheck");
    let strange = office.cast.foreign_clerk.post(&path, &[]).await;
    assert_eq!(strange.status.as_u16(), 404);
    let uninvolved = office.cast.officer.post(&path, &[]).await;
    assert_eq!(uninvolved.status.as_u16(), 404);
    let strange = office
        .cast
        .foreign_clerk
        .api_get(&format!("/api/v1/signing/verdicts/incoming/{id}"))
        .await;
    assert_eq!(strange.status.as_u16(), 404);
    office.cast.clerk.post(&path, &[]).await.ok();

    let seen = office.seen(id).await;
    assert_eq!(seen["legal_value"], "for_reference");
    assert_eq!(outcomes(&seen), ["passed", "failed", "failed"]);
    let page = office.cast.clerk.get(&format!("/incoming/{id}")).await.ok();
    assert!(!page.text.contains("Có giá trị pháp lý như văn bản giấy"));
    assert!(page.text.contains("Kiểm tra lại chữ ký số"), "not in the history");
    let verdicts = office.verdicts(id).await;
    let checks = verdicts["checks"].as_array().unwrap();
    assert_eq!(checks.len(), 2);
    assert_eq!(checks[1]["verdict"], "TOTAL-PASSED");
    let earlier = format!(
        "/signing/verdicts/incoming/{id}?check={}",
        checks[1]["id"].as_str().unwrap()
    );
    let earlier = office.cast.clerk.get(&earlier).await.ok();
    assert!(earlier.text.contains("kết quả của một lần kiểm tra trước"));
}

#[tokio::test]
async fn a_clerk_who_is_faster_than_the_check_gets_it_in_the_act_of_registering() {
    let office = Signed::new(true).await;
    let file = office.file();
    let packet = office.cast.packet_of(1, &file).await;
    let id = office.cast.deliver(packet).await;
    assert_eq!(office.seen(id).await["legal_value"], "for_reference");
    office.cast.clerk.api(&api(id, "register"), &json!({})).await.ok();
    assert_eq!(office.seen(id).await["legal_value"], "equivalent_to_paper");
    exchange::drain(&office.cast.office.app).await.unwrap();
    assert_eq!(office.verdicts(id).await["checks"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn qd28_4_2_the_seal_of_another_agency_gives_no_legal_value() {
    let office = Signed::new(true).await;
    let file = office.file();
    let mut packet = office.cast.packet_of(1, &file).await;
    packet.sender_name = "Sở Tư pháp".into();
    packet.sender_code = Some("H16.99".into());
    let id = office.cast.deliver(packet).await;
    exchange::drain(&office.cast.office.app).await.unwrap();
    let seen = office.seen(id).await;
    assert_eq!(seen["legal_value"], "for_reference");
    assert_eq!(outcomes(&seen), ["passed", "passed", "undetermined"]);
    assert!(
        seen["checks"][2]["findings"]
            .to_string()
            .contains("mang tên khác")
    );
}
