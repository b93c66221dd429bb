//! The files of a packet come in by the same door as uploads: size, name, content, marks of state secrecy.

use edxml::model::DocumentMessage;
use rules::{
    Refusal,
    ids::{AgencyId, FileId},
};

use super::{
    note::{FILE_REFUSED, Note},
    read::Read,
};
use crate::{
    context::App,
    documents::{self, state_secret},
    error::{AppError, AppResult},
    incoming::Announced,
};

/// The files that were kept.
#[derive(Debug, Default)]
pub struct Files {
    /// The main document: nothing marks it, so the first PDF (spec edxml 5).
    pub main: Option<FileId>,
    /// Pages of the main document.
    pub pages: Option<i64>,
    /// The others.
    pub others: Vec<FileId>,
    /// What the message announces, kept or not.
    pub announced: Vec<Announced>,
    /// Why files were not kept.
    pub notes: Vec<Note>,
}

/// Stores the files for `agency`. The inner error is a mark of state secrecy: nothing may be kept then.
///
/// # Errors
/// When the store or the database fails.
pub async fn store(
    app: &App,
    agency: AgencyId,
    message: &DocumentMessage,
    read: &Read,
) -> AppResult<Result<Files, Refusal>> {
    let mut files = Files::default();
    let main = message.main_attachment();
    for (place, attachment) in message.attachments.iter().enumerate() {
        let name = attachment
            .name
            .clone()
            .unwrap_or_else(|| format!("tep-dinh-kem-{}", place + 1));
        let Some(path) = attachment
            .content
            .as_ref()
            .and_then(|content| read.files.get(content.slot))
        else {
            files.announced.push(Announced { name, sha256: None });
            continue;
        };
        match documents::take_delivered(app, agency, &name, path).await {
            Ok(stored) => {
                files.announced.push(Announced {
                    name: stored.name,
                    sha256: Some(stored.digest.to_string()),
                });
                if main == Some(place) {
                    files.main = Some(stored.id);
                    files.pages = stored.pages;
                } else {
                    files.others.push(stored.id);
                }
            }
            Err(AppError::Refused(refusal)) if state_secret::is_mark(&refusal) => return Ok(Err(refusal)),
            Err(AppError::Refused(refusal)) => {
                files.notes.push(Note::new(
                    FILE_REFUSED,
                    format!("Không nhận tệp “{name}”: {}", refusal.message),
                ));
                files.announced.push(Announced { name, sha256: None });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Ok(files))
}
