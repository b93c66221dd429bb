//! Ô 7a, 7b and 9b: the signer at the lower right, the recipients at the lower left.

use rules::signing_authority::Authority;
use viet_text::fold;

use super::{
    Certainty, ReadField, casing,
    page::{Line, Page, Word},
    title::spelling,
    words::{is_bold, is_capitals, is_recipients_line, joined, size, span, text},
};

/// What was read.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Closing {
    pub name: Option<ReadField<String>>,
    pub title: Option<ReadField<String>>,
    pub authority: Option<ReadField<Authority>>,
    pub recipients: Option<ReadField<Vec<String>>>,
}

/// The lines of the block side by side.
struct Block<'a> {
    left: Vec<(f64, &'a [Word])>,
    right: Vec<(f64, &'a [Word])>,
}

/// Reads the end of the document: the first list of recipients that has a signer beside it.
pub(super) fn read(pages: &[Page]) -> Closing {
    let lists = pages.iter().enumerate().flat_map(|(number, page)| {
        let at = page
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| is_recipients_line(line));
        at.map(move |(index, _)| (number, index))
    });
    let mut recipients = None;
    for (number, index) in lists {
        let Some(block) = pages
            .get(number)
            .map(|page| block(page, pages.get(number + 1), index))
        else {
            continue;
        };
        recipients = recipients.or_else(|| self::recipients(&block.left));
        let signer = signer(&block.right, Certainty::Sure);
        if signer.title.is_some() && signer.name.is_some() {
            return Closing { recipients, ..signer };
        }
    }
    let signer = without_list(pages);
    Closing { recipients, ..signer }
}

/// The block beginning at the line "Nơi nhận:"; what goes on at the head of the next page belongs to it.
fn block<'a>(page: &'a Page, next: Option<&'a Page>, index: usize) -> Block<'a> {
    let mut block = Block {
        left: Vec::new(),
        right: Vec::new(),
    };
    // ô 7a may begin a line above ô 9b
    let mut start = index;
    while let Some(before) = start.checked_sub(1).and_then(|before| page.lines.get(before)) {
        let near = page
            .lines
            .get(start)
            .is_some_and(|line| line.y - before.y < 2.2 * size(&before.words));
        let beside = span(&before.words).0 > page.width * 0.42 && is_capitals(&text(&before.words));
        if !near || !beside {
            break;
        }
        start -= 1;
    }
    for line in page.lines.iter().skip(start) {
        let at = split(page, line);
        let (left, right) = line.words.split_at(at);
        if !left.is_empty() {
            block.left.push((line.y, left));
        }
        if !right.is_empty() {
            block.right.push((line.y, right));
        }
    }
    let named = block.right.iter().any(|(_, words)| is_name(words));
    if let (false, Some(next)) = (named, next) {
        for line in next.lines.iter().take(8) {
            let at = split(next, line);
            let (_, right) = line.words.split_at(at);
            if at == 0 && !right.is_empty() {
                block.right.push((page.height + line.y, right));
            }
        }
    }
    block
}

/// Where the right column begins on the line: beyond the middle, after a gap or a change of weight.
fn split(page: &Page, line: &Line) -> usize {
    let words = &line.words;
    let right_edge = |index: usize| words.get(index).is_some_and(|word| word.x0 > page.width * 0.42);
    (0..words.len())
        .find(|index| {
            let Some(word) = words.get(*index) else {
                return false;
            };
            let before = index.checked_sub(1).and_then(|before| words.get(before));
            right_edge(*index)
                && before.is_none_or(|before| {
                    let gap = word.x0 - before.x1;
                    gap > word.size * 0.9 || (word.bold && !before.bold && !word.follows && gap > 0.0)
                })
        })
        .unwrap_or(words.len())
}

/// A document without "Nơi nhận:": lines of capitals at the right with a name below.
fn without_list(pages: &[Page]) -> Closing {
    for page in pages {
        let right: Vec<(f64, &[Word])> = page
            .lines
            .iter()
            .filter(|line| line.y > page.height * 0.25 || pages.len() > 1)
            .filter_map(|line| {
                let at = split(page, line);
                line.words
                    .get(at..)
                    .filter(|words| !words.is_empty())
                    .map(|words| (line.y, words))
            })
            .collect();
        let begin = right.iter().position(|(_, words)| {
            let words = text(words);
            is_capitals(&words) && (prefix(&words).is_some() || begins_title(&words))
        });
        if let Some(begin) = begin {
            let signer = signer(right.get(begin..).unwrap_or_default(), Certainty::Guess);
            if signer.name.is_some() {
                return signer;
            }
        }
    }
    Closing::default()
}

fn signer(right: &[(f64, &[Word])], certainty: Certainty) -> Closing {
    let mut titles: Vec<String> = Vec::new();
    let mut rest = right;
    let mut last: Option<f64> = None;
    while let Some(((y, words), others)) = rest.split_first() {
        let line = text(words);
        let near = last.is_none_or(|last| y - last < 2.6 * size(words));
        if !is_capitals(&line) || line.chars().any(|sign| sign.is_ascii_digit()) || !near {
            break;
        }
        match titles.last_mut() {
            Some(before) if !begins_line(&line, before) => {
                before.push(' ');
                before.push_str(&line);
            }
            _ => titles.push(line),
        }
        last = Some(*y);
        rest = others;
    }
    let Some(printed) = titles.last() else {
        return Closing::default();
    };
    let authority = authority(&titles);
    // what a signature writes on the page is small and not bold
    let names: Vec<_> = rest.iter().filter(|(_, words)| is_name(words)).collect();
    let bold: Vec<_> = names.iter().filter(|(_, words)| is_bold(words)).collect();
    let (name, name_certainty) = match (bold.last(), names.last()) {
        (Some((_, words)), _) => (Some(text(words)), certainty),
        (None, Some((_, words))) => (Some(text(words)), certainty.min(Certainty::Likely)),
        (None, None) => (None, certainty),
    };
    let title = without_prefix(printed);
    Closing {
        name: name.map(|name| ReadField::new(name_in_letters(&name), name_certainty)),
        title: Some(ReadField::new(casing::natural(title, "").0, certainty)),
        authority: Some(ReadField::new(authority, certainty)),
        recipients: None,
    }
}

/// The prefixes of khoản 7b.
const PREFIXES: [&str; 5] = ["TM.", "KT.", "TL.", "TUQ.", "Q."];

/// The prefix of a line, with or without its space.
fn prefix(line: &str) -> Option<&'static str> {
    let line = line.trim_start();
    PREFIXES
        .into_iter()
        .find(|prefix| line.starts_with(prefix))
        .or_else(|| {
            // written without the full stop
            let first = line.split(' ').next().unwrap_or_default();
            PREFIXES
                .into_iter()
                .find(|prefix| prefix.trim_end_matches('.') == first && first.len() > 1)
        })
}

fn without_prefix(line: &str) -> &str {
    match prefix(line) {
        Some(prefix) if prefix != "Q." => {
            let bare = prefix.trim_end_matches('.');
            line.trim_start()
                .strip_prefix(bare)
                .unwrap_or(line)
                .trim_start_matches(['.', ' '])
        }
        _ => line.trim(),
    }
}

/// Whether the line is one of its own and no second half of the line before.
fn begins_line(line: &str, before: &str) -> bool {
    prefix(line).is_some() || begins_title(line) && !before.ends_with([',', '-'])
}

/// The words that titles begin with.
fn begins_title(line: &str) -> bool {
    const TITLES: [&str; 37] = [
        "chủ tịch",
        "phó",
        "giám đốc",
        "trưởng",
        "chánh",
        "bộ trưởng",
        "thứ trưởng",
        "thủ tướng",
        "vụ trưởng",
        "cục trưởng",
        "chi cục trưởng",
        "tổng cục trưởng",
        "tổng giám đốc",
        "hiệu trưởng",
        "viện trưởng",
        "bí thư",
        "ủy viên",
        "chủ nhiệm",
        "tổng biên tập",
        "đội trưởng",
        "trạm trưởng",
        "hạt trưởng",
        "thống đốc",
        "tổng thanh tra",
        "tổng kiểm toán",
        "quyền",
        "kế toán trưởng",
        "thư ký",
        "chủ tọa",
        "tổ trưởng",
        "tổ phó",
        "đoàn trưởng",
        "thẩm phán",
        "kiểm sát viên",
        "chỉ huy trưởng",
        "chính ủy",
        "tư lệnh",
    ];
    let line = spelling(line);
    TITLES.iter().any(|title| {
        line.strip_prefix(title)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    })
}

fn authority(titles: &[String]) -> Authority {
    let has = |wanted: &str| titles.iter().any(|line| prefix(line) == Some(wanted));
    match (has("TM."), has("KT."), has("TL."), has("TUQ."), has("Q.")) {
        (_, _, _, true, _) => Authority::Tuq,
        (_, true, true, ..) => Authority::TlKt,
        (_, false, true, ..) => Authority::Tl,
        (true, true, ..) => Authority::TmKt,
        (true, false, ..) => Authority::Tm,
        (false, true, ..) => Authority::Kt,
        (.., true) => Authority::Q,
        _ => Authority::Own,
    }
}

/// Họ và tên: two to six words, each with a capital, perhaps a degree before them.
fn is_name(words: &[Word]) -> bool {
    let line = text(words);
    let count = line.split_whitespace().count();
    let capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    (2..=7).contains(&count)
        && size(words) > 10.5
        && !line.contains([':', '/', '@', '(', ';', ','])
        && !line.chars().any(|sign| sign.is_ascii_digit())
        && line.split_whitespace().all(capital)
        && (!is_capitals(&line) || is_full_name(&line))
}

/// In capitals only a line that begins with a family name is a name and no title.
fn is_full_name(line: &str) -> bool {
    const FAMILIES: [&str; 40] = [
        "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do", "ho",
        "ngo", "duong", "ly", "dinh", "doan", "luong", "trinh", "dao", "lam", "mai", "truong", "ha", "phung",
        "to", "cao", "ta", "thai", "chu", "quach", "ninh", "h", "y", "k", "dieu", "lo", "vi", "nong",
    ];
    let folded = fold(line);
    !begins_title(line)
        && folded
            .split(' ')
            .next()
            .is_some_and(|first| FAMILIES.contains(&first))
}

/// A name printed in capitals is given as names are written.
fn name_in_letters(name: &str) -> String {
    if !is_capitals(name) {
        return name.to_owned();
    }
    let word = |word: &str| {
        let mut signs = word.chars();
        signs.next().map_or_else(String::new, |first| {
            first.to_string() + &signs.as_str().to_lowercase()
        })
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn recipients(left: &[(f64, &[Word])]) -> Option<ReadField<Vec<String>>> {
    let begin = left
        .iter()
        .position(|(_, words)| fold(&text(words)).starts_with("noi nhan"))?;
    let mut names: Vec<String> = Vec::new();
    let mut last: Option<f64> = None;
    for (y, words) in left.get(begin + 1..)? {
        let line = text(words);
        let near = last.is_none_or(|last| y - last < 2.5 * size(words));
        if !near {
            break;
        }
        last = Some(*y);
        match line.strip_prefix(['-', '–', '+', '•', '\u{f0b7}']) {
            Some(name) => names.push(name.trim().to_owned()),
            None => match names.last_mut() {
                Some(before) => {
                    before.push(' ');
                    before.push_str(&line);
                }
                None => names.push(line),
            },
        }
        if names
            .last()
            .is_some_and(|name| fold(name).starts_with("luu") && name.ends_with('.'))
        {
            break;
        }
    }
    let names: Vec<String> = names
        .iter()
        .filter(|name| !fold(name).starts_with("luu"))
        .map(|name| joined([name.trim_end_matches([';', '.', ',', ' '])]))
        .filter(|name| !name.is_empty())
        .collect();
    (!names.is_empty()).then(|| ReadField::new(names, Certainty::Sure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pl1_7b_prefixes_tell_the_authority() {
        let read =
            |lines: &[&str]| authority(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>());
        assert_eq!(read(&["GIÁM ĐỐC"]), Authority::Own);
        assert_eq!(read(&["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]), Authority::Tm);
        assert_eq!(
            read(&["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
            Authority::TmKt
        );
        assert_eq!(read(&["KT.BỘ TRƯỞNG", "THỨ TRƯỞNG"]), Authority::Kt);
        assert_eq!(
            read(&["TL. BỘ TRƯỞNG", "KT. VỤ TRƯỞNG", "PHÓ VỤ TRƯỞNG"]),
            Authority::TlKt
        );
        assert_eq!(read(&["TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG"]), Authority::Tuq);
        assert_eq!(read(&["Q. GIÁM ĐỐC"]), Authority::Q);
        assert_eq!(read(&["TL GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"]), Authority::Tl);
    }

    #[test]
    fn pl1_7c_names_in_capitals_are_written_as_names() {
        assert_eq!(name_in_letters("NGUYỄN VĂN AN"), "Nguyễn Văn An");
        assert_eq!(name_in_letters("Trần Thị B"), "Trần Thị B");
    }
}
