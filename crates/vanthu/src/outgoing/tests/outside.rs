//! Nơi nhận ngoài hệ thống: over the axis by code, otherwise on paper with its reason; each once.

use serde_json::{Value, json};

use super::support::{Committee, DECISION};

/// Issues a decision to these recipients and gives its lines: name, channel, code, purpose, reason.
async fn lines(committee: &Committee, body: &Value) -> Vec<(String, String, String, String, String)> {
    let at = committee.draft(body).await;
    committee.carry(&at, "approved").await;
    committee.clerk.api(&format!("{at}/issue"), &json!({})).await.ok();
    let seen = committee.seen(&committee.clerk, &at).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    seen["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            (
                text(&line["recipient"]),
                text(&line["channel"]),
                text(&line["code"]),
                text(&line["purpose"]),
                text(&line["reason"]),
            )
        })
        .collect()
}

fn to(committee: &Committee, axis: &Value) -> Value {
    let mut body = committee.decision();
    body["axis"] = axis.clone();
    body
}

/// The head of the committee lets this recipient have paper as well (QD28-7.2b).
async fn paper_list(committee: &Committee, recipient: &str) {
    let mut tx = committee.office.app.db.begin().await.unwrap();
    tx.run(
        store::sql!(
            "INSERT INTO agency_setting (agency_id, key, valid_from, value) VALUES ($1, 'exchange.paper_list', '2026-01-01', $2)"
        ),
        store::args![
            committee.officer.agency,
            json!([{ "recipient": recipient, "basis": "Quyết định số 12/QĐ-UBND" }]).to_string()
        ],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn cn_402_an_organisation_outside_gets_one_line_over_the_axis_by_whatever_code_it_was_chosen() {
    let committee = Committee::new().await;
    let office = &committee.office;
    office.connect(committee.officer.agency, "H16").await;
    office
        .organisation("Sở Mẫu tỉnh Thử", &["H96.01", "000.00.01.H96"])
        .await;
    office.organisation("Bộ Ví dụ", &["G98", "000.00.00.G98"]).await;
    let axis = json!([
        { "code": " h96.01 ", "purpose": "know" },
        { "code": "000.00.01.H96", "purpose": "act" },
        { "code": "G98", "purpose": "know" },
    ]);
    let lines = lines(&committee, &to(&committee, &axis)).await;
    let short: Vec<_> = lines
        .iter()
        .map(|(name, channel, code, purpose, _)| {
            (name.as_str(), channel.as_str(), code.as_str(), purpose.as_str())
        })
        .collect();
    assert_eq!(
        short[1..],
        [
            ("Sở Mẫu tỉnh Thử", "axis", "H96.01", "act"),
            ("Bộ Ví dụ", "axis", "G98", "know"),
        ]
    );
    assert_eq!(short[0].1, "internal");
    let states = office
        .app
        .db
        .all(
            store::sql!(
                "SELECT state FROM delivery WHERE channel = 'axis' AND recipient_id IS NULL ORDER BY id"
            ),
            store::args![],
        )
        .await
        .unwrap();
    assert_eq!(states.len(), 2);
    assert!(
        states
            .iter()
            .all(|row| row.get::<String>("state").unwrap() == "pending")
    );
}

#[tokio::test]
async fn qd28_7_1_without_a_connection_it_goes_on_paper_with_the_reason() {
    let committee = Committee::new().await;
    committee.office.organisation("Bộ Ví dụ", &["G98"]).await;
    let lines = lines(&committee, &to(&committee, &json!([{ "code": "G98" }]))).await;
    assert_eq!(lines[1].1, "paper");
    assert_eq!(lines[1].4, "Cơ quan gửi chưa kết nối trục liên thông.");
}

#[tokio::test]
async fn cn_402_a_partner_whose_code_stands_in_the_directory_is_one_with_its_entry() {
    let committee = Committee::new().await;
    let office = &committee.office;
    let partner = office
        .app
        .db
        .one(
            store::sql!("SELECT id, code, old_code FROM agency WHERE level = 'partner' AND code IS NOT NULL ORDER BY code LIMIT 1"),
            store::args![],
        )
        .await
        .unwrap();
    let (id, code, old): (uuid::Uuid, String, String) = (
        partner.get("id").unwrap(),
        partner.get("code").unwrap(),
        partner.get("old_code").unwrap(),
    );
    let mut body = to(&committee, &json!([{ "code": old, "purpose": "know" }]));
    body["recipients"] = json!([committee.outsider.agency, id]);
    // Without an entry it is unknown what to send to.
    let refused = committee.officer.api("/api/v1/outgoing", &body).await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.json()["clause"], "QD28-10.2a");
    office.organisation("Đối tác", &[&code, &old]).await;
    office.connect(committee.officer.agency, "H16").await;
    let lines = lines(&committee, &body).await;
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(
        (lines[1].1.as_str(), lines[1].2.as_str(), lines[1].3.as_str()),
        ("axis", code.as_str(), "act")
    );
}

#[tokio::test]
async fn cn_402_an_agency_of_ours_is_reached_inside_by_its_code_and_nobody_sends_to_themselves() {
    let committee = Committee::new().await;
    let office = &committee.office;
    office.connect(committee.officer.agency, "H16").await;
    let code = async |agency| {
        let row = office
            .app
            .db
            .one(
                store::sql!("SELECT code FROM agency WHERE id = $1"),
                store::args![agency],
            )
            .await
            .unwrap();
        row.get::<String>("code").unwrap()
    };
    let (ours, other) = (
        code(committee.officer.agency).await,
        code(committee.outsider.agency).await,
    );
    office.organisation("Ta", &[&ours]).await;
    office.organisation("Sở ta", &[&other]).await;
    let mut body = to(&committee, &json!([{ "code": ours }, { "code": other }]));
    body["recipients"] = json!([]);
    let lines = lines(&committee, &body).await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0].1, "internal");
}

#[tokio::test]
async fn qd28_15_after_a_merger_the_successor_gets_it() {
    let committee = Committee::new().await;
    let office = &committee.office;
    office.connect(committee.officer.agency, "H16").await;
    let old = office.organisation("Sở Cũ", &["H96.02", "000.00.02.H96"]).await;
    let new = office.organisation("Sở Mới", &["H95.05"]).await;
    let body = to(&committee, &json!([{ "code": "H96.02" }]));
    let at = committee.draft(&body).await;
    committee.carry(&at, "approved").await;
    // Between the approval and the issue the agency is merged: what was approved is issued, to who answers for it now.
    office.close_organisation(old, Some(new)).await;
    committee.clerk.api(&format!("{at}/issue"), &json!({})).await.ok();
    let seen = committee.seen(&committee.clerk, &at).await;
    assert_eq!(seen["deliveries"][1]["recipient"], "Sở Cũ");
    assert_eq!(seen["deliveries"][1]["code"], "H95.05");
    // The successor speaks for it, not the other way round.
    let codes = async |code| crate::directory::codes_of(&office.app, code).await.unwrap();
    assert_eq!(codes("H95.05").await, ["000.00.02.H96", "H95.05", "H96.02"]);
    assert_eq!(codes("000.00.02.H96").await, ["000.00.02.H96", "H96.02"]);
    // Closed without a successor nobody can be sent to.
    let gone = office.organisation("Sở Giải thể", &["H96.03"]).await;
    office.close_organisation(gone, None).await;
    let refused = committee
        .officer
        .api(
            "/api/v1/outgoing",
            &to(&committee, &json!([{ "code": "H96.03" }])),
        )
        .await;
    assert_eq!(refused.json()["clause"], "QD28-10.2a");
}

#[tokio::test]
async fn qd28_5_3_cn_216_no_paper_to_whom_the_axis_serves_unless_the_list_says_so() {
    let committee = Committee::new().await;
    let office = &committee.office;
    office.connect(committee.officer.agency, "H16").await;
    office.organisation("Bộ Ví dụ", &["G98"]).await;
    let mut body = to(&committee, &json!([{ "code": "G98" }]));
    body["paper"] = json!([{ "name": "BỘ VÍ DỤ", "reason": "lưu" }]);
    let refused = committee.officer.api("/api/v1/outgoing", &body).await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.json()["clause"], "QD28-5.3");
    paper_list(&committee, "G98").await;
    let lines = lines(&committee, &body).await;
    let channels: Vec<&str> = lines.iter().map(|line| line.1.as_str()).collect();
    assert_eq!(channels, ["internal", "axis", "paper"]);
}

#[tokio::test]
async fn qd28_16_8_the_form_refuses_paper_to_whom_it_serves_electronically_whatever_the_reason() {
    let committee = Committee::new().await;
    let row = committee
        .office
        .app
        .db
        .one(
            store::sql!("SELECT name FROM agency WHERE id = $1"),
            store::args![committee.outsider.agency],
        )
        .await
        .unwrap();
    let name: String = row.get("name").unwrap();
    let recipient = committee.outsider.agency.to_string();
    let paper = format!("{} | Nơi nhận đề nghị", name.to_uppercase());
    let fields = [
        ("next", "save"),
        ("type_key", "quyet_dinh"),
        ("urgency", "normal"),
        ("subject", "Ban hành kế hoạch"),
        ("main_kind", "text"),
        ("main_text", DECISION),
        ("recipients", recipient.as_str()),
        ("paper", paper.as_str()),
    ];
    let stays = committee.officer.post_files("/outgoing", &fields, &[]).await;
    assert_eq!(stays.status.as_u16(), 422, "{}", stays.text);
    for said in [
        "đã nhận bản điện tử nên không gửi thêm bản giấy",
        "Khoản 3 Điều 5 Quyết định 28/2018/QĐ-TTg",
        "id=\"e-paper\"",
        paper.as_str(),
    ] {
        assert!(stays.text.contains(said), "{said} is missing in {}", stays.text);
    }
    // What the head of the agency has listed goes on paper as well.
    paper_list(&committee, &name).await;
    let saved = committee.officer.post_files("/outgoing", &fields, &[]).await;
    assert_eq!(saved.status.as_u16(), 303, "{}", saved.text);
}

#[tokio::test]
async fn cn_402_the_form_finds_recipients_without_a_script_and_takes_a_pasted_list() {
    let committee = Committee::new().await;
    let office = &committee.office;
    office
        .organisation("Sở Mẫu tỉnh Thử", &["H96.01", "000.00.01.H96"])
        .await;
    office.organisation("Bộ Ví dụ", &["G98"]).await;
    let find = async |text: &str, axis: &[(&str, &str)]| {
        let mut fields = vec![
            ("next", "find"),
            ("type_key", "cong_van"),
            ("subject", "Giữ lại"),
            ("axis_find", text),
        ];
        fields.extend(axis);
        committee
            .officer
            .post_files("/outgoing", &fields, &[])
            .await
            .ok()
            .text
    };
    let page = find("so mau", &[("axis", "know:G98")]).await;
    assert!(page.contains("Giữ lại"), "what was written stays");
    assert!(page.contains("value=\"know:G98\" selected"), "{page}");
    assert!(
        page.contains("value=\"act:H96.01\">"),
        "offered, not chosen: {page}"
    );
    let page = find(
        "Sở Mẫu tỉnh Thử\n- g98;\nSở Thông tin và Truyền thông\nKhông Có Đâu",
        &[],
    )
    .await;
    assert!(page.contains("value=\"act:H96.01\" selected"));
    assert!(page.contains("value=\"act:G98\" selected"));
    assert!(page.contains("Không tìm thấy “Không Có Đâu”"));
    let ticked = format!(
        "name=\"recipients\" value=\"{}\" checked",
        committee.outsider.agency
    );
    assert!(page.contains(&ticked));
    let part = committee
        .officer
        .get("/outgoing/recipients?q=000.00.01")
        .await
        .ok()
        .text;
    assert!(part.contains("H96.01") && !part.contains("<html"), "{part}");
    let drafted = committee
        .officer
        .post_files(
            "/outgoing",
            &[
                ("next", "save"),
                ("type_key", "thong_bao"),
                ("subject", "Thông báo mẫu"),
                ("main_kind", "text"),
                ("main_text", "Nội dung."),
                ("axis", "act:H96.01"),
                ("axis", ""),
            ],
            &[],
        )
        .await
        .ok();
    let edit = committee
        .officer
        .get(&format!("{}/edit", drafted.location))
        .await
        .ok()
        .text;
    assert!(edit.contains("value=\"act:H96.01\" selected"));
    let shown = committee.officer.get(&drafted.location).await.ok().text;
    assert!(shown.contains("Sở Mẫu tỉnh Thử (bản giấy)"), "{shown}");
}
