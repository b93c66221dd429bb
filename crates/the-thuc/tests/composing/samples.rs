//! One document for each template of Phụ lục III Mục II.

use jiff::civil::date;
use the_thuc::{
    Body, Form, Introduction, Invitation, Kind, Leave, Minutes, OfficialDocument, Part, PartKind, Reference,
    Telegram,
};

use crate::support::letter;

fn named(type_name: &str, subject: &str, symbol: &str) -> OfficialDocument {
    let mut document = letter();
    document.kind = Kind::Named {
        type_name: type_name.into(),
        subject: subject.into(),
    };
    document.symbol = symbol.into();
    document.addressees.clear();
    document.recipients = vec!["Như Điều 2".into(), "Ban Giám đốc Sở".into()];
    document
}

fn decided(document: &mut OfficialDocument, authority: &str, enacting: &str, provisions: &str) {
    document.authority_line = Some(authority.into());
    let grounds = [
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015".to_owned(),
        "Căn cứ Quyết định số 12/QĐ-UBND ngày 05 tháng 01 năm 2021 của Ủy ban nhân dân tỉnh".to_owned(),
    ];
    document.body = Body::decided(&grounds, Some("Chánh Văn phòng Sở"), enacting, provisions);
}

/// Mẫu 1.1.
pub fn resolution() -> OfficialDocument {
    let mut document = named("Nghị quyết", "Về kế hoạch công tác năm 2022", "NQ-HĐTĐ");
    let provisions =
        "Điều 1. Thông qua kế hoạch công tác năm 2022.\nĐiều 2. Văn phòng Sở thi hành Nghị quyết này.";
    decided(&mut document, "Hội đồng thi đua", "QUYẾT NGHỊ:", provisions);
    document
}

/// Mẫu 1.2.
pub fn decision() -> OfficialDocument {
    let mut document = named("Quyết định", "Về việc giao chỉ tiêu biên chế", "QĐ-STTTT");
    let provisions =
        "Điều 1. Giao chỉ tiêu biên chế cho các phòng.\nĐiều 2. Chánh Văn phòng thi hành Quyết định này.";
    decided(
        &mut document,
        "Giám đốc Sở Thông tin và Truyền thông",
        "QUYẾT ĐỊNH:",
        provisions,
    );
    document
}

/// Mẫu 1.3.
pub fn issuing_decision() -> OfficialDocument {
    let mut document = decision();
    document.kind = Kind::Named {
        type_name: "Quyết định".into(),
        subject: "Ban hành Quy chế làm việc".into(),
    };
    document.parts = vec![Part {
        kind: PartKind::Attached {
            type_name: "Quy chế".into(),
        },
        subject: "Làm việc của Sở".into(),
        reference: Reference::Filled,
        body: Body::parse("Điều 1. Phạm vi điều chỉnh\nQuy chế này quy định chế độ làm việc của Sở."),
        closing_mark: true,
    }];
    document
}

/// Mẫu 1.4.
pub fn plan() -> OfficialDocument {
    let mut document = named("Kế hoạch", "Chuyển đổi số năm 2022", "KH-STTTT");
    document.body =
        Body::parse("I. MỤC ĐÍCH\nNâng cao chất lượng phục vụ.\nII. TỔ CHỨC\n1. Văn phòng chủ trì.");
    document
}

/// Mẫu 1.4 too: a tờ trình, which goes to a superior.
pub fn proposal() -> OfficialDocument {
    let mut document = named(
        "Tờ trình",
        "Về việc phê duyệt Đề án chuyển đổi số năm 2022",
        "TTr-STTTT",
    );
    document.addressees = vec!["Ủy ban nhân dân tỉnh Đắk Nông".into()];
    document.body = Body::parse(
        "Sở Thông tin và Truyền thông kính trình Ủy ban nhân dân tỉnh phê duyệt Đề án chuyển đổi số năm 2022 với các nội dung chính sau:\n\
         1. Mục tiêu: nâng cao chất lượng phục vụ người dân, doanh nghiệp.\n\
         2. Kinh phí: từ ngân sách tỉnh.\n\
         Kính đề nghị Ủy ban nhân dân tỉnh xem xét, phê duyệt.",
    );
    document
}

/// Mẫu 1.6.
pub fn telegram() -> OfficialDocument {
    let mut document = named("Công điện", "Về việc ứng phó bão số 3", "CĐ-STTTT");
    document.form = Form::Telegram(Telegram {
        sender: "Giám đốc Sở Thông tin và Truyền thông".into(),
        receivers: vec!["Viễn thông Đắk Nông".into(), "Đài Phát thanh".into()],
    });
    document.body = Body::parse("Yêu cầu các đơn vị trực 24/24 giờ.\nBáo cáo trước 16 giờ hằng ngày.");
    document
}

/// Mẫu 1.7.
pub fn invitation() -> OfficialDocument {
    let mut document = named("Giấy mời", "Tổng kết công tác năm 2021", "GM-STTTT");
    document.form = Form::Invitation(Invitation {
        guests: vec!["Lãnh đạo các phòng".into(), "Văn thư các đơn vị".into()],
        event: "Hội nghị tổng kết công tác năm 2021".into(),
        chair: "Ông Trần Văn Bình, Phó Giám đốc".into(),
        time: "08 giờ 00 phút, ngày 15 tháng 01 năm 2022".into(),
        venue: "Hội trường Sở".into(),
    });
    document.body = Body::parse("Đề nghị các đại biểu đến đúng giờ.");
    document
}

/// Mẫu 1.8.
pub fn introduction() -> OfficialDocument {
    let mut document = named("Giấy giới thiệu", "Giới thiệu cán bộ", "GGT-STTTT");
    document.form = Form::Introduction(Introduction {
        bearer: "Nguyễn Thị Hoa".into(),
        title: "Chuyên viên Văn phòng".into(),
        sent_to: "Kho bạc Nhà nước".into(),
        errand: "Đối chiếu tài khoản".into(),
        valid_until: Some(date(2022, 1, 31)),
    });
    document.body = Body::default();
    document.recipients.clear();
    document.keep_line = Some("VT".into());
    document
}

/// Mẫu 1.9.
pub fn minutes() -> OfficialDocument {
    let mut document = named("Biên bản", "Họp giao ban tháng 01", "BB-STTTT");
    document.form = Form::Minutes(Minutes {
        begin: "08 giờ 00 phút, ngày 05 tháng 01 năm 2022".into(),
        venue: "Phòng họp số 1".into(),
        attendees: vec!["Ban Giám đốc".into(), "Trưởng các phòng".into()],
        chair: "Trần Văn Bình, Phó Giám đốc".into(),
        secretary: "Nguyễn Thị Hoa, Chuyên viên".into(),
        meeting: "Cuộc họp".into(),
        end: "11 giờ 30 phút, ngày 05 tháng 01 năm 2022".into(),
    });
    document.body = Body::parse("1. Văn phòng báo cáo kết quả tháng 12.\n2. Phó Giám đốc kết luận.");
    document.recipients = vec!["Ban Giám đốc".into()];
    document.keep_line = Some("VT, Hồ sơ".into());
    document
}

/// Mẫu 1.10.
pub fn leave() -> OfficialDocument {
    let mut document = named("Giấy nghỉ phép", "Nghỉ phép của bà Hoa", "GNP-STTTT");
    document.form = Form::Leave(Leave {
        applied_on: Some(date(2022, 1, 3)),
        person: "Nguyễn Thị Hoa".into(),
        title: "Chuyên viên Văn phòng".into(),
        days: "05 ngày".into(),
        from: Some(date(2022, 1, 10)),
        until: Some(date(2022, 1, 14)),
        place: "Hà Nội".into(),
        counted: "nghỉ phép năm 2022".into(),
        confirmation: true,
    });
    document.body = Body::default();
    document.recipients = vec!["Bà Nguyễn Thị Hoa".into()];
    document
}

/// Mẫu 2.1: an appendix in the same file.
pub fn with_appendix() -> OfficialDocument {
    let mut document = plan();
    document.parts =
        Part::appendices("# Danh mục nhiệm vụ\n| Số thứ tự | Nhiệm vụ |\n|---|---|\n| 1 | Ký số |\n");
    document
}

/// All of them by their template.
pub fn all() -> Vec<(&'static str, OfficialDocument)> {
    vec![
        ("1.1", resolution()),
        ("1.2", decision()),
        ("1.3", issuing_decision()),
        ("1.4", plan()),
        ("1.5", letter()),
        ("1.6", telegram()),
        ("1.7", invitation()),
        ("1.8", introduction()),
        ("1.9", minutes()),
        ("1.10", leave()),
        ("2.1", with_appendix()),
    ]
}
