//! Yêu cầu của bên gửi: a recall, an update or a status 13 about a document that came before (spec edxml 14).

use edxml::model::{BusinessKind, DocumentMessage, ReceiverChange, ResponseFor};
use jiff::Timestamp;
use rules::{
    exchange::Business,
    ids::{AgencyId, IncomingId},
    urgency::Urgency,
};
use serde_json::json;
use store::{Act, Entry, args, sql};

use super::{document, files::Files, known::Known, read::Read, row::Incoming, settle, taken};
use crate::{
    act_names, documents,
    error::AppResult,
    exchange::{
        Changes, SenderRequest,
        axis::{
            matching::{self, plain_code, plain_text},
            states::InboxState,
        },
    },
    incoming::{self, Arrived},
};

/// What a packet with a document is.
pub enum Kind {
    /// A document of its own.
    None,
    /// A request about this one.
    About(IncomingId),
    /// A recall of a document that is not here, or not from this sender; why.
    Unknown(&'static str),
}

const NOT_HERE: &str = "Chưa có văn bản mà bên gửi đề nghị thu hồi. Yêu cầu được xử lý ngay khi văn bản đến; nếu văn bản không đến, văn thư quyết định.";
const NOT_THEIRS: &str =
    "Đơn vị gửi gói tin không phải đơn vị đã gửi văn bản này. Đề nghị xác minh trước khi xử lý.";

/// What `message` asks. An update of a document that is not here is a new document: some systems send a second dispatch
/// this way.
///
/// # Errors
/// When the database fails.
pub async fn of(
    act: &mut Act,
    packet: &Incoming,
    message: &DocumentMessage,
    known: &Known,
) -> AppResult<Kind> {
    let kind = message.business.kind;
    if !matches!(kind, BusinessKind::Revoke | BusinessKind::Update) {
        return Ok(Kind::None);
    }
    let about = message.response_for.first();
    let target = matching::target(
        act,
        known.agency,
        &known.sender,
        message.target_document_id(),
        about,
    )
    .await?;
    let Some(target) = target else {
        return Ok(match kind {
            BusinessKind::Revoke => Kind::Unknown(NOT_HERE),
            _ => Kind::None,
        });
    };
    if !came_by(act, packet, target, known.is_from_channel).await? {
        return Ok(Kind::Unknown(NOT_THEIRS));
    }
    Ok(Kind::About(target))
}

/// Whether the channel vouches for the request: it names the sender, or it is the one over which the document came.
async fn came_by(
    act: &mut Act,
    packet: &Incoming,
    target: IncomingId,
    is_from_channel: bool,
) -> AppResult<bool> {
    if is_from_channel {
        return Ok(true);
    }
    let row = act
        .opt(
            sql!(
                "SELECT x.from_code FROM incoming d JOIN axis_inbox x ON x.id = d.packet_id WHERE d.id = $1"
            ),
            args![target],
        )
        .await?;
    let channel: Option<String> = row.map(|row| row.get("from_code")).transpose()?;
    Ok(channel.is_some_and(|code| plain_code(&code) == packet.from))
}

/// An update that takes us off the list of recipients is a recall for us.
fn was_removed(message: &DocumentMessage, known: &Known) -> bool {
    message.business.receivers.iter().any(|receiver| {
        receiver.change == Some(ReceiverChange::Removed) && plain_code(&receiver.organ_id) == known.sent_to
    })
}

/// Hands a request over.
///
/// # Errors
/// When the database fails.
pub async fn take(
    act: &mut Act,
    packet: &Incoming,
    read: &Read,
    message: &DocumentMessage,
    known: &Known,
    target: IncomingId,
    files: Files,
) -> AppResult<()> {
    if let Some(first) = taken::taken_before(act, packet, read, message, known).await? {
        return taken::note_duplicate(act, packet, read, message, known, first).await;
    }
    let is_recall = message.business.kind == BusinessKind::Revoke || was_removed(message, known);
    let at = message
        .trace_headers
        .iter()
        .find_map(|node| node.timestamp)
        .unwrap_or_else(|| act.now());
    let mut request = SenderRequest {
        id: matching::id_of_content("request", known.agency, &read.fingerprint),
        incoming: target,
        business: if is_recall {
            Business::Recall
        } else {
            Business::Update
        },
        reason: message.business.reason.clone().unwrap_or_default(),
        staff: message.business.staff.staff.clone().unwrap_or_default(),
        changes: Changes::default(),
        file_set: None,
        carrier: None,
        dispatch: None,
        at,
    };
    if is_recall {
        request.carrier = carrier(act, packet, message, known, target, files).await?;
    } else {
        request.changes = changes(act, message, target).await?;
        if files.main.is_some() || !files.others.is_empty() {
            request.file_set = Some(documents::new_set(act, files.main, &files.others).await?);
        }
    }
    let mut end = document::settled(InboxState::Taken, message, Some(known), Some(target));
    end.document_id = message.target_document_id();
    settle::settle(act, packet, read, &end).await?;
    note_request(
        act,
        packet,
        known.agency,
        target,
        request.business,
        &request.reason,
    )
    .await?;
    incoming::request(act, request).await
}

/// Văn bản thông báo thu hồi: a document of its own, when the message brings one. It may have come by itself before.
async fn carrier(
    act: &mut Act,
    packet: &Incoming,
    message: &DocumentMessage,
    known: &Known,
    target: IncomingId,
    files: Files,
) -> AppResult<Option<IncomingId>> {
    let own = message.document_id.as_deref().map(plain_text);
    let targeted = message.target_document_id().map(plain_text);
    if own.is_none() || own == targeted {
        return Ok(None);
    }
    let known_one = matching::target(act, known.agency, &known.sender, own.as_deref(), None).await?;
    if known_one.is_some_and(|id| id != target) {
        return Ok(known_one);
    }
    if message.attachments.is_empty() {
        return Ok(None);
    }
    Ok(
        match document::arrive(act, packet, message, known, files).await? {
            Arrived::Delivered(id) => Some(id),
            Arrived::Refused(_) => None,
        },
    )
}

/// What an update changes: only what differs from what we have.
async fn changes(act: &mut Act, message: &DocumentMessage, target: IncomingId) -> AppResult<Changes> {
    let row = act
        .one(
            sql!(
                "SELECT subject, urgency, respond_by, signer_name, signer_title FROM incoming WHERE id = $1"
            ),
            args![target],
        )
        .await?;
    let differs = |new: &Option<String>, column: &str| -> AppResult<Option<String>> {
        let old: String = row.get(column)?;
        Ok(new.clone().filter(|new| plain_text(new) != plain_text(&old)))
    };
    let urgency = message
        .other
        .priority
        .and_then(|code| u8::try_from(code).ok())
        .and_then(Urgency::from_wire_code);
    let old_urgency: Urgency = row.parse("urgency")?;
    let old_due: Option<jiff::civil::Date> = row.get("respond_by")?;
    Ok(Changes {
        subject: differs(&message.subject, "subject")?,
        urgency: urgency.filter(|urgency| *urgency != old_urgency),
        respond_by: message.due_date.filter(|day| Some(*day) != old_due),
        signer_name: differs(&message.signer.full_name, "signer_name")?,
        signer_title: differs(&message.signer.position, "signer_title")?,
    })
}

async fn note_request(
    act: &mut Act,
    packet: &Incoming,
    agency: AgencyId,
    target: IncomingId,
    business: Business,
    reason: &str,
) -> AppResult<()> {
    let what = if business == Business::Recall {
        "thu hồi"
    } else {
        "cập nhật"
    };
    act.journal(Entry {
        act: act_names::PACKET_REQUEST,
        object_kind: "incoming",
        object: target.as_uuid(),
        agency: Some(agency),
        summary: format!("Bên gửi đề nghị {what} văn bản qua trục liên thông. {reason}")
            .trim()
            .to_owned(),
        details: json!({ "packet": packet.id, "axis_doc_id": packet.doc_id }),
    })
    .await?;
    act.touch(agency.as_uuid());
    Ok(())
}

/// Keeps a recall whose document is not here: it may have overtaken it.
///
/// # Errors
/// When the database fails.
pub async fn hold(
    act: &mut Act,
    packet: &Incoming,
    read: &Read,
    message: &DocumentMessage,
    known: &Known,
    why: &'static str,
) -> AppResult<()> {
    let mut end = document::settled(InboxState::Orphan, message, Some(known), None);
    end.document_id = message.target_document_id();
    end.why = Some(why);
    settle::settle(act, packet, read, &end).await?;
    act.journal(Entry {
        act: act_names::PACKET_WAITS,
        object_kind: "axis_packet",
        object: packet.id,
        agency: Some(known.agency),
        summary: format!(
            "{} đề nghị thu hồi văn bản {}. {why}",
            message
                .from
                .organ_name
                .as_deref()
                .unwrap_or(&message.from.organ_id),
            end.document_id.unwrap_or_default()
        ),
        details: json!({ "axis_doc_id": packet.doc_id }),
    })
    .await?;
    Ok(())
}

/// Requests that came before this document are read again.
///
/// # Errors
/// When the database fails.
pub async fn wake_waiting(act: &mut Act, agency: AgencyId, message: &DocumentMessage) -> AppResult<()> {
    let Some(id) = message.document_id.as_deref().map(plain_text) else {
        return Ok(());
    };
    let now = act.now();
    act.run(
        sql!(
            "UPDATE axis_inbox SET state = 'listed', next_at = $3, settled_at = NULL WHERE state = 'orphan' AND agency_id = $1 \
             AND document_id = $2 AND business <> 'new'"
        ),
        args![agency, id, now],
    )
    .await?;
    Ok(())
}

/// A status 13: the sender takes a document back without a document that says so. `None` when there is no such document.
///
/// # Errors
/// When the database fails.
pub async fn take_back(
    act: &mut Act,
    packet: &Incoming,
    agency: AgencyId,
    sender: &[String],
    about: &ResponseFor,
    said: TakeBack<'_>,
) -> AppResult<Option<IncomingId>> {
    let target = matching::target(act, agency, sender, about.document_id.as_deref(), Some(about)).await?;
    let Some(target) = target else { return Ok(None) };
    note_request(act, packet, agency, target, Business::Recall, said.reason).await?;
    let request = SenderRequest {
        id: matching::id_of_content("request", agency, said.fingerprint),
        incoming: target,
        business: Business::Recall,
        reason: said.reason.to_owned(),
        staff: said.staff.to_owned(),
        changes: Changes::default(),
        file_set: None,
        carrier: None,
        dispatch: None,
        at: said.at,
    };
    incoming::request(act, request).await?;
    Ok(Some(target))
}

/// What a status 13 says.
pub struct TakeBack<'a> {
    /// Lý do.
    pub reason: &'a str,
    /// Who asks.
    pub staff: &'a str,
    /// When.
    pub at: Timestamp,
    /// Which message it is.
    pub fingerprint: &'a [u8],
}
