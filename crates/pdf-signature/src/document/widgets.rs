//! Where a field is seen, in millimetres from the upper left corner of its page as seen.

use std::collections::HashMap;

use super::error::ReadError;
use super::form::{Field, Form};
use super::object::{Dictionary, ObjectId};
use super::pages::Page;
use super::view::View;

/// A place on a page: crop box and rotation respected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WidgetArea {
    /// Page, from 1.
    pub page: u32,
    /// Millimetres from the left edge.
    pub x: f64,
    /// Millimetres from the upper edge.
    pub y: f64,
    /// Millimetres.
    pub width: f64,
    /// Millimetres.
    pub height: f64,
}

impl WidgetArea {
    /// Which part of this area another one lies over, from 0 to 1.
    #[must_use]
    pub fn covered_by(&self, other: &Self) -> f64 {
        let own = self.width * self.height;
        if self.page != other.page || own <= 0.0 {
            return 0.0;
        }
        let length = |from: f64, size: f64, other_from: f64, other_size: f64| {
            ((from + size).min(other_from + other_size) - from.max(other_from)).max(0.0)
        };
        length(self.x, self.width, other.x, other.width) * length(self.y, self.height, other.y, other.height)
            / own
    }
}

/// Points per millimetre.
pub const POINTS_PER_MM: f64 = 72.0 / 25.4;

impl Page {
    /// Millimetres of the page as seen: width, height.
    pub fn size_mm(&self) -> (f64, f64) {
        let (width, height) = (self.seen[2] - self.seen[0], self.seen[3] - self.seen[1]);
        let (width, height) = if self.rotation.is_multiple_of(180) {
            (width, height)
        } else {
            (height, width)
        };
        (width / self.units_per_mm(), height / self.units_per_mm())
    }

    fn units_per_mm(&self) -> f64 {
        POINTS_PER_MM / self.user_unit
    }

    /// Rectangle (left, bottom, right, top in units of the page) of a place in millimetres.
    pub fn rectangle_of(&self, x: f64, y: f64, width: f64, height: f64) -> [f64; 4] {
        let [x0, y0, x1, y1] = self.seen;
        let scale = self.units_per_mm();
        let (u0, v0, u1, v1) = (x * scale, y * scale, (x + width) * scale, (y + height) * scale);
        match self.rotation {
            90 => [x0 + v0, y0 + u0, x0 + v1, y0 + u1],
            180 => [x1 - u1, y0 + v0, x1 - u0, y0 + v1],
            270 => [x1 - v1, y1 - u1, x1 - v0, y1 - u0],
            _ => [x0 + u0, y1 - v1, x0 + u1, y1 - v0],
        }
    }

    /// Place in millimetres of a rectangle: x, y, width, height.
    pub fn place_of(&self, rectangle: [f64; 4]) -> [f64; 4] {
        let [x0, y0, x1, y1] = self.seen;
        let [left, bottom, right, top] = rectangle;
        let (u0, v0, u1, v1) = match self.rotation {
            90 => (bottom - y0, left - x0, top - y0, right - x0),
            180 => (x1 - right, bottom - y0, x1 - left, top - y0),
            270 => (y1 - top, x1 - right, y1 - bottom, x1 - left),
            _ => (left - x0, y1 - top, right - x0, y1 - bottom),
        };
        let scale = self.units_per_mm();
        [u0 / scale, v0 / scale, (u1 - u0) / scale, (v1 - v0) / scale]
    }
}

/// Finds the pages of widgets; pages are walked once.
pub struct WidgetPlaces<'d, 'a> {
    view: View<'d, 'a>,
    /// Page number of each annotation.
    pages: Option<HashMap<ObjectId, u32>>,
}

impl<'d, 'a> WidgetPlaces<'d, 'a> {
    /// For a revision.
    pub fn of(view: View<'d, 'a>) -> Self {
        Self { view, pages: None }
    }

    /// Where a field is seen; `None` when it has no widget with an extent, or on no page.
    ///
    /// # Errors
    /// The pages cannot be read.
    pub fn area_of(&mut self, field: &Field, form: &Form) -> Result<Option<WidgetArea>, ReadError> {
        let widgets = form
            .fields
            .iter()
            .filter(|kid| kid.parent == Some(field.id()) && kid.widget_only);
        for widget in std::iter::once(field).chain(widgets) {
            // Who judges a change refuses it; here it only means that nobody can say where the field is seen.
            if self.view.rectangle(widget.dictionary(), "Rect").is_err() {
                continue;
            }
            if let Some(area) = self.area(widget.id(), widget.dictionary())? {
                return Ok(Some(area));
            }
        }
        Ok(None)
    }

    /// Which part of its page an area takes, from 0 to 1.
    ///
    /// # Errors
    /// The pages cannot be read.
    pub fn share(&self, area: &WidgetArea) -> Result<f64, ReadError> {
        let Some(page) = self.view.page(area.page)? else {
            return Ok(0.0);
        };
        let (width, height) = page.size_mm();
        let whole = WidgetArea {
            page: area.page,
            x: 0.0,
            y: 0.0,
            width,
            height,
        };
        Ok(whole.covered_by(area))
    }

    /// Where a widget is seen.
    ///
    /// # Errors
    /// The pages cannot be read; its rectangle is none.
    pub fn area(&mut self, id: ObjectId, widget: &Dictionary) -> Result<Option<WidgetArea>, ReadError> {
        let Some(rectangle) = self.view.rectangle(widget, "Rect")? else {
            return Ok(None);
        };
        if rectangle[2] <= rectangle[0] || rectangle[3] <= rectangle[1] {
            return Ok(None);
        }
        let Some(number) = self.page_of(id)? else {
            return Ok(None);
        };
        let Some(page) = self.view.page(number)? else {
            return Ok(None);
        };
        let [x, y, width, height] = page.place_of(rectangle);
        Ok(Some(WidgetArea {
            page: number,
            x,
            y,
            width,
            height,
        }))
    }

    /// Page (from 1) that lists a widget among its annotations. What a widget says itself in `/P` proves nothing.
    fn page_of(&mut self, widget: ObjectId) -> Result<Option<u32>, ReadError> {
        if self.pages.is_none() {
            let mut annotations = HashMap::new();
            for (number, id) in (1u32..).zip(self.view.page_tree()?.pages) {
                let Some(page) = self.view.get(id)? else { continue };
                let Some(dictionary) = page.dictionary() else {
                    continue;
                };
                let listed = self.view.value(dictionary, "Annots")?;
                for annotation in listed
                    .array()
                    .unwrap_or_default()
                    .iter()
                    .filter_map(super::Object::reference)
                {
                    annotations.entry(annotation).or_insert(number);
                }
            }
            self.pages = Some(annotations);
        }
        Ok(self
            .pages
            .as_ref()
            .and_then(|annotations| annotations.get(&widget).copied()))
    }
}
