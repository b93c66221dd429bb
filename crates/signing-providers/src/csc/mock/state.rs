//! What the mock service remembers.

use std::collections::HashMap;
use std::time::Instant;

use serde_json::{Value, json};

use super::{Authorisation, Behaviour, MockCredential};
use crate::ProviderError;
use crate::software::{SoftwareKeys, random};

/// The right to sign these hashes with this key, once.
pub(super) struct Sad {
    pub credential: String,
    pub hashes: Vec<String>,
    pub until: Instant,
}

/// Something that is ready after so many questions.
pub(super) struct Later<T> {
    pub asked: u32,
    pub ready: T,
}

/// A code of the page.
pub(super) struct PageCode {
    pub sad: Sad,
    pub challenge: Option<String>,
    pub redirect_uri: String,
}

pub(super) struct Inner {
    pub keys: SoftwareKeys,
    pub credentials: Vec<MockCredential>,
    pub behaviour: Behaviour,
    pub sads: HashMap<String, Sad>,
    /// By credential.
    pub otps: HashMap<String, String>,
    pub last_otp: Option<String>,
    pub handles: HashMap<String, Later<String>>,
    pub responses: HashMap<String, Later<Vec<String>>>,
    pub codes: HashMap<String, PageCode>,
    pub calls: Vec<String>,
}

/// `error`, `error_description`.
pub(super) type Refusal = (u16, &'static str, &'static str);

impl Inner {
    pub fn credential(&self, body: &Value) -> Result<&MockCredential, Refusal> {
        let id = body.get("credentialID").and_then(Value::as_str);
        let id = id.ok_or((
            400,
            "invalid_request",
            "Missing (or invalid type) string parameter credentialID",
        ))?;
        let found = self.credentials.iter().find(|c| c.id == id);
        found.ok_or((400, "invalid_request", "Invalid parameter credentialID"))
    }

    /// A new SAD. The random number is the only thing that can fail.
    pub fn grant(&mut self, sad: Sad) -> Result<String, ProviderError> {
        let name = hex::encode(random::<24>()?);
        self.sads.insert(name.clone(), sad);
        Ok(name)
    }

    /// Uses a SAD up. Whatever is wrong with the call, it is gone afterwards.
    pub fn take(&mut self, name: &str, credential: &str, hashes: &[String]) -> Result<(), Refusal> {
        let sad = self
            .sads
            .remove(name)
            .ok_or((400, "invalid_request", "Invalid parameter SAD"))?;
        if sad.until < Instant::now() {
            return Err((400, "invalid_request", "Expired SAD"));
        }
        if sad.credential != credential {
            return Err((
                400,
                "invalid_request",
                "Invalid parameter SAD for this credential",
            ));
        }
        if sad.hashes != hashes {
            return Err((400, "invalid_request", "Hash is not authorized by the SAD"));
        }
        Ok(())
    }

    /// Whether PIN and one-time code are right; the code is used up.
    pub fn check_codes(&mut self, credential: &MockCredential, pin: &str, otp: &str) -> Result<(), Refusal> {
        let (wants_pin, wants_otp) = match &credential.authorisation {
            Authorisation::Implicit => (None, false),
            Authorisation::Pin(pin) => (Some(pin), false),
            Authorisation::Otp => (None, true),
            Authorisation::PinAndOtp(pin) => (Some(pin), true),
            Authorisation::Page => {
                return Err((
                    400,
                    "invalid_request",
                    "This credential is authorised at its page",
                ));
            }
        };
        if wants_pin.is_some_and(|wanted| wanted != pin) {
            return Err((400, "invalid_pin", "Invalid PIN"));
        }
        if wants_otp {
            let sent = self.otps.remove(&credential.id);
            if sent.is_none_or(|sent| sent != otp) {
                return Err((400, "invalid_otp", "Invalid OTP"));
            }
        }
        Ok(())
    }
}

/// `credentials/info` of both releases.
pub(super) fn describe(
    version: u8,
    credential: &MockCredential,
    chain: &[String],
    algorithms: &[&str],
) -> Value {
    let (mode, pin, otp) = match &credential.authorisation {
        Authorisation::Implicit => ("implicit", false, false),
        Authorisation::Pin(_) => ("explicit", true, false),
        Authorisation::Otp => ("explicit", false, true),
        Authorisation::PinAndOtp(_) => ("explicit", true, true),
        Authorisation::Page => ("oauth2code", false, false),
    };
    let mut info = json!({
        "description": "Khóa thử nghiệm, không có giá trị pháp lý",
        "key": {"status": "enabled", "algo": algorithms, "len": 2048},
        "cert": {"status": "valid", "certificates": chain},
        "multisign": credential.multisign,
        "lang": "vi-VN",
    });
    if version == 2 {
        let objects: Vec<_> = [("PIN", "Password", pin), ("OTP", "OTP", otp)]
            .into_iter()
            .filter(|(_, _, there)| *there)
            .map(|(id, kind, _)| json!({"id": id, "type": kind, "label": id}))
            .collect();
        info["auth"] = json!({"mode": mode, "expression": "PIN AND OTP", "objects": objects});
        info["SCAL"] = json!("2");
    } else {
        info["authMode"] = json!(mode);
        info["SCAL"] = json!("2");
        info["PIN"] = json!({"presence": pin.to_string(), "format": "N", "label": "PIN"});
        info["OTP"] = json!({"presence": otp.to_string(), "type": "online", "format": "N", "label": "OTP"});
    }
    info
}
