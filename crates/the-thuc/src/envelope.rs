//! Bì văn bản: the envelope of a document that goes on paper (NĐ 30 Điều 18.1, Phụ lục IV mẫu III; the mark of urgency of Phụ lục I on it).

use serde::Serialize;

use crate::document::{Issuer, Urgency};
use crate::text::{capitals, clean, metadata};

/// Size of an envelope, the long side first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EnvelopeSize {
    /// 324 mm × 229 mm: A4 unfolded.
    C4,
    /// 229 mm × 162 mm: A4 folded once.
    #[default]
    C5,
    /// 220 mm × 110 mm: A4 folded twice.
    Dl,
}

impl EnvelopeSize {
    /// Every size.
    pub const ALL: [Self; 3] = [Self::C4, Self::C5, Self::Dl];

    /// Its name in addresses.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::C4 => "c4",
            Self::C5 => "c5",
            Self::Dl => "dl",
        }
    }

    /// Its name on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::C4 => "C4 (324 × 229 mm, A4 để phẳng)",
            Self::C5 => "C5 (229 × 162 mm, A4 gấp đôi)",
            Self::Dl => "DL (220 × 110 mm, A4 gấp ba)",
        }
    }

    /// Width and height, millimetres.
    #[must_use]
    pub const fn millimetres(self) -> (u32, u32) {
        match self {
            Self::C4 => (324, 229),
            Self::C5 => (229, 162),
            Self::Dl => (220, 110),
        }
    }
}

/// An envelope. One page for each recipient.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Envelope {
    /// Its size.
    pub size: EnvelopeSize,
    /// Tên cơ quan, tổ chức gửi.
    pub sender: Issuer,
    /// Where the sender is, as far as it is known.
    pub sender_place: String,
    /// Số, ký hiệu of what is in it.
    pub number_and_symbol: String,
    /// Dấu chỉ mức độ khẩn.
    pub urgency: Option<Urgency>,
    /// Nơi nhận, one page each.
    pub recipients: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct EnvelopeView {
    title: String,
    author: String,
    width: u32,
    height: u32,
    parent: Option<String>,
    agency: String,
    place: String,
    number: String,
    urgency: Option<&'static str>,
    recipients: Vec<String>,
}

impl EnvelopeView {
    pub fn new(envelope: &Envelope) -> Self {
        let (width, height) = envelope.size.millimetres();
        Self {
            title: metadata(&format!("Bì văn bản {}", envelope.number_and_symbol)),
            author: metadata(&envelope.sender.name),
            width,
            height,
            parent: envelope.sender.parent_name.as_deref().map(capitals),
            agency: capitals(&envelope.sender.name),
            place: clean(&envelope.sender_place),
            number: clean(&envelope.number_and_symbol),
            urgency: envelope.urgency.map(Urgency::text),
            recipients: envelope.recipients.iter().map(|name| clean(name)).collect(),
        }
    }
}
