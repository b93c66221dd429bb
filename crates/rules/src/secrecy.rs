//! Bí mật nhà nước: refused at every door (QC01-1.2, QD28-1.2).
//!
//! Marks are looked for where law puts them: as the declared level, as a line (or a cell of a line) of its own in
//! capitals, as a part of a symbol or file name. The word in ordinary prose (“bí mật”, “bảo mật”, “mật ong”, “mật độ”)
//! is no mark.

use viet_text::nfc;

use crate::names::named_enum;
use crate::{Decision, Refusal};

named_enum! {
    /// Độ mật as declared with a document.
    SecrecyLevel {
        /// No state secret: the only level this system takes.
        None = "none", "Không mật";
        /// Mật.
        Secret = "secret", "Mật";
        /// Tối mật.
        HighlySecret = "highly_secret", "Tối mật";
        /// Tuyệt mật.
        TopSecret = "top_secret", "Tuyệt mật";
    }
}

impl SecrecyLevel {
    /// Recognises a level as another system may write it (`"Tối mật"`, `"TOI MAT"`, `"highly_secret"`); empty text,
    /// `0` and “không”, “thường” are no secret. `None` for text that is no level at all.
    #[must_use]
    pub fn recognise(text: &str) -> Option<Self> {
        match viet_text::fold(text).trim() {
            "" | "0" | "none" | "khong" | "khong mat" | "thuong" => Some(Self::None),
            "mat" | "secret" => Some(Self::Secret),
            "toi mat" | "highly_secret" => Some(Self::HighlySecret),
            "tuyet mat" | "top_secret" => Some(Self::TopSecret),
            _ => None,
        }
    }
}

/// Everything of a document in which a mark may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretMarks<'a> {
    /// The declared level.
    pub declared: SecrecyLevel,
    /// Numbers and symbols (số, ký hiệu).
    pub symbols: &'a [&'a str],
    /// File names as uploaded, before any correction.
    pub file_names: &'a [&'a str],
    /// Texts: trích yếu, the text of files, directions.
    pub texts: &'a [&'a str],
}

impl Default for SecretMarks<'_> {
    fn default() -> Self {
        Self {
            declared: SecrecyLevel::None,
            symbols: &[],
            file_names: &[],
            texts: &[],
        }
    }
}

/// Refuses a document that bears a mark of state secrecy.
///
/// # Errors
/// `QC01-1.2` naming the mark and where it was found.
pub fn refuse_state_secret(marks: &SecretMarks<'_>) -> Decision<()> {
    let (mark, place, field) = if marks.declared != SecrecyLevel::None {
        (marks.declared, "độ mật đã khai báo", "secrecy")
    } else if let Some(mark) = marks.symbols.iter().find_map(|symbol| mark_in_name(symbol)) {
        (mark, "số, ký hiệu văn bản", "symbol")
    } else if let Some(mark) = marks.file_names.iter().find_map(|name| mark_in_name(name)) {
        (mark, "tên tệp tin", "file")
    } else if let Some(mark) = marks.texts.iter().find_map(|text| mark_in_text(text)) {
        (mark, "nội dung văn bản", "content")
    } else {
        return Ok(());
    };
    Err(Refusal::new(
        "QC01-1.2",
        "secrecy.state_secret",
        format!(
            "Phát hiện dấu chỉ độ mật “{}” tại {place}. Hệ thống không tiếp nhận văn bản có nội dung bí mật nhà nước; vui lòng gỡ tệp và xử lý theo quy định về bảo vệ bí mật nhà nước.",
            mark.label().to_uppercase()
        ),
    )
    .on(field))
}

/// The mark that stands in a text as a line or a cell of its own, in capitals.
#[must_use]
pub fn mark_in_text(text: &str) -> Option<SecrecyLevel> {
    nfc(text)
        .lines()
        .flat_map(cells)
        .find_map(|cell| mark_alone(&cell))
}

/// The cells of a line: text of two columns comes out of a PDF with tabs, bars or wide gaps between.
fn cells(line: &str) -> Vec<String> {
    line.split(['\t', '|', '\u{c}'])
        .flat_map(|part| part.split("  "))
        .map(str::to_owned)
        .collect()
}

/// A mark alone, perhaps framed by punctuation, after “Độ mật:”, or with spaced letters (`M Ậ T`).
fn mark_alone(cell: &str) -> Option<SecrecyLevel> {
    let cell = cell.trim();
    let value = match cell.split_once(':') {
        Some((label, value)) if label.trim().to_lowercase().ends_with("độ mật") => value,
        _ => cell,
    };
    let letters: String = value
        .trim_matches(|c: char| !c.is_alphanumeric())
        .chars()
        .filter(|c| is_visible(*c))
        .collect();
    match letters.as_str() {
        "MẬT" => Some(SecrecyLevel::Secret),
        "TỐIMẬT" => Some(SecrecyLevel::HighlySecret),
        "TUYỆTMẬT" => Some(SecrecyLevel::TopSecret),
        _ => None,
    }
}

/// Spaces and invisible characters do not hide a mark.
fn is_visible(letter: char) -> bool {
    !letter.is_whitespace()
        && !matches!(
            letter,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
        )
}

/// Words that make “mật” an ordinary word when they stand before it.
const ORDINARY_BEFORE: [&str; 8] = ["BẢO", "BÍ", "CƠ", "HOA", "KÍN", "THÂN", "CHI", "RƯỜI"];
/// Words that make “mật” an ordinary word when they stand after it.
const ORDINARY_AFTER: [&str; 8] = ["ĐỘ", "ONG", "MÃ", "KHẨU", "THIẾT", "VỤ", "DANH", "MÍA"];

/// The mark in a symbol or file name: the capitals `MẬT`, `TỐI MẬT`, `TUYỆT MẬT` as a part of it, also without accents
/// for the two longer ones or when the whole stem is `MAT`.
#[must_use]
pub fn mark_in_name(name: &str) -> Option<SecrecyLevel> {
    let name: String = nfc(name)
        .chars()
        .filter(|c| c.is_whitespace() || is_visible(*c))
        .collect();
    let words: Vec<&str> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let stem_is_mat = name.split('.').next().is_some_and(|stem| stem.trim() == "MAT");
    if stem_is_mat {
        return Some(SecrecyLevel::Secret);
    }
    words.iter().enumerate().find_map(|(index, word)| {
        let before = index
            .checked_sub(1)
            .and_then(|i| words.get(i))
            .copied()
            .unwrap_or("");
        let after = words.get(index + 1).copied().unwrap_or("");
        match (before, *word) {
            ("TỐI", "MẬT") | ("TOI", "MAT") | (_, "TỐIMẬT" | "TOIMAT") => {
                Some(SecrecyLevel::HighlySecret)
            }
            ("TUYỆT", "MẬT") | ("TUYET", "MAT") | (_, "TUYỆTMẬT" | "TUYETMAT") => {
                Some(SecrecyLevel::TopSecret)
            }
            (_, "MẬT") if !ORDINARY_BEFORE.contains(&before) && !ORDINARY_AFTER.contains(&after) => {
                Some(SecrecyLevel::Secret)
            }
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use viet_text::nfd;

    use super::*;

    #[rstest]
    #[case("MẬT")]
    #[case("  TỐI MẬT  ")]
    #[case("[TUYỆT MẬT]")]
    #[case("M Ậ T")]
    #[case("UBND TỈNH\nMẬT\nSố: 12/KH-UBND")]
    #[case("MẬT          Độc lập - Tự do - Hạnh phúc")]
    #[case("Độ mật: TỐI MẬT")]
    #[case("M\u{200b}ẬT")]
    fn qc01_1_2_a_mark_on_a_line_of_its_own_is_refused(#[case] text: &str) {
        for text in [text.to_owned(), nfd(text)] {
            let marks = SecretMarks {
                texts: &[&text],
                ..SecretMarks::default()
            };
            assert_eq!(
                refuse_state_secret(&marks).unwrap_err().clause,
                "QC01-1.2",
                "{text:?}"
            );
        }
    }

    #[rstest]
    #[case("Kế hoạch bảo vệ bí mật nhà nước năm 2026")]
    #[case("BẢO MẬT")]
    #[case("Mật ong rừng")]
    #[case("MẬT ONG")]
    #[case("mật")]
    #[case("các dấu MẬT, TỐI MẬT, TUYỆT MẬT trên văn bản")]
    #[case("MẬT ĐỘ DÂN SỐ")]
    #[case("")]
    fn qc01_1_2_the_word_in_ordinary_prose_passes(#[case] text: &str) {
        for text in [text.to_owned(), nfd(text)] {
            assert_eq!(
                refuse_state_secret(&SecretMarks {
                    texts: &[&text],
                    ..SecretMarks::default()
                }),
                Ok(())
            );
        }
    }

    #[rstest]
    #[case(SecrecyLevel::Secret, "“MẬT”")]
    #[case(SecrecyLevel::HighlySecret, "“TỐI MẬT”")]
    #[case(SecrecyLevel::TopSecret, "“TUYỆT MẬT”")]
    fn qc01_1_2_a_declared_level_is_refused(#[case] declared: SecrecyLevel, #[case] named: &str) {
        let refusal = refuse_state_secret(&SecretMarks {
            declared,
            ..SecretMarks::default()
        })
        .unwrap_err();
        assert_eq!(
            (refusal.field, refusal.message.contains(named)),
            (Some("secrecy"), true)
        );
    }

    #[rstest]
    #[case("MẬT_Ke hoach.pdf", Some(SecrecyLevel::Secret))]
    #[case("CV 12 (TỐI MẬT).docx", Some(SecrecyLevel::HighlySecret))]
    #[case("TUYET-MAT-01.pdf", Some(SecrecyLevel::TopSecret))]
    #[case("MAT.pdf", Some(SecrecyLevel::Secret))]
    #[case("05/MẬT-UBND", Some(SecrecyLevel::Secret))]
    #[case("KẾ HOẠCH BẢO MẬT.docx", None)]
    #[case("MẬT ĐỘ DÂN SỐ.xlsx", None)]
    #[case("mật ong.pdf", None)]
    #[case("ban-be-mat.pdf", None)]
    #[case("12/KH-UBND", None)]
    fn qc01_1_2_a_mark_in_a_name_is_found(#[case] name: &str, #[case] mark: Option<SecrecyLevel>) {
        assert_eq!(mark_in_name(name), mark);
        assert_eq!(mark_in_name(&nfd(name)), mark);
    }

    #[rstest]
    #[case("Tối mật", Some(SecrecyLevel::HighlySecret))]
    #[case("TUYỆT MẬT", Some(SecrecyLevel::TopSecret))]
    #[case("0", Some(SecrecyLevel::None))]
    #[case("Thường", Some(SecrecyLevel::None))]
    #[case("khẩn", None)]
    fn qd28_1_2_declared_levels_of_other_systems_are_recognised(
        #[case] text: &str,
        #[case] level: Option<SecrecyLevel>,
    ) {
        assert_eq!(SecrecyLevel::recognise(text), level);
    }

    proptest! {
        #[test]
        fn qc01_1_2_lower_case_prose_is_never_refused(text in "[a-zàáảãạăâậặđêôơưừựýỹ ,.:;\n]{0,200}") {
            prop_assert_eq!(mark_in_text(&text), None);
        }

        #[test]
        fn qc01_1_2_a_mark_is_found_wherever_its_line_stands(before in "[a-z \n]{0,60}", after in "[a-z \n]{0,60}") {
            let text = format!("{before}\nTỐI MẬT\n{after}");
            prop_assert_eq!(mark_in_text(&text), Some(SecrecyLevel::HighlySecret));
            prop_assert_eq!(mark_in_text(&nfd(&text)), Some(SecrecyLevel::HighlySecret));
        }
    }
}
