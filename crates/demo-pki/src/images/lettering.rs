//! Letters along an arc.

use std::f64::consts::PI;

use ttf_parser::{Face, OutlineBuilder};

use super::canvas::{Point, point};
use crate::Error;

/// Text along a circle.
pub(super) struct Arc<'a> {
    pub face: &'a Face<'a>,
    pub middle: Point,
    /// The middle of the band in which the text stands, pixels.
    pub radius: f64,
    /// Size of the letters, pixels.
    pub size: f64,
    /// Largest angle that the text may take, radians; it is condensed to that.
    pub room: f64,
    /// Read from outside at the top of the circle, or from inside at its foot.
    pub at_foot: bool,
}

impl Arc<'_> {
    /// Outlines of the letters, the text centred at the top or at the foot of the circle.
    pub fn outlines(&self, text: &str) -> Result<Vec<Vec<Point>>, Error> {
        let em = f64::from(self.face.units_per_em());
        let mut glyphs = Vec::new();
        let mut length = 0.0;
        for letter in text.chars() {
            let glyph = self
                .face
                .glyph_index(letter)
                .ok_or_else(|| Error::Image(format!("phông chữ không có “{letter}”")))?;
            let advance = f64::from(self.face.glyph_hor_advance(glyph).unwrap_or_default()) / em;
            glyphs.push((glyph, length + advance / 2.0));
            length += advance;
        }
        // capitals stand in the middle of the band, marks above and below them reach out
        let capital = f64::from(self.face.capital_height().unwrap_or(self.face.ascender())) / em;
        let natural = length * self.size / self.radius;
        let squeeze = (self.room / natural.max(1e-9)).min(1.0);
        let mut outlines = Vec::new();
        for (glyph, middle) in glyphs {
            let angle = (middle - length / 2.0) * self.size * squeeze / self.radius;
            let mut pen = Pen::default();
            self.face.outline_glyph(glyph, &mut pen);
            let advance = f64::from(self.face.glyph_hor_advance(glyph).unwrap_or_default()) / em;
            for outline in pen.finished() {
                let place = |(x, y): (f64, f64)| {
                    let across = (x / em - advance / 2.0) * self.size * squeeze;
                    let up = (y / em - capital / 2.0) * self.size;
                    self.placed(angle, across, up)
                };
                outlines.push(outline.into_iter().map(place).collect());
            }
        }
        Ok(outlines)
    }

    /// A point of a letter: `across` along the line, `up` from the middle of the band.
    fn placed(&self, angle: f64, across: f64, up: f64) -> Point {
        // y grows downwards, so the top is at -90°, and angles grow clockwise
        let (direction, outwards, along) = if self.at_foot {
            (PI / 2.0 - angle, self.radius - up, -1.0)
        } else {
            (-PI / 2.0 + angle, self.radius + up, 1.0)
        };
        let (sin, cos) = direction.sin_cos();
        point(
            self.middle.x + outwards * cos - along * across * sin,
            self.middle.y + outwards * sin + along * across * cos,
        )
    }
}

/// Collects the outline of a glyph with its curves in short straight pieces.
#[derive(Default)]
struct Pen {
    done: Vec<Vec<(f64, f64)>>,
    current: Vec<(f64, f64)>,
}

impl Pen {
    fn finished(mut self) -> Vec<Vec<(f64, f64)>> {
        self.close();
        self.done
    }

    fn last(&self) -> (f64, f64) {
        self.current.last().copied().unwrap_or_default()
    }

    fn curve(&mut self, at: impl Fn(f64) -> (f64, f64)) {
        for step in 1..=8 {
            self.current.push(at(f64::from(step) / 8.0));
        }
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.close();
        self.current.push((x.into(), y.into()));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.current.push((x.into(), y.into()));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (a, b, c) = (
            self.last(),
            (f64::from(x1), f64::from(y1)),
            (f64::from(x), f64::from(y)),
        );
        self.curve(|t| {
            let mix = |a: f64, b: f64, c: f64| (1.0 - t).powi(2) * a + 2.0 * t * (1.0 - t) * b + t * t * c;
            (mix(a.0, b.0, c.0), mix(a.1, b.1, c.1))
        });
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let a = self.last();
        let [b, c, d] = [(x1, y1), (x2, y2), (x, y)].map(|(x, y)| (f64::from(x), f64::from(y)));
        self.curve(|t| {
            let s = 1.0 - t;
            let mix = |a: f64, b: f64, c: f64, d: f64| {
                s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
            };
            (mix(a.0, b.0, c.0, d.0), mix(a.1, b.1, c.1, d.1))
        });
    }

    fn close(&mut self) {
        if self.current.len() > 2 {
            self.done.push(std::mem::take(&mut self.current));
        }
        self.current.clear();
    }
}
