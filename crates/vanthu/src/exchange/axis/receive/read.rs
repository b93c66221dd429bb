//! What a packet says: read off the async threads, files spooled to a folder that goes away with the packet.

use std::{io::BufReader, path::PathBuf};

use edxml::{
    Limits, Message, ReadError, ReadOptions, TempFolder, Warning, WarningCode, model::SignaturePresence,
};
use store::Digest;
use tempfile::TempDir;

use super::{
    lengths,
    note::{self, Note},
};
use crate::{context::App, error::AppResult, exchange::axis::connections::Connection};

/// More warnings of the reader than this nobody reads.
const MOST_NOTES: usize = 50;

/// A packet that was read.
pub struct Read {
    /// Of its bytes.
    pub digest: Digest,
    /// The message.
    pub message: Message,
    /// What had to be tolerated.
    pub warnings: Vec<Warning>,
    /// Which message it is, whatever was done to its form.
    pub fingerprint: [u8; 32],
    /// What can be said of the message signature: an axis that serialises anew leaves none that can be verified.
    pub signature: &'static str,
    /// Whether texts of it were too long and shortened.
    pub is_shortened: bool,
    /// The files, by slot.
    pub files: Vec<PathBuf>,
    _folder: TempDir,
}

impl Read {
    /// What the clerk is told of how it was read.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes: Vec<Note> = self.warnings.iter().take(MOST_NOTES).map(Note::from).collect();
        if self.is_shortened {
            notes.push(Note::new(
                note::SHORTENED,
                "Một số thông tin bên gửi ghi quá dài nên được rút gọn; nội dung đầy đủ có trong gói tin.",
            ));
        }
        notes
    }

    /// What may as well be damage on the way as the sender's own way of writing: the reader guessed what the bytes mean. A
    /// damaged letter of an identifier would be taken in as another document.
    pub fn oddity(&self) -> Option<&str> {
        let guessed = [
            WarningCode::Encoding,
            WarningCode::LeadingBytes,
            WarningCode::TrailingBytes,
        ];
        self.warnings
            .iter()
            .find(|warning| guessed.contains(&warning.code))
            .map(|warning| warning.message.as_str())
    }
}

/// Reads a packet of the store.
///
/// # Errors
/// When the store fails. What is wrong with the packet is the inner error.
pub async fn read(app: &App, connection: &Connection, digest: Digest) -> AppResult<Result<Read, ReadError>> {
    let file = app.blobs.open_verified(digest).await?.into_std().await;
    let limits = Limits {
        file: u64::from(connection.options.packet_mb) * 1024 * 1024,
        ..Limits::default()
    };
    let options = ReadOptions {
        limits,
        now: Some(app.clock.now()),
    };
    app.heavy(move |app| -> AppResult<Result<Read, ReadError>> {
        let folder = tempfile::tempdir_in(&app.settings.data.folder)?;
        let mut sink = TempFolder::new(folder.path());
        let received = match edxml::read(BufReader::new(file), &options, &mut sink) {
            Ok(received) => received,
            Err(error) => return Ok(Err(error)),
        };
        let fingerprint = edxml::fingerprint(&received.message);
        let mut message = received.message;
        let is_shortened = lengths::shorten(&mut message);
        let presence = match &message {
            Message::Document(document) => document.message_signature,
            Message::Status(_) => SignaturePresence::Absent,
        };
        Ok(Ok(Read {
            digest,
            fingerprint,
            signature: match presence {
                SignaturePresence::Absent => "absent",
                SignaturePresence::Dummy => "dummy",
                SignaturePresence::Present => "unverifiable",
            },
            message,
            is_shortened,
            warnings: received.warnings,
            files: sink.files().to_vec(),
            _folder: folder,
        }))
    })
    .await?
}
