//! Whose packet it is, and who sent it (spec edxml 13.1 R13, R14).

use std::collections::HashMap;

use edxml::{
    model::{DocumentMessage, Organ},
    read::recipients,
};
use rules::ids::AgencyId;
use store::{Digest, args, sql};

use super::{
    note::{self, Note},
    read::Read,
    row::Incoming,
};
use crate::{
    context::App,
    error::AppResult,
    exchange::axis::{
        connections::{self, Connection, OwnCode},
        matching::{self, codes_in, plain_code},
        states::InboxState,
    },
};

/// What is known of a packet before its act.
pub struct Known {
    /// The agency of ours.
    pub agency: AgencyId,
    /// The code of ours that it was sent to; answers bear it.
    pub sent_to: String,
    /// All codes for which the sender in the message speaks, its own first.
    pub sender: Vec<String>,
    /// Whether the channel names the same sender.
    pub is_from_channel: bool,
    /// Of the bytes of the packet.
    pub digest: Digest,
    /// What the clerk is told.
    pub notes: Vec<Note>,
}

/// An agency of ours that a packet is for, and the code that it was sent to.
pub type Addressee = (AgencyId, String);

/// The agencies of ours that a packet is for, each once. What the axis says comes first: it makes a packet for each recipient,
/// so the others that a message names get theirs. Only when that says nothing of us, the message decides.
///
/// # Errors
/// When the database fails.
pub async fn addressees(
    app: &App,
    connection: &Connection,
    packet: &Incoming,
    to: &[Organ],
) -> AppResult<Vec<Addressee>> {
    if let Some(agency) = packet.agency {
        // A clerk took it for this agency, or it is one of several copies.
        return Ok(vec![(agency, packet.to.clone())]);
    }
    let own = connections::own_codes(app, connection.id).await?;
    let named = among(&own, codes_in(&packet.to));
    if !named.is_empty() {
        return Ok(named);
    }
    Ok(among(&own, to.iter().map(|organ| plain_code(&organ.organ_id))))
}

/// Those of `codes` that are ours, one for each agency.
fn among(own: &[OwnCode], codes: impl IntoIterator<Item = String>) -> Vec<Addressee> {
    let of_code: HashMap<&str, AgencyId> = own.iter().map(|own| (own.code.as_str(), own.agency)).collect();
    let mut found: Vec<Addressee> = Vec::new();
    for code in codes {
        if let Some(agency) = of_code.get(code.as_str())
            && found.iter().all(|(known, _)| known != agency)
        {
            found.push((*agency, code));
        }
    }
    found
}

/// Gives each addressee but the first a packet of its own with the same bytes, once: each takes it in, answers it and reads it
/// again by itself. The axis knows of one packet only and is told by the first.
///
/// # Errors
/// When the database fails.
pub async fn spread(app: &App, packet: &Incoming, addressees: &[Addressee]) -> AppResult<()> {
    if addressees.len() < 2 {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    for (agency, code) in &addressees[1..] {
        tx.run(
            sql!(
                "INSERT INTO axis_inbox (id, connection_id, axis_doc_id, copy_for, kind, business, from_code, to_code, agency_id, \
                 sender_code, sender_name, summary, sha256, size, unreadable, state, acked, attempts, next_at, warnings, signature, \
                 listed_at) SELECT $2, connection_id, axis_doc_id, $3, kind, '', from_code, $3, $4, '', '', '', sha256, size, \
                 unreadable, $5, 'done', 0, $6, '[]', 'absent', listed_at FROM axis_inbox WHERE id = $1 ON CONFLICT DO NOTHING"
            ),
            args![
                packet.id,
                app.ids.next(),
                code.as_str(),
                *agency,
                InboxState::Listed.as_str(),
                app.clock.now()
            ],
        )
        .await?;
    }
    Ok(tx.commit().await?)
}

/// What is known of a packet for its first addressee. `None`: none of our codes is addressed.
///
/// # Errors
/// When the database fails.
pub async fn known(
    app: &App,
    packet: &Incoming,
    addressees: Vec<Addressee>,
    read: &Read,
    message: &DocumentMessage,
) -> AppResult<Option<Known>> {
    let Some((agency, sent_to)) = addressees.into_iter().next() else {
        return Ok(None);
    };
    let sender = matching::aliases(app, &message.from.organ_id).await?;
    let channel = matching::aliases(app, &packet.from).await?;
    let channel: Vec<&str> = channel.iter().map(String::as_str).collect();
    let is_from_channel = recipients::sender_matches(&message.from, &packet.from, &channel);
    let mut notes = read.notes();
    if !is_from_channel {
        notes.push(Note::new(
            note::SENDER_MISMATCH,
            format!(
                "Trục liên thông cho biết gói tin do {} gửi, nhưng văn bản ghi cơ quan gửi là {}. Đề nghị xác minh nguồn gửi.",
                packet.from, message.from.organ_id
            ),
        ));
        if !message.business.replacements.is_empty() {
            notes.push(Note::new(
                note::REPLACES_UNVOUCHED,
                "Văn bản ghi là thay thế văn bản khác, nhưng trục không xác nhận cơ quan gửi nên hệ thống không tự đánh dấu thay thế.",
            ));
        }
    }
    Ok(Some(Known {
        agency,
        sent_to,
        sender,
        is_from_channel,
        digest: read.digest,
        notes,
    }))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn own(code: &str, agency: u128) -> OwnCode {
        OwnCode {
            code: code.to_owned(),
            agency: AgencyId::from_uuid(Uuid::from_u128(agency)),
            agency_name: String::new(),
            is_primary: true,
        }
    }

    #[test]
    fn edxml_13_1_r13_every_agency_of_ours_is_found_once() {
        let ours = [own("H16.05", 1), own("000.00.05.H16", 1), own("H16.06", 2)];
        let found = among(&ours, codes_in("000.00.05.h16; G99, H16.05 ,H16.06"));
        let codes: Vec<&str> = found.iter().map(|(_, code)| code.as_str()).collect();
        assert_eq!(codes, ["000.00.05.H16", "H16.06"]);
        assert!(among(&ours, codes_in("")).is_empty());
    }
}
