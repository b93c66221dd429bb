//! Delivery inside the installation: the packet becomes an incoming document of the recipient.

use rules::{
    exchange::{DeliveryState, Purpose, StatusCode},
    ids::AgencyId,
    numbering,
};
use serde_json::json;
use store::{Act, Entry, args, sql};
use uuid::Uuid;

use super::{
    DeliveryOrder,
    evidence::{Noted, NotedFile, Party},
    report, tell,
};
use crate::{
    act_names,
    context::App,
    error::AppResult,
    incoming::{self, Announced, Arrival, Arrived, Origin},
};

/// Kind of the job.
pub const KIND: &str = "exchange.deliver";

/// Delivers one line. A line that is no longer waiting (delivered by an earlier attempt, cancelled) is left alone.
pub async fn perform(app: &App, mut act: Act, order: DeliveryOrder) -> AppResult<()> {
    let now = act.now();
    // The update locks the line: two workers cannot deliver it at the same time.
    let line = act
        .opt(
            sql!(
                "UPDATE delivery SET state = 'sent', sent_at = $2, updated_at = $2 WHERE id = $1 AND state = 'pending' \
                 RETURNING outgoing_id, recipient_id, recipient_name, purpose"
            ),
            args![order.delivery, now],
        )
        .await?;
    let Some(line) = line else {
        return Ok(act.nothing_to_do().await?);
    };
    let document: Uuid = line.get("outgoing_id")?;
    let recipient: Option<AgencyId> = line.get("recipient_id")?;
    let Some(recipient) = recipient else {
        return Ok(act.nothing_to_do().await?);
    };
    act.run(
        sql!("UPDATE dispatch_line SET state = 'sent', changed_at = $3 WHERE dispatch_id = $1 AND delivery_id = $2"),
        args![order.dispatch, order.delivery, now],
    )
    .await?;
    let arrival = packet(&mut act, document, order, recipient, line.parse("purpose")?).await?;
    let sender = arrival.sender_id;
    let recipient_name: String = line.get("recipient_name")?;
    let noted = noted(&mut act, &arrival, &recipient_name).await?;
    match incoming::arrive(&mut act, arrival).await? {
        Arrived::Delivered(id) => report(&mut act, id, StatusCode::Arrived, "").await?,
        Arrived::Refused(refusal) => {
            tell(
                &mut act,
                order.delivery,
                StatusCode::Refused,
                &refusal.message,
                None,
            )
            .await?;
        }
    }
    let mut details = serde_json::to_value(noted)?;
    details["delivery"] = json!(order.delivery);
    details["state"] = json!(DeliveryState::Sent);
    act.journal(Entry {
        act: act_names::SEND,
        object_kind: "outgoing",
        object: document,
        agency: sender,
        summary: format!("Gửi đến {recipient_name}."),
        details,
    })
    .await?;
    app.commit(act, &()).await
}

/// What a bundle of evidence about this line is made from.
async fn noted(act: &mut Act, arrival: &Arrival, recipient: &str) -> AppResult<Noted> {
    let row = act
        .one(
            sql!("SELECT code FROM agency WHERE id = $1"),
            args![arrival.agency],
        )
        .await?;
    Ok(Noted {
        document_code: arrival.document_code.clone(),
        number_and_symbol: incoming::printed(&arrival.number, &arrival.symbol),
        subject: arrival.subject.clone(),
        sender: Party {
            name: arrival.sender_name.clone(),
            code: arrival.sender_code.clone(),
        },
        recipient: Party {
            name: recipient.to_owned(),
            code: row.get("code")?,
        },
        channel: "internal".to_owned(),
        files: NotedFile::of_set(act, arrival.file_set).await?,
        packet: None,
    })
}

/// The packet of an issued document for one recipient.
async fn packet(
    act: &mut Act,
    document: Uuid,
    order: DeliveryOrder,
    recipient: AgencyId,
    purpose: Purpose,
) -> AppResult<Arrival> {
    let row = act
        .one(
            sql!(
                "SELECT o.agency_id, g.name AS agency_name, g.code, o.number, o.symbol, o.issued_on, o.type_key, o.subject, \
                 o.urgency, o.respond_by, o.document_code, o.file_set, o.pages, a.full_name, p.title FROM outgoing o \
                 JOIN agency g ON g.id = o.agency_id JOIN post p ON p.id = o.signer_post \
                 JOIN account a ON a.id = p.account_id WHERE o.id = $1 AND o.state = 'issued'"
            ),
            args![document],
        )
        .await?;
    let file_set: Option<Uuid> = row.get("file_set")?;
    let announced = NotedFile::of_set(act, file_set)
        .await?
        .into_iter()
        .map(|file| Announced {
            name: file.name,
            sha256: Some(file.sha256),
        })
        .collect();
    Ok(Arrival {
        origin: Origin::Hub(order.delivery),
        agency: recipient,
        purpose,
        sender_id: Some(row.get("agency_id")?),
        sender_name: row.get("agency_name")?,
        sender_code: row.get("code")?,
        number: numbering::printed_number(row.get::<u32>("number")?),
        symbol: row.get("symbol")?,
        issued_on: row.get("issued_on")?,
        type_key: row.get("type_key")?,
        subject: row.get("subject")?,
        urgency: row.parse("urgency")?,
        signer_name: row.get("full_name")?,
        signer_title: row.get("title")?,
        respond_by: row.get("respond_by")?,
        document_code: row.get("document_code")?,
        file_set,
        pages: row.get("pages")?,
        announced,
    })
}
