//! From the bytes of a PDF to positioned text, with limits: the bytes come from outside and are never trusted.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, InterpreterSettings, Paint,
    PathDrawMode, SoftMask, TransformExt,
    font::Glyph,
    hayro_cmap::BfString,
    hayro_syntax::{LoadPdfError, Pdf},
    interpret_page,
};
use kurbo::{Affine, BezPath, Rect};
use unicode_normalization::char::is_combining_mark;

use super::{
    lines::{Mark, lines},
    page::Page,
    words::is_recipients_line,
};

/// How much of a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadLimits {
    /// A larger file is not opened.
    pub bytes: usize,
    /// Pages looked at; the reading ends before when the signature was found.
    pub pages: usize,
    /// Signs on all pages together.
    pub signs: usize,
    /// No further page is begun after this time.
    pub time: Duration,
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self {
            bytes: 50 * 1024 * 1024,
            pages: 60,
            signs: 500_000,
            time: Duration::from_secs(10),
        }
    }
}

/// The instructions of one page; a page of text has some tens of kilobytes.
const MAX_INSTRUCTIONS: usize = 16 * 1024 * 1024;

/// Why nothing was read. The texts are shown to the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unreadable {
    /// A scan: images and no text.
    #[error("Tệp là bản chụp không có lớp chữ nên không tự điền được. Đề nghị nhập thông tin theo văn bản.")]
    NoText,
    /// There is text, but its fonts do not tell which letters it is made of.
    #[error(
        "Phông chữ trong tệp không cho biết mã chữ Unicode nên không đọc được chữ. Đề nghị nhập thông tin theo văn bản."
    )]
    NoLetters,
    /// Opening it needs a password.
    #[error("Tệp có mật khẩu nên không đọc được. Đề nghị yêu cầu nơi gửi cung cấp tệp không khóa.")]
    Locked,
    /// No PDF, or a damaged one.
    #[error("Tệp không phải PDF hoặc bị hỏng nên không đọc được.")]
    Damaged,
    /// Beyond [`ReadLimits`].
    #[error("Tệp quá lớn nên không tự điền được. Đề nghị nhập thông tin theo văn bản.")]
    TooLarge,
}

/// The positioned text of the pages up to the signature.
///
/// # Errors
/// As [`super::read_pdf`].
pub fn pages_of_pdf(content: &[u8], limits: &ReadLimits) -> Result<Vec<Page>, Unreadable> {
    if content.len() > limits.bytes {
        return Err(Unreadable::TooLarge);
    }
    // The interpreter is a library over foreign bytes: should it panic, the file counts as damaged.
    std::panic::catch_unwind(|| read(content, limits)).unwrap_or(Err(Unreadable::Damaged))
}

fn read(content: &[u8], limits: &ReadLimits) -> Result<Vec<Page>, Unreadable> {
    let began = Instant::now();
    let pdf = Pdf::new(content.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Unreadable::Locked,
        LoadPdfError::Invalid => Unreadable::Damaged,
    })?;
    let font_missing = Arc::new(AtomicBool::new(false));
    let settings = settings(&font_missing);
    let cache = InterpreterCache::new();
    let mut signs = Signs::default();
    let mut pages = Vec::new();
    let mut after_signature = false;
    let mut shows_text = false;
    for page in pdf.pages().iter().take(limits.pages) {
        if began.elapsed() > limits.time || signs.letters > limits.signs {
            break;
        }
        if page
            .page_stream()
            .is_some_and(|stream| stream.len() > MAX_INSTRUCTIONS)
        {
            return Err(Unreadable::TooLarge);
        }
        let (width, height) = page.render_dimensions();
        let (width, height) = (f64::from(width), f64::from(height));
        let mut context = Context::new(
            page.initial_transform(true).to_kurbo(),
            Rect::new(0.0, 0.0, width, height),
            &cache,
            pdf.xref(),
            settings.clone(),
        );
        shows_text |= page.page_stream().is_some_and(shows_signs);
        signs.limit = limits.signs;
        interpret_page(page, &mut context, &mut signs);
        let page = Page {
            width,
            height,
            lines: lines(std::mem::take(&mut signs.marks)),
        };
        let signed_here = page.lines.iter().any(is_recipients_line);
        pages.push(page);
        // a signature may stand at the top of the page after the recipients, not further on
        if after_signature {
            break;
        }
        after_signature = signed_here;
    }
    if signs.letters == 0 {
        // programs of scanners name a font that nothing is written in
        let no_font = shows_text && font_missing.load(Ordering::Relaxed);
        return Err(if no_font {
            Unreadable::NoLetters
        } else {
            Unreadable::NoText
        });
    }
    // a few unknown signs are bullets and drawings, many are a font without letters
    if signs.unknown * 5 > signs.letters {
        return Err(Unreadable::NoLetters);
    }
    Ok(pages)
}

/// Whether the instructions of a page write anything.
fn shows_signs(instructions: &[u8]) -> bool {
    instructions.windows(2).any(|pair| matches!(pair, b"Tj" | b"TJ"))
}

fn settings(font_missing: &Arc<AtomicBool>) -> InterpreterSettings {
    let missing = Arc::clone(font_missing);
    InterpreterSettings {
        font_resolver: Arc::new(move |_| {
            missing.store(true, Ordering::Relaxed);
            None
        }),
        // number and day that were stamped on the document are appearances of its signatures
        render_annotations: true,
        ..InterpreterSettings::default()
    }
}

/// Takes the signs of a page and nothing else.
#[derive(Default)]
struct Signs {
    marks: Vec<Mark>,
    styles: HashMap<u128, (bool, bool)>,
    letters: usize,
    unknown: usize,
    limit: usize,
    drawn: usize,
}

impl Signs {
    fn style(&mut self, glyph: &Glyph<'_>) -> (bool, bool) {
        let Glyph::Outline(outline) = glyph else {
            return (false, false);
        };
        *self.styles.entry(outline.font_cache_key()).or_insert_with(|| {
            outline.font_data().map_or((false, false), |font| {
                let name = font.postscript_name.unwrap_or_default().to_lowercase();
                let bold = name.contains("bold") || font.weight.is_some_and(|weight| weight >= 600);
                let italic = name.contains("italic") || name.contains("oblique") || font.is_italic;
                (bold, italic)
            })
        })
    }

    fn take(&mut self, glyph: &Glyph<'_>, transform: Affine, outlined: bool) {
        self.drawn += 1;
        if self.letters >= self.limit {
            return;
        }
        let [a, b, c, d, x, y] = transform.as_coeffs();
        let size = c.hypot(d) * 1000.0;
        let upright = a > 0.0 && b.abs() <= a * 0.05;
        if !upright || ![size, x, y].iter().all(|number| number.is_finite()) || !(2.0..=200.0).contains(&size)
        {
            return;
        }
        let text = match glyph.as_unicode() {
            Some(BfString::Char(sign)) => sign.to_string(),
            Some(BfString::String(signs)) => signs,
            None => String::new(),
        };
        let space = !text.is_empty() && text.chars().all(char::is_whitespace);
        let text: String = text
            .chars()
            .filter(|sign| !sign.is_control() && *sign != '\u{ad}')
            .collect();
        if !space {
            self.letters += 1;
            let private = |sign: char| matches!(sign, '\u{e000}'..='\u{f8ff}' | '\u{fffd}');
            if text.is_empty() || text.chars().all(private) {
                self.unknown += 1;
                return;
            }
        }
        if let Some(before) = self.marks.last_mut() {
            if text.chars().all(is_combining_mark) && !text.is_empty() {
                before.text.push_str(&text);
                return;
            }
            // filled and then outlined: bold made of a font that has no bold
            if outlined && before.text == text && (before.x0 - x).abs() < 0.01 && (before.y - y).abs() < 0.01
            {
                before.bold = true;
                return;
            }
        }
        let advance = match glyph {
            Glyph::Outline(outline) => outline.advance_width().map_or(500.0, f64::from),
            Glyph::Type3(_) => 500.0,
        };
        let (bold, italic) = self.style(glyph);
        let width = (advance * a).clamp(0.0, size * 4.0);
        self.marks.push(Mark {
            x0: x,
            x1: x + width,
            y,
            size,
            bold,
            italic,
            order: self.drawn,
            space,
            text,
        });
    }
}

impl<'a> Device<'a> for Signs {
    fn set_soft_mask(&mut self, _: Option<SoftMask<'a>>) {}

    fn set_blend_mode(&mut self, _: BlendMode) {}

    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'a>, _: &PathDrawMode) {}

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn draw_glyph(
        &mut self,
        glyph: &Glyph<'a>,
        transform: Affine,
        glyph_transform: Affine,
        _: &Paint<'a>,
        mode: &GlyphDrawMode,
    ) {
        self.take(
            glyph,
            transform * glyph_transform,
            matches!(mode, GlyphDrawMode::Stroke(_)),
        );
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: Affine) {}

    fn pop_clip_path(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}
