//! Composed documents: thể thức of NĐ 30 Phụ lục I, laid out to PDF by the crate `the-thuc`.

use the_thuc::OfficialDocument;

use super::{StoredFile, intake};
use crate::{
    context::{App, Who},
    error::AppResult,
};

/// Lays a document out and stores the PDF. Takes some tens of milliseconds, off the async threads.
///
/// # Errors
/// When no font is installed or the store fails.
pub async fn compose(
    app: &App,
    who: &Who,
    document: OfficialDocument,
    file_name: String,
) -> AppResult<StoredFile> {
    let (laid_out, at) = (app.clone(), app.clock.now());
    let composed = tokio::task::spawn_blocking(move || {
        let composed = laid_out.composer()?.compose(&document, at)?;
        anyhow::Ok(composed)
    })
    .await
    .map_err(anyhow::Error::from)??;
    let blob = app.blobs.put(&composed.pdf).await?;
    let pages = Some(i64::from(composed.pages));
    intake::record(
        app,
        Some(who),
        file_name,
        "application/pdf".to_owned(),
        blob,
        pages,
    )
    .await
}
