//! Drafts filled in by the fields of their template (NĐ 30 Phụ lục III), from the form to the issued file, and as DOCX.

use std::io::{Cursor, Read};

use pdf_signature::verify::Verdict;
use serde_json::{Value, json};
use the_thuc::reading::{ReadLimits, pages_of_pdf};

use super::{
    signed::support::{Keys, Signing},
    support::Committee,
};
use crate::testing::{Person, pdf};

/// A giấy mời as somebody fills it in on the page.
const INVITATION: [(&str, &str); 6] = [
    ("guests", "Lãnh đạo các sở, ngành\r\nLãnh đạo UBND các huyện"),
    ("event", "Hội nghị tổng kết chuyển đổi số"),
    ("meeting_chair", "Đồng chí Chủ tịch UBND tỉnh"),
    ("meeting_time", "08 giờ 00 phút, ngày 15 tháng 01 năm 2026"),
    ("meeting_place", "Hội trường UBND tỉnh"),
    ("main_text", "Đề nghị các đại biểu đến đúng giờ."),
];

fn minutes(committee: &Committee) -> Value {
    json!({
        "type_key": "bien_ban",
        "subject": "Họp giao ban tháng 01",
        "fields": {
            "minutes_begin": "08 giờ 00 phút, ngày 08 tháng 01 năm 2026",
            "minutes_place": "Phòng họp số 1",
            "attendees": "Lãnh đạo Văn phòng\nTrưởng các phòng",
            "secretary": "Nguyễn Đức Quang",
            "minutes_end": "11 giờ 30 phút, ngày 08 tháng 01 năm 2026",
        },
        "main_text": "1. Các phòng báo cáo.\n2. Chủ tịch kết luận.",
        "recipients": [committee.outsider.agency],
    })
}

/// The words of the main file, line by line.
async fn printed(by: &Person, at: &str) -> String {
    let seen = by.api_get(at).await.ok().json();
    let files = seen["files"].as_array().unwrap();
    let main = files.iter().find(|file| file["role"] == "main").unwrap();
    let path = format!("/api/v1/files/{}", main["id"].as_str().unwrap());
    let bytes = by.api_get(&path).await.ok().bytes;
    let pages = pages_of_pdf(&bytes, &ReadLimits::default()).unwrap();
    let lines = pages.iter().flat_map(|page| &page.lines);
    lines
        .map(|line| {
            let words: Vec<&str> = line.words.iter().map(|word| word.text.as_str()).collect();
            words.join(" ") + "\n"
        })
        .collect()
}

fn says(text: &str, all: &[&str]) {
    for words in all {
        assert!(text.contains(words), "“{words}” is missing in {text}");
    }
}

#[tokio::test]
async fn pl3_1_7_an_invitation_goes_from_its_fields_to_the_issued_file_by_pages() {
    let committee = Committee::new().await;
    let form = committee
        .officer
        .get("/outgoing/new?type=giay_moi")
        .await
        .ok()
        .text;
    says(&form, &["Mẫu 1.7: Giấy mời", "own-1-7", "name=\"meeting_time\""]);
    let recipient = committee.outsider.agency.to_string();
    let mut fields = vec![
        ("type_key", "giay_moi"),
        ("urgency", "normal"),
        ("main_kind", "text"),
        // The fields of other kinds stand in the page too, empty.
        ("secretary", ""),
        ("recipients", recipient.as_str()),
        ("next", "save"),
    ];
    fields.extend(INVITATION);
    let saved = committee.officer.post_files("/outgoing", &fields, &[]).await;
    assert_eq!(saved.status.as_u16(), 303, "{}", saved.text);
    let page = saved.location.clone();
    let shown = committee.officer.get(&page).await.ok().text;
    // The trích yếu is read from the fields when it is left empty.
    says(
        &shown,
        &["Hội nghị tổng kết chuyển đổi số", "Tải bản DOCX để sửa"],
    );
    let again = committee.officer.get(&format!("{page}/edit")).await.ok().text;
    says(
        &again,
        &[
            "Hội trường UBND tỉnh",
            "Lãnh đạo các sở, ngành\nLãnh đạo UBND các huyện",
        ],
    );

    let at = format!("/api/v1{page}");
    committee.carry(&at, "approved").await;
    let issued = committee
        .clerk
        .api(&format!("{at}/issue"), &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(issued["number_and_symbol"], "01/GM-UBND");
    says(
        &printed(&committee.clerk, &at).await,
        &[
            "Số: 01/GM-UBND",
            "ngày 08 tháng 01 năm 2026",
            "GIẤY MỜI",
            "trân trọng kính mời:",
            "- Lãnh đạo các sở, ngành;",
            "- Lãnh đạo UBND các huyện.",
            "Tới dự hội nghị tổng kết chuyển đổi số.",
            "Chủ trì: Đồng chí Chủ tịch UBND tỉnh.",
            "Thời gian: 08 giờ 00 phút, ngày 15 tháng 01 năm 2026.",
            "Địa điểm: Hội trường UBND tỉnh.",
            "đến đúng giờ./.",
        ],
    );
    let after = committee.officer.get(&page).await.ok().text;
    assert!(
        !after.contains("Tải bản DOCX để sửa"),
        "what is issued is not edited"
    );
}

#[tokio::test]
async fn pl3_a_field_that_is_missing_is_asked_for_beside_it_and_nothing_typed_is_lost() {
    let committee = Committee::new().await;
    let mut fields = vec![
        ("type_key", "giay_moi"),
        ("urgency", "normal"),
        ("main_kind", "text"),
        ("subject", "Tổng kết"),
        ("bearer", "Nguyễn Thị Hoa"),
    ];
    fields.extend(INVITATION.into_iter().filter(|(key, _)| *key != "meeting_time"));
    let stay = committee.officer.post_files("/outgoing", &fields, &[]).await;
    assert_eq!(stay.status.as_u16(), 422, "{}", stay.text);
    says(
        &stay.text,
        &[
            "cần ô “Thời gian”",
            "id=\"e-meeting_time\"",
            "Phụ lục III Nghị định 30/2020/NĐ-CP, mẫu 1.7",
            "Hội trường UBND tỉnh",
            // of another kind, kept while the drafter is still choosing
            "Nguyễn Thị Hoa",
        ],
    );
    let mut draft = minutes(&committee);
    draft["fields"]["meeting_time"] = json!("08 giờ");
    let refused = committee.officer.api("/api/v1/outgoing", &draft).await;
    assert_eq!(refused.status.as_u16(), 409, "{}", refused.text);
    assert!(
        refused.text.contains("outgoing.unknown_field"),
        "{}",
        refused.text
    );
}

#[tokio::test]
async fn pl3_1_9_minutes_are_issued_with_two_signatures_and_compared_by_their_fields() {
    let committee = Committee::new().await;
    let at = committee.draft(&minutes(&committee)).await;
    let mut changed = minutes(&committee);
    changed["fields"]["minutes_place"] = json!("Phòng họp số 2");
    let moved = committee
        .officer
        .api(&format!("{at}/edit"), &changed)
        .await
        .ok()
        .json();
    assert_eq!(moved["version"], json!(2), "a changed field is a new version");
    let found = committee
        .officer
        .api_get(&format!("{at}/compare"))
        .await
        .ok()
        .json();
    let changed: Vec<String> = found["text"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["kind"] != "same")
        .map(|line| {
            let parts = line["parts"].as_array().unwrap().iter();
            parts.map(|part| part["text"].as_str().unwrap()).collect()
        })
        .collect();
    assert_eq!(changed, ["Địa điểm: Phòng họp số 1", "Địa điểm: Phòng họp số 2"]);

    committee.carry(&at, "approved").await;
    let issued = committee
        .clerk
        .api(&format!("{at}/issue"), &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(issued["number_and_symbol"], "01/BB-UBND");
    let text = printed(&committee.clerk, &at).await;
    says(
        &text,
        &[
            "Số: 01/BB-UBND",
            "Thời gian bắt đầu: 08 giờ 00 phút, ngày 08 tháng 01 năm 2026.",
            "Địa điểm: Phòng họp số 2.",
            "- Lãnh đạo Văn phòng;",
            "Chủ trì (chủ tọa): Trần Quốc Khải",
            "Thư ký (người ghi biên bản): Nguyễn Đức Quang.",
            "Cuộc họp kết thúc vào 11 giờ 30 phút",
            "THƯ KÝ CHỦ TỌA",
            "Lưu: VT, Hồ sơ.",
        ],
    );
    assert!(
        !text.contains("Đắk Nông, ngày"),
        "no line of place and date: {text}"
    );
}

#[tokio::test]
async fn pl3_1_9_minutes_are_signed_and_numbered_though_they_have_no_place_for_the_day() {
    let signing = Signing::new(Keys::Here).await;
    let committee = &signing.committee;
    let at = committee.draft(&minutes(committee)).await;
    committee.carry(&at, "approval").await;
    committee
        .chair
        .api(&format!("{at}/approve"), &json!({}))
        .await
        .ok();
    let issued = signing.sealed(&at).await;
    assert_eq!(issued["number_and_symbol"], "01/BB-UBND");
    let report = signing
        .verify(&signing.file(&committee.clerk, &at, 0).await)
        .await;
    assert_eq!(report.verdict, Verdict::TotalPassed, "{report:?}");
}

#[tokio::test]
async fn pl3_1_2_1_3_a_decision_is_composed_of_grounds_proposal_and_what_it_issues() {
    let committee = Committee::new().await;
    let draft = json!({
        "type_key": "quyet_dinh",
        "subject": "Ban hành Quy chế làm việc",
        "fields": {
            "grounds": "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015",
            "proposal": "Chánh Văn phòng",
            "attached_type": "Quy chế",
            "attached_subject": "Làm việc của Ủy ban nhân dân tỉnh",
            "attached_text": "Điều 1. Phạm vi điều chỉnh\nQuy chế này quy định chế độ làm việc.",
            "drafter_mark": "PL.(300)",
        },
        "main_text": "Điều 1. Ban hành kèm theo Quyết định này Quy chế làm việc.\nĐiều 2. Quyết định này có hiệu lực kể từ ngày ký.",
        "recipients": [committee.outsider.agency],
    });
    let at = committee.draft(&draft).await;
    let seen = committee.seen(&committee.officer, &at).await;
    assert_eq!(seen["pages"], json!(2), "{seen}");
    committee.carry(&at, "approved").await;
    committee.clerk.api(&format!("{at}/issue"), &json!({})).await.ok();
    let text = printed(&committee.clerk, &at).await;
    says(
        &text,
        &[
            "ngày 19 tháng 6 năm 2015;",
            "Theo đề nghị của Chánh Văn phòng.",
            "QUYẾT ĐỊNH:",
            "kể từ ngày ký./.",
            "PL.(300)",
        ],
    );
}

#[tokio::test]
async fn nd30_10_2_fields_and_an_uploaded_file_are_not_mixed() {
    let committee = Committee::new().await;
    let file = committee
        .officer
        .api_upload("moi.pdf", &pdf("GM"))
        .await
        .ok()
        .json();
    let mut draft = minutes(&committee);
    draft["main_file"] = file["id"].clone();
    draft.as_object_mut().unwrap().remove("main_text");
    let refused = committee.officer.api("/api/v1/outgoing", &draft).await;
    assert!(
        refused.text.contains("outgoing.two_main_contents"),
        "{}",
        refused.text
    );
    // By page the file counts, and what stands in the fields of the other way does not.
    let fields = [
        ("type_key", "bien_ban"),
        ("urgency", "normal"),
        ("subject", "Họp giao ban"),
        ("main_kind", "file"),
        ("secretary", "Nguyễn Đức Quang"),
    ];
    let saved = committee
        .officer
        .post_files("/outgoing", &fields, &[("main_file", "bienban.pdf", &pdf("BB"))])
        .await;
    assert_eq!(saved.status.as_u16(), 303, "{}", saved.text);
}

#[tokio::test]
async fn qc01_1_2_a_mark_of_state_secrets_in_a_field_is_refused() {
    let committee = Committee::new().await;
    let mut draft = minutes(&committee);
    draft["fields"]["attendees"] = json!("TỐI MẬT");
    let refused = committee.officer.api("/api/v1/outgoing", &draft).await;
    assert_eq!(refused.status.as_u16(), 409, "{}", refused.text);
}

#[tokio::test]
async fn a_composed_draft_is_taken_away_as_docx_by_who_sees_it() {
    let committee = Committee::new().await;
    let at = committee.draft(&minutes(&committee)).await;
    let path = format!("{}/draft.docx", at.replace("/api/v1", ""));
    let answer = committee.officer.get(&path).await.ok();
    assert!(
        answer
            .header("content-type")
            .unwrap()
            .contains("wordprocessingml.document"),
        "{:?}",
        answer.header("content-type")
    );
    assert!(
        answer
            .header("content-disposition")
            .unwrap()
            .contains("DuThaoV1.docx")
    );
    let mut archive = zip::ZipArchive::new(Cursor::new(answer.bytes.as_slice())).unwrap();
    let mut text = String::new();
    archive
        .by_name("word/document.xml")
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    says(
        &text,
        &[
            "BIÊN BẢN",
            "Phòng họp số 1",
            "THƯ KÝ",
            "CHỦ TỌA",
            "2. ",
            "kết luận",
        ],
    );
    // What is taken away is what may be sent in.
    committee
        .officer
        .api_upload("DuThaoV1.docx", &answer.bytes)
        .await
        .ok();

    for stranger in [&committee.outsider, &committee.deputy] {
        assert_eq!(stranger.get(&path).await.status.as_u16(), 404);
    }
    let file = committee
        .officer
        .api_upload("bao_cao.pdf", &pdf("BC"))
        .await
        .ok()
        .json();
    let uploaded = json!({ "type_key": "bao_cao", "subject": "Kết quả", "main_file": file["id"],
        "recipients": [committee.outsider.agency] });
    let at = committee.draft(&uploaded).await;
    let refused = committee
        .officer
        .get(&format!("{}/draft.docx", at.replace("/api/v1", "")))
        .await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);
}
