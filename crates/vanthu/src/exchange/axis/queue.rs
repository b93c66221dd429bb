//! What waits to be sent: rows of the outbox, written in the act that causes them. The order of one document's packets is
//! the order of its acts.

use edxml::model::ResponseFor;
use jiff::{Timestamp, civil::Date};
use rules::{
    exchange::{Business, PacketState, StatusCode},
    ids::{AgencyId, DeliveryId, DispatchId, IncomingId, OutgoingId},
    numbering,
};
use serde::{Deserialize, Serialize};
use store::{Act, args, sql};
use uuid::Uuid;

use super::{connections, states::OutboxState};
use crate::{error::AppResult, exchange::Order};

/// A recipient over the axis.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// The line.
    pub delivery: DeliveryId,
    /// Mã định danh.
    pub code: String,
}

/// The facts of a status message, fixed when it happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StatusContent {
    /// 01 … 16.
    pub code: String,
    /// The document it is about.
    pub about: ResponseFor,
    /// What happened, or the reason.
    pub description: String,
    /// Who acted.
    pub staff: String,
    /// The agency of who acted.
    pub agency_name: String,
    /// When it happened.
    pub at: Timestamp,
}

/// Why a line cannot be sent.
const NO_CONNECTION: &str = "Cơ quan gửi chưa được gắn mã định danh trên trục liên thông. Vui lòng liên hệ quản trị hệ thống, sau đó gửi lại.";

/// One row to insert.
struct Row<'a> {
    connection: Uuid,
    agency: AgencyId,
    kind: &'static str,
    business: &'a str,
    object: Uuid,
    dispatch: Option<DispatchId>,
    incoming: Option<IncomingId>,
    outgoing: Option<OutgoingId>,
    status_code: Option<&'a str>,
    message_key: String,
    content: String,
    document_id: &'a str,
    notation: &'a str,
    title: &'a str,
    from_code: &'a str,
    to_codes: &'a [String],
}

async fn insert(act: &mut Act, row: Row<'_>) -> AppResult<bool> {
    let (id, now) = (act.new_id(), act.now());
    let written = act
        .run(
            sql!(
                "INSERT INTO axis_outbox (id, connection_id, agency_id, kind, business, object_id, dispatch_id, incoming_id, \
                 outgoing_id, status_code, message_key, content, document_id, notation, title, from_code, to_codes, state, \
                 attempts, lookups, next_at, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 0, 0, $19, $19) \
                 ON CONFLICT DO NOTHING"
            ),
            args![
                id,
                row.connection,
                row.agency,
                row.kind,
                row.business,
                row.object,
                row.dispatch,
                row.incoming,
                row.outgoing,
                row.status_code,
                row.message_key,
                row.content,
                row.document_id,
                row.notation,
                row.title,
                row.from_code,
                serde_json::to_string(row.to_codes)?,
                OutboxState::Packing.as_str(),
                now
            ],
        )
        .await?;
    Ok(written > 0)
}

/// As whom an agency sends about a document, and over which connection: as it did before, because recipients know it by that
/// code; else by its main code.
async fn sends_as(
    act: &mut Act,
    agency: AgencyId,
    document: OutgoingId,
) -> AppResult<Option<(Uuid, String)>> {
    let before = act
        .opt(
            sql!(
                "SELECT c.connection_id, c.code FROM axis_outbox o JOIN axis_own_code c ON c.code = o.from_code \
                 JOIN axis_connection n ON n.id = c.connection_id \
                 WHERE o.outgoing_id = $1 AND o.kind = 'edoc' AND o.state = 'sent' AND c.agency_id = $2 AND n.enabled = 1 \
                 ORDER BY o.id LIMIT 1"
            ),
            args![document, agency],
        )
        .await?;
    match before {
        Some(row) => Ok(Some((row.get("connection_id")?, row.get("code")?))),
        None => connections::primary_code(act, agency).await,
    }
}

/// Queues what is to be said about an issued document to its recipients over the axis: one message for all of them. A
/// recall that no document carries goes as a status 13 to each.
///
/// # Errors
/// When the database fails.
pub async fn dispatch(
    act: &mut Act,
    dispatch: DispatchId,
    order: &Order,
    recipients: &[Recipient],
) -> AppResult<()> {
    if recipients.is_empty() {
        return Ok(());
    }
    let document = act
        .one(
            sql!(
                "SELECT o.agency_id, o.number, o.symbol, o.issued_on, o.document_code, o.subject, a.name FROM outgoing o \
                 JOIN agency a ON a.id = o.agency_id WHERE o.id = $1"
            ),
            args![order.outgoing],
        )
        .await?;
    let agency: AgencyId = document.get("agency_id")?;
    let Some((connection, from)) = sends_as(act, agency, order.outgoing).await? else {
        let now = act.now();
        for recipient in recipients {
            // Also a recall, or an update, of what was sent while there was a code: nobody waits for its answer.
            act.run(
                sql!(
                    "UPDATE dispatch_line SET state = $4, answer = $3, changed_at = $5 \
                     WHERE dispatch_id = $1 AND delivery_id = $2 AND state = 'pending'"
                ),
                args![
                    dispatch,
                    recipient.delivery,
                    NO_CONNECTION,
                    PacketState::Failed.as_str(),
                    now
                ],
            )
            .await?;
            act.run(
                sql!("UPDATE delivery SET state = 'failed', reason = $2, updated_at = $3 WHERE id = $1 AND state = 'pending'"),
                args![recipient.delivery, NO_CONNECTION, now],
            )
            .await?;
        }
        return Ok(());
    };
    // What was given up before goes its new way now; nobody has to decide about it any more.
    for recipient in recipients {
        act.run(
            sql!(
                "UPDATE axis_outbox SET state = 'dropped', last_error = 'Đã gửi lại bằng gói tin khác.' \
                 WHERE outgoing_id = $1 AND state IN ('dead', 'invalid') AND to_codes = $2"
            ),
            args![order.outgoing, serde_json::to_string(&[&recipient.code])?],
        )
        .await?;
    }
    let symbol: String = document.get::<Option<String>>("symbol")?.unwrap_or_default();
    let number = document.get::<Option<u32>>("number")?.unwrap_or_default();
    let code = format!("{}/{symbol}", numbering::printed_number(number));
    let identifier: String = document
        .get::<Option<String>>("document_code")?
        .unwrap_or_default();
    let title: String = document.get("subject")?;
    let each: Vec<[String; 1]> = recipients
        .iter()
        .map(|recipient| [recipient.code.clone()])
        .collect();
    let codes: Vec<String> = each.iter().flatten().cloned().collect();
    let base = |recipients| Row {
        connection,
        agency,
        kind: "edoc",
        business: order.business.as_str(),
        object: order.outgoing.as_uuid(),
        dispatch: Some(dispatch),
        incoming: None,
        outgoing: Some(order.outgoing),
        status_code: None,
        message_key: format!("dispatch:{dispatch}"),
        content: "{}".to_owned(),
        document_id: &identifier,
        notation: &code,
        title: &title,
        from_code: &from,
        to_codes: recipients,
    };
    if order.business == Business::Recall && order.carrier.is_none() {
        let issued_on: Option<Date> = document.get("issued_on")?;
        let agency_name: String = document.get("name")?;
        for (recipient, codes) in recipients.iter().zip(&each) {
            let content = StatusContent {
                code: StatusCode::RecallRequested.wire().to_owned(),
                about: ResponseFor {
                    organ_id: Some(recipient.code.clone()),
                    code: Some(code.clone()),
                    promulgation_date: issued_on,
                    document_id: Some(identifier.clone()),
                },
                description: order.reason.clone(),
                staff: act.actor().label.clone(),
                agency_name: agency_name.clone(),
                at: act.now(),
            };
            let row = Row {
                kind: "status",
                status_code: Some(StatusCode::RecallRequested.wire()),
                message_key: format!("dispatch:{dispatch}:{}", recipient.delivery),
                content: serde_json::to_string(&content)?,
                ..base(codes.as_slice())
            };
            insert(act, row).await?;
        }
        return Ok(());
    }
    insert(act, base(&codes)).await?;
    Ok(())
}

/// A document that came over the axis, as its answers name it.
struct Came {
    connection: Uuid,
    /// Where answers go: the sender as the channel knows it.
    answer_to: String,
    sent_to: String,
}

async fn came(act: &mut Act, packet: Uuid) -> AppResult<Option<Came>> {
    let row = act
        .opt(
            sql!("SELECT connection_id, from_code, to_code FROM axis_inbox WHERE id = $1"),
            args![packet],
        )
        .await?;
    Ok(match row {
        Some(row) => Some(Came {
            connection: row.get("connection_id")?,
            answer_to: row.get("from_code")?,
            sent_to: row.get("to_code")?,
        }),
        None => None,
    })
}

/// Tells the sender of a document that came over the axis how far it is. Each state of progress is told once; answers to a
/// recall or an update are told each time.
///
/// # Errors
/// When the database fails.
pub async fn report(
    act: &mut Act,
    document: IncomingId,
    code: StatusCode,
    description: &str,
) -> AppResult<()> {
    let row = act
        .one(
            sql!(
                "SELECT d.agency_id, d.packet_id, d.sent_to_code, d.sender_code, d.number, d.symbol, d.issued_on, d.document_code, \
                 d.subject, d.deliveries, a.name FROM incoming d JOIN agency a ON a.id = d.agency_id WHERE d.id = $1"
            ),
            args![document],
        )
        .await?;
    let Some(packet) = row.get::<Option<Uuid>>("packet_id")? else {
        return Ok(());
    };
    let Some(came) = came(act, packet).await? else {
        return Ok(());
    };
    let (number, symbol): (String, String) = (row.get("number")?, row.get("symbol")?);
    let about = ResponseFor {
        organ_id: row.get("sender_code")?,
        code: Some(crate::incoming::printed(&number, &symbol)),
        promulgation_date: row.get("issued_on")?,
        document_id: row.get("document_code")?,
    };
    let is_repeated = matches!(
        code,
        StatusCode::RecallAgreed | StatusCode::RecallRefused | StatusCode::RecallRequested
    );
    let message_key = if is_repeated {
        format!("status:{document}:{}:{}", code.wire(), act.new_id())
    } else {
        // What was returned and came again goes through its states once more.
        format!(
            "status:{document}:{}:{}",
            row.get::<i64>("deliveries")?,
            code.wire()
        )
    };
    let from: Option<String> = row.get("sent_to_code")?;
    let status = Status {
        connection: came.connection,
        agency: row.get("agency_id")?,
        agency_name: row.get("name")?,
        object: document.as_uuid(),
        incoming: Some(document),
        message_key,
        from: from.unwrap_or(came.sent_to),
        to: came.answer_to,
        code,
        about,
        title: row.get("subject")?,
        description: description.to_owned(),
    };
    status.queue(act).await
}

/// A status message to be queued.
pub struct Status {
    /// Over which connection.
    pub connection: Uuid,
    /// Who tells.
    pub agency: AgencyId,
    /// Its name.
    pub agency_name: String,
    /// What gives its messages their order.
    pub object: Uuid,
    /// The document of ours.
    pub incoming: Option<IncomingId>,
    /// What makes it one message.
    pub message_key: String,
    /// The code that it was addressed to.
    pub from: String,
    /// Who is told.
    pub to: String,
    /// 01 … 16.
    pub code: StatusCode,
    /// The document of theirs.
    pub about: ResponseFor,
    /// Trích yếu, for lists.
    pub title: String,
    /// What happened, or the reason.
    pub description: String,
}

/// When a status is said, for the wire. It knows whole seconds only, and the axis keeps no order, so no two statuses of one
/// document bear the same second: their recipient can tell which one is the last word.
async fn said_at(act: &mut Act, object: Uuid) -> AppResult<Timestamp> {
    let now = act.now();
    let last = act
        .opt(
            sql!(
                "SELECT content FROM axis_outbox WHERE object_id = $1 AND kind = 'status' ORDER BY id DESC LIMIT 1"
            ),
            args![object],
        )
        .await?;
    let Some(last) = last else { return Ok(now) };
    let last: StatusContent = last.json("content")?;
    let next = Timestamp::from_second(last.at.as_second().saturating_add(1)).unwrap_or(now);
    Ok(now.max(next))
}

impl Status {
    /// Queues it; the same message key does nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn queue(self, act: &mut Act) -> AppResult<()> {
        let content = StatusContent {
            code: self.code.wire().to_owned(),
            about: self.about.clone(),
            description: if self.description.trim().is_empty() {
                self.code.label().to_owned()
            } else {
                self.description
            },
            staff: act.actor().label.clone(),
            agency_name: self.agency_name,
            at: said_at(act, self.object).await?,
        };
        let notation = self.about.code.unwrap_or_default();
        let document_id = self.about.document_id.unwrap_or_default();
        let to = [self.to];
        let row = Row {
            connection: self.connection,
            agency: self.agency,
            kind: "status",
            business: "",
            object: self.object,
            dispatch: None,
            incoming: self.incoming,
            outgoing: None,
            status_code: Some(self.code.wire()),
            message_key: self.message_key,
            content: serde_json::to_string(&content)?,
            document_id: &document_id,
            notation: &notation,
            title: &self.title,
            from_code: &self.from,
            to_codes: &to,
        };
        insert(act, row).await?;
        Ok(())
    }
}
