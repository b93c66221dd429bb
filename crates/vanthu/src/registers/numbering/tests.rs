//! Dãy số của cơ quan: changed within the year, continued, void, by page and by program (CN-211, ND30-15).

use serde_json::{Value, json};

use crate::testing::{Office, Person};

/// Văn thư, chuyên viên, trưởng phòng, giám đốc of Sở Thông tin và Truyền thông.
struct Department {
    office: Office,
    officer: Person,
    head: Person,
    director: Person,
    clerk: Person,
    administrator: Person,
}

impl Department {
    async fn new() -> Self {
        Self::of(Office::new().await).await
    }

    async fn of(office: Office) -> Self {
        Self {
            officer: office.person("annv.stttt").await,
            head: office.person("longhd.stttt").await,
            director: office.person("hungdm.stttt").await,
            clerk: office.person("anhltn.stttt").await,
            administrator: office.person("tupa.stttt").await,
            office,
        }
    }

    /// The same people on a later day.
    async fn on(self, moment: &str) -> Self {
        self.office.clock.set(moment.parse().unwrap());
        Self::of(self.office).await
    }

    /// Issues a document of this kind and gives its printed number.
    async fn issue(&self, type_key: &str) -> String {
        self.issue_to(type_key, "Báo Đắk Nông").await
    }

    /// The same to this recipient, on paper.
    async fn issue_to(&self, type_key: &str, recipient: &str) -> String {
        let draft = json!({
            "type_key": type_key, "subject": "Kế hoạch chuyển đổi số", "main_text": "Kính báo cáo.",
            "paper": [{ "name": recipient, "reason": "Chưa kết nối" }],
        });
        let id = self.officer.api("/api/v1/outgoing", &draft).await.ok().json()["id"].clone();
        let at = format!("/api/v1/outgoing/{}", id.as_str().unwrap());
        for (person, act) in [
            (&self.officer, "submit"),
            (&self.head, "sign-off-content"),
            (&self.clerk, "sign-off-form"),
            (&self.director, "approve"),
        ] {
            person.api(&format!("{at}/{act}"), &json!({})).await.ok();
        }
        let issued = self
            .clerk
            .api(&format!("{at}/issue"), &json!({}))
            .await
            .ok()
            .json();
        issued["number_and_symbol"].as_str().unwrap().to_owned()
    }

    async fn change(&self, rule: Value, from: &str) {
        let body = json!({ "rule": rule, "valid_from": from, "basis": "Ý kiến của Giám đốc" });
        self.clerk
            .api("/api/v1/registers/numbering/rule", &body)
            .await
            .ok();
    }

    async fn seen(&self) -> Value {
        self.clerk
            .api_get("/api/v1/registers/numbering")
            .await
            .ok()
            .json()
    }

    async fn next(&self, key: &str) -> Value {
        let seen = self.seen().await;
        let series = seen["series"].as_array().unwrap().iter();
        let found = series.clone().find(|line| line["key"] == key).cloned();
        found.unwrap_or_else(|| panic!("no series {key} in {seen}"))["next_number"].clone()
    }
}

#[tokio::test]
async fn cn_211_the_series_change_within_the_year_and_no_number_is_given_twice() {
    let department = Department::new().await;
    assert_eq!(department.issue("quyet_dinh").await, "01/QĐ-STTTT");
    assert_eq!(department.issue("bao_cao").await, "02/BC-STTTT");
    department
        .change(json!({ "rule": "per_type" }), "2026-01-09")
        .await;
    assert_eq!(department.issue("bao_cao").await, "03/BC-STTTT");

    let department = department.on("2026-01-09T02:00:00Z").await;
    assert_eq!(department.next("type.quyet_dinh").await, 2);
    assert_eq!(department.next("type.ke_hoach").await, 1);
    // Each kind goes on after its own last number.
    assert_eq!(department.issue("quyet_dinh").await, "02/QĐ-STTTT");
    assert_eq!(department.issue("bao_cao").await, "04/BC-STTTT");
    assert_eq!(department.issue("ke_hoach").await, "01/KH-STTTT");
    // And back: the common series goes on after the largest of all.
    department.change(json!({ "rule": "common" }), "2026-01-12").await;
    let department = department.on("2026-01-12T02:00:00Z").await;
    assert_eq!(department.issue("quyet_dinh").await, "05/QĐ-STTTT");
    assert_eq!(department.issue("ke_hoach").await, "06/KH-STTTT");
    // In the new year everything begins again.
    let department = department.on("2027-01-04T02:00:00Z").await;
    assert_eq!(department.issue("quyet_dinh").await, "01/QĐ-STTTT");
}

#[tokio::test]
async fn cn_211_groups_of_kinds_have_their_own_series() {
    let department = Department::new().await;
    let groups =
        json!({ "rule": "groups", "groups": [{ "key": "qd", "document_types": ["quyet_dinh", "chi_thi"] }] });
    department.change(groups, "2026-01-09").await;
    let department = department.on("2026-01-09T02:00:00Z").await;
    assert_eq!(department.issue("quyet_dinh").await, "01/QĐ-STTTT");
    assert_eq!(department.issue("bao_cao").await, "01/BC-STTTT");
    assert_eq!(department.issue("chi_thi").await, "02/CT-STTTT");
}

#[tokio::test]
async fn nd30_3_5_cn_301_internal_documents_are_outgoing_ones_and_may_have_a_series_of_their_own() {
    let department = Department::new().await;
    let groups = json!({ "rule": "groups", "groups": [{ "key": "noi_bo", "document_types": ["thong_bao", "phieu_chuyen"] }] });
    department.change(groups, "2026-01-09").await;
    let department = department.on("2026-01-09T02:00:00Z").await;
    assert_eq!(department.issue("bao_cao").await, "01/BC-STTTT");
    let within = "Các phòng thuộc Sở";
    assert_eq!(department.issue_to("thong_bao", within).await, "01/TB-STTTT");
    // It is a line of the register of outgoing documents like every other: there is no third class.
    let register = department
        .clerk
        .api_get("/api/v1/registers/outgoing")
        .await
        .ok()
        .json();
    let mut lines = register["items"].as_array().unwrap().iter();
    let line = lines.find(|line| line["number_and_symbol"] == "01/TB-STTTT");
    assert_eq!(line.unwrap()["recipients"], json!([within]), "{register}");
}

#[tokio::test]
async fn cn_211_numbers_go_on_from_the_system_before_and_the_gap_is_told() {
    let department = Department::new().await;
    let mut body = json!({
        "series": "common", "first_number": 124, "last_day": "2026-01-07", "basis": "Sổ văn bản đi năm 2026",
    });
    let path = "/api/v1/registers/numbering/go-on";
    department.clerk.api(path, &body).await.ok();
    assert_eq!(department.next("common").await, 124);
    assert_eq!(department.issue("quyet_dinh").await, "124/QĐ-STTTT");
    let seen = department.seen().await;
    assert_eq!(seen["unused"][0]["numbers"], "01–123");
    assert!(
        seen["unused"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("Sổ văn bản đi năm 2026")
    );
    // Numbers that were given here are not given elsewhere.
    body["first_number"] = json!(100);
    let refused = department.clerk.api(path, &body).await.json();
    assert_eq!(
        (&refused["clause"], &refused["field"]),
        (&json!("ND30-15.1"), &json!("first_number"))
    );
    body["series"] = json!("nothing");
    assert_eq!(department.clerk.api(path, &body).await.json()["field"], "series");
    // What was given elsewhere counts also when the series change.
    department
        .change(json!({ "rule": "per_type" }), "2026-01-09")
        .await;
    let department = department.on("2026-01-09T02:00:00Z").await;
    assert_eq!(department.issue("ke_hoach").await, "124/KH-STTTT");
    assert_eq!(department.issue("quyet_dinh").await, "125/QĐ-STTTT");
}

#[tokio::test]
async fn nd30_15_1_dates_never_go_backwards_after_a_continuation() {
    let department = Department::new().await;
    let body = json!({ "series": "common", "first_number": 10, "last_day": "2026-01-09", "basis": "Sổ" });
    let refused = department
        .clerk
        .api("/api/v1/registers/numbering/go-on", &body)
        .await;
    assert_eq!(refused.json()["field"], "last_day", "a day to come");
    assert_eq!(department.issue("quyet_dinh").await, "01/QĐ-STTTT");
    let body = json!({ "series": "common", "first_number": 10, "last_day": "2026-01-05", "basis": "Sổ" });
    let refused = department
        .clerk
        .api("/api/v1/registers/numbering/go-on", &body)
        .await;
    assert_eq!(refused.json()["field"], "last_day", "before the last number here");
}

#[tokio::test]
async fn nd30_15_1c_a_rule_holds_from_a_day_to_come_and_can_be_taken_back_before() {
    let department = Department::new().await;
    let path = "/api/v1/registers/numbering/rule";
    let rule = |from: &str, basis: &str| json!({ "rule": { "rule": "per_type" }, "valid_from": from, "basis": basis });
    let refused = department.clerk.api(path, &rule("2026-01-08", "QĐ")).await.json();
    assert_eq!(
        (&refused["clause"], &refused["field"]),
        (&json!("ND30-15.1c"), &json!("valid_from"))
    );
    assert_eq!(
        department.clerk.api(path, &rule("2026-02-01", " ")).await.json()["field"],
        "basis"
    );
    department.clerk.api(path, &rule("2026-02-01", "QĐ")).await.ok();
    assert_eq!(department.seen().await["planned"][0]["valid_from"], "2026-02-01");
    let withdraw = "/api/v1/registers/numbering/withdraw";
    let body = json!({ "valid_from": "2026-02-01" });
    department.clerk.api(withdraw, &body).await.ok();
    assert_eq!(department.seen().await["planned"], json!([]));
    assert_eq!(department.clerk.api(withdraw, &body).await.status.as_u16(), 404);
}

#[tokio::test]
async fn nd30_15_1c_only_clerks_and_administrators_keep_the_series_of_their_agency() {
    let department = Department::new().await;
    let body = json!({ "rule": { "rule": "per_type" }, "valid_from": "2026-02-01", "basis": "QĐ" });
    let path = "/api/v1/registers/numbering/rule";
    let refused = department.director.api(path, &body).await;
    assert_eq!(refused.json()["clause"], "ND30-15.1c");
    department.director.get("/registers/numbering").await.ok();
    assert_eq!(department.officer.api(path, &body).await.status.as_u16(), 404);
    assert_eq!(
        department
            .officer
            .get("/registers/numbering")
            .await
            .status
            .as_u16(),
        404
    );
    department.administrator.api(path, &body).await.ok();
    // Another agency's series are not there; the administrator of the province has them all.
    let outsider = department.office.person("nhungpth.ubnd").await;
    let other = format!("/registers/numbering?agency={}", department.clerk.agency);
    assert_eq!(outsider.get(&other).await.status.as_u16(), 404);
    let province = department.office.person("datdt.ubnd").await;
    province.get(&other).await.ok();
}

#[tokio::test]
async fn cn_211_the_clerk_changes_the_rule_by_page() {
    let department = Department::new().await;
    let page = department.clerk.get("/registers/numbering").await.ok().text;
    assert!(
        page.contains("Một dãy số chung cho mọi loại văn bản hành chính"),
        "{page}"
    );
    let fields = |groups| {
        [
            ("rule", "groups"),
            ("groups", groups),
            ("valid_from", "2026-01-09"),
            ("basis", "Ý kiến của Giám đốc"),
        ]
    };
    let stay = department
        .clerk
        .post("/registers/numbering/rule", &fields("qd: Quyết nghị"))
        .await;
    assert_eq!(stay.status.as_u16(), 422);
    for kept in ["Không có loại văn bản “Quyết nghị”", "qd: Quyết nghị"] {
        assert!(stay.text.contains(kept), "{kept} is missing in {}", stay.text);
    }
    let done = department
        .clerk
        .post("/registers/numbering/rule", &fields("qd: quyet dinh, Chỉ thị"))
        .await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.text);
    let page = department.clerk.get("/registers/numbering").await.ok().text;
    assert!(page.contains("Từ ngày 09/01/2026: Theo nhóm: qd"), "{page}");
    let go_on = [
        ("series", "arrival"),
        ("first_number", "51"),
        ("last_day", "2026-01-07"),
        ("continuation_basis", ""),
    ];
    let stay = department.clerk.post("/registers/numbering/go-on", &go_on).await;
    assert!(
        stay.status.as_u16() == 422 && stay.text.contains("Vui lòng ghi căn cứ"),
        "{}",
        stay.text
    );
}

#[tokio::test]
async fn cn_214_the_hours_of_the_agency_decide_when_a_document_is_late() {
    let department = Department::new().await;
    let path = "/api/v1/registers/numbering/hours";
    let refused = department
        .clerk
        .api(path, &json!({ "morning_ends": "15:00", "day_ends": "17:00" }))
        .await;
    assert_eq!(refused.json()["clause"], "QD28-6.2");
    department
        .clerk
        .api(path, &json!({ "morning_ends": "11:30", "day_ends": "16:30" }))
        .await
        .ok();
    assert_eq!(department.seen().await["morning_ends"], "11:30");
    let page = department.clerk.get("/registers/numbering").await.ok().text;
    assert!(page.contains("buổi sáng đến 11:30"), "{page}");
}
