//! Bodies under the departments and the districts. Their field is that of the department or of the office.

use crate::agencies::Kind::{self, Board, Branch, Centre, DistrictOffice, Hospital, Inspectorate, School};
use crate::agencies::{DepartmentBody, DistrictBody};
use crate::fields::FieldKey;

const fn office(
    name: &'static str,
    abbr: &'static str,
    suffix: &'static str,
    field: FieldKey,
    head_count: usize,
) -> DistrictBody {
    DistrictBody {
        name,
        city_name: None,
        abbr,
        suffix,
        kind: DistrictOffice,
        field,
        head_count,
    }
}

/// Specialist offices that every district has.
pub(crate) const DISTRICT_OFFICES: [DistrictBody; 11] = [
    office("Phòng Nội vụ", "PNV", "pnv", FieldKey::Interior, 11),
    office(
        "Phòng Tài chính - Kế hoạch",
        "TCKH",
        "ptckh",
        FieldKey::Finance,
        13,
    ),
    office(
        "Phòng Tài nguyên và Môi trường",
        "TNMT",
        "ptnmt",
        FieldKey::Land,
        12,
    ),
    office(
        "Phòng Lao động - Thương binh và Xã hội",
        "LĐTBXH",
        "pldtbxh",
        FieldKey::Labour,
        11,
    ),
    office(
        "Phòng Giáo dục và Đào tạo",
        "GDĐT",
        "pgddt",
        FieldKey::Education,
        14,
    ),
    office(
        "Phòng Văn hóa và Thông tin",
        "VHTT",
        "pvhtt",
        FieldKey::Culture,
        10,
    ),
    office("Phòng Tư pháp", "PTP", "ptp", FieldKey::Justice, 9),
    office("Phòng Dân tộc", "PDT", "pdt", FieldKey::Ethnic, 9),
    DistrictBody {
        city_name: Some("Phòng Kinh tế"),
        ..office(
            "Phòng Nông nghiệp và Phát triển nông thôn",
            "NNPTNT",
            "pnn",
            FieldKey::Agriculture,
            12,
        )
    },
    DistrictBody {
        city_name: Some("Phòng Quản lý đô thị"),
        ..office(
            "Phòng Kinh tế và Hạ tầng",
            "KTHT",
            "pktht",
            FieldKey::Construction,
            12,
        )
    },
    DistrictBody {
        kind: Inspectorate,
        ..office("Thanh tra", "TTr", "thanhtra", FieldKey::Inspection, 9)
    },
];

const fn centre(
    name: &'static str,
    abbr: &'static str,
    suffix: &'static str,
    field: FieldKey,
    head_count: usize,
) -> DistrictBody {
    DistrictBody {
        name,
        city_name: None,
        abbr,
        suffix,
        kind: Centre,
        field,
        head_count,
    }
}

/// Centres and boards that every district has.
pub(crate) const DISTRICT_BODIES: [DistrictBody; 5] = [
    DistrictBody {
        kind: Hospital,
        ..centre("Trung tâm Y tế", "TTYT", "ttyt", FieldKey::Health, 165)
    },
    centre(
        "Trung tâm Văn hóa, Thể thao và Truyền thông",
        "TTVHTT",
        "ttvh",
        FieldKey::Culture,
        24,
    ),
    centre(
        "Trung tâm Dịch vụ nông nghiệp",
        "TTDVNN",
        "ttdvnn",
        FieldKey::Agriculture,
        26,
    ),
    centre(
        "Trung tâm Phát triển quỹ đất",
        "TTPTQĐ",
        "ttptqd",
        FieldKey::Land,
        20,
    ),
    DistrictBody {
        kind: Board,
        ..centre(
            "Ban Quản lý dự án và Phát triển hạ tầng",
            "BQLDA",
            "bqlda",
            FieldKey::Construction,
            24,
        )
    },
];

const fn body(
    department: &'static str,
    number: usize,
    name: &'static str,
    abbr: &'static str,
    suffix: &'static str,
    kind: Kind,
    head_count: usize,
) -> DepartmentBody {
    DepartmentBody {
        department,
        name,
        abbr,
        suffix,
        number,
        kind,
        head_count,
    }
}

/// Branches, centres and other bodies under the departments.
#[rustfmt::skip]
pub(crate) const DEPARTMENT_BODIES: &[DepartmentBody] = &[
    body("stttt", 1, "Trung tâm Công nghệ thông tin và Truyền thông", "TTCNTT", "ttcntt", Centre, 30),
    body("snv", 1, "Ban Thi đua - Khen thưởng", "BTĐKT", "btdkt", Board, 16),
    body("snv", 2, "Ban Tôn giáo", "BTG", "btg", Board, 16),
    body("snv", 3, "Trung tâm Lưu trữ lịch sử", "TTLTLS", "ttltls", Centre, 18),
    body("vpubnd", 1, "Trung tâm Phục vụ hành chính công", "TTPVHCC", "ttpvhcc", Centre, 28),
    body("vpubnd", 2, "Cổng Thông tin điện tử tỉnh", "CTTĐT", "cttdt", Centre, 16),
    body("sct", 1, "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp", "TTKC", "ttkc", Centre, 20),
    body("skhdt", 1, "Trung tâm Xúc tiến đầu tư", "TTXTĐT", "ttxtdt", Centre, 18),
    body("skhcn", 1, "Chi cục Tiêu chuẩn Đo lường Chất lượng", "CCTĐC", "cctdc", Branch, 22),
    body("skhcn", 2, "Trung tâm Kỹ thuật Tiêu chuẩn Đo lường Chất lượng", "TTKTTĐC", "ttkttdc", Centre, 20),
    body("skhcn", 3, "Trung tâm Ứng dụng tiến bộ khoa học và công nghệ", "TTƯDKHCN", "ttudkhcn", Centre, 22),
    body("sldtbxh", 1, "Trung tâm Dịch vụ việc làm", "TTDVVL", "ttdvvl", Centre, 28),
    body("sldtbxh", 2, "Trung tâm Bảo trợ xã hội", "TTBTXH", "ttbtxh", Centre, 34),
    body("sldtbxh", 3, "Cơ sở Cai nghiện ma túy", "CSCNMT", "cscnmt", Centre, 40),
    body("snn", 1, "Chi cục Kiểm lâm", "CCKL", "cckl", Branch, 90),
    body("snn", 2, "Chi cục Phát triển nông nghiệp", "CCPTNN", "ccptnn", Branch, 58),
    body("snn", 3, "Chi cục Thủy lợi", "CCTL", "cctl", Branch, 26),
    body("snn", 4, "Chi cục Phát triển nông thôn", "CCPTNT", "ccptnt", Branch, 30),
    body("snn", 5, "Chi cục Quản lý chất lượng nông lâm sản và thủy sản", "CCQLCL", "ccqlcl", Branch, 24),
    body("snn", 6, "Trung tâm Khuyến nông và Giống cây trồng, vật nuôi", "TTKN", "ttkn", Centre, 34),
    body("snn", 7, "Trung tâm Nước sạch và Vệ sinh môi trường nông thôn", "TTNS", "ttns", Centre, 32),
    body("snn", 8, "Ban Quản lý Khu bảo tồn thiên nhiên Nâm Nung", "BQLNN", "bqlnamnung", Board, 44),
    body("snn", 9, "Ban Quản lý rừng phòng hộ Thác Mơ", "BQLTM", "bqlthacmo", Board, 26),
    body("stc", 1, "Trung tâm Tư vấn và Dịch vụ tài chính", "TTTVTC", "tttvtc", Centre, 16),
    body("stnmt", 1, "Chi cục Bảo vệ môi trường", "CCBVMT", "ccbvmt", Branch, 24),
    body("stnmt", 2, "Văn phòng Đăng ký đất đai tỉnh", "VPĐKĐĐ", "vpdkdd", Centre, 96),
    body("stnmt", 3, "Trung tâm Quan trắc tài nguyên và môi trường", "TTQT", "ttqt", Centre, 28),
    body("stnmt", 4, "Trung tâm Công nghệ thông tin tài nguyên và môi trường", "TTCNTNMT", "ttcntnmt", Centre, 22),
    body("stp", 1, "Trung tâm Trợ giúp pháp lý nhà nước", "TTTGPL", "tttgpl", Centre, 24),
    body("stp", 2, "Phòng Công chứng số 1", "PCC1", "pcc1", Centre, 14),
    body("stp", 3, "Trung tâm Dịch vụ đấu giá tài sản", "TTĐGTS", "ttdgts", Centre, 16),
    body("svhttdl", 1, "Bảo tàng tỉnh", "BT", "baotang", Centre, 26),
    body("svhttdl", 2, "Thư viện tỉnh", "TV", "thuvien", Centre, 24),
    body("svhttdl", 3, "Trung tâm Văn hóa tỉnh", "TTVH", "ttvhtinh", Centre, 34),
    body("svhttdl", 4, "Trung tâm Huấn luyện và Thi đấu thể dục thể thao", "TTTDTT", "tttdtt", Centre, 36),
    body("svhttdl", 5, "Đoàn Ca múa nhạc dân tộc", "ĐCMN", "dcmn", Centre, 34),
    body("svhttdl", 6, "Ban Quản lý Công viên địa chất toàn cầu UNESCO Đắk Nông", "BQLCVĐC", "bqlcvdc", Board, 22),
    body("sxd", 1, "Trung tâm Quy hoạch và Kiểm định xây dựng", "TTQHKĐ", "ttqhkd", Centre, 28),
    body("sgtvt", 1, "Trung tâm Đăng kiểm xe cơ giới", "TTĐK", "ttdk", Centre, 28),
    body("sgddt", 1, "Trung tâm Giáo dục thường xuyên - Ngoại ngữ, tin học tỉnh", "TTGDTX", "ttgdtx", Centre, 34),
    body("sgddt", 2, "Trường Phổ thông Dân tộc nội trú THPT N'Trang Lơng", "PTDTNT", "dtntntranglong", School, 60),
    body("syt", 1, "Bệnh viện Đa khoa tỉnh", "BVĐK", "bvdk", Hospital, 420),
    body("syt", 2, "Trung tâm Kiểm soát bệnh tật", "TTKSBT", "ttksbt", Hospital, 96),
    body("syt", 3, "Chi cục Dân số - Kế hoạch hóa gia đình", "CCDS", "ccds", Branch, 20),
    body("syt", 4, "Chi cục An toàn vệ sinh thực phẩm", "CCATVSTP", "ccatvstp", Branch, 20),
    body("syt", 5, "Trung tâm Kiểm nghiệm thuốc, mỹ phẩm, thực phẩm", "TTKN", "ttknthuoc", Centre, 24),
    body("syt", 6, "Trung tâm Pháp y", "TTPY", "ttpy", Centre, 18),
];

/// High schools (trung học phổ thông): name, seat, account suffix. All are under Sở Giáo dục và Đào tạo.
pub(crate) const HIGH_SCHOOLS: &[(&str, &str, &str)] = &[
    ("THPT Chu Văn An", "Gia Nghĩa", "thptchuvanan"),
    ("THPT Gia Nghĩa", "Gia Nghĩa", "thptgianghia"),
    ("THPT Chuyên Nguyễn Chí Thanh", "Gia Nghĩa", "thptnguyenchithanh"),
    ("THPT Phan Chu Trinh", "Cư Jút", "thptphanchutrinh"),
    ("THPT Phan Bội Châu", "Cư Jút", "thptphanboichau"),
    ("THPT Đào Duy Từ", "Cư Jút", "thptdaoduytu"),
    ("THPT Nguyễn Bỉnh Khiêm", "Cư Jút", "thptnguyenbinhkhiem"),
    ("THPT Đắk Glong", "Đắk Glong", "thptdakglong"),
    ("THPT Lê Duẩn", "Đắk Glong", "thptleduan"),
    ("THPT Đắk Mil", "Đắk Mil", "thptdakmil"),
    ("THPT Trần Hưng Đạo", "Đắk Mil", "thpttranhungdao"),
    ("THPT Quang Trung", "Đắk Mil", "thptquangtrung"),
    ("THPT Nguyễn Du", "Đắk Mil", "thptnguyendu"),
    ("THPT Phạm Văn Đồng", "Đắk R'lấp", "thptphamvandong"),
    ("THPT Nguyễn Tất Thành", "Đắk R'lấp", "thptnguyentatthanh"),
    ("THPT Nguyễn Đình Chiểu", "Đắk R'lấp", "thptnguyendinhchieu"),
    ("THPT Trường Chinh", "Đắk R'lấp", "thpttruongchinh"),
    ("THPT Đắk Song", "Đắk Song", "thptdaksong"),
    ("THPT Phan Đình Phùng", "Đắk Song", "thptphandinhphung"),
    ("THPT Lương Thế Vinh", "Đắk Song", "thptluongthevinh"),
    ("THPT Krông Nô", "Krông Nô", "thptkrongno"),
    ("THPT Trần Phú", "Krông Nô", "thpttranphu"),
    ("THPT Hùng Vương", "Krông Nô", "thpthungvuong"),
    ("THPT Lê Quý Đôn", "Tuy Đức", "thptlequydon"),
    ("THPT Nguyễn Văn Trỗi", "Tuy Đức", "thptnguyenvantroi"),
];
