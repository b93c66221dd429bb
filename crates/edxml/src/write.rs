//! Writing a message with the habits of the library that the axis and most receivers know (spec edxml 2, 3): order,
//! prefixes, indentation, what is left out. The same message and files give the same bytes.
//!
//! Nothing is refused here for its content; [`crate::check`] says beforehand what a receiver would reject.

mod attachments;
mod document;
mod status;
mod xml;

use std::io::{self, Read, Write};

use thiserror::Error;

use crate::{Message, model::Attachment};

pub use attachments::{Wrapping, content_id, wrapping};

/// Why a message could not be written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WriteError {
    /// The receiving side failed.
    #[error("Không ghi được thông điệp: {0}. Đề nghị thử lại.")]
    Io(String),
    /// A file could not be read.
    #[error("Không đọc được tệp đính kèm “{name}”: {reason}. Đề nghị kiểm tra tệp và thử lại.")]
    Content {
        /// Its name.
        name: String,
        /// What the system says.
        reason: String,
    },
}

impl WriteError {
    /// Stable, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "io",
            Self::Content { .. } => "content",
        }
    }
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Io(error.to_string())
    }
}

/// Opens the files of a message: called once for each attachment with its place in the list, in order.
pub type OpenContent<'f, 'c> = dyn FnMut(usize, &Attachment) -> io::Result<Box<dyn Read + 'c>> + 'f;

/// Writes a message. Memory does not grow with the size of the files: each is read, packed if need be, and encoded on the
/// way. What [`Attachment::content`] says is only used to derive a content id that is missing.
///
/// # Errors
/// [`WriteError`]; what was written so far is then worthless.
pub fn write<W: Write>(message: &Message, open: &mut OpenContent<'_, '_>, out: W) -> Result<(), WriteError> {
    let mut xml = xml::Xml::new(out);
    match message {
        Message::Document(message) => document::write(&mut xml, message, open)?,
        Message::Status(message) => status::write(&mut xml, message)?,
    }
    xml.flush()?;
    Ok(())
}

/// [`write()`] in memory; the files in the order of the attachments.
///
/// # Errors
/// [`WriteError::Content`] when there are fewer files than attachments.
pub fn write_bytes(message: &Message, contents: &[Vec<u8>]) -> Result<Vec<u8>, WriteError> {
    let mut out = Vec::new();
    let mut open = |index: usize, _: &Attachment| -> io::Result<Box<dyn Read>> {
        let content = contents
            .get(index)
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(Box::new(io::Cursor::new(content.clone())))
    };
    write(message, &mut open, &mut out)?;
    Ok(out)
}
