//! Điều 1.2 at every door: refused, nothing kept, and the journal knows who tried what.

use super::*;

struct Refused {
    actor: String,
    account: Option<Uuid>,
    agency: Option<Uuid>,
    kind: String,
    object: Uuid,
    details: Value,
    text: String,
}

async fn refusals(office: &Office) -> Vec<Refused> {
    office
        .app
        .db
        .all(
            sql!(
                "SELECT actor, account_id, agency_id, object_kind, object_id, summary, details FROM journal \
                 WHERE act = 'secrecy.refused' ORDER BY seq"
            ),
            args![],
        )
        .await
        .unwrap()
        .iter()
        .map(|row| Refused {
            actor: row.get("actor").unwrap(),
            account: row.get("account_id").unwrap(),
            agency: row.get("agency_id").unwrap(),
            kind: row.get("object_kind").unwrap(),
            object: row.get("object_id").unwrap(),
            details: row.json("details").unwrap(),
            text: row.get::<String>("summary").unwrap() + &row.get::<String>("details").unwrap(),
        })
        .collect()
}

async fn files(office: &Office) -> i64 {
    let row = office
        .app
        .db
        .one(sql!("SELECT count(*) AS n FROM file"), args![])
        .await
        .unwrap();
    row.get("n").unwrap()
}

#[tokio::test]
async fn qc01_1_2_a_file_with_a_mark_is_not_kept_and_the_attempt_is_in_the_journal() {
    let cast = Cast::new().await;
    let before = files(&cast.office).await;
    let secret = "TUYỆT MẬT\nKế hoạch phòng thủ khu vực".as_bytes();
    let answer = cast.clerk.api_upload("ke_hoach.txt", secret).await;
    assert_eq!(refusal(&answer).1, "QC01-1.2");
    let harmless = b"%PDF-1.4 harmless content";
    let answer = cast.officer.api_upload("TOI_MAT.pdf", harmless).await;
    assert_eq!(refusal(&answer).1, "QC01-1.2");
    // A page's form says the same; the draft is not saved.
    let fields = [
        ("type_key", "cong_van"),
        ("subject", "Báo cáo"),
        ("main_kind", "file"),
    ];
    let stays = cast
        .officer
        .post_files("/outgoing", &fields, &[("main_file", "du_thao.txt", secret)])
        .await;
    assert_eq!(stays.status.as_u16(), 422, "{}", stays.text);

    assert_eq!(files(&cast.office).await, before);
    for content in [secret, harmless.as_slice()] {
        let kept = cast.office.app.blobs.is_intact(Digest::of(content)).await;
        assert!(!kept.unwrap(), "the bytes are in the store");
    }
    let noted = refusals(&cast.office).await;
    assert_eq!(noted.len(), 3);
    assert_eq!(noted[0].account, Some(cast.clerk.account.as_uuid()));
    assert_eq!(noted[0].agency, Some(cast.clerk.agency.as_uuid()));
    assert!(noted[0].actor.contains("Văn thư"), "{}", noted[0].actor);
    assert_eq!(noted[0].details["tried"], "file.upload");
    assert_eq!(noted[0].details["file_name"], "ke_hoach.txt");
    assert_eq!(noted[0].details["sha256"], Digest::of(secret).to_string());
    assert_eq!(noted[1].details["file_name"], "TOI_MAT.pdf");
    assert_eq!(noted[2].account, Some(cast.officer.account.as_uuid()));
    assert!(
        noted.iter().all(|line| !line.text.contains("phòng thủ")),
        "the content stays out"
    );
}

#[tokio::test]
async fn qc01_1_2_refused_drafts_and_registrations_are_in_the_journal_without_their_words() {
    let cast = Cast::new().await;
    let draft = |secrecy: &str, subject: &str| {
        json!({ "type_key": "cong_van", "subject": subject, "main_text": "Nội dung.", "secrecy": secrecy,
                "paper": [{ "name": "Báo Đắk Nông" }] })
    };
    let path = "/api/v1/outgoing";
    let declared = cast
        .officer
        .api(path, &draft("secret", "Phương án tác chiến"))
        .await;
    assert_eq!(refusal(&declared).1, "QC01-1.2");
    let saved = cast
        .officer
        .api(path, &draft("none", "Báo cáo"))
        .await
        .ok()
        .json();
    let edit = format!("{path}/{}/edit", saved["id"].as_str().unwrap());
    let mut body = draft("none", "Báo cáo");
    body["main_text"] = json!("TỐI MẬT\nPhương án tác chiến");
    assert_eq!(refusal(&cast.officer.api(&edit, &body).await).1, "QC01-1.2");

    let id = cast.delivered(1).await;
    let answer = cast
        .clerk
        .api(
            &api(id, "register"),
            &json!({ "note": "MẬT\nPhương án tác chiến" }),
        )
        .await;
    assert_eq!(refusal(&answer).1, "QC01-1.2");
    let shown = cast.clerk.get(&format!("/incoming/{id}")).await.ok();
    assert!(
        shown.text.contains("Từ chối vì có dấu chỉ bí mật nhà nước"),
        "the history tells it"
    );
    let scan = cast
        .clerk
        .api_upload("ban_chup.pdf", &crate::testing::pdf("Phuong an"))
        .await
        .ok()
        .json();
    let paper = json!({ "sender_name": "Hội", "number": "1", "symbol": "MẬT-HND", "issued_on": "2026-01-05",
        "type_key": "cong_van", "subject": "Phương án tác chiến", "main_file": scan["id"] });
    let answer = cast.clerk.api("/api/v1/incoming/paper", &paper).await;
    assert_eq!(refusal(&answer).1, "QC01-1.2");

    let noted = refusals(&cast.office).await;
    let tried: Vec<_> = noted
        .iter()
        .map(|line| {
            (
                line.kind.as_str(),
                line.details["tried"].as_str().unwrap(),
                line.details["field"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        tried,
        [
            ("outgoing", "outgoing.save_draft", "secrecy"),
            ("outgoing", "outgoing.save_draft", "content"),
            ("incoming", "incoming.register", "content"),
            ("incoming", "incoming.register_paper", "symbol"),
        ]
    );
    assert_eq!(noted[1].object.to_string(), saved["id"].as_str().unwrap());
    assert_eq!(noted[2].object, id.as_uuid());
    assert!(noted.iter().all(|line| !line.text.contains("tác chiến")));
    assert_eq!(cast.state(id).await, "delivered");
    // Other refusals leave no such entry.
    cast.clerk.api(&api(id, "refuse"), &json!({ "reason": "" })).await;
    assert_eq!(refusals(&cast.office).await.len(), 4);
}

#[tokio::test]
async fn qd28_1_2_a_marked_packet_of_the_hub_is_returned_and_not_kept() {
    let cast = Cast::new().await;
    let draft = json!({ "type_key": "cong_van", "subject": "Báo cáo quý", "main_text": "Kính báo cáo.",
        "recipients": [cast.foreign_clerk.agency] });
    let sent = cast.officer.api("/api/v1/outgoing", &draft).await.ok().json();
    let sent: Uuid = sent["id"].as_str().unwrap().parse().unwrap();
    // As a packet of another system would come: issued there, with a mark that nobody saw.
    let line = cast.office.app.ids.next();
    let mut tx = cast.office.app.db.begin().await.unwrap();
    tx.run(
        sql!(
            "UPDATE outgoing SET state = 'issued', series = 'chung', year = 2026, number = 7, symbol = 'STTTT-MẬT', \
             issued_on = '2026-01-08', issued_at = 0 WHERE id = $1"
        ),
        args![sent],
    )
    .await
    .unwrap();
    tx.run(
        sql!(
            "INSERT INTO delivery (id, outgoing_id, agency_id, recipient_id, recipient_name, purpose, channel, state, updated_at) \
             VALUES ($1, $2, $3, $4, 'Nơi nhận', 'act', 'internal', 'pending', 0)"
        ),
        args![line, sent, cast.clerk.agency, cast.foreign_clerk.agency],
    )
    .await
    .unwrap();
    let dispatch = cast.office.app.ids.next();
    tx.run(
        sql!(
            "INSERT INTO dispatch (id, outgoing_id, business, reason, changes, post_id, at) \
             VALUES ($1, $2, 'new', '', '{}', $1, 0)"
        ),
        args![dispatch, sent],
    )
    .await
    .unwrap();
    tx.run(
        sql!("INSERT INTO dispatch_line (dispatch_id, delivery_id, state, changed_at) VALUES ($1, $2, 'pending', 0)"),
        args![dispatch, line],
    )
    .await
    .unwrap();
    tx.run(
        sql!(
            "INSERT INTO job (id, kind, payload, run_at, attempts, locked_until, dead) \
             VALUES ($1, 'exchange.deliver', $2, 0, 0, 0, 0)"
        ),
        args![
            cast.office.app.ids.next(),
            json!({ "dispatch": dispatch, "delivery": line }).to_string()
        ],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    cast.office.drain().await;

    let row = cast
        .office
        .app
        .db
        .one(
            sql!(
                "SELECT state, reason, (SELECT count(*) FROM incoming) AS arrived FROM delivery WHERE id = $1"
            ),
            args![line],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<String>("state").unwrap(), "refused");
    assert_eq!(row.get::<i64>("arrived").unwrap(), 0);
    assert!(row.get::<String>("reason").unwrap().contains("bí mật nhà nước"));
    let noted = refusals(&cast.office).await;
    assert_eq!(noted.len(), 1);
    assert_eq!(noted[0].agency, Some(cast.foreign_clerk.agency.as_uuid()));
    assert_eq!(noted[0].details["tried"], "incoming.arrive");
}

#[tokio::test]
async fn nt_31_cn_005_choosing_a_level_of_secrecy_is_refused_and_in_the_journal() {
    let cast = Cast::new().await;
    let form = cast.clerk.get("/incoming/paper").await.ok().text;
    for level in ["Mật", "Tối mật", "Tuyệt mật"] {
        assert!(form.contains(&format!(">{level}</option>")), "{level}");
    }
    let scan = crate::testing::pdf("Cong van giay");
    for (level, mark) in [
        ("secret", "“MẬT”"),
        ("highly_secret", "“TỐI MẬT”"),
        ("top_secret", "“TUYỆT MẬT”"),
    ] {
        let fields = [
            ("sender_name", "Công an tỉnh"),
            ("number", "12"),
            ("symbol", "CAT-PV01"),
            ("type_key", "cong_van"),
            ("subject", "Kế hoạch phối hợp"),
            ("urgency", "normal"),
            ("secrecy", level),
        ];
        let files: [(&str, &str, &[u8]); 1] = [("main_file", "ban_chup.pdf", &scan)];
        let stays = cast.clerk.post_files("/incoming/paper", &fields, &files).await;
        assert_eq!(stays.status.as_u16(), 422, "{}", stays.text);
        assert!(
            stays.text.contains(mark) && stays.text.contains("Khoản 2 Điều 1 Quy chế"),
            "{}",
            stays.text
        );
        assert!(
            stays.text.contains("id=\"e-secrecy\""),
            "the refusal stands beside the field"
        );
    }
    let noted = refusals(&cast.office).await;
    assert_eq!(noted.len(), 3);
    assert_eq!(noted[0].account, Some(cast.clerk.account.as_uuid()));
    assert_eq!(noted[0].details["tried"], "incoming.register_paper");
    assert!(
        noted.iter().all(|line| !line.text.contains("phối hợp")),
        "the words stay out"
    );
    let registered = cast.clerk.api_get("/api/v1/registers/incoming").await.ok().json();
    assert_eq!(registered["items"], json!([]));
}
