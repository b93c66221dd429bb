//! Bản sao on paper (NĐ 30 Phụ lục I Phần II Mục II).

use crate::support::{Opened, composer, moment};
use jiff::civil::date;
use the_thuc::{CopyBlock, Issuer, SignatureBlock};

#[test]
fn cn_224_pl1_2_the_form_of_a_copy_has_its_seven_boxes() {
    let block = CopyBlock {
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
    };
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
