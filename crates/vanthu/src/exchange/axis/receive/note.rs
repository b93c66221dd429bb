//! What a clerk is told about a packet besides its document.

use edxml::Warning;
use serde::{Deserialize, Serialize};

/// A warning: of the reader of messages, or one of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Stable name.
    pub code: String,
    /// A Vietnamese sentence.
    pub message: String,
}

impl Note {
    /// One of ours.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
        }
    }
}

impl From<&Warning> for Note {
    fn from(warning: &Warning) -> Self {
        let message = if warning.at.is_empty() {
            warning.message.clone()
        } else {
            format!("{} ({})", warning.message, warning.at)
        };
        Self::new(
            warning.code.as_str(),
            message.chars().take(500).collect::<String>(),
        )
    }
}

/// The sender in the message is not the one that the channel names (spec edxml 13.1 R14).
pub const SENDER_MISMATCH: &str = "sender_mismatch";
/// The same identifier came before with another content (CN-108).
pub const RESENT: &str = "resent";
/// A file was not kept.
pub const FILE_REFUSED: &str = "file_refused";
/// It says that it replaces others, and the channel does not vouch for its sender.
pub const REPLACES_UNVOUCHED: &str = "replaces_unvouched";
/// Texts of it were too long.
pub const SHORTENED: &str = "shortened";
/// A state that we do not know.
pub const UNKNOWN_STATUS: &str = "unknown_status";
