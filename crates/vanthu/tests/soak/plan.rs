//! What is to happen to every document, from the seed alone: whoever meets a document knows its plan by the mark in its
//! subject.

use crate::kit::mix;

/// An installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    A,
    B,
}

impl Side {
    pub const BOTH: [Self; 2] = [Self::A, Self::B];

    pub const fn letter(self) -> char {
        match self {
            Self::A => 'A',
            Self::B => 'B',
        }
    }

    pub const fn index(self) -> usize {
        match self {
            Self::A => 0,
            Self::B => 1,
        }
    }
}

/// What the sender does afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Afterwards {
    Nothing,
    /// Takes it back, with the notice of the agency or with a reason alone.
    Recall {
        notice: bool,
    },
    /// Corrects its subject.
    Update,
    /// Corrects its subject, and takes it back before anybody can have answered.
    UpdateThenRecall,
    /// Issues another one in its place.
    Replace,
}

/// How far a document is when its sender comes back to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// It may not even have left.
    AtOnce,
    /// The axis has it.
    Sent,
    /// A recipient's system has it.
    Arrived,
    /// A recipient's clerk has taken it in or returned it.
    Answered,
}

impl Moment {
    /// Whether a line in this state is so far.
    pub fn has_come(self, state: &str) -> bool {
        match self {
            Self::AtOnce => true,
            Self::Sent => !matches!(state, "pending" | "sending" | "failed"),
            Self::Arrived => !matches!(state, "pending" | "sending" | "failed" | "sent"),
            Self::Answered => !matches!(state, "pending" | "sending" | "failed" | "sent" | "arrived"),
        }
    }
}

/// A document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mark {
    pub side: Side,
    pub number: u64,
    /// The one that replaces it.
    pub is_replacement: bool,
}

impl Mark {
    /// Reads the mark that ends a subject.
    pub fn of(subject: &str) -> Option<Self> {
        let word = subject.rsplit(' ').next()?;
        let (side, rest) = match word.split_at_checked(1)? {
            ("A", rest) => (Side::A, rest),
            ("B", rest) => (Side::B, rest),
            _ => return None,
        };
        let digits = rest.strip_suffix('T');
        Some(Self {
            side,
            number: digits.unwrap_or(rest).parse().ok()?,
            is_replacement: digits.is_some(),
        })
    }

    fn draw(self, seed: u64, what: u64) -> u64 {
        let own = self.number * 4 + u64::from(self.is_replacement) * 2 + self.side.index() as u64;
        mix(seed ^ mix(own) ^ mix(what.wrapping_mul(0x0100_0000)))
    }

    /// How many of the other side's agencies get it.
    pub fn recipients(self, seed: u64, most: usize) -> usize {
        if self.draw(seed, 1).is_multiple_of(4) {
            most
        } else {
            1
        }
    }

    pub fn afterwards(self, seed: u64) -> Afterwards {
        if self.is_replacement {
            return Afterwards::Nothing;
        }
        match self.draw(seed, 2) % 100 {
            0..5 => Afterwards::Recall { notice: true },
            5..10 => Afterwards::Recall { notice: false },
            10..19 => Afterwards::Update,
            19..22 => Afterwards::UpdateThenRecall,
            22..28 => Afterwards::Replace,
            _ => Afterwards::Nothing,
        }
    }

    /// When the sender comes back to it.
    pub fn moment(self, seed: u64) -> Moment {
        match self.draw(seed, 3) % 4 {
            0 => Moment::AtOnce,
            1 => Moment::Sent,
            2 => Moment::Arrived,
            _ => Moment::Answered,
        }
    }

    /// Whether the clerk of the recipient returns it. `desk` tells recipients apart.
    pub fn is_returned(self, seed: u64, desk: u64) -> bool {
        self.draw(seed, 5 + 16 * desk) % 100 < 12
    }

    /// Whether the clerk of the recipient agrees to what the sender asks.
    pub fn is_agreed(self, seed: u64, desk: u64) -> bool {
        self.draw(seed, 6 + 16 * desk) % 100 < 70
    }

    /// Its subject.
    pub fn subject(self) -> String {
        if self.is_replacement {
            format!("thay thế văn bản đôn đốc thực hiện nhiệm vụ {self}")
        } else {
            format!("đôn đốc thực hiện nhiệm vụ {self}")
        }
    }

    /// Its subject after an update.
    pub fn corrected_subject(self) -> String {
        format!("đôn đốc thực hiện nhiệm vụ (đã đính chính) {self}")
    }
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tail = if self.is_replacement { "T" } else { "" };
        write!(f, "{}{}{tail}", self.side.letter(), self.number)
    }
}

#[test]
fn a_mark_is_read_from_every_subject() {
    for side in Side::BOTH {
        for is_replacement in [false, true] {
            let mark = Mark {
                side,
                number: 417,
                is_replacement,
            };
            assert_eq!(Mark::of(&mark.subject()), Some(mark));
            assert_eq!(Mark::of(&mark.corrected_subject()), Some(mark));
        }
    }
    assert_eq!(Mark::of("thông báo thu hồi văn bản"), None);
}
