//! Organisations outside the installation.

use crate::agencies::{Kind, agency, old_code};
use crate::model::{Agency, Level, PARTNER_KEY_BASE};

/// Organisations outside the installation with which documents are exchanged.
pub(crate) fn partners() -> Vec<Agency> {
    const PARTNERS: &[(&str, &str, &str, &str, &str, &str)] = &[
        (
            "Văn phòng Chính phủ",
            "VPCP",
            "vpcp",
            "G22",
            "Hà Nội",
            "Bộ trưởng, Chủ nhiệm",
        ),
        (
            "Bộ Thông tin và Truyền thông",
            "BTTTT",
            "btttt",
            "G14",
            "Hà Nội",
            "Bộ trưởng",
        ),
        ("Bộ Nội vụ", "BNV", "bnv", "G09", "Hà Nội", "Bộ trưởng"),
        ("Bộ Tài chính", "BTC", "btc", "G12", "Hà Nội", "Bộ trưởng"),
        (
            "Bộ Kế hoạch và Đầu tư",
            "BKHĐT",
            "bkhdt",
            "G05",
            "Hà Nội",
            "Bộ trưởng",
        ),
        (
            "Bộ Nông nghiệp và Phát triển nông thôn",
            "BNN",
            "bnn",
            "G10",
            "Hà Nội",
            "Bộ trưởng",
        ),
        (
            "Bảo hiểm xã hội tỉnh Đắk Nông",
            "BHXH",
            "bhxh",
            "",
            "Đắk Nông",
            "Giám đốc",
        ),
        (
            "Cục Thuế tỉnh Đắk Nông",
            "CTDNO",
            "cucthue",
            "",
            "Đắk Nông",
            "Cục trưởng",
        ),
        (
            "Kho bạc Nhà nước Đắk Nông",
            "KBĐN",
            "kbnn",
            "",
            "Đắk Nông",
            "Giám đốc",
        ),
        (
            "Báo Đắk Nông",
            "BĐN",
            "baodaknong",
            "",
            "Đắk Nông",
            "Tổng Biên tập",
        ),
        (
            "Công ty Điện lực Đắk Nông",
            "PCĐN",
            "pcdaknong",
            "",
            "Đắk Nông",
            "Giám đốc",
        ),
        (
            "Viễn thông Đắk Nông",
            "VTĐN",
            "vnptdaknong",
            "",
            "Đắk Nông",
            "Giám đốc",
        ),
    ];
    let partner = |(place, &(name, abbr, suffix, code, seat, head)): (usize, &_)| {
        let mut partner = agency(
            Level::Partner,
            Kind::Centre,
            str::to_owned(name),
            abbr,
            str::to_owned(suffix),
            str::to_owned(code),
        );
        partner.key = PARTNER_KEY_BASE + place;
        partner.old_code = if partner.code.is_empty() {
            String::new()
        } else {
            old_code(&partner.code)
        };
        partner.place_name = str::to_owned(seat);
        partner.head_title = str::to_owned(head);
        partner.deputy_title = match head {
            "Bộ trưởng" => "Thứ trưởng".to_owned(),
            "Bộ trưởng, Chủ nhiệm" => "Phó Chủ nhiệm".to_owned(),
            other => format!("Phó {other}"),
        };
        partner
    };
    PARTNERS.iter().enumerate().map(partner).collect()
}
