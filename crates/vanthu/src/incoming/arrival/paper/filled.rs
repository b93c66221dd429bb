//! The form of registration, filled from elsewhere: from a message, from an envelope that came back.

use axum_extra::extract::cookie::CookieJar;
use rules::{ids::FileId, incoming::PaperChannel};
use uuid::Uuid;

use super::{
    form::form_page,
    reading::{self, Note, untouched},
};
use crate::{
    context::{App, Who},
    web::{Reply, page::Tone, render},
};

/// What is known before a person looks at it.
pub struct Filled {
    /// By which way it came.
    pub channel: PaperChannel,
    /// The main file; empty when it is still to be scanned.
    pub main: String,
    /// Whether the main file is the document, whose fields are read; a print of a message is not.
    pub reads_main: bool,
    /// Other files.
    pub others: Vec<String>,
    /// Who sent it; what is read of the file comes first.
    pub sender: String,
    /// About what; what is read of the file comes first.
    pub subject: String,
    /// Ghi chú.
    pub note: String,
    /// The envelope that it came in.
    pub unopened: String,
    /// What the person should know.
    pub notes: Vec<String>,
}

/// Shows the form.
///
/// # Errors
/// When the database or the store fails.
pub async fn filled_page(app: &App, who: &Who, jar: &CookieJar, filled: Filled) -> Reply {
    let mut typed = untouched();
    filled.channel.as_str().clone_into(&mut typed.channel);
    typed.kept_main = filled.main;
    typed.kept = filled.others;
    typed.note = filled.note;
    typed.unopened = filled.unopened;
    let mut note = Note {
        tone: Tone::Info,
        text: String::new(),
    };
    if !filled.reads_main {
        // Letters and mail bear no tên loại.
        typed.type_key = String::new();
    } else if let Ok(file) = typed.kept_main.parse::<Uuid>() {
        note = reading::fill(app, who, FileId::from_uuid(file), &mut typed).await?;
    }
    for (slot, value) in [
        (&mut typed.sender_name, filled.sender),
        (&mut typed.subject, filled.subject),
    ] {
        if slot.is_empty() {
            *slot = value;
        }
    }
    for more in filled.notes {
        if !note.text.is_empty() {
            note.text.push(' ');
        }
        note.text.push_str(&more);
    }
    render(&form_page(app, who, jar, typed, None, Some(note)).await?)
}
