//! Account names by Điều 7 khoản 2 of the provincial regulation.

use std::fmt;

use crate::fold::fold;

/// An account name `<tên><chữ đầu họ và tên lót>.<đơn vị>`, for example `annv.stttt`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountName {
    person: String,
    agency: String,
}

impl AccountName {
    /// The same name for the `n`-th person who bears it: `annv.stttt`, `annv2.stttt`, `annv3.stttt`.
    ///
    /// Zero and one give the name without a number (the regulation leaves the choice to the agency, Điều 7.2b).
    #[must_use]
    pub fn with_suffix(&self, n: u32) -> String {
        if n < 2 {
            self.to_string()
        } else {
            format!("{}{n}.{}", self.person, self.agency)
        }
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.person, self.agency)
    }
}

/// The account name of `full_name` in the agency abbreviated `agency_abbr`: the whole given name, the initials of
/// surname and middle names, a dot, the abbreviation; lower case ASCII letters and digits only.
///
/// `None` when the name or the abbreviation holds no usable letter.
#[must_use]
pub fn account_name(full_name: &str, agency_abbr: &str) -> Option<AccountName> {
    let mut names: Vec<String> = fold(full_name)
        .split_whitespace()
        .map(ascii_only)
        .filter(|name| !name.is_empty())
        .collect();
    let agency = ascii_only(&fold(agency_abbr));
    let mut person = names.pop()?;
    if agency.is_empty() {
        return None;
    }
    person.extend(names.iter().filter_map(|name| name.chars().next()));
    Some(AccountName { person, agency })
}

fn ascii_only(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::fold::nfd;

    #[rstest]
    #[case("Nguyễn Văn An", "STTTT", "annv.stttt")]
    #[case("Đặng Thị Hồng Đào", "UBND", "daodth.ubnd")]
    #[case("H'Hen Niê", "SNV", "nieh.snv")]
    #[case("  Lê   Bình ", "ĐM-UBND", "binhl.dmubnd")]
    #[case("Út", "VP", "ut.vp")]
    fn qc01_7_2a_the_account_name_is_the_given_name_and_initials(
        #[case] name: &str,
        #[case] agency: &str,
        #[case] expected: &str,
    ) {
        assert_eq!(account_name(name, agency).unwrap().to_string(), expected);
        assert_eq!(
            account_name(&nfd(name), &nfd(agency)).unwrap().to_string(),
            expected
        );
    }

    #[test]
    fn qc01_7_2b_duplicates_are_told_apart_by_a_number() {
        let name = account_name("Nguyễn Văn An", "STTTT").unwrap();
        assert_eq!(
            [0, 1, 2, 3].map(|n| name.with_suffix(n)),
            ["annv.stttt", "annv.stttt", "annv2.stttt", "annv3.stttt"]
        );
    }

    #[test]
    fn a_name_without_letters_gives_no_account() {
        assert_eq!(account_name("  ", "STTTT"), None);
        assert_eq!(account_name("Nguyễn Văn An", "-"), None);
    }

    proptest! {
        #[test]
        fn account_names_are_plain_ascii(name in "\\PC{0,40}", agency in "\\PC{0,10}") {
            if let Some(account) = account_name(&name, &agency) {
                let text = account.to_string();
                let (person, unit) = text.split_once('.').unwrap();
                prop_assert!(!person.is_empty() && !unit.is_empty());
                prop_assert!(person.chars().chain(unit.chars()).all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
            }
        }
    }
}
