//! Setting runs of text into a form.

use std::io::Write as _;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::font::UsedFont;
use super::{Appearance, AppearanceError, Area, POINTS_PER_MM};
use crate::update::{FormXObject, placeholder};

/// A run of text in one font, its beginning in points from the lower left corner of the form.
pub(super) struct Run<'a> {
    pub text: &'a str,
    /// Which of the fonts.
    pub font: usize,
    pub size: f64,
    pub x: f64,
    pub baseline: f64,
    /// Horizontal scaling, 1 for none.
    pub stretch: f64,
}

/// Black text on nothing.
pub(super) fn form(
    runs: &[Run<'_>],
    fonts: &mut [UsedFont<'_>],
    area: &Area,
) -> Result<Appearance, AppearanceError> {
    let mut content = String::from("q 0 g BT");
    for run in runs {
        let Some(font) = fonts.get_mut(run.font) else {
            continue;
        };
        content.push_str(&format!(
            " /F{} {} Tf {:.4} 0 0 1 {:.4} {:.4} Tm {} Tj",
            run.font,
            run.size,
            run.stretch,
            run.x,
            run.baseline,
            font.encode(run.text)?
        ));
    }
    content.push_str(" ET Q");
    let mut objects = Vec::new();
    let mut names = String::new();
    for (index, font) in fonts.iter().enumerate() {
        if runs.iter().any(|run| run.font == index) {
            names.push_str(&format!("/F{index} {} ", placeholder(objects.len())));
            objects.extend(font.objects(objects.len())?);
        }
    }
    let (width, height) = (area.width * POINTS_PER_MM, area.height * POINTS_PER_MM);
    Ok(Appearance {
        form: FormXObject {
            content: content.into_bytes(),
            bbox: [0.0, 0.0, width, height],
            resources: format!("<< /Font << {names}>> >>").into_bytes(),
            objects,
        },
        width_pt: width,
        height_pt: height,
    })
}

pub(super) fn deflated(bytes: &[u8]) -> std::io::Result<Arc<[u8]>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.into())
}
