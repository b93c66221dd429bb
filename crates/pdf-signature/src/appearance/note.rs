//! The text of an agency's signature on separate attachments and on electronic copies (khoản 8b; Phần II khoản 8).

use jiff::Timestamp;
use jiff::tz::Offset;
use unicode_normalization::UnicodeNormalization as _;

use super::font::UsedFont;
use super::text::{Run, form};
use super::{Appearance, AppearanceError, Area, Font, POINTS_PER_MM};

/// Size of the text, points.
pub const NOTE_SIZE: f64 = 10.0;

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct TextLine {
    /// The words; composed characters (NFC) or not.
    pub text: String,
    /// Size in points.
    pub size: f64,
}

impl TextLine {
    /// A line of the prescribed size.
    #[must_use]
    pub fn note(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            size: NOTE_SIZE,
        }
    }
}

/// `Số: 15/QĐ-BNV; 05/01/2020; 14:05:09 +07:00`, for an attachment or appendix in a file of its own (khoản 8b). `number_and_symbol`
/// comes without "Số:".
#[must_use]
pub fn attachment_note(number_and_symbol: &str, at: Timestamp) -> Vec<TextLine> {
    vec![TextLine::note(format!(
        "Số: {}; {}",
        number_and_symbol.trim(),
        moment(at)
    ))]
}

/// `SAO Y; <tên cơ quan sao>; 05/01/2020; 14:05:09 +07:00`, for an electronic copy. `form` is the hình thức sao.
#[must_use]
pub fn copy_note(form: &str, agency: &str, at: Timestamp) -> Vec<TextLine> {
    vec![TextLine::note(format!(
        "{}; {}; {}",
        form.trim(),
        agency.trim(),
        moment(at)
    ))]
}

/// Day and time of Vietnam with the offset of ISO 8601.
fn moment(at: Timestamp) -> String {
    let local = Offset::constant(7).to_datetime(at);
    format!(
        "{:02}/{:02}/{}; {:02}:{:02}:{:02} +07:00",
        local.day(),
        local.month(),
        local.year(),
        local.hour(),
        local.minute(),
        local.second()
    )
}

pub(super) fn draw(lines: &[TextLine], font: &Font, area: &Area) -> Result<Appearance, AppearanceError> {
    let mut fonts = [UsedFont::new(font)?];
    let (width, height) = (area.width * POINTS_PER_MM, area.height * POINTS_PER_MM);
    let mut set = Vec::new();
    for line in lines {
        let text: String = line.text.nfc().collect();
        for part in wrapped(&text, &fonts[0], width / line.size)? {
            set.push((part, line.size));
        }
    }
    let mut runs = Vec::new();
    let mut top = height;
    for (text, size) in &set {
        // the line box of the typeface: 0.891 em above the baseline, 0.216 em below
        let baseline = top - 0.891 * size;
        if baseline - 0.216 * size < -0.5 {
            return Err(AppearanceError::TooLong { text: text.clone() });
        }
        runs.push(Run {
            text,
            font: 0,
            size: *size,
            x: width - fonts[0].width(text)? * size,
            baseline,
            stretch: 1.0,
        });
        top -= 1.149 * size;
    }
    form(&runs, &mut fonts, area)
}

/// Lines of at most `limit` ems, broken at spaces.
fn wrapped(text: &str, font: &UsedFont<'_>, limit: f64) -> Result<Vec<String>, AppearanceError> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        if font.width(word)? > limit {
            return Err(AppearanceError::TooLong {
                text: word.to_owned(),
            });
        }
        let longer = lines.last().map(|line| format!("{line} {word}"));
        match longer {
            Some(longer) if font.width(&longer)? <= limit => {
                lines.pop();
                lines.push(longer);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    Ok(lines)
}
