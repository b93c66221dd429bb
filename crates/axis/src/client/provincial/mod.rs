//! A province's integration platform (LGSP) in front of the axis, as one province describes it (spec edxml 12.7, "Lạng Sơn
//! 2.2"). The packets are the same, the calls are others, and each province's are different.
//!
//! Such a platform has no list of sent packets, and no way to ask for the state of one: after a lost answer nothing on it says
//! whether a packet was taken. [`AxisTransport::list_sent`] therefore fails always. What remains are the recipients: their
//! states (01 đã đến and later ones) prove that it arrived, and a clerk can ask them before sending once more.

mod call;
mod config;
mod reply;

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::AsyncWrite;

pub use config::ProvincialConfig;

use self::call::Connection;
use super::http::json::Row;
use super::vxp::rows;
use super::{
    Agency, AgencyQd20, AxisError, AxisTransport, Fetched, Listing, ListingSender, MessageKind, NewAgency,
    Operation, PacketStatus, ReceivedRow, SendRequest, Sent, SentQuery, SentRow, Unit, Window,
};
use crate::wire::vietnam;

/// A connection through the platform of a province.
#[derive(Debug)]
pub struct ProvincialClient(Arc<Connection>);

impl ProvincialClient {
    /// Opens a connection; nothing is called yet.
    ///
    /// # Errors
    /// [`AxisError::Config`] with what to correct.
    pub fn new(config: ProvincialConfig) -> Result<Self, AxisError> {
        Ok(Self(Arc::new(Connection::new(config)?)))
    }

    /// The directory comes in pages.
    fn directory<T: Send + 'static>(&self, operation: Operation, map: fn(Row) -> Option<T>) -> Listing<T> {
        let (sender, listing) = Listing::channel(operation);
        let connection = self.0.clone();
        tokio::spawn(async move {
            let result = pages(&connection, operation, map, &sender).await;
            sender.end(result).await;
        });
        listing
    }
}

/// More pages than any directory has.
const PAGES: u64 = 10_000;

async fn pages<T>(
    connection: &Connection,
    operation: Operation,
    map: fn(Row) -> Option<T>,
    sender: &ListingSender<T>,
) -> Result<(), AxisError> {
    let config = &connection.config;
    for number in 0..PAGES {
        let query = [
            (
                config.page_parameter.as_str(),
                (config.first_page + number).to_string(),
            ),
            (config.page_size_parameter.as_str(), config.page_size.to_string()),
        ];
        let reply = connection
            .ask(operation, Method::GET, "/v1/getAgenciesList", &query, None)
            .await?;
        let page = reply.page().ok_or_else(|| AxisError::BadAnswer {
            operation,
            cause: "không có trang danh mục (content)".to_owned(),
        })?;
        for entry in page.rows {
            let Some(row) = map(Row::of(entry)) else { continue };
            if !sender.row(row).await {
                return Ok(());
            }
        }
        if page.is_last || page.rows.is_empty() {
            return Ok(());
        }
    }
    Err(AxisError::BadAnswer {
        operation,
        cause: format!("danh mục dài quá {PAGES} trang"),
    })
}

fn missing<T>(operation: Operation) -> Result<T, AxisError> {
    Err(AxisError::Invalid {
        operation,
        what: "nền tảng tích hợp của tỉnh không có thao tác này".to_owned(),
    })
}

fn agency(mut row: Row) -> Option<Agency> {
    Some(Agency {
        id: row.text("id"),
        parent_id: row.take("parentId"),
        code: row.take("code")?,
        name: row.text("name"),
        mail: row.take("mail"),
        old_code: row.take("oldCode"),
    })
}

fn agency_qd20(row: Row) -> Option<AgencyQd20> {
    let Agency {
        id,
        code,
        name,
        mail,
        old_code,
        ..
    } = agency(row)?;
    Some(AgencyQd20 {
        id,
        code,
        name,
        mail,
        old_code,
    })
}

fn first_level(mut row: Row) -> Option<AgencyQd20> {
    let level = row.take("level");
    agency_qd20(row).filter(|_| level.as_deref() == Some("1"))
}

fn unit(mut row: Row) -> Option<Unit> {
    let center_code = row.take("centerCode");
    let Agency {
        id,
        parent_id,
        code,
        name,
        mail,
        ..
    } = agency(row)?;
    Some(Unit {
        id,
        parent_id,
        code,
        name,
        mail,
        center_code,
        is_agency: true,
        ..Unit::default()
    })
}

#[async_trait]
impl AxisTransport for ProvincialClient {
    async fn list_agencies(&self) -> Result<Listing<Agency>, AxisError> {
        Ok(self.directory(Operation::ListAgencies, agency))
    }

    /// Of the levels only the first can be asked for; the platform has no such parameter.
    async fn list_agencies_qd20(&self, level: Option<u8>) -> Result<Listing<AgencyQd20>, AxisError> {
        match level {
            None => Ok(self.directory(Operation::ListAgenciesQd20, agency_qd20)),
            Some(1) => Ok(self.directory(Operation::ListAgenciesQd20, first_level)),
            Some(_) => missing(Operation::ListAgenciesQd20),
        }
    }

    async fn synchronise_units(&self) -> Result<Listing<Unit>, AxisError> {
        Ok(self.directory(Operation::SynchroniseUnits, unit))
    }

    async fn register_agency(&self, _agency: &NewAgency) -> Result<(), AxisError> {
        missing(Operation::RegisterAgency)
    }

    async fn delete_agency(&self, _code: &str) -> Result<(), AxisError> {
        missing(Operation::DeleteAgency)
    }

    /// The platform takes sender and recipients from the file.
    async fn send(&self, request: SendRequest<'_>) -> Result<Sent, AxisError> {
        self.0.send(request).await
    }

    async fn list_received(&self, kind: MessageKind, window: Window) -> Result<Vec<ReceivedRow>, AxisError> {
        let operation = Operation::ListReceived;
        let day = |at| vietnam(at).strftime("%Y/%m/%d").to_string();
        let mut query = vec![("messageType", kind.as_str().to_owned())];
        query.extend(window.from.map(|at| ("fromDate", day(at))));
        query.extend(window.to.map(|at| ("toDate", day(at))));
        let reply = self
            .0
            .ask(operation, Method::GET, "/v1/syncReceivedEdocList", &query, None)
            .await?;
        let bad = |cause: &str| AxisError::BadAnswer {
            operation,
            cause: cause.to_owned(),
        };
        let page = reply.page().ok_or_else(|| bad("không có danh sách (data)"))?;
        let found: Vec<_> = page
            .rows
            .iter()
            .filter_map(|row| rows::received(Row::of(row)))
            .collect();
        if found.is_empty() && !page.rows.is_empty() {
            return Err(bad("không dòng nào có mã gói tin"));
        }
        if found.len() < page.rows.len() {
            let left_out = page.rows.len() - found.len();
            tracing::warn!(?operation, left_out, "rows without an id were left out");
        }
        Ok(found)
    }

    /// Never gives a list: an empty one would say that nothing was taken, and everything in doubt would be sent twice.
    async fn list_sent(&self, _kind: MessageKind, _query: &SentQuery) -> Result<Vec<SentRow>, AxisError> {
        Err(AxisError::Invalid {
            operation: Operation::ListSent,
            what: "nền tảng tích hợp của tỉnh không có danh sách này, nên không đối chiếu được gói tin chưa rõ kết quả; chờ trạng \
                   thái của cơ quan nhận hoặc hỏi cơ quan nhận trước khi gửi lại"
                .to_owned(),
        })
    }

    async fn get_packet(
        &self,
        doc_id: &str,
        to: &mut (dyn AsyncWrite + Send + Unpin),
        limit: u64,
    ) -> Result<Fetched, AxisError> {
        self.0.fetch(Operation::GetPacket, doc_id, to, limit).await
    }

    async fn download_packet(
        &self,
        doc_id: &str,
        to: &mut (dyn AsyncWrite + Send + Unpin),
        limit: u64,
    ) -> Result<Fetched, AxisError> {
        self.0.fetch(Operation::DownloadPacket, doc_id, to, limit).await
    }

    /// The platform takes no description.
    async fn update_status(
        &self,
        doc_id: &str,
        status: PacketStatus,
        _description: Option<&str>,
    ) -> Result<(), AxisError> {
        let body: Value = json!({ "docId": doc_id, "status": status.as_str() });
        let operation = Operation::UpdateStatus;
        let reply = self
            .0
            .ask(operation, Method::POST, "/v1/updateStatus", &[], Some(&body))
            .await?;
        reply.judge_inner(operation)
    }

    async fn count_received(&self, kind: MessageKind) -> Result<u64, AxisError> {
        Ok(self.list_received(kind, Window::default()).await?.len() as u64)
    }
}
