//! Tải tệp: the main files of several documents in one ZIP archive, with a list that says of each what is in it (CN-130).

use std::{
    collections::HashSet,
    fmt::Write as _,
    fs::File,
    io::{Seek, SeekFrom, Write},
};

use axum::{extract::State, response::Response};
use rules::{ids::IncomingId, numbering::printed_number};
use store::Digest;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::several::Several;
use crate::{
    context::{App, Who},
    documents::{self, StoredFile},
    error::{AppError, AppResult},
    incoming::seen,
    web::{Submitted, zip_to_save},
};

/// One archive holds no more: it is laid on the disk of the server before it goes out.
const MOST_BYTES: i64 = 300 * 1024 * 1024;

/// The list in the archive; no stored file has this name.
const LIST: &str = "danh-sach.txt";

/// `POST /incoming/files`.
pub async fn page(State(app): State<App>, form: Submitted<Several>) -> AppResult<Response> {
    let mut list = String::new();
    let mut found: Vec<(String, Digest)> = Vec::new();
    let mut taken = HashSet::from([LIST.to_owned()]);
    let mut bytes = 0;
    for (place, id) in form.data.chosen()?.iter().enumerate() {
        let (title, told) = match main_file(&app, &form.who, *id).await {
            Ok((title, Some(file))) => {
                bytes += file.size;
                let name = free_name(&mut taken, &file.name);
                found.push((name.clone(), file.digest));
                (title, name)
            }
            Ok((title, None)) => (title, "văn bản không có tệp".to_owned()),
            Err(AppError::Internal(error)) => return Err(AppError::Internal(error)),
            Err(error) => ("Không lấy được tệp".to_owned(), error.problem().message),
        };
        // Writing into a text cannot fail.
        let _ = writeln!(list, "{}. {title}: {told}", place + 1);
    }
    if bytes > MOST_BYTES {
        return Err(AppError::BadInput(
            "Các tệp đã chọn lớn hơn 300 MB. Vui lòng chọn ít văn bản hơn rồi tải lại.".to_owned(),
        ));
    }
    let runtime = tokio::runtime::Handle::current();
    let file = tokio::task::spawn_blocking(move || {
        write(&list, found, |digest| {
            runtime.block_on(async { anyhow::Ok(app.blobs.open_verified(digest).await?.into_std().await) })
        })
    })
    .await
    .map_err(anyhow::Error::from)??;
    Ok(zip_to_save(file, "van-ban-den.zip")?)
}

/// What the list calls a document, and its main file.
async fn main_file(app: &App, who: &Who, id: IncomingId) -> AppResult<(String, Option<StoredFile>)> {
    let seen = seen::for_view(app, who, id).await?;
    let arrival = seen
        .arrival_number
        .and_then(|number| u32::try_from(number).ok())
        .map(|number| format!("số đến {}, ", printed_number(number)))
        .unwrap_or_default();
    let title = format!("{arrival}{}, {}", seen.printed_or_none(), seen.subject);
    let files = documents::files_of(app, seen.file_set).await?;
    let main = files.into_iter().find(|one| one.is_main);
    Ok((title, main.map(|one| one.file)))
}

/// The name as it is stored; two documents may have files of the same name, which some systems tell apart by more than case.
fn free_name(taken: &mut HashSet<String>, stored: &str) -> String {
    let stored = viet_text::corrected_file_name(stored);
    let mut name = stored.clone();
    let mut again = 1;
    while !taken.insert(name.to_lowercase()) {
        again += 1;
        name = format!("{again}-{stored}");
    }
    name
}

/// One file after the other is open. PDF, DOCX and pictures are compressed already.
fn write(
    list: &str,
    files: Vec<(String, Digest)>,
    open: impl Fn(Digest) -> anyhow::Result<File>,
) -> anyhow::Result<File> {
    let mut zip = ZipWriter::new(tempfile::tempfile()?);
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file(LIST, options)?;
    zip.write_all(list.as_bytes())?;
    for (name, digest) in files {
        zip.start_file(name, options)?;
        std::io::copy(&mut open(digest)?, &mut zip)?;
    }
    let mut file = zip.finish()?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cn_130_files_keep_their_names_and_none_covers_another() {
        let mut taken = HashSet::from([LIST.to_owned()]);
        let mut name = |stored| free_name(&mut taken, stored);
        assert_eq!(name("CV_01.pdf"), "CV_01.pdf");
        assert_eq!(name("cv_01.pdf"), "2-cv_01.pdf");
        assert_eq!(name("CV_01.pdf"), "3-CV_01.pdf");
        assert_eq!(name(LIST), "2-danh-sach.txt");
    }
}
