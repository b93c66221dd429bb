//! The lines of ô 3 and ô 4 in pieces: words, and blanks for what is not known before issue.

use serde::Serialize;

use crate::dates::{day_in_words, number_and_symbol};
use crate::document::OfficialDocument;
use crate::text::clean;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Piece {
    /// Words.
    Text(String),
    /// Room for what is written at issue; the name is part of a label of the template.
    Blank(&'static str),
}

fn text(words: &str) -> Piece {
    Piece::Text(clean(words))
}

/// `Số: 05/STTTT-CNTT`, or room for the number before the slash.
pub(crate) fn number_line(document: &OfficialDocument) -> Vec<Piece> {
    let symbol = document.symbol.trim();
    match document
        .number
        .as_deref()
        .map(str::trim)
        .filter(|number| !number.is_empty())
    {
        Some(number) => vec![text(&format!("Số: {}", number_and_symbol(Some(number), symbol)))],
        None => vec![
            // no-break spaces, which stay at the end of a piece
            text("Số:\u{a0}"),
            Piece::Blank("number"),
            text(&format!("/{symbol}")),
        ],
    }
}

/// `Đắk Nông, ngày 05 tháng 01 năm 2022`, or room for day and month, and for the year when it is not known either.
pub(crate) fn place_and_date(document: &OfficialDocument) -> Vec<Piece> {
    let place = document.place.trim();
    if let Some(date) = document.date {
        return vec![text(&format!("{place}, {}", day_in_words(date)))];
    }
    let mut pieces = vec![
        text(&format!("{place}, ")),
        text("ngày\u{a0}"),
        Piece::Blank("day"),
        text("\u{a0}tháng\u{a0}"),
        Piece::Blank("month"),
    ];
    match document.blank_year {
        Some(year) => pieces.push(text(&format!("\u{a0}năm\u{a0}{year}"))),
        None => pieces.extend([text("\u{a0}năm\u{a0}"), Piece::Blank("year")]),
    }
    pieces
}
