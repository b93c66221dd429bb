//! Handwritten signatures: a capital with a swing, a few letters of the given name, and a flourish below.

use super::canvas::{Canvas, Point, point};
use crate::Error;

/// The blue of ballpoint ink.
const BLUE: [u8; 3] = [22, 52, 158];
/// Pixels of the height of a small letter.
const UNIT: f64 = 92.0;
const MARGIN: f64 = 24.0;
const DPI: f64 = 600.0;

/// A handwritten signature in blue as PNG on a transparent background; the same name and seed give the same image, another seed
/// gives another hand. About 900 × 500 pixels.
///
/// # Errors
/// [`Error::Image`] when the PNG cannot be written.
pub fn handwriting_png(name: &str, seed: u64) -> Result<Vec<u8>, Error> {
    let mut hand = Hand::new(name, seed);
    let strokes = hand.write(name);
    let lines: Vec<Vec<Point>> = strokes.iter().map(|stroke| smooth(stroke)).collect();
    let all = || lines.iter().flatten();
    let least = |of: fn(&Point) -> f64| all().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&Point) -> f64| all().map(of).fold(f64::NEG_INFINITY, f64::max);
    let (left, top) = (least(|at| at.x), least(|at| at.y));
    let (right, bottom) = (most(|at| at.x), most(|at| at.y));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the extent of a drawing"
    )]
    let pixels = |length: f64| (length + 2.0 * MARGIN).ceil().clamp(50.0, 4000.0) as usize;
    let mut canvas = Canvas::new(pixels(right - left), pixels(bottom - top));
    for line in &lines {
        let moved: Vec<_> = line
            .iter()
            .map(|at| point(at.x - left + MARGIN, at.y - top + MARGIN))
            .collect();
        hand.ink(&mut canvas, &moved);
    }
    canvas.png(BLUE, DPI)
}

/// The habits of one hand.
struct Hand {
    random: u64,
    slant: f64,
    rise: f64,
    breadth: f64,
    pen: f64,
}

/// How a small letter is written.
#[derive(Clone, Copy)]
enum Shape {
    Tall,
    Deep,
    Round,
    Waves,
}

impl Shape {
    fn of(letter: char) -> Self {
        match letter {
            'b' | 'd' | 'đ' | 'f' | 'h' | 'k' | 'l' | 't' => Self::Tall,
            'g' | 'j' | 'p' | 'q' | 'y' | 'z' => Self::Deep,
            'm' | 'n' | 'r' | 'i' | 'v' | 'w' | 'x' | 'u' | 'ư' => Self::Waves,
            _ => Self::Round,
        }
    }

    /// From the foot of the letter before to its own foot, in heights of a small letter.
    fn path(self) -> &'static [(f64, f64)] {
        match self {
            Self::Tall => &[
                (0.30, 0.85),
                (0.62, 1.95),
                (0.42, 2.15),
                (0.26, 1.25),
                (0.30, 0.12),
                (0.62, 0.10),
            ],
            Self::Deep => &[
                (0.42, 0.82),
                (0.12, 0.55),
                (0.32, 0.10),
                (0.66, 0.78),
                (0.52, -0.55),
                (0.16, -1.30),
                (0.02, -0.85),
                (0.78, 0.10),
            ],
            Self::Round => &[
                (0.46, 0.78),
                (0.16, 0.66),
                (0.14, 0.16),
                (0.46, 0.14),
                (0.58, 0.70),
                (0.62, 0.14),
                (0.80, 0.12),
            ],
            Self::Waves => &[
                (0.20, 0.74),
                (0.28, 0.10),
                (0.50, 0.70),
                (0.58, 0.10),
                (0.78, 0.16),
            ],
        }
    }
}

/// Beginnings: a capital with a swing, ending at the line where the small letters begin.
const CAPITALS: [&[(f64, f64)]; 4] = [
    // up from the left, a tall narrow loop, and a cross-stroke through it
    &[
        (-0.55, 0.35),
        (0.10, 0.20),
        (0.95, 1.60),
        (1.35, 2.95),
        (1.05, 3.10),
        (0.85, 1.80),
        (0.75, 0.10),
        (0.35, 0.25),
        (0.55, 0.95),
        (1.25, 0.85),
        (1.60, 0.30),
    ],
    // a wide bow to the left, then down and round
    &[
        (1.35, 2.35),
        (0.85, 2.85),
        (0.15, 2.20),
        (-0.15, 1.00),
        (0.25, 0.05),
        (1.00, 0.30),
        (1.25, 1.20),
        (0.85, 1.50),
        (0.80, 0.75),
        (1.45, 0.20),
    ],
    // a stem with a roof
    &[
        (-0.20, 2.00),
        (0.10, 2.55),
        (0.70, 2.35),
        (0.45, 1.10),
        (0.20, -0.20),
        (-0.20, -0.15),
        (0.10, 0.70),
        (0.90, 2.30),
        (1.50, 2.55),
        (1.35, 1.60),
        (0.95, 1.20),
        (1.40, 0.85),
        (1.20, 0.05),
        (1.65, 0.20),
    ],
    // an S that begins high and ends with a loop
    &[
        (1.45, 2.45),
        (1.00, 2.90),
        (0.55, 2.25),
        (1.00, 1.40),
        (1.10, 0.45),
        (0.45, -0.05),
        (-0.10, 0.45),
        (0.60, 0.95),
        (1.60, 0.35),
    ],
];

impl Hand {
    fn new(name: &str, seed: u64) -> Self {
        // FNV-1a: stable between versions and machines
        let mut random = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for byte in name.bytes() {
            random = (random ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        let mut hand = Self {
            random,
            slant: 0.0,
            rise: 0.0,
            breadth: 1.0,
            pen: 0.0,
        };
        hand.slant = hand.between(0.18, 0.52);
        hand.rise = hand.between(0.03, 0.17);
        hand.breadth = hand.between(0.92, 1.25);
        hand.pen = hand.between(3.0, 4.2);
        hand
    }

    /// SplitMix64.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are a whole f64")]
    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        low + (high - low) * ((mixed >> 11) as f64 / (1_u64 << 53) as f64)
    }

    fn one_of(&mut self, count: usize) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a small index"
        )]
        let index = self.between(0.0, count as f64) as usize;
        index.min(count.saturating_sub(1))
    }

    /// The strokes in pixels, without an origin.
    fn write(&mut self, name: &str) -> Vec<Vec<Point>> {
        // people sign with the given name, which comes last
        let given = name.split_whitespace().last().unwrap_or("n").to_lowercase();
        let letters: Vec<char> = given.chars().map(plain).collect();
        let capital = self.one_of(CAPITALS.len());
        let mut path: Vec<(f64, f64)> = Vec::new();
        for (x, y) in CAPITALS[capital] {
            path.push((x + self.between(-0.07, 0.07), y + self.between(-0.09, 0.09)));
        }
        // a short name is written wide, as people do
        let stretch = match letters.len() {
            0..=2 => 2.2,
            3 => 1.7,
            4 => 1.3,
            _ => 1.0,
        };
        let mut x = 1.45;
        let mut size = 1.0;
        for letter in letters.iter().skip(1).take(6) {
            let shape = Shape::of(*letter);
            let width = self.between(0.9, 1.15) * self.breadth * size * stretch;
            for (dx, dy) in shape.path() {
                path.push((
                    x + dx * width + self.between(-0.03, 0.03),
                    dy * size + self.between(-0.05, 0.05),
                ));
            }
            x += shape.path().last().map_or(0.0, |end| end.0) * width;
            // a hand in a hurry writes ever smaller
            size *= 0.9;
        }
        path.extend(self.flourish(x, stretch));
        let mut strokes = vec![path];
        if given.chars().any(|letter| plain(letter) != letter) || self.between(0.0, 1.0) < 0.4 {
            // the mark of a tone, thrown over the letters
            let at = 1.2 + self.between(0.4, 0.7) * (x - 1.2);
            let up = self.between(1.7, 2.2);
            strokes.push(vec![(at, up), (at + 0.22, up + 0.17), (at + 0.62, up + 0.30)]);
        }
        strokes
            .into_iter()
            .map(|stroke| stroke.into_iter().map(|at| self.placed(at)).collect())
            .collect()
    }

    /// Out to the right and back below the name, then out again.
    fn flourish(&mut self, x: f64, stretch: f64) -> Vec<(f64, f64)> {
        let low = self.between(-0.95, -0.65);
        let reach = self.between(0.9, 1.7) * stretch;
        match self.one_of(3) {
            // one long sweep below
            0 => vec![
                (x + 0.55, 0.62),
                (x + 0.85, 0.10),
                (x * 0.70, low * 0.85),
                (x * 0.25, low - 0.25),
                (-0.25, low - 0.15),
                (0.05, low + 0.22),
                (x * 0.5, low + 0.12),
                (x + reach, low + 0.75),
            ],
            // a narrow loop back and out
            1 => vec![
                (x + 0.75, 0.45),
                (x + 1.05, -0.25),
                (x + 0.35, low - 0.35),
                (x * 0.55, low - 0.20),
                (x * 0.45, low + 0.18),
                (x * 0.8, low + 0.20),
                (x + reach + 0.5, low + 0.95),
            ],
            // a wave that runs out, with a tall loop at its end
            _ => vec![
                (x + 0.30, 0.55),
                (x + 0.60, 0.02),
                (x + 0.95, 0.50),
                (x + 1.30, 1.55),
                (x + 1.10, 1.80),
                (x + 0.98, 0.60),
                (x + 0.75, low),
                (x * 0.5, low - 0.45),
                (x * 0.15, low - 0.10),
                (x * 0.45, low + 0.25),
                (x + reach + 0.9, low + 0.60),
            ],
        }
    }

    /// Slanted, rising towards the right, in pixels with y downwards.
    fn placed(&self, (x, y): (f64, f64)) -> Point {
        let y = y + self.rise * x;
        point((x + self.slant * y) * UNIT, -y * UNIT)
    }

    /// The pen: heavier downwards, lighter upwards and at both ends.
    fn ink(&self, canvas: &mut Canvas, line: &[Point]) {
        let mut pressure = 0.6;
        let mut before = None;
        #[expect(clippy::cast_precision_loss, reason = "points of a line")]
        let count = line.len() as f64;
        for (index, pair) in line.windows(2).enumerate() {
            let (dx, dy) = (pair[1].x - pair[0].x, pair[1].y - pair[0].y);
            let length = dx.hypot(dy).max(1e-6);
            let wanted = 0.75 + 0.55 * (dy / length) - 0.12 * (length / 6.0).min(1.0);
            // the hand does not change its pressure at once
            pressure += (wanted - pressure) * 0.08;
            #[expect(clippy::cast_precision_loss, reason = "points of a line")]
            let along = index as f64 / count;
            let ends = (along * 30.0).min((1.0 - along) * 14.0).min(1.0);
            let radius = self.pen * pressure.max(0.5) * (0.55 + 0.45 * ends);
            canvas.stroke(pair[0], pair[1], (before.unwrap_or(radius), radius));
            before = Some(radius);
        }
    }
}

/// The letter without its mark, as far as its shape goes.
fn plain(letter: char) -> char {
    match letter {
        'á'..='ã' | 'à' | 'ă' | 'ạ'..='ặ' => 'a',
        'è'..='ê' | 'ẹ'..='ệ' => 'e',
        'ì' | 'í' | 'ĩ' | 'ỉ' | 'ị' => 'i',
        'ò'..='õ' | 'ơ' | 'ọ'..='ợ' => 'o',
        'ù' | 'ú' | 'ũ' | 'ư' | 'ụ'..='ự' => 'u',
        'ý' | 'ỳ'..='ỹ' => 'y',
        other => other,
    }
}

/// A smooth line through all points (centripetal Catmull-Rom, which makes no cusps), in short pieces.
fn smooth(points: &[Point]) -> Vec<Point> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Vec::new();
    };
    let mut guided = vec![*first];
    guided.extend(points);
    guided.push(*last);
    let mut line = Vec::new();
    for four in guided.windows(4) {
        let [p0, p1, p2, p3] = [four[0], four[1], four[2], four[3]];
        let apart = |a: Point, b: Point| (b.x - a.x).hypot(b.y - a.y).sqrt().max(1e-3);
        let (t1, t2) = (apart(p0, p1), apart(p0, p1) + apart(p1, p2));
        let t3 = t2 + apart(p2, p3);
        let mix = |a: Point, b: Point, from: f64, to: f64, t: f64| {
            let share = (t - from) / (to - from);
            point(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share)
        };
        for step in 0..40 {
            let t = t1 + (t2 - t1) * f64::from(step) / 40.0;
            let (a, b, c) = (
                mix(p0, p1, 0.0, t1, t),
                mix(p1, p2, t1, t2, t),
                mix(p2, p3, t2, t3, t),
            );
            line.push(mix(mix(a, b, 0.0, t2, t), mix(b, c, t1, t3, t), t1, t2, t));
        }
    }
    line.push(*last);
    line
}
