//! Nơi nhận as forms write them, read into a choice and written from one.

use std::fmt::Write as _;

use rules::exchange::Purpose;

use super::{addresses::Recipients, search};
use crate::{
    error::AppResult,
    outgoing::drafting::{content::PaperRecipient, form::listed, layout::TO_KNOW},
};

/// Reads what a form sent: ids of agencies, rows of the directory, a line for each recipient on paper.
///
/// # Errors
/// [`crate::error::AppError::BadInput`] for an id that cannot be read.
pub fn chosen(
    recipients: &[String],
    to_know: &[String],
    axis: &[String],
    paper: &str,
) -> AppResult<Recipients> {
    Ok(Recipients {
        act: listed(recipients, "nơi nhận")?,
        know: listed(to_know, "nơi nhận để biết")?,
        axis: search::chosen(axis),
        paper: paper.lines().filter_map(paper_line).collect(),
    })
}

/// `Tên nơi nhận (để biết) | lý do gửi bản giấy`.
fn paper_line(line: &str) -> Option<PaperRecipient> {
    let (name, reason) = line.split_once('|').unwrap_or((line, ""));
    let name = name
        .trim()
        .trim_start_matches(['-', '–'])
        .trim()
        .trim_end_matches([';', '.']);
    let (name, purpose) = match name.strip_suffix(TO_KNOW) {
        Some(name) => (name.trim(), Purpose::Know),
        None => (name, Purpose::Act),
    };
    (!name.is_empty()).then(|| PaperRecipient {
        name: name.to_owned(),
        reason: reason.trim().to_owned(),
        purpose,
    })
}

/// The other way round: a line for each.
pub fn paper_lines(paper: &[PaperRecipient]) -> String {
    let mut text = String::new();
    for recipient in paper {
        text.push_str(&recipient.name);
        if recipient.purpose == Purpose::Know {
            let _ = write!(text, " {TO_KNOW}");
        }
        if !recipient.reason.is_empty() {
            let _ = write!(text, " | {}", recipient.reason);
        }
        text.push('\n');
    }
    text
}
