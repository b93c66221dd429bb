//! Văn bản: a new one, or what recalls, updates or replaces one that was sent (spec edxml 3, 4, 14).

use std::collections::HashMap;

use edxml::{
    Message,
    check::{self, Finding, Sending},
    document_types,
    model::{
        Attachment, Business as WireBusiness, BusinessKind, Content, DocumentMessage, DocumentType, Organ,
        OtherInfo, Replacement, ResponseFor, Signer, Staff, TraceHeader,
    },
};
use jiff::civil::Date;
use rules::{
    document_types as kinds,
    exchange::Business,
    ids::{AgencyId, OutgoingId, PostId},
    numbering,
    signing_authority::Authority,
    urgency::Urgency,
};
use store::{Digest, Row, args, sql};
use uuid::Uuid;

use super::{
    Packet, Ready,
    status::{shortened, whole_seconds},
};
use crate::{
    context::App,
    error::AppResult,
    exchange::{Changes, axis::matching::plain_code},
    incoming, outgoing,
};

/// Characters of trích yếu on the wire. Here it is kept whole, however long (MD-31).
const SUBJECT: usize = 500;

/// What is ordered.
struct Dispatch {
    outgoing: OutgoingId,
    business: Business,
    reason: String,
    carrier: Option<OutgoingId>,
    changes: Changes,
    file_set: Option<Uuid>,
    staff: String,
}

async fn dispatch(app: &App, packet: &Packet) -> AppResult<Dispatch> {
    let row = app
        .db
        .one(
            sql!(
                "SELECT d.outgoing_id, d.business, d.reason, d.carrier_id, d.changes, d.file_set, a.full_name FROM dispatch d \
                 LEFT JOIN post p ON p.id = d.post_id LEFT JOIN account a ON a.id = p.account_id WHERE d.id = $1"
            ),
            args![packet.dispatch],
        )
        .await?;
    Ok(Dispatch {
        outgoing: row.get("outgoing_id")?,
        business: row.parse("business")?,
        reason: row.get("reason")?,
        carrier: row.get("carrier_id")?,
        changes: row.json("changes")?,
        file_set: row.get("file_set")?,
        staff: row.get::<Option<String>>("full_name")?.unwrap_or_default(),
    })
}

async fn issued(app: &App, id: OutgoingId) -> AppResult<Row> {
    Ok(app
        .db
        .one(
            sql!(
                "SELECT o.agency_id, o.number, o.symbol, o.issued_on, o.type_key, o.subject, o.urgency, o.respond_by, \
                 o.document_code, o.file_set, o.pages, o.reply_to, o.authority, o.signer_post, \
                 g.name AS agency_name, g.printed_parent, g.place_name, u.name AS parent_name, \
                 a.full_name, p.title FROM outgoing o JOIN agency g ON g.id = o.agency_id \
                 LEFT JOIN agency u ON u.id = g.parent_id JOIN post p ON p.id = o.signer_post \
                 JOIN account a ON a.id = p.account_id WHERE o.id = $1"
            ),
            args![id],
        )
        .await?)
}

/// The message of a packet.
///
/// # Errors
/// When the database fails.
pub async fn build(app: &App, packet: &Packet) -> AppResult<Ready> {
    let order = dispatch(app, packet).await?;
    // A recall speaks through the document that announces it (ND30-18.4).
    let head = match (order.business, order.carrier) {
        (Business::Recall, Some(carrier)) => carrier,
        _ => order.outgoing,
    };
    let row = issued(app, head).await?;
    let changes = if order.business == Business::Update {
        order.changes.clone()
    } else {
        Changes::default()
    };
    let mut message = header(app, packet, &row, &changes).await?;
    message.business = business(app, packet, &order).await?;
    if order.business == Business::Recall {
        let target = issued(app, order.outgoing).await?;
        message.response_for = vec![about(&packet.from, &target)?];
    }
    let set: Option<Uuid> = match (order.business, order.file_set) {
        (Business::Recall, _) => row.get("file_set")?,
        (_, Some(set)) => Some(set),
        (_, None) => row.get("file_set")?,
    };
    let files = attach(app, &mut message, set).await?;
    let notation = message.code().unwrap_or_default();
    let title = message.subject.clone().unwrap_or_default();
    Ok(Ready {
        message: Message::Document(Box::new(message)),
        files,
        notation,
        title,
    })
}

async fn header(app: &App, packet: &Packet, row: &Row, changes: &Changes) -> AppResult<DocumentMessage> {
    let type_key: String = row.get("type_key")?;
    let wire = document_types::wire_type(&type_key);
    let letter = document_types::wire_type(kinds::OFFICIAL_LETTER);
    let kind = wire.or(letter);
    let subject: String = changes.subject.clone().map_or_else(|| row.get("subject"), Ok)?;
    let urgency: Urgency = changes.urgency.map_or_else(|| row.parse("urgency"), Ok)?;
    let due: Option<Date> = match changes.respond_by {
        Some(day) => Some(day),
        None => row.get("respond_by")?,
    };
    let parent: Option<String> = row.get("printed_parent")?;
    let agency_name: String = row.get("agency_name")?;
    let in_charge = parent
        .or(row.get::<Option<String>>("parent_name")?)
        .unwrap_or_else(|| agency_name.clone());
    let agency: AgencyId = row.get("agency_id")?;
    let (signer, authority): (PostId, Authority) = (row.get("signer_post")?, row.parse("authority")?);
    let to = recipients(app, packet).await?;
    Ok(DocumentMessage {
        from: Organ {
            organ_id: packet.from.clone(),
            organization_in_charge: Some(in_charge),
            organ_name: Some(agency_name),
            ..Organ::default()
        },
        to_places: places(app, packet).await?,
        to,
        document_id: row.get("document_code")?,
        code_number: row.get::<Option<u32>>("number")?.map(numbering::printed_number),
        code_notation: row.get("symbol")?,
        place: Some(row.get("place_name")?),
        promulgation_date: row.get("issued_on")?,
        document_type: DocumentType {
            type_group: kind.map(|kind| kind.group),
            type_detail: kind.map(|kind| kind.detail),
            type_name: kinds::by_key(&type_key)
                .map(|kind| wire.map_or(kind.name, |wire| wire.name).to_owned()),
        },
        content: Some(shortened(&subject, SUBJECT)),
        subject: Some(shortened(&subject, SUBJECT)),
        signer: Signer {
            competence: outgoing::competence(app, agency, signer, authority).await?,
            position: Some(match &changes.signer_title {
                Some(title) => title.clone(),
                None => row.get("title")?,
            }),
            full_name: Some(match &changes.signer_name {
                Some(name) => name.clone(),
                None => row.get("full_name")?,
            }),
        },
        due_date: due,
        other: OtherInfo {
            priority: Some(u32::from(urgency.wire_code())),
            page_amount: row
                .get::<Option<i64>>("pages")?
                .and_then(|pages| u32::try_from(pages).ok()),
            ..OtherInfo::default()
        },
        response_for: answered(app, row).await?,
        trace_headers: vec![TraceHeader {
            organ_id: Some(packet.from.clone()),
            timestamp: Some(whole_seconds(app.clock.now())),
        }],
        ..DocumentMessage::default()
    })
}

/// Bên nhận: name as at issue, the agency above it from the directory.
async fn recipients(app: &App, packet: &Packet) -> AppResult<Vec<Organ>> {
    let mut to = Vec::with_capacity(packet.to.len());
    for code in &packet.to {
        let row = app
            .db
            .opt(
                sql!(
                    "SELECT d.recipient_name, p.name AS parent_name, e.email FROM delivery d \
                     LEFT JOIN directory_code c ON c.code = d.recipient_code AND c.confirmed = 1 LEFT JOIN directory_entry e ON e.id = c.entry_id \
                     LEFT JOIN directory_entry p ON p.code = e.parent_code \
                     WHERE d.outgoing_id = $1 AND d.recipient_code = $2 ORDER BY d.id LIMIT 1"
                ),
                args![packet.outgoing, code],
            )
            .await?;
        let name = row.as_ref().map(|row| row.get("recipient_name")).transpose()?;
        let parent = match &row {
            Some(row) => row.get("parent_name")?,
            None => None,
        };
        to.push(Organ {
            organ_id: code.clone(),
            organization_in_charge: parent,
            organ_name: name,
            ..Organ::default()
        });
    }
    Ok(to)
}

/// Nơi nhận as printed: every line, on whatever way it goes.
async fn places(app: &App, packet: &Packet) -> AppResult<Vec<String>> {
    let rows = app
        .db
        .all(
            sql!("SELECT recipient_name FROM delivery WHERE outgoing_id = $1 ORDER BY id"),
            args![packet.outgoing],
        )
        .await?;
    Ok(rows
        .iter()
        .map(|row| row.get("recipient_name"))
        .collect::<store::Result<_>>()?)
}

/// The document that this one answers, when its issuer can know it.
async fn answered(app: &App, row: &Row) -> AppResult<Vec<ResponseFor>> {
    let Some(reply_to) = row.get::<Option<Uuid>>("reply_to")? else {
        return Ok(Vec::new());
    };
    let answered = app
        .db
        .opt(
            sql!("SELECT sender_code, number, symbol, issued_on, document_code FROM incoming WHERE id = $1"),
            args![reply_to],
        )
        .await?;
    let Some(answered) = answered else {
        return Ok(Vec::new());
    };
    let (number, symbol): (String, String) = (answered.get("number")?, answered.get("symbol")?);
    let code = incoming::printed(&number, &symbol);
    let organ_id: Option<String> = answered.get("sender_code")?;
    if organ_id.is_none() || code.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![ResponseFor {
        organ_id,
        code: Some(code),
        promulgation_date: answered.get("issued_on")?,
        document_id: answered.get("document_code")?,
    }])
}

/// A document of ours as others refer to it.
fn about(organ_id: &str, row: &Row) -> AppResult<ResponseFor> {
    let number = row
        .get::<Option<u32>>("number")?
        .map(numbering::printed_number)
        .unwrap_or_default();
    let symbol: String = row.get::<Option<String>>("symbol")?.unwrap_or_default();
    Ok(ResponseFor {
        organ_id: Some(organ_id.to_owned()),
        code: Some(format!("{number}/{symbol}")),
        promulgation_date: row.get("issued_on")?,
        document_id: row.get("document_code")?,
    })
}

async fn business(app: &App, packet: &Packet, order: &Dispatch) -> AppResult<WireBusiness> {
    let kind = match order.business {
        Business::New => BusinessKind::New,
        Business::Recall => BusinessKind::Revoke,
        Business::Update => BusinessKind::Update,
        Business::Replace => BusinessKind::Replace,
    };
    let mut wire = WireBusiness {
        kind,
        reason: Some(order.reason.clone())
            .filter(|reason| !reason.trim().is_empty())
            .map(|reason| shortened(&reason, 500)),
        staff: Staff {
            staff: Some(order.staff.clone()).filter(|name| !name.is_empty()),
            ..Staff::default()
        },
        ..WireBusiness::default()
    };
    match order.business {
        Business::New => {}
        Business::Recall => wire.document_id = issued(app, order.outgoing).await?.get("document_code")?,
        Business::Update => {
            wire.document_id = issued(app, order.outgoing).await?.get("document_code")?;
            wire.document_info = Some(true);
            wire.document_receiver = Some(false);
        }
        Business::Replace => {
            for row in app
                .db
                .all(
                    sql!("SELECT document_code FROM outgoing WHERE replaced_by = $1 AND document_code IS NOT NULL ORDER BY id"),
                    args![order.outgoing],
                )
                .await?
            {
                wire.replacements.push(Replacement {
                    document_id: row.get("document_code")?,
                    organ_ids: packet.to.clone(),
                });
            }
        }
    }
    Ok(wire)
}

/// The files as attachments, the main document first; gives their digests in the same order.
async fn attach(app: &App, message: &mut DocumentMessage, set: Option<Uuid>) -> AppResult<Vec<Digest>> {
    let mut digests = Vec::new();
    for row in app
        .db
        .all(
            sql!(
                "SELECT f.name, f.sha256, f.size, f.media_type, i.role FROM file_set_item i JOIN file f ON f.id = i.file_id \
                 WHERE i.set_id = $1 ORDER BY i.sort"
            ),
            args![set],
        )
        .await?
    {
        let digest = Digest::from_slice(&row.get::<Vec<u8>>("sha256")?)?;
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(digest.as_bytes());
        let name: String = row.get("name")?;
        let is_main = row.get::<String>("role")? == "main";
        message.attachments.push(Attachment {
            content_id: None,
            description: Some(if is_main { "Văn bản chính" } else { "Tài liệu kèm theo" }.to_owned()),
            name: Some(name),
            content_type: None,
            content: Some(Content {
                slot: digests.len(),
                size: u64::try_from(row.get::<i64>("size")?).unwrap_or_default(),
                sha256,
                media_type: row.get("media_type")?,
                unpacked: false,
            }),
        });
        digests.push(digest);
    }
    Ok(digests)
}

/// What forbids sending (spec edxml 13.2). Codes of the directory and our own are known whatever their form.
///
/// # Errors
/// When the database fails.
pub async fn findings(app: &App, message: &Message) -> AppResult<Vec<Finding>> {
    let mut known = HashMap::new();
    for organ in message.to().iter().chain(std::iter::once(message.from())) {
        let code = plain_code(&organ.organ_id);
        let row = app
            .db
            .opt(
                sql!(
                    "SELECT e.code FROM directory_code c JOIN directory_entry e ON e.id = c.entry_id WHERE c.code = $1 AND c.confirmed = 1 \
                     ORDER BY e.id LIMIT 1"
                ),
                args![code.as_str()],
            )
            .await?;
        let own = app
            .db
            .opt(
                sql!("SELECT code FROM axis_own_code WHERE code = $1"),
                args![code.as_str()],
            )
            .await?;
        if let Some(row) = row {
            known.insert(code, plain_code(&row.get::<String>("code")?));
        } else if own.is_some() {
            known.insert(code.clone(), code);
        }
    }
    let is_listed = |code: &str| known.contains_key(&plain_code(code));
    let canonical = |code: &str| {
        let code = plain_code(code);
        known.get(&code).cloned().unwrap_or(code)
    };
    let sending = Sending {
        is_listed: &is_listed,
        canonical: &canonical,
        ..Sending::on(app.clock.today())
    };
    Ok(check::before_sending(message, &sending))
}
