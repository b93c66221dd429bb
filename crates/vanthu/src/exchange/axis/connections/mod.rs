//! Kết nối với trục liên thông: several, each with one system id and the codes of the agencies that it serves.

mod acts;
mod codes;
mod form;
mod pages;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axis::{
    client::{AxisError, AxisTransport, VxpClient, VxpConfig},
    wire::HashForm,
};
use axum::{
    Router,
    routing::{get, post},
};
use jiff::Timestamp;
use outbound::Secret;
use rules::ids::AgencyId;
use serde::{Deserialize, Serialize};
use store::{Act, Entry, Row, args, sql};
use url::Url;
use uuid::Uuid;

#[cfg(test)]
pub use acts::{add_code, create_for_test};
pub use codes::{OwnCode, own_code, own_codes, primary_code};
#[cfg(test)]
pub use form::ConnectionForm;
pub use pages::{health, trouble};

use crate::{
    act_names,
    context::App,
    error::{AppError, AppResult},
    vault::Vault,
};

/// `/exchange/connections/…`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/exchange/connections", get(pages::list).post(pages::create))
        .route("/exchange/connections/new", get(pages::new))
        .route("/exchange/connections/{id}", get(pages::edit).post(pages::save))
        .route("/exchange/connections/{id}/test", post(pages::test))
        .route("/exchange/connections/{id}/switch", post(pages::switch))
        .route("/exchange/connections/{id}/codes", post(pages::add_code))
        .route(
            "/exchange/connections/{id}/codes/remove",
            post(pages::remove_code),
        )
}

/// What installations of the axis do differently, and how much is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// `hash-file` with all 64 digits, unlike the axis' own client (spec edxml 12.2).
    pub padded_hash: bool,
    /// Name of the key with a packet's id.
    pub doc_id_key: String,
    /// The same when the state of a packet is set.
    pub doc_id_of_status_key: String,
    /// Without TLS; to private hosts only (spec edxml 15).
    pub plain_http: bool,
    /// A sent file is followed by a line break.
    pub trailing_line_break: bool,
    /// Recipients are named in the request.
    pub names_recipients: bool,
    /// Header names with capitals.
    pub capital_headers: bool,
    /// Every so many seconds it is asked for new packets.
    pub poll_seconds: u32,
    /// The largest packet that is fetched, in MB.
    pub packet_mb: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            padded_hash: false,
            doc_id_key: "docId".to_owned(),
            doc_id_of_status_key: "docid".to_owned(),
            plain_http: false,
            trailing_line_break: false,
            names_recipients: true,
            capital_headers: false,
            poll_seconds: 60,
            packet_mb: 256,
        }
    }
}

/// A connection.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Its id.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// Where the adapter of the axis listens.
    pub base_url: String,
    /// The id that the operator of the axis gave the system.
    pub system_id: String,
    /// See [`Options`].
    pub options: Options,
    /// Not switched off by an administrator.
    pub is_enabled: bool,
    /// Why the program stopped it.
    pub stopped_reason: Option<String>,
    /// When the axis last answered.
    pub polled_at: Option<Timestamp>,
    /// When it is asked again.
    pub poll_next_at: Timestamp,
    /// What went wrong when it was last asked.
    pub poll_error: Option<String>,
    /// Nothing is sent before.
    pub send_next_at: Timestamp,
    /// Calls in a row that did not reach the axis.
    pub failures: u32,
    /// The agency of ours that was chosen to look after packets that are nobody's.
    pub unclaimed_agency: Option<AgencyId>,
    /// How many codes of ours stand on it.
    pub codes: i64,
    settings_at: i64,
}

impl Connection {
    fn of(row: &Row) -> store::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            name: row.get("name")?,
            base_url: row.get("base_url")?,
            system_id: row.get("system_id")?,
            options: row.json("options")?,
            is_enabled: row.get("enabled")?,
            stopped_reason: row.get("stopped_reason")?,
            polled_at: row.get("polled_at")?,
            poll_next_at: row.get("poll_next_at")?,
            poll_error: row.get("poll_error")?,
            send_next_at: row.get("send_next_at")?,
            failures: row.get("failures")?,
            unclaimed_agency: row.get("unclaimed_agency_id")?,
            codes: row.get("codes")?,
            settings_at: row.get("updated_at")?,
        })
    }

    /// Whether packets go over it.
    pub fn is_working(&self) -> bool {
        self.is_enabled && self.stopped_reason.is_none()
    }

    /// Whether packets are fetched: before a code of ours stands on it, everything that waits there would count as sent by
    /// mistake, and be acknowledged.
    pub const fn receives(&self) -> bool {
        self.codes > 0
    }
}

/// All connections by name.
///
/// # Errors
/// When the database fails.
pub async fn all(app: &App) -> AppResult<Vec<Connection>> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, name, base_url, system_id, options, enabled, stopped_reason, polled_at, poll_next_at, poll_error, \
                 send_next_at, failures, updated_at, unclaimed_agency_id, \
                 (SELECT count(*) FROM axis_own_code c WHERE c.connection_id = axis_connection.id) AS codes FROM axis_connection ORDER BY name, id"
            ),
            args![],
        )
        .await?;
    Ok(rows.iter().map(Connection::of).collect::<store::Result<_>>()?)
}

/// One connection.
///
/// # Errors
/// [`AppError::NotFound`]; when the database fails.
pub async fn one(app: &App, id: Uuid) -> AppResult<Connection> {
    let row = app
        .db
        .opt(
            sql!(
                "SELECT id, name, base_url, system_id, options, enabled, stopped_reason, polled_at, poll_next_at, poll_error, \
                 send_next_at, failures, updated_at, unclaimed_agency_id, \
                 (SELECT count(*) FROM axis_own_code c WHERE c.connection_id = axis_connection.id) AS codes FROM axis_connection WHERE id = $1"
            ),
            args![id],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    Ok(Connection::of(&row)?)
}

/// Where the secret of a connection stands, for the vault.
fn place(id: Uuid) -> String {
    format!("axis_connection:{id}")
}

/// The opened connection; kept until its settings change. The inner error: its secret cannot be decrypted, or its settings
/// cannot work.
///
/// # Errors
/// When the database fails; that says nothing about the settings.
pub async fn open(
    app: &App,
    connection: &Connection,
) -> AppResult<Result<Arc<dyn AxisTransport>, AxisError>> {
    if let Some(known) = app.axis.opened(connection.id, connection.settings_at) {
        return Ok(Ok(known));
    }
    let sealed: Vec<u8> = app
        .db
        .one(
            sql!("SELECT secret FROM axis_connection WHERE id = $1"),
            args![connection.id],
        )
        .await?
        .get("secret")?;
    let client = secret(app, connection.id, &sealed).and_then(|secret| {
        let config = config(
            &connection.base_url,
            &connection.system_id,
            secret,
            &connection.options,
        );
        let clock = app.clock.clone();
        VxpClient::new(config, Arc::new(move || clock.now()))
    });
    Ok(client.map(|client| {
        let transport: Arc<dyn AxisTransport> = Arc::new(client);
        app.axis
            .keep(connection.id, connection.settings_at, transport.clone());
        transport
    }))
}

fn secret(app: &App, connection: Uuid, sealed: &[u8]) -> Result<Secret, AxisError> {
    let plain = Vault::of(app).and_then(|vault| vault.open_sealed(&place(connection), sealed));
    plain
        .map_err(|error| error.to_string())
        .and_then(|plain| String::from_utf8(plain).map_err(|error| error.to_string()))
        .map(Secret::new)
        .map_err(|error| {
            tracing::error!(%connection, error, "the secret of a connection cannot be decrypted");
            AxisError::Config(
                "không giải mã được khóa bí mật; kiểm tra tệp khóa (signing.key_file) hoặc nhập lại khóa"
                    .to_owned(),
            )
        })
}

/// Settings as the client of the protocol takes them.
fn config(base_url: &str, system_id: &str, secret: Secret, options: &Options) -> VxpConfig {
    let mut config = VxpConfig::new(base_url, system_id, secret);
    if options.plain_http {
        let host = Url::parse(base_url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        config.plain_http_hosts.extend(host);
    }
    config.spelling.doc_id.clone_from(&options.doc_id_key);
    config
        .spelling
        .doc_id_of_status
        .clone_from(&options.doc_id_of_status_key);
    config.hash_form = if options.padded_hash {
        HashForm::Padded
    } else {
        HashForm::Unpadded
    };
    config.trailing_line_break = options.trailing_line_break;
    config.send_to = options.names_recipients;
    config.title_case_headers = options.capital_headers;
    config
}

/// Stops a connection because its settings cannot be right: nothing would go through. An administrator starts it again.
///
/// # Errors
/// When the database fails.
pub async fn stop(act: &mut Act, connection: &Connection, reason: &str) -> AppResult<()> {
    act.run(
        sql!("UPDATE axis_connection SET stopped_reason = $2 WHERE id = $1"),
        args![connection.id, reason],
    )
    .await?;
    act.journal(Entry {
        act: act_names::CONNECTION_STOPPED,
        object_kind: "axis_connection",
        object: connection.id,
        agency: None,
        summary: format!("Kết nối “{}” tạm dừng: {reason}", connection.name),
        details: serde_json::json!({}),
    })
    .await?;
    Ok(())
}

/// Notes that the axis was reached.
///
/// # Errors
/// When the database fails.
pub async fn note_reached(app: &App, connection: Uuid) -> AppResult<()> {
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!("UPDATE axis_connection SET failures = 0, send_next_at = 0 WHERE id = $1 AND failures > 0"),
        args![connection],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Notes that the axis could not be reached: nothing is sent for a growing while, so that the queue keeps its order.
///
/// # Errors
/// When the database fails.
pub async fn note_unreachable(app: &App, connection: &Connection) -> AppResult<()> {
    let failures = connection.failures.saturating_add(1);
    let next = app.clock.now() + super::pause(failures);
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!("UPDATE axis_connection SET failures = $2, send_next_at = $3 WHERE id = $1"),
        args![connection.id, failures, next],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Asks the axis in the next round, due or not.
///
/// # Errors
/// When the database fails.
pub async fn ask_now(app: &App, connection: Uuid) -> AppResult<()> {
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!("UPDATE axis_connection SET poll_next_at = 0 WHERE id = $1"),
        args![connection],
    )
    .await?;
    Ok(tx.commit().await?)
}
