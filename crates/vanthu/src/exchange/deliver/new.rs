//! Văn bản mới, văn bản thay thế: the packet becomes an incoming document of the recipient.

use rules::{exchange::StatusCode, numbering};
use store::{Act, args, sql};
use uuid::Uuid;

use super::{Line, sent, tell};
use crate::{
    error::AppResult,
    exchange::{
        evidence::{Noted, NotedFile, Party},
        report,
    },
    incoming::{self, Announced, Arrival, Arrived, Origin},
};

/// Carries the document. Gives what a bundle of evidence about this line is made from.
pub async fn carry(act: &mut Act, line: &Line) -> AppResult<Noted> {
    sent(act, line).await?;
    arrive(act, line).await
}

/// Puts the document into the recipient's reception box and tells the sender.
pub async fn arrive(act: &mut Act, line: &Line) -> AppResult<Noted> {
    let arrival = packet(act, line).await?;
    let noted = noted(act, &arrival, &line.recipient_name).await?;
    match incoming::arrive(act, arrival).await? {
        Arrived::Delivered(id) => report(act, id, StatusCode::Arrived, "").await?,
        Arrived::Refused(refusal) => {
            tell(act, line.id, None, StatusCode::Refused, &refusal.message, None).await?;
        }
    }
    Ok(noted)
}

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
async fn packet(act: &mut Act, line: &Line) -> AppResult<Arrival> {
    let row = act
        .one(
            sql!(
                "SELECT o.agency_id, g.name AS agency_name, g.code, o.number, o.symbol, o.issued_on, o.type_key, o.subject, \
                 o.urgency, o.respond_by, o.document_code, o.file_set, o.pages, a.full_name, p.title FROM outgoing o \
                 JOIN agency g ON g.id = o.agency_id JOIN post p ON p.id = o.signer_post \
                 JOIN account a ON a.id = p.account_id WHERE o.id = $1 AND o.state = 'issued'"
            ),
            args![line.document],
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
    let replaces = act
        .all(
            sql!("SELECT document_code FROM outgoing WHERE replaced_by = $1 AND document_code IS NOT NULL ORDER BY id"),
            args![line.document],
        )
        .await?
        .iter()
        .map(|row| row.get("document_code"))
        .collect::<store::Result<_>>()?;
    Ok(Arrival {
        origin: Origin::Hub(line.id),
        agency: line.recipient,
        purpose: line.purpose,
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
        replaces,
    })
}
