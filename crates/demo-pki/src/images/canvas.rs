//! A canvas of one ink: how much of each pixel it covers.

use std::io::Cursor;

use crate::Error;

/// A point in pixels, y downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub x: f64,
    pub y: f64,
}

pub(super) fn point(x: f64, y: f64) -> Point {
    Point { x, y }
}

pub(super) struct Canvas {
    pub width: usize,
    pub height: usize,
    /// Coverage of each pixel, 0 to 1.
    ink: Vec<f64>,
}

impl Canvas {
    pub fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            ink: vec![0.0; width * height],
        }
    }

    fn cover(&mut self, x: usize, y: usize, coverage: f64) {
        let pixel = &mut self.ink[y * self.width + x];
        *pixel = pixel.max(coverage.clamp(0.0, 1.0));
    }

    /// Columns and rows that a box touches.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "clamped to the canvas"
    )]
    fn span(from: f64, to: f64, limit: usize) -> std::ops::Range<usize> {
        let clamp = |value: f64| value.clamp(0.0, limit as f64) as usize;
        clamp(from.floor())..clamp(to.ceil() + 1.0)
    }

    /// A pen moved in a straight line, its radius changing evenly.
    pub fn stroke(&mut self, from: Point, to: Point, radii: (f64, f64)) {
        let reach = radii.0.max(radii.1) + 1.0;
        let columns = Self::span(from.x.min(to.x) - reach, from.x.max(to.x) + reach, self.width);
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let length = (dx * dx + dy * dy).max(1e-9);
        for y in Self::span(from.y.min(to.y) - reach, from.y.max(to.y) + reach, self.height) {
            for x in columns.clone() {
                let (px, py) = (centre(x) - from.x, centre(y) - from.y);
                let along = ((px * dx + py * dy) / length).clamp(0.0, 1.0);
                let distance = (px - along * dx).hypot(py - along * dy);
                let radius = radii.0 + (radii.1 - radii.0) * along;
                self.cover(x, y, radius - distance + 0.5);
            }
        }
    }

    /// A circle drawn with a pen of the width given.
    pub fn ring(&mut self, middle: Point, radius: f64, width: f64) {
        for y in 0..self.height {
            for x in 0..self.width {
                let distance = (centre(x) - middle.x).hypot(centre(y) - middle.y);
                self.cover(x, y, width / 2.0 - (distance - radius).abs() + 0.5);
            }
        }
    }

    /// Closed outlines filled; holes run the other way round.
    pub fn fill(&mut self, outlines: &[Vec<Point>]) {
        // Each edge adds, in the rows it crosses, the area to its right; the sum along a row is the coverage.
        let mut area = vec![0.0; self.width * self.height + 2];
        for outline in outlines {
            for (index, from) in outline.iter().enumerate() {
                self.edge(&mut area, *from, outline[(index + 1) % outline.len()]);
            }
        }
        for y in 0..self.height {
            let mut sum = 0.0;
            for x in 0..self.width {
                sum += area[y * self.width + x];
                self.cover(x, y, f64::abs(sum));
            }
        }
    }

    fn edge(&self, area: &mut [f64], from: Point, to: Point) {
        let (direction, top, bottom) = if from.y < to.y {
            (1.0, from, to)
        } else {
            (-1.0, to, from)
        };
        if bottom.y - top.y < 1e-9 {
            return;
        }
        let slope = (bottom.x - top.x) / (bottom.y - top.y);
        for y in Self::span(top.y, bottom.y, self.height) {
            let (row, next) = (centre(y) - 0.5, centre(y) + 0.5);
            let (y0, y1) = (top.y.max(row), bottom.y.min(next));
            if y1 <= y0 {
                continue;
            }
            // within a pixel row the edge is cut at the columns
            let x0 = top.x + slope * (y0 - top.y);
            let x1 = top.x + slope * (y1 - top.y);
            let (left, right) = (x0.min(x1), x0.max(x1));
            let height = y1 - y0;
            for x in Self::span(left, right, self.width) {
                let column = centre(x) - 0.5;
                let (from, to) = (left.max(column), right.min(column + 1.0));
                let share = if right - left < 1e-9 {
                    if (column..column + 1.0).contains(&left) {
                        1.0
                    } else {
                        0.0
                    }
                } else {
                    ((to - from) / (right - left)).max(0.0)
                };
                if share <= 0.0 {
                    continue;
                }
                let middle = f64::midpoint(from.max(column), to.max(column)) - column;
                let amount = direction * height * share;
                let at = y * self.width + x;
                area[at] += amount * (1.0 - middle);
                if x + 1 < self.width {
                    area[at + 1] += amount * middle;
                }
            }
        }
    }

    /// The canvas as PNG in the colour given, transparent where there is no ink; `dpi` tells the real size.
    pub fn png(&self, colour: [u8; 3], dpi: f64) -> Result<Vec<u8>, Error> {
        let size = |pixels: usize| u32::try_from(pixels).map_err(|_| Error::Image("kích thước".into()));
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(Cursor::new(&mut bytes), size(self.width)?, size(self.height)?);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        // a demo draws hundreds of images at its first start
        encoder.set_compression(png::Compression::Fast);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a resolution of printers"
        )]
        let per_metre = (dpi / 0.0254).round().clamp(1.0, 1e6) as u32;
        encoder.set_pixel_dims(Some(png::PixelDimensions {
            xppu: per_metre,
            yppu: per_metre,
            unit: png::Unit::Meter,
        }));
        let mut data = Vec::with_capacity(self.ink.len() * 4);
        for coverage in &self.ink {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 0 and 255"
            )]
            let opacity = (coverage * 255.0).round() as u8;
            data.extend(colour);
            data.push(opacity);
        }
        let failed = |error: png::EncodingError| Error::Image(error.to_string());
        let mut writer = encoder.write_header().map_err(failed)?;
        writer.write_image_data(&data).map_err(failed)?;
        writer.finish().map_err(failed)?;
        Ok(bytes)
    }
}

/// The middle of a pixel.
#[expect(clippy::cast_precision_loss, reason = "pixels of an image")]
fn centre(pixel: usize) -> f64 {
    pixel as f64 + 0.5
}
