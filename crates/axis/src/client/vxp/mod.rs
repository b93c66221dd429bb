//! The axis' own protocol ("VXP", spec edxml 12.1 to 12.6) over HTTP.

mod answer;
mod call;
mod fetch;
pub(super) mod rows;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::Method;
use tokio::io::AsyncWrite;

use self::call::Call;
use super::{
    Agency, AgencyQd20, AxisError, AxisTransport, Fetched, Listing, MessageKind, NewAgency, Operation,
    PacketStatus, ReceivedRow, SendRequest, Sent, SentQuery, SentRow, Unit, VxpConfig, Window, http,
};
use crate::wire::{SERVICE, ascii, format_window, key};

/// Tells the time; every request is stamped with it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A connection in the axis' own protocol.
pub struct VxpClient {
    http: reqwest::Client,
    base: String,
    config: VxpConfig,
    clock: Clock,
}

impl std::fmt::Debug for VxpClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VxpClient")
            .field("base", &self.base)
            .field("system_id", &self.config.system_id)
            .finish_non_exhaustive()
    }
}

const JSON: &str = "application/json";
const BYTES: &str = "application/octet-stream";

impl VxpClient {
    /// Opens a connection; nothing is called yet.
    ///
    /// # Errors
    /// [`AxisError::Config`] with what to correct.
    pub fn new(config: VxpConfig, clock: Clock) -> Result<Self, AxisError> {
        let base = config.check()?.as_str().trim_end_matches('/').to_owned();
        let mut builder = http::builder(config.ca_file.as_deref(), config.timeouts.connect())?
            .user_agent(crate::wire::USER_AGENT);
        if config.title_case_headers {
            builder = builder.http1_title_case_headers();
        }
        let http = http::build(builder)?;
        Ok(Self {
            http,
            base,
            config,
            clock,
        })
    }

    fn kind_keys(kind: MessageKind) -> Vec<(&'static str, String)> {
        vec![
            (key::SERVICE_TYPE, SERVICE.to_owned()),
            (key::MESSAGE_TYPE, kind.as_str().to_owned()),
        ]
    }

    fn window_keys(window: Window, keys: &mut Vec<(&str, String)>) {
        let bounds = [(key::FROM_DATE, window.from), (key::TO_DATE, window.to)];
        keys.extend(
            bounds
                .into_iter()
                .filter_map(|(name, at)| Some((name, format_window(at?)))),
        );
    }
}

#[async_trait]
impl AxisTransport for VxpClient {
    async fn list_agencies(&self) -> Result<Listing<Agency>, AxisError> {
        self.directory(Call::new(Operation::ListAgencies), rows::agency)
            .await
    }

    async fn list_agencies_qd20(&self, level: Option<u8>) -> Result<Listing<AgencyQd20>, AxisError> {
        let keys = level.map(|level| (key::LEVEL, level.to_string()));
        let call = Call::new(Operation::ListAgenciesQd20).keys(keys.into_iter().collect());
        self.directory(call, rows::agency_qd20).await
    }

    async fn synchronise_units(&self) -> Result<Listing<Unit>, AxisError> {
        self.directory(Call::new(Operation::SynchroniseUnits), rows::unit)
            .await
    }

    async fn register_agency(&self, agency: &NewAgency) -> Result<(), AxisError> {
        let operation = Operation::RegisterAgency;
        let body = serde_json::to_string(agency).map_err(|e| AxisError::Invalid {
            operation,
            what: e.to_string(),
        })?;
        self.small(Call::new(operation).json(body)).await.map(drop)
    }

    async fn delete_agency(&self, code: &str) -> Result<(), AxisError> {
        let keys = vec![(key::AGENCY_CODE, code.to_owned())];
        let call = Call::new(Operation::DeleteAgency)
            .keys(keys)
            .json("{}".to_owned());
        self.small(call).await.map(drop)
    }

    async fn send(&self, request: SendRequest<'_>) -> Result<Sent, AxisError> {
        self.send_packet(request).await
    }

    async fn list_received(&self, kind: MessageKind, window: Window) -> Result<Vec<ReceivedRow>, AxisError> {
        let mut keys = Self::kind_keys(kind);
        Self::window_keys(window, &mut keys);
        self.list(
            Call::new(Operation::ListReceived).keys(keys),
            rows::received,
            false,
        )
        .await
    }

    async fn list_sent(&self, kind: MessageKind, query: &SentQuery) -> Result<Vec<SentRow>, AxisError> {
        let mut keys = Self::kind_keys(kind);
        if let Some(doc_id) = &query.doc_id {
            keys.push((&self.config.spelling.doc_id, doc_id.clone()));
        }
        Self::window_keys(query.window, &mut keys);
        self.list(Call::new(Operation::ListSent).keys(keys), rows::sent, true)
            .await
    }

    async fn get_packet(
        &self,
        doc_id: &str,
        to: &mut (dyn AsyncWrite + Send + Unpin),
        limit: u64,
    ) -> Result<Fetched, AxisError> {
        let keys = vec![(self.config.spelling.doc_id.as_str(), doc_id.to_owned())];
        let call = Call::new(Operation::GetPacket)
            .keys(keys)
            .json("{}".to_owned())
            .transfer();
        self.fetch_encoded(call, to, limit).await
    }

    async fn download_packet(
        &self,
        doc_id: &str,
        to: &mut (dyn AsyncWrite + Send + Unpin),
        limit: u64,
    ) -> Result<Fetched, AxisError> {
        let keys = vec![(self.config.spelling.doc_id.as_str(), doc_id.to_owned())];
        let call = Call::new(Operation::DownloadPacket)
            .method(Method::GET)
            .keys(keys)
            .transfer();
        self.fetch_raw(call, to, limit).await
    }

    async fn update_status(
        &self,
        doc_id: &str,
        status: PacketStatus,
        description: Option<&str>,
    ) -> Result<(), AxisError> {
        let mut keys = vec![
            (self.config.spelling.doc_id_of_status.as_str(), doc_id.to_owned()),
            (key::STATUS, status.as_str().to_owned()),
        ];
        let description = description.map(ascii).filter(|text| !text.is_empty());
        keys.extend(description.map(|text| (key::DESCRIPTION, text)));
        let call = Call::new(Operation::UpdateStatus)
            .keys(keys)
            .json("{}".to_owned());
        self.small(call).await.map(drop)
    }

    async fn count_received(&self, kind: MessageKind) -> Result<u64, AxisError> {
        let operation = match kind {
            MessageKind::Document => Operation::CountDocuments,
            MessageKind::Status => Operation::CountStatuses,
        };
        let call = Call::new(operation)
            .method(Method::GET)
            .keys(Self::kind_keys(kind));
        let answer = self.small(call).await?;
        answer.count.ok_or_else(|| AxisError::BadAnswer {
            operation,
            cause: "không có số đếm".to_owned(),
        })
    }
}
