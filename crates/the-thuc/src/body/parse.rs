//! Which block a line is.

use super::{Block, Body, Line, Rank, Span, all_bold, inline, lines, plain};

/// A running provision written on the line of its Điều is longer than any title.
const LONGEST_TITLE: usize = 200;

pub(super) fn body(text: &str) -> Body {
    let lines = lines(text);
    let mut blocks: Vec<Block> = Vec::new();
    let mut index = 0;
    while index < lines.len() {
        if let Some((table, used)) = table(&lines[index..]) {
            blocks.push(table);
            index += used;
            continue;
        }
        let line = &lines[index];
        index += 1;
        let mut block = block(line, blocks.last());
        if let Block::Division { title, .. } = &mut block
            && title.is_empty()
            && let Some(next) = lines.get(index).filter(|next| is_title_of_division(next))
        {
            *title = next.spans.clone();
            index += 1;
        }
        if matches!(block, Block::Enacting { .. }) {
            mark_grounds(&mut blocks);
        }
        blocks.push(block);
    }
    Body { blocks }
}

fn block(line: &Line, before: Option<&Block>) -> Block {
    structured(line).unwrap_or_else(|| {
        let text = line.spans.clone();
        if is_ground(&line.plain(), before) {
            Block::Ground { text: upright(text) }
        } else if line.heading > 0 {
            Block::Subheading { text }
        } else {
            Block::Paragraph { text }
        }
    })
}

fn structured(line: &Line) -> Option<Block> {
    let words = line.plain();
    enacting(&words)
        .or_else(|| division(line, &words))
        .or_else(|| article(line, &words))
        .or_else(|| clause(line, &words))
        .or_else(|| point(line, &words))
        .or_else(|| headline(line, &words))
        .or_else(|| dash(line, &words))
}

fn enacting(words: &str) -> Option<Block> {
    let words = words.trim().trim_end_matches(':').trim_end();
    matches!(words, "QUYẾT ĐỊNH" | "QUYẾT NGHỊ").then(|| Block::Enacting {
        text: format!("{words}:"),
    })
}

fn division(line: &Line, words: &str) -> Option<Block> {
    const NAMES: [(Rank, &str); 4] = [
        (Rank::Part, "Phần"),
        (Rank::Chapter, "Chương"),
        (Rank::Section, "Mục"),
        (Rank::Subsection, "Tiểu mục"),
    ];
    let (rank, name, rest) = NAMES.iter().find_map(|(rank, name)| {
        let rest = words
            .strip_prefix(name)
            .or_else(|| words.strip_prefix(&name.to_uppercase()))?;
        rest.starts_with([' ', '\u{a0}'])
            .then_some((*rank, *name, rest.trim_start()))
    })?;
    let number: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    let is_number = !number.is_empty() && (is_roman(&number) || number.chars().all(|c| c.is_ascii_digit()));
    if !is_number {
        return None;
    }
    let title = rest[number.len()..].trim_start_matches(['.', ':', '-', '–', ' ', '\n', '\u{a0}']);
    if !title.is_empty() && !is_title(line, title) {
        return None;
    }
    let title = inline::skip_chars(&line.spans, words.chars().count() - title.chars().count());
    Some(Block::Division {
        rank,
        label: format!("{name} {number}"),
        title,
    })
}

fn is_title_of_division(line: &Line) -> bool {
    let words = line.plain();
    structured(line).is_none() && is_title(line, &words)
}

/// Titles of divisions stand out or are in capitals; what is longer than any title is text in capitals.
fn is_title(line: &Line, title: &str) -> bool {
    (line.stands_out() || title == title.to_uppercase()) && title.len() <= 10 * LONGEST_TITLE
}

fn article(line: &Line, words: &str) -> Option<Block> {
    let rest = words
        .strip_prefix("Điều")
        .or_else(|| words.strip_prefix("ĐIỀU"))?;
    let rest = rest.strip_prefix([' ', '\u{a0}'])?.trim_start();
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    let number: String = rest.chars().take_while(|sign| sign.is_alphanumeric()).collect();
    if digits == 0 || number.chars().count() > digits + 1 {
        return None;
    }
    let after = rest[number.len()..]
        .trim_start()
        .strip_prefix(['.', ':'])?
        .trim_start();
    let text = inline::skip_chars(&line.spans, words.chars().count() - after.chars().count());
    let label = format!("Điều {number}.");
    let short = after.chars().count() <= LONGEST_TITLE;
    let bold_label = line.spans.first().is_some_and(|span| span.bold);
    let titled = if after.is_empty() {
        true
    } else if line.heading > 0 || all_bold(&line.spans) {
        short
    } else if bold_label {
        false
    } else {
        short && !after.ends_with(['.', ';', ':', ',', '/'])
    };
    let text = if titled { unbold(text) } else { text };
    Some(Block::Article { label, text, titled })
}

fn clause(line: &Line, words: &str) -> Option<Block> {
    let number: String = words
        .chars()
        .take_while(|sign| sign.is_ascii_digit() || *sign == '.')
        .collect();
    let groups: Vec<_> = number.trim_end_matches('.').split('.').collect();
    let well_formed = groups.iter().all(|group| (1..=2).contains(&group.len())) && groups.len() <= 4;
    let rest = &words[number.len()..];
    if !well_formed || !rest.starts_with([' ', '\u{a0}']) {
        return None;
    }
    // "1.5 triệu đồng" is a quantity, "1.5 Kinh phí" a number without its last dot
    let starts_sentence = rest.trim_start().starts_with(char::is_uppercase);
    if !number.ends_with('.') && (groups.len() < 2 || !starts_sentence) {
        return None;
    }
    let text = inline::skip_chars(&line.spans, number.len());
    let titled = line.stands_out() && words.chars().count() <= LONGEST_TITLE;
    let text = if titled { unbold(text) } else { text };
    Some(Block::Clause {
        label: number,
        text,
        titled,
    })
}

fn point(line: &Line, words: &str) -> Option<Block> {
    let (letters, rest) = words.split_once(')')?;
    let is_letter = |sign: char| sign.is_ascii_lowercase() || sign == 'đ';
    if !(1..=2).contains(&letters.chars().count())
        || !letters.chars().all(is_letter)
        || !rest.starts_with(' ')
    {
        return None;
    }
    let text = inline::skip_chars(&line.spans, letters.chars().count() + 1);
    Some(Block::Point {
        label: format!("{letters})"),
        text,
    })
}

fn headline(line: &Line, words: &str) -> Option<Block> {
    let (numeral, rest) = words.split_once('.')?;
    let is_letter = numeral.len() == 1 && numeral.chars().all(|sign| sign.is_ascii_uppercase());
    let title = rest.strip_prefix([' ', '\u{a0}'])?.trim();
    if !(is_roman(numeral) || is_letter) || title.is_empty() {
        return None;
    }
    if !is_title(line, title) {
        return None;
    }
    let title = unbold(inline::skip_chars(&line.spans, numeral.len() + 1));
    Some(Block::Headline {
        label: format!("{numeral}."),
        title,
    })
}

fn dash(line: &Line, words: &str) -> Option<Block> {
    // the last three are bullets of a symbol font as Word puts them into the clipboard
    const SIGNS: [char; 11] = [
        '-', '–', '—', '•', '*', '+', '▪', '●', '\u{f0b7}', '\u{f0a7}', '\u{f02d}',
    ];
    let sign = words.chars().next().filter(|sign| SIGNS.contains(sign))?;
    let rest = &words[sign.len_utf8()..];
    if !rest.starts_with([' ', '\u{a0}']) || rest.trim().is_empty() {
        return None;
    }
    let text = inline::skip_chars(&line.spans, 1);
    let inner = Line {
        heading: line.heading,
        raw: plain(&text),
        spans: text,
    };
    // a list sign before a number comes from a converter, the number is what counts
    let numbered = clause(&inner, &inner.raw).or_else(|| point(&inner, &inner.raw));
    let depth = if sign == '+' { 2 } else { 1 };
    Some(numbered.unwrap_or(Block::Dash {
        depth,
        text: inner.spans,
    }))
}

fn is_ground(words: &str, before: Option<&Block>) -> bool {
    let follows_ground = match before {
        Some(Block::Ground { text }) => plain(text).trim_end().ends_with(';'),
        _ => false,
    };
    if follows_ground {
        return starts_like_ground(words);
    }
    before.is_none() && words.starts_with("Căn cứ ") && words.trim_end().ends_with(';')
}

fn starts_like_ground(words: &str) -> bool {
    ["Căn cứ ", "Theo đề nghị ", "Xét ", "Thực hiện "]
        .iter()
        .any(|start| words.starts_with(start))
}

/// Before `QUYẾT ĐỊNH:` stand only grounds, however they end.
fn mark_grounds(blocks: &mut [Block]) {
    for block in blocks.iter_mut().rev() {
        match block {
            Block::Ground { .. } => {}
            Block::Paragraph { text } if starts_like_ground(&plain(text)) => {
                *block = Block::Ground {
                    text: upright(std::mem::take(text)),
                };
            }
            _ => break,
        }
    }
}

/// Rows of a pipe table at the front of `lines`, and how many lines they take.
fn table(lines: &[Line]) -> Option<(Block, usize)> {
    let is_row = |line: &&Line| line.raw.starts_with('|') && line.raw.trim_end().len() > 1;
    let used = lines.iter().take_while(is_row).count();
    if used < 2 {
        return None;
    }
    let mut head = false;
    let mut rows: Vec<Vec<Vec<Span>>> = Vec::new();
    for (at, line) in lines[..used].iter().enumerate() {
        let cells = cells(&line.raw);
        let is_divider = cells
            .iter()
            .all(|cell| !cell.is_empty() && cell.chars().all(|sign| matches!(sign, '-' | ':' | ' ')));
        if is_divider {
            head |= at == 1;
        } else {
            rows.push(cells.iter().map(|cell| inline::spans(cell)).collect());
        }
    }
    let width = rows.iter().map(Vec::len).max().filter(|width| *width > 0)?;
    for row in &mut rows {
        row.resize(width, Vec::new());
    }
    Some((Block::Table { head, rows }, used))
}

fn cells(row: &str) -> Vec<String> {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for sign in row.chars() {
        if sign == '|' && !escaped {
            cells.push(String::new());
        } else if let Some(cell) = cells.last_mut() {
            cell.push(sign);
        }
        escaped = sign == '\\' && !escaped;
    }
    if cells.len() > 1 && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        cells.pop();
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

fn unbold(mut spans: Vec<Span>) -> Vec<Span> {
    for span in &mut spans {
        span.bold = false;
    }
    spans
}

/// A ground is italic as a whole, so emphasis in it would only disturb.
fn upright(mut spans: Vec<Span>) -> Vec<Span> {
    for span in &mut spans {
        span.italic = false;
    }
    spans
}

fn is_roman(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|sign| matches!(sign, 'I' | 'V' | 'X' | 'L' | 'C'))
}
