//! From an official document to the stored PDF, off the async threads and with errors that the drafter can mend.

use jiff::Timestamp;
use rules::{Refusal, ids::FileId};
use store::{Act, Blob, args, sql};
use the_thuc::OfficialDocument;

use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    outgoing::signing::places::Places,
};

/// A PDF in the store that no row names yet.
#[derive(Debug, Clone)]
pub struct Pdf {
    /// Its bytes.
    pub blob: Blob,
    /// Its pages.
    pub pages: i64,
    /// Where its boxes and blanks stand, when it was laid out here.
    pub places: Option<Places>,
}

/// Lays a document out and puts the PDF into the store.
///
/// # Errors
/// `PL1-G4` for text that cannot be printed; when no font is installed or the store fails.
pub async fn lay_out(app: &App, document: OfficialDocument, at: Timestamp) -> AppResult<Pdf> {
    let composed = app
        .heavy(move |app| Ok::<_, anyhow::Error>(app.composer()?.compose(&document, at)))
        .await??
        .map_err(|error| unprintable(error, "main_text"))?;
    let blob = app.blobs.put(&composed.pdf).await?;
    Ok(Pdf {
        blob,
        pages: i64::from(composed.pages),
        places: Places::of_layout(&composed.places),
    })
}

/// What the engine refuses, for whoever typed it into `field`.
pub fn unprintable(error: the_thuc::Error, field: &'static str) -> AppError {
    match error {
        the_thuc::Error::Unprintable { .. } => {
            Refusal::new("PL1-G4", "outgoing.unprintable", error.to_string())
                .on(field)
                .into()
        }
        other => AppError::Internal(other.into()),
    }
}

/// Notes a composed PDF as a file, inside the act that uses it.
///
/// # Errors
/// When the database fails.
pub async fn record(act: &mut Act, who: &Who, pdf: &Pdf, name: &str) -> AppResult<FileId> {
    let id = FileId::from_uuid(act.new_id());
    let now = act.now();
    let size = i64::try_from(pdf.blob.size).map_err(anyhow::Error::from)?;
    act.run(
        sql!(
            "INSERT INTO file (id, sha256, name, media_type, size, pages, account_id, agency_id, created_at) \
             VALUES ($1, $2, $3, 'application/pdf', $4, $5, $6, $7, $8)"
        ),
        args![
            id,
            pdf.blob.digest.as_bytes(),
            name,
            size,
            pdf.pages,
            who.account(),
            who.agency(),
            now
        ],
    )
    .await?;
    Ok(id)
}
