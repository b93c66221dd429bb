//! Dịch vụ cấp dấu thời gian: which one, and what happens when it does not answer. A document never loses its time stamp
//! silently: either it waits, or it is signed without one and says so.

use std::{collections::HashMap, fmt, sync::Arc};

use async_trait::async_trait;
use demo_pki::DemoPki;
use pdf_signature::cms;
use rules::{Refusal, ids::CommandId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use signing_providers::{
    ProviderError, Secret, TimeStamper,
    tsa::{HttpTsa, TsaConfig},
};
use store::{Act, Begun, Clock, Entry, args, sql};
use uuid::Uuid;

use crate::{
    act_names, administration,
    context::{App, Who},
    error::{AppError, AppResult},
    signing::demo_pki_of,
    vault::Vault,
};

/// Key of the setting.
const KEY: &str = "time_stamp";
/// Name of the secret with the password.
pub const PASSWORD: &str = "password";

/// What to do with a signature when the service does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenDown {
    /// The signature waits until the service answers again.
    #[default]
    Queue,
    /// The document is signed without a time stamp, with a warning in its history.
    SignWithWarning,
}

impl WhenDown {
    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::Queue => "Chờ đến khi dịch vụ hoạt động lại",
            Self::SignWithWarning => "Ký không có dấu thời gian, kèm cảnh báo",
        }
    }
}

/// The service of time stamps.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TimeStampService {
    /// None: documents are signed without time stamps (PAdES B-B), and pages say so.
    #[default]
    None,
    /// A service by RFC 3161.
    Http {
        /// Its settings.
        config: TsaConfig,
        /// When it does not answer.
        when_down: WhenDown,
    },
    /// The made-up authority of the demo, inside the program.
    Demo,
}

/// The configured service.
///
/// # Errors
/// When the database fails.
pub async fn service(app: &App) -> AppResult<TimeStampService> {
    let row = app
        .db
        .opt(
            sql!("SELECT value FROM signing_setting WHERE key = $1"),
            args![KEY],
        )
        .await?;
    Ok(match row {
        Some(row) => row.json("value")?,
        None => TimeStampService::None,
    })
}

/// What to do when the service does not answer.
///
/// # Errors
/// When the database fails.
pub async fn when_down(app: &App) -> AppResult<WhenDown> {
    Ok(match service(app).await? {
        TimeStampService::Http { when_down, .. } => when_down,
        TimeStampService::None | TimeStampService::Demo => WhenDown::Queue,
    })
}

/// The service, ready to use. `None` when none is configured: signatures are then PAdES B-B.
///
/// # Errors
/// When the database fails or the service cannot be opened as configured.
pub async fn time_stamper(app: &App) -> AppResult<Option<Arc<dyn TimeStamper>>> {
    let row = app
        .db
        .opt(
            sql!("SELECT value, secret FROM signing_setting WHERE key = $1"),
            args![KEY],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    match row.json("value")? {
        TimeStampService::None => Ok(None),
        TimeStampService::Http { config, .. } => {
            let mut secrets = HashMap::new();
            if let Some(sealed) = row.get::<Option<Vec<u8>>>("secret")? {
                secrets = serde_json::from_slice(&Vault::of(app)?.open_sealed(KEY, &sealed)?)?;
            }
            Ok(Some(Arc::new(open(&config, &secrets)?)))
        }
        TimeStampService::Demo => match demo_pki_of(app).await? {
            Some(pki) => Ok(Some(Arc::new(DemoStamper {
                pki,
                clock: app.clock.clone(),
            }))),
            None => Err(Refusal::new(
                "KS-04",
                "time_stamp.demo",
                "Dịch vụ dấu thời gian thử nghiệm không còn trong thư mục dữ liệu. Vui lòng cấu hình dịch vụ khác.",
            )
            .into()),
        },
    }
}

fn open(config: &TsaConfig, secrets: &HashMap<String, Secret>) -> AppResult<HttpTsa> {
    HttpTsa::open(config, secrets)
        .map_err(|error| Refusal::new("KS-04", error.code(), error.to_string()).into())
}

/// Chooses the service.
///
/// # Errors
/// `QC01-23.4` for everybody but the administrator of the province; a refusal for settings that cannot work.
pub async fn set_service(
    app: &App,
    who: &Who,
    command: CommandId,
    service: TimeStampService,
    password: Option<Secret>,
) -> AppResult<()> {
    administration::must_administer_province(who)?;
    if service == TimeStampService::Demo && !app.has_sample_data() {
        return Err(AppError::BadInput(
            "Dịch vụ thử nghiệm chỉ dùng với dữ liệu mẫu. Vui lòng chọn dịch vụ khác.".to_owned(),
        ));
    }
    let secrets: HashMap<String, Secret> = password
        .map(|password| (PASSWORD.to_owned(), password))
        .into_iter()
        .collect();
    if let TimeStampService::Http { config, .. } = &service {
        open(config, &secrets)?;
    }
    let mut act = match app.begin(who, command).await? {
        Begun::Before(()) => return Ok(()),
        Begun::Now(act) => act,
    };
    write(app, &mut act, &service, &secrets).await?;
    app.commit(act, &()).await
}

/// Writes the service within an act that already asked who may.
///
/// # Errors
/// When the database fails or the secret cannot be encrypted.
pub async fn write(
    app: &App,
    act: &mut Act,
    service: &TimeStampService,
    secrets: &HashMap<String, Secret>,
) -> AppResult<()> {
    let secret = if secrets.is_empty() {
        None
    } else {
        let plain: HashMap<&str, &str> = secrets
            .iter()
            .map(|(name, secret)| (name.as_str(), secret.reveal()))
            .collect();
        Some(Vault::of(app)?.seal(KEY, &serde_json::to_vec(&plain)?)?)
    };
    let (now, by) = (act.now(), act.actor().label.clone());
    act.run(
        sql!(
            "INSERT INTO signing_setting (key, value, secret, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value, secret = excluded.secret, \
             changed_at = excluded.changed_at, changed_by = excluded.changed_by"
        ),
        args![KEY, serde_json::to_string(service)?, secret, now, by],
    )
    .await?;
    act.journal(Entry {
        act: act_names::TIME_STAMP_SERVICE,
        object_kind: "trust",
        object: Uuid::nil(),
        agency: None,
        summary: match service {
            TimeStampService::None => "Thôi dùng dịch vụ cấp dấu thời gian.".to_owned(),
            TimeStampService::Http { config, when_down } => format!(
                "Dùng dịch vụ cấp dấu thời gian {}. Khi dịch vụ gián đoạn: {}.",
                config.url,
                when_down.label().to_lowercase()
            ),
            TimeStampService::Demo => "Dùng dịch vụ cấp dấu thời gian thử nghiệm.".to_owned(),
        },
        details: json!({ "service": service }),
    })
    .await?;
    Ok(())
}

/// The time-stamping authority of the demo, inside the program.
struct DemoStamper {
    pki: Arc<DemoPki>,
    clock: Clock,
}

impl fmt::Debug for DemoStamper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DemoStamper")
    }
}

#[async_trait]
impl TimeStamper for DemoStamper {
    async fn stamp(&self, imprint: &[u8; 32]) -> Result<Vec<u8>, ProviderError> {
        let (nonce, serial) = (rand::random::<u64>(), rand::random::<u64>() >> 1);
        let wrong =
            |error: &dyn fmt::Display| ProviderError::Protocol(format!("dấu thời gian thử nghiệm: {error}"));
        let request = cms::timestamp_request(imprint, nonce);
        let answer = self
            .pki
            .timestamp(&request, self.clock.now(), serial)
            .map_err(|error| wrong(&error))?;
        cms::timestamp_token(&answer, imprint, nonce).map_err(|error| wrong(&error))
    }
}
