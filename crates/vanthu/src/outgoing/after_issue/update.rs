//! Cập nhật thông tin của văn bản đã phát hành (CN-221): facts are corrected here and at the recipients; the file never changes.

use axum::{
    Json,
    extract::{Path, State},
};
use axum_extra::extract::cookie::CookieJar;
use jiff::civil::Date;
use rules::{
    exchange::{self as rule, Business, DeliveryState},
    ids::{CommandId, DeliveryId, OutgoingId},
    secrecy::{SecretMarks, refuse_state_secret},
    urgency::Urgency,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Act, Begun, Entry, args, sql};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    issued::{self, IssuedDocument},
    offers::{self, Typed},
};
use crate::{
    act_names, api,
    context::{App, Who},
    desk,
    error::AppResult,
    exchange::{self, Changes},
    web::{Reply, Submitted, blank_as_none, clean},
};

/// Cập nhật. What is left out, or empty, stays as it is.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Update {
    /// Lý do, told to the recipients.
    pub reason: String,
    /// Trích yếu.
    pub subject: String,
    /// Mức độ khẩn: `normal`, `urgent`, `very_urgent`, `express`.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<String>)]
    pub urgency: Option<Urgency>,
    /// Hạn trả lời.
    #[serde(deserialize_with = "blank_as_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub respond_by: Option<Date>,
}

impl Update {
    /// Only what differs from the document as it stands.
    fn changes(&self, document: &IssuedDocument) -> Changes {
        let subject = clean(&self.subject);
        Changes {
            subject: Some(subject).filter(|subject| !subject.is_empty() && *subject != document.subject),
            urgency: self.urgency.filter(|urgency| *urgency != document.urgency),
            respond_by: self.respond_by.filter(|day| Some(*day) != document.respond_by),
            ..Changes::default()
        }
    }
}

/// What an update began.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Updated {
    /// The document.
    pub id: Uuid,
    /// What changed.
    pub changes: Changes,
    /// How many recipients were told.
    pub sent: usize,
}

/// Corrects facts of an issued document and sends the correction to the recipients that have it.
///
/// # Errors
/// The refusals of [`rules::exchange::update`]; `QC01-1.2` for a mark of state secrets.
pub async fn update(
    app: &App,
    who: &Who,
    command: CommandId,
    id: OutgoingId,
    data: &Update,
) -> AppResult<Updated> {
    let mut act = match app.begin(who, command).await? {
        Begun::Before(answer) => return Ok(answer),
        Begun::Now(act) => act,
    };
    let document = issued::for_order(&mut act, who, id).await?;
    let reason = clean(&data.reason);
    let changes = data.changes(&document);
    rule::update(&who.actor, &document.facts, &reason, !changes.is_empty())?;
    refuse_state_secret(&SecretMarks {
        texts: &[&reason, changes.subject.as_deref().unwrap_or_default()],
        ..SecretMarks::default()
    })?;
    write(&mut act, &document, &changes).await?;
    let lines = having_it(&mut act, id).await?;
    let sent = lines.len();
    if sent > 0 {
        exchange::dispatch(
            &mut act,
            exchange::Order {
                business: Business::Update,
                reason: reason.clone(),
                changes: changes.clone(),
                lines: Some(lines),
                ..exchange::Order::new_document(id)
            },
        )
        .await?;
    }
    desk::refresh_outgoing(&mut act, id).await?;
    act.journal(Entry {
        act: act_names::UPDATE,
        object_kind: "outgoing",
        object: id.as_uuid(),
        agency: None,
        summary: format!("Cập nhật thông tin văn bản đã phát hành, gửi đến {sent} nơi nhận."),
        details: json!({
            "note": reason, "to": changes,
            "from": { "subject": document.subject, "urgency": document.urgency, "respond_by": document.respond_by },
        }),
    })
    .await?;
    let answer = Updated {
        id: id.as_uuid(),
        changes,
        sent,
    };
    app.commit(act, &answer).await?;
    Ok(answer)
}

async fn write(act: &mut Act, document: &IssuedDocument, changes: &Changes) -> AppResult<()> {
    let subject = changes.subject.as_deref().unwrap_or(&document.subject);
    let now = act.now();
    act.run(
        sql!(
            "UPDATE outgoing SET subject = $2, folded_subject = $3, urgency = $4, respond_by = $5, updated_at = $6 WHERE id = $1"
        ),
        args![
            document.id,
            subject,
            viet_text::fold(subject),
            changes.urgency.unwrap_or(document.urgency).as_str(),
            changes.respond_by.or(document.respond_by),
            now,
        ],
    )
    .await?;
    Ok(())
}

/// The recipients that have the document as it was: what still waits is sent as it is now, what was returned may be sent
/// again.
async fn having_it(act: &mut Act, id: OutgoingId) -> AppResult<Vec<DeliveryId>> {
    let now = act.now();
    let rows = act
        .all(
            sql!("UPDATE delivery SET updated_at = $2 WHERE outgoing_id = $1 RETURNING id, state"),
            args![id, now],
        )
        .await?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in &rows {
        let state: DeliveryState = row.parse("state")?;
        if !matches!(
            state,
            DeliveryState::Pending | DeliveryState::Refused | DeliveryState::Paper | DeliveryState::Dropped
        ) {
            lines.push(row.get("id")?);
        }
    }
    Ok(lines)
}

/// `POST /outgoing/{id}/update`.
pub async fn page(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<OutgoingId>,
    form: Submitted<Update>,
) -> Reply {
    let typed = Typed {
        act: "update",
        reason: form.data.reason.clone(),
        subject: form.data.subject.clone(),
        urgency: form
            .data
            .urgency
            .map(|known| known.as_str().to_owned())
            .unwrap_or_default(),
        respond_by: form
            .data
            .respond_by
            .map(|day| day.to_string())
            .unwrap_or_default(),
        ..Typed::default()
    };
    let done = update(&app, &form.who, form.command, id, &form.data).await;
    let sentence = match &done {
        Ok(Updated { sent: 0, .. }) => "Đã cập nhật thông tin văn bản.".to_owned(),
        Ok(done) => format!("Đã cập nhật thông tin văn bản và gửi đến {} nơi nhận.", done.sent),
        Err(_) => String::new(),
    };
    offers::after(&app, &form.who, &jar, id, done, typed, &sentence).await
}

/// Corrects facts of an issued document, here and at the recipients (business type 2).
#[utoipa::path(post, path = "/api/v1/outgoing/{id}/update", tag = "outgoing", params(("id" = Uuid, Path)),
    request_body = Update, responses((status = 200, body = Updated), (status = 404), (status = 409)))]
pub async fn api_update(
    State(app): State<App>,
    Path(id): Path<OutgoingId>,
    sent: api::Command<Update>,
) -> AppResult<Json<Updated>> {
    Ok(Json(update(&app, &sent.who, sent.command, id, &sent.data).await?))
}
