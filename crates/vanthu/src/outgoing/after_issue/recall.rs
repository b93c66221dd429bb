//! Thu hồi văn bản đã phát hành (ND30-18.4, QD28-8.2): the recipients are asked, the document is frozen (PL6-III.8a).

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    exchange::{
        self as rule, Business, DeliveryState, LineRecall, NoticeFacts, PacketState, RecallOrder,
        RecallPolicy, RecallState, StatusCode,
    },
    ids::{CommandId, DeliveryId, OutgoingId},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    issued,
    offers::{self, Typed},
};
use crate::{
    act_names, agency_settings, api,
    context::{App, Who},
    desk,
    error::AppResult,
    exchange, registers,
    web::{Reply, Submitted, blank_as_none, clean},
};

/// Whether a recall needs an issued document as its notice (ND30-18.4b): `true` or `false`; `true` when nothing is chosen.
const NOTICE_REQUIRED: &str = "exchange.recall_notice_required";

/// Thu hồi.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Recall {
    /// Lý do, told to the recipients.
    pub reason: String,
    /// Who decided it: the signer or a leader, and in what form. Stays inside the agency.
    pub decision: String,
    /// Văn bản thông báo thu hồi: an issued document of the agency.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<Uuid>)]
    pub notice: Option<OutgoingId>,
}

/// What a recall began.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Recalled {
    /// The document.
    pub id: Uuid,
    /// How many recipients were asked.
    pub asked: usize,
    /// How many lines had not been sent and never will be.
    pub dropped: usize,
    /// Recipients on paper: they are told on paper and send the document back (ND30-18.4a).
    pub on_paper: Vec<String>,
}

/// Recalls an issued document from all its recipients.
///
/// # Errors
/// The refusals of [`rules::exchange::recall`].
pub async fn recall(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    data: &Recall,
) -> AppResult<Recalled> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let document = issued::for_order(&mut act, who, id).await?;
    let (reason, decision) = (clean(&data.reason), clean(&data.decision));
    let notice = match data.notice {
        Some(notice) => Some(notice_of(&mut act, who, id, notice).await?),
        None => None,
    };
    let policy = policy(&mut act, who).await?;
    let order = RecallOrder {
        reason: &reason,
        decision: &decision,
        notice: notice.as_ref().map(|notice| notice.facts),
    };
    rule::recall(&who.actor, &document.facts, policy, &order)?;
    let now = act.now();
    act.run(
        sql!("UPDATE outgoing SET recalled_at = $2, updated_at = $2 WHERE id = $1"),
        args![id, now],
    )
    .await?;
    let lines = lines(&mut act, id).await?;
    let dropped = drop_unsent(&mut act, id).await?;
    let asked: Vec<DeliveryId> = lines
        .iter()
        .filter(|line| rule::recall_line(line.state) == LineRecall::Ask)
        .map(|line| line.id)
        .collect();
    let on_paper: Vec<String> = lines
        .iter()
        .filter(|line| rule::recall_line(line.state) == LineRecall::Paper)
        .map(|line| line.recipient.clone())
        .collect();
    if !asked.is_empty() {
        ask(
            &mut act,
            exchange::Order {
                business: Business::Recall,
                reason: reason.clone(),
                carrier: data.notice,
                file_set: notice.as_ref().and_then(|notice| notice.file_set),
                lines: Some(asked.clone()),
                ..exchange::Order::new_document(id)
            },
            &asked,
        )
        .await?;
    }
    desk::refresh_outgoing(&mut act, id).await?;
    act.journal(Entry {
        act: act_names::RECALL,
        object_kind: "outgoing",
        object: id.as_uuid(),
        agency: None,
        summary: format!(
            "Thu hồi văn bản theo quyết định của {decision}; văn bản và dữ liệu đặc tả được đóng băng."
        ),
        details: json!({
            "note": reason, "decision": decision, "notice": data.notice,
            "notice_number": notice.map(|notice| notice.number_and_symbol),
            "asked": asked, "dropped": dropped, "on_paper": on_paper,
        }),
    })
    .await?;
    registers::own_recalled(&mut act, who.agency(), id).await?;
    let answer = Recalled {
        id: id.as_uuid(),
        asked: asked.len(),
        dropped,
        on_paper,
    };
    app.commit(act, &answer).await?;
    Ok(answer)
}

/// Whether the agency wants a notice for every recall.
pub(super) async fn policy(act: &mut Act, who: &Who) -> AppResult<RecallPolicy> {
    let chosen = agency_settings::read_in(act, who.agency(), NOTICE_REQUIRED).await?;
    Ok(policy_of(chosen))
}

/// The same for the page.
pub(super) async fn policy_for_view(app: &App, who: &Who) -> AppResult<RecallPolicy> {
    let chosen = agency_settings::read(app, who.agency(), NOTICE_REQUIRED, app.clock.today()).await?;
    Ok(policy_of(chosen))
}

fn policy_of(chosen: Option<bool>) -> RecallPolicy {
    chosen.map_or_else(RecallPolicy::default, |notice_required| RecallPolicy {
        notice_required,
    })
}

/// Văn bản thông báo thu hồi by which a document was recalled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecallNotice {
    /// The notice.
    pub id: OutgoingId,
    /// Số và ký hiệu.
    pub number_and_symbol: String,
}

impl RecallNotice {
    /// As the journal keeps it in the details of a recall; nothing when the agency recalled without one.
    pub fn in_details(details: &serde_json::Value) -> Option<Self> {
        Some(Self {
            id: details["notice"].as_str()?.parse().ok()?,
            number_and_symbol: details["notice_number"].as_str()?.to_owned(),
        })
    }
}

struct Notice {
    facts: NoticeFacts,
    number_and_symbol: String,
    file_set: Option<Uuid>,
}

/// The chosen notice; one of another agency looks like one that is not issued.
async fn notice_of(act: &mut Act, who: &Who, document: OutgoingId, notice: OutgoingId) -> AppResult<Notice> {
    let named = issued::named(act, who.agency(), notice).await?;
    Ok(match named {
        Some(named) => Notice {
            facts: NoticeFacts {
                agency: named.facts.agency,
                state: named.facts.state,
                is_recalled: named.facts.is_recalled,
                is_the_document: notice == document,
            },
            number_and_symbol: named.number_and_symbol,
            file_set: named.file_set,
        },
        None => Notice {
            facts: NoticeFacts {
                agency: who.agency(),
                state: rules::outgoing::OutgoingState::Draft,
                is_recalled: false,
                is_the_document: false,
            },
            number_and_symbol: String::new(),
            file_set: None,
        },
    })
}

struct Line {
    id: DeliveryId,
    state: DeliveryState,
    recipient: String,
}

/// The lines as they stand, locked.
async fn lines(act: &mut Act, id: OutgoingId) -> AppResult<Vec<Line>> {
    let now = act.now();
    let rows = act
        .all(
            sql!("UPDATE delivery SET updated_at = $2 WHERE outgoing_id = $1 RETURNING id, state, recipient_name"),
            args![id, now],
        )
        .await?;
    let line = |row: &store::Row| {
        Ok(Line {
            id: row.get("id")?,
            state: row.parse("state")?,
            recipient: row.get("recipient_name")?,
        })
    };
    Ok(rows.iter().map(line).collect::<store::Result<_>>()?)
}

/// What has not left never leaves, and updates that were not answered need no answer any more. Gives the number of documents
/// that never leave. A packet that may be on its way keeps its line: the recipient is asked to give it back.
async fn drop_unsent(act: &mut Act, id: OutgoingId) -> AppResult<usize> {
    let now = act.now();
    let dropped = act
        .run(
            sql!("UPDATE delivery SET state = $2, recall_state = $3 WHERE outgoing_id = $1 AND state = 'pending'"),
            args![
                id,
                DeliveryState::Dropped.as_str(),
                RecallState::Agreed.as_str()
            ],
        )
        .await?;
    act.run(
        sql!(
            "UPDATE dispatch_line SET state = $2, changed_at = $3 WHERE state IN ('pending', 'sent') \
             AND dispatch_id IN (SELECT id FROM dispatch WHERE outgoing_id = $1 AND business = 'update')"
        ),
        args![id, PacketState::Superseded.as_str(), now],
    )
    .await?;
    act.run(
        sql!(
            "UPDATE dispatch_line SET state = $2, changed_at = $3 WHERE state = 'pending' \
             AND dispatch_id IN (SELECT id FROM dispatch WHERE outgoing_id = $1) \
             AND delivery_id NOT IN (SELECT id FROM delivery WHERE outgoing_id = $1 AND state = 'sending')"
        ),
        args![id, PacketState::Dropped.as_str(), now],
    )
    .await?;
    Ok(usize::try_from(dropped).unwrap_or(usize::MAX))
}

/// Sends the request (13) to `lines`, one of them or all that a recall asks, and notes it on each of them.
///
/// # Errors
/// When the database fails.
pub(super) async fn ask(act: &mut Act, order: exchange::Order, lines: &[DeliveryId]) -> AppResult<()> {
    let (now, staff) = (act.now(), act.actor().label.clone());
    if let [line] = lines {
        act.run(
            sql!("UPDATE delivery SET recall_state = $2 WHERE id = $1"),
            args![*line, RecallState::Requested.as_str()],
        )
        .await?;
    } else {
        for state in DeliveryState::ALL {
            if rule::recall_line(*state) != LineRecall::Ask {
                continue;
            }
            act.run(
                sql!("UPDATE delivery SET recall_state = $3 WHERE outgoing_id = $1 AND state = $2"),
                args![order.outgoing, state.as_str(), RecallState::Requested.as_str()],
            )
            .await?;
        }
    }
    let rows = lines
        .iter()
        .map(|line| {
            args![
                *line,
                act.new_id(),
                StatusCode::RecallRequested.wire(),
                order.reason.as_str(),
                staff.as_str(),
                now,
                now
            ]
        })
        .collect();
    act.bulk(
        sql!(
            "INSERT INTO delivery_event (delivery_id, message_id, code, description, staff, at, received_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        rows,
    )
    .await?;
    exchange::dispatch(act, order).await?;
    Ok(())
}

/// `POST /outgoing/{id}/recall`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<OutgoingId>,
    form: Submitted<Recall>,
) -> Reply {
    let typed = Typed {
        act: "recall",
        reason: form.data.reason.clone(),
        decision: form.data.decision.clone(),
        notice: form.data.notice.map(|id| id.to_string()).unwrap_or_default(),
        ..Typed::default()
    };
    let done = recall(&app, &form.who, form.command, id, &form.data).await;
    let sentence = done.as_ref().map_or_else(|_| String::new(), sentence);
    offers::after(&app, &form.who, &jar, id, done, typed, &sentence).await
}

fn sentence(done: &Recalled) -> String {
    let mut sentence = match done.asked {
        0 => "Đã thu hồi văn bản.".to_owned(),
        asked => format!("Đã thu hồi văn bản và gửi yêu cầu đến {asked} nơi nhận."),
    };
    if done.dropped > 0 {
        sentence.push_str(&format!(" {} nơi nhận chưa gửi sẽ không gửi nữa.", done.dropped));
    }
    if !done.on_paper.is_empty() {
        sentence.push_str(" Nơi nhận bản giấy cần được thông báo bằng văn bản giấy.");
    }
    sentence
}

/// Recalls an issued document: a request (13) to every recipient that may have it; the document is frozen from then on.
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/recall", tag = "outgoing", params(("id" = Uuid, Path)),
    request_body = Recall, responses((status = 200, body = Recalled), (status = 404), (status = 409)))]
pub async fn api_recall(
    State(app): State<App>,
    Path(id): Path<OutgoingId>,
    sent: api::Command<Recall>,
) -> AppResult<Json<Recalled>> {
    Ok(Json(recall(&app, &sent.who, sent.command, id, &sent.data).await?))
}
