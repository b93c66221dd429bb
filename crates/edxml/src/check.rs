//! Checking a message: strictly before it is sent, leniently when it has come (spec edxml 13).

mod received;
mod sending;

use serde::{Deserialize, Serialize};

pub use received::received;
pub use sending::{Generation, Sending, before_sending};

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// For the clerk to know.
    Warning,
    /// Must not be sent, or lacks what a receiver needs.
    Error,
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The path of the element, or the name of an attachment.
    pub element: String,
    /// Stable name of the rule.
    pub rule: String,
    /// How serious.
    pub severity: Severity,
    /// A Vietnamese sentence that says what to do.
    pub message: String,
}

/// A text cut at a word to at most `max` characters, with “…” at the end: what can be offered instead of one that is too
/// long. Nothing is shortened unasked.
#[must_use]
pub fn shortened(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let room: String = text.chars().take(max.saturating_sub(1)).collect();
    let next_is_space = text.chars().nth(room.chars().count()) == Some(' ');
    let words = match room.rsplit_once(' ') {
        Some((words, _)) if !next_is_space => words,
        _ => &room,
    };
    format!("{}…", words.trim_end_matches([' ', ',', ';', '.', '-']))
}

/// Whether none of the findings is an error.
#[must_use]
pub fn acceptable(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity != Severity::Error)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("V/v báo cáo", 11, "V/v báo cáo")]
    #[case("V/v báo cáo số liệu", 13, "V/v báo cáo…")]
    #[case("V/v báo cáo, số liệu", 13, "V/v báo cáo…")]
    #[case("V/v báo cáo số liệu", 12, "V/v báo cáo…")]
    #[case("Nghiêng", 4, "Ngh…")]
    fn edxml_13_2_a_long_subject_is_cut_at_a_word(
        #[case] text: &str,
        #[case] max: usize,
        #[case] expected: &str,
    ) {
        let cut = shortened(text, max);
        assert_eq!(cut, expected);
        assert!(cut.chars().count() <= max);
    }
}
