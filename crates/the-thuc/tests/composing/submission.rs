//! Phiếu trình (CN-305).

use crate::support::{MM, Opened, composer, moment};
use jiff::civil::date;
use the_thuc::{Issuer, SlipEntry, SubmissionRound, SubmissionSlip};

#[test]
fn cn_305_the_slip_says_what_was_laid_before_whom_and_who_answered_when() {
    let entry = |who: &str, opinion: &str, line: &str| SlipEntry {
        who: who.into(),
        date: None,
        opinion: opinion.into(),
        lines: Some(line)
            .filter(|line| !line.is_empty())
            .map(Into::into)
            .into_iter()
            .collect(),
    };
    let slip = SubmissionSlip {
        agency: Issuer {
            parent_name: None,
            name: "Ủy ban nhân dân tỉnh Đắk Nông".into(),
        },
        place: "Đắk Nông".into(),
        date: Some(date(2026, 1, 8)),
        addressees: vec![
            "Lê Thị Minh Tâm, Phó Chủ tịch".into(),
            "Trần Quốc Khải, Chủ tịch".into(),
        ],
        subject: "Xin chủ trương ban hành kế hoạch chuyển đổi số".into(),
        body: "Căn cứ chương trình công tác năm.\nĐề xuất ban hành trong tháng 01.".into(),
        carries: vec!["Ban hành kế hoạch chuyển đổi số (dự thảo)".into()],
        maker: "Nguyễn Đức Quang, Chuyên viên".into(),
        rounds: vec![SubmissionRound {
            title: "Ý kiến của người có thẩm quyền:".into(),
            answers: vec![
                entry(
                    "Lê Thị Minh Tâm, Phó Chủ tịch",
                    "Nhất trí.",
                    "Phê duyệt lúc 08:10 08/01/2026",
                ),
                entry("Trần Quốc Khải, Chủ tịch", "", "Phê duyệt lúc 09:00 08/01/2026"),
            ],
            advice: vec![entry(
                "Bùi Thị Phương Thảo, Trưởng phòng",
                "Nên lùi thời hạn.",
                "",
            )],
            signs: None,
        }],
        result: "Kết quả: đã phê duyệt lúc 09:00 08/01/2026.".into(),
    };
    let composed = composer().submission(&slip, moment()).expect("the slip composes");
    assert_eq!(composed.pages, 1);
    let flow = Opened::new(&composed.pdf).flow();
    let mut from = 0;
    for said in [
        "PHIẾU TRÌNH",
        "Xin chủ trương ban hành kế hoạch chuyển đổi số",
        "Kính gửi:",
        "Lê Thị Minh Tâm, Phó Chủ tịch",
        "Đề xuất ban hành trong tháng 01.",
        "Kèm theo:",
        "Người lập phiếu",
        "Ý kiến của người có thẩm quyền:",
        "Phê duyệt lúc 08:10 08/01/2026",
        "Phê duyệt lúc 09:00 08/01/2026",
        "Ý kiến tham khảo:",
        "Nên lùi thời hạn.",
        "Kết quả: đã phê duyệt",
    ] {
        let at = flow[from..].find(said);
        from += at.unwrap_or_else(|| panic!("“{said}” after the others: {flow}"));
    }
    // It has no number.
    assert!(!flow.contains("Số:"));
}

#[test]
fn cn_305_a_slip_that_was_not_submitted_composes_too() {
    let slip = SubmissionSlip {
        agency: Issuer {
            parent_name: None,
            name: "Sở Nội vụ".into(),
        },
        subject: "Xin chủ trương".into(),
        maker: "Nguyễn Đức Quang, Chuyên viên".into(),
        ..SubmissionSlip::default()
    };
    let composed = composer().submission(&slip, moment()).expect("the slip composes");
    assert!(Opened::new(&composed.pdf).flow().contains("ngày ……… tháng"));
}

#[test]
fn cn_302_whoever_signs_has_room_over_their_name_and_the_places_say_where() {
    let entry = |who: &str| SlipEntry {
        who: who.into(),
        opinion: "Nhất trí.".into(),
        lines: vec!["Ký duyệt".into()],
        ..SlipEntry::default()
    };
    let of = |signs| SubmissionSlip {
        agency: Issuer {
            parent_name: None,
            name: "Ủy ban nhân dân tỉnh Đắk Nông".into(),
        },
        subject: "Xin chủ trương".into(),
        maker: "Nguyễn Đức Quang, Chuyên viên".into(),
        rounds: vec![SubmissionRound {
            title: "Ý kiến của người có thẩm quyền:".into(),
            answers: vec![
                entry("Lê Thị Minh Tâm, Phó Chủ tịch"),
                entry("Trần Quốc Khải, Chủ tịch"),
            ],
            advice: Vec::new(),
            signs,
        }],
        ..SubmissionSlip::default()
    };
    let places = |signs| {
        let composed = composer()
            .submission(&of(signs), moment())
            .expect("the slip composes");
        composed.places.signature
    };
    assert_eq!(places(None), None);
    let (first, second) = (places(Some(0)).expect("room"), places(Some(1)).expect("room"));
    assert_eq!(first.page, 1);
    assert!(first.width >= 40.0 && first.height >= 20.0, "{first:?}");
    // At the right of the page, each in its own row.
    assert!(first.x > 90.0 && second.y > first.y, "{first:?} {second:?}");
}

#[test]
fn cn_302_the_sha_256_of_what_goes_along_stands_whole_within_the_page() {
    // The widest digits, after short names, long ones and such that cannot be a word.
    let digest = "0".repeat(64);
    let names = [
        "bao_gia.pdf".to_owned(),
        "Báo giá máy quét ".repeat(12),
        "a".repeat(200),
    ];
    let slip = SubmissionSlip {
        agency: Issuer {
            parent_name: None,
            name: "Sở Nội vụ".into(),
        },
        subject: "Xin chủ trương".into(),
        maker: "Nguyễn Đức Quang, Chuyên viên".into(),
        carries: names
            .iter()
            .map(|name| format!("{name}; SHA-256: {digest}"))
            .collect(),
        ..SubmissionSlip::default()
    };
    let composed = composer().submission(&slip, moment()).expect("the slip composes");
    let words = Opened::new(&composed.pdf).words();
    let digests: Vec<_> = words.iter().filter(|word| word.text == digest).collect();
    assert_eq!(digests.len(), names.len(), "{words:?}");
    for word in &words {
        let (left, right) = (30.0 * MM - 1.0, (210.0 - 15.0) * MM + 1.0);
        assert!(word.x0 >= left && word.x1 <= right, "{word:?}");
    }
}
