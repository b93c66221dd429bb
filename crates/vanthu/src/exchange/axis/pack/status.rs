//! Thông điệp trạng thái (spec edxml 6).

use edxml::{
    Message,
    model::{Organ, Staff, StatusMessage},
};
use jiff::Timestamp;

use super::{Packet, Ready};
use crate::{context::App, error::AppResult, exchange::axis::queue::StatusContent};

/// The longest description that receivers are known to take, in characters.
const DESCRIPTION: usize = 500;
/// The longest name of a person.
const STAFF: usize = 100;

/// The message of a status, from the facts that were fixed when it happened.
///
/// # Errors
/// When the facts cannot be read.
#[expect(clippy::unused_async, reason = "the same shape as the packing of a document")]
pub async fn build(_app: &App, packet: &Packet) -> AppResult<Ready> {
    let facts: StatusContent = serde_json::from_str(&packet.content)?;
    let message = StatusMessage {
        from: Organ {
            organ_id: packet.from.clone(),
            organ_name: Some(facts.agency_name.clone()),
            ..Organ::default()
        },
        to: Vec::new(),
        response_for: facts.about,
        status_code: facts.code,
        description: Some(shortened(
            &format!("{} - {}: {}", facts.staff, facts.agency_name, facts.description),
            DESCRIPTION,
        )),
        timestamp: Some(whole_seconds(facts.at)),
        staff: Staff {
            department: Some(shortened(&facts.agency_name, 250)),
            staff: Some(shortened(&facts.staff, STAFF)),
            ..Staff::default()
        },
    };
    Ok(Ready {
        message: Message::Status(Box::new(message)),
        files: Vec::new(),
        notation: packet.notation.clone(),
        title: packet.title.clone(),
    })
}

/// The wire has no fractions of a second.
pub fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// The text, or its beginning up to a word and “…”.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    let whole = kept
        .rfind(char::is_whitespace)
        .map_or(kept.as_str(), |at| &kept[..at]);
    format!("{}…", whole.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_reason_ends_at_a_word() {
        assert_eq!(shortened("Thiếu phụ lục", 20), "Thiếu phụ lục");
        assert_eq!(shortened("Thiếu phụ lục kèm theo", 15), "Thiếu phụ lục…");
        assert_eq!(shortened("abcdefgh", 5), "abcd…");
    }
}
