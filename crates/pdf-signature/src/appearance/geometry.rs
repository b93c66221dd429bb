//! Where signatures stand.

use super::SealImage;
use super::note::NOTE_SIZE;

/// Points of one millimetre.
pub const POINTS_PER_MM: f64 = 72.0 / 25.4;

/// A rectangle on a page, in mm from the upper left corner of the page as it is seen (crop box, rotation respected).
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Area {
    /// Page, from 1.
    pub page: u32,
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Area {
    /// Right edge.
    #[must_use]
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    /// Lower edge.
    #[must_use]
    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// Moved to the right and down by mm, for the nudge of a clerk.
    #[must_use]
    pub fn moved(mut self, right: f64, down: f64) -> Self {
        self.x += right;
        self.y += down;
        self
    }

    /// Whether two areas share more than an edge.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.page == other.page
            && self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    /// Whether all of `other` lies inside, with a hundredth of a millimetre for rounding.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        let slack = 0.01;
        self.page == other.page
            && other.x >= self.x - slack
            && other.y >= self.y - slack
            && other.right() <= self.right() + slack
            && other.bottom() <= self.bottom() + slack
    }

    /// The largest area of the proportions (width : height) in the middle of this one.
    #[must_use]
    pub fn fitted(&self, aspect: f64) -> Self {
        let (width, height) = if self.width / self.height > aspect {
            (self.height * aspect, self.height)
        } else {
            (self.width, self.width / aspect)
        };
        Self {
            page: self.page,
            x: self.x + (self.width - width) / 2.0,
            y: self.y + (self.height - height) / 2.0,
            width,
            height,
        }
    }
}

/// The largest signature of a person by default, mm.
const SIGNATURE_BOX: (f64, f64) = (40.0, 20.0);

/// Where the image of a handwritten signature stands (khoản 7d): in the middle of ô 7c, between title and name, within 40 × 20 mm.
#[must_use]
pub fn signature_area(box_7c: &Area, image: &SealImage) -> Area {
    let width = SIGNATURE_BOX.0.min(box_7c.width);
    let height = SIGNATURE_BOX.1.min(box_7c.height);
    Area {
        page: box_7c.page,
        x: box_7c.x + (box_7c.width - width) / 2.0,
        y: box_7c.y + (box_7c.height - height) / 2.0,
        width,
        height,
    }
    .fitted(image.aspect())
}

/// Where the seal stands (khoản 8a, Điều 33.1b): of its real size, its right edge at a third of the signature's width, level with
/// the middle of the signature. `image_aspect` is width : height of the seal's image; a round seal has 1.
#[must_use]
pub fn seal_area(signature: &Area, seal_diameter_mm: f64, image_aspect: f64) -> Area {
    let height = seal_diameter_mm / image_aspect;
    Area {
        page: signature.page,
        x: signature.x + signature.width / 3.0 - seal_diameter_mm,
        y: signature.y + (signature.height - height) / 2.0,
        width: seal_diameter_mm,
        height,
    }
}

/// The row of ô 3 and ô 4, over which number and date are drawn as one appearance.
#[must_use]
pub fn row_area(number: &Area, place_date: &Area) -> Area {
    let x = number.x.min(place_date.x);
    let y = number.y.min(place_date.y);
    Area {
        page: number.page,
        x,
        y,
        width: number.right().max(place_date.right()) - x,
        height: number.bottom().max(place_date.bottom()) - y,
    }
}

/// Height of a line of a note, mm: the pitch of the typeface at size 10.
pub(super) const NOTE_PITCH: f64 = NOTE_SIZE * 1.149 / POINTS_PER_MM;

/// Where the text of an agency stands on separate attachments and electronic copies (khoản 8b; ô 14): the upper right corner of page 1,
/// in the top margin and above ô 11, with room for `lines` lines of size 10.
#[must_use]
pub fn note_area(page_width_mm: f64, lines: u32) -> Area {
    let (margin, top) = (10.0, 5.0);
    // what is left of a narrow page, at most the right half of A4 and a little more
    let width = (page_width_mm - 2.0 * margin).clamp(10.0, 110.0);
    Area {
        page: 1,
        x: page_width_mm - margin - width,
        y: top,
        width,
        height: NOTE_PITCH * f64::from(lines.max(1)),
    }
}

/// Where the initials (ký nháy) of the n-th person who checked stand, from 0: small, at the right edge of ô 7c from the bottom up,
/// clear of the signature in its middle and of the seal on its left.
#[must_use]
pub fn initials_area(box_7c: &Area, order: u32) -> Area {
    let free = (box_7c.width - SIGNATURE_BOX.0.min(box_7c.width)) / 2.0;
    let (width, height) = (15.0_f64.min(free), 7.0_f64.min(box_7c.height));
    let rows = (box_7c.height / height).floor().max(1.0);
    let row = f64::from(order) % rows;
    Area {
        page: box_7c.page,
        x: box_7c.right() - width,
        y: box_7c.bottom() - (row + 1.0) * height,
        width,
        height,
    }
}
