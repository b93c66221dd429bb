//! A packet with a document: a new one, a duplicate, one sent to us by mistake, or a request about one that came before.

use edxml::{
    document_types,
    model::{BusinessKind, DocumentMessage},
    read::recipients,
};
use rules::{
    Refusal,
    document_types::OFFICIAL_LETTER,
    exchange::{Business, Purpose, StatusCode},
    ids::{AgencyId, IncomingId},
    urgency::Urgency,
};
use serde_json::json;
use store::{Act, Digest, Entry, args, sql};
use uuid::Uuid;

use super::{
    files::{self, Files},
    note::{self, Note},
    read::Read,
    request,
    row::Incoming,
    settle::{self, Settled},
};
use crate::{
    act_names,
    context::App,
    documents::{self, state_secret},
    error::AppResult,
    exchange::{
        self,
        axis::{
            connections::{self, Connection},
            faults::{Point, point},
            matching::{self, plain_code, plain_text},
            queue,
            states::InboxState,
            system_act,
        },
    },
    incoming::{self, Arrival, Arrived, Origin},
};

/// What is known of a packet before its act.
pub struct Known {
    /// The agency of ours.
    pub agency: AgencyId,
    /// The code of ours that it was sent to; answers bear it.
    pub sent_to: String,
    /// All codes of the sender in the message, the canonical one first.
    pub sender: Vec<String>,
    /// Whether the channel names the same sender.
    pub is_from_channel: bool,
    /// Of the bytes of the packet.
    pub digest: Digest,
    /// What the clerk is told.
    pub notes: Vec<Note>,
}

/// Takes a document packet in.
///
/// # Errors
/// When the database or the store fails; it is tried again.
pub async fn take(
    app: &App,
    connection: &Connection,
    packet: &Incoming,
    read: Read,
    message: &DocumentMessage,
) -> AppResult<()> {
    let Some(known) = known(app, connection, packet, &read, message).await? else {
        return misdirected(app, packet, &read, message).await;
    };
    let stored = files::store(app, known.agency, message, &read).await?;
    point(app, Point::FilesStored).await;
    let mut act = system_act(app).await?;
    if !settle::is_mine(&mut act, packet).await? {
        return Ok(());
    }
    let files = match stored {
        Ok(files) => files,
        Err(refusal) => {
            return refuse_secret(app, connection, act, packet, &read, message, &known, &refusal).await;
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
    if was_refused(&mut act, packet).await? {
        // The mark stood in the message itself.
        app.commit(act, &()).await?;
        return forget(app, packet, read.digest).await;
    }
    app.commit(act, &()).await?;
    point(app, Point::Taken).await;
    app.axis.wake.notify_one();
    Ok(())
}

async fn was_refused(act: &mut Act, packet: &Incoming) -> AppResult<bool> {
    let row = act
        .opt(
            sql!("SELECT id FROM axis_inbox WHERE id = $1 AND state = 'refused'"),
            args![packet.id],
        )
        .await?;
    Ok(row.is_some())
}

async fn forget(app: &App, packet: &Incoming, digest: Digest) -> AppResult<()> {
    settle::forget_bytes(app, packet, digest).await
}

/// Whose packet it is (spec edxml 13.1 R13, R14). `None`: none of our codes is addressed.
async fn known(
    app: &App,
    connection: &Connection,
    packet: &Incoming,
    read: &Read,
    message: &DocumentMessage,
) -> AppResult<Option<Known>> {
    let digest = read.digest;
    let addressed = match packet.agency {
        // A clerk took it for this agency.
        Some(agency) => Some((agency, packet.to.clone())),
        None => match connections::own_code(app, connection.id, &packet.to).await? {
            Some(own) => Some(own),
            None => {
                let own = connections::own_codes(app, connection.id).await?;
                let codes: Vec<&str> = own.iter().map(|own| own.code.as_str()).collect();
                let found = recipients::addressed(&message.to, &[], &codes);
                found.first().and_then(|code| {
                    own.iter()
                        .find(|own| own.code == *code)
                        .map(|own| (own.agency, own.code.clone()))
                })
            }
        },
    };
    let Some((agency, sent_to)) = addressed else {
        return Ok(None);
    };
    let sender = matching::aliases(app, &message.from.organ_id).await?;
    let channel = matching::aliases(app, &packet.from).await?;
    let channel: Vec<&str> = channel.iter().map(String::as_str).collect();
    let is_from_channel = recipients::sender_matches(&message.from, &packet.from, &channel);
    let mut notes: Vec<Note> = read.warnings.iter().map(Note::from).collect();
    if !is_from_channel {
        notes.push(Note::new(
            note::SENDER_MISMATCH,
            format!(
                "Trục liên thông cho biết gói tin do {} gửi, nhưng văn bản ghi cơ quan gửi là {}. Đề nghị xác minh nguồn gửi.",
                packet.from, message.from.organ_id
            ),
        ));
    }
    Ok(Some(Known {
        agency,
        sent_to,
        sender,
        is_from_channel,
        digest,
        notes,
    }))
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
    let end = settled(InboxState::Misdirected, message, None, None);
    settle::settle(&mut act, packet, read, &end).await?;
    act.journal(Entry {
        act: act_names::PACKET_MISDIRECTED,
        object_kind: "axis_packet",
        object: packet.id,
        agency: None,
        summary: format!(
            "Văn bản {} của {} gửi đến mã {}, không phải mã của cơ quan nào trong hệ thống.",
            message.code().unwrap_or_default(),
            message
                .from
                .organ_name
                .as_deref()
                .unwrap_or(&message.from.organ_id),
            packet.to
        ),
        details: json!({ "axis_doc_id": packet.doc_id }),
    })
    .await?;
    point(app, Point::BeforeTaking).await;
    app.commit(act, &()).await?;
    point(app, Point::Taken).await;
    Ok(())
}

/// A file bears a mark of state secrecy (QC01-1.2): nothing is kept, the sender is told.
async fn refuse_secret(
    app: &App,
    connection: &Connection,
    mut act: Act,
    packet: &Incoming,
    read: &Read,
    message: &DocumentMessage,
    known: &Known,
    refusal: &Refusal,
) -> AppResult<()> {
    let attempt = state_secret::Attempt {
        act: act_names::ARRIVE,
        doing: "nhận văn bản qua trục liên thông",
        object_kind: "incoming",
        object: None,
        file: None,
    };
    state_secret::journal_refused_packet(&mut act, known.agency, attempt, refusal).await?;
    tell_refused(&mut act, connection, packet, read, message, known, refusal).await?;
    app.commit(act, &()).await?;
    forget(app, packet, read.digest).await
}

async fn tell_refused(
    act: &mut Act,
    connection: &Connection,
    packet: &Incoming,
    read: &Read,
    message: &DocumentMessage,
    known: &Known,
    refusal: &Refusal,
) -> AppResult<()> {
    let mut end = settled(InboxState::Refused, message, Some(known), None);
    // Not even the subject stays.
    end.summary = message.code().unwrap_or_default();
    settle::settle(act, packet, read, &end).await?;
    act.run(
        sql!("UPDATE axis_inbox SET sha256 = NULL, size = NULL, warnings = '[]' WHERE id = $1"),
        args![packet.id],
    )
    .await?;
    let name: String = act
        .one(sql!("SELECT name FROM agency WHERE id = $1"), args![known.agency])
        .await?
        .get("name")?;
    let key = matching::id_of_content("refused", known.agency, &known.sender[0], &read.fingerprint);
    queue::Status {
        connection: connection.id,
        agency: known.agency,
        agency_name: name,
        object: packet.id,
        incoming: None,
        message_key: format!("status:{key}:{}", StatusCode::Refused.wire()),
        from: known.sent_to.clone(),
        to: packet.from.clone(),
        code: StatusCode::Refused,
        about: about(message),
        title: String::new(),
        description: refusal.message.clone(),
    }
    .queue(act)
    .await
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

/// What makes a document one and the same: its identifier, else number, symbol and date.
pub fn identity(message: &DocumentMessage) -> String {
    match &message.document_id {
        Some(id) => plain_text(id),
        None => plain_text(&format!(
            "{}@{}",
            message.code().unwrap_or_default(),
            message
                .promulgation_date
                .map(|day| day.to_string())
                .unwrap_or_default()
        )),
    }
}

/// Notes that this content was taken in. The packet that brought it before, when it was.
///
/// # Errors
/// When the database fails.
pub async fn taken_before(
    act: &mut Act,
    packet: &Incoming,
    read: &Read,
    message: &DocumentMessage,
    known: &Known,
) -> AppResult<Option<Uuid>> {
    let now = act.now();
    let (sender, identity) = (known.sender[0].as_str(), identity(message));
    let fresh = act
        .run(
            sql!(
                "INSERT INTO axis_taken (agency_id, sender, document_id, fingerprint, inbox_id, at) VALUES ($1, $2, $3, $4, $5, $6) \
                 ON CONFLICT DO NOTHING"
            ),
            args![
                known.agency,
                sender,
                identity.as_str(),
                read.fingerprint.as_slice(),
                packet.id,
                now
            ],
        )
        .await?;
    if fresh > 0 {
        return Ok(None);
    }
    let row = act
        .one(
            sql!(
                "SELECT inbox_id FROM axis_taken WHERE agency_id = $1 AND sender = $2 AND document_id = $3 AND fingerprint = $4"
            ),
            args![
                known.agency,
                sender,
                identity.as_str(),
                read.fingerprint.as_slice()
            ],
        )
        .await?;
    Ok(Some(row.get("inbox_id")?))
}

/// A packet of the same content came before: it is noted, and nothing else happens.
///
/// # Errors
/// When the database fails.
pub async fn note_duplicate(
    act: &mut Act,
    packet: &Incoming,
    read: &Read,
    message: &DocumentMessage,
    known: &Known,
    first: Uuid,
) -> AppResult<()> {
    let row = act
        .one(
            sql!("SELECT incoming_id, axis_doc_id FROM axis_inbox WHERE id = $1"),
            args![first],
        )
        .await?;
    let incoming: Option<IncomingId> = row.get("incoming_id")?;
    let end = settled(InboxState::Duplicate, message, Some(known), incoming);
    settle::settle(act, packet, read, &end).await?;
    let (object_kind, object) = match incoming {
        Some(id) => ("incoming", id.as_uuid()),
        None => ("axis_packet", packet.id),
    };
    act.journal(Entry {
        act: act_names::PACKET_DUPLICATE,
        object_kind,
        object,
        agency: Some(known.agency),
        summary: format!(
            "Nhận lại gói tin trùng của văn bản {}; không tạo văn bản mới.",
            message.code().unwrap_or_default()
        ),
        details: json!({ "packet": packet.id, "first": first, "axis_doc_id": packet.doc_id }),
    })
    .await?;
    Ok(())
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
    if let Some(first) = taken_before(act, packet, read, message, &known).await? {
        return note_duplicate(act, packet, read, message, &known, first).await;
    }
    if let Some((first, document)) = overtaken_by(act, message, &known).await? {
        incoming::link_replaced(act, document, &replaced(message, &known)).await?;
        return note_duplicate(act, packet, read, message, &known, first).await;
    }
    let again = act
        .opt(
            sql!(
                "SELECT inbox_id FROM axis_taken WHERE agency_id = $1 AND sender = $2 AND document_id = $3 AND fingerprint <> $4 LIMIT 1"
            ),
            args![
                known.agency,
                known.sender[0].as_str(),
                identity(message),
                read.fingerprint.as_slice()
            ],
        )
        .await?;
    if again.is_some() {
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
            tell_refused(act, connection, packet, read, message, &known, &refusal).await?;
        }
    }
    act.touch(known.agency.as_uuid());
    Ok(())
}

/// The update that overtook this document and was taken in its place: it brought the same files and newer facts.
async fn overtaken_by(
    act: &mut Act,
    message: &DocumentMessage,
    known: &Known,
) -> AppResult<Option<(Uuid, IncomingId)>> {
    if !matches!(message.business.kind, BusinessKind::New | BusinessKind::Replace) || !known.is_from_channel {
        return Ok(None);
    }
    let rows = act
        .all(
            sql!(
                "SELECT t.inbox_id, x.business, d.id FROM axis_taken t JOIN axis_inbox x ON x.id = t.inbox_id \
                 LEFT JOIN incoming d ON d.packet_id = x.id \
                 WHERE t.agency_id = $1 AND t.sender = $2 AND t.document_id = $3 ORDER BY t.at, t.inbox_id"
            ),
            args![known.agency, known.sender[0].as_str(), identity(message)],
        )
        .await?;
    let mut update = None;
    for row in &rows {
        let business: String = row.get("business")?;
        if business == Business::New.as_str() || business == Business::Replace.as_str() {
            // It came itself before: this one says something else.
            return Ok(None);
        }
        if business == Business::Update.as_str()
            && update.is_none()
            && let Some(document) = row.get::<Option<IncomingId>>("id")?
        {
            update = Some((row.get("inbox_id")?, document));
        }
    }
    Ok(update)
}

/// The documents of theirs that this one replaces for us: those whose list of recipients has one of our codes, or none at all.
fn replaced(message: &DocumentMessage, known: &Known) -> Vec<String> {
    let mut ids = Vec::new();
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
            sender_id: sender_id.filter(|sender| *sender != known.agency),
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
