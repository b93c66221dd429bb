//! Văn bản số hóa: how a scan must be made (NĐ 30 Phụ lục I Phần II Mục I: PDF from version 1.4 on, in colour, at least 200 dpi, at
//! 100 %). What does not conform is flagged with what to set on the scanner; it is not refused (CN-109).

use serde::{Deserialize, Serialize};

use crate::names::named_enum;

/// A scanned PDF as it was measured.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ScanFacts {
    /// Version of the format: (1, 4).
    pub version: (u32, u32),
    /// The pages that are pictures.
    pub pages: Vec<ScanPage>,
}

/// A page that is a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanPage {
    /// Points per inch, along the side where there are fewer.
    pub dpi: u32,
    /// Whether the picture is in colour; `None` when the file does not say.
    pub colour: Option<bool>,
    /// Width of the page, mm.
    pub width: u32,
    /// Height of the page, mm.
    pub height: u32,
}

named_enum! {
    /// What does not conform; the labels say what to set.
    ScanFault {
        /// Before version 1.4.
        OldPdf = "old_pdf", "Tệp PDF thuộc phiên bản cũ: chọn lưu dạng PDF 1.4 trở lên.";
        /// In shades of grey or black and white.
        NotColour = "not_colour", "Bản quét không có màu: chọn chế độ quét màu (Color).";
        /// Below 200 dpi.
        LowResolution = "low_resolution", "Độ phân giải dưới 200 dpi: đặt độ phân giải (Resolution) từ 200 dpi trở lên.";
        /// Not the size of the paper.
        Scaled = "scaled", "Trang không đúng khổ giấy: đặt tỷ lệ quét 100%, khổ giấy như bản gốc (A4), không chọn “vừa trang” (Fit).";
        /// A picture and no PDF.
        Picture = "picture", "Bản quét là tệp ảnh: chọn quét thành tệp PDF.";
    }
}

/// At least so many points per inch.
pub const LEAST_DPI: u32 = 200;
/// Scanners round: so many points per inch below are no fault.
const DPI_TOLERANCE: u32 = 3;
/// Paper, short and long side in mm.
const PAPERS: [(u32, u32); 4] = [(297, 420), (210, 297), (148, 210), (216, 356)];
/// Scanners cut edges: so many mm are no fault.
const PAPER_TOLERANCE: u32 = 8;

/// What of a scan does not conform; nothing for a conforming one, and for a PDF whose pages are no pictures.
#[must_use]
pub fn check_scan(scan: &ScanFacts) -> Vec<ScanFault> {
    if scan.pages.is_empty() {
        return Vec::new();
    }
    let any = |is: fn(&ScanPage) -> bool| scan.pages.iter().any(is);
    let mut faults = Vec::new();
    if scan.version < (1, 4) {
        faults.push(ScanFault::OldPdf);
    }
    if scan.pages.iter().all(|page| page.colour == Some(false)) {
        faults.push(ScanFault::NotColour);
    }
    if any(|page| page.dpi + DPI_TOLERANCE < LEAST_DPI) {
        faults.push(ScanFault::LowResolution);
    }
    if any(|page| !is_paper(page)) {
        faults.push(ScanFault::Scaled);
    }
    faults
}

fn is_paper(page: &ScanPage) -> bool {
    let (short, long) = (page.width.min(page.height), page.width.max(page.height));
    PAPERS.iter().any(|(width, height)| {
        short.abs_diff(*width) <= PAPER_TOLERANCE && long.abs_diff(*height) <= PAPER_TOLERANCE
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: ScanPage = ScanPage {
        dpi: 200,
        colour: Some(true),
        width: 210,
        height: 297,
    };

    fn faults(version: (u32, u32), pages: &[ScanPage]) -> Vec<ScanFault> {
        check_scan(&ScanFacts {
            version,
            pages: pages.to_vec(),
        })
    }

    #[test]
    fn cn_109_pl1_a_scan_is_in_colour_at_200_dpi_in_the_size_of_its_paper() {
        assert_eq!(faults((1, 7), &[GOOD]), []);
        assert_eq!(faults((1, 3), &[]), [], "no scan, nothing to flag");
        assert_eq!(faults((1, 3), &[GOOD]), [ScanFault::OldPdf]);
        let grey = ScanPage {
            colour: Some(false),
            ..GOOD
        };
        assert_eq!(faults((1, 4), &[grey, grey]), [ScanFault::NotColour]);
        // A page of a list in black among pages in colour is how colour scanners save room.
        assert_eq!(faults((1, 4), &[grey, GOOD]), []);
        let unknown = ScanPage { colour: None, ..GOOD };
        assert_eq!(faults((1, 4), &[unknown]), []);
        let coarse = ScanPage { dpi: 150, ..GOOD };
        assert_eq!(faults((1, 4), &[GOOD, coarse]), [ScanFault::LowResolution]);
        assert_eq!(faults((1, 4), &[ScanPage { dpi: 198, ..GOOD }]), []);
        let small = ScanPage {
            width: 160,
            height: 226,
            ..GOOD
        };
        assert_eq!(faults((1, 4), &[small]), [ScanFault::Scaled]);
        for (width, height) in [(297, 210), (420, 297), (148, 210), (205, 300)] {
            let page = ScanPage {
                width,
                height,
                ..GOOD
            };
            assert_eq!(faults((1, 4), &[page]), [], "{width} × {height}");
        }
        for fault in ScanFault::ALL {
            assert!(
                fault.label().contains("chọn") || fault.label().contains("đặt"),
                "says what to set"
            );
        }
    }
}
