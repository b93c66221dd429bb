//! What a signature looks like on the page (NĐ 30/2020 Phụ lục I Phần I Mục II, ô 3, 4, 7 and 8).
//!
//! | Signature | Appearance | Place |
//! |---|---|---|
//! | person (khoản 7d) | [`Appearance::image`] of the handwriting, blue | [`signature_area`] |
//! | agency (khoản 8a) | [`Appearance::image`] of the seal, red, of its real size | [`seal_area`] |
//! | agency, with number and date | [`Appearance::number_and_date`] | [`row_area`] |
//! | agency on attachments and copies (khoản 8b) | [`Appearance::text`] of [`attachment_note`] or [`copy_note`] | [`note_area`] |
//! | ký nháy of who checked | [`Appearance::image`] | [`initials_area`] |
//!
//! An [`Appearance`] is finished drawing, independent of the document it goes into: content and objects as PDF source. Fonts
//! are embedded as subsets with their meaning in Unicode, colours are DeviceRGB and DeviceGray, so a document of PDF/A-2 with
//! an output intent stays one.

mod error;
mod font;
mod geometry;
mod image;
mod note;
mod number_and_date;
mod text;

pub use error::AppearanceError;
pub use font::{Font, Fonts};
pub use geometry::{Area, POINTS_PER_MM, initials_area, note_area, row_area, seal_area, signature_area};
pub use image::{Ink, SealImage};
pub use note::{NOTE_SIZE, TextLine, attachment_note, copy_note};
pub use number_and_date::{Entry, NumberAndDate, Slot};

use crate::update::FormXObject;

#[cfg(test)]
mod tests;

/// A finished drawing.
#[derive(Debug, Clone)]
pub struct Appearance {
    /// Content, resources and objects to append.
    pub form: FormXObject,
    /// Width in points; equal to that of the area it was made for.
    pub width_pt: f64,
    /// Height in points.
    pub height_pt: f64,
}

impl Appearance {
    /// Handwriting or seal: as large as the area allows without distortion, in its middle. An area made by [`seal_area`] has
    /// the proportions of the image, so that a seal has exactly its real size.
    #[must_use]
    pub fn image(image: &SealImage, area: &Area) -> Self {
        image::draw(image, area)
    }

    /// Lines of text (khoản 8b): upright, black, right-aligned from the top of the area. A line too long for the area goes on
    /// below, broken at a space.
    ///
    /// # Errors
    /// [`AppearanceError::MissingLetter`] for a character that the font does not have, [`AppearanceError::TooLong`] when the
    /// lines do not fit into the area.
    pub fn text(lines: &[TextLine], font: &Font, area: &Area) -> Result<Self, AppearanceError> {
        note::draw(lines, font, area)
    }

    /// Number, day and month in the blanks of ô 3 and ô 4, everything else transparent.
    ///
    /// # Errors
    /// As [`Appearance::text`]; [`AppearanceError::TooLong`] also when a blank lies outside the area or on another page.
    pub fn number_and_date(
        entries: &NumberAndDate,
        fonts: &Fonts,
        area: &Area,
    ) -> Result<Self, AppearanceError> {
        number_and_date::draw(entries, fonts, area)
    }
}
