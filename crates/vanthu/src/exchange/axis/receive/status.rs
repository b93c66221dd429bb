//! A packet with a status: applied to the delivery line as if it came from inside the installation (spec edxml 6).

use edxml::model::StatusMessage as WireStatus;
use rules::{
    exchange::{Business, StatusCode, status_label},
    ids::{AgencyId, DeliveryId},
};
use serde_json::json;
use store::{Act, Entry, args, sql};

use super::{
    note::{self, Note},
    read::Read,
    refused,
    request::{self, TakeBack},
    row::Incoming,
    settle::{self, Settled},
};
use crate::{
    act_names,
    context::App,
    error::AppResult,
    exchange::{
        self, StatusMessage,
        axis::{
            faults::{Point, point},
            matching::{self, Line, Notice, plain_code},
            states::InboxState,
            system_act,
        },
    },
};

const NO_LINE: &str = "Không tìm thấy văn bản đã gửi đến cơ quan này. Trạng thái được lưu lại để đối chiếu.";
const NOT_VOUCHED: &str = "Trạng thái không do chính cơ quan nhận gửi qua trục (mã bên gửi trong gói tin khác mã do trục xác nhận) nên không được áp dụng. Đề nghị kiểm tra với cơ quan nhận.";
const NO_DOCUMENT: &str = "Chưa có văn bản mà bên gửi đề nghị lấy lại. Yêu cầu được xử lý ngay khi văn bản đến; nếu văn bản không đến, văn thư quyết định.";

/// Whether every agency that the status is sent to has to look at it: its sender takes a document back. Any other finds its line
/// by the document.
pub fn is_for_each(message: &WireStatus) -> bool {
    StatusCode::from_wire(&message.status_code) == Some(StatusCode::RecallRequested)
}

/// Takes a status packet in; `addressee` is the agency of ours that it is sent to.
///
/// # Errors
/// When the database fails; it is tried again.
pub async fn take(
    app: &App,
    packet: &Incoming,
    addressee: Option<AgencyId>,
    read: &Read,
    message: &WireStatus,
) -> AppResult<()> {
    let mut act = system_act(app).await?;
    if !settle::is_mine(&mut act, packet).await? {
        return Ok(());
    }
    let mark = refused::marks_of_status(message).err();
    let bare = mark.as_ref().map(|_| refused::without_words(message));
    let message = bare.as_ref().unwrap_or(message);
    // What is told of how it was read may repeat its words.
    let mut notes = if mark.is_some() { Vec::new() } else { read.notes() };
    let sender = matching::aliases(app, &message.from.organ_id).await?;
    let channel = matching::aliases(app, &packet.from).await?;
    let vouched = channel.contains(&plain_code(&message.from.organ_id));
    if !vouched {
        notes.push(Note::new(
            note::SENDER_MISMATCH,
            format!(
                "Trục liên thông cho biết gói tin do {} gửi, nhưng trạng thái ghi cơ quan gửi là {}.",
                packet.from, message.from.organ_id
            ),
        ));
    }
    let code = StatusCode::from_wire(&message.status_code);
    let mut end = Settled {
        state: InboxState::Taken,
        // Whose it is when no document is found: its code is known.
        agency: addressee,
        incoming: None,
        outgoing: None,
        document_id: message.response_for.document_id.as_deref(),
        kind: "status",
        business: "",
        summary: summary(message, label(message, code, None)),
        notes: &[],
        why: None,
    };
    if code == Some(StatusCode::RecallRequested) {
        let agency = addressee;
        // A forged recall would be worse than a late one: the channel must name who asks.
        end.incoming = match agency {
            Some(agency) if vouched => taken_back(&mut act, packet, agency, &sender, read, message).await?,
            _ => None,
        };
        if end.incoming.is_none() {
            end.state = InboxState::Orphan;
            end.why = Some(NO_DOCUMENT);
        }
    } else {
        // A stranger must not refuse, finish or agree in the name of a recipient: the channel must name who says it.
        let line = if vouched {
            matching::line(&mut act, &sender, &message.response_for).await?
        } else {
            None
        };
        match line {
            None if !vouched => {
                end.state = InboxState::Orphan;
                end.why = Some(NOT_VOUCHED);
            }
            Some(line) => {
                end.agency = Some(line.agency);
                end.outgoing = Some(line.outgoing);
                if code.is_none() {
                    notes.push(Note::new(
                        note::UNKNOWN_STATUS,
                        format!("Mã trạng thái {} không có trong danh mục.", message.status_code),
                    ));
                }
                let newest = newest_order(&mut act, line.delivery).await?;
                let shown = label(message, code, newest);
                end.summary = summary(message, shown);
                apply(
                    &mut act,
                    packet,
                    line,
                    read,
                    message,
                    code.map(|code| (code, shown)),
                )
                .await?;
            }
            None => match matching::notice(&mut act, &sender, &message.response_for).await? {
                Some(notice) => {
                    end.agency = Some(notice.agency);
                    end.outgoing = Some(notice.outgoing);
                    note_notice(&mut act, packet, notice, message, code).await?;
                }
                None => {
                    end.state = InboxState::Orphan;
                    end.why = Some(NO_LINE);
                }
            },
        }
    }
    end.notes = &notes;
    let is_orphan = end.state == InboxState::Orphan;
    settle::settle(&mut act, packet, read, &end).await?;
    if let Some(refusal) = &mark {
        refused::note_status(&mut act, packet, end.agency, refusal).await?;
    }
    if is_orphan {
        act.journal(Entry {
            act: act_names::PACKET_WAITS,
            object_kind: "axis_packet",
            object: packet.id,
            agency: end.agency,
            summary: format!("{}. {}", end.summary, end.why.unwrap_or_default()),
            details: json!({ "axis_doc_id": packet.doc_id }),
        })
        .await?;
    }
    point(app, Point::BeforeTaking).await;
    app.commit(act, &()).await?;
    if mark.is_some() {
        settle::forget_bytes(app, packet, read.digest).await?;
    }
    point(app, Point::Taken).await;
    Ok(())
}

async fn taken_back(
    act: &mut Act,
    packet: &Incoming,
    agency: AgencyId,
    sender: &[String],
    read: &Read,
    message: &WireStatus,
) -> AppResult<Option<rules::ids::IncomingId>> {
    let said = TakeBack {
        reason: message.description.as_deref().unwrap_or_default(),
        staff: message.staff.staff.as_deref().unwrap_or_default(),
        at: message.timestamp.unwrap_or_else(|| act.now()),
        fingerprint: &read.fingerprint,
    };
    request::take_back(act, packet, agency, sender, &message.response_for, said).await
}

/// Hands the status on to the line; one that is not known is kept and shown as it stands (CN-403).
async fn apply(
    act: &mut Act,
    packet: &Incoming,
    line: Line,
    read: &Read,
    message: &WireStatus,
    code: Option<(StatusCode, &str)>,
) -> AppResult<()> {
    let id = matching::id_of_content("status", line.agency, &read.fingerprint);
    let at = message.timestamp.unwrap_or_else(|| act.now());
    let description = message.description.clone().unwrap_or_default();
    let staff = message.staff.staff.clone().unwrap_or_default();
    let shown = match code {
        Some((code, label)) => {
            let status = StatusMessage {
                id,
                delivery: line.delivery,
                dispatch: None,
                code,
                description,
                arrival_number: None,
                staff,
                at,
            };
            exchange::receive_status(act, &status).await?;
            label.to_owned()
        }
        None => {
            let now = act.now();
            act.run(
                sql!(
                    "INSERT INTO delivery_event (delivery_id, message_id, code, description, staff, at, received_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING"
                ),
                args![
                    line.delivery,
                    id,
                    message.status_code.as_str(),
                    description,
                    staff,
                    at,
                    now
                ],
            )
            .await?;
            format!("mã trạng thái {}", message.status_code)
        }
    };
    // The history of the document tells a known status once, when it has been applied; here it belongs to the packet.
    let (object_kind, object) = match code {
        Some(_) => ("axis_packet", packet.id),
        None => ("outgoing", line.outgoing.as_uuid()),
    };
    act.journal(Entry {
        act: act_names::PACKET_STATUS,
        object_kind,
        object,
        agency: Some(line.agency),
        summary: format!(
            "Nhận trạng thái của {} qua trục liên thông: {shown}.",
            message
                .from
                .organ_name
                .as_deref()
                .unwrap_or(&message.from.organ_id)
        ),
        details: json!({ "packet": packet.id, "axis_doc_id": packet.doc_id, "code": message.status_code }),
    })
    .await?;
    Ok(())
}

/// A state of the notice that went along with a recall: there is no line to move, the document that was recalled has it.
async fn note_notice(
    act: &mut Act,
    packet: &Incoming,
    notice: Notice,
    message: &WireStatus,
    code: Option<StatusCode>,
) -> AppResult<()> {
    let shown = code.map_or_else(
        || format!("mã trạng thái {}", message.status_code),
        |code| code.label().to_owned(),
    );
    act.journal(Entry {
        act: act_names::PACKET_STATUS,
        object_kind: "outgoing",
        object: notice.outgoing.as_uuid(),
        agency: Some(notice.agency),
        summary: format!(
            "Nhận trạng thái của {} về văn bản thông báo thu hồi, qua trục liên thông: {shown}.",
            message
                .from
                .organ_name
                .as_deref()
                .unwrap_or(&message.from.organ_id)
        ),
        details: json!({ "packet": packet.id, "axis_doc_id": packet.doc_id, "code": message.status_code }),
    })
    .await?;
    Ok(())
}

/// The newest order about a document at one recipient: what an answer that does not say so is about.
async fn newest_order(act: &mut Act, delivery: DeliveryId) -> AppResult<Option<Business>> {
    let row = act
        .opt(
            sql!(
                "SELECT d.business FROM dispatch_line l JOIN dispatch d ON d.id = l.dispatch_id \
                 WHERE l.delivery_id = $1 AND d.business IN ('recall', 'update') ORDER BY d.at DESC, d.id DESC LIMIT 1"
            ),
            args![delivery],
        )
        .await?;
    Ok(row.map(|row| row.parse("business")).transpose()?)
}

fn label(message: &WireStatus, code: Option<StatusCode>, newest: Option<Business>) -> &'static str {
    let said = message.description.as_deref().unwrap_or_default();
    code.map_or("không rõ", |code| status_label(code, said, newest))
}

fn summary(message: &WireStatus, label: &str) -> String {
    format!(
        "Trạng thái {} ({label}) của văn bản {}",
        message.status_code,
        message
            .response_for
            .code
            .as_deref()
            .or(message.response_for.document_id.as_deref())
            .unwrap_or("không rõ")
    )
}
