//! Every template of Phụ lục III measured in its PDF to the millimetre, by the element table of Phụ lục I.

use crate::samples;
use crate::support::{MM, Opened, Word, compose, letter};
use the_thuc::{OfficialDocument, Part, Urgency};

/// A millimetre, the tolerance of all places here, in points.
const TOLERANCE: f64 = MM;
/// The middle of the text between margins of 30 and 15 mm.
const MIDDLE: f64 = 30.0 + 165.0 / 2.0;
/// Left edge of the text, and of its first lines.
const LEFT: f64 = 30.0;
const INDENT: f64 = 30.0 + 12.7;

/// Where a phrase stands, mm.
enum At {
    /// Its middle.
    Centre(f64),
    /// Its left edge.
    Left(f64),
    /// Centred on another phrase.
    On(&'static str),
    /// Wherever the line it is part of begins.
    Any,
}

const BOLD: (bool, bool) = (true, false);
const ITALIC: (bool, bool) = (false, true);
const UPRIGHT: (bool, bool) = (false, false);

/// A phrase, where it stands, its size, bold and italic.
type Element = (&'static str, At, u32, (bool, bool));

fn centre(words: &[Word]) -> f64 {
    f64::midpoint(words[0].x0, words[words.len() - 1].x1)
}

fn check(file: &Opened, elements: &[Element]) {
    let mut last = 0.0;
    for (phrase, at, size, style) in elements {
        let words = file.find(phrase);
        let (is, should) = match at {
            At::Centre(place) => (centre(&words), place * MM),
            At::Left(place) => (words[0].x0, place * MM),
            At::On(other) => (centre(&words), centre(&file.find(other))),
            At::Any => (0.0, 0.0),
        };
        assert!(
            (is - should).abs() <= TOLERANCE,
            "“{phrase}” stands at {:.1} mm, not at {:.1} mm",
            is / MM,
            should / MM
        );
        let run = file.run_of(phrase);
        assert_eq!((run.size, (run.bold, run.italic)), (*size, *style), "{run:?}");
        let page = f64::from(u32::try_from(words[0].page).expect("few pages"));
        let height = page * 1000.0 + words[0].y1;
        assert!(
            height + TOLERANCE >= last,
            "“{phrase}” stands above what precedes it"
        );
        last = height;
    }
}

/// Ô 1, 2, 3 and, where there is one, 4; the row of number and date is one row.
fn heading(file: &Opened, number: &'static str, dated: bool) {
    check(
        file,
        &[
            (
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                At::On("Độc lập - Tự do - Hạnh phúc"),
                12,
                BOLD,
            ),
            (
                "Độc lập - Tự do - Hạnh phúc",
                At::On("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
                13,
                BOLD,
            ),
        ],
    );
    check(
        file,
        &[
            (
                "ỦY BAN NHÂN DÂN",
                At::On("SỞ THÔNG TIN VÀ TRUYỀN THÔNG"),
                12,
                UPRIGHT,
            ),
            (
                "SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
                At::On("ỦY BAN NHÂN DÂN"),
                12,
                BOLD,
            ),
        ],
    );
    let right = 210.0 - file.find("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")[7].x1 / MM;
    assert!(
        (15.0..=16.0).contains(&right),
        "ô 1 ends {right} mm from the edge"
    );
    let symbol = file.find(number);
    assert!((centre(&symbol) - centre(&file.find("SỞ THÔNG TIN VÀ TRUYỀN THÔNG"))).abs() <= TOLERANCE);
    let run = file.run_of(number);
    assert_eq!((run.size, run.bold, run.italic), (13, false, false), "{run:?}");
    if dated {
        let day = file.find("Đắk Nông, ngày 05 tháng 01 năm 2022");
        let nation = file.find("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
        assert!((centre(&day) - centre(&nation)).abs() <= TOLERANCE);
        assert!((day[0].y1 - symbol[0].y1).abs() <= TOLERANCE, "one row");
        let run = file.run_of("ngày 05 tháng 01 năm 2022");
        assert_eq!((run.size, run.bold, run.italic), (13, false, true), "{run:?}");
    } else {
        assert!(
            !file.flow().contains("Đắk Nông, ngày"),
            "no line of place and date"
        );
    }
}

/// Ô 7a, 7b and 9b of a document with one signature.
fn closing(file: &Opened) {
    check(
        file,
        &[
            ("KT. GIÁM ĐỐC", At::On("Trần Văn Bình"), 14, BOLD),
            ("PHÓ GIÁM ĐỐC", At::On("Trần Văn Bình"), 14, BOLD),
        ],
    );
    let (title, name) = (file.find("KT. GIÁM ĐỐC"), file.find("PHÓ GIÁM ĐỐC"));
    assert!(title[0].x0 > MIDDLE * MM, "at the right");
    let label = file.find("Nơi nhận:");
    assert!((label[0].x0 - LEFT * MM).abs() <= TOLERANCE);
    // baselines: the boxes of poppler reach 0.216 em below them
    let level = |word: &Word, size: f64| word.y1 - 0.216 * size;
    assert!((level(&label[0], 12.0) - level(&title[0], 14.0)).abs() <= TOLERANCE);
    assert!(name[0].y0 > title[0].y0);
    let run = file.run_of("Nơi nhận:");
    assert_eq!((run.size, run.bold, run.italic), (12, true, true));
    let run = file.run_of("Lưu: VT");
    assert_eq!((run.size, run.bold, run.italic), (11, false, false));
}

fn open(document: &OfficialDocument) -> Opened {
    Opened::new(&compose(document).pdf)
}

#[test]
fn pl1_mau_1_1_resolution_names_its_authority_and_resolves() {
    let file = open(&samples::resolution());
    heading(&file, "Số: 05/NQ-HĐTĐ", true);
    check(
        &file,
        &[
            ("NGHỊ QUYẾT", At::Centre(MIDDLE), 14, BOLD),
            ("Về kế hoạch công tác năm 2022", At::Centre(MIDDLE), 14, BOLD),
            ("HỘI ĐỒNG THI ĐUA", At::Centre(MIDDLE), 14, BOLD),
            ("Căn cứ Luật Tổ chức", At::Left(INDENT), 14, ITALIC),
            (
                "Theo đề nghị của Chánh Văn phòng Sở.",
                At::Left(INDENT),
                14,
                ITALIC,
            ),
            ("QUYẾT NGHỊ:", At::Centre(MIDDLE), 14, BOLD),
            ("Điều 1.", At::Left(INDENT), 14, BOLD),
        ],
    );
    closing(&file);
}

#[test]
fn pl1_mau_1_2_decision_names_its_authority_and_decides() {
    let file = open(&samples::decision());
    heading(&file, "Số: 05/QĐ-STTTT", true);
    check(
        &file,
        &[
            ("QUYẾT ĐỊNH", At::Centre(MIDDLE), 14, BOLD),
            ("Về việc giao chỉ tiêu biên chế", At::Centre(MIDDLE), 14, BOLD),
            (
                "GIÁM ĐỐC SỞ THÔNG TIN VÀ TRUYỀN THÔNG",
                At::Centre(MIDDLE),
                14,
                BOLD,
            ),
            ("Căn cứ Luật Tổ chức", At::Left(INDENT), 14, ITALIC),
            ("Theo đề nghị của", At::Left(INDENT), 14, ITALIC),
            ("QUYẾT ĐỊNH:", At::Centre(MIDDLE), 14, BOLD),
            ("Điều 1.", At::Left(INDENT), 14, BOLD),
            ("Điều 2.", At::Left(INDENT), 14, BOLD),
        ],
    );
    closing(&file);
    assert!(file.flow().contains("thi hành Quyết định này./."));
}

#[test]
fn pl1_mau_1_3_what_a_decision_issues_begins_a_page_with_its_own_heading() {
    let file = open(&samples::issuing_decision());
    heading(&file, "Số: 05/QĐ-STTTT", true);
    closing(&file);
    let words = file.words();
    let nations = words.iter().filter(|word| word.text == "CỘNG").count();
    let numbers = words.iter().filter(|word| word.text == "Số:").count();
    assert_eq!(
        (nations, numbers),
        (2, 1),
        "the part has a heading without a number"
    );
    check(
        &file,
        &[
            ("QUY CHẾ", At::Centre(MIDDLE), 14, BOLD),
            ("Làm việc của Sở", At::Centre(MIDDLE), 14, BOLD),
            ("(Kèm theo Quyết định số", At::Any, 14, ITALIC),
            ("Điều 1. Phạm vi điều chỉnh", At::Left(INDENT), 14, BOLD),
        ],
    );
    assert_eq!(file.find("QUY CHẾ")[0].page, 2);
    assert!(
        file.flow()
            .contains("(Kèm theo Quyết định số 05/QĐ-STTTT ngày 05 tháng 01 năm 2022")
    );
}

#[test]
fn pl1_mau_1_4_named_document_has_type_and_subject_over_its_text() {
    let file = open(&samples::plan());
    heading(&file, "Số: 05/KH-STTTT", true);
    check(
        &file,
        &[
            ("KẾ HOẠCH", At::Centre(MIDDLE), 14, BOLD),
            ("Chuyển đổi số năm 2022", At::Centre(MIDDLE), 14, BOLD),
            ("I. MỤC ĐÍCH", At::Left(INDENT), 14, BOLD),
            ("Nâng cao chất lượng", At::Left(INDENT), 14, UPRIGHT),
            ("1. Văn phòng chủ trì./.", At::Left(INDENT), 14, UPRIGHT),
        ],
    );
    closing(&file);
}

#[test]
fn pl1_mau_1_5_letter_has_its_subject_under_the_number() {
    let file = open(&letter());
    heading(&file, "Số: 05/STTTT-CNTT", true);
    check(&file, &[("V/v triển khai", At::Any, 12, UPRIGHT)]);
    let (label, first) = (file.find("Kính gửi:"), file.find("- Các sở, ban, ngành;"));
    // a colon is 0.278 em wide
    let colon = label[1].x1 - 0.278 * 14.0;
    assert!((first[0].x0 - colon).abs() <= TOLERANCE, "dashes under the colon");
    assert_eq!(file.run_of("Kính gửi:").size, 14);
    closing(&file);
    assert!(file.flow().contains("- Như trên;"));
}

#[test]
fn pl1_mau_1_6_telegram_names_who_wires_whom() {
    let mut document = samples::telegram();
    document.urgency = Some(Urgency::Flash);
    let file = open(&document);
    heading(&file, "Số: 05/CĐ-STTTT", true);
    check(
        &file,
        &[
            ("CÔNG ĐIỆN", At::Centre(MIDDLE), 14, BOLD),
            ("Về việc ứng phó bão số 3", At::Centre(MIDDLE), 14, BOLD),
            (
                "Giám đốc Sở Thông tin và Truyền thông điện:",
                At::Centre(MIDDLE),
                14,
                UPRIGHT,
            ),
            ("- Viễn thông Đắk Nông;", At::Left(LEFT + 45.0), 14, UPRIGHT),
            ("- Đài Phát thanh.", At::Left(LEFT + 45.0), 14, UPRIGHT),
            ("Yêu cầu các đơn vị", At::Left(INDENT), 14, UPRIGHT),
        ],
    );
    closing(&file);
    assert_eq!(file.run_of("HỎA TỐC").color, "#ff0000");
}

#[test]
fn pl1_mau_1_7_invitation_says_who_where_and_when() {
    let file = open(&samples::invitation());
    heading(&file, "Số: 05/GM-STTTT", true);
    check(
        &file,
        &[
            ("GIẤY MỜI", At::Centre(MIDDLE), 14, BOLD),
            ("Tổng kết công tác năm 2021", At::Centre(MIDDLE), 14, BOLD),
            (
                "Sở Thông tin và Truyền thông trân trọng kính mời:",
                At::Left(INDENT),
                14,
                UPRIGHT,
            ),
            ("- Lãnh đạo các phòng;", At::Left(INDENT), 14, UPRIGHT),
            ("- Văn thư các đơn vị.", At::Left(INDENT), 14, UPRIGHT),
            ("Tới dự hội nghị tổng kết", At::Left(INDENT), 14, UPRIGHT),
            ("Chủ trì: Ông Trần Văn", At::Left(INDENT), 14, UPRIGHT),
            ("Thời gian: 08 giờ", At::Left(INDENT), 14, UPRIGHT),
            ("Địa điểm: Hội trường Sở.", At::Left(INDENT), 14, UPRIGHT),
            (
                "Đề nghị các đại biểu đến đúng giờ./.",
                At::Left(INDENT),
                14,
                UPRIGHT,
            ),
        ],
    );
    let (title, name) = (file.find("KT. GIÁM ĐỐC"), file.find("Nơi nhận:"));
    assert!(title[0].x0 > MIDDLE * MM && (name[0].x0 - LEFT * MM).abs() <= TOLERANCE);
}

#[test]
fn pl1_mau_1_8_introduction_has_no_subject_and_says_until_when() {
    let file = open(&samples::introduction());
    heading(&file, "Số: 05/GGT-STTTT", true);
    check(
        &file,
        &[
            ("GIẤY GIỚI THIỆU", At::Centre(MIDDLE), 14, BOLD),
            (
                "Sở Thông tin và Truyền thông trân trọng giới thiệu:",
                At::Left(INDENT),
                14,
                UPRIGHT,
            ),
            ("Ông (bà): Nguyễn Thị Hoa.", At::Left(INDENT), 14, UPRIGHT),
            ("Chức vụ: Chuyên viên", At::Left(INDENT), 14, UPRIGHT),
            ("Được cử đến: Kho bạc Nhà nước.", At::Left(INDENT), 14, UPRIGHT),
            ("Về việc: Đối chiếu", At::Left(INDENT), 14, UPRIGHT),
            ("Đề nghị Quý cơ quan", At::Left(INDENT), 14, UPRIGHT),
            ("Giấy này có giá trị", At::Left(INDENT), 14, UPRIGHT),
        ],
    );
    closing(&file);
    let flow = file.flow();
    assert!(flow.contains("đến hết ngày 31 tháng 01 năm 2022./."), "{flow}");
    assert!(flow.contains("- Như trên; - Lưu: VT."), "{flow}");
    assert!(
        !flow.contains("Giới thiệu cán bộ"),
        "the subject is for the register"
    );
}

#[test]
fn pl1_mau_1_9_minutes_have_two_signatures_and_no_date_in_the_heading() {
    let composed = compose(&samples::minutes());
    assert!(composed.places.place_date.is_none() && composed.places.signature.is_some());
    let file = Opened::new(&composed.pdf);
    heading(&file, "Số: 05/BB-STTTT", false);
    check(
        &file,
        &[
            ("BIÊN BẢN", At::Centre(MIDDLE), 14, BOLD),
            ("Họp giao ban tháng 01", At::Centre(MIDDLE), 14, BOLD),
            ("Thời gian bắt đầu: 08 giờ", At::Left(INDENT), 14, UPRIGHT),
            ("Địa điểm: Phòng họp số 1.", At::Left(INDENT), 14, UPRIGHT),
            ("Thành phần tham dự:", At::Left(INDENT), 14, UPRIGHT),
            ("- Ban Giám đốc;", At::Left(INDENT), 14, UPRIGHT),
            ("Chủ trì (chủ tọa): Trần", At::Left(INDENT), 14, UPRIGHT),
            ("Thư ký (người ghi biên bản):", At::Left(INDENT), 14, UPRIGHT),
            (
                "Nội dung (theo diễn biến cuộc họp):",
                At::Left(INDENT),
                14,
                UPRIGHT,
            ),
            ("1. Văn phòng báo cáo", At::Left(INDENT), 14, UPRIGHT),
            ("Cuộc họp kết thúc vào", At::Left(INDENT), 14, UPRIGHT),
            // left column: 45 % of 165 mm
            ("THƯ KÝ", At::Centre(LEFT + 165.0 * 0.45 / 2.0), 14, BOLD),
            (
                "CHỦ TỌA",
                At::Centre(LEFT + 165.0 * 0.45 + 5.0 + (165.0 * 0.55 - 5.0) / 2.0),
                14,
                BOLD,
            ),
        ],
    );
    let (secretary, chair) = (file.find("THƯ KÝ"), file.find("CHỦ TỌA"));
    assert!((secretary[0].y1 - chair[0].y1).abs() <= TOLERANCE, "one row");
    let flow = file.flow();
    assert!(flow.contains("ngày 05 tháng 01 năm 2022./."), "{flow}");
    let label = file.find("Nơi nhận:");
    assert!(
        label[0].y0 > chair[0].y0 + 30.0 * MM,
        "recipients below the signatures"
    );
    assert!(flow.contains("- Lưu: VT, Hồ sơ."), "{flow}");
    assert!(!flow.contains("KT. GIÁM ĐỐC"), "the chair signs as such");
}

#[test]
fn pl1_mau_1_10_leave_says_from_when_to_when_and_may_be_confirmed() {
    let mut document = samples::leave();
    let file = open(&document);
    heading(&file, "Số: 05/GNP-STTTT", true);
    check(
        &file,
        &[
            ("GIẤY NGHỈ PHÉP", At::Centre(MIDDLE), 14, BOLD),
            ("Xét Đơn đề nghị nghỉ phép ngày 03", At::Left(INDENT), 14, UPRIGHT),
            (
                "Sở Thông tin và Truyền thông cấp cho:",
                At::Left(INDENT),
                14,
                UPRIGHT,
            ),
            ("Chức vụ: Chuyên viên", At::Left(INDENT), 14, UPRIGHT),
            ("Được nghỉ phép trong", At::Left(INDENT), 14, UPRIGHT),
            ("Số ngày nghỉ phép nêu trên", At::Left(INDENT), 14, UPRIGHT),
            ("(Chữ ký, dấu)", At::Centre(LEFT + 165.0 * 0.45 / 2.0), 13, ITALIC),
        ],
    );
    closing(&file);
    let flow = file.flow();
    assert!(
        flow.contains("kể từ ngày 10 tháng 01 năm 2022 đến hết ngày 14 tháng 01 năm 2022 tại Hà Nội."),
        "{flow}"
    );
    assert!(
        flow.contains("được tính vào thời gian nghỉ phép năm 2022./."),
        "{flow}"
    );
    if let the_thuc::Form::Leave(form) = &mut document.form {
        form.confirmation = false;
    }
    assert!(!open(&document).flow().contains("(Chữ ký, dấu)"));
}

#[test]
fn pl1_mau_2_1_appendix_begins_a_page_with_label_name_and_reference() {
    let file = open(&samples::with_appendix());
    check(
        &file,
        &[
            ("Phụ lục", At::Centre(MIDDLE), 14, BOLD),
            ("DANH MỤC NHIỆM VỤ", At::Centre(MIDDLE), 14, BOLD),
            ("(Kèm theo Kế hoạch số", At::Any, 14, ITALIC),
        ],
    );
    assert_eq!(file.find("DANH MỤC NHIỆM VỤ")[0].page, 2);
    let mut document = samples::plan();
    document.parts = Part::appendices("# Một\nA\n# Hai\nB");
    let flow = open(&document).flow();
    assert!(
        flow.contains("Phụ lục I MỘT") && flow.contains("Phụ lục II HAI"),
        "{flow}"
    );
}
