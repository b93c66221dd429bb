//! Phiếu giải quyết văn bản đến and the stamp “ĐẾN” (NĐ 30 Phụ lục IV mẫu VII, V).

use crate::support::{MM, Opened, composer, moment};
use jiff::civil::date;
use the_thuc::{ArrivalStamp, HandlingSlip, Issuer, SlipEntry};

fn slip() -> HandlingSlip {
    HandlingSlip {
        agency: Issuer {
            parent_name: Some("Ủy ban nhân dân tỉnh Đắk Nông".into()),
            name: "Sở Thông tin và Truyền thông".into(),
        },
        place: "Đắk Nông".into(),
        date: Some(date(2022, 1, 5)),
        document: "Công văn số 12/UBND-KGVX ngày 04 tháng 01 năm 2022 của Ủy ban nhân dân tỉnh Đắk Nông về việc triển khai".into(),
        leaders: vec![SlipEntry {
            who: "Đặng Minh Hưng, Giám đốc".into(),
            date: Some(date(2022, 1, 5)),
            opinion: "Giao tham mưu văn bản trả lời.".into(),
            lines: vec![
                "Chủ trì: Phòng Bưu chính - Viễn thông, thời hạn 15/01/2022".into(),
                "Phối hợp: Phòng Công nghệ thông tin, thời hạn 12/01/2022".into(),
            ],
        }],
        heads: vec![SlipEntry {
            who: "Hoàng Đình Long, Trưởng phòng".into(),
            date: Some(date(2022, 1, 6)),
            opinion: String::new(),
            lines: vec!["Giao: Nguyễn Văn An, thời hạn 14/01/2022".into()],
        }],
        handlers: Vec::new(),
    }
}

#[test]
fn pl4_vii_the_slip_has_the_three_opinions_with_people_deadlines_and_days() {
    let composed = composer().slip(&slip(), moment()).expect("the slip composes");
    assert_eq!(composed.pages, 1);
    let flow = Opened::new(&composed.pdf).flow();
    let mut from = 0;
    for said in [
        "SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
        "PHIẾU GIẢI QUYẾT VĂN BẢN ĐẾN",
        "Công văn số 12/UBND-KGVX",
        "Ý kiến của lãnh đạo cơ quan, tổ chức:",
        "Giao tham mưu văn bản trả lời.",
        "Chủ trì: Phòng Bưu chính - Viễn thông, thời hạn 15/01/2022",
        "Phối hợp: Phòng Công nghệ thông tin, thời hạn 12/01/2022",
        "Ngày 05 tháng 01 năm 2022",
        "Đặng Minh Hưng, Giám đốc",
        "Ý kiến của lãnh đạo đơn vị:",
        "Giao: Nguyễn Văn An, thời hạn 14/01/2022",
        "Ý kiến đề xuất của người giải quyết:",
    ] {
        let at = flow[from..].find(said);
        from += at.unwrap_or_else(|| panic!("“{said}” after the others: {flow}"));
    }
    assert!(flow.contains("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"));
    assert!(flow.contains("Đắk Nông, ngày 05 tháng 01 năm 2022"));
}

#[test]
fn pl4_vii_a_long_slip_goes_on_on_further_pages() {
    let mut long = slip();
    long.handlers = (0..40)
        .map(|nth| SlipEntry {
            who: format!("Người thứ {nth}"),
            date: None,
            opinion: "Đề xuất tiếp thu, tổng hợp. ".repeat(20),
            lines: Vec::new(),
        })
        .collect();
    let composed = composer().slip(&long, moment()).expect("the slip composes");
    assert!(composed.pages > 2);
}

#[test]
fn pl4_v_the_stamp_is_fifty_by_thirty_five_millimetres_with_its_five_lines() {
    let stamp = ArrivalStamp {
        agency: "Sở Thông tin và Truyền thông".into(),
        number: "07".into(),
        date: Some(date(2022, 1, 5)),
        handed_to: "Phòng Bưu chính - Viễn thông; Phòng Công nghệ thông tin; Thanh tra; Văn phòng Sở".into(),
        file_symbol: String::new(),
    };
    let composed = composer().stamp(&stamp, moment()).expect("the stamp composes");
    assert_eq!(composed.pages, 1);
    let file = Opened::new(&composed.pdf);
    let size: Vec<f64> = file
        .info()
        .lines()
        .find(|line| line.starts_with("Page size:"))
        .expect("a page size")
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    assert!((size[0] / MM - 50.0).abs() < 0.1, "{size:?}");
    assert!((size[1] / MM - 35.0).abs() < 0.1, "{size:?}");
    let flow = file.flow();
    for said in [
        "SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
        "ĐẾN",
        "Số: 07",
        "Ngày: 05/01/2022",
        "Chuyển: Phòng Bưu chính",
        "Số và ký hiệu HS:",
    ] {
        assert!(flow.contains(said), "“{said}”: {flow}");
    }
    // Nothing runs over the edge.
    assert!(
        file.words()
            .iter()
            .all(|word| word.x1 <= 50.0 * MM && word.y1 <= 35.0 * MM),
        "{:?}",
        file.words()
    );
}
