//! What a notice tells of: a document that came into a box or was returned to its sender, or an envelope that goes from hand to hand.

use crate::{
    desk::{DeskBox, place::Place},
    web::page::Tone,
};

/// The kind of an envelope, as notices name it.
pub(super) const ENVELOPE: &str = "unopened";

/// Where something waits for its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// A box of documents.
    Box(DeskBox),
    /// An urgent document that arrives: to be presented at once (QD28-6.2), so it is told apart from all others.
    Urgent,
    /// Bì thư chuyển không bóc (ND30-21.1b): no document yet, so no box has it.
    Envelopes,
    /// Something was wrong with a document that came, and it went back to its sender: told to the head of the agency (ND30-21.1a).
    Returned,
}

/// Whether being moved from one of these places to the other is no news to their owner. Becoming urgent before it is accepted is.
pub fn is_told_alike(one: &Place, other: &Place) -> bool {
    one.owner == other.owner && Source::of(one) == Source::of(other)
}

impl Source {
    /// What tells of a document that came to this place.
    pub fn of(place: &Place) -> Self {
        if place.is_urgent() {
            Self::loud(place.desk_box)
        } else {
            Self::Box(place.desk_box)
        }
    }

    /// What tells of an urgent document that came into this box.
    pub fn loud(desk_box: DeskBox) -> Self {
        match desk_box {
            DeskBox::Reception => Self::Urgent,
            known => Self::Box(known),
        }
    }

    /// Stable name, in the database and for programs.
    pub fn key(self) -> &'static str {
        match self {
            Self::Box(known) => known.key(),
            Self::Urgent => "urgent",
            Self::Envelopes => "envelopes",
            Self::Returned => "returned_to_sender",
        }
    }

    /// Name on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Box(known) => known.label(),
            Self::Urgent => "Văn bản khẩn đến",
            Self::Envelopes => "Bì thư chuyển không bóc",
            Self::Returned => "Văn bản đến có sai sót, đã trả lại nơi gửi",
        }
    }

    /// Icon of the sprite.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Box(known) => known.icon(),
            Self::Urgent => "alert-triangle",
            Self::Envelopes => "mail-opened",
            Self::Returned => "arrow-back-up",
        }
    }

    /// How loud it is.
    pub fn tone(self) -> Tone {
        match self {
            Self::Box(known) => known.tone(),
            Self::Urgent => Tone::Bad,
            Self::Envelopes => Tone::Info,
            Self::Returned => Tone::Warn,
        }
    }

    /// The one of this key.
    pub fn by_key(key: &str) -> Option<Self> {
        [Self::Urgent, Self::Envelopes, Self::Returned]
            .into_iter()
            .find(|known| known.key() == key)
            .or_else(|| DeskBox::by_key(key).map(Self::Box))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pl6_iii_1i_no_box_of_documents_is_called_like_what_is_told_without_one() {
        for known in [Source::Urgent, Source::Envelopes, Source::Returned] {
            assert_eq!(DeskBox::by_key(known.key()), None);
            assert_eq!(Source::by_key(known.key()), Some(known));
        }
        assert_eq!(
            Source::by_key(DeskBox::Handling.key()),
            Some(Source::Box(DeskBox::Handling))
        );
    }
}
