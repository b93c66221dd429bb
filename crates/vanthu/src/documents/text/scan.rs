//! How a PDF was scanned: its pages that are pictures, measured by where the picture is drawn.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, content::Content};
use rules::file_rules::{ScanFacts, ScanPage};

/// Pages that are measured.
const PAGES: usize = 30;
/// Instructions of a page: one that is a picture has a handful, one with recognised letters some thousands.
const MAX_INSTRUCTIONS: usize = 4 * 1024 * 1024;
/// A picture that covers so much of the page is the page.
const WHOLE: f64 = 0.8;
/// Dictionaries above a page.
const DEPTH: usize = 32;

/// Turning, stretching and moving, as PDF writes it.
type Matrix = [f64; 6];

/// The scanned pages; `None` when no page is a picture.
pub fn measured(document: &Document, pages: &BTreeMap<u32, ObjectId>) -> Option<ScanFacts> {
    let pages: Vec<ScanPage> = pages
        .values()
        .take(PAGES)
        .filter_map(|page| scanned(document, *page))
        .collect();
    (!pages.is_empty()).then(|| ScanFacts {
        version: version(document),
        pages,
    })
}

fn version(document: &Document) -> (u32, u32) {
    let read = |text: &str| {
        let (major, minor) = text.trim().split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    };
    // The catalogue may say a later one than the head of the file.
    let later = document
        .catalog()
        .ok()
        .and_then(|catalog| catalog.get(b"Version").ok())
        .and_then(|name| name.as_name().ok())
        .and_then(|name| read(&String::from_utf8_lossy(name)));
    read(&document.version).max(later).unwrap_or((1, 4))
}

fn scanned(document: &Document, page: ObjectId) -> Option<ScanPage> {
    let dictionary = document.get_dictionary(page).ok()?;
    let [x0, y0, x1, y1] = media_box(document, dictionary)?;
    let (width, height) = ((x1 - x0).abs(), (y1 - y0).abs());
    if width < 1.0 || height < 1.0 {
        return None;
    }
    let content = document
        .get_page_content_with_limit(page, MAX_INSTRUCTIONS)
        .ok()?;
    let content = Content::decode(&content).ok()?;
    let mut at: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
    let mut kept = Vec::new();
    let mut found: Option<ScanPage> = None;
    for operation in &content.operations {
        match operation.operator.as_str() {
            "q" => kept.push(at),
            "Q" => at = kept.pop().unwrap_or(at),
            "cm" => {
                if let Some(more) = matrix(&operation.operands) {
                    at = product(more, at);
                }
            }
            "Do" => {
                let name = operation.operands.first().and_then(|name| name.as_name().ok());
                let Some(picture) = name.and_then(|name| picture(document, dictionary, name)) else {
                    continue;
                };
                let across = at[0].hypot(at[1]);
                let down = at[2].hypot(at[3]);
                if across * down < WHOLE * width * height {
                    continue;
                }
                let dpi = (picture.width / (across / 72.0)).min(picture.height / (down / 72.0));
                let user = unit(dictionary);
                found = Some(ScanPage {
                    dpi: whole(dpi / user),
                    colour: picture.colour,
                    width: whole(width * user * 25.4 / 72.0),
                    height: whole(height * user * 25.4 / 72.0),
                });
            }
            _ => {}
        }
    }
    found
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounded and within bounds"
)]
fn whole(value: f64) -> u32 {
    value.round().clamp(0.0, 100_000.0) as u32
}

/// Size of a unit of this page, 1/72 inch unless it says otherwise.
fn unit(page: &Dictionary) -> f64 {
    page.get(b"UserUnit")
        .ok()
        .and_then(number)
        .filter(|unit| *unit > 0.0)
        .unwrap_or(1.0)
}

fn number(object: &Object) -> Option<f64> {
    object.as_float().ok().map(f64::from)
}

fn matrix(operands: &[Object]) -> Option<Matrix> {
    let numbers: Option<Vec<f64>> = operands.iter().map(number).collect();
    numbers?.try_into().ok()
}

fn product(one: Matrix, other: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = one;
    let [g, h, i, j, k, l] = other;
    [
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + l,
    ]
}

/// The box of a page, its own or that of the pages above.
fn media_box(document: &Document, page: &Dictionary) -> Option<[f64; 4]> {
    let mut node = page;
    for _ in 0..DEPTH {
        if let Ok(found) = node.get(b"MediaBox") {
            let (_, found) = document.dereference(found).ok()?;
            let sides: Option<Vec<f64>> = found
                .as_array()
                .ok()?
                .iter()
                .map(|side| document.dereference(side).ok().and_then(|(_, side)| number(side)))
                .collect();
            return sides?.try_into().ok();
        }
        node = document.get_dict_in_dict(node, b"Parent").ok()?;
    }
    None
}

struct Picture {
    width: f64,
    height: f64,
    colour: Option<bool>,
}

/// A picture of the page by its name.
fn picture(document: &Document, page: &Dictionary, name: &[u8]) -> Option<Picture> {
    let mut node = page;
    for _ in 0..DEPTH {
        let found = document
            .get_dict_in_dict(node, b"Resources")
            .and_then(|resources| document.get_dict_in_dict(resources, b"XObject"))
            .and_then(|objects| objects.get(name));
        if let Ok(object) = found {
            let (_, object) = document.dereference(object).ok()?;
            let dictionary = &object.as_stream().ok()?.dict;
            let is_image = dictionary.get(b"Subtype").and_then(Object::as_name).ok() == Some(&b"Image"[..]);
            let side = |key: &[u8]| {
                let (_, side) = document.dereference(dictionary.get(key).ok()?).ok()?;
                number(side).filter(|side| *side >= 1.0)
            };
            return is_image.then_some(Picture {
                width: side(b"Width")?,
                height: side(b"Height")?,
                colour: colour(document, dictionary),
            });
        }
        node = document.get_dict_in_dict(node, b"Parent").ok()?;
    }
    None
}

/// Whether a picture is in colour; `None` when its space of colours does not tell.
fn colour(document: &Document, picture: &Dictionary) -> Option<bool> {
    let is_mask = picture
        .get(b"ImageMask")
        .and_then(Object::as_bool)
        .unwrap_or(false);
    if is_mask {
        return Some(false);
    }
    let (_, space) = document.dereference(picture.get(b"ColorSpace").ok()?).ok()?;
    of_space(document, space, 0)
}

fn of_space(document: &Document, space: &Object, depth: usize) -> Option<bool> {
    if depth > 4 {
        return None;
    }
    if let Ok(name) = space.as_name() {
        return match name {
            b"DeviceGray" | b"CalGray" | b"G" => Some(false),
            b"DeviceRGB" | b"CalRGB" | b"DeviceCMYK" | b"RGB" | b"CMYK" | b"Lab" => Some(true),
            _ => None,
        };
    }
    let parts = space.as_array().ok()?;
    let part = |at: usize| {
        let (_, part) = document.dereference(parts.get(at)?).ok()?;
        Some(part)
    };
    match part(0)?.as_name().ok()? {
        b"ICCBased" => {
            let channels = part(1)?.as_stream().ok()?.dict.get(b"N").ok()?.as_i64().ok()?;
            Some(channels > 1)
        }
        b"Indexed" | b"I" => of_space(document, part(1)?, depth + 1),
        b"CalGray" => Some(false),
        b"CalRGB" | b"Lab" => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rules::file_rules::{ScanFault, check_scan};

    use super::*;
    use crate::testing::scans::scan;

    fn facts(content: &[u8]) -> Option<ScanFacts> {
        let document = Document::load_mem(content).unwrap();
        let pages = document.get_pages();
        measured(&document, &pages)
    }

    fn rgb() -> Object {
        "DeviceRGB".into()
    }

    #[test]
    fn cn_109_a_scan_is_measured_by_its_points_on_its_paper() {
        // 200 dpi on A4 are 1654 × 2339 points.
        let good = facts(&scan("1.4", (1654, 2339), rgb(), 1.0)).unwrap();
        let page = good.pages[0];
        assert!((199..=201).contains(&page.dpi), "{page:?}");
        assert_eq!((page.colour, page.width, page.height), (Some(true), 210, 297));
        assert_eq!(check_scan(&good), []);
        let faults = |version, points, space| check_scan(&facts(&scan(version, points, space, 1.0)).unwrap());
        assert_eq!(faults("1.4", (827, 1170), rgb()), [ScanFault::LowResolution]);
        assert_eq!(faults("1.3", (1654, 2339), rgb()), [ScanFault::OldPdf]);
        assert_eq!(
            faults("1.4", (1654, 2339), "DeviceGray".into()),
            [ScanFault::NotColour]
        );
        let indexed = vec![
            "Indexed".into(),
            "DeviceGray".into(),
            1.into(),
            Object::string_literal("ab"),
        ];
        assert_eq!(
            faults("1.4", (1654, 2339), indexed.into()),
            [ScanFault::NotColour]
        );
    }

    #[test]
    fn cn_109_a_picture_on_a_page_of_text_is_no_scan() {
        assert_eq!(facts(&scan("1.4", (100, 100), rgb(), 0.3)), None);
        assert_eq!(facts(&crate::testing::pdf("Cong van")), None);
    }
}
