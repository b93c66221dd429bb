//! Mã định danh văn bản (QD28-10.2b, QĐ 395/QĐ-BTTTT): read leniently, compared strictly.
//!
//! What we write is `numbering::IdentifierTemplate`; what others write is read here. An identifier is given once, at issue,
//! and stays what it was through updates, recalls and changes of the agency's code.

use jiff::civil::Date;

/// The longest identifier that is taken apart.
pub const MAX_IDENTIFIER_CHARS: usize = 200;

/// The second part of an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dated {
    /// Year of issue.
    Year(i16),
    /// Day of issue.
    Day(Date),
}

/// The identifier of a document as it was received or issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentIdentifier {
    text: String,
    parts: Option<Parts>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Parts {
    organ: String,
    dated: Dated,
    code: String,
}

/// By what a document is the same although its identifier is written otherwise: agency, date, number, notation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SecondaryKey {
    /// Canonical code of the agency.
    pub organ: String,
    /// Year or day of issue.
    pub dated: Dated,
    /// Number without leading zeros.
    pub number: String,
    /// Notation, NFC, in capitals; Đ stays Đ.
    pub notation: String,
}

impl DocumentIdentifier {
    /// Reads `organ,date-or-year,code`; anything else is opaque. Never fails: what others write is not ours to refuse.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text = viet_text::nfc(text.trim());
        let parts = if text.chars().count() <= MAX_IDENTIFIER_CHARS {
            parts(&text)
        } else {
            None
        };
        Self { text, parts }
    }

    /// The identifier itself, NFC and trimmed: equal texts are the same document.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it follows no form: a UUID, a number of a gateway, nothing.
    #[must_use]
    pub const fn is_opaque(&self) -> bool {
        self.parts.is_none()
    }

    /// The code of the agency as it is written in it; not always the sender's.
    #[must_use]
    pub fn organ(&self) -> Option<&str> {
        self.parts.as_ref().map(|parts| parts.organ.as_str())
    }

    /// Year or day of issue.
    #[must_use]
    pub fn dated(&self) -> Option<Dated> {
        self.parts.as_ref().map(|parts| parts.dated)
    }

    /// Number and notation as printed.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.parts.as_ref().map(|parts| parts.code.as_str())
    }

    /// The secondary key; `canonical` gives the one code by which an agency of several codes is known.
    #[must_use]
    pub fn secondary_key(&self, canonical: impl FnOnce(&str) -> String) -> Option<SecondaryKey> {
        let parts = self.parts.as_ref()?;
        let (number, notation) = parts.code.split_once('/').unwrap_or((&parts.code, ""));
        let number = number.trim();
        let bare = number.trim_start_matches('0');
        Some(SecondaryKey {
            organ: canonical(&parts.organ.to_uppercase()),
            dated: parts.dated,
            number: if bare.is_empty() { number } else { bare }.to_uppercase(),
            notation: notation.trim().to_uppercase(),
        })
    }
}

fn parts(text: &str) -> Option<Parts> {
    let (organ, rest) = text.split_once(',')?;
    let (dated, code) = rest.split_once(',')?;
    let (organ, code) = (organ.trim(), code.trim());
    if organ.is_empty() || code.is_empty() {
        return None;
    }
    Some(Parts {
        organ: organ.to_owned(),
        dated: read_dated(dated.trim())?,
        code: code.to_owned(),
    })
}

fn read_dated(text: &str) -> Option<Dated> {
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    let mut groups = text.split(['/', '-']);
    let year = groups
        .next()
        .filter(|year| year.len() == 4 && digits(year, 4))?
        .parse::<i16>()
        .ok()?;
    match (groups.next(), groups.next(), groups.next()) {
        (None, _, _) => Some(Dated::Year(year)),
        (Some(month), Some(day), None) if digits(month, 2) && digits(day, 2) => {
            Date::new(year, month.parse().ok()?, day.parse().ok()?)
                .ok()
                .map(Dated::Day)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "000.00.00.G22,2015/09/30,7816/VPCP-TTĐT",
        Some(Dated::Day(date(2015, 9, 30))),
        "7816/VPCP-TTĐT"
    )]
    #[case(
        "020123456789,2025/10/13,2440/SVD-HĐQT",
        Some(Dated::Day(date(2025, 10, 13))),
        "2440/SVD-HĐQT"
    )]
    #[case("H16.05,2026-1-8,07/SNV-VP", Some(Dated::Day(date(2026, 1, 8))), "07/SNV-VP")]
    #[case("000.00.00.H01,2018,10", Some(Dated::Year(2018)), "10")]
    #[case("H16.05,2026,01/2026/QĐ-UBND,x", Some(Dated::Year(2026)), "01/2026/QĐ-UBND,x")]
    #[case("H16.05,2026/13/40,01/QĐ", None, "")]
    #[case("H16.05,26,01/QĐ", None, "")]
    #[case("GW-2025-000-773", None, "")]
    #[case("b7e0f7a6-8a35-4b3e-9a32-31b7b52cfd04", None, "")]
    #[case("", None, "")]
    #[case(",2026,01", None, "")]
    fn md_02_identifiers_of_others_are_read_or_left_as_they_are(
        #[case] text: &str,
        #[case] dated: Option<Dated>,
        #[case] code: &str,
    ) {
        let read = DocumentIdentifier::read(text);
        assert_eq!(read.dated(), dated);
        assert_eq!(read.code().unwrap_or_default(), code);
        assert_eq!(read.is_opaque(), dated.is_none());
        assert_eq!(read.as_str(), text);
    }

    #[test]
    fn md_02_the_secondary_key_knows_the_agency_by_any_code_and_keeps_d_with_stroke() {
        let canonical = |code: &str| {
            if code == "000.00.05.H16" {
                "H16.05".to_owned()
            } else {
                code.to_owned()
            }
        };
        let key = |text: &str| DocumentIdentifier::read(text).secondary_key(canonical).unwrap();
        let one = key("000.00.05.H16,2026/01/08,07/QĐ-SNV");
        assert_eq!(one, key("h16.05,2026-01-08,7/Qđ-snv"));
        // Composed and decomposed letters are the same letter.
        assert_eq!(
            key("H16.05,2026/01/08,7/HĐND-VĂN"),
            key("H16.05,2026/01/08,7/HĐND-VA\u{306}N")
        );
        assert_ne!(one, key("H16.05,2026/01/08,7/QD-SNV"));
        assert_ne!(one, key("H16.05,2026,7/QĐ-SNV"));
        assert_eq!(DocumentIdentifier::read("GW-1").secondary_key(canonical), None);
    }

    proptest! {
        #[test]
        fn md_02_reading_an_identifier_never_fails_and_keeps_its_text(text in "\\PC{0,220}") {
            let read = DocumentIdentifier::read(&text);
            let again = DocumentIdentifier::read(read.as_str());
            prop_assert_eq!(&again, &read);
        }
    }
}
