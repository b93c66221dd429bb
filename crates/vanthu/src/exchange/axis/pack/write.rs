//! The bytes of a message: written to a file first, then into the store, whatever their size.

use std::{
    io::{self, BufWriter, Read, Seek, SeekFrom, Write},
    sync::{Mutex, PoisonError},
};

use edxml::{Message, model::Attachment};
use store::{Blob, Digest};
use tokio::io::AsyncReadExt;

use crate::{context::App, error::AppResult};

/// Writes a message with its files and gives where it lies. The same message gives the same bytes.
///
/// # Errors
/// When a file is missing or damaged, or the disk is full.
pub async fn to_store(app: &App, message: Message, files: &[Digest]) -> AppResult<Blob> {
    let mut opened = Vec::with_capacity(files.len());
    for digest in files {
        let file = app.blobs.open_verified(*digest).await?;
        opened.push(Some(file.into_std().await));
    }
    let written = app
        .heavy(move |app| -> anyhow::Result<std::fs::File> {
            let mut out = tempfile::tempfile_in(&app.settings.data.folder)?;
            let opened = Mutex::new(opened);
            let mut open = |place: usize, _: &Attachment| -> io::Result<Box<dyn Read>> {
                let mut opened = opened.lock().unwrap_or_else(PoisonError::into_inner);
                let file = opened.get_mut(place).and_then(Option::take);
                Ok(Box::new(
                    file.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?,
                ))
            };
            let mut buffered = BufWriter::new(&mut out);
            edxml::write(&message, &mut open, &mut buffered)?;
            buffered.flush()?;
            drop(buffered);
            out.seek(SeekFrom::Start(0))?;
            Ok(out)
        })
        .await??;
    let mut from = tokio::fs::File::from_std(written);
    let mut writer = app.blobs.writer().await?;
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = from.read(&mut piece).await?;
        if read == 0 {
            break;
        }
        writer.write(&piece[..read]).await?;
    }
    Ok(writer.finish().await?)
}
