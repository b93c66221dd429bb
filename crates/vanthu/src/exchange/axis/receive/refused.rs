//! A packet with a mark of state secrecy (QC01-1.2): nothing of it is kept, the sender is told.

use edxml::model::{BusinessKind, DocumentMessage, ResponseFor, Staff, StatusMessage};
use rules::{
    Decision, Refusal,
    exchange::{Business, StatusCode, answer_phrase},
    ids::{AgencyId, IncomingId},
    secrecy::{SecretMarks, refuse_state_secret},
};
use store::{Act, args, sql};

use super::{
    document::{about, settled},
    known::Known,
    read::Read,
    request,
    row::Incoming,
    settle,
};
use crate::{
    act_names,
    context::App,
    documents::state_secret,
    error::AppResult,
    exchange::axis::{connections::Connection, matching, queue, states::InboxState},
};

/// Looks for marks in the message itself: before any of its files is stored.
///
/// # Errors
/// `QC01-1.2` naming the mark and where it was found.
pub fn marks(message: &DocumentMessage) -> Decision<()> {
    let symbols = [&message.code_notation, &message.code_number];
    let symbols: Vec<&str> = symbols.into_iter().flatten().map(String::as_str).collect();
    let file_names: Vec<&str> = message
        .attachments
        .iter()
        .filter_map(|attachment| attachment.name.as_deref())
        .collect();
    let texts = [
        &message.subject,
        &message.content,
        &message.from.organ_name,
        &message.signer.position,
        &message.document_type.type_name,
        &message.business.reason,
    ];
    let texts: Vec<&str> = texts
        .into_iter()
        .flatten()
        .chain(&message.other.appendixes)
        .map(String::as_str)
        .collect();
    refuse_state_secret(&SecretMarks {
        symbols: &symbols,
        file_names: &file_names,
        texts: &texts,
        ..SecretMarks::default()
    })
}

/// What stands in the place of words that were not kept.
const NOT_KEPT: &str = "Nội dung kèm theo trạng thái không được lưu vì có dấu chỉ bí mật nhà nước.";

/// Looks for marks in what a status says.
///
/// # Errors
/// `QC01-1.2` naming the mark and where it was found.
pub fn marks_of_status(message: &StatusMessage) -> Decision<()> {
    let texts = [
        &message.description,
        &message.from.organ_name,
        &message.staff.staff,
        &message.staff.department,
    ];
    let texts: Vec<&str> = texts.into_iter().flatten().map(String::as_str).collect();
    refuse_state_secret(&SecretMarks {
        texts: &texts,
        ..SecretMarks::default()
    })
}

/// A status without its words: where the document stands at its recipient is no secret.
pub fn without_words(message: &StatusMessage) -> StatusMessage {
    let mut bare = message.clone();
    bare.description = Some(NOT_KEPT.to_owned());
    bare.from.organ_name = None;
    bare.staff = Staff::default();
    bare
}

/// Notes in the act of a status that its words bore a mark, and lets its bytes go.
///
/// # Errors
/// When the database fails.
pub async fn note_status(
    act: &mut Act,
    packet: &Incoming,
    agency: Option<AgencyId>,
    refusal: &Refusal,
) -> AppResult<()> {
    let attempt = state_secret::Attempt {
        act: act_names::PACKET_STATUS,
        doing: "nhận trạng thái qua trục liên thông",
        object_kind: "axis_packet",
        object: Some(packet.id),
        file: None,
    };
    state_secret::journal_refused_packet(act, agency, attempt, refusal).await?;
    act.run(
        sql!("UPDATE axis_inbox SET sender_name = '' WHERE id = $1"),
        args![packet.id],
    )
    .await?;
    let_go(act, packet).await
}

/// Ends the act of a packet with a mark, and removes its bytes.
///
/// # Errors
/// When the database or the store fails.
pub async fn refuse(
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
    state_secret::journal_refused_packet(&mut act, Some(known.agency), attempt, refusal).await?;
    tell(&mut act, connection, packet, read, message, known, refusal).await?;
    app.commit(act, &()).await?;
    settle::forget_bytes(app, packet, read.digest).await
}

/// Whether the act refused the packet.
///
/// # Errors
/// When the database fails.
pub async fn was_refused(act: &mut Act, packet: &Incoming) -> AppResult<bool> {
    let row = act
        .opt(
            sql!("SELECT id FROM axis_inbox WHERE id = $1 AND state = 'refused'"),
            args![packet.id],
        )
        .await?;
    Ok(row.is_some())
}

/// The packet names its bytes no more, so that they can be removed.
///
/// # Errors
/// When the database fails.
pub async fn let_go(act: &mut Act, packet: &Incoming) -> AppResult<()> {
    act.run(
        sql!("UPDATE axis_inbox SET sha256 = NULL, size = NULL WHERE id = $1"),
        args![packet.id],
    )
    .await?;
    Ok(())
}

/// Settles the packet and tells its sender, once for the same content: 02 for a document, 16 for a request about one, which
/// stays as it is.
///
/// # Errors
/// When the database fails.
pub async fn tell(
    act: &mut Act,
    connection: &Connection,
    packet: &Incoming,
    read: &Read,
    message: &DocumentMessage,
    known: &Known,
    refusal: &Refusal,
) -> AppResult<()> {
    let target = match request::of(act, packet, message, known).await? {
        request::Kind::About(target) => Some(target),
        request::Kind::None | request::Kind::Unknown(_) => None,
    };
    let mut end = settled(InboxState::Refused, message, Some(known), target);
    // Not even the subject stays.
    end.summary = message.code().unwrap_or_default();
    end.notes = &[];
    settle::settle(act, packet, read, &end).await?;
    let_go(act, packet).await?;
    let name: String = act
        .one(sql!("SELECT name FROM agency WHERE id = $1"), args![known.agency])
        .await?
        .get("name")?;
    let business = match message.business.kind {
        BusinessKind::Revoke => Some(Business::Recall),
        BusinessKind::Update if target.is_some() => Some(Business::Update),
        _ => None,
    };
    let (code, about, description) = match business {
        Some(business) => (
            StatusCode::RecallRefused,
            about_target(message),
            format!("{}. {}", answer_phrase(business, false), refusal.message),
        ),
        None => (StatusCode::Refused, about(message), refusal.message.clone()),
    };
    let key = matching::id_of_content("refused", known.agency, &read.fingerprint);
    queue::Status {
        connection: connection.id,
        agency: known.agency,
        agency_name: name,
        object: target.map_or(packet.id, IncomingId::as_uuid),
        incoming: target,
        message_key: format!("status:{key}:{}", code.wire()),
        from: known.sent_to.clone(),
        to: packet.from.clone(),
        code,
        about,
        title: String::new(),
        description,
    }
    .queue(act)
    .await
}

/// The document of theirs that a request is about, as our answers name it.
fn about_target(message: &DocumentMessage) -> ResponseFor {
    let named = message
        .response_for
        .first()
        .cloned()
        .unwrap_or_else(|| about(message));
    ResponseFor {
        organ_id: Some(message.from.organ_id.clone()),
        document_id: message.target_document_id().map(str::to_owned),
        ..named
    }
}

#[cfg(test)]
mod tests {
    use edxml::model::Attachment;

    use super::*;

    #[test]
    fn qc01_1_2_marks_are_looked_for_in_everything_that_a_message_says() {
        let plain = DocumentMessage {
            subject: Some("V/v bảo mật thông tin".to_owned()),
            code_notation: Some("UBND-NC".to_owned()),
            ..DocumentMessage::default()
        };
        assert!(marks(&plain).is_ok());
        let mut named = plain.clone();
        named.attachments.push(Attachment {
            name: Some("bao-cao-TOI-MAT.pdf".to_owned()),
            ..Attachment::default()
        });
        let mut reason = plain.clone();
        reason.business.reason = Some("TUYỆT MẬT".to_owned());
        let content = DocumentMessage {
            content: Some("MẬT".to_owned()),
            ..plain
        };
        for message in [named, reason, content] {
            assert!(marks(&message).is_err());
        }
    }
}
