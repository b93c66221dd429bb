//! Where the boxes that signatures, number and date need stand in a composed document.

use typst::layout::{Abs, Frame, FrameItem, Point};
use typst_layout::PagedDocument;

/// Where the boxes of the first template stand, for number and signature appearances.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Places {
    /// Ô 3, số và ký hiệu.
    pub number: Option<Place>,
    /// Ô 4, địa danh và thời gian.
    pub place_date: Option<Place>,
    /// Ô 7c, chữ ký của người có thẩm quyền.
    pub signature: Option<Place>,
    /// The blanks in ô 3 and ô 4.
    pub blanks: Blanks,
}

/// The blanks left for what is known only at issue; `None` where the document was composed with it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Blanks {
    /// Số, upright, before the slash of the symbol: room for four digits.
    pub number: Option<Blank>,
    /// The day, italic: room for two digits.
    pub day: Option<Blank>,
    /// The month, italic: room for two digits.
    pub month: Option<Blank>,
    /// The year, italic: room for four digits.
    pub year: Option<Blank>,
}

/// A blank in a line of text, in mm from the upper left corner of the page, exact to the hundredth.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Blank {
    /// Page, from 1.
    pub page: u32,
    /// Left edge.
    pub x: f64,
    /// The baseline of the line.
    pub baseline: f64,
    /// Width.
    pub width: f64,
    /// Size of the text around it, points.
    pub size: f64,
}

/// A rectangle on a page, in mm from the upper left corner of the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
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

impl Blanks {
    pub(crate) fn set_sizes(&mut self, number: f64, date: f64) {
        if let Some(blank) = &mut self.number {
            blank.size = number;
        }
        for blank in [&mut self.day, &mut self.month, &mut self.year]
            .into_iter()
            .flatten()
        {
            blank.size = date;
        }
    }
}

pub(crate) fn places(document: &PagedDocument) -> Places {
    let mut places = Places::default();
    for (index, page) in document.pages().iter().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        collect(&page.frame, Point::zero(), number, &mut places);
    }
    places
}

fn collect(frame: &Frame, origin: Point, page: u32, places: &mut Places) {
    for (offset, item) in frame.items() {
        let FrameItem::Group(group) = item else { continue };
        let at = origin + *offset + Point::new(group.transform.tx, group.transform.ty);
        if let Some(label) = group.label {
            let size = group.frame.size();
            let place = Place {
                page,
                x: mm(at.x),
                y: mm(at.y),
                width: mm(size.x),
                height: mm(size.y),
            };
            let blank = Blank {
                page,
                x: place.x,
                // the box has no height and stands on the baseline
                baseline: place.y,
                width: place.width,
                size: 0.0,
            };
            match label.resolve().as_str() {
                "o3" => places.number = Some(place),
                "o4" => places.place_date = Some(place),
                "o7c" => places.signature = Some(place),
                "blank-number" => places.blanks.number = Some(blank),
                "blank-day" => places.blanks.day = Some(blank),
                "blank-month" => places.blanks.month = Some(blank),
                "blank-year" => places.blanks.year = Some(blank),
                _ => {}
            }
        }
        collect(&group.frame, at, page, places);
    }
}

/// Hundredths are more than a printer shows.
fn mm(length: Abs) -> f64 {
    (length.to_mm() * 100.0).round() / 100.0
}
