//! What `credentials/info` says about a key, in both releases.

use serde_json::Value;

use crate::agent::messages::decode;
use crate::certificate::{self, KeyKind};
use crate::{CertificateChain, ProviderError};

/// How a signature is authorised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// By the service itself, for example in its app on the phone.
    Implicit,
    /// By PIN, one-time code, or both.
    Explicit { pin: bool, otp: bool },
    /// At the service's own page.
    Page,
}

#[derive(Clone, Debug)]
pub(super) struct Credential {
    pub chain: CertificateChain,
    pub kind: KeyKind,
    pub usable: bool,
    pub algorithms: Vec<String>,
    pub mode: Mode,
    pub multisign: usize,
}

const RSA_SHA256: &str = "1.2.840.113549.1.1.11";
const RSA: &str = "1.2.840.113549.1.1.1";
const ECDSA_SHA256: &str = "1.2.840.10045.4.3.2";

impl Credential {
    /// Reads the answer. `id` is what we call the key.
    pub fn read(id: String, info: &Value) -> Result<Self, ProviderError> {
        let missing = |what: &str| ProviderError::Protocol(format!("credentials/info thiếu {what}"));
        let list = info
            .pointer("/cert/certificates")
            .and_then(Value::as_array)
            .ok_or_else(|| missing("certificates"))?;
        let texts = list.iter().take(16).filter_map(Value::as_str);
        let certificates = texts.map(decode).collect::<Result<Vec<_>, _>>()?;
        let first = certificates.first().ok_or_else(|| missing("certificates"))?;
        let leaf = certificate::leaf(first)?;
        // Services do not agree on the order of what follows the first.
        let certificates = certificate::chain(first, &certificates[1..]);
        let is = |path: &str, wanted: &str| {
            info.pointer(path)
                .and_then(Value::as_str)
                .is_none_or(|s| s == wanted)
        };
        let algorithms = info
            .pointer("/key/algo")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        Ok(Self {
            kind: leaf.kind,
            chain: CertificateChain {
                key: id,
                label: leaf.name,
                certificates,
            },
            usable: is("/key/status", "enabled") && is("/cert/status", "valid"),
            algorithms: algorithms
                .iter()
                .filter_map(Value::as_str)
                .map(ToOwned::to_owned)
                .collect(),
            mode: mode(info)?,
            multisign: info
                .get("multisign")
                .and_then(Value::as_u64)
                .map_or(1, |n| usize::try_from(n).unwrap_or(1))
                .max(1),
        })
    }

    /// The OID to ask for. `by_key`: the service wants the algorithm of the key and the hash apart.
    pub fn sign_algorithm(&self, by_key: bool) -> &'static str {
        let lists = |oid: &str| self.algorithms.iter().any(|a| a == oid);
        match self.kind {
            KeyKind::P256 => ECDSA_SHA256,
            KeyKind::Rsa(_) if by_key || (!lists(RSA_SHA256) && lists(RSA)) => RSA,
            KeyKind::Rsa(_) => RSA_SHA256,
        }
    }
}

/// v1: `authMode`, `PIN.presence`, `OTP.presence`; v2: `auth.mode`, `auth.objects[].type`.
fn mode(info: &Value) -> Result<Mode, ProviderError> {
    let name = info
        .get("authMode")
        .or_else(|| info.pointer("/auth/mode"))
        .and_then(Value::as_str)
        .unwrap_or("implicit");
    match name {
        "implicit" => Ok(Mode::Implicit),
        "oauth2code" | "oauth2token" => Ok(Mode::Page),
        "explicit" => {
            let present = |name: &str| {
                // "optional" is asked for neither: the service would take the call without.
                info.pointer(&format!("/{name}/presence"))
                    .is_some_and(|p| p == "true" || *p == true)
            };
            let objects = info
                .pointer("/auth/objects")
                .and_then(Value::as_array)
                .map(Vec::as_slice)
                .unwrap_or_default();
            let object = |name: &str| {
                objects.iter().any(|o| {
                    let text = |field: &str| o.get(field).and_then(Value::as_str).unwrap_or_default();
                    text("id").eq_ignore_ascii_case(name) || text("type").eq_ignore_ascii_case(name)
                })
            };
            let (pin, otp) = (
                present("PIN") || object("PIN") || object("Password"),
                present("OTP") || object("OTP"),
            );
            Ok(Mode::Explicit { pin, otp })
        }
        other => Err(ProviderError::Protocol(format!("authMode “{other}”"))),
    }
}
