//! Văn bản đến hệ thống: what the hub delivers becomes an incoming document in the reception box, once.

use jiff::civil::Date;
use rules::{
    Decision, Refusal,
    exchange::Purpose,
    ids::{AgencyId, DeliveryId, IncomingId, PacketId},
    incoming::{IncomingEvent, IncomingState},
    secrecy::{SecretMarks, refuse_state_secret},
    urgency::Urgency,
};
use serde::{Deserialize, Serialize};
use store::{Act, Digest, Entry, args, sql};
use uuid::Uuid;

use super::{check, replacement};
use crate::{
    act_names, desk,
    documents::state_secret::{self, Attempt},
    error::AppResult,
    exchange::evidence::{Noted, NotedFile, Party},
    signing::verdicts::{self, Object},
};

/// A file as the message announces it (QD28-9.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// Name in the manifest.
    pub name: String,
    /// SHA-256 in lower-case hex, when the message carries one.
    pub sha256: Option<String>,
}

/// Where a packet comes from; the same on every attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// An agency of this installation: its delivery line.
    Hub(DeliveryId),
    /// Another system, over the axis.
    Axis {
        /// The packet.
        packet: PacketId,
        /// The code it was addressed to: answers bear it.
        sent_to: String,
        /// Its bytes.
        digest: Digest,
    },
}

impl Origin {
    const fn source(&self) -> &'static str {
        match self {
            Self::Hub(_) => "hub",
            Self::Axis { .. } => "axis",
        }
    }

    const fn delivery(&self) -> Option<DeliveryId> {
        match self {
            Self::Hub(delivery) => Some(*delivery),
            Self::Axis { .. } => None,
        }
    }

    /// As the journal takes it down.
    fn noted(&self) -> (Uuid, &'static str, Option<NotedFile>) {
        match self {
            Self::Hub(delivery) => (delivery.as_uuid(), "internal", None),
            Self::Axis { packet, digest, .. } => (
                packet.as_uuid(),
                "axis",
                Some(NotedFile {
                    name: "goi-tin.edxml".to_owned(),
                    sha256: digest.to_string(),
                }),
            ),
        }
    }

    fn packet(&self) -> (Option<PacketId>, Option<&str>) {
        match self {
            Self::Hub(_) => (None, None),
            Self::Axis { packet, sent_to, .. } => (Some(*packet), Some(sent_to)),
        }
    }
}

/// Whether a document of this source came by message, so that there was a delivery to check and a sender to tell.
pub(in crate::incoming) fn is_from_exchange(source: &str) -> bool {
    matches!(source, "hub" | "axis")
}

/// A packet that the hub delivers to one recipient (QD28 Điều 10).
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Where it comes from.
    pub origin: Origin,
    /// The receiving agency.
    pub agency: AgencyId,
    /// What it is sent to us for.
    pub purpose: Purpose,
    /// The sender, when it is an agency of our directory.
    pub sender_id: Option<AgencyId>,
    /// Tên cơ quan ban hành.
    pub sender_name: String,
    /// Mã định danh of the sender.
    pub sender_code: Option<String>,
    /// Số, as printed: `05`.
    pub number: String,
    /// Ký hiệu: `QĐ-UBND`.
    pub symbol: String,
    /// Ngày ban hành.
    pub issued_on: Option<Date>,
    /// Key of the kind, `rules::document_types`.
    pub type_key: String,
    /// Trích yếu.
    pub subject: String,
    /// Mức độ khẩn.
    pub urgency: Urgency,
    /// Người ký.
    pub signer_name: String,
    /// Chức vụ người ký.
    pub signer_title: String,
    /// Hạn trả lời asked by the sender.
    pub respond_by: Option<Date>,
    /// Mã định danh văn bản.
    pub document_code: Option<String>,
    /// The delivered files; `None` when nothing could be stored.
    pub file_set: Option<Uuid>,
    /// Số trang of the main file.
    pub pages: Option<i64>,
    /// What the message announces, to be compared with what arrived.
    pub announced: Vec<Announced>,
    /// Mã định danh văn bản of the earlier documents of the same sender that this one replaces.
    pub replaces: Vec<String>,
}

/// What the journal keeps of an arrival; the checks of reception read the announcement from there.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::incoming) struct ArrivalDetails {
    /// The sender's delivery line, or the packet of the axis; absent for the files of an update.
    #[serde(default)]
    pub origin: Option<Uuid>,
    pub announced: Vec<Announced>,
    /// What a bundle of evidence is made from.
    #[serde(flatten)]
    pub noted: Option<Noted>,
}

/// What became of a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrived {
    /// It lies in the reception box; the sender is told state 01.
    Delivered(IncomingId),
    /// It bears a mark of state secrecy (QC01-1.2): nothing of it is kept; the sender is told state 02.
    Refused(Refusal),
}

/// Puts a delivered packet into the reception box of the receiving agency. A packet that was delivered before
/// changes nothing and gives the same id. The caller commits, and tells the sender.
///
/// # Errors
/// When the database fails.
pub async fn arrive(act: &mut Act, packet: Arrival) -> AppResult<Arrived> {
    if let Err(refusal) = refuse_secret(&packet) {
        let attempt = Attempt {
            act: act_names::ARRIVE,
            doing: "nhận văn bản từ hệ thống khác",
            object_kind: "incoming",
            object: None,
            file: None,
        };
        state_secret::journal_refused_packet(act, Some(packet.agency), attempt, &refusal).await?;
        return Ok(Arrived::Refused(refusal));
    }
    let id = IncomingId::from_uuid(act.new_id());
    let now = act.now();
    let judged = check::at_arrival(act, &packet).await?;
    let (packet_id, sent_to) = packet.origin.packet();
    let fresh = act
        .run(
            sql!(
                "INSERT INTO incoming (id, agency_id, delivery_id, sender_id, sender_name, sender_code, number, \
                 symbol, issued_on, type_key, subject, folded_subject, urgency, signer_name, signer_title, respond_by, \
                 document_code, file_set, pages, completeness, integrity, authenticity, legal_value, state, revision, \
                 delivered_at, updated_at, purpose, source, packet_id, sent_to_code) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, \
                 $20, $21, $22, $23, $24, 0, $25, $25, $26, $27, $28, $29) ON CONFLICT DO NOTHING"
            ),
            args![
                id,
                packet.agency,
                packet.origin.delivery(),
                packet.sender_id,
                packet.sender_name.as_str(),
                packet.sender_code.as_deref(),
                packet.number.as_str(),
                packet.symbol.as_str(),
                packet.issued_on,
                packet.type_key.as_str(),
                packet.subject.as_str(),
                viet_text::fold(&packet.subject),
                packet.urgency.as_str(),
                packet.signer_name.as_str(),
                packet.signer_title.as_str(),
                packet.respond_by,
                packet.document_code.as_deref(),
                packet.file_set,
                packet.pages,
                judged.check.completeness.outcome.as_str(),
                judged.check.integrity.outcome.as_str(),
                judged.check.authenticity.outcome.as_str(),
                judged.legal_value.as_str(),
                IncomingState::Delivered.as_str(),
                now,
                packet.purpose.as_str(),
                packet.origin.source(),
                packet_id,
                sent_to,
            ],
        )
        .await?;
    if fresh == 0 {
        let row = act
            .one(
                sql!("SELECT id FROM incoming WHERE delivery_id = $1 OR packet_id = $2"),
                args![packet.origin.delivery(), packet_id],
            )
            .await?;
        return Ok(Arrived::Delivered(row.get("id")?));
    }
    replacement::link(act, id, &packet.replaces).await?;
    desk::refresh_incoming(act, id).await?;
    verdicts::schedule(act, Object::Incoming(id)).await?;
    let entry = Entry {
        act: act_names::ARRIVE,
        object_kind: "incoming",
        object: id.as_uuid(),
        agency: Some(packet.agency),
        summary: format!(
            "{}: {} gửi {}/{}",
            IncomingEvent::Delivered.label(),
            packet.sender_name,
            packet.number,
            packet.symbol
        ),
        details: serde_json::to_value(details(act, packet).await?)?,
    };
    act.journal(entry).await?;
    Ok(Arrived::Delivered(id))
}

/// What the journal takes down of a packet.
async fn details(act: &mut Act, packet: Arrival) -> AppResult<ArrivalDetails> {
    let row = act
        .one(
            sql!("SELECT name, code FROM agency WHERE id = $1"),
            args![packet.agency],
        )
        .await?;
    let (origin, channel, bytes) = packet.origin.noted();
    let sent_to = packet.origin.packet().1.map(str::to_owned);
    let noted = Noted {
        document_code: packet.document_code,
        number_and_symbol: crate::incoming::printed(&packet.number, &packet.symbol),
        subject: packet.subject,
        sender: Party {
            name: packet.sender_name,
            code: packet.sender_code,
        },
        recipient: Party {
            name: row.get("name")?,
            code: match sent_to {
                Some(code) => Some(code),
                None => row.get("code")?,
            },
        },
        channel: channel.to_owned(),
        files: NotedFile::of_set(act, packet.file_set).await?,
        packet: bytes,
    };
    Ok(ArrivalDetails {
        origin: Some(origin),
        announced: packet.announced,
        noted: Some(noted),
    })
}

/// What an update, or a resent packet, carries is looked through like a first packet.
pub(in crate::incoming) fn refuse_secret_text(text: &str) -> Decision<()> {
    refuse_state_secret(&SecretMarks {
        texts: &[text],
        ..SecretMarks::default()
    })
}

/// Another system is not trusted to have looked for marks.
fn refuse_secret(packet: &Arrival) -> Decision<()> {
    let file_names: Vec<&str> = packet.announced.iter().map(|file| file.name.as_str()).collect();
    refuse_state_secret(&SecretMarks {
        symbols: &[&packet.symbol, &packet.number],
        file_names: &file_names,
        texts: &[&packet.subject, &packet.sender_name, &packet.signer_title],
        ..SecretMarks::default()
    })
}
