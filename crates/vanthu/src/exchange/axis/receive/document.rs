//! A packet with a document: a new one, a duplicate, one sent to us by mistake, or a request about one that came before.

use edxml::{
    document_types,
    model::{BusinessKind, DocumentMessage},
};
use rules::{
    document_types::OFFICIAL_LETTER,
    exchange::{Business, Purpose, StatusCode},
    ids::IncomingId,
    urgency::Urgency,
};
use serde_json::json;
use store::{Act, Entry, args, sql};

use super::{
    files::{self, Files},
    known::{self, Addressee, Known},
    note::{self, Note},
    read::Read,
    refused, request,
    row::Incoming,
    settle::{self, Settled},
    taken,
};
use crate::{
    act_names,
    context::App,
    documents,
    error::AppResult,
    exchange::{
        self,
        axis::{
            connections::Connection,
            faults::{Point, point},
            matching::{self, plain_code, plain_text},
            states::InboxState,
            system_act,
        },
    },
    incoming::{self, Arrival, Arrived, Origin},
};

/// The most documents that one replaces.
const MOST_REPLACED: usize = 200;

/// Takes a document packet in for the first of its addressees; the others have packets of their own.
///
/// # Errors
/// When the database or the store fails; it is tried again.
pub async fn take(
    app: &App,
    connection: &Connection,
    packet: &Incoming,
    addressees: Vec<Addressee>,
    read: Read,
    message: &DocumentMessage,
) -> AppResult<()> {
    let Some(known) = known::known(app, packet, addressees, &read, message).await? else {
        return misdirected(app, packet, &read, message).await;
    };
    // What the message itself says comes before its files: nothing of it is stored then.
    let stored = match refused::marks(message) {
        Ok(()) => files::store(app, known.agency, message, &read).await?,
        Err(refusal) => Err(refusal),
    };
    point(app, Point::FilesStored).await;
    let mut act = system_act(app).await?;
    if !settle::is_mine(&mut act, packet).await? {
        return Ok(());
    }
    let files = match stored {
        Ok(files) => files,
        Err(refusal) => {
            return refused::refuse(app, connection, act, packet, &read, message, &known, &refusal).await;
        }
    };
    let request = request::of(&mut act, packet, message, &known).await?;
    match request {
        request::Kind::None => take_new(&mut act, connection, packet, &read, message, known, files).await?,
        request::Kind::About(target) => {
            request::take(&mut act, packet, &read, message, &known, target, files).await?;
        }
        request::Kind::Unknown(why) => {
            request::hold(&mut act, packet, &read, message, &known, why).await?;
        }
    }
    point(app, Point::BeforeTaking).await;
    if refused::was_refused(&mut act, packet).await? {
        // The mark was seen when the document was to arrive.
        app.commit(act, &()).await?;
        return settle::forget_bytes(app, packet, read.digest).await;
    }
    app.commit(act, &()).await?;
    point(app, Point::Taken).await;
    app.axis.wake.notify_one();
    Ok(())
}

/// One line for lists: `123/SVD-VP: V/v …`.
pub fn summary(message: &DocumentMessage) -> String {
    let code = message.code().unwrap_or_else(|| "Không số".to_owned());
    match &message.subject {
        Some(subject) => format!("{code}: {subject}"),
        None => code,
    }
}

const fn business(kind: BusinessKind) -> Business {
    match kind {
        BusinessKind::New => Business::New,
        BusinessKind::Revoke => Business::Recall,
        BusinessKind::Update => Business::Update,
        BusinessKind::Replace => Business::Replace,
    }
}

/// The end of a packet with this message.
pub fn settled<'a>(
    state: InboxState,
    message: &'a DocumentMessage,
    known: Option<&'a Known>,
    incoming: Option<IncomingId>,
) -> Settled<'a> {
    Settled {
        state,
        agency: known.map(|known| known.agency),
        incoming,
        outgoing: None,
        document_id: message.document_id.as_deref(),
        kind: "edoc",
        business: business(message.business.kind).as_str(),
        summary: summary(message),
        notes: known.map_or(&[], |known| known.notes.as_slice()),
        why: None,
    }
}

/// Addressed to none of ours: kept for a clerk, nothing of it is in a box.
async fn misdirected(app: &App, packet: &Incoming, read: &Read, message: &DocumentMessage) -> AppResult<()> {
    let mut act = system_act(app).await?;
    if !settle::is_mine(&mut act, packet).await? {
        return Ok(());
    }
    let bears_mark = refused::marks(message).is_err();
    let mut end = settled(InboxState::Misdirected, message, None, None);
    if bears_mark {
        // Nothing of it stays here either; there is no code of ours to answer from.
        end.state = InboxState::Refused;
        end.summary = message.code().unwrap_or_default();
    }
    settle::settle(&mut act, packet, read, &end).await?;
    if bears_mark {
        refused::let_go(&mut act, packet).await?;
    }
    act.journal(Entry {
        act: if bears_mark {
            act_names::SECRET_REFUSED
        } else {
            act_names::PACKET_MISDIRECTED
        },
        object_kind: "axis_packet",
        object: packet.id,
        agency: None,
        summary: format!(
            "Văn bản {} của {} gửi đến mã {}, không phải mã của cơ quan nào trong hệ thống.{}",
            message.code().unwrap_or_default(),
            message
                .from
                .organ_name
                .as_deref()
                .unwrap_or(&message.from.organ_id),
            packet.to,
            if bears_mark {
                " Không lưu vì có dấu chỉ bí mật nhà nước."
            } else {
                ""
            }
        ),
        details: json!({ "axis_doc_id": packet.doc_id }),
    })
    .await?;
    point(app, Point::BeforeTaking).await;
    app.commit(act, &()).await?;
    point(app, Point::Taken).await;
    if bears_mark {
        settle::forget_bytes(app, packet, read.digest).await?;
    }
    Ok(())
}

/// Their document as our answers name it.
pub fn about(message: &DocumentMessage) -> edxml::model::ResponseFor {
    edxml::model::ResponseFor {
        organ_id: Some(message.from.organ_id.clone()),
        code: message.code(),
        promulgation_date: message.promulgation_date,
        document_id: message.document_id.clone(),
    }
}

/// A document that is not here yet.
///
/// # Errors
/// When the database fails.
pub async fn take_new(
    act: &mut Act,
    connection: &Connection,
    packet: &Incoming,
    read: &Read,
    message: &DocumentMessage,
    mut known: Known,
    files: Files,
) -> AppResult<()> {
    if let Some(first) = taken::taken_before(act, packet, read, message, &known).await? {
        return taken::note_duplicate(act, packet, read, message, &known, first).await;
    }
    if let Some((first, document)) = taken::overtaken_by(act, read, message, &known).await? {
        incoming::link_replaced(act, document, &replaced(message, &known)).await?;
        return taken::note_duplicate(act, packet, read, message, &known, first).await;
    }
    if taken::came_otherwise(act, read, message, &known).await? {
        known.notes.push(Note::new(
            note::RESENT,
            "Bên gửi gửi lại văn bản có cùng mã định danh nhưng nội dung khác lần trước. Đề nghị đối chiếu hai bản trước khi tiếp nhận.",
        ));
    }
    known.notes.extend(files.notes.iter().cloned());
    let arrived = arrive(act, packet, message, &known, files).await?;
    match arrived {
        Arrived::Delivered(id) => {
            let end = settled(InboxState::Taken, message, Some(&known), Some(id));
            settle::settle(act, packet, read, &end).await?;
            exchange::report(act, id, StatusCode::Arrived, "").await?;
            if message.business.kind == BusinessKind::Update {
                let answer = exchange::Answer {
                    dispatch: None,
                    business: Business::Update,
                    agreed: true,
                    description: "Nhận như văn bản mới.",
                };
                exchange::answer(act, id, answer).await?;
            }
            request::wake_waiting(act, known.agency, message).await?;
        }
        Arrived::Refused(refusal) => {
            act.run(
                sql!("DELETE FROM axis_taken WHERE inbox_id = $1"),
                args![packet.id],
            )
            .await?;
            refused::tell(act, connection, packet, read, message, &known, &refusal).await?;
        }
    }
    act.touch(known.agency.as_uuid());
    Ok(())
}

/// The documents of theirs that this one replaces for us: those whose list of recipients has one of our codes, or none at all. A
/// sender for whom the channel does not vouch replaces nothing.
fn replaced(message: &DocumentMessage, known: &Known) -> Vec<String> {
    let mut ids = Vec::new();
    if !known.is_from_channel {
        return ids;
    }
    for replacement in &message.business.replacements {
        let is_for_us = replacement.organ_ids.is_empty()
            || replacement
                .organ_ids
                .iter()
                .any(|code| plain_code(code) == known.sent_to);
        let id = plain_text(&replacement.document_id);
        if is_for_us && !ids.contains(&id) {
            ids.push(id);
        }
        if ids.len() == MOST_REPLACED {
            break;
        }
    }
    ids
}

/// Puts the document into the reception box.
///
/// # Errors
/// When the database fails.
pub async fn arrive(
    act: &mut Act,
    packet: &Incoming,
    message: &DocumentMessage,
    known: &Known,
    files: Files,
) -> AppResult<Arrived> {
    let set = if files.main.is_some() || !files.others.is_empty() {
        Some(documents::new_set(act, files.main, &files.others).await?)
    } else {
        None
    };
    let (sender_id, sender_name) = matching::known_sender(act, &known.sender).await?;
    let name = message
        .from
        .organ_name
        .clone()
        .or(sender_name)
        .unwrap_or_else(|| message.from.organ_id.clone());
    let classified = document_types::classified(
        message.document_type.type_name.as_deref(),
        message.code_notation.as_deref(),
    );
    let urgency = message
        .other
        .priority
        .and_then(|code| u8::try_from(code).ok())
        .and_then(Urgency::from_wire_code)
        .unwrap_or(Urgency::Normal);
    incoming::arrive(
        act,
        Arrival {
            origin: Origin::Axis {
                packet: packet.packet(),
                sent_to: known.sent_to.clone(),
                digest: known.digest,
            },
            agency: known.agency,
            purpose: Purpose::Act,
            // Only the channel makes the sender one of our directory.
            sender_id: sender_id.filter(|sender| known.is_from_channel && *sender != known.agency),
            sender_name: name,
            sender_code: Some(plain_code(&message.from.organ_id)),
            number: message.code_number.clone().unwrap_or_default(),
            symbol: message.code_notation.clone().unwrap_or_default(),
            issued_on: message.promulgation_date,
            type_key: classified
                .map_or(OFFICIAL_LETTER, |(kind, _)| kind.key)
                .to_owned(),
            subject: message
                .subject
                .clone()
                .or_else(|| message.content.clone())
                .unwrap_or_else(|| "(Bên gửi không ghi trích yếu)".to_owned()),
            urgency,
            signer_name: message.signer.full_name.clone().unwrap_or_default(),
            signer_title: message.signer.position.clone().unwrap_or_default(),
            respond_by: message.due_date,
            document_code: message.document_id.as_deref().map(plain_text),
            file_set: set,
            pages: files.pages.or(message.other.page_amount.map(i64::from)),
            announced: files.announced,
            replaces: replaced(message, known),
        },
    )
    .await
}
