//! The other side of the envelope: what a server checks. Used by the emulator.

use aws_lc_rs::hmac;
use outbound::Secret;
use thiserror::Error;

use super::{PREFIX, key};

/// Why a request is not believed. Which of them it was is for the log of the server, not for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Distrust {
    /// A header of the envelope is missing.
    #[error("header {0} is missing")]
    Missing(&'static str),
    /// The signed text is not one JSON object of strings.
    #[error("sign-header is not a JSON object of strings")]
    NotJson,
    /// The HMAC is not that of the signed text under the system's secret.
    #[error("hash-header does not belong to sign-header")]
    WrongHash,
    /// A header has another value than the signed text, or a needed one is not signed.
    #[error("a header is not what was signed")]
    OtherValue,
}

/// Checks the HMAC in constant time, and that what was signed is what was sent. `header` finds a header by its whole name,
/// whatever its letter case.
///
/// Returns the signed keys (names without [`PREFIX`]) and their values, in the order in which they were signed.
///
/// # Errors
/// When anything of it does not hold.
pub fn verify<'a>(
    secret: &Secret,
    header: impl Fn(&str) -> Option<&'a str>,
) -> Result<Vec<(String, String)>, Distrust> {
    let of = |key: &'static str| header(&format!("{PREFIX}{key}")).ok_or(Distrust::Missing(key));
    let text = of(key::SIGN_HEADER)?;
    let hash = hex::decode(of(key::HASH_HEADER)?).map_err(|_| Distrust::WrongHash)?;
    let mac = hmac::Key::new(hmac::HMAC_SHA256, secret.reveal().as_bytes());
    hmac::verify(&mac, text.as_bytes(), &hash).map_err(|_| Distrust::WrongHash)?;

    let signed: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(text).map_err(|_| Distrust::NotJson)?;
    let names: Vec<&str> = of(key::SIGN_HEADER_KEY)?.split(';').collect();
    let mut keys = Vec::with_capacity(signed.len());
    for name in &names {
        let value = signed.get(*name).ok_or(Distrust::OtherValue)?;
        let value = value.as_str().ok_or(Distrust::NotJson)?;
        if header(name) != Some(value) {
            return Err(Distrust::OtherValue);
        }
        let key = name.strip_prefix(PREFIX).ok_or(Distrust::OtherValue)?;
        keys.push((key.to_owned(), value.to_owned()));
    }
    let has = |key: &str| keys.iter().any(|(name, _)| name == key);
    if names.len() != signed.len() || !has(key::TIMESTAMP) || !has(key::SYSTEM_ID) {
        return Err(Distrust::OtherValue);
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::wire::Envelope;

    fn headers() -> Vec<(String, String)> {
        let keys = [
            (key::FROM, "H16.05".to_owned()),
            (key::TO, r#"["G99"]"#.to_owned()),
        ];
        let secret = Secret::new("right");
        Envelope::sign("SYS", &secret, "application/json", Timestamp::UNIX_EPOCH, &keys)
            .headers()
            .map(|(n, v)| (n.to_lowercase(), v.to_owned()))
            .collect()
    }

    fn check(headers: &[(String, String)], secret: &str) -> Result<Vec<(String, String)>, Distrust> {
        verify(&Secret::new(secret), |name| {
            let name = name.to_lowercase();
            headers.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str())
        })
    }

    #[test]
    fn edxml_12_1_what_was_signed_is_believed() {
        let keys = check(&headers(), "right").unwrap();
        assert_eq!(keys[3], ("from".to_owned(), "H16.05".to_owned()));
        assert_eq!(keys[4], ("to".to_owned(), r#"["G99"]"#.to_owned()));
    }

    #[test]
    fn edxml_12_1_a_wrong_secret_a_changed_and_a_missing_header_are_not() {
        assert_eq!(check(&headers(), "wrong"), Err(Distrust::WrongHash));
        let mut changed = headers();
        changed.iter_mut().find(|(n, _)| n == "xroadvnpt-from").unwrap().1 = "G99".to_owned();
        assert_eq!(check(&changed, "right"), Err(Distrust::OtherValue));
        let mut text = headers();
        let signed = text
            .iter_mut()
            .find(|(n, _)| n == "xroadvnpt-sign-header")
            .unwrap();
        signed.1 = signed.1.replace("H16.05", "H16.06");
        assert_eq!(check(&text, "right"), Err(Distrust::WrongHash));
        for name in ["sign-header", "hash-header", "sign-header-key"] {
            let mut less = headers();
            less.retain(|(n, _)| n != &format!("xroadvnpt-{name}"));
            assert!(
                matches!(check(&less, "right"), Err(Distrust::Missing(_))),
                "{name}"
            );
        }
        let mut unsigned = headers();
        let names = unsigned
            .iter_mut()
            .find(|(n, _)| n == "xroadvnpt-sign-header-key")
            .unwrap();
        names.1 = names.1.replace(";XroadVnpt-to", "");
        assert_eq!(check(&unsigned, "right"), Err(Distrust::OtherValue));
    }
}
