//! Password rules (QC01-23.2c; the figures are settings).

use serde::{Deserialize, Serialize};

use crate::{Decision, Refusal};

/// How strong a password must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordPolicy {
    /// Fewest characters.
    pub min_chars: usize,
}

impl PasswordPolicy {
    /// For accounts that sign in with a password alone.
    pub const PASSWORD_ONLY: Self = Self { min_chars: 14 };
    /// For accounts with a second factor.
    pub const WITH_SECOND_FACTOR: Self = Self { min_chars: 8 };
}

/// The longest password that is hashed: a longer one is a mistake or an attack.
const MAX_CHARS: usize = 200;

/// Checks a new password: length, lower and upper case, digit, special character, not holding the account's name.
///
/// # Errors
/// `QC01-23.2c` naming everything that is missing at once.
pub fn check_password(password: &str, account_name: &str, policy: &PasswordPolicy) -> Decision<()> {
    let chars = password.chars().count();
    let mut missing = Vec::new();
    if chars < policy.min_chars {
        missing.push(format!("có ít nhất {} ký tự", policy.min_chars));
    }
    if chars > MAX_CHARS {
        missing.push(format!("không quá {MAX_CHARS} ký tự"));
    }
    let has = |is: fn(char) -> bool| password.chars().any(is);
    let kinds = [
        ("có chữ thường", has(char::is_lowercase)),
        ("có chữ hoa", has(char::is_uppercase)),
        ("có chữ số", has(|c| c.is_ascii_digit())),
        ("có ký tự đặc biệt", has(|c| !c.is_alphanumeric())),
    ];
    missing.extend(
        kinds
            .iter()
            .filter(|(_, there)| !there)
            .map(|(name, _)| (*name).to_owned()),
    );
    let person = account_name.split('.').next().unwrap_or_default().to_lowercase();
    // A very short name (`an`) stands in half of all words.
    if person.chars().count() >= 3 && password.to_lowercase().contains(&person) {
        missing.push("không chứa tên tài khoản".to_owned());
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(
        "QC01-23.2c",
        "account.weak_password",
        format!("Mật khẩu chưa đạt yêu cầu, cần {}.", missing.join(", ")),
    )
    .on("password"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Dak-Nong.2026!a", true)]
    #[case("dak-nong.2026!a", false)]
    #[case("DAK-NONG.2026!A", false)]
    #[case("Dak-Nong.abcd!a", false)]
    #[case("DakNong2026aaaa", false)]
    #[case("Dak-Nong.26!", false)]
    #[case("Annv-2026.Dak!x", false)]
    fn qc01_23_2c_a_password_has_every_kind_of_character(#[case] password: &str, #[case] good: bool) {
        assert_eq!(
            check_password(password, "annv.stttt", &PasswordPolicy::PASSWORD_ONLY).is_ok(),
            good
        );
    }

    #[test]
    fn qc01_23_2c_everything_missing_is_named_at_once() {
        let refusal = check_password("abc", "annv.stttt", &PasswordPolicy::WITH_SECOND_FACTOR).unwrap_err();
        assert_eq!(
            refusal.message,
            "Mật khẩu chưa đạt yêu cầu, cần có ít nhất 8 ký tự, có chữ hoa, có chữ số, có ký tự đặc biệt."
        );
        assert!(check_password("Abc-2026", "annv.stttt", &PasswordPolicy::WITH_SECOND_FACTOR).is_ok());
    }
}
