//! Tên loại văn bản: the kinds of ND30 Điều 7 with their abbreviations (Phụ lục III), copies, and legal normative
//! kinds, as data with validity dates.

use jiff::civil::{Date, date};

use crate::names::named_enum;
use crate::{Decision, Refusal};

named_enum! {
    /// The three classes of ND30-4.2a; each has its own rules of numbering and form.
    DocumentClass {
        /// Văn bản hành chính (NĐ 30/2020 Chương II).
        HanhChinh = "administrative", "Văn bản hành chính";
        /// Văn bản quy phạm pháp luật (its own law).
        QuyPhamPhapLuat = "legal_normative", "Văn bản quy phạm pháp luật";
        /// Văn bản chuyên ngành (rules of the sector's head).
        ChuyenNganh = "specialised", "Văn bản chuyên ngành";
    }
}

named_enum! {
    /// How the symbol of a kind is built (PL1-3b).
    SymbolForm {
        /// `QĐ-UBND`: abbreviation of the kind, then of the agency.
        Named = "named", "Viết tắt tên loại và cơ quan";
        /// `UBND-KGVX`: abbreviation of the agency, then of the drafting unit or the field.
        Letter = "letter", "Viết tắt cơ quan và đơn vị soạn thảo";
        /// `2022/QĐ-UBND`: the year, then as a named kind.
        WithYear = "with_year", "Có năm ban hành";
    }
}

/// One kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentType {
    /// Stable machine name, Vietnamese without accents: `quyet_dinh`, `cong_van`.
    pub key: &'static str,
    /// The official name, as screens show it.
    pub name: &'static str,
    /// Chữ viết tắt tên loại (Phụ lục III Mục I); công văn and thư công have none.
    pub abbreviation: Option<&'static str>,
    /// The template of Phụ lục III Mục II, when one is given: `1.4`.
    pub template: Option<&'static str>,
    /// The class that decides which rules hold.
    pub class: DocumentClass,
    /// Whether it is a copy (bản sao), numbered in the common sequence of copies.
    pub is_copy: bool,
    /// First day on which the kind can be used.
    pub valid_from: Date,
    /// Last day on which the kind can be used; open when `None`.
    pub valid_to: Option<Date>,
}

impl DocumentType {
    /// Whether the kind is in force on `day`.
    #[must_use]
    pub fn in_force(&self, day: Date) -> bool {
        within(day, self.valid_from, self.valid_to)
    }

    /// How the kind's symbol is built.
    #[must_use]
    pub fn symbol_form(&self) -> SymbolForm {
        match (self.class, self.abbreviation) {
            (DocumentClass::QuyPhamPhapLuat, _) => SymbolForm::WithYear,
            (_, Some(_)) => SymbolForm::Named,
            (_, None) => SymbolForm::Letter,
        }
    }

    /// Whether the text opens with `Kính gửi:` in the form of an official letter (công văn, mẫu 1.5).
    #[must_use]
    pub fn is_official_letter(&self) -> bool {
        self.key == OFFICIAL_LETTER
    }
}

/// The key of công văn.
pub const OFFICIAL_LETTER: &str = "cong_van";

/// Nghị định 30/2020/NĐ-CP is in force from this day.
const ND30: Date = date(2020, 3, 5);
/// Luật Ban hành văn bản quy phạm pháp luật 2015 is in force from this day.
const LAW_2015: Date = date(2016, 7, 1);

const fn kind(
    key: &'static str,
    name: &'static str,
    abbreviation: Option<&'static str>,
    template: Option<&'static str>,
) -> DocumentType {
    DocumentType {
        key,
        name,
        abbreviation,
        template,
        class: DocumentClass::HanhChinh,
        is_copy: false,
        valid_from: ND30,
        valid_to: None,
    }
}

const fn copy(key: &'static str, name: &'static str, abbreviation: &'static str) -> DocumentType {
    DocumentType {
        is_copy: true,
        ..kind(key, name, Some(abbreviation), Some("3.1"))
    }
}

const fn normative(key: &'static str, name: &'static str, abbreviation: &'static str) -> DocumentType {
    DocumentType {
        class: DocumentClass::QuyPhamPhapLuat,
        valid_from: LAW_2015,
        ..kind(key, name, Some(abbreviation), None)
    }
}

/// Every kind that is seeded: 29 administrative, 3 copies, the legal normative ones of local government.
pub const SEED: &[DocumentType] = &[
    kind("nghi_quyet", "Nghị quyết (cá biệt)", Some("NQ"), Some("1.1")),
    kind("quyet_dinh", "Quyết định (cá biệt)", Some("QĐ"), Some("1.2")),
    kind("chi_thi", "Chỉ thị", Some("CT"), Some("1.4")),
    kind("quy_che", "Quy chế", Some("QC"), Some("1.4")),
    kind("quy_dinh", "Quy định", Some("QyĐ"), Some("1.4")),
    kind("thong_cao", "Thông cáo", Some("TC"), Some("1.4")),
    kind("thong_bao", "Thông báo", Some("TB"), Some("1.4")),
    kind("huong_dan", "Hướng dẫn", Some("HD"), Some("1.4")),
    kind("chuong_trinh", "Chương trình", Some("CTr"), Some("1.4")),
    kind("ke_hoach", "Kế hoạch", Some("KH"), Some("1.4")),
    kind("phuong_an", "Phương án", Some("PA"), Some("1.4")),
    kind("de_an", "Đề án", Some("ĐA"), Some("1.4")),
    kind("du_an", "Dự án", Some("DA"), Some("1.4")),
    kind("bao_cao", "Báo cáo", Some("BC"), Some("1.4")),
    kind("bien_ban", "Biên bản", Some("BB"), Some("1.9")),
    kind("to_trinh", "Tờ trình", Some("TTr"), Some("1.4")),
    kind("hop_dong", "Hợp đồng", Some("HĐ"), None),
    kind(OFFICIAL_LETTER, "Công văn", None, Some("1.5")),
    kind("cong_dien", "Công điện", Some("CĐ"), Some("1.6")),
    kind("ban_ghi_nho", "Bản ghi nhớ", Some("BGN"), None),
    kind("ban_thoa_thuan", "Bản thỏa thuận", Some("BTT"), None),
    kind("giay_uy_quyen", "Giấy ủy quyền", Some("GUQ"), Some("1.4")),
    kind("giay_moi", "Giấy mời", Some("GM"), Some("1.7")),
    kind("giay_gioi_thieu", "Giấy giới thiệu", Some("GGT"), Some("1.8")),
    kind("giay_nghi_phep", "Giấy nghỉ phép", Some("GNP"), Some("1.10")),
    kind("phieu_gui", "Phiếu gửi", Some("PG"), Some("1.4")),
    kind("phieu_chuyen", "Phiếu chuyển", Some("PC"), Some("1.4")),
    kind("phieu_bao", "Phiếu báo", Some("PB"), Some("1.4")),
    kind("thu_cong", "Thư công", None, None),
    copy("sao_y", "Bản sao y", "SY"),
    copy("trich_sao", "Bản trích sao", "TrS"),
    copy("sao_luc", "Bản sao lục", "SL"),
    normative("quyet_dinh_qppl", "Quyết định (quy phạm pháp luật)", "QĐ"),
    normative(
        "nghi_quyet_qppl",
        "Nghị quyết của Hội đồng nhân dân (quy phạm pháp luật)",
        "NQ",
    ),
    normative("thong_tu", "Thông tư", "TT"),
    normative("thong_tu_lien_tich", "Thông tư liên tịch", "TTLT"),
];

/// The kind with this key, whether in force or not.
#[must_use]
pub fn by_key(key: &str) -> Option<&'static DocumentType> {
    SEED.iter().find(|kind| kind.key == key)
}

/// Every kind in force on `day`, in the order of the decree.
pub fn in_force(day: Date) -> impl Iterator<Item = &'static DocumentType> {
    SEED.iter().filter(move |kind| kind.in_force(day))
}

/// The kind with this key, if it can be used on `day`.
///
/// # Errors
/// `ND30-7` when the key is unknown or the kind is not in force on that day.
pub fn usable(key: &str, day: Date) -> Decision<&'static DocumentType> {
    by_key(key).filter(|kind| kind.in_force(day)).ok_or_else(|| {
        Refusal::new(
            "ND30-7",
            "document_type.not_in_force",
            "Loại văn bản không có trong danh mục đang áp dụng. Vui lòng chọn lại loại văn bản.",
        )
        .on("document_type")
    })
}

/// One row of the list of kinds that are sent without paper (công văn 775/VPCP-KSTT, QC01-6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentWithoutPaper {
    /// Key of the kind.
    pub document_type: &'static str,
    /// First day on which the row holds.
    pub valid_from: Date,
    /// Last day on which the row holds; open when `None`.
    pub valid_to: Option<Date>,
}

const fn paperless(document_type: &'static str) -> SentWithoutPaper {
    SentWithoutPaper {
        document_type,
        valid_from: date(2020, 2, 4),
        valid_to: None,
    }
}

/// The 26 kinds of công văn 775/VPCP-KSTT of 04/02/2020.
pub const SENT_WITHOUT_PAPER: &[SentWithoutPaper] = &[
    paperless("thong_tu"),
    paperless("thong_tu_lien_tich"),
    paperless("nghi_quyet_qppl"),
    paperless("quyet_dinh_qppl"),
    paperless("nghi_quyet"),
    paperless("quyet_dinh"),
    paperless("chi_thi"),
    paperless("quy_che"),
    paperless("quy_dinh"),
    paperless("thong_cao"),
    paperless("thong_bao"),
    paperless("huong_dan"),
    paperless("chuong_trinh"),
    paperless("ke_hoach"),
    paperless("phuong_an"),
    paperless("de_an"),
    paperless("du_an"),
    paperless("bao_cao"),
    paperless("to_trinh"),
    paperless(OFFICIAL_LETTER),
    paperless("cong_dien"),
    paperless("giay_uy_quyen"),
    paperless("giay_moi"),
    paperless("phieu_gui"),
    paperless("phieu_chuyen"),
    paperless("phieu_bao"),
];

/// Whether a kind is sent without a paper copy on `day` (QC01-6.1).
#[must_use]
pub fn sent_without_paper(key: &str, day: Date) -> bool {
    SENT_WITHOUT_PAPER
        .iter()
        .any(|row| row.document_type == key && within(day, row.valid_from, row.valid_to))
}

fn within(day: Date, from: Date, to: Option<Date>) -> bool {
    from <= day && to.is_none_or(|last| day <= last)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    #[test]
    fn nd30_7_there_are_29_kinds_and_27_abbreviations() {
        let kinds: Vec<_> = SEED
            .iter()
            .filter(|k| k.class == DocumentClass::HanhChinh && !k.is_copy)
            .collect();
        assert_eq!(kinds.len(), 29);
        assert_eq!(kinds.iter().filter(|k| k.abbreviation.is_some()).count(), 27);
        let without: Vec<_> = kinds
            .iter()
            .filter(|k| k.abbreviation.is_none())
            .map(|k| k.key)
            .collect();
        assert_eq!(without, ["cong_van", "thu_cong"]);
        assert_eq!(SEED.iter().filter(|k| k.is_copy).count(), 3);
    }

    #[rstest]
    #[case("quy_dinh", Some("QyĐ"))]
    #[case("quyet_dinh", Some("QĐ"))]
    #[case("chuong_trinh", Some("CTr"))]
    #[case("to_trinh", Some("TTr"))]
    #[case("trich_sao", Some("TrS"))]
    #[case("cong_van", None)]
    fn pl3_i_abbreviations_are_fixed(#[case] key: &str, #[case] abbreviation: Option<&str>) {
        assert_eq!(by_key(key).unwrap().abbreviation, abbreviation);
    }

    #[test]
    fn keys_are_unique_and_every_paperless_kind_exists() {
        for (index, kind) in SEED.iter().enumerate() {
            assert!(
                SEED[index + 1..].iter().all(|other| other.key != kind.key),
                "{}",
                kind.key
            );
        }
        assert!(
            SENT_WITHOUT_PAPER
                .iter()
                .all(|row| by_key(row.document_type).is_some())
        );
    }

    #[test]
    fn qc01_6_1_cn_216_twenty_six_kinds_are_sent_without_paper() {
        assert_eq!(SENT_WITHOUT_PAPER.len(), 26);
        assert!(sent_without_paper("cong_van", TODAY));
        assert!(!sent_without_paper("hop_dong", TODAY));
        assert!(!sent_without_paper("cong_van", date(2020, 2, 3)));
    }

    #[test]
    fn nd30_7_a_kind_is_usable_only_while_in_force() {
        assert_eq!(usable("cong_van", TODAY).unwrap().name, "Công văn");
        assert_eq!(usable("cong_van", date(2020, 3, 4)).unwrap_err().clause, "ND30-7");
        assert_eq!(
            usable("khong_co", TODAY).unwrap_err().field,
            Some("document_type")
        );
    }

    #[test]
    fn pl1_3b_the_form_of_the_symbol_follows_the_kind() {
        assert_eq!(by_key("quyet_dinh").unwrap().symbol_form(), SymbolForm::Named);
        assert_eq!(by_key("cong_van").unwrap().symbol_form(), SymbolForm::Letter);
        assert_eq!(
            by_key("quyet_dinh_qppl").unwrap().symbol_form(),
            SymbolForm::WithYear
        );
    }
}
