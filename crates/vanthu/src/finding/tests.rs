use crate::{
    registers::tests::{Arrived, issued, registered},
    testing::{Office, Person},
};

async fn subjects(person: &Person, q: &str) -> Vec<String> {
    let path = format!("/api/v1/search?q={}", crate::web::encode(q));
    person.api_get(&path).await.ok().json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["subject"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_document_is_found_by_number_symbol_and_subject_with_or_without_accents() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    let officer = office.person("annv.stttt").await;
    let at = "2026-01-07T02:00:00Z";
    issued(
        &office,
        &officer,
        5,
        "QĐ-STTTT",
        "Tổ chức đào tạo chuyển đổi số",
        at,
    )
    .await;
    issued(&office, &officer, 15, "QĐ-STTTT", "Ban hành nội quy", at).await;
    registered(
        &office,
        clerk.agency,
        Arrived {
            number: 1,
            day: "2026-01-05",
            of: ("012", "BC-STC"),
            subject: "Tờ khai đạo đức công vụ",
            lead: None,
        },
    )
    .await;
    let training = "Tổ chức đào tạo chuyển đổi số".to_owned();
    for q in [
        "chuyển đổi số",
        "chuyen doi so",
        "CHUYỂN   ĐÀO",
        "5/QĐ-STTTT",
        "05/qd-stttt",
        "05/QĐ",
        &viet_text::nfd("đào tạo"),
    ] {
        assert_eq!(subjects(&clerk, q).await, std::slice::from_ref(&training), "{q}");
    }
    assert_eq!(subjects(&clerk, "12/bc-stc").await, ["Tờ khai đạo đức công vụ"]);
    assert_eq!(subjects(&clerk, "qđ-stttt").await.len(), 2);
    assert_eq!(subjects(&clerk, "noi quy dao tao").await, Vec::<String>::new());
    assert_eq!(subjects(&clerk, "%").await, Vec::<String>::new());
    // Both fold to “dao”.
    assert_eq!(subjects(&clerk, "đào").await.len(), 2);
    let page = clerk.get("/search?q=chuyen+doi").await.ok().text;
    assert!(page.contains(&training) && page.contains("value=\"chuyen doi\""));
}

#[tokio::test]
async fn qc01_4_2_nobody_finds_what_they_may_not_see() {
    let office = Office::new().await;
    let officer = office.person("annv.stttt").await;
    let clerk = office.person("anhltn.stttt").await;
    issued(
        &office,
        &officer,
        5,
        "STTTT-BCVT",
        "Hạ tầng viễn thông nông thôn",
        "2026-01-07T02:00:00Z",
    )
    .await;
    registered(
        &office,
        clerk.agency,
        Arrived {
            number: 1,
            day: "2026-01-05",
            of: ("12", "BC-STC"),
            subject: "Kinh phí viễn thông",
            lead: None,
        },
    )
    .await;
    let both = ["Hạ tầng viễn thông nông thôn", "Kinh phí viễn thông"];
    for sees_both in ["anhltn.stttt", "hungdm.stttt"] {
        assert_eq!(
            subjects(&office.person(sees_both).await, "viễn thông").await,
            both
        );
    }
    for took_part in ["annv.stttt", "longhd.stttt"] {
        assert_eq!(
            subjects(&office.person(took_part).await, "viễn thông").await,
            both[..1],
            "{took_part}"
        );
    }
    for outsider in ["oanhntk.snv", "khaitq.ubnd", "tupa.stttt"] {
        let outsider = office.person(outsider).await;
        assert!(subjects(&outsider, "viễn thông").await.is_empty());
    }
}

#[tokio::test]
async fn results_come_in_pages_of_25_without_gap_or_double() {
    let office = Office::new().await;
    let officer = office.person("annv.stttt").await;
    for n in 1..=60 {
        let subject = format!("Báo cáo tuần {n}");
        issued(&office, &officer, n, "BC-STTTT", &subject, "2026-01-07T02:00:00Z").await;
    }
    let (mut path, mut ids) = ("/api/v1/search?q=bao+cao".to_owned(), Vec::new());
    for expected in [25, 25, 10] {
        let found = officer.api_get(&path).await.ok().json();
        let items = found["items"].as_array().unwrap();
        assert_eq!(items.len(), expected);
        ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        if let Some(next) = found["next"].as_str() {
            path = format!("/api/v1/search?q=bao+cao&after={next}");
        }
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 60);
}

#[tokio::test]
async fn results_run_by_date_whatever_the_order_of_registration_and_page_by_it() {
    let office = Office::new().await;
    let clerk = office.person("anhltn.stttt").await;
    // Registered in an order that is not that of their dates; several of one day.
    for number in 1..=40_u32 {
        let day = format!("2026-01-{:02}", 1 + number * 7 % 5);
        let subject = format!("Báo cáo {number}");
        let arrived = Arrived {
            number: number.into(),
            day: "2026-01-05",
            of: ("12", "BC-STC"),
            subject: &subject,
            lead: None,
        };
        registered(&office, clerk.agency, arrived).await;
        let mut tx = office.app.db.begin().await.unwrap();
        tx.run(
            store::sql!("UPDATE incoming SET issued_on = $2 WHERE subject = $1"),
            store::args![subject.as_str(), day],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }
    let (mut after, mut days, mut ids) = (String::new(), Vec::new(), Vec::new());
    loop {
        let path = format!("/api/v1/search?q=bao+cao&after={after}");
        let found = clerk.api_get(&path).await.ok().json();
        for item in found["items"].as_array().unwrap() {
            days.push(item["date"].as_str().unwrap().to_owned());
            ids.push(item["id"].as_str().unwrap().to_owned());
        }
        match found["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}");
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 40);
    let broken = clerk.api_get("/api/v1/search?q=a&after=x").await;
    assert_eq!(broken.status.as_u16(), 422);
}

#[tokio::test]
async fn a_clerk_finds_a_draft_that_went_on_to_the_signer_and_nobody_finds_one_before_its_time() {
    let office = Office::new().await;
    let officer = office.person("annv.stttt").await;
    let clerk = office.person("anhltn.stttt").await;
    let draft = serde_json::json!({ "type_key": "bao_cao", "subject": "Sơ kết chuyển đổi số", "main_text": "Kết quả.",
        "paper": [{ "name": "Báo Đắk Nông" }] });
    let id = officer.api("/api/v1/outgoing", &draft).await.ok().json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(subjects(&clerk, "sơ kết").await.is_empty());
    let act = |person: Person, act: &'static str| {
        let path = format!("/api/v1/outgoing/{id}/{act}");
        async move { person.api(&path, &serde_json::json!({})).await.ok() }
    };
    act(officer.clone(), "submit").await;
    assert!(
        subjects(&clerk, "sơ kết").await.is_empty(),
        "with the unit head still"
    );
    act(office.person("longhd.stttt").await, "sign-off-content").await;
    assert_eq!(subjects(&clerk, "sơ kết").await.len(), 1);
    // The other clerk of the agency, if there is one, and the form checker see it alike; past the box it is still found.
    act(clerk.clone(), "sign-off-form").await;
    let mut tx = office.app.db.begin().await.unwrap();
    tx.run(
        store::sql!("DELETE FROM participant WHERE post_id = $1"),
        store::args![clerk.post],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        subjects(&clerk, "sơ kết").await.len(),
        1,
        "as a colleague at the desk"
    );
    let other = office.person("chivtl.stttt").await;
    assert!(subjects(&other, "sơ kết").await.is_empty());
    assert!(
        subjects(&office.person("oanhntk.snv").await, "sơ kết")
            .await
            .is_empty()
    );
}
