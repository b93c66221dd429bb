//! A page as it looks: rendered by poppler and measured by its colours.

use std::path::PathBuf;
use std::process::Command;

use pdf_signature::appearance::Area;

const DPI: u32 = 150;

/// A rendered page.
pub struct Picture {
    width: usize,
    pub rgb: Vec<u8>,
}

/// What there is of a colour: the box around it in mm and the number of pixels.
#[derive(Debug)]
pub struct Seen {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
    pub pixels: usize,
}

impl Picture {
    pub fn of(pdf: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file: PathBuf = folder.path().join("file.pdf");
        std::fs::write(&file, pdf).expect("written");
        let done = Command::new("pdftoppm")
            .args([
                "-r",
                &DPI.to_string(),
                "-f",
                "1",
                "-l",
                "1",
                "-singlefile",
                "-png",
            ])
            .arg(&file)
            .arg(folder.path().join("page"))
            .status()
            .expect("pdftoppm of poppler-utils is needed");
        assert!(done.success());
        let page = std::fs::read(folder.path().join("page.png")).expect("rendered");
        let mut reader = png::Decoder::new(std::io::Cursor::new(page))
            .read_info()
            .expect("a PNG");
        let mut rgb = vec![0; reader.output_buffer_size().expect("a size")];
        reader.next_frame(&mut rgb).expect("an image");
        assert_eq!(reader.info().color_type, png::ColorType::Rgb);
        Self {
            width: reader.info().width as usize,
            rgb,
        }
    }

    /// Red pixels between two heights of an area (mm from its upper edge), in the middle half of its width.
    pub fn red_between(&self, area: &Area, from: f64, to: f64) -> f64 {
        let mut count = 0.0;
        for (index, pixel) in self.rgb.chunks_exact(3).enumerate() {
            let mm = |pixel: usize| pixel as f64 * 25.4 / f64::from(DPI);
            let (x, y) = (mm(index % self.width) - area.x, mm(index / self.width) - area.y);
            let inside = (from..to).contains(&y) && (x - area.width / 2.0).abs() < area.width / 4.0;
            if inside && red(pixel[0], pixel[1], pixel[2]) {
                count += 1.0;
            }
        }
        count
    }

    pub fn seen(&self, wanted: fn(u8, u8, u8) -> bool) -> Seen {
        let (mut left, mut right, mut top, mut bottom, mut pixels) = (usize::MAX, 0, usize::MAX, 0, 0);
        for (index, pixel) in self.rgb.chunks_exact(3).enumerate() {
            if wanted(pixel[0], pixel[1], pixel[2]) {
                let (x, y) = (index % self.width, index / self.width);
                (left, right, top, bottom) = (left.min(x), right.max(x + 1), top.min(y), bottom.max(y + 1));
                pixels += 1;
            }
        }
        let mm = |pixel: usize| pixel as f64 * 25.4 / f64::from(DPI);
        Seen {
            left: mm(left),
            top: mm(top),
            right: mm(right),
            bottom: mm(bottom),
            pixels,
        }
    }
}

pub fn red(r: u8, g: u8, b: u8) -> bool {
    r > 150 && i32::from(r) > i32::from(g) + 60 && i32::from(r) > i32::from(b) + 60
}

/// Also the thin end of a stroke, which is pale at this resolution.
pub fn blue(r: u8, g: u8, b: u8) -> bool {
    i32::from(b) > i32::from(r) + 20 && i32::from(b) > i32::from(g) + 16
}

pub fn dark(r: u8, g: u8, b: u8) -> bool {
    r < 100 && g < 100 && b < 100
}

pub fn is_at(seen: &Seen, area: &Area) {
    for (measured, wanted) in [
        (seen.left, area.x),
        (seen.top, area.y),
        (seen.right, area.right()),
        (seen.bottom, area.bottom()),
    ] {
        assert!(
            (measured - wanted).abs() < 1.0,
            "{seen:?} is not {area:?} within 1 mm"
        );
    }
}
