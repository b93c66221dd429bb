//! Mức độ khẩn (ND30 Phụ lục I Mục III khoản 2b).

use crate::names::named_enum;

named_enum! {
    /// How urgent a document is, in rising order. The drafter proposes, the signer decides.
    Urgency {
        /// Thường: no urgency mark.
        Normal = "normal", "Thường";
        /// Khẩn.
        Urgent = "urgent", "Khẩn";
        /// Thượng khẩn.
        VeryUrgent = "very_urgent", "Thượng khẩn";
        /// Hỏa tốc.
        Express = "express", "Hỏa tốc";
    }
}

impl Urgency {
    /// Whether the document bears any urgency mark: registered, presented and handed over at once (ND30-4.2c).
    #[must_use]
    pub fn is_urgent(self) -> bool {
        self > Self::Normal
    }

    /// The `Priority` value of an edXML message.
    #[must_use]
    pub const fn wire_code(self) -> u8 {
        match self {
            Self::Normal => 0,
            Self::Urgent => 1,
            Self::VeryUrgent => 2,
            Self::Express => 3,
        }
    }

    /// Reads a `Priority` value. Code 4 (hỏa tốc hẹn giờ) is unknown to NĐ 30/2020 and is read as Hỏa tốc.
    #[must_use]
    pub const fn from_wire_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Normal),
            1 => Some(Self::Urgent),
            2 => Some(Self::VeryUrgent),
            3 | 4 => Some(Self::Express),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pl1_iii_2b_urgency_rises_from_khan_to_hoa_toc() {
        assert!(Urgency::Normal < Urgency::Urgent);
        assert!(Urgency::Urgent < Urgency::VeryUrgent);
        assert!(Urgency::VeryUrgent < Urgency::Express);
    }

    #[test]
    fn nd30_4_2c_every_mark_is_urgent() {
        let marked: Vec<_> = Urgency::ALL
            .iter()
            .filter(|u| u.is_urgent())
            .map(|u| u.label())
            .collect();
        assert_eq!(marked, ["Khẩn", "Thượng khẩn", "Hỏa tốc"]);
    }

    #[test]
    fn wire_codes_read_back() {
        for urgency in Urgency::ALL {
            assert_eq!(Urgency::from_wire_code(urgency.wire_code()), Some(*urgency));
            assert_eq!(urgency.as_str().parse::<Urgency>().as_ref(), Ok(urgency));
        }
        assert_eq!(Urgency::from_wire_code(4), Some(Urgency::Express));
        assert_eq!(Urgency::from_wire_code(5), None);
    }
}
