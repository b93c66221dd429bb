//! Images of handwriting and seals: decoded, checked and compressed once, drawn as often as wanted.

use std::io::{Cursor, Write as _};
use std::sync::Arc;

use super::{Appearance, AppearanceError, Area, POINTS_PER_MM};
use crate::update::{FormXObject, RawObject, placeholder};

/// Widest and highest image, pixels.
const LIMIT: u32 = 4096;
/// Below this opacity a pixel counts as background.
const FAINT: u8 = 16;

/// An image with a transparent background, ready to be placed on pages. Clones share the compressed data.
#[derive(Clone)]
pub struct SealImage {
    width: u32,
    height: u32,
    colours: Arc<[u8]>,
    mask: Arc<[u8]>,
    ink: [u8; 3],
}

/// The colour in which an image is drawn, on the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Red, as seals must be (khoản 8a).
    Red,
    /// Blue, as handwriting must be (khoản 7d).
    Blue,
    /// Anything else.
    Other,
}

impl std::fmt::Debug for SealImage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SealImage")
            .field("width", &self.width)
            .field("height", &self.height)
            .finish_non_exhaustive()
    }
}

impl SealImage {
    /// Reads a PNG of at most 4096 × 4096 pixels. The transparent margin is cut off, so that the width of the image is that of what
    /// is seen: the diameter of a round seal is then its width.
    ///
    /// # Errors
    /// [`AppearanceError::Png`], [`AppearanceError::TooLarge`], [`AppearanceError::NotTransparent`] and [`AppearanceError::Empty`].
    pub fn from_png(png: &[u8]) -> Result<Self, AppearanceError> {
        let pixels = Pixels::decode(png)?;
        let pixels = pixels.without_margin()?;
        let ink = pixels.ink();
        let mut colours = Vec::with_capacity(pixels.rgba.len() / 4 * 3);
        let mut mask = Vec::with_capacity(pixels.rgba.len() / 4);
        for pixel in pixels.rgba.chunks_exact(4) {
            // where nothing is seen stands the ink, so that edges do not turn dark when a viewer makes the image smaller
            colours.extend(if pixel[3] == 0 { &ink } else { &pixel[..3] });
            mask.push(pixel[3]);
        }
        Ok(Self {
            width: pixels.width,
            height: pixels.height,
            colours: deflated(&colours)?,
            mask: deflated(&mask)?,
            ink,
        })
    }

    /// Width : height.
    #[must_use]
    pub fn aspect(&self) -> f64 {
        f64::from(self.width) / f64::from(self.height)
    }

    /// Width and height in pixels, without the transparent margin.
    #[must_use]
    pub fn pixels(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// The colour on the whole, for the check at upload (khoản 7d, 8a).
    #[must_use]
    pub fn ink(&self) -> Ink {
        let [red, green, blue] = self.ink.map(i32::from);
        if red > green + 40 && red > blue + 40 {
            Ink::Red
        } else if blue > red + 40 && blue > green + 20 {
            Ink::Blue
        } else {
            Ink::Other
        }
    }
}

struct Pixels {
    width: u32,
    height: u32,
    /// Eight bits each of red, green, blue, opacity.
    rgba: Vec<u8>,
}

impl Pixels {
    fn decode(png: &[u8]) -> Result<Self, AppearanceError> {
        let unreadable = |error: png::DecodingError| AppearanceError::Png {
            detail: error.to_string(),
        };
        let mut decoder = png::Decoder::new(Cursor::new(png));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let header = decoder.read_header_info().map_err(unreadable)?;
        let (width, height) = (header.width, header.height);
        if width > LIMIT || height > LIMIT {
            return Err(AppearanceError::TooLarge {
                width,
                height,
                limit: LIMIT,
            });
        }
        let mut reader = decoder.read_info().map_err(unreadable)?;
        let size = reader.output_buffer_size().ok_or_else(|| AppearanceError::Png {
            detail: "size".into(),
        })?;
        let mut bytes = vec![0; size];
        let frame = reader.next_frame(&mut bytes).map_err(unreadable)?;
        bytes.truncate(frame.buffer_size());
        let rgba = match frame.color_type {
            png::ColorType::Rgba => bytes,
            png::ColorType::GrayscaleAlpha => bytes
                .chunks_exact(2)
                .flat_map(|pixel| [pixel[0], pixel[0], pixel[0], pixel[1]])
                .collect(),
            png::ColorType::Rgb | png::ColorType::Grayscale | png::ColorType::Indexed => {
                return Err(AppearanceError::NotTransparent);
            }
        };
        if rgba.chunks_exact(4).all(|pixel| pixel[3] >= FAINT) {
            return Err(AppearanceError::NotTransparent);
        }
        Ok(Self { width, height, rgba })
    }

    fn without_margin(self) -> Result<Self, AppearanceError> {
        let row_bytes = self.width as usize * 4;
        let seen = |pixel: &[u8]| pixel[3] >= FAINT;
        let rows: Vec<&[u8]> = self.rgba.chunks_exact(row_bytes).collect();
        let (mut left, mut right) = (usize::MAX, 0);
        let (mut top, mut bottom) = (usize::MAX, 0);
        for (y, row) in rows.iter().enumerate() {
            let first = row.chunks_exact(4).position(seen);
            let last = row.chunks_exact(4).rposition(seen);
            if let (Some(first), Some(last)) = (first, last) {
                left = left.min(first);
                right = right.max(last);
                top = top.min(y);
                bottom = y;
            }
        }
        if top == usize::MAX {
            return Err(AppearanceError::Empty);
        }
        let rgba = rows[top..=bottom]
            .iter()
            .flat_map(|row| &row[left * 4..(right + 1) * 4])
            .copied()
            .collect();
        let size = |from: usize, to: usize| u32::try_from(to - from + 1).unwrap_or(LIMIT);
        Ok(Self {
            width: size(left, right),
            height: size(top, bottom),
            rgba,
        })
    }

    /// Mean colour, weighed by opacity.
    fn ink(&self) -> [u8; 3] {
        let mut sums = [0_u64; 3];
        let mut weight = 0;
        for pixel in self.rgba.chunks_exact(4) {
            let opacity = u64::from(pixel[3]);
            weight += opacity;
            for (sum, channel) in sums.iter_mut().zip(pixel) {
                *sum += u64::from(*channel) * opacity;
            }
        }
        sums.map(|sum| u8::try_from(sum / weight.max(1)).unwrap_or(u8::MAX))
    }
}

fn deflated(bytes: &[u8]) -> Result<Arc<[u8]>, AppearanceError> {
    super::text::deflated(bytes).map_err(|error| AppearanceError::Png {
        detail: error.to_string(),
    })
}

pub(super) fn draw(image: &SealImage, area: &Area) -> Appearance {
    let (width, height) = (area.width * POINTS_PER_MM, area.height * POINTS_PER_MM);
    let local = Area {
        x: 0.0,
        y: 0.0,
        ..*area
    };
    let place = local.fitted(image.aspect());
    let mut content = Vec::new();
    // writing into a vector cannot fail
    let _ = write!(
        content,
        "q {:.4} 0 0 {:.4} {:.4} {:.4} cm /Im0 Do Q",
        place.width * POINTS_PER_MM,
        place.height * POINTS_PER_MM,
        place.x * POINTS_PER_MM,
        // equal margins above and below, so the direction of the axis does not matter
        place.y * POINTS_PER_MM,
    );
    let stream = |space: &str, more: &str, data: &Arc<[u8]>| RawObject {
        dictionary: format!(
            "<< /Type /XObject /Subtype /Image /Width {} /Height {} /ColorSpace /{space} \
             /BitsPerComponent 8 /Filter /FlateDecode{more} >>",
            image.width, image.height
        )
        .into_bytes(),
        stream: Some(Arc::clone(data)),
    };
    let mask = format!(" /SMask {}", placeholder(1));
    Appearance {
        form: FormXObject {
            content,
            bbox: [0.0, 0.0, width, height],
            resources: format!("<< /XObject << /Im0 {} >> >>", placeholder(0)).into_bytes(),
            objects: vec![
                stream("DeviceRGB", &mask, &image.colours),
                stream("DeviceGray", "", &image.mask),
            ],
        },
        width_pt: width,
        height_pt: height,
    }
}
