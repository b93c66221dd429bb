//! How far each recipient of an issued document is, as it is read.

use jiff::Timestamp;
use rules::{
    exchange::{DeliveryState, RecallState, StatusCode},
    ids::OutgoingId,
};
use serde::Serialize;
use store::{args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::offers::{self, LineRequest};
use crate::{context::App, error::AppResult, web::format};

/// A recipient's line of an issued document.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeliveryLine {
    /// The line.
    pub id: Uuid,
    /// Nơi nhận.
    pub recipient: String,
    /// Mã định danh that it is addressed to, over the axis.
    pub code: Option<String>,
    /// `act` (để thực hiện) or `know` (để biết).
    pub purpose: String,
    /// `internal`, `axis` or `paper`.
    pub channel: String,
    /// `pending`, `sent`, `arrived`, `received` …
    pub state: String,
    /// The state in Vietnamese.
    pub state_label: String,
    /// Reason of a refusal, or why on paper.
    pub reason: Option<String>,
    /// Số đến told by the recipient.
    pub incoming_number: Option<i64>,
    /// When the hub took it, RFC 3339.
    pub sent_at: Option<String>,
    /// Where a recall stands with this recipient: `none`, `requested`, `agreed`, `refused`.
    pub recall_state: String,
    /// The same in Vietnamese.
    pub recall_state_label: String,
    /// Recalls and updates that went to this recipient, oldest first.
    pub requests: Vec<RequestLine>,
    /// Every state that came back.
    pub events: Vec<DeliveryEvent>,
}

/// A recall or an update as one recipient has it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestLine {
    /// `recall` or `update`.
    pub business: String,
    /// The same in Vietnamese.
    pub label: String,
    /// `pending`, `sent`, `agreed` (15), `refused` (16), `dropped`.
    pub state: String,
    /// The state in Vietnamese.
    pub state_label: String,
    /// What the recipient said.
    pub answer: Option<String>,
    /// When it was ordered, RFC 3339.
    pub at: String,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) moment: Timestamp,
}

/// A state that came back from a recipient (QD28-10.2h).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeliveryEvent {
    /// The code on the wire: `01` … `16`.
    pub code: String,
    /// The code in Vietnamese.
    pub label: String,
    /// What the recipient said.
    pub description: Option<String>,
    /// Who said it there.
    pub staff: Option<String>,
    /// When it happened there, RFC 3339.
    pub at: String,
    #[serde(skip)]
    #[schema(ignore)]
    pub(super) moment: Timestamp,
}

/// How far each recipient is.
///
/// # Errors
/// When the database fails.
pub(in crate::outgoing) async fn deliveries(app: &App, id: OutgoingId) -> AppResult<Vec<DeliveryLine>> {
    let lines = app
        .db
        .all(
            sql!(
                "SELECT id, recipient_name, recipient_code, purpose, channel, state, reason, incoming_number, sent_at, recall_state FROM delivery \
                 WHERE outgoing_id = $1 ORDER BY id"
            ),
            args![id],
        )
        .await?;
    let events = app
        .db
        .all(
            sql!(
                "SELECT e.delivery_id, e.code, e.description, e.staff, e.at FROM delivery d \
                 JOIN delivery_event e ON e.delivery_id = d.id WHERE d.outgoing_id = $1 ORDER BY e.at, e.code"
            ),
            args![id],
        )
        .await?;
    let requests = offers::requests(app, id).await?;
    let mut read = Vec::with_capacity(lines.len());
    for line in &lines {
        let id: Uuid = line.get("id")?;
        let (state, recall): (DeliveryState, RecallState) =
            (line.parse("state")?, line.parse("recall_state")?);
        let mut own = Vec::new();
        for event in &events {
            if event.get::<Uuid>("delivery_id")? != id {
                continue;
            }
            let (code, moment): (String, Timestamp) = (event.get("code")?, event.get("at")?);
            own.push(DeliveryEvent {
                label: StatusCode::from_wire(&code)
                    .map_or_else(|| code.clone(), |known| known.label().to_owned()),
                code,
                description: event
                    .get::<Option<String>>("description")?
                    .filter(|text| !text.is_empty()),
                staff: event.get("staff")?,
                at: format::machine(moment),
                moment,
            });
        }
        read.push(DeliveryLine {
            id,
            recipient: line.get("recipient_name")?,
            code: line.get("recipient_code")?,
            purpose: line.get("purpose")?,
            channel: line.get("channel")?,
            state: state.as_str().to_owned(),
            state_label: state.label().to_owned(),
            reason: line
                .get::<Option<String>>("reason")?
                .filter(|text| !text.is_empty()),
            incoming_number: line.get("incoming_number")?,
            sent_at: line.get::<Option<Timestamp>>("sent_at")?.map(format::machine),
            recall_state: recall.as_str().to_owned(),
            recall_state_label: recall.label().to_owned(),
            requests: requests
                .iter()
                .filter(|(line, _)| *line == id)
                .map(|(_, request)| request_line(request))
                .collect(),
            events: own,
        });
    }
    Ok(read)
}

fn request_line(request: &LineRequest) -> RequestLine {
    RequestLine {
        business: request.business.as_str().to_owned(),
        label: request.business.label().to_owned(),
        state: request.state.as_str().to_owned(),
        state_label: request.state.label().to_owned(),
        answer: request.answer.clone(),
        at: format::machine(request.moment),
        moment: request.moment,
    }
}
