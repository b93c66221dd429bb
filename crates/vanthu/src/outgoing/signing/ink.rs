//! What the signatures of this installation look like: images of their owners and the typeface of official documents.

use std::sync::{Arc, OnceLock};

use pdf_signature::appearance::{Font, Fonts};
use rules::signing::KeyOwner;

use crate::{
    context::{App, Who},
    error::AppResult,
    signing::{
        images,
        keys::Binding,
        requests::{Ink, no_handwriting, no_seal},
    },
};

/// Read once: the typeface is that of the composer, which does not change while the program runs.
static FONTS: OnceLock<Arc<Fonts>> = OnceLock::new();

/// The appearance of the signatures of one key.
///
/// # Errors
/// `PL1-7d`, `PL1-8a` when the image of the owner is missing; when no font is installed.
pub async fn ink(app: &App, who: &Who, owner: KeyOwner, bound: &Binding) -> AppResult<Ink> {
    let mut ink = Ink {
        signer: bound.label.clone(),
        certificate: bound.chain.first().cloned().unwrap_or_default(),
        ..Ink::default()
    };
    match owner {
        KeyOwner::Person => {
            let image = images::handwriting(app, who.account()).await?;
            ink.handwriting = Some(image.ok_or_else(no_handwriting)?);
        }
        KeyOwner::Agency => {
            let seal = images::seal(app, who.agency()).await?.ok_or_else(no_seal)?;
            ink.seal = Some(seal.image);
            ink.fonts = Some(fonts(app).await?);
        }
    }
    Ok(ink)
}

/// The appearance of a signature of the agency that is text alone, without the image of its seal (PL1-8b; Phụ lục I Phần II Mục I).
///
/// # Errors
/// When no font is installed.
pub async fn ink_of_text(app: &App, bound: &Binding) -> AppResult<Ink> {
    Ok(Ink {
        signer: bound.label.clone(),
        certificate: bound.chain.first().cloned().unwrap_or_default(),
        fonts: Some(fonts(app).await?),
        ..Ink::default()
    })
}

async fn fonts(app: &App) -> AppResult<Arc<Fonts>> {
    if let Some(fonts) = FONTS.get() {
        return Ok(Arc::clone(fonts));
    }
    let made = app
        .heavy(|app| {
            let files = app.composer()?.serif_fonts()?;
            Ok::<_, anyhow::Error>(Fonts {
                regular: Font::new(files.regular.bytes, files.regular.index)?,
                italic: Font::new(files.italic.bytes, files.italic.index)?,
            })
        })
        .await??;
    Ok(Arc::clone(FONTS.get_or_init(|| Arc::new(made))))
}
