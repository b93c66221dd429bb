//! Mã định danh (QC01-9.2, 9.3): of agencies in the form of QĐ 20/2020/QĐ-TTg and the older one of QCVN 102:2016, of any
//! organisation on the axis, of documents.
//!
//! Codes are compared whole and never taken apart in business logic; the mapping between the two forms is a proposal for
//! the administrator, the directory decides.

mod document;
mod organ;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use document::{Dated, DocumentIdentifier, MAX_IDENTIFIER_CHARS, SecondaryKey};
pub use organ::{MAX_ORGAN_CHARS, OrganCode, OrganForm, Validity};

use crate::names::named_enum;
use crate::{Decision, Refusal};

/// The longest code of QĐ 20/2020/QĐ-TTg.
pub const MAX_CODE_CHARS: usize = 35;

named_enum! {
    /// The form of an agency code.
    CodeForm {
        /// QĐ 20/2020/QĐ-TTg: `H16.15`, level 1 first.
        Current = "current", "Mã theo Quyết định 20/2020/QĐ-TTg";
        /// QCVN 102:2016: `000.00.15.H16`, level 1 last.
        Older = "older", "Mã 13 ký tự theo QCVN 102:2016";
    }
}

/// A valid agency code in either form, trimmed and in capitals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AgencyCode {
    text: String,
    form: CodeForm,
}

impl AgencyCode {
    /// Reads a code in either form.
    ///
    /// # Errors
    /// `QC01-9.2` with the two forms as examples.
    pub fn parse(text: &str) -> Decision<Self> {
        let text = text.trim().to_uppercase();
        let form = if is_older(&text) {
            CodeForm::Older
        } else if is_current(&text) {
            CodeForm::Current
        } else {
            return Err(Refusal::new(
                "QC01-9.2",
                "identifier.bad_agency_code",
                "Mã định danh cơ quan không đúng định dạng. Ví dụ hợp lệ: H16.15 (theo Quyết định 20/2020/QĐ-TTg) hoặc 000.00.15.H16 (mã 13 ký tự).",
            )
            .on("agency_code"));
        };
        Ok(Self { text, form })
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Which form it has.
    #[must_use]
    pub const fn form(&self) -> CodeForm {
        self.form
    }

    /// The code of level 1 (the province or ministry): `H16`.
    #[must_use]
    pub fn level_1(&self) -> &str {
        let group = match self.form {
            CodeForm::Current => self.text.split('.').next(),
            CodeForm::Older => self.text.rsplit('.').next(),
        };
        group.unwrap_or_default()
    }

    /// The level of the agency, 1 at the top.
    #[must_use]
    pub fn level(&self) -> usize {
        match self.form {
            CodeForm::Current => self.text.split('.').count(),
            CodeForm::Older => older_groups(&self.text).len(),
        }
    }

    /// The code that the other form would most likely have: exact for level 1, otherwise a proposal to be checked
    /// against the directory. `None` when the other form has no room for it.
    #[must_use]
    pub fn proposed_counterpart(&self) -> Option<Self> {
        let text = match self.form {
            CodeForm::Older => older_groups(&self.text).join("."),
            CodeForm::Current => {
                let groups: Vec<&str> = self.text.split('.').collect();
                let group = |level: usize, width: usize| match groups.get(level) {
                    None => Some("0".repeat(width)),
                    Some(group) if group.len() <= width => Some(format!("{group:0>width$}")),
                    Some(_) => None,
                };
                if groups.len() > 4 {
                    return None;
                }
                format!(
                    "{}.{}.{}.{}",
                    group(3, 3)?,
                    group(2, 2)?,
                    group(1, 2)?,
                    groups.first()?
                )
            }
        };
        Self::parse(&text).ok().filter(|code| code.form != self.form)
    }
}

impl fmt::Display for AgencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for AgencyCode {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for AgencyCode {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<AgencyCode> for String {
    fn from(code: AgencyCode) -> Self {
        code.text
    }
}

/// The groups of an older code from level 1 downwards, unused levels left out: `000.00.15.H16` is `H16`, `15`.
fn older_groups(text: &str) -> Vec<&str> {
    let mut groups: Vec<&str> = text.rsplit('.').collect();
    while groups.last().is_some_and(|group| group.chars().all(|c| c == '0')) {
        groups.pop();
    }
    groups
}

/// `V1V2V3.Z1Z2.Y1Y2.MX1X2`, 13 characters.
fn is_older(text: &str) -> bool {
    let groups: Vec<&str> = text.split('.').collect();
    let digits =
        |group: &str, width: usize| group.len() == width && group.bytes().all(|b| b.is_ascii_digit());
    matches!(groups.as_slice(), [v, z, y, top] if digits(v, 3) && digits(z, 2) && digits(y, 2) && is_level_1(top, 'Z'))
}

/// Level 1 first, each further group one level lower.
fn is_current(text: &str) -> bool {
    let group = |group: &str| {
        !group.is_empty()
            && group
                .bytes()
                .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
    };
    let mut groups = text.split('.');
    text.len() <= MAX_CODE_CHARS && groups.next().is_some_and(|top| is_level_1(top, 'Y')) && groups.all(group)
}

/// A letter and two digits; QĐ 20/2020 ends the letters at Y, Z is for schemes of other organisations.
fn is_level_1(group: &str, last_letter: char) -> bool {
    matches!(group.as_bytes(), [letter, a, b]
        if ('A'..=last_letter).contains(&char::from(*letter)) && a.is_ascii_digit() && b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("H16", CodeForm::Current, 1)]
    #[case(" h16.15 ", CodeForm::Current, 2)]
    #[case("H37.DN.001", CodeForm::Current, 3)]
    #[case("000.00.00.H16", CodeForm::Older, 1)]
    #[case("000.00.15.H16", CodeForm::Older, 2)]
    #[case("001.02.15.H16", CodeForm::Older, 4)]
    fn qc01_9_2_both_forms_are_read(#[case] text: &str, #[case] form: CodeForm, #[case] level: usize) {
        let code = AgencyCode::parse(text).unwrap();
        assert_eq!((code.form(), code.level()), (form, level));
        assert!(code.level_1().starts_with('H'), "{code}");
    }

    #[rstest]
    #[case("")]
    #[case("16.H")]
    #[case("H16.")]
    #[case("H16..15")]
    #[case("H1")]
    #[case("Z16")]
    #[case("H16.Đ1")]
    #[case("H16.0123456789.0123456789.0123456789")]
    #[case("00.00.15.H16")]
    fn qc01_9_2_other_texts_are_refused(#[case] text: &str) {
        assert_eq!(AgencyCode::parse(text).unwrap_err().clause, "QC01-9.2");
    }

    #[rstest]
    #[case("000.00.00.H16", Some("H16"))]
    #[case("H16", Some("000.00.00.H16"))]
    #[case("000.00.15.H16", Some("H16.15"))]
    #[case("000.03.15.H16", Some("H16.15.03"))]
    #[case("H16.15.03", Some("000.03.15.H16"))]
    #[case("H16.242", None)]
    #[case("H16.1.2.3.4", None)]
    fn qc01_9_2_the_other_form_is_proposed(#[case] text: &str, #[case] expected: Option<&str>) {
        let proposed = AgencyCode::parse(text).unwrap().proposed_counterpart();
        assert_eq!(proposed.as_ref().map(AgencyCode::as_str), expected);
    }

    proptest! {
        #[test]
        fn qc01_9_2_an_older_code_comes_back_from_its_proposal(v in 0_u16..1000, z in 1_u8..100, y in 1_u8..100, x in 1_u8..100) {
            let older = format!("{v:03}.{z:02}.{y:02}.H{x:02}");
            let code = AgencyCode::parse(&older).unwrap();
            let back = code.proposed_counterpart().unwrap().proposed_counterpart().unwrap();
            prop_assert_eq!(back.as_str(), older);
        }

        #[test]
        fn qc01_9_2_md_31_any_text_is_read_or_refused_but_never_longer_than_35(text in "[A-Z0-9.]{0,45}") {
            if let Ok(code) = AgencyCode::parse(&text) {
                prop_assert!(code.as_str().len() <= MAX_CODE_CHARS);
                prop_assert_eq!(code.as_str(), text);
            }
        }
    }
}
