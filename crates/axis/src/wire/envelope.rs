//! Signing a request.

use aws_lc_rs::hmac;
use jiff::Timestamp;
use outbound::Secret;

use super::{PREFIX, VERSION, format_stamp, key};

/// The headers of one request. A fresh one for each call: the axis' own client lets keys of earlier calls pile up.
///
/// `Debug` shows names only: values hold the HMAC and what it was made of.
pub struct Envelope {
    headers: Vec<(String, String)>,
}

impl std::fmt::Debug for Envelope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.headers.iter().map(|(name, _)| name))
            .finish()
    }
}

impl Envelope {
    /// Signs the `keys` of a call (names without [`PREFIX`]) for this moment.
    ///
    /// Values must be visible ASCII or spaces; the caller sees to it, because header values can be nothing else.
    pub fn sign(
        system_id: &str,
        secret: &Secret,
        content_type: &str,
        at: Timestamp,
        keys: &[(&str, String)],
    ) -> Self {
        let mut signed = vec![
            (named(key::TIMESTAMP), format_stamp(at)),
            (named(key::SYSTEM_ID), system_id.to_owned()),
            (named(key::CONTENT_TYPE), content_type.to_owned()),
        ];
        signed.extend(keys.iter().map(|(name, value)| (named(name), value.clone())));
        let text = sign_header(&signed);
        let names: Vec<&str> = signed.iter().map(|(name, _)| name.as_str()).collect();
        let names = names.join(";");
        let hash = hash_header(secret, &text);
        signed.push((named(key::SIGN_HEADER_KEY), names));
        signed.push((named(key::SIGN_HEADER), text));
        signed.push((named(key::HASH_HEADER), hash));
        signed.push((named(key::VERSION), VERSION.to_owned()));
        Self { headers: signed }
    }

    /// Names and values, in the order in which they are sent.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// `hex(HMAC-SHA256(secret, sign-header))`, lower case.
pub fn hash_header(secret: &Secret, sign_header: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.reveal().as_bytes());
    hex::encode(hmac::sign(&key, sign_header.as_bytes()))
}

fn named(key: &str) -> String {
    format!("{PREFIX}{key}")
}

/// One compact JSON object in the order of the list. What serde escapes, Gson without HTML escaping does as well.
fn sign_header(signed: &[(String, String)]) -> String {
    let members: Vec<String> = signed
        .iter()
        .map(|(name, value)| {
            let (name, value) = (serde_json::json!(name), serde_json::json!(value));
            format!("{name}:{value}")
        })
        .collect();
    format!("{{{}}}", members.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNED: &str = r#"{"XroadVnpt-timestamp":"03102022T081530+0123","XroadVnpt-systemid":"TEST-SYSTEM","XroadVnpt-Content-Type":"application/json","XroadVnpt-servicetype":"eDoc","XroadVnpt-messagetype":"edoc"}"#;
    const HASH: &str = "2d40af201b25c888a861bd40f662a50584be125cc573c177097fc5c3df474a79";

    fn sample() -> Envelope {
        // 08:15:30.123 in Viet Nam.
        let at: Timestamp = "2022-10-03T01:15:30.123Z".parse().unwrap();
        let keys = [
            (key::SERVICE_TYPE, "eDoc".to_owned()),
            (key::MESSAGE_TYPE, "edoc".to_owned()),
        ];
        let secret = Secret::new("test-secret");
        Envelope::sign("TEST-SYSTEM", &secret, "application/json", at, &keys)
    }

    #[test]
    fn edxml_12_1_the_vector_of_the_specification() {
        assert_eq!(hash_header(&Secret::new("test-secret"), SIGNED), HASH);
        let envelope = sample();
        let header = |name: &str| {
            envelope
                .headers()
                .find(|(n, _)| *n == name)
                .map(|(_, value)| value)
                .unwrap()
        };
        assert_eq!(header("XroadVnpt-sign-header"), SIGNED);
        assert_eq!(header("XroadVnpt-hash-header"), HASH);
        assert_eq!(header("XroadVnpt-version"), "3.0.201608");
        assert_eq!(
            header("XroadVnpt-sign-header-key"),
            "XroadVnpt-timestamp;XroadVnpt-systemid;XroadVnpt-Content-Type;XroadVnpt-servicetype;XroadVnpt-messagetype"
        );
    }

    #[test]
    fn edxml_12_1_a_list_of_recipients_is_escaped_as_gson_does() {
        let keys = [(key::TO, r#"["G12","H36.05"]"#.to_owned())];
        let secret = Secret::new("s");
        let envelope = Envelope::sign("A", &secret, "application/json", Timestamp::UNIX_EPOCH, &keys);
        let (_, text) = envelope
            .headers()
            .find(|(n, _)| *n == "XroadVnpt-sign-header")
            .unwrap();
        assert!(
            text.ends_with(r#""XroadVnpt-to":"[\"G12\",\"H36.05\"]"}"#),
            "{text}"
        );
    }

    #[test]
    fn an_envelope_does_not_show_its_values() {
        let shown = format!("{:?}", sample());
        assert!(shown.contains("XroadVnpt-hash-header"));
        assert!(!shown.contains(HASH) && !shown.contains("TEST-SYSTEM"), "{shown}");
    }
}
