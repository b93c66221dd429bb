//! The sở, ban, ngành and other bodies directly under the province, with their specialist units.

use crate::agencies::Kind;
use crate::fields::FieldKey;

/// A body directly under the province.
pub(crate) struct Department {
    pub(crate) name: &'static str,
    pub(crate) abbr: &'static str,
    pub(crate) suffix: &'static str,
    pub(crate) code: usize,
    pub(crate) kind: Kind,
    pub(crate) field: FieldKey,
    pub(crate) divisions: &'static [(&'static str, &'static str)],
    pub(crate) head_count: usize,
}

macro_rules! department {
    ($name:literal, $abbr:literal, $suffix:literal, $code:literal, $kind:ident, $field:ident, $count:literal, $divisions:expr) => {
        Department {
            name: $name,
            abbr: $abbr,
            suffix: $suffix,
            code: $code,
            kind: Kind::$kind,
            field: FieldKey::$field,
            divisions: &$divisions,
            head_count: $count,
        }
    };
}

/// The first two belong to the small province.
#[rustfmt::skip]
pub(crate) const DEPARTMENTS: &[Department] = &[
    department!("Sở Thông tin và Truyền thông", "STTTT", "stttt", 9, Department, Information, 40, [
        ("Phòng Bưu chính - Viễn thông", "BCVT"), ("Phòng Công nghệ thông tin", "CNTT"),
        ("Phòng Thông tin - Báo chí - Xuất bản", "TTBCXB")]),
    department!("Sở Nội vụ", "SNV", "snv", 8, Department, Interior, 44, [
        ("Phòng Tổ chức bộ máy và Công chức, viên chức", "TCBM"), ("Phòng Xây dựng chính quyền và Công tác thanh niên", "XDCQ"),
        ("Phòng Cải cách hành chính và Văn thư - Lưu trữ", "CCHC"), ("Phòng Tổng hợp", "TH")]),
    department!("Văn phòng Ủy ban nhân dân tỉnh", "VPUBND", "vpubnd", 1, CommitteeOffice, Administration, 60, [
        ("Phòng Hành chính - Tổ chức", "HCTC"), ("Phòng Quản trị - Tài vụ", "QTTV"), ("Ban Tiếp công dân", "BTCD"),
        ("Phòng Kiểm soát thủ tục hành chính", "KSTTHC")]),
    department!("Sở Công Thương", "SCT", "sct", 2, Department, Trade, 46, [
        ("Phòng Quản lý thương mại", "QLTM"), ("Phòng Quản lý công nghiệp", "QLCN"), ("Phòng Quản lý năng lượng", "QLNL")]),
    department!("Sở Giáo dục và Đào tạo", "SGDĐT", "sgddt", 3, Department, Education, 58, [
        ("Phòng Giáo dục Mầm non - Tiểu học", "GDMNTH"), ("Phòng Giáo dục Trung học - Giáo dục thường xuyên", "GDTH"),
        ("Phòng Tổ chức cán bộ", "TCCB"), ("Phòng Quản lý chất lượng", "QLCL")]),
    department!("Sở Giao thông vận tải", "SGTVT", "sgtvt", 4, Department, Transport, 44, [
        ("Phòng Quản lý kết cấu hạ tầng giao thông", "KCHT"), ("Phòng Quản lý vận tải, phương tiện và người lái", "QLVT"),
        ("Phòng Quản lý chất lượng công trình", "QLCLCT")]),
    department!("Sở Kế hoạch và Đầu tư", "SKHĐT", "skhdt", 5, Department, Planning, 52, [
        ("Phòng Tổng hợp, Quy hoạch", "THQH"), ("Phòng Đăng ký kinh doanh", "ĐKKD"), ("Phòng Kinh tế ngành", "KTN"),
        ("Phòng Đấu thầu, Thẩm định và Giám sát đầu tư", "ĐTTĐ")]),
    department!("Sở Khoa học và Công nghệ", "SKHCN", "skhcn", 6, Department, Science, 36, [
        ("Phòng Quản lý khoa học", "QLKH"), ("Phòng Quản lý công nghệ và Chuyên ngành", "QLCNCN")]),
    department!("Sở Lao động - Thương binh và Xã hội", "SLĐTBXH", "sldtbxh", 7, Department, Labour, 54, [
        ("Phòng Lao động - Việc làm và Giáo dục nghề nghiệp", "LĐVL"), ("Phòng Người có công", "NCC"),
        ("Phòng Bảo trợ xã hội - Trẻ em và Bình đẳng giới", "BTXH")]),
    department!("Sở Nông nghiệp và Phát triển nông thôn", "SNN", "snn", 10, Department, Agriculture, 52, [
        ("Phòng Nghiệp vụ Nông nghiệp", "NVNN"), ("Phòng Quản lý xây dựng công trình", "QLXDCT"),
        ("Phòng Tổ chức cán bộ", "TCCB")]),
    department!("Sở Tài chính", "STC", "stc", 11, Department, Finance, 58, [
        ("Phòng Quản lý ngân sách", "QLNS"), ("Phòng Tài chính hành chính sự nghiệp", "HCSN"),
        ("Phòng Quản lý giá và Công sản", "QLGCS"), ("Phòng Tài chính đầu tư", "TCĐT")]),
    department!("Sở Tài nguyên và Môi trường", "STNMT", "stnmt", 12, Department, Land, 56, [
        ("Phòng Quản lý đất đai", "QLĐĐ"), ("Phòng Khoáng sản, Nước và Biến đổi khí hậu", "KSN"),
        ("Phòng Đo đạc và Bản đồ", "ĐĐBĐ")]),
    department!("Sở Tư pháp", "STP", "stp", 13, Department, Justice, 36, [
        ("Phòng Xây dựng, Kiểm tra và Theo dõi thi hành pháp luật", "XDKT"), ("Phòng Hành chính và Bổ trợ tư pháp", "BTTP"),
        ("Phòng Phổ biến, giáo dục pháp luật", "PBGDPL")]),
    department!("Sở Văn hóa, Thể thao và Du lịch", "SVHTTDL", "svhttdl", 14, Department, Culture, 48, [
        ("Phòng Quản lý văn hóa và Gia đình", "QLVHGĐ"), ("Phòng Quản lý thể dục thể thao", "QLTDTT"),
        ("Phòng Quản lý du lịch", "QLDL")]),
    department!("Sở Xây dựng", "SXD", "sxd", 15, Department, Construction, 44, [
        ("Phòng Quy hoạch - Kiến trúc", "QHKT"), ("Phòng Quản lý xây dựng và Hạ tầng kỹ thuật", "QLXD"),
        ("Phòng Quản lý nhà và Thị trường bất động sản", "QLN")]),
    department!("Sở Y tế", "SYT", "syt", 16, Department, Health, 52, [
        ("Phòng Nghiệp vụ Y", "NVY"), ("Phòng Nghiệp vụ Dược", "NVD"), ("Phòng Tổ chức cán bộ", "TCCB")]),
    department!("Thanh tra tỉnh", "TTT", "ttt", 17, Inspectorate, Inspection, 34, [
        ("Phòng Nghiệp vụ 1", "NV1"), ("Phòng Nghiệp vụ 2", "NV2"), ("Phòng Giám sát, kiểm tra và xử lý sau thanh tra", "GSKT")]),
    department!("Ban Dân tộc", "BDT", "bdt", 18, Board, Ethnic, 24, [
        ("Phòng Kế hoạch - Tổng hợp", "KHTH"), ("Phòng Chính sách dân tộc", "CSDT")]),
    department!("Ban Quản lý các khu công nghiệp tỉnh", "BQLKCN", "bqlkcn", 19, Board, Trade, 26, [
        ("Phòng Quản lý đầu tư và Doanh nghiệp", "QLĐT"), ("Phòng Quy hoạch, Xây dựng và Môi trường", "QHXDMT")]),
    department!("Đài Phát thanh và Truyền hình tỉnh", "ĐPTTH", "dptth", 28, Centre, Information, 60, [
        ("Phòng Thời sự", "TS"), ("Phòng Kỹ thuật", "KT"), ("Phòng Biên tập", "BT")]),
    department!("Trường Cao đẳng Cộng đồng Đắk Nông", "CĐCĐ", "cdcd", 29, School, Education, 70, []),
    department!("Ban Quản lý dự án đầu tư xây dựng tỉnh", "BQLDA", "bqlda", 30, Board, Construction, 40, [
        ("Phòng Kế hoạch - Kỹ thuật", "KHKT"), ("Phòng Điều hành dự án", "ĐHDA")]),
    department!("Quỹ Bảo vệ và Phát triển rừng tỉnh", "QBVPTR", "qbvptr", 31, Centre, Agriculture, 18, [
        ("Phòng Kế hoạch - Kỹ thuật", "KHKT")]),
    department!("Quỹ Đầu tư phát triển tỉnh", "QĐTPT", "qdtpt", 32, Centre, Finance, 18, [("Phòng Nghiệp vụ", "NV")]),
    department!("Vườn quốc gia Tà Đùng", "VQGTĐ", "vqgtadung", 33, Centre, Agriculture, 46, [
        ("Phòng Khoa học và Hợp tác quốc tế", "KHHTQT"), ("Hạt Kiểm lâm", "HKL")]),
];
