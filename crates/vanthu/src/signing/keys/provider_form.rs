//! The form of a place of keys, turned into its settings. Secrets leave the form here and are never put back into it.

use std::{collections::HashMap, path::PathBuf};

use serde::Deserialize;
use signing_providers::{
    ProviderConfig, Secret,
    config::{
        BrowserAgentConfig, CscAccess, CscConfig, CscDialect, CscOauth, CscVersion, Pkcs11Config,
        SoftwareConfig,
    },
};

use super::providers::{NewProvider, ProviderKind};
use crate::{
    context::App,
    error::{AppError, AppResult},
    signing::demo,
    web::clean,
};

/// Name of the secret that is the PIN of a token.
const PIN: &str = "pin";
/// Name of the secret of a remote service.
const CLIENT: &str = "client";

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ProviderForm {
    pub agency: String,
    pub kind: String,
    pub label: String,
    /// For the whole province instead of the agency.
    pub for_all: String,
    // pkcs11
    pub module: String,
    pub token: String,
    pub serial: String,
    pub sessions: String,
    pub pin_pad: String,
    pub pin: String,
    // csc
    pub base: String,
    pub version: String,
    pub dialect: String,
    pub access: String,
    pub token_url: String,
    pub client_id: String,
    pub client_secret: String,
    pub scope: String,
    pub profile_id: String,
    pub authorize_url: String,
    pub asynchronous: String,
    // agent
    pub port: String,
}

impl ProviderForm {
    /// The same without secrets: what may be shown again.
    pub fn without_secrets(mut self) -> Self {
        self.pin.clear();
        self.client_secret.clear();
        self
    }

    /// The kind chosen.
    ///
    /// # Errors
    /// [`AppError::BadInput`] for a kind that does not exist.
    pub fn kind(&self) -> AppResult<ProviderKind> {
        self.kind
            .parse()
            .map_err(|_| AppError::BadInput("Vui lòng chọn loại nơi lưu khóa.".to_owned()))
    }

    /// What it adds.
    ///
    /// # Errors
    /// [`AppError::BadInput`] for values that cannot be read.
    pub fn read(&self, app: &App, agency: Option<rules::ids::AgencyId>) -> AppResult<NewProvider> {
        let kind = self.kind()?;
        let mut secrets = HashMap::new();
        let mut secret = |name: &str, value: &str| {
            let is_given = !value.is_empty();
            if is_given {
                secrets.insert(name.to_owned(), Secret::new(value));
            }
            is_given.then(|| name.to_owned())
        };
        let config = match kind {
            ProviderKind::WholeFile => None,
            ProviderKind::Software => Some(ProviderConfig::Software(SoftwareConfig {
                folder: demo::keys_folder(app),
            })),
            ProviderKind::Agent => Some(ProviderConfig::Agent(BrowserAgentConfig {
                label: clean(&self.label),
                port: number(&self.port, 18_987, "cổng")?,
            })),
            ProviderKind::Pkcs11 => Some(ProviderConfig::Pkcs11(Pkcs11Config {
                label: clean(&self.label),
                module: PathBuf::from(needed(&self.module, "đường dẫn thư viện PKCS#11")?),
                token: optional(&self.token),
                serial: optional(&self.serial),
                pin_secret: secret(PIN, &self.pin),
                sessions: number(&self.sessions, 4, "số phiên")?,
                wait_seconds: 30,
                pin_pad: !self.pin_pad.is_empty(),
            })),
            ProviderKind::Csc => {
                let client_secret = secret(CLIENT, &self.client_secret);
                Some(ProviderConfig::Csc(Box::new(
                    self.csc(app, client_secret.as_deref())?,
                )))
            }
        };
        Ok(NewProvider {
            agency,
            label: self.label.clone(),
            config,
            secrets,
        })
    }

    fn csc(&self, app: &App, client_secret: Option<&str>) -> AppResult<CscConfig> {
        let with_secret = || {
            client_secret
                .map(str::to_owned)
                .ok_or_else(|| AppError::BadInput("Vui lòng nhập mã bí mật do dịch vụ ký số cấp.".to_owned()))
        };
        let access = match self.access.as_str() {
            "token" => CscAccess::Token {
                token_secret: with_secret()?,
            },
            "person" => CscAccess::Person,
            "login" => CscAccess::Login {
                login_url: needed(&self.token_url, "địa chỉ cấp mã truy cập")?,
                client_id: needed(&self.client_id, "mã ứng dụng")?,
                client_secret: with_secret()?,
                profile_id: needed(&self.profile_id, "mã hồ sơ (profile)")?,
            },
            _ => CscAccess::Client {
                token_url: needed(&self.token_url, "địa chỉ cấp mã truy cập")?,
                client_id: needed(&self.client_id, "mã ứng dụng")?,
                client_secret: with_secret()?,
                scope: optional(&self.scope),
            },
        };
        let oauth = optional(&self.authorize_url)
            .map(|authorize_url| {
                Ok::<_, AppError>(CscOauth {
                    authorize_url,
                    token_url: needed(&self.token_url, "địa chỉ cấp mã truy cập")?,
                    client_id: needed(&self.client_id, "mã ứng dụng")?,
                    client_secret: client_secret.map(str::to_owned),
                    redirect_uri: format!("{}/signing/return", app.settings.server.public_url),
                })
            })
            .transpose()?;
        Ok(CscConfig {
            label: clean(&self.label),
            base: needed(&self.base, "địa chỉ dịch vụ")?,
            version: match self.version.as_str() {
                "v1" => CscVersion::V1,
                "v2" => CscVersion::V2,
                _ => CscVersion::Detect,
            },
            dialect: if self.dialect == "viettel" {
                CscDialect::Viettel
            } else {
                CscDialect::Standard
            },
            access,
            oauth,
            ca_file: None,
            asynchronous: !self.asynchronous.is_empty(),
            timeout_seconds: if self.dialect == "viettel" { 120 } else { 30 },
            max_hashes: 50,
            // The mock service of the demonstration runs on this machine.
            allow_loopback_http: app.has_sample_data(),
        })
    }
}

fn optional(text: &str) -> Option<String> {
    Some(clean(text)).filter(|text| !text.is_empty())
}

fn needed(text: &str, what: &str) -> AppResult<String> {
    optional(text).ok_or_else(|| AppError::BadInput(format!("Vui lòng nhập {what}.")))
}

fn number<T: std::str::FromStr>(text: &str, otherwise: T, what: &str) -> AppResult<T> {
    match optional(text) {
        None => Ok(otherwise),
        Some(text) => text
            .parse()
            .map_err(|_| AppError::BadInput(format!("Ô {what} phải là số. Vui lòng nhập lại."))),
    }
}
