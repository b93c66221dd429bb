//! `vanthu edxml extract`.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Args;
use edxml::TempFolder;
use viet_text::corrected_file_name;

use super::{ERRORS, read, unreadable};

/// Arguments of `vanthu edxml extract`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Tệp edXML.
    file: PathBuf,
    /// Thư mục nhận tệp; được tạo nếu chưa có.
    folder: PathBuf,
}

/// How often another name is tried for a file.
const TRIES: usize = 1000;

/// Writes the attachments into the folder. Their names are brought into the form of Điều 8, so none leaves the folder; a
/// name that is taken gets a number.
///
/// # Errors
/// When the folder cannot be written.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let folder = &arguments.folder;
    fs::create_dir_all(folder).with_context(|| format!("Không tạo được thư mục {}", folder.display()))?;
    let parts = tempfile::Builder::new()
        .prefix(".edxml-")
        .tempdir_in(folder)
        .with_context(|| format!("Không ghi được vào thư mục {}", folder.display()))?;
    let mut sink = TempFolder::new(parts.path());
    let received = match read(&arguments.file, &mut sink) {
        Ok(received) => received,
        Err(error) => return Ok(unreadable(&error)),
    };
    let attachments = received
        .message
        .as_document()
        .map(|document| document.attachments.as_slice())
        .unwrap_or_default();
    let mut is_complete = true;
    for attachment in attachments {
        let name = attachment.name.as_deref().unwrap_or_default();
        let content = attachment
            .content
            .as_ref()
            .and_then(|content| sink.file(content.slot));
        match content {
            Some(content) => {
                let path = place(content, folder, &corrected_file_name(name))?;
                println!("{}", path.display());
            }
            None => {
                is_complete = false;
                eprintln!("Thiếu tệp: {}", name.escape_debug());
            }
        }
    }
    Ok(ExitCode::from(if is_complete { 0 } else { ERRORS }))
}

/// Copies to a new file of this name, or of the name with a number.
fn place(content: &Path, folder: &Path, name: &str) -> anyhow::Result<PathBuf> {
    for number in 1..=TRIES {
        let path = folder.join(numbered(name, number));
        let opened = OpenOptions::new().write(true).create_new(true).open(&path);
        let mut out = match opened {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
            other => other.with_context(|| format!("Không ghi được tệp {}", path.display()))?,
        };
        io::copy(&mut File::open(content)?, &mut out)
            .with_context(|| format!("Không ghi được tệp {}", path.display()))?;
        return Ok(path);
    }
    anyhow::bail!("Thư mục {} đã có quá nhiều tệp tên {name}", folder.display())
}

fn numbered(name: &str, number: usize) -> String {
    if number == 1 {
        return name.to_owned();
    }
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{number}.{extension}"),
        None => format!("{name}-{number}"),
    }
}
