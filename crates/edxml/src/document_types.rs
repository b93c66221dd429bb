//! `DocumentType` (spec edxml 8.1): the two tables of the amendment of 2022, and which type of ours a message means.
//!
//! Practice contradicts the tables (`Type=1` for công văn, `Type=71`), so a received type is told by its name, then by its
//! symbol, never by its numbers.

use rules::document_types::{self, DocumentType, OFFICIAL_LETTER};
use viet_text::fold;

/// `Type` 1: văn bản quy phạm pháp luật.
pub const NORMATIVE: u32 = 1;
/// `Type` 2: văn bản hành chính.
pub const ADMINISTRATIVE: u32 = 2;

/// A line of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WireType {
    /// `Type`.
    pub group: u32,
    /// `TypeDetail`: the ordinal.
    pub detail: u32,
    /// `TypeName`.
    pub name: &'static str,
    /// The key of our type ([`rules::document_types`]); nothing for those that NĐ 30/2020 does not have.
    pub key: Option<&'static str>,
    /// Read in the amendment; the others are from memory.
    pub confirmed: bool,
}

const fn line(group: u32, detail: u32, name: &'static str, key: &'static str, confirmed: bool) -> WireType {
    WireType {
        group,
        detail,
        name,
        key: if key.is_empty() { None } else { Some(key) },
        confirmed,
    }
}

/// Both tables.
#[rustfmt::skip] // a table reads by columns
pub const WIRE_TYPES: &[WireType] = &[
    line(1, 1, "Hiến pháp", "", true),
    line(1, 2, "Luật", "", true),
    line(1, 3, "Pháp lệnh", "", true),
    line(1, 4, "Lệnh", "", true),
    line(1, 5, "Nghị quyết", "nghi_quyet_qppl", true),
    line(1, 6, "Nghị quyết liên tịch", "", true),
    line(1, 7, "Nghị định", "", true),
    line(1, 8, "Quyết định", "quyet_dinh_qppl", true),
    line(1, 9, "Thông tư", "thong_tu", true),
    line(1, 10, "Thông tư liên tịch", "thong_tu_lien_tich", true),
    line(1, 11, "Chỉ thị", "", true),
    line(1, 12, "Bộ luật", "", true),
    line(1, 13, "Văn bản quy phạm pháp luật của chính quyền địa phương ở đơn vị hành chính - kinh tế đặc biệt", "", true),
    line(2, 1, "Nghị quyết (cá biệt)", "nghi_quyet", true),
    line(2, 2, "Quyết định (cá biệt)", "quyet_dinh", true),
    line(2, 3, "Chỉ thị (cá biệt)", "chi_thi", true),
    line(2, 4, "Quy chế", "quy_che", true),
    line(2, 5, "Quy định", "quy_dinh", true),
    line(2, 6, "Thông cáo", "thong_cao", true),
    line(2, 7, "Thông báo", "thong_bao", true),
    line(2, 8, "Hướng dẫn", "huong_dan", true),
    line(2, 9, "Chương trình", "chuong_trinh", true),
    line(2, 10, "Kế hoạch", "ke_hoach", false),
    line(2, 11, "Phương án", "phuong_an", false),
    line(2, 12, "Đề án", "de_an", false),
    line(2, 13, "Dự án", "du_an", false),
    line(2, 14, "Báo cáo", "bao_cao", false),
    line(2, 15, "Biên bản", "bien_ban", false),
    line(2, 16, "Tờ trình", "to_trinh", false),
    line(2, 17, "Hợp đồng", "hop_dong", false),
    line(2, 18, "Công văn", OFFICIAL_LETTER, true),
    line(2, 19, "Công điện", "cong_dien", true),
    line(2, 20, "Bản ghi nhớ", "ban_ghi_nho", true),
    line(2, 21, "Bản cam kết", "", true),
    line(2, 22, "Bản thỏa thuận", "ban_thoa_thuan", true),
    line(2, 23, "Giấy chứng nhận", "", true),
    line(2, 24, "Giấy ủy quyền", "giay_uy_quyen", true),
    line(2, 25, "Giấy mời", "giay_moi", true),
    line(2, 26, "Giấy giới thiệu", "giay_gioi_thieu", true),
    line(2, 27, "Giấy nghỉ phép", "giay_nghi_phep", false),
    line(2, 28, "Giấy đi đường", "", false),
    line(2, 29, "Giấy biên nhận hồ sơ", "", false),
    line(2, 30, "Phiếu gửi", "phieu_gui", false),
    line(2, 31, "Phiếu chuyển", "phieu_chuyen", false),
    line(2, 32, "Thư công", "thu_cong", false),
];

/// Other names of our types, folded as [`fold`] does.
const ALIASES: &[(&str, &str)] = &[
    ("cong van hanh chinh", OFFICIAL_LETTER),
    ("cv", OFFICIAL_LETTER),
    ("giay phep", "giay_nghi_phep"),
    ("ban thoa uoc", "ban_thoa_thuan"),
    ("cong dien khan", "cong_dien"),
    ("thu moi", "giay_moi"),
    ("thong bao ket luan", "thong_bao"),
    ("phieu bao", "phieu_bao"),
    ("ban sao y", "sao_y"),
    ("ban sao luc", "sao_luc"),
    ("ban trich sao", "trich_sao"),
];

/// Why a type was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Its name, or another name for it.
    Name,
    /// The abbreviation in the symbol: `QĐ-UBND`.
    Symbol,
    /// Neither says anything and the symbol has no abbreviation of a type: công văn.
    Fallback,
}

/// The type of ours that a message means; nothing when its name says a type that we do not have. The clerk may correct it.
#[must_use]
pub fn classified(
    type_name: Option<&str>,
    code_notation: Option<&str>,
) -> Option<(&'static DocumentType, Basis)> {
    let has_year = code_notation.is_some_and(begins_with_year);
    let name = type_name.map(plain).filter(|name| !name.is_empty());
    if let Some(name) = &name {
        if let Some(kind) = named(name, has_year) {
            return Some((kind, Basis::Name));
        }
        // A type of the tables that NĐ 30 does not know must not become another one.
        if WIRE_TYPES.iter().any(|line| plain(line.name) == *name) {
            return None;
        }
    }
    if let Some(kind) = code_notation.and_then(|notation| by_symbol(notation, has_year)) {
        return Some((kind, Basis::Symbol));
    }
    document_types::by_key(OFFICIAL_LETTER).map(|kind| (kind, Basis::Fallback))
}

/// The line with which a type of ours is sent; a type without one is sent as công văn would be: by its name alone.
#[must_use]
pub fn wire_type(key: &str) -> Option<&'static WireType> {
    WIRE_TYPES.iter().find(|line| line.key == Some(key))
}

fn named(name: &str, has_year: bool) -> Option<&'static DocumentType> {
    let key = ALIASES
        .iter()
        .find(|(alias, _)| *alias == name)
        .map(|(_, key)| *key);
    let by_table = || {
        let lines = || WIRE_TYPES.iter().filter(|line| plain(line.name) == name);
        // Quyết định, nghị quyết: the year in the symbol tells the normative ones (PL1-3b).
        let group = if has_year { NORMATIVE } else { ADMINISTRATIVE };
        lines()
            .find(|line| line.group == group)
            .or_else(|| lines().next())
            .and_then(|line| line.key)
    };
    key.or_else(by_table).and_then(document_types::by_key)
}

/// The abbreviation in front of the agency: `QĐ-UBND`, `2022/QĐ-UBND`.
fn by_symbol(notation: &str, has_year: bool) -> Option<&'static DocumentType> {
    let symbol = if has_year {
        notation.split_once('/').map_or("", |(_, rest)| rest)
    } else {
        notation
    };
    let first = symbol.split(['-', '/']).next()?.trim();
    // Upper case would make "QyĐ" and "QYĐ" one, but never two types.
    let same = |kind: &&DocumentType| {
        kind.abbreviation
            .is_some_and(|abbreviation| abbreviation.to_uppercase() == first.to_uppercase())
    };
    let mut kinds = document_types::SEED.iter().filter(same);
    let wanted =
        |kind: &&DocumentType| (kind.class == document_types::DocumentClass::QuyPhamPhapLuat) == has_year;
    kinds.clone().find(wanted).or_else(|| kinds.next())
}

fn begins_with_year(notation: &str) -> bool {
    notation
        .trim()
        .split_once('/')
        .is_some_and(|(year, _)| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))
}

/// Folded, without what stands in brackets.
fn plain(name: &str) -> String {
    let name = name.split('(').next().unwrap_or(name);
    fold(name).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Some("Công văn"), Some("SVD-VP"), Some(("cong_van", Basis::Name)))]
    #[case(Some("CÔNG VĂN"), None, Some(("cong_van", Basis::Name)))]
    #[case(Some("Co\u{302}ng va\u{306}n"), None, Some(("cong_van", Basis::Name)))]
    #[case(Some("Quyết định"), Some("QĐ-UBND"), Some(("quyet_dinh", Basis::Name)))]
    #[case(Some("Quyết định"), Some("2022/QĐ-UBND"), Some(("quyet_dinh_qppl", Basis::Name)))]
    #[case(Some("Thông tư"), Some("2022/TT-BVD"), Some(("thong_tu", Basis::Name)))]
    #[case(Some("Văn bản điện tử mới"), Some("KH-UBND"), Some(("ke_hoach", Basis::Symbol)))]
    #[case(None, Some("TTr-SVD"), Some(("to_trinh", Basis::Symbol)))]
    #[case(None, Some("SVD-VP"), Some(("cong_van", Basis::Fallback)))]
    #[case(None, None, Some(("cong_van", Basis::Fallback)))]
    #[case(Some("Giấy đi đường"), Some("GĐĐ-SVD"), None)]
    fn edxml_8_1_types_are_told_by_name_then_by_symbol(
        #[case] name: Option<&str>,
        #[case] notation: Option<&str>,
        #[case] expected: Option<(&str, Basis)>,
    ) {
        let found = classified(name, notation).map(|(kind, basis)| (kind.key, basis));
        assert_eq!(found, expected);
    }

    #[test]
    fn edxml_8_1_the_tables_name_only_types_that_exist() {
        for line in WIRE_TYPES {
            if let Some(key) = line.key {
                assert!(document_types::by_key(key).is_some(), "{key}");
            }
        }
        for (_, key) in ALIASES {
            assert!(document_types::by_key(key).is_some(), "{key}");
        }
        assert_eq!(
            wire_type("cong_van").map(|line| (line.group, line.detail)),
            Some((2, 18))
        );
        assert_eq!(wire_type("phieu_bao"), None);
    }
}
