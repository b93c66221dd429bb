//! Round red seals.

use std::f64::consts::PI;

use ttf_parser::Face;

use super::canvas::{Canvas, Point, point};
use super::lettering::Arc;
use crate::Error;

/// The red of stamping ink.
const RED: [u8; 3] = [214, 24, 36];
/// Largest image, pixels in each direction.
const LIMIT: f64 = 4096.0;

/// A round seal as PNG on a transparent background: a double ring, the agency's name around the top, the place around the foot, a
/// star in the middle. `diameter_mm` is that of the outer ring, which touches the edges of the image; `font` holds the bytes of a
/// font with Vietnamese capitals (a bold serif looks right). 36 mm at 600 dpi give 850 × 850 pixels.
///
/// # Errors
/// [`Error::Image`] for an image above 4096 or below 100 pixels, an unreadable font or one that lacks a letter.
pub fn seal_png(
    agency: &str,
    place: &str,
    diameter_mm: f64,
    dpi: f64,
    font: &[u8],
) -> Result<Vec<u8>, Error> {
    let pixels = (diameter_mm / 25.4 * dpi).round();
    if !(100.0..=LIMIT).contains(&pixels) {
        return Err(Error::Image(format!("{pixels} điểm ảnh")));
    }
    let face = Face::parse(font, 0).map_err(|error| Error::Image(error.to_string()))?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked above"
    )]
    let side = pixels as usize;
    let mut canvas = Canvas::new(side, side);
    let middle = point(pixels / 2.0, pixels / 2.0);
    // all in shares of the radius
    let radius = pixels / 2.0;
    for (share, width) in [(0.982, 0.036), (0.925, 0.012), (0.58, 0.014)] {
        canvas.ring(middle, share * radius, width * radius);
    }
    let top = agency.trim().to_uppercase();
    let foot = place.trim().to_uppercase();
    let arc = |at_foot, room| Arc {
        face: &face,
        middle,
        // marks stand above capitals: outwards at the top, inwards at the foot
        radius: radius * if at_foot { 0.765 } else { 0.742 },
        size: radius * 0.225,
        room,
        at_foot,
    };
    // a long name takes more of the circle than the place
    let both = (top.chars().count() + foot.chars().count()).max(1);
    #[expect(clippy::cast_precision_loss, reason = "letters of a name")]
    let share = top.chars().count() as f64 / both as f64;
    let room = 2.0 * PI - 0.9;
    let (top_room, foot_room) = if foot.is_empty() {
        (room, 0.0)
    } else {
        let top_room = room * share.clamp(0.3, 0.72);
        (top_room, room - top_room)
    };
    let mut outlines = arc(false, top_room).outlines(&top)?;
    outlines.extend(arc(true, foot_room).outlines(&foot)?);
    canvas.fill(&outlines);
    // in another filling, so that shapes of the other direction do not cancel each other
    let mut stars = vec![star(middle, 0.40 * radius, -PI / 2.0)];
    if !foot.is_empty() {
        // between the two texts
        let natural = |arc: &Arc<'_>, text: &str| text_angle(arc, text).min(arc.room) / 2.0;
        let above = natural(&arc(false, top_room), &top);
        let below = PI - natural(&arc(true, foot_room), &foot);
        let angle = f64::midpoint(above, below);
        for direction in [-PI / 2.0 - angle, -PI / 2.0 + angle] {
            let at = point(
                middle.x + 0.752 * radius * direction.cos(),
                middle.y + 0.752 * radius * direction.sin(),
            );
            stars.push(star(at, 0.066 * radius, direction));
        }
    }
    canvas.fill(&stars);
    canvas.png(RED, dpi)
}

fn text_angle(arc: &Arc<'_>, text: &str) -> f64 {
    let units: f64 = text
        .chars()
        .filter_map(|letter| arc.face.glyph_index(letter))
        .filter_map(|glyph| arc.face.glyph_hor_advance(glyph))
        .map(f64::from)
        .sum();
    units / f64::from(arc.face.units_per_em()) * arc.size / arc.radius
}

/// A five-pointed star of the flag's proportions, one point in the direction given.
fn star(middle: Point, radius: f64, direction: f64) -> Vec<Point> {
    (0..10)
        .map(|corner| {
            let reach = if corner % 2 == 0 { radius } else { radius * 0.382 };
            let angle = direction + f64::from(corner) * PI / 5.0;
            point(middle.x + reach * angle.cos(), middle.y + reach * angle.sin())
        })
        .collect()
}
