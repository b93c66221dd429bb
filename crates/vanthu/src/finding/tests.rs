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
    // Both fold to “dao”; the one with the very accents stands first although it is older.
    assert_eq!(subjects(&clerk, "đào").await[0], training);
    assert_eq!(subjects(&clerk, "dao").await[0], "Tờ khai đạo đức công vụ");
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
    let both = ["Kinh phí viễn thông", "Hạ tầng viễn thông nông thôn"];
    for sees_both in ["anhltn.stttt", "hungdm.stttt"] {
        assert_eq!(
            subjects(&office.person(sees_both).await, "viễn thông").await,
            both
        );
    }
    for took_part in ["annv.stttt", "longhd.stttt"] {
        assert_eq!(
            subjects(&office.person(took_part).await, "viễn thông").await,
            both[1..],
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
