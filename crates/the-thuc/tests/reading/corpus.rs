//! Varied documents as data: agencies, kinds, subjects, authorities, names in many combinations.

use jiff::civil::{Date, date};
use rules::{
    document_types,
    signing_authority::{Authority, Titles, lines},
    urgency::Urgency,
};

use crate::agencies::{AGENCIES, Agency};

/// What stands in a document, each field as a clerk would type it.
#[derive(Debug, Clone)]
pub struct Written {
    pub number: Option<String>,
    pub symbol: String,
    pub place: String,
    pub issued_on: Date,
    pub agency: String,
    pub parent: Option<String>,
    pub type_key: &'static str,
    pub subject: String,
    pub signature_lines: Vec<String>,
    pub signer_name: String,
    pub signer_title: String,
    pub authority: Authority,
    pub urgency: Option<Urgency>,
    pub addressees: Vec<String>,
    pub recipients: Vec<String>,
    pub keep: String,
    pub body: String,
}

impl Written {
    pub fn is_letter(&self) -> bool {
        self.type_key == document_types::OFFICIAL_LETTER
    }

    /// Name of the kind without what is said in brackets.
    pub fn type_name(&self) -> &'static str {
        let name = document_types::by_key(self.type_key).map_or("", |kind| kind.name);
        name.split(" (").next().unwrap_or(name)
    }
}

const SUBJECTS: [&str; 30] = [
    "Phê duyệt Kế hoạch chuyển đổi số năm 2026",
    "Về việc phê duyệt kết quả lựa chọn nhà thầu gói thầu số 05: Cung cấp, lắp đặt thiết bị hội nghị truyền hình trực tuyến phục vụ chỉ đạo, điều hành đến cấp xã trên địa bàn toàn tỉnh giai đoạn 2026 - 2030",
    "Ban hành Quy chế quản lý, vận hành và sử dụng Hệ thống quản lý văn bản và điều hành",
    "Thành lập Tổ công tác triển khai Đề án 06",
    "Tình hình kinh tế - xã hội quý I và nhiệm vụ trọng tâm quý II năm 2026",
    "Về việc nâng bậc lương thường xuyên đối với viên chức",
    "Kết quả thực hiện Nghị quyết số 57-NQ/TW ngày 22 tháng 12 năm 2024 của Bộ Chính trị",
    "Tổ chức Lễ kỷ niệm 80 năm Quốc khánh nước Cộng hòa xã hội chủ nghĩa Việt Nam",
    "Tăng cường công tác phòng cháy, chữa cháy rừng mùa khô",
    "Công khai dự toán ngân sách năm 2026",
    "Xin chủ trương đầu tư Dự án hạ tầng CNTT của UBND các xã, phường",
    "Lịch tiếp công dân của lãnh đạo cơ quan tháng 3 năm 2026",
    "Điều động công chức",
    "Rà soát, hệ thống hóa văn bản do HĐND, UBND ban hành (kỳ 2024 - 2028)",
    "Trả lời kiến nghị của cử tri trước Kỳ họp thứ 10",
    "Phối hợp cung cấp số liệu phục vụ xây dựng báo cáo tổng kết 10 năm thi hành Luật Tổ chức chính quyền địa phương và các văn bản hướng dẫn thi hành",
    "Nghỉ tết Nguyên đán Bính Ngọ",
    "Giao chỉ tiêu biên chế công chức hành chính",
    "Về việc cử cán bộ, công chức tham gia lớp bồi dưỡng ngạch chuyên viên chính khóa III năm 2026 tại Học viện Hành chính và Quản trị công phân viện khu vực Tây Nguyên",
    "Đôn đốc thực hiện Kết luận thanh tra số 15/KL-TTr",
    "ISO 9001:2015 và đo lường mức độ hài lòng (SIPAS)",
    "Khen thưởng tập thể, cá nhân có thành tích xuất sắc trong phong trào thi đua “Cả nước chung sức xây dựng nông thôn mới”",
    "Thu hồi đất",
    "Chấn chỉnh kỷ luật, kỷ cương hành chính; nâng cao trách nhiệm nêu gương của người đứng đầu",
    "Tiếp thu, giải trình ý kiến góp ý đối với dự thảo Nghị quyết quy định mức thu phí, lệ phí trên địa bàn tỉnh",
    "Kết quả 01 năm vận hành mô hình chính quyền địa phương 02 cấp",
    "Cho ý kiến về hồ sơ mời thầu",
    "Danh mục dịch vụ công trực tuyến toàn trình - một phần",
    "Phân công nhiệm vụ thành viên UBND nhiệm kỳ 2021 - 2026",
    "Bổ nhiệm lại",
];

const NAMES: [&str; 20] = [
    "Hồ Văn Mười",
    "Tôn Thị Ngọc Hạnh",
    "H’Vi Êban",
    "Lê Trọng Yên",
    "Y Thanh Hà Niê Kđăm",
    "Nguyễn Văn A",
    "Điểu K’Ré",
    "Phạm Thị Thanh Trà",
    "Trần Xuân Hải",
    "Đỗ Ngọc Duy",
    "Ngô Lý Ý Nhi",
    "Vũ Thị Hồng Nhung",
    "K’ Mák",
    "Bùi Huy Thành",
    "Nguyễn Hoàng Minh Đức",
    "Lương Nguyễn Minh Triết",
    "Đinh Thị Lụa",
    "Ka Dung",
    "Phan Văn Mãi",
    "Ksor H’Bơ Khăp",
];

/// Kinds for which there is a layout of title and subject.
const KINDS: [&str; 25] = [
    "quyet_dinh",
    "cong_van",
    "bao_cao",
    "to_trinh",
    "cong_van",
    "ke_hoach",
    "thong_bao",
    "nghi_quyet",
    "cong_van",
    "chi_thi",
    "huong_dan",
    "chuong_trinh",
    "cong_dien",
    "quy_che",
    "quy_dinh",
    "thong_cao",
    "phuong_an",
    "de_an",
    "du_an",
    "giay_uy_quyen",
    "giay_moi",
    "phieu_gui",
    "phieu_chuyen",
    "phieu_bao",
    "quyet_dinh_qppl",
];

const BODIES: [&str; 4] = [
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;\n\
     Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư;\n\
     Theo đề nghị của Chánh Văn phòng.\n\
     QUYẾT ĐỊNH:\n\
     Điều 1. Phê duyệt nội dung kèm theo.\n\
     Điều 2. Quyết định này có hiệu lực kể từ ngày ký.\n\
     Điều 3. Thủ trưởng các cơ quan, đơn vị chịu trách nhiệm thi hành.",
    "Thực hiện Chương trình công tác năm 2026, cơ quan báo cáo như sau:\n\
     I. KẾT QUẢ ĐẠT ĐƯỢC\n\
     1. Công tác chỉ đạo, điều hành\n\
     a) Đã ban hành 12 văn bản chỉ đạo;\n\
     b) Đã tổ chức 03 hội nghị tập huấn.\n\
     2. Hạn chế\n\
     Một số đơn vị gửi báo cáo chậm.\n\
     II. NHIỆM VỤ TRỌNG TÂM\n\
     - Tiếp tục thực hiện các nhiệm vụ được giao;\n\
     - Đôn đốc các đơn vị hoàn thành đúng hạn.",
    "Theo đề nghị của cơ quan chuyên môn tại Tờ trình số 98/TTr-SNV ngày 02 tháng 01 năm 2026, đề nghị các cơ quan, đơn vị thực hiện một số nội dung sau đây trước ngày 20 tháng 3 năm 2026.\n\
     Trân trọng.",
    "Đề nghị các cơ quan, đơn vị quan tâm, phối hợp thực hiện và gửi kết quả về trước ngày 30 tháng 6 năm 2026 để tổng hợp, báo cáo cấp có thẩm quyền theo quy định.",
];

const ADDRESSEES: [&[&str]; 4] = [
    &["Sở Nội vụ tỉnh Đắk Nông"],
    &[
        "Các sở, ban, ngành",
        "Ủy ban nhân dân các xã, phường",
        "Các đơn vị trực thuộc",
    ],
    &["Thủ tướng Chính phủ"],
    &["Văn phòng Ủy ban nhân dân tỉnh", "Bảo hiểm xã hội tỉnh"],
];

const RECIPIENTS: [&[&str]; 4] = [
    &[
        "Như Điều 3",
        "Chủ tịch, các PCT UBND tỉnh (báo cáo)",
        "Cổng thông tin điện tử",
    ],
    &[
        "Thường trực Tỉnh ủy",
        "Đoàn đại biểu Quốc hội tỉnh và Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh để biết, theo dõi",
        "Các sở, ban, ngành",
    ],
    &["Bộ Nội vụ"],
    &["Lãnh đạo cơ quan", "Các phòng, đơn vị trực thuộc"],
];

fn pick<T>(list: &[T], index: usize) -> &T {
    list.get(index % list.len()).expect("a list that is not empty")
}

/// Documents of every kind, agency and authority; the same ones in every run.
pub fn documents(count: usize) -> Vec<Written> {
    (0..count).map(document).collect()
}

fn document(index: usize) -> Written {
    let agency = pick(&AGENCIES, index * 3 + index / 13);
    let type_key = *pick(&KINDS, index);
    let kind = document_types::by_key(type_key).expect("a kind of the list");
    let number = index * 37 % 1_500 + 1;
    let unit = *pick(&["VP", "TH", "KGVX", "CNTT", "NC"], index);
    let symbol = match kind.abbreviation {
        Some(short) if kind.key.ends_with("_qppl") => format!("2026/{short}-{}", agency.short),
        Some(short) => format!("{short}-{}", agency.short),
        None => format!("{}-{unit}", agency.short),
    };
    let authority = authority(agency, index);
    let signer = match authority {
        Authority::Own | Authority::Tm => agency.head,
        Authority::Q => agency.head,
        Authority::Kt | Authority::TmKt => agency.deputy,
        Authority::Tl | Authority::Tuq => agency.unit_head,
        Authority::TlKt => agency.unit_deputy,
    };
    let titles = Titles {
        collective: agency.collective.unwrap_or(agency.name),
        head: agency.head,
        signer,
        unit_head: agency.unit_head,
    };
    let subject = *pick(&SUBJECTS, index * 5 + 1);
    let letter = kind.is_official_letter();
    let subject = if letter {
        small_first(subject)
    } else {
        subject.to_owned()
    };
    let addressed = letter || matches!(type_key, "to_trinh");
    let recipients: Vec<String> = match addressed {
        true => ["Như trên"]
            .iter()
            .chain(pick(&RECIPIENTS, index).iter().skip(1))
            .map(|name| (*name).to_owned())
            .collect(),
        false => pick(&RECIPIENTS, index)
            .iter()
            .map(|name| (*name).to_owned())
            .collect(),
    };
    Written {
        number: Some(format!("{number:02}")),
        symbol,
        place: agency.place.to_owned(),
        issued_on: day(index),
        agency: agency.name.to_owned(),
        parent: agency.parent.map(str::to_owned),
        type_key,
        subject,
        signature_lines: lines(authority, &titles).expect("all titles are given"),
        signer_name: (*pick(&NAMES, index * 7)).to_owned(),
        signer_title: match authority {
            Authority::Q => format!("Q. {signer}"),
            _ => signer.to_owned(),
        },
        authority,
        urgency: [
            None,
            None,
            None,
            Some(Urgency::Urgent),
            None,
            Some(Urgency::Express),
            Some(Urgency::VeryUrgent),
        ][index % 7],
        addressees: match addressed {
            true => pick(&ADDRESSEES, index / 2)
                .iter()
                .map(|name| (*name).to_owned())
                .collect(),
            false => Vec::new(),
        },
        recipients,
        keep: format!("VT, {unit}"),
        body: match kind.abbreviation {
            Some("QĐ" | "NQ") => (*pick(&BODIES, 0)).to_owned(),
            _ => (*pick(&BODIES, 1 + index % 3)).to_owned(),
        },
    }
}

/// Every authority that the agency's regime knows.
fn authority(agency: &Agency, index: usize) -> Authority {
    let collective = [
        Authority::Tm,
        Authority::TmKt,
        Authority::Tl,
        Authority::TlKt,
        Authority::Kt,
    ];
    let single = [
        Authority::Own,
        Authority::Kt,
        Authority::Q,
        Authority::Tl,
        Authority::TlKt,
        Authority::Tuq,
    ];
    match agency.collective {
        Some(_) => *pick(&collective, index),
        None => *pick(&single, index),
    }
}

fn day(index: usize) -> Date {
    let month = i8::try_from(index % 12 + 1).expect("a month");
    let of_month = i8::try_from(index * 5 % 28 + 1).expect("a day");
    date(2026, month, of_month)
}

/// As after "V/v": the first letter is small unless a name or an abbreviation begins there.
fn small_first(subject: &str) -> String {
    let subject = subject.strip_prefix("Về việc ").unwrap_or(subject);
    let mut signs = subject.chars();
    signs
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(signs).collect())
}
