//! Number and date in the blanks that the layout left for them (ô 3, ô 4).

use unicode_normalization::UnicodeNormalization as _;

use super::font::UsedFont;
use super::text::{Run, form};
use super::{Appearance, AppearanceError, Area, Fonts, POINTS_PER_MM};

/// A blank in a line of text.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Slot {
    /// Page, from 1.
    pub page: u32,
    /// Its left edge, mm from the left edge of the page.
    pub x: f64,
    /// The baseline of the line, mm from the upper edge of the page.
    pub baseline: f64,
    /// Its width, mm.
    pub width: f64,
    /// Size of the text, points.
    pub size: f64,
}

/// What is written into a blank.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The text, for example "01".
    pub text: String,
    /// Where.
    pub slot: Slot,
}

/// Number and date of a document as they are written at issue. The number stands right before the slash of the symbol, day, month
/// and year in the middle of their blanks.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberAndDate {
    /// Số, at least two digits (khoản 3a).
    pub number: Entry,
    /// Day, two digits (khoản 4b); minutes (mẫu 1.9) have no line of place and date.
    pub day: Option<Entry>,
    /// Month, with a zero before 1 and 2 only (khoản 4b).
    pub month: Option<Entry>,
    /// Year, when it was left blank too.
    pub year: Option<Entry>,
}

/// How far text may be condensed to fit its blank: less is not legible as text of its size.
const NARROWEST: f64 = 0.7;

pub(super) fn draw(
    entries: &NumberAndDate,
    fonts: &Fonts,
    area: &Area,
) -> Result<Appearance, AppearanceError> {
    let mut used = [UsedFont::new(&fonts.regular)?, UsedFont::new(&fonts.italic)?];
    let dates = [&entries.day, &entries.month, &entries.year];
    // 0 and 1 are the fonts; the number ends at the right edge of its blank, dates stand in the middle
    let placed = std::iter::once((&entries.number, 0, 1.0))
        .chain(dates.into_iter().flatten().map(|entry| (entry, 1, 0.5)));
    let texts: Vec<(String, &Slot, usize, f64)> = placed
        .map(|(entry, font, share)| (entry.text.trim().nfc().collect(), &entry.slot, font, share))
        .collect();
    let mut runs = Vec::new();
    for (text, slot, font, share) in &texts {
        let too_long = || AppearanceError::TooLong { text: text.clone() };
        if !area.contains(&extent(slot)) {
            return Err(too_long());
        }
        let room = slot.width * POINTS_PER_MM;
        let natural = used[*font].width(text)? * slot.size;
        // a rounded width of a blank is no reason to condense
        let stretch = if natural <= room + 0.1 {
            1.0
        } else {
            room / natural
        };
        if stretch < NARROWEST {
            return Err(too_long());
        }
        runs.push(Run {
            text,
            font: *font,
            size: slot.size,
            x: (slot.x - area.x) * POINTS_PER_MM + (room - natural * stretch) * share,
            baseline: (area.bottom() - slot.baseline) * POINTS_PER_MM,
            stretch,
        });
    }
    form(&runs, &mut used, area)
}

/// What the digits of a blank cover: from the baseline up.
fn extent(slot: &Slot) -> Area {
    let height = slot.size * 0.66 / POINTS_PER_MM;
    Area {
        page: slot.page,
        x: slot.x,
        y: slot.baseline - height,
        width: slot.width,
        height,
    }
}
