//! Bản sao: numbered in their own series, refused where the law knows no copy, printed (CN-224, ND30-25).

mod electronic;
mod send_along;
mod signing;
mod void;

use serde_json::json;

use crate::testing::{Office, Person, pdf};

/// UBND tỉnh issues a document on paper; gives its id and its people: clerk, officer.
async fn issued(office: &Office) -> (String, Person, Person) {
    let officer = office.person("quangnd.ubnd").await;
    let clerk = office.person("nhungpth.ubnd").await;
    let file = officer
        .api_upload("thongbao.pdf", &pdf("Thong bao"))
        .await
        .ok()
        .json()["id"]
        .clone();
    let draft = json!({
        "type_key": "thong_bao", "subject": "Lịch nghỉ Tết", "main_file": file,
        "paper": [{ "name": "Báo Đắk Nông", "reason": "Chưa kết nối" }],
    });
    let id = officer.api("/api/v1/outgoing", &draft).await.ok().json()["id"].clone();
    let id = id.as_str().unwrap().to_owned();
    let at = format!("/api/v1/outgoing/{id}");
    for (person, act) in [
        (&officer, "submit"),
        (&office.person("thaobtp.ubnd").await, "sign-off-content"),
        (&clerk, "sign-off-form"),
        (&office.person("khaitq.ubnd").await, "approve"),
        (&clerk, "issue"),
    ] {
        person.api(&format!("{at}/{act}"), &json!({})).await.ok();
    }
    (id, clerk, officer)
}

#[tokio::test]
async fn cn_224_copies_have_a_series_of_their_own_and_are_printed() {
    let office = Office::new().await;
    let (id, clerk, officer) = issued(&office).await;
    let path = "/api/v1/registers/copies";
    let copy = json!({ "source_kind": "outgoing", "source": id, "kind": "sao_y", "copies": 3, "recipients": "Phòng Văn thư" });
    let made = clerk.api(path, &copy).await.ok().json();
    assert_eq!(made["number_and_symbol"], "01/SY-UBND");
    let mut extract = copy.clone();
    extract["kind"] = json!("trich_sao");
    extract["extract"] = json!("Mục 2");
    // One common series for all forms.
    assert_eq!(
        clerk.api(path, &extract).await.ok().json()["number_and_symbol"],
        "02/TrS-UBND"
    );
    let listed = clerk.api_get(path).await.ok().json();
    assert_eq!(listed["items"][1]["copies"], 3);
    assert_eq!(listed["items"][0]["extract"], "Mục 2");
    let printed = clerk
        .get(&format!(
            "/registers/copies/{}/block.pdf",
            made["id"].as_str().unwrap()
        ))
        .await
        .ok();
    assert!(printed.bytes.starts_with(b"%PDF"));
    // The history of the document tells it.
    let page = officer.get(&format!("/outgoing/{id}")).await.ok().text;
    assert!(page.contains("Sao y số 01/SY-UBND, 3 bản"), "{page}");
}

#[tokio::test]
async fn cn_224_what_the_law_does_not_know_is_refused() {
    let office = Office::new().await;
    let (id, clerk, officer) = issued(&office).await;
    let path = "/api/v1/registers/copies";
    let copy = |kind: &str, is_copy: &str, to: &str| json!({ "source_kind": "outgoing", "source": id, "kind": kind, "copies": 1, "source_is_copy": is_copy, "to": to });
    for (sent, clause) in [
        (copy("sao_luc", "", "paper"), "ND30-25.2"),
        (copy("sao_y", "on", "paper"), "ND30-25.1"),
        (copy("trich_sao", "", "paper"), "ND30-25.3"),
        // The file that was printed is no scan of what was signed on paper.
        (copy("sao_y", "", "electronic"), "ND30-25.1"),
    ] {
        assert_eq!(clerk.api(path, &sent).await.json()["clause"], clause, "{sent}");
    }
    let usual = copy("sao_y", "", "paper");
    assert_eq!(officer.api(path, &usual).await.json()["clause"], "ND30-4.2b");
    let outsider = office.person("anhltn.stttt").await;
    assert_eq!(outsider.api(path, &usual).await.status.as_u16(), 404);
    // Nothing was numbered.
    assert_eq!(clerk.api_get(path).await.ok().json()["items"], json!([]));
}

#[tokio::test]
async fn cn_224_the_clerk_copies_by_page() {
    let office = Office::new().await;
    let (id, clerk, officer) = issued(&office).await;
    let page = clerk.get(&format!("/outgoing/{id}")).await.ok().text;
    let form = format!("/registers/copies/new?outgoing={id}");
    assert!(page.contains(&form), "{page}");
    let page = clerk.get(&form).await.ok().text;
    assert!(
        page.contains("Lịch nghỉ Tết") && page.contains("Hình thức sao"),
        "{page}"
    );
    assert_eq!(officer.get(&form).await.status.as_u16(), 409);
    let fields = [
        ("source_kind", "outgoing"),
        ("source", id.as_str()),
        ("kind", "sao_luc"),
        ("copies", "2"),
        ("recipients", "- Phòng Nội vụ;\n- Lưu"),
    ];
    let stay = clerk.post("/registers/copies/new", &fields).await;
    assert_eq!(stay.status.as_u16(), 422);
    assert!(
        stay.text.contains("Sao lục chỉ thực hiện từ bản sao y"),
        "{}",
        stay.text
    );
    let mut fields = fields.to_vec();
    fields.push(("source_is_copy", "on"));
    let done = clerk.post("/registers/copies/new", &fields).await;
    assert_eq!(
        (done.status.as_u16(), done.location.as_str()),
        (303, "/registers/copies"),
        "{}",
        done.text
    );
    let page = clerk.get("/registers/copies").await.ok().text;
    assert!(
        page.contains("01/SL-UBND") && page.contains("Phòng Nội vụ; Lưu"),
        "{page}"
    );
}

#[tokio::test]
async fn cn_224_nd30_25_3_an_extract_with_its_words_is_printed_whole() {
    let office = Office::new().await;
    let (id, clerk, _) = issued(&office).await;
    let path = "/api/v1/registers/copies";
    let mut copy = json!({
        "source_kind": "outgoing", "source": id, "kind": "trich_sao", "copies": 1, "extract": "Mục 2",
        "text": "2. Các đơn vị bố trí trực Tết.\nBáo cáo trước ngày 10 tháng 02.",
    });
    let made = clerk.api(path, &copy).await.ok().json();
    let print = format!("/registers/copies/{}/block.pdf", made["id"].as_str().unwrap());
    assert!(clerk.get(&print).await.ok().bytes.starts_with(b"%PDF"));
    let listed = clerk.api_get(path).await.ok().json();
    assert_eq!(listed["items"][0]["is_composed"], true);
    let page = clerk.get("/registers/copies").await.ok().text;
    assert!(page.contains("Bản trích sao"), "{page}");
    copy["kind"] = json!("sao_y");
    assert_eq!(
        clerk.api(path, &copy).await.json()["code"],
        "copies.text_of_a_whole_copy"
    );
}

#[tokio::test]
async fn cn_224_the_book_of_an_earlier_year_is_chosen_on_the_page() {
    let office = Office::new().await;
    let (id, clerk, _) = issued(&office).await;
    let copy = json!({ "source_kind": "outgoing", "source": id, "kind": "sao_y", "copies": 1 });
    clerk.api("/api/v1/registers/copies", &copy).await.ok();
    office.clock.set("2027-01-05T02:00:00Z".parse().unwrap());
    let clerk = office.person("nhungpth.ubnd").await;
    let page = clerk.get("/registers/copies").await.ok().text;
    assert!(
        page.contains("<option value=\"2026\"") && !page.contains("01/SY-UBND"),
        "{page}"
    );
    let page = clerk.get("/registers/copies?year=2026").await.ok().text;
    assert!(
        page.contains("<option value=\"2026\" selected") && page.contains("01/SY-UBND"),
        "{page}"
    );
}

#[tokio::test]
async fn cn_224_pl1_g4_words_that_cannot_be_printed_are_told_before_a_number_is_taken() {
    let office = Office::new().await;
    let (id, clerk, _) = issued(&office).await;
    let path = "/api/v1/registers/copies";
    let mut copy = json!({
        "source_kind": "outgoing", "source": id, "kind": "trich_sao", "copies": 1, "extract": "Mục 2",
        "text": "Kính gửi \u{E000} các đơn vị.",
    });
    let refused = clerk.api(path, &copy).await.json();
    assert_eq!(
        (&refused["clause"], &refused["code"]),
        (&json!("PL1-G4"), &json!("outgoing.unprintable")),
        "{refused}"
    );
    copy["text"] = json!("Kính gửi các đơn vị.");
    let made = clerk.api(path, &copy).await.ok().json();
    assert_eq!(made["number_and_symbol"], "01/TrS-UBND");
}
