//! Bản sao on paper (NĐ 30 Phụ lục I Phần II Mục II).

use crate::support::{Opened, composer, moment};
use jiff::civil::date;
use the_thuc::{CopyBlock, ElectronicExtract, ExtractedPart, Issuer, SignatureBlock};

/// A copy of Sở Thông tin và Truyền thông.
fn block() -> CopyBlock {
    CopyBlock {
        form: "Sao y".into(),
        agency: Issuer {
            parent_name: None,
            name: "Sở Thông tin và Truyền thông".into(),
        },
        number: "5".into(),
        symbol: "SY-STTTT".into(),
        place: "Đắk Nông".into(),
        date: date(2026, 2, 5),
        signature: SignatureBlock {
            lines: vec!["TL. Giám đốc".into(), "Chánh Văn phòng".into()],
            title_above_name: None,
            name: "Trần Văn Bình".into(),
        },
        recipients: vec!["Phòng Bưu chính - Viễn thông".into()],
        part: None,
    }
}

#[test]
fn cn_224_pl1_2_the_form_of_a_copy_has_its_seven_boxes() {
    let block = block();
    let composed = composer().copy(&block, moment()).expect("the copy composes");
    assert_eq!(composed.pages, 1);
    let text = Opened::new(&composed.pdf).flow();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for shown in [
        "SAO Y",
        "SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
        "Số: 05/SY-STTTT",
        "Đắk Nông, ngày 05 tháng 02 năm 2026",
        "TL. GIÁM ĐỐC",
        "CHÁNH VĂN PHÒNG",
        "Trần Văn Bình",
        "Phòng Bưu chính - Viễn thông;",
        "Lưu: VT.",
    ] {
        assert!(text.contains(shown), "“{shown}” is missing in {text}");
    }
}

#[test]
fn cn_224_nd30_25_3_an_extract_repeats_the_form_of_the_document_and_the_part_then_the_closing_part() {
    let block = CopyBlock {
        form: "Trích sao".into(),
        symbol: "TrS-STTTT".into(),
        part: Some(ExtractedPart {
            issuer: Issuer {
                parent_name: None,
                name: "Ủy ban nhân dân tỉnh Đắk Nông".into(),
            },
            number_and_symbol: "15/QĐ-UBND".into(),
            place: String::new(),
            date: Some(date(2026, 1, 8)),
            kind: "Quyết định".into(),
            subject: "Ban hành kế hoạch chuyển đổi số năm 2026".into(),
            text: "Điều 2. Quyết định này có hiệu lực kể từ ngày ký.\n\nĐiều 3. Chánh Văn phòng chịu trách nhiệm thi hành.".into(),
        }),
        ..block()
    };
    let composed = composer().copy(&block, moment()).expect("the copy composes");
    assert_eq!(composed.pages, 1);
    let text = Opened::new(&composed.pdf).flow();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for shown in [
        "ỦY BAN NHÂN DÂN TỈNH ĐẮK NÔNG",
        "Số: 15/QĐ-UBND",
        "Ngày 08 tháng 01 năm 2026",
    ] {
        assert!(text.contains(shown), "“{shown}” is missing in {text}");
    }
    let mut from = 0;
    for said in [
        "QUYẾT ĐỊNH",
        "Ban hành kế hoạch chuyển đổi số năm 2026",
        "Điều 2. Quyết định này có hiệu lực kể từ ngày ký.",
        "Điều 3. Chánh Văn phòng chịu trách nhiệm thi hành.",
        "TRÍCH SAO",
    ] {
        let at = text[from..].find(said);
        from += at.unwrap_or_else(|| panic!("“{said}” after the others: {text}"));
    }
    assert!(text.contains("Số: 05/TrS-STTTT"));
}

#[test]
fn cn_224_pl1_2_the_text_of_an_electronic_extract_has_no_closing_part_of_paper() {
    let extract = ElectronicExtract {
        title: "Trích sao 05/TrS-STTTT".into(),
        agency: "Sở Thông tin và Truyền thông".into(),
        part: ExtractedPart {
            issuer: Issuer {
                parent_name: None,
                name: "Ủy ban nhân dân tỉnh Đắk Nông".into(),
            },
            number_and_symbol: "15/QĐ-UBND".into(),
            date: Some(date(2026, 1, 8)),
            kind: "Quyết định".into(),
            subject: "Ban hành kế hoạch chuyển đổi số năm 2026".into(),
            text: "Điều 2. Quyết định này có hiệu lực kể từ ngày ký.".into(),
            ..ExtractedPart::default()
        },
    };
    let composed = composer()
        .extract(&extract, moment())
        .expect("the extract composes");
    assert_eq!(composed.pages, 1);
    let text = Opened::new(&composed.pdf).flow();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for shown in [
        "ỦY BAN NHÂN DÂN TỈNH ĐẮK NÔNG",
        "Số: 15/QĐ-UBND",
        "QUYẾT ĐỊNH",
        "Điều 2. Quyết định này có hiệu lực kể từ ngày ký.",
    ] {
        assert!(text.contains(shown), "“{shown}” is missing in {text}");
    }
    // The form of copy, the agency and the time are the agency's signature.
    for left_out in ["TRÍCH SAO", "TrS-STTTT", "Nơi nhận", "Lưu: VT"] {
        assert!(!text.contains(left_out), "“{left_out}” stands in {text}");
    }
}
