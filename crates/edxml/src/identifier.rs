//! Mã định danh văn bản (spec edxml 11): `H16.05,2022/10/03,123/SVD-VP`.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::text::{Lines, cleaned};

/// An identifier taken apart, or kept whole when it has another form. Two identifiers are the same when their texts are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case")]
pub enum DocumentIdentifier {
    /// `organ,date-or-year,code`.
    Structured {
        /// The agency; no comma in it.
        organ_id: String,
        /// `yyyy`, `yyyy/MM/dd` or `yyyy-MM-dd`, as it stands.
        date: String,
        /// The rest: number and symbol as a rule.
        code: String,
    },
    /// Anything else: UUIDs, numbers of other systems.
    Opaque {
        /// The text.
        text: String,
    },
}

impl DocumentIdentifier {
    /// Takes an identifier apart. Every text is one; NFC and trimmed.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = cleaned(text, Lines::One);
        let mut parts = text.splitn(3, ',');
        if let (Some(organ_id), Some(date), Some(code)) = (parts.next(), parts.next(), parts.next()) {
            let (organ_id, date, code) = (organ_id.trim(), date.trim(), code.trim());
            if !organ_id.is_empty() && is_date_or_year(date) && !code.is_empty() {
                return Self::Structured {
                    organ_id: organ_id.to_owned(),
                    date: date.to_owned(),
                    code: code.to_owned(),
                };
            }
        }
        Self::Opaque { text }
    }

    /// The identifier that the axis expects of a document of this agency, number and symbol. Fixed at issue and never
    /// changed afterwards.
    #[must_use]
    pub fn of(organ_id: &str, date: Date, number: &str, notation: &str) -> Self {
        Self::Structured {
            organ_id: cleaned(organ_id, Lines::One),
            date: date.strftime("%Y/%m/%d").to_string(),
            code: cleaned(&format!("{number}/{notation}"), Lines::One),
        }
    }

    /// The agency, if the identifier has one.
    #[must_use]
    pub fn organ_id(&self) -> Option<&str> {
        match self {
            Self::Structured { organ_id, .. } => Some(organ_id),
            Self::Opaque { .. } => None,
        }
    }

    /// Number and symbol, if the identifier has them.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Structured { code, .. } => Some(code),
            Self::Opaque { .. } => None,
        }
    }

    /// The day, if the identifier has a whole one.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        match self {
            Self::Structured { date, .. } => crate::read::dates::date(date).ok(),
            Self::Opaque { .. } => None,
        }
    }
}

impl fmt::Display for DocumentIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Structured { organ_id, date, code } => write!(f, "{organ_id},{date},{code}"),
            Self::Opaque { text } => f.write_str(text),
        }
    }
}

/// `\d{4}([/-]\d{1,2}[/-]\d{1,2})?`
fn is_date_or_year(text: &str) -> bool {
    let digits = |part: &str, widths: std::ops::RangeInclusive<usize>| {
        widths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    let mut parts = text.split(['/', '-']);
    let year = parts.next().is_some_and(|year| digits(year, 4..=4));
    match (parts.next(), parts.next(), parts.next()) {
        (None, ..) => year,
        (Some(month), Some(day), None) => year && digits(month, 1..=2) && digits(day, 1..=2),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "H16.05,2022/10/03,123/SVD-VP",
        "H16.05",
        "123/SVD-VP",
        Some(date(2022, 10, 3))
    )]
    #[case("000.00.00.H16,2018,10", "000.00.00.H16", "10", None)]
    #[case(
        "010000000001,2025-10-13,2440/A,B-HĐQT",
        "010000000001",
        "2440/A,B-HĐQT",
        Some(date(2025, 10, 13))
    )]
    fn edxml_11_identifiers_are_taken_apart(
        #[case] text: &str,
        #[case] organ: &str,
        #[case] code: &str,
        #[case] day: Option<Date>,
    ) {
        let identifier = DocumentIdentifier::parse(text);
        assert_eq!(
            (identifier.organ_id(), identifier.code(), identifier.date()),
            (Some(organ), Some(code), day)
        );
        assert_eq!(identifier.to_string(), text);
    }

    #[rstest]
    #[case("0b0e1d52-1111-4222-8333-444455556666")]
    #[case("GW-20250101-773")]
    #[case("H16.05,hôm qua,123/SVD")]
    #[case(",2022,1")]
    #[case("H16,2022/10,1")]
    #[case("")]
    fn edxml_11_other_forms_stay_whole(#[case] text: &str) {
        let identifier = DocumentIdentifier::parse(text);
        assert!(
            matches!(identifier, DocumentIdentifier::Opaque { .. }),
            "{identifier:?}"
        );
        assert_eq!(identifier.to_string(), text);
    }

    #[test]
    fn edxml_11_written_form_and_nfc() {
        let identifier = DocumentIdentifier::of("H16.05", date(2022, 10, 3), "123", "SVD-VP");
        assert_eq!(identifier.to_string(), "H16.05,2022/10/03,123/SVD-VP");
        let decomposed = DocumentIdentifier::parse("H16,2022,1/TTr-\u{110}A\u{302}\u{301}T");
        assert_eq!(decomposed, DocumentIdentifier::parse("H16,2022,1/TTr-ĐẤT"));
    }
}
