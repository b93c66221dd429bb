//! Mã định danh cơ quan as the wire knows them (spec edxml 10): agencies, enterprises, other organisations, and the form
//! of 2016. Only the shape: which agency has which code is in the directory.

use rules::identifiers::{AgencyCode, CodeForm};
use serde::{Deserialize, Serialize};

/// The shape of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganCodeForm {
    /// QĐ 20/2020/QĐ-TTg Điều 4: `H16.05`, level 1 first.
    Agency,
    /// QĐ 20/2020/QĐ-TTg Điều 5: number of an enterprise; `02` before it is a habit of the axis.
    Enterprise,
    /// QĐ 20/2020/QĐ-TTg Điều 6: a scheme `Z01`…`Z99` and up to 32 characters.
    Scheme,
    /// QCVN 102:2016: `000.00.05.H16`, 13 characters, level 1 last.
    Older,
}

impl OrganCodeForm {
    /// The shape of a code, trimmed and in capitals; nothing when it has none.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        let code = code.trim().to_uppercase();
        match AgencyCode::parse(&code).map(|agency| agency.form()) {
            Ok(CodeForm::Older) => Some(Self::Older),
            Ok(CodeForm::Current) => Some(Self::Agency),
            Err(_) if is_enterprise(&code) => Some(Self::Enterprise),
            Err(_) if is_scheme(&code) => Some(Self::Scheme),
            Err(_) => None,
        }
    }
}

fn digits(text: &str, width: usize) -> bool {
    text.len() == width && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_enterprise(code: &str) -> bool {
    match code.split_once('-') {
        Some((number, branch)) => digits(number, 10) && digits(branch, 3),
        None => matches!(code.len(), 10 | 12..=15) && digits(code, code.len()),
    }
}

fn is_scheme(code: &str) -> bool {
    let mut letters = code.chars();
    let scheme: String = letters.by_ref().take(3).collect();
    let rest = letters.count();
    scheme.starts_with('Z') && digits(&scheme[1..], 2) && &scheme[1..] != "00" && (1..=32).contains(&rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("G12", OrganCodeForm::Agency)]
    #[case(" h16.05 ", OrganCodeForm::Agency)]
    #[case("H37.DN.001", OrganCodeForm::Agency)]
    #[case("000.00.00.H16", OrganCodeForm::Older)]
    #[case("000.00.01.A53", OrganCodeForm::Older)]
    #[case("0100000001", OrganCodeForm::Enterprise)]
    #[case("0100000001-001", OrganCodeForm::Enterprise)]
    #[case("020100000001", OrganCodeForm::Enterprise)]
    #[case("Z01abc/1", OrganCodeForm::Scheme)]
    fn edxml_10_2_codes_are_told_apart(#[case] code: &str, #[case] form: OrganCodeForm) {
        assert_eq!(OrganCodeForm::of(code), Some(form));
    }

    #[rstest]
    #[case("")]
    #[case("999.010.01.H22")]
    #[case("28.22.H17")]
    #[case("vxp.saas.03")]
    #[case("H16.")]
    #[case("Z16")]
    #[case("Z00x")]
    #[case("Zđ1x")]
    #[case("H16.0123456789.0123456789.0123456789")]
    fn edxml_10_other_texts_have_no_form(#[case] code: &str) {
        assert_eq!(OrganCodeForm::of(code), None);
    }

    proptest! {
        #[test]
        fn edxml_10_any_text_is_answered(code in any::<String>()) {
            let _ = OrganCodeForm::of(&code);
        }
    }
}
