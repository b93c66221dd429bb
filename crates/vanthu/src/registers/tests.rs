use axum::http::StatusCode;
use jiff::Timestamp;
use rules::ids::{AgencyId, IncomingId, OutgoingId, PostId};
use store::{args, sql};

use crate::testing::{Office, Person};

/// An issued document of the person's agency, drafted and signed by them, as issuing leaves it.
pub(crate) async fn issued(
    office: &Office,
    by: &Person,
    number: i64,
    symbol: &str,
    subject: &str,
    at: &str,
) -> OutgoingId {
    let at: Timestamp = at.parse().unwrap();
    let day = store::vietnam(at).date();
    let id = OutgoingId::from_uuid(office.app.ids.next());
    let mut tx = office.app.db.begin().await.unwrap();
    tx.run(
        sql!(
            "INSERT INTO outgoing (id, agency_id, drafter_post, signer_post, authority, type_key, subject, folded_subject, \
             urgency, state, version, revision, symbol, series, year, number, issued_on, issued_at, legal_value, created_at, \
             updated_at, unit_id) VALUES ($1, $2, $3, $3, 'head', 'cong_van', $4, $5, 'normal', 'issued', 1, 1, $6, 'common', $7, $8, $9, \
             $10, 'reference', $10, $10, (SELECT unit_id FROM post WHERE id = $3))"
        ),
        args![id, by.agency, by.post, subject, viet_text::fold(subject), symbol, day.year(), number, day, at],
    )
    .await
    .unwrap();
    took_part(&mut tx, id.as_uuid(), by.post).await;
    tx.commit().await.unwrap();
    id
}

/// A line of delivery.
pub(crate) async fn sent_to(office: &Office, by: &Person, id: OutgoingId, name: &str, channel: &str) {
    let mut tx = office.app.db.begin().await.unwrap();
    tx.run(
        sql!(
            "INSERT INTO delivery (id, outgoing_id, agency_id, recipient_name, purpose, channel, state, sent_at, updated_at) \
             VALUES ($1, $2, $3, $4, 'act', $5, 'sent', $6, $6)"
        ),
        args![office.app.ids.next(), id, by.agency, name, channel, office.app.clock.now()],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

/// What arrived at an agency, as registering leaves it.
pub(crate) struct Arrived<'a> {
    pub number: i64,
    pub day: &'a str,
    pub of: (&'a str, &'a str),
    pub subject: &'a str,
    pub lead: Option<PostId>,
}

pub(crate) async fn registered(office: &Office, agency: AgencyId, arrived: Arrived<'_>) -> IncomingId {
    let id = IncomingId::from_uuid(office.app.ids.next());
    let now = office.app.clock.now();
    let day: jiff::civil::Date = arrived.day.parse().unwrap();
    let mut tx = office.app.db.begin().await.unwrap();
    tx.run(
        sql!(
            "INSERT INTO incoming (id, agency_id, source, sender_name, number, symbol, issued_on, type_key, subject, \
             folded_subject, urgency, signer_name, signer_title, completeness, integrity, authenticity, legal_value, state, \
             revision, delivered_at, series, year, arrival_number, arrived_on, lead_post, updated_at) \
             VALUES ($1, $2, 'paper', 'Sở Tài chính', $3, $4, $5, 'bao_cao', $6, $7, 'normal', '', '', 'passed', 'passed', \
             'unknown', 'reference', 'registered', 1, $8, 'arrival', $9, $10, $5, $11, $8)"
        ),
        args![
            id,
            agency,
            arrived.of.0,
            arrived.of.1,
            day,
            arrived.subject,
            viet_text::fold(arrived.subject),
            now,
            day.year(),
            arrived.number,
            arrived.lead
        ],
    )
    .await
    .unwrap();
    if let Some(lead) = arrived.lead {
        took_part(&mut tx, id.as_uuid(), lead).await;
    }
    tx.commit().await.unwrap();
    id
}

async fn took_part(tx: &mut store::Tx, object: uuid::Uuid, post: PostId) {
    tx.run(
        sql!(
            "INSERT INTO participant (object_id, post_id, unit_id) VALUES ($1, $2, (SELECT unit_id FROM post WHERE id = $2))"
        ),
        args![object, post],
    )
    .await
    .unwrap();
}

fn plain<'a>(number: i64, day: &'a str, subject: &'a str) -> Arrived<'a> {
    Arrived {
        number,
        day,
        of: ("12", "BC-STC"),
        subject,
        lead: None,
    }
}

#[tokio::test]
async fn nd30_16_2b_md_40_the_outgoing_register_shows_the_ten_columns_of_what_was_issued() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    let officer = office.person("annv.stttt").await;
    let id = issued(
        &office,
        &officer,
        5,
        "STTTT-BCVT",
        "Triển khai hạ tầng viễn thông",
        "2026-01-07T02:00:00Z",
    )
    .await;
    for n in 1..=9 {
        sent_to(&office, &officer, id, &format!("Sở thứ {n}"), "internal").await;
    }
    sent_to(&office, &officer, id, "Hội Cựu chiến binh", "paper").await;

    let page = clerk.get("/registers/outgoing").await.ok().text;
    for column in the_thuc::RegisterBook::Outgoing.columns() {
        assert!(
            page.contains(&format!("<th scope=\"col\">{column}</th>")),
            "{column}"
        );
    }
    assert!(
        page.contains(&format!("<a href=\"/outgoing/{id}\">05/STTTT-BCVT</a>")),
        "{page}"
    );

    let line = &clerk.api_get("/api/v1/registers/outgoing").await.ok().json()["items"][0];
    assert_eq!(line["number_and_symbol"], "05/STTTT-BCVT");
    assert_eq!(line["issued_on"], "2026-01-07");
    assert_eq!(line["signer"], "Nguyễn Văn An");
    assert_eq!(line["recipients"].as_array().unwrap().len(), 8);
    assert_eq!(line["recipient_count"], 10);
    assert_eq!(line["kept_by"], "VT, BCVT");
    assert_eq!(line["copies"], 2, "one recipient on paper, one kept");
    assert_eq!(line["dispatched_on"], "2026-01-08");
    assert!(page.contains("và 2 nơi nhận khác"));
}

#[tokio::test]
async fn nd30_22_2_the_incoming_register_runs_by_arrival_number_and_pages_both_ways() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    let officer = office.person("annv.stttt").await;
    for number in 1..=60 {
        let day = format!("2026-01-{:02}", 5 + (number - 1) / 20);
        let arrived = Arrived {
            lead: Some(officer.post).filter(|_| number == 60),
            ..plain(number, &day, "Báo cáo tháng")
        };
        registered(&office, clerk.agency, arrived).await;
    }
    let numbers = |page: &serde_json::Value| {
        let items = page["items"].as_array().unwrap().iter();
        items
            .map(|item| item["arrival_number"].as_i64().unwrap())
            .collect::<Vec<_>>()
    };
    let path = "/api/v1/registers/incoming";
    let first = clerk.api_get(path).await.ok().json();
    assert_eq!(numbers(&first), (36..=60).rev().collect::<Vec<_>>());
    assert!(first["previous"].is_null());
    assert_eq!(
        first["items"][0]["receiver"],
        "Nguyễn Văn An, Phòng Bưu chính - Viễn thông"
    );
    let next = |page: &serde_json::Value| format!("{path}?after={}", page["next"].as_str().unwrap());
    let second = clerk.api_get(&next(&first)).await.ok().json();
    let third = clerk.api_get(&next(&second)).await.ok().json();
    assert_eq!(numbers(&third), (1..=10).rev().collect::<Vec<_>>());
    assert!(third["next"].is_null());
    let back = format!("{path}?before={}", third["previous"].as_str().unwrap());
    assert_eq!(numbers(&clerk.api_get(&back).await.ok().json()), numbers(&second));

    let of_a_day = format!("{path}?from=2026-01-06&to=2026-01-06");
    let page = clerk.api_get(&of_a_day).await.ok().json();
    assert_eq!(numbers(&page), (21..=40).rev().collect::<Vec<_>>());
    let before_all = clerk.api_get(&format!("{path}?to=2026-01-04")).await.ok().json();
    assert!(numbers(&before_all).is_empty());
    let html = clerk.get("/registers/incoming?from=2026-01-07").await.ok().text;
    assert!(html.contains(">60</a>") && html.contains(">41</a>") && !html.contains(">40</a>"));
}

#[tokio::test]
async fn nd30_6_3_only_clerks_and_leaders_of_the_agency_read_its_registers() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    let id = registered(&office, clerk.agency, plain(1, "2026-01-05", "Chỉ trong Sở")).await;
    for path in [
        "/registers/incoming",
        "/registers/outgoing",
        "/registers/incoming.pdf",
        "/registers/outgoing.pdf",
        "/registers/handling",
        "/registers/handling.pdf",
        "/registers/post",
        "/registers/post.xlsx",
    ] {
        for refused in ["annv.stttt", "longhd.stttt", "tupa.stttt"] {
            let answer = office.person(refused).await.get(path).await;
            assert_eq!(answer.status, StatusCode::CONFLICT, "{refused} {path}");
            assert!(
                answer.text.contains("Chỉ văn thư và lãnh đạo cơ quan"),
                "{}",
                answer.text
            );
        }
    }
    let officer = office.person("annv.stttt").await;
    assert_eq!(
        officer.api_get("/api/v1/registers/incoming").await.json()["clause"],
        "ND30-6.3"
    );
    assert!(!officer.get("/").await.ok().text.contains("/registers/"));
    let elsewhere = office.person("oanhntk.snv").await;
    let page = elsewhere.get("/registers/incoming").await.ok().text;
    assert!(!page.contains(&id.to_string()));
    let leader = office.person("hungdm.stttt").await;
    assert!(
        leader
            .get("/registers/incoming")
            .await
            .ok()
            .text
            .contains(&id.to_string())
    );
    let stranger = office.stranger("GET", "/registers/incoming").await;
    assert!(stranger.status.is_redirection());
}

#[tokio::test]
async fn nd30_16_2b_the_book_is_printed_with_its_rows() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    registered(&office, clerk.agency, plain(1, "2026-01-05", "Báo cáo tháng")).await;
    for path in ["/registers/incoming.pdf", "/registers/outgoing.pdf?year=2026"] {
        let pdf = clerk.get(path).await.ok();
        assert!(pdf.bytes.starts_with(b"%PDF-"), "{path}");
    }
    let wrong = clerk
        .get("/registers/incoming.pdf?from=2026-02-01&to=2026-01-01")
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// The words of each page of a PDF, and its size.
fn pages(pdf: &[u8]) -> Vec<the_thuc::reading::Page> {
    the_thuc::reading::pages_of_pdf(pdf, &the_thuc::reading::ReadLimits::default()).unwrap()
}

fn words(page: &the_thuc::reading::Page) -> impl Iterator<Item = &the_thuc::reading::Word> {
    page.lines.iter().flat_map(|line| &line.words)
}

#[tokio::test]
async fn nt_16_md_40_md_41_both_registers_are_printed_with_ten_columns_a_cover_and_room_to_bind() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    let officer = office.person("annv.stttt").await;
    for number in 1..=40 {
        registered(
            &office,
            clerk.agency,
            plain(number, "2026-01-05", "Báo cáo tháng"),
        )
        .await;
    }
    let id = issued(
        &office,
        &officer,
        5,
        "STTTT-BCVT",
        "Triển khai",
        "2026-01-07T02:00:00Z",
    )
    .await;
    sent_to(&office, &officer, id, "Hội Cựu chiến binh", "paper").await;
    for (path, book, row) in [
        (
            "/registers/incoming.pdf",
            the_thuc::RegisterBook::Incoming,
            "12/BC-STC",
        ),
        (
            "/registers/outgoing.pdf",
            the_thuc::RegisterBook::Outgoing,
            // A long symbol goes on in the next line of its cell.
            "05/STTTT-",
        ),
    ] {
        let answer = clerk.get(path).await.ok();
        assert_eq!(answer.header("content-type"), Some("application/pdf"));
        let printed = pages(&answer.bytes);
        let cover: Vec<&str> = words(&printed[0]).map(|word| word.text.as_str()).collect();
        let cover = cover.join(" ");
        assert!(cover.contains(&book.title().to_uppercase()), "{cover}");
        assert!(
            cover.contains("Năm: 2026") && cover.contains("Quyển số:"),
            "{cover}"
        );
        assert_eq!(book.columns().len(), 10);
        for page in &printed[1..] {
            assert!(page.width > page.height, "across");
            // 2 cm at the left to bind it.
            let left = words(page).map(|word| word.x0).fold(f64::INFINITY, f64::min);
            assert!(left >= 20.0 * 72.0 / 25.4, "{left}");
            let text: Vec<&str> = words(page).map(|word| word.text.as_str()).collect();
            for number in 1..=10 {
                assert!(
                    text.contains(&format!("({number})").as_str()),
                    "({number}) of {book:?}: {text:?}"
                );
            }
            for word in book.columns().iter().flat_map(|title| title.split(' ')) {
                assert!(text.contains(&word), "{word} of {book:?}: {text:?}");
            }
        }
        let rows = printed[1..].iter().flat_map(words).map(|word| word.text.as_str());
        assert!(rows.collect::<Vec<_>>().join(" ").contains(row), "{row}");
        let sheet = clerk.get(&path.replace(".pdf", ".xlsx")).await.ok();
        assert!(sheet.bytes.starts_with(b"PK"));
        assert!(
            sheet
                .header("content-disposition")
                .unwrap()
                .contains("attachment")
        );
    }
    for missing in [
        "/registers/incoming.doc",
        "/registers/kept-copies.doc",
        "/registers/khac.pdf",
    ] {
        assert_eq!(
            clerk.get(missing).await.status,
            StatusCode::NOT_FOUND,
            "{missing}"
        );
    }
}

#[tokio::test]
async fn md_42_the_book_of_follow_up_shows_term_progress_and_reply() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    let officer = office.person("annv.stttt").await;
    let late = registered(&office, clerk.agency, plain(1, "2026-01-05", "Báo cáo tháng")).await;
    let done = Arrived {
        lead: Some(officer.post),
        ..plain(2, "2026-01-06", "Báo cáo quý")
    };
    let done = registered(&office, clerk.agency, done).await;
    let reply = issued(
        &office,
        &officer,
        7,
        "STTTT-BCVT",
        "Trả lời",
        "2026-01-08T02:00:00Z",
    )
    .await;
    let mut tx = office.app.db.begin().await.unwrap();
    tx.run(
        sql!("UPDATE incoming SET due_on = '2026-01-07' WHERE id = $1"),
        args![late],
    )
    .await
    .unwrap();
    tx.run(
        sql!("UPDATE incoming SET due_on = '2026-01-09', state = 'finished', finished_at = $2 WHERE id = $1"),
        args![done, office.app.clock.now()],
    )
    .await
    .unwrap();
    tx.run(
        sql!("UPDATE outgoing SET reply_to = $2 WHERE id = $1"),
        args![reply, done],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();

    let book = clerk.api_get("/api/v1/registers/handling").await.ok().json();
    let (second, first) = (&book["items"][0], &book["items"][1]);
    assert_eq!(
        first["document"],
        "Báo cáo 12/BC-STC ngày 05/01/2026 của Sở Tài chính"
    );
    assert_eq!(first["progress"], "Đã đăng ký, quá hạn");
    assert_eq!(first["deadline"], "overdue");
    assert_eq!(second["receiver"], "Nguyễn Văn An, Phòng Bưu chính - Viễn thông");
    assert_eq!(second["progress"], "Đã hoàn thành ngày 08/01/2026, đúng hạn");
    assert_eq!(second["replies"], serde_json::json!(["07/STTTT-BCVT"]));
    let page = clerk.get("/registers/handling").await.ok().text;
    for column in the_thuc::RegisterBook::Handling.columns() {
        assert!(
            page.contains(&format!("<th scope=\"col\">{column}</th>")),
            "{column}"
        );
    }
    assert!(
        page.contains(&format!("<a href=\"/incoming/{done}\">02</a>")),
        "{page}"
    );
    let printed = clerk.get("/registers/handling.pdf").await.ok();
    let cover: Vec<String> = words(&pages(&printed.bytes)[0])
        .map(|word| word.text.clone())
        .collect();
    let cover = cover.join(" ");
    assert!(
        cover.contains("SỔ THEO DÕI GIẢI QUYẾT VĂN BẢN ĐẾN") && !cover.contains("Từ số"),
        "{cover}"
    );
}

#[tokio::test]
async fn md_42b_the_book_of_the_post_has_one_envelope_per_recipient_on_paper() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    let officer = office.person("annv.stttt").await;
    let id = issued(
        &office,
        &officer,
        5,
        "STTTT-BCVT",
        "Triển khai",
        "2026-01-07T02:00:00Z",
    )
    .await;
    sent_to(&office, &officer, id, "Sở Tài chính", "internal").await;
    sent_to(&office, &officer, id, "Hội Cựu chiến binh", "paper").await;
    sent_to(&office, &officer, id, "Hội Nông dân", "paper").await;
    let book = clerk.api_get("/api/v1/registers/post").await.ok().json();
    let recipients: Vec<&str> = book["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["recipient"].as_str().unwrap())
        .collect();
    assert_eq!(recipients, ["Hội Nông dân", "Hội Cựu chiến binh"]);
    assert_eq!(book["items"][0]["number_and_symbol"], "05/STTTT-BCVT");
    let page = clerk.get("/registers/post").await.ok().text;
    assert!(
        page.contains(&format!("<a href=\"/outgoing/{id}\">05/STTTT-BCVT</a>")),
        "{page}"
    );
    let elsewhere = office.person("oanhntk.snv").await;
    let page = elsewhere.get("/registers/post").await.ok().text;
    assert!(page.contains("Mỗi nơi nhận bản giấy"), "{page}");
}
