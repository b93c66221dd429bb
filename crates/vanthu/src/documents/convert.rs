//! DOCX and ODT to PDF, by LibreOffice when it is installed.

use std::{process::Stdio, time::Duration};

use tokio::process::Command;

use super::{StoredFile, intake};
use crate::{
    context::{App, Who},
    error::AppResult,
};

/// LibreOffice gets so long for one file.
const PATIENCE: Duration = Duration::from_secs(90);

/// Converts a text document to PDF. `None` when LibreOffice is not installed or cannot read the file.
///
/// # Errors
/// When the store fails.
pub async fn convert_to_pdf(app: &App, who: &Who, file: &StoredFile) -> AppResult<Option<StoredFile>> {
    let folder = tempfile::tempdir()?;
    let source = folder.path().join(&file.name);
    tokio::fs::write(&source, app.blobs.read(file.digest).await?).await?;
    let profile = format!(
        "-env:UserInstallation=file://{}",
        folder.path().join("profile").display()
    );
    let run = Command::new(&app.settings.documents.libreoffice)
        .args([
            &profile,
            "--headless",
            "--norestore",
            "--convert-to",
            "pdf",
            "--outdir",
        ])
        .arg(folder.path())
        .arg(&source)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .status();
    match tokio::time::timeout(PATIENCE, run).await {
        Ok(Ok(status)) if status.success() => {}
        Ok(Ok(_)) | Err(_) => return Ok(None),
        Ok(Err(error)) => {
            tracing::info!(%error, "LibreOffice could not be started");
            return Ok(None);
        }
    }
    let target = source.with_extension("pdf");
    let Ok(pdf) = tokio::fs::read(&target).await else {
        return Ok(None);
    };
    let mut writer = app.blobs.writer().await?;
    writer.write(&pdf).await?;
    let name = target
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("van-ban.pdf")
        .to_owned();
    Ok(Some(intake::take(app, who, &name, true, writer).await?))
}
