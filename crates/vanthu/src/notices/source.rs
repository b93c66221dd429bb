//! What a notice tells of: a document that came into a box, or an envelope that goes from hand to hand.

use crate::{desk::DeskBox, web::page::Tone};

/// The kind of an envelope, as notices name it.
pub(super) const ENVELOPE: &str = "unopened";

/// Where something waits for its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// A box of documents.
    Box(DeskBox),
    /// Bì thư chuyển không bóc (ND30-21.1b): no document yet, so no box has it.
    Envelopes,
}

impl Source {
    /// Stable name, in the database and for programs.
    pub fn key(self) -> &'static str {
        match self {
            Self::Box(known) => known.key(),
            Self::Envelopes => "envelopes",
        }
    }

    /// Name on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Box(known) => known.label(),
            Self::Envelopes => "Bì thư chuyển không bóc",
        }
    }

    /// Icon of the sprite.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Box(known) => known.icon(),
            Self::Envelopes => "mail-opened",
        }
    }

    /// How loud it is.
    pub fn tone(self) -> Tone {
        match self {
            Self::Box(known) => known.tone(),
            Self::Envelopes => Tone::Info,
        }
    }

    /// The one of this key.
    pub fn by_key(key: &str) -> Option<Self> {
        if key == Self::Envelopes.key() {
            return Some(Self::Envelopes);
        }
        DeskBox::by_key(key).map(Self::Box)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pl6_iii_1i_no_box_of_documents_is_called_like_the_envelopes() {
        assert_eq!(DeskBox::by_key(Source::Envelopes.key()), None);
        assert_eq!(Source::by_key("envelopes"), Some(Source::Envelopes));
        assert_eq!(
            Source::by_key(DeskBox::Handling.key()),
            Some(Source::Box(DeskBox::Handling))
        );
    }
}
