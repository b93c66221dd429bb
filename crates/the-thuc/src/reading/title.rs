//! Ô 5a, 5b and 10b: the kind of document, its trích yếu, the mark of urgency.

use rules::{
    document_types::{self, DocumentClass, DocumentType, OFFICIAL_LETTER},
    urgency::Urgency,
};
use viet_text::{fold, nfc};

use super::{
    Certainty, ReadField,
    heading::Heading,
    page::{Line, Page, Word},
    words::{is_bold, is_capitals, joined, position, size, span, text},
};

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Title {
    pub kind: Option<ReadField<String>>,
    pub subject: Option<ReadField<String>>,
    pub urgency: Option<Urgency>,
}

/// Reads what stands between the heading and the content.
pub(super) fn read(page: &Page, heading: &Heading) -> Title {
    let symbol = heading
        .number
        .as_ref()
        .map_or("", |number| number.symbol.as_str());
    let by_symbol = kind_of_symbol(symbol);
    let urgency = urgency(page, heading);
    let below: Vec<&Line> = page.lines.iter().skip(heading.end).collect();
    let named = below
        .iter()
        .take(12)
        .take_while(|line| !begins_content(line))
        .enumerate()
        .find_map(|(index, line)| named_title(line).map(|found| (index, found)));
    if let Some((index, found)) = named {
        let kind = with_symbol(found.kind, by_symbol, symbol);
        let lines = below.get(index..).unwrap_or_default();
        return Title {
            kind: Some(ReadField::new(kind.0.to_owned(), kind.1.min(found.certainty))),
            subject: subject_below(page, lines, found.rest, heading),
            urgency,
        };
    }
    let letter = heading.letter_subject.is_some() || below.iter().take(8).any(|line| begins_letter(line));
    let kind = match by_symbol {
        Some(kind) if !letter => Some(ReadField::new(kind.key.to_owned(), Certainty::Guess)),
        // the symbol of a công văn names an agency and a unit, no kind
        None if letter => Some(ReadField::new(OFFICIAL_LETTER.to_owned(), heading.certainty)),
        _ if heading.letter_subject.is_some() => {
            Some(ReadField::new(OFFICIAL_LETTER.to_owned(), Certainty::Likely))
        }
        _ => None,
    };
    Title {
        kind,
        subject: heading
            .letter_subject
            .clone()
            .map(|subject| ReadField::new(subject, heading.certainty)),
        urgency,
    }
}

/// A line that is the name of a kind of document, or begins with one.
struct Named<'a> {
    kind: &'static DocumentType,
    /// Words of the subject on the same line.
    rest: &'a [Word],
    certainty: Certainty,
}

fn named_title(line: &Line) -> Option<Named<'_>> {
    let words = &line.words;
    let whole = text(words);
    // "QUYẾT ĐỊNH:" is the enacting line, not the title
    if !is_capitals(&whole) || whole.ends_with(':') {
        return None;
    }
    kinds()
        .filter_map(|(kind, name)| {
            let length = name.split(' ').count();
            let head = words.get(..length)?;
            (same_words(&text(head), &name)).then_some((kind, length))
        })
        .max_by_key(|(_, length)| *length)
        .map(|(kind, length)| {
            let rest = words.get(length..).unwrap_or_default();
            Named {
                kind,
                rest,
                certainty: if rest.is_empty() {
                    Certainty::Sure
                } else {
                    Certainty::Likely
                },
            }
        })
}

/// The kinds with their names as a title has them: without what is said in brackets.
fn kinds() -> impl Iterator<Item = (&'static DocumentType, String)> {
    document_types::SEED
        .iter()
        .filter(|kind| {
            !kind.is_copy && kind.class == DocumentClass::HanhChinh || kind.key.starts_with("thong_tu")
        })
        .map(|kind| {
            let name = kind.name.split(" (").next().unwrap_or(kind.name);
            (kind, name.to_owned())
        })
}

/// The same words; the mark may stand on either vowel ("ỦY", "UỶ").
fn same_words(printed: &str, name: &str) -> bool {
    spelling(printed) == spelling(name)
}

/// Small letters, with the mark of an open "oa, oe, uy" on the first vowel: "UỶ" and "ỦY" are the same.
pub(super) fn spelling(text: &str) -> String {
    const PAIRS: [(&str, &str); 15] = [
        ("oà", "òa"),
        ("oá", "óa"),
        ("oả", "ỏa"),
        ("oã", "õa"),
        ("oạ", "ọa"),
        ("oè", "òe"),
        ("oé", "óe"),
        ("oẻ", "ỏe"),
        ("oẽ", "õe"),
        ("oẹ", "ọe"),
        ("uỳ", "ùy"),
        ("uý", "úy"),
        ("uỷ", "ủy"),
        ("uỹ", "ũy"),
        ("uỵ", "ụy"),
    ];
    let lower = nfc(text).to_lowercase();
    let word = |word: &str| {
        let letters = word.trim_end_matches(|sign: char| !sign.is_alphabetic());
        let after = word.get(letters.len()..).unwrap_or_default();
        let found = PAIRS.iter().find_map(|(new, old)| {
            // the u of "quý" belongs to the consonant
            let head = letters.strip_suffix(new).filter(|head| !head.ends_with('q'))?;
            Some(format!("{head}{old}{after}"))
        });
        found.unwrap_or_else(|| word.to_owned())
    };
    lower.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// The kind that the symbol names: "QĐ-UBND", "2022/QĐ-UBND".
fn kind_of_symbol(symbol: &str) -> Option<&'static DocumentType> {
    let (year, rest) = match symbol.split_once('/') {
        Some((year, rest)) if year.len() == 4 && year.chars().all(|sign| sign.is_ascii_digit()) => {
            (true, rest)
        }
        _ => (false, symbol),
    };
    let abbreviation = rest.split(['-', '/']).next().unwrap_or_default();
    document_types::SEED.iter().find(|kind| {
        (kind.class == DocumentClass::QuyPhamPhapLuat) == year && kind.abbreviation == Some(abbreviation)
    })
}

/// The kind of the title seen together with the symbol, and how sure it is.
fn with_symbol(
    titled: &'static DocumentType,
    by_symbol: Option<&'static DocumentType>,
    symbol: &str,
) -> (&'static str, Certainty) {
    match by_symbol {
        Some(kind) if kind.key == titled.key => (kind.key, Certainty::Sure),
        // a quyết định or nghị quyết with the year in its symbol is legal normative
        Some(kind) if kind.abbreviation == titled.abbreviation => (kind.key, Certainty::Sure),
        None if symbol.is_empty() || titled.abbreviation.is_none() => (titled.key, Certainty::Sure),
        _ => (titled.key, Certainty::Likely),
    }
}

/// The words below the name of the kind, up to the content.
fn subject_below(
    page: &Page,
    lines: &[&Line],
    rest: &[Word],
    heading: &Heading,
) -> Option<ReadField<String>> {
    let (title, below) = lines.split_first()?;
    let (left, right) = span(&title.words);
    let centre = f64::midpoint(left, right);
    let bold = is_bold(&title.words);
    let mut taken = vec![text(rest)];
    let mut last = (title.y, size(&title.words));
    let mut certainty = if rest.is_empty() {
        Certainty::Sure
    } else {
        Certainty::Likely
    };
    for line in below {
        let words = text(&line.words);
        if !words.chars().any(char::is_alphanumeric) {
            // a line made of underscores below ô 5a
            break;
        }
        let (left, right) = span(&line.words);
        let step = line.y - last.0;
        let size = size(&line.words);
        let centred = (f64::midpoint(left, right) - centre).abs() < 0.04 * page.width;
        let bold_enough = is_bold(&line.words) || !bold;
        let first = taken.iter().all(String::is_empty);
        // a blank line or the line drawn under ô 5a parts them
        let near = step < size.max(last.1) * if first { 3.0 } else { 2.2 };
        if !near || !centred || begins_content(line) || words.starts_with('(') || is_enacting(&words) {
            break;
        }
        if !bold_enough {
            // not as prescribed, yet in its place; a paragraph of the content is indented and so out of the middle
            let middle = (f64::midpoint(left, right) - centre).abs() < 6.0;
            if !middle || !first && certainty == Certainty::Sure {
                break;
            }
            certainty = Certainty::Likely;
        }
        let all_capitals_before = !first && taken.iter().all(|line| line.is_empty() || is_capitals(line));
        if is_capitals(&words) && is_authority(&words, heading) && (!first || step > size * 1.6) {
            break;
        }
        if !first && is_capitals(&words) && !all_capitals_before && step > size * 1.45 {
            break;
        }
        taken.push(words);
        last = (line.y, size);
    }
    let subject = joined(taken.iter().map(String::as_str));
    (!subject.is_empty()).then(|| ReadField::new(subject, certainty.min(heading.certainty)))
}

/// Thẩm quyền ban hành: the name of the agency or the title of its head.
fn is_authority(words: &str, heading: &Heading) -> bool {
    const HEADS: [&str; 22] = [
        "chủ tịch",
        "giám đốc",
        "bộ trưởng",
        "thủ tướng",
        "cục trưởng",
        "chi cục trưởng",
        "tổng cục trưởng",
        "hiệu trưởng",
        "viện trưởng",
        "trưởng ban",
        "trưởng phòng",
        "chánh văn phòng",
        "chánh thanh tra",
        "vụ trưởng",
        "tổng giám đốc",
        "bí thư",
        "ủy ban nhân dân",
        "hội đồng nhân dân",
        "thường trực",
        "ban thường vụ",
        "ban chấp hành",
        "chánh án",
    ];
    let words = spelling(words);
    let agency = heading.agency.as_deref().map(spelling);
    agency.is_some_and(|agency| words.starts_with(&agency) || agency.starts_with(&words))
        || HEADS.iter().any(|head| words.starts_with(head))
}

fn is_enacting(words: &str) -> bool {
    is_capitals(words) && words.ends_with(':')
}

/// The line belongs to the content, or to Kính gửi.
fn begins_content(line: &Line) -> bool {
    let first: Vec<_> = line.words.iter().take(2).map(|word| fold(&word.text)).collect();
    let first: Vec<&str> = first.iter().map(String::as_str).collect();
    matches!(
        first.as_slice(),
        ["can", "cu"] | ["theo", "de"] | ["thuc", "hien"]
    ) && line.words.len() > 4
        || begins_letter(line)
}

fn begins_letter(line: &Line) -> bool {
    position(&line.words, &["kinh", "gui"]).is_some_and(|at| at < 4)
        && line
            .words
            .iter()
            .any(|word| word.text.to_lowercase().starts_with("gửi"))
}

/// Ô 10b: in capitals, alone on its line or with room about it.
fn urgency(page: &Page, heading: &Heading) -> Option<Urgency> {
    page.lines
        .iter()
        .take(heading.end + 8)
        .filter(|line| line.y < page.height * 0.6)
        .flat_map(|line| pieces(&line.words))
        .find_map(|piece| urgency_mark(&text(piece)))
}

/// The line cut where there is much room between words.
fn pieces(words: &[Word]) -> Vec<&[Word]> {
    let mut cut = Vec::new();
    let mut start = 0;
    for (index, pair) in words.windows(2).enumerate() {
        let [before, after] = pair else { continue };
        if after.x0 - before.x1 > after.size {
            cut.push(words.get(start..=index).unwrap_or_default());
            start = index + 1;
        }
    }
    cut.push(words.get(start..).unwrap_or_default());
    cut
}

/// The words of a mark of urgency.
pub(super) fn urgency_mark(words: &str) -> Option<Urgency> {
    if !is_capitals(words) {
        return None;
    }
    match spelling(words).as_str() {
        "khẩn" => Some(Urgency::Urgent),
        "thượng khẩn" => Some(Urgency::VeryUrgent),
        "hỏa tốc" | "hỏa tốc hẹn giờ" => Some(Urgency::Express),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pl1_3b_the_symbol_names_the_kind() {
        let key = |symbol: &str| kind_of_symbol(symbol).map(|kind| kind.key);
        assert_eq!(key("QĐ-UBND"), Some("quyet_dinh"));
        assert_eq!(key("2022/QĐ-UBND"), Some("quyet_dinh_qppl"));
        assert_eq!(key("TTr-STTTT"), Some("to_trinh"));
        assert_eq!(key("UBND-KGVX"), None);
    }

    #[test]
    fn pl1_iii_2b_marks_of_urgency_are_words_in_capitals_alone() {
        assert_eq!(urgency_mark("HỎA TỐC"), Some(Urgency::Express));
        assert_eq!(urgency_mark("HOẢ TỐC"), Some(Urgency::Express));
        assert_eq!(urgency_mark("THƯỢNG KHẨN"), Some(Urgency::VeryUrgent));
        assert_eq!(urgency_mark("KHẨN"), Some(Urgency::Urgent));
        assert_eq!(urgency_mark("Khẩn"), None);
        assert_eq!(urgency_mark("KHẨN TRƯƠNG"), None);
    }
}
