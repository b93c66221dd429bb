//! DOC and XLS of the time before 2007: runs of letters in UTF-16, as those programs store Vietnamese.

use super::MAX_TEXT;

/// Shorter runs are numbers and addresses, not words.
const SHORTEST: usize = 3;

/// Runs of letters, one per line; read at both alignments.
pub fn texts(content: &[u8]) -> Vec<String> {
    [0, 1]
        .into_iter()
        .filter_map(|shift| content.get(shift..))
        .map(runs)
        .collect()
}

fn runs(content: &[u8]) -> String {
    let (mut text, mut run) = (String::new(), String::new());
    for pair in content.chunks_exact(2) {
        let letter = char::from_u32(u32::from(u16::from_le_bytes([pair[0], pair[1]])))
            .filter(|letter| is_text(*letter));
        if let Some(letter) = letter {
            run.push(letter);
            continue;
        }
        if run.chars().count() >= SHORTEST {
            text.push_str(&run);
            text.push('\n');
        }
        run.clear();
        if text.len() > MAX_TEXT {
            break;
        }
    }
    text.push_str(&run);
    viet_text::nfc(&text)
}

/// Letters of Vietnamese text; a paragraph's end is none, so it ends the run.
fn is_text(letter: char) -> bool {
    matches!(letter, ' '..='~' | '\u{a0}'..='\u{24f}' | '\u{300}'..='\u{323}' | '\u{1e00}'..='\u{1eff}' | '–' | '—' | '’' | '“' | '”')
}
