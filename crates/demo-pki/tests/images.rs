//! Images of the demo: read back pixel by pixel.

#![expect(clippy::expect_used, reason = "helpers of tests fail loudly, as tests do")]

use std::process::Command;

use demo_pki::images::{handwriting_png, seal_png};

struct Picture {
    width: usize,
    height: usize,
    rgba: Vec<u8>,
    per_metre: Option<u32>,
}

impl Picture {
    fn read(png: &[u8]) -> Self {
        let mut reader = png::Decoder::new(std::io::Cursor::new(png))
            .read_info()
            .expect("a PNG");
        let mut rgba = vec![0; reader.output_buffer_size().expect("a size")];
        reader.next_frame(&mut rgba).expect("an image");
        let info = reader.info();
        assert_eq!(info.color_type, png::ColorType::Rgba);
        Self {
            width: info.width as usize,
            height: info.height as usize,
            rgba,
            per_metre: info.pixel_dims.map(|dims| dims.xppu),
        }
    }

    fn pixel(&self, x: usize, y: usize) -> [u8; 4] {
        let at = (y * self.width + x) * 4;
        self.rgba[at..at + 4].try_into().expect("four bytes")
    }

    /// Share of pixels with ink.
    fn inked(&self) -> f64 {
        let inked = self.rgba.chunks(4).filter(|pixel| pixel[3] > 128).count();
        inked as f64 / (self.width * self.height) as f64
    }
}

fn serif_bold() -> Vec<u8> {
    let output = Command::new("fc-match")
        .args(["-f", "%{file}", "Liberation Serif:bold"])
        .output()
        .expect("fontconfig is installed");
    let path = String::from_utf8(output.stdout).expect("a path");
    assert!(path.contains("Liberation") || path.contains("Times"), "{path}");
    std::fs::read(path).expect("the font")
}

#[test]
fn pl1_7_handwriting_is_blue_on_nothing_and_belongs_to_its_name() {
    let png = handwriting_png("Nguyễn Văn Bình", 1).expect("drawn");
    let picture = Picture::read(&png);
    assert!(
        picture.width > picture.height && picture.width > 400,
        "{} × {}",
        picture.width,
        picture.height
    );
    let inked = picture.inked();
    assert!((0.01..0.2).contains(&inked), "{inked}");
    for (x, y) in [(0, 0), (picture.width - 1, picture.height - 1)] {
        assert_eq!(picture.pixel(x, y)[3], 0);
    }
    for pixel in picture.rgba.chunks(4).filter(|pixel| pixel[3] > 0) {
        assert!(pixel[2] > 2 * pixel[0] && pixel[2] > 2 * pixel[1]);
    }
    // edges are smooth
    assert!(picture.rgba.chunks(4).any(|pixel| (1..255).contains(&pixel[3])));

    assert_eq!(png, handwriting_png("Nguyễn Văn Bình", 1).expect("drawn"));
    assert_ne!(png, handwriting_png("Nguyễn Văn Bình", 2).expect("drawn"));
    assert_ne!(png, handwriting_png("Trần Thị Hạnh", 1).expect("drawn"));
    // wide enough for its place between title and name
    for name in ["Nguyễn Văn An", "Lê Ý", "Vũ Hà", "Trần Thị Hạnh"] {
        for seed in 0..6 {
            let picture = Picture::read(&handwriting_png(name, seed).expect("drawn"));
            assert!(
                picture.width * 10 > picture.height * 11,
                "{name} {seed}: {} × {}",
                picture.width,
                picture.height
            );
        }
    }
    for odd in ["", "  ", "李", "Nguyễn Công Tằng Tôn Nữ Thị Hương Giangggggggggg"] {
        assert!(Picture::read(&handwriting_png(odd, 0).expect("drawn")).inked() > 0.0);
    }
}

#[test]
fn pl1_8a_seal_is_red_round_and_of_its_real_size() {
    let font = serif_bold();
    let png = seal_png("Ủy ban nhân dân", "Tỉnh Thử Nghiệm", 36.0, 600.0, &font).expect("drawn");
    let picture = Picture::read(&png);
    assert_eq!((picture.width, picture.height), (850, 850));
    // 600 dpi
    assert_eq!(picture.per_metre, Some(23622));
    for pixel in picture.rgba.chunks(4).filter(|pixel| pixel[3] > 0) {
        assert!(pixel[0] > 2 * pixel[1] && pixel[0] > 2 * pixel[2]);
    }
    let ink = |x, y| picture.pixel(x, y)[3];
    // corners are empty, the outer ring touches the edges, the star stands in the middle
    assert_eq!(ink(5, 5), 0);
    assert!(ink(425, 8) == 255 && ink(8, 425) == 255 && ink(425, 841) == 255);
    assert_eq!(ink(425, 425), 255);
    // between star and inner ring is nothing
    assert_eq!(ink(425, 425 - 200), 0);
    // letters stand in the band at the top and at the foot
    let row = |y: usize| (300..550).filter(|x| ink(*x, y) > 128).count();
    assert!(
        row(425 - 315) > 20 && row(425 + 325) > 20,
        "{} {}",
        row(110),
        row(750)
    );
}

#[test]
fn seals_out_of_range_and_letters_without_a_font_are_refused() {
    let font = serif_bold();
    for (diameter, dpi) in [(0.0, 600.0), (36.0, 1e9), (f64::NAN, 600.0)] {
        assert_eq!(
            seal_png("A", "B", diameter, dpi, &font).expect_err("size").code(),
            "image"
        );
    }
    assert_eq!(
        seal_png("李", "B", 36.0, 600.0, &font)
            .expect_err("letter")
            .code(),
        "image"
    );
    assert_eq!(
        seal_png("A", "B", 36.0, 600.0, b"no font")
            .expect_err("font")
            .code(),
        "image"
    );
    // a long name is condensed, a missing place leaves the whole circle
    let long = "Ban Quản lý dự án đầu tư xây dựng các công trình giao thông và nông nghiệp";
    assert!(seal_png(long, "", 36.0, 600.0, &font).is_ok());
}

#[test]
#[ignore = "writes samples for looking at"]
fn samples() {
    let folder = std::env::temp_dir().join("demo-pki-samples");
    std::fs::create_dir_all(&folder).expect("a folder");
    let font = serif_bold();
    for (index, name) in [
        "Nguyễn Văn An",
        "Trần Thị Hạnh",
        "Lê Quang Dũng",
        "Phạm Minh Khôi",
        "Hoàng Thu Phương",
        "Đỗ Đức Thắng",
    ]
    .iter()
    .enumerate()
    {
        std::fs::write(
            folder.join(format!("hand{index}.png")),
            handwriting_png(name, 7).expect("drawn"),
        )
        .expect("written");
    }
    for (index, (agency, place)) in [
        ("Ủy ban nhân dân", "Tỉnh Thử Nghiệm"),
        ("Sở Thông tin và Truyền thông", "T. Thử Nghiệm"),
        (
            "Ban Quản lý dự án đầu tư xây dựng các công trình giao thông",
            "Tỉnh Thử Nghiệm",
        ),
    ]
    .iter()
    .enumerate()
    {
        std::fs::write(
            folder.join(format!("seal{index}.png")),
            seal_png(agency, place, 36.0, 600.0, &font).expect("drawn"),
        )
        .expect("written");
    }
}
