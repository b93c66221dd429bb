//! Nơi lưu khóa: tokens and HSM of the server, remote signing, agents on people's PCs. Settings stand in the database,
//! secrets encrypted beside them; neither a page nor a log shows a secret again.

use std::{collections::HashMap, fmt, str::FromStr, sync::Arc, time::Duration};

use jiff::Timestamp;
use rules::{
    Refusal,
    ids::{AgencyId, CommandId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use signing_providers::{CertificateChain, Clock, Provider, ProviderConfig, Secret, SignerRef};
use store::{Act, Begun, Entry, args, sql};
use uuid::Uuid;

use super::whole_file::WholeFile;
use crate::{
    act_names, administration,
    context::{App, Who},
    error::{AppError, AppResult},
    vault::Vault,
    web::clean,
};

/// A place of keys answers within this time when an administrator asks.
const PATIENCE: Duration = Duration::from_secs(20);

/// What kind of place keys lie in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderKind {
    /// Token or HSM of the server.
    Pkcs11,
    /// Remote signing by the protocol of the Cloud Signature Consortium.
    Csc,
    /// USB token at the PC of who signs, through `vanthu sign-agent`.
    Agent,
    /// USB token at the PC of who signs, through an agent that signs whole files.
    WholeFile,
    /// Keys in files, for the demo only.
    Software,
}

impl ProviderKind {
    /// Every kind, the usual ones first.
    pub const ALL: &'static [Self] = &[
        Self::Pkcs11,
        Self::Csc,
        Self::Agent,
        Self::WholeFile,
        Self::Software,
    ];

    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pkcs11 => "pkcs11",
            Self::Csc => "csc",
            Self::Agent => "agent",
            Self::WholeFile => "whole_file",
            Self::Software => "software",
        }
    }

    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pkcs11 => "Token hoặc HSM gắn với máy chủ (PKCS#11)",
            Self::Csc => "Dịch vụ ký số từ xa (CSC)",
            Self::Agent => "USB token trên máy người ký",
            Self::WholeFile => super::whole_file::LABEL,
            Self::Software => signing_providers::software::LABEL,
        }
    }

    /// Whether the server itself can ask for the certificates there.
    pub fn answers_the_server(self) -> bool {
        !matches!(self, Self::Agent | Self::WholeFile)
    }
}

impl fmt::Display for ProviderKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ProviderKind {
    type Err = rules::UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| rules::UnknownName {
                kind: "ProviderKind",
                value: text.to_owned(),
            })
    }
}

/// A place of keys to add.
#[derive(Debug, Clone)]
pub struct NewProvider {
    /// Whose it is; `None`: for the whole province.
    pub agency: Option<AgencyId>,
    /// What people read.
    pub label: String,
    /// Its settings; `None` for [`ProviderKind::WholeFile`], which has none.
    pub config: Option<ProviderConfig>,
    /// Secrets by the names that the settings use. They are encrypted and not shown again.
    pub secrets: HashMap<String, Secret>,
}

impl NewProvider {
    fn kind(&self) -> ProviderKind {
        match &self.config {
            None => ProviderKind::WholeFile,
            Some(ProviderConfig::Software(_)) => ProviderKind::Software,
            Some(ProviderConfig::Pkcs11(_)) => ProviderKind::Pkcs11,
            Some(ProviderConfig::Csc(_)) => ProviderKind::Csc,
            Some(ProviderConfig::Agent(_)) => ProviderKind::Agent,
        }
    }
}

/// The time as places of keys ask for it.
pub fn clock(app: &App) -> Clock {
    let clock = app.clock.clone();
    Arc::new(move || clock.now())
}

fn place(id: Uuid) -> String {
    format!("signing_provider:{id}")
}

/// Administrators of the province change places of keys for all, those of an agency its own.
fn must_change(who: &Who, agency: Option<AgencyId>) -> AppResult<()> {
    match agency {
        None => administration::must_administer_province(who),
        Some(agency) => {
            administration::must_administer(who)?;
            if administration::manages(who, agency) {
                Ok(())
            } else {
                Err(AppError::NotFound)
            }
        }
    }
}

/// Adds a place of keys.
///
/// # Errors
/// `KS-46` for software keys outside the demo; a refusal for settings that cannot work; [`AppError::NotFound`] for an
/// agency that is not this administrator's.
pub async fn add_provider(app: &App, who: &Who, command: CommandId, new: NewProvider) -> AppResult<Uuid> {
    must_change(who, new.agency)?;
    if new.kind() == ProviderKind::Software && !app.has_sample_data() {
        return Err(Refusal::new(
            "KS-46",
            "provider.software",
            "Khóa phần mềm chỉ dùng thử với dữ liệu mẫu. Khóa bí mật của cán bộ, cơ quan phải nằm trong token, HSM hoặc dịch \
             vụ ký số từ xa đạt tiêu chuẩn.",
        )
        .on("kind")
        .into());
    }
    let label = clean(&new.label);
    if label.is_empty() || label.chars().count() > 200 {
        return Err(Refusal::new(
            "KS-70",
            "provider.no_label",
            "Vui lòng ghi tên nơi lưu khóa, không quá 200 ký tự.",
        )
        .on("label")
        .into());
    }
    if let Some(config) = &new.config {
        may_load(app, config)?;
        // Opened once, so that settings that cannot work are refused now and not when somebody signs.
        signing_providers::open(config, &new.secrets, clock(app)).map_err(|error| refused(&error))?;
    }
    let mut act = match app.begin(who, command).await? {
        Begun::Before(id) => return Ok(id),
        Begun::Now(act) => act,
    };
    let id = insert(app, &mut act, &new, &label).await?;
    app.commit(act, &id).await?;
    Ok(id)
}

/// Writes a place of keys within an act that already asked who may.
///
/// # Errors
/// When the database fails or the secret cannot be encrypted.
pub async fn insert(app: &App, act: &mut Act, new: &NewProvider, label: &str) -> AppResult<Uuid> {
    let (id, now) = (act.new_id(), act.now());
    let who = act.actor().label.clone();
    let secret = if new.secrets.is_empty() {
        None
    } else {
        let plain: HashMap<&str, &str> = new
            .secrets
            .iter()
            .map(|(name, secret)| (name.as_str(), secret.reveal()))
            .collect();
        Some(Vault::of(app)?.seal(&place(id), &serde_json::to_vec(&plain)?)?)
    };
    let settings = match &new.config {
        Some(config) => serde_json::to_string(config)?,
        None => "{}".to_owned(),
    };
    act.run(
        sql!(
            "INSERT INTO signing_provider (id, agency_id, kind, label, settings, secret, revision, added_at, added_by) \
             VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8)"
        ),
        args![id, new.agency, new.kind().as_str(), label, settings, secret, now, who],
    )
    .await?;
    act.journal(Entry {
        act: act_names::PROVIDER_ADD,
        object_kind: "provider",
        object: id,
        agency: new.agency,
        summary: format!("Thêm nơi lưu khóa “{label}” ({}).", new.kind().label()),
        details: json!({ "kind": new.kind() }),
    })
    .await?;
    Ok(id)
}

/// A library of PKCS#11 runs inside the server with all that the server may do: which ones are loaded is decided by whoever
/// runs it (`signing.pkcs11_modules`), not on a page.
fn may_load(app: &App, config: &ProviderConfig) -> AppResult<()> {
    let ProviderConfig::Pkcs11(config) = config else {
        return Ok(());
    };
    if app.settings.signing.pkcs11_modules.contains(&config.module) {
        return Ok(());
    }
    Err(Refusal::new(
        "KS-70",
        "provider.module_not_allowed",
        "Thư viện PKCS#11 này chưa được phép dùng trên máy chủ. Vui lòng đề nghị người vận hành máy chủ ghi đường dẫn thư viện vào          mục signing.pkcs11_modules của tệp vanthu.toml rồi khởi động lại chương trình.",
    )
    .on("module")
    .into())
}

/// A provider's sentence as a refusal of the form.
fn refused(error: &signing_providers::ProviderError) -> AppError {
    Refusal::new("KS-70", error.code(), error.to_string()).into()
}

/// An opened place of keys.
pub struct Opened {
    /// Its kind.
    pub kind: ProviderKind,
    /// The place.
    pub provider: Arc<dyn Provider>,
}

/// Opens a place of keys; opened ones are kept, because tokens allow few sessions.
///
/// # Errors
/// [`AppError::NotFound`] when there is none; when its secret cannot be decrypted or its settings do not work.
pub async fn open(app: &App, id: Uuid) -> AppResult<Opened> {
    let row = app
        .db
        .opt(
            sql!("SELECT kind, settings, secret, revision FROM signing_provider WHERE id = $1"),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let kind: ProviderKind = row.parse("kind")?;
    let revision: i64 = row.get("revision")?;
    let known = {
        let opened = app
            .signing
            .providers
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        opened
            .get(&id)
            .filter(|(known, _)| *known == revision)
            .map(|(_, provider)| provider.clone())
    };
    if let Some(provider) = known {
        return Ok(Opened { kind, provider });
    }
    let provider: Arc<dyn Provider> = if kind == ProviderKind::WholeFile {
        Arc::new(WholeFile)
    } else {
        let config: ProviderConfig = row.json("settings")?;
        may_load(app, &config)?;
        let mut secrets = HashMap::new();
        if let Some(sealed) = row.get::<Option<Vec<u8>>>("secret")? {
            let plain = Vault::of(app)?.open_sealed(&place(id), &sealed)?;
            secrets = serde_json::from_slice(&plain)?;
        }
        let clock = clock(app);
        app.heavy(move |_| signing_providers::open(&config, &secrets, clock))
            .await?
            .map_err(|error| refused(&error))?
    };
    let mut opened = app
        .signing
        .providers
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    opened.insert(id, (revision, provider.clone()));
    Ok(Opened { kind, provider })
}

/// Puts another place where an opened one is.
#[cfg(test)]
pub fn replace_opened(app: &App, provider: &Arc<dyn Provider>) {
    let mut opened = app.signing.providers.lock().unwrap();
    for place in opened.values_mut() {
        place.1 = provider.clone();
    }
}

/// The certificates at a place of keys.
///
/// # Errors
/// The provider's own sentence, also when it does not answer in time.
pub async fn certificates(app: &App, id: Uuid, user: Option<String>) -> AppResult<Vec<CertificateChain>> {
    let opened = open(app, id).await?;
    let signer = SignerRef {
        user,
        authorization: None,
    };
    match tokio::time::timeout(PATIENCE, opened.provider.certificates(&signer)).await {
        Ok(found) => found.map_err(|error| refused(&error)),
        Err(_) => Err(refused(&signing_providers::ProviderError::Timeout(format!(
            "{} giây",
            PATIENCE.as_secs()
        )))),
    }
}

/// What is known of a place of keys.
pub struct Known {
    pub agency: Option<AgencyId>,
    pub label: String,
    pub kind: ProviderKind,
}

/// A place of keys that this administrator may change.
async fn for_change(act: &mut Act, who: &Who, id: Uuid) -> AppResult<Known> {
    act.run(
        sql!("UPDATE signing_provider SET revision = revision WHERE id = $1"),
        args![id],
    )
    .await?;
    let row = act
        .opt(
            sql!("SELECT agency_id, label, kind, retired_at FROM signing_provider WHERE id = $1"),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    let agency = row.get("agency_id")?;
    must_change(who, agency)?;
    if row.get::<Option<Timestamp>>("retired_at")?.is_some() {
        return Err(Refusal::new("KS-70", "provider.retired", "Nơi lưu khóa này đã thôi dùng.").into());
    }
    Ok(Known {
        agency,
        label: row.get("label")?,
        kind: row.parse("kind")?,
    })
}

/// Tries whether a place of keys answers, and notes it. Gives how many certificates are there, or the sentence of what is
/// wrong.
///
/// # Errors
/// [`AppError::NotFound`] for one that is not this administrator's; when the database fails.
pub async fn test(app: &App, who: &Who, command: CommandId, id: Uuid) -> AppResult<Result<usize, String>> {
    let owner = app
        .db
        .opt(
            sql!("SELECT agency_id FROM signing_provider WHERE id = $1"),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    must_change(who, owner.get("agency_id")?)?;
    // Outside the act: no transaction waits for a device.
    let found = match certificates(app, id, None).await {
        Ok(found) => Ok(found.len()),
        Err(AppError::Refused(refusal)) => Err(refusal.message),
        Err(other) => return Err(other),
    };
    let mut act = match app.begin(who, command).await? {
        Begun::Before(found) => return Ok(found),
        Begun::Now(act) => act,
    };
    let known = for_change(&mut act, who, id).await?;
    let now = act.now();
    act.run(
        sql!("UPDATE signing_provider SET tested_at = $2, test_error = $3 WHERE id = $1"),
        args![id, now, found.as_ref().err().cloned()],
    )
    .await?;
    act.journal(Entry {
        act: act_names::PROVIDER_TEST,
        object_kind: "provider",
        object: id,
        agency: known.agency,
        summary: match &found {
            Ok(count) => format!(
                "Thử kết nối nơi lưu khóa “{}”: thấy {count} chứng thư.",
                known.label
            ),
            Err(_) => format!("Thử kết nối nơi lưu khóa “{}”: không thành công.", known.label),
        },
        details: json!({ "note": found.as_ref().err() }),
    })
    .await?;
    app.commit(act, &found).await?;
    Ok(found)
}

/// Ends the use of a place of keys: certificates bound there no longer sign.
///
/// # Errors
/// As [`test`].
pub async fn retire(app: &App, who: &Who, command: CommandId, id: Uuid) -> AppResult<()> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(()) => return Ok(()),
        Begun::Now(act) => act,
    };
    let known = for_change(&mut act, who, id).await?;
    let now = act.now();
    // The secret goes with it: nobody needs it any more.
    act.run(
        sql!("UPDATE signing_provider SET retired_at = $2, secret = NULL, revision = revision + 1 WHERE id = $1"),
        args![id, now],
    )
    .await?;
    act.journal(Entry {
        act: act_names::PROVIDER_RETIRE,
        object_kind: "provider",
        object: id,
        agency: known.agency,
        summary: format!("Thôi dùng nơi lưu khóa “{}”.", known.label),
        details: json!({ "kind": known.kind }),
    })
    .await?;
    app.commit(act, &()).await?;
    let mut opened = app
        .signing
        .providers
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    opened.remove(&id);
    Ok(())
}
