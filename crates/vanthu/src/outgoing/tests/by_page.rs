//! The path by page, as people click it.

use super::support::{Committee, DECISION};
use crate::testing::pdf;

impl Committee {
    /// The address of the page that a form led to.
    async fn page_draft(&self, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> String {
        let recipient = self.outsider.agency.to_string();
        let mut all = vec![
            ("type_key", "quyet_dinh"),
            ("urgency", "urgent"),
            ("recipients", recipient.as_str()),
        ];
        all.extend(fields);
        let answer = self.officer.post_files("/outgoing", &all, files).await.ok();
        assert!(
            answer.location.starts_with("/outgoing/"),
            "{}: {}",
            answer.status,
            answer.text
        );
        answer.location
    }
}

#[tokio::test]
async fn a_decision_goes_from_draft_to_issue_by_pages() {
    let committee = Committee::new().await;
    assert!(
        committee
            .officer
            .get("/outgoing/new")
            .await
            .ok()
            .text
            .contains("Soạn văn bản")
    );
    let fields = [
        ("subject", "Ban hành kế hoạch"),
        ("main_text", DECISION),
        ("main_kind", "text"),
        ("next", "submit"),
    ];
    let at = committee.page_draft(&fields, &[]).await;
    let page = committee.head.get(&at).await.ok().text;
    assert!(
        page.contains("Xác nhận nội dung") && page.contains("pdf-viewer"),
        "{page}"
    );
    let steps = [
        (&committee.head, "sign-off-content", "Xác nhận nội dung"),
        (&committee.clerk, "sign-off-form", "Xác nhận thể thức"),
        (&committee.chair, "approve", "Duyệt"),
        (&committee.clerk, "issue", "Cấp số, phát hành"),
    ];
    for (person, act, label) in steps {
        assert!(person.get(&at).await.ok().text.contains(label), "{label}");
        let done = person
            .post(&format!("{at}/{act}"), &[("comment", "Nhất trí")])
            .await;
        assert_eq!(
            (done.status.as_u16(), done.location.as_str()),
            (303, at.as_str()),
            "{}",
            done.text
        );
    }
    let page = committee.officer.get(&at).await.ok().text;
    for shown in [
        "01/QĐ-UBND",
        "Chỉ để biết, tham khảo",
        "Chờ gửi",
        "Nhất trí",
        "Đã ban hành",
        "Phát hành.",
    ] {
        assert!(page.contains(shown), "{shown} is missing in {page}");
    }
}

#[tokio::test]
async fn a_whole_decision_is_pasted_and_brings_its_subject_and_regulation() {
    let committee = Committee::new().await;
    let text = "**QUYẾT ĐỊNH**\n\n**Ban hành Quy chế quản lý văn bản**\n\n**ỦY BAN NHÂN DÂN TỈNH ĐẮK NÔNG**\n\n\
        Căn cứ Luật Lưu trữ ngày 11 tháng 11 năm 2011;\n\n### **QUYẾT ĐỊNH:**\n\n\
        **Điều 1.** Ban hành kèm theo Quyết định này Quy chế quản lý văn bản.\n\n*Nơi nhận:*\n\n- Như Điều 1;\n- Lưu: VT.\n\n\
        **TM. ỦY BAN NHÂN DÂN**  \n**CHỦ TỊCH**\n\n**Trần Quang Khải**\n\n**QUY CHẾ**\n\n**Quản lý văn bản**\n\n\
        *(Kèm theo Quyết định số 01/2022/QĐ-UBND)*\n\n**Điều 1.** Phạm vi.\n";
    let at = committee
        .page_draft(&[("main_text", text), ("main_kind", "text")], &[])
        .await;
    let page = committee.officer.get(&at).await.ok().text;
    assert!(page.contains("Ban hành Quy chế quản lý văn bản"), "{page}");
    let facts = page.split("Số trang").nth(1).unwrap();
    assert!(
        facts.contains("<dd>2</dd>"),
        "the decision and its regulation begin on pages of their own"
    );
}

#[tokio::test]
async fn nd30_10_3_a_return_without_a_comment_keeps_the_page() {
    let committee = Committee::new().await;
    let fields = [
        ("subject", "Ban hành kế hoạch"),
        ("main_text", DECISION),
        ("next", "submit"),
    ];
    let at = committee.page_draft(&fields, &[]).await;
    let stay = committee
        .head
        .post(&format!("{at}/return"), &[("comment", "  ")])
        .await;
    assert_eq!(stay.status.as_u16(), 422);
    assert!(
        stay.text.contains("Vui lòng ghi ý kiến") && stay.text.contains("Khoản 3 Điều 10"),
        "{}",
        stay.text
    );
    let done = committee
        .head
        .post(&format!("{at}/return"), &[("comment", "Sửa Điều 2")])
        .await;
    assert_eq!(done.status.as_u16(), 303);
    let page = committee.officer.get(&at).await.ok().text;
    assert!(
        page.contains("Sửa Điều 2") && page.contains("Trình dự thảo"),
        "{page}"
    );
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed_and_uploaded() {
    let committee = Committee::new().await;
    let fields = [
        ("type_key", "thong_bao"),
        ("urgency", "normal"),
        ("paper", "Báo Đắk Nông | Chưa kết nối"),
    ];
    let stay = committee
        .officer
        .post_files("/outgoing", &fields, &[("main_file", "thongbao.pdf", &pdf("TB"))])
        .await;
    assert_eq!(stay.status.as_u16(), 422, "{}", stay.text);
    for kept in [
        "Vui lòng nhập trích yếu",
        "Báo Đắk Nông | Chưa kết nối",
        "Tệp hiện tại: thongbao.pdf",
    ] {
        assert!(stay.text.contains(kept), "{kept} is missing in {}", stay.text);
    }
}

#[tokio::test]
async fn nd30_11_2_the_form_of_an_approved_document_says_what_a_change_voids() {
    let committee = Committee::new().await;
    let at = committee.approved().await.replace("/api/v1", "");
    let form = committee.officer.get(&format!("{at}/edit")).await.ok().text;
    assert!(form.contains("hết hiệu lực"), "{form}");
    assert!(form.contains("Điều 1. Ban hành kế hoạch chuyển đổi số năm 2026."));
}
