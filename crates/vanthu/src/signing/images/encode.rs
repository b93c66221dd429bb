//! An image that comes from outside is decoded within limits and encoded anew: what is kept holds pixels and nothing else.

use std::io::Cursor;

use pdf_signature::appearance::{Ink, SealImage};
use rules::Refusal;

use crate::error::{AppError, AppResult};

/// Bytes of an upload.
const MAX_BYTES: usize = 4 << 20;
/// Pixels in each direction.
const MAX_SIDE: u32 = 4096;
/// What is kept is not larger: a seal of 36 mm at 600 dpi has 850 pixels.
const KEPT_SIDE: u32 = 1600;

/// An image as it is kept.
#[derive(Debug)]
pub struct Encoded {
    pub png: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// Checks and encodes an image. `ink` is the colour that the law asks for.
///
/// # Errors
/// `PL1-7` or `PL1-8` for what is no PNG with a transparent background, too large, too small or of another colour.
pub fn encode(png: &[u8], ink: Ink) -> AppResult<Encoded> {
    let clause = if ink == Ink::Red { "PL1-8" } else { "PL1-7" };
    let refuse = |code, sentence: String| AppError::from(Refusal::new(clause, code, sentence).on("image"));
    if png.len() > MAX_BYTES {
        return Err(refuse(
            "image.too_large",
            "Tệp hình ảnh không quá 4 MB.".to_owned(),
        ));
    }
    let seen = SealImage::from_png(png).map_err(|error| refuse(error.code(), error.to_string()))?;
    if seen.ink() != ink {
        return Err(refuse(
            "image.colour",
            if ink == Ink::Red {
                "Hình ảnh con dấu phải có màu đỏ, nền trong suốt. Vui lòng chọn hình ảnh khác.".to_owned()
            } else {
                "Hình ảnh chữ ký phải có màu xanh, nền trong suốt. Vui lòng chọn hình ảnh khác.".to_owned()
            },
        ));
    }
    let unreadable = |_| {
        refuse(
            "image.unreadable",
            "Hình ảnh không đọc được. Vui lòng chọn tệp PNG có nền trong suốt.".to_owned(),
        )
    };
    let pixels = read(png).map_err(unreadable)?;
    let pixels = pixels.cropped().unwrap_or_default().shrunk();
    if pixels.width < 60 || pixels.height < 20 {
        return Err(refuse(
            "image.too_small",
            "Hình ảnh quá nhỏ nên sẽ bị nhòe khi in. Vui lòng dùng hình ảnh rộng từ 60 điểm ảnh.".to_owned(),
        ));
    }
    Ok(Encoded {
        png: pixels.write()?,
        width: pixels.width,
        height: pixels.height,
    })
}

/// RGBA, eight bits each.
#[derive(Debug, Default)]
struct Pixels {
    width: u32,
    height: u32,
    rgba: Vec<u8>,
}

fn read(png: &[u8]) -> anyhow::Result<Pixels> {
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(png), png::Limits { bytes: 128 << 20 });
    decoder.set_transformations(
        png::Transformations::EXPAND | png::Transformations::STRIP_16 | png::Transformations::ALPHA,
    );
    let mut reader = decoder.read_info()?;
    let info = reader.info();
    anyhow::ensure!(
        info.width <= MAX_SIDE && info.height <= MAX_SIDE,
        "too many pixels"
    );
    let size = reader
        .output_buffer_size()
        .ok_or_else(|| anyhow::anyhow!("too many pixels"))?;
    let mut data = vec![0; size];
    let frame = reader.next_frame(&mut data)?;
    data.truncate(frame.buffer_size());
    let rgba = match frame.color_type {
        png::ColorType::Rgba => data,
        png::ColorType::GrayscaleAlpha => data
            .chunks_exact(2)
            .flat_map(|pair| [pair[0], pair[0], pair[0], pair[1]])
            .collect(),
        _ => anyhow::bail!("no transparency"),
    };
    Ok(Pixels {
        width: frame.width,
        height: frame.height,
        rgba,
    })
}

impl Pixels {
    fn alpha(&self, x: u32, y: u32) -> u8 {
        let at = (y as usize * self.width as usize + x as usize) * 4 + 3;
        self.rgba.get(at).copied().unwrap_or_default()
    }

    /// Without the transparent margin, so that the width of a seal's image is its diameter. `None` when nothing is seen.
    fn cropped(self) -> Option<Self> {
        let rows: Vec<u32> = (0..self.height)
            .filter(|y| (0..self.width).any(|x| self.alpha(x, *y) > 0))
            .collect();
        let columns: Vec<u32> = (0..self.width)
            .filter(|x| (0..self.height).any(|y| self.alpha(*x, y) > 0))
            .collect();
        let (top, bottom) = (*rows.first()?, *rows.last()?);
        let (left, right) = (*columns.first()?, *columns.last()?);
        let line = self.width as usize * 4;
        let mut rgba = Vec::new();
        for y in top..=bottom {
            let start = y as usize * line;
            rgba.extend_from_slice(
                self.rgba
                    .get(start + left as usize * 4..start + (right as usize + 1) * 4)?,
            );
        }
        Some(Self {
            width: right - left + 1,
            height: bottom - top + 1,
            rgba,
        })
    }

    /// Halved until it is not larger than what is kept. Colours are weighted by how much is seen of them.
    fn shrunk(mut self) -> Self {
        while self.width.max(self.height) > KEPT_SIDE {
            self = self.halved();
        }
        self
    }

    fn halved(&self) -> Self {
        let (width, height) = ((self.width / 2).max(1), (self.height / 2).max(1));
        let mut rgba = Vec::with_capacity(width as usize * height as usize * 4);
        for y in 0..height {
            for x in 0..width {
                let mut sums = [0_u32; 4];
                for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
                    let (x, y) = (
                        (2 * x + dx).min(self.width - 1),
                        (2 * y + dy).min(self.height - 1),
                    );
                    let at = (y as usize * self.width as usize + x as usize) * 4;
                    let Some(&[red, green, blue, alpha]) = self.rgba.get(at..at + 4) else {
                        continue;
                    };
                    let weight = u32::from(alpha);
                    sums[0] += u32::from(red) * weight;
                    sums[1] += u32::from(green) * weight;
                    sums[2] += u32::from(blue) * weight;
                    sums[3] += weight;
                }
                let weight = sums[3].max(1);
                for sum in &sums[..3] {
                    rgba.push(u8::try_from(sum / weight).unwrap_or(u8::MAX));
                }
                rgba.push(u8::try_from(sums[3] / 4).unwrap_or(u8::MAX));
            }
        }
        Self { width, height, rgba }
    }

    fn write(&self) -> AppResult<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width, self.height);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().map_err(anyhow::Error::from)?;
        writer.write_image_data(&self.rgba).map_err(anyhow::Error::from)?;
        writer.finish().map_err(anyhow::Error::from)?;
        Ok(bytes)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A ring of `colour` with a transparent margin of 10 pixels.
    pub fn ring(side: u32, colour: [u8; 3]) -> Vec<u8> {
        let (middle, outer) = (f64::from(side) / 2.0, f64::from(side) / 2.0 - 10.0);
        let mut rgba = Vec::new();
        for y in 0..side {
            for x in 0..side {
                let from_middle = (f64::from(x) - middle).hypot(f64::from(y) - middle);
                let seen = from_middle < outer && from_middle > outer * 0.8;
                rgba.extend_from_slice(&colour);
                rgba.push(if seen { 255 } else { 0 });
            }
        }
        Pixels {
            width: side,
            height: side,
            rgba,
        }
        .write()
        .unwrap()
    }

    #[test]
    fn pl1_8a_a_red_seal_is_kept_without_its_margin() {
        let seal = encode(&ring(300, [200, 20, 20]), Ink::Red).unwrap();
        assert!((278..=282).contains(&seal.width), "{}", seal.width);
        assert_eq!(seal.width, seal.height);
        // What is kept can be read again, and is the same.
        let again = encode(&seal.png, Ink::Red).unwrap();
        assert_eq!((again.width, again.png), (seal.width, seal.png));
    }

    #[test]
    fn pl1_7d_handwriting_is_blue_and_a_seal_is_red() {
        let code = |png: &[u8], ink| match encode(png, ink) {
            Err(AppError::Refused(refusal)) => (refusal.clause, refusal.code),
            other => panic!("{other:?}"),
        };
        let (red, blue, black) = (
            ring(200, [200, 20, 20]),
            ring(200, [20, 40, 180]),
            ring(200, [10, 10, 10]),
        );
        encode(&blue, Ink::Blue).unwrap();
        assert_eq!(code(&red, Ink::Blue), ("PL1-7", "image.colour"));
        assert_eq!(code(&blue, Ink::Red), ("PL1-8", "image.colour"));
        assert_eq!(code(&black, Ink::Red), ("PL1-8", "image.colour"));
        assert_eq!(code(&ring(50, [200, 20, 20]), Ink::Red).1, "image.too_small");
        assert!(encode(b"khong phai PNG", Ink::Red).is_err());
        assert!(encode(&red[..200], Ink::Red).is_err());
    }

    #[test]
    fn a_large_image_is_kept_smaller() {
        let seal = encode(&ring(3400, [200, 20, 20]), Ink::Red).unwrap();
        assert!(seal.width <= KEPT_SIDE, "{}", seal.width);
    }
}
