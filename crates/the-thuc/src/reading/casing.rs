//! Names that are printed in capitals, in the letters of Phụ lục II: as the document itself writes them, else by its rules.

use super::title::spelling;

/// The name in natural case, and whether the document itself writes it so.
pub(super) fn natural(printed: &str, text: &str) -> (String, bool) {
    if let Some(seen) = seen_in(printed, text) {
        return (seen, true);
    }
    (by_rule(printed), false)
}

/// The first place in the text that has the same words with small letters among them.
fn seen_in(printed: &str, text: &str) -> Option<String> {
    let wanted: Vec<String> = printed.split_whitespace().map(spelling).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |word: &str| spelling(word.trim_matches(|sign: char| !sign.is_alphanumeric()));
    let wanted_bare: Vec<String> = wanted.iter().map(|word| bare(word)).collect();
    if wanted.len() < 2 {
        return None;
    }
    words.windows(wanted.len()).find_map(|window| {
        let same = window
            .iter()
            .zip(&wanted_bare)
            .all(|(word, wanted)| bare(word) == *wanted);
        let (first, last) = (window.first()?, window.last()?);
        let begins = first.chars().find(|sign| sign.is_alphabetic())?.is_uppercase();
        let small = window.iter().any(|word| word.chars().any(char::is_lowercase));
        // a title in which every word is capital would not be natural
        if !same || !begins || !small {
            return None;
        }
        let seen = window.join(" ");
        let seen = seen.trim_start_matches(|sign: char| !sign.is_alphanumeric());
        let kept = last.trim_end_matches(|sign: char| !sign.is_alphanumeric()).len();
        let length = seen.len().checked_sub(last.len() - kept)?;
        seen.get(..length).map(str::to_owned)
    })
}

/// Kinds of bodies and titles, capital wherever they stand in a name.
const BODIES: &[&str] = &[
    "Ủy ban nhân dân",
    "Ủy ban",
    "Hội đồng nhân dân",
    "Hội đồng",
    "Văn phòng",
    "Chi cục",
    "Tổng cục",
    "Trung tâm",
    "Ban Quản lý",
    "Đoàn đại biểu Quốc hội",
    "Chính phủ",
    "Quốc hội",
    "Thanh tra",
    "Công an",
    "Tòa án nhân dân",
    "Viện kiểm sát nhân dân",
    "Bảo hiểm xã hội",
    "Kho bạc Nhà nước",
    "Bệnh viện đa khoa",
    "Chủ tịch",
    "Phó Chủ tịch",
    "Giám đốc",
    "Phó Giám đốc",
    "Chánh Văn phòng",
    "Phó Chánh Văn phòng",
    "Trưởng phòng",
    "Phó Trưởng phòng",
    "Trưởng ban",
    "Phó Trưởng ban",
    "Bộ trưởng",
    "Thứ trưởng",
    "Vụ trưởng",
    "Phó Vụ trưởng",
    "Cục trưởng",
    "Phó Cục trưởng",
    "Chi cục trưởng",
    "Tổng cục trưởng",
    "Phó Tổng cục trưởng",
    "Phó Chi cục trưởng",
    "Hiệu trưởng",
    "Phó Hiệu trưởng",
    "Viện trưởng",
    "Phó Viện trưởng",
    "Chánh Thanh tra",
    "Phó Chánh Thanh tra",
    "Tổng Giám đốc",
    "Phó Tổng Giám đốc",
    "Thủ tướng",
    "Phó Thủ tướng",
    "Bí thư",
    "Phó Bí thư",
    "Chủ nhiệm",
    "Phó Chủ nhiệm",
    "Kế toán trưởng",
    "Đội trưởng",
    "Thành phố Hồ Chí Minh",
    "Thủ đô Hà Nội",
    "Tây Nguyên",
    "Tây Bắc",
    "Đông Bắc",
    "Bắc Bộ",
    "Trung Bộ",
    "Nam Bộ",
    "Việt Nam",
];

/// What a body deals with, and bodies of one syllable: capital where such a word is to be expected, as the same syllables stand in
/// other words too.
const FIELDS: &[&str] = &[
    "Sở",
    "Bộ",
    "Cục",
    "Phòng",
    "Ban",
    "Trường",
    "Viện",
    "Vụ",
    "Quỹ",
    "Nội vụ",
    "Tài chính",
    "Tư pháp",
    "Xây dựng",
    "Y tế",
    "Giáo dục và Đào tạo",
    "Khoa học và Công nghệ",
    "Thông tin và Truyền thông",
    "Văn hóa, Thể thao và Du lịch",
    "Văn hóa và Thông tin",
    "Văn hóa - Xã hội",
    "Văn hóa",
    "Nông nghiệp và Môi trường",
    "Nông nghiệp và Phát triển nông thôn",
    "Tài nguyên và Môi trường",
    "Kế hoạch và Đầu tư",
    "Tài chính - Kế hoạch",
    "Lao động - Thương binh và Xã hội",
    "Công Thương",
    "Giao thông vận tải",
    "Ngoại vụ",
    "Quốc phòng",
    "Kinh tế",
    "Kinh tế và Hạ tầng",
    "Kinh tế, Hạ tầng và Đô thị",
    "Hạ tầng",
    "Đô thị",
    "Dân tộc và Tôn giáo",
    "Dân tộc",
    "Tôn giáo",
    "Quản lý",
    "Thuế",
    "Hải quan",
    "Thống kê",
    "Phục vụ hành chính công",
    "Kiểm lâm",
    "Chuyển đổi số",
    "Kiểm soát bệnh tật",
    "Trung học phổ thông",
    "Trung học cơ sở",
    "Tiểu học",
    "Mầm non",
    "Cao đẳng",
    "Đại học",
    "An toàn thực phẩm",
];

/// Units of which only the proper part is capital (PL2-III.1a).
const UNITS: &[&str] = &[
    "thành phố",
    "thị trấn",
    "thị xã",
    "đặc khu",
    "tỉnh",
    "huyện",
    "quận",
    "phường",
    "xã",
];

/// What kind of word comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The beginning of a name: capital.
    Fresh,
    /// A part of a proper name: every word capital (PL2-III.1).
    Proper,
    /// Within a field; an "và" brings another one.
    Field,
    /// The rest of a descriptive name: small.
    Plain,
}

fn by_rule(printed: &str) -> String {
    let words: Vec<&str> = printed.split_whitespace().collect();
    let mut natural: Vec<String> = Vec::new();
    let mut next = Next::Fresh;
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let rest = words.get(at..).unwrap_or_default();
        let field = longest(FIELDS, rest).filter(|_| next == Next::Fresh);
        let unit = longest(UNITS, rest).filter(|_| at > 0);
        if let Some((length, phrase)) = longest(BODIES, rest) {
            next = if phrase.ends_with("Quản lý") {
                Next::Plain
            } else {
                Next::Fresh
            };
            natural.push(phrase);
            at += length;
        } else if let Some((length, phrase)) = field {
            next = match phrase.as_str() {
                // a school has a name of its own
                "Trung học phổ thông" | "Trung học cơ sở" | "Tiểu học" | "Mầm non" => {
                    Next::Proper
                }
                "Quản lý" => Next::Plain,
                // a list of fields goes on
                field if field.ends_with(',') => Next::Fresh,
                field if field.contains(' ') || field == "Thuế" => Next::Field,
                // after a body of one syllable its field is to come
                _ => Next::Fresh,
            };
            natural.push(phrase);
            at += length;
        } else if let Some((length, unit)) = unit {
            // numbered units keep their capital: Phường 5, Quận 1
            let numbered = words
                .get(at + length)
                .is_some_and(|next| next.chars().all(|sign| sign.is_ascii_digit()));
            natural.push(if numbered { capital(&unit) } else { unit });
            next = Next::Proper;
            at += length;
        } else {
            let lower = word.to_lowercase();
            let (written, then) = match next {
                _ if is_abbreviation(word) => ((*word).to_owned(), Next::Fresh),
                _ if !word.chars().any(char::is_alphabetic) => (
                    (*word).to_owned(),
                    if next == Next::Field { Next::Fresh } else { next },
                ),
                Next::Field if lower == "và" => (lower, Next::Fresh),
                Next::Proper => (capital(&lower), Next::Proper),
                Next::Fresh => (capital(&lower), Next::Field),
                Next::Field | Next::Plain => (lower, next),
            };
            natural.push(written);
            next = then;
            at += 1;
        }
    }
    natural.join(" ")
}

/// The longest of the phrases that the words begin with, with the signs that follow its last word.
fn longest(phrases: &[&str], words: &[&str]) -> Option<(usize, String)> {
    phrases
        .iter()
        .filter_map(|phrase| {
            let length = phrase.split(' ').count();
            let head = words.get(..length)?.join(" ");
            let tail: String = head
                .chars()
                .rev()
                .take_while(|sign| matches!(sign, ',' | ';' | '.'))
                .collect();
            let bare = head.trim_end_matches([',', ';', '.']);
            (spelling(bare) == spelling(phrase)).then(|| (length, format!("{phrase}{tail}")))
        })
        .max_by_key(|(length, _)| *length)
}

fn capital(word: &str) -> String {
    let mut signs = word.chars();
    signs
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}

/// Without a vowel it is said letter by letter: UBND, TNHH.
fn is_abbreviation(word: &str) -> bool {
    let folded = viet_text::fold(word);
    folded.contains(|sign: char| sign.is_alphabetic())
        && (!folded.contains(['a', 'e', 'i', 'o', 'u', 'y']) || word == "UBND")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pl2_iv_names_of_agencies_are_written_by_the_rules_of_capitals() {
        for (printed, expected) in [
            ("ỦY BAN NHÂN DÂN TỈNH ĐẮK NÔNG", "Ủy ban nhân dân tỉnh Đắk Nông"),
            (
                "UỶ BAN NHÂN DÂN THÀNH PHỐ GIA NGHĨA",
                "Ủy ban nhân dân thành phố Gia Nghĩa",
            ),
            ("SỞ THÔNG TIN VÀ TRUYỀN THÔNG", "Sở Thông tin và Truyền thông"),
            (
                "SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH",
                "Sở Văn hóa, Thể thao và Du lịch",
            ),
            ("UBND PHƯỜNG 5", "UBND Phường 5"),
            (
                "ỦY BAN NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH",
                "Ủy ban nhân dân Thành phố Hồ Chí Minh",
            ),
            ("PHÒNG TÀI CHÍNH - KẾ HOẠCH", "Phòng Tài chính - Kế hoạch"),
            ("PHÒNG KINH TẾ, HẠ TẦNG", "Phòng Kinh tế, Hạ tầng"),
            (
                "BAN QUẢN LÝ DỰ ÁN ĐẦU TƯ VÀ XÂY DỰNG",
                "Ban Quản lý dự án đầu tư và xây dựng",
            ),
            (
                "QUỸ ĐẦU TƯ PHÁT TRIỂN VÀ BẢO LÃNH TÍN DỤNG",
                "Quỹ Đầu tư phát triển và Bảo lãnh tín dụng",
            ),
            (
                "TRƯỜNG TRUNG HỌC PHỔ THÔNG CHU VĂN AN",
                "Trường Trung học phổ thông Chu Văn An",
            ),
            ("PHÓ TỔNG CỤC TRƯỞNG", "Phó Tổng cục trưởng"),
            ("TRƯỜNG ĐẠI HỌC TÂY NGUYÊN", "Trường Đại học Tây Nguyên"),
            (
                "ỦY BAN NHÂN DÂN TỈNH BÀ RỊA - VŨNG TÀU",
                "Ủy ban nhân dân tỉnh Bà Rịa - Vũng Tàu",
            ),
            ("TRUNG TÂM KIỂM SOÁT BỆNH TẬT", "Trung tâm Kiểm soát bệnh tật"),
            ("PHÓ CHÁNH VĂN PHÒNG", "Phó Chánh Văn phòng"),
        ] {
            assert_eq!(natural(printed, "").0, expected);
        }
    }

    #[test]
    fn a_name_is_taken_as_the_document_itself_writes_it() {
        let text = "theo đề nghị của Giám đốc Sở Dân tộc và Tôn giáo, tại Tờ trình";
        assert_eq!(
            natural("SỞ DÂN TỘC VÀ TÔN GIÁO", text),
            ("Sở Dân tộc và Tôn giáo".to_owned(), true)
        );
    }
}
